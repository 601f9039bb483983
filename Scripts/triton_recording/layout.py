"""The blocked layout that Triton's coalescing pass picks: it spreads the tile of a memory operation over warps and lanes.

The rules are those of Sources/Kernels/Layout/BlockedLayout.swift, for tiles of any rank. The dimension that is contiguous
in memory takes a thread's run of elements, then lanes, then warps. The next dimension takes the remaining lanes and warps.
All extents are powers of two.
"""

from functools import lru_cache

import numpy as np

LANES = 32
WIDEST_BYTES = 16


def order_of(contiguity):
    """Dimensions from the fastest to the slowest: longest runs first. Among equal runs the last dimension comes first."""
    return tuple(sorted(reversed(range(len(contiguity))), key=lambda d: -contiguity[d]))


def elements_per_thread(shape, run, warps):
    """The number of neighbours that a thread holds: `run`, but no more than the tile has for each thread of the block."""
    return max(1, min(run, int(np.prod(shape)) // (LANES * warps)))


class Requests:
    """The warp requests of a tile.

    elements: array of requests by lanes by neighbouring elements. Each entry is the element's place in the flattened tile.
    replicas: the number of warps that hold the same elements. Each of them issues a load.
    rows, columns: the lanes of a request along the slow dimensions, and along the fastest one.
    """

    def __init__(self, elements, replicas, rows, columns):
        self.elements, self.replicas, self.rows, self.columns = elements, replicas, rows, columns


def _outer(*offsets):
    """All sums of one entry of each list. The last list runs fastest."""
    sums = np.zeros(1, dtype=np.int64)
    for steps in offsets:
        sums = (sums[:, None] + steps[None, :]).reshape(-1)
    return sums


@lru_cache(maxsize=4096)
def requests(shape, order, per_thread, access, warps):
    """The requests of a tile. A thread has `per_thread` neighbours along `order[0]` and accesses `access` of them at once."""
    strides = [int(np.prod(shape[d + 1:])) for d in range(len(shape))]
    lanes_left, warps_left, threads_left = LANES, warps, LANES * warps
    lanes, warp_counts = {}, {}
    for d in order[:-1]:
        size = per_thread if d == order[0] else 1
        threads = min(threads_left, max(1, shape[d] // size))
        lanes[d] = min(threads, lanes_left)
        warp_counts[d] = max(1, min(threads // lanes[d], warps_left))
        lanes_left //= lanes[d]
        warps_left //= warp_counts[d]
        threads_left //= threads
    lanes[order[-1]], warp_counts[order[-1]] = lanes_left, warps_left

    rounds, distinct_warps, distinct_lanes, replicas = [], [], [], 1
    columns = rows = 1
    for d in reversed(order):
        size = per_thread if d == order[0] else 1
        here = min(lanes[d], max(1, shape[d] // size))
        across = min(warp_counts[d], max(1, shape[d] // (size * lanes[d])))
        trips = max(1, shape[d] // (size * lanes[d] * warp_counts[d]))
        replicas *= warp_counts[d] // across
        rounds.append(np.arange(trips) * (size * lanes[d] * warp_counts[d] * strides[d]))
        distinct_warps.append(np.arange(across) * (size * lanes[d] * strides[d]))
        distinct_lanes.append(np.arange(here) * (size * strides[d]))
        if d == order[0]:
            columns = here
        else:
            rows *= here
    step = strides[order[0]]
    pieces = np.arange(0, per_thread, access) * step
    starts = _outer(*rounds, pieces, *distinct_warps)
    elements = starts[:, None, None] + _outer(*distinct_lanes)[None, :, None] + (np.arange(access) * step)[None, None, :]
    return Requests(elements, replicas, rows, columns)


def rectangle(addresses, mask, order, element_bytes):
    """The active part of a tile as (address, rows, row bytes, pitch), or None if it is not a rectangle at the origin.

    addresses, mask: the whole tile. Its rows run along `order[0]`. At most one other dimension may exceed one element.
    """
    slow = [d for d in order[1:] if addresses.shape[d] > 1]
    if len(slow) > 1:
        return None
    columns = addresses.shape[order[0]]
    if slow and slow[0] > order[0]:
        addresses, mask = addresses.T, mask.T
    addresses, mask = addresses.reshape(-1, columns), mask.reshape(-1, columns)
    row_has, column_has = mask.any(axis=1), mask.any(axis=0)
    rows, row_elements = int(row_has.sum()), int(column_has.sum())
    if not (row_has[:rows].all() and column_has[:row_elements].all() and int(mask.sum()) == rows * row_elements):
        return None
    active = addresses[:rows, :row_elements]
    pitch = int(active[1, 0]) - int(active[0, 0]) if rows > 1 else row_elements * element_bytes
    base = int(active[0, 0])
    expected = base + np.arange(rows)[:, None] * pitch + np.arange(row_elements)[None, :] * element_bytes
    if not np.array_equal(active.astype(np.int64), expected):
        return None
    return base, rows, row_elements * element_bytes, pitch
