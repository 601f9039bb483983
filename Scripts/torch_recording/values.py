"""Runs PyTorch's operators: without values where a tensor is on the GPU or large, with values elsewhere."""

import torch
from torch._subclasses.fake_tensor import FakeTensor, FakeTensorMode
from torch.utils import _pytree as pytree

from torch_recording.convolution import give_layout
from torch_recording.errors import ScriptError

try:
    from torch._subclasses.fake_tensor import DataDependentOutputException, DynamicOutputShapeException
except ImportError:  # a later PyTorch may move them
    DataDependentOutputException = DynamicOutputShapeException = ()

aten = torch.ops.aten

_CONVOLUTIONS = {aten.convolution.default, aten.convolution_backward.default}

# A tensor in the CPU's memory of more elements has no values either, so that a large model may be built there.
LARGEST_WITH_VALUES = 65536


def is_on_gpu(tensor):
    return isinstance(tensor, FakeTensor) and tensor.fake_device.type == "cuda"


def is_meta(device):
    return device is not None and torch.device(device).type == "meta"


def tensors_in(*trees):
    return [leaf for leaf in pytree.tree_leaves(trees) if isinstance(leaf, torch.Tensor)]


class Values:
    def __init__(self, integer=None):
        self.fake = FakeTensorMode(allow_non_fake_inputs=True)
        # What `.item()` of an integer on the GPU gives; None makes it an error.
        self.integer = integer
        self.invented = 0

    def run(self, func, args, kwargs, tensors):
        if not self._is_without_values(func, args, kwargs, tensors):
            return func(*args, **kwargs)
        if func is aten._to_copy.default:
            if is_meta(kwargs.get("device")):
                # PyTorch asks the device's guard which GPU is meant, and that of "meta" answers (`guard.Guard`).
                kwargs = {**kwargs, "device": torch.device("cuda", 0)}
            if _changes_nothing(*args, **kwargs):
                return args[0]
            if not isinstance(args[0], FakeTensor):
                args = (self.fake.from_tensor(args[0]), *args[1:])
        if func is aten._local_scalar_dense.default:
            return self._scalar(args[0])
        if func is aten.bincount.default:
            return self._bincount(*args, **kwargs)
        if func is aten.is_pinned.default:
            return False
        try:
            with self.fake:
                result = func(*args, **kwargs)
                if func in _CONVOLUTIONS:
                    result = give_layout(func, args, result)
                return result
        except (DataDependentOutputException, DynamicOutputShapeException):
            raise ScriptError(
                f"the result of {func._schema.name} depends on values, which a recording has not",
                "compute it in the CPU's memory, or use an operator whose shape is known, such as torch.where",
            ) from None

    def _is_without_values(self, func, args, kwargs, tensors):
        for tensor in tensors:
            if isinstance(tensor, FakeTensor):
                return True
        device = kwargs.get("device")
        if device is not None and torch.device(device).type != "cpu":
            return True
        if tensors or not args or not isinstance(args[0], (list, tuple)):
            return False
        count = 1
        for size in args[0]:
            if not isinstance(size, int):
                return False
            count *= size
        return count > LARGEST_WITH_VALUES

    def _scalar(self, tensor):
        self.invented += 1
        if tensor.dtype is torch.bool:
            return False
        if tensor.dtype.is_floating_point:
            return 0.0
        if tensor.dtype.is_complex:
            return 0j
        if self.integer is None:
            raise ScriptError(
                "the script reads an integer from the GPU, and a recording has no values",
                "make it a Python number, or name the value: --integer N",
            )
        return self.integer

    def _bincount(self, indices, weights=None, minlength=0):
        if minlength == 0:
            raise ScriptError(
                "the length of torch.bincount's result depends on values, which a recording has not",
                "give it minlength=N",
            )
        with self.fake:
            return indices.new_empty(minlength, dtype=weights.dtype if weights is not None else torch.int64)


def _changes_nothing(tensor, *, dtype=None, layout=None, device=None, memory_format=None, **_):
    """Whether autograd's engine takes a gradient to another device than that which it has already."""
    return (
        torch._C._current_autograd_node() is not None
        and device is not None
        and is_on_gpu(tensor)
        and torch.device(device).type == "cuda"
        and dtype in (None, tensor.dtype)
        and memory_format is None
    )


def watch_readers(patches):
    """What reads a tensor's values, without an operator that the capture sees."""

    def refuse(name):
        def read(tensor, *_, **__):
            raise ScriptError(
                f"the script reads the values of a tensor with .{name}(), and a recording has none",
                "make such values in the CPU's memory, or leave this line out while recording",
            )

        return read

    for name in ("numpy", "tolist"):
        patches.set(FakeTensor, name, refuse(name))
    plain = torch.Tensor.__format__
    patches.set(
        FakeTensor, "__format__", lambda self, form: format(self.item(), form) if self.dim() == 0 else plain(self, form)
    )
