"""Notes what some blocks of a launch touch in the interpreter, to hold the compiled kernel against it."""

import numpy as np

from triton_recording.access import RecordError

SECTOR = 32


class Check:
    """Stands in for a `Launch` while the interpreter runs some blocks."""

    waits = 0

    def __init__(self, kernel, grid, numbers):
        self.kernel, self.grid, self.numbers = kernel, grid, list(numbers)
        self.found = {number: {} for number in numbers}
        self.tensors, self.by_host = [], {}
        self.blocks_begun, self.operations = 0, 0

    def add_tensor(self, allocation, host, name, dtype):
        from triton_recording.launch import LaunchTensor

        if host not in self.by_host:
            # Tensors are numbered by their places, as `Tensors` numbers them.
            tensor = self.by_host[host] = LaunchTensor(allocation, host)
            self.tensors.append(tensor)

    def next_block(self):
        """The program id of the sample's next block."""
        number = self.numbers[self.blocks_begun]
        self.blocks_begun += 1
        x, y, _ = self.grid
        return number % x, number // x % y, number // (x * y)

    def note(self, kind, pointers, mask):
        """Notes the sectors of an access of the block at hand."""
        self.operations += 1
        addresses = np.asarray(pointers.data)
        active = np.broadcast_to(np.asarray(getattr(mask, "data", mask)), addresses.shape).astype(bool)
        if not active.any():
            return
        size = max(1, pointers.get_element_ty().primitive_bitwidth // 8)
        here = np.unique(addresses[active]).astype(np.int64)
        left = len(here)
        for number, tensor in enumerate(self.tensors):
            inside = (here >= tensor.host) & (here + size <= tensor.end)
            if inside.any():
                moved = here[inside] + (tensor.allocation.address - tensor.host)
                touched = self.found[self.numbers[self.blocks_begun - 1]].setdefault((number, kind), set())
                touched.update(np.unique(moved >> 5).tolist())
                touched.update(np.unique(moved + size - 1 >> 5).tolist())
                left -= int(inside.sum())
        if left:
            raise RecordError(
                f"kernel {self.kernel}, block {self.numbers[self.blocks_begun - 1]}: {left} elements of an access lie outside of the "
                "tensors given to the launch; mask it, or pass the tensors whose pointers it takes from memory"
            )
