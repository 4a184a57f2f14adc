"""What follows from a gradient: clipping, the optimisers, and the schedules of the learning rate.

All of it works on one flat vector and is pure: nothing is changed in place. In float64 the steps
equal those of torch.optim. Inf and nan in a gradient reach the parameters: training shows them.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError, ShapeError

Memory: TypeAlias = Mapping[str, Array]

_KEPT = ("momentum", "decay", "beta1", "beta2", "factor")  # what is left after a step: below 1
_COUNTS = ("every", "total", "steps")  # 1 or more; all other numbers are 0 or more


@dataclass(frozen=True, eq=False)
class Clipped:
    """A vector after clipping, and what the clipping did.

    `norm_before` and `norm_after` are Euclidean lengths, inf or nan if an entry of `vector` is.
    `factor` is what is left of the length, 1 if nothing was cut. `count` and `non_finite` are the
    numbers of entries that were changed, and that are inf or nan.
    """

    vector: Array
    norm_before: float
    norm_after: float
    factor: float
    count: int
    non_finite: int

    @property
    def cut(self) -> bool:
        """Whether any entry was changed."""
        return self.count > 0


@np.errstate(all="ignore")
def clip_norm(vector: Array, limit: float) -> Clipped:
    """Shorten a vector that is longer than `limit` >= 0; its direction stays (Pascanu et al. 2013).

    A vector whose norm is inf or nan has no direction: it is returned as it came.
    """
    _check("limit", limit)
    norm = _norm(vector)
    after = vector * (limit / norm) if limit < norm < math.inf else vector
    return _clipped(vector, after, norm)


@np.errstate(all="ignore")
def clip_value(vector: Array, limit: float) -> Clipped:
    """Bring each finite entry within ±`limit` >= 0, which may turn the vector (Mikolov 2012).

    An entry of inf or nan stays what it is: it is no number that was merely too large.
    """
    _check("limit", limit)
    after = np.where(np.isfinite(vector), vector.clip(-limit, limit), vector)
    return _clipped(vector, after, _norm(vector))


def _clipped(before: Array, after: Array, norm: float) -> Clipped:
    finite = np.isfinite(before)
    count = int(((before != after) & finite).sum())
    new = _norm(after) if count else norm
    return Clipped(after, norm, new, new / norm if count else 1.0, count, int((~finite).sum()))


def _norm(vector: Array) -> float:
    """The Euclidean length; the largest entry is taken out, so that no square overflows."""
    peak = float(np.abs(vector).max(initial=0.0))
    length = float(np.linalg.norm(vector.astype(np.float64) / peak))
    return peak * length if 0 < peak < math.inf else peak


@dataclass(frozen=True, eq=False)
class State:
    """The past: the `count` of steps taken, and running averages [size] by their names."""

    count: int
    memory: Memory


@dataclass(frozen=True)
class Optimiser(ABC):
    r"""A rule :math:`\theta \leftarrow \theta - \eta\, d` with a direction `d` from the gradients.

    `learning_rate` is :math:`\eta`; `weight_decay` times :math:`\theta` is added to the gradient
    (the L2 penalty). Both are 0 or more.
    """

    remembers: ClassVar[tuple[str, ...]] = ()

    learning_rate: float
    weight_decay: float = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        for setting, value in vars(self).items():
            _check(setting, value)

    def start(self, size: int, dtype: type[np.floating[Any]] = np.float64) -> State:
        """The state before the first step, for `size` parameters of the given dtype."""
        return State(0, {name: np.zeros(size, dtype) for name in self.remembers})

    @np.errstate(all="ignore")
    def step(
        self, theta: Array, gradient: Array, state: State, learning_rate: float | None = None
    ) -> tuple[Array, State]:
        """One step downhill: the new parameters and the new state.

        Parameters
        ----------
        theta, gradient : array [size]
            The parameters and the derivative of the loss with respect to them.
        state : State
            What `start` or the step before gave.
        learning_rate : float, optional
            In place of the rate of the configuration, for a schedule.

        Raises
        ------
        EngineError
            A shape does not fit, or the learning rate is negative or not finite.
        """
        for name, array in {"gradient": gradient, **state.memory}.items():
            if array.shape != theta.shape:
                raise ShapeError(name, array.shape, f"{theta.shape} as the parameters")
        rate = self.learning_rate if learning_rate is None else learning_rate
        _check("learning_rate", rate)
        if self.weight_decay:
            gradient = gradient + self.weight_decay * theta
        direction, memory = self._direction(gradient, state)
        return theta - rate * direction, State(state.count + 1, memory)

    @abstractmethod
    def _direction(self, gradient: Array, state: State) -> tuple[Array, Memory]:
        """The direction of this step, and the new memory."""


@dataclass(frozen=True)
class SGD(Optimiser):
    """Stochastic gradient descent: straight down the slope (Robbins & Monro 1951)."""

    def _direction(self, gradient: Array, state: State) -> tuple[Array, Memory]:
        return gradient, state.memory


@dataclass(frozen=True)
class Momentum(Optimiser):
    r"""A ball that rolls: :math:`v \leftarrow \mu v + g`, down along `v` (Polyak 1964).

    `momentum` is :math:`\mu`, 0 <= momentum < 1. With `nesterov` the ball looks ahead,
    along :math:`g + \mu v` (Sutskever et al. 2013).
    """

    remembers: ClassVar[tuple[str, ...]] = ("velocity",)

    momentum: float = 0.9
    nesterov: bool = False

    def _direction(self, gradient: Array, state: State) -> tuple[Array, Memory]:
        velocity = self.momentum * state.memory["velocity"] + gradient
        ahead = gradient + self.momentum * velocity
        return ahead if self.nesterov else velocity, {"velocity": velocity}


@dataclass(frozen=True)
class RMSProp(Optimiser):
    r"""Each slope over its usual size: :math:`g / (\sqrt{s} + \epsilon)` (Hinton 2012, lecture 6e).

    `decay` is how much of the mean square `s` is kept at each step, 0 <= decay < 1; `epsilon` >= 0.
    """

    remembers: ClassVar[tuple[str, ...]] = ("mean_square",)

    decay: float = 0.99
    epsilon: float = 1e-8

    def _direction(self, gradient: Array, state: State) -> tuple[Array, Memory]:
        square = _average(state.memory["mean_square"], gradient * gradient, self.decay)
        return gradient / (np.sqrt(square) + self.epsilon), {"mean_square": square}


@dataclass(frozen=True)
class Adam(Optimiser):
    r"""The mean slope over its usual size: :math:`\hat m / (\sqrt{\hat s} + \epsilon)`.

    `beta1` and `beta2` are how much of the mean and of the mean square is kept, 0 <= beta < 1. Both
    begin at 0, so each is divided by the weight gathered so far (Kingma & Ba 2015, algorithm 1).
    """

    remembers: ClassVar[tuple[str, ...]] = ("mean", "mean_square")

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def _direction(self, gradient: Array, state: State) -> tuple[Array, Memory]:
        count = state.count + 1
        mean = _average(state.memory["mean"], gradient, self.beta1)
        square = _average(state.memory["mean_square"], gradient * gradient, self.beta2)
        size = np.sqrt(square / (1 - self.beta2**count)) + self.epsilon
        return mean / (1 - self.beta1**count) / size, {"mean": mean, "mean_square": square}


OPTIMISERS: tuple[type[Optimiser], ...] = (SGD, Momentum, RMSProp, Adam)


@dataclass(frozen=True)
class Schedule(ABC):
    """How the learning rate changes in training; `step` counts steps or epochs from 0."""

    def __post_init__(self) -> None:
        for setting, value in vars(self).items():
            _check(setting, value)

    def __call__(self, base: float, step: int) -> float:
        """The learning rate at `step`, where `base` is that of the optimiser."""
        _check("step", step)
        return self._rate(base, step)

    @abstractmethod
    def _rate(self, base: float, step: int) -> float: ...


@dataclass(frozen=True)
class Constant(Schedule):
    """Always the base."""

    def _rate(self, base: float, step: int) -> float:  # noqa: ARG002
        return base


@dataclass(frozen=True)
class StepDecay(Schedule):
    """Times `factor` (0 <= factor < 1) each time that `every` steps have passed."""

    every: int
    factor: float

    def _rate(self, base: float, step: int) -> float:
        return base * self.factor ** (step // self.every)


@dataclass(frozen=True)
class Exponential(Schedule):
    """Times `factor` (0 <= factor < 1) at each step."""

    factor: float

    def _rate(self, base: float, step: int) -> float:
        return base * self.factor**step


@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a cosine from base to `floor`, a rate, in `total` steps: Loshchilov & Hutter 2017."""

    total: int
    floor: float = 0.0

    def _rate(self, base: float, step: int) -> float:
        progress = min(step / self.total, 1.0)
        return self.floor + (base - self.floor) * (1 + math.cos(math.pi * progress)) / 2


@dataclass(frozen=True)
class WarmUp(Schedule):
    """In `steps` equal rises from base / steps to the base, then the schedule `then` from its 0."""

    steps: int
    then: Schedule = field(default_factory=Constant)

    def _rate(self, base: float, step: int) -> float:
        since = step - self.steps
        return self.then(base, since) if since >= 0 else base * (step + 1) / self.steps


SCHEDULES: tuple[type[Schedule], ...] = (Constant, StepDecay, Exponential, Cosine, WarmUp)


def _average(old: Array, new: Array, kept: float) -> Array:
    return kept * old + (1 - kept) * new


def _check(argument: str, value: float | Schedule) -> None:
    least = 1 if argument in _COUNTS else 0
    below = 1 if argument in _KEPT else math.inf
    number = isinstance(value, int | float | np.number)
    if not isinstance(value, Schedule) and not (number and least <= value < below):
        raise EngineError(f"{argument}: {value} came, expected {least} <= {argument} < {below}")
