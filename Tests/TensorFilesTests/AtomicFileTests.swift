// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import TensorFiles

@Suite struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func contents(_ name: String) throws -> [UInt8] {
    try FileBytes.read(folder.path(name))
  }

  @Test("a new file holds the bytes, and nothing else is left in the folder")
  func writesNewFiles() throws {
    try AtomicFile.write([1, 2, 3], to: folder.path("a"))
    try AtomicFile.write([], to: folder.path("empty"))
    #expect(try contents("a") == [1, 2, 3])
    #expect(try contents("empty") == [])
    #expect(try folder.names() == ["a", "empty"])
  }

  @Test("an old file is replaced and keeps its permissions")
  func replaces() throws {
    try AtomicFile.write([1, 2, 3], to: folder.path("a"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: folder.path("a"))
    try AtomicFile.write([4], to: folder.path("a"))
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("a"))
    #expect(try contents("a") == [4])
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o640)
  }

  @Test("a symbolic link stays a link, and its target is replaced")
  func followsLinks() throws {
    try AtomicFile.write([1], to: folder.path("target"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: folder.path("target"))
    try AtomicFile.write([2], to: folder.path("link"))
    #expect(try contents("target") == [2])
    #expect(try folder.names() == ["link", "target"])
    _ = try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link"))
  }

  @Test("a full disk keeps the old file, leaves nothing behind and says what to do")
  func keepsOldFileOnFullDisk() throws {
    try AtomicFile.write([1, 2, 3], to: folder.path("a"))
    var calls = 0
    let error = try #require(throws: TensorFilesError.self) {
      try AtomicFile.write([4, 5, 6, 7], to: folder.path("a")) { descriptor, bytes, count in
        calls += 1
        guard calls > 1 else { return write(descriptor, bytes, 2) }
        errno = ENOSPC
        return -1
      }
    }
    #expect(error.description.contains("No space left on device; free space on that disk"))
    #expect(try contents("a") == [1, 2, 3])
    #expect(try folder.names() == ["a"])
  }

  @Test("writing in small pieces and interrupted writes are continued")
  func continuesShortWrites() throws {
    var calls = 0
    try AtomicFile.write([1, 2, 3, 4, 5], to: folder.path("a")) { descriptor, bytes, count in
      calls += 1
      guard !calls.isMultiple(of: 2) else {
        errno = EINTR
        return -1
      }
      return write(descriptor, bytes, min(2, count))
    }
    #expect(try contents("a") == [1, 2, 3, 4, 5])
  }

  @Test("a device is written directly, and a full one gives an error")
  func writesDevices() throws {
    try AtomicFile.write([1, 2, 3], to: "/dev/null")
    let error = try #require(throws: TensorFilesError.self) {
      try AtomicFile.write([1, 2, 3], to: "/dev/full")
    }
    #expect(error.description.contains("/dev/full: cannot be written: No space left"))
  }

  @Test("a folder that is not there and a folder as target are refused with a remedy")
  func refusesFolders() throws {
    let missing = try #require(throws: TensorFilesError.self) {
      try AtomicFile.write([1], to: folder.path("none/a"))
    }
    #expect(missing.description.contains("make its folder first"))
    let isFolder = try #require(throws: TensorFilesError.self) {
      try AtomicFile.write([1], to: folder.url.path)
    }
    #expect(isFolder.description.contains("name a file in it"))
  }
}
