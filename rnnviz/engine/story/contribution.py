"""What one operand of one operation receives on the way back, with its rule and its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.engine.arrays import Array, Mask
from rnnviz.engine.expressions import Expression, MatMul, Symbol
from rnnviz.engine.rendering import GRADIENT, MINUS, Piece, Pieces, plain
from rnnviz.engine.story.operation import Scene, dot_pieces
from rnnviz.engine.story.rules import gradient
from rnnviz.engine.text import hue_of, latex, number, numbers, pieces


@dataclass(frozen=True, eq=False)
class Contribution:
    """A part of the gradient of an operand.

    Attributes
    ----------
    name : str
        The operand: a quantity, a weight, or the typed formula.
    operation : str
        The operation that it was used in.
    quantity : str
        The quantity whose equation that is.
    rule : Expression
        The right side of the rule, in symbols of gradients and values.
    value : array
        `[unit]`; for a matrix the outer product `[unit, column]`.
    alone : bool
        Whether it is all of the gradient. A weight receives one at every step.
    held : mask `[unit]` or None
        The units of the operation's result through which nothing flows, as they are held.
    scene : Scene
        The values and gradients that stand in the rule.
    """

    name: str
    operation: str
    quantity: str
    rule: Expression
    value: Array
    alone: bool
    held: Mask | None
    scene: Scene

    @property
    def symbols(self) -> Pieces:
        """The rule in the pieces that are drawn: `∂L/∂f₂ = ∂L/∂c₂ · c₁`."""
        parameters, at = self.scene.parameters, self.scene.at
        left = pieces(gradient(self.name), parameters, at)
        sign = Piece(" = " if self.alone else " += ")
        return (*left, sign, *pieces(self.rule, parameters, at))

    @property
    def printed(self) -> str:
        """The rule as it is printed; `+=` where the operand receives more than this."""
        return plain(self.symbols)

    @property
    def latex(self) -> str:
        """The rule in LaTeX."""
        parameters, at = self.scene.parameters, self.scene.at
        sign = "=" if self.alone else r"\mathrel{+}="
        left = latex(gradient(self.name), parameters, at)
        return f"{left} {sign} {latex(self.rule, parameters, at)}"

    def chain(self, unit: int, column: int | None = None, digits: int = 3) -> tuple[Pieces, ...]:
        """The rule with the numbers of a unit, and the result.

        Parameters
        ----------
        unit : int
            Of the operand, from 0; the row of a matrix.
        column : int, optional
            The column of a matrix.
        digits : int
            Decimals.
        """
        if self.value.ndim == 2:
            place: tuple[int, ...] = (unit, 0 if column is None else column)
            first = self._matrix(place, digits)
        else:
            place = (unit,) if self.value.ndim else ()
            first = self._vector(unit, digits)
        text = number(float(self.value[place]), digits)
        result = (Piece(text, hue=GRADIENT, kind="number"),)
        return (result,) if plain(first) == text else (first, result)

    def numbers(self, unit: int, column: int | None = None, digits: int = 3) -> str:
        """The rule with the numbers of a unit: `0.036 · 0.621 = 0.022`."""
        return " = ".join(plain(stage) for stage in self.chain(unit, column, digits))

    def _vector(self, unit: int, digits: int) -> Pieces:
        scene, rule = self.scene, self.rule
        if isinstance(rule, MatMul) and isinstance(rule.vector, Symbol):
            weights = scene.values[rule.matrix.name][unit]
            return dot_pieces(weights, scene.values[rule.vector.name], GRADIENT, digits)

        def value(node: Expression) -> float | None:
            if isinstance(node, Symbol | MatMul):
                return scene.number(scene.name(node), unit)
            return None

        return numbers(rule, value, digits, scene.parameters)

    def _matrix(self, place: tuple[int, ...], digits: int) -> Pieces:
        rule = self.rule
        assert isinstance(rule, MatMul)
        assert isinstance(rule.vector, Symbol)
        row, column = (
            self.scene.number(symbol.name, at)
            for symbol, at in zip((rule.matrix, rule.vector), place, strict=True)
        )
        text = number(column, digits)
        second = f"({text})" if text.startswith(MINUS) else text
        return (
            Piece(number(row, digits), hue=GRADIENT, kind="number"),
            Piece(" \N{MIDDLE DOT} "),
            Piece(second, hue=hue_of(rule.vector), kind="number"),
        )
