"""The gradient check: each derivative of backpropagation beside a difference of losses.

A weight is moved a little to both sides, the whole network is computed again, and the losses are
subtracted. A value inside the network is moved with a `Hold`: held at its value and a little more,
it influences exactly what lies behind it, so the difference is its total derivative.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnviz.engine.differences import Numeric, numeric
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import backward
from rnnviz.engine.losses import LossSteps
from rnnviz.engine.places import Group, Index, groups, in_double, not_movable
from rnnviz.engine.trace import Trace

THRESHOLD = 1e-6
"""A relative error below it is no error: a wrong factor or a missing term is off by far more."""


@dataclass(frozen=True)
class Coverage:
    """How much is checked.

    Attributes
    ----------
    weights : int
        All weights where there are at most so many, else about so many, some of every matrix.
    values : int
        Places of each path of the trace, and of each initial state.
    seed : int
        Of the choice.
    """

    weights: int = 1000
    values: int = 8
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the numbers."""
        if self.weights < 1 or self.values < 1 or self.seed < 0:
            raise EngineError(
                f"coverage: weights {self.weights}, values {self.values} and seed {self.seed} "
                "came, expected at least 1, 1 and 0"
            )


class CheckProgress(NamedTuple):
    """How many of the chosen places are done."""

    done: int
    total: int


@dataclass(frozen=True)
class Comparison:
    """One derivative, found in both ways.

    Attributes
    ----------
    kind : str
        "weight", "value" (of the trace) or "initial" (a state before the first step).
    path : str
        The quantity.
    index : tuple of int
        The place in a weight; (step, row, unit) of a value; (row, unit) of an initial state.
    analytic, numeric : float
        By backpropagation, and by differences.
    error : float
        The relative error; inf where one of the two is not finite.
    """

    kind: str
    path: str
    index: Index
    analytic: float
    numeric: float
    error: float


@dataclass(frozen=True)
class PathCheck:
    """What was found at one path.

    Attributes
    ----------
    checked, skipped, total : int
        Numbers compared, those for which differences give no answer, and all that there are.
    worst : Comparison or None
        The largest error; None where nothing was compared.
    """

    kind: str
    path: str
    checked: int
    skipped: int
    total: int
    worst: Comparison | None


@dataclass(frozen=True)
class CheckResult:
    """What a gradient check found.

    Attributes
    ----------
    paths : tuple of PathCheck
        Each path that was checked.
    unchecked : tuple of str
        Paths with a gradient that cannot be moved on their own. (The previous states are not
        listed: `h_prev` is `h`, one step earlier.)
    threshold : float
        The relative error from which the check fails.
    """

    paths: tuple[PathCheck, ...]
    unchecked: tuple[str, ...] = ()
    threshold: float = THRESHOLD

    @property
    def worst(self) -> Comparison | None:
        """Where the largest relative error is."""
        found = [path.worst for path in self.paths if path.worst is not None]
        return max(found, key=lambda comparison: comparison.error, default=None)

    @property
    def error(self) -> float:
        """The largest relative error; nan if nothing could be compared."""
        return math.nan if self.worst is None else self.worst.error

    @property
    def checked(self) -> int:
        """How many derivatives were compared."""
        return sum(path.checked for path in self.paths)

    @property
    def skipped(self) -> int:
        """How many places lie on a kink, or where the loss swings too fast for differences."""
        return sum(path.skipped for path in self.paths)

    @property
    def total(self) -> int:
        """How many derivatives the checked paths have in all."""
        return sum(path.total for path in self.paths)

    @property
    def passed(self) -> bool:
        """Whether something was compared and every error is below the threshold."""
        return self.error < self.threshold


def relative_error(analytic: float, found: Numeric) -> float:
    """`|a - n| / max(|a|, |n|, floor)`; inf where a number is not finite.

    The floor (see `Numeric`) is what keeps rounding from being taken for an error: a derivative
    far below it would otherwise be compared with noise.
    """
    error = abs(analytic - found.value) / max(abs(analytic), abs(found.value), found.floor)
    return error if math.isfinite(error) else math.inf


def check_gradients(
    trace: Trace, steps: LossSteps | None = None, coverage: Coverage | None = None
) -> CheckResult:
    """Compare the gradients of a whole trace with finite differences.

    Checked are the weights, every path of the trace that can be moved, the layers' inputs and the
    initial states; of large ones a sample.

    Parameters
    ----------
    trace : Trace
        A forward pass with targets: its network, weights, batch and holds are what is checked,
        in float64 whatever their precision.
    steps : "last", "every" or tuple of int, optional
        The steps whose loss counts; by default all.
    coverage : Coverage, optional
        How much is checked.

    Raises
    ------
    EngineError
        No head or no targets, a loss that is inf or nan, or a trace with dropout.
    """
    checking = check_steps(trace, steps, coverage)
    while True:
        try:
            next(checking)
        except StopIteration as end:
            result: CheckResult = end.value
            return result


def check_steps(
    trace: Trace, steps: LossSteps | None = None, coverage: Coverage | None = None
) -> Generator[CheckProgress, None, CheckResult]:
    """`check_gradients` in small pieces, for a progress bar that can be cancelled.

    Yields
    ------
    CheckProgress
        Before each derivative. The generator's return value is the result; closing it cancels.
    """
    chosen = coverage or Coverage()
    base = in_double(trace)
    if not math.isfinite(base.loss(steps)):
        raise EngineError(_not_finite(base, steps))
    gradients = backward(base, steps)
    rng = np.random.default_rng(chosen.seed)
    parts = [(group, _chosen(group, base, chosen, rng)) for group in groups(base, gradients)]
    total = sum(len(places) for _, places in parts)
    done, found = 0, []
    for group, places in parts:
        compared: list[Comparison] = []
        for index in places:
            yield CheckProgress(done, total)
            comparison = _compare(base, group, index, steps)
            compared += [] if comparison is None else [comparison]
            done += 1
        found.append(_summary(group, compared, len(places)))
    yield CheckProgress(done, total)
    return CheckResult(tuple(found), not_movable(gradients, [g.path for g, _ in parts]))


def _not_finite(trace: Trace, steps: LossSteps | None) -> str:
    sentence = f"trace: its loss is {trace.loss(steps)}, expected a finite one"
    at = trace.overflow
    where = "" if at is None else f"; the first inf or nan is in {at.path} at step {at.step}"
    return sentence + where


def _chosen(
    group: Group, trace: Trace, coverage: Coverage, rng: np.random.Generator
) -> list[Index]:
    """The places of a group that are checked, in their order."""
    every = np.flatnonzero(group.inside)
    count = coverage.values
    if group.kind == "weight":
        count = max(1, round(len(every) * min(1.0, coverage.weights / trace.weights.layout.size)))
    if len(every) > count:
        every = np.sort(rng.choice(every, count, replace=False))
    return [tuple(int(i) for i in np.unravel_index(p, group.inside.shape)) for p in every]


def _compare(
    trace: Trace, group: Group, index: Index, steps: LossSteps | None
) -> Comparison | None:
    found = numeric(trace, group, index, steps)
    if found is None:
        return None
    analytic = float(group.gradient[index])
    error = relative_error(analytic, found)
    return Comparison(group.kind, group.path, index, analytic, found.value, error)


def _summary(group: Group, compared: list[Comparison], chosen: int) -> PathCheck:
    worst = max(compared, key=lambda comparison: comparison.error, default=None)
    total = int(np.count_nonzero(group.inside))
    return PathCheck(group.kind, group.path, len(compared), chosen - len(compared), total, worst)
