"""mamba_ssm's scan of Mamba-2 in chunks. Weir makes its kernels and PyTorch's launches between them of one operator."""

import torch

from torch_recording.emitting import emit
from torch_recording.errors import ScriptError


def forward(x, dt, A, B, C, chunk_size, D, z, dt_bias, dt_softplus):
    out = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    emit(
        "mamba_ssm::_mamba_chunk_scan_combined_fwd",
        [x, dt, A, B, C, D, dt_bias, z],
        [out],
        chunk_size=chunk_size,
        dt_softplus=dt_softplus,
        has_D=D is not None,
        has_dt_bias=dt_bias is not None,
        has_z=z is not None,
    )
    return out


def backward(dout, x, dt, A, B, C, out, chunk_size, D, z, dt_bias, dt_softplus, dx=None, ddt=None, dB=None, dC=None):
    """The gradients of x, dt, A, B, C, D, z and the bias. They go where the caller says, if it does."""
    if dout.stride(-1) != 1:
        dout = dout.contiguous()
    dx, ddt, dB, dC = (
        torch.empty_like(like) if given is None else given for given, like in ((dx, x), (ddt, dt), (dB, B), (dC, C))
    )
    single = dict(dtype=torch.float32, device=x.device)
    dA = torch.empty(A.shape, **single)
    dD = None if D is None else torch.empty(D.shape, **single)
    dbias = None if dt_bias is None else torch.empty(dt_bias.shape, **single)
    dz = None if z is None else torch.empty_like(z)
    emit(
        "mamba_ssm::_mamba_chunk_scan_combined_bwd",
        [dout, x, dt, A, B, C, out, D, dt_bias, z],
        [dx, ddt, dA, dB, dC, dD, dbias, dz],
        chunk_size=chunk_size,
        dt_softplus=dt_softplus,
        has_D=D is not None,
        has_dt_bias=dt_bias is not None,
        has_z=z is not None,
    )
    return dx, ddt, dA, dB, dC, dD, dz, dbias


class ChunkScanFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, dt, A, B, C, chunk_size, D, z, dt_bias, dt_softplus):
        out = forward(x, dt, A, B, C, chunk_size, D, z, dt_bias, dt_softplus)
        ctx.save_for_backward(x, dt, A, B, C, out, D, z, dt_bias)
        ctx.options = chunk_size, dt_softplus
        return out

    @staticmethod
    def backward(ctx, dout):
        x, dt, A, B, C, out, D, z, dt_bias = ctx.saved_tensors
        chunk_size, dt_softplus = ctx.options
        dx, ddt, dA, dB, dC, dD, dz, dbias = backward(dout, x, dt, A, B, C, out, chunk_size, D, z, dt_bias, dt_softplus)
        return dx, ddt, dA, dB, dC, None, dD, dz, dbias, None


def check(initial_states, seq_idx, return_final_states, function):
    if initial_states is not None or seq_idx is not None or return_final_states:
        raise ScriptError(f"the stand-in of {function} knows no states and no seq_idx", "leave them out")


def mamba_chunk_scan_combined(
    x,
    dt,
    A,
    B,
    C,
    chunk_size,
    D=None,
    z=None,
    dt_bias=None,
    initial_states=None,
    seq_idx=None,
    cu_seqlens=None,
    dt_softplus=False,
    dt_limit=(0.0, float("inf")),
    return_final_states=False,
    return_varlen_states=False,
):
    check(initial_states, seq_idx, return_final_states or return_varlen_states, "mamba_chunk_scan_combined")
    return ChunkScanFn.apply(x, dt, A, B, C, chunk_size, D, z, dt_bias, dt_softplus)
