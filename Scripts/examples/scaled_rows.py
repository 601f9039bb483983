"""Two kernels to record: rows scaled by their root mean square and shifted, and a product of matrices by block pointers."""

import torch
import triton
import triton.language as tl


@triton.jit
def scale_rows(out, rows, weight, shift, length, stride, eps, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    columns = tl.arange(0, BLOCK)
    inside = columns < length
    values = tl.load(rows + row * stride + columns, mask=inside, other=0.0)
    factors = tl.load(weight + columns, mask=inside, other=0.0)
    added = tl.load(shift + row)
    scale = tl.rsqrt(tl.sum(values * values, axis=0) / length + eps)
    tl.store(out + row * stride + columns, values * scale * factors + added, mask=inside)


@triton.jit
def multiply(left, right, out, M, N, K, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    down, across = tl.program_id(0), tl.program_id(1)
    a = tl.make_block_ptr(left, (M, K), (K, 1), (down * BM, 0), (BM, BK), (1, 0))
    b = tl.make_block_ptr(right, (K, N), (N, 1), (0, across * BN), (BK, BN), (1, 0))
    total = tl.zeros((BM, BN), dtype=tl.float32)
    for _ in range(0, K, BK):
        total += tl.dot(tl.load(a, boundary_check=(0, 1)), tl.load(b, boundary_check=(0, 1)))
        a = tl.advance(a, (0, BK))
        b = tl.advance(b, (BK, 0))
    c = tl.make_block_ptr(out, (M, N), (N, 1), (down * BM, across * BN), (BM, BN), (1, 0))
    tl.store(c, total.to(tl.float16), boundary_check=(0, 1))


def main():
    torch.manual_seed(7)
    rows, weight, shift = torch.randn(48, 1000), torch.randn(1000), torch.randn(48)
    scaled = torch.empty_like(rows)
    scale_rows[(48,)](scaled, rows, weight, shift, 1000, rows.stride(0), 1e-5, BLOCK=1024, num_warps=4)
    expected = rows * torch.rsqrt((rows * rows).mean(1, keepdim=True) + 1e-5) * weight + shift[:, None]
    print("scale_rows: largest error", (scaled - expected).abs().max().item())

    left, right = torch.randn(100, 96, dtype=torch.float16), torch.randn(96, 64, dtype=torch.float16)
    out = torch.empty(100, 64, dtype=torch.float16)
    multiply[(triton.cdiv(100, 32), triton.cdiv(64, 32))](left, right, out, 100, 64, 96, BM=32, BN=32, BK=32, num_warps=4)
    print("multiply: largest error", (out.float() - left.float() @ right.float()).abs().max().item())


if __name__ == "__main__":
    main()
