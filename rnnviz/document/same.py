"""Whether two parts of documents hold the same, to the bit."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from rnnviz.engine.weights import Weights


def same(one: Any, other: Any) -> bool:
    """Whether two parts of documents hold the same; found at once where they are one object.

    Arrays must agree in precision and in every bit, so that nan is the same as nan; tuples and
    dataclasses in all they hold.
    """
    if one is other:
        return True
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
    left, right = (np.ascontiguousarray(array).view(np.uint8) for array in (one, other))
    return bool((left == right).all())
