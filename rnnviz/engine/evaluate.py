"""Values and derivatives of expressions over a whole tape, without compiling anything.

What the kernels keep is read from the tape; every other expression of the cell (`f * c_prev`,
`1 - z`) is computed from it when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnviz.engine.array_names import SLOPE, kind
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.engine.definitions import (
    Elementwise,
    definitions,
    derivative,
    users,
)
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError
from rnnviz.engine.expressions import (
    ZERO,
    Add,
    Apply,
    Expression,
    MatMul,
    Mul,
    Number,
    Sub,
    Symbol,
    symbols,
)
from rnnviz.engine.parsing import EquationError, parse_expression
from rnnviz.engine.tape import Tape, multiply

Lookup = Callable[[str], Array]


def squash(function: str, argument: Array) -> Array:
    """One squashing function (or `step`, the derivative of relu) of an array."""
    if function == "sigmoid":
        return np.asarray(1.0 / (1.0 + np.exp(-argument)))
    if function == "tanh":
        return np.asarray(np.tanh(argument))
    if function == "relu":
        return np.maximum(argument, 0.0)
    return (argument > 0.0).astype(argument.dtype)


def slope(function: str, argument: Array, value: Array) -> Array:
    """The derivative of a squashing function where it has the value `value`."""
    if function == "sigmoid":
        return value * (1.0 - value)
    if function == "tanh":
        return 1.0 - value * value
    return squash("step", argument)


class Reader:
    """Reads any expression of a cell from a tape, `[time, batch, unit]` in process order.

    Parameters
    ----------
    tape : Tape
        A finished run.
    parameter : callable
        The weight of a name.
    """

    def __init__(self, tape: Tape, parameter: Lookup) -> None:
        self.tape, self.parameter = tape, parameter
        self.cell: Cell = tape.kernel.plan.cell

    def value(self, name: str) -> Array:
        """The value of a quantity, a stored name or the text of an expression.

        Raises
        ------
        UnknownError
            A name that the cell does not have.
        """
        stored = None if kind(name) else self.tape.value(name)
        if stored is not None:
            return stored
        try:
            node = parse_expression(name)
        except EquationError as error:
            raise UnknownError("quantity", name, self.names()) from error
        for symbol in symbols(node):
            if self.tape.value(symbol) is None and not self._is_parameter(symbol):
                raise UnknownError("quantity", symbol, self.names())
        return self._expression(name, node)

    def _expression(self, text: str, node: Expression) -> Array:
        """The value of a whole expression at every step and for every row."""
        tape = self.tape
        try:
            with np.errstate(all="ignore"):
                value = np.asarray(self._tree(node))
            units = value.shape[-1] if value.ndim else tape.hidden
            return np.broadcast_to(value, (tape.steps, tape.rows, units))
        except EngineError:
            raise
        except ValueError as error:
            raise EngineError(f"path: {text!r} cannot be computed: {error}") from None

    def names(self) -> tuple[str, ...]:
        """What is stored: the input, all named quantities, the previous states."""
        previous = tuple(state + PREVIOUS for state in self.cell.states)
        return (INPUT, *definitions(self.cell), *previous)

    def _is_parameter(self, name: str) -> bool:
        return any(p.name == name for p in self.cell.parameters)

    def _tree(self, node: Expression) -> Array:
        match node:
            case MatMul(matrix, vector):
                return self._product(matrix.name, self._tree(vector))
            case Add(left, right):
                return self._tree(left) + self._tree(right)
            case Sub(left, right):
                return self._tree(left) - self._tree(right)
            case Mul(left, right):
                return self._tree(left) * self._tree(right)
            case Apply(function, argument):
                return squash(function, self._tree(argument))
            case Symbol(name):
                return self.symbol(name)
            case Number(value):
                return np.asarray(value, self.tape.dtype)

    def _product(self, matrix: str, x: Array) -> Array:
        weight = self.parameter(matrix)
        columns = x.shape[-1] if x.ndim else weight.shape[-1]
        if columns != weight.shape[-1]:
            raise ShapeError(matrix, weight.shape, f"(units, {columns})")
        x = np.broadcast_to(x, (self.tape.steps, self.tape.rows, columns))
        out = np.empty((*x.shape[:2], weight.shape[-2]), x.dtype)
        multiply(x, weight, out)
        return out

    def symbol(self, name: str) -> Array:
        """A stored quantity, the slope of one, or an elementwise parameter ready to broadcast."""
        if name.startswith(SLOPE):
            return self._slope(name.removeprefix(SLOPE))
        stored = self.tape.value(name)
        if stored is not None:
            return stored
        if any(p.name == name and p.columns for p in self.cell.parameters):
            raise EngineError(f"path: {name} is a matrix, which may only stand left of @")
        weight = self.parameter(name)
        return weight if weight.ndim == 1 else weight[:, None]

    def _slope(self, name: str) -> Array:
        definition = definitions(self.cell)[name]
        assert isinstance(definition, Elementwise)
        assert isinstance(definition.expression, Apply)
        argument = self._tree(definition.expression.argument)
        return slope(definition.expression.function, argument, self.symbol(name))

    def jacobian_diagonal(
        self, of: str, by: str, held: frozenset[str] = frozenset()
    ) -> Array | None:
        """The elementwise derivative of `of` by `by` at all steps, None where it is zero."""
        node = derivative(self.cell, of, by, held)
        if node == ZERO:
            return None
        with np.errstate(all="ignore"):
            return np.asarray(self._tree(node))

    def adjoint(
        self, name: str, of_anchor: Callable[[str], Array], held: frozenset[str]
    ) -> Array | None:
        """dL/d(name) of a quantity that the backward loop did not store.

        It is the sum over the anchors of (their derivative by it) times (their adjoint).
        """
        total: Array | None = None
        with np.errstate(all="ignore"):
            for anchor, node in users(self.cell, name, held):
                part = self._tree(node) * of_anchor(anchor)
                total = part if total is None else total + part
        return total
