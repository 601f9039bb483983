"""Lets scripts that ask for a CUDA device run without one, and lets arrays of numpy replace tensors."""

import contextlib
import sys

import numpy as np


def _on_cpu(value, torch):
    is_cuda = isinstance(value, str) and value.split(":")[0] == "cuda" or isinstance(value, torch.device) and value.type == "cuda"
    return torch.device("cpu") if is_cuda else value


def _mode(torch):
    from torch.overrides import TorchFunctionMode

    class TensorsOnCPU(TorchFunctionMode):
        """Makes tensors for a CUDA device on the CPU and keeps them there, but tells scripts that they are CUDA tensors."""

        def __torch_function__(self, function, types, arguments=(), options=None):
            if function is torch.Tensor.cuda:
                return arguments[0]
            if function == torch.Tensor.is_cuda.__get__:
                return True
            options = {name: _on_cpu(value, torch) for name, value in (options or {}).items()}
            return function(*(_on_cpu(value, torch) for value in arguments), **options)

    return TensorsOnCPU()


class _Driver:
    """The functions of Triton's driver that scripts call besides running kernels."""

    def get_active_torch_device(self):
        import torch
        return torch.device("cpu")

    def get_current_device(self):
        return 0

    def get_current_stream(self, device=None):
        return 0

    def get_current_target(self):
        from triton.backends.compiler import GPUTarget
        return GPUTarget("cuda", 90, 32)


@contextlib.contextmanager
def without_gpu(patches):
    """Makes tensors of CUDA devices on the CPU while it lasts. Changes nothing if torch finds a GPU or is missing."""
    torch = sys.modules.get("torch") or _imported_torch()
    if torch is None or torch.cuda.is_available():
        yield
        return
    import triton

    patches.set(torch.cuda, "device", lambda device: contextlib.nullcontext())
    patches.set(torch.cuda, "current_device", lambda: 0)
    patches.set(torch.cuda, "synchronize", lambda device=None: None)
    patches.set(triton.runtime.driver, "_active", _Driver())
    with _mode(torch):
        yield


def _imported_torch():
    try:
        import torch
        return torch
    except ImportError:
        return None


class DeviceArray:
    """A numpy array as an argument of kernels, for scripts without torch. `array` is the memory itself, not a copy."""

    def __init__(self, array, dtype=None):
        self.array = array
        self.dtype = dtype or array.dtype

    def data_ptr(self):
        return self.array.ctypes.data

    def untyped_storage(self):
        base = self.array
        while isinstance(base.base, np.ndarray):
            base = base.base
        return _Storage(base)

    # The interpreter calls these to copy a tensor to the host. The tensor is there already.

    def storage_offset(self):
        return 0

    def size(self):
        return self.array.shape

    def stride(self):
        return tuple(step // self.array.itemsize for step in self.array.strides)

    def new_empty(self, *size, device=None):
        return DeviceArray(self.array, self.dtype)

    def set_(self, storage, offset, size, stride):
        return self


class _Storage:
    """The memory of an array and of all views of it."""

    def __init__(self, base):
        self.base = base

    def data_ptr(self):
        return self.base.ctypes.data

    def nbytes(self):
        return self.base.nbytes

    def cpu(self):
        return self

    def copy_(self, other):
        return self
