"""Where the symbols of a cell and their adjoints stand in the arrays of a tape."""

from __future__ import annotations

from rnnviz.engine.array_names import ADJOINT, D_SUMS, GATES, SLOPE, SLOPES, SUMS
from rnnviz.engine.cell import PREVIOUS
from rnnviz.engine.codegen import Ref
from rnnviz.engine.definitions import Elementwise, definitions
from rnnviz.engine.expressions import Apply
from rnnviz.engine.plan import Plan


def locate(layout: Plan, symbol: str) -> Ref:
    """Where a symbol of the cell is stored on a tape."""
    if symbol in layout.sums:
        return column(SUMS, layout.sums.index(symbol))
    if symbol in layout.gates:
        return column(GATES, layout.gates.index(symbol))
    if symbol in layout.cell.states:
        return Ref(symbol, shift=1)
    if symbol.removesuffix(PREVIOUS) in layout.cell.states:
        return Ref(symbol.removesuffix(PREVIOUS))
    if symbol.startswith(SLOPE) and symbol.removeprefix(SLOPE) in layout.gates:
        return column(SLOPES, layout.gates.index(symbol.removeprefix(SLOPE)))
    return Ref(symbol)


def column(array: str, number: int) -> Ref:
    """One column of an array, counted in hidden sizes."""
    return Ref(array, number, number + 1)


def adjoint_of(layout: Plan, name: str) -> Ref:
    """Where dL/d(name) is stored on an adjoint."""
    if name in layout.sums:
        return column(D_SUMS, layout.column(name))
    return Ref(ADJOINT + name, shift=1 if name in layout.cell.states else 0)


def squashing(layout: Plan, name: str) -> Apply:
    """The expression of a quantity that a squashing function makes."""
    definition = definitions(layout.cell)[name]
    assert isinstance(definition, Elementwise)
    assert isinstance(definition.expression, Apply)
    return definition.expression
