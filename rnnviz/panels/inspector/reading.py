"""What each arrow of a layer that reads both ways has read, as chips; and the joined formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

from PySide6.QtCore import QRectF

from rnnviz.document.evaluate import Evaluation
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.icons import draw_icon
from rnnviz.panels.canvas.strokes import framed
from rnnviz.panels.canvas.text import advance, draw_in, run
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.inspector.account import Account
from rnnviz.panels.inspector.items import TokenItem
from rnnviz.panels.inspector.sheet import Block, Sheet, Space
from rnnviz.panels.inspector.words import Title
from rnnviz.panels.texts import translate

Way = Literal["forward", "backward"]
CHIP, ROW, LEAST, MOST = 22.0, 27.0, 26.0, 120.0
WORDS_MOST = 24
"""Words of one arrow that are shown; of more, those nearest to the step."""


def reading_blocks(account: Account, evaluation: Evaluation) -> list[Block]:
    """The section below a state or an output of a layer with two directions; else nothing."""
    run_, operation = account.step.run, account.operation
    if len(run_.layer.directions) < 2 or operation is None:
        return []
    is_state = operation.name in run_.layer.cell.states
    if not (is_state or operation.scope in ("output", "head")):
        return []
    step, steps = account.step.place, len(run_.x)
    words = _words(account, evaluation, steps)
    ways: tuple[Way, ...] = ("forward", "backward")
    found: list[Block] = [
        Space(22, ruled=True),
        Title(translate("Inspector", "What each arrow has read")),
    ]
    for way in ways:
        read = range(step + 1) if way == "forward" else range(steps - 1, step - 1, -1)
        left_out = len(read) > WORDS_MOST
        read = read[-WORDS_MOST:]
        chips = tuple((place, words[place]) for place in read)
        found.append(Arrow(way, chips, step, left_out))
    return found


def _words(account: Account, evaluation: Evaluation, steps: int) -> tuple[str, ...]:
    """The words of the layer's own sequence, or the numbers of its steps."""
    sequence = evaluation.document.sequence
    is_decoder = account.subject.part.startswith("decoder/")
    if isinstance(sequence, tuple) and len(sequence) == steps and not is_decoder:
        return sequence
    return tuple(str(step + 1) for step in range(steps))


@final
@dataclass(frozen=True)
class Arrow:
    """One direction.

    Attributes
    ----------
    way : "forward" or "backward"
        Which.
    chips : tuple
        The step and the word of each, in the order of reading.
    current : int
        The step that is looked at.
    left_out : bool
        Whether there were more before.
    """

    way: Way
    chips: tuple[tuple[int, str], ...]
    current: int
    left_out: bool

    def _places(self, wide: float, theme: Theme) -> list[QRectF]:
        font = role_font(theme.type.control)
        found, x, y = [], 26.0, 0.0
        for _, word in self._shown:
            size = min(max(advance(word, font) + 16, LEAST), MOST, wide - 26)
            if x + size > wide and x > 26:
                x, y = 26.0, y + ROW
            found.append(QRectF(x, y, size, CHIP))
            x += size + 6
        return found

    @property
    def _shown(self) -> tuple[tuple[int, str], ...]:
        dots = ((-1, "\N{HORIZONTAL ELLIPSIS}"),) if self.left_out else ()
        return (*dots, *self.chips)

    def height(self, wide: float, theme: Theme) -> float:
        """As many rows of chips as there is need of."""
        return self._places(wide, theme)[-1].bottom() + 8

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw the arrow and the chips."""
        theme, colours = sheet.theme, sheet.theme.colours
        name = "arrow-right" if self.way == "forward" else "arrow-left"
        icon = QRectF(box.left(), box.top() + 3, 16, 16)
        draw_icon(sheet.painter, name, icon, theme.hue("h").mark)
        places = self._places(box.width(), theme)
        for (step, word), place in zip(self._shown, places, strict=True):
            area = place.translated(box.topLeft())
            on = step == self.current
            edge, wide = (colours.tx1, 1.6) if on else (colours.line, 1.0)
            framed(sheet.painter, area, edge, CHIP / 2, wide, colours.bg2)
            role = theme.type.control_on if on else theme.type.control
            draw_in(sheet.painter, area.adjusted(6, 0, -6, 0), run(word, role, colours.tx1))
            if step >= 0:
                text = translate("Inspector", "t = {step}: {word}")
                item = TokenItem(self.way, step)
                sheet.note(area, item, text.format(step=step + 1, word=word))
