"""Backpropagation through time: the gradient of the loss by every value and every weight."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from rnnviz.engine.array_names import ADJOINT
from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.cell import INPUT, PREVIOUS
from rnnviz.engine.definitions import definitions
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError, as_array, instance, whole
from rnnviz.engine.flow import Flow
from rnnviz.engine.heads import CRF
from rnnviz.engine.layer_gradients import LayerGradients
from rnnviz.engine.lengths import lengths
from rnnviz.engine.losses import LossSteps, inside
from rnnviz.engine.optimisers import Clipped, clip_norm, clip_value
from rnnviz.engine.overflow import Overflow, of_gradients
from rnnviz.engine.trace import Trace
from rnnviz.engine.truncation import Barrier, Cut
from rnnviz.engine.weight_gradients import factors
from rnnviz.engine.weights import Weights


class Gradients:
    """dL/d(everything). Paths are those of the trace; all arrays are read-only.

    Attributes
    ----------
    trace : Trace
        The forward pass.
    weights : Weights
        dL/d(weights), summed over time, by the same paths.
    cut : Cut or None
        What a truncation took away.
    """

    def __init__(
        self,
        trace: Trace,
        flow: Flow,
        d_outputs: Array | None,
        weights: Weights,
        cut: Cut | None = None,
    ) -> None:
        self.trace, self.flow, self.weights, self.cut = trace, flow, weights, cut
        self._d_outputs = d_outputs

    @np.errstate(all="ignore")
    def __getitem__(self, path: str) -> Array:
        """dL/d(the value at `path`), `[time, batch, unit]`.

        Raises
        ------
        UnknownError
            A path that has no gradient.
        """
        if path in self.flow.extras:
            return frozen(self.flow.extras[path])
        part, _, symbol = str(path).rpartition("/")
        if part in self.flow.layers and symbol in ("x", "output"):
            layer = self.flow.layers[part]
            return frozen(layer.x if symbol == "x" else layer.output)
        if path == "head/outputs" and self._d_outputs is not None:
            return frozen(self._d_outputs)
        layer_name, _, direction = part.rpartition("/")
        gradients = self.flow.layers.get(layer_name)
        if gradients is None or direction not in gradients.adjoints:
            raise UnknownError("path", path, self.paths())
        order = gradients.run.orders[direction]
        return frozen(order.outward(self._of_cell(part, gradients, direction, symbol)))

    def _of_cell(self, part: str, gradients: LayerGradients, direction: str, symbol: str) -> Array:
        adjoint = gradients.adjoints[direction]
        plan, held = adjoint.kernel.plan, adjoint.kernel.held
        if symbol.removesuffix(PREVIOUS) in plan.cell.states and symbol.endswith(PREVIOUS):
            return adjoint.state(symbol.removesuffix(PREVIOUS))[:-1]
        if symbol == INPUT:
            return adjoint.inputs()
        if symbol not in definitions(plan.cell):
            raise UnknownError("path", f"{part}/{symbol}", self.trace.reader(part).names())
        kept = symbol not in held if symbol in plan.sums else ADJOINT + symbol in adjoint.arrays
        if kept:
            return adjoint.anchor(symbol)
        if symbol in plan.gates:
            return adjoint.gate(symbol)
        parts = (
            self.trace.reader(part).adjoint(symbol, adjoint.anchor, held - {symbol}),
            adjoint.through_products(symbol),
        )
        nothing = np.zeros_like(adjoint.anchor(plan.cell.states[0]))
        return sum((p for p in parts if p is not None), start=nothing)

    def paths(self) -> tuple[str, ...]:
        """Everything that has a gradient."""
        without = {"head/predictions"}
        if self._d_outputs is None:
            without.add("head/outputs")
        return tuple(path for path in self.trace.paths() if path not in without)

    def initial(self, path: str) -> Array:
        """dL/d(the state before the first step), such as `layer0/forward/h`: `[batch, hidden]`."""
        if path not in self.trace.network.state_paths:
            raise UnknownError("state", path, self.trace.network.state_paths)
        layer, direction, state = path.rsplit("/", 2)
        gradients = self.flow.layers[layer]
        order = gradients.run.orders[direction]
        return frozen(order.rows_outward(gradients.adjoints[direction].state(state)[0]))

    @np.errstate(all="ignore")
    def share(self, path: str) -> Array:
        """Each step's share of a weight's gradient, `[time, *shape]`: they add up to the gradient.

        Raises
        ------
        UnknownError
            A path that is not a weight of a layer, an embedding or the head's linear map: the
            others (a CRF's transitions, a bridge, an attention) have no share of a step.
        """
        part, _, name = str(path).rpartition("/")
        if path in ("head/V", "head/d") and self._d_outputs is not None:
            return self._head_share(name)
        if path in self.flow.inputs:
            return self._embedding_share(path)
        layer, _, direction = part.rpartition("/")
        if layer not in self.flow.layers or path not in self.weights:
            known = [p for p in self.weights if p.rsplit("/", 2)[0] in self.flow.layers]
            head = ("head/V", "head/d") if self._d_outputs is not None else ()
            raise UnknownError("weight", path, (*known, *self.flow.inputs, *head))
        gradients = self.flow.layers[layer]
        order = gradients.run.orders[direction]
        left, right = factors(gradients.adjoints[direction], name)
        left = order.outward(left)
        if right is None:
            return frozen(left.sum(axis=1))
        return frozen(np.matmul(np.swapaxes(left, 1, 2), order.outward(right)))

    def _head_share(self, name: str) -> Array:
        assert self._d_outputs is not None
        if name == "d":
            return frozen(self._d_outputs.sum(axis=1))
        return frozen(np.matmul(np.swapaxes(self._d_outputs, 1, 2), self.trace.read))

    def _embedding_share(self, path: str) -> Array:
        tokens, d_input = self.flow.inputs[path]
        share = np.zeros((len(tokens), *self.weights[path].shape), d_input.dtype)
        for step in range(len(tokens)):
            np.add.at(share[step], tokens[step], d_input[step])
        return frozen(share)

    def norms(self, path: str, row: int = 0) -> Array:
        """The norm of dL/d(path) at each step `[time]`, of one row of the batch."""
        values = self[path]
        whole("row", row, 0, values.shape[1])
        return frozen(lengths(values[:, row]))

    @cached_property
    def overflow(self) -> Overflow | None:
        """The first inf or nan on the way back; None where all is finite."""
        return of_gradients(self)

    def clip_norm(self, limit: float) -> tuple[Weights, Clipped]:
        """The weights' gradient with a norm of at most `limit`, and what was cut (Pascanu 2013)."""
        clipped = clip_norm(self.weights.vector, limit)
        return Weights(self.weights.layout, clipped.vector), clipped

    def clip_value(self, limit: float) -> tuple[Weights, Clipped]:
        """The weights' gradient with each number within +-`limit`, and what was cut."""
        clipped = clip_value(self.weights.vector, limit)
        return Weights(self.weights.layout, clipped.vector), clipped


def backward(
    trace: Trace,
    steps: LossSteps | None = None,
    d_read: Array | None = None,
    d_final: Mapping[str, Array] | None = None,
    truncate: int | None = None,
) -> Gradients:
    """Go back through a whole trace.

    Parameters
    ----------
    trace : Trace
        The forward pass.
    steps : "last", "every" or tuple of int, optional
        The steps whose loss counts; by default all.
    d_read : array `[time, batch, units]`, optional
        In place of the loss: any gradient of the highest layer's output (of the last output, with
        time 1, for a network that answers once). What it says of padding is not read.
    d_final : mapping, optional
        Path of a state -> a gradient of its last value `[batch, hidden]`.
    truncate : int, optional
        Let the error that enters at each step (of a network that answers once: at the end) travel
        back through at most so many steps of a layer (Williams & Peng 1990); for a single row.

    Raises
    ------
    EngineError
        A truncation below 1, of several rows or with `d_final`, no loss, shapes that do not fit.
    """
    instance("trace", trace, Trace, "what Network.forward gives")
    vector = np.zeros_like(trace.weights.vector)
    finals = _checked_finals(trace, d_final or {})
    with np.errstate(all="ignore"):
        d_outputs, from_loss = head_gradient(trace, steps, vector, d_read)
        barrier = None
        if truncate is not None:
            barrier, from_loss = _barrier(trace, from_loss, truncate, finals)
        flow = trace.network.backpropagate(trace, from_loss, finals, vector, barrier)
    cut = None if barrier is None else Cut(barrier.limit, barrier.norms)
    return Gradients(trace, flow, d_outputs, Weights(trace.weights.layout, vector), cut)


def _barrier(
    trace: Trace, d_read: Array, limit: int, d_final: Mapping[str, Array]
) -> tuple[Barrier, Array]:
    """The truncation, and dL/d(what the head reads) with a row for the error of each step."""
    whole("truncate", limit)
    if d_final:
        raise EngineError("truncate: it came with d_final, which belongs to the loss of no step")
    _check_one_row(trace)
    if trace.network.single:
        return Barrier(limit, None), d_read
    return Barrier(limit, np.arange(len(d_read))), _apart(d_read)


def _checked_finals(trace: Trace, d_final: Mapping[str, Any]) -> dict[str, Array]:
    """The gradients of last states as arrays in the precision of the trace."""
    instance("d_final", d_final, Mapping, "a mapping of paths to arrays")
    found: dict[str, Array] = {}
    for path, value in d_final.items():
        shape = trace.final(path).shape
        found[path] = as_array(f"d_final {path}", value, trace.weights.vector.dtype)
        if found[path].shape != shape:
            raise ShapeError(f"d_final {path}", found[path].shape, str(shape))
    return found


def _check_one_row(trace: Trace) -> None:
    if trace.batch.rows != 1:
        raise EngineError(f"batch: {trace.batch.rows} rows came, expected one")


def _apart(array: Array) -> Array:
    """`[time, 1, units]` as `[time, row s, units]` in which row s has step s alone."""
    time = np.arange(len(array))
    rows = np.zeros((len(array), len(array), array.shape[2]), array.dtype)
    rows[time, time] = array[:, 0]
    return rows


def loss_rows(trace: Trace, steps: LossSteps | None = None) -> Array:
    """dL_s/d(outputs) `[time, loss s, outputs]` of a single row: each step's loss on its own.

    A network that answers once, and a CRF, whose loss is that of the whole path, have one loss.
    """
    _check_one_row(trace)
    d_outputs = trace.outcome(steps).d_outputs
    whole = trace.network.single or isinstance(trace.network.head, CRF)
    return d_outputs if whole else _apart(d_outputs)


def head_gradient(
    trace: Trace, steps: LossSteps | None, vector: Array, d_read: Array | None
) -> tuple[Array | None, Array]:
    """dL/d(outputs) and dL/d(what the head reads); the head's own gradient goes into `vector`."""
    if d_read is not None:
        given = as_array("d_read", d_read, trace.read.dtype)
        if given.shape != trace.read.shape:
            raise ShapeError("d_read", given.shape, str(trace.read.shape))
        if trace.network.single or trace.batch.lengths is None:
            return None, given
        data = inside(trace.batch.lengths, len(given))
        return None, np.where(data[..., None], given, 0.0).astype(given.dtype)
    outcome, layout = trace.outcome(steps), trace.weights.layout
    d_outputs = outcome.d_outputs / trace.batch.rows
    flat = d_outputs.reshape(-1, d_outputs.shape[2])
    read = trace.read.reshape(-1, trace.read.shape[2])
    np.matmul(flat.T, read, out=layout.view(vector, "head/V"))
    layout.view(vector, "head/d")[...] = flat.sum(axis=0)
    for path, value in outcome.extra.items():
        layout.view(vector, path)[...] = value / trace.batch.rows
    return d_outputs, (flat @ trace.weights["head/V"]).reshape(trace.read.shape)
