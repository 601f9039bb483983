"""Which kernel PyTorch takes for `scaled_dot_product_attention` on an H200."""

import torch
from torch.nn import functional as F

from torch_recording.values import is_on_gpu

aten = torch.ops.aten


def _allows(name):
    asked = getattr(torch.backends.cuda, name + "_enabled", None)
    return asked() if asked else True


def _is_half(*tensors):
    return all(t.dtype in (torch.float16, torch.bfloat16) and t.dtype is tensors[0].dtype for t in tensors)


def _has_even_rows(*tensors):
    return all(t.dim() == 4 and t.stride(-1) == 1 and t.numel() > 0 for t in tensors)


def choose(query, key, value, mask, dropout, is_causal, enable_gqa):
    """`cudnn`, `flash`, `efficient` or `math`, tried in this order, as PyTorch 2.11 does on an H100 or H200."""
    if not _has_even_rows(query, key, value):
        return "math"
    length, length_k = query.shape[2], key.shape[2]
    width, width_v = query.shape[-1], value.shape[-1]
    is_grouped = query.shape[1] != key.shape[1]
    if is_grouped and not enable_gqa:
        return "math"
    is_half = _is_half(query, key, value)
    if _allows("cudnn_sdp") and is_half and not torch.are_deterministic_algorithms_enabled():
        fits = width % 8 == width_v % 8 == 0 and width <= 256 and width_v <= 256
        if fits and length_k > 1 and not (length == 1 and dropout) and not (mask is not None and mask.requires_grad):
            return "cudnn"
    if _allows("flash_sdp") and is_half and mask is None and width == width_v <= 256:
        if not is_causal or length == length_k:
            return "flash"
    if _allows("mem_efficient_sdp") and not is_grouped and query.dtype is key.dtype is value.dtype:
        if query.dtype in (torch.float16, torch.bfloat16, torch.float32):
            return "efficient"
    return "math"


def take_choice(patches):
    original = F.scaled_dot_product_attention

    def attend(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
        if not (is_on_gpu(query) and is_on_gpu(key) and is_on_gpu(value)):
            return original(query, key, value, attn_mask, dropout_p, is_causal, scale=scale, enable_gqa=enable_gqa)
        query, key, value, attn_mask = _cast(query, key, value, attn_mask)
        backend = choose(query, key, value, attn_mask, dropout_p, is_causal, enable_gqa)
        bias = _bias(attn_mask, query)
        if backend == "math":
            return aten._scaled_dot_product_attention_math(
                query, key, value, bias, dropout_p, is_causal, scale=scale, enable_gqa=enable_gqa
            )[0]
        if bias is not None:
            bias = bias.expand(query.shape[0], query.shape[1], query.shape[2], key.shape[2])
        keep = torch.is_grad_enabled() and any(t.requires_grad for t in (query, key, value))
        if backend == "cudnn":
            return aten._scaled_dot_product_cudnn_attention(
                query, key, value, bias, keep, dropout_p, is_causal, False, scale=scale
            )[0]
        if backend == "efficient":
            return aten._scaled_dot_product_efficient_attention(
                query, key, value, bias, keep, dropout_p, is_causal, scale=scale
            )[0]
        width = query.shape[-1]
        rest = -width % 8
        if rest:
            scale = width**-0.5 if scale is None else scale
            query, key, value = (F.pad(tensor, (0, rest)) for tensor in (query, key, value))
        out = aten._scaled_dot_product_flash_attention(query, key, value, dropout_p, is_causal, False, scale=scale)[0]
        return out[..., :width] if rest else out

    patches.set(F, "scaled_dot_product_attention", attend)
    patches.set(torch._C._nn, "scaled_dot_product_attention", attend)


def _cast(*tensors):
    """Autocast's conversion."""
    if not torch.is_autocast_enabled("cuda"):
        return tensors
    kind = torch.get_autocast_dtype("cuda")
    return [t.to(kind) if t is not None and t.is_floating_point() and t.dtype is not kind else t for t in tensors]


def _bias(mask, query):
    """What is added to the scores. A mask of truth values becomes zeros and infinities."""
    if mask is None or mask.dtype is not torch.bool:
        return mask
    return torch.where(mask, 0.0, torch.full((), float("-inf"), dtype=query.dtype, device=query.device))
