"""Replaces attributes and puts them back."""

_NOTHING = object()


class Patches:
    def __init__(self):
        self._old = []

    def set(self, owner, name, value):
        self._old.append((owner, name, owner.__dict__.get(name, _NOTHING)))
        setattr(owner, name, value)

    def restore(self):
        for owner, name, value in reversed(self._old):
            if value is _NOTHING:
                delattr(owner, name)
            else:
                setattr(owner, name, value)
        self._old.clear()
