// SPDX-License-Identifier: Apache-2.0
internal import BoardSupport
internal import Foundation

/// Ctrl-C and termination: children are killed, temporary files go, the status is 130.
///
/// Files are written beside their place and renamed when they are whole, and the result store
/// commits transactions, so stopping at any instant leaves nothing half-written.
enum Interruption {
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// Watches for SIGINT, SIGTERM and SIGHUP from now on.
  static func install() {
    // Whoever started us may have had signals blocked, and we inherited that.
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    let queue = DispatchQueue(label: "shunt.interruption", qos: .userInteractive)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        Subprocess.terminateAll()
        Scratch.removeAll()
        Console.endProgress()
        Console.message("interrupted")
        _exit(ExitStatus.interrupted.rawValue)
      }
      source.resume()
      sources.append(source)
    }
    signal(SIGPIPE, SIG_IGN)
  }
}
