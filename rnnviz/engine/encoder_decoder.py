"""Sequence to sequence: an encoder, a context vector, a decoder, with or without attention.

Without attention all that the decoder knows of the source is the context vector, the encoder's last
output, from which its initial states are made (Cho et al. 2014; Sutskever, Vinyals & Le 2014). With
attention it also looks back at every encoder output (Bahdanau, Cho & Bengio 2015).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np

from rnnviz.engine import attention as additive
from rnnviz.engine import bridge, heads
from rnnviz.engine.arrays import Array
from rnnviz.engine.attentive_decoder import attend, attend_back
from rnnviz.engine.batch import Batch, check_batch, pad, token_rows
from rnnviz.engine.decoder import Decoder, decode, decode_back
from rnnviz.engine.errors import EngineError, instance, whole
from rnnviz.engine.flow import Flow, add_embeddings, parts, through
from rnnviz.engine.heads import Softmax
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
from rnnviz.engine.losses import NO_TARGET
from rnnviz.engine.network import add_final, final_output
from rnnviz.engine.trace import Trace
from rnnviz.engine.trainable import checked_dtype
from rnnviz.engine.truncation import Barrier
from rnnviz.engine.weights import Layout, Slab, Weights, check_weights


@dataclass(frozen=True)
class EncoderDecoder:
    """An encoder and a decoder.

    Attributes
    ----------
    source : Tokens or Vectors
        What the encoder reads.
    encoder : tuple of Layer
        From the bottom up.
    target : Tokens
        What the decoder reads and writes; its vocabulary holds `start` and `stop`.
    decoder : tuple of Layer
        From the bottom up, all forward.
    attention : int or None
        Units of the additive attention; None for none.
    bridge : str
        How the decoder starts: "linear" makes each state `tanh(B context + b)`; "copy" takes the
        encoder's last states, for layers of the same cell and size.
    start, stop : int
        The tokens that the decoder reads first and writes last.
    """

    source: Input
    encoder: tuple[Layer, ...]
    target: Tokens
    decoder: tuple[Layer, ...]
    attention: int | None = None
    bridge: Literal["linear", "copy"] = "linear"
    start: int = 0
    stop: int = 1

    single: ClassVar[bool] = False
    form: ClassVar[str] = "many-to-many unaligned"

    def __post_init__(self) -> None:
        """Check that the parts fit."""
        _check_parts(self)
        _ = self.layout

    @property
    def head(self) -> Softmax:
        """The softmax over the target vocabulary."""
        return Softmax(self.target.vocabulary)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers, the encoder's first."""
        return (*self.encoder, *self.decoder)

    @cached_property
    def layout(self) -> Layout:
        """Where each weight stands."""
        found: list[Slab] = []
        for name, tokens in (("source", self.source), ("target", self.target)):
            if isinstance(tokens, Tokens) and tokens.embedding is not None:
                shape = (tokens.vocabulary, tokens.embedding)
                found.append(Slab(name, "E", shape, (f"{name}/E",), shape[0]))
        size = self.source.size
        for prefix, layer in named("encoder", self.encoder):
            found += layer.slabs(prefix, size)
            size = layer.outputs
        if self.bridge == "linear":
            found += bridge.slabs(self.decoder, size)
        inputs = self.target.size + (size if self.attention is not None else 0)
        for prefix, layer in named("decoder", self.decoder):
            found += layer.slabs(prefix, inputs)
            inputs = layer.outputs
        if self.attention is not None:
            found += additive.slabs(self.attention, self.decoder[-1].hidden, size)
        return Layout((*found, *heads.slabs(self.head, inputs)))

    @property
    def parameter_count(self) -> int:
        """How many numbers the weights hold."""
        return self.layout.size

    @property
    def state_paths(self) -> tuple[str, ...]:
        """The paths of all states."""
        layers = (*named("encoder", self.encoder), *named("decoder", self.decoder))
        return tuple(
            f"{prefix}/{direction}/{state}"
            for prefix, layer in layers
            for direction in layer.directions
            for state in layer.cell.states
        )

    def batch(self, inputs: Any, targets: Any = None, dtype: Any = np.float64) -> Batch:
        """Source sequences, and target sequences without `start` and `stop`.

        With targets the decoder reads `start` and the right tokens (teacher forcing) and should
        write them and `stop`; without, it reads `start` alone. See `generation.translate` for a
        decoder that reads its own tokens.
        """
        padded, lengths, rows = rows_of(self.source, "inputs", inputs, checked_dtype(dtype))
        source = Batch(padded, lengths)
        if targets is None:
            return Batch(np.full((1, len(rows)), self.start, np.intp), source=source)
        answers = token_rows("targets", targets, self.target.vocabulary)
        if len(answers) != len(rows):
            raise EngineError(f"targets: {len(answers)} rows came, the inputs have {len(rows)}")
        read, lengths = pad([np.r_[self.start, a] for a in answers], 0, np.intp)
        written, _ = pad([np.r_[a, self.stop] for a in answers], NO_TARGET, np.intp)
        return Batch(read, lengths, written, source=source)

    def forward(
        self,
        weights: Weights,
        batch: Batch,
        holds: Iterable[Hold] = (),
        rng: np.random.Generator | None = None,
    ) -> Trace:
        """Every value of every step of both parts; see `Network.forward`."""
        check_weights(self.layout, weights)
        check_batch(batch, rng, source=True)
        assert batch.source is not None
        held = by_path(holds)
        if held:
            check_holds(held, self._holdable())
        shared = Pass(weights, held, rng)
        with np.errstate(all="ignore"):
            x = embed(self.source, weights, "source/E", batch.source)
            runs: dict[str, LayerRun] = {}
            for prefix, layer in named("encoder", self.encoder):
                lengths = batch.source.lengths
                runs[prefix] = run_layer(layer, prefix, x, lengths, {}, shared)
                x = runs[prefix].output
            context = final_output(self.encoder[-1], x, batch.source)
            initial = bridge.cross(self.bridge, self.decoder, weights, context[0], runs)
            inputs = embed(self.target, weights, "target/E", batch)
            decoder = Decoder(self.decoder, inputs, initial, batch, shared)
            written = decode(decoder) if self.attention is None else attend(decoder, x)
            runs |= written.runs
            logits = heads.outputs(weights, written.output)
        extras = {"context": context, **written.extras}
        trace = Trace(self, shared, batch, runs, written.output, logits, extras)
        trace.decoded_run = written
        return trace

    def backpropagate(
        self,
        trace: Trace,
        d_read: Array,
        d_final: Mapping[str, Array],
        vector: Array | None,
        barrier: Barrier | None = None,
    ) -> Flow:
        """Carry dL/d(the decoder's output) back through decoder, bridge and encoder."""
        if barrier is not None:
            raise EngineError("truncate: an encoder-decoder has two time axes and is not truncated")
        layout, source = self.layout, trace.batch.source
        assert source is not None
        assert trace.decoded_run is not None
        gradient = parts(layout, vector, trace.runs)
        if vector is not None and gradient is not None and self.attention is not None:
            gradient[additive.PART] = layout.slabs_of(vector, additive.PART)
        go_back = decode_back if self.attention is None else attend_back
        back = go_back(trace.decoded_run, d_read, d_final, gradient)
        d_context, d_states = bridge.back(
            self.bridge, self.decoder, trace, back.d_initial, layout, vector
        )
        d_output = self._d_encoded(trace, d_context, back.d_values)
        encoders = {prefix: trace.runs[prefix] for prefix, _ in named("encoder", self.encoder)}
        finals = {**d_final, **{p: d + d_final.get(p, 0.0) for p, d in d_states.items()}}
        layers, d_input = through(encoders, d_output, finals, gradient)
        inputs = {}
        if d_read.shape[1] == trace.batch.rows:
            inputs = {
                "source/E": (source.inputs, d_input),
                "target/E": (trace.batch.inputs, back.d_input),
            }
            inputs = {path: share for path, share in inputs.items() if path in trace.weights}
            add_embeddings(layout, vector, inputs)
        extras = {"context": d_context[None], **back.extras}
        return Flow({**back.layers, **layers}, inputs, extras)

    def _d_encoded(self, trace: Trace, d_context: Array, d_values: Array | None) -> Array:
        """dL/d(the encoder outputs) `[time, rows, units]`: through the context, and looked at."""
        top, source = self.encoder[-1], trace.batch.source
        assert source is not None
        if d_values is None:
            d_output = np.zeros((source.steps, len(d_context), top.outputs), d_context.dtype)
        else:
            d_output = d_values.copy()
        last = source.all_lengths - 1
        add_final(top, d_output, d_context, last if len(last) == len(d_context) else last[0])
        return d_output

    def _holdable(self) -> set[str]:
        known = holdable((*named("encoder", self.encoder), *named("decoder", self.decoder)))
        if self.attention is not None:
            known |= {additive.SCORES, additive.WEIGHTS, additive.CONTEXT}
        return known


def _check_parts(network: EncoderDecoder) -> None:
    check_layers("encoder", network.encoder)
    check_layers("decoder", network.decoder)
    instance("source", network.source, Input, "Tokens or Vectors")
    instance("target", network.target, Tokens, "Tokens")
    if any(layer.direction != "forward" for layer in network.decoder):
        raise EngineError("decoder: a layer reads backward, a decoder writes forward")
    if any(layer.unshared is not None for layer in (*network.encoder, *network.decoder)):
        raise EngineError("unshared: an encoder-decoder shares its weights over time")
    for name, token in (("start", network.start), ("stop", network.stop)):
        whole(f"{name} (a token of the target)", token, 0, network.target.vocabulary)
    if network.attention is not None:
        whole("attention", network.attention)
    bridge.check(network.bridge, network.encoder, network.decoder)


def named(part: str, layers: tuple[Layer, ...]) -> tuple[tuple[str, Layer], ...]:
    """The layers of a part with their prefixes, such as `encoder/layer0`."""
    return tuple((f"{part}/layer{number}", layer) for number, layer in enumerate(layers))
