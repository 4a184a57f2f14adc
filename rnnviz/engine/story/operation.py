"""One operation with everything that is shown of it: operands, value, formula, live numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rnnviz.engine.arrays import Array, Mask
from rnnviz.engine.expressions import (
    Add,
    Expression,
    MatMul,
    Mul,
    Number,
    Symbol,
    operands,
    terms,
    walk,
)
from rnnviz.engine.rendering import Piece, Pieces, plain
from rnnviz.engine.text import (
    GENERAL,
    NO_NAMES,
    Moment,
    formula,
    hue,
    hue_of,
    latex,
    number,
    numbers,
    pieces,
    printed,
)

SHOWN_PRODUCTS = 6
"""How many products of a row of a matrix with a vector are written out."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What the operations of one step have in common.

    Attributes
    ----------
    values : mapping
        Name -> array `[unit]`, or a single number.
    parameters : frozenset of str
        The names of the weights.
    at : Moment
        How the steps are called.
    names : mapping
        Tree -> the name of its operation, for those that are not the root of an equation.
    held : mapping
        Name -> the units that are held.
    """

    values: Mapping[str, Array]
    parameters: frozenset[str] = NO_NAMES
    at: Moment = GENERAL
    names: Mapping[Expression, str] = field(default_factory=dict)
    held: Mapping[str, Mask] = field(default_factory=dict)

    def name(self, node: Expression) -> str:
        """The name of a node's value."""
        return self.names.get(node) or formula(node)

    def is_held(self, name: str, unit: int) -> bool:
        """Whether the unit of a result is held."""
        where = self.held.get(name)
        return where is not None and bool(where[unit])

    def number(self, name: str, unit: int) -> float:
        """The number of one unit; what is the same for all units has one number."""
        value = self.values[name]
        return float(value if value.ndim == 0 else value[unit])

    def known(self, node: Expression, unit: int) -> float | None:
        """The number of a symbol, a product with a matrix, or a held part; None for the rest."""
        name = self.name(node)
        if isinstance(node, Symbol | MatMul) or self.is_held(name, unit):
            return self.number(name, unit)
        return None


@dataclass(frozen=True, eq=False)
class Operand:
    """What an operation works on.

    Attributes
    ----------
    name : str
        As in `Operation.name`; a symbol, a number or the typed formula.
    text : str
        As it is printed, with the step: `h₂`.
    value : array
        `[unit]`, a matrix `[unit, column]` or a single number.
    """

    name: str
    text: str
    value: Array


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of one step, for one row of the batch.

    Attributes
    ----------
    name : str
        Of the result: a quantity (`f`), a weighted sum (`a_f`) or else the typed formula.
    kind : str
        "matmul", "add", "subtract", "multiply", "copy", "sigmoid", "tanh", "relu"; around the cell
        "lookup", "one-hot", "concatenate", "softmax", "marginals", "loss".
    quantity : str
        The quantity whose equation it belongs to.
    path : str
        Where the trace has the same values; "" where it has none.
    expression : Expression
        The right side: the tree below the operation.
    operands : tuple of Operand
        Left to right.
    value : array `[unit]`
        The result, with what is held.
    computed : array `[unit]`
        The result that the operands give.
    held : mask `[unit]` or None
        The units that are held; None where none is.
    scene : Scene
        The other values of the step.
    scope : str
        "input", "cell", "output" (of the layer) or "head".
    """

    name: str
    kind: str
    quantity: str
    path: str
    expression: Expression
    operands: tuple[Operand, ...]
    value: Array
    computed: Array
    held: Mask | None
    scene: Scene
    scope: str = "cell"

    @property
    def has_name(self) -> bool:
        """Whether the result has a name of its own, so that it can stand left of `=`."""
        return self.name != formula(self.expression)

    @property
    def typed(self) -> str:
        """The formula as it is typed, such as `c = f * c_prev + i * g`."""
        right = formula(self.expression)
        return f"{self.name} = {right}" if self.has_name else right

    @property
    def printed(self) -> str:
        """The formula as it is printed, such as `c₃ = f₃ · c₂ + i₃ · g₃`."""
        return plain(self.symbols)

    @property
    def symbols(self) -> Pieces:
        """The printed formula in the pieces that are drawn."""
        parameters, at = self.scene.parameters, self.scene.at
        right = pieces(self.expression, parameters, at)
        left = pieces(Symbol(self.name), parameters, at)
        return (*left, Piece(" = "), *right) if self.has_name else right

    @property
    def latex(self) -> str:
        """The formula in LaTeX, with the step."""
        parameters, at = self.scene.parameters, self.scene.at
        right = latex(self.expression, parameters, at)
        if not self.has_name:
            return right
        return f"{latex(Symbol(self.name), parameters, at)} = {right}"

    def chain(self, unit: int, digits: int = 2) -> tuple[Pieces, ...]:
        """The formula with the live numbers of a unit, stage by stage; equal stages once.

        For a gate: `σ(−0.34 − 2.71 + 0.96)`, `σ(−2.09)`, `0.11`.
        """
        text = number(self._at(self.computed, unit), digits)
        result = Piece(text, hue=hue(self.quantity), kind="number")
        stages = [*self._stages(unit, digits), (result,)]
        texts = [plain(stage) for stage in stages]
        return tuple(s for place, s in enumerate(stages) if texts[place] not in texts[:place])

    def numbers(self, unit: int, digits: int = 2) -> str:
        """The formula with the live numbers: `σ(−0.34 − 2.71 + 0.96) = σ(−2.09) = 0.11`.

        Parameters
        ----------
        unit : int
            From 0.
        digits : int
            Decimals.
        """
        text = " = ".join(map(plain, self.chain(unit, digits)))
        if self.held is None or not self.held[unit]:
            return text
        return f"{text}; held at {number(self._at(self.value, unit), digits)}"

    @staticmethod
    def _at(value: Array, unit: int) -> float:
        return float(value if value.ndim == 0 else value[unit])

    def _stages(self, unit: int, digits: int) -> tuple[Pieces, ...]:
        if self.kind == "matmul":
            matrix, vector = (operand.value for operand in self.operands)
            return (dot_pieces(matrix[unit], vector, hue_of(self.expression), digits),)
        if self.kind == "softmax":
            return (_softmax_pieces(self.operands[0].value, unit, digits),)
        if self.kind == "loss":
            return (self._substituted(unit, digits, self._sums()),)
        if self.kind not in _ARITHMETIC:
            return ()
        return (
            self._substituted(unit, digits, frozenset()),
            self._substituted(unit, digits, frozenset(_direct(self.expression))),
        )

    def _sums(self) -> frozenset[Expression]:
        """The parts of a loss that run over all units: one number each."""
        known = self.scene.values
        return frozenset(n for n in walk(self.expression) if formula(n) in known)

    def _substituted(self, unit: int, digits: int, whole: frozenset[Expression]) -> Pieces:
        scene = self.scene

        def value(node: Expression) -> float | None:
            if node in whole:
                return scene.number(scene.name(node), unit)
            return None if node is self.expression else scene.known(node, unit)

        if isinstance(self.expression, Symbol):
            return numbers(self.expression, lambda node: scene.known(node, unit), digits)
        return numbers(self.expression, value, digits, scene.parameters)


_ARITHMETIC = frozenset(("add", "subtract", "multiply", "copy", "sigmoid", "tanh", "relu"))


def _direct(node: Expression) -> tuple[Expression, ...]:
    """What the last operation works on: the terms of a sum, the argument of a function."""
    parts = terms(node) if isinstance(node, Add) else operands(node)
    return tuple(part for part in parts if not isinstance(part, Number))


def dot_pieces(weights: Array, vector: Array, colour: str, digits: int) -> Pieces:
    """A row of a matrix times a vector, product by product; zeros of the vector are left out."""
    places = np.flatnonzero(vector != 0.0)
    shown = places[:SHOWN_PRODUCTS]
    if not len(shown):
        return (Piece(number(0.0, digits), kind="number"),)
    total: Expression | None = None
    for place in shown:
        product = Mul(Symbol(f"w{place}"), Symbol(f"v{place}"))
        total = product if total is None else Add(total, product)
    assert total is not None

    def leaf(node: Expression) -> Piece | None:
        if not isinstance(node, Symbol):
            return None
        of_matrix, place = node.name[0] == "w", int(node.name[1:])
        value = weights[place] if of_matrix else vector[place]
        return Piece(number(float(value), digits), "", "", "" if of_matrix else colour, "number")

    found = pieces(total, leaf=leaf)
    return found if len(places) == len(shown) else (*found, Piece(" + …"))


def _softmax_pieces(outputs: Array, unit: int, digits: int) -> Pieces:
    with np.errstate(all="ignore"):
        powers = np.exp(outputs)
        total = number(float(powers.sum()), digits)
    argument = number(float(outputs[unit]), digits)
    return (
        Piece("exp("),
        Piece(argument, kind="number"),
        Piece(") / "),
        Piece(total, kind="number"),
    )


def make_operand(scene: Scene, name: str, node: Expression) -> Operand:
    """One operand of a step."""
    return Operand(name, printed(node, scene.parameters, scene.at), scene.values[name])
