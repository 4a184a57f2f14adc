"""What the outputs say: tips, the legend with the score on held-out data, rows for a table."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.document.document import Document
from rnnviz.document.history import Score
from rnnviz.panels.canvas.text import Line, draw_line, elided, middle, number, run, size, width
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item, Table
from rnnviz.panels.outputs.answers import Answers
from rnnviz.panels.outputs.items import (
    AnswerAt,
    Choice,
    ClassAt,
    LossAt,
    NumberAt,
    PathScore,
    TargetPoint,
    Total,
)
from rnnviz.panels.texts import translate

DOT = "  \N{MIDDLE DOT}  "


def describe(item: Item, answers: Answers, theme: Theme) -> Line:
    """What an item says."""
    role, ink = theme.type.control, theme.colours.tx1
    return tuple(run(text, role, ink) for text in [_text(item, answers)] if text)


def _text(item: Item, answers: Answers) -> str:
    match item:
        case ClassAt(step, output) if step < answers.steps and output < answers.outputs:
            return _class(answers, step, output)
        case AnswerAt(step) if step < answers.steps:
            return _answer(answers, step)
        case LossAt(step) if answers.losses is not None and step < answers.steps:
            return _loss(answers, step)
        case NumberAt(step, output) | TargetPoint(step, output) if step < answers.steps:
            return _number(answers, step, output)
        case Choice(steps):
            return _choices()[steps]
        case Total():
            return _total(answers)
        case PathScore():
            return _scores(answers)
    return ""


def _choices() -> dict[str, str]:
    return {
        "every": translate("Outputs", "The losses of all steps count"),
        "last": translate("Outputs", "Only the loss of the last step counts"),
    }


def _at(answers: Answers, step: int) -> str:
    return "" if answers.single else f"t = {step + 1}" + DOT


def _class(answers: Answers, step: int, output: int) -> str:
    name, value = answers.names[output], float(answers.values[step, output])
    logit = translate("Outputs", "logit {value}")
    if answers.is_chain:
        logit = translate("Outputs", "emission {value}")
    parts = [
        f"p({name}) = {number(value, 3)}",
        logit.format(value=number(float(answers.logits[step, output]), 3)),
    ]
    if answers.targets[step] == output:
        parts.append(translate("Outputs", "target"))
    return _at(answers, step) + DOT.join(parts)


def _answer(answers: Answers, step: int) -> str:
    name, target = answers.names[int(answers.chosen[step])], int(answers.targets[step])
    said = translate("Outputs", "answer {name}").format(name=name)
    if target < 0:
        return _at(answers, step) + said
    if target == answers.chosen[step]:
        return _at(answers, step) + said + ", " + translate("Outputs", "right")
    wanted = translate("Outputs", "wrong: {name} is right").format(name=answers.names[target])
    return _at(answers, step) + said + ", " + wanted


def _loss(answers: Answers, step: int) -> str:
    assert answers.losses is not None
    text = f"L{step + 1} = {size(float(answers.losses[step]), 3)}"
    if answers.single or answers.is_chain:
        return text
    counts = translate("Outputs", "counts"), translate("Outputs", "does not count")
    return text + DOT + counts[0 if answers.counts[step] else 1]


def _number(answers: Answers, step: int, output: int) -> str:
    name = answers.names[output] if output < len(answers.names) else str(output + 1)
    text = f"{name} = {number(float(answers.values[step, output]), 3)}"
    wanted = float(answers.wanted[step, output])
    if isfinite(wanted):
        target = translate("Outputs", "target {value}").format(value=number(wanted, 3))
        text += DOT + target
    return _at(answers, step) + text


def _total(answers: Answers) -> str:
    loss = answers.evaluation.loss
    if loss is None:
        return ""
    if answers.is_chain:
        return translate("Outputs", "L = log Z − score of the right tags = {loss}").format(
            loss=size(loss, 3)
        )
    if answers.single:
        return translate("Outputs", "L = {loss}").format(loss=size(loss, 3))
    counted = int(answers.counts.sum())
    words = translate("Outputs", "L = {loss}, the sum over {count} of {steps} steps")
    return words.format(loss=size(loss, 3), count=counted, steps=answers.steps)


def _scores(answers: Answers) -> str:
    if not answers.is_chain:
        return ""
    words = translate("Outputs", "Score of the best path {best}; of the likeliest tag each {one}")
    return words.format(
        best=number(answers.chain.score, 3), one=number(answers.chain.single_score, 3)
    )


def nothing(document: Document) -> str:
    """Why there is nothing to be seen."""
    if document.network.head is None:
        return translate("Outputs", "This network has no outputs: choose a task for it")
    if document.vocabulary is None:
        return translate("Outputs", "There are no steps yet")
    return translate("Outputs", "Type a sentence to see what comes out")


def draw_score(painter: QPainter, box: QRectF, score: Score, theme: Theme, present: bool) -> None:
    """The score at the right of the title's line."""
    name = run(score.name + " ", theme.type.axis, theme.colours.tx3, present)
    value = run(number(score.value), theme.type.wire, theme.colours.tx1, present)
    line: Line = (name, value)
    if score.baseline is not None:
        words = translate("Outputs", "  baseline {value}").format(value=number(score.baseline))
        line = (*line, run(words, theme.type.axis, theme.colours.tx3, present))
    if width(line) > box.width():
        line = (elided(name, max(box.width() - value.width, 0)), value)
    if width(line) <= box.width():
        base = middle(value.font, box.center().y())
        draw_line(painter, box.right() - width(line), base, line)


def table(answers: Answers) -> Table:
    """The outputs of every step, the targets and the losses."""
    head = ["step", "word", *answers.names, "target", "loss", "counts"]
    losses = answers.losses
    rows: list[list[object]] = [list(head)]
    for step in range(answers.steps):
        target: object = ""
        if answers.is_numeric:
            target = " ".join(f"{v:g}" for v in answers.wanted[step].tolist())
        elif answers.targets[step] >= 0:
            target = answers.names[int(answers.targets[step])]
        word = answers.words[step] if step < len(answers.words) else ""
        loss = "" if losses is None else float(losses[step])
        counted = bool(answers.counts[step])
        rows.append([step + 1, word, *answers.values[step].tolist(), target, loss, counted])
    return rows
