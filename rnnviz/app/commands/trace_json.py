"""A reading as JSON: every value and every gradient, step by step."""

from __future__ import annotations

import json
import math
from typing import Any

from rnnviz._version import __version__
from rnnviz.app.commands.reading import Reading
from rnnviz.engine.arrays import Array


def as_json(reading: Reading, readable: bool = True) -> str:
    """The whole reading as one JSON object, with one step on each line.

    JSON has no inf and nan: they are the texts "inf", "-inf" and "nan".

    Parameters
    ----------
    readable : bool
        Whether characters outside of ASCII may stand as they are.
    """

    def dump(value: Any) -> str:
        return json.dumps(value, ensure_ascii=not readable, allow_nan=False)

    lines = [f" {dump(name)}: {dump(value)}," for name, value in _about(reading).items()]
    steps = ",\n".join(f"  {dump(_step(reading, step))}" for step in range(len(reading.tokens)))
    return "\n".join(["{", *lines, ' "steps": [', steps, " ]", "}"])


def _about(reading: Reading) -> dict[str, Any]:
    return {
        "rnnviz": __version__,
        "text": reading.text,
        "tokens": reading.tokens,
        "vocabulary": reading.vocabulary,
        "cell": reading.cell.name,
        "hidden": reading.network.layers[0].hidden,
        "layers": len(reading.network.layers),
        "direction": reading.network.layers[0].direction,
        "parameters": reading.network.parameter_count,
        "seed": reading.seed,
        "trained": False,
        "dtype": str(reading.trace.weights.vector.dtype),
        "classes": reading.classes,
        "loss": _number(reading.loss),
        "loss_steps": reading.loss_steps,
    }


def _step(reading: Reading, step: int) -> dict[str, Any]:
    trace, gradients = reading.trace, reading.gradients
    found: dict[str, Any] = {
        "step": step,
        "token": reading.tokens[step],
        "values": {p: _numbers(trace[p], step) for p in trace.paths() if not p.startswith("head/")},
        "gradients": {
            p: _numbers(gradients[p], step) for p in gradients.paths() if not p.startswith("head/")
        },
    }
    row = reading.answer_row(step)
    if row is not None:
        found["target"] = reading.targets[step]
        found["loss"] = _number(float(reading.losses[row]))
        found["output"] = dict(
            zip(reading.classes, _numbers(trace["head/predictions"], row), strict=True)
        )
        found["output_gradient"] = _numbers(gradients["head/outputs"], row)
    return found


def _numbers(array: Array, step: int) -> list[float | str]:
    return [_number(value) for value in array[step, 0].tolist()]


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
