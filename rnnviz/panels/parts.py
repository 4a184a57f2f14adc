"""Which layer and direction a chart shows, and the chips that choose another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.document.document import Document
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.labels import draw_choice
from rnnviz.panels.canvas.strokes import framed
from rnnviz.panels.canvas.text import Line, draw_text, run
from rnnviz.panels.gestures import Item
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate
from rnnviz.session.selection import first_selection, parts

CHIP, HIGH, APART = 38.0, 18.0, 4.0


@final
@dataclass(frozen=True)
class PartChip:
    """The chip that shows a layer and direction."""

    part: str


def part_of(sight: Sight) -> str:
    """The part that a chart shows: the selected one, or that in which the selected thing stands."""
    return part_in(sight.document, sight.selection.part)


def part_in(document: Document, part: str) -> str:
    """The part itself, the first of a layer, or for the head and all else that of `h`."""
    known = parts(document)
    if part in known:
        return part
    inner = next((name for name in known if part and name.startswith(f"{part}/")), None)
    return inner or first_selection(document).part


def short_words(part: str) -> str:
    """A layer and direction in few letters, such as `1 →`, or `E1 ←` in an encoder."""
    pieces = part.split("/")
    number = int(pieces[-2].removeprefix("layer")) + 1
    side = {"encoder": "E", "decoder": "D"}.get(pieces[0], "")
    return f"{side}{number} {'←' if pieces[-1] == 'backward' else '→'}"


def long_words(part: str) -> str:
    """A layer and direction in words."""
    pieces = part.split("/")
    text = translate("Parts", "layer {number}, reads forward")
    if pieces[-1] == "backward":
        text = translate("Parts", "layer {number}, reads backward")
    side = ""
    if pieces[0] == "encoder":
        side = translate("Parts", "encoder") + ", "
    elif pieces[0] == "decoder":
        side = translate("Parts", "decoder") + ", "
    return side + text.format(number=int(pieces[-2].removeprefix("layer")) + 1)


def describe_part(chip: PartChip, sight: Sight) -> Line:
    """What a chip says."""
    return (run(long_words(chip.part), sight.theme.type.control, sight.theme.colours.tx1),)


def chips_height(document: Document, present: bool) -> float:
    """How much room the chips need above a chart; none where there is but one part."""
    if len(parts(document)) < 2:
        return 0.0
    return (HIGH + 6) * (1.5 if present else 1.0)


def chips_width(document: Document, present: bool) -> float:
    """How much room the chips wish for from left to right; none where there is but one part."""
    count = len(parts(document))
    return (CHIP * (1.5 if present else 1.0) + APART) * count - APART if count > 1 else 0.0


def draw_part_chips(
    painter: QPainter, hits: HitMap[Item], box: QRectF, sight: Sight, chosen: str
) -> None:
    """A chip for each layer and direction, where there are several; the chosen one is filled."""
    known = list(parts(sight.document))
    if len(known) < 2:
        return
    grown = 1.5 if sight.present else 1.0
    wide = min(CHIP * grown, (box.width() + APART) / len(known) - APART)
    for number, part in enumerate(known):
        chip = QRectF(box.left() + number * (wide + APART), box.top(), wide, HIGH * grown)
        draw_choice(painter, chip, short_words(part), sight.theme, part == chosen, sight.present)
        spot = sight.hover
        if spot is not None and spot.path.rpartition("/")[0] == part != chosen:
            framed(painter, chip, sight.theme.colours.tx1, 5)
        hits.add(chip, PartChip(part))


def draw_part_name(
    painter: QPainter, at: tuple[float, float, float], part: str, sight: Sight
) -> float:
    """Layer and direction; gives where what stands left of it ends."""
    left, right, base = at
    role, ink = sight.theme.type.control, sight.theme.colours.tx2
    name = run(short_words(part), role, ink, sight.present)
    if right - name.width < left:
        return right
    draw_text(painter, right, base, name, "end")
    return right - name.width - 14
