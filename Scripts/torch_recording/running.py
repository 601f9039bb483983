"""Runs a user's script, and records one of its steps, or all of it."""

import ast
import contextlib
import inspect
import os
import runpy
import sys

from torch_recording.errors import RecordError, place_of


class _Enough(BaseException):
    """Ends a script behind the step that counts."""


def defines(path, name):
    """Whether a script gives `name` a value at its top level."""
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read(), path)
    except OSError as error:
        raise RecordError(f"{path}: {error.strerror}; name a Python script") from None
    except SyntaxError as error:
        raise RecordError(f"{path}:{error.lineno}: {error.msg}; mend the script") from None
    found = False
    for node in _at_top(tree):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            found = True
        elif isinstance(node, ast.Assign) and any(_is_name(target, name) for target in node.targets):
            # A number is no function: many scripts count their steps so.
            found = not isinstance(node.value, ast.Constant)
        elif isinstance(node, (ast.AugAssign, ast.For)) and _is_name(node.target, name):
            found = False
        elif isinstance(node, ast.ImportFrom) and any((alias.asname or alias.name) == name for alias in node.names):
            found = True
    return found


def _at_top(tree):
    """The statements of a script, without the bodies of its functions and classes."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                yield child
            if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
                waiting.append(child)


def _is_name(target, name):
    return any(isinstance(inner, ast.Name) and inner.id == name for inner in ast.walk(target))


def run(session, options):
    """Runs `options.script`. Returns the recording."""
    path = options.script
    name = options.function or "step"
    has_function = defines(path, name)
    if options.function and not has_function:
        raise RecordError(f"{path}: it defines no {name}() at its top level; name another with --function")
    sys.argv = [path, *options.arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(path))
    with _named(path, options.traceback):
        if has_function:
            values = runpy.run_path(path, run_name=os.path.splitext(os.path.basename(path))[0])
            step = values.get(name)
            if not callable(step):
                raise RecordError(f"{path}: {name} is no function; name one with --function")
            try:
                inspect.signature(step).bind()
            except (TypeError, ValueError):
                raise RecordError(
                    f"{path}: {name}() wants arguments; name a function without, with --function"
                ) from None
            for _ in range(options.step - 1):
                step()
            with session.recording(options.output, options.index_distribution) as recording:
                step()
            return recording
        if options.step_given:
            return _between_steps(session, options)
        with session.recording(options.output, options.index_distribution) as recording:
            _run_whole(path)
        return recording


def _run_whole(path):
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as request:
        if request.code not in (None, 0):
            raise


def _between_steps(session, options):
    """Records from the end of one step of an optimizer to the end of the next."""
    stack, done, count = contextlib.ExitStack(), [], [0]

    def behind_step():
        count[0] += 1
        if count[0] == options.step - 1:
            done.append(stack.enter_context(session.recording(options.output, options.index_distribution)))
        elif count[0] == options.step:
            stack.close()
            raise _Enough

    if options.step == 1:
        done.append(stack.enter_context(session.recording(options.output, options.index_distribution)))
    session.layers.steps.append(behind_step)
    with stack:
        try:
            _run_whole(options.script)
        except _Enough:
            return done[0]
        finally:
            session.layers.steps.remove(behind_step)
        raise RecordError(
            f"{options.script}: it ended behind {count[0]} steps of its optimizer; ask for an earlier one with --step"
        )


@contextlib.contextmanager
def _named(path, with_traceback):
    """Turns an error of the script into one line."""
    try:
        yield
    except (RecordError, KeyboardInterrupt, _Enough):
        raise
    except SystemExit as request:
        raise RecordError(f"{path}: it ended with code {request.code}; nothing was recorded") from None
    except BaseException as error:
        if with_traceback:
            raise
        cause = str(error).strip().split("\n")[0] or "no reason given"
        raise RecordError(
            f"{place_of(error)}: {type(error).__name__}: {cause}; "
            "mend the script, or add --traceback to see the calls that lead there"
        ) from None
