"""The selection: what the reader looks at. It is not in the document, so undo never moves it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

from PySide6.QtCore import QObject, Signal

from rnnviz.document.document import Document
from rnnviz.document.places import places
from rnnviz.engine.definitions import definitions
from rnnviz.engine.encoder_decoder import EncoderDecoder, named
from rnnviz.engine.layers import Layer


@final
@dataclass(frozen=True)
class Spot:
    """One number of a trace: what the mouse is over.

    Attributes
    ----------
    path : str
        The quantity, such as `layer0/forward/f`.
    unit, step : int
        From 0.
    """

    path: str
    unit: int
    step: int


@final
@dataclass(frozen=True)
class Selection:
    """What the reader chose.

    Attributes
    ----------
    path : str
        A quantity of the trace, such as `layer0/forward/f`.
    unit : int
        Its unit, from 0; in all other quantities of the layer too.
    step : int or None
        A step that is looked at in place of the playhead's.
    weight : tuple or None
        The path of a weight and the place in it.
    loss_step : int or None
        The step whose loss alone is shown; None for the whole loss.
    """

    path: str
    unit: int = 0
    step: int | None = None
    weight: tuple[str, tuple[int, ...]] | None = None
    loss_step: int | None = None

    @property
    def part(self) -> str:
        """The layer and direction, such as `layer0/forward`."""
        return self.path.rpartition("/")[0]

    @property
    def symbol(self) -> str:
        """The quantity within its part, such as `f`."""
        return self.path.rpartition("/")[2]


def parts(document: Document) -> dict[str, Layer]:
    """Layer and direction -> the layer, from the bottom up, the encoder's first."""
    network = document.network
    if isinstance(network, EncoderDecoder):
        layers = (*named("encoder", network.encoder), *named("decoder", network.decoder))
    else:
        layers = tuple((f"layer{n}", layer) for n, layer in enumerate(network.layers))
    return {f"{name}/{way}": layer for name, layer in layers for way in layer.directions}


def units(document: Document, path: str) -> int:
    """How many units a quantity has; 0 if it is not there."""
    found = places(document).get(path)
    if found is not None:
        return found[1]
    part, _, symbol = path.rpartition("/")
    if part == "head" and symbol in ("outputs", "predictions"):
        return 0 if document.network.head is None else document.network.head.outputs
    if symbol == "output":
        return max(
            (x.outputs for p, x in parts(document).items() if p.startswith(f"{part}/")), default=0
        )
    return 0


def clamped(selection: Selection, document: Document) -> Selection:
    """The selection that comes closest in a document; the same object if it fits."""
    path, count = selection.path, units(document, selection.path)
    if not count:
        path = _nearest(selection, document)
        count = units(document, path)
    found = replace(
        selection,
        path=path,
        unit=max(0, min(selection.unit, count - 1)),
        step=_inside(selection.step, document.steps),
        weight=_weight(selection.weight, document),
        loss_step=_inside(selection.loss_step, _answers(document)),
    )
    return selection if found == selection else found


def first_selection(document: Document) -> Selection:
    """The first unit of the hidden state of the highest layer."""
    part, layer = list(parts(document).items())[-1]
    if document.network.single or len(layer.directions) > 1:
        part = f"{part.rpartition('/')[0]}/{layer.directions[0]}"
    return Selection(f"{part}/{layer.cell.states[0]}")


def _nearest(selection: Selection, document: Document) -> str:
    """The same quantity of another part, or the hidden state."""
    known = parts(document)
    part = selection.part
    if part not in known:
        end = "/".join(part.split("/")[-2:])
        part = next((p for p in known if p.endswith(end)), first_selection(document).part)
    layer = known[part]
    symbol = selection.symbol if selection.symbol in definitions(layer.cell) else ""
    return f"{part}/{symbol or layer.cell.states[0]}"


def _inside(step: int | None, count: int) -> int | None:
    return None if step is None or not count else max(0, min(step, count - 1))


def _answers(document: Document) -> int:
    if document.network.single:
        return min(1, document.steps)
    if isinstance(document.network, EncoderDecoder):
        return 0 if document.targets is None else len(document.targets) + 1
    return document.steps


def _weight(
    weight: tuple[str, tuple[int, ...]] | None, document: Document
) -> tuple[str, tuple[int, ...]] | None:
    if weight is None or weight[0] not in document.weights:
        return None
    shape = document.weights[weight[0]].shape
    if len(shape) != len(weight[1]) or not all(shape):
        return None
    return weight[0], tuple(max(0, min(i, n - 1)) for i, n in zip(weight[1], shape, strict=True))


@final
class Selector(QObject):
    """Holds the selection and what the mouse is over.

    Parameters
    ----------
    document : Document
        What there is to select.
    parent : QObject, optional
        The owner.
    """

    selection_changed = Signal(object, object)
    """Something else is selected: the `Selection`, and the one before."""
    hover_changed = Signal(object)
    """The mouse is over something else: the `Spot`, or None."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._selection = first_selection(document)
        self._hover: Spot | None = None

    @property
    def selection(self) -> Selection:
        """What is selected."""
        return self._selection

    @property
    def hover(self) -> Spot | None:
        """What the mouse is over, in whichever panel."""
        return self._hover

    def select(self, **parts: object) -> None:
        """Select something; what does not exist is replaced by what comes closest.

        Parameters
        ----------
        **parts
            Fields of `Selection`; those that are not given stay.
        """
        self._set(clamped(replace(self._selection, **parts), self._document))  # type: ignore[arg-type]

    def set_hover(self, spot: Spot | None) -> None:
        """Say what the mouse is over."""
        if spot != self._hover:
            self._hover = spot
            self.hover_changed.emit(spot)

    def show(self, document: Document) -> None:
        """Keep to what there is in a document that has changed."""
        self._document = document
        spot = self._hover
        if spot is not None and spot.unit >= units(document, spot.path):
            self.set_hover(None)
        self._set(clamped(self._selection, document))

    def restart(self, document: Document) -> None:
        """Begin anew with another document."""
        self._document = document
        self.set_hover(None)
        self._set(first_selection(document))

    def _set(self, selection: Selection) -> None:
        before, self._selection = self._selection, selection
        if selection != before:
            self.selection_changed.emit(selection, before)
