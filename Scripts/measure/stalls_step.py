"""Measures the waits of warps in the backward launches of h200_tilings.csv and h200_ssd.csv.

A round is a training step in which every backward kernel has one of its tilings. Needs the packages and tools of step.py, and
runs in the project's folder.
    python3 Scripts/measure/stalls_step.py warm NUMBER    compiles round NUMBER, outside the profiler; rounds may compile side by side
    ncu --clock-control none --cache-control all --profile-from-start off --csv --page raw \
        --kernel-name regex:_chunk|_bmm|_state_passing --metrics $(python3 Scripts/measure/stalls.py metrics) --log-file raw.csv \
        python3 Scripts/measure/stalls_step.py launches.json
    python3 Scripts/measure/stalls_step.py table launches.json raw.csv h200_stalls_backward.csv
"""
import csv
import json
import sys

import stalls
import step

WHOLE_SHAPES = ("m8b_s4096_c128", "m1.3b_b4_s2048_c64", "m130m_b8_s2048_c256", "wide_b2_s4096_c128")
LAUNCHES = 19


def rounds():
    """Shapes with a tiling of each backward kernel: first every tiling at one shape, then the chosen ones of other shapes."""
    backward = set(name for _, name in step.KERNELS.values()) - set(stalls.FORWARD)
    def shape(row):
        return (row["shape"], *(int(row[name]) for name in ("batch", "seqlen", "nheads", "headdim", "ngroups", "dstate", "chunk")))
    tilings, result = {}, []
    for row in csv.DictReader(open("docs/validation/h200_tilings.csv")):
        if row["kernel"] in backward:
            tilings.setdefault(row["kernel"], []).append(row)
    first = next(iter(tilings.values()))[0]
    for number in range(max(map(len, tilings.values()))):
        result.append((shape(first), {kernel: rows[number] for kernel, rows in tilings.items() if number < len(rows)}))
    for name in WHOLE_SHAPES:
        rows = [row for row in csv.DictReader(open("docs/validation/h200_ssd.csv")) if row["shape"] == name]
        result.append((shape(rows[0]), {row["kernel"]: row for row in rows if row["kernel"] in backward}))
    return result


def prepare(number):
    """Fixes the tilings of a round. Returns its step and a row for each of its launches, None if nothing is asked."""
    import triton

    shape, rows = rounds()[number]
    for name, kernel in step.kernels().items():
        if not hasattr(kernel, "every"):
            kernel.every = list(kernel.configs)
        row = rows.get(step.KERNELS[name][1])
        kernel.configs, kernel.cache = kernel.every[-1:], {}
        if row:
            blocks = {name: int(value) for name, value in (part.split("=") for part in row["blocks"].split(";"))}
            kernel.configs = [triton.Config(
                blocks, num_warps=int(row["num_warps"]), num_stages=int(row["num_stages"]), pre_hook=kernel.every[0].pre_hook)]
    return step.step(shape), rows


def measure(output):
    import torch

    launches = []
    for number in range(len(rounds())):
        run, rows = prepare(number)
        run()
        torch.cuda.profiler.start()
        run()
        torch.cuda.profiler.stop()
        launches.append({kernel: {name: row[name] for name in ("shape", "order", "kernel", "blocks", "num_warps")}
                         for kernel, row in rows.items()})
    with open(output, "w") as file:
        json.dump(launches, file)


def table(launches, raw, output):
    units, profiles = stalls.holdout.profiles(raw)
    chosen = json.load(open(launches))
    assert len(profiles) == LAUNCHES * len(chosen), (len(profiles), len(chosen))
    kept, rows = [], []
    for number, profile in enumerate(profiles):
        kernel = step.KERNELS[profile["Kernel Name"]][1]
        row = chosen[number // LAUNCHES].pop(kernel, None) if number % LAUNCHES > 8 else None
        if row:
            kept.append(profile)
            rows.append(row)
    stalls.write(rows, kept, output)


if __name__ == "__main__":
    if sys.argv[1] == "warm":
        prepare(int(sys.argv[2]))[0]()
    elif sys.argv[1] == "rounds":
        print(*range(len(rounds())))
    elif sys.argv[1] == "table":
        table(*sys.argv[2:5])
    else:
        measure(sys.argv[1])
