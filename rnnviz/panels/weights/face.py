"""Draws the whole panel of weights, and notes what is where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter

from rnnviz.engine.arrays import Array
from rnnviz.engine.text import number as written
from rnnviz.panels.canvas.controls import draw_value_field
from rnnviz.panels.canvas.hit import Field, HitMap
from rnnviz.panels.canvas.icons import draw_icon
from rnnviz.panels.canvas.segments import draw_segments
from rnnviz.panels.canvas.strokes import filled
from rnnviz.panels.canvas.text import draw_in, draw_line, elided, number, run, width
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item
from rnnviz.panels.texts import translate
from rnnviz.panels.weights.below import (
    draw_knob,
    draw_legend,
    draw_shares,
    knob_track,
    share_columns,
)
from rnnviz.panels.weights.drawing import (
    draw_button,
    draw_matrices,
    draw_track,
    title,
    weight_line,
)
from rnnviz.panels.weights.grid import Grid
from rnnviz.panels.weights.items import Button, KnobItem, ModeItem, ShareItem, TabItem, Track
from rnnviz.panels.weights.knobs import Knob
from rnnviz.panels.weights.looking import gradient_of, map_for, numbers_of
from rnnviz.panels.weights.model import Shown
from rnnviz.panels.weights.places import MODES, Mode, Places


def mode_names() -> tuple[str, ...]:
    """The ways of looking in words."""
    return (
        translate("Weights", "value"),
        translate("Weights", "gradient"),
        translate("Weights", "share"),
    )


def knob_words(knob: Knob) -> str:
    """What a slider is called; {name} stands for the weight."""
    if knob.kind == "radius":
        return translate("Weights", "scale spectral radius of {name}")
    return translate("Weights", "forget bias {name} (mean)")


@final
@dataclass(frozen=True, eq=False)
class Face:
    """What is drawn.

    Attributes
    ----------
    shown : Shown
        The weights.
    places : Places
        Where everything stands.
    tabs : tuple of str
        The labels of all tabs.
    tab : int
        The one that is open.
    mode : str
        The way of looking.
    signed : bool
        Whether gradients are shown with their signs.
    knobs : tuple of Knob
        The sliders.
    shares : array or None
        What the steps add to the chosen number's gradient.
    theme : Theme
        The colours.
    size : QSize
        Of the panel.
    """

    shown: Shown
    places: Places
    tabs: tuple[str, ...]
    tab: int
    mode: Mode
    signed: bool
    knobs: tuple[Knob, ...]
    shares: Array | None
    theme: Theme
    size: QSize

    def draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        """Draw everything."""
        self._draw_head(painter, hits)
        self._draw_grid(painter, hits)
        self._draw_value(painter, hits)
        for box, knob in zip(self.places.knobs, self.knobs, strict=False):
            draw_knob(painter, box, knob, knob_words(knob), self.theme)
            area = box if knob.value is None else knob_track(box)
            hits.add(area, KnobItem(knob.kind))
        if self.places.share is not None:
            self._draw_share(painter, hits, self.places.share)
        draw_segments(painter, self.places.modes, mode_names(), MODES.index(self.mode), self.theme)
        for box, mode in zip(self.places.modes, MODES, strict=True):
            hits.add(box, ModeItem(mode))
        self._draw_scroll(painter)

    def _draw_scroll(self, painter: QPainter) -> None:
        """How much of the panel is seen, at its right edge."""
        whole, wide, high = self.places.height, self.size.width(), self.size.height()
        if whole > high:
            top = (6 - self.places.head.top()) / whole * high
            bar = QRectF(wide - 6, top, 3, high * high / whole)
            filled(painter, bar, self.theme.colours.line2, 1.5)

    def _draw_head(self, painter: QPainter, hits: HitMap[Item]) -> None:
        places, theme = self.places, self.theme
        draw_in(painter, places.head, title(translate("Weights", "Weights"), theme), "start")
        labels = self.tabs[: len(places.tabs)]
        chosen = self.tab if self.tab < len(labels) else None
        draw_segments(painter, places.tabs, labels, chosen, theme)
        for place, box in enumerate(places.tabs):
            hits.add(box, TabItem(place))
        if places.more is not None:
            text = self.tabs[self.tab] if chosen is None else "\N{HORIZONTAL ELLIPSIS}"
            draw_button(painter, places.more, text, theme)
            hits.add(places.more, Button("more"))
        draw_icon(painter, "ellipsis", places.menu.adjusted(3, 3, -3, -3), theme.colours.tx2)
        hits.add(places.menu, Button("menu"))

    def _draw_grid(self, painter: QPainter, hits: HitMap[Item]) -> None:
        grid, theme = self.places.grid, self.theme
        map_ = map_for(self.mode, self.signed, theme)
        numbers = numbers_of(self.shown, self.mode)
        draw_matrices(painter, grid, self.shown, map_, numbers, theme)
        if not numbers:
            words = translate("Weights", "No targets, so there are no gradients")
            line = run(words, theme.type.hint, theme.colours.tx3)
            draw_in(painter, grid.box, elided(line, grid.box.width()))
        whole = QRectF(grid.box)
        hits.add_field(Field(whole, grid.at, grid.box_of))
        for box, way in ((self.places.across, "across"), (self.places.down, "down")):
            if box is not None:
                down = way == "down"
                draw_track(painter, box, seen(grid, down), down, theme)
                hits.add(box, Track("down" if down else "across"))

    def _draw_value(self, painter: QPainter, hits: HitMap[Item]) -> None:
        places, theme, cell = self.places, self.theme, self.shown.chosen
        value = self.shown.value(cell)
        name = weight_line(cell.path, theme)
        place = run(f" {self.shown.place(cell)}", theme.type.control, theme.colours.tx2)
        room = max(places.name.width() - width(name), 8)
        base = places.name.center().y() + 5
        draw_line(painter, places.name.left(), base, (*name, elided(place, room)))
        wrong = not np.isfinite(value)
        handle = draw_value_field(painter, places.field, number(value, 3), theme, wrong)
        hits.add(places.field, Button("field"))
        hits.add(handle, Button("handle"))
        marked = gradient_of(self.shown, cell) if self.mode == "gradient" else value
        map_ = map_for(self.mode, self.signed, theme)
        draw_legend(painter, places.legend, map_, marked, theme)
        if places.legend.width() >= 60:
            hits.add(places.legend, Button("legend"))

    def _draw_share(self, painter: QPainter, hits: HitMap[Item], box: QRectF) -> None:
        shares, theme = self.shares, self.theme
        if shares is None:
            words = translate("Weights", "A step has no share of this gradient")
            if self.shown.gradients is None:
                words = translate("Weights", "No targets, so there are no gradients")
            elif self.shown.is_unshared:
                words = translate("Weights", "Each step has weights of its own")
            draw_in(
                painter, box, elided(run(words, theme.type.hint, theme.colours.tx3), box.width())
            )
            return
        label = translate("Weights", "the same weight, used at every step")
        with np.errstate(all="ignore"):
            total = written(float(shares.sum()), 3)
        words = translate("Weights", "sum = {total}").format(total=total)
        step = self.shown.at(len(shares))
        draw_shares(painter, box, shares, step, (label, words), theme)
        column = share_columns(box, len(shares))
        area = column(0).united(column(len(shares) - 1))

        def at(point: object) -> Item | None:
            x = point.x()  # type: ignore[attr-defined]
            place = int((x - area.left()) / area.width() * len(shares))
            return ShareItem(max(0, min(place, len(shares) - 1)))

        def box_of(item: Item) -> QRectF | None:
            return column(item.step) if isinstance(item, ShareItem) else None

        hits.add_field(Field(area, at, box_of))


def seen(grid: Grid, down: bool) -> tuple[float, float]:
    """Which part of the rows, or of the columns, is seen: from and to, 0 to 1."""
    if down:
        rows = grid.shown_rows
        return rows.start / grid.rows, rows.stop / grid.rows
    count = sum(piece.stop - piece.start for piece in grid.pieces)
    return grid.first_column / grid.columns, (grid.first_column + count) / grid.columns
