"""A cell as data: its equations, the states that it hands on, its notation and its paper."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rnnviz.engine.errors import EngineError
from rnnviz.engine.expressions import (
    Expression,
    MatMul,
    Symbol,
    operands,
    symbols,
    walk,
)
from rnnviz.engine.parsing import Equation, parse, symbol_name

INPUT = "x"
PREVIOUS = "_prev"


class CellError(EngineError):
    """Equations that do not make a cell."""


@dataclass(frozen=True)
class Parameter:
    """A weight of a cell.

    Attributes
    ----------
    name : str
        The symbol, such as `W_f`.
    columns : str
        "input" for a matrix `[hidden, inputs]`, "hidden" for a matrix `[hidden, hidden]`,
        "" for a vector `[hidden]`.
    """

    name: str
    columns: str

    def shape(self, inputs: int, hidden: int) -> tuple[int, ...]:
        """The shape for `inputs` input units and `hidden` hidden units."""
        return {"input": (hidden, inputs), "hidden": (hidden, hidden), "": (hidden,)}[self.columns]


@dataclass(frozen=True)
class Cell:
    """One step of a recurrent layer, written as equations.

    In the equations `x` is the input of the step and `s_prev` the state `s` of the step before.
    A symbol that no equation defines is a parameter: a matrix where it stands left of `@`,
    a vector everywhere else.

    Attributes
    ----------
    name : str
        The identifier used in files and commands.
    title : str
        The name that people read.
    equations : tuple of Equation
        In the order of computation.
    states : tuple of str
        The quantities handed to the next step; the first is the output of the layer.
    reference : str
        The paper.
    note : str
        What sets this variant apart.
    """

    name: str
    title: str
    equations: tuple[Equation, ...]
    states: tuple[str, ...] = ("h",)
    reference: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Check that the equations can be computed from top to bottom."""
        _check_definitions(self)
        _check_products(self)

    def __hash__(self) -> int:
        """Cells are keys of caches: the names tell nearly all of them apart."""
        return hash((self.name, self.states))

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """The names on the left sides."""
        return tuple(equation.name for equation in self.equations)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The weights, in the order of their appearance."""
        given = {INPUT, *self.quantities, *(s + PREVIOUS for s in self.states)}
        columns = {
            node.matrix.name: "input" if node.vector == Symbol(INPUT) else "hidden"
            for equation in self.equations
            for node in walk(equation.expression)
            if isinstance(node, MatMul)
        }
        names = dict.fromkeys(n for e in self.equations for n in symbols(e.expression))
        return tuple(Parameter(n, columns.get(n, "")) for n in names if n not in given)

    def equation(self, name: str) -> Equation:
        """The equation of the quantity `name`."""
        for equation in self.equations:
            if equation.name == name:
                return equation
        raise CellError(f"quantity: {name!r} came, the {self.title} has {self.quantities}")

    def parameter_count(self, inputs: int, hidden: int) -> int:
        """How many numbers the weights of one layer and direction hold."""
        total = 0
        for parameter in self.parameters:
            size = 1
            for length in parameter.shape(inputs, hidden):
                size *= length
            total += size
        return total


def define(
    name: str,
    title: str,
    equations: str,
    states: tuple[str, ...] = ("h",),
    reference: str = "",
    note: str = "",
) -> Cell:
    """Make the cell that `equations` (text, one equation a line) describes; see `Cell`."""
    names = tuple(symbol_name(state) for state in states)
    return Cell(name, title, parse(equations), names, reference, note)


def _check_definitions(cell: Cell) -> None:
    names = cell.quantities
    if len(set(names)) < len(names):
        raise CellError(f"{cell.name}: a quantity is defined twice in {names}")
    for state in cell.states or ("",):
        if state not in names:
            raise CellError(f"{cell.name}: the state {state!r} has no equation; {names} have one")
    previous = {state + PREVIOUS for state in cell.states}
    if INPUT in names or previous & set(names):
        raise CellError(f"{cell.name}: 'x' and {sorted(previous)} are given, not defined")
    for position, equation in enumerate(cell.equations):
        for symbol in symbols(equation.expression):
            _check_symbol(cell, equation.name, symbol, names[position:])


def _check_symbol(cell: Cell, owner: str, symbol: str, later: tuple[str, ...]) -> None:
    if symbol in later:
        raise CellError(
            f"{cell.name}: {owner} uses {symbol} before it is computed; "
            f"write {symbol}{PREVIOUS} for its value at the step before"
        )
    if symbol.endswith(PREVIOUS) and symbol.removesuffix(PREVIOUS) not in cell.states:
        raise CellError(f"{cell.name}: {symbol} came, the states are {cell.states}")


def _check_products(cell: Cell) -> None:
    nodes = [node for equation in cell.equations for node in walk(equation.expression)]
    seen: dict[str, Expression] = {}
    for node in nodes:
        if isinstance(node, MatMul):
            name = node.matrix.name
            if name == INPUT or name in cell.quantities or name.endswith(PREVIOUS):
                raise CellError(f"{cell.name}: {name} stands left of @, where a matrix belongs")
            if seen.setdefault(name, node) != node:
                raise CellError(f"{cell.name}: {name} is used in two different products")
    for node in nodes:
        loose = (n for n in operands(node) if isinstance(n, Symbol) and n.name in seen)
        if not isinstance(node, MatMul) and any(loose):
            raise CellError(f"{cell.name}: a matrix is used outside a product in {node}")
    for equation in cell.equations:
        _check_input(cell.name, equation.expression)


def _check_input(cell: str, node: Expression) -> None:
    if node == Symbol(INPUT):
        raise CellError(f"{cell}: x may only stand right of @, as in W @ x")
    for operand in operands(node):
        if not (isinstance(node, MatMul) and operand == Symbol(INPUT)):
            _check_input(cell, operand)
