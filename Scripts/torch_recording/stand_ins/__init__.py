"""Modules of packages whose kernels are written in Triton or CUDA C++, and cannot run without a GPU.

They have the names, arguments and parameters of the packages' own. What launches a kernel there writes an operator
here.
"""

import importlib
import importlib.machinery
import sys
import types

from torch_recording.stand_ins import (
    causal_conv1d,
    chunk_scan,
    mamba2,
    mamba_inner,
    mamba_simple,
    norms,
    selective_scan,
    split_scan,
)

# The packages' modules, and what each of them has.
MODULES = {
    "causal_conv1d": {"causal_conv1d_fn": causal_conv1d.causal_conv1d_fn},
    "causal_conv1d.causal_conv1d_interface": {"causal_conv1d_fn": causal_conv1d.causal_conv1d_fn},
    "mamba_ssm": {
        "Mamba": mamba_simple.Mamba,
        "Mamba2": mamba2.Mamba2,
        "mamba_inner_fn": mamba_inner.mamba_inner_fn,
        "selective_scan_fn": selective_scan.selective_scan_fn,
    },
    "mamba_ssm.modules": {},
    "mamba_ssm.modules.mamba2": {"Mamba2": mamba2.Mamba2},
    "mamba_ssm.modules.mamba_simple": {"Mamba": mamba_simple.Mamba},
    "mamba_ssm.ops": {},
    "mamba_ssm.ops.selective_scan_interface": {
        "mamba_inner_fn": mamba_inner.mamba_inner_fn,
        "selective_scan_fn": selective_scan.selective_scan_fn,
    },
    "mamba_ssm.ops.triton": {},
    "mamba_ssm.ops.triton.layer_norm": {
        "RMSNorm": norms.RMSNorm,
        "layer_norm_fn": norms.layer_norm_fn,
        "rms_norm_fn": norms.rms_norm_fn,
    },
    "mamba_ssm.ops.triton.layernorm_gated": {
        "LayerNorm": norms.GatedLayerNorm,
        "RMSNorm": norms.GatedRMSNorm,
        "layernorm_fn": norms.gated_layer_norm_fn,
        "rmsnorm_fn": norms.gated_rms_norm_fn,
    },
    "mamba_ssm.ops.triton.ssd_combined": {
        "mamba_chunk_scan_combined": chunk_scan.mamba_chunk_scan_combined,
        "mamba_split_conv1d_scan_combined": split_scan.mamba_split_conv1d_scan_combined,
    },
}


class Finder:
    """Hands out the stand-ins, before Python looks for installed packages, and notes which were asked for."""

    def __init__(self):
        self.used = set()

    def find_spec(self, name, path=None, target=None):
        top = name.split(".")[0]
        if top not in ("mamba_ssm", "causal_conv1d"):
            return None
        if name not in MODULES:
            known = ", ".join(sorted(MODULES))
            raise ModuleNotFoundError(
                f"there is no stand-in for {name}; use one of {known}, or plain PyTorch", name=name
            )
        self.used.add(top)
        is_package = any(other.startswith(name + ".") for other in MODULES)
        return importlib.machinery.ModuleSpec(name, self, is_package=is_package)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__version__ = "0 (a stand-in of record_torch)"
        return module

    def exec_module(self, module):
        module.__dict__.update(MODULES[module.__name__])


def install():
    """Puts the stand-ins in front of installed packages."""
    for name in [name for name in sys.modules if name.split(".")[0] in ("mamba_ssm", "causal_conv1d")]:
        del sys.modules[name]
    finder = Finder()
    sys.meta_path.insert(0, finder)
    importlib.invalidate_caches()
    return finder
