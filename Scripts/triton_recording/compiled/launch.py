"""Records one launch from its compiled kernel, after a sample of its blocks has been held against the interpreter."""

import ctypes
import random
import re

import numpy as np

import weir_trace as weir
from triton_recording.access import RecordError
from triton_recording.compiled import compiling, locks, patterns
from triton_recording.compiled.blocks import Blocks, BoxColumn, Places
from triton_recording.compiled.machine import Machine, Memory, Unsupported
from triton_recording.compiled.plan import width_of

SECTOR = 32
BATCH_CELLS = 1 << 15  # threads that are executed together
SNAPSHOT_BYTES = 4 << 30


class Tensors:
    """The tensors among a launch's arguments, and their places on the imagined device."""

    def __init__(self, recorder, names, values):
        self.list, self.by_address = [], {}
        self._recorder = recorder
        self.arguments = [self._note(name, value) for name, value in zip(names, values)]

    def _note(self, name, value):
        if isinstance(value, tuple):
            return (
                type(value)(self._note(f"{name}.{i}", v) for i, v in enumerate(value))
                if type(value) is tuple
                else value
            )
        if hasattr(value, "block_shape") and hasattr(value, "base"):
            self._add(name, value.base)
            return value
        if hasattr(value, "data_ptr"):
            return compiling.Address(value, self._add(name, value))
        return value

    def _add(self, name, tensor):
        from triton_recording.interpreter import type_name

        storage = tensor.untyped_storage()
        allocation = self._recorder.allocations.place(storage)
        found = self.by_address.get(allocation.address)
        if found is None:
            found = self.by_address[allocation.address] = dict(
                names=[], types=[], address=allocation.address, bytes=allocation.byte_count, host=storage.data_ptr()
            )
            self.list.append(found)
        found["names"].append(name)
        kind = type_name(tensor.dtype)
        if kind not in found["types"]:
            found["types"].append(kind)
        return allocation.address + tensor.data_ptr() - storage.data_ptr()

    def box(self, descriptor):
        """(address, shape, strides, extents, element bytes, tensor number) of a tensor descriptor."""
        base = descriptor.base
        storage = base.untyped_storage()
        allocation = self._recorder.allocations.place(storage)
        number = next(i for i, t in enumerate(self.list) if t["address"] == allocation.address)
        # A copy moves at most 128 bytes of the innermost dimension, since shared memory's swizzling takes no more, and
        # 256 of each other one. Larger blocks take several copies.
        element = base.element_size()
        *outer, inner = descriptor.block_shape
        extents = [min(int(extent), 256) for extent in outer] + [min(int(inner), 128 // element)]
        return (
            allocation.address + base.data_ptr() - storage.data_ptr(),
            list(descriptor.shape),
            list(descriptor.strides),
            extents,
            element,
            number,
        )

    def memory(self):
        """Each allocation as (first address, end, its bytes on the host)."""
        return [
            (t["address"], t["address"] + t["bytes"], _bytes_at(t["host"], t["bytes"])) for t in self.list if t["bytes"]
        ]


def _bytes_at(address, count):
    return np.ctypeslib.as_array((ctypes.c_uint8 * count).from_address(address))


class CompiledLaunch:
    """One launch of a compiled kernel."""

    def __init__(self, recorder, function, arguments, options, grid, compiler):
        names = function.arg_names
        values = dict(zip(names, arguments)) | {k: v for k, v in options.items() if k in names}
        self.tensors = Tensors(recorder, list(values), list(values.values()))
        self.values = dict(zip(values, self.tensors.arguments))
        given = [self.values[name] for name in names[: len(arguments)]]
        rest = {k: self.values.get(k, v) for k, v in options.items()}
        self.grid, self.name = grid, function.__name__
        self.compiled = compiler.compile(function, given, rest, grid)
        self.kernel, self.code, self.plan = self.compiled.kernel, self.compiled.code, self.compiled.plan
        self.blocks = grid[0] * grid[1] * grid[2]
        for name, parameter in _defaults(function).items():
            self.values.setdefault(name, parameter)
        order = {name: self.values[name] for name in names if name in self.values}
        data, descriptors = compiling.parameters(self.kernel, self.compiled, order)
        self.data = data
        self.descriptors = {place: self.tensors.box(one) for place, one in descriptors.items()}
        self.patterns = patterns.Patterns(self.kernel.threads)

    def _machine(self, reduce):
        return Machine(self.kernel, self.data, self.grid, Memory(self.tensors.memory()), reduce, self.descriptors)

    def _batches(self, numbers):
        size = max(1, BATCH_CELLS // self.kernel.threads)
        for start in range(0, len(numbers), size):
            yield numbers[start : start + size]

    # A sample against the interpreter

    def sectors(self, numbers):
        """What some blocks touch: for each a dictionary from (tensor, kind) to a set of sectors."""
        found = {number: {} for number in numbers}
        places = Places([(t["address"], t["address"] + t["bytes"]) for t in self.tensors.list])

        def reduce(one, addresses, mask, blocks, box=None):
            return one, addresses, mask, box

        def sink(blocks, events):
            for number, payload, rows in events.flat():
                payload = locks.unwrapped(payload)
                if not isinstance(payload, tuple):
                    continue
                one, addresses, mask, box = payload
                kind = {"load": "load", "copy": "load", "bulkLoad": "load", "store": "store", "bulkStore": "store"}.get(
                    one.access, "atomic"
                )
                if box is not None:
                    column = BoxColumn(("bulk", addresses, mask, box), rows, len(blocks))
                    for row, block in enumerate(blocks):
                        touched = found[int(block)].setdefault((column.tensor, kind), set())
                        for start, length in column.rows_of(row):
                            touched.update(range(start >> 5, (start + length - 1 >> 5) + 1))
                    continue
                width = width_of(one)
                for row, block in enumerate(blocks):
                    at = row if rows is None else int(rows[row])
                    here = _row(addresses, at)
                    active = np.broadcast_to(_row(mask, at), (self.kernel.threads,))
                    here = np.broadcast_to(here, (self.kernel.threads,))[active].astype(np.int64)
                    if not len(here):
                        continue
                    here = np.unique(here)
                    tensors = places.find(here, here + width)
                    if tensors is None:
                        raise RecordError(
                            self._outside(one, block, sum(places.find(at, at + width) is None for at in here[:, None]))
                        )
                    for tensor in np.unique(tensors):
                        mine = here[tensors == tensor]
                        touched = found[int(block)].setdefault((int(tensor), kind), set())
                        for step in range(0, width, SECTOR):
                            touched.update((mine + step >> 5).tolist())
                        touched.update((mine + width - 1 >> 5).tolist())

        machine = self._machine(reduce)
        for batch in self._batches(numbers):
            machine.run(batch, sink)
        return found

    def difference(self, mine, theirs):
        """What in the interpreter's accesses of the sample contradicts the compiled kernel's; None where nothing does.

        Both store the same sectors. The compiled kernel may leave loads out whose values nobody uses.
        """
        for block, ours in mine.items():
            other = theirs.get(block, {})
            for key in sorted(set(ours) | set(other)):
                tensor, kind = key
                a, b = ours.get(key, set()), other.get(key, set())
                names = ",".join(self.tensors.list[tensor]["names"])
                if kind == "load" and not a <= b or kind != "load" and a != b:
                    return (
                        f"block {block} touches {len(a - b)} sectors of {names} by {kind}s that the interpreter does not touch, "
                        f"and not {len(b - a)} that it does"
                    )
        return None

    def sample(self, seed, count):
        """Some blocks, drawn by the seed; the first and the last are among them."""
        chosen = {0, self.blocks - 1}
        draw = random.Random(f"{seed} {self.name} {self.grid}")
        while len(chosen) < min(count, self.blocks):
            chosen.add(draw.randrange(self.blocks))
        return sorted(chosen)

    # Writing

    def write(self, writer, tiling):
        """Writes the launch with all its blocks."""
        tensors = [
            weir.Tensor(",".join(t["names"]), t["address"], t["bytes"], "/".join(t["types"])) for t in self.tensors.list
        ]
        writer.begin_launch(
            self.kernel.name,
            self.grid,
            self.kernel.threads,
            tensors=tensors,
            registers=min(255, self.compiled.registers),
            shared_memory=self.compiled.shared,
            estimated=False,
            tiling=tiling,
        )
        places = Places([(t["address"], t["address"] + t["bytes"]) for t in self.tensors.list])

        def outside(one):
            raise RecordError(self._outside(one))

        def reduce(one, addresses, mask, blocks, box=None):
            if box is not None:
                return "bulk", addresses, mask, box
            return self.patterns.reduce(width_of(one), addresses, mask, blocks)

        blocks = Blocks(self.plan, self.patterns, places, outside)
        machine = self._machine(reduce)
        following = 0
        for batch in self._batches(range(self.blocks)):
            machine.run(batch, blocks.add)
            following = blocks.write(writer, following)

    def _outside(self, one, block=None, count=None):
        where = f", block {block}" if block is not None else ""
        how_many = f"{count} addresses" if count else "addresses"
        return (
            f"kernel {self.name}{where}: {how_many} of the access at line {one.line[1]} lie outside of the tensors given to the "
            "launch; mask it, or pass the tensors whose pointers it takes from memory"
        )

    def decisions(self):
        """What the compiler decided, by name."""
        copies = [one for one in self.kernel.instructions if one.access in ("copy", "bulkLoad")]
        waits = [
            int(one.operands[0], 0)
            for one in self.kernel.instructions
            if one.name.startswith("cp.async.wait_group") and one.operands
        ]
        products = sorted({n.name.split(".")[0] for n in self.code.lines if re.match(r"[HIQBD]G?MMA", n.name)})
        return {
            "registers": self.compiled.registers,
            "shared_bytes": self.compiled.shared,
            "stack_bytes": self.compiled.stack,
            "spill_instructions": self.code.spills(),
            "warps": self.kernel.threads // 32,
            "stages": self.compiled.stages,
            "async_copies": sum(one.access == "copy" for one in copies),
            "bulk_copies": sum(one.access == "bulkLoad" for one in copies),
            "groups_in_flight": max(waits, default=0),
            "tensor_instructions": ",".join(products) or "none",
            "notes": self.plan.notes,
        }


def _row(array, row):
    return array[row] if array.shape[0] > 1 else array[0]


def _defaults(function):
    import inspect

    parameters = inspect.signature(function.fn).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not inspect.Parameter.empty}


class Snapshot:
    """The contents of a launch's tensors, to be put back."""

    def __init__(self, tensors):
        self._saved = [(data, data.copy()) for _, _, data in tensors.memory()]

    @staticmethod
    def fits(tensors):
        return sum(t["bytes"] for t in tensors.list) <= SNAPSHOT_BYTES

    def restore(self):
        for data, copy in self._saved:
            data[:] = copy


__all__ = ["CompiledLaunch", "Snapshot", "Unsupported"]
