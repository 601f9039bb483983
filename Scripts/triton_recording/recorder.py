"""Turns what the interpreter does into launches and blocks of a trace."""

import numpy as np

import weir_trace as weir
from triton_recording import alignment, layout
from triton_recording.access import Access, RecordError
from triton_recording.launch import Allocations
from triton_recording.values import loaded_in


class Recorder:
    """Turns what the interpreter does into launches and blocks of a trace."""

    def __init__(self, writer, kernels):
        self.writer, self.kernels = writer, kernels
        self.allocations = Allocations()
        self.launch, self.launches = None, 0
        # How the interpreter's next launch runs: record, values (nothing is recorded) or check (some blocks are noted).
        self.mode, self.check, self.session = "record", None, None

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
        """The program id of the launch's next block. x runs fastest, as on a GPU and in a trace."""
        if self.check:
            return self.check.next_block()
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
        """A source operation on a tile. Scalars are not counted, since only one lane does their work."""
        if self.launch and not self.check and elements > 1:
            self.launch.counts[kind] += -(-elements // (layout.LANES * self.launch.warps))

    def product(self, shape, columns, element_bytes):
        """A matrix product. It waits for its factors. Factors of 8 bytes do not run on the tensor cores counted here."""
        launch = self.launch
        if not launch or self.check:
            return
        launch.wait()
        if element_bytes <= 4:
            batch = int(np.prod(shape[:-2], dtype=np.int64))
            depth = 8 if element_bytes == 4 else 16
            pieces = batch * -(-shape[-2] // 16) * -(-columns // 8) * -(-shape[-1] // depth)
            launch.counts["products"] += -(-pieces // launch.warps)
            launch.flush()

    def load(self, pointers, mask, hint, place, is_in_loop):
        if self.check:
            return self.check.note("load", pointers, mask)
        launch = self.launch
        if place in launch.places or max(loaded_in(pointers), loaded_in(mask)) == launch.waits:
            launch.wait()
        launch.places.add(place)
        if self._access(weir.LOAD, pointers, mask, hint, widest=16, keeps_own_run=is_in_loop):
            launch.loads_pending = True

    def store(self, pointers, mask, hint):
        if self.check:
            return self.check.note("store", pointers, mask)
        self.launch.wait()
        self._access(weir.STORE, pointers, mask, hint, widest=16)

    def atomic(self, pointers, mask, acquires):
        """An atomic. It moves one word per lane: 4 or 8 bytes, or two neighbours of 2 bytes."""
        if self.check:
            return self.check.note("atomic", pointers, mask)
        launch = self.launch
        launch.wait()
        if self._access(weir.ATOMIC, pointers, mask, weir.NORMAL, widest=4):
            if acquires:
                launch.steps.append(weir.Program.invalidate_l1)
            else:
                launch.loads_pending = True

    def _access(self, kind, pointers, mask, hint, widest, keeps_own_run=True):
        """Adds one operation. Returns whether it touches memory."""
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
    """The knowledge about a mask. A missing mask is the same everywhere."""
    info = alignment.of(mask) if hasattr(mask, "attr") else alignment.Info()
    known = hasattr(mask, "attr") and alignment.KEY in mask.attr
    return info if known else alignment.Info() if active.all() else alignment.Info([alignment.UNKNOWN] * active.ndim)
