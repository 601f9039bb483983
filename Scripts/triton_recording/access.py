"""One memory operation of a block, and its division into requests of warps."""

import numpy as np

import weir_trace as weir
from triton_recording import alignment, layout


class RecordError(Exception):
    """Something cannot be recorded. The message is one line: place, cause, cure."""


class Access:
    """One memory operation on one tensor: a tile of addresses, and its division into requests."""

    def __init__(self, launch, kind, tensor, addresses, active, element_bytes, known, masked, hint, widest):
        self.kind, self.tensor, self.hint, self.element_bytes, self.warps = kind, tensor, hint, element_bytes, launch.warps
        self.addresses, self.active, self.size = addresses, active, addresses.size
        self.tile, self.lanes = None, []
        if self.size == 1:
            self.tile = dict(
                address=int(addresses.reshape(-1)[0]), rows=1, row_bytes=element_bytes, pitch_bytes=element_bytes,
                request_rows=1, lanes_per_row=1, lane_bytes=element_bytes, lane_stride_bytes=element_bytes,
                replicas=self.warps if kind == weir.LOAD else 1)
            return
        shape = addresses.shape
        if any(extent & (extent - 1) for extent in shape):
            raise RecordError(f"kernel {launch.kernel}: a tile of {shape}; Triton's extents are powers of two")
        axes = known.axes or [alignment.UNKNOWN] * len(shape)
        self.order = layout.order_of([axis.contiguity for axis in axes])
        fast = self.order[0]
        self.like = (shape, self.order)
        run = min(axes[fast].contiguity, max(1, axes[fast].divisibility // element_bytes), shape[fast],
                  max(1, layout.WIDEST_BYTES // element_bytes))
        self.run = _true_run(np.moveaxis(addresses, fast, -1), run, element_bytes)
        limit = masked.axes[fast].constancy if masked.axes else shape[fast]
        self.widest = min(self.run, max(1, widest // element_bytes), limit)

    def divide(self, run):
        """Divides the tile among threads that hold up to `run` neighbours each. Then it frees the addresses."""
        addresses, active, element_bytes, shape = self.addresses, self.active, self.element_bytes, self.addresses.shape
        per_thread = layout.elements_per_thread(shape, run, self.warps)
        width = _uniform_run(np.moveaxis(active, self.order[0], -1), min(per_thread, self.widest))
        requests = layout.requests(shape, self.order, per_thread, width, self.warps)
        self.replicas = requests.replicas if self.kind == weir.LOAD else 1
        self.lane_bytes = width * element_bytes
        found = layout.rectangle(addresses, active, self.order, element_bytes)
        if found:
            address, rows, row_bytes, pitch = found
            self.tile = dict(
                address=address, rows=rows, row_bytes=row_bytes, pitch_bytes=pitch, request_rows=requests.rows,
                lanes_per_row=requests.columns, lane_bytes=self.lane_bytes, lane_stride_bytes=per_thread * element_bytes,
                replicas=self.replicas)
        else:
            firsts = requests.elements[:, :, 0]
            lanes, present = addresses.reshape(-1)[firsts], active.reshape(-1)[firsts]
            self.lanes = [lanes[r][present[r]].tolist() for r in np.flatnonzero(present.any(axis=1))]
        self.addresses = self.active = None

    def append(self, program):
        if self.tile:
            program.tile(self.kind, tensor=self.tensor, element_bytes=self.element_bytes, hint=self.hint, **self.tile)
        for lanes in self.lanes:
            program.warp_request(
                self.kind, lanes, tensor=self.tensor, lane_bytes=self.lane_bytes, replicas=self.replicas, hint=self.hint)


def _true_run(addresses, run, element_bytes):
    """`run`, or less if the addresses of this tile are less contiguous or aligned. The hints of a kernel may be wrong."""
    while run > 1:
        groups = addresses.reshape(-1, run)
        if (groups == groups[:, :1] + np.arange(run) * element_bytes).all() and not (groups[:, 0] % (run * element_bytes)).any():
            break
        run //= 2
    return run


def _uniform_run(active, width):
    while width > 1:
        groups = active.reshape(-1, width)
        if (groups.any(axis=1) == groups.all(axis=1)).all():
            break
        width //= 2
    return width
