// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import HostRuntime
internal import ModelGraph
internal import ModelImport

/// Model files.
enum ModelChecks {
  static func read(_ bytes: [UInt8]) {
    guard let graph = graph(bytes) else { return }
    inspect(graph)
  }

  /// What is recognized as a model is read; whatever is read is a legal graph.
  static func readONNX(_ bytes: [UInt8]) {
    _ = ONNXReader.recognizes(bytes)
    do throws(ModelImportError) {
      inspect(try ONNXReader.graph(from: bytes, name: "fuzz"))
    } catch {
      _ = error.description
    }
  }

  private static func inspect(_ graph: Graph) {
    for index in graph.operators.indices { _ = graph.multiplyAccumulates(of: index) }
    _ = GraphInspection(graph)
  }

  /// Whatever the packer accepts the runtime must accept, and the host's reader must agree.
  static func compile(_ bytes: [UInt8]) {
    guard let graph = graph(bytes) else { return }
    let packed: PackedBlob
    do throws(BlobFormatError) {
      packed = try BlobPacker.pack(graph)
    } catch {
      _ = error.description
      return
    }
    // A small file can describe a large model; opening one of those shows nothing more.
    guard packed.bytes.count + packed.arenaBytes < 1 << 24 else { return }
    do throws(BlobFormatError) {
      _ = try Blob.parse(packed.bytes)
    } catch {
      fatalError("packed, but not readable: \(error)")
    }
    do throws(HostRuntimeError) {
      let model = try HostModel(blob: packed.bytes)
      guard packed.macs < 1 << 16, model.arenaBytes < 1 << 16 else { return }
      let inputs = (0..<model.inputCount).map {
        [UInt8](repeating: 0x5A, count: model.inputByteCount($0))
      }
      _ = try model.run(inputs: inputs)
    } catch {
      fatalError("packed, but not run: \(error)")
    }
  }

  private static func graph(_ bytes: [UInt8]) -> Graph? {
    do throws(ModelImportError) {
      return try TFLiteReader.graph(from: bytes, name: "fuzz")
    } catch {
      _ = error.description
      return nil
    }
  }
}
