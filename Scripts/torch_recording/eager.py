"""What a GPU launches for an operator that the dispatcher saw, where the two differ."""

import math

import torch

from torch_recording.accumulation import engine_calls, user_place
from torch_recording.convolution import layout
from torch_recording.identity import TYPES
from torch_recording.values import is_on_gpu, tensors_in

# Names of operators that reserve memory or name it anew. Those whose schema says so need no line here.
_SILENT = {
    "_assert_tensor_metadata", "_backward", "_local_scalar_dense", "_reshape_alias", "_unsafe_view",
    "_version", "data", "empty", "empty_like", "empty_permuted", "empty_strided", "is_pinned", "is_same_size",
    "lift_fresh", "new_empty", "new_empty_strided", "record_stream", "requires_grad_", "resize_", "set_",
    "set_data", "sym_numel", "sym_size", "sym_storage_offset", "sym_stride",
}  # fmt: skip

# Operators under the name of the one kernel that they launch.
_FILLS = {
    "fill_": None, "full": None, "full_like": None, "new_full": None, "new_ones": 1, "new_zeros": 0, "ones": 1,
    "ones_like": 1, "scalar_tensor": None, "zero_": 0, "zeros": 0, "zeros_like": 0,
}  # fmt: skip
_COPIES = {"_to_copy", "clone", "copy_", "lift_fresh_copy", "repeat", "view_copy"}
_RANDOM = {
    "bernoulli": "bernoulli_", "normal": "normal_", "rand": "uniform_", "rand_like": "uniform_", "randint": "random_",
    "randint_like": "random_", "randn": "normal_", "randn_like": "normal_", "uniform": "uniform_",
}  # fmt: skip
# Operators that copy their first argument and change the copy in place.
_COPIED_FIRST = {
    "index_put": "index_put_", "index_add": "index_add_", "index_copy": "index_copy_", "index_fill": "index_fill_",
    "masked_fill": "masked_fill_", "masked_scatter": "masked_scatter_", "scatter": "scatter_",
    "scatter_add": "scatter_add_", "scatter_reduce": "scatter_reduce_",
}  # fmt: skip
_IN_PLACE_IN_FORMULAS = {"index_put", "index_add", "scatter", "scatter_add"}
# Gradients of slices: zeros, and a copy into them.
_SLICES = {"diagonal_backward", "select_backward", "slice_backward"}
_INDEXED = {
    "embedding", "embedding_dense_backward", "gather", "index", "index_add_", "index_put_", "index_select",
    "_index_put_impl_", "scatter_add_",
}  # fmt: skip
_LEFT_OUT = {"device", "dtype", "generator", "layout", "memory_format", "non_blocking", "pin_memory"}


class Operator:
    """What is the same in all calls of an overload."""

    def __init__(self, func):
        schema = func._schema
        self.namespace, self.name = schema.name.split("::")
        self.full_name = schema.name
        self.arguments = [argument.name for argument in schema.arguments]
        self.written = [
            argument.name
            for argument in schema.arguments
            if argument.alias_info is not None and argument.alias_info.is_write
        ]
        aliases = [r.alias_info is not None and not r.alias_info.is_write for r in schema.returns]
        is_view = bool(aliases) and all(aliases)
        self.is_silent = is_view or self.name in _SILENT and self.namespace == "aten" or self.namespace in (
            "prim", "prims", "profiler", "inductor", "debugprims")  # fmt: skip


class Call:
    """One call of an operator."""

    def __init__(self, operator, args, kwargs, tensors, result):
        self.operator, self.name = operator, operator.name
        self.given = dict(zip(operator.arguments, args))
        self.given.update(kwargs)
        self.inputs = [tensor for tensor in tensors if is_on_gpu(tensor)]
        self.result = [tensor for tensor in tensors_in(result) if is_on_gpu(tensor)]
        written = [tensor for tensor in tensors_in(*(self.given.get(n) for n in operator.written)) if is_on_gpu(tensor)]
        self.outputs = written if operator.written else self.result

    @property
    def attributes(self):
        found = {}
        for name, value in self.given.items():
            value = _plain(value) if name not in _LEFT_OUT else None
            if value is not None:
                found[name] = value
        return found


def _plain(value):
    """An argument as JSON, or None for one that is left out."""
    if isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, torch.dtype):
        return TYPES.get(value, str(value))
    if isinstance(value, torch.Tensor):
        # A scalar in the CPU's memory.
        return _plain(value.item()) if value.dim() == 0 and type(value) is torch.Tensor else None
    if isinstance(value, (list, tuple)) and value:
        parts = [_plain(part) for part in value]
        return None if None in parts else parts
    return None


class Eager:
    def __init__(self, capture):
        self._capture = capture
        self._operators = {}
        self._product = None  # the storage of the last product, and the place that called for it
        self._special = {
            "_fused_adamw_": self._fused,
            "_fused_adam_": self._fused,
            "_fused_sgd_": self._fused,
            "_scaled_dot_product_cudnn_attention": self._attention,
            "_scaled_dot_product_flash_attention": self._attention,
            "_scaled_dot_product_efficient_attention": self._attention,
            "_scaled_dot_product_cudnn_attention_backward": self._attention_backward,
            "_scaled_dot_product_flash_attention_backward": self._attention_backward,
            "_scaled_dot_product_efficient_attention_backward": self._attention_backward,
            "_log_softmax": self._of_contiguous,
            "_softmax": self._of_contiguous,
            "constant_pad_nd": self._pad,
            "convolution": self._convolution,
            "convolution_backward": self._convolution_backward,
            "cudnn_batch_norm": self._batch_norm,
            "native_batch_norm": self._batch_norm,
            "native_batch_norm_backward": self._batch_norm,
            "native_layer_norm": self._of_contiguous,
            "native_layer_norm_backward": self._of_contiguous,
            "nll_loss_backward": self._loss_backward,
            "nll_loss2d_backward": self._loss_backward,
            "stack": self._stack,
        }

    def note(self, func, args, kwargs, tensors, result, in_place):
        operator = self._operators.get(func)
        if operator is None:
            operator = self._operators[func] = Operator(func)
        if operator.is_silent:
            return
        call = Call(operator, args, kwargs, tensors, result)
        # What is not on the GPU launches nothing there, and a copy to it or from it is no kernel.
        if not call.outputs and call.inputs and not func._schema.returns:
            self._plain_call(call)  # such as a check of values
        if sum(tensor.numel() for tensor in call.outputs) == 0:
            return
        if operator.namespace != "aten":
            self._emit(operator.full_name, call.inputs, call.outputs, call.attributes)
            return
        if in_place:
            identities = self._capture.recording.identities
            identities.join(call.outputs[0], identities.number(call.inputs[0]))
            self._emit("aten::add_", call.inputs, call.inputs[:1])
            return
        name = call.name
        if name == "mm":
            self._product = call.outputs[0].untyped_storage()._cdata, user_place()
        elif name == "add" and self._adds_bias(call):
            # `linear` adds its bias in place, and does not for tensors without memory.
            identities = self._capture.recording.identities
            identities.join(call.outputs[0], identities.number(call.inputs[0]))
            self._emit("aten::add_", call.inputs, call.inputs[:1])
            return
        if name in _FILLS:
            self._fill(call)
        elif name in _COPIES:
            source = call.given.get("src", call.given.get("self", call.given.get("input")))
            if source is call.outputs[0] and name != "copy_":
                return
            if is_on_gpu(source):
                self._emit("aten::copy_", [source], call.outputs)
            elif name == "copy_" and isinstance(source, torch.Tensor) and source.dim() == 0:
                self._emit("aten::fill_", [], call.outputs)
        elif name in _RANDOM:
            self._emit("aten::" + _RANDOM[name], [], call.outputs)
        elif name in _COPIED_FIRST:
            self._copied_first(call)
        elif name in _SLICES:
            self._slice_backward(call)
        elif name == "pow" and call.given.get("exponent") == 1 and is_on_gpu(call.given["self"]):
            self._emit("aten::copy_", call.inputs, call.outputs)
        elif name in ("relu", "relu_"):
            self._emit("aten::clamp_min" + name[4:], call.inputs, call.outputs, {"min": 0})
        elif name in self._special:
            self._special[name](call)
        else:
            self._plain_call(call)

    def _adds_bias(self, call):
        """Whether a vector is added to the product that the same call of `linear` made."""
        if len(call.inputs) != 2 or call.inputs[1].dim() != 1 or len(call.given) != 2 or self._product is None:
            return False
        return self._product == (call.inputs[0].untyped_storage()._cdata, user_place())

    def _emit(self, name, inputs, outputs, attributes=None):
        self._capture.recording.emit(name, inputs, outputs, attributes)

    def _plain_call(self, call, name=None, inputs=None):
        name = name or call.operator.full_name
        attributes = call.attributes
        if name[6:] in _INDEXED:
            if name[6:] == "index":
                given = call.given["indices"]
                if any(index is None for index in given):
                    attributes["indexed_dims"] = [i for i, index in enumerate(given) if index is not None]
            attributes.pop("indices", None)
            if self._capture.recording.distribution:
                attributes["indices"] = self._capture.recording.distribution
        self._emit(name, call.inputs if inputs is None else inputs, call.outputs, attributes)

    def _contiguous(self, tensor, memory_format=torch.contiguous_format):
        """The tensor, or its copy with that layout, which is recorded."""
        if not is_on_gpu(tensor) or tensor.is_contiguous(memory_format=memory_format):
            return tensor
        copy = tensor.contiguous(memory_format=memory_format)
        self._emit("aten::copy_", [tensor], [copy])
        return copy

    # One operator, several launches

    def _fill(self, call):
        value = _FILLS[call.name]
        if value is None:
            value = _plain(call.given.get("value", call.given.get("fill_value", call.given.get("s"))))
        self._emit("aten::fill_", [], call.outputs, {} if value is None else {"value": value})

    def _copied_first(self, call):
        name, (out,) = "aten::" + _COPIED_FIRST[call.name], call.outputs
        is_formula = call.name in _IN_PLACE_IN_FORMULAS and torch._C._current_autograd_node() is not None
        if is_formula and engine_calls():
            # PyTorch's own backward functions change zeros in place. They do not for tensors without memory.
            identities = self._capture.recording.identities
            identities.join(out, identities.number(call.inputs[0]))
            name = "aten::_index_put_impl_" if name == "aten::index_put_" else name
        else:
            self._emit("aten::copy_", call.inputs[:1], [out])
        self._plain_call(call, name, [out, *call.inputs[1:]])

    def _of_contiguous(self, call):
        """Norms and softmax copy what does not lie in order."""
        weights = {id(call.given.get(name)) for name in ("weight", "bias", "mean", "rstd")}
        inputs = [tensor if id(tensor) in weights else self._contiguous(tensor) for tensor in call.inputs]
        self._plain_call(call, inputs=inputs)

    def _fused(self, call):
        """The gradients of a fused step are read, though its schema says that they change where they are scaled."""
        gradients = {id(tensor) for tensor in call.given["grads"]}
        outputs = [tensor for tensor in call.outputs if id(tensor) not in gradients]
        self._emit(call.operator.full_name, call.inputs, outputs, call.attributes)

    def _attention(self, call):
        out, *rest = call.result
        sums = [tensor for tensor in rest if tensor.dtype is torch.float32 and tensor.dim() >= 3][:1]
        self._emit(call.operator.full_name, call.inputs, [out, *sums], call.attributes)

    def _attention_backward(self, call):
        names = ("grad_out", "grad_out_", "query", "key", "value", "attn_bias", "out", "logsumexp")
        inputs = [call.given[name] for name in names if is_on_gpu(call.given.get(name))]
        inputs = [tensor for tensor in inputs if tensor.numel()]
        self._emit(
            call.operator.full_name, inputs, [tensor for tensor in call.result if tensor.numel()], call.attributes
        )

    def _batch_norm(self, call):
        x, weight = call.given["input"], call.given.get("weight")
        name = call.operator.full_name
        # cuDNN takes images in 32 and 16 bits but not bfloat16. For all else PyTorch has kernels of its own.
        if x.dim() >= 3 and x.dtype is not torch.bfloat16 and is_on_gpu(weight):
            name = name.replace("native_batch_norm", "cudnn_batch_norm")
        self._emit(name, call.inputs, call.outputs, call.attributes)

    def _loss_backward(self, call):
        self._emit("aten::fill_", [], call.outputs, {"value": 0})
        # The kernel reads no logarithms.
        self._plain_call(call, inputs=[tensor for tensor in call.inputs if tensor is not call.given["self"]])

    def _stack(self, call):
        dim, parts = call.given.get("dim", 0), call.given["tensors"]
        inputs = [part.unsqueeze(dim) for part in parts if is_on_gpu(part)]
        self._emit("aten::cat", inputs, call.outputs, {"dim": dim})

    def _pad(self, call):
        (out,), pad = call.outputs, call.given["pad"]
        inner = out
        for i in range(len(pad) // 2):
            dim, before, after = out.dim() - 1 - i, max(0, pad[2 * i]), max(0, pad[2 * i + 1])
            inner = inner.narrow(dim, before, inner.shape[dim] - before - after)
        source = call.given["self"]
        for i in range(len(pad) // 2):
            dim, before, after = source.dim() - 1 - i, max(0, -pad[2 * i]), max(0, -pad[2 * i + 1])
            source = source.narrow(dim, before, source.shape[dim] - before - after)
        value = _plain(call.given.get("value", 0))
        self._emit("aten::fill_", [], [out], {"value": value or 0})
        self._emit("aten::copy_", [source], [inner])

    def _slice_backward(self, call):
        (out,), given = call.outputs, call.given
        self._emit("aten::fill_", [], [out], {"value": 0})
        if call.name == "select_backward":
            part = out.select(given["dim"], given["index"])
        elif call.name == "slice_backward":
            size, step = out.shape[given["dim"]], given["step"]
            start, end = (min(max(i + size if i < 0 else i, 0), size) for i in (given["start"], given["end"]))
            part = torch.ops.aten.slice.Tensor(out, given["dim"], start, end, step)
        else:
            part = out.diagonal(given["offset"], given["dim1"], given["dim2"])
        self._emit("aten::copy_", call.inputs[:1], [part])

    # Convolutions

    def _convolution(self, call):
        x, weight = call.given["input"], call.given["weight"]
        is_depthwise = call.given["groups"] == x.shape[1] > 1 and not call.given["transposed"]
        chosen = layout(x, weight)
        x, weight = (self._contiguous(tensor, chosen) for tensor in (x, weight))
        bias = call.given.get("bias")
        attributes = call.attributes
        if is_depthwise and is_on_gpu(bias):
            self._emit(call.operator.full_name, [x, weight, bias], call.outputs, attributes)
            return
        self._emit(call.operator.full_name, [x, weight], call.outputs, attributes)
        if is_on_gpu(bias):
            # cuDNN's kernels add no bias.
            spread = bias.view(1, -1, *[1] * (x.dim() - 2))
            self._emit("aten::add_", [call.outputs[0], spread], call.outputs)

    def _convolution_backward(self, call):
        chosen = layout(call.given["input"], call.given["weight"])
        names = ("grad_output", "input", "weight")
        gradient, x, weight = (self._contiguous(call.given[name], chosen) for name in names)
        result, mask = call.outputs, call.given["output_mask"]
        of_bias = result[-1] if mask[2] and result else None
        outputs = result[:-1] if mask[2] else result
        if outputs:
            self._emit(call.operator.full_name, [gradient, x, weight], outputs, call.attributes)
        if of_bias is not None:
            dims = [0, *range(2, gradient.dim())]
            self._emit("aten::sum", [gradient], [of_bias], {"dim": dims})
