"""The pretended GPU of this process: set up once, and taken down when the last one who asked for it leaves."""

import contextlib
import os
import sys
import warnings

import torch

from torch_recording import attention, device, emitting, stand_ins
from torch_recording.capture import Capture, Recording
from torch_recording.errors import RecordError
from torch_recording.guard import Guard
from torch_recording.layers import Layers
from torch_recording.moving import follow_moves
from torch_recording.patches import Patches
from torch_recording.values import Values, watch_readers
from torch_recording.writer import ListWriter

OLDEST = (2, 6)
DISTRIBUTIONS = ("random", "sorted", "permutation", "sequence")

_session = None


class Session:
    def __init__(self):
        version = tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2])
        if version < OLDEST:
            raise RecordError(
                f"PyTorch is {torch.__version__}, needed is {OLDEST[0]}.{OLDEST[1]} or later; install one"
            )
        self.patches = Patches()
        self.guard = Guard()
        device.stand_in(self.patches)
        self.library = device.keep_whole()
        warnings.filterwarnings("ignore", message="Accessing the data pointer of FakeTensor")
        self.values = Values()
        self.layers = Layers(self.patches)
        follow_moves(self.patches)
        watch_readers(self.patches)
        attention.take_choice(self.patches)
        # torch.tensor(..., device="cuda") then moves the tensor where the capture sees it.
        torch._C._set_only_lift_cpu_tensors(True)
        # PyTorch asks the GPU itself what cuDNN can do. `eager`, `convolution` and `attention` say what it would.
        self.cudnn = torch._C._get_cudnn_enabled()
        torch._C._set_cudnn_enabled(False)
        _let_foreach_take(self.patches)
        self.capture = Capture(self.values, self.layers)
        self.capture.__enter__()
        self.capture.accumulation.calibrate()
        self.layers.forget()
        emitting.connect(self.capture)
        self.finder = stand_ins.install()

    def close(self):
        emitting.connect(None)
        self.capture.__exit__(None, None, None)
        torch._C._set_only_lift_cpu_tensors(False)
        torch._C._set_cudnn_enabled(self.cudnn)
        self.layers.close()
        self.patches.restore()
        self.library._destroy()
        self.guard.restore()
        sys.meta_path.remove(self.finder)

    @contextlib.contextmanager
    def recording(self, path, distribution=None):
        """Writes the operators of the `with` block's body to `path`, which appears if the body ends without error."""
        if self.capture.recording is not None:
            raise RecordError("a recording runs already; end it before the next begins")
        if distribution is not None and distribution not in DISTRIBUTIONS:
            raise RecordError(f"there is no distribution '{distribution}'; use one of {', '.join(DISTRIBUTIONS)}")
        folder = os.path.dirname(os.path.abspath(path))
        if not str(path).endswith(".ops.jsonl"):
            raise RecordError(f"{path}: the name of an operator list ends in .ops.jsonl; name it so")
        if not os.path.isdir(folder):
            raise RecordError(f"{path}: there is no folder {folder}; make it first")
        writer = ListWriter(path, f"record_torch, PyTorch {torch.__version__}")
        recording = Recording(writer, self.layers, distribution)
        self.layers.forget()
        try:
            self.capture.recording = recording
            yield recording
        except BaseException:
            self.capture.recording = None
            writer.abandon()
            raise
        self.capture.recording = None
        if not writer.operators:
            writer.abandon()
            raise RecordError(f"{path}: nothing was launched on the GPU; record a step that uses tensors on 'cuda'")
        writer.finish()


def session():
    """The pretended GPU, which is set up if it is not there."""
    global _session
    if _session is None:
        _session = Session()
    return _session


def _let_foreach_take(patches):
    """PyTorch's optimizers take lists of tensors whose types they know."""
    from torch._subclasses.fake_tensor import FakeTensor
    from torch.optim import optimizer
    from torch.utils import _foreach_utils

    for module in (optimizer, _foreach_utils):
        known = getattr(module, "_foreach_supported_types", None)
        if known is not None and FakeTensor not in known:
            patches.set(module, "_foreach_supported_types", [*known, FakeTensor])
