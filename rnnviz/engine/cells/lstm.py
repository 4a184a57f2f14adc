r"""Long short-term memory and its variants.

Notation of Graves (2013) and of PyTorch: `f` forget, `i` input, `o` output gate, `g` the candidate
(:math:`\tilde c` in many books), `c` the cell state, `h` the hidden state.

.. math:: c_t = f_t * c_{t-1} + i_t * g_t, \qquad h_t = o_t * \tanh(c_t)

* `lstm`: with the forget gate (Gers, Schmidhuber & Cummins 2000); PyTorch's `nn.LSTM`.
* `lstm_peephole`: the gates also see the cell state (Gers & Schmidhuber 2000):
  `f` and `i` that of the step before, `o` the new one, each unit its own.
* `lstm_1997`: no forget gate, `c = c_prev + i * g` (Hochreiter & Schmidhuber 1997).
* `lstm_coupled`: what is forgotten is what is written, `i = 1 - f` (CIFG in Greff et al. 2017).
"""

from __future__ import annotations

from rnnviz.engine.cell import define

STATES = ("h", "c")

LSTM = define(
    "lstm",
    "LSTM",
    """
    f = sigmoid(W_f @ x + U_f @ h_prev + b_f)
    i = sigmoid(W_i @ x + U_i @ h_prev + b_i)
    o = sigmoid(W_o @ x + U_o @ h_prev + b_o)
    g = tanh(W_g @ x + U_g @ h_prev + b_g)
    c = f * c_prev + i * g
    h = o * tanh(c)
    """,
    STATES,
    reference="Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000",
)

LSTM_PEEPHOLE = define(
    "lstm_peephole",
    "LSTM with peepholes",
    """
    f = sigmoid(W_f @ x + U_f @ h_prev + p_f * c_prev + b_f)
    i = sigmoid(W_i @ x + U_i @ h_prev + p_i * c_prev + b_i)
    g = tanh(W_g @ x + U_g @ h_prev + b_g)
    c = f * c_prev + i * g
    o = sigmoid(W_o @ x + U_o @ h_prev + p_o * c + b_o)
    h = o * tanh(c)
    """,
    STATES,
    reference="Gers & Schmidhuber 2000",
    note="each gate also sees its own unit's cell state",
)

LSTM_1997 = define(
    "lstm_1997",
    "LSTM of 1997",
    """
    i = sigmoid(W_i @ x + U_i @ h_prev + b_i)
    o = sigmoid(W_o @ x + U_o @ h_prev + b_o)
    g = tanh(W_g @ x + U_g @ h_prev + b_g)
    c = c_prev + i * g
    h = o * tanh(c)
    """,
    STATES,
    reference="Hochreiter & Schmidhuber 1997",
    note="no forget gate: the cell state only adds up",
)

LSTM_COUPLED = define(
    "lstm_coupled",
    "LSTM with coupled gates",
    """
    f = sigmoid(W_f @ x + U_f @ h_prev + b_f)
    o = sigmoid(W_o @ x + U_o @ h_prev + b_o)
    g = tanh(W_g @ x + U_g @ h_prev + b_g)
    c = f * c_prev + (1 - f) * g
    h = o * tanh(c)
    """,
    STATES,
    reference="Greff et al. 2017",
    note="writes exactly as much as it forgets",
)
