"""What ends a recording, as one line: place, cause, cure."""

import os
import sys
import sysconfig

_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_LIBRARIES = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")})


class RecordError(Exception):
    """A script, or an option, that cannot be recorded."""


class ScriptError(RecordError):
    """What a script asks for and a recording cannot give. `cause` and `cure` are parts of its line."""

    def __init__(self, cause, cure):
        super().__init__(f"{place()}: {cause}; {cure}")


def _is_users(path):
    own = path.startswith(os.path.join(_OWN, "torch_recording") + os.sep) or os.path.basename(path) == "record_torch.py"
    return not own and not path.startswith(_LIBRARIES) and not path.startswith("<")


def place():
    """The innermost line of the user's own code that runs, as FILE:LINE."""
    frame = sys._getframe(1)
    while frame is not None:
        if _is_users(frame.f_code.co_filename):
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return "the script"


def place_of(error):
    """The innermost line of the user's own code that an exception came through, as FILE:LINE."""
    found, entry = "the script", error.__traceback__
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    while entry is not None:
        if _is_users(entry.tb_frame.f_code.co_filename):
            found = f"{entry.tb_frame.f_code.co_filename}:{entry.tb_lineno}"
        entry = entry.tb_next
    return found
