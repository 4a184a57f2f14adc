"""What the graph is made of: one side or two, and on each lanes of cells from the bottom up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rnnviz.engine.cell import Cell
from rnnviz.engine.expressions import Apply
from rnnviz.engine.trace import Trace

_ORDER = "figoczrn"
MOST_GATES = 5


@dataclass(frozen=True)
class Lane:
    """A layer and direction: one cell a step.

    Attributes
    ----------
    part : str
        Such as `layer0/forward`.
    layer : int
        From the bottom up, within its side.
    """

    part: str
    layer: int
    cell: Cell
    units: int

    @property
    def prefix(self) -> str:
        """The layer, such as `layer0`."""
        return self.part.rpartition("/")[0]

    @property
    def is_backward(self) -> bool:
        """Whether it reads from the end."""
        return self.part.endswith("/backward")

    @property
    def state(self) -> str:
        """What it hands up, such as `h`."""
        return self.cell.states[0]

    @property
    def roads(self) -> tuple[str, ...]:
        """The states beside it, such as `c`; the first has a road."""
        return self.cell.states[1:]

    @cached_property
    def gates(self) -> tuple[tuple[str, str], ...]:
        """What a folded cell shows as bars: (symbol, function), in the order of the picture."""
        found = [
            (equation.name, equation.expression.function)
            for equation in self.cell.equations
            if isinstance(equation.expression, Apply)
        ]
        gates = [pair for pair in found if pair[0] not in self.cell.states] or found
        gates.sort(key=lambda pair: _place(pair[0]))
        return tuple(gates[:MOST_GATES]) or ((self.state, ""),)

    @property
    def short(self) -> str:
        """What stands on a cell."""
        return self.cell.title.split(",")[0].split(" ")[0]


def _place(symbol: str) -> int:
    found = _ORDER.find(symbol[:1])
    return found if found >= 0 else len(_ORDER)


@dataclass(frozen=True)
class Side:
    """A sequence of steps that is read once.

    Attributes
    ----------
    name : str
        "", "encoder" or "decoder".
    steps : int
        How many.
    lanes : tuple of Lane
        From the bottom up; of one layer forward before backward.
    """

    name: str
    steps: int
    lanes: tuple[Lane, ...]

    @property
    def first(self) -> str:
        """The lowest layer."""
        return self.lanes[0].prefix

    @cached_property
    def layers(self) -> tuple[tuple[Lane, ...], ...]:
        """The lanes of each layer."""
        found: dict[int, list[Lane]] = {}
        for lane in self.lanes:
            found.setdefault(lane.layer, []).append(lane)
        return tuple(tuple(lanes) for lanes in found.values())


def sides_of(trace: Trace) -> tuple[Side, ...]:
    """The sides of what was computed."""
    lanes: dict[str, list[Lane]] = {}
    steps: dict[str, int] = {}
    for prefix, run in trace.runs.items():
        name, _, layer = prefix.rpartition("/")
        number = int(layer.removeprefix("layer"))
        steps[name] = len(run.x)
        lanes.setdefault(name, []).extend(
            Lane(f"{prefix}/{way}", number, run.layer.cell, run.layer.hidden) for way in run.tapes
        )
    return tuple(Side(name, steps[name], tuple(found)) for name, found in lanes.items())


def lane_of(sides: tuple[Side, ...], part: str) -> tuple[int, Lane]:
    """The side and the lane of a part; the first lane for one that is not there."""
    for number, side in enumerate(sides):
        for lane in side.lanes:
            if lane.part == part:
                return number, lane
    return 0, sides[0].lanes[0]
