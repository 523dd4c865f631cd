// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import BoardSupport
internal import DeviceLink
internal import TextTables

/// `shunt boards`
struct Boards: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the boards that Shunt knows, or show one of them.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  /// One line of the list.
  private struct Row: Encodable {
    var id, vendor, name, core, status: String
    var models: String?
    var clockHz: Int
    var kernelSets: [String]
  }

  /// `shunt boards list`
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the boards (the default).")
    @Flag(help: "List the serial ports that are connected, and the boards they look like.")
    var connected = false
    @OptionGroup var output: OutputOptions

    func run() throws {
      let catalog = try BoardCatalog(resources: try ResourceRoot.find())
      if connected {
        try listConnected(catalog)
        return
      }
      let rows = try catalog.boards.map { board in
        let soc = catalog.soc(of: board)
        let chip = try catalog.modelledChip(of: board)
        return Row(
          id: board.id, vendor: board.vendor, name: board.name, core: soc.core,
          status: board.status.rawValue, models: board.models, clockHz: chip.clockHz,
          kernelSets: soc.kernelSets)
      }
      if output.json { return try Console.json(rows) }
      var table = TextTable([
        ("board", .left), ("core", .left), ("status", .left), ("stands for", .left),
        ("name", .left),
      ])
      for row in rows { table.add(row.id, row.core, row.status, row.models ?? "itself", row.name) }
      print(table.text)
    }

    private struct Port: Encodable {
      var port, description: String
      var usb, serial: String?
      var boards: [String]
    }

    private func listConnected(_ catalog: BoardCatalog) throws {
      let ports = try SerialPortInfo.connected().map { port in
        Port(
          port: port.path, description: port.description, usb: port.usbID,
          serial: port.serialNumber,
          boards: catalog.boards.filter { $0.link.usb != nil && $0.link.usb == port.usbID }.map(
            \.id))
      }
      if output.json { return try Console.json(ports) }
      guard !ports.isEmpty else {
        return Console.message("no serial port is connected; emulated boards need none")
      }
      var table = TextTable([
        ("port", .left), ("usb", .left), ("boards", .left), ("description", .left),
      ])
      for port in ports {
        table.add(
          port.port, port.usb ?? "-",
          port.boards.isEmpty ? "-" : port.boards.joined(separator: " "), port.description)
      }
      print(table.text)
    }
  }

  /// `shunt boards show BOARD`
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show everything known of one board.")
    @Argument(help: "The board.", completion: .boards) var board: String
    @OptionGroup var output: OutputOptions

    private struct Sheet: Encodable {
      var board: Board
      var soc: SoC
      var models: SoC
    }

    func run() throws {
      let catalog = try BoardCatalog(resources: try ResourceRoot.find())
      let board = try catalog.board(self.board)
      let sheet = Sheet(
        board: board, soc: catalog.soc(of: board), models: try catalog.modelledChip(of: board))
      if output.json { return try Console.json(sheet) }
      var rows = [
        ["name", board.name], ["vendor", board.vendor], ["status", board.status.rawValue],
        ["core", core(of: sheet.soc)],
        ["kernel sets", sheet.soc.kernelSets.joined(separator: " ")],
        ["link", board.link.transport.rawValue], ["flash", board.flash.method.rawValue],
      ]
      if let emulator = board.emulator {
        let machine = emulator.machine.map { " -M \($0)" } ?? ""
        let cpu = emulator.cpu.map { " -cpu \($0)" } ?? ""
        rows.append(["emulator", emulator.program + machine + cpu])
      }
      if let layout = board.firmware {
        rows.append([
          "model slots", "\(layout.slots.bytes.grouped) bytes (old-or-new up to half of it)",
        ])
        rows.append(["arena", "\(layout.arenaBytes.grouped) bytes"])
        rows.append(["staging", "\(layout.stagingBytes.grouped) bytes"])
      }
      if board.emulator != nil {
        rows.append(["stands for", sheet.models.name])
        rows.append(["clock", megahertz(sheet.models.clockHz)])
        if let power = sheet.models.power {
          rows.append([
            "power",
            "\(milliwatts(power.activeMilliwatts)) active, \(milliwatts(power.idleMilliwatts)) idle, "
              + "±\(Int(100 * power.relativeError)) % (modelled)",
          ])
          rows.append(["power source", power.source])
        } else {
          rows.append(["power", "no published figure: energy is not modelled"])
        }
      }
      var table = TextTable([(board.id, .left), ("", .left)])
      for row in rows { table.add(row) }
      print(table.text)
    }

    /// Whole megahertz without decimals, others as they are.
    private func megahertz(_ hertz: Int) -> String {
      hertz % 1_000_000 == 0
        ? "\((hertz / 1_000_000).grouped) MHz" : "\(Double(hertz) / 1e6) MHz"
    }

    private func milliwatts(_ value: Double) -> String {
      value == value.rounded() && value < 1e9 ? "\(Int(value).grouped) mW" : "\(value) mW"
    }

    private func core(of soc: SoC) -> String {
      soc.executedOn.map { "\(soc.core), executed on \($0)" } ?? soc.core
    }
  }
}
