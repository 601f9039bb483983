#!/usr/bin/env python3
"""Tests of record_triton.py. They compare its records with arithmetic, and its layouts with Triton's own compiler.

    Scripts/test-record          makes an environment and runs this
"""

import contextlib
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))
COMPILES = sys.argv[1:2] == ["--compile"]
if COMPILES:
    os.environ.pop("TRITON_INTERPRET", None)
else:
    os.environ["TRITON_INTERPRET"] = "1"
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

import numpy as np  # noqa: E402
import triton  # noqa: E402
import triton.language as tl  # noqa: E402


@triton.jit
def add(x, y, out, n, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(out + at, tl.load(x + at, mask=at < n) + tl.load(y + at, mask=at < n), mask=at < n)


@triton.jit
def shifted(x, y, out, n, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(out + at, tl.load(x + at + 1) + tl.load(y + at + 4))


@triton.jit
def tile(x, out, rows, columns, stride, BM: tl.constexpr, BN: tl.constexpr):
    r = tl.program_id(0) * BM + tl.arange(0, BM)
    c = tl.program_id(1) * BN + tl.arange(0, BN)
    inside = (r[:, None] < rows) & (c[None, :] < columns)
    value = tl.load(x + r[:, None] * stride + c[None, :], mask=inside, other=0)
    tl.store(out + r[:, None] * stride + c[None, :], value, mask=inside)


@triton.jit
def turned(x, out, rows, columns, stride, BM: tl.constexpr, BN: tl.constexpr):
    r = tl.program_id(0) * BM + tl.arange(0, BM)
    c = tl.program_id(1) * BN + tl.arange(0, BN)
    inside = (r[:, None] < rows) & (c[None, :] < columns)
    value = tl.load(x + r[:, None] * stride + c[None, :], mask=inside, other=0)
    tl.store(out + c[None, :] * rows + r[:, None], value, mask=inside)


@triton.jit
def wrapped(x, out, rows, columns, stride, BM: tl.constexpr, BN: tl.constexpr):
    r = (tl.program_id(0) * BM + tl.arange(0, BM)) % rows
    c = tl.arange(0, BN)
    pointers = x + r[:, None] * stride + c[None, :]
    total = tl.zeros((BM, BN), dtype=tl.float32)
    for start in range(0, columns, BN):
        total += tl.load(pointers, mask=c[None, :] < columns - start, other=0).to(tl.float32)
        pointers += BN
    tl.store(out + (tl.program_id(0) * BM + tl.arange(0, BM))[:, None] * BN + c[None, :], total)


@triton.jit
def blocks(x, out, rows, columns, stride, BM: tl.constexpr, BN: tl.constexpr):
    source = tl.make_block_ptr(x, (rows, columns), (stride, 1), (tl.program_id(0) * BM, 0), (BM, BN), (1, 0))
    target = tl.make_block_ptr(out, (rows, columns), (stride, 1), (tl.program_id(0) * BM, 0), (BM, BN), (1, 0))
    for _ in range(0, columns, BN):
        tl.store(target, tl.load(source, boundary_check=(0, 1)), boundary_check=(0, 1))
        source = tl.advance(source, (0, BN))
        target = tl.advance(target, (0, BN))


@triton.jit
def gather(x, index, out, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(out + at, tl.load(x + tl.load(index + at)))


@triton.jit
def count(x, out, total, n, BLOCK: tl.constexpr):
    at = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.atomic_add(out + tl.load(x + at, mask=at < n, other=0), 1, mask=at < n)
    tl.atomic_add(total, 1, sem="relaxed")


@triton.jit
def hinted(x, out, BLOCK: tl.constexpr):
    at = tl.arange(0, BLOCK)
    value = tl.load(x + at, eviction_policy="evict_first") + tl.load(x + at, cache_modifier=".cg")
    tl.store(out + at, value, mask=at < 300, eviction_policy="evict_last")
    tl.store(out + at, value, cache_modifier=".cs")


# Kernel, element type of the arrays, integer arguments, tile, warps: one array for each pointer argument.
CASES = [
    (add, "float32", (4096,), (1024,), 4), (add, "float32", (4001,), (1024,), 4), (add, "float16", (4096,), (1024,), 4),
    (add, "int8", (4096,), (4096,), 2), (add, "int64", (4096,), (512,), 8), (shifted, "float32", (4096,), (1024,), 4),
    (shifted, "float16", (4096,), (256,), 4), (tile, "float16", (100, 96, 128), (32, 64), 4),
    (tile, "float16", (100, 90, 120), (32, 64), 4), (tile, "float32", (64, 128, 128), (16, 128), 8),
    (tile, "float32", (64, 128, 129), (16, 128), 4), (turned, "float16", (96, 96, 96), (64, 32), 4),
    (turned, "float32", (64, 128, 128), (32, 32), 2), (wrapped, "float16", (96, 96, 96), (32, 32), 4),
    (wrapped, "float32", (100, 80, 80), (16, 64), 4), (blocks, "float16", (100, 96, 96), (32, 32), 4),
    (blocks, "float32", (100, 90, 90), (32, 32), 4),
]
SERIES = tuple(int(part) for part in triton.__version__.split(".")[:2])
if SERIES >= (3, 9):  # has no block pointers
    CASES = [case for case in CASES if case[0] is not blocks]
ARRAY = 1 << 16


def compiled(case):
    """A thread's instructions that touch global memory in the compiled kernel: the number of each (ld or st, bytes)."""
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    kernel, dtype, numbers, tiles, warps = case
    names = kernel.arg_names
    pointers = len(names) - len(numbers) - len(tiles)
    short = {"float32": "fp32", "float16": "fp16", "int8": "i8", "int64": "i64"}[dtype]
    signature = {name: "*" + short if i < pointers else "i32" if i < pointers + len(numbers) else "constexpr"
                 for i, name in enumerate(names)}
    if kernel is wrapped:
        signature["out"] = "*fp32"
    divisible = [["tt.divisibility", 16]]
    attributes = {(i,): divisible for i in range(pointers)}
    attributes |= {(pointers + i,): divisible for i, number in enumerate(numbers) if number % 16 == 0}
    constants = {(pointers + len(numbers) + i,): extent for i, extent in enumerate(tiles)}
    source = ASTSource(fn=kernel, signature=signature, constexprs=constants, attrs=attributes)
    text = triton.compile(
        source, target=GPUTarget("cuda", 90, 32), options={"num_warps": warps, "num_stages": 1}).asm["ptx"]
    found = Counter()
    for what, vector, bits in re.findall(r"\b(ld|st)\.global(?:\.v(\d))?\.b(\d+)", text):
        found[f"{what} {int(vector or 1) * int(bits) // 8}"] += 1
    return found


class Recorded(unittest.TestCase):
    """A recorded trace, as `weir inspect` reads it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "trace.weir")

    def inspected(self):
        weir = os.environ.get("WEIR") or os.path.join(HERE, "weir")
        text = subprocess.run([weir, "inspect", "--format", "json", self.path], capture_output=True, text=True, check=True).stdout
        return json.loads(text)["launches"]

    def test_layouts_are_the_compilers(self):
        """Compares every thread's instructions, by width, in the compiled kernel and in the first block of the recorded one."""
        text = subprocess.run(
            [sys.executable, os.path.abspath(__file__), "--compile"], capture_output=True, text=True, check=True).stdout
        for case, expected in zip(CASES, json.loads(text)):
            kernel, dtype, numbers, tiles, warps = case
            with self.subTest(kernel=kernel.__name__, dtype=dtype, numbers=numbers, tiles=tiles):
                self.assertEqual(self.instructions(case), expected)

    def instructions(self, case):
        kernel, dtype, numbers, tiles, warps = case
        pointers = len(kernel.arg_names) - len(numbers) - len(tiles)
        arrays = [DeviceArray(np.zeros(ARRAY, dtype=dtype)) for _ in range(pointers)]
        if kernel is wrapped:
            arrays[1] = DeviceArray(np.zeros(ARRAY, dtype="float32"))
        found, places, divide = Counter(), set(), access.Access.divide

        def noting(this, run):
            shape, order, kind = this.addresses.shape, this.order, this.kind
            with unittest.mock.patch.object(layout, "requests", wraps=layout.requests) as asked:
                divide(this, run)
            shape, order, per_thread, width, warps = asked.call_args.args
            first = (kind, this.tensor)
            if first not in places:  # a loop's instructions count once
                places.add(first)
                a_thread = max(per_thread, int(np.prod(shape)) // (32 * warps))
                found[f"{'ld' if kind == 0 else 'st'} {width * this.element_bytes}"] += a_thread // width

        with unittest.mock.patch.object(access.Access, "divide", noting), record(self.path, target=None):
            kernel[(1,)](*arrays, *numbers, *tiles, num_warps=warps)
        return dict(found)

    def test_masked_vector(self):
        """1000 floats in blocks of 256: 125 sectors an array; threads hold two neighbours, one at a time as 1000 is no multiple
        of 16. A block has 2 requests of 2 words a lane apart in each of 4 warps, of which the last has 232 = 3.6 warps' words."""
        x, y, out = (DeviceArray(np.arange(1000, dtype=np.float32)) for _ in range(3))
        with record(self.path, target=None):
            add[(4,)](x, y, out, 1000, BLOCK=256)
        self.assertTrue((out.array == x.array * 2).all())
        launch, = self.inspected()
        self.assertEqual((launch["kernel"], launch["grid"], launch["threads_per_block"]), ("add", [4, 1, 1], 128))
        self.assertEqual([t["name"] for t in launch["tensors"]], ["x", "y", "out"])
        self.assertEqual([t["read_bytes"] + t["write_bytes"] for t in launch["tensors"]], [4000] * 3)
        self.assertEqual([t["read_sectors"] + t["write_sectors"] for t in launch["tensors"]], [250] * 3)
        self.assertEqual([t["read_requests"] + t["write_requests"] for t in launch["tensors"]], [32] * 3)

    def test_gathered(self):
        """Addresses from memory: every lane its own sector, and a wait between the two loads."""
        x = DeviceArray(np.arange(4096, dtype=np.float32))
        index = DeviceArray(np.arange(256, dtype=np.int64) * 16)
        out = DeviceArray(np.zeros(256, dtype=np.float32))
        with record(self.path):
            gather[(1,)](x, index, out, BLOCK=256)
        launch, = self.inspected()
        self.assertEqual([t["read_sectors"] for t in launch["tensors"]], [256, 64, 0])
        self.assertEqual(launch["operations"]["await_loads"], 2)

    def test_atomics(self):
        """Adds of one word a lane; those of the same word are one request of passes. The acquiring ones empty the L1."""
        x = DeviceArray(np.zeros(128, dtype=np.int32))
        out, total = DeviceArray(np.zeros(8, dtype=np.int32)), DeviceArray(np.zeros(1, dtype=np.int32))
        with record(self.path):
            count[(2,)](x, out, total, 100, BLOCK=64, num_warps=2)
        self.assertEqual((out.array[0], total.array[0]), (100, 2))
        launch, = self.inspected()
        self.assertEqual(launch["tensors"][1]["write_requests"], 4)
        self.assertEqual(launch["operations"]["invalidate_l1"], 2)

    @unittest.skipUnless(importlib.util.find_spec("torch"), "needs torch")
    def test_example(self):
        """The numbers that docs/recording-triton.md works out by hand."""
        script = os.path.join(HERE, "examples", "scaled_rows.py")
        subprocess.run([sys.executable, os.path.join(HERE, "record_triton.py"), "--interpreter", "--output", self.path, script],
                       capture_output=True, check=True)
        rows, product = self.inspected()

        def figures(launch):
            return {t["name"]: (t["read_requests"] + t["write_requests"], t["read_sectors"] + t["write_sectors"])
                    for t in launch["tensors"]}
        self.assertEqual(
            figures(rows), {"rows": (1536, 24000), "weight": (1536, 24000), "shift": (192, 192), "out": (1536, 6000)})
        self.assertEqual(figures(product), {"left": (78, 1200), "right": (96, 1536), "out": (26, 400)})
        self.assertEqual(rows["warp_instructions_by_class"]["fp32"], 6144)
        self.assertEqual(product["warp_instructions_by_class"]["tensor"], 384)

    @unittest.skipIf(SERIES >= (3, 9), "Triton 3.9 tells the interpreter of hints in another way")
    def test_hints(self):
        arrays = [DeviceArray(np.zeros(512, dtype=np.float32)) for _ in range(2)]
        tile = weir_trace.Program.tile
        with unittest.mock.patch.object(weir_trace.Program, "tile", autospec=True, side_effect=tile) as tiles, record(self.path, target=None):
            hinted[(1,)](*arrays, BLOCK=512)
        hints = [call.kwargs["hint"] for call in tiles.call_args_list]
        self.assertEqual(hints, [weir_trace.EVICT_FIRST, weir_trace.BYPASS_L1, weir_trace.EVICT_LAST, weir_trace.EVICT_FIRST])

    def test_views_share_an_allocation(self):
        base = np.zeros(4096, dtype=np.float32)
        with record(self.path):
            for _ in range(2):
                add[(1,)](DeviceArray(base[:512]), DeviceArray(base[512:1024]), DeviceArray(base[1024:]), 512, BLOCK=512)
        first, second = self.inspected()
        self.assertEqual([(t["name"], t["bytes"]) for t in first["tensors"]], [("x,y,out", 16384)])
        self.assertEqual(first["tensors"], second["tensors"])

    def test_same_bytes(self):
        written = []
        for _ in range(2):
            arrays = [DeviceArray(np.zeros(4096, dtype=np.float32)) for _ in range(3)]
            with record(self.path):
                add[(4,)](*arrays, 4001, BLOCK=1024)
                turned[(2, 2)](*arrays[:2], 50, 60, 64, BM=32, BN=32)
            with open(self.path, "rb") as file:
                written.append(file.read())
        self.assertEqual(*written)

    def test_outside_of_tensors(self):
        arrays = [DeviceArray(np.zeros(100, dtype=np.float32)) for _ in range(3)]
        with self.assertRaisesRegex(RecordError, "kernel add, block 0: 28 addresses"):
            with record(self.path):
                add[(1,)](*arrays, 128, BLOCK=128)
        self.assertFalse(os.listdir(os.path.dirname(self.path)))

    def test_script(self):
        """A script is run as it is; its exit code is kept, and a failed one leaves no trace."""
        script = os.path.join(os.path.dirname(self.path), "script.py")
        with open(script, "w") as file:
            file.write("import sys\nsys.exit(int(sys.argv[1]))\n")
        for code, message in ((3, ""), (0, "no launch was recorded")):
            result = subprocess.run(
                [sys.executable, os.path.join(HERE, "record_triton.py"), "--output", self.path, script, str(code)],
                capture_output=True, text=True)
            self.assertEqual(result.returncode, code or 1)
            self.assertIn(message, result.stderr)
            self.assertFalse(os.path.exists(self.path))


@triton.jit
def sums(x, out, n, BLOCK: tl.constexpr):
    """Block p sums p + 1 tiles."""
    pid = tl.program_id(0)
    at = tl.arange(0, BLOCK)
    total = tl.zeros((BLOCK,), dtype=tl.float32)
    for trip in range(0, pid + 1):
        total += tl.load(x + trip * BLOCK + at, mask=at < n, other=0)
    tl.store(out + pid * BLOCK + at, total)


@triton.jit
def product(a, b, c, M, N, K, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    m = tl.program_id(0) * BM + tl.arange(0, BM)
    n = tl.program_id(1) * BN + tl.arange(0, BN)
    k = tl.arange(0, BK)
    total = tl.zeros((BM, BN), dtype=tl.float32)
    for start in range(0, K, BK):
        total = tl.dot(tl.load(a + m[:, None] * K + (start + k)[None, :]), tl.load(b + (start + k)[:, None] * N + n[None, :]), total)
    tl.store(c + m[:, None] * N + n[None, :], total.to(tl.float16))


@triton.jit
def boxes(a, b, c, K, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    total = tl.zeros((BM, BN), dtype=tl.float32)
    for start in range(0, K, BK):
        total = tl.dot(a.load([tl.program_id(0) * BM, start]), b.load([start, tl.program_id(1) * BN]), total)
    c.store([tl.program_id(0) * BM, tl.program_id(1) * BN], total.to(tl.float16))


@triton.jit
def compacted(x, out, total, BLOCK: tl.constexpr):
    value = tl.load(x + tl.arange(0, BLOCK))
    keeps = (value > 0).to(tl.int32)
    start = tl.atomic_add(total, tl.sum(keeps, 0))
    tl.store(out + start + tl.cumsum(keeps, 0) - 1, value, mask=value > 0)


@triton.jit
def locked(lock, total, BLOCK: tl.constexpr):
    """Every block adds one to all of `total`, one block after the other."""
    at = tl.arange(0, BLOCK)
    while tl.atomic_cas(lock, 0, 1) == 1:
        pass
    tl.store(total + at, tl.load(total + at) + 1)
    tl.debug_barrier()
    tl.atomic_xchg(lock, 0)


@triton.jit
def turns(lock, total, TURNS: tl.constexpr, BLOCK: tl.constexpr):
    """Every block takes one of two locks several times."""
    at = tl.arange(0, BLOCK)
    mine = lock + tl.program_id(0) % 2
    for turn in range(TURNS):
        while tl.atomic_cas(mine, 0, 1) == 1:
            pass
        tl.store(total + at, tl.load(total + at) + turn)
        tl.debug_barrier()
        tl.atomic_xchg(mine, 0)


@triton.jit
def kept(lock, total, BLOCK: tl.constexpr):
    """A block takes a word and gives another one back: no lock."""
    at = tl.arange(0, BLOCK)
    while tl.atomic_cas(lock, 0, 1) == 1:
        pass
    tl.store(total + at, tl.load(total + at) + 1)
    tl.debug_barrier()
    tl.atomic_xchg(lock + 1, 0)


class Compiled(Recorded):
    """Launches that are recorded from the compiled kernel. The tests of `Recorded` hold for them too."""

    def recorded(self, launch, **options):
        """Records what `launch()` does. Returns the launches as `weir inspect` reads them, the decisions, and what was said."""
        said = io.StringIO()
        with contextlib.redirect_stderr(said), record(self.path, **options) as recorder:
            launch()
        return self.inspected(), recorder.session.decisions, said.getvalue()

    test_layouts_are_the_compilers = test_example = test_hints = test_script = None

    def replayed(self):
        """What `weir replay` predicts for the only launch."""
        weir = os.environ.get("WEIR") or os.path.join(HERE, "weir")
        text = subprocess.run([weir, "replay", "--format", "json", "--quiet", self.path], capture_output=True, text=True, check=True)
        return json.loads(text.stdout)["launches"][0]["predicted"]

    def floats(self, count):
        return DeviceArray(np.ones(count, dtype=np.float32))

    def test_trips(self):
        """Each block has trips of its own: block p loads p + 1 tiles, and instructions follow."""
        x, out = self.floats(8 * 256), self.floats(8 * 256)
        (launch,), (decision,), said = self.recorded(lambda: sums[(8,)](x, out, 256, BLOCK=256))
        self.assertNotIn("record_triton", said)
        self.assertEqual([t["read_sectors"] for t in launch["tensors"]], [sum(range(1, 9)) * 32, 0])
        self.assertEqual([t["write_sectors"] for t in launch["tensors"]], [0, 8 * 32])
        np.testing.assert_array_equal(out.array.reshape(8, 256)[:, 0], np.arange(1, 9))
        self.assertEqual(launch["registers_per_thread"], decision["registers"])
        self.assertFalse(launch["resources_estimated"])

    def test_pipelined_product(self):
        """A product's factors are copied asynchronously, two trips ahead; each is read once by each block of its row or column."""
        arrays = [DeviceArray(np.zeros(256 * 256, dtype=np.float16)) for _ in range(3)]
        (launch,), (decision,), said = self.recorded(
            lambda: product[(4, 4)](*arrays, 256, 256, 256, BM=64, BN=64, BK=64, num_warps=4, num_stages=3))
        self.assertNotIn("record_triton", said)
        self.assertEqual([t["read_sectors"] for t in launch["tensors"]], [4 * 4096, 4 * 4096, 0])
        self.assertEqual([t["write_sectors"] for t in launch["tensors"]], [0, 0, 4096])
        self.assertGreater(decision["async_copies"], 0)
        self.assertGreater(decision["groups_in_flight"], 0)
        self.assertGreater(launch["operations"]["commit_group"], 16 * 4)
        # 64 x 64 x 64 multiply-adds a trip: 128 products of 16 x 8 by 16, 32 a warp; four trips.
        self.assertEqual(launch["warp_instructions_by_class"]["tensor"] > 0, True)
        # A warp group's products run on while the block copies the next tiles: a group a trip, and a wait for each and the last.
        self.assertEqual(launch["operations"]["begin_products"], 16 * 4)
        self.assertGreaterEqual(launch["operations"]["await_products"], 16 * 4)
        self.assertEqual(self.replayed()["tensor_ops"], 2 * 256**3)

    def test_time_of_a_lone_warp(self):
        """A stretch of machine code takes its stall counts and its waits for barriers."""
        from triton_recording.compiled import sass

        def line(address, text, stall=1, sets=7, waits=0):
            upper = stall << 41 | sets << 46 | 7 << 49 | waits << 52
            return f"        /*{address:04x}*/    {text} ;    /* 0x{0:016x} */\n    /* 0x{upper:016x} */\n"

        code = [
            line(0x00, "MOV R0, c[0x0][0x28]", stall=4),
            line(0x10, "MUFU.EX2 R1, R0", sets=0),
            line(0x20, "MUFU.EX2 R2, R0", sets=1),  # 8 cycles behind the first: the pipe is taken
            line(0x30, "FADD R3, R1, R2", stall=5, waits=3),  # 17 cycles behind the second
            line(0x40, "LDS R4, [R3]", stall=2, sets=2),
            line(0x50, "BRA 0x70", stall=5),
            line(0x60, "FADD R5, R3, R3", stall=2),
            line(0x70, "FADD R6, R4, R4", stall=4, waits=4),  # 23 behind the load, of which 9 are over
            line(0x80, "BAR.SYNC.DEFER_BLOCKING 0x0", stall=6),  # 12 and 2 a warp
            line(0x90, "EXIT", stall=5),
        ]
        lines = sass.Code("".join(code), warps=4).lines
        self.assertEqual([n.cycles for n in lines], [4, 1, 8, 21, 2, 5, 2, 18, 26, 5])
        self.assertEqual(sass.mix(lines)["cycles"], 92)
        # Without the words that hold the waits nobody knows the time.
        self.assertEqual(sass.mix(sass.Code("".join(c.split("/* 0x")[0] for c in code)).lines)["cycles"], 0)

    def test_locks_are_released(self):
        """A block that waits for a lock goes on once another block has let go of it."""
        lock, total = DeviceArray(np.zeros(1, dtype=np.int32)), self.floats(128)
        (launch,), _, said = self.recorded(lambda: locked[(6,)](lock, total, BLOCK=128), values="none")
        self.assertNotIn("recorded from the interpreter", said)
        self.assertEqual([t["read_sectors"] for t in launch["tensors"]][1], 6 * 16)
        self.assertEqual(lock.array[0], 0)
        # A block takes the lock with one atomic and gives it back with another, which have their fences in them. The
        # polls of blocks that find it taken are the simulation's.
        self.assertEqual(launch["operations"]["atomic"], 6 * 2)
        self.assertEqual(launch["operations"]["invalidate_l1"], 0)
        self.assertEqual(self.replayed()["flag_signals"], 6)

    def test_turns_on_locks(self):
        """A block's turns on a lock are in its program one after the other, however many others hold it meanwhile."""
        lock, total = DeviceArray(np.zeros(2, dtype=np.int32)), self.floats(128)
        (launch,), _, said = self.recorded(lambda: turns[(6,)](lock, total, TURNS=3, BLOCK=128), values="none")
        self.assertNotIn("recorded from the interpreter", said)
        self.assertEqual(launch["operations"]["atomic"], 6 * 3 * 2)
        replayed = self.replayed()
        self.assertEqual(replayed["flag_signals"], 6 * 3)
        self.assertEqual(replayed["l1_atom_sectors"], 6 * 3 * 2 + replayed["flag_polls"])

    def test_swaps_that_take_no_lock(self):
        """A word that its block does not give back is no lock: its atomics are recorded as they are."""
        lock, total = DeviceArray(np.zeros(2, dtype=np.int32)), self.floats(128)
        (launch,), _, said = self.recorded(lambda: kept[(1,)](lock, total, BLOCK=128), values="none")
        self.assertNotIn("recorded from the interpreter", said)
        self.assertEqual((launch["operations"]["atomic"], launch["operations"]["invalidate_l1"]), (2, 2))
        self.assertEqual(self.replayed()["flag_signals"], 0)

    def test_values(self):
        """Without values nothing is computed, and a line says so; the trace is the same."""
        files = []
        for values in ("all", "none"):
            x, out = self.floats(1024), DeviceArray(np.zeros(1024, dtype=np.float32))
            _, _, said = self.recorded(lambda: add[(4,)](x, x, out, 1024, BLOCK=256), values=values)
            self.assertEqual(out.array.sum(), 2048 if values == "all" else 0)
            self.assertEqual("results are computed for none" in said, values == "none")
            with open(self.path, "rb") as file:
                files.append(file.read())
        self.assertEqual(*files)

    def test_disagreement(self):
        """A launch whose compiled kernel disagrees with the interpreter is recorded from the interpreter, and a line says so."""
        from triton_recording.compiled import machine

        rule = machine.RULES["shl"]
        with unittest.mock.patch.dict(machine.RULES, shl=lambda *a: rule(*a) ^ a[3].dtype.type(1 << 7)):
            x, out = self.floats(4096), self.floats(4096)
            with contextlib.redirect_stderr(io.StringIO()) as said, record(self.path) as recorder:
                add[(4,)](x, x, out, 1024, BLOCK=256)
        self.assertIn("recorded from the interpreter, since block", said.getvalue())
        self.assertEqual(recorder.session.decisions, [])
        launch, = self.inspected()
        self.assertEqual(launch["tensors"][1]["write_sectors"], 128)

    def test_targets(self):
        """Other architectures have other machine code, and the same sectors."""
        for target in (80, 89, 120):
            x, out = self.floats(1024), self.floats(1024)
            (launch,), (decision,), said = self.recorded(lambda: add[(4,)](x, x, out, 1000, BLOCK=256), target=target)
            self.assertNotIn("record_triton", said)
            self.assertEqual([t["write_sectors"] for t in launch["tensors"]][1], 250)

    def test_tensor_descriptors(self):
        """Tensor descriptors are bulk copies, which the interpreter confirms."""
        from triton.tools.tensor_descriptor import TensorDescriptor

        class Base(DeviceArray):
            shape = property(lambda self: self.array.shape)
            element_size = lambda self: self.array.itemsize  # noqa: E731

        def descriptor(block):
            array = np.zeros((256, 256), dtype=np.float16)
            return TensorDescriptor(Base(array), [256, 256], [256, 1], block)

        given = [descriptor([64, 64]), descriptor([64, 128]), descriptor([64, 128])]
        (launch,), (decision,), said = self.recorded(
            lambda: boxes[(4, 2)](*given, 256, BM=64, BN=128, BK=64, num_warps=4, num_stages=3), values="none")
        self.assertNotIn("record_triton: kernel boxes: recorded from", said)
        self.assertNotIn("not held against", said)
        self.assertGreater(decision["bulk_copies"], 0)
        self.assertEqual([t["read_sectors"] for t in launch["tensors"]], [2 * 4096, 4 * 4096, 0])
        self.assertEqual([t["write_sectors"] for t in launch["tensors"]], [0, 0, 4096])

    def test_compaction(self):
        """Addresses that follow from a scan, from a sum over a warp and from an atomic's result."""
        x = DeviceArray((np.arange(1024) % 3).astype(np.int32))
        out, total = DeviceArray(np.zeros(1024, dtype=np.int32)), DeviceArray(np.zeros(1, dtype=np.int32))
        (launch,), _, said = self.recorded(lambda: compacted[(1,)](x, out, total, BLOCK=1024))
        self.assertNotIn("record_triton", said)
        kept = int((x.array > 0).sum())
        self.assertEqual((total.array[0], (out.array > 0).sum()), (kept, kept))
        self.assertGreaterEqual([t["write_sectors"] for t in launch["tensors"]][1], -(-kept * 4 // 32))

    def test_rollback(self):
        """A launch that is taken back leaves the trace as it was."""
        with weir_trace.TraceWriter(self.path, "test") as writer:
            for name in ("first", "second"):
                point = writer.savepoint()
                writer.begin_launch(name, (2, 1, 1), 32, tensors=[])
                writer.add_block(weir_trace.Program())
                if name == "second":
                    writer.rollback(point)
                else:
                    writer.add_block(weir_trace.Program())
        self.assertEqual([launch["kernel"] for launch in self.inspected()], ["first"])


if COMPILES:
    print(json.dumps([compiled(case) for case in CASES]))
elif __name__ == "__main__":
    import unittest.mock

    import weir_trace
    from record_triton import DeviceArray, RecordError, record
    from triton_recording import access, layout
    unittest.main()
