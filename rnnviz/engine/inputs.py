"""What a network reads at each step: tokens (one-hot or embedded) or vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.batch import Batch, pad, token_rows, vector_rows
from rnnviz.engine.errors import EngineError
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
        if self.vocabulary < 1 or (self.embedding is not None and self.embedding < 1):
            raise EngineError(
                f"Tokens: vocabulary {self.vocabulary} and embedding {self.embedding} came, "
                "expected at least 1"
            )

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
        if self.size < 1:
            raise EngineError(f"Vectors: size {self.size} came, expected at least 1")


Input = Tokens | Vectors


def rows_of(
    source: Input, argument: str, sequences: Any, dtype: Any
) -> tuple[Any, Integers | None, list[Any]]:
    """One sequence or several as padded inputs, their lengths, and the rows themselves."""
    if not len(sequences):
        raise EngineError(f"{argument}: an empty sequence came, expected at least one step")
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
