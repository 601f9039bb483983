"""Records each launch from its compiled kernel, or from the interpreter where that is impossible."""

import sys

from triton_recording.access import RecordError
from triton_recording.check import Check
from triton_recording.compiled import compiling
from triton_recording.compiled.launch import CompiledLaunch, Snapshot
from triton_recording.compiled.machine import Unsupported

# Memory operations of a launch up to which the interpreter computes all its values, about 100 microseconds each.
VALUES_LIMIT = 200_000


class Session:
    """Records the launches of one trace."""

    def __init__(self, recorder, capability, seed, sample, values):
        self.recorder, self.seed, self.sample, self.values = recorder, seed, sample, values
        self.compiler = compiling.Compiler(capability)
        self.decisions = []  # a dictionary for each launch that was recorded from its compiled kernel
        self._said = set()

    def say(self, text):
        """Writes a line, once, on standard error."""
        if text not in self._said:
            self._said.add(text)
            print(f"record_triton: {text}", file=sys.stderr)

    def run(self, function, arguments, options, grid, interpret):
        """Records a launch and computes its values.

        interpret(mode, grid): runs the launch in the interpreter, in `recorder.mode` record, values or check.
        """
        name = function.__name__
        try:
            extents = self._extents(function, arguments, options, grid)
            if min(extents) < 1:
                return interpret("values", grid)
            launch = CompiledLaunch(self.recorder, function, arguments, options, extents, self.compiler)
            operations = self._hold(launch, interpret)
            self._write(launch, function, options)
        except Unsupported as error:
            self.say(f"kernel {name}: recorded from the interpreter, since the compiled kernel has {error}")
            return interpret("record", grid)
        except Mismatch as error:
            self.say(f"kernel {name}: recorded from the interpreter, since {error}")
            return interpret("record", grid)
        if self.values == "none" or self.values == "auto" and operations * launch.blocks > VALUES_LIMIT:
            self.say(
                f"kernel {name}: results are computed for none of its {launch.blocks} blocks; --values all computes them"
            )
            return None
        return interpret("values", grid)

    @staticmethod
    def _extents(function, arguments, options, grid):
        if callable(grid):
            grid = grid(dict(zip(function.arg_names, arguments)) | options)
        grid = (grid,) if isinstance(grid, int) else tuple(grid)
        return tuple(int(extent) for extent in grid) + (1,) * (3 - len(grid))

    def _hold(self, launch, interpret):
        """Holds a sample of blocks against the interpreter. Returns how many memory operations a block has there."""
        numbers = launch.sample(self.seed, self.sample)
        mine = launch.sectors(numbers)
        if not Snapshot.fits(launch.tensors):
            self.say(f"kernel {launch.name}: its tensors are too large to hold blocks against the interpreter")
            return VALUES_LIMIT
        saved = Snapshot(launch.tensors)
        check = Check(launch.name, launch.grid, numbers)
        try:
            self.recorder.check = check
            interpret("check", (len(numbers), 1, 1))
        except RecordError:
            raise
        except Exception as error:
            if self.values == "all":
                raise
            text = " ".join(str(error.__cause__ or error).split())
            self.say(f"kernel {launch.name}: not held against the interpreter, which stops: {text[:200]}")
            return VALUES_LIMIT + 1
        finally:
            saved.restore()
            self.recorder.check = None
        different = launch.difference(mine, check.found)
        if different:
            raise Mismatch(f"{different} (blocks drawn with seed {self.seed})")
        return max(1, check.operations // len(numbers))

    def _write(self, launch, function, options):
        writer = self.recorder.writer
        point = writer.savepoint()
        try:
            launch.write(writer, self._tiling(launch, function, options))
        except BaseException:
            writer.rollback(point)
            raise
        self.recorder.launches += 1
        self.decisions.append({"kernel": launch.name, "blocks": launch.blocks} | launch.decisions())
        for note in launch.plan.notes:
            self.say(f"kernel {launch.name}: {note}")

    @staticmethod
    def _tiling(launch, function, options):
        from triton_recording.interpreter import meta_text

        constants = [name for name, kind in launch.compiled.signature.items() if kind == "constexpr"]
        annotated = [name for name in constants if "constexpr" in str(function.fn.__annotations__.get(name, ""))]
        return meta_text(annotated, launch.values, options | {"num_warps": launch.kernel.threads // 32})


class Mismatch(Exception):
    """The compiled kernel and the interpreter disagree about a block."""
