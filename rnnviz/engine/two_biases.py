r"""The same cell with a bias of its own on the recurrent side, as PyTorch and ONNX keep it.

There :math:`W x_t + b_{ih} + U h_{t-1} + b_{hh}` stands in place of :math:`W x_t + U h_{t-1} + b`.
The two biases add up, so one would do; a model that has both keeps both here: `b` and `d`.
"""

from __future__ import annotations

from functools import lru_cache

from rnnviz.engine.cell import Cell
from rnnviz.engine.definitions import WeightedSum, definitions
from rnnviz.engine.expressions import Add, Apply, Expression, MatMul, Mul, Sub, Symbol
from rnnviz.engine.parsing import Equation

SUFFIX = "+d"


@lru_cache(maxsize=64)
def with_recurrent_biases(cell: Cell) -> Cell:
    """`cell` with `d_k` added wherever `b_k` stands in a sum with a recurrent product.

    A sum whose recurrent part has its bias already stays as it is: in PyTorch's GRU `z` and `r`
    gain `d_z` and `d_r`, while `n` has its `d_n` inside the reset gate.

    Returns
    -------
    Cell
        Called `<name>+d`; `cells.find_cell` knows that name too. The cell itself where no sum
        gains a bias.
    """
    pairs = _pairs(cell)
    if not pairs:
        return cell
    equations = tuple(Equation(e.name, _joined(e.expression, pairs)) for e in cell.equations)
    return Cell(
        cell.name + SUFFIX,
        f"{cell.title}, two biases",
        equations,
        cell.states,
        cell.reference,
        f"{cell.note}; b and d add up" if cell.note else "b and d add up",
    )


def _pairs(cell: Cell) -> dict[str, str]:
    """Bias -> the name of its recurrent twin."""
    given = {parameter.name for parameter in cell.parameters}
    recurrent = {p.name for p in cell.parameters if p.columns == "hidden"}
    pairs: dict[str, str] = {}
    for definition in definitions(cell).values():
        if not isinstance(definition, WeightedSum):
            continue
        if not any(matrix in recurrent for matrix, _ in definition.products):
            continue
        for bias in definition.biases:
            twin = "d" + bias.removeprefix("b")
            if bias.partition("_")[0] == "b" and twin not in given:
                pairs[bias] = twin
    return pairs


def _joined(node: Expression, pairs: dict[str, str]) -> Expression:
    """The expression with each twin added behind its bias."""
    match node:
        case Add(left, Symbol(bias) as right) if bias in pairs:
            return Add(Add(_joined(left, pairs), right), Symbol(pairs[bias]))
        case Symbol(bias) if bias in pairs:
            return Add(node, Symbol(pairs[bias]))
        case Add(left, right) | Sub(left, right) | Mul(left, right):
            return type(node)(_joined(left, pairs), _joined(right, pairs))
        case Apply(function, argument):
            return Apply(function, _joined(argument, pairs))
        case MatMul(matrix, vector):
            return MatMul(matrix, _joined(vector, pairs))
        case _:
            return node
