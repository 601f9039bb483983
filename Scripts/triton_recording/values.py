"""Rules of `alignment` and counts of operations, attached to the methods of Triton's interpreter."""

import numpy as np

from triton_recording import alignment
from triton_recording.alignment import KEY, Info

CONSTANTS = ("get_int8", "get_uint8", "get_int16", "get_uint16", "get_int32", "get_uint32", "get_int64", "get_uint64")
LEFT_RUNS = ("SLT", "ULT", "SGE", "UGE")
RIGHT_RUNS = ("SLE", "ULE", "SGT", "UGT")

# The counted source operations on floating-point tiles, by the class of instruction that they become.
FP32 = ("create_fadd", "create_fsub", "create_fmul", "create_fma")
SPECIAL = ("create_exp", "create_exp2", "create_log", "create_log2", "create_sin", "create_cos", "create_sqrt",
           "create_precise_sqrt", "create_rsqrt", "create_fdiv", "create_precise_divf")
ALU = ("create_minimumf", "create_maximumf", "create_minnumf", "create_maxnumf", "create_clampf", "create_fp_ext",
       "create_fp_trunc", "create_fp_to_fp", "create_si_to_fp", "create_ui_to_fp", "create_fp_to_si", "create_fp_to_ui",
       "create_fabs") + tuple("create_fcmp" + name for name in (
           "OLT", "OGT", "OLE", "OGE", "OEQ", "ONE", "ULT", "UGT", "ULE", "UGE", "UEQ", "UNE"))


LOADED = "weir.loaded"


def loaded_in(value):
    """The number, from 1, of the wait that must pass before a value from memory can be used; 0 for other values."""
    attributes = getattr(value, "attr", None)
    return attributes.get(LOADED, 0) if attributes else 0


class Patches:
    """Replaces attributes for a while."""

    def __init__(self):
        self._saved = []

    def set(self, owner, name, value):
        self._saved.append((owner, name, vars(owner).get(name), name in vars(owner)))
        setattr(owner, name, value)

    def wrap(self, owner, name, make):
        """Replaces a method by `make(method)`."""
        if hasattr(owner, name):  # series of Triton differ in what they have
            self.set(owner, name, make(getattr(owner, name)))

    def restore(self):
        while self._saved:
            owner, name, value, existed = self._saved.pop()
            if existed:
                setattr(owner, name, value)
            else:
                delattr(owner, name)


def _annotated(rule):
    """A method whose result carries the value of `rule(result, arguments...)`."""
    def make(method):
        def run(self, *arguments, **named):
            result = method(self, *arguments, **named)
            result.attr[KEY] = rule(result, *arguments, **named)
            loaded = max(loaded_in(argument) for argument in arguments)
            if loaded:
                result.attr[LOADED] = loaded
            return result
        return run
    return make


def _unchanged(result, source, *rest):
    return alignment.of(source)


def _grown(result, source, shape):
    return alignment.grown(alignment.of(source), np.shape(source.data), tuple(shape))


def _transposed(result, source, permutation):
    info = alignment.of(source)
    return Info([info.axes[d] for d in permutation]) if info.axes else info


def _block_pointer(method):
    def run(self, base, shape, strides, offsets, block_shape, order):
        result = method(self, base, shape, strides, offsets, block_shape, order)
        for copy, offset in zip(result.offsets, offsets):
            copy.attr[KEY] = alignment.of(offset)
        return result
    return run


def _advance(method):
    def run(self, pointer, offsets):
        result = method(self, pointer, offsets)
        for moved, before, step in zip(result.offsets, pointer.offsets, offsets):
            moved.attr[KEY] = alignment.add(moved, before, step)
        return result
    return run


def _pointers_of_block(method):
    def run(self, boundary_check):
        pointers, mask = method(self, boundary_check)
        pointers.attr[KEY], pointers.attr[KEY + ".mask"] = alignment.block_pointers(
            self.base, self.strides, self.shape, self.offsets, self.block_shape, boundary_check)
        return pointers, mask
    return run


def _pointers_of_descriptor(method):
    def run(self, offsets):
        pointers, mask = method(self, offsets)
        pointers.attr[KEY], pointers.attr[KEY + ".mask"] = alignment.block_pointers(
            self.base, self.strides, self.shape, offsets, self.block_shape, range(len(self.block_shape)))
        return pointers, mask
    return run


def follow_alignment(patches, interpreter):
    """Makes the interpreter's values carry the knowledge that the compiler would have of them."""
    builder = interpreter.InterpreterBuilder
    for name in CONSTANTS:
        patches.wrap(builder, name, _annotated(lambda result, value: alignment.constant(value)))
    rules = {
        "get_null_value": lambda result, kind: alignment.constant(0),
        "create_make_range": lambda result, kind, start, stop: alignment.steps(start, stop - start),
        "create_splat": lambda result, kind, source: alignment.spread(alignment.of(source), tuple(kind.shape)),
        "create_expand_dims": lambda result, source, axis: alignment.expand(alignment.of(source), axis),
        "create_broadcast": _grown,
        "create_trans": _transposed,
        "create_int_cast": _unchanged,
        "create_add": alignment.add,
        "create_sub": lambda result, lhs, rhs: alignment.add(result, lhs, rhs, subtract=True),
        "create_mul": alignment.multiply,
        "create_sdiv": alignment.divide,
        "create_udiv": alignment.divide,
        "create_srem": alignment.remainder,
        "create_urem": alignment.remainder,
        "create_and": alignment.both,
        "create_or": alignment.both,
        "create_xor": alignment.both,
        "create_minsi": alignment.both,
        "create_maxsi": alignment.both,
        "create_select": alignment.select,
        "create_addptr": lambda result, pointer, offset: alignment.add(
            result, pointer, offset, max(1, pointer.get_element_ty().primitive_bitwidth // 8)),
    }
    for name in LEFT_RUNS + RIGHT_RUNS + ("EQ", "NE"):
        rules["create_icmp" + name] = (
            lambda result, lhs, rhs, left=name in LEFT_RUNS, right=name in RIGHT_RUNS:
            alignment.compare(result, lhs, rhs, left, right))
    for name, rule in rules.items():
        patches.wrap(builder, name, _annotated(rule))
    patches.wrap(builder, "create_make_block_ptr", _block_pointer)
    patches.wrap(builder, "create_advance", _advance)
    if hasattr(interpreter, "BlockPointerHandle"):  # Triton 3.9 has no block pointers
        patches.wrap(interpreter.BlockPointerHandle, "materialize_pointers", _pointers_of_block)
    patches.wrap(interpreter.TensorDescHandle, "materialize_pointers", _pointers_of_descriptor)


def count_operations(patches, interpreter, recorder):
    """Makes the interpreter tell `recorder` of floating-point operations on tiles, and of matrix products."""
    builder = interpreter.InterpreterBuilder

    def counted(kind):
        def make(method):
            def run(self, *arguments, **named):
                result = method(self, *arguments, **named)
                recorder.operation(kind, np.size(result.data))
                return result
            return run
        return make

    for kind, names in (("fp32", FP32), ("special", SPECIAL), ("alu", ALU)):
        for name in names:
            patches.wrap(builder, name, counted(kind))

    def product(method):
        def run(self, lhs, rhs, *arguments, **named):
            recorder.product(np.shape(lhs.data), np.shape(rhs.data)[-1], lhs.dtype.scalar.primitive_bitwidth // 8)
            return method(self, lhs, rhs, *arguments, **named)
        return run

    patches.wrap(builder, "create_dot", product)
