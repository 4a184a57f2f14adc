"""Each step's share of the gradient of one number of a weight, without that of all the others."""

from __future__ import annotations

import numpy as np

from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.errors import EngineError, UnknownError
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.weight_gradients import factors


def number_share(gradients: Gradients, path: str, index: tuple[int, ...]) -> Array:
    """The column of `Gradients.share(path)` at one place, `[time]`: it adds up to the gradient.

    Parameters
    ----------
    gradients : Gradients
        The backward pass.
    path : str
        A weight that is shared in time: of a layer, an embedding, or the head's linear map.
    index : tuple of int
        Row and column, or the row of a vector.

    Raises
    ------
    EngineError
        A weight that has no share of a step, or an index that is not there.
    """
    shape = gradients.weights[path].shape
    inside = all(0 <= i < n for i, n in zip(index, shape, strict=False))
    if len(index) != len(shape) or not inside:
        raise EngineError(f"index: {index} came, {path} has the shape {shape}")
    with np.errstate(all="ignore"):
        return frozen(_of_number(gradients, path, index))


def _of_number(gradients: Gradients, path: str, index: tuple[int, ...]) -> Array:
    if path in gradients.flow.inputs:
        tokens, d_input = gradients.flow.inputs[path]
        return np.asarray(np.where(tokens == index[0], d_input[..., index[1]], 0.0).sum(axis=1))
    if path in ("head/V", "head/d"):
        d_outputs = gradients["head/outputs"][..., index[0]]
        if path == "head/V":
            d_outputs = d_outputs * gradients.trace.read[..., index[1]]
        return np.asarray(d_outputs.sum(axis=1))
    part, _, name = path.rpartition("/")
    prefix, _, direction = part.rpartition("/")
    layer = gradients.flow.layers.get(prefix)
    if layer is None or direction not in layer.adjoints:
        known = [p for p in gradients.weights if p.rsplit("/", 2)[0] in gradients.flow.layers]
        raise UnknownError("weight", path, (*known, *gradients.flow.inputs, "head/V", "head/d"))
    order = layer.run.orders[direction]
    left, right = factors(layer.adjoints[direction], name)
    found = order.outward(left)[..., index[0]]
    if right is not None:
        found = found * order.outward(right)[..., index[1]]
    return np.asarray(found.sum(axis=1))
