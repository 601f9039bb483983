"""Moves modules to the GPU. A parameter with values cannot become one without, so a new one takes its place."""

import torch
from torch import nn


def follow_moves(patches):
    successors, depth = {}, [0]

    def apply(self, function, recurse=True):
        depth[0] += 1
        try:
            # Subclasses, such as recurrent layers, have an `_apply` of their own: it is called for each module.
            for child in self.children() if recurse else ():
                child._apply(function)
            for name, parameter in self._parameters.items():
                if parameter is not None:
                    # Modules that share a parameter share its successor.
                    if id(parameter) not in successors:
                        successors[id(parameter)] = parameter, _moved(parameter, function)
                    self._parameters[name] = successors[id(parameter)][1]
            for name, buffer in self._buffers.items():
                if buffer is not None:
                    self._buffers[name] = function(buffer)
        finally:
            depth[0] -= 1
            if not depth[0]:
                successors.clear()
        return self

    patches.set(nn.Module, "_apply", apply)


def _moved(parameter, function):
    with torch.no_grad():
        new = function(parameter)
    if new is parameter:
        return parameter
    new = nn.Parameter(new, parameter.requires_grad)
    if parameter.grad is not None:
        with torch.no_grad():
            new.grad = function(parameter.grad)
    return new
