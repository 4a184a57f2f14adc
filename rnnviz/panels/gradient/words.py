"""What the gradient's chart says: tips, legend, values for a screen reader, rows for a table."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.document.document import Clip, Document
from rnnviz.document.step_words import step_words
from rnnviz.panels.canvas.axis import CurveStyle, before_edit
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.strokes import mark, pen, polyline
from rnnviz.panels.canvas.text import Line, Run, draw_line, middle, run, size, symbol, width
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item, Table
from rnnviz.panels.gradient.curves import Curve, Shown, chosen_loss, next_step, ratio
from rnnviz.panels.gradient.items import (
    AtStep,
    ClipHandle,
    PartLabel,
    TruncationEnd,
    WeightsMark,
)
from rnnviz.panels.gradient.painting import style_of
from rnnviz.panels.gradient.weights import Cutting, limit_text
from rnnviz.panels.overflow import OverflowWord, overflow_tip
from rnnviz.panels.parts import long_words, part_of, short_words
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate
from rnnviz.session.selection import parts

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def fraction(state: str, theme: Theme, step: str = "", loss: str = "", px: float = 13) -> Line:
    """`|∂L/∂h|` with what is lowered behind L and h."""
    ink = theme.colours.tx1
    plain = sans(px, 500)
    bar, partial = Run("|∂", plain, ink), Run("/∂", plain, ink)
    lossy = symbol("L", loss, theme, px, ink)
    return (bar, *lossy, partial, *symbol(state, step, theme, px), Run("|", plain, ink))


def caption(sight: Sight, wide: bool) -> str:
    """The title: which layer and direction where there are several, and of which loss alone.

    `wide` says whether there is room for the word at which the loss is taken.
    """
    title = translate("GradientPanel", "Gradient")
    loss, evaluation = chosen_loss(sight), sight.evaluation
    if loss is not None and evaluation is not None:
        text = translate("GradientPanel", "Gradient of L{step}")
        if wide:
            text = translate("GradientPanel", "Gradient of L{step} (“{word}”)")
        lowered = str(loss + 1).translate(_LOWERED)
        title = text.format(step=lowered, word=step_words(evaluation, "")[loss])
    if len(parts(sight.document)) > 1:
        title = f"{title}  {short_words(part_of(sight))}"
    return title


def describe(
    item: Item, seen: Shown, cut: Cutting | None, document: Document, theme: Theme
) -> Line:
    """What an item says."""
    role, ink = theme.type.control, theme.colours.tx1
    match item:
        case AtStep(step) if step < seen.steps and seen.curves:
            return step_line(seen, step, theme)
        case ClipHandle():
            return clip_line(document.clip, theme)
        case WeightsMark():
            return weights_line(cut, document.clip, theme)
        case PartLabel(part):
            text = translate("GradientPanel", "Show {part}").format(part=long_words(part))
            return (run(text, role, ink),)
        case TruncationEnd():
            text = translate("GradientPanel", "The error of a loss travels back {steps} steps")
            if document.truncate == 1:
                text = translate("GradientPanel", "The error of a loss travels back {steps} step")
            return (run(text.format(steps=document.truncate), role, ink),)
        case OverflowWord():
            return (run(overflow_tip(), role, ink),)
    return ()


def step_line(seen: Shown, step: int, theme: Theme) -> Line:
    """The tip of a column: each size, and its ratio to the step that the gradient comes from."""
    role, paint = theme.type.control, theme.colours
    head = translate("GradientPanel", "t = {step}  “{word}”").format(
        step=step + 1, word=seen.words[step]
    )
    line: list[Run] = [run(head, role, paint.tx2)]
    loss = "" if seen.loss is None else str(seen.loss + 1)
    for curve in seen.curves:
        if curve.kind == "thin":
            continue
        line.append(run("    ", role, paint.tx2))
        line += fraction(curve.state, theme, str(step + 1), loss, 12)
        if curve.kind == "turned":
            line.append(run(" " + curve.part.rpartition("/")[2], role, paint.tx2))
        line.append(run(f" = {size(curve.values[step])}", theme.type.control_on, paint.tx1))
    return (*line, *_ratio(seen, step, theme))


def _ratio(seen: Shown, step: int, theme: Theme) -> Line:
    if not seen.curves:
        return ()
    share = ratio(seen.curves[0], step, seen.reads_backward)
    after = next_step(step, seen.steps, seen.reads_backward)
    if share is None or after is None:
        return ()
    words = translate("GradientPanel", "    × {ratio} of t = {step}")
    text = words.format(ratio=size(share), step=after + 1)
    return (run(text, theme.type.control, theme.colours.tx2),)


def weights_line(cut: Cutting | None, clip: Clip, theme: Theme) -> Line:
    """The norm of the gradient of all weights, and what clipping made of it."""
    if cut is None:
        return ()
    role, paint = theme.type.control, theme.colours
    name = translate("GradientPanel", "gradient of all weights: norm {size}")
    line = [run(name.format(size=size(cut.before)), role, paint.tx1)]
    text = translate("GradientPanel", "   not clipped")
    if clip.kind != "none":
        text = translate("GradientPanel", "   within the limit {limit}, so nothing is cut")
    if cut.cut:
        text = translate("GradientPanel", "   clipped to {after}: × {factor}")
    share = cut.after / cut.before if cut.before else 1.0
    words = text.format(limit=limit_text(clip.limit), after=size(cut.after), factor=size(share))
    return (*line, run(words, role, paint.tx2))


def clip_line(clip: Clip, theme: Theme) -> Line:
    """What the clip line does."""
    words = translate("GradientPanel", "No clipping. Drag down to cut the gradient of the weights")
    if clip.kind == "norm":
        words = translate("GradientPanel", "The gradient of the weights is cut to the norm {limit}")
    if clip.kind == "value":
        words = translate(
            "GradientPanel", "Each number of the weights' gradient is cut to ±{limit}"
        )
    return (run(words.format(limit=limit_text(clip.limit)), theme.type.control, theme.colours.tx1),)


def draw_legend(painter: QPainter, box: QRectF, seen: Shown, theme: Theme) -> None:
    """The curves' names in the title's line, from its right end, as many as fit."""
    entries = _entries(seen, theme)
    while entries and _length(entries) > box.width():
        entries = entries[:-1]
    x = box.right() - _length(entries)
    y = box.center().y()
    for style, line in entries:
        _sample(painter, x, y, style, theme)
        base = middle(sans(13, 500), y)
        x = draw_line(painter, x + 30, base, line) + 18


def _length(entries: list[tuple[CurveStyle, Line]]) -> float:
    return sum(30 + width(line) + 18 for _, line in entries) - 18 if entries else 0.0


def _entries(seen: Shown, theme: Theme) -> list[tuple[CurveStyle, Line]]:
    loss = "" if seen.loss is None else str(seen.loss + 1)
    two = any(curve.kind == "turned" for curve in seen.curves)
    found = []
    for curve in seen.curves:
        if curve.kind == "thin":
            continue
        line = fraction(curve.state, theme, "", loss)
        if two and curve.kind != "road":
            line = (*line, _arrow(curve, theme.colours.tx2))
        found.append((style_of(curve, theme), line))
    if seen.before:
        words = translate("GradientPanel", "before")
        found.append((before_edit(theme), (run(words, theme.type.hint, theme.colours.tx3),)))
    return found


def _arrow(curve: Curve, ink: Colour) -> Run:
    return Run(" ←" if curve.part.endswith("/backward") else " →", sans(13, 500), ink)


def _sample(painter: QPainter, x: float, y: float, style: CurveStyle, theme: Theme) -> None:
    stroke = pen(style.line, min(style.width, 2.0), style.dash)
    polyline(painter, [(x, y), (x + 24, y)], stroke)
    if style.shape is not None:
        mark(painter, style.shape, (x + 12, y), style.fill or style.line, theme.colours.bg1)


def table(seen: Shown) -> Table:
    """One row a step: the word, and the size of each curve's gradient."""
    head = ("step", "word", *(f"|dL/d {curve.path}|" for curve in seen.curves))
    rows = [
        (step + 1, word, *(curve.values[step] for curve in seen.curves))
        for step, word in enumerate(seen.words)
    ]
    if not seen.curves:
        rows = []
    return [head, *rows]
