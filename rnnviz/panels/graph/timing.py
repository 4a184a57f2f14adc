"""What is computed already, and what the way back has passed, at one moment of the story."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, TypeAlias, final

from rnnviz.panels.graph.numbers import Numbers
from rnnviz.panels.graph.sides import Lane
from rnnviz.panels.sight import Sight
from rnnviz.session.moments import PHASES
from rnnviz.session.telling import public_step, told_part

State: TypeAlias = Literal["past", "now", "future"]
_AFTER_FORWARD = PHASES.index("loss")


@final
class Timing:
    """Answers what stands before and what after the playhead.

    Parameters
    ----------
    sight : Sight
        What is shown.
    numbers : Numbers
        Its numbers.
    """

    def __init__(self, sight: Sight, numbers: Numbers) -> None:
        self._sight, self._numbers = sight, numbers
        self.moment, self.story = sight.moment, sight.story
        self._states: dict[tuple[int, str, int], State] = {}
        self._phase = PHASES.index(self.moment.phase)
        self._part = told_part(numbers.evaluation, sight.selection.part, self.moment.phase)

    @property
    def part(self) -> str:
        """The layer and direction that is told of."""
        return self._part

    @property
    def goes_back(self) -> bool:
        """Whether the way back is under way or done."""
        return self._sight.goes_back

    @property
    def has_loss(self) -> bool:
        """Whether the losses are known."""
        return self._phase >= _AFTER_FORWARD

    @property
    def side(self) -> int:
        """The side that the moment is on."""
        encodes = self.moment.phase in ("encode", "encode_back")
        return 0 if encodes else len(self._numbers.sides) - 1

    @property
    def step(self) -> int:
        """The column that the moment is at."""
        steps = self._numbers.sides[self.side].steps
        step = min(self.moment.step, steps - 1)
        return public_step(self._part, step, steps) if self._part else step

    def steps(self, side: int) -> int:
        """How many steps a side has."""
        return self._numbers.sides[side].steps

    @cached_property
    def rests(self) -> bool:
        """Whether the stage is complete."""
        moment = self.moment
        return moment.phase == "nothing" or self.story.rests(moment)

    @cached_property
    def done(self) -> frozenset[str]:
        """The operations of the told cell that are done, by their names with their scopes."""
        if self.moment.phase not in ("encode", "forward"):
            return frozenset()
        story = self._numbers.story(self._part, self.step)
        return frozenset(story[: self.moment.operation + 1])

    def state(self, side: int, lane: Lane, step: int) -> State:
        """Where a cell stands."""
        place = (side, lane.part, step)
        found = self._states.get(place)
        if found is None:
            found = self._states[place] = self._state(side, lane, step)
        return found

    def _state(self, side: int, lane: Lane, step: int) -> State:
        if self.moment.phase == "nothing":
            return "future"
        if self._phase >= _AFTER_FORWARD:
            return "past"
        if side != self.side:
            return "past" if side < self.side else "future"
        steps = self._numbers.sides[side].steps
        place = public_step(lane.part, step, steps)
        if place == self.moment.step:
            return "now"
        return "past" if place < self.moment.step else "future"

    def has_state(self, side: int, lane: Lane, step: int) -> bool:
        """Whether the state of a cell is computed."""
        found = self.state(side, lane, step)
        if found != "now" or self.rests:
            return found != "future"
        if lane.part == self._part:
            return f"cell:{lane.state}" in self.done
        order = [other.part for other in self._numbers.sides[side].lanes]
        return order.index(lane.part) < order.index(self._part)

    def has_output(self, side: int, layer: int, step: int) -> bool:
        """Whether the output of a layer is computed, of all its directions."""
        lanes = self._numbers.sides[side].layers[layer]
        return all(self.has_state(side, lane, step) for lane in lanes)

    def has_input(self, side: int, step: int) -> bool:
        """Whether a step is read."""
        lanes = self._numbers.sides[side].layers[0]
        return any(self.state(side, lane, step) != "future" for lane in lanes)

    def has_answer(self, step: int) -> bool:
        """Whether the answer at a step of the last side is there."""
        if self._phase >= _AFTER_FORWARD:
            return True
        side = len(self._numbers.sides) - 1
        lanes = self._numbers.sides[side].layers[-1]
        if self._numbers.trace.network.single and len(lanes) > 1:
            return all(self.has_state(side, lane, self._last(lane)) for lane in lanes)
        if not self.has_output(side, lanes[0].layer, step):
            return False
        is_now = any(self.state(side, lane, step) == "now" for lane in lanes)
        return not is_now or self.rests or any(d in ("head:p", "head:y") for d in self.done)

    def _last(self, lane: Lane) -> int:
        return 0 if lane.is_backward else self._numbers.sides[-1].steps - 1

    def passed(self, side: int, lane: Lane, step: int) -> State:
        """Where a cell stands on the way back: passed, under way, or not reached."""
        phase = self.moment.phase
        if not self.goes_back:
            return "future"
        if phase == "update":
            return "past"
        if side != self.side:
            return "past" if side > self.side else "future"
        steps = self._numbers.sides[side].steps
        place = public_step(lane.part, step, steps)
        if place == self.moment.step:
            return "now"
        return "past" if place > self.moment.step else "future"
