"""Edits of the network's parts and sizes; what can be kept of the weights is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, final

import numpy as np

from rnnviz.document.document import Document
from rnnviz.document.edits.base import Edit, EditError, check_step
from rnnviz.document.edits.keeping import rebuilt
from rnnviz.document.limits import LAYERS, SIZE
from rnnviz.document.texts import tr
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.inputs import Tokens
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Network

AnyNetwork = Network | EncoderDecoder


def with_layers(document: Document, layers: tuple[Layer, ...]) -> Document:
    """The document with other layers, as many as before; those of an encoder come first."""
    network = document.network
    if isinstance(network, Network):
        return rebuilt(document, replace(network, layers=layers))
    split = len(network.encoder)
    return rebuilt(document, replace(network, encoder=layers[:split], decoder=layers[split:]))


def _each(document: Document, layer: int | None, **changes: Any) -> tuple[Layer, ...]:
    """The layers with something else in one of them, or in all."""
    layers = document.network.layers
    if layer is not None:
        check_step("layer", layer, len(layers))
    return tuple(
        replace(one, **changes) if layer in (None, number) else one
        for number, one in enumerate(layers)
    )


def check_size(argument: str, size: int, limit: int = SIZE) -> None:
    """Raise an EditError for a size below 1 or above the limit."""
    if not 1 <= size <= limit:
        raise EditError(f"{argument}: {size} came, expected 1 to {limit}")


@final
@dataclass(frozen=True, eq=False)
class SetCell(Edit):
    """Choose another cell, or another variant; gates that both have keep their weights.

    Attributes
    ----------
    cell : str or Cell
        The name of one of `cells.CELLS`, or a cell of one's own.
    layer : int or None
        Which layer; None for all.
    """

    cell: str | Cell
    layer: int | None = None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        name = self.cell if isinstance(self.cell, str) else self.cell.title
        return tr("Change the cell to {name}").format(name=name)

    def _on(self, document: Document) -> Document:
        cell = find_cell(self.cell) if isinstance(self.cell, str) else self.cell
        return with_layers(document, _each(document, self.layer, cell=cell))


@final
@dataclass(frozen=True, eq=False)
class SetDirection(Edit):
    """Let layers read forward, backward, or both; of an encoder-decoder, the encoder."""

    direction: Direction
    layer: int | None = None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        if self.direction == "both":
            return tr("Read in both directions")
        return tr("Read backward") if self.direction == "backward" else tr("Read forward")

    def _on(self, document: Document) -> Document:
        network = document.network
        layers = _each(document, self.layer, direction=self.direction)
        if isinstance(network, EncoderDecoder) and self.layer is None:
            layers = (*layers[: len(network.encoder)], *network.decoder)
        return with_layers(document, layers)


@final
@dataclass(frozen=True, eq=False)
class SetHidden(Edit):
    """Give layers another number of units; the first ones keep their weights."""

    places: ClassVar[tuple[str, ...]] = ("layer",)

    units: int
    layer: int | None = None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("{units} hidden units").format(units=self.units)

    def _on(self, document: Document) -> Document:
        check_size("units", self.units)
        return with_layers(document, _each(document, self.layer, hidden=self.units))


@final
@dataclass(frozen=True, eq=False)
class SetUnshared(Edit):
    """Give each step weights of its own, or all steps the same ones, which is what an RNN has.

    Each step then begins with the shared weights; the shared ones begin as those of the first step.
    """

    unshared: bool

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Own weights at each step") if self.unshared else tr("Share the weights")

    def _on(self, document: Document) -> Document:
        if self.unshared and not document.steps:
            raise EditError("unshared: the sequence is empty, expected at least one step")
        steps = document.steps if self.unshared else None
        found = with_layers(document, _each(document, None, unshared=steps))
        old, new = document.weights, found.weights
        if found is document:
            return document
        arrays: dict[str, Array] = {}
        for path in (path for path in new if old[path].ndim != new[path].ndim):
            shape = new[path].shape
            arrays[path] = np.broadcast_to(old[path], shape) if self.unshared else old[path][0]
        return found.changed(weights=new.replace(arrays))


@final
@dataclass(frozen=True, eq=False)
class SetLayers(Edit):
    """Add layers like the highest at the top, or take the highest away; of a decoder too."""

    count: int

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("{count} layers").format(count=self.count)

    def _on(self, document: Document) -> Document:
        network = document.network
        if isinstance(network, Network):
            check_size("count", self.count, LAYERS)
            return rebuilt(document, replace(network, layers=self._stack(network.layers)))
        check_size("count", self.count, LAYERS // 2)
        encoder, decoder = self._stack(network.encoder), self._stack(network.decoder)
        return rebuilt(document, replace(network, encoder=encoder, decoder=decoder))

    def _stack(self, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
        return layers[: self.count] + layers[-1:] * (self.count - len(layers))


@final
@dataclass(frozen=True, eq=False)
class SetEmbedding(Edit):
    """Give each word a learned vector of `units` numbers; None feeds one-hot vectors."""

    units: int | None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        if self.units is None:
            return tr("One-hot words")
        return tr("Embedding of {units} units").format(units=self.units)

    def _on(self, document: Document) -> Document:
        network = document.network
        if self.units is not None:
            check_size("units", self.units)
        if not isinstance(document.input, Tokens):
            raise EditError("embedding: the network reads vectors, only words have an embedding")
        read = replace(document.input, embedding=self.units)
        if isinstance(network, Network):
            return rebuilt(document, replace(network, input=read))
        target = replace(network.target, embedding=self.units)
        return rebuilt(document, replace(network, source=read, target=target))
