# SPDX-License-Identifier: Apache-2.0
"""Generates the float vectors in Tests/Vectors/float.

    python generate.py [--output FOLDER] [--only PREFIX]

Each case is a network of one operator or a few: a .tflite file that TensorFlow's converter wrote, and
an .npz with random inputs and what the reference kernels of TensorFlow Lite make of them (arrays
input0, ..., output0, ... in the model's order). index.json lists the cases.
"""

import argparse
import importlib.metadata
import json
import os
import pathlib
import tempfile
import zlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_USE_LEGACY_KERAS"] = "1"
import numpy as np
import tensorflow as tf

from float_cases import CASES

DEFAULT_OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Vectors" / "float"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=pathlib.Path, default=DEFAULT_OUTPUT)
    parser.add_argument("--only", default="", metavar="PREFIX", help="only ids that start so")
    arguments = parser.parse_args()
    for case_id, build in CASES.items():
        if case_id.startswith(arguments.only):
            write(arguments.output, case_id, build)
    if not arguments.only:
        index = {
            "schema": 1,
            "reference": {
                "package": "tensorflow",
                "version": importlib.metadata.version("tensorflow"),
            },
            "cases": list(CASES),
        }
        (arguments.output / "index.json").write_text(json.dumps(index, indent=1) + "\n")


def write(folder, case_id, build):
    """A case's model, inputs and outputs; its randomness follows from its id."""
    random = np.random.default_rng(zlib.crc32(case_id.encode()))
    tf.random.set_seed(zlib.crc32(case_id.encode()))
    signature, function = build(random)
    model = convert(signature, function)
    arrays = run(model, random)
    path = folder / case_id
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".tflite").write_bytes(model)
    np.savez(path.with_suffix(".npz"), **arrays)


def convert(signature, function):
    concrete = tf.function(function).get_concrete_function(
        *[tf.TensorSpec(shape, dtype) for shape, dtype in signature]
    )
    if not isinstance(function, tf.Module):
        return tf.lite.TFLiteConverter.from_concrete_functions([concrete], function).convert()
    with tempfile.TemporaryDirectory() as folder:
        # Only from there the converter recognizes layers that are operators.
        function.save(folder, save_format="tf", signatures=concrete)
        return tf.lite.TFLiteConverter.from_saved_model(folder).convert()


def run(model, random):
    interpreter = make_interpreter(model)
    interpreter.allocate_tensors()
    arrays = {}
    for position, detail in enumerate(interpreter.get_input_details()):
        value = sample(random, tuple(detail["shape"]), detail["dtype"])
        interpreter.set_tensor(detail["index"], value)
        arrays[f"input{position}"] = value
    interpreter.invoke()
    for position, detail in enumerate(interpreter.get_output_details()):
        arrays[f"output{position}"] = interpreter.get_tensor(detail["index"])
    return arrays


def make_interpreter(model):
    """With the reference kernels, or the usual ones where the reference has none."""
    resolvers = tf.lite.experimental.OpResolverType
    try:
        return tf.lite.Interpreter(
            model_content=model, experimental_op_resolver_type=resolvers.BUILTIN_REF
        )
    except ValueError:
        return tf.lite.Interpreter(
            model_content=model,
            experimental_op_resolver_type=resolvers.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
        )


def sample(random, shape, dtype):
    if dtype == np.bool_:
        return random.random(shape) < 0.5
    if np.issubdtype(dtype, np.integer):
        return random.integers(-100, 100, shape, dtype)
    return random.normal(0, 2, shape).astype(dtype)


if __name__ == "__main__":
    main()
