# SPDX-License-Identifier: Apache-2.0
"""Generates the operator vectors in Tests/Vectors/operators.

    python generate.py [--output FOLDER] [--only PREFIX]     writes the vectors
    python generate.py --check                               compares them with the committed ones

Each case is a model, its input rows and the output rows of the tflite-micro interpreter, which
must also equal this folder's own arithmetic. See README.md for the layout.
"""

import argparse
import filecmp
import importlib
import importlib.metadata
import json
import multiprocessing
import pathlib
import shutil
import sys
import tempfile

import numpy as np
from tflite_micro.python.tflite_micro import runtime

from cases import CASES
from network import Network

# Each family of operators registers its cases in a module of its own.
for family in sorted(pathlib.Path(__file__).parent.glob("cases_*.py")):
    importlib.import_module(family.stem)

DEFAULT_OUTPUT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Vectors" / "operators"

ARENA_BYTES = 4 << 20

# Cases of this group also record the tensors between their operators.
GROUP_WITH_INNER_TENSORS = "graphs"


class Mismatch(Exception):
    """The interpreter and this folder's arithmetic disagree."""


def main():
    arguments = parse_arguments()
    if arguments.check:
        sys.exit(check(arguments.output))
    if not arguments.only:
        clear(arguments.output)
    generate(arguments.output, arguments.only)


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=pathlib.Path, default=DEFAULT_OUTPUT)
    parser.add_argument("--only", default="", metavar="PREFIX", help="only ids that start so")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    return parser.parse_args()


def clear(folder):
    """Removes earlier vectors; a folder that is not recognizably theirs is left alone."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / "index.json").exists():
        sys.exit(f"{folder} is not empty and holds no index.json: choose another --output")
    shutil.rmtree(folder)


def generate(folder, prefix):
    """Writes all cases whose id starts with `prefix`; with an empty one, the index, too."""
    entries, rejected, mismatches = [], [], []
    for case_id, build in CASES.items():
        if not case_id.startswith(prefix):
            continue
        net = Network(case_id)
        outputs = build(net)
        try:
            result = run_apart(net, outputs, wants_inner_tensors(case_id))
        except Mismatch as error:
            mismatches.append(f"{case_id}: {error}")
            continue
        if isinstance(result, str):
            rejected.append({"id": case_id, "message": result})
            print(f"rejected by the reference: {case_id}: {result}", file=sys.stderr)
            continue
        entries.append(write_case(folder, case_id, net, outputs, *result))
    if mismatches:
        sys.exit("the interpreter and integer_reference.py disagree:\n" + "\n".join(mismatches))
    if not prefix:
        write_index(folder, entries, rejected)
    total = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    print(f"{len(entries)} cases, {len(rejected)} rejected, {total} bytes")


def wants_inner_tensors(case_id):
    return case_id.startswith(GROUP_WITH_INNER_TENSORS + "/")


# The interpreter.


def run_apart(net, outputs, inner):
    """Runs the interpreter in a process of its own, because it may abort.

    Returns ({tensor index: rows} of the outputs, the same of inner tensors), or why it refused.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=run_child, args=(sender, net, outputs, inner))
    process.start()
    sender.close()
    try:
        result = receiver.recv()
    except EOFError:
        result = "the interpreter aborted"
    process.join()
    if isinstance(result, Exception):
        raise result
    return result


def run_child(sender, net, outputs, inner):
    try:
        sender.send(run(net, outputs, inner))
    except RuntimeError as error:
        sender.send(f"{error}")
    except Mismatch as error:
        sender.send(error)


def run(net, outputs, inner):
    """Runs all rows and compares each tensor with what the network expects."""
    model = net.model(outputs)
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=ARENA_BYTES)
    results = {value.index: [] for value in outputs}
    for row in range(row_count(net)):
        invoke(interpreter, net, row)
        for position, value in enumerate(outputs):
            results[value.index].append(interpreter.get_output(position).copy())
    tensors = run_inner(model, net, outputs) if inner else {}
    for value in net.values:
        for source in (results, tensors):
            if value.index in source:
                compare(value, np.stack(source[value.index]))
    return stacked(results), stacked(tensors)


def run_inner(model, net, outputs):
    """Rows of each tensor between the operators, from an interpreter that keeps them all."""
    kept = runtime.InterpreterConfig.kPreserveAllTensors
    interpreter = runtime.Interpreter.from_bytes(
        model, arena_size=ARENA_BYTES, intrepreter_config=kept
    )
    edges = {value.index for value in outputs}
    tensors = {value.index: [] for value in net.values if value.index not in edges}
    for row in range(row_count(net)):
        invoke(interpreter, net, row)
        for index, rows in tensors.items():
            rows.append(interpreter.GetTensor(index, 0)["tensor_data"].copy())
    return tensors


def row_count(net):
    return len(net.inputs[0].rows)


def invoke(interpreter, net, row):
    for position, value in enumerate(net.inputs):
        interpreter.set_input(value.rows[row], position)
    interpreter.invoke()


def compare(value, rows):
    """Requires bit equality between the interpreter's rows and the expected ones, if there are any."""
    if value.rows.size == 0 and rows.dtype == value.rows.dtype:
        return
    expected = np.broadcast_to(value.rows, rows.shape) if rows.size == value.rows.size else None
    if expected is None or rows.dtype != value.rows.dtype:
        raise Mismatch(f"shape {rows.shape} {rows.dtype}, expected {value.rows.shape}")
    different = np.flatnonzero(rows != expected)
    if different.size:
        at = different[0]
        raise Mismatch(
            f"tensor {value.index}: {different.size} of {rows.size} elements differ, first at "
            f"{at}: {rows.flat[at]}, expected {expected.flat[at]}"
        )


def stacked(tensors):
    return {index: np.stack(rows) for index, rows in tensors.items()}


# Files.


def write_case(folder, case_id, net, outputs, results, tensors):
    """Writes one case's files and returns its index entry."""
    (folder / case_id).parent.mkdir(parents=True, exist_ok=True)
    (folder / f"{case_id}.tflite").write_bytes(net.model(outputs))

    def save(kind, position, rows):
        name = f"{case_id}.{kind}{position}.npy"
        np.save(folder / name, rows)
        return name

    entry = {
        "id": case_id,
        "op": case_id.split("/")[0],
        "model": f"{case_id}.tflite",
        "rows": row_count(net),
        "inputs": [save("input", i, value.rows) for i, value in enumerate(net.inputs)],
        "outputs": [save("output", i, results[v.index]) for i, v in enumerate(outputs)],
    }
    if tensors:
        entry["tensors"] = [
            {"tensor": index, "values": save("tensor", index, rows)}
            for index, rows in tensors.items()
        ]
    return entry


def write_index(folder, entries, rejected):
    """Writes index.json: one line a case, in the order of `CASES`."""
    version = importlib.metadata.version("tflite-micro")
    head = {"schema": 1, "reference": {"package": "tflite-micro", "version": version}}
    lines = [json.dumps(head)[:-1] + ', "cases": [']
    lines.append(",\n".join(json.dumps(entry) for entry in entries))
    lines.append('], "rejected": [')
    lines.append(",\n".join(json.dumps(entry) for entry in rejected))
    lines.append("]}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.json").write_text("\n".join(line for line in lines if line) + "\n")


def check(committed):
    """Generates into a temporary folder; returns 1 and names the files that differ, or 0."""
    with tempfile.TemporaryDirectory() as name:
        fresh = pathlib.Path(name)
        generate(fresh, "")
        different = sorted(relative_files(fresh) ^ relative_files(committed))
        for file in sorted(relative_files(fresh) & relative_files(committed)):
            if not filecmp.cmp(fresh / file, committed / file, shallow=False):
                different.append(file)
    for file in different:
        print(f"differs: {file}", file=sys.stderr)
    return 1 if different else 0


def relative_files(folder):
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


if __name__ == "__main__":
    main()
