// SPDX-License-Identifier: Apache-2.0
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Writes whole files so that a reader sees the old contents or the new ones, never a part.
public enum AtomicFile {
  /// Writes bytes to a file.
  ///
  /// They go to a new file in the same folder, are flushed to the disk, and the new file takes the
  /// old one's name. Symbolic links are followed; devices and pipes are written directly.
  ///
  /// - Throws: ``TensorFilesError/unwritable(path:reason:remedy:)``; then the old file, if any, is
  ///   untouched, and no new file is left behind.
  public static func write(
    _ bytes: some Sequence<UInt8>, to path: String
  ) throws(TensorFilesError) {
    try write(Array(bytes), to: path, through: systemWrite)
  }

  /// A function like `write(2)`.
  typealias Writing = (Int32, UnsafeRawPointer, Int) -> Int

  /// Does the same through a function that may fail on purpose.
  static func write(
    _ bytes: [UInt8], to path: String, through writing: Writing
  ) throws(TensorFilesError) {
    switch try destination(path) {
    case .special: try writeDirectly(bytes, path, writing)
    case .file(let target, let mode): try replace(target, with: bytes, mode, path, writing)
    }
  }
}

extension AtomicFile {
  private enum Destination {
    /// A regular file, or none yet, by the name that is no link; with the old one's permissions.
    case file(String, mode: mode_t?)
    /// A device or pipe.
    case special
  }

  private static func destination(_ path: String) throws(TensorFilesError) -> Destination {
    var status = stat()
    guard stat(path, &status) == 0 else { return .file(path, mode: nil) }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw failure(path, EISDIR)
    case S_IFREG:
      guard let resolved = realpath(path, nil) else { throw failure(path, errno) }
      defer { free(resolved) }
      return .file(String(cString: resolved), mode: status.st_mode & 0o777)
    default: return .special
    }
  }

  private static func writeDirectly(
    _ bytes: [UInt8], _ path: String, _ writing: Writing
  ) throws(TensorFilesError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    let error = writeAll(bytes, descriptor, writing)
    guard error == 0 else { throw failure(path, error) }
  }

  private static func replace(
    _ target: String, with bytes: [UInt8], _ mode: mode_t?, _ path: String, _ writing: Writing
  ) throws(TensorFilesError) {
    let temporary = "\(target).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).part"
    // Without a name a file vanishes with its process, so that even a kill leaves nothing behind.
    let unnamed = openUnnamed(inFolderOf: target)
    let isNamed = unnamed < 0
    let descriptor =
      isNamed ? open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) : unnamed
    guard descriptor >= 0 else { throw failure(path, errno) }
    var error = writeAll(bytes, descriptor, writing)
    if error == 0, let mode, fchmod(descriptor, mode) != 0 { error = errno }
    if error == 0, fsync(descriptor) != 0 { error = errno }
    if error == 0, !isNamed { error = name(descriptor, temporary) }
    if close(descriptor) != 0, error == 0 { error = errno }
    if error == 0, rename(temporary, target) != 0 { error = errno }
    guard error == 0 else {
      unlink(temporary)
      throw failure(path, error)
    }
    syncFolder(of: target)
  }

  #if os(Linux)
    /// A new file without a name (Linux's O_TMPFILE); negative if the file system has none.
    private static func openUnnamed(inFolderOf path: String) -> Int32 {
      let unnamedFlag: Int32 = 0o20_000_000
      // Named through /proc, which a sandbox may hide.
      guard access("/proc/self/fd", X_OK) == 0 else { return -1 }
      return open(folder(of: path), unnamedFlag | O_DIRECTORY | O_WRONLY | O_CLOEXEC, 0o666)
    }

    /// Gives a file its first name; returns 0 or the error's number.
    private static func name(_ descriptor: Int32, _ path: String) -> Int32 {
      let unnamed = "/proc/self/fd/\(descriptor)"
      return linkat(AT_FDCWD, unnamed, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno
    }
  #else
    private static func openUnnamed(inFolderOf path: String) -> Int32 { -1 }
    private static func name(_ descriptor: Int32, _ path: String) -> Int32 { ENOTSUP }
  #endif

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
  }

  /// Makes the new name last through a power cut. The file is complete without it, so that a file
  /// system that cannot do this is no error.
  private static func syncFolder(of path: String) {
    let descriptor = open(folder(of: path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Writes all bytes; returns 0 or the error's number.
  private static func writeAll(
    _ bytes: [UInt8], _ descriptor: Int32, _ writing: Writing
  ) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      var written = 0
      while written < buffer.count {
        let count = writing(descriptor, base + written, buffer.count - written)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : EIO }
        written += count
      }
      return 0
    }
  }

  private static func failure(_ path: String, _ error: Int32) -> TensorFilesError {
    let remedy =
      switch error {
      case ENOSPC, EDQUOT: "free space on that disk, or write elsewhere"
      case ENOENT: "make its folder first"
      case EACCES, EPERM, EROFS: "choose a folder that you may write to"
      case EISDIR: "name a file in it"
      default: "choose another place"
      }
    return .unwritable(path: path, reason: systemMessage(error), remedy: remedy)
  }
}

/// `write(2)`, which inside ``AtomicFile`` is hidden by its own `write`.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
