"""What an inspector shows of one quantity: its equation, the numbers, the result and the terms.

Text, bars and numbers come from one record of the story, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.engine.errors import EngineError, UnknownError
from rnnviz.engine.expressions import (
    FUNCTIONS,
    Apply,
    Expression,
    MatMul,
    Symbol,
    symbols,
    terms,
    walk,
)
from rnnviz.engine.rendering import Piece, Pieces, plain
from rnnviz.engine.story.forward import forward_story
from rnnviz.engine.story.inputs import token_of
from rnnviz.engine.story.operation import Operation
from rnnviz.engine.story.step import Step, take_step
from rnnviz.engine.text import pieces
from rnnviz.engine.trace import Trace

EQUALS = Piece(" = ")
Record = TypeVar("Record")


@dataclass(frozen=True)
class Term:
    """One bar below an equation.

    Attributes
    ----------
    kind : str
        Forward: "input", "past", "bias", "kept", "written" or "other". Backward: that of the
        `sources.Part`.
    label : str
        In words: `from the token`, `from the past`, `bias`; `through h`, `along c`.
    symbols : tuple of Piece
        In symbols: `U_f h₂`; empty where there are only words.
    value : float
        How much it adds.
    """

    kind: str
    label: str
    symbols: Pieces
    value: float


@dataclass(frozen=True)
class Lines:
    """The equation of one quantity at one unit.

    Attributes
    ----------
    name : str
        The quantity.
    symbols, numbers, result : tuple of Piece
        The three lines: `f₃ = σ(W_f x₃ + U_f h₂ + b_f)`, `= σ(−0.34 − 2.71 + 0.96)` and
        `= σ(−2.09) = 0.11`. The second is empty where it would repeat the third.
    terms : tuple of Term
        What is added up; empty where nothing is.
    value : float
        The number that is used, with what is held.
    held : bool
        Whether it is held, so that `result` is not what is used.
    function : str
        The squashing function, "" for none.
    argument : float or None
        What the function is applied to: the place of the live point on its curve.
    """

    name: str
    symbols: Pieces
    numbers: Pieces
    result: Pieces
    terms: tuple[Term, ...]
    value: float
    held: bool = False
    function: str = ""
    argument: float | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The lines as plain text."""
        lines = (self.symbols, self.numbers, self.result)
        return tuple(plain(line).strip() for line in lines if line)


def equation_lines(
    trace: Trace, part: str, step: int, quantity: str, unit: int, row: int = 0, digits: int = 2
) -> Lines:
    """The equation of a quantity with the live numbers of one unit.

    Parameters
    ----------
    trace : Trace
        The forward pass.
    part : str
        Layer and direction, such as `layer0/forward`.
    step, unit, row : int
        From 0.
    quantity : str
        The result of an operation of `forward_story`: `f`, `a_f`, `f * c_prev`, `y`, `L`; or its
        path, such as `head/outputs`.
    digits : int
        Decimals.

    Raises
    ------
    EngineError
        A part, step, row, quantity or unit that is not there.
    """
    story = by_name([(one, one) for one in forward_story(trace, part, step, row)])
    operation = find(story, quantity)
    check_unit(quantity, operation.value, unit)
    return lines_of(operation, take_step(trace, part, step, row), unit, digits)


def lines_of(operation: Operation, step: Step, unit: int, digits: int = 2) -> Lines:
    """`equation_lines` of an operation of a story that was told already.

    Parameters
    ----------
    operation : Operation
        One of `forward_story`.
    step : Step
        The step that was told.
    unit : int
        From 0, one that the operation has.
    digits : int
        Decimals.
    """
    function = operation.kind if operation.kind in FUNCTIONS else ""
    first, rest = chain_lines(operation.chain(unit, digits))
    return Lines(
        name=operation.name,
        symbols=operation.symbols,
        numbers=first,
        result=rest,
        terms=_terms(operation, step, unit),
        value=at(operation.value, unit),
        held=operation.held is not None and bool(operation.held[unit]),
        function=function,
        argument=at(operation.operands[0].value, unit) if function else None,
    )


def chain_lines(chain: tuple[Pieces, ...]) -> tuple[Pieces, Pieces]:
    """The first stage as one line, the others as the next; one stage is the last line alone."""
    first, rest = (chain[:1], chain[1:]) if len(chain) > 1 else ((), chain)
    lines = [
        tuple(piece for stage in stages for piece in (EQUALS, *stage)) for stages in (first, rest)
    ]
    return lines[0], lines[1]


def by_name(records: Sequence[tuple[Operation, Record]]) -> dict[str, Record]:
    """Operation and record -> record by name and by path; the cell's names come first.

    A cell may have a `y` of its own; the head's is then found as `head/outputs`.
    """
    found: dict[str, Record] = {}
    for is_cell in (False, True):
        for operation, record in records:
            if (operation.scope == "cell") == is_cell:
                found[operation.name] = record
                if operation.path:
                    found[operation.path] = record
    return found


def find(story: dict[str, Record], quantity: str) -> Record:
    """The record of a quantity, or an UnknownError that names all."""
    if quantity not in story:
        raise UnknownError("quantity", quantity, tuple(story))
    return story[quantity]


def check_unit(quantity: str, value: Array, unit: int) -> None:
    """Raise an EngineError for a unit that is not there."""
    if value.ndim and not 0 <= unit < len(value):
        raise EngineError(f"unit: {unit} came, {quantity} has the units 0 to {len(value) - 1}")


def at(value: Array, unit: int) -> float:
    """The number of one unit; a single number is that of all units."""
    return float(value if value.ndim == 0 else value[unit])


def _below(step: Step) -> str:
    """Where the input comes from, in words."""
    if not step.prefix.endswith("layer0"):
        return "from the layer below"
    return "from the input" if token_of(step) is None else "from the token"


def _terms(operation: Operation, step: Step, unit: int) -> tuple[Term, ...]:
    """The addends of the sum that the operation ends with."""
    expression, scene = operation.expression, operation.scene
    body = expression.argument if isinstance(expression, Apply) else expression
    addends = terms(body)
    if len(addends) < 2 or operation.kind == "loss":
        return ()
    is_weighted = any(isinstance(addend, MatMul) for addend in addends)
    found = []
    for addend in addends:
        if is_weighted:
            kind, label = _weighted(addend, step, scene.parameters)
        else:
            kind, label = _mixed(addend)
        row = pieces(addend, scene.parameters, scene.at)
        found.append(Term(kind, label, row, scene.number(scene.name(addend), unit)))
    return tuple(found)


def _weighted(addend: Expression, step: Step, parameters: frozenset[str]) -> tuple[str, str]:
    """Kind and words of a term of a weighted sum."""
    names = [name for name in symbols(addend) if name not in parameters]
    if not names:
        return "bias", "bias"
    if names == [INPUT]:
        return "input", _below(step)
    states = [name.removesuffix(PREVIOUS) for name in names if name.endswith(PREVIOUS)]
    if isinstance(addend, MatMul) and states:
        return "past", "from the past"
    if any(_is_past(name, step.cell) for name in names):
        return "past", "from the past"
    label = f"from {', '.join(states or names)}"
    return ("past" if states else "other"), label


def _is_past(name: str, cell: Cell) -> bool:
    """Whether a quantity is itself a product with the state before, such as U_n h + d_n."""
    if name not in cell.quantities:
        return False
    body = cell.equation(name).expression
    products = [term for term in terms(body) if isinstance(term, MatMul)]
    before = (n for p in products for n in walk(p.vector) if isinstance(n, Symbol))
    return any(symbol.name.endswith(PREVIOUS) for symbol in before)


def _mixed(addend: Expression) -> tuple[str, str]:
    """Kind and words of a term of a new state: what is kept of the old one, what is written."""
    if any(name.endswith(PREVIOUS) for name in symbols(addend)):
        return "kept", "kept"
    return "written", "written"
