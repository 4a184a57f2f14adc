"""Which tensors fit around recurrent layers by their shapes: embeddings and linear layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from rnnviz.document.errors import visible
from rnnviz.document.interchange.files import LENGTH_LIMIT, check_shape
from rnnviz.document.interchange.found import FoundLayer, Linear, Table
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError


def around(
    layers: tuple[FoundLayer, ...], tensors: Mapping[str, Array]
) -> tuple[tuple[Table, ...], tuple[Linear, ...]]:
    """The embeddings `[vocabulary, inputs]` and the linear layers `[outputs, units]` that fit.

    A matrix with a bias beside it is a linear layer. One without is an embedding, unless another
    fits there and its name says so.
    """
    matrices = {name: array for name, array in tensors.items() if _is_matrix(name, array)}
    biases = {name: _bias(name, tensors) for name in matrices}
    low, high = layers[0].inputs, layers[-1].outputs
    tables = [n for n, a in matrices.items() if biases[n] is None and a.shape[1] == low]
    heads = [n for n, a in matrices.items() if biases[n] is not None and a.shape[1] == high]
    if not heads:
        loose = [n for n, a in matrices.items() if biases[n] is None and a.shape[1] == high]
        embeddings = [n for n in tables if len(loose) == 1 or "emb" in n.lower()]
        heads = [n for n in loose if n not in embeddings]
        tables = [n for n in tables if n not in heads]
    return (
        tuple(Table(name, matrices[name]) for name in tables),
        tuple(Linear(name, matrices[name], biases[name]) for name in heads),
    )


def left_out(layers: tuple[FoundLayer, ...], tensors: Mapping[str, Array]) -> Iterator[str]:
    """A sentence for each matrix that would fit but is larger than what is read."""
    sizes = {layers[0].inputs, layers[-1].outputs}
    for name, array in tensors.items():
        fits = array.ndim == 2 and array.shape[1] in sizes and name.endswith("weight")
        if fits and len(array) > LENGTH_LIMIT:
            count = f"{len(array)} rows, more than {LENGTH_LIMIT}"
            yield f"{visible(name)} has {count}; it was left out."


def unusual_numbers(layers: tuple[FoundLayer, ...]) -> Iterator[str]:
    """A sentence for each layer whose weights hold nan or infinity."""
    for number, layer in enumerate(layers):
        arrays = [array for given in layer.weights.values() for array in given.values()]
        if not all(np.isfinite(array).all() for array in arrays):
            yield f"The weights of layer {number} hold nan or infinity."


def _is_matrix(name: str, array: Array) -> bool:
    if array.ndim != 2 or not name.endswith("weight"):
        return False
    try:
        check_shape(name, array.shape)
    except EngineError:
        return False
    return True


def _bias(name: str, tensors: Mapping[str, Array]) -> Array | None:
    bias = tensors.get(name.removesuffix("weight") + "bias")
    return bias if bias is not None and bias.shape == tensors[name].shape[:1] else None
