"""What can be chosen of a network in the top bar: cells, directions, layers, sizes, tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from rnnviz.app.window.segments import Option
from rnnviz.document.document import Document
from rnnviz.document.edits import SetCell, SetDirection, SetHidden, SetLayers, SetTask
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS, find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.inputs import Tokens
from rnnviz.engine.layers import Layer
from rnnviz.panels.texts import translate

SIZES = (2, 3, 4, 6, 8, 10, 12, 16, 24, 32, 64)
LAYERS = (1, 2, 3)


@final
@dataclass(frozen=True, eq=False)
class Choice:
    """A menu of options: what it chooses, and what is so now."""

    title: str
    value: str
    options: tuple[Option, ...]

    @property
    def words(self) -> str:
        """Both in one."""
        return f"{self.title} {self.value}"


@final
@dataclass(frozen=True, eq=False)
class Choices:
    """All that the top bar offers.

    Attributes
    ----------
    cells, directions : tuple of Option
        Side by side.
    menus : tuple of Choice
        Layers, hidden units, task.
    """

    cells: tuple[Option, ...]
    directions: tuple[Option, ...]
    menus: tuple[Choice, Choice, Choice]


def layers_of(document: Document) -> tuple[Layer, ...]:
    """All layers; of an encoder-decoder those of both."""
    network = document.network
    if isinstance(network, EncoderDecoder):
        return (*network.encoder, *network.decoder)
    return network.layers


def architecture_choices(document: Document) -> Choices:
    """What can be chosen for a document."""
    return Choices(
        _cells(document),
        _directions(document),
        (_layers(document), _hidden(document), task(document)),
    )


def _cells(document: Document) -> tuple[Option, ...]:
    """The three families; a variant counts as the family that its name begins with."""
    names = {layer.cell.name for layer in layers_of(document)}
    return tuple(_cell(find_cell(name), names) for name in ("rnn", "lstm", "gru"))


def _cell(cell: Cell, names: set[str]) -> Option:
    variants = [one for one in CELLS if one.name in names and one.name.startswith(cell.name)]
    on = bool(names) and all(name.startswith(cell.name) for name in names)
    help_ = variants[0].title if on and variants else cell.title
    return Option(cell.title, SetCell(cell.name), on, help_)


def _directions(document: Document) -> tuple[Option, ...]:
    network = document.network
    read = network.encoder if isinstance(network, EncoderDecoder) else network.layers
    found = {layer.direction for layer in read}
    return (
        Option(
            "\N{RIGHTWARDS ARROW}",
            SetDirection("forward"),
            found == {"forward"},
            translate("Choices", "Read forward"),
        ),
        Option(
            "\N{RIGHTWARDS ARROW OVER LEFTWARDS ARROW}",
            SetDirection("both"),
            "both" in found,
            translate("Choices", "Read in both directions"),
        ),
    )


def _layers(document: Document) -> Choice:
    network = document.network
    count = len(network.encoder if isinstance(network, EncoderDecoder) else network.layers)
    options = (Option(str(n), SetLayers(n), n == count) for n in LAYERS)
    return Choice(translate("Choices", "Layers"), str(count), tuple(options))


def _hidden(document: Document) -> Choice:
    layers = layers_of(document)
    sizes = {layer.hidden for layer in layers}
    value = ", ".join(dict.fromkeys(_size(layer) for layer in layers))
    wanted = sorted({*SIZES, *sizes})
    options = (Option(str(n), SetHidden(n), sizes == {n}) for n in wanted)
    return Choice(translate("Choices", "Hidden"), value, tuple(options))


def _size(layer: Layer) -> str:
    """The units of a layer, of both directions."""
    return " + ".join([str(layer.hidden)] * len(layer.directions))


def task(document: Document) -> Choice:
    """When the network answers, and with what."""
    network = document.network
    head = None if network.head is None else network.head.kind
    now = (
        "many-to-many unaligned" if isinstance(network, EncoderDecoder) else network.form,
        head,
    )
    options = tuple(
        Option(text, _task(document, form, kind), now == (form, kind))
        for form, kind, text in _tasks()
    )
    value = next((option.text for option in options if option.on), translate("Choices", "own"))
    return Choice(translate("Choices", "Task"), value, options)


def _tasks() -> tuple[tuple[str, str | None, str], ...]:
    return (
        ("many-to-one", "softmax", translate("Choices", "Last step → class")),
        ("many-to-many", "softmax", translate("Choices", "Every step → tag")),
        ("many-to-many", "crf", translate("Choices", "Every step → tag, CRF")),
        ("many-to-one", "regression", translate("Choices", "Last step → number")),
        ("many-to-many", "regression", translate("Choices", "Every step → number")),
        ("one-to-many", "softmax", translate("Choices", "One → many")),
        ("one-to-one", "softmax", translate("Choices", "One → one")),
        ("many-to-many unaligned", "softmax", translate("Choices", "Sequence → sequence")),
        ("many-to-many", None, translate("Choices", "States only")),
    )


def _task(document: Document, form: str, head: str | None) -> SetTask | None:
    """The edit that sets a task; None where the network has not the words that it needs."""
    labels = document.answers or ("negative", "positive")
    if form == "one-to-many":
        if document.vocabulary is None:
            return None
        labels = document.vocabulary
    if form == "many-to-many unaligned":
        if not isinstance(document.input, Tokens):
            return None
        labels = document.target_vocabulary or document.vocabulary or labels
    if head == "regression":
        labels = document.labels if len(document.labels) == 1 else ("value",)
    return SetTask(form, head, () if head is None else labels)  # type: ignore[arg-type]
