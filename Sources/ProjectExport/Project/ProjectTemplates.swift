// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import Mustache

/// The texts in `Firmware/export`.
struct ProjectTemplates {
  /// `Firmware/export`
  let folder: String

  /// Fills in a template.
  func render(_ name: String, _ values: [String: Any]) throws(ProjectExportError) -> [UInt8] {
    let text = String(decoding: try contents(of: name + ".mustache"), as: UTF8.self)
    let template: MustacheTemplate
    do {
      template = try MustacheTemplate(string: text)
    } catch {
      throw .template(name: name, detail: "\(error)")
    }
    // The line that says what kind of text it is leaves an empty one.
    return Array(template.render(values).drop { $0 == "\n" }.utf8)
  }

  /// A file that is copied as it is.
  func contents(of name: String) throws(ProjectExportError) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
      throw .file(path: "\(folder)/\(name)", problem: "cannot be read")
    }
    return Array(data)
  }
}
