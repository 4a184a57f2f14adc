"""Writes a network as a PyTorch module that anybody can run: classifier, tagger and others."""

from __future__ import annotations

from pathlib import Path, PurePath

import numpy as np

from rnnviz.document.interchange.files import FilePath, write_atomically
from rnnviz.document.interchange.model import ExportError, Model, plain_network
from rnnviz.document.interchange.safetensors_file import write_safetensors
from rnnviz.document.interchange.texts import python_literal, python_words
from rnnviz.document.interchange.torch_cells import FORMAT, RUNNER, cell_class, class_names
from rnnviz.document.interchange.torch_forward import Plan
from rnnviz.document.interchange.torch_modules import torch_cell
from rnnviz.engine.heads import CRF, Softmax
from rnnviz.engine.inputs import Tokens
from rnnviz.engine.network import Network

_DECODE = '''
    @torch.no_grad()
    def decode(self, x):
        """The best tags of each row (Viterbi): [batch_size, seq_len]."""
        emissions = self(x)
        best, back = self.start + emissions[:, 0], []
        for t in range(1, emissions.shape[1]):
            # arrivals: [batch_size, tag before, tag]
            arrivals = best.unsqueeze(2) + self.transitions
            best, before = arrivals.max(dim=1)
            best = best + emissions[:, t]
            back.append(before)
        tags = [(best + self.end).argmax(dim=1)]
        for before in reversed(back):
            tags.append(before.gather(1, tags[-1].unsqueeze(1)).squeeze(1))
        return torch.stack(tags[::-1], dim=1)
'''
_GENERATE = '''
    @torch.no_grad()
    def generate(self, x, steps):
        """The tokens `x` [batch_size, seq_len] and `steps` more, each the most probable one."""
        for _ in range(steps):
            next_token = self(x)[:, -1].argmax(dim=1, keepdim=True)
            x = torch.cat([x, next_token], dim=1)
        return x
'''


def write_pytorch(model: Model, path: FilePath) -> None:
    """Write the code to `path` and the weights to a safetensors file beside it, of the same name.

    Raises
    ------
    ExportError
        Names what the code cannot express.
    FileError
        A file cannot be written.
    """
    weights = Path(path).with_suffix(".safetensors")
    text = pytorch_code(model, weights.name)
    write_safetensors(model, weights)
    write_atomically(path, text.encode())


def pytorch_code(model: Model, weights: str = "model.safetensors") -> str:
    """A module that computes what the network computes, for rows of equal length.

    Cells that `torch.nn` has are its modules; every other cell is written out from its equations.

    Parameters
    ----------
    weights : str
        The file beside the code, as `write_safetensors` writes it.

    Raises
    ------
    ExportError
        Names what the code cannot express.
    """
    network = plain_network(model, FORMAT)
    if any(layer.unshared is not None for layer in network.layers):
        raise ExportError(FORMAT, "weights that each step has for itself")
    if model.initial:
        raise ExportError(FORMAT, "initial states other than zero")
    cells = dict.fromkeys(x.cell for x in network.layers if torch_cell(x.cell) is None)
    names = class_names(list(cells))
    plan = Plan(network, names)
    module = f"class {plan.name}(nn.Module):\n{plan.constructor()}\n\n{plan.forward()}\n"
    parts = [
        _opening(model, weights),
        *(cell_class(cell, name) for cell, name in names.items()),
        *([RUNNER] if names else []),
        module + _extras(network),
        _loading(model, plan.name),
        _example(model, network),
    ]
    return "\n\n".join(parts)


def _opening(model: Model, weights: str) -> str:
    lines = [
        '"""A recurrent network with its trained weights, written by rnnviz.',
        "",
        "It needs torch, safetensors, and beside it the file of weights that is named below.",
        '"""',
        "",
        "from pathlib import Path",
        "",
        "import torch",
        "import torch.nn as nn",
        "from safetensors.torch import load_file",
        "",
        f"WEIGHTS = {python_literal(PurePath(weights).name)}",
    ]
    return "\n".join([*lines, *python_words(model)]) + "\n"


def _extras(network: Network) -> str:
    if isinstance(network.head, CRF):
        return _DECODE
    if network.form == "one-to-many" and network.head == Softmax(_vocabulary(network)):
        return _GENERATE
    return ""


def _vocabulary(network: Network) -> int:
    """How many tokens the network reads; 1 where it reads vectors."""
    return network.input.vocabulary if isinstance(network.input, Tokens) else 1


def _loading(model: Model, name: str) -> str:
    double = ".to(torch.float64)" if model.weights.vector.dtype == np.float64 else ""
    lines = [
        "def load(path=Path(__file__).with_name(WEIGHTS)):",
        f"    model = {name}(){double}",
        "    model.load_state_dict(load_file(path))",
        "    return model.eval()",
    ]
    return "\n".join(lines) + "\n"


def _example(model: Model, network: Network) -> str:
    lines = [
        'if __name__ == "__main__":',
        "    model = load()",
        f"    x = {_input(model, network)}",
        "    with torch.no_grad():",
        "        found = model(x)",
        "    print(found)",
    ]
    if model.labels is not None and network.head is not None and network.head.kind != "regression":
        if isinstance(network.head, CRF):
            lines.append("    print([LABELS[tag] for tag in model.decode(x)[0]])")
        elif network.single:
            lines.append("    print(LABELS[found[0].argmax()])")
        else:
            lines.append("    print([LABELS[tag] for tag in found[0].argmax(dim=-1)])")
    return "\n".join(lines) + "\n"


def _input(model: Model, network: Network) -> str:
    steps = 1 if network.form == "one-to-one" else 4
    if not isinstance(network.input, Tokens):
        dtype = "float64" if model.weights.vector.dtype == np.float64 else "float32"
        return f"torch.zeros(1, {steps}, {network.input.size}, dtype=torch.{dtype})"
    tokens = list(range(min(steps, network.input.vocabulary)))
    if model.vocabulary is None:
        return f"torch.tensor([{tokens}])"
    return f"torch.tensor([[VOCABULARY.index(word) for word in VOCABULARY[:{len(tokens)}]]])"
