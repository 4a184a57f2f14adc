"""The likeliest answers of a step as bars, with the right one marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from PySide6.QtCore import QRectF

from rnnviz.document.evaluate import Evaluation
from rnnviz.engine.losses import NO_TARGET
from rnnviz.panels.canvas.cells import OUTPUT_ROW, Output, draw_outputs
from rnnviz.panels.canvas.text import number
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.inspector.account import Account
from rnnviz.panels.inspector.items import AnswerItem
from rnnviz.panels.inspector.sheet import Block, Sheet, Space
from rnnviz.panels.texts import translate

MOST = 4


def answer_blocks(account: Account, evaluation: Evaluation) -> list[Block]:
    """The answers where the head reads the step and gives probabilities; else nothing."""
    operation, trace = account.operation, evaluation.trace
    at_head = operation is not None and operation.scope == "head"
    if not at_head or trace.logits is None or trace.predictions.shape[2] < 2:
        return []
    step = 0 if trace.network.single else account.step.place
    shares = trace.predictions[step, 0]
    answers = evaluation.document.answers
    target = _target(evaluation, step)
    order = np.argsort(-np.nan_to_num(shares), kind="stable")[:MOST].tolist()
    if target is not None and target not in order:
        order = [*order[: MOST - 1], target]
    rows = tuple(
        (int(unit), answers[unit] if unit < len(answers) else str(unit + 1), float(shares[unit]))
        for unit in order
    )
    return [Answers(rows, target), Space(10)]


def _target(evaluation: Evaluation, step: int) -> int | None:
    targets = evaluation.trace.batch.targets
    if targets is None or targets.dtype.kind != "i" or step >= len(targets):
        return None
    target = int(targets[step, 0])
    return None if target == NO_TARGET else target


@final
@dataclass(frozen=True)
class Answers:
    """The bars.

    Attributes
    ----------
    rows : tuple
        Number, name and probability of each answer.
    target : int or None
        The number of the right one.
    """

    rows: tuple[tuple[int, str, float], ...]
    target: int | None

    def height(self, _: float, __: Theme) -> float:
        """A row each."""
        return OUTPUT_ROW * len(self.rows)

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw the bars, and note what each says."""
        outputs = [Output(name, share, unit == self.target) for unit, name, share in self.rows]
        draw_outputs(sheet.painter, box, outputs, sheet.theme, 72.0)
        for place, (unit, name, share) in enumerate(self.rows):
            row = QRectF(box.left(), box.top() + place * OUTPUT_ROW, box.width(), OUTPUT_ROW)
            text = f"P({name}) = {number(share, 3)}"
            if unit == self.target:
                text = translate("Inspector", "{text}: the target").format(text=text)
            sheet.note(row, AnswerItem(unit), text)
