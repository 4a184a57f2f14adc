r"""Additive attention (Bahdanau, Cho & Bengio 2015), one decoder step at a time.

With the encoder's outputs :math:`h_t` and the decoder's previous state :math:`s`:

.. math::
    e_t = v \cdot \tanh(W_q s + W_k h_t), \qquad a = \mathrm{softmax}(e), \qquad
    \text{context} = \sum_t a_t h_t

Arrays have the decoder step first where there is one: scores and weights `[target, batch, source]`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rnnviz.engine.arrays import Array, Mask
from rnnviz.engine.holds import Held
from rnnviz.engine.losses import softmax
from rnnviz.engine.tape import Slabs
from rnnviz.engine.weights import Slab

PART = "attention"
SCORES, WEIGHTS, CONTEXT = "attention/scores", "attention/weights", "attention/context"


def slabs(units: int, query: int, key: int) -> tuple[Slab, ...]:
    """The weights: `W_q [units, query]`, `W_k [units, key]`, `v [units]`."""
    return (
        Slab(PART, "W_q", (units, query), ("attention/W_q",), units),
        Slab(PART, "W_k", (units, key), ("attention/W_k",), units),
        Slab(PART, "vectors", (units,), ("attention/v",), units),
    )


@dataclass(eq=False)
class Attention:
    """The attention of one forward pass, filled step by step.

    Attributes
    ----------
    slabs : dict
        The weights.
    values : array `[source, batch, key]`
        The encoder's outputs.
    inside : mask `[source, batch]`
        Where the source is not padding.
    steps : int
        Decoder steps.
    held : dict
        What is held, by path.
    """

    slabs: Slabs
    values: Array
    inside: Mask
    steps: int
    held: dict[str, Held] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Compute the keys, the same for all decoder steps, and make room."""
        source, rows, units = self.values.shape
        self.keys: Array = self.values @ self.slabs["W_k"].T
        dtype = self.values.dtype
        self.scores: Array = np.zeros((self.steps, rows, source), dtype)
        self.weights: Array = np.zeros((self.steps, rows, source), dtype)
        self.context: Array = np.zeros((self.steps, rows, units), dtype)

    def look(self, step: int, query: Array) -> Array:
        """The context vector `[rows, key]` for the decoder state `query [rows, units]`.

        Only the first `len(query)` rows are still running.
        """
        n = len(query)
        squashed = self.squashed(query)
        scores = self._hold(SCORES, step, (squashed @ self.slabs["vectors"]).T)
        shown = np.where(self.inside[:, :n].T, scores, -np.inf).astype(scores.dtype)
        weights = self._hold(WEIGHTS, step, softmax(shown))
        context = np.einsum("bt,tbk->bk", weights, self.values[:, :n])
        context = self._hold(CONTEXT, step, context)
        self.scores[step, :n], self.weights[step, :n] = scores, weights
        self.context[step, :n] = context
        return context

    def squashed(self, query: Array) -> Array:
        """What the vector v scores, `[source, rows, units]`, for a query `[rows, units]`."""
        found: Array = np.tanh(self.keys[:, : len(query)] + query @ self.slabs["W_q"].T)
        return found

    def _hold(self, path: str, step: int, value: Array) -> Array:
        if path not in self.held:
            return value
        hold, n = self.held[path], len(value)
        return np.where(hold.where[step, :n], hold.value[step, :n], value).astype(value.dtype)


class AttentionGradients:
    """The way back through an `Attention`, last decoder step first.

    Parameters
    ----------
    attention : Attention
        The forward pass.
    rows : int
        How many rows the gradients have: those of the batch, or any number where it has one.
    """

    def __init__(self, attention: Attention, rows: int) -> None:
        self.attention = attention
        steps, dtype = attention.steps, attention.values.dtype
        source, _, units = attention.values.shape
        self.d_scores = np.zeros((steps, rows, source), dtype)
        self.d_weights = np.zeros((steps, rows, source), dtype)
        self.d_context = np.zeros((steps, rows, units), dtype)
        self.d_values = np.zeros((source, rows, units), dtype)
        self.d_keys = np.zeros((source, rows, attention.keys.shape[2]), dtype)
        self.d_query_weight = np.zeros_like(attention.slabs["W_q"])
        self.d_vector = np.zeros_like(attention.slabs["vectors"])

    def back(self, step: int, query: Array, d_context: Array) -> Array:
        """From dL/d(context) of a step to dL/d(query), both `[rows, units]`."""
        at, n = self.attention, len(d_context)
        self.d_context[step, :n] = d_context
        d_context = self._cut(CONTEXT, step, d_context)
        self.d_values[:, :n] += at.weights[step, :n].T[:, :, None] * d_context
        d_weights = (d_context * at.values[:, :n]).sum(axis=2).T
        self.d_weights[step, :n] = np.where(at.inside[:, :n].T, d_weights, 0.0)
        d_weights = self._cut(WEIGHTS, step, d_weights)
        weights = softmax(np.where(at.inside[:, :n].T, at.scores[step, :n], -np.inf))
        d_scores = weights * (d_weights - (weights * d_weights).sum(axis=1, keepdims=True))
        self.d_scores[step, :n] = d_scores
        d_scores = self._cut(SCORES, step, d_scores)
        squashed = at.squashed(query)
        self.d_vector += (d_scores.T[:, :, None] * squashed).sum(axis=(0, 1))
        d_sum = d_scores.T[:, :, None] * at.slabs["vectors"] * (1.0 - squashed * squashed)
        self.d_keys[:, :n] += d_sum
        d_projected = d_sum.sum(axis=0)
        self.d_query_weight += d_projected.T @ np.broadcast_to(query, (n, query.shape[1]))
        d_query: Array = d_projected @ at.slabs["W_q"]
        return d_query

    def _cut(self, path: str, step: int, gradient: Array) -> Array:
        hold = self.attention.held.get(path)
        if hold is None:
            return gradient
        return np.where(hold.where[step, : len(gradient)], 0.0, gradient).astype(gradient.dtype)

    def finish(self, gradient: Slabs | None) -> Array:
        """Write the weights' gradient; return dL/d(encoder outputs) `[source, rows, key]`."""
        at = self.attention
        if gradient is not None:  # the rows are then those of the batch
            keys = self.d_keys.reshape(-1, self.d_keys.shape[2])
            gradient["W_k"][...] = keys.T @ at.values.reshape(-1, at.values.shape[2])
            gradient["W_q"][...] = self.d_query_weight
            gradient["vectors"][...] = self.d_vector
        return self.d_values + self.d_keys @ at.slabs["W_k"]
