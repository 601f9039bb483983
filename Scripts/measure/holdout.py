"""Measures launches of the five SSD forward kernels on a GPU, in the columns of docs/validation/h200_ssd.csv (cold).

Needs a GPU with Nsight Compute, PyTorch, Triton and the package mamba-ssm (h200_holdout.csv: 2.3.2.post1, Triton 3.6.0).
    python3 holdout.py warm                   compiles and tunes everything once, outside the profiler
    ncu --clock-control none --cache-control all --profile-from-start off --csv --page raw \
        --metrics $(python3 holdout.py metrics) --log-file raw.csv python3 holdout.py launches.json
    python3 holdout.py table launches.json raw.csv h200_holdout.csv
"""
import csv
import json
import sys

COLUMNS = {
    "grid_x": "launch__grid_dim_x", "grid_y": "launch__grid_dim_y", "grid_z": "launch__grid_dim_z",
    "threads_per_block": "launch__block_size", "registers_per_thread": "launch__registers_per_thread",
    "shared_bytes_per_block": "launch__shared_mem_per_block", "shared_config_bytes": "launch__shared_mem_config_size",
    "waves": "launch__waves_per_multiprocessor",
    "cold_duration_ns": "gpu__time_duration.sum", "cold_cycles": "gpc__cycles_elapsed.max",
    "cold_sm_active_cycles": "sm__cycles_active.avg", "cold_warps_active": "sm__warps_active.avg.per_cycle_active",
    "l1_sectors": "l1tex__t_sectors.sum", "l1_hit_sectors": "l1tex__t_sectors_lookup_hit.sum",
    "l1_hit_pct": "l1tex__t_sector_hit_rate.pct",
    "l1_ld_requests": "l1tex__t_requests_pipe_lsu_mem_global_op_ld.sum",
    "l1_ld_sectors": "l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum",
    "l1_ld_hit_sectors": "l1tex__t_sectors_pipe_lsu_mem_global_op_ld_lookup_hit.sum",
    "l1_st_requests": "l1tex__t_requests_pipe_lsu_mem_global_op_st.sum",
    "l1_st_sectors": "l1tex__t_sectors_pipe_lsu_mem_global_op_st.sum",
    "l1_st_hit_sectors": "l1tex__t_sectors_pipe_lsu_mem_global_op_st_lookup_hit.sum",
    "l1_local_ld_sectors": "l1tex__t_sectors_pipe_lsu_mem_local_op_ld.sum",
    "l1_local_st_sectors": "l1tex__t_sectors_pipe_lsu_mem_local_op_st.sum",
    "l1_ldgsts_bypass_requests": "sm__sass_l1tex_t_requests_pipe_lsu_mem_global_op_ldgsts_cache_bypass.sum",
    "l1_ldgsts_bypass_sectors": "sm__sass_l1tex_t_sectors_pipe_lsu_mem_global_op_ldgsts_cache_bypass.sum",
    "l1_ldgsts_access_sectors": "sm__sass_l1tex_t_sectors_pipe_lsu_mem_global_op_ldgsts_cache_access.sum",
    "l2_to_l1_read_sectors": "l1tex__m_xbar2l1tex_read_sectors.sum",
    "l1_to_l2_write_sectors": "l1tex__m_l1tex2xbar_write_sectors.sum",
    "cold_l2_sectors": "lts__t_sectors.sum", "cold_l2_hit_sectors": "lts__t_sectors_lookup_hit.sum",
    "cold_l2_hit_pct": "lts__t_sector_hit_rate.pct",
    "cold_l2_tex_sectors": "lts__t_sectors_srcunit_tex.sum",
    "cold_l2_tex_hit_sectors": "lts__t_sectors_srcunit_tex_lookup_hit.sum",
    "cold_l2_tex_read_sectors": "lts__t_sectors_srcunit_tex_op_read.sum",
    "cold_l2_tex_read_hit_sectors": "lts__t_sectors_srcunit_tex_op_read_lookup_hit.sum",
    "cold_l2_tex_write_sectors": "lts__t_sectors_srcunit_tex_op_write.sum",
    "cold_l2_fabric_sectors": "lts__t_sectors_srcunit_ltcfabric.sum",
    "cold_l2_fabric_hit_sectors": "lts__t_sectors_srcunit_ltcfabric_lookup_hit.sum",
    "cold_l2_fill_sectors": "lts__d_sectors_fill_device.sum",
    "cold_dram_read_bytes": "dram__bytes_read.sum", "cold_dram_write_bytes": "dram__bytes_write.sum",
    "cold_dram_busy_pct": "dram__throughput.avg.pct_of_peak_sustained_elapsed",
    "warp_instructions": "smsp__inst_executed.sum", "xu_warp_inst": "sm__inst_executed_pipe_xu.sum",
    "alu_warp_inst": "sm__inst_executed_pipe_alu.sum", "fma_warp_inst": "sm__inst_executed_pipe_fma.sum",
    "tensor_bf16_ops": "sm__ops_path_tensor_src_bf16_dst_fp32.sum",
}

# name, batch, sequence length, heads, head dimension, groups, state dimension, chunk
SHAPES = [
    ("h370m_b4_s2048_c256", 4, 2048, 32, 64, 1, 128, 256),
    ("h1.3b_b2_s4096_c128", 2, 4096, 64, 64, 1, 128, 128),
    ("h8b_b1_s4096_c256", 1, 4096, 128, 64, 8, 128, 256),
    ("h2.7b_b1_s8192_c256", 1, 8192, 80, 64, 1, 128, 256),
    ("htail_b2_s3000_c128", 2, 3000, 64, 64, 2, 64, 128),
    ("hp128_b1_s2048_n256_c64", 1, 2048, 24, 128, 1, 256, 64),
    ("h780m_b1_s4000_c64", 1, 4000, 48, 64, 4, 128, 64),
]
TILINGS_SHAPE = ("h8btil_b1_s2048_c128", 1, 2048, 128, 64, 8, 128, 128)


class Forward:
    """The five launches on random inputs. `profiled` is the number of the launch to profile, "all" or None."""

    def __init__(self):
        import torch
        from mamba_ssm.ops.triton import ssd_bmm, ssd_chunk_scan, ssd_chunk_state, ssd_state_passing

        self.torch = torch
        self.functions = (ssd_chunk_state._chunk_cumsum_fwd, ssd_chunk_state._chunk_state_fwd,
                          ssd_state_passing._state_passing_fwd, ssd_bmm._bmm_chunk_fwd, ssd_chunk_scan._chunk_scan_fwd)
        self.kernels = [
            ("ch_cumsum_fwd", ssd_chunk_state._chunk_cumsum_fwd_kernel),
            ("ch_state_fwd", ssd_chunk_state._chunk_state_fwd_kernel),
            ("state_pass_fwd", ssd_state_passing._state_passing_fwd_kernel),
            ("bmm_ch_fwd", ssd_bmm._bmm_chunk_fwd_kernel),
            ("ch_scan_fwd", ssd_chunk_scan._chunk_scan_fwd_kernel),
        ]

    def inputs(self, shape):
        torch = self.torch
        _, batch, length, heads, head_dim, groups, state, _ = shape
        torch.manual_seed(0)
        def half(*size):
            return torch.randn(*size, device="cuda", dtype=torch.bfloat16)
        return (half(batch, length, heads, head_dim), half(batch, length, groups, state), half(batch, length, groups, state),
                half(batch, length, heads), -torch.rand(heads, device="cuda"), torch.randn(heads, device="cuda"),
                torch.rand(heads, device="cuda"))

    def step(self, number, profiled, function, *arguments, **options):
        chosen = profiled == "all" or profiled == number
        if chosen:
            self.torch.cuda.synchronize()
            self.torch.cuda.profiler.start()
        result = function(*arguments, **options)
        if chosen:
            self.torch.cuda.synchronize()
            self.torch.cuda.profiler.stop()
        return result

    def run(self, inputs, chunk, profiled=None):
        x, b, c, time_step, a, d, bias = inputs
        cumsum, state, passing, product, scan = self.functions
        decay, dt = self.step(0, profiled, cumsum, time_step, a, chunk, dt_bias=bias, dt_softplus=True)
        states = self.step(1, profiled, state, b, x, dt, decay, states_in_fp32=True)
        flat, _ = self.step(2, profiled, passing, states.flatten(-2), decay[:, :, :, -1], chunk_size=chunk, out_dtype=c.dtype)
        previous = flat.view(*flat.shape[:-1], x.shape[-1], b.shape[-1])
        cb = self.step(3, profiled, product, c, b, chunk, output_dtype=self.torch.float32)
        self.step(4, profiled, scan, cb, x, dt, decay, c, previous, D=d)
        self.torch.cuda.synchronize()


def row(shape, order, kernel, config):
    names = ("shape", "batch", "seqlen", "nheads", "headdim", "ngroups", "dstate", "chunk")
    return dict(zip(names, shape)) | {
        "order": order, "pass": "fwd", "kernel": kernel, "num_warps": config.num_warps, "num_stages": config.num_stages,
        "blocks": ";".join(f"{name}={value}" for name, value in config.kwargs.items())}


def measure(output, profile):
    forward = Forward()
    rows = []
    for shape in SHAPES:
        inputs = forward.inputs(shape)
        forward.run(inputs, shape[-1])
        forward.run(inputs, shape[-1], "all" if profile else None)
        rows += [row(shape, order, name, kernel.best_config) for order, (name, kernel) in enumerate(forward.kernels)]
    inputs = forward.inputs(TILINGS_SHAPE)
    forward.run(inputs, TILINGS_SHAPE[-1])
    every = [list(kernel.configs) for _, kernel in forward.kernels]
    for order, (name, kernel) in enumerate(forward.kernels):
        for config in every[order]:
            for other, (_, other_kernel) in enumerate(forward.kernels):
                other_kernel.configs = [config] if other == order else every[other][-1:]
                other_kernel.cache.clear()
            try:
                forward.run(inputs, TILINGS_SHAPE[-1])
            except Exception as error:  # tilings that need more shared memory than an SM has
                print("skipped", name, config, type(error).__name__)
                continue
            forward.run(inputs, TILINGS_SHAPE[-1], order if profile else None)
            rows.append(row(TILINGS_SHAPE, len(rows), name, config))
    if output:
        with open(output, "w") as file:
            json.dump(rows, file)


def profiles(raw):
    """The units and the profiled launches of one of Nsight Compute's CSV logs."""
    lines = list(csv.DictReader(line for line in open(raw) if not line.startswith("==")))
    return lines[0], lines[1:]


def values(columns, profile, units):
    """The measured columns of one launch, in nanoseconds and bytes."""
    scales = {"us": 1e3, "ms": 1e6, "s": 1e9, "Kbyte": 1e3, "Mbyte": 1e6, "Gbyte": 1e9, "Kbyte/block": 1e3}
    row = {}
    for column, metric in columns.items():
        value = float(profile[metric].replace(",", "")) * scales.get(units[metric], 1)
        row[column] = int(value) if value == int(value) else value
    return row


def table(launches, raw, output):
    rows = json.load(open(launches))
    units, found = profiles(raw)
    assert len(rows) == len(found), f"{len(rows)} launches, {len(found)} profiles"
    with open(output, "w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) + list(COLUMNS))
        writer.writeheader()
        for launch, profile in zip(rows, found):
            writer.writerow(launch | values(COLUMNS, profile, units))


if __name__ == "__main__":
    if sys.argv[1] == "metrics":
        print(",".join(COLUMNS.values()))
    elif sys.argv[1] == "table":
        table(*sys.argv[2:5])
    else:
        measure(None if sys.argv[1] == "warm" else sys.argv[1], profile=sys.argv[1] != "warm")
