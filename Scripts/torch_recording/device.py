"""A GPU that is not there: `torch.cuda` answers as on an H200, and tensors on it have shapes and no memory."""

import contextlib
import types

import torch
from torch._subclasses import fake_tensor

NAME, CAPABILITY, MEMORY, MULTIPROCESSORS = "NVIDIA H200", (9, 0), 150_754_820_096, 132


def _properties(*_, **__):
    return types.SimpleNamespace(
        name=NAME,
        major=CAPABILITY[0],
        minor=CAPABILITY[1],
        total_memory=MEMORY,
        multi_processor_count=MULTIPROCESSORS,
        warp_size=32,
        max_threads_per_multi_processor=2048,
        regs_per_multiprocessor=65536,
        shared_memory_per_block_optin=232448,
        L2_cache_size=62914560,
        is_integrated=0,
        is_multi_gpu_board=0,
        gcnArchName="",
    )


class Event:
    """An event that has always happened already. Times between events are 1 ms: there is no clock."""

    def __init__(self, *_, **__):
        pass

    def record(self, *_, **__):
        return self

    def wait(self, *_, **__):
        pass

    def query(self):
        return True

    def synchronize(self):
        pass

    def elapsed_time(self, _):
        return 1.0


class Stream:
    """A stream. All work is recorded in the order in which the script calls for it, whatever its stream."""

    def __init__(self, *_, **__):
        self.device, self.cuda_stream, self.stream_id = torch.device("cuda", 0), 0, 0

    def wait_stream(self, *_):
        pass

    def wait_event(self, *_):
        pass

    def record_event(self, event=None):
        return event or Event()

    def query(self):
        return True

    def is_capturing(self):
        return False

    def synchronize(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


class _Context:
    """Stands for `torch.cuda.device(...)` and `torch.cuda.stream(...)`."""

    def __init__(self, *_, **__):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


class _Runtime:
    """Stands for `torch.cuda.cudart()`: every function of it succeeds."""

    def __getattr__(self, _):
        return lambda *a, **k: 0


def _give(value):
    return lambda *_, **__: value


_CURRENT = Stream.__new__(Stream)

_ANSWERS = {
    "is_available": True,
    "is_initialized": True,
    "is_bf16_supported": True,
    "is_tf32_supported": True,
    "device_count": 1,
    "current_device": 0,
    "get_device_name": NAME,
    "get_device_capability": CAPABILITY,
    "get_arch_list": ["sm_90"],
    "memory_allocated": 0,
    "max_memory_allocated": 0,
    "memory_reserved": 0,
    "max_memory_reserved": 0,
    "mem_get_info": (MEMORY, MEMORY),
    "memory_summary": "",
    "utilization": 0,
    "initial_seed": 0,
    "can_device_access_peer": False,
    "is_current_stream_capturing": False,
    "current_stream": _CURRENT,
    "default_stream": _CURRENT,
}
_SILENT = [
    "init", "_lazy_init", "synchronize", "empty_cache", "ipc_collect", "reset_peak_memory_stats",
    "reset_max_memory_allocated", "reset_max_memory_cached", "reset_accumulated_memory_stats", "set_device",
    "set_stream", "set_per_process_memory_fraction", "manual_seed", "manual_seed_all", "seed", "seed_all",
    "set_rng_state", "set_rng_state_all", "set_sync_debug_mode", "_sleep",
]  # fmt: skip


# Operators that PyTorch has kernels for on a GPU, and that it takes apart elsewhere.
_WHOLE = ("silu_backward", "mish_backward", "_fused_rms_norm")


def whole():
    """These operators, as far as this PyTorch has them."""
    return [getattr(torch.ops.aten, name) for name in _WHOLE if hasattr(torch.ops.aten, name)]


def keep_whole():
    """Makes PyTorch's dispatcher know kernels for the GPU, so that it does not take operators apart. None is ever run.
    Returns what keeps them known."""
    library = torch.library.Library("aten", "IMPL", "CUDA")
    for operator in whole():
        name = operator.default.name()
        if not torch._C._dispatch_has_kernel_for_dispatch_key(name, "CUDA"):
            library.impl(name.removeprefix("aten::"), lambda *_, **__: NotImplemented)
    return library


def stand_in(patches):
    """Replaces what of `torch` asks for a GPU."""
    for name in ("init_gpu_context", "init_cuda_context"):
        if hasattr(fake_tensor, name):
            patches.set(fake_tensor, name, _give(None))
    _CURRENT.__init__()
    cuda = torch.cuda
    for name, value in _ANSWERS.items():
        patches.set(cuda, name, _give(value))
    for name in _SILENT:
        patches.set(cuda, name, _give(None))
    patches.set(cuda, "get_device_properties", _properties)
    patches.set(cuda, "memory_stats", lambda *_, **__: {})
    patches.set(cuda, "get_rng_state", lambda *_, **__: torch.zeros(16, dtype=torch.uint8))
    patches.set(cuda, "Event", Event)
    patches.set(cuda, "Stream", Stream)
    patches.set(cuda, "device", _Context)
    patches.set(cuda, "device_of", _Context)
    patches.set(cuda, "stream", _Context)
    patches.set(cuda, "cudart", _give(_Runtime()))
    for name in ("range_push", "range_pop", "mark"):
        patches.set(cuda.nvtx, name, _give(None))
    patches.set(cuda.nvtx, "range", lambda *_, **__: contextlib.nullcontext())
    if hasattr(torch, "accelerator"):
        patches.set(torch.accelerator, "is_available", _give(True))
        patches.set(torch.accelerator, "current_accelerator", _give(torch.device("cuda")))
        for name in ("synchronize", "set_stream", "set_device_index", "set_device_idx", "empty_cache"):
            patches.set(torch.accelerator, name, _give(None))
        for name in ("current_device_index", "current_device_idx"):
            patches.set(torch.accelerator, name, _give(0))
        patches.set(torch.accelerator, "device_count", _give(1))
        patches.set(torch.accelerator, "current_stream", _give(_CURRENT))
    patches.set(torch.Tensor, "pin_memory", lambda self, *_, **__: self)
    patches.set(torch.Tensor, "record_stream", _give(None))
    patches.set(torch, "compile", _compile)
    patches.set(torch, "Generator", Generator)
    patches.set(torch.backends.cudnn, "is_acceptable", _give(False))


class Generator(torch.Generator):
    """A source of random numbers. That of a GPU is one of the CPU: there are no numbers."""

    def __new__(cls, device="cpu"):
        return super().__new__(cls, "cpu")


def _compile(model=None, *_, **__):
    """`torch.compile` hands back what it was given: a recording is of eager mode."""
    return (lambda function: function) if model is None else model
