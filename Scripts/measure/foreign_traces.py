#!/usr/bin/env python3
"""Writes the synthetic traces of docs/performance.md.

    foreign_traces.py accel-sim FILE BLOCKS WARPS REPEATS     one .traceg, version 5
    foreign_traces.py nvbit FILE RECORDS                      two launches of mem_trace's records, blocks in random order
    foreign_traces.py din FILE LINES                          reads, writes and fetches in turn

docs/performance.md has: accel-sim 2000 8 100 and 10000 8 100; nvbit 300000 and 1500000; din 20000000.
"""
import random
import sys

HEADER = """-kernel name = _Z4testPfS_
-kernel id = 1
-grid dim = ({blocks},1,1)
-block dim = ({threads},1,1)
-shmem = 16384
-nregs = 64
-binary version = 80
-cuda stream id = 0
-shmem base_addr = 0x00007f4000000000
-local mem base_addr = 0x00007f4100000000
-nvbit version = 1.7
-accelsim tracer version = 5
-enable lineinfo = 0

#traces format = PC mask dest_num [reg_dests] opcode src_num [reg_srcs] mem_width [adrrescompress?] [mem_addresses] immediate

"""


def accel_sim(file, blocks, warps, repeats):
    file.write(HEADER.format(blocks=blocks, threads=32 * warps))
    gaps = "4 " * 30 + "8 "
    for block in range(blocks):
        file.write(f"#BEGIN_TB\n\nthread block = {block},0,0\n\n")
        for warp in range(warps):
            lines = []
            for step in range((block * warps + warp) * repeats, (block * warps + warp + 1) * repeats):
                lines.append(f"0030 ffffffff 1 R8 LDG.E.128 1 R2 16 1 0x{0x7F0000000000 + step * 512:x} 16 0 ")
                lines.append("0040 ffffffff 1 R12 FFMA 3 R4 R8 R9 0 0 ")
                lines.append("0050 ffffffff 1 R13 IADD3 2 R4 R5 0 0 ")
                lines.append(f"0060 ffffffff 0 STG.E 2 R2 R12 4 2 0x{0x7F1000000000 + step * 128:x} {gaps}0 ")
            lines.append("0a10 ffffffff 0 EXIT 0 0 0 ")
            file.write(f"warp = {warp}\ninsts = {len(lines)}\n" + "\n".join(lines) + "\n\n")
        file.write("#END_TB\n\n")


def nvbit(file, records):
    for launch in range(2):
        file.write(f"MEMTRACE: CTX 0x00005581d1b2c7b0 - LAUNCH - Kernel pc 0x00007f5 - Kernel name add(double*) - grid launch id {launch}"
                   " - grid size 98,2,1 - block size 1024,1,1 - nregs 24 - shmem 0 - cuda stream id 0\n")
        for record in range(records):
            block, base = random.randrange(196), 0x7F2D9C000000 + record * 256
            lanes = " ".join(f"0x{base + 8 * lane if lane < 30 else 0:016x}" for lane in range(32))
            file.write(f"MEMTRACE: CTX 0x00005581d1b2c7b0 - grid_launch_id {launch} - CTA {block % 98},{block // 98},0 - "
                       f"warp {random.randrange(32)} - {random.choice(['LDG.E.64', 'STG.E.64', 'LDS.64'])} - {lanes} \n")


def din(file, lines):
    address = 0x7FFF0000
    for line in range(lines):
        address = (address + 4) & 0xFFFFFFFF if random.random() < 0.6 else random.getrandbits(32)
        file.write(f"{line % 3} {address:x}\n")


if __name__ == "__main__":
    random.seed(1)
    kind, path, *sizes = sys.argv[1:]
    with open(path, "w") as output:
        {"accel-sim": accel_sim, "nvbit": nvbit, "din": din}[kind](output, *map(int, sizes))
