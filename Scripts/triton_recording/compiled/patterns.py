"""The lanes of one warp instruction, as a trace holds them: rectangles where they are some, else lane by lane."""

import numpy as np

WARP = 32


class Pattern:
    """Which bytes the threads of a block touch with one instruction, relative to its first byte.

    `tiles`: (offset, rows, row bytes, pitch, request rows, lanes per row, replicas); `lanes`: (offsets, replicas).
    """

    __slots__ = ("width", "tiles", "lanes", "low", "high")

    def __init__(self, offsets, mask, width):
        self.width = width
        self.tiles, self.lanes = [], []
        active = offsets[mask]
        self.low, self.high = int(active.min()), int(active.max()) + width
        warps = {}
        for warp in range(0, len(offsets), WARP):
            here = mask[warp : warp + WARP]
            if here.any():
                lanes = tuple(np.unique(offsets[warp : warp + WARP][here]).tolist())
                warps[lanes] = warps.get(lanes, 0) + 1
        self._divide(list(warps.items()))

    def _divide(self, warps):
        """Joins warps of equal shape and replicas whose places are a rectangle into one tile."""
        shapes = {}
        for lanes, replicas in warps:
            shape = self._rectangle(lanes)
            if shape is None:
                self.lanes.append((lanes, replicas))
            else:
                shapes.setdefault((shape, replicas), []).append(lanes[0])
        for (shape, replicas), starts in shapes.items():
            run, rows, pitch = shape  # lanes in a row, rows, bytes from row to row
            for start, across, down, gap in self._grid(sorted(starts), run * self.width, rows, pitch):
                row_bytes = run * self.width * across
                step = pitch if rows > 1 else gap or row_bytes
                self.tiles.append((start, rows * down, row_bytes, step, rows, run, replicas))

    def _rectangle(self, lanes):
        width, count = self.width, len(lanes)
        run = 1
        while run < count and lanes[run] - lanes[run - 1] == width:
            run += 1
        if count % run:
            return None
        rows = count // run
        if rows == 1:
            return (run, 1, 0)
        pitch = lanes[run] - lanes[0]
        if pitch < run * width:
            return None
        expected = [row * pitch + lane * width for row in range(rows) for lane in range(run)]
        if [lane - lanes[0] for lane in lanes] != expected:
            return None
        return (run, rows, pitch)

    def _grid(self, starts, row_bytes, rows, pitch):
        """The starts of requests as rectangles: (first start, requests across, requests down, bytes down)."""
        if len(starts) == 1:
            return [(starts[0], 1, 1, 0)]
        across = 1
        while (
            across < len(starts)
            and starts[across] - starts[across - 1] == row_bytes
            and (rows == 1 or across * row_bytes + row_bytes <= pitch)
        ):
            across += 1
        if len(starts) % across == 0:
            down = len(starts) // across
            if down == 1:
                return [(starts[0], across, 1, 0)]
            step = starts[across] - starts[0]
            expected = [d * step + a * row_bytes for d in range(down) for a in range(across)]
            if (
                [s - starts[0] for s in starts] == expected
                and step >= across * row_bytes
                and (rows == 1 or step == rows * pitch)
            ):
                return [(starts[0], across, down, step)]
        return [(start, 1, 1, 0) for start in starts]


class Patterns:
    """All patterns of a launch, each once."""

    LIMIT = 16

    def __init__(self, threads):
        self.threads = threads
        self.known, self.list = {}, []
        self._bounds = None

    def of(self, offsets, mask, width):
        key = (width, offsets[mask].tobytes(), mask.tobytes())
        number = self.known.get(key)
        if number is None:
            number = self.known[key] = len(self.list)
            self.list.append(Pattern(offsets, mask, width))
        return number

    def bounds(self):
        """Where each pattern begins and ends, from its base address, as two arrays."""
        if self._bounds is None or len(self._bounds[0]) != len(self.list):
            self._bounds = np.array([[p.low, p.high] for p in self.list], dtype=np.int64).reshape(-1, 2).T
        return self._bounds

    def reduce(self, width, addresses, mask, blocks):
        """The pattern and the base address of each block: (numbers, bases), or ('raw', addresses, mask).

        A number is -1 where nothing is active.
        """
        threads = self.threads
        if not mask.any():
            return -1, None
        addresses = addresses.view(np.int64) if addresses.dtype == np.uint64 else addresses.astype(np.int64)
        if mask.shape[0] == 1 or (mask == mask[:1]).all():
            active = np.broadcast_to(mask[0], (threads,))
            chosen = np.broadcast_to(addresses, (addresses.shape[0], threads))[:, active]
            bases = chosen[:, 0]
            if chosen.shape[0] == 1 or (chosen - chosen[:, :1] == chosen[0] - chosen[0, 0]).all():
                offsets = np.zeros(threads, dtype=np.int64)
                offsets[active] = chosen[0] - chosen[0, 0]
                return self.of(offsets, np.ascontiguousarray(active), width), np.broadcast_to(bases, (blocks,)).copy()
        full = np.broadcast_to(addresses, (blocks, threads))
        active = np.broadcast_to(mask, (blocks, threads))
        has = active.any(axis=1)
        first = np.argmax(active, axis=1)
        bases = full[np.arange(blocks), first]
        offsets = np.where(active, full - bases[:, None], -1)
        rows, inverse = np.unique(offsets, axis=0, return_inverse=True)
        if len(rows) > max(self.LIMIT, blocks // 4):
            return "raw", (full.copy(), active.copy())
        numbers = np.empty(len(rows), dtype=np.int64)
        example = np.zeros(len(rows), dtype=np.int64)
        example[inverse.ravel()] = np.arange(blocks)
        for index in range(len(rows)):
            row = active[example[index]]
            numbers[index] = (
                self.of(np.where(row, rows[index], 0), np.ascontiguousarray(row), width) if row.any() else -1
            )
        return np.where(has, numbers[inverse.ravel()], -1), bases
