"""Writes `.weir` traces, version 2, as docs/trace-format.md describes them. Standard library only.

    with TraceWriter("trace.weir", producer="mine") as trace:
        trace.begin_launch("copy", grid=(2, 1, 1), threads=128, tensors=[Tensor("x", 4096, 1024, "float32")])
        for block in range(2):
            program = Program()
            program.tile(LOAD, tensor=0, element_bytes=4, address=4096 + 512 * block, rows=1, row_bytes=512,
                         pitch_bytes=512, request_rows=1, lanes_per_row=32, lane_bytes=16, lane_stride_bytes=16)
            program.await_loads()
            trace.add_block(program)

Blocks come in the order x fastest, then y, then z. The file appears under its name when the `with` block ends without
an error, and not at all otherwise.
"""

import os
import struct
import zlib
from dataclasses import dataclass

LOAD, STORE, REDUCTION, ATOMIC = 0, 1, 4, 5
NORMAL, EVICT_FIRST, EVICT_LAST, NO_ALLOCATE, BYPASS_L1 = 0, 1, 2, 3, 4
TAKES_LOCK, GIVES_LOCK = 7, 8

MAGIC = b"\x89WEIR\r\n\x1a"
VERSION = 2
CHUNK_BYTES, CHUNK_OPERATIONS, CHUNK_LANES = 256 << 10, 1 << 18, 1 << 20
RECORD_BYTES = 64 << 20
PROGRAM_OPERATIONS, PROGRAM_LANES = 1 << 21, 1 << 23
MASK = (1 << 64) - 1


class TraceError(ValueError):
    """The format cannot hold a value, or blocks do not fit the launch."""


@dataclass(frozen=True)
class Tensor:
    """A range of device memory that a launch touches."""

    name: str
    address: int
    byte_count: int
    element: str


def varint(number):
    if not 0 <= number <= MASK:
        raise TraceError(f"{number} is no unsigned number of 64 bits")
    if number < 1 << 7:
        return bytes((number,))
    if number < 1 << 14:
        return bytes((number & 127 | 128, number >> 7))
    if number < 1 << 28:  # the usual lengths of addresses' differences, without a loop
        low = (number & 127 | 128, number >> 7 & 127 | 128)
        return bytes((*low, number >> 14) if number < 1 << 21 else (*low, number >> 14 & 127 | 128, number >> 21))
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number):
    """The varint of the zig-zag form of a difference, which is taken modulo 2^64."""
    number &= MASK
    return varint(number << 1 & MASK if number >> 63 == 0 else (~number & MASK) << 1 | 1)


def string(text):
    data = text.encode("utf-8")
    if len(data) > 4096:
        raise TraceError(f"a name of {len(data)} bytes; at most 4096 fit: {text[:40]}...")
    return varint(len(data)) + data


class Program:
    """The operations of one thread block, in order."""

    def __init__(self):
        self.shapes = []  # the definition of each operation's shape
        self.moving = []  # the moving numbers of the operations that have one
        self.lanes = []  # lane differences, each from the lane before
        self._last_lane = 0
        self._lanes_end = 0  # first lane + lane count of the lane access before

    def tile(self, kind, *, tensor, element_bytes, address, rows, row_bytes, pitch_bytes, request_rows, lanes_per_row,
             lane_bytes, lane_stride_bytes, replicas=1, hint=NORMAL):
        """A rectangle of memory that the block's warps divide. The fields are those of `TileAccess` in Sources/Trace."""
        check("replicas", replicas, 1, 255)
        check("lane bytes", lane_bytes, 1, 65535)
        check("lane stride", lane_stride_bytes, lane_bytes, 65535)
        check("lanes of a request", request_rows * lanes_per_row, 1, 1024)
        check("bytes of a tile", rows * row_bytes * replicas, 0, 1 << 30)
        self.shapes.append(
            bytes((0, kind, hint, element_bytes, replicas)) + varint(tensor) + varint(request_rows) + varint(lanes_per_row)
            + varint(lane_bytes) + varint(lane_stride_bytes) + varint(rows) + varint(row_bytes) + zigzag(pitch_bytes))
        self.moving.append((len(self.shapes) - 1, address & MASK))

    def warp_request(self, kind, addresses, *, tensor, lane_bytes, replicas=1, hint=NORMAL):
        """One request of a warp, with an address for each active lane. `replicas` warps issue it."""
        check("lane bytes", lane_bytes, 1, 65535)
        check("lanes of a request", len(addresses), 0, 1024)
        first = len(self.lanes)
        for address in addresses:
            self.lanes.append(address - self._last_lane & MASK)
            self._last_lane = address
        for _ in range(replicas):
            self.shapes.append(
                bytes((1, kind, hint)) + varint(lane_bytes) + varint(tensor) + varint(len(addresses))
                + zigzag(first - self._lanes_end))
            self._lanes_end = first + len(addresses)

    def await_loads(self):
        """Waits for all loads and atomics so far."""
        self.shapes.append(b"\x02")

    def commit_group(self):
        """Closes the group of asynchronous copies so far."""
        self.shapes.append(b"\x03")

    def await_groups(self, pending):
        """Waits until at most `pending` of the groups so far are on their way."""
        check("groups that may be on their way", pending, 0, (1 << 32) - 1)
        self.shapes.append(b"\x04" + varint(pending))

    def barrier(self):
        self.shapes.append(b"\x05")

    def compute(self, instructions, *, tensor=0, fp32=0, alu=0, special=0, memory=0, shuffle=0, products=0, cycles=0):
        """Instructions that every warp executes. The fields are those of `ComputeWork` in Sources/Trace."""
        numbers = (instructions, tensor, fp32, alu, special, memory, shuffle, products)
        for number in (*numbers, cycles):
            check("count of instructions", number, 0, (1 << 32) - 1)
        tag = b"\x0c" + varint(cycles) if cycles else b"\x06"
        self.shapes.append(tag + b"".join(map(varint, numbers)))

    def invalidate_l1(self):
        """An acquire after an atomic: waits for the atomic and for a fence, and empties the SM's L1."""
        self.shapes.append(b"\x07")

    def begin_products(self, products):
        """Begins so many products of every warp, as `compute` counts them. They run while the block goes on."""
        check("count of products", products, 0, (1 << 32) - 1)
        self.shapes.append(b"\x0a" + varint(products))

    def await_products(self, pending):
        """Waits until at most `pending` of the last `begin_products` still run."""
        check("products that may still run", pending, 0, 3)
        self.shapes.append(b"\x0b" + varint(pending))


# The limits of CUDA launches.
GRID_LIMITS = ((1 << 31) - 1, 65535, 65535)
BLOCK_REGISTERS = 65536


def check(what, number, low, high, who="the format holds"):
    if not low <= number <= high:
        raise TraceError(f"{what} is {number}; {who} {low} to {high}")


class _Shape:
    __slots__ = ("number", "spelled", "step")

    def __init__(self, number):
        self.number, self.spelled, self.step = number, 0, 0


class _Chunk:
    """The plain bytes of a chunk, and the contents of its blocks so far, which later blocks need not repeat."""

    def __init__(self, first_block):
        self.first_block, self.blocks, self.operations, self.lane_count = first_block, 0, 0, 0
        self.plain = bytearray()
        self.shapes, self.programs = {}, {}

    def add(self, program):
        shapes = []
        definitions = []
        for definition in program.shapes:
            shape = self.shapes.get(definition)
            definitions.append(b"" if shape else b"\x00" + definition)
            if shape is None:
                shape = self.shapes[definition] = _Shape(len(self.shapes) + 1)
            shapes.append(shape)
        key = (tuple(shape.number for shape in shapes), len(program.lanes))
        known = self.programs.get(key)
        if known is None:
            self._spell(program, shapes, definitions)
            self.programs[key] = [len(self.programs), [number for _, number in program.moving], list(program.lanes)]
        else:
            self._repeat(known, program, shapes)
        self.blocks += 1
        self.operations += len(shapes)
        self.lane_count += len(program.lanes)

    def _spell(self, program, shapes, definitions):
        out = self.plain
        out += b"\x00" + varint(len(shapes)) + varint(len(program.lanes))
        moving = dict(program.moving)
        for position, (shape, definition) in enumerate(zip(shapes, definitions)):
            out += definition or varint(shape.number)
            if position in moving:
                out += zigzag(moving[position] - shape.spelled)
                shape.spelled = moving[position]
        for difference in program.lanes:
            out += zigzag(difference)

    def _repeat(self, known, program, shapes):
        number, moving, lanes = known
        out = self.plain
        out += varint(number + 1)
        zeros, count = 0, len(moving) + len(lanes)
        for index, (position, value) in enumerate(program.moving):
            shape = shapes[position]
            residual = value - moving[index] - shape.step & MASK
            if residual:
                shape.step = shape.step + residual & MASK
                out += varint(zeros) + zigzag(residual)
                zeros = 0
            else:
                zeros += 1
            moving[index] = value
        for index, value in enumerate(program.lanes):
            residual = value - lanes[index] & MASK
            if residual:
                out += varint(zeros) + zigzag(residual)
                zeros = 0
                lanes[index] = value
            else:
                zeros += 1
        if count and zeros:
            out += varint(zeros)

    @property
    def is_full(self):
        return (len(self.plain) >= CHUNK_BYTES or self.operations >= CHUNK_OPERATIONS or self.lane_count >= CHUNK_LANES)


class TraceWriter:
    """Writes a trace launch by launch and block by block. Memory holds one chunk of plain bytes."""

    def __init__(self, path, producer):
        self.path = os.fspath(path)
        self.partial = f"{self.path}.partial-{os.getpid()}-0"
        self._index, self._launches, self._chunk, self._blocks_left = bytearray(), 0, None, 0
        try:
            self._file = open(self.partial, "xb")
        except OSError as error:
            raise TraceError(f"{self.partial}: {error.strerror}") from None
        name = producer.encode("utf-8")
        head = MAGIC + struct.pack("<HH", VERSION, len(name)) + name
        self._file.write(head + struct.pack("<I", zlib.crc32(head)))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            self.close()
        else:
            self.discard()

    def begin_launch(self, kernel, grid, threads, *, tensors, registers=0, shared_memory=0, estimated=True, tiling=""):
        """Starts a launch. The launch before must have all its blocks."""
        self._end_launch()
        for axis, extent, limit in zip("xyz", grid, GRID_LIMITS):
            check(f"{kernel}: blocks along the grid's {axis}", extent, 1, limit, "CUDA launches")
        blocks = grid[0] * grid[1] * grid[2]
        check(f"{kernel}: blocks of the grid", blocks, 1, (1 << 31) - 1, "Weir takes")
        check(f"{kernel}: threads of a block", threads, 1, 1024, "CUDA launches")
        check(f"{kernel}: registers of a thread", registers, 0, 255, "CUDA launches")
        # A warp's registers are rounded up to 256, a block's warps to one for each of four schedulers.
        of_warp, warps = -(-registers * 32 // 256) * 256, -(-threads // 128) * 4
        check(f"{kernel}: registers of a block", of_warp * warps, 0, BLOCK_REGISTERS, "CUDA launches")
        check("shared memory of a block", shared_memory, 0, 1 << 30)
        check("number of tensors", len(tensors), 0, 65535)
        plain = string(kernel) + b"".join(map(varint, (*grid, threads, registers, shared_memory)))
        plain += bytes((1 if estimated else 0,)) + string(tiling) + varint(len(tensors))
        for tensor in tensors:
            check("end of a tensor", tensor.address + tensor.byte_count, 0, MASK)
            plain += string(tensor.name) + varint(tensor.address) + varint(tensor.byte_count) + string(tensor.element)
        self._record(b"LNCH", self._launches, 0, 0, blocks, plain)
        self._launches += 1
        self._kernel = kernel
        self._blocks_left, self._chunk, self._chunks = blocks, _Chunk(0), 0

    def add_block(self, program):
        """Adds the next block of the launch."""
        if self._blocks_left == 0:
            raise TraceError("more blocks than the launch's grid has")
        check("operations of a block", len(program.shapes), 0, PROGRAM_OPERATIONS)
        check("lane addresses of a block", len(program.lanes), 0, PROGRAM_LANES)
        self._chunk.add(program)
        self._blocks_left -= 1
        if self._chunk.is_full:
            self._end_chunk()

    def savepoint(self):
        """The end of the launches so far, for `rollback`."""
        self._end_launch()
        return self._file.tell(), len(self._index), self._launches

    def rollback(self, point):
        """Takes back what was added since `savepoint` returned `point`."""
        place, entries, self._launches = point
        self._file.seek(place)
        self._file.truncate()
        del self._index[entries:]
        self._chunk, self._blocks_left = None, 0

    def close(self):
        """Ends the file and gives it its name."""
        try:
            self._end_launch()
            if self._launches == 0:
                raise TraceError("no launch was added")
            start = self._file.tell()
            entries = len(self._index) // 28
            self._write_record(b"INDX", self._launches, 0, 0, entries, bytes(self._index))
            trailer = b"WEND" + struct.pack("<IIQQ", self._launches, entries, start, self._file.tell() + 32)
            self._file.write(trailer + struct.pack("<I", zlib.crc32(trailer)))
            self._file.close()
            os.replace(self.partial, self.path)
        except BaseException:
            self.discard()
            raise

    def discard(self):
        """Leaves no file."""
        self._file.close()
        if os.path.exists(self.partial):
            os.unlink(self.partial)

    def _end_launch(self):
        if self._blocks_left:
            raise TraceError(f"launch {self._launches - 1}, {self._kernel}, lacks {self._blocks_left} blocks of its grid")
        if self._chunk is not None:
            self._end_chunk()
            self._chunk = None

    def _end_chunk(self):
        chunk = self._chunk
        if chunk.blocks == 0:
            return
        self._record(b"CHNK", self._launches - 1, self._chunks, chunk.first_block, chunk.blocks, bytes(chunk.plain))
        self._chunks += 1
        self._chunk = _Chunk(chunk.first_block + chunk.blocks)

    def _record(self, *record):
        self._index += struct.pack("<Q", self._file.tell()) + self._write_record(*record)

    def _write_record(self, tag, launch, number, first_block, block_count, plain):
        """Writes a record and returns the header's first 20 bytes, which the index repeats."""
        if len(plain) > RECORD_BYTES:
            raise TraceError(f"a record of {len(plain)} bytes; at most {RECORD_BYTES} fit")
        stored = zlib.compress(plain, 1)
        head = tag + struct.pack(
            "<8I", launch, number, first_block, block_count, len(plain), len(stored), zlib.crc32(plain), zlib.crc32(stored))
        self._file.write(head + struct.pack("<I", zlib.crc32(head)) + stored)
        return head[:20]
