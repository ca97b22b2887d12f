import CGit2

/// zlib streams, as pack contents are wrapped in.
enum Zlib {
  private static let maximumStoredBlock = 65_535
  private static let compressionLevel: Int32 = 9

  /// Wraps a content without compressing it, which takes about 1 µs for 1 KB instead of 65: uncompressed blocks between
  /// zlib's two header bytes and its Adler-32.
  static func appendStored(_ content: [UInt8], to output: inout [UInt8]) {
    output.append(0x78)
    output.append(0x01)
    var start = 0
    repeat {
      let count = min(content.count - start, maximumStoredBlock)
      output.append(start + count == content.count ? 1 : 0)
      output.append(UInt8(truncatingIfNeeded: count))
      output.append(UInt8(truncatingIfNeeded: count >> 8))
      output.append(~UInt8(truncatingIfNeeded: count))
      output.append(~UInt8(truncatingIfNeeded: count >> 8))
      output.append(contentsOf: content[start..<(start + count)])
      start += count
    } while start < content.count
    let sum = unsafe content.withUnsafeBufferPointer { unsafe adler32(1, $0.baseAddress, uInt($0.count)) }
    // zlib answers 1 for an absent pointer, which is also the sum of no bytes.
    appendBigEndian(UInt32(truncatingIfNeeded: sum), to: &output)
  }

  /// Compresses a content well, for maintenance, when there is time.
  static func compressed(_ content: [UInt8]) throws(GitError) -> [UInt8] {
    var size = compressBound(uLong(content.count))
    var output = [UInt8](repeating: 0, count: Int(size))
    let status = unsafe output.withUnsafeMutableBufferPointer { output in
      unsafe content.withUnsafeBufferPointer { content in
        unsafe compress2(output.baseAddress, &size, content.baseAddress, uLong(content.count), compressionLevel)
      }
    }
    guard status == Z_OK else { throw GitError(.failed, "compress an object", "zlib did not start") }
    output.removeSubrange(Int(size)...)
    return output
  }

  /// Unwraps a stream that must hold exactly `size` bytes.
  static func inflated(_ input: Span<UInt8>, size: Int) throws(GitError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: size + 1)
    var stream = unsafe z_stream()
    guard unsafe daybook_inflate_init(&stream) == Z_OK else {
      throw GitError(.failed, "read a pack", "zlib did not start")
    }
    defer { unsafe inflateEnd(&stream) }
    let status = unsafe input.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.avail_in = uInt(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = uInt(output.count)
        return unsafe inflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END, unsafe stream.total_out == size else {
      throw GitError(.damaged, "read a pack", "a compressed content is damaged")
    }
    output.removeLast()
    return output
  }

  /// Unwraps the stream that begins where `input` stands, which must hold exactly `size` bytes, and goes past it.
  static func inflated(from input: inout HashedStream, size: Int) throws -> [UInt8] {
    var output = [UInt8](repeating: 0, count: size + 1)
    var stream = unsafe z_stream()
    guard unsafe daybook_inflate_init(&stream) == Z_OK else {
      throw GitError(.failed, "read a pack", "zlib did not start")
    }
    defer { unsafe inflateEnd(&stream) }
    var status = Z_OK
    while status == Z_OK {
      let chunk = try input.available()
      guard !chunk.isEmpty else { throw ByteSource.isCutShort }
      let done = unsafe Int(stream.total_out)
      status = unsafe chunk.withUnsafeBufferPointer { chunk in
        unsafe output.withUnsafeMutableBufferPointer { output in
          unsafe stream.next_in = UnsafeMutablePointer(mutating: chunk.baseAddress)
          unsafe stream.avail_in = uInt(chunk.count)
          unsafe stream.next_out = output.baseAddress?.advanced(by: done)
          unsafe stream.avail_out = uInt(output.count - done)
          return unsafe inflate(&stream, Z_NO_FLUSH)
        }
      }
      let left = unsafe Int(stream.avail_in)
      input.advance(chunk.count - left)
    }
    guard status == Z_STREAM_END, unsafe stream.total_out == size else {
      throw GitError(.damaged, "read a pack", "a compressed content is damaged")
    }
    output.removeLast()
    return output
  }

  /// - Parameter earlier: The checksum of what came before.
  static func crc32(of bytes: ArraySlice<UInt8>, after earlier: UInt32 = 0) -> UInt32 {
    // zlib answers 0 for an absent pointer, whatever came before.
    guard !bytes.isEmpty else { return earlier }
    let sum = unsafe bytes.withUnsafeBufferPointer {
      unsafe CGit2.crc32(uLong(earlier), $0.baseAddress, uInt($0.count))
    }
    return UInt32(truncatingIfNeeded: sum)
  }
}

func appendBigEndian(_ value: UInt32, to bytes: inout [UInt8]) {
  for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
}
