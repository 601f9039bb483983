"""Sums of gradients that autograd's engine makes where a tensor was used more than once."""

import sys

import torch

from torch_recording.errors import RecordError

aten = torch.ops.aten


class Accumulation:
    """On a GPU the engine adds in place if nobody else holds the older gradient. It never does so for tensors without
    memory, so this finds the sums that it would have made in place."""

    def __init__(self):
        self._alone = None  # the counts of a gradient that nobody else holds

    @property
    def is_calibrating(self):
        return isinstance(self._alone, list)

    def calibrate(self):
        """Finds the counts of a gradient that nobody else holds. The capture is on already."""
        self._alone = []
        x = torch.ones(2, device="cuda", requires_grad=True)
        (x.exp() + x.sin()).sum().backward()
        if len(self._alone) != 1:
            raise RecordError(f"autograd of PyTorch {torch.__version__} is not understood; use PyTorch 2.13")
        self._alone = self._alone[0]

    def is_in_place(self, func, args, kwargs):
        if func is not aten.add.Tensor or kwargs or len(args) != 2 or torch._C._current_autograd_node() is None:
            return False
        old, new = args
        if not isinstance(new, torch.Tensor) or not isinstance(old, torch.Tensor):
            return False
        if old.shape != new.shape or old.dtype is not new.dtype or torch.is_grad_enabled() or not engine_calls():
            return False
        counts = self._counts(old)
        if self.is_calibrating:
            self._alone.append(counts)
            return False
        return counts[0] <= self._alone[0] and counts[1] <= self._alone[1] and _is_dense(old)

    @staticmethod
    def _counts(tensor):
        return tensor._use_count(), torch._C._storage_Use_Count(tensor.untyped_storage()._cdata)


def _is_dense(tensor):
    """Whether the elements fill a piece of memory, in any order of dimensions."""
    expected = 1
    for stride, size in sorted((stride, size) for stride, size in zip(tensor.stride(), tensor.shape) if size > 1):
        if stride != expected:
            return False
        expected *= size
    return True


def _caller():
    """The frame that calls PyTorch, or None."""
    frame = sys._getframe(2)
    while frame is not None:
        path = frame.f_code.co_filename
        if not ("torch_recording" in path or path.endswith(("_compile.py", "eval_frame.py", "_stats.py"))):
            return frame
        frame = frame.f_back
    return None


def engine_calls():
    """Whether the engine calls the operator, not a backward function that is written in Python."""
    frame = _caller()
    return frame is None or frame.f_code.co_name == "_engine_run_backward"


def user_place():
    """The call of PyTorch that runs: its frame, and the instruction there."""
    frame = _caller()
    return None if frame is None else (id(frame), frame.f_lasti)
