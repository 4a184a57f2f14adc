"""What a door found as bytes and back, so that a process apart can tell it: a text and arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
import numpy as np

from rnnviz.document.interchange.description import decode, encode
from rnnviz.document.interchange.found import Answers, Found, FoundLayer, Linear, Table
from rnnviz.document.interchange.model import Model
from rnnviz.engine.arrays import Array
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError
from rnnviz.engine.network import Form
from rnnviz.engine.weights import Weights

_LENGTH = 8
"""Bytes of the number that says how long the text is."""

_Kind = Literal["<f4", "<f8"]


class ArrayText(msgspec.Struct, forbid_unknown_fields=True):
    """An array: where its numbers begin among all numbers, of what shape and kind they are."""

    start: int
    shape: tuple[int, ...]
    kind: _Kind


class LayerText(msgspec.Struct, forbid_unknown_fields=True):
    """A `FoundLayer`."""

    cell: str
    inputs: int
    hidden: int
    weights: dict[str, dict[str, ArrayText]]


class TableText(msgspec.Struct, forbid_unknown_fields=True):
    """A `Table`."""

    name: str
    values: ArrayText


class LinearText(msgspec.Struct, forbid_unknown_fields=True):
    """A `Linear`."""

    name: str
    matrix: ArrayText
    bias: ArrayText | None
    answers: Answers | None


class ExactText(msgspec.Struct, forbid_unknown_fields=True):
    """A `Model` that rnnviz itself wrote."""

    description: str
    weights: ArrayText
    initial: dict[str, ArrayText]


class FoundText(msgspec.Struct, forbid_unknown_fields=True):
    """A `Found`."""

    name: str
    layers: tuple[LayerText, ...]
    embeddings: tuple[TableText, ...]
    heads: tuple[LinearText, ...]
    form: Form
    initial: dict[str, ArrayText]
    notes: tuple[str, ...]
    exact: ExactText | None


def to_bytes(found: Sequence[Found]) -> bytes:
    """All that was found."""
    numbers = _Numbers()
    text = msgspec.json.encode([numbers.found(one) for one in found])
    return b"".join((len(text).to_bytes(_LENGTH, "little"), text, *numbers.pieces))


def from_bytes(data: bytes) -> list[Found]:
    """What `to_bytes` made bytes of.

    Raises
    ------
    EngineError
        They are not such bytes, or describe something impossible.
    """
    end = _LENGTH + int.from_bytes(data[:_LENGTH], "little")
    try:
        texts = msgspec.json.decode(data[_LENGTH:end], type=list[FoundText])
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise EngineError(f"found: {error}") from error
    given = _Given(memoryview(data)[end:])
    return [given.found(text) for text in texts]


class _Numbers:
    """Gathers the numbers of arrays one after the other."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self._length = 0

    def array(self, array: Array) -> ArrayText:
        kind: _Kind = "<f4" if array.dtype == np.float32 else "<f8"
        piece = np.ascontiguousarray(array, kind).tobytes()
        start = self._length
        self.pieces.append(piece)
        self._length += len(piece)
        return ArrayText(start, array.shape, kind)

    def arrays(self, arrays: Mapping[str, Array]) -> dict[str, ArrayText]:
        return {name: self.array(array) for name, array in arrays.items()}

    def found(self, one: Found) -> FoundText:
        return FoundText(
            one.name,
            tuple(map(self._layer, one.layers)),
            tuple(TableText(table.name, self.array(table.values)) for table in one.embeddings),
            tuple(map(self._linear, one.heads)),
            one.form,
            self.arrays(one.initial),
            one.notes,
            None if one.exact is None else self._exact(one.exact),
        )

    def _layer(self, layer: FoundLayer) -> LayerText:
        weights = {way: self.arrays(given) for way, given in layer.weights.items()}
        return LayerText(layer.cell.name, layer.inputs, layer.hidden, weights)

    def _linear(self, head: Linear) -> LinearText:
        bias = None if head.bias is None else self.array(head.bias)
        return LinearText(head.name, self.array(head.matrix), bias, head.answers)

    def _exact(self, model: Model) -> ExactText:
        weights = self.array(model.weights.vector)
        return ExactText(encode(model), weights, self.arrays(model.initial))


class _Given:
    """Makes arrays of numbers again."""

    def __init__(self, numbers: memoryview) -> None:
        self._numbers = numbers

    def array(self, text: ArrayText) -> Array:
        dtype = np.dtype(text.kind)
        length = dtype.itemsize
        for axis in text.shape:
            length *= axis
        there = min((text.start, length, *text.shape)) >= 0
        if not there or text.start + length > len(self._numbers):
            raise EngineError(f"found: an array of shape {text.shape} lies outside the numbers")
        found = np.frombuffer(self._numbers[text.start : text.start + length], dtype)
        return found.reshape(text.shape).astype(dtype.newbyteorder("="), copy=False)

    def arrays(self, texts: Mapping[str, ArrayText]) -> dict[str, Array]:
        return {name: self.array(text) for name, text in texts.items()}

    def found(self, text: FoundText) -> Found:
        return Found(
            text.name,
            tuple(map(self._layer, text.layers)),
            tuple(Table(table.name, self.array(table.values)) for table in text.embeddings),
            tuple(map(self._linear, text.heads)),
            text.form,
            self.arrays(text.initial),
            text.notes,
            None if text.exact is None else self._exact(text.exact),
        )

    def _layer(self, text: LayerText) -> FoundLayer:
        weights = {way: self.arrays(given) for way, given in text.weights.items()}
        return FoundLayer(find_cell(text.cell), text.inputs, text.hidden, weights)

    def _linear(self, text: LinearText) -> Linear:
        bias = None if text.bias is None else self.array(text.bias)
        return Linear(text.name, self.array(text.matrix), bias, text.answers)

    def _exact(self, text: ExactText) -> Model:
        network, words = decode(text.description)
        weights = Weights(network.layout, self.array(text.weights))
        initial = self.arrays(text.initial)
        return Model(
            network, weights, words.vocabulary, words.labels, words.title, words.notes, initial
        )
