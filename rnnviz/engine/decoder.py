"""A decoder without attention: all steps at once. See `attentive_decoder` for the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rnnviz.engine.arrays import Array
from rnnviz.engine.attention import Attention
from rnnviz.engine.batch import Batch
from rnnviz.engine.flow import through
from rnnviz.engine.layer_gradients import LayerGradients
from rnnviz.engine.layers import Layer, LayerRun, Pass, run_layer
from rnnviz.engine.order import Order
from rnnviz.engine.tape import Slabs


@dataclass(frozen=True, eq=False)
class Decoder:
    """What a decoder works with.

    Attributes
    ----------
    layers : tuple of Layer
        From the bottom up.
    inputs : array `[time, batch, units]`
        The embedded tokens.
    initial : mapping
        The initial states by path.
    """

    layers: tuple[Layer, ...]
    inputs: Array
    initial: Mapping[str, Array]
    batch: Batch
    shared: Pass


@dataclass(frozen=True, eq=False)
class DecoderRun:
    """What a decoder computed: its layers, its output, and the attention, where there is one."""

    runs: dict[str, LayerRun]
    output: Array
    extras: dict[str, Array] = field(default_factory=dict)
    attention: Attention | None = None
    order: Order | None = None
    inputs: int = 0


@dataclass(frozen=True, eq=False)
class DecoderGradients:
    """What flows out of a decoder on the way back.

    Attributes
    ----------
    d_initial : dict
        dL/d(initial states) by path, `[batch, hidden]`.
    d_input : array `[time, batch, units]`
        dL/d(the embedded tokens).
    d_values : array or None
        dL/d(the encoder's outputs), from the attention.
    """

    layers: dict[str, LayerGradients]
    d_initial: dict[str, Array]
    d_input: Array
    d_values: Array | None
    extras: dict[str, Array]


def decode(decoder: Decoder) -> DecoderRun:
    """Run the decoder."""
    x, runs = decoder.inputs, {}
    for number, layer in enumerate(decoder.layers):
        prefix = f"decoder/layer{number}"
        lengths = decoder.batch.lengths
        runs[prefix] = run_layer(layer, prefix, x, lengths, decoder.initial, decoder.shared)
        x = runs[prefix].output
    return DecoderRun(runs, x, inputs=decoder.inputs.shape[2])


def decode_back(
    run: DecoderRun,
    d_output: Array,
    d_final: Mapping[str, Array],
    gradient: Mapping[str, Slabs] | None,
) -> DecoderGradients:
    """Go back through the decoder from dL/d(its output) `[time, rows, units]`."""
    layers, d_input = through(run.runs, d_output, d_final, gradient)
    d_initial = {
        f"{prefix}/forward/{state}": flow.run.orders["forward"].rows_outward(
            flow.adjoints["forward"].state(state)[0]
        )
        for prefix, flow in layers.items()
        for state in flow.run.layer.cell.states
    }
    return DecoderGradients(layers, d_initial, d_input, None, {})
