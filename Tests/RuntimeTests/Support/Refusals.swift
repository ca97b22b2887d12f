import Daybook
import Testing

/// Expects an error of the store, and that it left the store as it was.
func expectRefusal(
  _ code: StoreError.Code, of store: Store, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Void
) async {
  let before = store.snapshot().sequence
  let error = await #expect(throws: StoreError.self, sourceLocation: sourceLocation) { try await body() }
  #expect(error?.code == code, "\(error.map { "\($0)" } ?? "")", sourceLocation: sourceLocation)
  #expect(store.snapshot().sequence == before, "it wrote something", sourceLocation: sourceLocation)
}
