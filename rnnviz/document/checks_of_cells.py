"""Whether a cell may stand in a document: it can be written as text, and computed in time."""

from __future__ import annotations

from functools import lru_cache

from rnnviz.document.checks_of_words import check_text
from rnnviz.document.limits import EQUATIONS, LINE, STATES, TERMS
from rnnviz.engine.cell import Cell
from rnnviz.engine.definitions import Definition, Elementwise, anchors, definitions
from rnnviz.engine.errors import EngineError
from rnnviz.engine.expressions import Symbol, walk
from rnnviz.engine.parsing import MAX_LENGTH, EquationError, parse
from rnnviz.engine.text import formula


def equations_of(cell: Cell) -> str:
    """The equations of a cell as they are typed, one a line."""
    return "\n".join(f"{e.name} = {formula(e.expression)}" for e in cell.equations)


@lru_cache(maxsize=64)
def check_cell(cell: Cell) -> None:
    """Raise an EngineError for a cell that no file could hold, or whose derivative has no end.

    A derivative is written out term by term, one term for each way from one quantity to another;
    a chain of squares doubles the ways at each link.
    """
    if len(cell.equations) > EQUATIONS or len(cell.states) > STATES:
        raise EngineError(
            f"cell: {len(cell.equations)} equations and {len(cell.states)} states came, expected "
            f"at most {EQUATIONS} and {STATES}"
        )
    texts = (cell.name, cell.title, cell.reference, cell.note, *cell.states)
    for text in texts:
        check_text("cell", text, LINE)
    found = definitions(cell)
    if len(found) > 2 * EQUATIONS or _ways(cell, found) > TERMS:
        raise EngineError("cell: its equations are too entangled for a derivative to be written")
    _check_text(cell)


def _ways(cell: Cell, found: dict[str, Definition]) -> int:
    """How many terms the derivatives of all quantities have together."""
    stops = frozenset(anchors(cell))
    ways: dict[str, int] = {}
    for name, definition in found.items():
        body = definition.expression if isinstance(definition, Elementwise) else definition.rest
        leaves = (n.name for n in walk(body) if isinstance(n, Symbol)) if body is not None else ()
        ways[name] = sum(1 if leaf in stops else ways.get(leaf, 1) for leaf in leaves)
    return sum(ways.values())


def _check_text(cell: Cell) -> None:
    text = equations_of(cell)
    try:
        same = len(text) <= MAX_LENGTH and parse(text) == cell.equations
    except EquationError:
        same = False
    if not same:
        raise EngineError(f"cell: the equations of {cell.name!r} cannot be written as text")
