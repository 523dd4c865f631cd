// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import ProjectExport

@Suite struct ProjectFolderTests {
  private let folder: TemporaryFolder
  private let place: String

  init() throws {
    folder = try TemporaryFolder()
    place = folder.path("out")
  }

  private func project(_ files: [String: String]) -> ExportedProject {
    let bytes = files.mapValues { Array($0.utf8) }
    let manifest = ProjectManifest(
      tool: "shunt 1", blobSha256: "", graphSha256: "",
      files: Dictionary(
        uniqueKeysWithValues: bytes.map { ($0.key, SHA256Text.of($0.value)) }))
    var all = bytes
    all[ProjectManifest.name] = manifest.encoded()
    return ExportedProject(files: all)
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: place + "/" + path, encoding: .utf8)
  }

  @Test("a new place gets the project and nothing is left beside it")
  func newPlace() throws {
    try ProjectFolder(path: place + "/").write(project(["a/b.c": "one"]), force: false)
    #expect(try text("a/b.c") == "one")
    #expect(try folder.names() == ["out"])
  }

  @Test("an earlier export is replaced: files that are no more part of it go, others stay")
  func earlierExport() throws {
    try ProjectFolder(path: place).write(
      project(["a.c": "one", "gone/x.c": "x"]), force: false)
    let notes = place + "/build/notes.txt"
    try FileManager.default.createDirectory(
      atPath: place + "/build", withIntermediateDirectories: true)
    try "mine".write(toFile: notes, atomically: true, encoding: .utf8)
    try ProjectFolder(path: place).write(project(["a.c": "two"]), force: false)
    #expect(try text("a.c") == "two")
    #expect(try text("build/notes.txt") == "mine")
    #expect(!FileManager.default.fileExists(atPath: place + "/gone"))
    #expect(try folder.names() == ["out"])
  }

  @Test("a file that was changed since is replaced by force only")
  func changedFile() throws {
    try ProjectFolder(path: place).write(project(["a.c": "one"]), force: false)
    try "mine".write(toFile: place + "/a.c", atomically: true, encoding: .utf8)
    #expect(throws: ProjectExportError.fileChanged(path: place, file: "a.c")) {
      try ProjectFolder(path: place).write(project(["a.c": "two"]), force: false)
    }
    #expect(try text("a.c") == "mine")
    try ProjectFolder(path: place).write(project(["a.c": "two"]), force: true)
    #expect(try text("a.c") == "two")
  }

  @Test("a folder that holds something else is written into by force only, and keeps it")
  func foreignFolder() throws {
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try "mine".write(toFile: place + "/thesis.tex", atomically: true, encoding: .utf8)
    #expect(throws: ProjectExportError.folderNotEmpty(path: place)) {
      try ProjectFolder(path: place).write(project(["a.c": "one"]), force: false)
    }
    try ProjectFolder(path: place).write(project(["a.c": "one"]), force: true)
    #expect(try text("thesis.tex") == "mine")
    #expect(try text("a.c") == "one")
  }

  @Test("a file in the place, and a place that cannot be made, are reported and left alone")
  func unusablePlaces() throws {
    try "mine".write(toFile: place, atomically: true, encoding: .utf8)
    #expect(throws: ProjectExportError.self) {
      try ProjectFolder(path: place).write(project(["a.c": "one"]), force: true)
    }
    #expect(try String(contentsOfFile: place, encoding: .utf8) == "mine")
    #expect(throws: ProjectExportError.self) {
      try ProjectFolder(path: place + "/below").write(project(["a.c": "one"]), force: true)
    }
    #expect(try folder.names() == ["out"])
  }

  @Test("whoever interrupts is told of the unfinished folder before it exists")
  func stagingIsAnnounced() throws {
    var announced: [String] = []
    try ProjectFolder(path: place).write(project(["a.c": "one"]), force: false) {
      announced.append($0)
      #expect(!FileManager.default.fileExists(atPath: $0))
    }
    #expect(announced.count == 1)
    #expect(!FileManager.default.fileExists(atPath: announced[0]))
  }
}
