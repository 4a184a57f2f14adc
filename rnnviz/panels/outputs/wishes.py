"""The edits that the outputs ask for: other targets, and other steps whose losses count."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnviz.document.edits import SetLossSteps, SetTargets
from rnnviz.engine.losses import NO_TARGET, LossSteps
from rnnviz.panels.outputs.answers import Answers


def toggled_target(answers: Answers, step: int, output: int) -> SetTargets | None:
    """The class as the target of a step, or none if it is that already; None where it cannot be."""
    name = answers.names[output]
    if answers.is_written:
        return _written(answers, step, output)
    given = answers.document.targets
    targets: list[Any] = list(given) if isinstance(given, tuple) else [None] * answers.steps
    targets[step] = None if answers.targets[step] == output else name
    return SetTargets(tuple(targets) if any(t is not None for t in targets) else None)


def _written(answers: Answers, step: int, output: int) -> SetTargets | None:
    """Of a decoder: the text up to a step with another token there; its end is cut off there."""
    name, network = answers.names[output], answers.network
    given = answers.document.targets
    if isinstance(given, tuple):
        words = [str(word) for word in given]
    else:
        words = [answers.names[k] for k in answers.chosen.tolist() if k != _stop(network)]
    ends = output == _stop(network)
    if ends or (answers.has_targets and answers.targets[step] == output):
        kept = words[:step]
        return SetTargets(tuple(kept) if kept else None)
    if output == getattr(network, "start", NO_TARGET):
        return None
    return SetTargets((*words[:step], name, *words[step + 1 :]))


def _stop(network: Any) -> int:
    return int(getattr(network, "stop", NO_TARGET))


def set_number(
    answers: Answers, step: int, output: int, value: float | None, gesture: int | None = None
) -> SetTargets:
    """Another number as the target of a step; None takes it away."""
    targets = np.array(answers.wanted, np.float64)
    targets[step, output] = np.nan if value is None else value
    return SetTargets(None if np.isnan(targets).all() else targets, gesture=gesture)


def first_number(answers: Answers, step: int, output: int) -> SetTargets | None:
    """Where there is no target yet, what the network answers becomes one; it can be dragged."""
    value = float(f"{answers.values[step, output]:.4g}")
    return set_number(answers, step, output, value) if np.isfinite(value) else None


def toggled_loss(answers: Answers, step: int) -> SetLossSteps | None:
    """The losses with one step more, or less; None where nothing would be left."""
    counts = answers.counts.copy()
    counts[step] = not counts[step]
    if not counts.any():
        return None
    return SetLossSteps(named_steps(counts))


def named_steps(counts: Any) -> LossSteps:
    """The steps as they are called: every, last, or their numbers."""
    if counts.all():
        return "every"
    if counts[-1] and counts.sum() == 1:
        return "last"
    return tuple(np.flatnonzero(counts).tolist())
