"""A decoder's layers: all steps at once without attention, step by step with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.attention import (
    CONTEXT,
    SCORES,
    WEIGHTS,
    Attention,
    AttentionGradients,
)
from rnnviz.engine.batch import Batch
from rnnviz.engine.cell import INPUT
from rnnviz.engine.flow import through
from rnnviz.engine.holds import Held, Holds, held
from rnnviz.engine.layer_gradients import LayerGradients, start_adjoint
from rnnviz.engine.layers import (
    Layer,
    LayerRun,
    dropout_mask,
    make_tape,
    run_layer,
)
from rnnviz.engine.losses import inside
from rnnviz.engine.order import Order
from rnnviz.engine.tape import Slabs
from rnnviz.engine.weights import Weights


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
    weights: Weights
    inputs: Array
    initial: Mapping[str, Array]
    batch: Batch
    holds: Holds
    rng: np.random.Generator | None


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


def decode(decoder: Decoder, values: Array | None) -> DecoderRun:
    """Run the decoder; `values [source, batch, units]` are what its attention looks at."""
    if values is not None:
        return _attend(decoder, values)
    x, runs = decoder.inputs, {}
    for number, layer in enumerate(decoder.layers):
        prefix = f"decoder/layer{number}"
        lengths = decoder.batch.lengths
        runs[prefix] = run_layer(
            layer, prefix, decoder.weights, x, lengths, decoder.initial, decoder.holds, decoder.rng
        )
        x = runs[prefix].output
    return DecoderRun(runs, x, inputs=decoder.inputs.shape[2])


def decode_back(
    run: DecoderRun,
    d_output: Array,
    d_final: Mapping[str, Array],
    gradient: Mapping[str, Slabs] | None,
) -> DecoderGradients:
    """Go back through the decoder from dL/d(its output) `[time, rows, units]`."""
    if run.attention is not None:
        return _attend_back(run, d_output, d_final, gradient)
    layers, d_input = through(run.runs, d_output, d_final, gradient)
    d_initial = {
        f"{prefix}/forward/{state}": flow.run.orders["forward"].rows_outward(
            flow.adjoints["forward"].state(state)[0]
        )
        for prefix, flow in layers.items()
        for state in flow.run.layer.cell.states
    }
    return DecoderGradients(layers, d_initial, d_input, None, {})


class _Stepper:
    """One layer of a decoder that is run step by step; all arrays in process order."""

    def __init__(self, decoder: Decoder, number: int, inputs: int, order: Order) -> None:
        self.layer, self.prefix, self.order = decoder.layers[number], f"decoder/layer{number}", order
        shape = (decoder.batch.steps, decoder.batch.rows)
        dtype = decoder.inputs.dtype
        part = f"{self.prefix}/forward"
        self.held: dict[str, Held] = {}
        self.tape = make_tape(
            self.layer, part, decoder.weights, order, shape[1], decoder.holds, self.held, dtype
        )
        states = self.layer.cell.states
        self.tape.start({s: order.rows_inward(decoder.initial[f"{part}/{s}"]) for s in states})
        self.x = np.zeros((*shape, inputs), dtype)
        self.output = np.zeros((*shape, self.layer.outputs), dtype)
        self.tape.arrays[INPUT] = self.x
        self.mask = dropout_mask(self.layer, self.output.shape, dtype, decoder.rng)
        if f"{self.prefix}/{INPUT}" in decoder.holds:
            holds = decoder.holds[f"{self.prefix}/{INPUT}"]
            self.held[f"{self.prefix}/{INPUT}"] = held(holds, self.x.shape, dtype)

    @property
    def state(self) -> Array:
        """The states that the layer hands up, `[time + 1, batch, hidden]`."""
        return self.tape.arrays[self.layer.cell.states[0]]

    def step(self, step: int, x: Array) -> Array:
        """Compute one step for the rows of `x`; the output `[rows, units]`."""
        n = len(x)
        hold = self.held.get(f"{self.prefix}/{INPUT}")
        if hold is not None:
            where = self.order.inward(hold.where)[step, :n]
            x = np.where(where, self.order.inward(hold.value)[step, :n], x)
        self.x[step, :n] = x
        self.tape.project(self.x[step : step + 1], step)
        self.tape.run(step, step + 1)
        output = self.state[step + 1, :n]
        output = output + x if self.layer.residual else output
        if self.mask is not None:
            output = output * self.mask[step, :n]
        self.output[step, :n] = output
        return output

    def finished(self) -> LayerRun:
        """The run as the public sees it."""
        out = self.order.outward
        mask = None if self.mask is None else out(self.mask)
        return LayerRun(
            self.layer,
            self.prefix,
            out(self.x),
            out(self.output),
            {"forward": self.tape},
            {"forward": self.order},
            mask,
            self.held,
        )


def _attend(decoder: Decoder, values: Array) -> DecoderRun:
    batch, order = decoder.batch, Order(decoder.batch.steps, False, decoder.batch.lengths)
    assert batch.source is not None
    seen = inside(batch.source.all_lengths, batch.source.steps)
    columns = [order.rows_inward(a.swapaxes(0, 1)).swapaxes(0, 1) for a in (values, seen)]
    slabs = decoder.weights.slabs("attention")
    attention = Attention(slabs, columns[0], columns[1] > 0, batch.steps)
    for path in (SCORES, WEIGHTS, CONTEXT):
        if path in decoder.holds:
            units = values.shape[2] if path == CONTEXT else len(values)
            found = held(decoder.holds[path], (batch.steps, batch.rows, units), values.dtype)
            where = order.inward(found.where)
            attention.held[path] = Held(order.inward(found.value), where)
    inputs = order.inward(decoder.inputs)
    steppers: list[_Stepper] = []
    width = inputs.shape[2] + values.shape[2]
    for number, layer in enumerate(decoder.layers):
        steppers.append(_Stepper(decoder, number, width, order))
        width = layer.outputs
    counts = order.counts or [batch.rows] * batch.steps
    for step, n in enumerate(counts):
        context = attention.look(step, steppers[-1].state[step, :n])
        x = np.concatenate((inputs[step, :n], context), axis=1)
        for stepper in steppers:
            x = stepper.step(step, x)
    runs = {stepper.prefix: stepper.finished() for stepper in steppers}
    extras = {
        SCORES: order.outward(attention.scores),
        WEIGHTS: order.outward(attention.weights),
        CONTEXT: order.outward(attention.context),
    }
    output = next(reversed(runs.values())).output
    return DecoderRun(runs, output, extras, attention, order, inputs.shape[2])


class _BackStepper:
    """The way back through one layer of a decoder, step by step, in process order."""

    def __init__(self, run: LayerRun, d_final: Mapping[str, Array], rows: int) -> None:
        self.run, self.order = run, run.orders["forward"]
        self.adjoint = start_adjoint(run, "forward", d_final, rows)
        self.mask = None if run.mask is None else self.order.inward(run.mask)
        self.d_x = np.zeros((*run.x.shape[:1], rows, run.x.shape[2]), run.x.dtype)
        self.d_output = np.zeros((*run.output.shape[:1], rows, run.output.shape[2]), run.x.dtype)
        hold = run.held.get(f"{run.prefix}/{INPUT}")
        self.free = None if hold is None else self.order.inward(hold.free(run.x.dtype))

    @property
    def d_state(self) -> Array:
        """dL/d(the state that the layer hands up), `[time + 1, rows, hidden]`."""
        return self.adjoint.state(self.run.layer.cell.states[0])

    def step(self, step: int, d_output: Array) -> Array:
        """From dL/d(output) of a step to dL/d(what is below), both `[rows, units]`."""
        n = len(d_output)
        self.d_output[step, :n] = d_output
        if self.mask is not None:
            d_output = d_output * self.mask[step, :n]
        self.d_state[step + 1, :n] += d_output
        self.adjoint.run(step, step + 1)
        d_x = self.adjoint.inputs(step, step + 1)[0, :n]
        d_x = d_x + d_output if self.run.layer.residual else d_x
        self.d_x[step, :n] = d_x
        return d_x if self.free is None else d_x * self.free[step, :n]

    def finished(self) -> LayerGradients:
        """The gradients as the public sees them."""
        out = self.order.outward
        return LayerGradients(
            self.run, {"forward": self.adjoint}, out(self.d_x), out(self.d_output)
        )


def _attend_back(
    run: DecoderRun,
    d_output: Array,
    d_final: Mapping[str, Array],
    gradient: Mapping[str, Slabs] | None,
) -> DecoderGradients:
    order, attention = run.order, run.attention
    assert order is not None
    assert attention is not None
    steppers = {p: _BackStepper(r, d_final, d_output.shape[1]) for p, r in run.runs.items()}
    back, inner = AttentionGradients(attention), order.inward(d_output)
    d_input = np.zeros((*d_output.shape[:2], run.inputs), d_output.dtype)
    top = next(reversed(run.runs))
    counts = order.counts or [d_output.shape[1]] * order.steps
    states = run.runs[top].tapes["forward"].arrays[run.runs[top].layer.cell.states[0]]
    for step in reversed(range(order.steps)):
        n = counts[step]
        d_x = inner[step, :n]
        for prefix in reversed(run.runs):
            d_x = steppers[prefix].step(step, d_x)
        d_input[step, :n] = d_x[:, : run.inputs]
        d_query = back.back(step, states[step, :n], d_x[:, run.inputs :])
        steppers[top].d_state[step, :n] += d_query
    layers = {prefix: stepper.finished() for prefix, stepper in steppers.items()}
    d_initial: dict[str, Array] = {}
    for prefix, stepper in steppers.items():
        if gradient is not None:
            stepper.adjoint.weights(gradient[f"{prefix}/forward"])
        for state in stepper.run.layer.cell.states:
            start = stepper.adjoint.state(state)[0]
            d_initial[f"{prefix}/forward/{state}"] = order.rows_outward(start)
    d_values = back.finish(None if gradient is None else gradient["attention"])
    d_values = order.rows_outward(d_values.swapaxes(0, 1)).swapaxes(0, 1)
    extras = {
        SCORES: order.outward(back.d_scores),
        WEIGHTS: order.outward(back.d_weights),
        CONTEXT: order.outward(back.d_context),
    }
    return DecoderGradients(layers, d_initial, order.outward(d_input), d_values, extras)
