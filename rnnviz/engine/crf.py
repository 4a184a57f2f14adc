r"""A linear-chain conditional random field: the last layer that scores a whole sequence of tags.

A path of tags :math:`y_1 \dots y_T` has the score

.. math:: s(y) = a_{y_1} + \sum_{t=1}^{T} e_{t, y_t} + \sum_{t=2}^{T} A_{y_{t-1}, y_t} + z_{y_T}

(emissions `e` from the network; transitions `A`, start `a` and end `z` are learnt), and the
probability :math:`e^{s(y)} / Z`, where `Z` sums over all :math:`K^T` paths. Two recursions in log
space find it in :math:`O(T K^2)`, and the derivatives of `log Z` are expectations.

Shapes: T steps, B rows, K tags. Behind a row's length there is padding; it influences nothing.
Scores of -inf forbid a tag or a transition.

Sources: Lafferty, McCallum & Pereira 2001; Rabiner 1989 (the recursions); Lample et al. 2016.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.engine.arrays import Array, Integers, Mask, frozen
from rnnviz.engine.errors import EngineError, ShapeError
from rnnviz.engine.losses import NO_TARGET, inside, log_sum_exp, softmax


@dataclass(frozen=True, eq=False)
class CRFParameters:
    """What the field learns; also the shape of the derivatives with respect to it.

    Attributes
    ----------
    transitions : array [K, K]
        The score of going from tag i (row) to tag j (column).
    start, end : array [K]
        The scores of the first and of the last tag.
    """

    transitions: Array
    start: Array
    end: Array

    def __post_init__(self) -> None:
        """Check that the three have one number of tags."""
        one = self.start.shape
        if len(one) != 1 or one == (0,):
            raise ShapeError("start", one, "[K], at least one tag")
        if self.end.shape != one:
            raise ShapeError("end", self.end.shape, f"{one} as start")
        if self.transitions.shape != 2 * one:
            raise ShapeError("transitions", self.transitions.shape, f"{2 * one}")


@dataclass(frozen=True, eq=False)
class Lattice:
    r"""The two recursions over all paths, in log space; -inf at the padding.

    Attributes
    ----------
    alpha : array [T, B, K]
        The log of the sum over all beginnings that arrive at a tag, its emission included.
    beta : array [T, B, K]
        The log of the sum over all continuations from a tag, its emission left out.
    log_partition : array [B]
        `log Z`; :math:`\log \sum_k e^{\alpha_{tk} + \beta_{tk}}` gives it at every step.
    """

    alpha: Array
    beta: Array
    log_partition: Array


@dataclass(frozen=True, eq=False)
class Marginals:
    """The probabilities of single tags and of neighbours; 0 at the padding.

    Attributes
    ----------
    tags : array [T, B, K]
        The probability of tag k at step t.
    edges : array [T, B, K, K]
        The probability of tag i at step t-1 and tag j at step t; 0 at the first step.
    """

    tags: Array
    edges: Array

    @property
    def transitions(self) -> Array:
        """How often each transition is expected in each row: [B, K, K]."""
        counts: Array = self.edges.sum(axis=0)
        return counts


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The loss of the field and its derivatives.

    Attributes
    ----------
    loss : array [B]
        `log Z - s(y)` of each row, in nats, not weighted.
    d_emissions, d_parameters : array [T, B, K], CRFParameters
        The derivatives of the weighted sum of the losses.
    lattice, marginals : Lattice, Marginals
        The recursions and the expectations behind them.
    """

    loss: Array
    d_emissions: Array
    d_parameters: CRFParameters
    lattice: Lattice
    marginals: Marginals


@dataclass(frozen=True, eq=False)
class BestPath:
    """The most probable path and the way it was found.

    Attributes
    ----------
    tags, score : integers [T, B], array [B]
        The path, -1 at the padding, and its score.
    best : array [T, B, K]
        The score of the best beginning that arrives at a tag; -inf at the padding.
    back : integers [T, B, K]
        The tag before, on that beginning; -1 at the first step and at the padding.
    """

    tags: Integers
    score: Array
    best: Array
    back: Integers


@np.errstate(all="ignore")
def score(parameters: CRFParameters, emissions: Array, tags: Integers, lengths: Integers) -> Array:
    """The scores [B] of the given paths.

    Parameters
    ----------
    parameters : CRFParameters
        The field.
    emissions : array [T, B, K]
        The score of each tag at each step.
    tags : integers [T, B]
        One path a row, 0 <= tag < K; any number at the padding.
    lengths : integers [B]
        The number of steps of each row, 1 to T.

    Raises
    ------
    EngineError
        A shape does not fit, or a tag or a length is out of range.
    """
    data, emissions = _checked(parameters, emissions, lengths)
    tags = _checked_tags(tags, data, emissions.shape[2])
    last = tags[lengths - 1, np.arange(len(lengths))]
    emitted = np.take_along_axis(emissions, tags[..., None], axis=2)[..., 0]
    moved = np.where(data[1:], parameters.transitions[tags[:-1], tags[1:]], 0)
    ends = parameters.start[tags[0]] + parameters.end[last]
    total: Array = emitted.sum(axis=0) + moved.sum(axis=0) + ends
    return total


@np.errstate(all="ignore")
def lattice(parameters: CRFParameters, emissions: Array, lengths: Integers) -> Lattice:
    r"""The forward and the backward recursion; arguments and errors as in `score`.

    .. math::

        \alpha_{tj} &= e_{tj} + \log \sum_i e^{\alpha_{t-1,i} + A_{ij}} \\
        \beta_{ti} &= \log \sum_j e^{A_{ij} + e_{t+1,j} + \beta_{t+1,j}}

    from :math:`\alpha_1 = a + e_1` and, at each row's last step, :math:`\beta = z`.
    """
    data, emissions = _checked(parameters, emissions, lengths)
    A, z = parameters.transitions, parameters.end
    alpha, beta = np.empty_like(emissions), np.empty_like(emissions)
    alpha[0], beta[-1] = parameters.start + emissions[0], z
    for t in range(1, len(emissions)):
        alpha[t] = emissions[t] + log_sum_exp(alpha[t - 1][:, :, None] + A, axis=1)
    for t in reversed(range(len(emissions) - 1)):
        onward = log_sum_exp(A + (emissions[t + 1] + beta[t + 1])[:, None, :], axis=2)
        beta[t] = np.where(data[t + 1][:, None], onward, z)
    log_z = log_sum_exp(alpha[lengths - 1, np.arange(len(lengths))] + z)
    alpha[~data] = beta[~data] = -np.inf
    return Lattice(frozen(alpha), frozen(beta), frozen(log_z))


def log_partition(parameters: CRFParameters, emissions: Array, lengths: Integers) -> Array:
    """`log Z` [B] of each row; arguments and errors as in `score`."""
    return lattice(parameters, emissions, lengths).log_partition


@np.errstate(all="ignore")
def marginals(
    parameters: CRFParameters, emissions: Array, lengths: Integers, sums: Lattice | None = None
) -> Marginals:
    """The probabilities of tags and of transitions; arguments and errors as in `score`.

    `sums` is the lattice, where it is known already. `Z` is divided out step by step, as a softmax,
    so that rounding in large scores cancels.
    """
    data, emissions = _checked(parameters, emissions, lengths)
    sums = sums or lattice(parameters, emissions, lengths)
    T, B, K = emissions.shape
    tags = np.where(data[..., None], softmax(sums.alpha + sums.beta), 0)
    edges = np.zeros((T, B, K, K), emissions.dtype)
    arriving = (emissions + sums.beta)[1:, :, None, :]
    pairs = sums.alpha[:-1, :, :, None] + parameters.transitions + arriving
    shares = softmax(pairs.reshape(T - 1, B, K * K)).reshape(T - 1, B, K, K)
    edges[1:] = np.where(data[1:, :, None, None], shares, 0)
    return Marginals(frozen(tags), frozen(edges))


@np.errstate(all="ignore")
def negative_log_likelihood_and_gradient(
    parameters: CRFParameters,
    emissions: Array,
    tags: Integers,
    lengths: Integers,
    weight: Array | None = None,
) -> Likelihood:
    r"""The loss :math:`\log Z - s(y)` and its derivatives: what is expected less what is right.

    As start and end add to the first and to the last emission, they share their derivatives.
    Arguments and errors as in `score`; `tags` is the right path of each row.

    Parameters
    ----------
    weight : array [B], optional
        The derivative of the final loss with respect to the loss of each row; 1 if left out.
    """
    data, emissions = _checked(parameters, emissions, lengths)
    _, B, K = emissions.shape
    weight = np.ones(B, emissions.dtype) if weight is None else weight.astype(emissions.dtype)
    if weight.shape != (B,):
        raise ShapeError("weight", weight.shape, f"({B},): one number a row")
    sums = lattice(parameters, emissions, lengths)
    loss = sums.log_partition - score(parameters, emissions, tags, lengths)
    expected = marginals(parameters, emissions, lengths, sums)
    right = data[..., None] & (tags[..., None] == np.arange(K))
    d_emissions = np.where(data[..., None], weight[:, None] * (expected.tags - right), 0)
    moves = (weight[:, None] * right[:-1]).reshape(-1, K).T @ right[1:].reshape(-1, K)
    d_parameters = CRFParameters(
        np.tensordot(weight, expected.transitions, axes=1) - moves,
        d_emissions[0].sum(axis=0),
        d_emissions[lengths - 1, np.arange(B)].sum(axis=0),
    )
    return Likelihood(loss, d_emissions, d_parameters, sums, expected)


@np.errstate(all="ignore")
def viterbi(parameters: CRFParameters, emissions: Array, lengths: Integers) -> BestPath:
    """The path with the highest score (Viterbi 1967): the forward recursion with max for sum.

    Arguments and errors as in `score`. Of paths with equal scores it takes the one with the
    smallest last tag, then the smallest tag before it, and so on.
    """
    data, emissions = _checked(parameters, emissions, lengths)
    rows = np.arange(len(lengths))
    best, back = np.empty_like(emissions), np.full(emissions.shape, NO_TARGET)
    best[0] = parameters.start + emissions[0]
    for t in range(1, len(emissions)):
        arrivals = best[t - 1][:, :, None] + parameters.transitions
        best[t], back[t] = emissions[t] + arrivals.max(axis=1), arrivals.argmax(axis=1)
    totals = best[lengths - 1, rows] + parameters.end
    best[~data], back[~data] = -np.inf, NO_TARGET
    tags = np.full(data.shape, NO_TARGET)
    tag = totals.argmax(axis=1)
    for t in reversed(range(len(emissions))):
        tags[t] = np.where(data[t], tag, NO_TARGET)
        tag = np.where(data[t], back[t, rows, tag], tag)
    return BestPath(tags, totals.max(axis=1), frozen(best), back)


def _checked(parameters: CRFParameters, emissions: Array, lengths: Integers) -> tuple[Mask, Array]:
    """The mask of the data, and the emissions with 0 at the padding, whatever stood there."""
    K = len(parameters.start)
    if emissions.shape[2:] != (K,) or not len(emissions):
        raise ShapeError("emissions", emissions.shape, f"[T, B, {K}], at least one step")
    if lengths.shape != emissions.shape[1:2]:
        raise ShapeError("lengths", lengths.shape, f"{emissions.shape[1:2]} as in the emissions")
    data = inside(lengths, len(emissions))
    return data, np.where(data[..., None], emissions, 0)


def _checked_tags(tags: Integers, data: Mask, count: int) -> Integers:
    """The tags with 0 at the padding, which makes them safe to index with."""
    if tags.shape != data.shape:
        raise ShapeError("tags", tags.shape, f"{data.shape} as in the emissions")
    wrong = data & ((tags < 0) | (tags >= count))
    if wrong.any():
        step, row = np.argwhere(wrong)[0]
        raise EngineError(
            f"tags: {tags[step, row]} at step {step} of row {row}, expected 0 to {count - 1}"
        )
    return np.where(data, tags, 0)
