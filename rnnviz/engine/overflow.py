"""Where a number first left the range of numbers, forward and on the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.attention import CONTEXT, SCORES, WEIGHTS
from rnnviz.engine.cell import PREVIOUS
from rnnviz.engine.definitions import definitions
from rnnviz.engine.order import Order

if TYPE_CHECKING:
    from rnnviz.engine.gradients import Gradients
    from rnnviz.engine.trace import Trace

Place: TypeAlias = tuple[str, Order | None]
"""A path, and the order in which its steps are computed where it is not that of time."""


@dataclass(frozen=True)
class Overflow:
    """A number that is inf or nan.

    Attributes
    ----------
    path : str
        The quantity.
    step : int
        The time step, from 0.
    row : int
        The row of the batch.
    unit : int
        The unit.
    """

    path: str
    step: int
    row: int
    unit: int


def of_trace(trace: Trace) -> Overflow | None:
    """The first in the order of computation; None if all is finite."""
    found = (_first(trace, group) for group in _groups(trace))
    return next((overflow for overflow in found if overflow is not None), None)


def of_gradients(gradients: Gradients) -> Overflow | None:
    """The first on the way back; None if all is finite.

    What overflows only before the first step is that step's `h_prev`; what overflows only in the
    sum over time has the path of a weight, and 0 for step, row and unit.
    """
    trace = gradients.trace
    known = frozenset(gradients.paths())
    for group in reversed(list(_groups(trace))):
        back = [(path, order) for path, order in reversed(group) if path in known]
        found = _first(gradients, back, latest=True)
        if found is not None:
            return found
    for path in trace.network.state_paths:
        bad = np.argwhere(~np.isfinite(gradients.initial(path)))
        if len(bad):
            row, unit = (int(i) for i in bad[0])
            return Overflow(path + PREVIOUS, _order(trace, path).mirrored(0, row), row, unit)
    finite = np.isfinite(gradients.weights.vector)
    if finite.all():
        return None
    return Overflow(trace.weights.layout.where(int(np.argmin(finite)))[0], 0, 0, 0)


def _order(trace: Trace, path: str) -> Order:
    prefix, direction, _ = path.rsplit("/", 2)
    return trace.runs[prefix].orders[direction]


def _groups(trace: Trace) -> Iterator[list[Place]]:
    """What is computed one after the other; within a group, all of a step before the next."""
    by_step: list[Place] = [(path, None) for path in (SCORES, WEIGHTS, CONTEXT)]
    attentive = WEIGHTS in trace.extras
    for prefix, run in trace.runs.items():
        ways: list[list[Place]] = [
            [(f"{prefix}/{direction}/{name}", order) for name in definitions(run.layer.cell)]
            for direction, order in run.orders.items()
        ]
        groups: list[list[Place]] = [[(f"{prefix}/x", None)], *ways, [(f"{prefix}/output", None)]]
        if attentive and prefix.startswith("decoder/"):
            by_step += chain(*groups)
        else:
            yield from groups
    if attentive:
        yield by_step
    if trace.logits is not None:
        yield [("head/outputs", None)]


def _first(values: Trace | Gradients, group: list[Place], latest: bool = False) -> Overflow | None:
    best: tuple[int, str, Order | None, Array] | None = None
    for path, order in group:
        array = values[path] if order is None else order.inward(values[path])
        steps = np.flatnonzero(~np.isfinite(array).all(axis=(1, 2)))
        if not len(steps):
            continue
        step = int(steps[-1] if latest else steps[0])
        if best is None or (step > best[0] if latest else step < best[0]):
            best = (step, path, order, array)
    return None if best is None else _named(*best)


def _named(step: int, path: str, order: Order | None, array: Array) -> Overflow:
    row, unit = (int(i) for i in np.argwhere(~np.isfinite(array[step]))[0])
    if order is None:
        return Overflow(path, step, row, unit)
    row = int(order.rows_inward(np.arange(array.shape[1]))[row])
    return Overflow(path, order.mirrored(step, row), row, unit)
