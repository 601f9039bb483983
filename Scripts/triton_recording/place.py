"""The place of an operation in a kernel's source."""

import ast
import sys
import tokenize
from functools import lru_cache


@lru_cache(maxsize=None)
def _loop_lines(path):
    """The lines of a source file in the bodies of loops. Loops over `static_range` are unrolled and do not count."""
    try:
        with tokenize.open(path) as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return frozenset()
    lines = set()
    for node in ast.walk(tree):
        unrolled = isinstance(node, ast.For) and "static_range" in ast.dump(node.iter)
        if isinstance(node, (ast.For, ast.While)) and not unrolled:
            lines.update(range(node.body[0].lineno, node.body[-1].end_lineno + 1))
    return frozenset(lines)


def place_of_operation(triton_folder):
    """The kernel's place: the calls from the kernel down to the operation, without Triton's own calls. Also whether one of
    them is in a loop of the kernel."""
    frame, place, is_in_loop = sys._getframe(2), [], False
    while frame is not None and frame.f_code.co_name != "run_recorded_launch":
        path = frame.f_code.co_filename
        if not path.startswith(triton_folder):
            place.append((frame.f_code, frame.f_lasti))
            is_in_loop = is_in_loop or frame.f_lineno in _loop_lines(path)
        frame = frame.f_back
    return tuple(place), is_in_loop
