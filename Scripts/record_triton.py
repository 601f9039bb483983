#!/usr/bin/env python3
"""Records the memory accesses of Triton kernels, run in Triton's CPU interpreter, as a `.weir` trace. No GPU is needed.

    python record_triton.py --output trace.weir script.py [arguments of the script]

runs the script unchanged and records every launch of a kernel in order. From Python, before any kernel is defined:

    from record_triton import record
    with record("trace.weir"):
        kernel[grid](...)

docs/recording-triton.md says what is recorded, how tiles are divided among warps, and what differs from a GPU.
"""

import argparse
import ast
import contextlib
import os
import runpy
import sys
import tokenize
import weakref
from functools import lru_cache

os.environ.setdefault("TRITON_INTERPRET", "1")
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import numpy as np  # noqa: E402

import triton_alignment as alignment  # noqa: E402
import triton_hooks as hooks  # noqa: E402
import triton_layout as layout  # noqa: E402
import weir_trace as weir  # noqa: E402

FIRST_ADDRESS = 1 << 32
PLACE_BYTES = 512  # allocations begin at multiples of this, as PyTorch's allocator places them
PRODUCT = 16 * 8 * 16


class RecordError(Exception):
    """What cannot be recorded, in one line: place, cause, cure."""


class Allocation:
    """Memory that tensors share, and the place it is given on the imagined device."""

    def __init__(self, address, byte_count):
        self.address, self.byte_count = address, byte_count


class Allocations:
    """Places allocations in the order in which launches first see them. Freed places are not used again."""

    def __init__(self):
        self._next = FIRST_ADDRESS
        self._places = {}

    def place(self, storage):
        key = storage.data_ptr()
        found = self._places.get(key)
        if found is None or found.byte_count != storage.nbytes():
            found = self._places[key] = Allocation(self._next, storage.nbytes())
            self._next += -(-max(1, storage.nbytes()) // PLACE_BYTES) * PLACE_BYTES
            weakref.finalize(storage, self._forget, key, found).atexit = False
        return found

    def _forget(self, key, allocation):
        """Frees the key: memory that the host hands out again at the same place is another allocation."""
        if self._places.get(key) is allocation:
            del self._places[key]


class LaunchTensor:
    """An allocation as one launch sees it: where it lies on the host meanwhile, and the arguments that live in it."""

    def __init__(self, allocation, host):
        self.allocation, self.host, self.end = allocation, host, host + allocation.byte_count
        self.names, self.types = [], []


class Access:
    """One memory operation on one tensor: a tile of addresses, and how it divides into requests."""

    def __init__(self, launch, kind, tensor, addresses, active, element_bytes, known, masked, hint, widest):
        self.kind, self.tensor, self.hint, self.element_bytes, self.warps = kind, tensor, hint, element_bytes, launch.warps
        self.addresses, self.active, self.size = addresses, active, addresses.size
        self.tile, self.lanes = None, []
        if self.size == 1:
            self.tile = dict(
                address=int(addresses.reshape(-1)[0]), rows=1, row_bytes=element_bytes, pitch_bytes=element_bytes,
                request_rows=1, lanes_per_row=1, lane_bytes=element_bytes, lane_stride_bytes=element_bytes,
                replicas=self.warps if kind == weir.LOAD else 1)
            return
        shape = addresses.shape
        if any(extent & (extent - 1) for extent in shape):
            raise RecordError(f"kernel {launch.kernel}: a tile of {shape}; Triton's extents are powers of two")
        axes = known.axes or [alignment.UNKNOWN] * len(shape)
        self.order = layout.order_of([axis.contiguity for axis in axes])
        fast = self.order[0]
        self.like = (shape, self.order)
        run = min(axes[fast].contiguity, max(1, axes[fast].divisibility // element_bytes), shape[fast],
                  max(1, layout.WIDEST_BYTES // element_bytes))
        self.run = _true_run(np.moveaxis(addresses, fast, -1), run, element_bytes)
        limit = masked.axes[fast].constancy if masked.axes else shape[fast]
        self.widest = min(self.run, max(1, widest // element_bytes), limit)

    def divide(self, run):
        """Divides the tile among threads that hold up to `run` neighbours each, and lets go of it."""
        addresses, active, element_bytes, shape = self.addresses, self.active, self.element_bytes, self.addresses.shape
        per_thread = layout.elements_per_thread(shape, run, self.warps)
        width = _uniform_run(np.moveaxis(active, self.order[0], -1), min(per_thread, self.widest))
        requests = layout.requests(shape, self.order, per_thread, width, self.warps)
        self.replicas = requests.replicas if self.kind == weir.LOAD else 1
        self.lane_bytes = width * element_bytes
        found = layout.rectangle(addresses, active, self.order, element_bytes)
        if found:
            address, rows, row_bytes, pitch = found
            self.tile = dict(
                address=address, rows=rows, row_bytes=row_bytes, pitch_bytes=pitch, request_rows=requests.rows,
                lanes_per_row=requests.columns, lane_bytes=self.lane_bytes, lane_stride_bytes=per_thread * element_bytes,
                replicas=self.replicas)
        else:
            firsts = requests.elements[:, :, 0]
            lanes, present = addresses.reshape(-1)[firsts], active.reshape(-1)[firsts]
            self.lanes = [lanes[r][present[r]].tolist() for r in np.flatnonzero(present.any(axis=1))]
        self.addresses = self.active = None

    def append(self, program):
        if self.tile:
            program.tile(self.kind, tensor=self.tensor, element_bytes=self.element_bytes, hint=self.hint, **self.tile)
        for lanes in self.lanes:
            program.warp_request(
                self.kind, lanes, tensor=self.tensor, lane_bytes=self.lane_bytes, replicas=self.replicas, hint=self.hint)


class Launch:
    """A launch in progress: its tensors, and the program of its current block."""

    def __init__(self, kernel, warps, meta):
        self.kernel, self.warps, self.meta = kernel, warps, meta
        self.tensors, self.by_host = [], {}
        self.grid, self.blocks_begun = None, 0
        self.begin_program()

    def begin_program(self):
        self.steps = []  # what is done to the block's program when the block ends, in order
        self.runs = {}  # the widest run among accesses of tiles of one shape and order
        self.undivided = []  # accesses that wait for it
        self.loads_pending, self.places = False, set()
        self.counts = dict.fromkeys(("fp32", "special", "alu", "products"), 0)

    def add_tensor(self, allocation, host, name, dtype):
        tensor = self.by_host.get(host)
        if tensor is None:
            tensor = self.by_host[host] = LaunchTensor(allocation, host)
            self.tensors.append(tensor)
        tensor.names.append(name)
        if dtype not in tensor.types:
            tensor.types.append(dtype)

    def wait(self):
        """What stands before a use of loaded values: a wait for them, and the computation counted since the last."""
        if self.loads_pending:
            self.steps.append(weir.Program.await_loads)
        self.loads_pending = False
        self.places.clear()
        self.flush()

    def flush(self):
        counts = self.counts
        if any(counts.values()):
            self.steps.append(lambda program: program.compute(sum(counts.values()), tensor=counts["products"], **counts))
            self.counts = dict.fromkeys(counts, 0)

    def add(self, access, keeps_own_run):
        """Adds an access. A load outside of loops is compiled in the widest run of all accesses like it, so it is divided when
        the block ends; loads in loops, stores and atomics in their own."""
        self.steps.append(access.append)
        if access.size == 1:
            return
        self.runs[access.like] = max(access.run, self.runs.get(access.like, 1))
        if keeps_own_run:
            access.divide(access.run)
        else:
            self.undivided.append(access)

    def finished_program(self):
        self.wait()
        for access in self.undivided:
            access.divide(self.runs[access.like])
        program = weir.Program()
        for step in self.steps:
            step(program)
        return program


class Recorder:
    """Turns what the interpreter does into launches and blocks of a trace."""

    def __init__(self, writer, kernels):
        self.writer, self.kernels = writer, kernels
        self.allocations = Allocations()
        self.launch, self.launches = None, 0

    # Launches and blocks

    def begin_launch(self, grid):
        launch = self.launch
        launch.grid = tuple(int(extent) for extent in grid)
        if min(launch.grid) < 1:
            return
        tensors = [
            weir.Tensor(",".join(t.names), t.allocation.address, t.allocation.byte_count, "/".join(t.types))
            for t in launch.tensors]
        self.writer.begin_launch(launch.kernel, launch.grid, layout.LANES * launch.warps, tensors=tensors, tiling=launch.meta)
        self.launches += 1

    def begin_block(self):
        """The program id of the launch's next block, x fastest, as a GPU issues them and a trace has them."""
        launch = self.launch
        if launch.blocks_begun:
            self.end_block()
        x, y, _ = launch.grid
        number = launch.blocks_begun
        launch.blocks_begun += 1
        return number % x, number // x % y, number // (x * y)

    def end_block(self):
        self.writer.add_block(self.launch.finished_program())
        self.launch.begin_program()

    # Operations of a block

    def operation(self, kind, elements):
        """A source operation on a tile; scalars are not counted, their work is one lane's."""
        if self.launch and elements > 1:
            self.launch.counts[kind] += -(-elements // (layout.LANES * self.launch.warps))

    def product(self, shape, columns, element_bytes):
        """A matrix product: waits for its factors. Factors of 8 bytes do not run on the tensor cores counted here."""
        launch = self.launch
        if not launch:
            return
        launch.wait()
        if element_bytes <= 4:
            batch = int(np.prod(shape[:-2], dtype=np.int64))
            depth = 8 if element_bytes == 4 else 16
            pieces = batch * -(-shape[-2] // 16) * -(-columns // 8) * -(-shape[-1] // depth)
            launch.counts["products"] += -(-pieces // launch.warps)
            launch.flush()

    def load(self, pointers, mask, hint, place, is_in_loop):
        launch = self.launch
        if place in launch.places:
            launch.wait()
        launch.places.add(place)
        if self._access(weir.LOAD, pointers, mask, hint, widest=16, keeps_own_run=is_in_loop):
            launch.loads_pending = True

    def store(self, pointers, mask, hint):
        self.launch.wait()
        self._access(weir.STORE, pointers, mask, hint, widest=16)

    def atomic(self, pointers, mask, acquires):
        """An atomic moves one word a lane: 4 or 8 bytes, or two neighbours of 2."""
        launch = self.launch
        launch.wait()
        if self._access(weir.ATOMIC, pointers, mask, weir.NORMAL, widest=4):
            if acquires:
                launch.steps.append(weir.Program.invalidate_l1)
            else:
                launch.loads_pending = True

    def _access(self, kind, pointers, mask, hint, widest, keeps_own_run=True):
        """Adds one operation; returns whether it touches memory."""
        addresses = np.asarray(pointers.data)
        active = np.broadcast_to(np.asarray(getattr(mask, "data", mask)), addresses.shape).astype(bool)
        if not active.any():
            return False
        element_bytes = max(1, pointers.get_element_ty().primitive_bitwidth // 8)
        known = alignment.of(pointers)
        masked = pointers.attr.get(alignment.KEY + ".mask") or _mask_info(mask, active)
        for index, part in self._tensors(addresses, active, element_bytes):
            tensor = self.launch.tensors[index]
            moved = addresses.astype(np.int64) + (tensor.allocation.address - tensor.host)
            self.launch.add(
                Access(self.launch, kind, index, moved, part, element_bytes, known, masked, hint, widest),
                keeps_own_run)
        return True

    def _tensors(self, addresses, active, element_bytes):
        """The tensors that an access touches, each with its part of the mask."""
        used = addresses[active]
        low, high = int(used.min()), int(used.max()) + element_bytes
        parts, left = [], active
        for index, tensor in enumerate(self.launch.tensors):
            if tensor.host <= low and high <= tensor.end:
                return [(index, active)]
        for index, tensor in enumerate(self.launch.tensors):
            part = active & (addresses >= tensor.host) & (addresses + np.uint64(element_bytes) <= tensor.end)
            if part.any():
                parts.append((index, part))
                left = left & ~part
        if left.any():
            raise RecordError(
                f"kernel {self.launch.kernel}, block {self.launch.blocks_begun - 1}: {int(left.sum())} elements of an access lie "
                "outside of the tensors given to the launch; mask it, or pass the tensors whose pointers it takes from memory")
        return parts


def _mask_info(mask, active):
    """What is known of a mask; one that is not there is the same everywhere."""
    info = alignment.of(mask) if hasattr(mask, "attr") else alignment.Info()
    known = hasattr(mask, "attr") and alignment.KEY in mask.attr
    return info if known else alignment.Info() if active.all() else alignment.Info([alignment.UNKNOWN] * active.ndim)


def _true_run(addresses, run, element_bytes):
    """`run`, or less where the addresses of this tile are not so contiguous and aligned: hints of a kernel may be wrong."""
    while run > 1:
        groups = addresses.reshape(-1, run)
        if (groups == groups[:, :1] + np.arange(run) * element_bytes).all() and not (groups[:, 0] % (run * element_bytes)).any():
            break
        run //= 2
    return run


def _uniform_run(active, width):
    while width > 1:
        groups = active.reshape(-1, width)
        if (groups.any(axis=1) == groups.all(axis=1)).all():
            break
        width //= 2
    return width


def _type_name(dtype):
    """`f32`, `bf16`, `i64`: an element type as traces name it."""
    name = str(dtype).split(".")[-1]
    return name.replace("float", "f").replace("uint", "u").replace("int", "i")


def _hint(ir, cache_modifier, eviction_policy):
    if eviction_policy == ir.EVICTION_POLICY.EVICT_FIRST or cache_modifier == ir.CACHE_MODIFIER.CS:
        return weir.EVICT_FIRST
    if eviction_policy == ir.EVICTION_POLICY.EVICT_LAST:
        return weir.EVICT_LAST
    if cache_modifier in (ir.CACHE_MODIFIER.CG, ir.CACHE_MODIFIER.CV):
        return weir.NO_ALLOCATE
    return weir.NORMAL


@lru_cache(maxsize=None)
def _loop_lines(path):
    """The lines of a source file that lie in the bodies of loops; loops over `static_range` are unrolled and do not count."""
    try:
        with tokenize.open(path) as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return frozenset()
    lines = set()
    for node in ast.walk(tree):
        unrolled = isinstance(node, ast.For) and "static_range" in ast.dump(node.iter)
        if isinstance(node, (ast.For, ast.While)) and not unrolled:
            lines.update(range(node.body[0].lineno, node.body[-1].end_lineno + 1))
    return frozenset(lines)


def _place(triton_folder):
    """Where the kernel stands: the calls from the kernel down to the operation, Triton's own left out; and whether one of
    them is in a loop of the kernel."""
    frame, place, is_in_loop = sys._getframe(2), [], False
    while frame is not None and frame.f_code.co_name != "run_recorded_launch":
        path = frame.f_code.co_filename
        if not path.startswith(triton_folder):
            place.append((frame.f_code, frame.f_lasti))
            is_in_loop = is_in_loop or frame.f_lineno in _loop_lines(path)
        frame = frame.f_back
    return tuple(place), is_in_loop


def _meta_text(function, constexprs, arguments, options):
    """`BLOCK=1024 warps=4`: the compile-time parameters in the kernel's order, then the launch options."""
    shown = [f"{name}={arguments[name]}" for name in constexprs if isinstance(arguments.get(name), (bool, int, float, str))]
    shown.append(f"warps={options.get('num_warps', 4)}")
    if "num_stages" in options:
        shown.append(f"stages={options['num_stages']}")
    return " ".join(shown).encode("utf-8")[:4096].decode("utf-8", "ignore")


def _executor(interpreter, recorder):
    """The class that runs a grid, telling the recorder of launches and blocks."""
    import inspect

    class RecordingExecutor(interpreter.GridExecutor):
        def run_recorded_launch(self, arguments, options):
            return super().__call__(*arguments, **options)

        def __call__(self, *arguments, **options):
            name = self.fn.__name__
            if recorder.kernels and name not in recorder.kernels:
                return super().__call__(*arguments, **options)
            names = inspect.getfullargspec(self.fn).args
            values = dict(zip(names, arguments)) | {k: v for k, v in options.items() if k in names}
            for parameter in inspect.signature(self.fn).parameters.values():
                if parameter.default is not inspect.Parameter.empty:
                    values.setdefault(parameter.name, parameter.default)
            warps = int(options.get("num_warps", 4))
            recorder.launch = Launch(name, warps, _meta_text(self.fn, self.constexprs, values, options))
            try:
                result = self.run_recorded_launch(arguments, options)
                if recorder.launch.blocks_begun:
                    recorder.end_block()
                return result
            except Exception as error:
                if isinstance(error.__cause__, (RecordError, weir.TraceError)):
                    raise error.__cause__ from None
                raise
            finally:
                recorder.launch = None

        def _init_args_hst(self, arguments, options):
            host, host_options = super()._init_args_hst(arguments, options)
            if recorder.launch:
                pairs = list(zip(self.arg_names, arguments, host))
                pairs += [(name, value, host_options[name]) for name, value in options.items()]
                for name, device, copy in pairs:
                    self._note(name, device, copy)
            return host, host_options

        def _note(self, name, device, host):
            if isinstance(device, tuple):
                for index, (one, its_copy) in enumerate(zip(device, host)):
                    self._note(f"{name}.{index}", one, its_copy)
            elif isinstance(device, interpreter.TensorDescriptor):
                self._note(name, device.base, host.base)
            elif hasattr(device, "data_ptr"):
                device, host = interpreter._unwrap_tensor(device), interpreter._unwrap_tensor(host)
                allocation = recorder.allocations.place(device.untyped_storage())
                recorder.launch.add_tensor(
                    allocation, host.untyped_storage().data_ptr(), name, _type_name(device.dtype))

    return RecordingExecutor


def _watch(patches, interpreter, recorder):
    """Makes the interpreter tell `recorder` of launches, blocks and memory operations."""
    import triton
    from triton._C.libtriton import ir

    folder = os.path.dirname(triton.__file__)
    builder = interpreter.InterpreterBuilder
    state = {"hint": None}

    def set_grid_dim(method):
        def run(self, *grid):
            method(self, *grid)
            if recorder.launch:
                recorder.begin_launch(grid)
        return run

    def set_grid_idx(method):
        def run(self, *index):
            method(self, *(recorder.begin_block() if recorder.launch else index))
        return run

    def store(method):
        def run(self, pointer, value, cache_modifier, eviction_policy):
            state["hint"] = _hint(ir, cache_modifier, eviction_policy)
            try:
                return method(self, pointer, value, cache_modifier, eviction_policy)
            finally:
                state["hint"] = None
        return run

    def masked_load(method):
        def run(self, pointers, mask, other, cache_modifier, eviction_policy, is_volatile):
            if recorder.launch:
                recorder.load(pointers, mask, _hint(ir, cache_modifier, eviction_policy), *_place(folder))
            return method(self, pointers, mask, other, cache_modifier, eviction_policy, is_volatile)
        return run

    def masked_store(method):
        def run(self, pointers, value, mask, cache_modifier, eviction_policy):
            if recorder.launch:
                hint = state["hint"]
                recorder.store(pointers, mask, _hint(ir, cache_modifier, eviction_policy) if hint is None else hint)
            return method(self, pointers, value, mask, cache_modifier, eviction_policy)
        return run

    def acquires(sem):
        return sem in (ir.MEM_SEMANTIC.ACQUIRE, ir.MEM_SEMANTIC.ACQUIRE_RELEASE)

    def atomic_rmw(method):
        def run(self, operation, pointers, value, mask, sem, scope):
            if recorder.launch:
                recorder.atomic(pointers, mask, acquires(sem))
            return method(self, operation, pointers, value, mask, sem, scope)
        return run

    def atomic_cas(method):
        def run(self, pointers, expected, value, sem, scope):
            if recorder.launch:
                recorder.atomic(pointers, np.ones(np.shape(pointers.data), dtype=bool), acquires(sem))
            return method(self, pointers, expected, value, sem, scope)
        return run

    def implicit_conversion(value):
        result = original_conversion(value)
        if isinstance(value, int):
            result.handle.attr[alignment.KEY] = alignment.argument(value)
        elif hasattr(value, "data_ptr"):
            aligned = value.data_ptr()
            for tensor in recorder.launch.tensors if recorder.launch else ():
                if tensor.host <= aligned <= tensor.end:
                    aligned += tensor.allocation.address - tensor.host
                    break
            result.handle.attr[alignment.KEY] = alignment.Info((), 16 if aligned % 16 == 0 else 1)
        return result

    original_conversion = interpreter._implicit_cvt
    patches.set(interpreter, "_implicit_cvt", implicit_conversion)
    patches.set(interpreter, "GridExecutor", _executor(interpreter, recorder))
    for name, make in (
            ("set_grid_dim", set_grid_dim), ("set_grid_idx", set_grid_idx), ("create_store", store),
            ("create_masked_load", masked_load), ("create_masked_store", masked_store),
            ("create_atomic_rmw", atomic_rmw), ("create_atomic_cas", atomic_cas)):
        patches.wrap(builder, name, make)


def _choose_configuration(patches, choice):
    """Lets autotuned kernels run in one configuration, since nothing is measured here: the one numbered `choice` of those that
    the kernel's own pruning leaves."""
    from triton.runtime.autotuner import Autotuner

    def make(method):
        def run(self, *arguments, **options):
            self.nargs = dict(zip(self.arg_names, arguments))
            every = self.configs
            left = list(self.prune_configs(options)) if len(every) > 1 else every
            self.configs = [left[min(choice, len(left) - 1)]]
            try:
                return method(self, *arguments, **options)
            finally:
                self.configs = every
        return run

    patches.wrap(Autotuner, "run", make)


@contextlib.contextmanager
def record(path, kernels=(), configuration=0):
    """Records the kernel launches of the `with` block's body to `path`, which appears if the body ends without an error.

    kernels: names of the kernels to record; all if empty. configuration: which of an autotuned kernel's configurations runs.
    """
    import triton
    from triton.runtime import interpreter

    if not isinstance(triton.language.sum, interpreter.InterpretedFunction):
        raise RecordError("Triton was imported without its interpreter; import record_triton first, or set TRITON_INTERPRET=1")
    patches = hooks.Patches()
    with weir.TraceWriter(os.path.abspath(path), "record_triton, Triton " + triton.__version__) as writer:
        recorder = Recorder(writer, frozenset(kernels))
        try:
            hooks.follow_alignment(patches, interpreter)
            hooks.count_operations(patches, interpreter, recorder)
            _watch(patches, interpreter, recorder)
            _choose_configuration(patches, configuration)
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
    parser.add_argument("script", help="the Python script")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    options = parser.parse_args()
    if options.configuration < 0:
        parser.error("--configuration counts from 0")
    sys.argv = [options.script, *options.arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(options.script))
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))
    sys.modules["record_triton"] = sys.modules["__main__"]
    leaving = None
    try:
        with record(options.output, options.kernel, options.configuration) as recorder:
            try:
                runpy.run_path(options.script, run_name="__main__")
            except SystemExit as request:
                if request.code not in (None, 0):
                    raise
                leaving = request
    except (RecordError, weir.TraceError) as error:
        sys.exit(f"record_triton: {error}")
    except FileExistsError as error:
        sys.exit(f"record_triton: {error.filename} is in the way; remove it")
    print(f"record_triton: {recorder.launches} launches in {options.output}", file=sys.stderr)
    if leaving:
        raise leaving


if __name__ == "__main__":
    main()
