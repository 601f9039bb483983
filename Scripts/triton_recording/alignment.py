"""The knowledge of Triton's compiler about the integers, pointers and masks of a kernel that runs in the interpreter.

The width of an access depends on the compiler's knowledge, not on the addresses of one program. The compiler knows of an
integer argument only whether it is divisible by 16, and of a pointer only whether it is 16-byte aligned. Each value
therefore carries, for each dimension, the results of the compiler's axis analysis:

    contiguity    length of the aligned runs of consecutive numbers
    divisibility  a number that divides the first number of every run
    constancy     length of the aligned runs of equal numbers

All are powers of two. A value that no rule covers counts as unknown (1, 1, 1), as in the compiler.
"""

from collections import namedtuple
from math import gcd

import numpy as np

KEY = "weir"
ANYTHING = 1 << 62  # the divisibility of zero

Axis = namedtuple("Axis", "contiguity divisibility constancy")
UNKNOWN = Axis(1, 1, 1)


class Info:
    """One axis per dimension, and the value if it is a known constant. A scalar has no axes, only a divisibility."""

    __slots__ = ("axes", "divisibility", "value")

    def __init__(self, axes=(), divisibility=1, value=None):
        self.axes, self.divisibility, self.value = tuple(axes), divisibility, value


def power_of_two(number):
    number = abs(int(number))
    return min(number & -number, ANYTHING) if number else ANYTHING


def constant(value):
    return Info((), power_of_two(value), int(value))


def argument(value):
    """An integer argument of a launch. A 1 is compiled in, a multiple of 16 is known as such, and others are unknown."""
    return constant(1) if value == 1 else Info((), 16 if value % 16 == 0 else 1)


def of(handle):
    """The knowledge about a value, including the hints of `tl.multiple_of` and similar functions."""
    attributes = getattr(handle, "attr", {})
    info = attributes.get(KEY)
    rank = np.ndim(handle.data)
    if info is None:
        if np.size(handle.data) == 1:
            return Info()
        info = Info([UNKNOWN] * rank)
    if "tt.divisibility" in attributes or "tt.contiguity" in attributes or "tt.constancy" in attributes:
        info = _hinted(info, attributes)
    return info


def _hinted(info, attributes):
    names = ("tt.contiguity", "tt.divisibility", "tt.constancy")
    if not info.axes:
        return Info((), max(info.divisibility, power_of_two(attributes.get(names[1], [1])[0])), info.value)
    axes = []
    for d, axis in enumerate(info.axes):
        stated = [int(attributes[name][d]) if name in attributes else 1 for name in names]
        axes.append(Axis(*map(max, axis, stated)))
    return Info(axes, info.divisibility, info.value)


def spread(info, shape):
    """A value broadcast to `shape`. Extents of 1 grow."""
    if not info.axes:
        return Info([Axis(1, info.divisibility, extent) for extent in shape], info.divisibility, info.value)
    return info


def grown(info, old_shape, shape):
    if not info.axes or len(old_shape) != len(shape):
        return spread(Info((), info.divisibility, info.value) if not info.axes else Info([UNKNOWN] * len(shape)), shape)
    return Info([Axis(1, axis.divisibility, new) if old == 1 and new > 1 else axis
                 for axis, old, new in zip(info.axes, old_shape, shape)], info.divisibility, info.value)


def _pair(lhs, rhs):
    """The axes of both operands. A scalar is spread over the other's axes. Shapes agree, since Triton broadcasts first."""
    left, right = of(lhs), of(rhs)
    if bool(left.axes) != bool(right.axes):
        shape = np.shape(lhs.data if left.axes else rhs.data)
        left, right = spread(left, shape), spread(right, shape)
    return left, right


def _scalar(result, left, right):
    return np.size(result.data) == 1 and not left.axes and not right.axes


def add(result, lhs, rhs, element_bytes=1, subtract=False):
    left, right = _pair(lhs, rhs)
    divisor = lambda a, b: gcd(a, min(b * element_bytes, ANYTHING))
    if _scalar(result, left, right):
        return Info((), divisor(left.divisibility, right.divisibility))
    axes = []
    for a, b in zip(left.axes, right.axes):
        contiguity = gcd(a.contiguity, b.constancy)
        if not subtract:
            contiguity = max(contiguity, gcd(a.constancy, b.contiguity))
        axes.append(Axis(contiguity, divisor(a.divisibility, b.divisibility), gcd(a.constancy, b.constancy)))
    return Info(axes)


def multiply(result, lhs, rhs):
    left, right = _pair(lhs, rhs)
    product = lambda a, b: min(a * b, ANYTHING)
    if _scalar(result, left, right):
        return Info((), product(left.divisibility, right.divisibility))
    axes = []
    for a, b in zip(left.axes, right.axes):
        contiguity = a.contiguity if right.value == 1 else b.contiguity if left.value == 1 else 1
        a_divides = 1 if a.contiguity > 1 and right.value != 1 else a.divisibility
        b_divides = 1 if b.contiguity > 1 and left.value != 1 else b.divisibility
        axes.append(Axis(contiguity, product(a_divides, b_divides), gcd(a.constancy, b.constancy)))
    return Info(axes)


def divide(result, lhs, rhs):
    left, right = _pair(lhs, rhs)
    if right.value == 1:
        return left
    if _scalar(result, left, right):
        return Info()
    axes = []
    for a, b, extent in zip(left.axes, right.axes, np.shape(result.data)):
        constancy = gcd(a.constancy, b.constancy)
        if b.constancy == extent:
            constancy = max(constancy, gcd(a.contiguity, gcd(a.divisibility, b.divisibility)))
        axes.append(Axis(1, 1, constancy))
    return Info(axes)


def remainder(result, lhs, rhs):
    left, right = _pair(lhs, rhs)
    if _scalar(result, left, right):
        return Info((), gcd(left.divisibility, right.divisibility))
    axes = []
    for a, b, extent in zip(left.axes, right.axes, np.shape(result.data)):
        contiguity = gcd(a.contiguity, gcd(a.divisibility, b.divisibility)) if b.constancy == extent else 1
        axes.append(Axis(contiguity, gcd(a.divisibility, b.divisibility), gcd(a.constancy, b.constancy)))
    return Info(axes)


def compare(result, lhs, rhs, left_runs, right_runs):
    """A mask. With `left_runs` (<, >=), runs of the left side against a constant right side share one answer. With
    `right_runs` (<=, >) it is the other way round."""
    left, right = _pair(lhs, rhs)
    if _scalar(result, left, right):
        return Info()
    axes = []
    for a, b, extent in zip(left.axes, right.axes, np.shape(result.data)):
        constancy = gcd(a.constancy, b.constancy)
        common = gcd(a.divisibility, b.divisibility)
        if left_runs and b.constancy == extent:
            constancy = max(constancy, gcd(a.contiguity, common))
        if right_runs and a.constancy == extent:
            constancy = max(constancy, gcd(b.contiguity, common))
        axes.append(Axis(1, 1, constancy))
    return Info(axes)


def both(result, lhs, rhs):
    """Logic of two masks, or the smaller or larger of two numbers."""
    left, right = _pair(lhs, rhs)
    if _scalar(result, left, right):
        return Info()
    return Info([Axis(1, 1, gcd(a.constancy, b.constancy)) for a, b in zip(left.axes, right.axes)])


def select(result, condition, lhs, rhs):
    left, right = _pair(lhs, rhs)
    if _scalar(result, left, right):
        return Info((), gcd(left.divisibility, right.divisibility))
    chosen = of(condition)
    limits = [axis.constancy for axis in chosen.axes] if chosen.axes else list(np.shape(result.data))
    return Info([Axis(min(a.contiguity, b.contiguity, c), gcd(a.divisibility, b.divisibility), min(a.constancy, b.constancy, c))
                 for a, b, c in zip(left.axes, right.axes, limits)])


def expand(info, axis):
    if not info.axes:
        return info
    divisibility = min(1 if a.contiguity > 1 else a.divisibility for a in info.axes)
    axes = list(info.axes)
    axes.insert(axis, Axis(1, divisibility, 1))
    return Info(axes, info.divisibility, info.value)


def steps(start, extent):
    return Info([Axis(extent, power_of_two(start), 1)])


def block_pointers(base, strides, shape, offsets, block_shape, checked):
    """The knowledge about the pointers and the mask of a block pointer or tensor descriptor. Its addresses are
    base + sum of (offset + 0, 1, 2, ...) * stride. Dimensions in `checked` are masked to their extent in `shape`."""
    element_bytes = max(1, base.get_element_ty().primitive_bitwidth // 8)
    pointers, masks = [], []
    for d, extent in enumerate(block_shape):
        divisors = [of(base).divisibility]
        for other, stride in enumerate(strides):
            runs_across = other != d and block_shape[other] > 1
            factor = 1 if runs_across else of(offsets[other]).divisibility
            divisors.append(min(factor * of(stride).divisibility * element_bytes, ANYTHING))
        pointers.append(Axis(extent if of(strides[d]).value == 1 else 1, gcd(*divisors), 1))
        limit = gcd(extent, of(offsets[d]).divisibility, of(shape[d]).divisibility) if d in checked else extent
        masks.append(Axis(1, 1, limit))
    return Info(pointers), Info(masks)
