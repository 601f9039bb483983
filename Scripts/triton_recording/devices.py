"""Lets scripts that ask for a CUDA device run where there is none, and arrays of numpy stand in for tensors."""

import contextlib
import sys

import numpy as np


def _on_cpu(value, torch):
    is_cuda = isinstance(value, str) and value.split(":")[0] == "cuda" or isinstance(value, torch.device) and value.type == "cuda"
    return torch.device("cpu") if is_cuda else value


def _mode(torch):
    from torch.overrides import TorchFunctionMode

    class TensorsOnCPU(TorchFunctionMode):
        """Makes and keeps on the CPU what is asked for on a CUDA device, and calls it a CUDA tensor where asked."""

        def __torch_function__(self, function, types, arguments=(), options=None):
            if function is torch.Tensor.cuda:
                return arguments[0]
            if function == torch.Tensor.is_cuda.__get__:
                return True
            options = {name: _on_cpu(value, torch) for name, value in (options or {}).items()}
            return function(*(_on_cpu(value, torch) for value in arguments), **options)

    return TensorsOnCPU()


class _Driver:
    """What scripts ask Triton's driver for besides running kernels."""

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
    """While it lasts, tensors of CUDA devices are made on the CPU. Nothing changes where torch finds a GPU or is missing."""
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

    # What the interpreter asks of a tensor to copy it to the host, where it is already.

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
