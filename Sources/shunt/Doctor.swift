// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import BoardSupport
internal import DeviceLink
internal import ResultStore
internal import TextTables

/// `shunt doctor`
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what is installed, plugged in, missing, and how to mend it.",
    discussion: "Exit status 1 if something is missing.")

  @OptionGroup var format: OutputOptions

  private struct Finding: Encodable {
    var name: String
    var ok: Bool
    var detail: String
    var remedy: String?
  }

  func run() throws {
    var findings = tools()
    findings.append(resources())
    findings += ports()
    findings.append(store())
    if format.json {
      try Console.json(findings)
    } else {
      var table = TextTable([("", .left), ("", .left), ("", .left)])
      for finding in findings {
        table.add(finding.ok ? "ok" : "MISSING", finding.name, finding.detail)
        if let remedy = finding.remedy { table.add("", "", "mend it with: \(remedy)") }
      }
      print(table.lines.dropFirst().joined(separator: "\n"))
    }
    if findings.contains(where: { !$0.ok }) { throw ExitCode(ExitStatus.checkFailed.rawValue) }
  }

  private func tools() -> [Finding] {
    let needed = [
      ("arm-none-eabi-gcc", "firmware for Cortex-M", "gcc-arm-none-eabi libnewlib-arm-none-eabi"),
      ("arm-none-eabi-nm", "firmware for Cortex-M", "binutils-arm-none-eabi"),
      (
        "aarch64-linux-gnu-gcc", "firmware for Cortex-A",
        "gcc-aarch64-linux-gnu libc6-dev-arm64-cross"
      ),
      ("cmake", "firmware builds", "cmake"), ("ninja", "firmware builds", "ninja-build"),
      ("qemu-system-arm", "emulated boards", "qemu-system-arm"),
      ("qemu-system-aarch64", "emulated boards", "qemu-system-arm"),
      ("qemu-aarch64", "the agent as a Linux program", "qemu-user"),
      ("make", "the instruction counter", "make"), ("cc", "the instruction counter", "gcc"),
      ("setpriv", "ends emulators with this program", "util-linux"),
    ]
    return needed.map { program, purpose, package in
      let path = Subprocess.find(program)
      return Finding(
        name: program, ok: path != nil, detail: path.map { "\($0) (\(purpose))" } ?? purpose,
        remedy: path == nil ? "apt-get install \(package)" : nil)
    }
  }

  private func resources() -> Finding {
    do {
      let workspace = try Workspace()
      return Finding(
        name: "boards", ok: true,
        detail: "\(workspace.catalog.boards.count) known, in \(workspace.resources.path("Boards"))")
    } catch {
      return Finding(
        name: "boards", ok: false, detail: "\(error)", remedy: "set SHUNT_ROOT to the checkout")
    }
  }

  private func ports() -> [Finding] {
    do {
      let ports = try SerialPortInfo.connected()
      if ports.isEmpty {
        return [Finding(name: "serial ports", ok: true, detail: "none; emulated boards need none")]
      }
      return ports.map { Finding(name: $0.path, ok: true, detail: $0.description) }
    } catch {
      return [Finding(name: "serial ports", ok: false, detail: "\(error)")]
    }
  }

  private func store() -> Finding {
    do {
      let runs = try Stores.runs().list()
      return Finding(name: "result store", ok: true, detail: "\(runs.count) runs")
    } catch {
      return Finding(
        name: "result store", ok: false, detail: "\(error)",
        remedy: "set SHUNT_STORE to a file that can be written")
    }
  }
}
