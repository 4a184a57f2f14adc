"""Cells that `torch.nn` does not have, written out in PyTorch step by step from their equations."""

from __future__ import annotations

import keyword
import re

from rnnviz.document.errors import visible
from rnnviz.document.interchange.model import ExportError
from rnnviz.engine.cell import PREVIOUS, Cell, Parameter
from rnnviz.engine.expressions import symbols
from rnnviz.engine.pytorch_text import pytorch

FORMAT = "PyTorch code"
_TAKEN = """
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double
    dump_patches eval extra_repr float forward get_buffer get_extra_state get_parameter
    get_submodule half ipu load_state_dict modules mtia named_buffers named_children named_modules
    named_parameters nn parameters register_backward_hook register_buffer register_module
    register_parameter requires_grad_ self set_extra_state set_submodule share_memory state_dict
    states to to_empty torch train training type xpu zero_grad
"""

RUNNER = '''class Steps(nn.Module):
    """Carries a cell over the steps of a sequence, forward, backward or both."""

    def __init__(self, cell, input_size, hidden_size, directions):
        super().__init__()
        self.hidden_size, self.directions = hidden_size, directions
        for direction in directions:
            self.add_module(f"{direction}_cell", cell(input_size, hidden_size))

    def forward(self, x):
        # x: [batch_size, seq_len, input_size]
        outputs = [self.run(x, direction) for direction in self.directions]
        # output: [batch_size, seq_len, hidden_size of each direction]
        return torch.cat(outputs, dim=2)

    def run(self, x, direction):
        cell = getattr(self, f"{direction}_cell")
        states = [x.new_zeros(x.shape[0], self.hidden_size)] * cell.states
        outputs = [None] * x.shape[1]
        steps = range(x.shape[1])
        for t in reversed(steps) if direction == "backward" else steps:
            states = cell(x[:, t], *states)
            outputs[t] = states[0]
        return torch.stack(outputs, dim=1)
'''


def class_names(cells: list[Cell]) -> dict[Cell, str]:
    """A name for the class of each cell, all different."""
    names: dict[Cell, str] = {}
    for number, cell in enumerate(cells):
        words = re.findall(r"[A-Za-z0-9]+", cell.name)
        name = "".join(word.capitalize() for word in words) + "Cell"
        fits = words and not name[0].isdigit() and name not in names.values()
        names[cell] = name if fits else f"Cell{number}"
    return names


def cell_class(cell: Cell, name: str) -> str:
    """The class of a cell; its weights have the names that the equations give them.

    Raises
    ------
    ExportError
        A symbol of the cell means something else in PyTorch.
    """
    for symbol in (*cell.quantities, *(p.name for p in cell.parameters)):
        if symbol in _TAKEN.split() or keyword.iskeyword(symbol) or not symbol.isidentifier():
            raise ExportError(
                FORMAT, f"a symbol called {visible(symbol)!r}", "give it another name"
            )
    previous = [state + PREVIOUS for state in cell.states]
    lines = [
        f"class {name}(nn.Module):",
        *(f"    # {line}" for line in _about(cell)),
        f"    states = {len(cell.states)}",
        "",
        "    def __init__(self, input_size, hidden_size):",
        "        super().__init__()",
        *(
            f"        self.{p.name} = nn.Parameter(torch.zeros({_shape(p)}))"
            for p in cell.parameters
        ),
        "",
        f"    def forward(self, {', '.join(('x', *previous))}):",
    ]
    known = {parameter.name for parameter in cell.parameters}
    for equation in cell.equations:
        used = [symbol for symbol in symbols(equation.expression) if symbol in known]
        if used:
            lines.append(f"        {', '.join(used)} = {', '.join(f'self.{s}' for s in used)}")
        lines.append(f"        {equation.name} = {pytorch(equation.expression)}")
    states = ", ".join(cell.states)
    lines.append(f"        return {states if len(cell.states) > 1 else f'({states},)'}")
    return "\n".join(lines) + "\n"


def _shape(parameter: Parameter) -> str:
    columns = {"input": ", input_size", "hidden": ", hidden_size", "": ""}
    return f"hidden_size{columns[parameter.columns]}"


def _about(cell: Cell) -> list[str]:
    return [visible(part) for part in (cell.title, cell.note, cell.reference) if part]
