"""Moves modules to the GPU. A parameter with values cannot become one without, so it is replaced."""

import torch
from torch import nn


def follow_moves(patches):
    original, memory = nn.Module._apply, []

    def apply(self, function, recurse=True):
        if memory:
            return original(self, function, recurse)
        before = _places(self)
        memory.append(True)
        old = torch.__future__.get_overwrite_module_params_on_conversion()
        torch.__future__.set_overwrite_module_params_on_conversion(True)
        try:
            result = original(self, function, recurse)
        finally:
            torch.__future__.set_overwrite_module_params_on_conversion(old)
            memory.clear()
        # Modules that shared a parameter share its successor. One that did not change stays what it was.
        successors = {}
        for module, name, parameter in before:
            new = module._parameters[name]
            if new is not parameter and _is_alike(new, parameter):
                new = module._parameters[name] = parameter
            module._parameters[name] = successors.setdefault(id(parameter), new)
        return result

    patches.set(nn.Module, "_apply", apply)


def _places(module):
    return [
        (inner, name, parameter)
        for inner in module.modules()
        for name, parameter in inner._parameters.items()
        if parameter is not None
    ]


def _is_alike(new, old):
    """Whether nothing was moved or converted: both have one storage, type and device."""
    return (
        type(new) is type(old)
        and new.untyped_storage()._cdata == old.untyped_storage()._cdata
        and new.dtype is old.dtype
        and new.device == old.device
    )
