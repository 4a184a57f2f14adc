"""What is said of the moments of a training run."""

from __future__ import annotations

from dataclasses import astuple, fields
from math import isnan

from rnnviz.document.document import Document
from rnnviz.engine.heads import Regression
from rnnviz.panels.canvas.text import number, size
from rnnviz.panels.gestures import Table
from rnnviz.panels.texts import translate
from rnnviz.session.training import Point

DOT = "  \N{MIDDLE DOT}  "


def score_name(document: Document) -> str:
    """What the second measure is called."""
    if isinstance(document.network.head, Regression):
        return translate("Training", "explained")
    return translate("Training", "accuracy")


def describe_point(point: Point, document: Document) -> str:
    """The measures of a moment, in one line."""
    update = translate("Training", "update {update}").format(update=f"{point.update:,}")
    said = [update, translate("Training", "epoch {epoch}").format(epoch=point.epoch)]
    if not isnan(point.loss):
        said.append(translate("Training", "loss {loss}").format(loss=size(point.loss, 3)))
    if not isnan(point.validation_loss):
        words = translate("Training", "held out {loss}")
        said.append(words.format(loss=size(point.validation_loss, 3)))
    if not isnan(point.score):
        said.append(f"{score_name(document)} {number(point.score, 3)}")
    if not isnan(point.gradient_norm):
        words = translate("Training", "gradient {norm}")
        said.append(words.format(norm=size(point.gradient_norm, 3)))
    return DOT.join(said)


def table(points: tuple[Point, ...]) -> Table:
    """All measures, a row a moment."""
    head = [field.name for field in fields(Point)]
    return [head, *(list(astuple(point)) for point in points)]
