// SPDX-License-Identifier: Apache-2.0
public import BlobFormat

extension BlobKernel {
  /// Its symbol without prefix by the catalog of kernels, `conv2d_s8_portable`; the blob's own name
  /// for it is anybody's text.
  public var catalogSymbol: String { "\(kind?.rawValue ?? "unknown")_\(set.rawValue)" }
}
