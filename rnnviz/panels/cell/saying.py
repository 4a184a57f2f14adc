"""What the things of a cell say: formulas with their numbers, forward and on the way back."""

from __future__ import annotations

from collections.abc import Iterable

from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import INPUT, PREVIOUS
from rnnviz.engine.expressions import Symbol
from rnnviz.engine.rendering import GRADIENT, Piece, Pieces
from rnnviz.engine.story.gradient_lines import back_lines
from rnnviz.engine.story.rules import gradient
from rnnviz.engine.text import hue, pieces
from rnnviz.engine.text import number as written
from rnnviz.panels.canvas.text import Line, formula
from rnnviz.panels.cell.items import READER
from rnnviz.panels.cell.told import Told
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate

EQUALS = Piece(" = ")
DIGITS = 3


def value_of(name: str, told: Told, sight: Sight, unit: int) -> Line:
    """Such as `f₃ · c₂ = 0.11 · 0.79 = 0.09`; of what comes in, its number alone."""
    operation, values = told.step.operation(name), told.step.values.get(name)
    if operation is None:
        if values is None:
            return ()
        left = _symbols(Symbol(name), told)
        return _line(
            (
                *left,
                EQUALS,
                _number(values, unit, name.removesuffix(PREVIOUS)),
            ),
            sight,
        )
    stages = operation.chain(unit)
    line = list(operation.symbols)
    for stage in stages[-2:]:
        line += [EQUALS, *stage]
    return _line(line, sight)


def gradient_of(name: str, told: Told, sight: Sight, unit: int) -> Line:
    """Such as `∂L/∂f₂ = ∂L/∂c₂ · c₁ = 0.036 · 0.621 = 0.022`."""
    if name == READER:
        return _from_reader(told, sight, unit)
    own = tuple(one for one in told.step.backward if one.operation.scope == "cell")
    if name in {one.name for one in own}:
        lines = back_lines(own, name, unit).lines
        return _line((*lines.symbols, *lines.numbers, *lines.result), sight)
    values = told.step.adjoints.get(name)
    if values is None:
        return ()
    total = _number(values, unit, GRADIENT, DIGITS)
    words = () if name == INPUT else (Piece(" " + _by_this_step(told)),)
    return _line((*_symbols(gradient(name), told), *words, EQUALS, total), sight)


def _by_this_step(told: Told) -> str:
    """What sets a previous state's gradient here apart from all that it receives."""
    text = translate("CellPicture", "through step {step}")
    return text.format(step=told.step.place + 1)


def _from_reader(told: Told, sight: Sight, unit: int) -> Line:
    values, parts = told.from_reader, told.step.arriving
    if values is None:
        return ()
    left = _symbols(gradient(told.step.cell.states[0]), told)
    words = Piece(" " + ", ".join(part.label for part in parts))
    return _line((*left, words, EQUALS, _number(values, unit, GRADIENT, DIGITS)), sight)


def _symbols(tree: Symbol, told: Told) -> Pieces:
    """A symbol as it is printed at this step."""
    scene = told.step.own[0].scene
    return pieces(tree, scene.parameters, scene.at)


def _number(values: Array, unit: int, name: str, digits: int = 2) -> Piece:
    value = values[min(unit, len(values) - 1)]
    return Piece(written(float(value), digits), hue=hue(name), kind="number")


def _line(found: Iterable[Piece], sight: Sight) -> Line:
    return formula(found, sight.theme, sight.theme.type.control.px)
