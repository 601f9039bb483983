#!/usr/bin/env python3
"""Fits the prices of the forward tile kernels (Sources/Kernels/Cost/InstructionPrices.swift). Prints the errors of the fit,
and the errors when one tiling or one shape is left out. Needs numpy and scipy.

    Scripts/fit-cost-model.py    reads docs/validation and docs/research/compiled
"""
import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.optimize import nnls

DOCS = Path(__file__).resolve().parent.parent / "docs"

KERNELS = ["bmm_ch_fwd", "ch_state_fwd", "ch_scan_fwd"]
MEMORY = ["ldgsts", "ldg", "stg", "lds", "ldsm", "sts", "stsm"]
# Operations whose price was counted or measured separately, as (FMA, ALU, other).
FIXED = {"division": (17, 13, 3), "plainAccess": (1, 2, 0), "vectorCopyIssue": (0, 1, 0), "exponential": (3, 1, 0)}
# Operations with some pipes fixed at zero, as (FMA, ALU, other): 1 is free, 0 is fixed.
FREE = {"unaligned": (0, 1, 0), "copyIssue": (0, 1, 1), "leadingTensor": (0, 0, 1)}
NAMES = ["frame", "stateEntry", "division", "copyAddress", "copyIssue", "vectorCopyIssue", "plainAccess", "leadingTensor",
         "exponential", "storeFloat", "scanOutput", "warpgroupTrip", "warpTrip", "registerOperand", "scaledRow",
         "decayElement", "unaligned"]
INDEX = {name: i for i, name in enumerate(NAMES)}
COUNT = len(NAMES)
PIPES = ["fma", "alu", "other"]


def ceiling(a, b):
    return -(-a // b)


def blocks(text):
    pairs = (part.split("=") for part in text.replace(" ", ";").split(";"))
    return {name.replace("BLOCK_SIZE_", ""): int(value) for name, value in pairs}


def measured_launches():
    rows, seen = [], set()
    for name in ["h200_tilings.csv", "h200_ssd.csv"]:
        for row in csv.DictReader(open(f"{DOCS}/validation/{name}")):
            key = tuple(row[c] for c in ("kernel", "blocks", "shape"))
            if row["kernel"] not in KERNELS or key in seen:
                continue
            seen.add(key)
            warps = int(row["num_warps"])
            total = int(row["grid_x"]) * int(row["grid_y"]) * int(row["grid_z"]) * warps
            rows.append(dict(
                kernel=row["kernel"], shape=row["shape"], warps=warps, stages=int(row["num_stages"]),
                tile=blocks(row["blocks"]), batch=int(row["batch"]), length=int(row["seqlen"]), heads=int(row["nheads"]),
                groups=int(row["ngroups"]), state=int(row["dstate"]), chunk=int(row["chunk"]),
                total=int(row["warp_instructions"]) / total, xu=int(row["xu_warp_inst"]) / total,
                alu=int(row["alu_warp_inst"]) / total, fma=int(row["fma_warp_inst"]) / total))
    return rows


def compiled_loops():
    return [dict(row, kernel=row["kernel"], warps=int(row["warps"]), stages=int(row["stages"]), tile=blocks(row["blocks"]),
                 batch=2, length=2048, heads=80, groups=1, state=128, chunk=256)
            for row in csv.DictReader(open(f"{DOCS}/research/compiled/resources.csv"))
            if row["cc"] == "90" and row["kernel"] in KERNELS and row["with_z"] == "0"]


def key(row):
    return (row["kernel"],) + tuple(row["tile"][c] for c in "MNK")


def exact(compiled, prefix):
    return sum(int(compiled[f"{prefix}_{name}"]) for name in MEMORY + ["tensor"])


def warp_split(rows, columns, warps):
    split = [1, 1]
    while split[0] * split[1] < warps:
        along_rows = rows / 16 / split[0] >= columns / 8 / split[1] and split[0] < rows / 16
        split[0 if along_rows else 1] *= 2
    return split


def trips(row):
    tile, chunk = row["tile"], row["chunk"]
    if row["kernel"] == "bmm_ch_fwd":
        return ceiling(row["state"], tile["K"])
    lengths = [min(chunk, row["length"] - c * chunk) for c in range(ceiling(row["length"], chunk))]
    if row["kernel"] == "ch_state_fwd":
        return np.mean([ceiling(length, tile["K"]) for length in lengths])
    return np.mean([ceiling(min((p + 1) * tile["M"], length), tile["K"])
                    for length in lengths for p in range(ceiling(chunk, tile["M"]))])


def operations(row):
    """Operations outside the loop, and operations in one trip of the loop."""
    m, n, k = (row["tile"][c] for c in "MNK")
    warps, stages, kernel = row["warps"], row["stages"], row["kernel"]
    threads = 32 * warps
    accumulators = m * n / threads
    outside, trip = defaultdict(float), defaultdict(float)
    outside["frame"] = 1
    trip["warpgroupTrip" if warps >= 4 else "warpTrip"] = 1
    copies = (m * k * (4 if kernel == "ch_scan_fwd" else 2) + k * n * 2) / 16 / threads
    vector_copies = 0
    if kernel == "bmm_ch_fwd":
        outside["division"] = 1 + (row["groups"] > 1)
        outside["storeFloat"] = accumulators
    else:
        outside["division"] = 1 + (row["batch"] > 1) + (row["heads"] > row["groups"])
        trip["registerOperand"] = warps >= 4
        trip["unaligned"] = row["length"] % 16 != 0
    if kernel == "ch_state_fwd":
        lanes = min(32, n // 8)
        rows = max(1, k / (warps * (32 // lanes)))
        vector_copies = 2 * rows
        trip["scaledRow"] = rows
        outside["stateEntry"] = 1
        outside["storeFloat"] = accumulators
    if kernel == "ch_scan_fwd":
        vector_copies = 2
        trip["decayElement"] = m * k / threads
        outside["scanOutput"] = accumulators
        outside["plainAccess"] = (m + n) * row["state"] * 2 / 16 / threads
        if warps >= 4:
            outside["leadingTensor"] = max(1, m // 64 // (warps // 4)) * ceiling(n, 256) * row["state"] / 16
        else:
            outside["leadingTensor"] = m * n * row["state"] / (16 * 8 * 16 * warps) / 8
        rows = 2 * max(1, m // 16 // warps) if warps >= 4 else 2 * (m // 16) // warp_split(m, n, warps)[0]
        outside["exponential"] = 1 if m >= threads else rows
    trip["copyIssue"], trip["vectorCopyIssue"] = copies, vector_copies
    outside["copyAddress"] = copies
    outside["copyIssue"], outside["vectorCopyIssue"] = (stages - 1) * copies, (stages - 1) * vector_copies
    return outside, trip


def equations(launches, loops, compiled):
    """Rows (coefficients, target, weight, label, instructions already accounted for)."""
    rows = []
    for launch in launches:
        outside, trip = operations(launch)
        count = trips(launch)
        vector = np.array([outside[name] + count * trip[name] for name in NAMES])
        known = exact(compiled[key(launch)], "all") + (count - 1) * exact(compiled[key(launch)], "loop") + launch["xu"]
        remainder = launch["total"] - known
        targets = [launch["fma"], launch["alu"], remainder - launch["fma"] - launch["alu"]]
        weights = [1 / launch["fma"], 1 / launch["alu"], 0.7 / max(100, targets[2])]
        for pipe in range(3):
            row = np.zeros(3 * COUNT)
            row[pipe * COUNT:(pipe + 1) * COUNT] = vector
            rows.append((row, targets[pipe], weights[pipe], (launch["kernel"], PIPES[pipe]), 0))
        rows.append((np.tile(vector, 3), remainder, 3 / launch["total"], (launch["kernel"], "total"), known))
    for loop in loops:
        _, trip = operations(loop)
        total, known = int(loop["loop_total"]), exact(loop, "loop") + int(loop["loop_mufu"])
        vector = np.array([trip[name] for name in NAMES], float)
        rows.append((np.tile(vector, 3), total - known, 1.5 / total, (loop["kernel"], "trip"), known))
    return rows


def fit(rows):
    fixed, free = np.zeros(3 * COUNT), np.ones(3 * COUNT, bool)
    for pipe in range(3):
        for name, price in FIXED.items():
            fixed[pipe * COUNT + INDEX[name]] = price[pipe]
            free[pipe * COUNT + INDEX[name]] = False
        for name, mask in FREE.items():
            free[pipe * COUNT + INDEX[name]] &= bool(mask[pipe])
    matrix, target, weight = (np.array([row[i] for row in rows]) for i in range(3))
    solution, _ = nnls(matrix[:, free] * weight[:, None], (target - matrix @ fixed) * weight)
    fixed[free] = solution
    return fixed


def errors(rows, prices):
    return [(label, 100 * (row @ prices - target) / (target + known)) for row, target, _, label, known in rows]


def report(title, labelled):
    groups = defaultdict(list)
    for label, error in labelled:
        groups[label].append(error)
    print(title)
    for label, values in sorted(groups.items()):
        if label[1] != "other":
            print(f"  {label[0]:14} {label[1]:6} n {len(values):3}  mean {np.mean(np.abs(values)):5.1f} %"
                  f"  worst {np.max(np.abs(values)):5.1f} %  signed {np.mean(values):+5.1f} %")


def leave_out(launches, loops, compiled, group, values, drop_loops):
    labelled = []
    for value in values:
        kept = equations([r for r in launches if group(r) != value],
                         [r for r in loops if not drop_loops or group(r) != value], compiled)
        left = equations([r for r in launches if group(r) == value],
                         [r for r in loops if drop_loops and group(r) == value], compiled)
        labelled += errors(left, fit(kept))
    return labelled


def main():
    launches, loops = measured_launches(), compiled_loops()
    compiled = {key(loop): loop for loop in loops}
    rows = equations(launches, loops, compiled)
    prices = fit(rows)
    print("price           FMA    ALU    other")
    for name in NAMES:
        print(f"{name:16}" + " ".join(f"{prices[pipe * COUNT + INDEX[name]]:6.2f}" for pipe in range(3)))
    free = sum(prices[pipe * COUNT + INDEX[name]] > 0 for name in NAMES if name not in FIXED for pipe in range(3))
    print(f"{free} fitted coefficients above zero, {len(rows)} equations")
    report("fit", errors(rows, prices))
    report("one tiling left out", leave_out(launches, loops, compiled, key, sorted({key(r) for r in launches}), True))
    shapes = sorted({r["shape"] for r in launches} - {"m2.7b_s2048_c256"})
    report("one shape left out", leave_out(launches, loops, compiled, lambda r: r.get("shape"), shapes, False))


main()
