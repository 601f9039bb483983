#!/usr/bin/env python3
"""Records a step of a PyTorch script as a list of operators for `weir`. Needs no GPU, and no memory for tensors.

    python record_torch.py --output step.ops.jsonl script.py [arguments of the script]

pretends a GPU, runs the script and records one call of its function `step`, or all of it if it has none. From Python:

    from record_torch import record          # from here on, "cuda" is the pretended GPU
    model, optimizer = ...
    with record("step.ops.jsonl"):
        step()

docs/recording-torch.md says what is recorded, and where it differs from a GPU.
"""

import argparse
import contextlib
import importlib.util
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

if __name__ == "__main__" and importlib.util.find_spec("torch") is None:
    sys.exit("record_torch: torch is not installed; run: pip install -r Scripts/requirements-record-operators.txt")

from torch_recording.errors import RecordError  # noqa: E402
from torch_recording.running import run  # noqa: E402
from torch_recording.session import DISTRIBUTIONS, session  # noqa: E402

WARMUP = 2  # calls before the one that counts: optimizers make their state in the first


@contextlib.contextmanager
def record(path, index_distribution=None):
    """Records the operators of the `with` block's body to `path`, which appears if the body ends without an error.

    index_distribution: how the indices of gathers and scatters are distributed: random (the default), sorted,
        permutation or sequence.
    """
    with session().recording(path, index_distribution) as recording:
        yield recording


def _count(text):
    value = int(text)
    if value < 0:
        raise ValueError
    return value


def _options():
    parser = argparse.ArgumentParser(
        description="Records a step of a PyTorch script as a list of operators. Needs no GPU."
    )
    parser.add_argument(
        "--output", metavar="FILE.ops.jsonl", help="the list (default: the script's name, in this folder)"
    )
    parser.add_argument("--function", metavar="NAME", help="the function that makes a step (default: step)")
    parser.add_argument(
        "--warmup", type=_count, metavar="N", help=f"calls before the one that counts (default: {WARMUP})"
    )
    parser.add_argument(
        "--step",
        type=_count,
        metavar="N",
        help="which call counts, from 1. In a script without such a function: from the optimizer's step before N "
        "to its step N (default there: the whole run)",
    )
    parser.add_argument(
        "--index-distribution",
        choices=DISTRIBUTIONS,
        help="how indices of gathers and scatters are distributed (default: random)",
    )
    parser.add_argument(
        "--integer", type=int, metavar="N", help="what .item() of an integer on the GPU gives (default: an error)"
    )
    parser.add_argument("--traceback", action="store_true", help="show the calls that lead to an error of the script")
    parser.add_argument("script", help="the Python script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    options = parser.parse_args()
    if options.warmup is not None and options.step is not None:
        parser.error("--step says which call counts already; leave --warmup out")
    if options.step == 0:
        parser.error("--step counts from 1")
    options.step_given = options.step is not None
    if options.step is None:
        options.step = (WARMUP if options.warmup is None else options.warmup) + 1
    if options.output is None:
        options.output = os.path.splitext(os.path.basename(options.script))[0] + ".ops.jsonl"
    return options


def _report(device, recording, path):
    """What was recorded, and what a reader should know about it."""

    def say(text):
        print(f"record_torch: {text}", file=sys.stderr)

    say(f"{recording.writer.operators} operators in {path}")
    if device.finder.used:
        say(f"stand-ins took the place of {' and '.join(sorted(device.finder.used))}")
    if device.values.invented:
        say(f"the script read {device.values.invented} values from the GPU; it got 0, False or --integer")
    if recording.identities.other_types:
        say(f"elements of {', '.join(sorted(recording.identities.other_types))} are written as others of their size")


def main():
    options = _options()
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))
    sys.modules["record_torch"] = sys.modules["__main__"]
    try:
        device = session()
        device.values.integer = options.integer
        recording = run(device, options)
    except RecordError as error:
        sys.exit(f"record_torch: {error}")
    _report(device, recording, options.output)


if __name__ == "__main__":
    main()
else:
    session()
