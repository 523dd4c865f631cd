# SPDX-License-Identifier: Apache-2.0
"""Runs every operator vector through `shunt export --as tflite` and the tflite-micro interpreter.

    python check_export.py SHUNT [--only PREFIX]

What was exported must give the outputs that the original gives, bit for bit. Exits with 1 and names
the cases that do not.
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
    arguments = parser.parse_args()
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


def compare(model, inputs, outputs, rows):
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=ARENA_BYTES)
    for row in range(rows):
        for position, values in enumerate(inputs):
            interpreter.set_input(values[row], position)
        interpreter.invoke()
        for position, values in enumerate(outputs):
            if not np.array_equal(interpreter.get_output(position), values[row]):
                return f"row {row}, output {position} differs"
    return None


if __name__ == "__main__":
    main()
