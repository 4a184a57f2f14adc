"""The losses at the end of a network, their first adjoints, and the steps at which they are taken.

Padding and steps without a target influence nothing, even if the outputs there are nan: their loss
and their adjoint are 0. A loss that overflows is inf or nan and is returned as such.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias, cast

import numpy as np

from rnnviz.engine.arrays import Array, Integers, Mask
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError, instance, whole

NO_TARGET = -1

LossSteps: TypeAlias = Literal["last", "every"] | tuple[int, ...]


class Loss(NamedTuple):
    """The loss at every step, and what flows back into the network from it.

    Attributes
    ----------
    values : array [time, batch]
        The losses, in nats for the cross-entropy.
    adjoint : array [time, batch, unit]
        The derivative of each step's loss with respect to that step's output.
    """

    values: Array
    adjoint: Array


def _from_peak(x: Array, axis: int = -1) -> tuple[Array, Array]:
    """`x` less its largest entry along `axis`, so that no exponential overflows, and that entry."""
    peak = x.max(axis=axis, keepdims=True)
    peak = np.where(np.isfinite(peak), peak, 0)
    return x - peak, peak


@np.errstate(all="ignore")
def log_sum_exp(x: Array, axis: int = -1) -> Array:
    r""":math:`\log \sum_k e^{x_k}` along `axis`, which goes away; of nothing but -inf, -inf."""
    below, peak = _from_peak(x, axis)
    logarithm: Array = np.log(np.exp(below).sum(axis=axis))
    return logarithm + peak.squeeze(axis)


@np.errstate(all="ignore")
def log_softmax(logits: Array) -> Array:
    """The logarithm of `softmax(logits)`; exact where the probability itself would round to 0."""
    below, _ = _from_peak(logits)
    total: Array = np.log(np.exp(below).sum(axis=-1, keepdims=True))
    return below - total


@np.errstate(all="ignore")
def softmax(logits: Array) -> Array:
    r"""The probabilities :math:`p_k = e^{x_k} / \sum_j e^{x_j}` over the last axis."""
    powers = np.exp(_from_peak(logits)[0])
    total: Array = powers.sum(axis=-1, keepdims=True)
    return powers / total


@np.errstate(all="ignore")
def cross_entropy(logits: Array, targets: Integers) -> Loss:
    r"""How surprised the network is by the right class: :math:`-\log p_y`.

    The adjoint is as simple as a derivative can be: what was predicted less what was right,
    :math:`p - \mathrm{onehot}(y)`.

    Parameters
    ----------
    logits : array [time, batch, class]
        The outputs before the softmax.
    targets : integers [time, batch]
        The right class, 0 <= y < classes; -1 where there is none.

    Raises
    ------
    EngineError
        The shapes do not fit, or a target is no class.
    """
    if targets.shape != logits.shape[:-1]:
        raise ShapeError("targets", targets.shape, f"{logits.shape[:-1]} as in the logits")
    classes = logits.shape[-1]
    wrong = (targets < NO_TARGET) | (targets >= classes)
    if wrong.any():
        raise EngineError(
            f"targets: {targets[wrong][0]} came, expected a class 0 to {classes - 1}, "
            f"or {NO_TARGET} for no target"
        )
    given = targets != NO_TARGET
    index = np.where(given, targets, 0)[..., None]
    losses = -np.take_along_axis(log_softmax(logits), index, axis=-1)[..., 0]
    right = targets[..., None] == np.arange(classes)
    adjoint = np.where(given[..., None], softmax(logits) - right, 0)
    return Loss(np.where(given, losses, 0), adjoint)


@np.errstate(all="ignore")
def squared_error(outputs: Array, targets: Array) -> Loss:
    r"""Half the squared distance :math:`\frac12 \sum_k (y_k - t_k)^2`, with the adjoint `y - t`.

    Parameters
    ----------
    outputs : array [time, batch, unit]
        What the network gave.
    targets : array [time, batch, unit]
        What it should have given; nan for an entry without a target.

    Raises
    ------
    ShapeError
        The shapes differ.
    """
    if targets.shape != outputs.shape:
        raise ShapeError("targets", targets.shape, f"{outputs.shape} as in the outputs")
    difference = outputs - targets.astype(outputs.dtype, copy=False)
    adjoint = np.where(np.isnan(targets), 0, difference)
    return Loss((adjoint * adjoint).sum(axis=-1) / 2, adjoint)


def inside(lengths: Integers, steps: int) -> Mask:
    """Where the data is and where the padding: mask [time, batch], true before each row's length.

    Parameters
    ----------
    lengths : integers [batch]
        The number of steps of each row, 1 <= length <= steps.
    steps : int
        The size of the time axis.

    Raises
    ------
    EngineError
        `lengths` is not a vector of integers, or one is out of range.
    """
    if lengths.ndim != 1 or not np.issubdtype(lengths.dtype, np.integer):
        raise ShapeError("lengths", lengths.shape, f"[batch] integers, came {lengths.dtype}")
    wrong = (lengths < 1) | (lengths > steps)
    if wrong.any():
        row = int(wrong.argmax())
        raise EngineError(f"lengths: {lengths[row]} in row {row}, expected 1 to {steps}")
    return np.arange(steps)[:, None] < lengths


def checked_steps(steps: Any) -> LossSteps:
    """`steps` as a word or a tuple of numbers.

    Raises
    ------
    EngineError
        It is neither.
    """
    if isinstance(steps, str):
        if steps in ("last", "every"):
            return cast("LossSteps", steps)
        raise UnknownError("steps", steps, ("last", "every", "a tuple of step numbers"))
    instance("steps", steps, Sequence | np.ndarray, "'last', 'every' or a tuple of step numbers")
    for step in steps:
        whole("steps", step, -sys.maxsize)
    return tuple(int(step) for step in steps)


def step_mask(steps: LossSteps, lengths: Integers, time: int) -> Mask:
    """The steps at which the loss is taken: mask [time, batch].

    Parameters
    ----------
    steps : "last", "every" or tuple of int
        "last" reads a whole sequence before it answers (a class for a text), "every" answers at
        each step (a tag for each word). Numbers name the steps from 0; negative ones count from
        the end of each row, so that -1 is "last".
    lengths : integers [batch]
        The number of steps of each row; no step behind it has a loss.
    time : int
        The size of the time axis.

    Raises
    ------
    EngineError
        A step lies outside of a row, or `steps` is another word.
    """
    steps = checked_steps(steps)
    data = inside(lengths, time)
    ends: Integers = data.sum(axis=0)
    if isinstance(steps, str):
        return np.arange(time)[:, None] == ends - 1 if steps == "last" else data
    mask = np.zeros_like(data)
    for step in steps:
        wrong = (step >= ends) | (step < -ends)
        if wrong.any():
            row = int(wrong.argmax())
            raise EngineError(
                f"steps: {step} came, but row {row} has {ends[row]} steps: "
                f"expected {-ends[row]} to {ends[row] - 1}"
            )
        mask[np.where(step < 0, ends + step, step), np.arange(len(ends))] = True
    return mask
