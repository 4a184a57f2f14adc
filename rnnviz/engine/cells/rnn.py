r"""The vanilla recurrent network (Elman 1990, "Finding structure in time").

.. math:: h_t = \tanh(W x_t + U h_{t-1} + b)

`W` is the book's :math:`W_x` or :math:`W_{xh}`, `U` its :math:`W_h` or :math:`W_{hh}`.
The relu variant replaces tanh (Le, Jaitly & Hinton 2015 start it from the identity).
PyTorch's `nn.RNN` has two biases, `b_ih + b_hh`, which add up to `b`.
"""

from __future__ import annotations

from rnnviz.engine.cell import define

RNN = define(
    "rnn",
    "RNN",
    "h = tanh(W @ x + U @ h_prev + b)",
    reference="Elman 1990",
)

RNN_RELU = define(
    "rnn_relu",
    "RNN (relu)",
    "h = relu(W @ x + U @ h_prev + b)",
    reference="Le, Jaitly & Hinton 2015",
    note="relu in place of tanh: the state has no upper bound",
)
