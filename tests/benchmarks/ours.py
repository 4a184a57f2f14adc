"""The engine as a contender: one layer of one network, every value and every gradient."""

from __future__ import annotations

from collections.abc import Callable

from rnnviz.engine.batch import Batch
from rnnviz.engine.cells import find_cell
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.plan import plan
from rnnviz.engine.weights import Weights
from tests.benchmarks.problem import Problem, Run


def prepare(problem: Problem) -> Run:
    """One evaluation by the engine, the adjoints of the gates included."""
    run = _evaluation(problem)
    gates = [f"layer0/forward/{name}" for name in plan(find_cell(problem.cell)).gates]

    def evaluate() -> None:
        gradients = run()
        for path in gates:
            gradients[path]

    return evaluate


def memory(problem: Problem) -> tuple[int, int]:
    """The bytes that an evaluation keeps, and the bytes of all that can be looked at in it."""
    gradients = _evaluation(problem)()
    trace = gradients.trace
    adjoints = (a for layer in gradients.flow.layers.values() for a in layer.adjoints.values())
    kept = trace.nbytes + sum(array.nbytes for a in adjoints for array in a.arrays.values())
    values = {p for p in trace.paths() if not p.endswith(("_prev", "/output"))}
    shown = sum(trace[path].nbytes + gradients[path].nbytes for path in values)
    return kept, shown


def _evaluation(problem: Problem) -> Callable[[], Gradients]:
    cell = find_cell(problem.cell)
    network = Network(Vectors(problem.inputs), (Layer(cell, problem.hidden),))
    scale = problem.hidden**-0.5
    weights = Weights(network.layout, problem.normal(network.layout.size, scale=scale))
    batch, dh = Batch(problem.x()), problem.dh()
    return lambda: backward(network.forward(weights, batch), d_read=dh)
