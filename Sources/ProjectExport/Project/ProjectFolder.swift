// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Puts a project into a folder, wholly or not at all.
///
/// The files are written to a new folder beside the place, together with whatever stood there and
/// is none of them, and the new folder takes the old one's name in one step.
public struct ProjectFolder: Sendable {
  private let path: String

  /// A place for a project; it need not exist.
  public init(path: String) {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    self.path = trimmed
  }

  /// Writes a project.
  ///
  /// - Parameters:
  ///   - project: The files.
  ///   - force: Whether it may be written into a folder that holds something else, or over files of
  ///     an earlier export that were changed since. Files that the project does not have stay.
  ///   - staging: Told of the folder beside the place before it is made, so that an interrupted
  ///     command can remove it.
  public func write(
    _ project: ExportedProject, force: Bool, staging: (String) -> Void = { _ in }
  ) throws(ProjectExportError) {
    let target = try place()
    let isThere = try requireUsable(target, force: force)
    let temporary = "\(target).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).part"
    staging(temporary)
    do {
      try make(temporary, from: project, keeping: isThere ? target : nil)
      try swap(temporary, target, exchanging: isThere)
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw error
    }
    try? FileManager.default.removeItem(atPath: temporary)
  }
}

extension ProjectFolder {
  /// The folder itself, links followed.
  private func place() throws(ProjectExportError) -> String {
    guard let resolved = realpath(path, nil) else {
      guard errno == ENOENT else { throw failure(path) }
      return path
    }
    defer { free(resolved) }
    let target = String(cString: resolved)
    let current = FileManager.default.currentDirectoryPath
    guard target != current, target != "/", !current.hasPrefix(target + "/") else {
      throw .unusablePlace(path: path, problem: "is the current folder or holds it")
    }
    return target
  }

  /// - Returns: Whether a folder is there.
  private func requireUsable(
    _ target: String, force: Bool
  ) throws(ProjectExportError) -> Bool {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: target, isDirectory: &isFolder) else {
      return false
    }
    guard isFolder.boolValue else {
      throw .unusablePlace(path: path, problem: "is a file")
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: target) else {
      throw .file(path: path, problem: "cannot be read")
    }
    if names.isEmpty || force { return true }
    guard let manifest = ProjectManifest.read(from: target) else {
      throw .folderNotEmpty(path: path)
    }
    if let file = manifest.changedFile(in: target) { throw .fileChanged(path: path, file: file) }
    return true
  }

  private func make(
    _ folder: String, from project: ExportedProject, keeping old: String?
  ) throws(ProjectExportError) {
    try makeFolder(folder)
    for path in project.paths {
      let file = "\(folder)/\(path)"
      try makeFolder((file as NSString).deletingLastPathComponent)
      guard FileManager.default.createFile(atPath: file, contents: Data(project.files[path] ?? []))
      else { throw .file(path: "\(self.path)/\(path)", problem: "cannot be written") }
    }
    guard let old else { return }
    let previous = Set((ProjectManifest.read(from: old)?.files ?? [:]).keys)
    try carry(from: old, to: folder, path: "", dropping: previous)
  }

  private func makeFolder(_ folder: String) throws(ProjectExportError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .file(path: path, problem: "cannot be made: \(error.localizedDescription)")
    }
  }

  /// Takes over what is no file of this export or the one before: hard links, so that it costs
  /// nothing and nothing is lost if this process ends.
  private func carry(
    from old: String, to new: String, path: String, dropping: Set<String>
  ) throws(ProjectExportError) {
    let files = FileManager.default
    let names = (try? files.contentsOfDirectory(atPath: "\(old)/\(path)")) ?? []
    for name in names {
      let item = path.isEmpty ? name : "\(path)/\(name)"
      guard !dropping.contains(item) else { continue }
      let source = "\(old)/\(item)"
      let kind = (try? files.attributesOfItem(atPath: source))?[.type] as? FileAttributeType
      if kind == .typeDirectory {
        try carry(from: old, to: new, path: item, dropping: dropping)
      } else if (try? files.attributesOfItem(atPath: "\(new)/\(item)")) == nil {
        try makeFolder(("\(new)/\(item)" as NSString).deletingLastPathComponent)
        do {
          if link(source, "\(new)/\(item)") != 0 {
            try files.copyItem(atPath: source, toPath: "\(new)/\(item)")
          }
        } catch {
          throw .file(path: "\(self.path)/\(item)", problem: "cannot be kept")
        }
      }
    }
  }

  private func swap(
    _ new: String, _ target: String, exchanging: Bool
  ) throws(ProjectExportError) {
    guard exchanging else {
      guard rename(new, target) == 0 else { throw failure(path) }
      return
    }
    if Self.exchange(new, target) { return }
    // A file system that cannot exchange: for an instant the place is empty.
    let aside = new + ".old"
    guard rename(target, aside) == 0 else { throw failure(path) }
    guard rename(new, target) == 0 else {
      let error = failure(path)
      rename(aside, target)
      throw error
    }
    rename(aside, new)
  }

  /// Exchanges two names in one step; false where system or file system cannot.
  private static func exchange(_ one: String, _ other: String) -> Bool {
    #if os(Linux)
      // Linux's renameat2, which the C library shows to GNU programs only.
      typealias Renaming =
        @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
      guard let symbol = dlsym(nil, "renameat2") else { return false }
      let exchanging: UInt32 = 2
      return unsafeBitCast(symbol, to: Renaming.self)(
        AT_FDCWD, one, AT_FDCWD, other, exchanging) == 0
    #else
      return false
    #endif
  }

  private func failure(_ path: String) -> ProjectExportError {
    .file(path: path, problem: "cannot be written: \(String(cString: strerror(errno)))")
  }
}
