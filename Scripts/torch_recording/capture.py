"""Sees each operator below autograd, and hands what a GPU would launch to a writer."""

import torch
from torch._subclasses.fake_tensor import FakeTensor
from torch.utils._python_dispatch import TorchDispatchMode

from torch_recording import device
from torch_recording.accumulation import Accumulation, engine_calls
from torch_recording.eager import Eager
from torch_recording.identity import Identities
from torch_recording.values import is_meta, is_on_gpu, tensors_in

_DEVICE = torch.ops.prim.device.default  # asked for by PyTorch's own C++ code, again and again
_GPU, _META = torch.device("cuda", 0), torch.device("meta")


class Recording:
    """The operators of one list."""

    def __init__(self, writer, layers, distribution=None):
        self.writer, self.layers = writer, layers
        self.identities = Identities()
        self.distribution = distribution

    def emit(self, name, inputs, outputs, attributes=None):
        """Writes an operator, whose tensors on the GPU are given in order."""
        layer, part = self.layers.current()
        describe = self.identities.describe
        fields = {"op": name}
        for key, tensors in (("inputs", inputs), ("outputs", outputs)):
            if tensors:
                fields[key] = [describe(tensor) for tensor in tensors]
        if attributes:
            fields["attributes"] = attributes
        if layer:
            fields["layer"] = layer
        fields["pass"] = part
        self.writer.write(fields)


class Capture(TorchDispatchMode):
    """The mode that is on as long as the GPU is pretended. It writes while it has a recording."""

    def __init__(self, values, layers):
        super().__init__()
        self.values, self.layers = values, layers
        self.recording = None
        self._whole = {operator.default for operator in device.whole()}
        self.eager = Eager(self)
        self.accumulation = Accumulation()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func is _DEVICE and isinstance(args[0], FakeTensor):
            return self._device(args[0])
        kwargs = kwargs or {}
        if self.layers.in_backward and is_meta(kwargs.get("device")):
            kwargs["device"] = _GPU
        if torch.is_inference_mode_enabled() and func not in self._whole:
            # Without autograd, nobody has taken the operator apart yet.
            with self:
                result = func.decompose(*args, **kwargs)
            if result is not NotImplemented:
                return result
            self._whole.add(func)
        tensors = tensors_in(args, kwargs)
        watches = self.recording is not None or self.accumulation.is_calibrating
        in_place = watches and self.accumulation.is_in_place(func, args, kwargs)
        result = self.values.run(func, args, kwargs, tensors)
        if self.recording is not None:
            self.eager.note(func, args, kwargs, tensors, result, in_place)
        return result

    def _device(self, tensor):
        # Autograd's engine asks a GPU's runtime for streams. A "meta" tensor has none, so it takes the caller's thread.
        device = tensor.fake_device
        if self.layers.in_backward and device.type == "cuda" and engine_calls():
            return _META
        return device

    def emit(self, name, inputs, outputs, attributes=None):
        """For operators that no dispatcher knows: those of packages with kernels of their own."""
        outputs = [tensor for tensor in outputs if is_on_gpu(tensor)]
        if self.recording is not None and outputs:
            self.recording.emit(name, [tensor for tensor in inputs if is_on_gpu(tensor)], outputs, attributes)
