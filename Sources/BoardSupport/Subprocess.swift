// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// Child processes that end when this process ends, however it ends.
///
/// Every child is started through util-linux's `setpriv --pdeathsig`, so the kernel kills it with its
/// parent thread; what is still running is also killed by ``terminateAll()``, which the command calls
/// when it is interrupted.
public enum Subprocess {
  /// What a finished program left behind.
  public struct Result: Sendable {
    /// Its exit status; 128 plus the signal's number if a signal ended it.
    public var status: Int32
    /// Standard output and standard error, as they came.
    public var output: String
  }

  private static let running = RunningProcesses()

  /// Full path of a program, searched in `PATH` unless it is a path; `nil` if it is not installed.
  public static func find(_ program: String) -> String? {
    if program.contains("/") {
      return FileManager.default.isExecutableFile(atPath: program) ? program : nil
    }
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(
      separator: ":")
    return folders.lazy.map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Runs a program to its end and collects what it prints.
  ///
  /// - Throws: ``BoardSupportError/toolMissing(tool:package:)``.
  public static func run(
    _ program: String, _ arguments: [String], package: String
  ) throws(BoardSupportError) -> Result {
    let pipe = Pipe()
    let process = try start(
      program, arguments, package: package, standardOutput: pipe, standardError: pipe)
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    running.remove(process)
    let status =
      process.terminationReason == .exit
      ? process.terminationStatus : 128 + process.terminationStatus
    return Result(status: status, output: String(decoding: data, as: UTF8.self))
  }

  /// Starts a program that runs beside us, its standard input empty.
  ///
  /// - Throws: ``BoardSupportError/toolMissing(tool:package:)``.
  public static func start(
    _ program: String, _ arguments: [String], package: String, standardOutput: Pipe,
    standardError: Pipe
  ) throws(BoardSupportError) -> Process {
    guard let path = find(program) else { throw .toolMissing(tool: program, package: package) }
    let process = Process()
    if let guardian = find("setpriv") {
      process.executableURL = URL(fileURLWithPath: guardian)
      process.arguments = ["--pdeathsig", "KILL", "--", path] + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = arguments
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = standardOutput
    process.standardError = standardError
    do {
      try withAllSignalsUnblocked { try process.run() }
    } catch {
      throw .toolMissing(tool: program, package: package)
    }
    running.add(process)
    return process
  }

  /// A child inherits the signal mask of the thread that starts it. Threads of a pool block all signals,
  /// and a build tool that is never told of its own children's end waits for ever.
  private static func withAllSignalsUnblocked(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var previous = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    try body()
  }

  /// Ends a program and waits for its end.
  public static func stop(_ process: Process) {
    if process.isRunning {
      killGroup(of: process)
      process.waitUntilExit()
    }
    running.remove(process)
  }

  /// Foundation starts every child as the leader of a process group of its own, so this reaches the
  /// child's children as well.
  fileprivate static func killGroup(of process: Process) {
    kill(-process.processIdentifier, SIGKILL)
  }

  /// Kills every child that is still running.
  public static func terminateAll() { running.killAll() }
}

/// The children that have not been waited for yet.
private final class RunningProcesses: @unchecked Sendable {
  private let lock = NSLock()
  private var processes: [Process] = []

  func add(_ process: Process) {
    lock.withLock { processes.append(process) }
  }

  func remove(_ process: Process) {
    lock.withLock { processes.removeAll { $0 === process } }
  }

  func killAll() {
    lock.withLock {
      for process in processes where process.isRunning {
        Subprocess.killGroup(of: process)
      }
    }
  }
}
