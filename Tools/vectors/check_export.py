# SPDX-License-Identifier: Apache-2.0
"""Runs every operator vector through `shunt export --as tflite` and the tflite-micro interpreter.

    python check_export.py SHUNT [--only PREFIX]
    python check_export.py SHUNT --quantize MODEL DATA [--option=OPTION ...]

What was exported must give the outputs that the original gives, bit for bit. With --quantize, which
may be repeated, a float MODEL is quantized with calibration data DATA: the exported .tflite must give
the bits of the blob, over the calibration rows and random ones. Exits with 1 and names the cases
that do not.
"""

import argparse
import json
import multiprocessing
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from tflite_micro.python.tflite_micro import runtime

from generate import ARENA_BYTES, DEFAULT_OUTPUT


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shunt", help="the command")
    parser.add_argument("--only", default="", metavar="PREFIX", help="only ids that start so")
    parser.add_argument(
        "--quantize", nargs=2, action="append", default=[], metavar=("MODEL", "DATA"),
        help="a float model and calibration data instead of the vectors",
    )
    parser.add_argument(
        "--option", action="append", default=[], help="of the quantization: --option=--weights=mixed"
    )
    arguments = parser.parse_args()
    if arguments.quantize:
        sys.exit(1 if check_quantized_models(arguments) else 0)
    cases = json.loads((DEFAULT_OUTPUT / "index.json").read_text())["cases"]
    cases = [case for case in cases if case["id"].startswith(arguments.only)]
    # The interpreter may abort; then only its own process is lost. A process for each case, because
    # SPACE_TO_BATCH_ND pads with what the arena's memory held before.
    with multiprocessing.Pool(maxtasksperchild=1) as pool:
        results = [(case["id"], pool.apply_async(check, (arguments.shunt, case))) for case in cases]
        problems = [(name, result.get(timeout=120)) for name, result in results]
    problems = [(name, problem) for name, problem in problems if problem]
    for name, problem in problems:
        print(f"{name}: {problem}", file=sys.stderr)
    print(f"{len(cases) - len(problems)} of {len(cases)} exported models give the same bits")
    sys.exit(1 if problems else 0)


def check(shunt, case):
    """What is wrong with a case; None if nothing is."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "exported.tflite"
        command = [shunt, "export", DEFAULT_OUTPUT / case["model"], "--as", "tflite", "-o", path]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            return result.stderr.strip()
        model = path.read_bytes()
    inputs = [np.load(DEFAULT_OUTPUT / name) for name in case["inputs"]]
    outputs = [np.load(DEFAULT_OUTPUT / name) for name in case["outputs"]]
    try:
        return compare(model, inputs, outputs, case["rows"])
    except (RuntimeError, ValueError) as error:
        return f"{error}"


def check_quantized_models(arguments):
    """How many float models do not give the same bits, quantized, as blob and as exported model."""
    problems = 0
    for model, data in arguments.quantize:
        try:
            problem = check_quantized(arguments.shunt, model, data, arguments.option)
        except (RuntimeError, ValueError, subprocess.CalledProcessError) as error:
            problem = getattr(error, "stderr", None) or f"{error}"
        print(f"{model}: {problem or 'the same bits'}")
        problems += problem is not None
    return problems


def check_quantized(shunt, model, data, options):
    """What is wrong with a float model that is quantized and exported; None if nothing is."""
    def run(*command):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        exported, blob = folder / "exported.tflite", folder / "model.shunt"
        rows, results = folder / "rows.npy", folder / "results.npy"
        quantize = ["--calibrate", data, *options]
        run(shunt, "export", model, "--as", "tflite", "-o", exported, *quantize)
        run(shunt, "compile", model, "-o", blob, "--target", "portable", "--rounding", "exact",
            *quantize)
        description = json.loads(run(shunt, "inspect", blob, "--json"))
        inputs = example_rows(description["inputs"][0], data)
        np.save(rows, inputs)
        run(shunt, "run", blob, "--input", rows, "--output", results)
        return compare(exported.read_bytes(), [inputs], [np.load(results)], len(inputs), 1 << 24)


def example_rows(port, data):
    """The calibration rows as a quantized input takes them, and as many random ones."""
    folder = pathlib.Path(data)
    array = np.load(folder / "inputs.npy" if folder.is_dir() else folder)[:48]
    integers = np.iinfo(port["type"])
    if array.dtype == np.float32:
        array = np.rint(array / np.float32(port["scale"])) + port["zero_point"]
    shape = [-1] + port["shape"][1:]
    array = np.clip(array, integers.min, integers.max).astype(port["type"]).reshape(shape)
    noise = np.random.default_rng(1).integers(
        integers.min, integers.max + 1, array.shape, port["type"]
    )
    return np.concatenate([array, noise])


def compare(model, inputs, outputs, rows, arena_bytes=ARENA_BYTES):
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=arena_bytes)
    for row in range(rows):
        for position, values in enumerate(inputs):
            shape = interpreter.get_input_details(position)["shape"]
            interpreter.set_input(values[row].reshape(shape), position)
        interpreter.invoke()
        for position, values in enumerate(outputs):
            output = interpreter.get_output(position)
            if not np.array_equal(output, values[row].reshape(output.shape)):
                return f"row {row}, output {position} differs"
    return None


if __name__ == "__main__":
    main()
