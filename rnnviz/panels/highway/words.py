"""What the highway says: titles, tips, the legend, rows for a table."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.rendering import MINUS
from rnnviz.engine.text import split_name
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.strokes import dot, filled
from rnnviz.panels.canvas.text import (
    Line,
    Run,
    draw_line,
    formula,
    middle,
    number,
    run,
    symbol,
    width,
)
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item, Table
from rnnviz.panels.highway.items import Sum, UnitName
from rnnviz.panels.highway.sums import Addend, Seen
from rnnviz.panels.overflow import OverflowWord, overflow_tip
from rnnviz.panels.parts import PartChip, describe_part, draw_part_name
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate
from rnnviz.session.selection import parts


def caption(seen: Seen) -> str:
    """The title: the cell's road, or how its hidden state comes about."""
    found = seen.balance
    if found.state != seen.cell.states[0]:
        return translate("PanelInfo", "Cell-state highway")
    if found.keeps:
        return translate("HighwayPanel", "Hidden state: kept and new")
    if seen.function:
        text = translate("HighwayPanel", "Hidden state: the sum before {function}")
        return text.format(function=seen.function)
    return translate("HighwayPanel", "Hidden state: the sum in it")


def name_of(addend: Addend, seen: Seen, theme: Theme, px: float = 12) -> Line:
    """A term in a word, or as it is written."""
    hue = theme.hue(addend.symbol).text
    role = theme.type.control
    words = {
        "kept": translate("HighwayPanel", "kept"),
        "wrote": translate("HighwayPanel", "wrote"),
    }
    if seen.balance.state == seen.cell.states[0]:
        words["wrote"] = translate("HighwayPanel", "new")
    several = sum(other.kind == addend.kind for other in seen.addends) > 1
    if addend.kind in words and not several:
        return (Run(words[addend.kind], role_font(role, px > 13), hue),)
    return formula(addend.pieces(seen.cell), theme, px, 500, hue)


def describe(item: Item, seen: Seen, sight: Sight) -> Line:
    """What an item says."""
    role, ink = sight.theme.type.control, sight.theme.colours.tx1
    match item:
        case Sum(unit, step) if step < seen.steps and unit < seen.units:
            return sum_line(seen, unit, step, sight.theme)
        case UnitName(unit):
            text = translate("HighwayPanel", "unit {unit}").format(unit=unit + 1)
            return (run(text, role, ink),)
        case PartChip():
            return describe_part(item, sight)
        case OverflowWord():
            return (run(overflow_tip(), role, ink),)
    return ()


def sum_line(seen: Seen, unit: int, step: int, theme: Theme) -> Line:
    """`c₃ = 0.09 kept − 0.95 wrote = −0.86`."""
    role, bold, ink = theme.type.control, theme.type.control_on, theme.colours.tx1
    found, time = seen.balance, str(step + 1)
    line = [*_symbol(found.total, time, theme, seen), run(" = ", role, ink)]
    for place, addend in enumerate(seen.addends):
        value = float(addend.values[step, unit])
        sign = ""
        if place:
            sign = f" {MINUS} " if value < 0 else " + "
            value = abs(value)
        hue = theme.hue(addend.symbol).text
        line += [run(sign, role, ink), run(number(value), bold, hue), run(" ", role, ink)]
        line += name_of(addend, seen, theme)
    total = float(seen.total[step, unit])
    if len(seen.addends) > 1 or seen.is_held(unit, step):
        between = " = "
        if seen.is_held(unit, step):
            between = translate("HighwayPanel", ", but held: ")
        line += [run(between, role, ink), run(number(total), bold, ink)]
    line += _squashed(seen, unit, step, theme)
    old = seen.noticed(unit, step)
    if old is not None:
        text = translate("Charts", "   before {value}").format(value=number(old))
        line.append(run(text, role, theme.colours.tx2))
    text = translate("HighwayPanel", "   unit {unit}").format(unit=unit + 1)
    return (*line, run(text, role, theme.colours.tx2))


def _squashed(seen: Seen, unit: int, step: int, theme: Theme) -> list[Run]:
    """What becomes of the sum, where it is not the state itself."""
    if seen.balance.is_state:
        return []
    role, ink = theme.type.control, theme.colours.tx1
    letter, index, _ = split_name(seen.balance.state)
    time = str(step + 1)
    state = symbol(letter, f"{index},{time}" if index else time, theme, 12)
    between = f" = {seen.function} = " if seen.function else " = "
    value = number(float(seen.state[step, unit]))
    hue = theme.hue(seen.balance.state).text
    words = run(between, role, ink), run(value, theme.type.control_on, hue)
    return [run("   ", role, ink), *state, *words]


def _symbol(name: str, time: str, theme: Theme, seen: Seen) -> Line:
    """The name of the sum; one without a name of its own is called a sum."""
    if not name.isidentifier():
        text = translate("HighwayPanel", "sum")
        return (run(text, theme.type.control, theme.colours.tx1),)
    letter, index, _ = split_name(name)
    hue = theme.hue(seen.balance.state).text
    return symbol(letter, f"{index},{time}" if index else time, theme, 13, hue)


def legend_width(seen: Seen, sight: Sight) -> float:
    """How much room the legend takes."""
    entries = _entries(seen, sight)
    return sum(width(entry.line) + _lead(sight) for entry in entries) - 12


def _lead(sight: Sight) -> float:
    """A mark, and the room before the next."""
    return 34.0 if sight.present else 26.0


@dataclass(frozen=True)
class _Entry:
    colour: Colour
    line: Line
    is_dot: bool = False


def _entries(seen: Seen, sight: Sight) -> list[_Entry]:
    """The terms, and the state where that is not their sum."""
    theme, px = sight.theme, 19.0 if sight.present else 12.0
    made = [
        _Entry(theme.hue(addend.symbol).mark, name_of(addend, seen, theme, px))
        for addend in seen.addends
    ]
    if not seen.balance.is_state:
        state = seen.balance.state
        letter, index, _ = split_name(state)
        made.append(_Entry(theme.hue(state).mark, symbol(letter, index, theme, px), is_dot=True))
    return made


def draw_legend(painter: QPainter, box: QRectF, seen: Seen, sight: Sight, terms: bool) -> None:
    """The colours of the terms at the right end of a line, and the part where there are several."""
    y, right = box.center().y(), box.right()
    base = middle(role_font(sight.theme.type.control, sight.present), y)
    if len(parts(sight.document)) > 1:
        right = draw_part_name(painter, (box.left(), right, base), seen.part, sight)
    if terms:
        draw_terms(painter, right - legend_width(seen, sight), y, seen, sight)


def draw_terms(painter: QPainter, x: float, y: float, seen: Seen, sight: Sight) -> None:
    """A square of each term's colour, and its name; `y` is their middle."""
    base = middle(role_font(sight.theme.type.control, sight.present), y)
    side = 14.0 if sight.present else 9.0
    for entry in _entries(seen, sight):
        if entry.is_dot:
            dot(painter, (x + side / 2, y), side * 0.3, entry.colour)
        else:
            filled(painter, QRectF(x, y - side / 2, side, side), entry.colour, 2)
        x = draw_line(painter, x + side + 5, base, entry.line) + _lead(sight) - side - 5


def table(seen: Seen) -> Table:
    """One row a step and unit: each term, and the sum."""
    names = [
        addend.kind if addend.kind != "term" else "".join(map(str, addend.pieces(seen.cell)))
        for addend in seen.addends
    ]
    rows: list[list[object]] = [["step", "word", "unit", *names, seen.balance.total]]
    for step, word in enumerate(seen.words):
        for unit in range(seen.units):
            values = [float(addend.values[step, unit]) for addend in seen.addends]
            rows.append([step + 1, word, unit + 1, *values, float(seen.total[step, unit])])
    return rows
