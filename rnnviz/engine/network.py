"""A network: input, stacked layers, head, and which of its steps are read.

The five input/output forms are shapes of the same graph. Four of them are here; sequences of
unequal length on both sides are `encoder_decoder`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from rnnviz.engine import heads
from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.batch import Batch, check_batch
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError, as_array, instance
from rnnviz.engine.flow import Flow, add_embeddings, parts, through
from rnnviz.engine.heads import Head
from rnnviz.engine.holds import Hold, by_path
from rnnviz.engine.inputs import Input, Tokens, embed, rows_of
from rnnviz.engine.layers import (
    Layer,
    LayerRun,
    Pass,
    check_holds,
    check_layers,
    holdable,
    run_layer,
)
from rnnviz.engine.trace import Trace
from rnnviz.engine.trainable import checked_dtype
from rnnviz.engine.truncation import Barrier
from rnnviz.engine.weights import Layout, Slab, Weights, check_weights

Form = Literal["one-to-one", "one-to-many", "many-to-one", "many-to-many"]
FORMS: tuple[Form, ...] = ("one-to-one", "one-to-many", "many-to-one", "many-to-many")


@dataclass(frozen=True)
class Network:
    """An input, layers and a head.

    Attributes
    ----------
    input : Tokens or Vectors
        What a step reads.
    layers : tuple of Layer
        From the bottom up.
    head : Softmax, Regression, CRF or None
        None shows the hidden states alone.
    form : str
        "many-to-one" answers once, from the last hidden state (of both directions, where there are
        two); "many-to-many" at every step; "one-to-many" is fed its own answers (see `generate`);
        "one-to-one" reads a single step.
    """

    input: Input
    layers: tuple[Layer, ...]
    head: Head | None = None
    form: Form = "many-to-many"

    def __post_init__(self) -> None:
        """Check that the parts fit."""
        check_layers("layers", self.layers)
        instance("input", self.input, Input, "Tokens or Vectors")
        instance("head", self.head, Head | None, "Softmax, Regression, CRF or None")
        if self.form not in FORMS:
            raise UnknownError("form", self.form, FORMS)
        if self.single and self.head is not None and self.head.kind == "crf":
            raise EngineError(f"head: a CRF tags every step, the form is {self.form}")
        if self.form == "one-to-many" and any("backward" in x.directions for x in self.layers):
            raise EngineError(
                "form: one-to-many cannot read backward what it writes; choose one direction first"
            )
        _ = self.layout

    @property
    def single(self) -> bool:
        """Whether there is one answer a row."""
        return self.form in ("many-to-one", "one-to-one")

    @property
    def top(self) -> int:
        """Units of the highest layer's output."""
        return self.layers[-1].outputs

    @cached_property
    def layout(self) -> Layout:
        """Where each weight stands."""
        slabs: list[Slab] = []
        if isinstance(self.input, Tokens) and self.input.embedding is not None:
            shape = (self.input.vocabulary, self.input.embedding)
            slabs.append(Slab("embedding", "E", shape, ("embedding/E",), shape[0]))
        size = self.input.size
        for number, layer in enumerate(self.layers):
            slabs += layer.slabs(f"layer{number}", size)
            size = layer.outputs
        if self.head is not None:
            slabs += heads.slabs(self.head, size)
        return Layout(tuple(slabs))

    @property
    def parameter_count(self) -> int:
        """How many numbers the weights hold."""
        return self.layout.size

    def batch(
        self,
        inputs: Any,
        targets: Any = None,
        initial: Mapping[str, Any] | None = None,
        dtype: Any = np.float64,
    ) -> Batch:
        """Sequences as a batch.

        Parameters
        ----------
        inputs : sequence
            One sequence or a list of them: token numbers, or arrays `[time, inputs]`.
        targets : sequence, optional
            One answer a row for "many-to-one", else one a step: classes (-1 for none) or numbers
            (nan for none).
        initial : mapping, optional
            Path of a state -> `[batch, hidden]`.

        Raises
        ------
        EngineError
            What does not fit, with what was expected.
        """
        dtype = checked_dtype(dtype)
        padded, lengths, rows = rows_of(self.input, "inputs", inputs, dtype)
        if self.form == "one-to-one" and len(padded) != 1:
            raise EngineError(f"inputs: {len(padded)} steps came, one-to-one reads one")
        answers = None
        if targets is not None:
            if self.head is None:
                raise EngineError("targets: some came, but the network has no head to answer")
            answers = heads.padded_targets(self.head, targets, rows, self.single, dtype)
        instance("initial", initial, Mapping | None, "a mapping of paths to arrays")
        given = (initial or {}).items()
        states = {path: self._state(path, value, len(rows), dtype) for path, value in given}
        return Batch(padded, lengths, answers, states)

    def _state(self, path: str, value: Any, rows: int, dtype: Any) -> Array:
        if path not in self.state_paths:
            raise UnknownError("initial", path, self.state_paths)
        hidden = self.layers[int(path.partition("/")[0].removeprefix("layer"))].hidden
        array = as_array(f"initial {path}", value, dtype)
        if array.shape not in ((hidden,), (rows, hidden)):
            raise ShapeError(f"initial {path}", array.shape, f"({rows}, {hidden})")
        return frozen(np.broadcast_to(array, (rows, hidden)).copy())

    def _holdable(self) -> set[str]:
        return holdable((f"layer{number}", layer) for number, layer in enumerate(self.layers))

    @property
    def state_paths(self) -> tuple[str, ...]:
        """The paths of all states."""
        return tuple(
            f"layer{number}/{direction}/{state}"
            for number, layer in enumerate(self.layers)
            for direction in layer.directions
            for state in layer.cell.states
        )

    def forward(
        self,
        weights: Weights,
        batch: Batch,
        holds: Iterable[Hold] = (),
        rng: np.random.Generator | None = None,
    ) -> Trace:
        """Every value of every step.

        Parameters
        ----------
        weights : Weights
            Of this network; their precision is that of the computation.
        batch : Batch
            From `Network.batch`.
        holds : iterable of Hold
            Interventions.
        rng : Generator, optional
            Switches dropout on (training).

        Raises
        ------
        EngineError
            Weights of another network, holds that fit nothing.
        """
        check_weights(self.layout, weights)
        check_batch(batch, rng, source=False)
        shared = Pass(weights, by_path(holds), rng)
        if shared.holds:
            check_holds(shared.holds, self._holdable())
        with np.errstate(all="ignore"):
            x = embed(self.input, weights, "embedding/E", batch)
            runs: dict[str, LayerRun] = {}
            for number, layer in enumerate(self.layers):
                name = f"layer{number}"
                runs[name] = run_layer(layer, name, x, batch.lengths, batch.initial, shared)
                x = runs[name].output
            read = x if not self.single else final_output(self.layers[-1], x, batch)
            logits = None if self.head is None else heads.outputs(weights, read)
        return Trace(self, shared, batch, runs, read, logits)

    def backpropagate(
        self,
        trace: Trace,
        d_read: Array,
        d_final: Mapping[str, Array],
        vector: Array | None,
        barrier: Barrier | None = None,
    ) -> Flow:
        """Carry dL/d(what the head reads) back to everything below it.

        Parameters
        ----------
        d_read : array `[time, rows, units]`
            `rows` is that of the batch, or any number where the batch has one row.
        d_final : mapping
            Path of a state -> dL/d(its last value).
        vector : array or None
            Receives the gradient of the weights.
        barrier : Barrier or None
            A truncation.
        """
        layout = self.layout
        d_output = spread_final(self, trace, d_read) if self.single else d_read
        gradient = parts(layout, vector, trace.runs)
        layers, d_input = through(trace.runs, d_output, d_final, gradient, barrier)
        if barrier is not None:
            d_input = d_input.sum(axis=1, keepdims=True)
        inputs = {}
        if "embedding/E" in trace.weights and d_input.shape[1] == trace.batch.rows:
            inputs["embedding/E"] = (trace.batch.inputs, d_input)
            add_embeddings(layout, vector, inputs)
        return Flow(layers, inputs)


def final_output(layer: Layer, output: Array, batch: Batch) -> Array:
    """The last output of each direction, `[1, batch, units]`: the backward one ends at step 0."""
    last = batch.all_lengths - 1
    final = output[last, np.arange(batch.rows)].copy()
    if "backward" in layer.directions:
        columns = slice(layer.outputs - layer.hidden, layer.outputs)
        final[:, columns] = output[0, :, columns]
    return final[None]


def add_final(layer: Layer, d_output: Array, d_final: Array, last: Any) -> None:
    """Add dL/d(the last output of each direction) `[rows, units]` where `final_output` reads it."""
    columns = layer.outputs
    if "backward" in layer.directions:
        columns -= layer.hidden
        d_output[0, :, columns:] += d_final[:, columns:]
    d_output[last, np.arange(d_output.shape[1]), :columns] += d_final[:, :columns]


def spread_final(network: Network, trace: Trace, d_read: Array) -> Array:
    """dL/d(the highest output) at all steps, from dL/d(the last output of each direction)."""
    layer, rows = network.layers[-1], d_read.shape[1]
    d_output = np.zeros((trace.steps, rows, layer.outputs), d_read.dtype)
    lengths = trace.batch.all_lengths
    last = lengths - 1 if len(lengths) == rows else np.full(rows, lengths[0] - 1)
    add_final(layer, d_output, d_read[0], last)
    return d_output
