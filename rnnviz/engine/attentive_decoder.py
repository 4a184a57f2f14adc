"""A decoder with attention: step by step, as each step looks back with the state before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.attention import (
    CONTEXT,
    SCORES,
    WEIGHTS,
    Attention,
    AttentionGradients,
)
from rnnviz.engine.cell import INPUT
from rnnviz.engine.decoder import Decoder, DecoderGradients, DecoderRun
from rnnviz.engine.holds import Held, held
from rnnviz.engine.layer_gradients import LayerGradients, start_adjoint
from rnnviz.engine.layers import LayerRun, dropout_mask, make_tape
from rnnviz.engine.losses import inside
from rnnviz.engine.order import Order
from rnnviz.engine.tape import Slabs
from rnnviz.engine.weight_gradients import write_gradients


class _Stepper:
    """One layer of a decoder that is run step by step; all arrays in process order."""

    def __init__(self, decoder: Decoder, number: int, inputs: int, order: Order) -> None:
        self.layer, self.prefix, self.order = (
            decoder.layers[number],
            f"decoder/layer{number}",
            order,
        )
        shape = (decoder.batch.steps, decoder.batch.rows)
        dtype = decoder.inputs.dtype
        part = f"{self.prefix}/forward"
        self.held: dict[str, Held] = {}
        self.tape = make_tape(self.layer, part, order, shape[1], decoder.shared, self.held)
        states = self.layer.cell.states
        self.tape.start({s: order.rows_inward(decoder.initial[f"{part}/{s}"]) for s in states})
        self.x = np.zeros((*shape, inputs), dtype)
        self.output = np.zeros((*shape, self.layer.outputs), dtype)
        self.tape.given = (self.x, Order(shape[0]))
        self.mask = dropout_mask(self.layer, self.output.shape, dtype, decoder.shared.rng)
        if f"{self.prefix}/{INPUT}" in decoder.shared.holds:
            holds = decoder.shared.holds[f"{self.prefix}/{INPUT}"]
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
        self.tape.given = (out(self.x), self.order)
        return LayerRun(
            self.layer,
            self.prefix,
            self.tape.given[0],
            out(self.output),
            {"forward": self.tape},
            {"forward": self.order},
            mask,
            self.held,
        )


def attend(decoder: Decoder, values: Array) -> DecoderRun:
    """Run the decoder; `values [source, batch, units]` are what its attention looks at."""
    batch, order = decoder.batch, Order(decoder.batch.steps, False, decoder.batch.lengths)
    assert batch.source is not None
    seen = inside(batch.source.all_lengths, batch.source.steps)
    columns = [order.rows_inward(a.swapaxes(0, 1)).swapaxes(0, 1) for a in (values, seen)]
    slabs = decoder.shared.weights.slabs("attention")
    attention = Attention(slabs, columns[0], columns[1] > 0, batch.steps)
    _hold(attention, decoder, values, order)
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


def _hold(attention: Attention, decoder: Decoder, values: Array, order: Order) -> None:
    shape = (decoder.batch.steps, decoder.batch.rows)
    for path in (SCORES, WEIGHTS, CONTEXT):
        if path in decoder.shared.holds:
            units = values.shape[2] if path == CONTEXT else len(values)
            found = held(decoder.shared.holds[path], (*shape, units), values.dtype)
            attention.held[path] = Held(order.inward(found.value), order.inward(found.where))


class _BackStepper:
    """The way back through one layer of a decoder, step by step, in process order."""

    def __init__(self, run: LayerRun, d_final: Mapping[str, Array], rows: int) -> None:
        self.run, self.order = run, run.orders["forward"]
        self.adjoint = start_adjoint(run, "forward", d_final, rows)
        self.final = d_final
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
            self.run, {"forward": self.adjoint}, out(self.d_x), out(self.d_output), self.final
        )


def attend_back(
    run: DecoderRun,
    d_output: Array,
    d_final: Mapping[str, Array],
    gradient: Mapping[str, Slabs] | None,
) -> DecoderGradients:
    """Go back through the decoder from dL/d(its output) `[time, rows, units]`."""
    order, attention = run.order, run.attention
    assert order is not None
    assert attention is not None
    steppers = {p: _BackStepper(r, d_final, d_output.shape[1]) for p, r in run.runs.items()}
    back, inner = AttentionGradients(attention, d_output.shape[1]), order.inward(d_output)
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
    d_initial = _initial(steppers.values(), gradient)
    d_values = back.finish(None if gradient is None else gradient["attention"])
    d_values = order.rows_outward(d_values.swapaxes(0, 1)).swapaxes(0, 1)
    extras = {
        SCORES: order.outward(back.d_scores),
        WEIGHTS: order.outward(back.d_weights),
        CONTEXT: order.outward(back.d_context),
    }
    return DecoderGradients(layers, d_initial, order.outward(d_input), d_values, extras)


def _initial(
    steppers: Iterable[_BackStepper], gradient: Mapping[str, Slabs] | None
) -> dict[str, Array]:
    """dL/d(initial states) by path; the gradient of the layers' weights is written on the way."""
    found: dict[str, Array] = {}
    for stepper in steppers:
        part = f"{stepper.run.prefix}/forward"
        if gradient is not None:
            write_gradients(stepper.adjoint, gradient[part])
        for state in stepper.run.layer.cell.states:
            start = stepper.adjoint.state(state)[0]
            found[f"{part}/{state}"] = stepper.order.rows_outward(start)
    return found
