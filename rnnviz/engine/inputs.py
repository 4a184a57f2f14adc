"""What a network reads at each step: tokens (one-hot or embedded) or vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.batch import Batch, check_tokens, pad, token_rows, vector_rows
from rnnviz.engine.errors import EngineError, ShapeError, instance, whole
from rnnviz.engine.losses import inside
from rnnviz.engine.weights import Weights


@dataclass(frozen=True)
class Tokens:
    """Input tokens of a vocabulary.

    Attributes
    ----------
    vocabulary : int
        How many different tokens there are.
    embedding : int or None
        Units of the learned embedding `E`; None feeds one-hot vectors.
    """

    vocabulary: int
    embedding: int | None = None

    def __post_init__(self) -> None:
        """Check the sizes."""
        whole("vocabulary", self.vocabulary)
        if self.embedding is not None:
            whole("embedding", self.embedding)

    @property
    def size(self) -> int:
        """Units of the input vector at each step."""
        return self.vocabulary if self.embedding is None else self.embedding


@dataclass(frozen=True)
class Vectors:
    """Input vectors of `size` units, such as the readings of sensors."""

    size: int

    def __post_init__(self) -> None:
        """Check the size."""
        whole("size", self.size)


Input = Tokens | Vectors


def rows_of(
    source: Input, argument: str, sequences: Any, dtype: Any
) -> tuple[Any, Integers | None, list[Any]]:
    """One sequence or several as padded inputs, their lengths, and the rows themselves."""
    if isinstance(source, Tokens):
        tokens: list[Any] = list(token_rows(argument, sequences, source.vocabulary))
        return (*pad(tokens, 0, np.intp), tokens)
    vectors: list[Any] = list(vector_rows(argument, sequences, source.size))
    return (*pad(vectors, 0.0, dtype), vectors)


def embed(source: Input, weights: Weights, path: str, batch: Batch) -> Array:
    """The input vectors `[time, batch, units]`; 0 at the padding.

    Parameters
    ----------
    path : str
        The embedding's path, for tokens that have one.
    """
    dtype = weights.vector.dtype
    _check(source, batch)
    if isinstance(source, Vectors):
        return np.asarray(batch.inputs, dtype)
    if source.embedding is not None:
        x: Array = weights[path][batch.inputs]
    else:
        x = np.zeros((*batch.inputs.shape, source.vocabulary), dtype)
        np.put_along_axis(x, batch.inputs[..., None], 1.0, axis=2)
    if batch.lengths is not None:
        x = np.where(inside(batch.lengths, batch.steps)[..., None], x, 0.0).astype(dtype)
    return x


def _check(source: Input, batch: Batch) -> None:
    """Raise an EngineError for the batch of another network."""
    inputs = batch.inputs
    if isinstance(source, Vectors):
        if inputs.ndim != 3 or inputs.shape[2] != source.size:
            raise ShapeError("inputs", inputs.shape, f"(time, batch, {source.size})")
    elif inputs.ndim != 2 or inputs.dtype.kind not in "iu":
        raise EngineError(f"inputs: {inputs.dtype} {inputs.shape} came, expected whole tokens")
    else:
        check_tokens("inputs", inputs, source.vocabulary)
    lengths = batch.lengths
    if lengths is not None:
        instance("lengths", lengths, np.ndarray, "an array of whole numbers")
        if lengths.shape != inputs.shape[1:2]:
            raise ShapeError("lengths", lengths.shape, f"({batch.rows},): one number a row")
