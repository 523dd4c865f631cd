// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// An exclusive lock between processes; the kernel releases it when its holder ends.
struct FileLock {
  private let descriptor: Int32

  /// Waits until the lock is ours.
  init(path: String) throws(BoardSupportError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .file(path: path, problem: "cannot be opened: \(String(cString: strerror(errno)))")
    }
    while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
  }

  /// Releases the lock; to be called once.
  func unlock() {
    close(descriptor)
  }
}
