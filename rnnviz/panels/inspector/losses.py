"""The page of the loss: its formula with numbers, and the loss of each step."""

from __future__ import annotations

import numpy as np

from rnnviz.document.evaluate import Evaluation
from rnnviz.engine.errors import EngineError
from rnnviz.engine.text import number as written
from rnnviz.panels.inspector.bars import Bar, Bars
from rnnviz.panels.inspector.items import LossItem
from rnnviz.panels.inspector.sheet import Block, Space
from rnnviz.panels.inspector.words import Title, Words
from rnnviz.panels.texts import translate

MOST = 10


def loss_blocks(evaluation: Evaluation) -> list[Block]:
    """The losses of the steps that count, the largest where there are many, and their sum."""
    document = evaluation.document
    try:
        losses = evaluation.trace.losses(document.loss_steps)[:, 0]
    except EngineError:
        return [Words(translate("Inspector", "Without targets there is no loss."))]
    counted = np.flatnonzero(losses)
    total = evaluation.loss
    remark = "" if total is None else translate("Inspector", "sum = {value}")
    title = Title(
        translate("Inspector", "Loss of each step"),
        remark.format(value=written(total, 3)) if total is not None else "",
    )
    if len(counted) > MOST:
        counted = np.sort(counted[np.argsort(-losses[counted], kind="stable")[:MOST]])
    bars = tuple(
        Bar(LossItem(int(t)), _label(evaluation, int(t)), float(losses[t]), "∂", digits=3)
        for t in counted
    )
    found: list[Block] = [Space(16, ruled=True), title]
    if bars:
        found.append(Bars(bars))
    if len(bars) < np.count_nonzero(losses):
        text = translate("Inspector", "The {count} largest of {all}.")
        count = int(np.count_nonzero(losses))
        found.append(Words(text.format(count=len(bars), all=count)))
    return found


def _label(evaluation: Evaluation, step: int) -> str:
    """The step, and its word where the network reads words."""
    document = evaluation.document
    if document.network.single:
        step = evaluation.trace.steps - 1
    label = translate("Inspector", "t = {step}").format(step=step + 1)
    sequence = document.sequence
    if not isinstance(sequence, tuple) or document.network.single or step >= len(sequence):
        return label
    if document.target_vocabulary is not None:
        return label
    return f"{label}  {sequence[step]}"
