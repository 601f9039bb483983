"""Compiles a kernel as Triton would for a launch on a GPU, where there is none."""

import contextlib
import functools
import gc
import os
import re
import struct
import subprocess
import sys
import tempfile

from triton_recording.access import RecordError
from triton_recording.compiled.plan import Plan
from triton_recording.compiled.ptx import Kernel
from triton_recording.compiled.sass import Code

# Architectures that a trace may be made for.
TARGETS = (80, 86, 89, 90, 100, 120)


def _language():
    """All names of Triton's language and of its classes.

    The interpreter replaces some of them while it runs, and does not always put them back.
    """
    import triton.language as tl

    owners = [
        module
        for name, module in list(sys.modules.items())
        if name == "triton.language" or name.startswith("triton.language.")
    ]
    owners += [
        value
        for value in vars(tl.core).values()
        if isinstance(value, type) and value.__module__.startswith("triton.language")
    ]
    return [(owner, dict(vars(owner))) for owner in owners]


# Taken when the recorder is imported, before any kernel has run.
PRISTINE = _language()


class Compiled:
    """What the compiler made of a kernel: its PTX, its machine code and the resources of a launch."""

    def __init__(self, kernel, registers, stack, sass):
        self.ptx, self.sass = kernel.asm["ptx"], sass
        self.registers, self.stack = registers, stack
        self.shared = kernel.metadata.shared
        self.warps, self.stages = kernel.metadata.num_warps, getattr(kernel.metadata, "num_stages", None)
        self.signature = dict(kernel.src.signature)

    # Read once for all launches of the same code.

    @functools.cached_property
    def kernel(self):
        return Kernel(self.ptx)

    @functools.cached_property
    def code(self):
        return Code(self.sass, self.warps)

    @functools.cached_property
    def plan(self):
        return Plan(self.kernel, self.code)


# What no one replaces, or may.
_KEPT = (
    "__dict__",
    "__weakref__",
    "__doc__",
    "__module__",
    "__loader__",
    "__spec__",
    "__builtins__",
    "__cached__",
    "__file__",
)


class _Driver:
    """The driver of the device that kernels are compiled for."""

    def __init__(self, capability):
        self.capability = capability

    def get_current_device(self):
        return 0

    def get_current_stream(self, device=None):
        return 0

    def get_current_target(self):
        from triton.backends.compiler import GPUTarget

        return GPUTarget("cuda", self.capability, 32)

    def get_active_torch_device(self):
        import torch

        return torch.device("cpu")

    def get_device_interface(self):
        import torch

        return torch.cuda


class Compiler:
    """Compiles interpreted functions. Functions that they call are compiled with them."""

    def __init__(self, capability):
        self.capability = capability
        self._twins, self._code = {}, {}

    def compile(self, function, arguments, options, grid):
        """Compiles `function` for these arguments.

        Raises `RecordError` where the compiler refuses the kernel.
        """
        import triton

        with self._compiling(triton):
            twin = self._twin(function)
            try:
                kernel = twin.run(*arguments, grid=grid, warmup=True, **options)
            except Exception as error:
                raise RecordError(
                    f"kernel {function.__name__}: the compiler for sm_{self.capability} stops: {_cause(error)}"
                ) from error
        found = self._code.get(id(kernel))
        if found is None:
            found = self._code[id(kernel)] = (kernel, _code_of(kernel))
        return found[1]

    def _twin(self, function):
        from triton.runtime.jit import JITFunction

        twin = self._twins.get(id(function))
        if twin is None:
            known = {name: value for name, value in function.kwargs.items() if value is not None}
            twin = self._twins[id(function)] = JITFunction(function.fn, **known)
            self._twins[id(function), "alive"] = function
        return twin

    @contextlib.contextmanager
    def _compiling(self, triton):
        """While it lasts, names of interpreted functions stand for compiled ones. The driver is that of the target."""
        from triton.runtime.interpreter import InterpretedFunction

        saved, driver = [], triton.runtime.driver
        active, was_interpreting = driver.__dict__.get("_active"), triton.knobs.runtime.interpret
        try:
            for owner, names in PRISTINE:
                for name, value in names.items():
                    now = vars(owner).get(name)
                    if now is not value and name not in _KEPT:
                        saved.append((owner, name, now))
                        setattr(owner, name, value)
                if isinstance(owner, type):
                    for name, now in list(vars(owner).items()):
                        if name not in names and name not in _KEPT:
                            saved.append((owner, name, now))
                            delattr(owner, name)
            functions = [f for f in gc.get_objects() if type(f) is InterpretedFunction]
            owners = {id(f.fn.__globals__): f.fn.__globals__ for f in functions}
            for module in list(sys.modules.values()):
                space = getattr(module, "__dict__", None)
                if space is not None:
                    owners[id(space)] = space
            for space in owners.values():
                for name, value in list(space.items()):
                    if type(value) is InterpretedFunction:
                        saved.append((space, name, value))
                        space[name] = self._twin(value)
            for function in functions:
                for cell in function.fn.__closure__ or ():
                    with contextlib.suppress(ValueError):
                        if type(cell.cell_contents) is InterpretedFunction:
                            saved.append((cell, None, cell.cell_contents))
                            cell.cell_contents = self._twin(cell.cell_contents)
            members = triton.language.tensor
            for name, value in list(vars(members).items()):
                inner = [
                    c.cell_contents
                    for c in getattr(value, "__closure__", None) or ()
                    if type(c.cell_contents) is InterpretedFunction
                ]
                if inner:
                    saved.append((members, name, value))
                    setattr(members, name, self._twin(inner[0]))
            driver.__dict__["_active"] = _Driver(self.capability)
            triton.knobs.runtime.interpret = False
            yield
        finally:
            triton.knobs.runtime.interpret = was_interpreting
            driver.__dict__["_active"] = active
            for owner, name, value in reversed(saved):
                if name is None:
                    owner.cell_contents = value
                elif isinstance(owner, dict):
                    owner[name] = value
                else:
                    setattr(owner, name, value)


def _cause(error):
    """The compiler's message in one line: its place, and what it says below the source that it quotes."""
    text = str(error) or type(error).__name__
    place, _, rest = text.partition("\n")
    if "^" in rest:
        inner = error
        while inner.__cause__ is not None:
            inner = inner.__cause__
        said = rest.rpartition("^")[2].strip() or f"{type(inner).__name__} {inner}"
        text = f"{place} {said}"
    return " ".join(text.split())[:400]


@functools.lru_cache(maxsize=None)
def _tool(name):
    """A program of CUDA's that comes with Triton."""
    import triton

    beside = os.path.join(os.path.dirname(triton.__file__), "backends", "nvidia", "bin", name)
    return beside if os.path.exists(beside) else name


def _run(name, *arguments):
    try:
        done = subprocess.run([_tool(name), *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise RecordError(f"{name}, which comes with Triton, does not run: {error}") from None
    return done.stdout + done.stderr


def _code_of(kernel):
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(kernel.asm["cubin"])
        file.flush()
        sass = _run("cuobjdump", "-sass", file.name)
        usage = _run("cuobjdump", "-res-usage", file.name)
    found = re.search(r"REG:(\d+) STACK:(\d+) SHARED:(\d+)", usage)
    if not found:
        raise RecordError("cuobjdump does not say how many registers the kernel has")
    registers, stack, _ = (int(n) for n in found.groups())
    return Compiled(kernel, registers, stack, sass)


def parameters(kernel, compiled, values):
    """The bytes of each parameter of the PTX, and the tensor descriptors among them by their place.

    values: the arguments by name, in the kernel's order; tensors are addresses, wrapped in `Address`.
    """
    flat = []
    for name, kind in compiled.signature.items():
        if name in values:
            _flatten(values[name], kind, flat)
    data, descriptors = {}, {}
    for place, (name, size) in enumerate(kernel.parameters):
        kind, value = flat[place] if place < len(flat) else ("i64", 0)
        if kind == "descriptor":
            descriptors[place] = value
            data[name] = bytes(size)
        elif kind == "fp32" or isinstance(value, float) and size == 4:
            data[name] = struct.pack("<f", value)
        elif kind == "fp64" or isinstance(value, float) and size == 8:
            data[name] = struct.pack("<d", value)
        else:
            data[name] = (int(value) & (1 << 8 * size) - 1).to_bytes(size, "little")
    return data, descriptors


def _flatten(value, kind, flat):
    if isinstance(kind, tuple):
        for one, its_kind in zip(value, kind):
            _flatten(one, its_kind, flat)
    elif kind == "constexpr":
        return
    elif isinstance(kind, str) and kind.startswith("tensordesc"):
        flat.append(("descriptor", value))
        flat.extend(("i32", int(extent)) for extent in value.shape)
        flat.extend(("i64", int(stride)) for stride in value.strides)
    else:
        flat.append((kind, getattr(value, "address", value)))


class Address:
    """A tensor argument: its address on the imagined device and its element type. The compiler asks no more."""

    def __init__(self, tensor, address):
        self.dtype, self.address = tensor.dtype, address

    def data_ptr(self):
        return self.address
