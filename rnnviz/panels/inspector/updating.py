"""The page of the update: the weights before and after one step of gradient descent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from PySide6.QtCore import QRectF

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.what_if import Update, largest_changes
from rnnviz.engine.text import number as written
from rnnviz.engine.text import split_name
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.strokes import filled, framed
from rnnviz.panels.canvas.text import (
    Run,
    draw_line,
    draw_text,
    elided,
    middle,
    number,
    run,
    symbol,
)
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.inspector.items import ButtonItem, WeightItem
from rnnviz.panels.inspector.sheet import Block, Sheet, Space
from rnnviz.panels.inspector.words import Button, Title, Words
from rnnviz.panels.texts import translate

CHANGES, ROW = 8, 20.0


def update_blocks(evaluation: Evaluation, update: Update | None, waiting: bool) -> list[Block]:
    """What one step would change; a sentence while that is computed, or without targets."""
    if waiting:
        return [Words(translate("Inspector", "The loss after the step is being computed …"))]
    if update is None:
        return [Words(translate("Inspector", "Without targets there is no gradient to follow."))]
    found: list[Block] = [Rule(update)]
    if update.clipped is not None and update.clipped.cut:
        text = translate(
            "Inspector", "The gradient was clipped: its norm went from {old} to {new}."
        )
        old, new = update.clipped.norm_before, update.clipped.norm_after
        found += [Space(6), Words(text.format(old=written(old), new=written(new)))]
    found += [Space(16, ruled=True), Title(translate("Inspector", "Largest changes"))]
    weights = evaluation.document.weights
    for path, index in largest_changes(update, CHANGES):
        before, after = float(weights[path][index]), float(update.weights[path][index])
        found.append(Change(path, index, before, after))
    return [
        *found,
        Space(10),
        Button(translate("Inspector", "Keep this update"), ButtonItem("keep")),
    ]


@final
@dataclass(frozen=True, eq=False)
class Rule:
    """The rule of the step, and the loss before and after it."""

    update: Update

    def height(self, _: float, __: Theme) -> float:
        """Two lines in a box."""
        return 78.0

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw rule and losses."""
        theme, update = sheet.theme, self.update
        filled(sheet.painter, box, theme.colours.bg2, 8)
        px, ink = theme.type.equation.px, theme.colours.tx1
        gradient = theme.hue("∂").text
        line = (
            *symbol("w", "", theme, px, ink),
            run(" \N{LEFTWARDS ARROW} ", theme.type.equation, ink),
            *symbol("w", "", theme, px, ink),
            run(f" \N{MINUS SIGN} {update.rate:g} \N{MIDDLE DOT} ", theme.type.equation, ink),
            run("∂L/∂", theme.type.equation, gradient),
            *symbol("w", "", theme, px, gradient),
        )
        draw_line(sheet.painter, box.left() + 12, box.top() + 27, line)
        y = box.top() + 60
        loss = run(translate("Inspector", "loss "), theme.type.equation, theme.colours.tx2)
        before = run(written(update.before, 3), theme.type.equation, ink)
        arrow = run(" \N{RIGHTWARDS ARROW} ", theme.type.equation, theme.colours.tx3)
        after = run(written(update.after, 3), theme.type.result, ink)
        draw_line(sheet.painter, box.left() + 12, y, (loss, before, arrow, after))


@final
@dataclass(frozen=True)
class Change:
    """One weight before and after."""

    path: str
    index: tuple[int, ...]
    before: float
    after: float

    def height(self, _: float, __: Theme) -> float:
        """One row."""
        return ROW

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw the name, both numbers and the difference."""
        theme, item = sheet.theme, WeightItem(self.path, self.index)
        ink, y = theme.colours, box.center().y()
        if sheet.hovered == item:
            framed(sheet.painter, box.adjusted(-5, 0, 5, 0), ink.line2, 4)
        letter, lower, _ = split_name(self.path.rpartition("/")[2])
        place = ",".join(str(i + 1) for i in self.index)
        name = (
            *symbol(letter, lower, theme, 13.5, ink.tx2),
            run(f" {place}", theme.type.control, ink.tx2),
        )
        font = role_font(theme.type.control)
        base = middle(font, y)
        draw_line(sheet.painter, box.left(), base, name)
        numbers = f"{number(self.before, 3)} \N{RIGHTWARDS ARROW} {number(self.after, 3)}"
        with np.errstate(all="ignore"):
            change = written(self.after - self.before, 3)
        sign = "+" if self.after > self.before else ""
        right = Run(sign + change, font, theme.hue("∂").text)
        draw_text(sheet.painter, box.right(), base, right, "end")
        room = max(box.width() - 150, 40)
        draw_text(
            sheet.painter, box.right() - 60, base, elided(Run(numbers, font, ink.tx1), room), "end"
        )
        text = f"{self.path.rpartition('/')[2]} {place}: {numbers} ({sign}{change})"
        sheet.note(box, item, text)
