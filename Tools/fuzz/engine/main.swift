// SPDX-License-Identifier: Apache-2.0
internal import CLibFuzzer
internal import FuzzTargets
internal import Glibc

// shunt-fuzz: libFuzzer around one target, which SHUNT_FUZZ_TARGET names; libFuzzer's own options.

private let target: FuzzTarget = {
  let name = getenv("SHUNT_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
    fatalError("SHUNT_FUZZ_TARGET is '\(name)', not one of \(names)")
  }
  return target
}()

private var count = CommandLine.argc
private var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(
  LLVMFuzzerRunDriver(&count, &words) { bytes, count in
    target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  })
