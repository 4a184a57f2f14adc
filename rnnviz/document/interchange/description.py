"""The text in other formats' files, beside the weights, by which rnnviz finds its model again.

A tensor file knows shapes, not which cell, head or words they belong to. The text is a hint: where
it does not fit the tensors, they are read as those of any other program.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from rnnviz.document.interchange.files import HEADER_LIMIT
from rnnviz.document.interchange.model import Model
from rnnviz.engine.cell import Cell, define
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError, UnknownError
from rnnviz.engine.heads import CRF, Head, Regression, Softmax
from rnnviz.engine.inputs import Input, Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Form, Network
from rnnviz.engine.text import formula

KEY = "rnnviz"
FORMAT: Literal[1] = 1
LAYERS_LIMIT = 64
HEADS: tuple[type[Head], ...] = (Softmax, Regression, CRF)


class CellText(msgspec.Struct, forbid_unknown_fields=True):
    """A cell that is none of ours, by its equations."""

    name: str
    title: str
    equations: str
    states: tuple[str, ...]


class InputText(msgspec.Struct, forbid_unknown_fields=True):
    """Tokens (with or without an embedding) or vectors."""

    kind: Literal["tokens", "vectors"]
    size: int
    embedding: int | None = None


class LayerText(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A layer; `cell` is a name."""

    cell: str
    hidden: int
    direction: Literal["forward", "backward", "both"] = "forward"
    residual: bool = False
    dropout: float = 0.0
    unshared: int | None = None


class HeadText(msgspec.Struct, forbid_unknown_fields=True):
    """A head."""

    kind: Literal["softmax", "regression", "crf"]
    outputs: int


class NetworkText(msgspec.Struct, forbid_unknown_fields=True, tag="network"):
    """A network."""

    input: InputText
    layers: tuple[LayerText, ...]
    head: HeadText | None
    form: Form


class TranslatorText(msgspec.Struct, forbid_unknown_fields=True, tag="encoder-decoder"):
    """An encoder-decoder."""

    source: InputText
    encoder: tuple[LayerText, ...]
    target: InputText
    decoder: tuple[LayerText, ...]
    attention: int | None
    bridge: Literal["linear", "copy"]
    start: int
    stop: int


AnyNetworkText: TypeAlias = NetworkText | TranslatorText


class Description(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """All of a model but its numbers."""

    format: Literal[1]
    network: AnyNetworkText
    cells: tuple[CellText, ...] = ()
    vocabulary: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    title: str = ""
    notes: tuple[str, ...] = ()


def encode(model: Model) -> str:
    """The description of `model`; the same model gives the same text."""
    network = model.network
    text = Description(
        FORMAT,
        _translator(network) if isinstance(network, EncoderDecoder) else _network(network),
        tuple(_cell(layer.cell) for layer in network.layers if not is_ours(layer.cell)),
        model.vocabulary,
        model.labels,
        model.title,
        model.notes,
    )
    return msgspec.json.encode(text).decode()


def decode(text: str) -> tuple[Network | EncoderDecoder, Description]:
    """The network that `text` describes, and the words around it.

    Raises
    ------
    EngineError
        The text is none of ours, of another format, or describes something impossible.
    """
    if len(text) > HEADER_LIMIT:
        raise EngineError(f"description: {len(text)} characters came, at most {HEADER_LIMIT} fit")
    try:
        found = msgspec.json.decode(text, type=Description)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise EngineError(f"description: {error}") from error
    cells = {c.name: define(c.name, c.title, c.equations, c.states) for c in found.cells}
    if isinstance(found.network, NetworkText):
        return _read_network(found.network, cells), found
    return _read_translator(found.network, cells), found


def is_ours(cell: Cell) -> bool:
    """Whether the cell is the one that `find_cell` knows by its name."""
    try:
        return find_cell(cell.name) == cell
    except UnknownError:
        return False


def _cell(cell: Cell) -> CellText:
    lines = (f"{e.name} = {formula(e.expression)}" for e in cell.equations)
    return CellText(cell.name, cell.title, "\n".join(lines), cell.states)


def _input(source: Input) -> InputText:
    if isinstance(source, Tokens):
        return InputText("tokens", source.vocabulary, source.embedding)
    return InputText("vectors", source.size)


def _layers(layers: tuple[Layer, ...]) -> tuple[LayerText, ...]:
    return tuple(
        LayerText(x.cell.name, x.hidden, x.direction, x.residual, x.dropout, x.unshared)
        for x in layers
    )


def _network(network: Network) -> NetworkText:
    head = None if network.head is None else HeadText(network.head.kind, network.head.outputs)  # type: ignore[arg-type]
    return NetworkText(_input(network.input), _layers(network.layers), head, network.form)


def _translator(network: EncoderDecoder) -> TranslatorText:
    return TranslatorText(
        _input(network.source),
        _layers(network.encoder),
        _input(network.target),
        _layers(network.decoder),
        network.attention,
        network.bridge,
        network.start,
        network.stop,
    )


def _read_input(text: InputText) -> Input:
    if text.kind == "tokens":
        return Tokens(text.size, text.embedding)
    return Vectors(text.size)


def _read_layers(texts: tuple[LayerText, ...], cells: dict[str, Cell]) -> tuple[Layer, ...]:
    if len(texts) > LAYERS_LIMIT:
        raise EngineError(f"description: {len(texts)} layers came, at most {LAYERS_LIMIT} fit")
    return tuple(
        Layer(
            cells.get(x.cell) or find_cell(x.cell),
            x.hidden,
            x.direction,
            x.residual,
            x.dropout,
            x.unshared,
        )
        for x in texts
    )


def _read_network(text: NetworkText, cells: dict[str, Cell]) -> Network:
    head = None
    if text.head is not None:
        head = next(h for h in HEADS if h.kind == text.head.kind)(text.head.outputs)
    return Network(_read_input(text.input), _read_layers(text.layers, cells), head, text.form)


def _read_translator(text: TranslatorText, cells: dict[str, Cell]) -> EncoderDecoder:
    target = _read_input(text.target)
    if not isinstance(target, Tokens):
        raise EngineError("description: a decoder writes tokens, vectors came")
    return EncoderDecoder(
        _read_input(text.source),
        _read_layers(text.encoder, cells),
        target,
        _read_layers(text.decoder, cells),
        text.attention,
        text.bridge,
        text.start,
        text.stop,
    )
