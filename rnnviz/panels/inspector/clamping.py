"""What the network would answer with a gate held shut, free and open: three choices, three bars."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.document.evaluate import Evaluation
from rnnviz.engine.arrays import Array
from rnnviz.engine.text import number as written
from rnnviz.panels.canvas.fonts import role_font, sans
from rnnviz.panels.canvas.strokes import filled, framed
from rnnviz.panels.canvas.text import Run, draw_in, draw_text, elided, middle, number, run
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.inspector.account import Account
from rnnviz.panels.inspector.items import ChoiceItem, OutcomeItem
from rnnviz.panels.inspector.sheet import Block, Sheet, Space
from rnnviz.panels.inspector.words import Title, Words
from rnnviz.panels.texts import translate

VALUES: tuple[float | None, ...] = (0.0, None, 1.0)


def clamp_blocks(
    account: Account, evaluation: Evaluation, answers: tuple[Array, ...] | None, waiting: bool
) -> list[Block]:
    """The section below a gate; `answers` are the predictions for `VALUES`, `[time, outputs]`."""
    operation = account.operation
    if operation is None or operation.kind != "sigmoid":
        return []
    remark = translate("Inspector", "at t = {step} only").format(step=account.step.place + 1)
    found: list[Block] = [
        Space(22, ruled=True),
        Title(translate("Inspector", "Clamp this gate"), remark),
        Choices(
            operation.name, float(operation.computed[account.unit]), _held(account, evaluation)
        ),
    ]
    if waiting:
        return [*found, Space(8), Words(translate("Inspector", "The answers are being computed …"))]
    if answers is None:
        return found
    step, unit, caption = _question(evaluation, answers[1])
    shares = tuple(float(one[step, unit]) for one in answers)
    is_share = evaluation.document.network.head is not None and len(answers[1][0]) > 1
    return [*found, Space(8), Words(caption), Outcomes(operation.name, shares, is_share)]


def _held(account: Account, evaluation: Evaluation) -> float | None:
    """At what the whole gate is held at this step; None where it is free, nan where in part."""
    operation = account.operation
    assert operation is not None
    place = (operation.path, account.step.place)
    holds = [h for h in evaluation.document.holds if (h.path, h.step) == place]
    if not holds:
        return None
    return holds[-1].value if holds[-1].unit is None else math.nan


def _question(evaluation: Evaluation, free: Array) -> tuple[int, int, str]:
    """Which probability is compared: that of the target of the last answer, else the likeliest."""
    document, step = evaluation.document, len(free) - 1
    targets = document.target_ids if isinstance(document.targets, tuple) else None
    unit = int(np.nan_to_num(free[step]).argmax())
    if targets is not None and step < len(targets) and 0 <= targets[step] < free.shape[1]:
        unit = int(targets[step])
    name = document.answers[unit] if unit < len(document.answers) else str(unit + 1)
    words = document.sequence
    if free.shape[1] == 1:
        text = translate("Inspector", "Output at t = {step} if all units are clamped")
        return step, 0, text.format(step=step + 1)
    if document.network.single or not isinstance(words, tuple) or step >= len(words):
        return (
            step,
            unit,
            translate("Inspector", "P({name}) if all units are clamped").format(name=name),
        )
    text = translate("Inspector", "P({name}) at “{word}” if all units are clamped")
    return step, unit, text.format(name=name, word=words[step])


def _word(name: str, value: float | None, free: float) -> str:
    """What a choice does, in a word."""
    if value is None:
        return written(free)
    if name == "f":
        return translate("Inspector", "keep all") if value else translate("Inspector", "erase")
    if name == "i":
        return (
            translate("Inspector", "write all")
            if value
            else translate("Inspector", "write nothing")
        )
    return translate("Inspector", "open") if value else translate("Inspector", "shut")


@final
@dataclass(frozen=True)
class Choices:
    """Three buttons: 0, free, 1."""

    name: str
    free: float
    held: float | None

    def height(self, _: float, __: Theme) -> float:
        """As in the design."""
        return 46.0

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw the buttons; the one that is true now is framed."""
        wide = (box.width() - 16) / 3
        for place, value in enumerate(VALUES):
            area = QRectF(box.left() + place * (wide + 8), box.top(), wide, box.height())
            self._draw_one(sheet, area, value)

    def _draw_one(self, sheet: Sheet, area: QRectF, value: float | None) -> None:
        theme, item, colours = sheet.theme, ChoiceItem(value), sheet.theme.colours
        on = self.held == value
        edge = colours.tx1 if on else colours.line2 if sheet.hovered == item else colours.line
        framed(sheet.painter, area, edge, 6, 1.6 if on else 1, colours.bg2)
        label = translate("Inspector", "free") if value is None else f"{value:g}"
        upper = area.adjusted(4, 4, -4, -area.height() / 2 + 1)
        draw_in(sheet.painter, upper, Run(label, sans(13, 600), colours.tx1))
        word = _word(self.name, value, self.free)
        lower = area.adjusted(4, area.height() / 2, -4, -5)
        draw_in(sheet.painter, lower, run(word, theme.type.hint, colours.tx3))
        sheet.note(area, item, f"{label}: {word}")


@final
@dataclass(frozen=True)
class Outcomes:
    """The answers as bars."""

    name: str
    shares: tuple[float, ...]
    is_share: bool

    def height(self, _: float, __: Theme) -> float:
        """Three rows."""
        return 22.0 * len(self.shares) + 4

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw the bars from 0 to 1; a number that is no probability has no bar."""
        theme = sheet.theme
        font = role_font(theme.type.control)
        for place, (value, share) in enumerate(zip(VALUES, self.shares, strict=True)):
            y = box.top() + 4 + 22 * place + 11
            label = translate("Inspector", "free") if value is None else f"{self.name} = {value:g}"
            ink = theme.colours.tx1 if value is None else theme.colours.tx2
            draw_text(sheet.painter, box.left(), middle(font, y), elided(Run(label, font, ink), 46))
            track = QRectF(box.left() + 50, y - 6, box.width() - 100, 12)
            if self.is_share:
                _draw_share(sheet.painter, track, share, value is None, theme)
            strong = Run(number(share), role_font(theme.type.control_on), theme.colours.tx1)
            draw_text(sheet.painter, box.right(), middle(font, y), strong, "end")
            row = QRectF(box.left(), y - 11, box.width(), 22)
            sheet.note(row, OutcomeItem(value), f"{label}: {number(share, 3)}")


def _draw_share(painter: QPainter, track: QRectF, share: float, strong: bool, theme: Theme) -> None:
    filled(painter, track, theme.colours.bg3, 2)
    if np.isfinite(share):
        wide = max(track.width() * min(max(share, 0.0), 1.0), 1.5)
        ink = theme.colours.tx1 if strong else theme.colours.tx3
        filled(painter, QRectF(track.left(), track.top(), wide, track.height()), ink, 2)
