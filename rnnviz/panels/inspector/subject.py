"""What is inspected: the selected quantity, or the operation under the playhead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, final

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.single_losses import is_whole
from rnnviz.panels.sight import Sight
from rnnviz.session.moments import RETURNING
from rnnviz.session.telling import public_step

Kind: TypeAlias = Literal["forward", "backward", "loss", "update"]


@final
@dataclass(frozen=True)
class Subject:
    """What is inspected.

    Attributes
    ----------
    kind : str
        How the story stands: on its way forward or back, at the loss, at the update.
    part : str
        Layer and direction whose story is told, such as `layer0/forward`.
    step : int
        The time step, from 0.
    path : str
        The selected quantity.
    unit : int
        Of it, from 0.
    operation : int or None
        The operation under the playhead in place of the selected quantity; None at rest.
    loss_step : int or None
        The loss whose gradient is shown alone.
    """

    kind: Kind
    part: str
    step: int
    path: str
    unit: int
    operation: int | None = None
    loss_step: int | None = None

    @property
    def symbol(self) -> str:
        """The quantity within its part."""
        return self.path.rpartition("/")[2]


def cell_parts(evaluation: Evaluation) -> tuple[str, ...]:
    """Layer and direction of everything that was computed, from the bottom up."""
    runs = evaluation.trace.runs
    return tuple(f"{prefix}/{way}" for prefix, run in runs.items() for way in run.tapes)


def subject_of(sight: Sight) -> Subject | None:
    """What is inspected in a sight; None for an empty sequence."""
    evaluation = sight.evaluation
    if evaluation is None:
        return None
    moment, selection = sight.moment, sight.selection
    part = _part(evaluation, selection.path, moment.phase)
    steps = len(evaluation.trace.runs[part.rpartition("/")[0]].x)
    step = selection.step
    if step is None:
        step = public_step(part, moment.step, steps)
    step = max(0, min(step, steps - 1))
    operation = None
    walks = moment.phase in ("forward", "encode") or moment.phase in RETURNING
    if walks and selection.step is None and not sight.story.rests(moment):
        operation = moment.operation
    loss = None if is_whole(evaluation) else selection.loss_step
    return Subject(_kind(sight), part, step, selection.path, selection.unit, operation, loss)


def _kind(sight: Sight) -> Kind:
    match sight.moment.phase:
        case "loss":
            return "loss"
        case "update":
            return "update"
        case "backward" | "encode_back":
            return "backward" if sight.evaluation and sight.evaluation.gradients else "forward"
    return "forward"


def _part(evaluation: Evaluation, path: str, phase: str) -> str:
    """The part whose story is told: that of the quantity, or the nearest on the playhead's side."""
    known = cell_parts(evaluation)
    encoders = tuple(part for part in known if part.startswith("encoder/"))
    selected = _of_path(path, known)
    if not encoders:
        return selected
    side = encoders if phase in ("encode", "encode_back") else known[len(encoders) :]
    if selected in side:
        return selected
    end = selected.partition("/")[2]
    return next((part for part in side if part.endswith(end)), side[-1])


def _of_path(path: str, known: tuple[str, ...]) -> str:
    part = path.rpartition("/")[0]
    if part in known:
        return part
    within = [one for one in known if part and one.startswith(f"{part}/")]
    return (
        within[0]
        if within
        else next(one for one in known if one.rpartition("/")[0] == known[-1].rpartition("/")[0])
    )
