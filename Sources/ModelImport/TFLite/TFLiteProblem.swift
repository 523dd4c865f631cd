// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a part of a TFLite file, before it is known which part.
enum TFLiteProblem: Error {
  /// The flatbuffer contradicts its format.
  case damaged(String)
  /// The file asks for something that is not supported.
  case unsupported(reason: String, remedy: String)
}

/// Runs `body` with problems of the flatbuffer turned into those of the file.
func reading<Value>(
  _ body: () throws(FlatBufferError) -> Value
) throws(TFLiteProblem) -> Value {
  do throws(FlatBufferError) {
    return try body()
  } catch {
    throw .damaged(error.reason)
  }
}
