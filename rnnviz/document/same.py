"""Whether two parts of documents hold the same, to the bit."""

from __future__ import annotations

import dataclasses
import math
from numbers import Real
from typing import Any

import numpy as np

from rnnviz.engine.weights import Weights


def same(one: Any, other: Any) -> bool:
    """Whether two parts of documents hold the same; found at once where they are one object.

    Nan is the same as nan. Arrays must agree in precision and in every bit, tuples and dataclasses
    in all they hold.
    """
    if one is other:
        return True
    if isinstance(one, Real) and isinstance(other, Real):
        return _same_number(one, other)
    if type(one) is not type(other):
        return False
    match one:
        case np.ndarray():
            return _same_bits(one, other)
        case Weights():
            return one.layout == other.layout and _same_bits(one.vector, other.vector)
        case tuple():
            return len(one) == len(other) and all(map(same, one, other))
        case _ if dataclasses.is_dataclass(one):
            names = (field.name for field in dataclasses.fields(one))
            return all(same(getattr(one, n), getattr(other, n)) for n in names)
    return bool(one == other)


def _same_bits(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    bits = f"u{one.dtype.itemsize}"
    left, right = (np.ascontiguousarray(array).view(bits) for array in (one, other))
    return bool((left == right).all())


def _same_number(one: Any, other: Any) -> bool:
    if one != one or other != other:  # noqa: PLR0124 - the definition of nan
        return bool(one != one and other != other)  # noqa: PLR0124
    return bool(one == other and math.copysign(1, one) == math.copysign(1, other))
