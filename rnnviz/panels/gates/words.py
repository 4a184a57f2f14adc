"""What the picture of the gates says: tips, the legend in the title's line, rows for a table."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.text import split_name
from rnnviz.panels.canvas.fonts import italic, role_font
from rnnviz.panels.canvas.heat import draw_colour_bar
from rnnviz.panels.canvas.text import Line, Run, draw_line, draw_text, middle, number, run, symbol
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gates.blocks import Block, Seen
from rnnviz.panels.gates.items import Badge, Cell, ViewButton
from rnnviz.panels.gestures import Item, Table
from rnnviz.panels.overflow import OverflowWord, overflow_tip
from rnnviz.panels.parts import PartChip, describe_part, draw_part_name
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate
from rnnviz.session.selection import parts

BAR = 60.0
"""The width of the legend's colour bar."""


def describe(item: Item, seen: Seen, sight: Sight, bars: bool) -> Line:
    """What an item says."""
    match item:
        case Cell():
            return cell_line(item, seen, sight.theme)
        case Badge(path):
            return _badge_line(path, seen, sight.theme)
        case PartChip():
            return describe_part(item, sight)
        case ViewButton():
            text = translate("GatesPanel", "Show the bars of one step (B)")
            if bars:
                text = translate("GatesPanel", "Show all steps (B)")
        case OverflowWord():
            text = overflow_tip()
        case _:
            return ()
    return (run(text, sight.theme.type.control, sight.theme.colours.tx1),)


def cell_line(cell: Cell, seen: Seen, theme: Theme, value: float | None = None) -> Line:
    """`f₃ unit 6 = 0.11`, with what it was before the edit, and whether it is held.

    `value` takes the place of the computed one, as during a drag.
    """
    block = seen.block(cell.path)
    if block is None or not (cell.step < seen.steps and cell.unit < seen.units):
        return ()
    role, paint = theme.type.control, theme.colours
    shown = float(block.values[cell.step, cell.unit]) if value is None else value
    unit = translate("GatesPanel", " unit {unit} = ").format(unit=cell.unit + 1)
    line = [
        *_named(block, str(cell.step + 1), theme),
        run(unit, role, paint.tx1),
        run(number(shown), theme.type.control_on, theme.hue(block.symbol).text),
    ]
    if value is not None:
        return tuple(line)  # short, so that it has room beside the column
    before = block.noticed(cell.unit, cell.step)
    if before is not None:
        text = translate("Charts", "   before {value}").format(value=number(before))
        line.append(run(text, role, paint.tx2))
    if seen.hold(cell.path, cell.unit, cell.step) is not None:
        line.append(run(translate("GatesPanel", "   held"), role, paint.tx2))
    return tuple(line)


def _named(block: Block, step: str, theme: Theme) -> Line:
    letter, index, _ = split_name(block.role.name)
    lower = f"{index},{step}" if index and step else index or step
    return symbol(letter, lower, theme, 13, theme.hue(block.symbol).text)


def _badge_line(path: str, seen: Seen, theme: Theme) -> Line:
    block = seen.block(path)
    if block is None:
        return ()
    text = {
        "gate": translate("GatesPanel", ": a gate, from 0 (shut) to 1 (open)"),
        "candidate": translate("GatesPanel", ": the candidate, what may be written"),
        "state": translate("GatesPanel", ": the hidden state"),
        "sum": translate("GatesPanel", ": the weighted sum before it is squashed"),
    }[block.role.kind]
    return (*_named(block, "", theme), run(text, theme.type.control, theme.colours.tx1))


def draw_legend(painter: QPainter, box: QRectF, seen: Seen, sight: Sight, bars: bool) -> None:
    """The scales at the right end of the title's line; what has no room is left out."""
    y = box.center().y()
    base = middle(role_font(sight.theme.type.small, sight.present), y)
    at = (box.left(), box.right(), base)
    if len(parts(sight.document)) > 1:
        at = (box.left(), draw_part_name(painter, at, seen.part, sight), base)
    if bars:
        return
    for block in reversed([block for block in seen.blocks if block.is_signed]):
        at = (box.left(), _signed(painter, at, block, sight), base)
    _draw_scale(painter, at, y, seen, sight)


def _draw_scale(
    painter: QPainter, at: tuple[float, float, float], y: float, seen: Seen, sight: Sight
) -> None:
    """The colours: of the gates with their letters and ends, else those that go both ways."""
    left, right, base = at
    theme, present = sight.theme, sight.present
    small, ink, wide = theme.type.small, theme.colours.tx3, BAR * (1.4 if present else 1.0)
    gates = [block for block in seen.blocks if not block.is_signed]
    ends = [run(text, small, ink, present) for text in ("0", "1")] if gates else []
    need = wide + sum(end.width + 5 for end in ends)
    if right - need < left:
        return
    if gates:
        draw_text(painter, right, base, ends[1], "end")
        draw_text(painter, right - need, base, ends[0])
        right -= ends[1].width + 5
    map_ = (gates or seen.blocks)[0].map(theme)
    draw_colour_bar(painter, QRectF(right - wide, y - 4, wide, 8), map_)
    names = "  ".join(split_name(block.role.name)[0] for block in gates)
    letters = Run(names, italic((small.present if present else small.px) * 1.2), ink)
    end = at[1] - need - 10
    if end - letters.width >= left:
        draw_text(painter, end, base, letters, "end")


def _signed(painter: QPainter, at: tuple[float, float, float], block: Block, sight: Sight) -> float:
    """`g ±1`; gives where what stands left of it ends."""
    left, right, base = at
    theme, present = sight.theme, sight.present
    small, ink = theme.type.small, theme.colours.tx3
    px = small.present if present else small.px
    letter = Run(split_name(block.role.name)[0], italic(px * 1.2), ink)
    scale = run(f" ±{block.high:.3g}", small, ink, present)
    wide = letter.width + scale.width
    if right - wide < left:
        return right
    draw_line(painter, right - wide, base, (letter, scale))
    return right - wide - 11


def table(seen: Seen) -> Table:
    """One row a step: the word, and every unit of every quantity."""
    names = [f"{block.role.name} {unit + 1}" for block in seen.blocks for unit in range(seen.units)]
    rows: list[list[object]] = [["step", "word", *names]]
    for step, word in enumerate(seen.words):
        values = [float(v) for block in seen.blocks for v in block.values[step]]
        rows.append([step + 1, word, *values])
    return rows
