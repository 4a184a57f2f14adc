"""A network as text: its parts and sizes, and each cell by its name and its equations.

A cell is read back by parsing its equations, never by running anything, so that a file with a cell
of one's own opens wherever it goes.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from rnnviz.document.checks_of_cells import check_cell, equations_of
from rnnviz.document.limits import LAYERS, LINE, SIZE, STATES, STEPS
from rnnviz.engine.cell import Cell, define
from rnnviz.engine.cells import CELLS
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import CRF, Head, Regression, Softmax
from rnnviz.engine.inputs import Input, Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Form, Network
from rnnviz.engine.parsing import MAX_LENGTH

Size = Annotated[int, Meta(ge=1, le=SIZE)]
Place = Annotated[int, Meta(ge=0, le=SIZE)]
Line = Annotated[str, Meta(max_length=LINE)]


class CellText(Struct, forbid_unknown_fields=True, frozen=True):
    """A cell."""

    name: Line
    title: Line
    equations: Annotated[str, Meta(max_length=MAX_LENGTH)]
    states: Annotated[tuple[Line, ...], Meta(max_length=STATES)]
    reference: Line
    note: Line


class InputText(Struct, forbid_unknown_fields=True, frozen=True):
    """Tokens, with or without an embedding, or vectors."""

    kind: Literal["tokens", "vectors"]
    size: Size
    embedding: Size | None


class LayerText(Struct, forbid_unknown_fields=True, frozen=True):
    """A layer; `cell` is the number of its cell among those of the document."""

    cell: Place
    hidden: Size
    direction: Literal["forward", "backward", "both"]
    residual: bool
    dropout: float
    unshared: Annotated[int, Meta(ge=1, le=STEPS)] | None


class HeadText(Struct, forbid_unknown_fields=True, frozen=True):
    """A head."""

    kind: Literal["softmax", "regression", "crf"]
    outputs: Size


LayerTexts = Annotated[tuple[LayerText, ...], Meta(min_length=1, max_length=LAYERS)]


class NetworkText(Struct, forbid_unknown_fields=True, frozen=True, tag_field="kind", tag="network"):
    """A network."""

    input: InputText
    layers: LayerTexts
    head: HeadText | None
    form: Form


class TranslatorText(
    Struct, forbid_unknown_fields=True, frozen=True, tag_field="kind", tag="encoder-decoder"
):
    """An encoder-decoder."""

    source: InputText
    encoder: LayerTexts
    target: InputText
    decoder: LayerTexts
    attention: Size | None
    bridge: Literal["linear", "copy"]
    start: Place
    stop: Place


AnyNetwork: TypeAlias = Network | EncoderDecoder
AnyNetworkText: TypeAlias = NetworkText | TranslatorText

_HEADS: dict[str, type[Head]] = {"softmax": Softmax, "regression": Regression, "crf": CRF}


def write_network(network: AnyNetwork) -> tuple[AnyNetworkText, tuple[CellText, ...]]:
    """A network, and its cells, each once, as texts."""
    cells = tuple(dict.fromkeys(layer.cell for layer in network.layers))

    def layers(of: tuple[Layer, ...]) -> tuple[LayerText, ...]:
        return tuple(_write_layer(layer, cells.index(layer.cell)) for layer in of)

    texts = tuple(write_cell(cell) for cell in cells)
    if isinstance(network, Network):
        head = network.head
        return NetworkText(
            _write_input(network.input),
            layers(network.layers),
            None if head is None else HeadText(head.kind, head.outputs),  # type: ignore[arg-type]
            network.form,
        ), texts
    return TranslatorText(
        _write_input(network.source),
        layers(network.encoder),
        _write_input(network.target),
        layers(network.decoder),
        network.attention,
        network.bridge,
        network.start,
        network.stop,
    ), texts


def read_network(text: AnyNetworkText, cell_texts: tuple[CellText, ...]) -> AnyNetwork:
    """The network that the texts describe.

    Raises
    ------
    EngineError
        They describe something impossible.
    """
    cells = tuple(read_cell(cell) for cell in cell_texts)

    def layers(texts: tuple[LayerText, ...]) -> tuple[Layer, ...]:
        return tuple(_read_layer(layer, cells) for layer in texts)

    if isinstance(text, NetworkText):
        head = None if text.head is None else _HEADS[text.head.kind](text.head.outputs)
        return Network(_read_input(text.input), layers(text.layers), head, text.form)
    target = _read_input(text.target)
    if not isinstance(target, Tokens):
        raise EngineError("target: vectors came, a decoder writes tokens")
    return EncoderDecoder(
        _read_input(text.source),
        layers(text.encoder),
        target,
        layers(text.decoder),
        text.attention,
        text.bridge,
        text.start,
        text.stop,
    )


def write_cell(cell: Cell) -> CellText:
    """A cell as text."""
    texts = (cell.name, cell.title, equations_of(cell), cell.states, cell.reference, cell.note)
    return CellText(*texts)


def read_cell(text: CellText) -> Cell:
    """The cell of a text; where it is one of ours, that very object.

    Raises
    ------
    EngineError
        The equations do not make a cell.
    """
    fields = (text.name, text.title, text.equations, text.states, text.reference, text.note)
    cell = define(*fields)
    check_cell(cell)
    return next((known for known in CELLS if known == cell), cell)


def _write_layer(layer: Layer, cell: int) -> LayerText:
    return LayerText(
        cell, layer.hidden, layer.direction, layer.residual, layer.dropout, layer.unshared
    )


def _read_layer(text: LayerText, cells: tuple[Cell, ...]) -> Layer:
    if text.cell >= len(cells):
        raise EngineError(f"cell: number {text.cell} came, there are {len(cells)} cells")
    cell = cells[text.cell]
    return Layer(cell, text.hidden, text.direction, text.residual, text.dropout, text.unshared)


def _write_input(read: Input) -> InputText:
    if isinstance(read, Tokens):
        return InputText("tokens", read.vocabulary, read.embedding)
    return InputText("vectors", read.size, None)


def _read_input(text: InputText) -> Input:
    if text.kind == "tokens":
        return Tokens(text.size, text.embedding)
    return Vectors(text.size)
