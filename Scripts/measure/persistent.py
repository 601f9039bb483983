"""Measures ch_scan_fwd launched plainly, in other block orders, with persistent blocks, and with bmm_ch_fwd's product inlined.

The script makes the kernels from the package's own chunk-scan kernel. The kernel's body becomes a function of the tile's
place, which is called once or in a loop. Needs the packages and tools of holdout.py.
    python3 persistent.py warm                compiles everything once and compares each result with the package's
    ncu --clock-control none --cache-control all --profile-from-start off --csv --page raw \
        --metrics $(python3 holdout.py metrics) --log-file raw.csv python3 persistent.py launches.json
    python3 holdout.py table launches.json raw.csv h200_persistent.csv
"""
import json
import re
import sys
import tempfile

# batch, sequence length, heads, head dimension, groups, state dimension, chunk
SHAPES = [
    ("m8b_b1_s4096_c128", 1, 4096, 128, 64, 8, 128, 128),
    ("m2.7b_b4_s2048_c256", 4, 2048, 80, 64, 1, 128, 256),
    ("h1.3b_b2_s2048_c128", 2, 2048, 64, 64, 1, 128, 128),
    ("h780m_b2_s3072_c256", 2, 3072, 48, 64, 4, 128, 256),
]
# M, N, K, warps, stages
WIDE, NARROW = (64, 64, 32, 2, 4), (32, 64, 32, 2, 5)
# variant, blocks per SM (0: one block per tile), tiling, assignment, order
VARIANTS = [
    ("plain", 0, WIDE, "plain", "linear"), ("plain", 0, NARROW, "plain", "linear"),
    ("order", 0, NARROW, "plain", "head"), ("order", 0, NARROW, "plain", "chunk"),
    ("persistent", 4, WIDE, "strided", "linear"), ("persistent", 6, WIDE, "strided", "linear"),
    ("persistent", 3, WIDE, "strided", "linear"), ("persistent", 4, NARROW, "strided", "linear"),
    ("persistent", 4, WIDE, "rotated", "linear"), ("persistent", 4, WIDE, "contiguous", "linear"),
    ("persistent", 4, WIDE, "ticket", "linear"), ("persistent", 6, NARROW, "ticket", "linear"),
    ("persistent", 4, WIDE, "strided", "head"),
    ("inlined", 0, NARROW, "plain", "linear"), ("inlined", 0, WIDE, "plain", "linear"), ("inlined", 0, (64, 64, 32, 4, 3), "plain", "linear"),
]
ASSIGNMENTS = ["plain", "strided", "contiguous", "rotated", "ticket"]
ORDERS = ["linear", "head", "chunk"]

LOOPS = '''
@triton.jit
def _at(t, tiles_x, tiles_y, tiles_z, ORDER: tl.constexpr, {names}):
    if ORDER == 0:
        px = t % tiles_x
        py = t // tiles_x % tiles_y
        pz = t // tiles_x // tiles_y
    elif ORDER == 1:
        pz = t % tiles_z
        px = t // tiles_z % tiles_x
        py = t // tiles_z // tiles_x
    else:
        py = t % tiles_y
        px = t // tiles_y % tiles_x
        pz = t // tiles_y // tiles_x
    _tile(px, py, pz, {passed})


@triton.jit
def launch(tiles_x, tiles_y, tiles_z, ticket, ASSIGN: tl.constexpr, ORDER: tl.constexpr, {names}):
    total = tiles_x * tiles_y * tiles_z
    blocks = tl.num_programs(0)
    first = tl.program_id(0)
    if ASSIGN == 0:
        _at(first, tiles_x, tiles_y, tiles_z, ORDER, {passed})
    elif ASSIGN == 1:
        for t in range(first, total, blocks):
            _at(t, tiles_x, tiles_y, tiles_z, ORDER, {passed})
    elif ASSIGN == 2:
        share = tl.cdiv(total, blocks)
        for t in range(first * share, min(total, (first + 1) * share)):
            _at(t, tiles_x, tiles_y, tiles_z, ORDER, {passed})
    elif ASSIGN == 3:
        for r in range(0, tl.cdiv(total, blocks)):
            t = r * blocks + (first + r) % blocks
            if t < total:
                _at(t, tiles_x, tiles_y, tiles_z, ORDER, {passed})
    else:
        t = tl.atomic_add(ticket, 1, sem="relaxed")
        while t < total:
            _at(t, tiles_x, tiles_y, tiles_z, ORDER, {passed})
            t = tl.atomic_add(ticket, 1, sem="relaxed")
'''


def module(inlined):
    """A module whose `launch` runs the chunk scan's tiles. `inlined` recomputes C times B of the tile instead of loading it."""
    import importlib.util

    from mamba_ssm.ops.triton import ssd_chunk_scan

    source = ssd_chunk_scan._chunk_scan_fwd_kernel.fn.src
    head, body = source.split("):\n", 1)
    names = [line.split("#")[0] for line in head.split("(", 1)[1].splitlines()]
    names = " ".join(" ".join(names).split()).rstrip(", ")
    passed = ", ".join(name.split(":")[0].strip() for name in names.split(","))
    for axis, name in enumerate(("pid_x", "pid_y", "pid_z")):
        body = body.replace(f"tl.program_id(axis={axis})", name)
    if inlined:
        load = re.search(r"        cb = tl\.load\(cb_ptrs.*\n", body).group(0)
        body = body.replace(load, '''        factor = tl.load(b_ptrs, mask=(offs_k[:, None] < chunk_size_limit - k) & (offs_k_dstate[None, :] < dstate), other=0.0)
        cb = tl.dot(C, tl.trans(factor))
        b_ptrs += BLOCK_SIZE_K * stride_C_seqlen
''')
        body = body.replace("    for k in range(0, K_MAX, BLOCK_SIZE_K):\n", '''    b_ptrs = (cb_ptr + pid_b * stride_C_batch + pid_c * chunk_size * stride_C_seqlen
              + (pid_h // nheads_ngroups_ratio) * stride_C_head
              + offs_k[:, None] * stride_C_seqlen + offs_k_dstate[None, :] * stride_C_dstate)
    for k in range(0, K_MAX, BLOCK_SIZE_K):
''', 1)
        # cb_ptr is B's address here and remains so.
        body = re.sub(r"    cb_ptr \+= .*\n", "", body)
        body = re.sub(r"    cb_ptrs = .*\n", "", body)
        body = re.sub(r"        cb_ptrs \+= .*\n", "", body)
    text = "import triton\nimport triton.language as tl\n\n\n@triton.jit\ndef _tile(pid_x, pid_y, pid_z, " + names + "):\n" + body
    text += LOOPS.format(names=names, passed=passed)
    with tempfile.NamedTemporaryFile("w", suffix=".py", delete=False) as file:
        file.write(text)
    spec = importlib.util.spec_from_file_location("inlined" if inlined else "scan", file.name)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def inputs(shape, torch):
    _, batch, length, heads, head_dim, groups, state, chunk = shape
    torch.manual_seed(0)
    def half(*size):
        return torch.randn(*size, device="cuda", dtype=torch.float16)
    chunks = (length + chunk - 1) // chunk
    x, b, c = half(batch, length, heads, head_dim), half(batch, length, groups, state) / 16, half(batch, length, groups, state) / 16
    dt = torch.rand(batch, heads, chunks, chunk, device="cuda") * 0.1
    decay = torch.cumsum(-dt * 0.5, -1)
    states = half(batch, chunks, heads, head_dim, state)
    return x, b, c, dt, decay, states, torch.rand(heads, device="cuda")


def measure(output):
    import torch
    import triton
    from mamba_ssm.ops.triton import ssd_bmm, ssd_chunk_scan

    modules = {False: module(False), True: module(True)}
    rows = []
    for shape in SHAPES:
        x, b, c, dt, decay, states, d = inputs(shape, torch)
        chunk, (batch, length, heads, head_dim) = shape[-1], x.shape
        cb = ssd_bmm._bmm_chunk_fwd(c, b, chunk, output_dtype=torch.float32)
        wanted, _ = ssd_chunk_scan._chunk_scan_fwd(cb, x, dt, decay, c, states, D=d)
        out = torch.empty_like(x)
        ticket = torch.zeros(1, dtype=torch.int32, device="cuda")
        for variant, per_sm, (m, n, k, warps, stages), assignment, order in VARIANTS:
            tiles = (triton.cdiv(chunk, m) * triton.cdiv(head_dim, n), batch * dt.shape[2], heads)
            total = tiles[0] * tiles[1] * tiles[2]
            source = b if variant == "inlined" else cb
            strides = (0,) * 5 if variant == "inlined" else cb.stride()
            arguments = (
                *tiles, ticket, ASSIGNMENTS.index(assignment), ORDERS.index(order), source, x, None, out, None, dt, decay, None, c,
                states, d, chunk, head_dim, c.shape[-1], batch, length, heads // c.shape[2], *strides, *x.stride(), 0, 0, 0, 0,
                *out.stride(), dt.stride(0), dt.stride(2), dt.stride(1), dt.stride(3), decay.stride(0), decay.stride(2),
                decay.stride(1), decay.stride(3), 0, 0, *c.stride(), *states.stride(), d.stride(0), True, True, False, False, False,
                m, n, k, max(16, triton.next_power_of_2(c.shape[-1])), True)
            grid = (132 * per_sm if per_sm else total,)
            def run():
                ticket.zero_()
                out.fill_(float("nan"))
                torch.cuda.synchronize()
                if output:
                    torch.cuda.profiler.start()
                modules[variant == "inlined"].launch[grid](*arguments, num_warps=warps, num_stages=stages)
                torch.cuda.synchronize()
                if output:
                    torch.cuda.profiler.stop()
            run()
            if not output:
                error = (out - wanted).abs().max().item()
                print(shape[0], variant, per_sm, m, warps, assignment, order, "largest difference", error, flush=True)
            names = ("shape", "batch", "seqlen", "nheads", "headdim", "ngroups", "dstate", "chunk")
            rows.append(dict(zip(names, shape)) | {
                "order": len(rows), "kernel": "ch_scan_fwd", "variant": variant, "blocks_per_sm": per_sm,
                "assignment": assignment, "block_order": order, "num_warps": warps, "num_stages": stages,
                "blocks": f"BLOCK_SIZE_M={m};BLOCK_SIZE_N={n};BLOCK_SIZE_K={k}"})
    if output:
        with open(output, "w") as file:
            json.dump(rows, file)


if __name__ == "__main__":
    measure(None if sys.argv[1] == "warm" else sys.argv[1])
