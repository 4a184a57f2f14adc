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
from rnnviz.engine.arrays import Array
from rnnviz.engine.batch import Batch, pad, token_rows, vector_rows
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError
from rnnviz.engine.heads import Head
from rnnviz.engine.holds import Hold, by_path
from rnnviz.engine.layers import Layer, LayerRun, run_layer
from rnnviz.engine.losses import inside
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Layout, Slab, Weights

Form = Literal["one-to-one", "one-to-many", "many-to-one", "many-to-many"]
FORMS: tuple[Form, ...] = ("one-to-one", "one-to-many", "many-to-one", "many-to-many")


@dataclass(frozen=True)
class Tokens:
    """Input tokens of a vocabulary.

    Attributes
    ----------
    vocabulary : int
        How many different tokens there are.
    embedding : int or None
        Units of the learned embedding `E`; None feeds one-hot vectors.
    """

    vocabulary: int
    embedding: int | None = None

    def __post_init__(self) -> None:
        """Check the sizes."""
        if self.vocabulary < 1 or (self.embedding is not None and self.embedding < 1):
            raise EngineError(
                f"Tokens: vocabulary {self.vocabulary} and embedding {self.embedding} came, "
                "expected at least 1"
            )

    @property
    def size(self) -> int:
        """Units of the input vector at each step."""
        return self.vocabulary if self.embedding is None else self.embedding


@dataclass(frozen=True)
class Vectors:
    """Input vectors of `size` units, such as the readings of sensors."""

    size: int

    def __post_init__(self) -> None:
        """Check the size."""
        if self.size < 1:
            raise EngineError(f"Vectors: size {self.size} came, expected at least 1")


Input = Tokens | Vectors


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
        if not self.layers:
            raise EngineError("layers: none came, expected at least one")
        if self.form not in FORMS:
            raise UnknownError("form", self.form, FORMS)
        if self.single and self.head is not None and self.head.kind == "crf":
            raise EngineError(f"head: a CRF tags every step, the form is {self.form}")
        if self.form == "one-to-many" and any("backward" in x.directions for x in self.layers):
            raise EngineError("form: one-to-many generates forward, a layer reads backward")
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
        if not len(inputs):
            raise EngineError("inputs: an empty sequence came, expected at least one step")
        if isinstance(self.input, Tokens):
            rows: list[Any] = list(token_rows("inputs", inputs, self.input.vocabulary))
            padded, lengths = pad(rows, 0, np.intp)
        else:
            rows = list(vector_rows("inputs", inputs, self.input.size))
            padded, lengths = pad(rows, 0.0, dtype)
        if self.form == "one-to-one" and len(padded) != 1:
            raise EngineError(f"inputs: {len(padded)} steps came, one-to-one reads one")
        answers = None
        if targets is not None:
            if self.head is None:
                raise EngineError("targets: some came, but the network has no head to answer")
            answers = heads.padded_targets(self.head, targets, rows, self.single, dtype)
        states = {path: self._state(path, a, len(rows), dtype) for path, a in (initial or {}).items()}
        return Batch(padded, lengths, answers, states)

    def _state(self, path: str, value: Any, rows: int, dtype: Any) -> Array:
        for number, layer in enumerate(self.layers):
            for direction in layer.directions:
                if path in (f"layer{number}/{direction}/{s}" for s in layer.cell.states):
                    array = np.asarray(value, dtype)
                    if array.shape == (layer.hidden,):
                        array = np.broadcast_to(array, (rows, layer.hidden))
                    if array.shape != (rows, layer.hidden):
                        raise ShapeError(f"initial {path}", array.shape, f"({rows}, {layer.hidden})")
                    return array
        raise UnknownError("initial", path, self.state_paths)

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
        self._check_weights(weights)
        held = by_path(holds)
        _check_holds(self, held)
        with np.errstate(all="ignore"):
            x = self._embed(weights, batch)
            runs: dict[str, LayerRun] = {}
            for number, layer in enumerate(self.layers):
                name = f"layer{number}"
                run = run_layer(layer, name, weights, x, batch.lengths, batch.initial, held, rng)
                runs[name] = run
                x = run.output
            read = x if not self.single else final_output(self.layers[-1], x, batch)
            logits = None if self.head is None else heads.outputs(weights, read)
        return Trace(self, weights, batch, runs, read, logits, held)

    def _check_weights(self, weights: Weights) -> None:
        if weights.layout is not self.layout and weights.layout != self.layout:
            raise EngineError(
                f"weights: those of another network came ({weights.layout.size} numbers, "
                f"{len(weights)} paths); this one has {self.layout.size} in {len(self.layout.paths)}"
            )

    def _embed(self, weights: Weights, batch: Batch) -> Array:
        dtype = weights.vector.dtype
        if isinstance(self.input, Vectors):
            return np.asarray(batch.inputs, dtype)
        if self.input.embedding is not None:
            x: Array = weights["embedding/E"][batch.inputs]
        else:
            x = np.zeros((*batch.inputs.shape, self.input.vocabulary), dtype)
            np.put_along_axis(x, batch.inputs[..., None], 1.0, axis=2)
        if batch.lengths is not None:
            x = np.where(inside(batch.lengths, batch.steps)[..., None], x, 0.0).astype(dtype)
        return x


def final_output(layer: Layer, output: Array, batch: Batch) -> Array:
    """The last output of each direction, `[1, batch, units]`: the backward one ends at step 0."""
    last = batch.all_lengths - 1
    final = output[last, np.arange(batch.rows)].copy()
    if "backward" in layer.directions:
        columns = slice(layer.outputs - layer.hidden, layer.outputs)
        final[:, columns] = output[0, :, columns]
    return final[None]


def _check_holds(network: Network, held: Mapping[str, tuple[Hold, ...]]) -> None:
    if not held:
        return
    from rnnviz.engine.definitions import definitions

    known = {f"layer{number}/x" for number in range(len(network.layers))}
    for number, layer in enumerate(network.layers):
        for direction in layer.directions:
            known |= {f"layer{number}/{direction}/{name}" for name in definitions(layer.cell)}
    for path in held:
        if path not in known:
            raise UnknownError("hold", path, tuple(sorted(known)))
