"""What the network would answer if something were otherwise: a held gate, other weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from rnnviz.document.document import Document
from rnnviz.document.edits import HoldQuantity, ReleaseQuantity
from rnnviz.document.evaluate import Evaluation, evaluate
from rnnviz.engine.arrays import Array
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.optimisers import Clipped
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Weights


def forward_only(document: Document) -> Trace | None:
    """The forward pass of a document without its way back; None for an empty sequence."""
    network = document.network
    if not document.steps:
        return None
    if isinstance(network, EncoderDecoder) and document.targets is None:
        found = evaluate(document)
        return None if found is None else found.trace
    return network.forward(document.weights, document.batch(), document.holds)


def held_answers(
    document: Document, path: str, step: int, values: Sequence[float | None]
) -> tuple[Array, ...]:
    """The predictions where all units of a quantity are held at a step, and where they are free.

    Parameters
    ----------
    document : Document
        Its other holds stay.
    path, step
        What is held, and when.
    values : sequence of float or None
        At what, one after the other; None lets it free.

    Returns
    -------
    tuple of arrays `[time, outputs]`
        One for each value.

    Raises
    ------
    EngineError
        There is nothing to hold, or the network has no outputs or an empty sequence.
    """
    free = ReleaseQuantity(path, step).apply(document)
    found = []
    for value in values:
        one = free if value is None else HoldQuantity(path, step, value).apply(free)
        trace = forward_only(one)
        if trace is None or trace.logits is None:
            raise EngineError("network: it gives no answer to compare")
        found.append(trace.predictions[:, 0])
    return tuple(found)


@final
@dataclass(frozen=True, eq=False)
class Update:
    """What one step of gradient descent makes of the weights.

    Attributes
    ----------
    weights : Weights
        After the step.
    change : array `[numbers]`
        What was added, in the order of `Weights.vector`.
    rate : float
        The learning rate, that of the document's recipe.
    clipped : Clipped or None
        What the document's clipping did to the gradient; None where it clips nothing.
    before, after : float
        The loss before and after the step, both computed.
    """

    weights: Weights
    change: Array
    rate: float
    clipped: Clipped | None
    before: float
    after: float


def one_update(evaluation: Evaluation) -> Update | None:
    """One step downhill along the gradient, clipped as the document says.

    It is that of plain gradient descent, `w - rate * dL/dw`, whichever optimiser trains the
    document: no average of earlier gradients exists here.

    Returns
    -------
    Update or None
        None where nothing is learned.
    """
    document, gradients, before = evaluation.document, evaluation.gradients, evaluation.loss
    if gradients is None or before is None:
        return None
    gradient, clipped = gradients.weights, None
    cut = evaluation.clipped()
    if cut is not None:
        gradient, clipped = cut
    rate = document.recipe.optimiser.learning_rate
    with np.errstate(all="ignore"):
        vector = document.weights.vector
        change = (-rate * gradient.vector).astype(vector.dtype)
        weights = Weights(document.weights.layout, vector + change)
    trace = forward_only(document.changed(weights=weights))
    assert trace is not None
    return Update(weights, change, rate, clipped, before, trace.loss(document.loss_steps))


def largest_changes(update: Update, count: int) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The weights that a step changes most, the largest change first: path and place."""
    size = np.abs(np.nan_to_num(update.change, nan=np.inf))
    count = min(count, int((size > 0).sum()))
    if not count:
        return ()
    top = np.argpartition(-size, count - 1)[:count]
    wanted = top[np.argsort(-size[top], kind="stable")].tolist()
    found: dict[int, tuple[str, tuple[int, ...]]] = {}
    layout = update.weights.layout
    marks = np.arange(layout.size)
    for path in layout.paths:
        view = layout.view(marks, path)
        for index in np.argwhere(np.isin(view, wanted)).tolist():
            place = tuple(int(i) for i in index)
            found[int(view[place])] = (path, place)
    return tuple(found[index] for index in wanted)
