"""Which modules of PyTorch hold the layers of a network, and how their tensors are called.

`torch.nn` has the vanilla cell, the LSTM and one of the GRUs. A GRU with `z` and `1 - z` exchanged
is the same function with the weights of `z` negated. Every other cell becomes a module written out
from its equations (`torch_cells`), with the names of the weights that the equations have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rnnviz.document.interchange.description import is_ours
from rnnviz.document.interchange.gates import TORCH, symbol
from rnnviz.document.interchange.pieces import Block, Piece, whole
from rnnviz.engine.cell import Cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.two_biases import SUFFIX

NAMES = {"weight_ih": "W", "weight_hh": "U", "bias_ih": "b", "bias_hh": "d"}
"""Kind of tensor -> letter of the weights in it."""


@dataclass(frozen=True)
class TorchCell:
    """How `torch.nn` has a cell.

    Attributes
    ----------
    module : str
        Its class there.
    family : str
        "rnn", "lstm" or "gru".
    nonlinearity : str
        "relu" for the vanilla cell with relu, else "".
    negated : tuple of str
        The gates whose weights have the other sign there.
    """

    module: str
    family: str
    nonlinearity: str = ""
    negated: tuple[str, ...] = ()


_TORCH_CELLS = {
    "rnn": TorchCell("RNN", "rnn"),
    "rnn_relu": TorchCell("RNN", "rnn", "relu"),
    "lstm": TorchCell("LSTM", "lstm"),
    "gru_pytorch": TorchCell("GRU", "gru"),
    "gru_reset_after": TorchCell("GRU", "gru", negated=("z",)),
}


def torch_cell(cell: Cell) -> TorchCell | None:
    """How `torch.nn` has the cell; None where it does not."""
    return _TORCH_CELLS.get(cell.name.removesuffix(SUFFIX)) if is_ours(cell) else None


@dataclass(frozen=True)
class Module:
    """A module of the PyTorch model.

    Attributes
    ----------
    name : str
        Its attribute, such as `rnn`.
    layers : tuple of int
        The layers that it holds.
    """

    name: str
    layers: tuple[int, ...]


def modules(network: Network) -> tuple[Module, ...]:
    """One module for all layers where `torch.nn` can stack them, else one for each."""
    first = network.layers[0]
    alike = all(_stackable(layer, first) for layer in network.layers)
    if torch_cell(first.cell) is not None and alike:
        return (Module("rnn", tuple(range(len(network.layers)))),)
    return tuple(Module(f"rnn{n}", (n,)) for n in range(len(network.layers)))


def _stackable(layer: Layer, first: Layer) -> bool:
    same = (layer.cell, layer.hidden, layer.direction, layer.dropout)
    return (
        same == (first.cell, first.hidden, first.direction, first.dropout)
        and layer.direction != "backward"
        and not layer.residual
        and layer.unshared is None
    )


def pieces(network: Network | EncoderDecoder) -> tuple[Piece, ...]:
    """All tensors under PyTorch's names; under their own paths where there are no such modules."""
    paths = network.layout.paths
    if isinstance(network, EncoderDecoder) or any(x.unshared is not None for x in network.layers):
        return tuple(whole(path.replace("/", "."), path) for path in paths)
    found: list[Piece] = []
    if "embedding/E" in paths:
        found.append(whole("embedding.weight", "embedding/E"))
    for module in modules(network):
        for depth, number in enumerate(module.layers):
            found += _layer_pieces(network.layers[number], module.name, depth, number)
    names = {"V": "fc.weight", "d": "fc.bias", "A": "transitions", "start": "start", "end": "end"}
    for letter, name in names.items():
        if f"head/{letter}" in paths:
            found.append(whole(name, f"head/{letter}"))
    return tuple(found)


def _layer_pieces(layer: Layer, module: str, depth: int, number: int) -> Iterator[Piece]:
    known = torch_cell(layer.cell)
    for direction in layer.directions:
        part = f"layer{number}/{direction}"
        if known is None:
            for parameter in layer.cell.parameters:
                yield whole(
                    f"{module}.{direction}_cell.{parameter.name}", f"{part}/{parameter.name}"
                )
            continue
        # A lone backward layer is a forward module that reads flipped rows.
        suffix = f"_l{depth}"
        if direction == "backward" and layer.direction == "both":
            suffix += "_reverse"
        for name, letter in NAMES.items():
            blocks = _blocks(layer, known, part, letter)
            yield Piece(f"{module}.{name}{suffix}", (blocks,))


def _blocks(layer: Layer, known: TorchCell, part: str, letter: str) -> tuple[Block, ...]:
    given = {parameter.name for parameter in layer.cell.parameters}
    blocks = []
    for gate in TORCH[known.family]:
        name = symbol(letter, gate)
        sign = -1.0 if gate in known.negated else 1.0
        blocks.append(Block(f"{part}/{name}" if name in given else "", layer.hidden, sign))
    return tuple(blocks)
