"""The hand-written LSTM as a contender, with memory used again and with memory made anew."""

from __future__ import annotations

from tests.benchmarks.handwritten import LSTMLayer
from tests.benchmarks.problem import Problem, Run


def reused(problem: Problem) -> Run:
    """One evaluation in memory that is used again."""
    if problem.cell != "lstm":
        raise LookupError(problem.cell)
    x, dh, weights = problem.x(), problem.dh(), problem.weights(4)
    layer = LSTMLayer(problem.shape, problem.dtype)

    def evaluate() -> None:
        layer.forward(x, *weights)
        layer.backward(dh)

    return evaluate


def fresh(problem: Problem) -> Run:
    """One evaluation in memory of its own."""
    if problem.cell != "lstm":
        raise LookupError(problem.cell)
    x, dh, weights = problem.x(), problem.dh(), problem.weights(4)

    def evaluate() -> None:
        layer = LSTMLayer(problem.shape, problem.dtype)
        layer.forward(x, *weights)
        layer.backward(dh)

    return evaluate
