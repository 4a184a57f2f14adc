"""The cases `nn_...`: `torch.nn.RNN`, `LSTM` and `GRU`, stacked, in both directions, padded."""

import itertools
from collections.abc import Iterator

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tests.references.torch_case import Case

STEPS, BATCH, INPUTS, HIDDEN = 7, 3, 4, 5
LAYERS = {
    "rnn_tanh": (torch.nn.RNN, {"nonlinearity": "tanh"}),
    "rnn_relu": (torch.nn.RNN, {"nonlinearity": "relu"}),
    "lstm": (torch.nn.LSTM, {}),
    "gru": (torch.nn.GRU, {}),
}
LENGTHS = {"equal": None, "sorted": [7, 4, 2], "unsorted": [3, 7, 5]}


def fill(case: Case, layer: torch.nn.RNNBase) -> None:
    """Random weights; the biases of each gate lie around another number."""
    for name, parameter in layer.named_parameters():
        gates = len(parameter) // HIDDEN
        with torch.no_grad():
            parameter.copy_(case.normal(*parameter.shape, scale=0.4))
            if name.startswith("bias"):
                shifts = 0.25 * torch.arange(gates)
                parameter.add_(shifts.repeat_interleave(HIDDEN))
        case.leaf(name, parameter)


def states(case: Case, layer: torch.nn.RNNBase) -> torch.Tensor | tuple[torch.Tensor, ...]:
    """Random initial states, as the layer takes them."""
    count = layer.num_layers * (2 if layer.bidirectional else 1)
    h_0 = case.leaf("h_0", case.normal(count, BATCH, HIDDEN, scale=0.7))
    if not isinstance(layer, torch.nn.LSTM):
        return h_0
    return h_0, case.leaf("c_0", case.normal(count, BATCH, HIDDEN, scale=0.7))


def run(case: Case, layer: torch.nn.RNNBase) -> torch.Tensor:
    """The loss of one forward pass."""
    inputs = case.leaf("input", case.normal(STEPS, BATCH, INPUTS))
    given = states(case, layer) if case.meta["states_given"] else None
    lengths = case.meta["lengths"]
    if lengths is None:
        output, last = layer(inputs, given)
    else:
        packed = pack_padded_sequence(inputs, lengths, enforce_sorted=False)
        output, last = layer(packed, given)
        output, _ = pad_packed_sequence(output, total_length=STEPS)
    named = {"output": output, "h_n": last}
    if isinstance(layer, torch.nn.LSTM):
        named = {"output": output, "h_n": last[0], "c_n": last[1]}
    loss = torch.zeros(())
    for functional, (name, value) in zip("ABC", named.items(), strict=False):
        case.keep(name, value)
        weights = case.keep(functional, case.normal(*value.shape))
        loss = loss + (weights * value).sum()
    return loss


def cases() -> Iterator[Case]:
    """Every kind, one and two layers deep, in one and two directions, with every set of lengths."""
    kinds = itertools.product(LAYERS, (1, 2), (1, 2), enumerate(LENGTHS))
    for kind, layers, directions, (turn, lengths) in kinds:
        make, options = LAYERS[kind]
        way = "bidirectional" if directions == 2 else "forward"
        plural = "layer" if layers == 1 else "layers"
        meta = {
            "cell": kind.partition("_")[0],
            "variant": {"nonlinearity": "", **options}["nonlinearity"],
            "sizes": {"T": STEPS, "B": BATCH, "I": INPUTS, "H": HIDDEN},
            "lengths": LENGTHS[lengths],
            "layers": layers,
            "directions": directions,
            "states_given": (layers + directions + turn) % 2 == 1,
        }
        case = Case(f"nn_{kind}_{layers}_{plural}_{way}_{lengths}", meta)
        layer = make(INPUTS, HIDDEN, layers, bidirectional=directions == 2, **options)
        fill(case, layer)
        yield case.finish(run(case, layer))
