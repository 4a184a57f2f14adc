"""What a door found: recurrent layers, what may stand around them, the model they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from rnnviz.document.errors import visible
from rnnviz.document.interchange.model import Model
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError
from rnnviz.engine.heads import Head, Regression, Softmax
from rnnviz.engine.inputs import Input, Tokens, Vectors
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Form, Network
from rnnviz.engine.two_biases import with_recurrent_biases
from rnnviz.engine.weights import Weights

Answers = Literal["classes", "numbers"]


@dataclass(frozen=True, eq=False)
class FoundLayer:
    """A recurrent layer.

    Attributes
    ----------
    cell : Cell
        With one bias; the second is added where the file has one that is not zero.
    inputs, hidden : int
        Units.
    weights : dict
        "forward", "backward" -> the weights by symbol. Biases may be missing, which means zero.
    """

    cell: Cell
    inputs: int
    hidden: int
    weights: Mapping[str, Mapping[str, Array]]

    def __post_init__(self) -> None:
        """Check every shape against the cell."""
        if self.hidden < 1 or self.inputs < 1:
            raise EngineError(
                f"{self.hidden} units and {self.inputs} inputs came, at least 1 needed"
            )
        known = {p.name: p for p in with_recurrent_biases(self.cell).parameters}
        for direction, given in self.weights.items():
            for name, array in given.items():
                if name not in known:
                    raise UnknownError(f"{direction} weight", name, tuple(known))
                shape = known[name].shape(self.inputs, self.hidden)
                if array.shape != shape:
                    raise ShapeError(f"{direction} {name}", array.shape, str(shape))
            missing = [n for n, p in known.items() if p.columns and n not in given]
            if missing:
                raise EngineError(f"{direction}: the weights {', '.join(missing)} are missing")

    @property
    def direction(self) -> Direction:
        """In which directions it reads."""
        if len(self.weights) == 2:
            return "both"
        return "backward" if "backward" in self.weights else "forward"

    @property
    def outputs(self) -> int:
        """Units of its output."""
        return self.hidden * len(self.weights)

    @property
    def two_biases(self) -> bool:
        """Whether a second bias holds a number other than zero."""
        plain = {parameter.name for parameter in self.cell.parameters}
        with np.errstate(all="ignore"):
            return any(
                name not in plain and bool(np.any(array))
                for given in self.weights.values()
                for name, array in given.items()
            )


@dataclass(frozen=True, eq=False)
class Table:
    """An embedding `[vocabulary, units]`, and what the file calls it."""

    name: str
    values: Array


@dataclass(frozen=True, eq=False)
class Linear:
    """A linear layer `[outputs, units]` with its bias or None, and what the file calls it."""

    name: str
    matrix: Array
    bias: Array | None = None
    answers: Answers | None = None


@dataclass(frozen=True, eq=False)
class Found:
    """A model, or a part of one, in somebody's file.

    Attributes
    ----------
    name : str
        What the file calls it; "" where it has no name.
    layers : tuple of FoundLayer
        From the bottom up.
    embeddings, heads : tuple
        What fits below and above by its shape; taken where it is the only one.
    form : str
        How the answers are read, as far as the file tells.
    initial : dict
        Path of a state -> its value before the first step.
    notes : tuple of str
        What the reader should know.
    exact : Model or None
        The whole model, where rnnviz itself wrote the file; the rest is then empty.
    """

    name: str
    layers: tuple[FoundLayer, ...] = ()
    embeddings: tuple[Table, ...] = ()
    heads: tuple[Linear, ...] = ()
    form: Form = "many-to-many"
    initial: Mapping[str, Array] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    exact: Model | None = None

    def __post_init__(self) -> None:
        """Check that each layer reads what the one below gives."""
        for below, layer in zip(self.layers, self.layers[1:], strict=False):
            if layer.inputs != below.outputs:
                raise EngineError(
                    f"{visible(self.name)}: a layer reads {layer.inputs} units, the one below it "
                    f"gives {below.outputs}"
                )

    @property
    def summary(self) -> str:
        """One line: `LSTM, 2 layers of 128 units in both directions, reads vectors of 300`."""
        if self.exact is not None:
            layers, reads = self.exact.network.layers, "a model that rnnviz wrote"
            kinds = tuple(dict.fromkeys(layer.cell.title for layer in layers))
            return f"{reads}: {', '.join(kinds)}, {_counted(len(layers), 'layer')}"
        kinds = tuple(dict.fromkeys(layer.cell.title for layer in self.layers))
        units = tuple(dict.fromkeys(str(layer.hidden) for layer in self.layers))
        way = {"both": " in both directions", "backward": " backward", "forward": ""}
        ways = tuple(dict.fromkeys(way[layer.direction] for layer in self.layers))
        text = (
            f"{', '.join(kinds)}, {_counted(len(self.layers), 'layer')} of {', '.join(units)} units"
        )
        text += " and".join(ways) + f", reads vectors of {self.layers[0].inputs}"
        for what, names in (("embedding", self.embeddings), ("linear layer", self.heads)):
            if names:
                text += f", {what} {' or '.join(visible(n.name) for n in names)}"
        return text

    def model(
        self,
        *,
        form: Form | None = None,
        relu: bool = False,
        embedding: str | None = None,
        head: str | None = None,
        answers: Answers | None = None,
        dtype: Any = np.float64,
    ) -> Model:
        """The model.

        Parameters
        ----------
        form : str, optional
            How the answers are read, where it is not as found.
        relu : bool
            The vanilla cell has relu in place of tanh (PyTorch's files do not tell).
        embedding, head : str, optional
            Which of several that fit; "" for none.
        answers : str, optional
            Whether the head gives classes or numbers, where the file does not tell.
        dtype : dtype
            The precision of the weights.

        Raises
        ------
        EngineError
            A choice that there is not, sizes that do not go together.
        """
        if self.exact is not None:
            return _recast(self.exact, dtype)
        table, top = _chosen(self.embeddings, embedding), _chosen(self.heads, head)
        size = self.layers[0].inputs
        reads: Input = Vectors(size) if table is None else Tokens(*table.values.shape)
        network = Network(reads, self._network_layers(relu), _head(top, answers), form or self.form)
        weights = _filled(network, self._values(network, table, top), dtype)
        notes = (*self.notes, *_open_choices(self.embeddings, self.heads, embedding, head))
        initial = _states(self.initial, dtype)
        return Model(network, weights, title=visible(self.name), notes=notes, initial=initial)

    def _network_layers(self, relu: bool) -> tuple[Layer, ...]:
        two = any(layer.two_biases for layer in self.layers)
        found = []
        for layer in self.layers:
            cell = layer.cell
            if relu:
                if not cell.name.startswith("rnn"):
                    raise EngineError(f"relu: the cell is a {cell.title}, it has no such choice")
                cell = find_cell("rnn_relu")
            cell = with_recurrent_biases(cell) if two else cell
            found.append(Layer(cell, layer.hidden, layer.direction))
        return tuple(found)

    def _values(
        self, network: Network, table: Table | None, top: Linear | None
    ) -> dict[str, Array]:
        values: dict[str, Array] = {}
        if table is not None:
            values["embedding/E"] = table.values
        if top is not None:
            values["head/V"] = top.matrix
            values["head/d"] = np.zeros(len(top.matrix)) if top.bias is None else top.bias
        for number, layer in enumerate(self.layers):
            known = {parameter.name for parameter in network.layers[number].cell.parameters}
            for direction, given in layer.weights.items():
                for name in known & set(given):
                    values[f"layer{number}/{direction}/{name}"] = given[name]
        return values


def _recast(model: Model, dtype: Any) -> Model:
    if model.weights.vector.dtype == dtype:
        return model
    return Model(
        model.network,
        model.weights.astype(dtype),
        model.vocabulary,
        model.labels,
        model.title,
        model.notes,
        _states(model.initial, dtype),
    )


def _states(initial: Mapping[str, Array], dtype: Any) -> dict[str, Array]:
    return {path: np.asarray(value, dtype) for path, value in initial.items()}


def _filled(network: Network, values: Mapping[str, Array], dtype: Any) -> Weights:
    """Weights with these values; what is not given is zero."""
    vector = np.zeros(network.layout.size, dtype)
    with np.errstate(all="ignore"):
        for path, value in values.items():
            network.layout.view(vector, path)[...] = value
    return Weights(network.layout, vector)


def _chosen(found: tuple[Any, ...], name: str | None) -> Any:
    if name is None:
        return found[0] if len(found) == 1 else None
    if name == "":
        return None
    for one in found:
        if one.name == name:
            return one
    raise UnknownError("choice", name, tuple(one.name for one in found))


def _head(top: Linear | None, answers: Answers | None) -> Head | None:
    if top is None:
        return None
    outputs = len(top.matrix)
    kind = answers or top.answers or ("classes" if outputs > 1 else "numbers")
    return Softmax(outputs) if kind == "classes" else Regression(outputs)


def _open_choices(
    tables: tuple[Table, ...], heads: tuple[Linear, ...], embedding: str | None, head: str | None
) -> tuple[str, ...]:
    notes = []
    if len(tables) > 1 and embedding is None:
        notes.append(f"Several embeddings fit, none was taken: {_names(tables)}.")
    if len(heads) > 1 and head is None:
        notes.append(f"Several linear layers fit, none was taken: {_names(heads)}.")
    return tuple(notes)


def _names(found: tuple[Any, ...]) -> str:
    return ", ".join(visible(one.name) for one in found)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
