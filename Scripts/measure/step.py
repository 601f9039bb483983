"""Measures the launches of whole training steps of the SSD kernels, on cold caches and in the order of the step.

Needs a GPU with Nsight Compute, PyTorch, Triton and the Triton sources of mamba-ssm (h200_step.csv: 2.3.2.post1, Triton 3.6.0).
    python3 step.py tune SHAPE picks.json     compiles and tunes one shape among three tilings per kernel, outside the profiler
    ncu $OPTIONS --cache-control all --metrics $(python3 holdout.py metrics) --log-file cold.csv python3 step.py run picks.json
    ncu $OPTIONS --cache-control none --replay-mode application --metrics $(python3 step.py chain-metrics) \
        --log-file chain.csv python3 step.py run picks.json
    python3 step.py table cold.csv chain.csv h200_step.csv picks.json...
with OPTIONS="--clock-control none --profile-from-start off --csv --page raw --kernel-name regex:_chunk|_bmm|_state_passing".
A step before the measured one leaves its data in the L2, as in training.
"""
import csv
import importlib
import json
import random
import sys

import holdout

# name, batch, sequence length, heads, head dimension, groups, state dimension, chunk
SHAPES = [
    ("s370m_b2_s2048_c256", 2, 2048, 32, 64, 1, 128, 256),
    ("s1.3b_b1_s2048_c128", 1, 2048, 64, 64, 1, 128, 128),
    ("s780m_b4_s4096_c256", 4, 4096, 48, 64, 1, 128, 256),
    ("s8b_b1_s2048_c128", 1, 2048, 128, 64, 8, 128, 128),
    ("s2.7b_b2_s4096_c64", 2, 4096, 80, 64, 1, 64, 64),
]
KERNELS = {
    "_chunk_cumsum_fwd_kernel": ("ssd_chunk_state", "ch_cumsum_fwd"),
    "_chunk_state_fwd_kernel": ("ssd_chunk_state", "ch_state_fwd"),
    "_state_passing_fwd_kernel": ("ssd_state_passing", "state_pass_fwd"),
    "_bmm_chunk_fwd_kernel": ("ssd_bmm", "bmm_ch_fwd"),
    "_chunk_scan_fwd_kernel": ("ssd_chunk_scan", "ch_scan_fwd"),
    "_chunk_scan_bwd_dstates_kernel": ("ssd_chunk_scan", "ch_scan_bwd_dstates"),
    "_state_passing_bwd_kernel": ("ssd_state_passing", "state_pass_bwd"),
    "_chunk_scan_chunk_state_bwd_dx_kernel": ("ssd_combined", "ch_scan_ch_state_bwd_dx"),
    "_chunk_state_bwd_db_kernel": ("ssd_chunk_state", "ch_state_bwd_db"),
    "_chunk_scan_bwd_dc_kernel": ("ssd_chunk_scan", "ch_scan_bwd_dc"),
    "_chunk_scan_bwd_dcb_kernel": ("ssd_chunk_scan", "ch_scan_bwd_dcb"),
    "_bmm_chunk_bwd_kernel": ("ssd_bmm", "bmm_ch_bwd"),
    "_chunk_scan_bwd_ddAcs_stable_kernel": ("ssd_chunk_scan", "ch_scan_bwd_ddacs"),
    "_chunk_cumsum_bwd_kernel": ("ssd_chunk_state", "ch_cumsum_bwd"),
}
CHAIN = {column.replace("cold_", "chain_"): metric for column, metric in holdout.COLUMNS.items() if column in (
    "cold_duration_ns", "cold_l2_sectors", "cold_l2_hit_sectors", "cold_l2_tex_sectors", "cold_l2_tex_hit_sectors",
    "cold_l2_fabric_sectors", "cold_dram_read_bytes", "cold_dram_write_bytes", "cold_dram_busy_pct")}


def kernels():
    return {name: getattr(importlib.import_module("mamba_ssm.ops.triton." + module), name)
            for name, (module, _) in KERNELS.items()}


def step(shape):
    """A function that runs one forward and backward pass on random inputs of `shape`."""
    import torch
    from mamba_ssm.ops.triton.ssd_combined import mamba_chunk_scan_combined

    _, batch, length, heads, head_dim, groups, state, chunk = shape
    torch.manual_seed(0)
    def half(*size):
        return torch.randn(*size, device="cuda", dtype=torch.bfloat16).requires_grad_()
    x, b, c = half(batch, length, heads, head_dim), half(batch, length, groups, state), half(batch, length, groups, state)
    dt, d = half(batch, length, heads), torch.rand(heads, device="cuda").requires_grad_()
    a, bias = (-torch.rand(heads, device="cuda")).requires_grad_(), torch.randn(heads, device="cuda").requires_grad_()
    inputs = (x, b, c, dt, d, a, bias)
    gradient = torch.randn(batch, length, heads, head_dim, device="cuda", dtype=torch.bfloat16)

    def run():
        for tensor in inputs:
            tensor.grad = None
        mamba_chunk_scan_combined(x, dt, a, b, c, chunk, D=d, dt_bias=bias, dt_softplus=True).backward(gradient)
        torch.cuda.synchronize()
    return run


def tune(name, output):
    shape = next(shape for shape in SHAPES if shape[0] == name)
    chosen = random.Random(name)
    every = kernels()
    for kernel in every.values():
        kernel.configs = chosen.sample(list(kernel.configs), min(3, len(kernel.configs)))
    run = step(shape)
    run()
    picks = {}
    for kernel_name, kernel in every.items():
        config = kernel.best_config
        picks[kernel_name] = {"kwargs": config.kwargs, "warps": config.num_warps, "stages": config.num_stages}
        kernel.configs = [config]
        kernel.cache.clear()
    run()
    with open(output, "w") as file:
        json.dump({"shape": shape, "picks": picks}, file)


def run(files):
    import torch
    import triton

    every = kernels()
    for name in files:
        chosen = json.load(open(name))
        for kernel_name, pick in chosen["picks"].items():
            original = every[kernel_name].configs[0]
            config = triton.Config(pick["kwargs"], num_warps=pick["warps"], num_stages=pick["stages"], pre_hook=original.pre_hook)
            every[kernel_name].configs = [config]
            every[kernel_name].cache.clear()
        once = step(chosen["shape"])
        once()
        once()
        torch.cuda.profiler.start()
        once()
        torch.cuda.profiler.stop()


def table(cold, chain, output, files):
    units, cold_rows = holdout.profiles(cold)
    chain_units, chain_rows = holdout.profiles(chain)
    assert len(cold_rows) == len(chain_rows) == 19 * len(files), (len(cold_rows), len(chain_rows), len(files))
    rows = []
    for number, (profile, chained) in enumerate(zip(cold_rows, chain_rows)):
        assert profile["Kernel Name"] == chained["Kernel Name"]
        chosen = json.load(open(files[number // 19]))
        pick = chosen["picks"][profile["Kernel Name"]]
        names = ("shape", "batch", "seqlen", "nheads", "headdim", "ngroups", "dstate", "chunk")
        row = dict(zip(names, chosen["shape"])) | {
            "order": number % 19, "pass": "fwd" if number % 19 < 5 else "bwd", "kernel": KERNELS[profile["Kernel Name"]][1],
            "num_warps": pick["warps"], "num_stages": pick["stages"],
            "blocks": ";".join(f"{name}={value}" for name, value in pick["kwargs"].items())}
        row |= holdout.values(holdout.COLUMNS, profile, units) | holdout.values(CHAIN, chained, chain_units)
        rows.append(row)
    with open(output, "w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    if sys.argv[1] == "tune":
        tune(*sys.argv[2:4])
    elif sys.argv[1] == "run":
        run(sys.argv[2:])
    elif sys.argv[1] == "chain-metrics":
        print(",".join(CHAIN.values()))
    elif sys.argv[1] == "shapes":
        print(*(shape[0] for shape in SHAPES))
    else:
        table(*sys.argv[2:5], sys.argv[5:])
