# SPDX-License-Identifier: Apache-2.0
"""Exports the trained demo network and its sample set.

    python export.py --weights fashion.weights.h5

writes, beside this script: `fashion_float.tflite`, `fashion_int8.tflite`, `fashion.onnx`,
`labels.txt`, and the samples in `test/`. `evaluate.py` measures what came out.
"""

import argparse
import os
import pathlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import onnx
import tensorflow as tf

import dataset
import network
import onnx_writer

FOLDER = pathlib.Path(__file__).resolve().parent
SEED = 7
CALIBRATION_PER_CLASS = 10
TEST_PER_CLASS = 20

# int8 samples are pixels minus 128: exactly the integers that the int8 model takes.
INPUT_SCALE = 1 / 255
INPUT_ZERO_POINT = -128


def main():
    arguments = parse_arguments()
    samples = choose_samples(arguments.data)
    model = network.build(batch=1)
    model.load_weights(arguments.weights)
    calibration = samples["images"][: CALIBRATION_PER_CLASS * network.CLASSES]
    write(FOLDER / "fashion_float.tflite", convert(model))
    write(FOLDER / "fashion_int8.tflite", convert(model, calibration))
    onnx.save(onnx_writer.convert(model), FOLDER / "fashion.onnx")
    write_samples(samples)
    (FOLDER / "labels.txt").write_text("\n".join(dataset.CLASS_NAMES) + "\n")


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=pathlib.Path, default=dataset.DEFAULT_FOLDER)
    parser.add_argument("--weights", required=True, help="what train.py saved")
    return parser.parse_args()


def convert(model, calibration=None):
    """Returns the .tflite file's bytes: float, or int8 throughout if calibrated."""
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if calibration is not None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: (
            [image[np.newaxis] / np.float32(255)] for image in calibration
        )
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
    return converter.convert()


def choose_samples(folder):
    """Samples of each class, evenly: calibration from the training set, then test images."""
    random = np.random.default_rng(SEED)
    chosen = {"images": [], "labels": [], "names": [], "splits": []}
    for split, source, count in (
        ("calib", "train", CALIBRATION_PER_CLASS),
        ("test", "test", TEST_PER_CLASS),
    ):
        images, labels = dataset.load(source, folder)
        groups = [
            random.choice(np.flatnonzero(labels == label), count, replace=False)
            for label in range(network.CLASSES)
        ]
        for index in np.stack(groups).T.ravel():  # classes take turns
            chosen["images"].append(images[index])
            chosen["labels"].append(int(labels[index]))
            chosen["names"].append(f"{source}_{index:05}")
            chosen["splits"].append(split)
    chosen["images"] = np.stack(chosen["images"])
    assert len(np.unique(chosen["images"], axis=0)) == len(chosen["images"]), "repeated image"
    return chosen


def write_samples(samples):
    folder = FOLDER / "test"
    folder.mkdir(exist_ok=True)
    inputs = (samples["images"].astype(np.int16) + INPUT_ZERO_POINT).astype(np.int8)
    np.save(folder / "inputs.npy", inputs)
    (folder / "inputs.yaml").write_text(
        f"scale: {np.float32(INPUT_SCALE)!s}\nzero_point: {INPUT_ZERO_POINT}\n"
    )
    rows = zip(samples["names"], samples["labels"], samples["splits"])
    lines = [f"{row},{name},{label},{split}" for row, (name, label, split) in enumerate(rows)]
    (folder / "labels.csv").write_text("\n".join(["row,name,label,split", *lines]) + "\n")


def write(path, data):
    path.write_bytes(data)
    print(f"{path.name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
