"""The layout that cuDNN takes for a convolution."""

import torch

_CHANNELS_LAST = {4: torch.channels_last, 5: torch.channels_last_3d}
aten = torch.ops.aten


def layout(x, weight):
    """Channels last if the input or the weights lie so, as PyTorch chooses for cuDNN."""
    last = _CHANNELS_LAST.get(x.dim())
    for tensor in (x, weight):
        if last and tensor.is_contiguous(memory_format=last) and not tensor.is_contiguous():
            return last
    return torch.contiguous_format


def give_layout(func, args, result):
    """The results of a convolution as cuDNN lays them out. A PyTorch without cuDNN lays them out otherwise."""
    if func is aten.convolution.default:
        return result.contiguous(memory_format=layout(args[0], args[1]))
    chosen = layout(args[1], args[2])
    dx, dweight, dbias = result
    dx, dweight = (None if grad is None else grad.contiguous(memory_format=chosen) for grad in (dx, dweight))
    return dx, dweight, dbias
