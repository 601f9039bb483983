"""Attaches a recorder to Triton's interpreter: launches, blocks, memory operations."""

import inspect
import os

import numpy as np

import weir_trace as weir
from triton_recording import alignment
from triton_recording.access import RecordError
from triton_recording.launch import Launch
from triton_recording.place import place_of_operation
from triton_recording.values import LOADED


def type_name(dtype):
    """The name of an element type in traces: `f32`, `bf16`, `i64`."""
    name = str(dtype).split(".")[-1]
    return name.replace("float", "f").replace("uint", "u").replace("int", "i")


def _hint(ir, cache_modifier=None, eviction_policy=None, *rest, **more):
    """The hint of an access, from its cache modifier and eviction policy. Triton 3.9 has one object for both, which only the
    compiled kernel tells."""
    if eviction_policy == ir.EVICTION_POLICY.EVICT_FIRST or cache_modifier == ir.CACHE_MODIFIER.CS:
        return weir.EVICT_FIRST
    if eviction_policy == ir.EVICTION_POLICY.EVICT_LAST:
        return weir.EVICT_LAST
    if cache_modifier in (ir.CACHE_MODIFIER.CG, ir.CACHE_MODIFIER.CV):
        return weir.BYPASS_L1
    return weir.NORMAL


def meta_text(constexprs, arguments, options):
    """The compile-time parameters in the kernel's order, then the launch options: `BLOCK=1024 warps=4`."""
    shown = [f"{name}={arguments[name]}" for name in constexprs if isinstance(arguments.get(name), (bool, int, float, str))]
    shown.append(f"warps={options.get('num_warps', 4)}")
    if "num_stages" in options:
        shown.append(f"stages={options['num_stages']}")
    return " ".join(shown).encode("utf-8")[:4096].decode("utf-8", "ignore")


def _executor(interpreter, recorder):
    """The class that runs a grid and tells the recorder of launches and blocks."""
    class RecordingExecutor(interpreter.GridExecutor):
        def run_recorded_launch(self, arguments, options):
            return super().__call__(*arguments, **options)

        def __call__(self, *arguments, **options):
            name = self.fn.__name__
            if recorder.mode == "values" or recorder.kernels and name not in recorder.kernels:
                return super().__call__(*arguments, **options)
            if recorder.mode == "check":
                return self.run_checked(arguments, options)
            names = inspect.getfullargspec(self.fn).args
            values = dict(zip(names, arguments)) | {k: v for k, v in options.items() if k in names}
            for parameter in inspect.signature(self.fn).parameters.values():
                if parameter.default is not inspect.Parameter.empty:
                    values.setdefault(parameter.name, parameter.default)
            warps = int(options.get("num_warps", 4))
            recorder.launch = Launch(name, warps, meta_text(self.constexprs, values, options))
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

        def run_checked(self, arguments, options):
            recorder.launch = recorder.check
            try:
                return self.run_recorded_launch(arguments, options)
            except Exception as error:
                if isinstance(error.__cause__, RecordError):
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
                    allocation, host.untyped_storage().data_ptr(), name, type_name(device.dtype))

    return RecordingExecutor


def watch(patches, interpreter, recorder):
    """Makes the interpreter tell `recorder` of launches, blocks and memory operations."""
    import triton
    from triton._C.libtriton import ir

    folder = os.path.dirname(triton.__file__)
    builder = interpreter.InterpreterBuilder
    state = {"hint": None}

    def set_grid_dim(method):
        def run(self, *grid):
            if recorder.check:
                return method(self, *recorder.check.grid)
            method(self, *grid)
            if recorder.launch:
                recorder.begin_launch(grid)
        return run

    def set_grid_idx(method):
        def run(self, *index):
            method(self, *(recorder.begin_block() if recorder.launch else index))
        return run

    def store(method):
        def run(self, pointer, value, *policy, **named):
            state["hint"] = _hint(ir, *policy, **named)
            try:
                return method(self, pointer, value, *policy, **named)
            finally:
                state["hint"] = None
        return run

    def masked_load(method):
        def run(self, pointers, mask, other, *policy, **named):
            if recorder.launch:
                recorder.load(pointers, mask, _hint(ir, *policy, **named), *place_of_operation(folder))
            result = method(self, pointers, mask, other, *policy, **named)
            if recorder.launch:
                result.attr[LOADED] = recorder.launch.waits
            return result
        return run

    def masked_store(method):
        def run(self, pointers, value, mask, *policy, **named):
            if recorder.launch:
                hint = state["hint"]
                recorder.store(pointers, mask, _hint(ir, *policy, **named) if hint is None else hint)
            return method(self, pointers, value, mask, *policy, **named)
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

    def launched(function, arguments, options, grid, execute):
        """Runs a launch; execute(grid) lets the interpreter do it."""
        if recorder.session is None or recorder.kernels and function.__name__ not in recorder.kernels:
            return execute(grid)

        def interpret(mode, grid):
            recorder.mode = mode
            try:
                return execute(grid)
            finally:
                recorder.mode = "record"

        return recorder.session.run(function, arguments, options, grid, interpret)

    def run_function(method):
        def run(self, *arguments, grid, warmup=False, **options):
            def execute(grid):
                return method(self, *arguments, grid=grid, warmup=warmup, **options)
            return execute(grid) if warmup else launched(self, arguments, options, grid, execute)
        return run

    function_class = interpreter.InterpretedFunction
    if "run" in vars(function_class):
        patches.wrap(function_class, "run", run_function)
    else:
        _wrap_functions_of_35(patches, function_class, launched)
    original_conversion = interpreter._implicit_cvt
    patches.set(interpreter, "_implicit_cvt", implicit_conversion)
    patches.set(interpreter, "GridExecutor", _executor(interpreter, recorder))
    for name, make in (
            ("set_grid_dim", set_grid_dim), ("set_grid_idx", set_grid_idx), ("create_store", store),
            ("create_masked_load", masked_load), ("create_masked_store", masked_store),
            ("create_atomic_rmw", atomic_rmw), ("create_atomic_cas", atomic_cas)):
        patches.wrap(builder, name, make)


def _wrap_functions_of_35(patches, function_class, launched):
    """Triton 3.5 gives each function a `run` of its own, and makes the executor where a grid is named."""
    class Run:
        def __get__(self, function, owner=None):
            if function is None:
                return self
            run = function.__dict__["run"]

            def outer(*arguments, grid, **options):
                def execute(grid):
                    return run(*arguments, grid=grid, **options)
                return launched(function, arguments, options, grid, execute)
            return outer

        def __set__(self, function, value):
            function.__dict__["run"] = value

    def named(method):
        def with_grid(self, grid):
            def call(*arguments, **options):
                return launched(self, arguments, options, grid, lambda grid: method(self, grid)(*arguments, **options))
            return call
        return with_grid

    patches.set(function_class, "run", Run())
    patches.wrap(function_class, "__getitem__", named)


def choose_configuration(patches, choice):
    """Lets autotuned kernels run in one configuration, since nothing is measured here. It is number `choice` of the
    configurations that the kernel's own pruning leaves."""
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
