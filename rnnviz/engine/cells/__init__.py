"""The cells that rnnviz knows. A new one is one module here and its name in `CELLS`."""

from __future__ import annotations

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells.gru import GRU, GRU_PYTORCH, GRU_RESET_AFTER, GRU_SWAPPED
from rnnviz.engine.cells.lstm import LSTM, LSTM_1997, LSTM_COUPLED, LSTM_PEEPHOLE
from rnnviz.engine.cells.rnn import RNN, RNN_RELU
from rnnviz.engine.errors import UnknownError
from rnnviz.engine.two_biases import SUFFIX, with_recurrent_biases

CELLS: tuple[Cell, ...] = (
    RNN,
    RNN_RELU,
    LSTM,
    LSTM_PEEPHOLE,
    LSTM_1997,
    LSTM_COUPLED,
    GRU,
    GRU_RESET_AFTER,
    GRU_SWAPPED,
    GRU_PYTORCH,
)


def find_cell(name: str) -> Cell:
    """The cell called `name`; `lstm+d` and the like are those of `with_recurrent_biases`.

    Raises
    ------
    UnknownError
        Names all that there are.
    """
    plain = str(name).removesuffix(SUFFIX)
    for cell in CELLS:
        if cell.name == plain:
            return cell if name == plain else with_recurrent_biases(cell)
    raise UnknownError("cell", name, tuple(cell.name for cell in CELLS))


__all__ = ["CELLS", "find_cell"]
