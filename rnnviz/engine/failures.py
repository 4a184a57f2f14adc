"""Where a number overflowed while training, in words."""

from __future__ import annotations

import math

import numpy as np

from rnnviz.engine.gradients import Gradients
from rnnviz.engine.trace import Trace


def where_it_overflowed(trace: Trace, gradients: Gradients, loss: float) -> str:
    """What overflowed where first, such as "nan in layer0/forward/h at step 3".

    Parameters
    ----------
    trace, gradients
        One pass forward and back of which not all is finite.
    loss : float
        Its loss.
    """
    found = trace.overflow
    if found is not None:
        value = trace[found.path][found.step, found.row, found.unit]
        return f"{inf_or_nan(value)} in {found.path} at step {found.step}"
    if not math.isfinite(loss):
        return f"{inf_or_nan(loss)} in the loss"
    back = gradients.overflow
    if back is None:
        return "inf in the norm of the gradient"
    if back.path in gradients.weights:
        weight = gradients.weights[back.path]
        return f"{inf_or_nan(weight[~np.isfinite(weight)][0])} in the gradient of {back.path}"
    value = gradients[back.path][back.step, back.row, back.unit]
    return f"{inf_or_nan(value)} in the gradient of {back.path} at step {back.step}"


def inf_or_nan(value: float) -> str:
    """The name of a value that is not finite."""
    return "nan" if math.isnan(value) else "inf"
