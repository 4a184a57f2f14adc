"""The context menu of the gradient's chart: how it is cut, and which part is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QAction

from rnnviz.document.edits import SetClip, SetTruncation
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.panels.gestures import Item
from rnnviz.panels.parts import long_words
from rnnviz.panels.texts import translate
from rnnviz.session.selection import parts

if TYPE_CHECKING:
    from rnnviz.panels.gradient.panel import GradientPanel


def menu(panel: GradientPanel, _: Item | None) -> Sequence[QAction]:
    """The actions of the chart, whatever is under the pointer."""
    return [*_clipping(panel), *_truncation(panel), *_showing(panel)]


def _action(
    panel: GradientPanel, text: str, do: Callable[[], object], on: bool | None = None
) -> QAction:
    made = QAction(text, panel)
    if on is not None:
        made.setCheckable(True)
        made.setChecked(on)
    made.triggered.connect(lambda _=False: do())
    return made


def _clipping(panel: GradientPanel) -> list[QAction]:
    clip = panel.clip

    def choose(kind: Literal["none", "norm", "value"]) -> Callable[[], None]:
        return partial(panel.edit_requested.emit, SetClip(kind, clip.limit))

    choices: tuple[tuple[Literal["none", "norm", "value"], str], ...] = (
        ("none", translate("GradientPanel", "Do not clip")),
        ("norm", translate("GradientPanel", "Clip the norm of the weights' gradient")),
        ("value", translate("GradientPanel", "Clip each number of it")),
    )
    return [_action(panel, text, choose(kind), clip.kind == kind) for kind, text in choices]


def _truncation(panel: GradientPanel) -> list[QAction]:
    document = panel.sight.document
    if isinstance(document.network, EncoderDecoder) or not document.steps:
        return []
    if document.truncate is not None:
        text = translate("GradientPanel", "Do not truncate")
        return [_action(panel, text, partial(panel.edit_requested.emit, SetTruncation(None)))]
    found = []
    for steps in sorted({1, 2, 5, 10, 20} & set(range(1, document.steps))):
        text = translate("GradientPanel", "Truncate after {steps} steps")
        if steps == 1:
            text = translate("GradientPanel", "Truncate after {steps} step")
        text = text.format(steps=steps)
        found.append(_action(panel, text, partial(panel.edit_requested.emit, SetTruncation(steps))))
    return found


def _showing(panel: GradientPanel) -> list[QAction]:
    found, seen = [], panel.seen
    for part, layer in parts(panel.sight.document).items():
        if part != seen.part:
            text = translate("GradientPanel", "Show {part}").format(part=long_words(part))
            choice = {"path": f"{part}/{layer.cell.states[0]}"}
            found.append(_action(panel, text, partial(panel.selection_requested.emit, choice)))
    if seen.loss is not None:
        text = translate("GradientPanel", "Show the whole loss")
        whole = {"loss_step": None}
        found.append(_action(panel, text, partial(panel.selection_requested.emit, whole)))
    if panel.scale.level:
        text = translate("GradientPanel", "Reset the scale")
        found.append(_action(panel, text, panel.reset_scale))
    return found
