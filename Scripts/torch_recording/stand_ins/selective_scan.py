"""mamba_ssm's selective scan of Mamba-1."""

import torch

from torch_recording.emitting import emit
from torch_recording.errors import ScriptError

_CHUNK = 2048  # positions between the states that the forward pass keeps


def forward(u, delta, A, B, C, D, z, delta_bias, delta_softplus):
    """The output, the states between chunks, and the gated output where there is a gate."""
    out = torch.empty_like(delta)
    chunks = (u.shape[-1] + _CHUNK - 1) // _CHUNK
    states = torch.empty(*u.shape[:2], chunks, 2 * A.shape[1], dtype=torch.float32, device=u.device)
    gated = None if z is None else torch.empty_like(z)
    emit(
        "selective_scan_cuda::fwd",
        [u, delta, A, B, C, D, z, delta_bias],
        [out, states, gated],
        **_attributes(D, z, delta_bias, delta_softplus),
    )
    return out, states, gated


def backward(u, delta, A, B, C, D, z, delta_bias, dout, states, out, delta_softplus, dz=None, recomputes=False):
    """The gradients of u, delta, A, B, C, D, z and the bias, and the gated output again if it is asked for."""
    single = dict(dtype=torch.float32)
    du, ddelta = torch.empty_like(u), torch.empty_like(delta)
    if z is not None and dz is None:
        dz = torch.empty_like(z)
    dA = torch.zeros_like(A)
    dB, dC = torch.zeros_like(B, **single), torch.zeros_like(C, **single)
    dD = None if D is None else torch.zeros_like(D)
    dbias = None if delta_bias is None else torch.zeros_like(delta_bias)
    gated = torch.empty_like(out) if recomputes else None
    emit(
        "selective_scan_cuda::bwd",
        [u, delta, A, B, C, D, z, delta_bias, dout, states, out],
        [du, ddelta, dA, dB, dC, dD, dz, dbias, gated],
        **_attributes(D, z, delta_bias, delta_softplus),
    )
    return du, ddelta, dA, dB.to(B.dtype), dC.to(C.dtype), dD, dz, dbias, gated


def _attributes(D, z, delta_bias, delta_softplus):
    return dict(
        delta_softplus=delta_softplus, has_D=D is not None, has_z=z is not None, has_delta_bias=delta_bias is not None
    )


def _in_order(tensor):
    return tensor if tensor is None or tensor.stride(-1) == 1 else tensor.contiguous()


class SelectiveScanFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, u, delta, A, B, C, D, z, delta_bias, delta_softplus):
        u, delta, B, C, z = (_in_order(tensor) for tensor in (u, delta, B, C, z))
        D = None if D is None else D.contiguous()
        ctx.squeezes = B.dim() == 3, C.dim() == 3
        B, C = (tensor.unsqueeze(1) if tensor.dim() == 3 else tensor for tensor in (B, C))
        out, states, gated = forward(u, delta, A, B, C, D, z, delta_bias, delta_softplus)
        ctx.save_for_backward(u, delta, A, B, C, D, z, delta_bias, states, out)
        ctx.delta_softplus = delta_softplus
        return out if z is None else gated

    @staticmethod
    def backward(ctx, dout):
        u, delta, A, B, C, D, z, delta_bias, states, out = ctx.saved_tensors
        du, ddelta, dA, dB, dC, dD, dz, dbias, _ = backward(
            u, delta, A, B, C, D, z, delta_bias, _in_order(dout), states, out, ctx.delta_softplus
        )
        dB, dC = (grad.squeeze(1) if squeeze else grad for grad, squeeze in zip((dB, dC), ctx.squeezes))
        return du, ddelta, dA, dB, dC, dD, dz, dbias, None


def selective_scan_fn(
    u, delta, A, B, C, D=None, z=None, delta_bias=None, delta_softplus=False, return_last_state=False
):
    if return_last_state:
        raise ScriptError("the stand-in of selective_scan_fn hands back no state", "leave return_last_state out")
    if A.is_complex() or B.dim() < 3 or C.dim() < 3:
        raise ScriptError(
            "the stand-in of selective_scan_fn knows no complex A, and no B or C without positions",
            "give a real A, and B and C of (batch, states, positions)",
        )
    return SelectiveScanFn.apply(u, delta, A, B, C, D, z, delta_bias, delta_softplus)
