"""Reads back the ONNX files that rnnviz itself wrote, by their description."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnviz.document.interchange.description import decode
from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.model import Model
from rnnviz.document.interchange.onnx_cells import pieces
from rnnviz.document.interchange.onnx_tensors import Tensors
from rnnviz.document.interchange.pieces import weights_of
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError


def read_own(text: str, graph: Any, given: Tensors) -> Found:
    """The model that rnnviz wrote, from its description and the initialisers.

    Raises
    ------
    EngineError
        The description does not fit.
    """
    network, words = decode(text)
    if isinstance(network, EncoderDecoder):
        raise EngineError("description: an encoder-decoder came, ONNX files hold none")
    if any(layer.unshared is not None for layer in network.layers):
        raise EngineError("description: unshared weights came, ONNX files hold none")
    held = {tensor.name: tensor for tensor in graph.initializer}
    initial = {
        path: given.read(held[f"initial/{path}"]).ravel()
        for path in network.state_paths
        if f"initial/{path}" in held
    }
    listed = pieces(network)
    arrays = {p.name: given.read(held[p.name]) for p in listed if p.name in held}
    kinds = {array.dtype for array in arrays.values()}
    if not kinds or any(kind.kind != "f" for kind in kinds):
        raise EngineError("description: the numbers have no fraction")
    weights = weights_of(network, listed, arrays, np.result_type(*kinds))
    model = Model(
        network, weights, words.vocabulary, words.labels, words.title, words.notes, initial
    )
    return Found(words.title, exact=model)
