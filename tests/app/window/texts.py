"""What is written in a window: the box of every text that is drawn, and of every label."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QStaticText
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QWidget

from rnnviz.app.window.elided import ElidedLabel
from rnnviz.panels.canvas.layer import StaticLayer

SLACK = 2.0
"""How far letters may reach over each other or over an edge, in px: less than is seen."""
SCROLLED = 4096.0
ARROW = 24
TEXTS = (QLabel, QAbstractButton, QComboBox)


@dataclass(frozen=True)
class Written:
    """A text with the box of its ink, in px of its widget; `clip` is what can be seen of it.

    `scale` is how many px there are to a unit of the drawing, `ends` where the text begins and
    ends, `px` the size of its letters.
    """

    text: str
    box: QRectF
    clip: QRectF | None
    widget: QWidget
    scale: float
    ends: tuple[float, float]
    px: float

    @property
    def is_seen(self) -> bool:
        return self.clip is None or self.clip.intersects(self.box)

    @property
    def is_cut(self) -> bool:
        """Whether a part of it can be seen and a part cannot."""
        if self.clip is None or not self.is_seen:
            return False
        return not self.clip.adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(self.box)


@contextmanager
def writing() -> Iterator[list[Written]]:
    """Note every text that is drawn meanwhile; nothing comes from a layer that is kept."""
    written: list[Written] = []
    draw = QPainter.drawStaticText

    def note(painter: QPainter, point: QPointF, text: QStaticText) -> None:
        metrics = QFontMetricsF(painter.font())
        ink = metrics.tightBoundingRect(text.text()).translated(point)
        ink.translate(0, metrics.ascent())
        seen = painter.worldTransform()
        clip = seen.mapRect(painter.clipBoundingRect()) if painter.hasClipping() else None
        if text.text().strip() and painter.opacity() > 0:
            widget = painter.device()
            after = QPointF(point.x() + metrics.horizontalAdvance(text.text()), point.y())
            ends = (seen.map(point).x(), seen.map(after).x())
            assert isinstance(widget, QWidget), widget
            scale, box = seen.m11(), seen.mapRect(ink)
            px = painter.font().pixelSize() * scale
            written.append(Written(text.text(), box, clip, widget, scale, ends, px))
        draw(painter, point, text)

    def paint(_layer: Any, painter: QPainter, _size: Any, _key: Any, paint: Any) -> bool:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(painter)
        painter.restore()
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawStaticText", note)
        patch.setattr(StaticLayer, "draw", paint)
        yield written


def faults_of(written: Sequence[Written], scrolled: Collection[QWidget] = ()) -> list[str]:
    """What is wrong with texts: cut off, outside of their widgets, or over each other.

    What is farther down in a widget that is scrolled is no fault.
    """
    found: list[str] = []
    for widget in dict.fromkeys(one.widget for one in written):
        seen = [one for one in written if one.widget is widget and one.is_seen]
        room = _room(widget, widget in scrolled)
        found += [f"{_said(one)} is outside" for one in seen if not room.contains(one.box)]
        found += [f"{_said(one)} is cut by {_place(one.clip)}" for one in seen if one.is_cut]
        found += [
            f"{_said(a)} lies over {_said(b)}" for a, b in combinations(seen, 2) if _hit(a, b)
        ]
    return found


def _room(widget: QWidget, scrolls: bool) -> QRectF:
    """Where its texts may stand."""
    room = QRectF(widget.rect()).adjusted(-SLACK, -SLACK, SLACK, SLACK)
    return room.adjusted(0, -SCROLLED, 0, SCROLLED) if scrolls else room


def _hit(one: Written, other: Written) -> bool:
    if abs(one.ends[1] - other.ends[0]) < 0.5:
        return False  # one line: a slanted letter leans over what is lowered behind it
    both = one.box.intersected(other.box)
    slack = SLACK * max(one.scale, other.scale, 1.0)
    return both.width() > slack and both.height() > slack


def _said(one: Written) -> str:
    return f"{one.text!r} at {_place(one.box)} of {one.widget.width()}x{one.widget.height()}"


def _place(box: QRectF | None) -> str:
    return "" if box is None else "{:.0f},{:.0f} {:.0f}x{:.0f}".format(*box.getRect())  # type: ignore[misc]


def cut_labels(window: QWidget) -> list[str]:
    """The labels, buttons and fields of Qt whose text has not the room that it needs."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, TEXTS):
            continue
        if isinstance(widget, ElidedLabel):
            continue
        text = widget.currentText() if isinstance(widget, QComboBox) else widget.text()
        if text and _lacks(widget):
            found.append(f"{text!r}: {widget.width()} px, {widget.sizeHint().width()} wanted")
    return found


def _lacks(widget: QWidget) -> bool:
    wanted = widget.minimumSizeHint()
    if isinstance(widget, QComboBox):
        wanted.setWidth(widget.fontMetrics().horizontalAdvance(widget.currentText()) + ARROW)
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.height() + SLACK < widget.heightForWidth(widget.width())
    return widget.width() + SLACK < wanted.width() or widget.height() + SLACK < wanted.height()
