"""Keeps the weights that two networks have in common, when one is made out of the other.

Each axis of a weight is a row of named pieces: the input of a layer over a bidirectional one is the
units of the forward direction and then those of the backward one. Of each piece that both networks
have, the first units are kept; all else is drawn from the document's seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np

from rnnviz.document.document import Document
from rnnviz.document.edits.fitting import refitted
from rnnviz.document.words import Words
from rnnviz.engine.encoder_decoder import EncoderDecoder, named
from rnnviz.engine.initial_weights import initial_weights
from rnnviz.engine.inputs import Input, Tokens
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.weights import Weights

Axis: TypeAlias = tuple[tuple[str, int], ...]
Axes: TypeAlias = dict[str, tuple[Axis, ...]]
AnyNetwork: TypeAlias = Network | EncoderDecoder


def rebuilt(document: Document, network: AnyNetwork, **parts: Any) -> Document:
    """The document with another network and all of the weights that both have.

    Targets, loss steps and holds that do not fit any more go, and so do history and score, which
    were those of the other network.

    Raises
    ------
    EngineError
        The other parts do not fit the network.
    """
    if network == document.network:
        return refitted(document, **parts)
    old, dtype = document.weights, document.weights.vector.dtype
    fresh = initial_weights(network, document.seed, document.scheme, dtype)
    labels: Words = parts.get("labels", document.labels)
    before = axes(document.network, document.labels, _outputs(network))
    after = axes(network, labels, _outputs(document.network))
    weights = kept(old, before, fresh, after)
    return refitted(
        document, **{"history": None, "score": None, **parts}, network=network, weights=weights
    )


def kept(old: Weights, before: Axes, fresh: Weights, after: Axes) -> Weights:
    """`fresh` with everything that it has in common with `old`."""
    vector = fresh.vector.copy()
    for path, new_axes in after.items():
        old_path = path if path in before else _other_name(path)
        old_axes = before.get(old_path, ())
        if len(old_axes) != len(new_axes):
            continue
        pairs = [_common(a, b) for a, b in zip(old_axes, new_axes, strict=True)]
        view = fresh.layout.view(vector, path)
        view[np.ix_(*(new for _, new in pairs))] = old[old_path][np.ix_(*(o for o, _ in pairs))]
    return Weights(fresh.layout, vector)


def _other_name(path: str) -> str:
    """The path of the same weight where an encoder is a network, or a network an encoder."""
    pairs = (("encoder/", ""), ("source/", "embedding/"), ("embedding/", "source/"))
    for prefix, other in pairs:
        if path.startswith(prefix):
            return other + path.removeprefix(prefix)
    return f"encoder/{path}"


def _common(old: Axis, new: Axis) -> tuple[list[int], list[int]]:
    """The places on both axes of what both have."""
    places = {name: (start, size) for name, start, size in _pieces(old)}
    before: list[int] = []
    after: list[int] = []
    for name, start, size in _pieces(new):
        other, other_size = places.get(name, (0, 0))
        count = min(size, other_size)
        before += range(other, other + count)
        after += range(start, start + count)
    return before, after


def _pieces(axis: Axis) -> Iterator[tuple[str, int, int]]:
    start = 0
    for name, size in axis:
        yield name, start, size
        start += size


def _outputs(network: AnyNetwork) -> int:
    return 0 if network.head is None else network.head.outputs


def axes(network: AnyNetwork, labels: Words, others: int) -> Axes:
    """The axes of every weight.

    Parameters
    ----------
    labels : tuple of str
        The names of the outputs.
    others : int
        How many outputs the network has that this one is compared with. Where both have as many,
        the outputs are told apart by their numbers, so that a name can change; else by their names.
    """
    found: Axes = {}
    if isinstance(network, Network):
        found |= _embedding("embedding/E", network.input)
        layers = tuple((f"layer{n}", layer) for n, layer in enumerate(network.layers))
        top = _add_layers(found, layers, _read(network.input))
        answers = _answers(network, labels, others)
    else:
        top = _add_translator(found, network)
        answers = (("word", network.target.vocabulary),)
    if network.head is not None:
        found |= {"head/V": (answers, top), "head/d": (answers,)}
        if network.head.kind == "crf":
            found |= {"head/A": (answers, answers)}
            found |= {"head/start": (answers,), "head/end": (answers,)}
    return found


def _answers(network: Network, labels: Words, others: int) -> Axis:
    count = _outputs(network)
    if labels and count != others:
        return tuple((f"label {label}", 1) for label in labels)
    return (("output", count),)


def _add_translator(found: Axes, network: EncoderDecoder) -> Axis:
    found |= _embedding("source/E", network.source) | _embedding("target/E", network.target)
    context = _add_layers(found, named("encoder", network.encoder), _read(network.source))
    inputs = _read(network.target)
    if network.attention is not None:
        inputs = (*inputs, *((f"context {name}", size) for name, size in context))
        units = (("attention", network.attention),)
        query = (("query", network.decoder[-1].hidden),)
        found |= {"attention/W_q": (units, query), "attention/W_k": (units, context)}
        found["attention/v"] = (units,)
    if network.bridge == "linear":
        for number, layer in enumerate(network.decoder):
            for state in layer.cell.states:
                path, rows = f"bridge/layer{number}/{state}", (("unit", layer.hidden),)
                found |= {f"{path}/B": (rows, context), f"{path}/b": (rows,)}
    return _add_layers(found, named("decoder", network.decoder), inputs)


def _embedding(path: str, read: Input) -> Axes:
    if not isinstance(read, Tokens) or read.embedding is None:
        return {}
    return {path: ((("word", read.vocabulary),), _read(read))}


def _read(read: Input) -> Axis:
    if isinstance(read, Tokens):
        return (("word" if read.embedding is None else "embedding", read.size),)
    return (("input", read.size),)


def _add_layers(found: Axes, layers: tuple[tuple[str, Layer], ...], inputs: Axis) -> Axis:
    """Add the weights of stacked layers; what the highest gives is returned."""
    for prefix, layer in layers:
        units: Axis = (("unit", layer.hidden),)
        columns: dict[str, tuple[Axis, ...]]
        columns = {"input": (units, inputs), "hidden": (units, units), "": (units,)}
        steps: tuple[Axis, ...] = () if layer.unshared is None else ((("step", layer.unshared),),)
        for direction in layer.directions:
            for parameter in layer.cell.parameters:
                path = f"{prefix}/{direction}/{parameter.name}"
                found[path] = (*steps, *columns[parameter.columns])
        inputs = tuple((f"below {direction}", layer.hidden) for direction in layer.directions)
    return inputs
