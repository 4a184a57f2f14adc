"""An equation in its box: symbols, live numbers, result, and the curve of its function."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import final

import numpy as np
from PySide6.QtCore import QRectF

from rnnviz.engine.evaluate import squash
from rnnviz.engine.rendering import GRADIENT, Piece, Pieces, plain
from rnnviz.engine.story import Lines
from rnnviz.engine.text import number as written
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.icons import draw_icon
from rnnviz.panels.canvas.strokes import dot, filled, framed, hairlines, pen, polyline
from rnnviz.panels.canvas.text import Line, draw_line, draw_text, formula, run, width
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item
from rnnviz.panels.inspector.items import ButtonItem, LineItem, ResultItem, WeightItem
from rnnviz.panels.inspector.sheet import Sheet, broken, shortened
from rnnviz.panels.texts import translate

PAD, ROW, RESULT, NOTE = 12.0, 27.0, 33.0, 20.0
ONWARD = 2.0
"""How much higher a box is for the small line below its result."""
SKETCH, SKETCH_HIGH = 80.0, 42.0
_TIMES = " \N{MIDDLE DOT} "
RANGES = {"sigmoid": 6.0, "tanh": 3.0, "relu": 3.0}


@final
@dataclass(frozen=True, eq=False)
class Equation:
    """One box.

    Attributes
    ----------
    number : int
        Which of the equations of the page.
    lines : Lines
        What stands in it.
    hue : str
        The quantity in whose colour the live point stands.
    is_gradient : bool
        Whether it is a chain rule.
    before : str
        The result before the last edit, where it was another; "" for none.
    onward : tuple of Piece
        What of a gradient goes on, in small letters; may be empty.
    weight : WeightItem or None
        The number of the second line that is a weight.
    weight_text : str
        As it is written there.
    path : str
        Where the trace has the result; "" where it cannot be held.
    """

    number: int
    lines: Lines
    hue: str
    is_gradient: bool = False
    before: str = ""
    onward: Pieces = ()
    weight: WeightItem | None = None
    weight_text: str = ""
    path: str = ""
    _laid: dict[tuple[float, str], _Laid] = field(default_factory=dict, repr=False)

    def height(self, wide: float, theme: Theme) -> float:
        """As many lines as there is need of."""
        return self._lay(wide, theme).high

    def _lay(self, wide: float, theme: Theme) -> _Laid:
        key = (wide, theme.name)
        if key not in self._laid:
            self._laid[key] = _laid_out(self, wide - 2 * PAD, theme)
        return self._laid[key]

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw the box and what stands in it."""
        theme, painter = sheet.theme, sheet.painter
        laid = self._lay(box.width(), theme)
        filled(painter, box, theme.colours.bg2, 8)
        left, y = box.left() + PAD, box.top() + 26.0
        for place, rows in enumerate((laid.symbols, laid.numbers)):
            for row in rows:
                self._draw_row(sheet, row, QRectF(left, y - 19, width(row), 25), place)
                y += ROW
        y += RESULT - ROW
        for place, row in enumerate(laid.result):
            if place:
                y += ROW
            self._draw_row(sheet, row, QRectF(left, y - 21, width(row), 28), 2)
        self._draw_result(sheet, left, y, laid)
        if laid.sketch:
            _draw_sketch(sheet, box, y + 9, self.lines, self.hue)
        self._draw_notes(sheet, box, y, laid)

    def _draw_row(self, sheet: Sheet, row: Line, box: QRectF, place: int) -> None:
        item = LineItem(self.number, place)
        if sheet.hovered == item:
            filled(sheet.painter, box.adjusted(-5, 0, 5, 2), sheet.theme.colours.bg3, 5)
        draw_line(sheet.painter, box.left(), box.bottom() - 6, row)
        texts = self.lines.texts
        sheet.note(box, item, texts[min(place, len(texts) - 1)])
        if place == 1 and self.weight is not None:
            self._note_weight(sheet, row, box)

    def _note_weight(self, sheet: Sheet, row: Line, box: QRectF) -> None:
        """The number of the line that is a weight can be pointed at on its own."""
        x = box.left()
        for part in row:
            text = part.text.strip(" ()=+")
            if text == self.weight_text and part.colour == sheet.theme.colours.tx1:
                mark = QRectF(x, box.top(), part.width, box.height())
                assert self.weight is not None
                say = translate("Inspector", "{name} = {value}: click to change it")
                name = self.weight.path.rpartition("/")[2]
                text = say.format(name=name, value=self.weight_text)
                sheet.note(mark, self.weight, text)
                if sheet.hovered == self.weight:
                    framed(sheet.painter, mark.adjusted(-3, 2, 3, 1), sheet.theme.colours.tx2, 4)
            x += part.width

    def _draw_result(self, sheet: Sheet, left: float, y: float, laid: _Laid) -> None:
        """The place of the last number: it is dragged, and typed."""
        last = laid.result[-1]
        if not last:
            return
        start = left + width(last) - last[-1].width
        box = QRectF(start - 2, y - 20, last[-1].width + 4, 27)
        item: Item = ResultItem(self.number)
        if self.path and not self.is_gradient:
            text = translate("Inspector", "{result}: drag up or down to hold it at a value")
            sheet.note(box, item, text.format(result=plain(self.lines.result).strip(" =")))
            if sheet.hovered == item:
                framed(sheet.painter, box, sheet.theme.colours.tx2, 5)
        if self.before and not self.lines.held:
            was = run(self.before, sheet.theme.type.small, sheet.theme.colours.tx3)
            draw_text(sheet.painter, box.center().x(), y + 15, was, "middle")

    def _draw_notes(self, sheet: Sheet, box: QRectF, y: float, laid: _Laid) -> None:
        """What is held, and what of a gradient goes on."""
        theme = sheet.theme
        if laid.onward and laid.beside:
            draw_line(sheet.painter, box.right() - PAD, y, laid.onward, "end")
        elif laid.onward:
            y += NOTE - 4
            draw_line(sheet.painter, box.left() + PAD, y, laid.onward)
        if self.lines.held:
            y += NOTE
            mark = QRectF(box.left() + PAD, y - 11, 13, 13)
            draw_icon(sheet.painter, "pin", mark, theme.colours.tx1)
            words = translate("Inspector", "held at {value}; click to release")
            text = words.format(value=written(self.lines.value))
            text = f"{text} ({self.before})" if self.before else text
            line = run(text, theme.type.control_on, theme.colours.tx1)
            draw_line(
                sheet.painter,
                mark.right() + 5,
                y,
                shortened((line,), box.right() - PAD - mark.right() - 5),
            )
            area = QRectF(mark.left(), y - 14, line.width + 20, 18)
            sheet.note(area, ButtonItem("release"), text)


@final
@dataclass(frozen=True)
class _Laid:
    """An equation laid out at one width."""

    symbols: list[Line]
    numbers: list[Line]
    result: list[Line]
    onward: Line
    beside: bool
    sketch: bool
    high: float


def _laid_out(equation: Equation, most: float, theme: Theme) -> _Laid:
    lines, px = equation.lines, theme.type.equation.px
    sketch = lines.function in RANGES and lines.argument is not None and most >= 210
    room = most - SKETCH if sketch else most
    first = broken(formula(lines.symbols, theme, px), most)
    second = broken(formula(_trimmed(lines.numbers), theme, px), most) if lines.numbers else []
    third = broken(_result(lines.result, theme, equation.is_gradient), room, 2)
    onward = formula(_onward(equation.onward), theme, theme.type.control.px, 400, theme.colours.tx2)
    beside = bool(onward) and width(third[-1]) + 20 + width(onward) <= room
    onward = onward if beside else shortened(onward, most)
    high = 26.0 + ROW * (len(first) + len(second) - 1) + RESULT + ROW * (len(third) - 1) + 20
    high += ONWARD * (bool(onward) and not beside) + NOTE * lines.held
    return _Laid(first, second, third, onward, beside, sketch, high)


def _trimmed(pieces: Pieces) -> Pieces:
    """A line without the space in front of its equals sign."""
    if pieces and pieces[0].text == " = ":
        return (replace(pieces[0], text="= "), *pieces[1:])
    return pieces


def _onward(pieces: Pieces) -> Pieces:
    """`to a_f: · f₂ · (1 − f₂) = 0.004` for `∂L/∂a_f = ∂L/∂f₂ · f₂ · (1 − f₂) = 0.004`."""
    texts = [piece.text for piece in pieces]
    if " = " not in texts or _TIMES not in texts:
        return pieces
    equals, times = texts.index(" = "), texts.index(_TIMES)
    name = [piece for piece in pieces[:equals] if not piece.text.startswith(GRADIENT)]
    if times < equals:
        return pieces
    return (Piece(translate("Inspector", "to ")), *name, Piece(": "), *pieces[times:])


def _result(pieces: Pieces, theme: Theme, is_gradient: bool) -> Line:
    """The last line: its last number stands large in the colour of the quantity."""
    pieces = _trimmed(pieces)
    if not pieces:
        return ()
    before = formula(pieces[:-1], theme, theme.type.equation.px)
    last = pieces[-1]
    symbol = "∂" if is_gradient else last.hue
    ink = theme.hue(symbol).text if symbol else theme.colours.tx1
    if not math.isfinite(_number(last.text)):
        ink = theme.colours.err
    return (*before, run(last.text, theme.type.result, ink))


def _number(text: str) -> float:
    return math.nan if text == "nan" or "\N{INFINITY}" in text else 0.0


def _draw_sketch(sheet: Sheet, box: QRectF, foot: float, lines: Lines, hue: str) -> None:
    """The curve of the function, with the live point on it."""
    theme, painter = sheet.theme, sheet.painter
    area = QRectF(box.right() - PAD - SKETCH + 2, foot - SKETCH_HIGH, SKETCH, SKETCH_HIGH)
    most, low = RANGES[lines.function], -1.0 if lines.function == "tanh" else 0.0
    high = most if lines.function == "relu" else 1.0

    def point(x: float) -> tuple[float, float]:
        value = float(squash(lines.function, np.array(x)))
        across = area.left() + area.width() * (x + most) / (2 * most)
        return across, area.bottom() - area.height() * (value - low) / (high - low)

    zero = area.bottom() - area.height() * (0 - low) / (high - low)
    centre = area.center().x()
    hairlines(
        painter,
        [(area.left(), zero, area.right(), zero), (centre, area.top(), centre, area.bottom())],
        theme.colours.line2,
    )
    steps = 32
    curve = [point(-most + 2 * most * n / steps) for n in range(steps + 1)]
    polyline(painter, curve, pen(theme.colours.tx3, 1.6))
    if lines.argument is not None and math.isfinite(lines.argument):
        ink: Colour = theme.hue(hue).mark
        dot(painter, point(max(-most, min(lines.argument, most))), 5, ink, theme.colours.bg2)
