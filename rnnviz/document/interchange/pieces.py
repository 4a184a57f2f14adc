"""Tensors as blocks of weights: one list says both how to write them and how to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError
from rnnviz.engine.network import Network
from rnnviz.engine.weights import Weights


@dataclass(frozen=True)
class Block:
    """The rows of one weight in a tensor.

    Attributes
    ----------
    path : str
        The weight; "" for rows that are zero in every file we write.
    rows : int or None
        How many rows; None for a tensor that is this weight alone.
    sign : float
        -1 where the format has the weight with the other sign.
    """

    path: str
    rows: int | None = None
    sign: float = 1.0


@dataclass(frozen=True)
class Piece:
    """One tensor.

    Attributes
    ----------
    name : str
        Its name in the file.
    stacks : tuple of tuple of Block
        The blocks top to bottom; ONNX has one such column for each direction.
    stacked : bool
        Whether the tensor has the directions as its first axis.
    """

    name: str
    stacks: tuple[tuple[Block, ...], ...]
    stacked: bool = False


def whole(name: str, path: str) -> Piece:
    """A tensor that is one weight as it is."""
    return Piece(name, ((Block(path),),))


def tensors(pieces: Iterable[Piece], weights: Weights) -> dict[str, Array]:
    """The tensors to write, by name, each with memory of its own."""
    found = {}
    for piece in pieces:
        columns = [_column(column, weights) for column in piece.stacks]
        array = np.stack(columns) if piece.stacked else columns[0]
        found[piece.name] = np.ascontiguousarray(array)
    return found


def _column(column: tuple[Block, ...], weights: Weights) -> Array:
    shape = next((weights[block.path].shape[1:] for block in column if block.path), ())
    blocks = [
        block.sign * weights[block.path]
        if block.path
        else np.zeros((block.rows or 0, *shape), weights.vector.dtype)
        for block in column
    ]
    return np.concatenate(blocks)


def weights_of(
    network: Network | EncoderDecoder,
    pieces: Iterable[Piece],
    given: Mapping[str, Array],
    dtype: Any,
) -> Weights:
    """The weights of `network` from tensors that were written by the same pieces.

    Raises
    ------
    EngineError
        A tensor is missing, has another shape, or holds numbers where there should be zeros.
    """
    layout = network.layout
    if layout.size > sum(array.size for array in given.values()):
        raise EngineError(f"tensors: too few numbers came, the network has {layout.size}")
    vector = np.zeros(layout.size, dtype)
    for piece in pieces:
        if piece.name not in given:
            raise UnknownError("tensor", piece.name, tuple(given))
        array = given[piece.name]
        columns = list(array) if piece.stacked else [array]
        if len(columns) != len(piece.stacks):
            raise ShapeError(piece.name, array.shape, f"({len(piece.stacks)}, ...)")
        for column, blocks in zip(columns, piece.stacks, strict=True):
            _read_column(piece.name, column, blocks, partial(layout.view, vector))
    return Weights(layout, vector)


def _read_column(
    name: str, column: Array, blocks: tuple[Block, ...], view: Callable[[str], Array]
) -> None:
    rows = [len(column) if block.rows is None else block.rows for block in blocks]
    if len(column) != sum(rows):
        raise ShapeError(name, column.shape, f"({sum(rows)}, ...)")
    for block, part in zip(blocks, np.split(column, np.cumsum(rows)[:-1]), strict=True):
        if not block.path:
            if part.any():
                raise EngineError(f"{name}: numbers came where the described cell has none")
            continue
        target = view(block.path)
        if part.shape != target.shape:
            raise ShapeError(name, part.shape, str(target.shape))
        target[...] = block.sign * part
