"""A cell as PyTorch code: one step, written from the same equations as everything else."""

from __future__ import annotations

import keyword
import re

from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.engine.expressions import Expression
from rnnviz.engine.rendering import Notation, Piece, plain, render
from rnnviz.engine.text import exact

_TAKEN = frozenset({"torch"})


def safe_name(name: str) -> str:
    """The name as Python takes it: no keyword, no sign that is not part of a name."""
    word = re.sub(r"\W", "_", name)
    if not word or word[0].isdigit():
        word = f"cell_{word}"
    return f"{word}_" if keyword.iskeyword(word) or word in _TAKEN else word


def pytorch(node: Expression) -> str:
    """The expression as PyTorch code for batches of rows: `torch.sigmoid(x @ W_f.T + b_f)`."""
    style = Notation(
        lambda symbol: Piece(safe_name(symbol)),
        lambda function: f"torch.{function}",
        constant=exact,
        vector_first=True,
    )
    return plain(render(node, style))


def pytorch_cell(cell: Cell) -> str:
    """One step of a cell as a Python function that needs nothing but PyTorch.

    The function takes the input `x [batch, inputs]`, the previous states `[batch, hidden]` and the
    weights by name, matrices `[hidden, columns]` as everywhere here and in `nn.Linear`, and returns
    the new states (one alone where there is one).
    """
    previous = [state + PREVIOUS for state in cell.states]
    weights = [parameter.name for parameter in cell.parameters]
    given = [safe_name(name) for name in (INPUT, *previous, *weights)]
    about = f"One step of the {cell.title}"
    about += f" ({cell.reference})." if cell.reference else "."
    lines = [
        "import torch",
        "",
        "",
        *_signature(safe_name(cell.name), given),
        f"    {_docstring(about)}",
    ]
    lines += [f"    {safe_name(e.name)} = {pytorch(e.expression)}" for e in cell.equations]
    lines.append(f"    return {', '.join(map(safe_name, cell.states))}")
    return "\n".join(lines) + "\n"


def _signature(name: str, given: list[str]) -> list[str]:
    line = f"def {name}({', '.join(given)}):"
    if len(line) <= 88:
        return [line]
    return [f"def {name}(", *(f"    {each}," for each in given), "):"]


def _docstring(text: str) -> str:
    plain_text = " ".join(text.replace("\\", "/").replace('"', "'").split())
    return f'"""{plain_text}"""'
