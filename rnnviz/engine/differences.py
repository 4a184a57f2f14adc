r"""Derivatives of the loss by differences, and how far they can be trusted.

The four-point central difference

.. math:: f'(x) \approx \frac{8 (f(x+s) - f(x-s)) - (f(x+2s) - f(x-2s))}{12 s}

is off by :math:`s^4 f^{(5)} / 30`, where the two-point one is off by :math:`s^2 f''' / 6`
(Abramowitz & Stegun 1964, 25.3.6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.engine.definitions import Elementwise, definitions
from rnnviz.engine.expressions import Apply
from rnnviz.engine.losses import LossSteps
from rnnviz.engine.places import Group, Index
from rnnviz.engine.text import formula
from rnnviz.engine.trace import Trace

STEPS = tuple(1e-3 / 4.0**k for k in range(7))
"""The steps that are tried, relative to max(1, |x|); the first nearly always serves."""

RESOLUTION = 1e-8
"""The relative error that rounding alone may show."""

_EPSILON = float(np.finfo(np.float64).eps)
_ROUNDINGS = 8
"""A loss is off by about so many units in the last place: it is the end of many operations."""


@dataclass(frozen=True)
class Numeric:
    """A derivative by differences.

    Attributes
    ----------
    value : float
        The derivative.
    floor : float
        Smaller derivatives are compared as if they were so large. The losses carry rounding errors
        of about `8 eps max(1, |loss|, |outputs|)`, which a difference divides by the step; the
        floor is that noise / 1e-8, so that noise alone never shows as an error above 1e-8. With
        the usual step of 1e-3 it is 2e-4: an error of 2e-10 in a tiny gradient still fails.
    """

    value: float
    floor: float


@dataclass(frozen=True)
class _Difference:
    four: float
    two: float
    floor: float

    def agrees(self, other: float, tolerance: float) -> bool:
        return abs(self.four - other) <= tolerance * max(abs(self.four), self.floor)


def numeric(trace: Trace, group: Group, index: Index, steps: LossSteps | None) -> Numeric | None:
    """dL/d(the number at `index`) by differences; the gradient has no part in it.

    The step is made smaller where the four points lie on both sides of a kink of relu, or where
    two- and four-point difference disagree. They are off by about r and some r², relatively, so
    r < 1e-5 is enough; a difference is also believed if the one before it, with four times the step
    (and 256 times its error), said nearly the same.

    Returns
    -------
    None where no step is small enough: x lies on a kink, or the loss swings too fast.
    """
    sides = _sides(trace)
    size = max(1.0, abs(float(group.value[index])))
    scale = _scale(trace, steps)
    before: _Difference | None = None
    for step in STEPS:
        traces = [group.moved(index, k * step * size) for k in (-2, -1, 1, 2)]
        if sides is not None and any(_sides(moved) != sides for moved in traces):
            before = None
            continue
        found = _difference([moved.loss(steps) for moved in traces], step * size, scale)
        if found.agrees(found.two, 1e-5):
            return Numeric(found.four, found.floor)
        if before is not None and found.agrees(before.four, 20 * RESOLUTION):
            return Numeric(found.four, found.floor)
        before = found
    return None


def _difference(losses: list[float], step: float, scale: float) -> _Difference:
    a, b, c, d = losses
    noise = _ROUNDINGS * _EPSILON * scale / step
    four = (8.0 * (c - b) - (d - a)) / (12.0 * step)
    return _Difference(four, (c - b) / (2.0 * step), noise / RESOLUTION)


def _scale(trace: Trace, steps: LossSteps | None) -> float:
    """The size of the numbers from which the loss is made."""
    assert trace.logits is not None
    return max(1.0, abs(trace.loss(steps)), float(np.abs(trace.logits).max()))


def _sides(trace: Trace) -> bytes | None:
    """On which side of its kink each relu of the trace is; None where there is no relu."""
    found = []
    for prefix, run in trace.runs.items():
        for direction in run.tapes:
            reader = trace.reader(f"{prefix}/{direction}")
            for definition in definitions(run.layer.cell).values():
                match definition:
                    case Elementwise(_, Apply("relu", argument)):
                        found.append(reader.value(formula(argument)) > 0.0)
    return b"".join(side.tobytes() for side in found) if found else None
