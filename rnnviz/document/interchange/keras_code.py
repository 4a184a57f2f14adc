"""Writes a network as Keras code that anybody can run, its weights in an npz file beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np

from rnnviz.document.interchange.description import is_ours
from rnnviz.document.interchange.files import FilePath, write_atomically
from rnnviz.document.interchange.gates import KERAS
from rnnviz.document.interchange.model import ExportError, Model, plain_network
from rnnviz.document.interchange.tables import write_npz
from rnnviz.document.interchange.texts import python_literal, python_words
from rnnviz.engine.cell import Cell
from rnnviz.engine.inputs import Tokens
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.two_biases import SUFFIX

FORMAT = "Keras"

_HELPERS = '''
weights = np.load(Path(__file__).with_name(WEIGHTS), allow_pickle=False)


def blocks(part, letter, gates, negated):
    """One kind of weight of a layer, its gates side by side in Keras's order."""
    found = []
    for gate in gates:
        name = f"{part}/{letter}_{gate}".rstrip("_")
        if name in weights:
            block = weights[name].T
        else:
            block = np.zeros_like(weights[f"{part}/b_{gate}".rstrip("_")])
        found.append(-block if gate in negated else block)
    return np.concatenate(found, axis=-1)


def cell(part, gates, negated=(), two_biases=False):
    """The kernel, the recurrent kernel and the bias of one direction of a layer."""
    kernel, recurrent, inner, outer = (blocks(part, x, gates, negated) for x in "WUbd")
    bias = np.stack([inner, outer]) if two_biases else inner + outer
    return [kernel, recurrent, bias]
'''


@dataclass(frozen=True)
class KerasCell:
    """How Keras has a cell: its layer, its family, further arguments, gates of the other sign."""

    layer: str
    family: str
    arguments: str = ""
    negated: str = ""


_CELLS = {
    "rnn": KerasCell("SimpleRNN", "rnn"),
    "rnn_relu": KerasCell("SimpleRNN", "rnn", 'activation="relu"'),
    "lstm": KerasCell("LSTM", "lstm"),
    "gru": KerasCell("GRU", "gru", "reset_after=False", "z"),
    "gru_swapped": KerasCell("GRU", "gru", "reset_after=False"),
    "gru_reset_after": KerasCell("GRU", "gru", "reset_after=True", "z"),
    "gru_pytorch": KerasCell("GRU", "gru", "reset_after=True"),
}


def write_keras(model: Model, path: FilePath) -> None:
    """Write the code to `path` and the weights to an npz file beside it, of the same name.

    Raises
    ------
    ExportError
        Names what Keras cannot express.
    FileError
        A file cannot be written.
    """
    weights = Path(path).with_suffix(".npz")
    text = keras_code(model, weights.name)
    write_npz(model, weights)
    write_atomically(path, text.encode())


def keras_code(model: Model, weights: str = "model.npz") -> str:
    """A Keras 3 model that computes what the network computes (before the softmax).

    A GRU in which `z` writes the new becomes one in which it keeps the old: the weights of `z`
    change their sign. Two biases that add up become one.

    Parameters
    ----------
    weights : str
        The file beside the code, as `write_npz` writes it.

    Raises
    ------
    ExportError
        Names what Keras cannot express.
    """
    network = plain_network(model, FORMAT)
    if any(layer.unshared is not None for layer in network.layers):
        raise ExportError(FORMAT, "weights that each step has for itself")
    if model.initial:
        raise ExportError(FORMAT, "initial states other than zero")
    if network.head is not None and network.head.kind == "crf":
        raise ExportError(FORMAT, "a CRF")
    return "\n".join(
        [*_opening(model, weights), _HELPERS, "", *_model(network), *_weights(network)]
    )


def keras_cell(cell: Cell) -> KerasCell:
    """How Keras has the cell.

    Raises
    ------
    ExportError
        It does not.
    """
    known = _CELLS.get(cell.name.removesuffix(SUFFIX)) if is_ours(cell) else None
    if known is None:
        raise ExportError(FORMAT, f"the cell {cell.title}")
    return known


def _opening(model: Model, weights: str) -> Iterator[str]:
    yield '"""A recurrent network with its trained weights, written by rnnviz for Keras 3."""'
    yield from ("", "from pathlib import Path", "", "import keras", "import numpy as np")
    yield from ("from keras import layers, ops", "")
    yield f"WEIGHTS = {python_literal(PurePath(weights).name)}"
    yield from python_words(model)
    if model.weights.vector.dtype == np.float64:
        yield from ("", 'keras.config.set_floatx("float64")')
        yield 'keras.config.set_dtype_policy("float64")'


def _model(network: Network) -> Iterator[str]:
    source = network.input
    if isinstance(source, Tokens):
        yield 'inputs = keras.Input((None,), dtype="int64")'
        if source.embedding is None:
            yield f"x = ops.one_hot(inputs, {source.vocabulary})"
        else:
            made = f'layers.Embedding({source.vocabulary}, {source.embedding}, name="embedding")'
            yield f"x = {made}(inputs)"
    else:
        yield f"inputs = keras.Input((None, {source.size}))"
        yield "x = inputs"
    for number, layer in enumerate(network.layers):
        yield from _layer(network, number, layer)
    if network.head is not None:
        yield f'x = layers.Dense({network.head.outputs}, name="fc")(x)'
    yield "model = keras.Model(inputs, x)"
    yield ""


def _layer(network: Network, number: int, layer: Layer) -> Iterator[str]:
    known = keras_cell(layer.cell)
    last = network.single and number == len(network.layers) - 1
    arguments = [str(layer.hidden)]
    if known.arguments:
        arguments.append(known.arguments)
    if not last or layer.residual:
        arguments.append("return_sequences=True")
    if layer.direction == "backward":
        arguments.append("go_backwards=True")
    name = f'name="rnn{number}"'
    made = f"layers.{known.layer}({', '.join(arguments)}"
    made = (
        f"layers.Bidirectional({made}), {name})"
        if layer.direction == "both"
        else f"{made}, {name})"
    )
    made = f"{made}(x)"
    if layer.direction == "backward" and (not last or layer.residual):
        made = f"ops.flip({made}, axis=1)"
    yield f"x = layers.Add()([{made}, x])" if layer.residual else f"x = {made}"
    if last and layer.residual:
        cut = layer.hidden
        ends = f"[x[:, -1, :{cut}], x[:, 0, {cut}:]]"
        yield {
            "forward": "x = x[:, -1]",
            "backward": "x = x[:, 0]",
            "both": f"x = ops.concatenate({ends}, axis=-1)",
        }[layer.direction]
    if layer.dropout:
        yield f"x = layers.Dropout({layer.dropout!r})(x)"


def _weights(network: Network) -> Iterator[str]:
    if "embedding/E" in network.layout.paths:
        yield 'model.get_layer("embedding").set_weights([weights["embedding/E"]])'
    for number, layer in enumerate(network.layers):
        known = keras_cell(layer.cell)
        gates = "".join(KERAS[known.family])
        arguments = [f'"{gates}"' if gates else '[""]']
        if known.negated:
            arguments.append(f'negated="{known.negated}"')
        if "reset_after=True" in known.arguments:
            arguments.append("two_biases=True")
        given = ", ".join(arguments)
        yield f'model.get_layer("rnn{number}").set_weights('
        for position, direction in enumerate(layer.directions):
            plus = "+ " if position else ""
            yield f'    {plus}cell("layer{number}/{direction}", {given})'
        yield ")"
    if network.head is not None:
        yield 'model.get_layer("fc").set_weights([weights["head/V"].T, weights["head/d"]])'
    yield ""
