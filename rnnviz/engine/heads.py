"""What stands on top of a network: softmax classes, numbers, or a chain of tags (CRF)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rnnviz.engine import crf
from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.batch import class_targets, number_targets
from rnnviz.engine.errors import whole
from rnnviz.engine.losses import LossSteps, cross_entropy, softmax, squared_error, step_mask
from rnnviz.engine.weights import Slab, Weights

PART = "head"


@dataclass(frozen=True, eq=False)
class Outcome:
    """What the loss says of the outputs.

    Attributes
    ----------
    values : array `[time, batch]`
        The loss at each step that counts, 0 elsewhere. A CRF has one loss a row, at its last step.
    d_outputs : array `[time, batch, outputs]`
        The derivative of the sum of each row's losses.
    extra : dict
        Path of a further weight -> its gradient.
    """

    values: Array
    d_outputs: Array
    extra: dict[str, Array]


@dataclass(frozen=True)
class _Linear:
    """A linear map `V h + d` from `outputs` rows.

    Attributes
    ----------
    outputs : int
        How many numbers come out at each step.
    """

    outputs: int

    def __post_init__(self) -> None:
        whole("outputs", self.outputs)


@dataclass(frozen=True)
class Softmax(_Linear):
    """Classes: `p = softmax(V h + d)` with the cross-entropy."""

    kind: ClassVar[str] = "softmax"


@dataclass(frozen=True)
class Regression(_Linear):
    """Numbers: `y = V h + d` with half the squared error."""

    kind: ClassVar[str] = "regression"


@dataclass(frozen=True)
class CRF(_Linear):
    """Tags that depend on their neighbours: emissions `V h + d` and a linear-chain CRF."""

    kind: ClassVar[str] = "crf"


Head = Softmax | Regression | CRF


def slabs(head: Head, inputs: int) -> tuple[Slab, ...]:
    """The weights of a head on `inputs` hidden units."""
    size = head.outputs
    found = [
        Slab(PART, "V", (size, inputs), ("head/V",), size),
        Slab(PART, "biases", (size,), ("head/d",), size),
    ]
    if isinstance(head, CRF):
        found.append(Slab(PART, "transitions", (size, size), ("head/A",), size))
        found.append(Slab(PART, "biases at the start", (size,), ("head/start",), size))
        found.append(Slab(PART, "biases at the end", (size,), ("head/end",), size))
    return tuple(found)


def outputs(weights: Weights, hidden: Array) -> Array:
    """`V h + d` for `hidden [time, batch, units]`."""
    flat = hidden.reshape(-1, hidden.shape[2]) @ weights["head/V"].T + weights["head/d"]
    return np.asarray(flat).reshape(*hidden.shape[:2], -1)


def crf_parameters(weights: Weights) -> crf.CRFParameters:
    """The transition scores of a CRF head."""
    return crf.CRFParameters(weights["head/A"], weights["head/start"], weights["head/end"])


def predictions(head: Head, weights: Weights, logits: Array, lengths: Integers) -> Array:
    """What is drawn: probabilities `[time, batch, outputs]`, or the numbers of a regression."""
    if isinstance(head, Softmax):
        return softmax(logits)
    if isinstance(head, CRF):
        return crf.marginals(crf_parameters(weights), logits, lengths).tags
    return logits


def decoded(head: Head, weights: Weights, logits: Array, lengths: Integers) -> Any:
    """The answer: the most probable class, the Viterbi path, or the numbers."""
    if isinstance(head, Softmax):
        return logits.argmax(axis=2)
    if isinstance(head, CRF):
        return crf.viterbi(crf_parameters(weights), logits, lengths).tags
    return logits


def padded_targets(
    head: Head, targets: Any, rows: list[Any], single: bool, dtype: Any
) -> Array | Integers:
    """The targets of all rows as one array; see `Batch.targets`."""
    if isinstance(head, Regression):
        return number_targets(targets, rows, head.outputs, single, dtype)
    return class_targets(targets, rows, head.outputs, single)


def outcome(
    head: Head, weights: Weights, logits: Array, targets: Any, lengths: Integers, steps: LossSteps
) -> Outcome:
    """The loss at the chosen steps and its derivative; see `Outcome`."""
    if isinstance(head, CRF):
        return _crf_outcome(weights, logits, targets, lengths)
    measure: Callable[[Array, Any], Any] = (
        cross_entropy if isinstance(head, Softmax) else squared_error
    )
    values, adjoint = measure(logits, targets)
    mask = step_mask(steps, np.minimum(lengths, len(logits)), len(logits))
    return Outcome(
        np.where(mask, values, 0.0).astype(logits.dtype),
        np.where(mask[..., None], adjoint, 0.0).astype(logits.dtype),
        {},
    )


def _crf_outcome(weights: Weights, logits: Array, targets: Any, lengths: Integers) -> Outcome:
    found = crf.negative_log_likelihood_and_gradient(
        crf_parameters(weights), logits, targets, lengths
    )
    values = np.zeros(logits.shape[:2], logits.dtype)
    values[lengths - 1, np.arange(len(lengths))] = found.loss
    gradient = found.d_parameters
    extra = {"head/A": gradient.transitions, "head/start": gradient.start, "head/end": gradient.end}
    return Outcome(values, found.d_emissions, extra)


def chosen_steps(form_single: bool, steps: LossSteps | None) -> LossSteps:
    """The steps of the loss when the caller names none: all that there are."""
    if steps is not None:
        return steps
    return "last" if form_single else "every"
