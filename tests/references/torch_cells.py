"""The cases `cell_...`: one layer written gate by gate, with every quantity of every step.

W_k [hidden, inputs], U_k [hidden, hidden], b_k [hidden]; a_k = W_k x + U_k h' + b_k is the
pre-activation of k, a prime marks the step before. A cell says where its paper differs from that.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import torch
from torch import sigmoid, tanh

from tests.references.torch_case import Case

STEPS, BATCH, INPUTS, HIDDEN = 6, 2, 3, 4

Values: TypeAlias = dict[str, torch.Tensor]
Step: TypeAlias = Callable[[Values, torch.Tensor, Values], Values]
"""The quantities of a step, in the order computed, from the weights, the input, the last state."""


def affine(k: str, w: Values, x: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """W_k x + U_k h + b_k, for a batch."""
    return x @ w[f"W_{k}"].T + h @ w[f"U_{k}"].T + w[f"b_{k}"]


def rnn_tanh(w: Values, x: torch.Tensor, last: Values) -> Values:
    """Elman, 1990."""
    a_h = affine("h", w, x, last["h"])
    return {"a_h": a_h, "h": tanh(a_h)}


def rnn_relu(w: Values, x: torch.Tensor, last: Values) -> Values:
    """Le, Jaitly & Hinton, 2015 (there with U = 1 at the start)."""
    a_h = affine("h", w, x, last["h"])
    return {"a_h": a_h, "h": torch.relu(a_h)}


def lstm(w: Values, x: torch.Tensor, last: Values) -> Values:
    """Hochreiter & Schmidhuber, 1997, with the forget gate of Gers, Schmidhuber & Cummins, 2000."""
    v = {f"a_{k}": affine(k, w, x, last["h"]) for k in "fiog"}
    v |= {k: sigmoid(v[f"a_{k}"]) for k in "fio"}
    v["g"] = tanh(v["a_g"])
    v["c"] = v["f"] * last["c"] + v["i"] * v["g"]
    v["h"] = v["o"] * tanh(v["c"])
    return v


def lstm_peephole(w: Values, x: torch.Tensor, last: Values) -> Values:
    """Gers & Schmidhuber, 2000: f and i see the old cell state, o sees the new one."""
    v = {f"a_{k}": affine(k, w, x, last["h"]) + w[f"p_{k}"] * last["c"] for k in "fi"}
    v["a_g"] = affine("g", w, x, last["h"])
    v |= {"f": sigmoid(v["a_f"]), "i": sigmoid(v["a_i"]), "g": tanh(v["a_g"])}
    v["c"] = v["f"] * last["c"] + v["i"] * v["g"]
    v["a_o"] = affine("o", w, x, last["h"]) + w["p_o"] * v["c"]
    v["o"] = sigmoid(v["a_o"])
    v["h"] = v["o"] * tanh(v["c"])
    return v


def lstm_1997(w: Values, x: torch.Tensor, last: Values) -> Values:
    """Hochreiter & Schmidhuber, 1997: no forget gate, the cell state only adds up."""
    v = {f"a_{k}": affine(k, w, x, last["h"]) for k in "iog"}
    v |= {"i": sigmoid(v["a_i"]), "o": sigmoid(v["a_o"]), "g": tanh(v["a_g"])}
    v["c"] = last["c"] + v["i"] * v["g"]
    v["h"] = v["o"] * tanh(v["c"])
    return v


def lstm_coupled(w: Values, x: torch.Tensor, last: Values) -> Values:
    """CIFG of Greff et al., 2017: what is forgotten makes room for what is written, i = 1 - f."""
    v = {f"a_{k}": affine(k, w, x, last["h"]) for k in "fog"}
    v |= {"f": sigmoid(v["a_f"]), "o": sigmoid(v["a_o"]), "g": tanh(v["a_g"])}
    v["c"] = v["f"] * last["c"] + (1 - v["f"]) * v["g"]
    v["h"] = v["o"] * tanh(v["c"])
    return v


def gru_before(w: Values, x: torch.Tensor, last: Values) -> Values:
    """Cho et al., 2014: the reset gate acts before the product, U_n (r * h')."""
    v = {f"a_{k}": affine(k, w, x, last["h"]) for k in "zr"}
    v |= {k: sigmoid(v[f"a_{k}"]) for k in "zr"}
    v["a_n"] = affine("n", w, x, v["r"] * last["h"])
    v["n"] = tanh(v["a_n"])
    v["h"] = (1 - v["z"]) * last["h"] + v["z"] * v["n"]
    return v


def gru_after(w: Values, x: torch.Tensor, last: Values) -> Values:
    """The reset gate acts after the product, r * (U_n h'); z and 1 - z as in `gru_before`."""
    v = {f"a_{k}": affine(k, w, x, last["h"]) for k in "zr"}
    v |= {k: sigmoid(v[f"a_{k}"]) for k in "zr"}
    v["a_n"] = x @ w["W_n"].T + v["r"] * (last["h"] @ w["U_n"].T) + w["b_n"]
    v["n"] = tanh(v["a_n"])
    v["h"] = (1 - v["z"]) * last["h"] + v["z"] * v["n"]
    return v


CELLS: tuple[tuple[Step, str, str], ...] = (
    (rnn_tanh, "h", ""),
    (rnn_relu, "h", ""),
    (lstm, "fiog", ""),
    (lstm_peephole, "fiog", "fio"),
    (lstm_1997, "iog", ""),
    (lstm_coupled, "fog", ""),
    (gru_before, "zrn", ""),
    (gru_after, "zrn", ""),
)
"""A step, the gates that have weights, those that have a peephole."""


def weights(case: Case, gates: str, peepholes: str) -> Values:
    """Random weights; the biases of each gate lie around another number."""
    made: Values = {}
    for turn, k in enumerate(gates):
        made[f"W_{k}"] = case.normal(HIDDEN, INPUTS, scale=0.6)
        made[f"U_{k}"] = case.normal(HIDDEN, HIDDEN, scale=0.5)
        made[f"b_{k}"] = case.normal(HIDDEN, scale=0.4, shift=0.5 * turn - 0.5)
    made |= {f"p_{k}": case.normal(HIDDEN, scale=0.6) for k in peepholes}
    return {key: case.leaf(key, value) for key, value in made.items()}


def run(step: Step, gates: str, peepholes: str) -> Case:
    """The case of one cell, from random initial states."""
    cell, _, variant = step.__name__.partition("_")
    sizes = {"T": STEPS, "B": BATCH, "I": INPUTS, "H": HIDDEN}
    meta: dict[str, Any] = {
        "cell": cell,
        "variant": variant,
        "sizes": sizes,
        "lengths": None,
        "layers": 1,
    }
    meta |= {"directions": 1, "states_given": True, "gates": list(gates)}
    meta["peepholes"] = list(peepholes)
    case = Case(f"cell_{step.__name__}", meta)
    w = weights(case, gates, peepholes)
    inputs = case.leaf("input", case.normal(STEPS, BATCH, INPUTS))
    names = "hc" if cell == "lstm" else "h"
    state = {k: case.leaf(f"{k}_0", case.normal(BATCH, HIDDEN, scale=0.7)) for k in names}
    seen: dict[str, list[torch.Tensor]] = {}
    for x in inputs:
        state = step(w, x, state)
        for name, value in state.items():
            value.retain_grad()
            seen.setdefault(name, []).append(value)
    for name, values in seen.items():
        case.steps(name, values)
    case.meta["quantities"] = list(seen)
    functional = case.keep("A", case.normal(STEPS, BATCH, HIDDEN))
    return case.finish((functional * torch.stack(seen["h"])).sum())


def cases() -> Iterator[Case]:
    """Every cell once."""
    for step, gates, peepholes in CELLS:
        yield run(step, gates, peepholes)
