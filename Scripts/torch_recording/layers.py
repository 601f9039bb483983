"""Which module and which pass an operator belongs to."""

import bisect
import weakref

import torch
from torch.nn.modules import module as modules
from torch.optim import optimizer as optimizers
from torch.utils.weak import WeakIdKeyDictionary


class Layers:
    """Follows modules and optimizers by global hooks, and the backward pass by the numbers of its nodes."""

    def __init__(self, patches):
        self._parents = weakref.WeakKeyDictionary()  # module -> (its parent, its name there)
        self._paths = weakref.WeakKeyDictionary()
        self._owners = WeakIdKeyDictionary()  # parameter -> the path of its module
        self._stack = []
        # Forward operators number their nodes in order. From number `_starts[i]` on, they are of `_layers[i]`.
        self._starts, self._layers = [0], [""]
        self.optimizing = self.in_backward = 0
        self._is_behind_backward = False
        self._hooks = [
            modules.register_module_module_registration_hook(self._register),
            modules.register_module_forward_pre_hook(self._enter),
            modules.register_module_forward_hook(self._leave, always_call=True),
            optimizers.register_optimizer_step_pre_hook(self._begin_optimizer),
            optimizers.register_optimizer_step_post_hook(self._end_optimizer),
        ]
        self.steps = []  # functions to call behind each step of an optimizer
        patches.set(torch.optim.Optimizer, "zero_grad", self._optimizing(torch.optim.Optimizer.zero_grad))
        for name in ("backward", "grad"):
            patches.set(torch.autograd, name, self._following_backward(getattr(torch.autograd, name)))

    def close(self):
        for hook in self._hooks:
            hook.remove()

    def forget(self):
        """Begins anew, behind operators that are none of the script's."""
        self._is_behind_backward = False

    # Modules

    def _register(self, parent, name, child):
        if child is not None and child not in self._parents:
            self._parents[child] = (weakref.ref(parent), name)

    def path(self, module):
        found = self._paths.get(module)
        if found is not None:
            return found
        names, seen, current = [], set(), module
        while current in self._parents and id(current) not in seen:
            seen.add(id(current))
            parent, name = self._parents[current]
            names.append(name)
            current = parent()
            if current is None:
                break
        return ".".join(reversed(names))

    def _enter(self, module, _):
        if not self._stack and module not in self._paths and module not in self._parents:
            for name, inner in module.named_modules():
                self._paths.setdefault(inner, name)
                self._own(inner, name)
        path = self.path(module)
        self._own(module, path)
        self._stack.append((module, path))
        self._is_behind_backward = False
        self._change(path)

    def _own(self, module, path):
        for parameter in module._parameters.values():
            if parameter is not None and parameter not in self._owners:
                self._owners[parameter] = path

    def _leave(self, module, *_):
        # A module that an error left behind goes with the one around it.
        while self._stack:
            if self._stack.pop()[0] is module:
                break
        self._change(self._stack[-1][1] if self._stack else "")

    def _change(self, layer):
        number = torch._C._autograd._get_sequence_nr()
        if number < self._starts[-1]:
            return  # another thread counts by itself
        if self._starts[-1] == number:
            self._layers[-1] = layer
        else:
            self._starts.append(number)
            self._layers.append(layer)

    # Passes

    def _following_backward(self, function):
        def follow(*args, **kwargs):
            self.in_backward += 1
            try:
                # A device's nodes run in a thread of that device, which is not there. So all run in the caller's.
                with torch.autograd.set_multithreading_enabled(False):
                    return function(*args, **kwargs)
            finally:
                self.in_backward -= 1
                self._is_behind_backward = True

        return follow

    def _optimizing(self, function):
        def follow(*args, **kwargs):
            self.optimizing += 1
            try:
                return function(*args, **kwargs)
            finally:
                self.optimizing -= 1

        return follow

    def _begin_optimizer(self, *_):
        self.optimizing += 1

    def _end_optimizer(self, *_):
        self.optimizing = max(0, self.optimizing - 1)
        for function in list(self.steps):
            function()

    def current(self):
        """Layer and pass of the operator that runs now."""
        node = torch._C._current_autograd_node()
        if node is not None:
            if self._stack:  # a checkpoint runs its forward pass again
                return self._stack[-1][1], "backward"
            return self._layer_of(node), "backward"
        if self.in_backward:
            return "", "backward"
        if self._stack:
            return self._stack[-1][1], "forward"
        # Behind the backward pass, gradients are clipped and scaled, and parameters step.
        if self.optimizing or self._is_behind_backward:
            return "", "optimizer"
        return "", "forward"

    def _layer_of(self, node):
        variable = getattr(node, "variable", None)
        if variable is not None:
            return self._owners.get(variable, "")
        number = node._sequence_nr()
        return self._layers[bisect.bisect_right(self._starts, number) - 1]
