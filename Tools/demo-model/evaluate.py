# SPDX-License-Identifier: Apache-2.0
"""Measures the exported demo models and records what the interpreter answers to the samples.

Writes `test/outputs_tflm.npy` (int8, one row a sample, by tflite-micro) and `accuracy.json`, and
requires that the ONNX and the float .tflite model agree.
"""

import argparse
import json
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import onnxruntime
import tensorflow as tf
from tflite_micro.python.tflite_micro import runtime

import dataset

FOLDER = pathlib.Path(__file__).resolve().parent
ARENA_BYTES = 1 << 20
LARGEST_ONNX_DIFFERENCE = 1e-5


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=pathlib.Path, default=dataset.DEFAULT_FOLDER)
    images, labels = dataset.load("test", parser.parse_args().data)
    floats = run_float(images)
    difference = float(np.abs(floats - run_onnx(images)).max())
    if difference > LARGEST_ONNX_DIFFERENCE:
        raise SystemExit(f"ONNX and float .tflite differ by {difference}")
    integers = run_int8((images.astype(np.int16) - 128).astype(np.int8))
    samples = np.load(FOLDER / "test" / "inputs.npy")
    sample_outputs = run_int8(samples)
    np.save(FOLDER / "test" / "outputs_tflm.npy", sample_outputs)
    report = {
        "float_10000": accuracy(floats, labels),
        "int8_10000": accuracy(integers, labels),
        "float_int8_agreement_10000": accuracy(integers, floats.argmax(1)),
        "onnx_largest_difference": difference,
        **sample_accuracy(samples, sample_outputs),
    }
    (FOLDER / "accuracy.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))


def run_float(images):
    """Probabilities of the float .tflite model by LiteRT's reference kernels."""
    interpreter = tf.lite.Interpreter(
        str(FOLDER / "fashion_float.tflite"),
        experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF,
    )
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]["index"]
    result = interpreter.get_output_details()[0]["index"]
    rows = []
    for image in images:
        interpreter.set_tensor(source, image[np.newaxis] / np.float32(255))
        interpreter.invoke()
        rows.append(interpreter.get_tensor(result)[0])
    return np.stack(rows)


def run_onnx(images):
    """Probabilities of the ONNX model."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(FOLDER / "fashion.onnx", options)
    return session.run(None, {"image": images / np.float32(255)})[0]


def run_int8(inputs):
    """int8 outputs [rows, 10] of the int8 .tflite model by tflite-micro."""
    path = str(FOLDER / "fashion_int8.tflite")
    interpreter = runtime.Interpreter.from_file(path, arena_size=ARENA_BYTES)
    rows = []
    for image in inputs:
        interpreter.set_input(image[np.newaxis], 0)
        interpreter.invoke()
        rows.append(interpreter.get_output(0)[0].copy())
    return np.stack(rows)


def sample_accuracy(samples, outputs):
    """Accuracy on the committed samples: those of split `test`, float and int8."""
    lines = (FOLDER / "test" / "labels.csv").read_text().splitlines()[1:]
    table = [line.split(",") for line in lines]
    rows = np.array([int(row) for row, _, _, split in table if split == "test"])
    labels = np.array([int(label) for _, _, label, _ in table])[rows]
    images = (samples[rows].astype(np.int16) + 128).astype(np.uint8)
    return {
        f"float_samples_{len(rows)}": accuracy(run_float(images), labels),
        f"int8_samples_{len(rows)}": accuracy(outputs[rows], labels),
    }


def accuracy(outputs, labels):
    return float(np.mean(outputs.argmax(1) == labels))


if __name__ == "__main__":
    main()
