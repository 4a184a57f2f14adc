"""One step of one layer, direction and row, computed anew by walking the cell's equations.

Only the input, the previous states and the weights are taken from the trace; all else follows from
the trees, node by node, so that it can be compared with what the compiled kernels stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rnnviz.engine.arrays import Array, Mask, frozen
from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.engine.errors import EngineError, UnknownError
from rnnviz.engine.evaluate import squash
from rnnviz.engine.expressions import Expression, Number, walk
from rnnviz.engine.layers import LayerRun
from rnnviz.engine.story.nodes import Node, nodes
from rnnviz.engine.text import Moment, formula, moment
from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False)
class Step:
    """The values of one step; names are those of `nodes.Node`, arrays are `[unit]`.

    Attributes
    ----------
    trace : Trace
        The forward pass.
    prefix, direction : str
        The layer, such as `layer0`, and how it reads.
    place, row : int
        The public time step and the row of the batch, from 0.
    values : dict
        What each operation gave, and the input, previous states, weights and constants.
    computed : dict
        The same without the holds.
    held : dict
        Which units of an operation's result are held; what is free everywhere is not in it.
    """

    trace: Trace
    prefix: str
    direction: str
    place: int
    row: int
    values: dict[str, Array] = field(default_factory=dict)
    computed: dict[str, Array] = field(default_factory=dict)
    held: dict[str, Mask] = field(default_factory=dict)

    @property
    def part(self) -> str:
        """The path of the layer and direction."""
        return f"{self.prefix}/{self.direction}"

    @property
    def run(self) -> LayerRun:
        """What the layer computed."""
        return self.trace.runs[self.prefix]

    @property
    def cell(self) -> Cell:
        """The equations."""
        return self.run.layer.cell

    @property
    def at(self) -> Moment:
        """How this step and the one read before it are called."""
        return moment(self.place, self.direction == "backward")

    @property
    def parameters(self) -> frozenset[str]:
        """The names of the weights."""
        return frozenset(parameter.name for parameter in self.cell.parameters)

    @property
    def length(self) -> int:
        """How many steps the row has."""
        return row_length(self.run, self.row)

    @property
    def following(self) -> int | None:
        """The public step that is read after this one; None after the last."""
        place = self.place + (-1 if self.direction == "backward" else 1)
        return place if 0 <= place < self.length else None


def row_length(run: LayerRun, row: int) -> int:
    """The number of steps of one row of a layer."""
    order = next(iter(run.orders.values()))
    return order.steps if order.lengths is None else int(order.lengths[row])


def take_step(trace: Trace, part: str, step: int, row: int = 0) -> Step:
    """Compute one step.

    Parameters
    ----------
    trace : Trace
        The forward pass.
    part : str
        Layer and direction, such as `layer0/forward`.
    step, row : int
        The public time step and the row of the batch, from 0.

    Raises
    ------
    EngineError
        A part, step or row that is not there; a step in the padding of its row.
    """
    prefix, _, direction = part.rpartition("/")
    run = trace.runs.get(prefix)
    if run is None or direction not in run.tapes:
        known = tuple(f"{p}/{d}" for p, r in trace.runs.items() for d in r.tapes)
        raise UnknownError("part", part, known)
    rows = run.x.shape[1]
    if not 0 <= row < rows:
        raise EngineError(f"row: {row} came, expected 0 to {rows - 1}")
    length = row_length(run, row)
    if not 0 <= step < length:
        raise EngineError(f"step: {step} came, row {row} of {part} has the steps 0 to {length - 1}")
    found = Step(trace, prefix, direction, step, row)
    found.values.update(_given(found))
    with np.errstate(all="ignore"):
        for node in nodes(found.cell):
            _compute(found, node)
    return found


def _given(step: Step) -> dict[str, Array]:
    """What the equations start from."""
    place, row, run = step.place, step.row, step.run
    given = {INPUT: run.x[place, row]}
    for state in step.cell.states:
        name = state + PREVIOUS
        given[name] = step.trace[f"{step.part}/{name}"][place, row]
    for name in step.parameters:
        weight = step.trace.weights[f"{step.part}/{name}"]
        given[name] = weight if run.layer.unshared is None else weight[place]
    for equation in step.cell.equations:
        for node in walk(equation.expression):
            if isinstance(node, Number):
                given[formula(node)] = np.asarray(node.value, run.x.dtype)
    return {name: frozen(value) for name, value in given.items()}


def _compute(step: Step, node: Node) -> None:
    value = operate(node.kind, [step.values[name] for name in node.operands])
    if node.name in step.cell.quantities:
        value = np.broadcast_to(value, (step.run.layer.hidden,))
    step.computed[node.name] = step.values[node.name] = frozen(value)
    held = step.run.held.get(f"{step.part}/{node.name}")
    if held is not None and held.where[step.place, step.row].any():
        where = held.where[step.place, step.row]
        step.held[node.name] = where
        fixed = np.where(where, held.value[step.place, step.row], value)
        step.values[node.name] = frozen(fixed.astype(value.dtype, copy=False))


def operate(kind: str, given: list[Array]) -> Array:
    """The result of one operation of the kinds of `nodes.Node`."""
    match kind, given:
        case "matmul", [matrix, vector]:
            return np.asarray(matrix @ vector)
        case "add", [left, right]:
            return np.asarray(left + right)
        case "subtract", [left, right]:
            return np.asarray(left - right)
        case "multiply", [left, right]:
            return np.asarray(left * right)
        case "copy", [value]:
            return value
        case _:
            return squash(kind, given[0])


def number_at(values: Mapping[str, Array], name: str, unit: int) -> float:
    """The number of one unit; what is the same for all units has one number."""
    value = values[name]
    return float(value if value.ndim == 0 else value[unit])


def expression_names(step: Step) -> dict[Expression, str]:
    """Tree -> name, for all the operations that are not the root of an equation."""
    own = step.cell.quantities
    return {node.expression: node.name for node in nodes(step.cell) if node.name not in own}
