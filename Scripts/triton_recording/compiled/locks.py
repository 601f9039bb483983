"""Finds the locks that blocks take by compare-and-swaps in spinning loops, and give back by exchanges."""

import weir_trace as weir
from triton_recording.compiled.ptx import registers


class Exchange:
    """What a scalar compare-and-swap or exchange did: the word, what it held before, and the numbers given, by block."""

    __slots__ = ("payload", "address", "old", "given")

    def __init__(self, payload, address, old, given):
        self.payload, self.address, self.old, self.given = payload, address, old, given

    def of(self, rows):
        """(address, old, numbers given) of some of the blocks."""
        rows = slice(None) if rows is None else rows
        return self.address[rows], self.old[rows], [number[rows] for number in self.given]

    def is_refused(self, rows):
        """Whether the compare-and-swap found another number in all of these blocks."""
        _, old, given = self.of(rows)
        return bool((old != given[0]).all())


def unwrapped(payload):
    return payload.payload if isinstance(payload, Exchange) else payload


def spinning_swap(kernel, blocks):
    """The compare-and-swap that a loop repeats until its result ends the loop, and that is its only access; or None."""
    code = [one for block in sorted(blocks) for one in kernel.instructions[slice(*kernel.blocks[block])]]
    accesses = [one for one in code if one.access]
    if len(accesses) != 1 or accesses[0].access != "atomic" or "cas" not in accesses[0].parts:
        return None
    swap = accesses[0]
    wanted = {
        one.predicate[0]
        for one in code
        if one.parts[0] == "bra" and one.predicate and (kernel.target(one) in blocks or one.block + 1 in blocks)
    }
    seen = set()
    while wanted:
        name = wanted.pop()
        seen.add(name)
        for one in code:
            if name not in one.results:
                continue
            if one is swap:
                return swap
            sources = set(one.sources)
            if one.parts[0] == "ld" and "shared" in one.name:
                # What one thread got, all read.
                for store in code:
                    if store.parts[0] == "st" and "shared" in store.name:
                        sources |= set(registers(store.operands[1]))
            wanted |= sources - seen
    return None


def hints(steps, swaps):
    """The hint of each step that takes or gives back a lock, by its place among the steps of a group of blocks.

    A block takes a lock where a spinning compare-and-swap writes another number than it found, and a later exchange of
    the same block writes that number back. Anything else stays an atomic.
    """
    found = {}
    for place, step in enumerate(steps):
        if step[0] != "access" or step[1].number not in swaps or not isinstance(step[3], Exchange):
            continue
        address, old, (free, held) = step[3].of(step[4])
        if (old != free).any() or (held == free).any():
            continue
        for later in range(place + 1, len(steps)):
            other = steps[later]
            if other[0] != "access" or other[2] != "atomic" or not isinstance(other[3], Exchange) or later in found:
                continue
            word, _, given = other[3].of(other[4])
            if len(given) == 1 and (word == address).all() and (given[0] == free).all():
                found[place], found[later] = weir.TAKES_LOCK, weir.GIVES_LOCK
                break
    return found
