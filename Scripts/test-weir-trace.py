#!/usr/bin/env python3
"""Writes a trace of random blocks with weir_trace.py. Lists the operations on standard output, one per line.

    python3 Scripts/test-weir-trace.py SEED FILE.weir

Tests/CommandTests/PythonWriterTests.swift reads the trace and compares.
"""

import random
import sys

sys.dont_write_bytecode = True

import weir_trace as weir  # noqa: E402


def operation(program, kind, value, lines):
    """Adds one operation; `value` gives the numbers."""
    if kind == "tile":
        lane = value(1, 16)
        fields = dict(
            tensor=value(0, 2), element_bytes=value(1, 8), address=value(0, (1 << 64) - 1), rows=value(0, 64),
            row_bytes=value(1, 512), pitch_bytes=value(-(1 << 40), 1 << 40), request_rows=value(1, 4),
            lanes_per_row=value(1, 8), lane_bytes=lane, lane_stride_bytes=lane * value(1, 4), replicas=value(1, 8),
            hint=value(0, 3))
        program.tile(weir.LOAD, **fields)
        lines.append("tile " + " ".join(str(number) for number in fields.values()))
    elif kind == "lanes":
        addresses = [value(0, (1 << 64) - 1) for _ in range(value(0, 32))]
        fields = dict(tensor=value(0, 2), lane_bytes=value(1, 16), hint=value(0, 3))
        replicas = value(1, 3)
        program.warp_request(weir.STORE, addresses, replicas=replicas, **fields)
        for _ in range(replicas):
            lines.append(" ".join(map(str, ("lanes", *fields.values(), *addresses))))
    elif kind == "compute":
        numbers = [value(0, (1 << 32) - 1) for _ in range(9)]
        numbers[8] *= value(0, 1)
        names = ("tensor", "fp32", "alu", "special", "memory", "shuffle", "products", "cycles")
        program.compute(numbers[0], **dict(zip(names, numbers[1:])))
        lines.append("compute " + " ".join(map(str, numbers)))
    elif kind.endswith("_products"):
        number = value(0, 3 if kind == "await_products" else (1 << 32) - 1)
        getattr(program, kind)(number)
        lines.append(f"{kind} {number}")
    else:
        getattr(program, kind)()
        lines.append(kind)


def main():
    dice = random.Random(int(sys.argv[1]))
    weir.CHUNK_BYTES = dice.choice((1 << 10, 8 << 10, 256 << 10))
    kinds = ("tile", "lanes", "compute", "await_loads", "barrier", "invalidate_l1", "begin_products", "await_products")
    lines = []
    with weir.TraceWriter(sys.argv[2], "test-weir-trace") as trace:
        for launch in range(3):
            grid = (dice.randint(1, 40), dice.randint(1, 5), dice.randint(1, 3))
            tensors = [weir.Tensor(f"t{n}", 4096 * n, dice.randint(1, 1 << 50), "f32") for n in range(3)]
            trace.begin_launch(f"kernel {launch} \u00b5", grid, dice.randint(1, 1024), tensors=tensors, tiling="N=1")
            plans = [[dice.choice(kinds) for _ in range(dice.randint(0, 12))] for _ in range(3)]
            for block in range(grid[0] * grid[1] * grid[2]):
                lines.append(f"block {launch} {block}")
                program = weir.Program()
                plan, seed = dice.choice(plans), dice.randint(0, 3)
                # Blocks of one seed have the same numbers, except for addresses, which drift. The programs repeat with residuals.
                same = random.Random(seed)
                drift = block * dice.choice((64, 64, 64, 96))

                def value(low, high):
                    number = same.randint(low, high)
                    return (number + drift) % (1 << 64) if high == (1 << 64) - 1 else number

                for kind in plan:
                    operation(program, kind, value, lines)
                trace.add_block(program)
    print("\n".join(lines))


main()
