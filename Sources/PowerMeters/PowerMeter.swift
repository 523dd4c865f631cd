// SPDX-License-Identifier: Apache-2.0

/// An instrument that records the power of a board.
///
/// A recording lasts from ``start()`` to ``stop()`` and may hold several windows; there may be
/// several recordings, one after the other.
public protocol PowerMeter: AnyObject {
  /// The meter, as a user names it: `virtual`, `probe:/dev/ttyACM1`, `file:trace.csv`.
  var name: String { get }

  /// What it answered when asked who it is: model, serial number, firmware.
  var identity: String { get }

  /// Begins to record. When it returns, every sample from now on is kept.
  func start() throws(PowerMetersError)

  /// Ends the recording.
  ///
  /// - Returns: All of it. Lost samples are named among its problems.
  func stop() throws(PowerMetersError) -> PowerTrace

  /// Lets the instrument go. Closing twice does nothing.
  func close()
}
