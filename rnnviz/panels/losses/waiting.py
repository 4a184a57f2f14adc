"""What stands in place of a matrix that is not there: why, and what it would cost."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.labels import draw_choice
from rnnviz.panels.canvas.text import draw_text, elided, run
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.losses.matrix import SECONDS, Question
from rnnviz.panels.texts import translate


def draw_nothing(painter: QPainter, box: QRectF, empty: bool, theme: Theme) -> None:
    """There is no loss."""
    text = translate("LossMatrixPanel", "no targets, no loss")
    if empty:
        text = translate("LossMatrixPanel", "the sequence is empty")
    _say(painter, box, text, box.center().y(), theme)


def draw_failed(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """The matrix could not be computed."""
    text = translate("LossMatrixPanel", "it could not be computed")
    _say(painter, box, text, box.center().y(), theme)


def draw_waiting(
    painter: QPainter, box: QRectF, asked: Question, works: bool, theme: Theme
) -> QRectF | None:
    """Say that it is being computed, or offer to; gives the button's box."""
    y = box.center().y()
    if works:
        _say(painter, box, translate("LossMatrixPanel", "being computed …"), y, theme)
        return None
    text = translate("LossMatrixPanel", "{losses} losses, a way back for each:")
    _say(painter, box, text.format(losses=len(asked.rows)), y - 26, theme)
    _say(painter, box, _time(asked), y - 8, theme)
    button = QRectF(box.center().x() - 45, y + 2, 90, 26)
    draw_choice(painter, button, translate("LossMatrixPanel", "Compute"), theme, False)
    return button


def _time(asked: Question) -> str:
    seconds = asked.price * SECONDS
    if seconds > 100:
        minutes = translate("LossMatrixPanel", "about {n} min")
        return minutes.format(n=ceil(seconds / 60))
    return translate("LossMatrixPanel", "about {n} s").format(n=max(1, ceil(seconds)))


def _say(painter: QPainter, box: QRectF, text: str, base: float, theme: Theme) -> None:
    words = elided(run(text, theme.type.hint, theme.colours.tx2), box.width() - 28)
    draw_text(painter, box.center().x(), base, words, "middle")
