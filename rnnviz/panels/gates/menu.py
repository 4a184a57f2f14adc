"""What can be done with a gate: hold it at an end of its scale, release it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from rnnviz.document.edits import HoldQuantity, ReleaseQuantity
from rnnviz.document.edits.base import Edit
from rnnviz.panels.canvas.text import number
from rnnviz.panels.gates.blocks import Seen
from rnnviz.panels.gates.items import Cell
from rnnviz.panels.gestures import Item
from rnnviz.panels.texts import translate

Emit = Callable[[Edit], None]


def menu(item: Item | None, seen: Seen, emit: Emit, parent: QWidget) -> list[QAction]:
    """The actions of a cell; none elsewhere."""
    block = seen.block(item.path) if isinstance(item, Cell) else None
    if not isinstance(item, Cell) or block is None:
        return []
    made: list[tuple[str, Edit]] = []
    path, unit, step = item.path, item.unit, item.step
    if seen.hold(path, unit, step) is not None:
        made.append((translate("GatesPanel", "Release"), ReleaseQuantity(path, step, unit)))
    ends = (block.low, 0.0, block.high) if block.is_signed else (0.0, 1.0)
    for value in dict.fromkeys(map(block.within, ends)):
        text = translate("GatesPanel", "Hold at {value}").format(value=_short(value))
        made.append((text, HoldQuantity(path, step, value, unit)))
    if seen.holds.get(path):
        name = block.role.name
        text = translate("GatesPanel", "Release all of {name}").format(name=name)
        made.append((text, ReleaseQuantity(path)))
    return [_action(text, edit, emit, parent) for text, edit in made]


def _action(text: str, edit: Edit, emit: Emit, parent: QWidget) -> QAction:
    action = QAction(text, parent)
    action.triggered.connect(lambda: emit(edit))
    return action


def _short(value: float) -> str:
    return number(value, 0 if value == round(value) else 2)
