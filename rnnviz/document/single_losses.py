"""The losses of a document one by one, and how large the gradient is at each step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

import numpy as np

from rnnviz.document.evaluate import Evaluation
from rnnviz.engine import itemised
from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.heads import CRF
from rnnviz.engine.lengths import lengths
from rnnviz.engine.losses import LossSteps

_LAST: WeakKeyDictionary[Gradients, tuple[int, Gradients]] = WeakKeyDictionary()
"""The loss that was last asked for, of each gradient that is still shown somewhere."""


def is_whole(evaluation: Evaluation) -> bool:
    """Whether there is one loss only: the network answers once, or a CRF scores the whole path."""
    network = evaluation.document.network
    return network.single or isinstance(network.head, CRF)


def loss_count(evaluation: Evaluation) -> int:
    """How many losses there are: one a step, or a single one; 0 where nothing is learned."""
    if evaluation.gradients is None:
        return 0
    return 1 if is_whole(evaluation) else evaluation.trace.steps


def known_loss(evaluation: Evaluation, step: int) -> Gradients | None:
    """The gradients of one loss alone if they were computed before and are the last that were."""
    gradients = evaluation.gradients
    if gradients is None or is_whole(evaluation):
        return gradients
    found = _LAST.get(gradients)
    return found[1] if found is not None and found[0] == step else None


def one_loss(evaluation: Evaluation, step: int) -> Gradients | None:
    """The gradients of the loss at one step alone, truncated as the document says.

    Where there is one loss only, they are the gradients of the evaluation; None where nothing is
    learned. A loss that does not count has gradients of 0.

    Parameters
    ----------
    evaluation : Evaluation
        What was computed.
    step : int
        The step of the answer, from 0.
    """
    known = known_loss(evaluation, step)
    if known is not None or evaluation.gradients is None:
        return known
    found = backward(
        evaluation.trace, _chosen(evaluation, step), truncate=evaluation.document.truncate
    )
    _LAST[evaluation.gradients] = (step, found)
    return found


def loss_rows(evaluation: Evaluation, paths: Sequence[str]) -> Iterator[Array]:
    """Rows of the norms of dL_s/d(values at step t) `[some losses, step t]`, a few at a time.

    Together they are one row a loss. Of several paths it is the norm of all their values as one
    vector, as of the two directions of a layer. A loss that does not count has a row of 0.

    Parameters
    ----------
    evaluation : Evaluation
        With gradients.
    paths : sequence of str
        What receives the gradient.
    """
    trace, limit, whole = evaluation.trace, evaluation.document.truncate, evaluation.gradients
    if is_whole(evaluation) and whole is not None:
        yield _norms([whole[path] for path in paths])
    elif limit is None:
        for part in itemised.loss_gradients(trace, evaluation.document.loss_steps):
            yield _norms([part[path] for path in paths])
    else:
        for s in range(trace.steps):
            one = backward(trace, _chosen(evaluation, s), truncate=limit)
            yield _norms([one[path] for path in paths])


def _norms(values: Sequence[Array]) -> Array:
    """`[time, loss, unit]` of each path -> `[loss, time]`."""
    found = [lengths(value).T for value in values]
    return found[0] if len(found) == 1 else lengths(np.stack(found, axis=-1))


def loss_matrix(evaluation: Evaluation, *paths: str) -> Array:
    """The norms of dL_s/d(values at step t) `[loss s, step t]`; see `loss_rows`."""
    return frozen(np.concatenate(list(loss_rows(evaluation, paths))))


def state_norms(gradients: Gradients) -> dict[str, Array]:
    """Path of a state -> the norm of dL/d(state) at each step `[time]`."""
    return {path: gradients.norms(path) for path in gradients.trace.network.state_paths}


def shares_left(norms: Array, reads_backward: bool = False) -> Array:
    """What is left of a gradient at each step, as a share of where it set out `[time]`.

    It sets out at the last step, in the order of reading, at which it is not 0. Nan where there is
    none.

    Parameters
    ----------
    norms : array `[time]`
        As `state_norms` gives them.
    reads_backward : bool
        Whether the layer reads from the end.
    """
    there = np.flatnonzero(norms)
    if not len(there):
        return frozen(np.full(len(norms), np.nan))
    start = norms[there[0] if reads_backward else there[-1]]
    with np.errstate(all="ignore"):
        return frozen(norms / start)


def counts(evaluation: Evaluation, step: int) -> bool:
    """Whether the loss of a step is part of the whole loss."""
    steps, count = evaluation.document.loss_steps, loss_count(evaluation)
    if steps == "every" or is_whole(evaluation):
        return step < count
    if steps == "last":
        return step == count - 1
    return step in {s % count for s in steps}


def _chosen(evaluation: Evaluation, step: int) -> LossSteps:
    return (step,) if counts(evaluation, step) else ()
