"""Where the cursor stands in a chart over the steps of one layer and direction."""

from __future__ import annotations

from rnnviz.panels.sight import Sight
from rnnviz.session.moments import Moment, Phase
from rnnviz.session.telling import public_step


def cursor(sight: Sight, part: str, steps: int) -> int | None:
    """The step of a part that is looked at; None where the story is on the other side, or over.

    Parameters
    ----------
    sight : Sight
        What is shown.
    part : str
        Layer and direction, such as `layer0/forward`.
    steps : int
        How many steps it takes.
    """
    chosen, moment = sight.selection.step, sight.moment
    if chosen is not None:
        return min(chosen, steps - 1) if steps else None
    encodes = moment.phase in ("encode", "encode_back")
    if moment.phase in ("nothing", "update") or encodes != part.startswith("encoder/"):
        return None
    return public_step(part, min(moment.step, steps - 1), steps)


def way_back(sight: Sight, part: str, step: int, steps: int) -> Moment:
    """The moment at which the way back has passed a step of a part."""
    phase: Phase = "encode_back" if part.startswith("encoder/") else "backward"
    back = public_step(part, step, steps)
    if not sight.story.length(phase):
        return sight.moment
    return Moment(phase, back, sight.story.operations(phase, back) - 1)


def unread(sight: Sight, part: str, steps: int) -> tuple[int, int]:
    """The columns of a part that lie after the moment, from the first to before the second.

    Empty, with both the same, from the loss on.
    """
    moment, encodes = sight.moment, part.startswith("encoder/")
    if moment.phase == "encode" and not encodes:
        return 0, steps
    if moment.phase != ("encode" if encodes else "forward") or not steps:
        return steps, steps
    at = public_step(part, min(moment.step, steps - 1), steps)
    return (0, at) if part.endswith("/backward") else (at + 1, steps)
