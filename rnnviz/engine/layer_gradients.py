"""Back through one layer: from the gradient of its output to that of its input and its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rnnviz.engine.adjoint import Adjoint
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import INPUT
from rnnviz.engine.kernel import compile_cell
from rnnviz.engine.layers import LayerRun
from rnnviz.engine.order import Order
from rnnviz.engine.tape import Slabs
from rnnviz.engine.truncation import Barrier
from rnnviz.engine.weight_gradients import write_gradients


@dataclass(frozen=True, eq=False)
class LayerGradients:
    """What flows back through one layer.

    Attributes
    ----------
    run : LayerRun
        The forward run.
    adjoints : dict
        Direction -> the gradients, in process order.
    x : array `[time, rows, inputs]`
        dL/dx, holds on x not yet cut.
    output : array `[time, rows, outputs]`
        dL/d(output).
    final : dict
        Path of a state -> the part of dL/d(its last value) that does not come through the output.
    """

    run: LayerRun
    adjoints: dict[str, Adjoint]
    x: Array
    output: Array
    final: Mapping[str, Array] = field(default_factory=dict)

    @property
    def below(self) -> Array:
        """dL/d(what the layer below gave): dL/dx without what was held in x."""
        hold = self.run.held.get(f"{self.run.prefix}/{INPUT}")
        return self.x if hold is None else self.x * hold.free(self.x.dtype)

    def collapsed(self) -> LayerGradients:
        """The sum over the rows."""
        return LayerGradients(
            self.run,
            {direction: adjoint.collapsed() for direction, adjoint in self.adjoints.items()},
            self.x.sum(axis=1, keepdims=True),
            self.output.sum(axis=1, keepdims=True),
        )


def backward_layer(
    run: LayerRun,
    d_output: Array,
    d_final: Mapping[str, Array],
    gradient: Mapping[str, Slabs] | None,
    barrier: Barrier | None = None,
) -> LayerGradients:
    """Go back through one layer.

    Parameters
    ----------
    d_output : array `[time, rows, outputs]`
        dL/d(output).
    d_final : mapping
        Path of a state -> dL/d(its last value) `[rows, hidden]`.
    gradient : mapping or None
        Part -> slabs that receive the gradient of the weights.
    barrier : Barrier or None
        A truncation; the rows are then the losses.
    """
    d_sum = d_output if run.mask is None else d_output * run.mask
    d_x = d_sum if run.layer.residual else None
    adjoints: dict[str, Adjoint] = {}
    for position, direction in enumerate(run.tapes):
        order = run.orders[direction]
        part, hidden = f"{run.prefix}/{direction}", run.layer.hidden
        columns = slice(position * hidden, (position + 1) * hidden)
        adjoint = start_adjoint(run, direction, d_final, d_output.shape[1])
        adjoint.state(run.layer.cell.states[0])[1:] += order.inward(d_sum[:, :, columns])
        if barrier is None:
            adjoint.run()
        else:
            barrier.run(adjoint, part, order)
        adjoints[direction] = adjoint
        if gradient is not None:
            write_weights(run, adjoint.collapsed() if barrier else adjoint, order, gradient[part])
        through = order.outward(adjoint.inputs())
        d_x = through if d_x is None else d_x + through
    assert d_x is not None
    return LayerGradients(run, adjoints, d_x, d_output, d_final)


def start_adjoint(
    run: LayerRun, direction: str, d_final: Mapping[str, Array], rows: int
) -> Adjoint:
    """An adjoint of one direction with dL/d(last states) in it, ready for dL/d(output)."""
    part, states = f"{run.prefix}/{direction}", run.layer.cell.states
    names = frozenset(p.rpartition("/")[2] for p in run.held if p.rpartition("/")[0] == part)
    kernel = compile_cell(run.layer.cell, names, frozenset(states[:1]))
    adjoint = Adjoint(run.tapes[direction], kernel, rows)
    finals = {s: d_final[f"{part}/{s}"] for s in states if f"{part}/{s}" in d_final}
    adjoint.add_final(run.orders[direction], finals)
    return adjoint


def write_weights(run: LayerRun, adjoint: Adjoint, order: Order, slabs: Slabs) -> None:
    """Write the gradient of a layer's weights; unshared ones lie in public order."""
    if run.layer.unshared is not None and order.reverse:
        slabs = {name: slab[::-1] for name, slab in slabs.items()}
    write_gradients(adjoint, slabs)
