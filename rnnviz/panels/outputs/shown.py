"""What the outputs draw in one go: the answers, the places, and the sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from rnnviz.engine.arrays import Mask
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.cursor import cursor
from rnnviz.panels.outputs.answers import Answers, loss_told
from rnnviz.panels.outputs.layout import Places
from rnnviz.panels.sight import Sight


@final
@dataclass(frozen=True)
class Shown:
    """All that the drawing needs.

    Attributes
    ----------
    sight : Sight
        What is shown.
    answers : Answers
        The numbers.
    before : Answers or None
        Those before the last edit, if they have the same shape.
    places : Places
        Where they stand.
    told : mask `[step]`
        Whether the story has come to each answer.
    first : int
        How many of the most probable classes are scrolled past in a list that is too long.
    """

    sight: Sight
    answers: Answers
    before: Answers | None
    places: Places
    told: Mask
    first: int = 0

    @property
    def theme(self) -> Theme:
        """The colours."""
        return self.sight.theme

    @property
    def present(self) -> bool:
        """Whether the letters are large."""
        return self.sight.present

    @property
    def at(self) -> int:
        """The step that is looked at."""
        if self.answers.single:
            return 0
        found = cursor(self.sight, "head", self.answers.steps)
        return self.answers.steps - 1 if found is None else found

    def is_told(self, step: int) -> bool:
        """Whether the story has come to the answer of a step."""
        return bool(self.told[step])

    @property
    def loss_is_told(self) -> bool:
        """Whether the story has come to the loss."""
        return loss_told(self.sight.moment)

    def ink(self, colour: Colour, step: int) -> Colour:
        """A colour, dimmed where the story has not come yet."""
        share = self.theme.dim.future_chart
        return colour if self.is_told(step) else self.theme.faded(colour, share)
