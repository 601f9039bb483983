"""Measures the waits of warps in the forward launches of h200_ssd.csv and h200_tilings.csv.

Needs the packages and tools of holdout.py, and runs in the project's folder.
    python3 Scripts/measure/stalls.py warm    compiles everything, outside the profiler
    ncu --clock-control none --cache-control all --profile-from-start off --csv --page raw \
        --metrics $(python3 Scripts/measure/stalls.py metrics) --log-file raw.csv python3 Scripts/measure/stalls.py launches.json
    python3 Scripts/measure/stalls.py table launches.json raw.csv h200_stalls.csv
"""
import csv
import json
import sys

import holdout

FORWARD = ("ch_cumsum_fwd", "ch_state_fwd", "state_pass_fwd", "bmm_ch_fwd", "ch_scan_fwd")
STALLS = ("selected wait dispatch_stall branch_resolving not_selected math_pipe_throttle short_scoreboard mio_throttle lg_throttle misc "
          "barrier long_scoreboard no_instruction imc_miss drain membar").split()
RATIO = "smsp__average_warps_issue_stalled_%s_per_issue_active.ratio"
OTHERS = ("smsp__issue_active.sum", "smsp__inst_executed.sum", "sm__cycles_active.avg", "sm__warps_active.avg.per_cycle_active",
          "gpu__time_duration.sum", "l1tex__data_pipe_lsu_wavefronts_mem_shared.sum")


def rows():
    for table in ("h200_ssd", "h200_tilings"):
        for row in csv.DictReader(open(f"docs/validation/{table}.csv")):
            if row["kernel"] in FORWARD and (row["pass"] == "fwd" or table == "h200_tilings"):
                yield row


def measure(output, profile):
    import triton

    forward = holdout.Forward()
    order = {name: number for number, (name, _) in enumerate(forward.kernels)}
    every = [list(kernel.configs) for _, kernel in forward.kernels]
    launches, kept, inputs = [], None, None
    for row in rows():
        shape = (row["shape"], *(int(row[name]) for name in ("batch", "seqlen", "nheads", "headdim", "ngroups", "dstate", "chunk")))
        number = order[row["kernel"]]
        blocks = {name: int(value) for name, value in (part.split("=") for part in row["blocks"].split(";"))}
        for other, (_, kernel) in enumerate(forward.kernels):
            kernel.configs = every[other][-1:] if other != number else [
                triton.Config(blocks, num_warps=int(row["num_warps"]), num_stages=int(row["num_stages"]))]
            kernel.cache.clear()
        if shape != kept:
            kept, inputs = shape, forward.inputs(shape)
        forward.run(inputs, shape[-1])
        forward.run(inputs, shape[-1], number if profile else None)
        launches.append({name: row[name] for name in ("shape", "order", "kernel", "blocks", "num_warps")})
    if output:
        with open(output, "w") as file:
            json.dump(launches, file)


def table(launches, raw, output):
    _, profiles = holdout.profiles(raw)
    rows = json.load(open(launches))
    assert len(rows) == len(profiles), f"{len(rows)} launches, {len(profiles)} profiles"
    write(rows, profiles, output)


def write(rows, profiles, output):
    with open(output, "w", newline="") as file:
        names = ["shape", "order", "kernel", "blocks", "num_warps", "thread_blocks", "duration_ns", "lifetime_cycles",
                 "warp_instructions_per_warp", "shared_wavefronts_per_block"] + [stall + "_cycles" for stall in STALLS]
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        for row, profile in zip(rows, profiles):
            def value(name):
                return float(profile[name].replace(",", ""))
            blocks = 1
            for extent in profile["Grid Size"].strip("()").split(","):
                blocks *= int(extent)
            warps = blocks * int(row["num_warps"])
            resident = value("sm__cycles_active.avg") * value("sm__warps_active.avg.per_cycle_active") * 132
            writer.writerow(row | {
                "thread_blocks": blocks, "duration_ns": round(value("gpu__time_duration.sum")),
                "lifetime_cycles": round(resident / warps),
                "warp_instructions_per_warp": round(value("smsp__inst_executed.sum") / warps),
                "shared_wavefronts_per_block": round(value("l1tex__data_pipe_lsu_wavefronts_mem_shared.sum") / blocks),
            } | {stall + "_cycles": round(value(RATIO % stall) * value("smsp__issue_active.sum") / warps) for stall in STALLS})


if __name__ == "__main__":
    if sys.argv[1] == "metrics":
        print(",".join([RATIO % stall for stall in STALLS if stall != "selected"] + [RATIO % "selected", *OTHERS]))
    elif sys.argv[1] == "table":
        table(*sys.argv[2:5])
    else:
        measure(None if sys.argv[1] == "warm" else sys.argv[1], profile=sys.argv[1] != "warm")
