"""The numbers of the highway: the terms of the sum by which a state comes about."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.step_words import step_words
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import Cell
from rnnviz.engine.expressions import Apply, Expression
from rnnviz.engine.rendering import Pieces
from rnnviz.engine.roles import Balance, Term, balance
from rnnviz.engine.text import formula, hue_of, pieces
from rnnviz.panels.parts import part_of
from rnnviz.panels.sight import Sight
from rnnviz.session.selection import parts

NOTICED = 0.005
WRITES = "i"
"""What is written has the colour of what lets it in."""

Ends: TypeAlias = tuple[list[float], list[float]]
"""The least and the greatest value of each of some units."""


@dataclass(frozen=True, eq=False)
class Addend:
    """One term.

    Attributes
    ----------
    kind : str
        "kept" or "wrote"; "term" where nothing is handed on unit by unit.
    expression : Expression
        The term without its sign.
    symbol : str
        The letter whose colour it takes.
    values : array `[time, unit]`
        With its sign.
    """

    kind: str
    expression: Expression
    symbol: str
    values: Array

    def pieces(self, cell: Cell) -> Pieces:
        """The term as it is written, without its time."""
        names = frozenset(parameter.name for parameter in cell.parameters)
        return pieces(self.expression, names)


@dataclass(frozen=True, eq=False)
class Seen:
    """What the panel shows.

    Attributes
    ----------
    part : str
        Layer and direction.
    words : tuple of str
        What the steps are called.
    cell : Cell
        Its equations.
    balance : Balance
        Its sum.
    addends : tuple of Addend
        What is kept comes first.
    total, state : array `[time, unit]`
        What they add up to, and the state; the same where the sum is the state.
    before : array or None
        The total before the last edit, where that had as many steps and units.
    held : frozenset
        Pairs of unit and step at which the state or the total is held; a unit of -1 means all.
    units : int
        How many there are.
    """

    part: str
    words: tuple[str, ...]
    cell: Cell
    balance: Balance
    addends: tuple[Addend, ...]
    total: Array
    state: Array
    before: Array | None
    held: frozenset[tuple[int, int]]
    units: int
    _known: dict[range, Ends] = field(default_factory=dict, repr=False)

    @property
    def steps(self) -> int:
        """How many columns there are."""
        return len(self.words)

    @property
    def reads_backward(self) -> bool:
        """Whether the step before stands at the right."""
        return self.part.endswith("/backward")

    @property
    def path(self) -> str:
        """The path of the state."""
        return f"{self.part}/{self.balance.state}"

    @property
    def function(self) -> str:
        """What the sum is squashed by; empty where the state is more than that, or the sum."""
        root = self.cell.equation(self.balance.state).expression
        return root.function if isinstance(root, Apply) and not self.balance.is_state else ""

    def is_held(self, unit: int, step: int) -> bool:
        """Whether the state is not what its terms add up to, because it is held."""
        return (unit, step) in self.held or (-1, step) in self.held

    def noticed(self, unit: int, step: int) -> float | None:
        """What the total was before the last edit, if that changed it."""
        if self.before is None:
            return None
        old = float(self.before[step, unit])
        return old if abs(old - float(self.total[step, unit])) > NOTICED else None

    def extents(self, units: range) -> Ends:
        """The least and the greatest value of all bars of each of some units, 0 included."""
        if units not in self._known:
            self._known[units] = _extents(self, slice(units.start, units.stop), len(units))
        return self._known[units]

    @cached_property
    def failed(self) -> tuple[int, int]:
        """From which step to before which there are numbers that are none; twice 0 if nowhere."""
        whole = np.isfinite(self.total).all(axis=1)
        for addend in self.addends:
            whole &= np.isfinite(addend.values).all(axis=1)
        steps = np.flatnonzero(~whole)
        return (int(steps[0]), int(steps[-1]) + 1) if len(steps) else (0, 0)


def _extents(seen: Seen, units: slice, count: int) -> Ends:
    low, high = np.zeros(count), np.zeros(count)
    if not seen.steps:
        return low.tolist(), high.tolist()
    edge = np.zeros((seen.steps, count))
    arrays = [seen.total[:, units]] if seen.balance.is_state else [seen.state[:, units]]
    with np.errstate(all="ignore"):
        for addend in seen.addends:
            edge = edge + addend.values[:, units]
            arrays.append(edge)
        for array in arrays:
            known = np.where(np.isfinite(array), array, 0.0)
            low, high = np.minimum(low, known.min(axis=0)), np.maximum(high, known.max(axis=0))
    return low.tolist(), high.tolist()


def seen(sight: Sight) -> Seen:
    """What there is to show."""
    part, evaluation = part_of(sight), sight.evaluation
    layer = parts(sight.document)[part]
    cell, units = layer.cell, layer.hidden
    found = balance(cell)
    none = np.zeros((0, units))
    total = none if evaluation is None else evaluation.trace[f"{part}/{found.total}"][:, 0]
    state = none if evaluation is None else evaluation.trace[f"{part}/{found.state}"][:, 0]
    ghost = None if sight.frame.ghost is None else sight.frame.ghost.evaluation
    paths = (f"{part}/{found.total}", f"{part}/{found.state}")
    held = frozenset(
        (-1 if hold.unit is None else hold.unit, hold.step)
        for hold in sight.document.holds
        if hold.path in paths
    )
    return Seen(
        part,
        () if evaluation is None else step_words(evaluation, part),
        cell,
        found,
        _addends(found, part, evaluation, none),
        total,
        state,
        _before(sight, ghost, part, cell, total),
        held,
        units,
    )


def _addends(
    found: Balance, part: str, evaluation: Evaluation | None, none: Array
) -> tuple[Addend, ...]:
    ordered = sorted(found.terms, key=lambda term: not term.kept)
    fresh = [term for term in ordered if not term.kept]
    made = []
    for term in ordered:
        values = none
        if evaluation is not None:
            values = evaluation.trace[f"{part}/{formula(term.expression)}"][:, 0]
            values = values if term.sign > 0 else -values
        kind = "kept" if term.kept else "wrote" if found.keeps else "term"
        symbol = _symbol(term, found, first=bool(fresh) and term is fresh[0])
        made.append(Addend(kind, term.expression, symbol, values))
    return tuple(made)


def _symbol(term: Term, found: Balance, first: bool) -> str:
    if term.kept:
        return found.state
    return WRITES if found.keeps and first else hue_of(term.expression)


def _before(
    sight: Sight, ghost: Evaluation | None, part: str, cell: Cell, total: Array
) -> Array | None:
    """The total before the last edit, if it is the same sum."""
    now = sight.evaluation
    if ghost is None or now is None or ghost.trace is now.trace:
        return None
    layer = parts(ghost.document).get(part)
    if layer is None or layer.cell != cell:
        return None
    old = ghost.trace[f"{part}/{balance(cell).total}"][:, 0]
    return old if old.shape == total.shape else None
