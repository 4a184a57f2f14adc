"""What the parts of the panel of weights say in their tips and to screen readers."""

from __future__ import annotations

import numpy as np

from rnnviz.engine.text import number as written
from rnnviz.panels.canvas.text import number
from rnnviz.panels.gestures import Item
from rnnviz.panels.texts import translate
from rnnviz.panels.weights.face import Face
from rnnviz.panels.weights.grid import Cell
from rnnviz.panels.weights.items import Button, KnobItem, ModeItem, ShareItem, TabItem, Track
from rnnviz.panels.weights.looking import gradient_of
from rnnviz.panels.weights.tabs import name_of


def said_of(item: Item, face: Face) -> str:
    """What an item says; "" for what is not there."""
    if isinstance(item, Cell):
        return cell_text(item, face) if item.path in face.shown.tab.paths else ""
    match item:
        case TabItem(place) if place < len(face.tabs):
            return translate("Weights", "Weights of {name}").format(name=face.tabs[place])
        case Button():
            return _button(item, face)
        case KnobItem():
            return _knob(item, face)
        case ModeItem(mode):
            return _mode(mode)
        case ShareItem(step):
            return _share(step, face)
        case Track():
            return translate("Weights", "Drag to see other cells")
    return ""


def cell_text(cell: Cell, face: Face) -> str:
    """`U_f 6,5 = −0.306, ∂L/∂ = 0.004`, and what it was before the last edit."""
    shown = face.shown
    text = f"{name_of(cell.path)} {shown.place(cell)} = {number(shown.value(cell), 3)}"
    before = shown.before(cell.path)
    if before is not None and before[cell.row, cell.column] != shown.value(cell):
        old = number(float(before[cell.row, cell.column]), 3)
        text += translate("Weights", " (was {value})").format(value=old)
    gradient = gradient_of(shown, cell)
    return text if gradient is None else f"{text}, ∂L/∂ = {written(gradient, 3)}"


def _button(item: Button, face: Face) -> str:
    match item.name:
        case "field" | "handle":
            return cell_text(face.shown.chosen, face)
        case "menu":
            return translate("Weights", "Copy, paste, draw anew")
        case "more":
            return translate("Weights", "Other weights")
    return translate("Weights", "What the colours mean")


def _knob(item: KnobItem, face: Face) -> str:
    knob = next((knob for knob in face.knobs if knob.kind == item.kind), None)
    if knob is None:
        return ""
    if knob.value is None:
        return translate("Weights", "A large matrix: click to compute its spectral radius")
    name, value = name_of(knob.path), number(knob.value)
    if knob.kind == "radius":
        text = translate("Weights", "Spectral radius of {name} = {value}")
    else:
        text = translate("Weights", "Mean of {name} = {value}")
    text = text.format(name=name, value=value)
    if knob.before is None:
        return text
    was = translate("Weights", " (was {value}; double click brings it back)")
    return text + was.format(value=number(knob.before))


def _mode(mode: str) -> str:
    match mode:
        case "value":
            return translate("Weights", "The numbers of the weights")
        case "gradient":
            return translate("Weights", "The gradient of the loss by each weight")
    return translate("Weights", "What each step adds to the gradient of the chosen weight")


def _share(step: int, face: Face) -> str:
    if face.shares is None or step >= len(face.shares):
        return ""
    with np.errstate(all="ignore"):
        value = written(float(face.shares[step]), 3)
    return translate("Weights", "step {step}: {value}").format(step=step + 1, value=value)
