"""How a decoder starts from what the encoder has read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError, UnknownError
from rnnviz.engine.layers import Layer, LayerRun
from rnnviz.engine.weights import Layout, Slab, Weights

if TYPE_CHECKING:
    from rnnviz.engine.trace import Trace

KINDS = ("linear", "copy")


def check(kind: str, encoder: tuple[Layer, ...], decoder: tuple[Layer, ...]) -> None:
    """Raise an EngineError where the states cannot be handed over."""
    if kind not in KINDS:
        raise UnknownError("bridge", kind, KINDS)
    if kind == "linear":
        return
    sizes = [(layer.cell.name, layer.hidden, layer.direction) for layer in encoder]
    wanted = [(layer.cell.name, layer.hidden, layer.direction) for layer in decoder]
    if sizes != wanted:
        raise EngineError(
            f'bridge: "copy" needs the same layers on both sides, the encoder has {sizes}, '
            f'the decoder {wanted}; take "linear"'
        )


def _paths(decoder: tuple[Layer, ...]) -> list[tuple[str, str, int]]:
    """(path of the state, path of the bridge, units) for each state of the decoder."""
    return [
        (f"decoder/layer{number}/forward/{state}", f"bridge/layer{number}/{state}", layer.hidden)
        for number, layer in enumerate(decoder)
        for state in layer.cell.states
    ]


def slabs(decoder: tuple[Layer, ...], context: int) -> tuple[Slab, ...]:
    """The weights of a linear bridge: `B [hidden, context]` and `b [hidden]` for each state."""
    return tuple(
        slab
        for _, path, units in _paths(decoder)
        for slab in (
            Slab(path, "B", (units, context), (f"{path}/B",), units),
            Slab(path, "biases", (units,), (f"{path}/b",), units),
        )
    )


def cross(
    kind: str,
    decoder: tuple[Layer, ...],
    weights: Weights,
    context: Array,
    runs: Mapping[str, LayerRun],
) -> dict[str, Array]:
    """The decoder's initial states by path, `[batch, hidden]`."""
    if kind == "copy":
        found = {}
        for path, _, _ in _paths(decoder):
            layer, direction, state = path.replace("decoder", "encoder").rsplit("/", 2)
            run = runs[layer]
            found[path] = run.orders[direction].last(run.tapes[direction].arrays[state])
        return found
    return {
        path: np.tanh(context @ weights[f"{bridge}/B"].T + weights[f"{bridge}/b"])
        for path, bridge, _ in _paths(decoder)
    }


def back(
    kind: str,
    decoder: tuple[Layer, ...],
    trace: Trace,
    d_initial: Mapping[str, Array],
    layout: Layout,
    vector: Array | None,
) -> tuple[Array, dict[str, Array]]:
    """From dL/d(initial states): dL/d(context) `[rows, units]`, dL/d(the encoder's last states)."""
    context = trace.extras["context"][0]
    rows = len(next(iter(d_initial.values())))
    d_context = np.zeros((rows, context.shape[1]), context.dtype)
    if kind == "copy":
        return d_context, {p.replace("decoder", "encoder"): d for p, d in d_initial.items()}
    for path, bridge, _ in _paths(decoder):
        matrix = trace.weights[f"{bridge}/B"]
        state = np.tanh(context @ matrix.T + trace.weights[f"{bridge}/b"])
        d_sum = d_initial[path] * (1.0 - state * state)
        d_context += d_sum @ matrix
        if vector is not None:
            layout.view(vector, f"{bridge}/B")[...] = d_sum.T @ context
            layout.view(vector, f"{bridge}/b")[...] = d_sum.sum(axis=0)
    return d_context, {}
