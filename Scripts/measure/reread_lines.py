"""Writes docs/validation/h200_reread_lines.csv with ./reread_lines: the share of a row's last reading that hits."""

import subprocess

import numpy

# Dynamic shared memory that makes the carve-out, with the 1 KiB that the driver adds to a block.
CARVE_OUTS = [8, 16, 32, 64, 100, 132, 164]


def lists():
    """Each list with its pattern and the KiB of its row, whose reading is the list's end."""
    for kib in range(4, 304, 4):
        yield "cycle", kib, list(range(kib * 8)) * 3
    for kib in range(4, 256, 4):
        row = list(range(kib * 8))
        yield "stream", kib, row * 2 + list(range(1 << 16, (1 << 16) + 4096)) + row


def main():
    patterns, starts, lines = [], [0], []
    for pattern, kib, reads in lists():
        patterns.append((pattern, kib, starts[-1] + len(reads)))
        lines += reads + [0xFFFFFFFF] * (-len(reads) % 32)
        starts.append(len(lines))
    numpy.array([len(patterns)] + starts + lines, numpy.uint32).tofile("lists.bin")
    print("pattern,carve_out_kib,kib,share_of_last_pass_hit")
    for carve_out in CARVE_OUTS:
        command = ["./reread_lines", "lists.bin", str(carve_out * 1024 - 1024), "hits.bin"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        hits = numpy.unpackbits(numpy.fromfile("hits.bin", numpy.uint8), bitorder="little")
        for pattern, kib, end in patterns:
            print(f"{pattern},{carve_out},{kib},{hits[end - kib * 8 : end].mean():.4f}")


main()
