"""The word "overflow" on a plate: where numbers ceased to be finite; a click undoes the edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.strokes import framed
from rnnviz.panels.canvas.text import draw_in, run
from rnnviz.panels.gestures import Item
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate


@final
@dataclass(frozen=True)
class OverflowWord:
    """The word, which takes back the last edit; the step where it began, None if unknown."""

    step: int | None


def overflow_text(step: int | None) -> str:
    """The word with the step, from 0, where it began."""
    if step is None:
        return translate("Charts", "overflow")
    return translate("Charts", "overflow from t = {step}").format(step=step + 1)


def overflow_tip() -> str:
    """What the word says in its tip."""
    return translate("Charts", "A number became too large. Click to undo the last edit")


def first_failed(failed: tuple[int, int], reads_backward: bool) -> int:
    """The step that failed first of those from one to before another, in the order of reading."""
    return failed[1] - 1 if reads_backward else failed[0]


def draw_overflow_word(
    painter: QPainter, hits: HitMap[Item], area: QRectF, step: int, sight: Sight
) -> None:
    """Draw the word in the middle of an area, and note where it is."""
    theme = sight.theme
    word = run(overflow_text(step), theme.type.control_on, theme.colours.err, sight.present)
    wide, high = min(word.width + 20, area.width()), 40.0 if sight.present else 24.0
    box = QRectF(area.center().x() - wide / 2, area.center().y() - high / 2, wide, high)
    framed(painter, box, theme.colours.err, 5, 1, theme.colours.bg1)
    draw_in(painter, box.adjusted(6, 0, -6, 0), word)
    hits.add(box, OverflowWord(step))
