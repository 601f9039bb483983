"""Names of allocations, and tensors as an operator list has them."""

import torch
from torch.multiprocessing.reductions import StorageWeakRef

TYPES = {
    torch.bool: "bool",
    torch.uint8: "u8",
    torch.int8: "i8",
    torch.int16: "i16",
    torch.int32: "i32",
    torch.int64: "i64",
    torch.float16: "f16",
    torch.bfloat16: "bf16",
    torch.float32: "f32",
    torch.float64: "f64",
}
_BY_SIZE = {1: "u8", 2: "i16", 4: "i32", 8: "i64", 16: "f64"}


class Identities:
    """Numbers storages in the order of first mention."""

    def __init__(self):
        self._numbers = {}
        # A weak reference keeps a storage's address from being used again, though not its memory.
        self._references = []
        self.other_types = set()

    def _key(self, tensor):
        return tensor.untyped_storage()._cdata

    def number(self, tensor):
        storage = tensor.untyped_storage()
        key = storage._cdata
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._references)
            self._references.append(StorageWeakRef(storage))
        return number

    def join(self, tensor, number):
        """Makes the storage of `tensor` another name of allocation `number`."""
        storage = tensor.untyped_storage()
        self._references.append(StorageWeakRef(storage))
        self._numbers[storage._cdata] = number

    def describe(self, tensor):
        """The fields of a tensor in an operator list."""
        kind = TYPES.get(tensor.dtype)
        shape = list(tensor.shape)
        if kind is None:
            self.other_types.add(str(tensor.dtype))
            kind = _BY_SIZE[tensor.element_size()]
            if tensor.element_size() == 16:
                shape.append(2)
        fields = {"id": f"t{self.number(tensor)}", "shape": shape}
        if not tensor.is_contiguous():
            fields["strides"] = (
                list(tensor.stride())
                if len(shape) == tensor.dim()
                else [2 * stride for stride in tensor.stride()] + [1]
            )
        fields["type"] = kind
        offset = tensor.storage_offset()
        if offset:
            fields["offset"] = offset * (2 if len(shape) > tensor.dim() else 1)
        return fields
