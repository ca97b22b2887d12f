import DaybookRuntime
import NIOCore

/// One change as the stream tells it: whom it concerns, and its bytes as they go out.
///
/// ```
/// id: 4711-8f3c2d1a90
/// event: task
/// data: {"sequence":4711,"commit":"8f3c…","document":"tasks/0190…","change":"changed","revision":"1a90…",…}
/// ```
struct Event: Sendable {
  /// What a change is about, as far as it decides who may know of it. A file that is no document has neither.
  struct Concern: Hashable, Sendable {
    var ownership: Caller.Ownership?
    var collection: String?
  }

  let position: EventPosition
  /// The address of the document; nil for a file that is none.
  let document: String?
  let name: EventName
  let concern: Concern
  /// What else the same commit changed: its subject tells of all of it.
  let besides: Set<Concern>
  let bytes: ByteBuffer
  /// The same without the subject, for who may not know of everything besides; nil when there is nothing.
  let guardedBytes: ByteBuffer?

  /// How much of the memory it takes, roughly.
  var weight: Int { bytes.readableBytes + (guardedBytes?.readableBytes ?? 0) + 256 }
}
