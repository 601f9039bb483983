"""Writes operator lists (docs/operators.md)."""

import json
import os


class ListWriter:
    """Writes beside the file, which appears under its name once it is whole."""

    def __init__(self, path, source):
        self.path = os.path.abspath(path)
        self.operators = 0
        self._partial = f"{self.path}.partial-{os.getpid()}"
        self._file = open(self._partial, "w", encoding="utf-8")
        self._line({"format": "weir-operators", "version": 1, "source": source})

    def _line(self, fields):
        self._file.write(json.dumps(fields, separators=(",", ":"), allow_nan=False) + "\n")

    def write(self, fields):
        self._line(fields)
        self.operators += 1

    def finish(self):
        self._file.close()
        os.replace(self._partial, self.path)

    def abandon(self):
        self._file.close()
        if os.path.exists(self._partial):
            os.remove(self._partial)
