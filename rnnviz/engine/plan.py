"""Where the values of a step are stored, so that few and large NumPy calls compute them.

All weighted sums of a cell share one array, the *sums* slab `[time, batch, sum * hidden]`, and the
gates made from them share another in the same order. The order of the columns is the one that needs
the fewest calls: sums that are multiplied by the same vector, squashed by the same function or that
receive their gradient from the same quantity stand side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby, permutations

from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.engine.definitions import (
    Elementwise,
    WeightedSum,
    anchors,
    definitions,
    depends,
    users,
)
from rnnviz.engine.expressions import Apply, Symbol

MAX_PERMUTED = 6


@dataclass(frozen=True)
class Run:
    """Neighbouring columns `start:stop` (counted in sums) that one call can serve."""

    start: int
    stop: int


@dataclass(frozen=True)
class Plan:
    """The storage of one cell.

    Attributes
    ----------
    sums : tuple of str
        The weighted sums in the order of their columns.
    gates : tuple of str
        The quantities stored in the gates slab, in the order of their columns.
    gate_of : dict
        Sum -> its gate.
    sources : dict
        Vector that enters products -> the runs of sums that it enters.
    levels : dict
        Name -> in which round of a step it can be computed.
    biases : tuple of tuple
        The k-th plain biases of the sums, in the order of the columns.
    bias_columns : tuple of tuple
        The columns of the sums that have them.
    vectors : tuple of str
        The parameters that act element by element (peepholes).
    contributors : dict
        Anchor -> the anchors whose adjoint flows into it without a product in between.
    """

    cell: Cell
    sums: tuple[str, ...]
    gates: tuple[str, ...]
    gate_of: dict[str, str]
    sources: dict[str, tuple[Run, ...]]
    levels: dict[str, int]
    biases: tuple[tuple[str, ...], ...]
    bias_columns: tuple[tuple[int, ...], ...]
    vectors: tuple[str, ...]
    contributors: dict[str, tuple[str, ...]]

    def matrices(self, source: str) -> tuple[str, ...]:
        """The matrices that multiply `source`, in the order of the columns."""
        found = definitions(self.cell)
        all_of = (found[name].matrix(source) for name in self.sums)  # type: ignore[union-attr]
        return tuple(matrix for matrix in all_of if matrix is not None)

    def column(self, name: str) -> int:
        """The column of a weighted sum."""
        return self.sums.index(name)

    def slabs(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """The weights side by side in memory: (slab, its columns as in `Parameter`, names)."""
        matrices = tuple(
            (f"products with {s}", "input" if s == INPUT else "hidden", self.matrices(s))
            for s in self.sources
        )
        biases = tuple((f"biases {k}", "", names) for k, names in enumerate(self.biases))
        others = (("vectors", "", self.vectors),) if self.vectors else ()
        return matrices + biases + others


@lru_cache(maxsize=256)
def plan(cell: Cell) -> Plan:
    """The plan of `cell`; made once and kept."""
    found = definitions(cell)
    sums = tuple(n for n, d in found.items() if isinstance(d, WeightedSum))
    levels = _levels(cell)
    gate_of = _gates(cell)
    flow = _contributors(cell)
    order = _best_order(cell, sums, gate_of, levels, flow)
    sources = tuple(dict.fromkeys(v for s in order for _, v in _sum(cell, s).products))
    plain = {b for s in sums for b in _sum(cell, s).biases}
    most = max((len(_sum(cell, s).biases) for s in sums), default=0)
    return Plan(
        cell=cell,
        sums=order,
        gates=tuple(gate_of[s] for s in order if s in gate_of),
        gate_of=gate_of,
        sources={v: runs(order, partial(_multiplies, cell, v)) for v in sources},
        levels=levels,
        biases=tuple(
            tuple(_sum(cell, s).biases[k] for s in order if len(_sum(cell, s).biases) > k)
            for k in range(most)
        ),
        bias_columns=tuple(
            tuple(i for i, s in enumerate(order) if len(_sum(cell, s).biases) > k)
            for k in range(most)
        ),
        vectors=tuple(p.name for p in cell.parameters if not p.columns and p.name not in plain),
        contributors=flow,
    )


def runs(order: Iterable[str], key: Callable[[str], Hashable]) -> tuple[Run, ...]:
    """The maximal runs of neighbours in `order` with the same true key."""
    found: list[Run] = []
    position = 0
    for value, group in groupby(order, key):
        length = len(tuple(group))
        if value:
            found.append(Run(position, position + length))
        position += length
    return tuple(found)


def _sum(cell: Cell, name: str) -> WeightedSum:
    definition = definitions(cell)[name]
    assert isinstance(definition, WeightedSum)
    return definition


def _multiplies(cell: Cell, source: str, name: str) -> bool:
    return _sum(cell, name).matrix(source) is not None


def _levels(cell: Cell) -> dict[str, int]:
    levels: dict[str, int] = {}
    for name, definition in definitions(cell).items():
        needed = [levels[n] for n in depends(definition) if n in levels]
        own = 0 if isinstance(definition, WeightedSum) and not needed else 1
        levels[name] = own + max(needed, default=0)
    return levels


def _gates(cell: Cell) -> dict[str, str]:
    """Sum -> the quantity that squashes it; states need time -1 and keep arrays of their own."""
    found = definitions(cell)
    gate_of: dict[str, str] = {}
    for name, definition in found.items():
        match definition:
            case Elementwise(_, Apply(_, Symbol(inner))) if name not in cell.states:
                if isinstance(found.get(inner), WeightedSum):
                    gate_of.setdefault(inner, name)
    return gate_of


def _contributors(cell: Cell) -> dict[str, tuple[str, ...]]:
    previous = tuple(state + PREVIOUS for state in cell.states)
    return {
        name: tuple(anchor for anchor, _ in users(cell, name))
        for name in (*anchors(cell), *previous)
    }


def _best_order(
    cell: Cell,
    sums: tuple[str, ...],
    gate_of: dict[str, str],
    levels: dict[str, int],
    flow: dict[str, tuple[str, ...]],
) -> tuple[str, ...]:
    found = definitions(cell)
    sources = {v for s in sums for _, v in _sum(cell, s).products}

    def squashed(name: str) -> Hashable:
        if name not in gate_of:
            return None
        gate = found[gate_of[name]]
        assert isinstance(gate, Elementwise)
        assert isinstance(gate.expression, Apply)
        return (gate.expression.function, levels[name])

    def cost(order: tuple[str, ...]) -> tuple[int, int]:
        calls = 2 * sum(len(runs(order, partial(_multiplies, cell, v))) for v in sources)
        calls += 3 * len(runs(order, squashed)) + len(runs(order, lambda s: flow[s]))
        moved = sum(abs(order.index(s) - sums.index(s)) for s in sums)
        return calls, moved

    if len(sums) > MAX_PERMUTED:
        return tuple(sorted(sums, key=lambda s: (str(_sum(cell, s).products), str(squashed(s)))))
    return min(permutations(sums), key=cost)
