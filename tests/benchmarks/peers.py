"""PyTorch as a contender: step by step with every gradient kept, and its own fused layers.

torch is imported when a contender is prepared; without it there is an ImportError.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from tests.benchmarks.problem import Problem, Run

if TYPE_CHECKING:
    from torch import Tensor

GATES = {"rnn": 1, "gru": 3, "lstm": 4}

Seen: TypeAlias = "Callable[[Tensor], Tensor]"
Weights: TypeAlias = "tuple[Tensor, Tensor]"
Step: TypeAlias = "Callable[[Tensor, Weights, Tensor, Tensor, Seen], tuple[Tensor, Tensor]]"
"""From W x + b, U and its parts, h', c' to h and c; what passes through `Seen` is kept."""


def eager(problem: Problem) -> Run:
    """A loop over steps that keeps every value and, with `retain_grad`, every gradient."""
    import torch

    step, gates = STEPS[problem.cell], GATES[problem.cell]
    x, dh = torch.from_numpy(problem.x()), torch.from_numpy(problem.dh())
    weights = [_leaf(torch.from_numpy(w)) for w in problem.weights(gates)]
    kept: list[Tensor] = []

    def projections(inputs: Tensor) -> Tensor:
        W, _, b = weights
        flat = torch.addmm(b, inputs.flatten(0, 1), W.T)
        return flat.view(problem.steps, problem.batch, -1)

    def seen(value: Tensor) -> Tensor:
        value.retain_grad()
        kept.append(value)
        return value

    def evaluate() -> None:
        kept.clear()
        inputs = _leaf(x.detach())
        U = weights[1]
        for leaf in weights:
            leaf.grad = None
        h = c = x.new_zeros(problem.batch, problem.hidden)
        parts = U.T, U[-problem.hidden :].T
        outputs = []
        for projected in projections(inputs):
            h, c = step(projected, parts, h, c, seen)
            outputs.append(h)
        torch.autograd.backward(torch.stack(outputs), dh)

    return evaluate


def fused(problem: Problem) -> Run:
    """`nn.RNN`, `nn.GRU` or `nn.LSTM`: only the outputs and the gradients of weights and inputs."""
    import torch

    makers: dict[str, Any] = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}
    dtype = getattr(torch, problem.dtype)
    layer = makers[problem.cell](problem.inputs, problem.hidden).to(dtype)
    x, dh = torch.from_numpy(problem.x()), torch.from_numpy(problem.dh())

    def evaluate() -> None:
        layer.zero_grad(set_to_none=True)
        output, _ = layer(_leaf(x.detach()))
        torch.autograd.backward(output, dh)

    return evaluate


def _leaf(tensor: Tensor) -> Tensor:
    return tensor.requires_grad_()


def _rnn(a: Tensor, weights: Weights, h: Tensor, c: Tensor, seen: Seen) -> tuple[Tensor, Tensor]:
    h = seen(seen(a + h @ weights[0]).tanh())
    return h, c


def _lstm(a: Tensor, weights: Weights, h: Tensor, c: Tensor, seen: Seen) -> tuple[Tensor, Tensor]:
    parts = [seen(part) for part in (a + h @ weights[0]).chunk(4, -1)]
    i, f, o = (seen(part.sigmoid()) for part in parts[:3])
    g = seen(parts[3].tanh())
    c = seen(f * c + i * g)
    return seen(o * c.tanh()), c


def _gru(a: Tensor, weights: Weights, h: Tensor, c: Tensor, seen: Seen) -> tuple[Tensor, Tensor]:
    hidden = h.shape[-1]
    whole, candidate = weights
    first = a[:, : 2 * hidden] + h @ whole[:, : 2 * hidden]
    z, r = (seen(seen(part).sigmoid()) for part in first.chunk(2, -1))
    n = seen(seen(a[:, 2 * hidden :] + (r * h) @ candidate).tanh())
    return seen((1 - z) * h + z * n), c


STEPS: dict[str, Step] = {"rnn": _rnn, "lstm": _lstm, "gru": _gru}
