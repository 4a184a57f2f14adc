"""The cards of the gallery: a small unrolled network with its own numbers, its name, its score."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

import numpy as np
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from rnnviz.app.files.patterns import Look, Pattern
from rnnviz.document.history import Score
from rnnviz.engine.arrays import Array
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.heat import draw_heat, values_image
from rnnviz.panels.canvas.maps import map_of
from rnnviz.panels.canvas.strokes import filled, framed, hairlines, wire
from rnnviz.panels.canvas.text import advance, draw_in, draw_text, elided, number, run, size
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.canvas.tokens import Role

CARD = QSize(236, 190)
PICTURE = 92.0
PAD = 12.0
MOST_COLUMNS = 7
PATTERN = Qt.ItemDataRole.UserRole

AnyIndex = QModelIndex | QPersistentModelIndex


@final
class CardDelegate(QStyledItemDelegate):
    """Paints the card of a pattern.

    Parameters
    ----------
    theme : Theme
        The colours.
    look : callable
        What was computed of a pattern; None as long as nothing was.
    parent : QObject
        The list.
    """

    def __init__(
        self, theme: Theme, look: Callable[[Pattern], Look | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._theme, self._look = theme, look

    def sizeHint(self, _: QStyleOptionViewItem, __: AnyIndex) -> QSize:
        """Every card is as large."""
        return CARD

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one card."""
        pattern: Pattern = index.data(PATTERN)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        over = bool(state & QStyle.StateFlag.State_MouseOver)
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_card(painter, box, pattern, self._look(pattern), self._theme)
        paint = self._theme.colours
        if chosen:
            framed(painter, box, paint.tx1, 10, self._theme.lines.selection)
        elif over:
            framed(painter, box, paint.line2, 10)
        painter.restore()


def draw_card(
    painter: QPainter, box: QRectF, pattern: Pattern, look: Look | None, theme: Theme
) -> None:
    """A card: the picture above, the words below."""
    paint = theme.colours
    framed(painter, box, paint.line, 10, 1, paint.bg2)
    picture = QRectF(box.left() + 1, box.top() + 1, box.width() - 2, PICTURE)
    _draw_picture(painter, picture.adjusted(PAD, 10, -PAD, -6), pattern, look, theme)
    x, wide = box.left() + PAD, box.width() - 2 * PAD
    y = box.top() + PICTURE + 20
    draw_text(painter, x, y, elided(run(pattern.title, theme.type.panel, paint.tx1), wide))
    kind = f"{pattern.kind}, {pattern.size}"
    draw_text(painter, x, y + 19, elided(run(pattern.task, theme.type.hint, paint.tx2), wide))
    draw_text(painter, x, y + 37, elided(run(kind, theme.type.hint, paint.tx3), wide))
    score = None if pattern.preview is None else pattern.preview.score
    if score is not None:
        _draw_score(painter, QRectF(x, y + 50, wide, 16), score, theme)


def _draw_score(painter: QPainter, box: QRectF, score: Score, theme: Theme) -> None:
    """The score as a bar from 0 to 1 with a tick for the simple guess; errors in words alone."""
    paint = theme.colours
    share = "error" not in score.name and 0 <= score.value <= 1
    if not share:
        words = f"{score.name} {size(score.value, 3)}"
        if score.baseline is not None:
            words += f" \N{MIDDLE DOT} {size(score.baseline, 3)}"
        line = elided(run(words, theme.type.hint, paint.tx2), box.width())
        draw_in(painter, box, line, "start")
        return
    value = run(number(score.value), theme.type.control_on, paint.tx1)
    track = QRectF(box.left(), box.center().y() - 2.5, box.width() - value.width - 8, 5)
    filled(painter, track, paint.bg3, 2.5)
    done = QRectF(track.left(), track.top(), max(track.width() * score.value, 5), 5)
    filled(painter, done, paint.tx2, 2.5)
    if score.baseline is not None and 0 <= score.baseline <= 1:
        at = track.left() + track.width() * score.baseline
        filled(painter, QRectF(at - 2, track.top() - 3, 4, 11), paint.bg2)
        filled(painter, QRectF(at - 1, track.top() - 3, 2, 11), paint.tx1)
    draw_in(painter, box, value, "end")


def _draw_picture(
    painter: QPainter, box: QRectF, pattern: Pattern, look: Look | None, theme: Theme
) -> None:
    if pattern.tokens:
        _draw_columns(painter, box, pattern, look, theme)
    else:
        _draw_series(painter, box, look, theme)


def _draw_columns(
    painter: QPainter, box: QRectF, pattern: Pattern, look: Look | None, theme: Theme
) -> None:
    """One column for each word: the word, and its cell with the hidden state in it."""
    paint = theme.colours
    role, foot = theme.type.small, 15.0
    tokens = _fitting(pattern.tokens, box.width(), role)
    across = box.width() / len(tokens)
    cells = box.adjusted(0, 0, 0, -foot - 3)
    layer = pattern.top
    rows = len(layer.directions)
    high = (cells.height() - 8 * (rows - 1)) / rows
    for row, direction in enumerate(layer.directions):
        lane = QRectF(cells.left(), cells.top() + row * (high + 8), cells.width(), high)
        values = look.hidden[row] if look is not None and row < len(look.hidden) else None
        _draw_lane(painter, lane, len(tokens), direction == "backward", theme)
        road = "c" in layer.cell.states
        for column in range(len(tokens)):
            width = min(across * 0.62, 38.0)
            middle = lane.left() + across * (column + 0.5)
            cell = QRectF(middle - width / 2, lane.top(), width, lane.height())
            step = None if values is None or column >= len(values) else values[column]
            _draw_cell(painter, cell, step, road, theme)
    for column, token in enumerate(tokens):
        slot = QRectF(box.left() + across * column + 1, box.bottom() - foot, across - 2, foot)
        draw_in(painter, slot, run(token, role, paint.tx2))


def _fitting(tokens: tuple[str, ...], width: float, role: Role) -> tuple[str, ...]:
    """The first tokens, as many as can be read side by side; two at least."""
    font = role_font(role)
    for count in range(min(len(tokens), MOST_COLUMNS), 2, -1):
        if max(advance(token, font) for token in tokens[:count]) + 6 <= width / count:
            return tokens[:count]
    return tokens[:2]


def _draw_lane(painter: QPainter, lane: QRectF, columns: int, backward: bool, theme: Theme) -> None:
    """The hidden state on its way from cell to cell."""
    across = lane.width() / columns
    y = lane.bottom() - min(9.0, lane.height() / 3)
    ends = [lane.left() + across * 0.5, lane.right() - across * 0.12]
    if backward:
        ends = [lane.right() - across * 0.5, lane.left() + across * 0.12]
    colour = theme.faded(theme.hue("h").mark, 0.7, theme.colours.bg2)
    wire(painter, [(ends[0], y), (ends[1], y)], colour, 1.6, head=True)


def _draw_cell(
    painter: QPainter, box: QRectF, values: Array | None, road: bool, theme: Theme
) -> None:
    """A cell: the road of its state above where it has one, and the first units of h below."""
    paint = theme.colours
    framed(painter, box, paint.line2, 5, 1, paint.bg1)
    inner = box.adjusted(4, 4, -4, -4)
    if road:
        stretch = QRectF(box.left() + 1, inner.top() + 1, box.width() - 2, 4)
        filled(painter, stretch, theme.faded(theme.hue("c").mark, 0.55))
        inner.setTop(stretch.bottom() + 3)
    if values is None or inner.height() < 4:
        filled(painter, inner, paint.bg3, 2)
        return
    count = max(1, min(len(values), int(inner.height() // 4), 8))
    column = np.asarray(values[:count], float)[:, None]
    draw_heat(painter, inner, values_image(column, map_of(theme, "h")), paint.bg1)


def _draw_series(painter: QPainter, box: QRectF, look: Look | None, theme: Theme) -> None:
    """A long series: every step's hidden state as an image, and below it what was read."""
    paint = theme.colours
    if look is None or not look.hidden or not len(look.hidden[0]):
        filled(painter, box, paint.bg3, 4)
        return
    hidden = look.hidden[0]
    inputs = look.inputs
    low = 0.0 if inputs is None else min(4 + 8.0 * inputs.shape[1], 28.0)
    above = box.adjusted(0, 0, 0, -low)
    draw_heat(painter, above, values_image(hidden.T, map_of(theme, "h")))
    if inputs is not None:
        below = QRectF(box.left(), above.bottom() + 4, box.width(), low - 4)
        draw_heat(painter, below, values_image(inputs.T, map_of(theme, "x")), paint.bg2)
        y = below.top() - 2
        hairlines(painter, [(box.left(), y, box.right(), y)], paint.line)
