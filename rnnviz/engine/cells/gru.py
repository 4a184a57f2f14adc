r"""The gated recurrent unit (Cho et al. 2014): both conventions, both places of the reset gate.

`z` update gate, `r` reset gate, `n` the candidate (:math:`\tilde h` in many books).

* `gru` (the default here): :math:`h_t = (1 - z_t) * h_{t-1} + z_t * n_t`, the reset gate acts on
  the state before the product, :math:`U_n (r_t * h_{t-1})`: Chung et al. 2014.
* `gru_reset_after`: the same, with the reset gate behind the product,
  :math:`r_t * (U_n h_{t-1} + d_n)`.
* `gru_swapped`: :math:`h_t = (1 - z_t) * n_t + z_t * h_{t-1}`, reset before the product: Cho et al.
  2014; Keras with `reset_after=False`.
* `gru_pytorch`: swapped, reset after the product: PyTorch's `nn.GRU`, Keras's default.

A model trained with one of them computes something else with another: the names of `z` and `1 - z`
are exchanged.
"""

from __future__ import annotations

from rnnviz.engine.cell import Cell, define

_GATES = """
    z = sigmoid(W_z @ x + U_z @ h_prev + b_z)
    r = sigmoid(W_r @ x + U_r @ h_prev + b_r)
"""
_BEFORE = "n = tanh(W_n @ x + U_n @ (r * h_prev) + b_n)\n"
_AFTER = "m = U_n @ h_prev + d_n\nn = tanh(W_n @ x + r * m + b_n)\n"
_NEW = "h = (1 - z) * h_prev + z * n"
_SWAPPED = "h = (1 - z) * n + z * h_prev"


def _gru(name: str, title: str, equations: str, reference: str, note: str) -> Cell:
    return define(name, title, _GATES + equations, reference=reference, note=note)


GRU = _gru(
    "gru",
    "GRU",
    _BEFORE + _NEW,
    "Cho et al. 2014; Chung et al. 2014",
    "z near 1 writes the new; reset before the product",
)
GRU_RESET_AFTER = _gru(
    "gru_reset_after",
    "GRU, reset after",
    _AFTER + _NEW,
    "Chung et al. 2014",
    "z near 1 writes the new; reset after the product",
)
GRU_SWAPPED = _gru(
    "gru_swapped",
    "GRU, z keeps",
    _BEFORE + _SWAPPED,
    "Cho et al. 2014",
    "z near 1 keeps the old; reset before the product",
)
GRU_PYTORCH = _gru(
    "gru_pytorch",
    "GRU of PyTorch and Keras",
    _AFTER + _SWAPPED,
    "PyTorch nn.GRU; Keras GRU(reset_after=True)",
    "z near 1 keeps the old; reset after the product",
)
