"""The numbers of the gradient's chart: what is drawn is what the engine computed, unchanged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from rnnviz.document.document import Document
from rnnviz.document.evaluate import Evaluation
from rnnviz.document.single_losses import is_whole, loss_count
from rnnviz.document.step_words import step_words
from rnnviz.engine.arrays import Array
from rnnviz.engine.gradients import Gradients
from rnnviz.panels.parts import part_of
from rnnviz.panels.sight import Sight
from rnnviz.session.selection import parts

Kind: TypeAlias = Literal["output", "road", "turned", "thin"]
"""The state that is the output; another state; the output of the other direction; another layer."""

Find: TypeAlias = Callable[[Evaluation, int | None], Gradients | None]
"""Evaluation, and the loss that is shown alone or None -> its gradients; None: not yet."""


@dataclass(frozen=True, eq=False)
class Curve:
    """The size of the gradient of one state.

    Attributes
    ----------
    path : str
        Such as `layer0/forward/h`.
    kind : str
        How it is drawn.
    norms : array `[time]`
        ||dL/d(state)|| at each step.
    values : list of float
        The same, for drawing.
    """

    path: str
    kind: Kind
    norms: Array
    values: list[float]

    @property
    def part(self) -> str:
        """Layer and direction."""
        return self.path.rpartition("/")[0]

    @property
    def state(self) -> str:
        """The letter of the state."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, eq=False)
class Shown:
    """All that the chart shows of one sight, beside the clip line.

    Attributes
    ----------
    part : str
        Layer and direction that are selected.
    words : tuple of str
        What the steps are called.
    curves, before : tuple of Curve
        Now, the selected part's output first, and before the last edit.
    gradients : Gradients or None
        Of what the curves are; None where nothing is learned, or not yet computed.
    loss : int or None
        The step of the loss that is shown alone.
    waits : bool
        Whether that is still being computed.
    """

    part: str
    words: tuple[str, ...]
    curves: tuple[Curve, ...] = ()
    before: tuple[Curve, ...] = ()
    gradients: Gradients | None = None
    loss: int | None = None
    waits: bool = False

    @property
    def steps(self) -> int:
        """How many columns there are."""
        return len(self.words)

    @property
    def reads_backward(self) -> bool:
        """Whether the selected part reads from the end."""
        return self.part.endswith("/backward")

    @property
    def main(self) -> tuple[Curve, ...]:
        """The curves of the selected part."""
        return tuple(curve for curve in self.curves if curve.part == self.part)


def chosen_loss(sight: Sight) -> int | None:
    """The loss that is shown alone; None for the whole, which is also that of a single loss."""
    evaluation, step = sight.evaluation, sight.selection.loss_step
    if evaluation is None or step is None or is_whole(evaluation):
        return None
    return step if step < loss_count(evaluation) else None


def shown(sight: Sight, find: Find) -> Shown:
    """What there is to draw."""
    evaluation, loss = sight.evaluation, chosen_loss(sight)
    part = _part(sight)
    if evaluation is None:
        return Shown(part, ())
    words = step_words(evaluation, part)
    gradients = find(evaluation, loss)
    if gradients is None:
        return Shown(part, words, loss=loss, waits=evaluation.gradients is not None)
    curves = tuple(_curves(evaluation.document, part, gradients, thin=True))
    return Shown(part, words, curves, _before(sight, part, find, loss), gradients, loss)


def _part(sight: Sight) -> str:
    return part_of(sight)


def _before(sight: Sight, part: str, find: Find, loss: int | None) -> tuple[Curve, ...]:
    """The curves before the last edit, if it changed them."""
    ghost, now = sight.frame.ghost, sight.evaluation
    if ghost is None or ghost.evaluation is None or now is None:
        return ()
    if ghost.evaluation.gradients is now.gradients or part not in parts(ghost.evaluation.document):
        return ()
    if loss is not None and loss >= loss_count(ghost.evaluation):
        return ()
    gradients = find(ghost.evaluation, loss)
    if gradients is None:
        return ()
    return tuple(_curves(ghost.evaluation.document, part, gradients, thin=False))


def _curves(document: Document, part: str, gradients: Gradients, thin: bool) -> list[Curve]:
    """The selected part's states, then the other direction, then the other layers."""
    known, layer = parts(document), part.rpartition("/")[0]
    found = [
        _curve(gradients, f"{part}/{state}", "road" if number else "output")
        for number, state in enumerate(known[part].cell.states)
    ]
    for other, its_layer in known.items():
        path = f"{other}/{its_layer.cell.states[0]}"
        if other != part and other.rpartition("/")[0] == layer:
            found.insert(1, _curve(gradients, path, "turned"))
        elif other != part and thin and _side(other) == _side(part):
            found.append(_curve(gradients, path, "thin"))
    return found


def _side(part: str) -> str:
    """The time axis: that of an encoder, of a decoder, or the only one."""
    return part.split("/", maxsplit=1)[0] if part.count("/") > 1 else ""


def _curve(gradients: Gradients, path: str, kind: Kind) -> Curve:
    norms = gradients.norms(path)
    return Curve(path, kind, norms, norms.tolist())


def next_step(step: int, steps: int, reads_backward: bool) -> int | None:
    """The step from which the gradient comes to `step`; None where it is the last that is read."""
    after = step - 1 if reads_backward else step + 1
    return after if 0 <= after < steps else None


def ratio(curve: Curve, step: int, reads_backward: bool) -> float | None:
    """The size at a step by that at the next step that is read; None where that is 0 or none."""
    after = next_step(step, len(curve.values), reads_backward)
    if after is None or not curve.values[after]:
        return None
    with np.errstate(all="ignore"):
        return float(curve.norms[step] / curve.norms[after])
