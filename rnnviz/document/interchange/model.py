"""A model as the doors pass it: a network, its weights, and the words around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rnnviz.engine.arrays import Array
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError, ShapeError
from rnnviz.engine.inputs import Input, Tokens
from rnnviz.engine.network import Network
from rnnviz.engine.weights import Weights, check_weights


class ExportError(EngineError):
    """Something of a model that a format or a library has no means for."""

    def __init__(self, format_name: str, what: str, advice: str = "") -> None:
        super().__init__(f"{format_name} cannot express {what}" + (f"; {advice}" if advice else ""))


@dataclass(frozen=True, eq=False)
class Model:
    """A network with its weights.

    Attributes
    ----------
    network : Network or EncoderDecoder
        The parts.
    weights : Weights
        Of that network.
    vocabulary : tuple of str or None
        The tokens that the network reads (an encoder-decoder: those of the source).
    labels : tuple of str or None
        The names of the outputs (an encoder-decoder: the tokens that it writes).
    title : str
        What people call it.
    notes : tuple of str
        What a reader should know, a sentence each.
    initial : mapping
        Path of a state -> its value before the first step `[hidden]`; zero where none is given.
    """

    network: Network | EncoderDecoder
    weights: Weights
    vocabulary: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    title: str = ""
    notes: tuple[str, ...] = ()
    initial: Mapping[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check that the parts fit."""
        check_weights(self.network.layout, self.weights)
        source = read_first(self.network)
        expected = source.vocabulary if isinstance(source, Tokens) else None
        _check_words("vocabulary", self.vocabulary, expected)
        head = self.network.head
        _check_words("labels", self.labels, None if head is None else head.outputs)
        for path, value in self.initial.items():
            self._check_state(path, value)

    def _check_state(self, path: str, value: Array) -> None:
        if isinstance(self.network, EncoderDecoder):
            raise EngineError(f"initial: {path} came, an encoder-decoder makes its own states")
        units = {
            f"layer{number}/{direction}/{state}": layer.hidden
            for number, layer in enumerate(self.network.layers)
            for direction in layer.directions
            for state in layer.cell.states
        }
        if path not in units:
            raise EngineError(f"initial: {path} came, the states are {', '.join(units)}")
        if value.shape != (units[path],):
            raise ShapeError(f"initial {path}", value.shape, f"({units[path]},)")


def read_first(network: Network | EncoderDecoder) -> Input:
    """What the network reads: its input, or the source of an encoder-decoder."""
    return network.source if isinstance(network, EncoderDecoder) else network.input


def plain_network(model: Model, format_name: str) -> Network:
    """The network, where it is no encoder-decoder.

    Raises
    ------
    ExportError
        It is one.
    """
    if isinstance(model.network, EncoderDecoder):
        raise ExportError(
            format_name, "an encoder-decoder", "safetensors, npz and csv hold its weights"
        )
    return model.network


def _check_words(argument: str, words: tuple[str, ...] | None, expected: int | None) -> None:
    if words is None:
        return
    if expected is None:
        raise EngineError(f"{argument}: {len(words)} words came, the network has no place for any")
    if len(words) != expected:
        raise EngineError(f"{argument}: {len(words)} words came, the network has {expected}")
