#!/usr/bin/env python3
"""Runs Triton kernels in Triton's CPU interpreter and records their memory accesses as a `.weir` trace. Needs no GPU.

    python record_triton.py --output trace.weir script.py [arguments of the script]

runs the script unchanged and records every launch of a kernel in order. From Python, before any kernel is defined:

    from record_triton import record
    with record("trace.weir"):
        kernel[grid](...)

docs/recording-triton.md describes the recorded operations, the division of tiles among warps, and the differences from a GPU.
"""

import argparse
import contextlib
import os
import runpy
import sys

os.environ.setdefault("TRITON_INTERPRET", "1")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

try:
    import numpy  # noqa: F401
    import triton
except ImportError as error:
    if __name__ != "__main__":
        raise
    sys.exit(f"record_triton: {error.name} is not installed; run: pip install -r Scripts/requirements-record.txt")

import weir_trace as weir  # noqa: E402
from triton_recording import interpreter as recording, values as following  # noqa: E402
from triton_recording.access import RecordError  # noqa: E402
from triton_recording.devices import DeviceArray, without_gpu  # noqa: E402, F401
from triton_recording.compiled import report  # noqa: E402
from triton_recording.compiled.compiling import TARGETS  # noqa: E402
from triton_recording.compiled.session import Session  # noqa: E402
from triton_recording.recorder import Recorder  # noqa: E402

OLDEST, NEWEST = (3, 5), (3, 9)  # the series of Triton whose interpreter and compiler this was tried with


@contextlib.contextmanager
def record(path, kernels=(), configuration=0, target=90, values="auto", seed=0, sample=4):
    """Records the kernel launches of the `with` block's body to `path`, which appears if the body ends without an error.

    kernels: names of the kernels to record; all if empty.
    configuration: which of an autotuned kernel's configurations runs.
    target: the compute capability that kernels are compiled for, as a number such as 90; None records what the
        interpreter does, without a compiler.
    values: "all" computes the results of every launch, "none" of no launch, "auto" of launches that are small enough.
    seed, sample: how many blocks of each launch are held against the interpreter, and with which seed they are drawn.
    """
    from triton.runtime import interpreter

    series = tuple(int(part) for part in triton.__version__.split(".")[:2])
    if not OLDEST <= series <= NEWEST:
        raise RecordError(
            f"Triton is {triton.__version__}, needed is {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}; "
            "run: pip install -r Scripts/requirements-record.txt")
    if not isinstance(triton.language.sum, interpreter.InterpretedFunction):
        raise RecordError("Triton was imported without its interpreter; import record_triton first, or set TRITON_INTERPRET=1")
    patches = following.Patches()
    with weir.TraceWriter(os.path.abspath(path), "record_triton, Triton " + triton.__version__) as writer:
        recorder = Recorder(writer, frozenset(kernels))
        if target is not None:
            recorder.session = Session(recorder, target, seed, sample, values)
        try:
            following.follow_alignment(patches, interpreter)
            following.count_operations(patches, interpreter, recorder)
            recording.watch(patches, interpreter, recorder)
            recording.choose_configuration(patches, configuration)
            with without_gpu(patches):
                yield recorder
        finally:
            patches.restore()
        if recorder.launches == 0:
            only = f" of {', '.join(sorted(recorder.kernels))}" if recorder.kernels else ""
            raise RecordError(f"no launch{only} was recorded; the trace is not written")


def main():
    parser = argparse.ArgumentParser(description="Records a script's Triton kernels, run on the CPU, as a .weir trace.")
    parser.add_argument("--output", required=True, metavar="FILE.weir", help="the trace; appears once it is whole")
    parser.add_argument("--kernel", action="append", default=[], metavar="NAME", help="record this kernel only; repeatable")
    parser.add_argument("--configuration", type=int, default=0, metavar="N",
                        help="which configuration of autotuned kernels runs, from 0 (default: 0)")
    parser.add_argument("--target", type=int, default=90, choices=TARGETS,
                        help="the compute capability that kernels are compiled for (default: 90, the H100's and H200's)")
    parser.add_argument("--interpreter", action="store_true",
                        help="record what the interpreter does, without a compiler: accesses in source order, no registers")
    parser.add_argument("--values", choices=("auto", "all", "none"), default="auto",
                        help="compute the results of all launches, of none, or of those that are small enough (default: auto)")
    parser.add_argument("--sample", type=int, default=4, metavar="N",
                        help="how many blocks of each launch are held against the interpreter (default: 4)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="draws these blocks (default: 0)")
    parser.add_argument("--report", action="store_true",
                        help="print what the compiler decided, and what 'weir replay' predicts for the H200")
    parser.add_argument("script", help="the Python script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    options = parser.parse_args()
    if options.configuration < 0:
        parser.error("--configuration counts from 0")
    if options.sample < 1:
        parser.error("--sample is at least 1")
    if options.report and options.interpreter:
        parser.error("--report shows what a compiler decided; leave --interpreter out")
    sys.argv = [options.script, *options.arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(options.script))
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))
    sys.modules["record_triton"] = sys.modules["__main__"]
    leaving = None
    try:
        target = None if options.interpreter else options.target
        with record(options.output, options.kernel, options.configuration, target, options.values, options.seed,
                    options.sample) as recorder:
            try:
                runpy.run_path(options.script, run_name="__main__")
            except SystemExit as request:
                if request.code not in (None, 0):
                    raise
                leaving = request
    except (RecordError, weir.TraceError) as error:
        sys.exit(f"record_triton: {error}")
    print(f"record_triton: {recorder.launches} launches in {options.output}", file=sys.stderr)
    if options.report:
        report.show(recorder.session.decisions, options.output)
    if leaving:
        raise leaving


if __name__ == "__main__":
    main()
