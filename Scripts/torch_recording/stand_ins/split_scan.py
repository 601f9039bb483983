"""Mamba-2's block from the projection's output on: convolution, scan, gated norm and output projection."""

import torch
from torch.nn import functional as F

from torch_recording.errors import ScriptError
from torch_recording.stand_ins import causal_conv1d, chunk_scan, norms


class SplitConv1dScanFn(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx,
        zxbcdt,
        conv_weight,
        conv_bias,
        dt_bias,
        A,
        D,
        sizes,
        activation,
        norm_weight,
        out_weight,
        out_bias,
        norm_before_gate,
    ):
        chunk_size, heads, width, groups, states = sizes
        inner = heads * width
        z, xBC, dt = torch.split(zxbcdt, [inner, inner + 2 * groups * states, heads], dim=-1)
        mixed = causal_conv1d.forward(xBC.transpose(1, 2), conv_weight, conv_bias, activation).transpose(1, 2)
        x, B, C = _parts(mixed, sizes)
        batch, length = x.shape[:2]
        gate = None if norm_weight is not None else z.unflatten(-1, (heads, width))
        scanned = chunk_scan.forward(x, dt, A, B, C, chunk_size, D, gate, dt_bias, True)
        rstd = None
        out = scanned.reshape(batch, length, inner)
        if norm_weight is not None:
            norm_weight = norm_weight.contiguous()
            out, rstd, _ = norms.forward(
                out.view(-1, inner),
                norm_weight,
                z=z.reshape(-1, inner),
                group_size=inner // groups,
                norm_before_gate=norm_before_gate,
            )
            out = out.view(batch, length, inner)
        ctx.out_types = None
        if out_weight is not None:
            ctx.out_types = out_weight.dtype, None if out_bias is None else out_bias.dtype
            if torch.is_autocast_enabled("cuda"):
                kind = torch.get_autocast_dtype("cuda")
                out, out_weight = out.to(kind), out_weight.to(kind)
                out_bias = None if out_bias is None else out_bias.to(kind)
            out = F.linear(out, out_weight, out_bias)
        ctx.save_for_backward(
            zxbcdt, conv_weight, conv_bias, scanned, A, D, dt_bias, norm_weight, rstd, out_weight, out_bias
        )
        ctx.sizes, ctx.activation, ctx.norm_before_gate = sizes, activation, norm_before_gate
        return out

    @staticmethod
    def backward(ctx, dout):
        (zxbcdt, conv_weight, conv_bias, scanned, A, D, dt_bias, norm_weight, rstd, out_weight, out_bias) = (
            ctx.saved_tensors
        )
        chunk_size, heads, width, groups, states = ctx.sizes
        inner = heads * width
        pieces = [inner, inner + 2 * groups * states, heads]
        z, xBC, dt = torch.split(zxbcdt, pieces, dim=-1)
        mixed = causal_conv1d.forward(xBC.transpose(1, 2), conv_weight, conv_bias, ctx.activation).transpose(1, 2)
        x, B, C = _parts(mixed, ctx.sizes)
        dzxbcdt = torch.empty_like(zxbcdt)
        dz, dxBC, ddt = torch.split(dzxbcdt, pieces, dim=-1)
        dmixed = torch.empty_like(mixed)
        dx, dB, dC = _parts(dmixed, ctx.sizes)
        given = dout
        if out_weight is not None:
            dout = F.linear(dout, out_weight.t())
        gate = dnorm = None
        if norm_weight is not None:
            recomputes = out_weight is not None
            dout, dnorm, _, _, out = norms.backward(
                dout.reshape(-1, inner),
                scanned.view(-1, inner),
                norm_weight,
                None,
                rstd,
                z.reshape(-1, inner),
                dz=dz.view(-1, inner) if _joins(dz) else None,
                group_size=inner // groups,
                norm_before_gate=ctx.norm_before_gate,
                recompute_output=recomputes,
            )
            out = out.view(given.shape[:-1] + (inner,)) if recomputes else None
        else:
            gate, out = z.unflatten(-1, (heads, width)), scanned.flatten(2)
        dout = dout.reshape(scanned.shape)
        _, _, dA, _, _, dD, _, dbias = chunk_scan.backward(
            dout, x, dt, A, B, C, scanned, chunk_size, D, gate, dt_bias, True, dx=dx, ddt=ddt, dB=dB, dC=dC
        )
        dout_weight = dout_bias = None
        if out_weight is not None:
            dout_weight = torch.einsum("bso,bsd->od", given, out).to(ctx.out_types[0])
            dout_bias = None if out_bias is None else given.sum(dim=(0, 1)).to(ctx.out_types[1])
        _, dconv_weight, dconv_bias = causal_conv1d.backward(
            xBC.transpose(1, 2), conv_weight, conv_bias, dmixed.transpose(1, 2), ctx.activation, dxBC.transpose(1, 2)
        )
        return (dzxbcdt, dconv_weight, dconv_bias, dbias, dA, dD, None, None, dnorm, dout_weight, dout_bias, None)


def _joins(tensor):
    return tensor.stride(0) == tensor.shape[1] * tensor.stride(1) or tensor.shape[0] == 1


def _parts(mixed, sizes):
    """x, B and C of the convolution's output, by heads and groups."""
    _, heads, width, groups, states = sizes
    x, B, C = torch.split(mixed, [heads * width, groups * states, groups * states], dim=-1)
    return x.unflatten(-1, (heads, width)), B.unflatten(-1, (groups, states)), C.unflatten(-1, (groups, states))


def mamba_split_conv1d_scan_combined(
    zxbcdt,
    conv1d_weight,
    conv1d_bias,
    dt_bias,
    A,
    D,
    chunk_size,
    initial_states=None,
    seq_idx=None,
    dt_limit=(0.0, float("inf")),
    return_final_states=False,
    activation="silu",
    rmsnorm_weight=None,
    rmsnorm_eps=1e-6,
    outproj_weight=None,
    outproj_bias=None,
    headdim=None,
    ngroups=1,
    norm_before_gate=True,
):
    chunk_scan.check(initial_states, seq_idx, return_final_states, "mamba_split_conv1d_scan_combined")
    heads = D.shape[0]
    width = headdim if D.dim() == 1 else D.shape[1]
    channels = conv1d_weight.shape[0]
    if width is None or zxbcdt.shape[-1] != heads + channels + heads * width:
        raise ScriptError(
            "the stand-in of mamba_split_conv1d_scan_combined takes no channels beside the scan's",
            "give headdim, and a projection of z, x, B, C and dt",
        )
    states = (channels - heads * width) // (2 * ngroups)
    sizes = chunk_size, heads, width, ngroups, states
    activation = "silu" if activation in ("silu", "swish") else None
    return SplitConv1dScanFn.apply(
        zxbcdt,
        conv1d_weight,
        conv1d_bias,
        dt_bias,
        A,
        D,
        sizes,
        activation,
        rmsnorm_weight,
        outproj_weight,
        outproj_bias,
        norm_before_gate,
    )
