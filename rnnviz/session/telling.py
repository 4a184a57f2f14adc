"""What is told of an evaluation: how many steps its story has, and how many operations each."""

from __future__ import annotations

from typing import final

import numpy as np

from rnnviz.document.evaluate import Evaluation
from rnnviz.engine.story import backward_story, forward_story
from rnnviz.session.moments import EMPTY, RETURNING, Phase, Story


@final
class Teller:
    """Makes the stories of evaluations; other numbers and words are not counted anew."""

    def __init__(self) -> None:
        self._network: object = None
        self._shape: tuple[object, ...] = ()
        self._story = EMPTY

    def tell(self, evaluation: Evaluation | None, part: str) -> Story:
        """The story of one layer and direction; of an encoder-decoder, of one on each side.

        Parameters
        ----------
        evaluation : Evaluation or None
            What was computed; None has the empty story.
        part : str
            Such as `layer0/forward`; one that is not there is replaced by the nearest.
        """
        if evaluation is None:
            return EMPTY
        network, shape = evaluation.document.network, (part, *_shape(evaluation))
        known = network is self._network and shape == self._shape
        self._story = _story(evaluation, part, self._story if known else None)
        self._network, self._shape = network, shape
        return self._story


def _shape(evaluation: Evaluation) -> tuple[object, ...]:
    """All but the network on which the number of operations depends."""
    document, targets = evaluation.document, evaluation.document.targets
    answered: object = None
    if isinstance(targets, tuple):
        answered = tuple(target is not None for target in targets)
    elif targets is not None:
        answered = np.isfinite(targets).tobytes()
    held = frozenset((hold.path, hold.step, hold.unit) for hold in document.holds)
    learns = evaluation.gradients is not None
    steps = (document.steps, evaluation.trace.steps)
    return learns, steps, answered, held, document.loss_steps, document.truncate


def told_part(evaluation: Evaluation, part: str, phase: Phase) -> str:
    """The layer and direction that a phase tells of; "" in the phases of an encoder without one.

    Parameters
    ----------
    part : str
        What is selected, such as `layer0/forward`.
    """
    runs = evaluation.trace.runs
    parts = [f"{prefix}/{d}" for prefix, run in runs.items() for d in run.tapes]
    encodes = phase in ("encode", "encode_back")
    there = tuple(p for p in parts if p.startswith("encoder/") is encodes)
    return _nearest(part, there) if there else ""


def _story(evaluation: Evaluation, part: str, like: Story | None) -> Story:
    trace, gradients = evaluation.trace, evaluation.gradients
    reader = told_part(evaluation, part, "forward")
    encoder = told_part(evaluation, part, "encode")

    def count(phase: Phase, step: int) -> int:
        at = encoder if phase in ("encode", "encode_back") else reader
        place = public_step(at, step, _steps(evaluation, at))
        if phase not in RETURNING:
            return len(forward_story(trace, at, place))
        return 1 if gradients is None else len(backward_story(gradients, at, place))

    encoded = _steps(evaluation, encoder) if encoder else 0
    return Story(trace.steps, count, encoded, gradients is not None, like)


def public_step(part: str, step: int, steps: int) -> int:
    """Where a layer and direction is when the story is at a step: mirrored if it reads backward."""
    return steps - 1 - step if part.endswith("/backward") else step


def _steps(evaluation: Evaluation, part: str) -> int:
    return len(evaluation.trace.runs[part.rpartition("/")[0]].x)


def _nearest(part: str, parts: tuple[str, ...]) -> str:
    """The part itself, or the one with the same layer's and direction's names, or the first."""
    if part in parts:
        return part
    end = "/".join(part.split("/")[-2:])
    return next((p for p in parts if p.endswith(f"/{end}") or p == end), parts[0])
