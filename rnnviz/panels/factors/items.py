"""What can be pointed at in the factors' panel, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from rnnviz.panels.canvas.hit import Field
from rnnviz.panels.canvas.text import Line, run, size
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.factors.layout import Geometry
from rnnviz.panels.factors.numbers import Full, Subject, of_power
from rnnviz.panels.gestures import Item
from rnnviz.panels.texts import translate


@dataclass(frozen=True)
class AtStep:
    """A column."""

    step: int


@dataclass(frozen=True)
class OtherUnit:
    """The arrow to the next unit, or to the one before."""

    by: int


@dataclass(frozen=True)
class Compute:
    """The button that computes what takes long."""


def describe(item: Item, about: Subject | None, full: Full | None, unit: int, theme: Theme) -> Line:
    """What an item says."""
    role, ink = theme.type.control, theme.colours.tx1
    match item:
        case Compute():
            text = translate("FactorsPanel", "Multiply the Jacobians of all steps")
        case OtherUnit(by):
            text = translate("FactorsPanel", "Show unit {unit}").format(unit=unit + by + 1)
        case AtStep(step) if about is not None and step < about.steps:
            return (
                *_factor(step, about, full, unit, theme),
                *_left(step, about, full, unit, theme),
            )
        case _:
            return ()
    return (run(text, role, ink),)


def _factor(step: int, about: Subject, full: Full | None, unit: int, theme: Theme) -> Line:
    """The factor of the step back from here."""
    role, paint = theme.type.control, theme.colours
    head = translate("FactorsPanel", "t = {step}").format(step=step + 1)
    line = [run(head, role, paint.tx2)]
    if step == about.first:
        return tuple(line)
    if about.road is not None:
        text = translate("FactorsPanel", "   back: road × {factor}")
        words = text.format(factor=size(float(about.road.factors[step, unit])))
        line.append(run(words, role, theme.hue(about.road.state).text))
    if full is not None:
        text = translate("FactorsPanel", "   all paths × {factor}")
        words = text.format(factor=size(float(full.norms[step])))
        line.append(run(words, role, theme.hue("∂").text))
        if full.radii[step] == full.radii[step]:
            radius = translate("FactorsPanel", " (radius {radius})")
            line.append(run(radius.format(radius=size(float(full.radii[step]))), role, paint.tx2))
    return tuple(line)


def _left(step: int, about: Subject, full: Full | None, unit: int, theme: Theme) -> Line:
    """What is left here of the gradient of the last step."""
    parts = []
    if about.road is not None:
        parts.append(of_power(float(about.road.powers[step, unit])))
    if full is not None:
        parts.append(of_power(float(full.powers[step])))
    if not parts:
        return ()
    text = translate("FactorsPanel", "   left of the end: {left}")
    words = text.format(left=" · ".join(parts))
    return (run(words, theme.type.control, theme.colours.tx1),)


def columns_field(place: Geometry) -> Field[Item]:
    """The columns, found by arithmetic."""

    def at(point: QPointF) -> Item | None:
        step = place.columns.at(point.x())
        return None if step is None else AtStep(step)

    def box_of(item: Item) -> QRectF | None:
        if isinstance(item, AtStep) and item.step < place.columns.count:
            return place.columns.box(item.step, place.top, place.axis.foot)
        return None

    return Field(place.area.adjusted(0, 0, 0, 20), at, box_of)
