"""A sight: everything that a panel needs to draw itself, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

from rnnviz.document.document import Document
from rnnviz.document.evaluate import Evaluation
from rnnviz.panels.canvas.theme import Theme
from rnnviz.session.frame import Frame
from rnnviz.session.moments import Moment, Story
from rnnviz.session.selection import Selection, Spot
from rnnviz.session.training import IDLE, Training

Zoom = Literal[1, 2, 3]


@final
@dataclass(frozen=True, eq=False)
class Sight:
    """What is seen at one moment; panels compare its parts with `is`.

    Attributes
    ----------
    frame : Frame
        The document and what was computed from it, and the ghost of what was before the last edit.
    story : Story
        All moments of the evaluation.
    moment : Moment
        Where the playhead stands.
    selection : Selection
        What the reader chose.
    theme : Theme
        The colours.
    hover : Spot or None
        What the mouse is over, in whichever panel: all panels light it.
    playing : bool
        Whether the clock runs.
    speed : float
        How fast.
    zoom : 1, 2 or 3
        Of the graph: the cell of the current step folded, open, or filling the canvas.
    waiting : bool
        Whether the numbers are old and new ones take longer than 120 ms: the picture is faded.
    motion : bool
        Whether things may move by themselves.
    present : bool
        Whether this is shown to a room, with larger letters.
    scale : float
        How many px of a large screen there are to one of a screen that is 720 px high, when
        presenting.
    training : Training
        How a training run goes.
    """

    frame: Frame
    story: Story
    moment: Moment
    selection: Selection
    theme: Theme
    hover: Spot | None = None
    playing: bool = False
    speed: float = 1.0
    zoom: Zoom = 2
    waiting: bool = False
    motion: bool = True
    present: bool = False
    scale: float = 1.0
    training: Training = IDLE

    @property
    def evaluation(self) -> Evaluation | None:
        """What was computed; None for an empty sequence."""
        return self.frame.evaluation

    @property
    def document(self) -> Document:
        """The document whose numbers are shown; while the frame is stale, an older one."""
        return self.frame.document if self.evaluation is None else self.evaluation.document

    @property
    def goes_back(self) -> bool:
        """Whether the playhead is in the backward pass or behind it."""
        return self.moment.phase in ("backward", "encode_back", "update")

    def charts_as(self, before: Sight) -> bool:
        """Whether charts look the same as before; the single operations of a step are not drawn.

        While new numbers are computed, the picture of the old ones stays as it is.
        """
        return self._charted == before._charted and _is_alike(self.frame, before.frame)

    def looks_as(self, before: Sight) -> bool:
        """Whether all but the course of a training run looks the same as before."""
        own, other = ((s.moment, s.zoom, s.playing, s.speed, s.motion) for s in (self, before))
        return own == other and self.charts_as(before)

    @property
    def _charted(self) -> tuple[object, ...]:
        stage = self.moment.phase, self.moment.step
        room = self.present, self.scale
        return self.selection, self.hover, self.theme, room, self.waiting, stage


def _is_alike(now: Frame, before: Frame) -> bool:
    """Whether two frames show the same numbers; of a new ghost nothing is seen before new ones."""
    if now.evaluation is not before.evaluation:
        return False
    if now.evaluation is None and now.document is not before.document:
        return False
    if now.stale:
        return not before.stale or (now.ghost is None) == (before.ghost is None)
    ghosts = [None if f.ghost is None else f.ghost.evaluation for f in (now, before)]
    return not before.stale and ghosts[0] is ghosts[1]
