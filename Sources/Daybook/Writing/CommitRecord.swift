import Git

/// One commit as the log holds it: all that is needed to make the same commit again, byte for byte.
///
/// Payload: sequence, parent (empty for the first commit), commit, seconds, author's name and address, message, then for
/// each changed file its path, the revision it replaces (empty for none), and the new content behind a 1, or a 0 for a
/// deletion; last, for a commit that joins another one, that one. A payload larger than `partBytes` is spread over several log records of the same sequence, the last of
/// which has the type `end`: a commit counts once that one is there.
struct CommitRecord: Equatable {
  struct File: Equatable {
    var path: String
    var basis: ObjectID?
    var content: [UInt8]?
  }

  var sequence: UInt64
  var parent: ObjectID?
  var commit: ObjectID
  var author: Signature
  var message: String
  var files: [File]
  /// The second parent of a commit that joins what was done to the branch without us.
  var joined: ObjectID?

  static let partBytes = 4 << 20
  static let part: UInt8 = 1
  static let end: UInt8 = 2

  var payload: [UInt8] {
    var writer = ByteWriter(reserving: 256 + files.reduce(0) { $0 + ($1.content?.count ?? 0) + 128 })
    writer.write(sequence)
    writer.write(parent?.bytes ?? [])
    writer.write(commit.bytes)
    writer.write(UInt64(bitPattern: author.seconds))
    writer.write(author.name)
    writer.write(author.email)
    writer.write(message)
    writer.write(UInt64(files.count))
    for file in files {
      writer.write(file.path)
      writer.write(file.basis?.bytes ?? [])
      writer.write(file.content == nil ? 0 : 1)
      if let content = file.content { writer.write(content) }
    }
    if let joined { writer.write(joined.bytes) }
    return writer.bytes
  }

  init(
    sequence: UInt64, parent: ObjectID?, commit: ObjectID, author: Signature, message: String, files: [File],
    joined: ObjectID? = nil
  ) {
    self.sequence = sequence
    self.parent = parent
    self.commit = commit
    self.author = author
    self.message = message
    self.files = files
    self.joined = joined
  }

  init(payload: [UInt8]) throws(ByteReader.CutShort) {
    var reader = ByteReader(payload)
    sequence = try reader.number()
    parent = try Self.id(try reader.field())
    guard let commit = try Self.id(try reader.field()) else { throw ByteReader.CutShort() }
    self.commit = commit
    let seconds = Int64(bitPattern: try reader.number())
    author = Signature(name: try reader.text(), email: try reader.text(), seconds: seconds)
    message = try reader.text()
    files = []
    for _ in 0..<(try reader.number()) {
      let path = try reader.text()
      let basis = try Self.id(try reader.field())
      let content = try reader.number() == 0 ? nil : try reader.field()
      files.append(File(path: path, basis: basis, content: content))
    }
    joined = reader.isAtEnd ? nil : try Self.id(try reader.field())
  }

  /// The commit that a payload is about, without reading the rest.
  static func commit(inPayload payload: [UInt8]) throws(ByteReader.CutShort) -> ObjectID? {
    var reader = ByteReader(payload)
    _ = try reader.number()
    _ = try reader.field()
    return try id(try reader.field())
  }

  private static func id(_ field: [UInt8]) throws(ByteReader.CutShort) -> ObjectID? {
    if field.isEmpty { return nil }
    guard field.count == ObjectID.byteCount else { throw ByteReader.CutShort() }
    return ObjectID(field)
  }
}
