"""causal-conv1d's convolution of each channel, and its gradients."""

import torch

from torch_recording.emitting import emit
from torch_recording.errors import ScriptError


def forward(x, weight, bias, activation):
    out = torch.empty_like(x)
    emit("DaoAILab::_causal_conv1d_fwd_cpp", [x, weight, bias], [out], activation=activation or "none")
    return out


def backward(x, weight, bias, dout, activation, dx=None):
    """The gradients of x, weights and bias, in their types. `dx` is where that of x goes, if it is given."""
    if dout.stride(2) != 1 and dout.stride(1) != 1:
        dout = dout.contiguous()
    dx = torch.empty_like(x) if dx is None else dx
    dweight = torch.zeros_like(weight, dtype=torch.float32)
    dbias = None if bias is None else torch.zeros_like(bias, dtype=torch.float32)
    emit(
        "DaoAILab::_causal_conv1d_bwd_cpp",
        [x, weight, bias, dout],
        [dx, dweight, dbias],
        activation=activation or "none",
    )
    return dx, dweight.type_as(weight), None if bias is None else dbias.type_as(bias)


class CausalConv1dFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, activation):
        if x.stride(2) != 1 and x.stride(1) != 1:
            x = x.contiguous()
        bias = None if bias is None else bias.contiguous()
        ctx.save_for_backward(x, weight, bias)
        ctx.activation = activation
        return forward(x, weight, bias, activation)

    @staticmethod
    def backward(ctx, dout):
        x, weight, bias = ctx.saved_tensors
        return (*backward(x, weight, bias, dout, ctx.activation), None)


def causal_conv1d_fn(
    x,
    weight,
    bias=None,
    seq_idx=None,
    initial_states=None,
    return_final_states=False,
    final_states_out=None,
    activation=None,
):
    if initial_states is not None or return_final_states or seq_idx is not None:
        raise ScriptError("the stand-in of causal_conv1d_fn knows no states and no seq_idx", "leave them out")
    if activation not in (None, "silu", "swish"):
        raise ScriptError(f"causal_conv1d_fn has no activation {activation!r}", "give None, 'silu' or 'swish'")
    return CausalConv1dFn.apply(x, weight, bias, activation and "silu")
