"""mamba_ssm's Triton norms: the plain one of `layer_norm`, and the gated one of `layernorm_gated`."""

import math

import torch
from torch import nn

from torch_recording.device import MULTIPROCESSORS
from torch_recording.emitting import emit
from torch_recording.errors import ScriptError


def forward(
    x,
    weight,
    bias=None,
    z=None,
    residual=None,
    residual_dtype=None,
    group_size=None,
    norm_before_gate=None,
    is_rms_norm=True,
    out=None,
):
    """Normalises rows of x. Returns y, the reciprocal deviations, and x with the residual where that is written."""
    rows, columns = x.shape
    out = torch.empty_like(x) if out is None else out
    groups = columns // (group_size or columns)
    rstd = torch.empty(rows * groups, dtype=torch.float32, device=x.device)
    kind = residual_dtype or (None if residual is None else residual.dtype)
    residual_out = None
    if residual is not None or kind is not None and kind is not x.dtype:
        residual_out = torch.empty(rows, columns, dtype=kind, device=x.device)
    emit(
        "mamba_ssm::_layer_norm_fwd",
        [x, weight, bias, z, residual],
        [out, rstd, residual_out],
        group_size=group_size,
        norm_before_gate=norm_before_gate,
        is_rms_norm=is_rms_norm,
        has_bias=bias is not None,
        has_z=z is not None,
        has_residual=residual_out is not None,
    )
    return out, rstd, residual_out


def backward(
    dy,
    x,
    weight,
    bias,
    rstd,
    z=None,
    dresidual=None,
    dx_dtype=None,
    dz=None,
    group_size=None,
    norm_before_gate=None,
    is_rms_norm=True,
    recompute_output=False,
):
    """The gradients of x, weight, bias and z, and the output again where it is asked for."""
    rows, columns = x.shape
    if z is None:
        partial_rows = MULTIPROCESSORS
    else:
        groups = columns // (group_size or columns)
        block = 1 << ((group_size or columns) - 1).bit_length()
        warps = min(max(block // 256, 1), 8)
        partial_rows = math.ceil(MULTIPROCESSORS * math.ceil(4 / warps) / groups)
    dx = torch.empty(rows, columns, dtype=dx_dtype or x.dtype, device=x.device)
    dw = torch.empty(partial_rows, columns, dtype=torch.float32, device=x.device)
    db = None if bias is None else torch.empty(partial_rows, columns, dtype=torch.float32, device=x.device)
    if z is not None and dz is None:
        dz = torch.empty_like(z)
    again = torch.empty_like(x) if recompute_output else None
    emit(
        "mamba_ssm::_layer_norm_bwd",
        [dy, x, weight, rstd, bias, z, dresidual],
        [dx, dw, dz, db, again],
        group_size=group_size,
        norm_before_gate=norm_before_gate,
        is_rms_norm=is_rms_norm,
        has_bias=bias is not None,
        has_z=z is not None,
        has_residual=dresidual is not None,
        recompute_output=recompute_output,
    )
    dw = dw.sum(0).to(weight.dtype)
    return dx, dw, None if db is None else db.sum(0).to(bias.dtype), dz, again


def _rows(x):
    x = x.reshape(-1, x.shape[-1])
    return x if x.stride(-1) == 1 else x.contiguous()


class LayerNormFn(torch.autograd.Function):
    """The norm in front of a block, with the sum of a residual."""

    @staticmethod
    def forward(ctx, x, weight, bias, residual, prenorm, residual_in_fp32, is_rms_norm):
        shape = x.shape
        kind = None
        if residual is not None:
            residual = _rows(residual)
        elif residual_in_fp32:
            kind = torch.float32
        x = _rows(x)
        weight = weight.contiguous()
        bias = None if bias is None else bias.contiguous()
        y, rstd, residual_out = forward(
            x, weight, bias, residual=residual, residual_dtype=kind, is_rms_norm=is_rms_norm
        )
        kept = x if residual_out is None else residual_out
        ctx.save_for_backward(kept, weight, bias, rstd)
        ctx.shape, ctx.has_residual, ctx.prenorm, ctx.kind = shape, residual is not None, prenorm, x.dtype
        ctx.is_rms_norm = is_rms_norm
        return (y.view(shape), kept.view(shape)) if prenorm else y.view(shape)

    @staticmethod
    def backward(ctx, dy, dresidual=None):
        x, weight, bias, rstd = ctx.saved_tensors
        dy = _rows(dy)
        dresidual = _rows(dresidual) if ctx.prenorm and dresidual is not None else None
        dx, dw, db, _, _ = backward(
            dy, x, weight, bias, rstd, dresidual=dresidual, dx_dtype=ctx.kind, is_rms_norm=ctx.is_rms_norm
        )
        dresidual_in = dx.view(ctx.shape) if ctx.has_residual else None
        return dx.view(ctx.shape), dw, db, dresidual_in, None, None, None


def layer_norm_fn(
    x,
    weight,
    bias,
    residual=None,
    x1=None,
    weight1=None,
    bias1=None,
    eps=1e-6,
    dropout_p=0.0,
    rowscale=None,
    prenorm=False,
    residual_in_fp32=False,
    zero_centered_weight=False,
    is_rms_norm=False,
    return_dropout_mask=False,
    out_dtype=None,
    out=None,
    residual_out=None,
):
    unknown = {"x1": x1, "weight1": weight1, "rowscale": rowscale, "out": out, "residual_out": residual_out}
    found = [name for name, value in unknown.items() if value is not None] + ["dropout_p"] * (dropout_p > 0)
    if found:
        raise ScriptError(f"the stand-in of layer_norm_fn does not know {found[0]}", "leave it out")
    return LayerNormFn.apply(x, weight, bias, residual, prenorm, residual_in_fp32, is_rms_norm)


def rms_norm_fn(x, weight, bias, **options):
    return layer_norm_fn(x, weight, bias, **{**options, "is_rms_norm": True})


class RMSNorm(nn.Module):
    def __init__(self, hidden_size, eps=1e-5, dropout_p=0.0, zero_centered_weight=False, device=None, dtype=None):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(hidden_size, device=device, dtype=dtype))
        self.register_parameter("bias", None)
        if dropout_p:
            raise ScriptError("the stand-in of RMSNorm knows no dropout", "leave dropout_p out")

    def forward(self, x, residual=None, prenorm=False, residual_in_fp32=False):
        return rms_norm_fn(
            x, self.weight, self.bias, residual=residual, prenorm=prenorm, residual_in_fp32=residual_in_fp32
        )


class GatedLayerNormFn(torch.autograd.Function):
    """The norm inside a block, of groups of columns, with a gate."""

    @staticmethod
    def forward(ctx, x, weight, bias, z, group_size, norm_before_gate, is_rms_norm):
        shape = x.shape
        x, z = _rows(x), None if z is None else _rows(z)
        y, rstd, _ = forward(
            x,
            weight.contiguous(),
            bias,
            z,
            group_size=group_size,
            norm_before_gate=norm_before_gate,
            is_rms_norm=is_rms_norm,
        )
        ctx.save_for_backward(x, weight, bias, rstd, z)
        ctx.options = dict(group_size=group_size, norm_before_gate=norm_before_gate, is_rms_norm=is_rms_norm)
        ctx.shape = shape
        return y.view(shape)

    @staticmethod
    def backward(ctx, dy):
        x, weight, bias, rstd, z = ctx.saved_tensors
        dx, dw, db, dz, _ = backward(_rows(dy), x, weight, bias, rstd, z, **ctx.options)
        return dx.view(ctx.shape), dw, db, None if dz is None else dz.view(ctx.shape), None, None, None


def gated_layer_norm_fn(x, weight, bias, z=None, eps=1e-6, group_size=None, norm_before_gate=True, is_rms_norm=False):
    return GatedLayerNormFn.apply(x, weight, bias, z, group_size, norm_before_gate, is_rms_norm)


def gated_rms_norm_fn(x, weight, bias, z=None, eps=1e-6, group_size=None, norm_before_gate=True):
    return GatedLayerNormFn.apply(x, weight, bias, z, group_size, norm_before_gate, True)


class GatedRMSNorm(nn.Module):
    is_rms_norm = True

    def __init__(self, hidden_size, eps=1e-5, group_size=None, norm_before_gate=True, device=None, dtype=None):
        super().__init__()
        self.eps, self.group_size, self.norm_before_gate = eps, group_size, norm_before_gate
        self.weight = nn.Parameter(torch.ones(hidden_size, device=device, dtype=dtype))
        self.register_parameter("bias", None)

    def forward(self, x, z=None):
        return GatedLayerNormFn.apply(
            x, self.weight, self.bias, z, self.group_size, self.norm_before_gate, self.is_rms_norm
        )


class GatedLayerNorm(GatedRMSNorm):
    is_rms_norm = False

    def __init__(self, hidden_size, *args, device=None, dtype=None, **options):
        super().__init__(hidden_size, *args, device=device, dtype=dtype, **options)
        self.bias = nn.Parameter(torch.zeros(hidden_size, device=device, dtype=dtype))
