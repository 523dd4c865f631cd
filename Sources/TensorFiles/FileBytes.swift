// SPDX-License-Identifier: Apache-2.0
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Reads whole files.
public enum FileBytes {
  /// Reads all bytes of a regular file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The most bytes that it may have.
  /// - Throws: ``TensorFilesError/unreadable(path:reason:)`` or
  ///   ``TensorFilesError/tooLarge(path:byteCount:limit:)``, before anything is read.
  public static func read(
    _ path: String, limit: Int = 1 << 30
  ) throws(TensorFilesError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: systemMessage(errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadable(path: path, reason: systemMessage(errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(
        path: path, reason: status.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is no file")
    }
    let byteCount = Int(status.st_size)
    guard byteCount <= limit else {
      throw .tooLarge(path: path, byteCount: byteCount, limit: limit)
    }
    return try readAll(descriptor, byteCount, path)
  }

  private static func readAll(
    _ descriptor: Int32, _ byteCount: Int, _ path: String
  ) throws(TensorFilesError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      while count < byteCount {
        let got = Self.readSome(descriptor, buffer, from: count, to: byteCount)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        guard got > 0 else { break }
        count += got
      }
    }
    guard failure == 0 else { throw .unreadable(path: path, reason: systemMessage(failure)) }
    guard bytes.count == byteCount else {
      throw .unreadable(path: path, reason: "it became shorter while it was read")
    }
    return bytes
  }

  private static func readSome(
    _ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>, from: Int, to: Int
  ) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    return systemRead(descriptor, base + from, to - from)
  }
}

/// `read(2)`, which inside ``FileBytes`` is hidden by its own `read`.
private func systemRead(_ descriptor: Int32, _ place: UnsafeMutableRawPointer, _ count: Int) -> Int
{
  read(descriptor, place, count)
}

/// The operating system's words for an error number.
func systemMessage(_ number: Int32) -> String {
  guard let text = strerror(number) else { return "error \(number)" }
  return String(cString: text)
}
