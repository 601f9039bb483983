"""Mamba-1's block from the projection's output on: convolution, projections, scan and output projection."""

import torch
from torch.nn import functional as F

from torch_recording.errors import ScriptError
from torch_recording.stand_ins import causal_conv1d, selective_scan


def _step(weight, projected, rank, like):
    """delta = W @ x_dbl^T, by batches."""
    batch, _, length = like.shape
    return (weight @ projected[:, :rank].t()).view(-1, batch, length).transpose(0, 1)


def _columns(projected, batch, length):
    """Rows (batch x positions, states) as (batch, 1, states, positions)."""
    return projected.view(batch, length, -1).transpose(1, 2).unsqueeze(1).contiguous()


class MambaInnerFn(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx, xz, conv_weight, conv_bias, x_weight, delta_weight, out_weight, out_bias, A, D, delta_bias, delta_softplus
    ):
        rank, states = delta_weight.shape[1], A.shape[-1]
        if torch.is_autocast_enabled("cuda"):
            kind = torch.get_autocast_dtype("cuda")
            x_weight, delta_weight, out_weight = (w.to(kind) for w in (x_weight, delta_weight, out_weight))
            out_bias = None if out_bias is None else out_bias.to(kind)
        xz = xz if xz.stride(-1) == 1 else xz.contiguous()
        conv_weight = conv_weight.squeeze(1)
        x, z = xz.chunk(2, dim=1)
        batch, inner, length = x.shape
        conv_bias = None if conv_bias is None else conv_bias.contiguous()
        mixed = causal_conv1d.forward(x, conv_weight, conv_bias, "silu")
        projected = F.linear(mixed.transpose(1, 2).reshape(batch * length, inner), x_weight)
        delta = _step(delta_weight, projected, rank, x)
        B = _columns(projected[:, rank : rank + states], batch, length)
        C = _columns(projected[:, -states:], batch, length)
        D = None if D is None else D.contiguous()
        out, kept, gated = selective_scan.forward(mixed, delta, A, B, C, D, z, delta_bias, delta_softplus)
        ctx.save_for_backward(
            xz, conv_weight, conv_bias, projected, x_weight, delta_weight, out_weight, A, B, C, D, delta_bias, kept, out
        )
        ctx.delta_softplus, ctx.has_out_bias = delta_softplus, out_bias is not None
        return F.linear(gated.transpose(1, 2), out_weight, out_bias)

    @staticmethod
    def backward(ctx, dout):
        (
            xz,
            conv_weight,
            conv_bias,
            projected,
            x_weight,
            delta_weight,
            out_weight,
            A,
            B,
            C,
            D,
            delta_bias,
            kept,
            out,
        ) = ctx.saved_tensors
        rank, states = delta_weight.shape[1], A.shape[-1]
        x, z = xz.chunk(2, dim=1)
        batch, inner, length = x.shape
        dout = dout if dout.stride(-1) == 1 else dout.contiguous()
        # The convolution's output and delta were not kept.
        mixed = causal_conv1d.forward(x, conv_weight, conv_bias, "silu")
        delta = _step(delta_weight, projected, rank, x)
        dxz = torch.empty_like(xz)
        dx, dz = dxz.chunk(2, dim=1)
        given = dout
        dout = dout.reshape(batch * length, -1).t()
        dgated = (out_weight.t() @ dout).view(inner, batch, length).transpose(0, 1)
        dmixed, ddelta, dA, dB, dC, dD, _, dbias, gated = selective_scan.backward(
            mixed, delta, A, B, C, D, z, delta_bias, dgated, kept, out, ctx.delta_softplus, dz, True
        )
        dout_weight = torch.einsum("eB,dB->ed", dout, _flat(gated))
        dout_bias = given.sum(dim=(0, 1)) if ctx.has_out_bias else None
        dprojected = torch.empty_like(projected)
        # The part of B is written before that of C: both are copied into order first.
        for part, grad in ((slice(rank, rank + states), dB), (slice(-states, None), dC)):
            dprojected[:, part] = grad.squeeze(1).transpose(1, 2).reshape(batch * length, states)
        ddelta = _flat(ddelta)
        ddelta_weight = torch.einsum("dB,Br->dr", ddelta, projected[:, :rank])
        dprojected[:, :rank] = torch.einsum("dB,dr->Br", ddelta, delta_weight)
        dmixed = _flat(dmixed)
        dx_weight = torch.einsum("Br,Bd->rd", dprojected, mixed.transpose(1, 2).reshape(batch * length, inner))
        dmixed = torch.addmm(dmixed, x_weight.t(), dprojected.t(), out=dmixed)
        dmixed = dmixed.view(inner, batch, length).transpose(0, 1)
        _, dconv_weight, dconv_bias = causal_conv1d.backward(x, conv_weight, conv_bias, dmixed, "silu", dx)
        return (
            dxz,
            dconv_weight.unsqueeze(1),
            dconv_bias,
            dx_weight,
            ddelta_weight,
            dout_weight,
            dout_bias,
            dA,
            dD,
            dbias,
            None,
        )


def _flat(tensor):
    """(batch, channels, positions) as (channels, batch x positions)."""
    return tensor.transpose(0, 1).reshape(tensor.shape[1], -1)


def mamba_inner_fn(
    xz,
    conv1d_weight,
    conv1d_bias,
    x_proj_weight,
    delta_proj_weight,
    out_proj_weight,
    out_proj_bias,
    A,
    B=None,
    C=None,
    D=None,
    delta_bias=None,
    B_proj_bias=None,
    C_proj_bias=None,
    delta_softplus=True,
    checkpoint_lvl=1,
    b_rms_weight=None,
    c_rms_weight=None,
    dt_rms_weight=None,
    b_c_dt_rms_eps=1e-6,
):
    given = (B, C, B_proj_bias, C_proj_bias, b_rms_weight, c_rms_weight, dt_rms_weight)
    if any(value is not None for value in given) or A.is_complex():
        raise ScriptError(
            "the stand-in of mamba_inner_fn takes B and C from the projection, without bias and norm", "leave them out"
        )
    return MambaInnerFn.apply(
        xz,
        conv1d_weight,
        conv1d_bias,
        x_proj_weight,
        delta_proj_weight,
        out_proj_weight,
        out_proj_bias,
        A,
        D,
        delta_bias,
        delta_softplus,
    )
