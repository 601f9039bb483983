"""What PyTorch's C++ code switches devices with."""

import ctypes
import os

import torch

_CUDA, _META, _PRIVATE = 1, 14, 20  # c10::DeviceType


class Guard:
    """Without a GPU, PyTorch has no guard for "cuda", or one that fails. Here it gets one that does nothing."""

    def __init__(self):
        folder = os.path.join(os.path.dirname(torch.__file__), "lib")
        names = [os.path.join(folder, name) for name in ("libc10.so", "libc10.dylib", "c10.dll")]
        library = ctypes.CDLL(next((name for name in names if os.path.exists(name)), None))
        self._table = (ctypes.c_void_p * 21).in_dll(library, "_ZN3c104impl26device_guard_impl_registryE")
        self._own = self._table[_CUDA]
        if self._own and torch._C._cuda_getDeviceCount() > 0:
            return
        # The guard of "meta" tensors does nothing.
        self._table[_CUDA] = self._table[_META]
        if self._own and not self._table[_PRIVATE]:
            # A build for GPUs. Autograd's engine looks for streams on each device of the one kind of accelerator. Here
            # that is the kind which PyTorch leaves to others. It has no devices: so says the guard that it gets.
            self._table[_PRIVATE] = self._own
            if torch._C._get_privateuse1_backend_name() == "privateuseone":
                torch.utils.rename_privateuse1_backend("none")

    def restore(self):
        self._table[_CUDA] = self._own
