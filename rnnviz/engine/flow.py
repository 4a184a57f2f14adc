"""How a gradient travels down through stacked layers to the embeddings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.layer_gradients import LayerGradients, backward_layer
from rnnviz.engine.layers import LayerRun
from rnnviz.engine.tape import Slabs
from rnnviz.engine.truncation import Barrier
from rnnviz.engine.weights import Layout


@dataclass(frozen=True, eq=False)
class Flow:
    """The gradients of one or more scalars by everything below the head.

    Attributes
    ----------
    layers : dict
        Prefix -> the gradients of that layer.
    inputs : dict
        Path of an embedding -> the tokens `[time, batch]` and dL/d(their vectors).
    extras : dict
        Path -> the gradient of what stands outside the layers.
    """

    layers: dict[str, LayerGradients]
    inputs: dict[str, tuple[Integers, Array]] = field(default_factory=dict)
    extras: dict[str, Array] = field(default_factory=dict)


def through(
    runs: Mapping[str, LayerRun],
    d_output: Array,
    d_final: Mapping[str, Array],
    gradient: Mapping[str, Slabs] | None,
    barrier: Barrier | None = None,
) -> tuple[dict[str, LayerGradients], Array]:
    """Go back through stacked layers, the highest first.

    Parameters
    ----------
    runs : mapping
        The layers from the bottom up.
    d_output : array `[time, rows, units]`
        dL/d(the highest output).
    d_final : mapping
        Path of a state -> dL/d(its last value).
    gradient : mapping or None
        Part -> slabs for the gradient of the weights.

    Returns
    -------
    The gradients of each layer, and dL/d(the lowest input) with what is held cut off.
    """
    found: dict[str, LayerGradients] = {}
    for prefix in reversed(list(runs)):
        flow = backward_layer(runs[prefix], d_output, d_final, gradient, barrier)
        found[prefix] = flow if barrier is None else flow.collapsed()
        d_output = flow.below
    return found, d_output


def parts(
    layout: Layout, vector: Array | None, runs: Mapping[str, LayerRun]
) -> dict[str, Slabs] | None:
    """The slabs of all layers as views of a gradient vector."""
    if vector is None:
        return None
    wanted = [f"{prefix}/{direction}" for prefix, run in runs.items() for direction in run.tapes]
    return {part: layout.slabs_of(vector, part) for part in wanted}


def add_embeddings(
    layout: Layout, vector: Array | None, inputs: Mapping[str, tuple[Integers, Array]]
) -> None:
    """Add dL/d(each step's vector) to the rows of the embeddings that were read."""
    if vector is not None:
        for path, (tokens, d_input) in inputs.items():
            np.add.at(layout.view(vector, path), tokens, d_input)
