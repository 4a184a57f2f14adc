"""Interventions: a quantity held at a value at chosen steps, whatever is computed there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError, whole


@dataclass(frozen=True)
class Hold:
    """Hold one quantity: the rest is computed with the value, no gradient flows through it.

    Attributes
    ----------
    path : str
        What is held, such as `layer0/forward/f` or `layer0/x`.
    step : int
        The time step, from 0.
    value : float
        What it is held at.
    unit : int or None
        The unit, from 0; None holds all units.
    row : int or None
        The row of the batch; None holds all rows.
    """

    path: str
    step: int
    value: float
    unit: int | None = None
    row: int | None = None


@dataclass(frozen=True, eq=False)
class Held:
    """The holds of one quantity as arrays `[time, batch, unit]`."""

    value: Array
    where: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

    def apply(self, array: Array) -> Array:
        """`array` with the held values in it."""
        return np.where(self.where, self.value, array).astype(array.dtype, copy=False)

    def free(self, dtype: np.dtype[np.floating]) -> Array:
        """1 where the quantity is free, 0 where it is held."""
        return (~self.where).astype(dtype)


Holds = Mapping[str, tuple[Hold, ...]]
"""Holds by path."""


def by_path(holds: Iterable[Hold]) -> dict[str, tuple[Hold, ...]]:
    """The holds grouped by what they hold, the order kept."""
    found: dict[str, tuple[Hold, ...]] = {}
    if isinstance(holds, Hold) or not isinstance(holds, Iterable):
        raise EngineError(f"holds: {holds!r} came, expected a list of Hold")
    for hold in holds:
        if not isinstance(hold, Hold):
            raise EngineError(f"holds: {hold!r} came among them, expected a Hold")
        found[hold.path] = (*found.get(hold.path, ()), hold)
    return found


def held(holds: Iterable[Hold], shape: tuple[int, ...], dtype: np.dtype[np.floating]) -> Held:
    """The holds of one quantity of shape `[time, batch, unit]`; a later hold wins.

    Raises
    ------
    EngineError
        A step, unit or row that is not there, or a value that is not a finite number.
    """
    value = np.zeros(shape, dtype)
    where = np.zeros(shape, np.bool_)
    for hold in holds:
        _check(hold, shape)
        place = (
            hold.step,
            slice(None) if hold.row is None else hold.row,
            slice(None) if hold.unit is None else hold.unit,
        )
        value[place] = hold.value
        where[place] = True
    return Held(value, where)


def _check(hold: Hold, shape: tuple[int, ...]) -> None:
    steps, rows, units = shape
    for name, came, size in (
        ("step", hold.step, steps),
        ("row", hold.row, rows),
        ("unit", hold.unit, units),
    ):
        if came is not None or name == "step":
            whole(f"hold of {hold.path}: {name}", came, 0, size)
    value = hold.value
    if not (isinstance(value, int | float | np.number) and np.isfinite(value)):
        raise EngineError(f"hold of {hold.path}: the value {value!r} is not a finite number")
