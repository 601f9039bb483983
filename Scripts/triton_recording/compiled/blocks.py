"""Writes the blocks of a launch from groups of blocks that went the same way."""

import numpy as np

import weir_trace as weir
from triton_recording.compiled import locks
from triton_recording.compiled.plan import BULK_LOAD, BULK_STORE, COPY_BYPASS, COPY_L1, Steps, hint_of, trips, width_of
from triton_recording.compiled.sass import FIELDS

KINDS = {
    "load": weir.LOAD,
    "store": weir.STORE,
    "reduction": weir.REDUCTION,
    "atomic": weir.ATOMIC,
    "bulkLoad": BULK_LOAD,
    "bulkStore": BULK_STORE,
}


def kind_of(one, kind):
    if kind == "copy":
        return COPY_L1 if ".ca." in one.name else COPY_BYPASS
    return KINDS[kind]


class Places:
    """The launch's tensors by their addresses: (first, end) of each."""

    def __init__(self, tensors):
        order = sorted(range(len(tensors)), key=lambda i: tensors[i][0])
        self.starts = np.array([tensors[i][0] for i in order], dtype=np.int64)
        self.ends = np.array([tensors[i][1] for i in order], dtype=np.int64)
        self.numbers = np.array(order, dtype=np.int64)

    def find(self, low, high):
        """The numbers of the tensors that hold [low, high); None where one of the ranges lies in none."""
        if not len(self.starts):
            return None
        at = np.searchsorted(self.starts, low, side="right") - 1
        good = (at >= 0) & (high <= self.ends[np.maximum(at, 0)])
        return self.numbers[at] if good.all() else None


class Blocks:
    """The programs of all blocks, kept until the blocks before them are written."""

    def __init__(self, plan, patterns, places, outside):
        self.plan, self.patterns, self.places, self.outside = plan, patterns, places, outside
        self.ready = {}

    def add(self, blocks, events):
        """Takes a group of blocks with its events."""
        steps = Steps(self.plan, trips(self.plan, events.flat())).list
        count = len(blocks)
        hints = locks.hints(steps, self.plan.swaps)
        columns = [
            self._column(step[1], locks.unwrapped(step[3]), step[4], count) for step in steps if step[0] == "access"
        ]
        keys = [key for column in columns for key in column.keys]
        if any(column.is_raw for column in columns):
            classes = [np.array([row]) for row in range(count)]
        elif all((key == key[0]).all() for key in keys):
            classes = [np.arange(count)]
        else:
            _, inverse = np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)
            inverse = inverse.ravel()
            order = np.argsort(inverse, kind="stable")
            classes = np.split(order, np.flatnonzero(np.diff(inverse[order])) + 1)
        for rows in classes:
            self._class(steps, hints, columns, rows, blocks)

    def _column(self, one, payload, rows, count):
        if isinstance(payload[0], str) and payload[0] == "bulk":
            return BoxColumn(payload, rows, count)
        what, bases = payload
        if isinstance(what, str):
            full, active = bases
            return RawColumn(self, one, full if rows is None else full[rows], active if rows is None else active[rows])
        numbers = np.broadcast_to(np.asarray(what, dtype=np.int64), (len(bases) if bases is not None else count,))
        if bases is None:
            bases = np.zeros(count, dtype=np.int64)
        elif rows is not None:
            numbers, bases = numbers[rows], bases[rows]
        return PatternColumn(self, one, numbers, bases)

    def _class(self, steps, hints, columns, rows, blocks):
        """Blocks whose accesses have the same patterns and tensors: they differ in addresses alone."""
        program = weir.Program()
        moving, lanes = [], []  # the moving numbers of all blocks; the requests' lanes with their bases
        at = iter(columns)
        for place, step in enumerate(steps):
            what = step[0]
            if what == "access":
                _, one, kind, _, _ = step
                hint = hints.get(place, hint_of(one))
                next(at).append(program, kind_of(one, kind), hint, rows, moving, lanes)
                if kind == "atomic" and "acq" in one.name and place not in hints:
                    program.invalidate_l1()
            elif what == "compute":
                program.compute(step[1][0], **dict(zip(FIELDS[1:], step[1][1:])))
            elif what == "await":
                program.await_loads()
            elif what == "commit":
                program.commit_group()
            elif what == "groups":
                program.await_groups(step[1])
            elif what == "products":
                program.begin_products(step[1])
            elif what == "productsWait":
                program.await_products(step[1])
            elif what == "barrier":
                program.barrier()
        moving = np.stack(moving, axis=1) if moving else np.zeros((len(rows), 0), dtype=np.int64)
        positions = [position for position, _ in program.moving]
        for index, row in enumerate(rows):
            self.ready[int(blocks[row])] = (
                program.shapes,
                positions,
                moving[index],
                self._lanes(program.lanes, lanes, index) if lanes else program.lanes,
            )

    @staticmethod
    def _lanes(template, requests, index):
        """Lane differences of a block: those of the class's first block, but for the first of each request."""
        lanes, last = list(template), 0
        for start, offsets, bases in requests:
            base = int(bases[index])
            lanes[start] = base + offsets[0] - last & weir.MASK
            last = base + offsets[-1]
        return lanes

    def write(self, writer, number):
        """Writes the blocks from `number` on that are ready. Returns the next one."""
        while number in self.ready:
            shapes, positions, moving, lanes = self.ready.pop(number)
            program = weir.Program()
            program.shapes, program.lanes = shapes, lanes
            program.moving = [(position, int(value)) for position, value in zip(positions, moving)]
            writer.add_block(program)
            number += 1
        return number


class PatternColumn:
    """An access whose lanes have one of the launch's patterns in each block."""

    is_raw = False

    def __init__(self, blocks, one, numbers, bases):
        self.patterns = blocks.patterns.list
        self.numbers = numbers
        on = numbers >= 0
        self.tensors = np.zeros(len(numbers), dtype=np.int64)
        if on.any():
            low, high = blocks.patterns.bounds()
            found = blocks.places.find(bases[on] + low[numbers[on]], bases[on] + high[numbers[on]])
            if found is None:
                blocks.outside(one)
            self.tensors[on] = found
        self.bases = bases
        self.keys = [np.where(on, numbers * 65536 + self.tensors, -1)]

    def append(self, program, kind, hint, rows, moving, lanes):
        number = int(self.numbers[rows[0]])
        if number < 0:
            return
        pattern, tensor, bases = self.patterns[number], int(self.tensors[rows[0]]), self.bases[rows]
        width = pattern.width
        for offset, tile_rows, row_bytes, pitch, request_rows, run, replicas in pattern.tiles:
            program.tile(
                kind,
                tensor=tensor,
                element_bytes=min(width, 16),
                address=0,
                rows=tile_rows,
                row_bytes=row_bytes,
                pitch_bytes=pitch,
                request_rows=request_rows,
                lanes_per_row=run,
                lane_bytes=width,
                lane_stride_bytes=width,
                replicas=replicas,
                hint=hint,
            )
            moving.append(bases + offset)
        for offsets, replicas in pattern.lanes:
            lanes.append((len(program.lanes), offsets, bases))
            program.warp_request(
                kind,
                [int(bases[0]) + offset for offset in offsets],
                tensor=tensor,
                lane_bytes=width,
                replicas=replicas,
                hint=hint,
            )


class RawColumn:
    """An access whose lanes differ from block to block."""

    is_raw, keys = True, ()

    def __init__(self, blocks, one, addresses, active):
        self.blocks, self.one, self.addresses, self.active = blocks, one, addresses, active

    def append(self, program, kind, hint, rows, moving, lanes):
        width = width_of(self.one)
        addresses, active = self.addresses[rows[0]], self.active[rows[0]]
        for warp in range(0, len(addresses), 32):
            here = np.unique(addresses[warp : warp + 32][active[warp : warp + 32]])
            if not len(here):
                continue
            tensors = self.blocks.places.find(here, here + width)
            if tensors is None:
                self.blocks.outside(self.one)
            for tensor in np.unique(tensors):
                mine = tensors == tensor
                places = here[mine].tolist()
                lanes.append((len(program.lanes), [place - places[0] for place in places], np.array([places[0]])))
                program.warp_request(kind, places, tensor=int(tensor), lane_bytes=width, hint=hint)


class BoxColumn:
    """A bulk copy of a box of a tensor, by one thread of some warps."""

    is_raw = False
    LANE_BYTES = 16

    def __init__(self, payload, rows, count):
        _, at, mask, box = payload
        self.box, self.pieces, self.keys = box, [], []
        base, shape, strides, extents, element, self.tensor = box[:6]
        active = (
            np.broadcast_to(mask, (mask.shape[0], mask.shape[1])).reshape(mask.shape[0], -1, 32)
            if mask.shape[1] > 1
            else mask[:, :, None]
        )
        for warp in range(active.shape[1]):
            on = np.broadcast_to(active[:, warp].any(axis=1), (max(active.shape[0], 1),))
            on = on[rows] if rows is not None and len(on) > 1 else on
            on = np.broadcast_to(on, (count,))
            if not on.any():
                continue
            starts = []
            for one in at:
                value = one[:, warp * 32] if one.shape[1] > 1 else one[:, 0]
                value = value[rows] if rows is not None and len(value) > 1 else value
                starts.append(np.broadcast_to(value, (count,)).astype(np.int64))
            # PTX names the innermost coordinate first, a descriptor the outermost.
            starts = starts[::-1]
            lengths = [
                np.clip(np.minimum(start + extent, int(size)) - np.maximum(start, 0), 0, None)
                for start, extent, size in zip(starts, extents, shape)
            ]
            address = base + sum(np.maximum(s, 0) * int(stride) for s, stride in zip(starts, strides)) * element
            columns = lengths[-1]
            height = lengths[-2] if len(lengths) > 1 else np.ones(count, dtype=np.int64)
            outer = np.ones(count, dtype=np.int64)
            for length in lengths[:-2]:
                outer = outer * length
            on = on & (columns > 0) & (height > 0) & (outer > 0)
            pitch = int(strides[-2]) * element if len(lengths) > 1 else 0
            self.pieces.append((on, columns, height, lengths, address, pitch, [int(s) * element for s in strides]))
            self.keys += [on.astype(np.int64)] + [np.where(on, length, 0) for length in lengths]

    def rows_of(self, block):
        """The address and bytes of each row of memory that a block's boxes hold."""
        element = self.box[4]
        for on, columns, height, lengths, address, pitch, strides in self.pieces:
            if on[block]:
                for offset in self._outer(lengths, strides, block):
                    for row in range(int(height[block])):
                        yield int(address[block]) + offset + row * pitch, int(columns[block]) * element

    @staticmethod
    def _outer(lengths, strides, block):
        """Where each plane of a box of three and more dimensions begins, from its first byte."""
        offsets = [0]
        for length, stride in zip(lengths[:-2], strides[:-2]):
            offsets = [offset + step * stride for offset in offsets for step in range(int(length[block]))]
        return offsets

    def append(self, program, kind, hint, rows, moving, lanes):
        first = rows[0]
        element = self.box[4]
        for on, columns, height, lengths, address, pitch, strides in self.pieces:
            if not on[first]:
                continue
            row_bytes, tile_rows = int(columns[first]) * element, int(height[first])
            run = max(1, min(32, row_bytes // self.LANE_BYTES))
            for offset in self._outer(lengths, strides, first):
                program.tile(
                    kind,
                    tensor=self.tensor,
                    element_bytes=element,
                    address=0,
                    rows=tile_rows,
                    row_bytes=row_bytes,
                    pitch_bytes=pitch or row_bytes,
                    request_rows=max(1, 32 // run),
                    lanes_per_row=run,
                    lane_bytes=self.LANE_BYTES,
                    lane_stride_bytes=self.LANE_BYTES,
                    hint=hint,
                )
                moving.append(address[rows] + offset)
