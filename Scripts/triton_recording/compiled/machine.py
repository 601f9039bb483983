"""Executes the part of a PTX kernel that decides addresses and branches, for many blocks at once.

A register is a numpy array that broadcasts to (blocks, threads): what depends on the block alone is a column, what
depends on the thread alone a row.
"""

import re

import numpy as np

from triton_recording.compiled.locks import Exchange
from triton_recording.compiled.ptx import REGISTER

WARP = 32
U = {8: np.uint8, 16: np.uint16, 32: np.uint32, 64: np.uint64}
S = {8: np.int8, 16: np.int16, 32: np.int32, 64: np.int64}
F = {16: np.float16, 32: np.float32, 64: np.float64}


class Unsupported(Exception):
    """A construct that is not executed; the text names it."""


def type_of(name):
    """The last type in an opcode as (letter, bits)."""
    for part in reversed(name.split(".")):
        found = re.fullmatch(r"([usbf])(8|16|32|64|128)|pred|bf16|f16x2|bf16x2|tf32|b1", part)
        if found:
            if part == "pred":
                return ("p", 1)
            if part == "bf16":
                return ("bf", 16)
            if not found.group(1):
                return ("x2", 32)
            return (found.group(1), int(found.group(2)))
    return ("b", 32)


def immediate(text, kind):
    letter, bits = kind
    if letter == "p":
        return np.array([[text not in ("0", "false")]])
    if re.fullmatch(r"0f[0-9a-fA-F]{8}", text):
        return np.array([[int(text[2:], 16)]], dtype=np.uint32)
    if re.fullmatch(r"0d[0-9a-fA-F]{16}", text):
        return np.array([[int(text[2:], 16)]], dtype=np.uint64)
    value = int(text.rstrip("Uu"), 0)
    size = max(8, min(64, bits))
    return np.array([[value & ((1 << size) - 1)]], dtype=U[size])


def cast(value, letter, bits):
    """Bits of a register as numbers of a type; registers are kept unsigned."""
    value = np.asarray(value)
    if value.dtype == bool:
        return value
    size = value.dtype.itemsize * 8
    if letter in ("bf",):
        return (value.astype(np.uint32) << np.uint32(16)).view(np.float32)
    if size != bits:
        value = value.astype(U[bits])
    if letter == "s":
        return value.view(S[bits])
    if letter == "f":
        return value.view(F[bits])
    return value


def bits_of(value, letter="u", bits=32):
    value = np.ascontiguousarray(value)
    if value.dtype == bool:
        return value
    if letter == "bf":
        wide = value.astype(np.float32).view(np.uint32)
        return ((wide + np.uint32(0x7FFF) + ((wide >> np.uint32(16)) & np.uint32(1))) >> np.uint32(16)).astype(
            np.uint16
        )
    return value.view(U[value.dtype.itemsize * 8])


class Memory:
    """Device memory as the launch sees it: the arguments' own memory, of which atomics change a copy."""

    def __init__(self, allocations):
        self.allocations = sorted(allocations)  # (address, end, bytes as an array)
        self.copies = {}

    def find(self, low, high):
        for index, (start, end, data) in enumerate(self.allocations):
            if start <= low and high <= end:
                return index, start, self.copies.get(index, data)
        return None

    def own(self, index):
        if index not in self.copies:
            self.copies[index] = self.allocations[index][2].copy()
        return self.copies[index]

    def load(self, addresses, mask, size):
        """Numbers of `size` bytes at the addresses; 0 where the mask is not set or nothing is known."""
        addresses, mask = np.broadcast_arrays(addresses, mask)
        out = np.zeros(addresses.shape, dtype=U[size * 8])
        left = mask.copy()
        for index, (start, end, data) in enumerate(self.allocations):
            here = left & (addresses >= np.uint64(start)) & (addresses <= np.uint64(max(start, end - size)))
            if here.any():
                data = self.copies.get(index, data)
                at = (addresses[here] - np.uint64(start)).astype(np.int64)
                if (at % size).any():
                    raise Unsupported("a load that is not aligned")
                out[here] = data[: len(data) // size * size].view(U[size * 8])[at // size]
                left &= ~here
            if not left.any():
                break
        return out


class Group:
    """Blocks that have gone the same way."""

    __slots__ = ("blocks", "registers", "at", "shared", "events")

    def __init__(self, blocks, registers, at, shared, events):
        self.blocks, self.registers, self.at, self.shared, self.events = blocks, registers, at, shared, events


class Machine:
    """Runs one launch's kernel; `sink(group)` is given each finished group of blocks with its events.

    An event is (instruction number, payload): a memory access has (addresses, mask) of the group's blocks at that time,
    reduced by `reduce`; a branch back has None.
    """

    STEP_LIMIT = 4_000_000

    def __init__(self, kernel, arguments, grid, memory, reduce, descriptors=None):
        self.kernel, self.grid, self.memory, self.reduce = kernel, grid, memory, reduce
        self.arguments = arguments  # parameter name -> bytes
        self.descriptors = descriptors or {}
        self.threads = kernel.threads
        needed = kernel.needed
        self.needs_shared = any(
            kernel.instructions[n].parts[0] in ("ld", "ldmatrix") and "shared" in kernel.instructions[n].name
            for n in needed
        )
        self.code = []  # for each block: list of (number, function)
        for start, end in kernel.blocks:
            steps = []
            for one in kernel.instructions[start:end]:
                if one.access:
                    steps.append((one, self._access(one, one.number in needed)))
                elif one.name.startswith("mbarrier.try_wait"):
                    steps.append((one, self._barrier_wait(one)))
                elif one.parts[0] in ("bra", "ret", "exit"):
                    steps.append((one, None))
                elif one.number in needed:
                    steps.append((one, self._compile(one)))
                elif one.name.startswith(
                    (
                        "cp.async.commit",
                        "cp.async.wait",
                        "cp.async.bulk.commit",
                        "cp.async.bulk.wait",
                        "bar.",
                        "barrier.",
                    )
                ):
                    steps.append((one, "mark"))
            self.code.append(steps)

    # Running

    def run(self, numbers, sink):
        """Executes the blocks with these numbers (x fastest)."""
        x, y, _ = self.grid
        numbers = np.asarray(numbers, dtype=np.int64)
        column = numbers[:, None]
        registers = {
            "%ctaid.x": (column % x).astype(np.uint32),
            "%ctaid.y": (column // x % y).astype(np.uint32),
            "%ctaid.z": (column // (x * y)).astype(np.uint32),
        }
        for axis, extent in zip("xyz", self.grid):
            registers["%nctaid." + axis] = np.array([[extent]], dtype=np.uint32)
        thread = np.arange(self.threads, dtype=np.uint32)[None, :]
        one, zero = np.array([[1]], dtype=np.uint32), np.array([[0]], dtype=np.uint32)
        registers |= {
            "%tid.x": thread,
            "%tid.y": zero,
            "%tid.z": zero,
            "%ntid.x": np.array([[self.threads]], dtype=np.uint32),
            "%ntid.y": one,
            "%ntid.z": one,
            "%laneid": thread % np.uint32(WARP),
            "%warpid": thread // np.uint32(WARP),
        }
        shared = np.zeros((len(numbers), 1 << 18), dtype=np.uint8) if self.needs_shared else None
        waiting = [Group(numbers, registers, 0, shared, None)]
        while waiting:
            group = waiting.pop()
            self._run(group, waiting, sink)

    def _run(self, group, waiting, sink):
        kernel, code = self.kernel, self.code
        block, steps = group.at, 0
        registers = group.registers
        events = _Events(group.events, len(group.blocks))
        while block < len(code):
            target = None
            for one, act in code[block]:
                steps += 1
                if act is None:
                    name = one.parts[0]
                    if name != "bra":
                        target = len(code)
                        break
                    if one.number in kernel.skips:
                        target = kernel.target(one)
                        break
                    taken = self._branch(one, registers)
                    if taken is True:
                        target = kernel.target(one)
                        if target <= block:
                            events.add(one.number, None)
                        break
                    if taken is False:
                        continue
                    # The blocks part ways. Those that go on run first, so that they let go of locks that others
                    # wait for.
                    there, here = np.flatnonzero(taken), np.flatnonzero(~taken)
                    goes_back = kernel.target(one) <= block
                    back, on = (there, here) if goes_back else (here, there)
                    for rows, is_taken in ((back, goes_back), (on, not goes_back)):
                        went = events.part(rows)
                        if is_taken and goes_back:
                            went.add(one.number, None)
                        waiting.append(
                            Group(
                                group.blocks[rows],
                                _rows(registers, rows, len(group.blocks)),
                                kernel.target(one) if is_taken else block + 1,
                                group.shared[rows] if group.shared is not None else None,
                                went,
                            )
                        )
                    return
                if act == "mark":
                    events.add(one.number, None)
                else:
                    act(registers, events, group)
            if steps > self.STEP_LIMIT:
                raise Unsupported("a loop that does not end")
            block = block + 1 if target is None else target
        sink(group.blocks, events)

    def _branch(self, one, registers):
        """True or False where all blocks agree, else a mask of the blocks that branch."""
        if one.predicate is None:
            return True
        name, negated = one.predicate
        value = registers.get(name)
        if value is None:
            raise Unsupported(f"a branch on {name}, which nothing sets")
        value = ~value if negated else value
        if value.shape[1] > 1:
            first = value[:, :1]
            if not (value == first).all():
                raise Unsupported(f"threads of a block that part ways at {one.line[1]}")
            value = first
        if value.shape[0] == 1 or value.all() or not value.any():
            return bool(value[0, 0])
        return value[:, 0]

    # Compiling single instructions

    def _read(self, text, kind):
        """A function of the registers that gives an operand's bits."""
        text = text.strip()
        negated = text.startswith("-") and REGISTER.match(text[1:])
        if text.startswith("!"):
            inner = self._read(text[1:], kind)
            return lambda r: ~inner(r)
        if REGISTER.match(text) and not negated:
            name = text

            def value(registers):
                try:
                    return registers[name]
                except KeyError:
                    raise Unsupported(f"{name}, which nothing sets") from None

            return value
        if re.match(r"[A-Za-z_$]", text):
            if text in self.arguments:
                offset = self._parameter_address(text)
                constant = np.array([[offset]], dtype=np.uint64)
            else:
                constant = np.array([[0]], dtype=np.uint32 if kind[1] <= 32 else np.uint64)  # shared memory begins at 0
            return lambda r: constant
        constant = immediate(text, kind)
        return lambda r: constant

    PARAMETER_BASE = 1 << 26  # above shared memory and below device memory; fits 32 bits

    def _parameter_address(self, name):
        return self.PARAMETER_BASE + (list(self.arguments).index(name) << 16)

    def _address(self, text):
        """Address operand `[%rd1 + 16]`, `[global_smem+4]` as a function that gives unsigned 64-bit numbers."""
        inner = text.strip()[1:-1].strip()
        terms = re.split(r"\s*\+\s*", inner)
        parts, constant = [], 0
        for term in terms:
            if re.fullmatch(r"-?(0x[0-9a-fA-F]+|\d+)", term):
                constant += int(term, 0)
            elif term.startswith("%"):
                parts.append(self._read(term, ("u", 64)))
            elif term in self.arguments:
                constant += self._parameter_address(term)
        offset = np.uint64(constant & (1 << 64) - 1)

        def value(registers):
            total = np.array([[offset]], dtype=np.uint64)
            for part in parts:
                total = total + part(registers).astype(np.uint64)
            return total

        return value

    def _predicate(self, one):
        if one.predicate is None:
            always = np.array([[True]])
            return lambda r: always
        name, negated = one.predicate
        return (lambda r: ~r[name]) if negated else (lambda r: r[name])

    def _access(self, one, is_needed):
        kind, guard = one.access, self._predicate(one)
        number, reduce = one.number, self.reduce
        if kind in ("bulkLoad", "bulkStore"):
            return self._bulk(one, guard)
        where = [operand for operand in one.operands if operand.startswith("[")]
        address = self._address(where[1] if kind == "copy" else where[0])
        # A copy may read less than it writes: of the fourth operand's bytes, or none.
        has_size = kind == "copy" and len(one.operands) > 3 and not one.operands[3].startswith("%rd")
        size = self._read(one.operands[3], ("u", 32)) if has_size else None
        fetch = None
        if is_needed:
            fetch = {"load": self._loader, "atomic": self._atomic}.get(kind, lambda one: None)(one)

        def act(registers, events, group):
            addresses, mask = address(registers), guard(registers)
            if size is not None:
                mask = mask & (size(registers) != 0)
            payload = reduce(one, addresses, mask, len(group.blocks))
            done = fetch(registers, addresses, mask, len(group.blocks)) if fetch else None
            events.add(number, Exchange(payload, *done) if done else payload)

        return act

    def _destinations(self, text):
        return [name.strip() for name in text.strip().strip("{}").split(",")]

    def _loader(self, one):
        letter, bits = type_of(one.name)
        names = self._destinations(one.operands[0])

        def fetch(registers, addresses, mask, blocks):
            for place, name in enumerate(names):
                value = self.memory.load(addresses + np.uint64(place * bits // 8), mask, bits // 8)
                if one.predicate and name in registers:
                    value = np.where(mask, value, registers[name].astype(value.dtype))
                registers[name] = value

        return fetch

    def _atomic(self, one):
        """Atomics are executed block by block, thread by thread, in a copy of the memory.

        The function returns what a swap or an exchange of one word a block did, for `Exchange`.
        """
        letter, bits = type_of(one.name)
        what = next(
            (p for p in one.parts if p in ("add", "cas", "exch", "min", "max", "and", "or", "xor", "inc", "dec")), None
        )
        if what not in ("add", "cas", "exch", "min", "max", "and", "or") or one.operands[0].startswith("{"):
            raise Unsupported(f"{one.name}, whose result decides an address or a branch")
        name = one.operands[0]
        values = [self._read(o, (letter, bits)) for o in one.operands[2:]]

        def fetch(registers, addresses, mask, blocks):
            shape = np.broadcast_shapes(addresses.shape, mask.shape, (blocks, self.threads))
            at, active = np.broadcast_to(addresses, shape), np.broadcast_to(mask, shape)
            operands = [np.broadcast_to(cast(v(registers), letter, bits), shape) for v in values]
            out = np.zeros(shape, dtype=U[bits])
            if name in registers:
                out[:] = registers[name]
            for row, lane in zip(*np.nonzero(active)):
                place = int(at[row, lane])
                found = self.memory.find(place, place + bits // 8)
                if found is None:
                    raise Unsupported("an atomic outside of the launch's tensors")
                index, start, _ = found
                data = self.memory.own(index)
                cell = data[place - start : place - start + bits // 8].view({"s": S, "f": F}.get(letter, U)[bits])
                old = cell[0]
                out[row, lane] = cell.view(U[bits])[0]
                new = operands[0][row, lane]
                cell[0] = {
                    "add": lambda: old + new,
                    "exch": lambda: new,
                    "min": lambda: min(old, new),
                    "max": lambda: max(old, new),
                    "and": lambda: old & new,
                    "or": lambda: old | new,
                    "cas": lambda: operands[1][row, lane] if old == new else old,
                }[what]()
            registers[name] = out
            if what in ("cas", "exch") and (active.sum(axis=1) == 1).all():
                return at[active], out[active], [operand[active] for operand in operands]

        return fetch

    def _bulk(self, one, guard):
        """A bulk copy of a tensor map's box."""
        number, is_load = one.number, one.access == "bulkLoad"
        if "tensor" not in one.parts:
            raise Unsupported(one.name)
        text = next(o for o in one.operands if "{" in o and o.startswith("["))
        pointer, coordinates = text.strip()[1:-1].split(",", 1)
        pointer = self._read(pointer.strip(), ("u", 64))
        coordinates = [self._read(c.strip(), ("s", 32)) for c in coordinates.strip().strip("{}").split(",")]
        barrier = self._address(one.operands[2]) if is_load else None

        def act(registers, events, group):
            mask = guard(registers)
            where = pointer(registers)
            if not (where == where[0, 0]).all():
                raise Unsupported("tensor maps that differ from thread to thread")
            found = self.descriptors.get((int(where[0, 0]) - self.PARAMETER_BASE) >> 16)
            if found is None:
                raise Unsupported("a tensor map that the kernel makes itself")
            at = [cast(c(registers), "s", 32) for c in coordinates]
            signal = int(barrier(registers).flat[0]) if barrier else None
            events.add(number, self.reduce(one, at, mask, len(group.blocks), (*found, signal)))

        return act

    def _barrier_wait(self, one):
        """A wait for a barrier of shared memory, which has always come about here."""
        address, number = self._address(one.operands[1]), one.number
        done = one.operands[0]

        def act(registers, events, group):
            registers[done] = np.array([[True]])
            events.add(number, int(address(registers).flat[0]))

        return act

    def _compile(self, one):
        """A function that executes an instruction of the slice."""
        parts, name = one.parts, one.name
        first = parts[0]
        kind = type_of(name)
        letter, bits = kind
        out = one.operands[0] if one.operands else None
        guard = None if one.predicate is None else self._predicate(one)

        if first in ("ld",) and "param" in parts:
            return self._parameter(one, bits)
        if first in ("ld", "st") and "shared" in name:
            return self._shared(one, bits)
        if first == "cvta":
            value = self._read(one.operands[1], ("u", 64))
            return self._assign(out, value, guard)
        if first == "shfl":
            return self._shuffle(one)
        if first == "redux":
            return self._warp_reduction(one, letter, bits)
        if first == "vote":
            return self._vote(one)
        if first == "elect":
            lane, flag = (out.split("|") + [None])[:2] if "|" in out else (None, out)

            def elect(registers, events, group):
                registers[flag] = np.arange(self.threads)[None, :] % WARP == 0
                if lane:
                    registers[lane] = np.array([[0]], dtype=np.uint32)

            return elect
        if first == "mov" and out.startswith("{"):
            return self._unpack(one, bits)
        if first == "mov" and one.operands[1].startswith("{"):
            return self._pack(one, bits)
        if first == "setp":
            return self._compare(one, letter, bits)
        if first == "cvt":
            return self._convert(one)
        rule = RULES.get(first)
        if rule is None:
            raise Unsupported(name)
        width = 2 * bits if "wide" in parts else bits
        reads = []
        for place, operand in enumerate(one.operands[1:]):
            of = kind
            if first == "selp" and place == 2:
                of = ("p", 1)
            if first in ("shl", "shr", "bfe", "bfi", "shf") and place >= 1 and letter != "p":
                of = ("u", 32)
            if "wide" in parts and first == "mad" and place == 2:
                of = (letter, 2 * bits)
            read = self._read(operand, of)
            reads.append((read, of))

        def values(registers):
            return [cast(read(registers), *of) if of[0] != "p" else read(registers) for read, of in reads]

        def value(registers):
            with np.errstate(all="ignore"):
                return rule(parts, letter, bits, *values(registers))

        return self._assign(out, value, guard, letter, width)

    @staticmethod
    def _assign(out, value, guard, letter="u", bits=64):
        def act(registers, events, group):
            result = bits_of(value(registers), letter, bits)
            if guard is not None and out in registers:
                result = np.where(guard(registers), result, registers[out])
            registers[out] = result

        return act

    def _parameter(self, one, bits):
        name, _, offset = one.operands[1].strip("[] ").partition("+")
        names = self._destinations(one.operands[0])
        data = self.arguments.get(name.strip())
        if data is None:
            raise Unsupported(f"parameter {name}")
        start = int(offset or 0)
        found = [
            np.frombuffer(data[start + k * bits // 8 : start + (k + 1) * bits // 8], dtype=U[bits]).reshape(1, 1)
            for k in range(len(names))
        ]

        def act(registers, events, group):
            for destination, value in zip(names, found):
                registers[destination] = value

        return act

    def _shared(self, one, bits):
        is_load = one.parts[0] == "ld"
        where = one.operands[1] if is_load else one.operands[0]
        address = self._address(where)
        names = self._destinations(one.operands[0] if is_load else one.operands[1])
        guard = self._predicate(one)
        size = bits // 8
        reads = None if is_load else [self._read(n, ("u", bits)) for n in names]

        def act(registers, events, group):
            shared, blocks = group.shared, len(group.blocks)
            shape = (blocks, self.threads)
            at = np.broadcast_to(address(registers), shape).astype(np.int64)
            mask = np.broadcast_to(guard(registers), shape)
            rows = np.broadcast_to(np.arange(blocks)[:, None], shape)
            cells = shared.view(U[bits])
            at = np.where(mask, at, 0)
            if (at % size).any() or at.max() + size * len(names) > shared.shape[1]:
                raise Unsupported("an access to shared memory that is not aligned")
            for place, name in enumerate(names):
                if is_load:
                    value = cells[rows, at // size + place]
                    if one.predicate and name in registers:
                        value = np.where(mask, value, registers[name])
                    registers[name] = value
                else:
                    value = np.broadcast_to(reads[place](registers).astype(U[bits]), shape)
                    cells[rows[mask], at[mask] // size + place] = value[mask]

        return act

    def _shuffle(self, one):
        mode = next(p for p in one.parts if p in ("bfly", "idx", "up", "down"))
        out = one.operands[0]
        flag = None
        if "|" in out:
            out, flag = out.split("|")
        value, lane, clamp = (self._read(o, ("u", 32)) for o in one.operands[1:4])

        def act(registers, events, group):
            given = value(registers)
            full = np.broadcast_to(given, (given.shape[0], self.threads)).reshape(given.shape[0], -1, WARP)
            b = int(np.asarray(lane(registers)).flat[0])
            limits = lane(registers)
            if not (limits == limits.flat[0]).all():
                raise Unsupported("a shuffle whose lane differs from thread to thread")
            c = int(np.asarray(clamp(registers)).flat[0])
            own = np.arange(WARP)
            segment = c >> 8 & 31
            low = own & segment
            high = low | (c & 31 & ~segment)
            if mode == "bfly":
                source = own ^ b
                right = source <= high
            elif mode == "idx":
                source = low | (b & ~segment & 31)
                right = source <= high
            elif mode == "up":
                source = own - b
                right = source >= high
            else:
                source = own + b
                right = source <= high
            source = np.where(right, source, own)
            registers[out] = full[:, :, source].reshape(given.shape[0], self.threads)
            if flag:
                registers[flag] = np.tile(right, self.threads // WARP)[None, :]

        return act

    def _lanes(self, value):
        """A register by warps: (blocks, warps, lanes)."""
        return np.broadcast_to(value, (value.shape[0], self.threads)).reshape(value.shape[0], -1, WARP)

    def _warp_reduction(self, one, letter, bits):
        """The sum, the least or the like of a value over each warp, which all lanes get."""
        rules = {
            "add": np.add,
            "min": np.minimum,
            "max": np.maximum,
            "and": np.bitwise_and,
            "or": np.bitwise_or,
            "xor": np.bitwise_xor,
        }
        rule = next((rules[part] for part in one.parts if part in rules), None)
        if rule is None:
            raise Unsupported(one.name)
        out, value = one.operands[0], self._read(one.operands[1], (letter, bits))

        def act(registers, events, group):
            lanes = self._lanes(cast(value(registers), letter, bits))
            whole = rule.reduce(lanes, axis=2, keepdims=True, dtype=lanes.dtype)
            registers[out] = bits_of(np.broadcast_to(whole, lanes.shape).reshape(lanes.shape[0], -1))

        return act

    def _vote(self, one):
        """A vote of each warp's lanes: whether all or any of them agree, or which."""
        mode = next((part for part in one.parts if part in ("all", "any", "ballot", "uni")), None)
        out, value = one.operands[0], self._read(one.operands[1], ("p", 1))

        def act(registers, events, group):
            lanes = self._lanes(value(registers))
            if mode == "ballot":
                whole = (lanes.astype(np.uint32) << np.arange(WARP, dtype=np.uint32)).sum(
                    axis=2, keepdims=True, dtype=np.uint32
                )
            elif mode == "uni":
                whole = lanes.all(axis=2, keepdims=True) | ~lanes.any(axis=2, keepdims=True)
            else:
                whole = (np.all if mode == "all" else np.any)(lanes, axis=2, keepdims=True)
            registers[out] = np.broadcast_to(whole, lanes.shape).reshape(lanes.shape[0], -1)

        return act

    def _unpack(self, one, bits):
        names = self._destinations(one.operands[0])
        value = self._read(one.operands[1], ("u", bits))
        part = bits // len(names)

        def act(registers, events, group):
            whole = value(registers).astype(U[bits])
            for place, name in enumerate(names):
                if name != "_":
                    registers[name] = (whole >> U[bits](place * part)).astype(U[part])

        return act

    def _pack(self, one, bits):
        reads = [self._read(n, ("u", 32)) for n in self._destinations(one.operands[1])]
        part = bits // len(reads)

        def value(registers):
            whole = U[bits](0)
            for place, read in enumerate(reads):
                whole = whole | (read(registers).astype(U[part]).astype(U[bits]) << U[bits](place * part))
            return whole

        return self._assign(one.operands[0], value, None)

    def _compare(self, one, letter, bits):
        test = one.parts[1]
        outs = one.operands[0].split("|")
        left, right = (self._read(o, (letter, bits)) for o in one.operands[1:3])
        third = self._read(one.operands[3], ("p", 1)) if len(one.operands) > 3 else None
        join = next((p for p in one.parts if p in ("and", "or", "xor")), None)
        unordered = test.endswith("u") and test not in ("u",) and letter in ("f", "bf")
        base = {"lo": "lt", "ls": "le", "hi": "gt", "hs": "ge"}.get(test, test[:-1] if unordered else test)
        if letter == "b":
            letter = "u"
        compare = {
            "eq": np.equal,
            "ne": np.not_equal,
            "lt": np.less,
            "le": np.less_equal,
            "gt": np.greater,
            "ge": np.greater_equal,
        }.get(base)
        if compare is None and base not in ("num", "nan"):
            raise Unsupported(one.name)
        guard = None if one.predicate is None else self._predicate(one)

        def act(registers, events, group):
            a, b = cast(left(registers), letter, bits), cast(right(registers), letter, bits)
            if base in ("num", "nan"):
                result = np.isnan(a) | np.isnan(b)
                result = result if base == "nan" else ~result
            else:
                result = compare(a, b)
                if unordered:
                    result = result | np.isnan(a) | np.isnan(b)
            for place, out in enumerate(outs):
                if out == "_":
                    continue
                final = result if place == 0 else ~result
                if join:
                    extra = third(registers)
                    final = {"and": final & extra, "or": final | extra, "xor": final ^ extra}[join]
                if guard is not None and out in registers:
                    final = np.where(guard(registers), final, registers[out])
                registers[out] = final

        return act

    def _convert(self, one):
        kinds = [type_of(p) for p in one.parts[1:] if re.fullmatch(r"[usfb](8|16|32|64)|bf16|f16x2|bf16x2", p)]
        if len(kinds) < 2 or kinds[0][0] == "x2":
            if len(one.operands) == 3 or kinds and kinds[0][0] == "x2":
                kind = "bf" if "bf16x2" in one.parts else "f"
                high, low = (self._read(o, ("f", 32)) for o in one.operands[1:3])

                def pack(registers):
                    def half(v):
                        number = cast(v, "f", 32)
                        return bits_of(number if kind == "bf" else number.astype(np.float16), kind, 16).astype(
                            np.uint32
                        )

                    return half(high(registers)) << np.uint32(16) | half(low(registers))

                return self._assign(one.operands[0], pack, None)
            raise Unsupported(one.name)
        (to, to_bits), (source, source_bits) = kinds[:2]
        value = self._read(one.operands[1], (source, source_bits))
        toward = next((p for p in one.parts if p in ("rzi", "rmi", "rpi", "rni")), None)
        guard = None if one.predicate is None else self._predicate(one)

        def convert(registers):
            number = cast(value(registers), source, source_bits)
            with np.errstate(all="ignore"):
                if source in ("f", "bf") and to in "us":
                    number = {"rzi": np.trunc, "rmi": np.floor, "rpi": np.ceil, "rni": np.rint, None: np.trunc}[toward](
                        number
                    )
                    number = np.nan_to_num(number, nan=0)
                    return number.astype(np.int64).astype({"u": U, "s": S}[to][to_bits])
                if to == "bf":
                    return bits_of(number, "bf", 16)
                if toward and source == "f":
                    number = {"rzi": np.trunc, "rmi": np.floor, "rpi": np.ceil, "rni": np.rint}[toward](number)
                return number.astype({"u": U, "s": S, "f": F, "b": U}[to][to_bits])

        return self._assign(one.operands[0], convert, guard)


def _signed_divide(a, b):
    a, b = np.broadcast_arrays(a.astype(np.int64), b.astype(np.int64))
    safe = np.where(b == 0, 1, b)
    quotient = np.abs(a) // np.abs(safe)
    return np.where((a < 0) != (b < 0), -quotient, quotient)


def _divide(parts, letter, bits, a, b):
    if letter in ("f", "bf"):
        return a / b
    if letter == "s":
        return _signed_divide(a, b).astype(S[bits])
    return a // np.where(b == 0, 1, b).astype(a.dtype)


def _remainder(parts, letter, bits, a, b):
    if letter == "s":
        return (a.astype(np.int64) - _signed_divide(a, b) * b.astype(np.int64)).astype(S[bits])
    return a % np.where(b == 0, 1, b).astype(a.dtype)


def _multiply(parts, letter, bits, a, b):
    if letter in ("f", "bf", "x2"):
        return a * b
    if "wide" in parts:
        kind = (S if letter == "s" else U)[2 * bits]
        return a.astype(kind) * b.astype(kind)
    if "hi" in parts:
        if bits == 64:
            raise Unsupported("mul.hi of 64 bits")
        wide = a.astype(np.int64 if letter == "s" else np.uint64) * b.astype(np.int64 if letter == "s" else np.uint64)
        return (wide >> wide.dtype.type(bits)).astype((S if letter == "s" else U)[bits])
    return a * b


def _multiply_add(parts, letter, bits, a, b, c):
    product = _multiply(parts, letter, bits, a, b)
    return product + (c if letter in ("f", "bf") else c.astype(product.dtype))


def _shift_left(parts, letter, bits, a, b):
    amount = np.minimum(b, bits - 1).astype(a.dtype)
    return np.where(b >= bits, a.dtype.type(0), a << amount).astype(a.dtype)


def _shift_right(parts, letter, bits, a, b):
    amount = np.minimum(b, bits - 1).astype(a.dtype)
    shifted = a >> amount
    return shifted if letter == "s" else np.where(b >= bits, a.dtype.type(0), shifted).astype(a.dtype)


def _extract(parts, letter, bits, a, start, length):
    wide = a.astype(np.uint64)
    start, length = start.astype(np.uint64) & np.uint64(255), length.astype(np.uint64) & np.uint64(255)
    mask = (np.uint64(1) << np.minimum(length, np.uint64(63))) - np.uint64(1)
    value = (wide & np.uint64((1 << bits) - 1)) >> np.minimum(start, np.uint64(63)) & mask
    if letter == "s":
        sign = value >> np.maximum(length, np.uint64(1)) - np.uint64(1) & np.uint64(1)
        value = np.where((sign == 1) & (length > 0), value | ~mask, value)
    return value.astype(U[bits])


def _insert(parts, letter, bits, a, b, start, length):
    start, length = start.astype(np.uint64), length.astype(np.uint64)
    mask = ((np.uint64(1) << np.minimum(length, np.uint64(63))) - np.uint64(1)) << start
    return (b.astype(np.uint64) & ~mask | a.astype(np.uint64) << start & mask).astype(U[bits])


def _permute(parts, letter, bits, a, b, selector):
    a, b, selector = (v.astype(np.uint64) for v in (a, b, selector))
    both = a | b << np.uint64(32)
    out = np.uint64(0)
    for place in range(4):
        nibble = selector >> np.uint64(4 * place) & np.uint64(15)
        byte = both >> (nibble & np.uint64(7)) * np.uint64(8) & np.uint64(255)
        byte = np.where(nibble & np.uint64(8), np.where(byte & np.uint64(128), np.uint64(255), np.uint64(0)), byte)
        out = out | byte << np.uint64(8 * place)
    return out.astype(np.uint32)


def _funnel(parts, letter, bits, a, b, c):
    wide = a.astype(np.uint64) | b.astype(np.uint64) << np.uint64(32)
    amount = (np.minimum(c, 32) if "clamp" in parts else c & np.uint32(31)).astype(np.uint64)
    return (wide >> amount if "r" in parts else wide << amount >> np.uint64(32)).astype(np.uint32)


def _table(parts, letter, bits, a, b, c, table):
    table = int(table.flat[0])
    out = np.zeros((), dtype=a.dtype)
    for place in range(8):
        if table >> place & 1:
            out = out | (a if place & 4 else ~a) & (b if place & 2 else ~b) & (c if place & 1 else ~c)
    return out


def _not(parts, letter, bits, a):
    return ~a


RULES = {
    "mov": lambda p, l, n, a: a,
    "add": lambda p, l, n, a, b: a + b,
    "sub": lambda p, l, n, a, b: a - b,
    "mul": _multiply,
    "mul24": _multiply,
    "mad": _multiply_add,
    "fma": _multiply_add,
    "div": _divide,
    "rem": _remainder,
    "and": lambda p, l, n, a, b: a & b,
    "or": lambda p, l, n, a, b: a | b,
    "xor": lambda p, l, n, a, b: a ^ b,
    "not": _not,
    "neg": lambda p, l, n, a: -a,
    "abs": lambda p, l, n, a: np.abs(a),
    "min": lambda p, l, n, a, b: np.minimum(a, b),
    "max": lambda p, l, n, a, b: np.maximum(a, b),
    "shl": _shift_left,
    "shr": _shift_right,
    "shf": _funnel,
    "bfe": _extract,
    "bfi": _insert,
    "prmt": _permute,
    "lop3": _table,
    "selp": lambda p, l, n, a, b, c: np.where(c, a, b),
    "popc": lambda p, l, n, a: np.bitwise_count(a).astype(np.uint32),
    "ex2": lambda p, l, n, a: np.exp2(a),
    "lg2": lambda p, l, n, a: np.log2(a),
    "rcp": lambda p, l, n, a: 1 / a,
    "sqrt": lambda p, l, n, a: np.sqrt(a),
    "rsqrt": lambda p, l, n, a: 1 / np.sqrt(a),
}


def _rows(registers, rows, count):
    return {name: value[rows] if value.shape[0] == count and count > 1 else value for name, value in registers.items()}


class _Events:
    """What a group of blocks did, in order; the beginning may be shared with groups that parted from it."""

    def __init__(self, parent, count):
        if isinstance(parent, _Events):
            self.parent, self.rows, self.list, self.count = parent.parent, parent.rows, parent.list, parent.count
        else:
            self.parent, self.rows, self.list, self.count = None, None, [], count

    def add(self, number, payload):
        self.list.append((number, payload))

    def part(self, rows):
        child = _Events(None, len(rows))
        child.parent, child.rows = self, rows
        return child

    def flat(self):
        """All events as (number, payload, rows of the payload, or None for all)."""
        chains, here, rows = [], self, None
        while here is not None:
            chains.append((here.list, rows))
            if here.parent is not None:
                rows = here.rows if rows is None else here.rows[rows]
            here = here.parent
        return [(number, payload, rows) for events, rows in reversed(chains) for number, payload in events]
