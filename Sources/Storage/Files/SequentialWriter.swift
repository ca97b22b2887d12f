/// Writes a new file from its beginning to its end, through a buffer.
package final class SequentialWriter {
  private static let bufferBytes = 1 << 20

  private let file: any File
  private var buffer: [UInt8] = []
  private var offset = 0

  /// - Parameter path: Where nothing is yet.
  package init(_ path: String, fileSystem: any FileSystem) throws(FileError) {
    try fileSystem.create(path, bytes: Span(), durable: false)
    file = try fileSystem.open(path, create: false)
  }

  package func append(_ bytes: [UInt8]) throws(FileError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Writes what is left, and waits until all of it has reached the disk.
  package func finish() throws(FileError) {
    try flush()
    try file.syncData()
    file.close()
  }

  private func flush() throws(FileError) {
    let bytes = buffer
    buffer = []
    try file.write(bytes.span, at: offset)
    offset += bytes.count
  }
}
