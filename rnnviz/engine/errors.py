"""The engine's errors: each names what came, what was expected and what to do."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


class EngineError(ValueError):
    """An argument that the engine cannot use."""


class ShapeError(EngineError):
    """An array whose shape does not fit."""

    def __init__(self, argument: str, came: tuple[int, ...], expected: str) -> None:
        super().__init__(f"{argument}: the shape is {came}, expected {expected}")


def as_array(argument: str, value: Any, dtype: Any = None) -> Any:
    """`np.asarray(value, dtype)`; an EngineError in place of NumPy's own."""
    try:
        return np.asarray(value, dtype)
    except (TypeError, ValueError, OverflowError) as error:
        raise EngineError(f"{argument}: {_short(value)} came, which is no array: {error}") from None


def whole(argument: str, value: Any, least: int = 1, below: float = math.inf) -> None:
    """Raise an EngineError unless `value` is a whole number, `least <= value < below`."""
    number = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not number or not least <= value < below:
        most = "" if below == math.inf else f" and at most {below - 1}"
        came = _short(value)
        raise EngineError(
            f"{argument}: {came} came, expected a whole number, at least {least}{most}"
        )


def instance(argument: str, value: Any, kinds: Any, expected: str) -> None:
    """Raise an EngineError unless `value` is an instance of `kinds`."""
    if not isinstance(value, kinds):
        raise EngineError(f"{argument}: {_short(value)} came, expected {expected}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


class UnknownError(EngineError, KeyError):
    """A name that is none of those that exist."""

    __str__ = ValueError.__str__  # that of KeyError would put it into quotes

    def __init__(self, argument: str, came: object, known: object) -> None:
        names = ", ".join(map(str, known)) if isinstance(known, (tuple, list)) else str(known)
        super().__init__(f"{argument}: {came!r} is not known; choose one of: {names}")
