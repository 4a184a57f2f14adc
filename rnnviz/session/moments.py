"""The story that is told of one trace, as pure arithmetic on its moments.

First comes the forward pass, step by step and operation by operation, then the loss, then the
backward pass from the last step to the first, then the update of the weights. An encoder reads
before the forward pass and gets its gradients after the backward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import total_ordering
from typing import Literal, TypeAlias, final

Phase: TypeAlias = Literal[
    "nothing", "encode", "forward", "loss", "backward", "encode_back", "update"
]
PHASES: tuple[Phase, ...] = (
    "nothing",
    "encode",
    "forward",
    "loss",
    "backward",
    "encode_back",
    "update",
)
"""In the order of the story; "nothing" is the only one of an empty sequence."""

RETURNING: frozenset[Phase] = frozenset(("backward", "encode_back"))
"""The phases that go from the last step to the first."""

Count: TypeAlias = Callable[[Phase, int], int]
"""Phase and step -> how many operations are told there; it may be slow, it is asked once."""


@final
@total_ordering
@dataclass(frozen=True)
class Moment:
    """A place in the story; moments are ordered as they are told.

    Attributes
    ----------
    phase : str
        One of `PHASES`.
    step : int
        The time step, from 0: of an encoder in its own phases, and for the loss the last one. A
        layer that reads backward is then `steps - 1 - step`.
    operation : int
        The last operation that is done in this step, from 0.
    """

    phase: Phase
    step: int = 0
    operation: int = 0

    def __lt__(self, other: Moment) -> bool:
        """Whether this moment is told before the other."""
        return self._key < other._key

    @property
    def _key(self) -> tuple[int, int, int]:
        step = -self.step if self.phase in RETURNING else self.step
        return PHASES.index(self.phase), step, self.operation


@final
class Story:
    """All moments of one trace.

    A *stage* is one step of one phase; stages are numbered from 0. A moment *rests* if its stage is
    complete.

    Parameters
    ----------
    steps : int
        How many steps the network takes; 0 for an empty sequence.
    count : callable
        How many operations each stage has.
    encoded : int
        How many steps an encoder takes before.
    learns : bool
        Whether there is a loss, and so a way back.
    like : Story, optional
        One with the same stages, whose counts are taken over.
    """

    def __init__(
        self,
        steps: int,
        count: Count,
        encoded: int = 0,
        learns: bool = True,
        like: Story | None = None,
    ) -> None:
        self._count = count
        self._counts: dict[tuple[Phase, int], int] = {} if like is None else like._counts
        self._lengths: dict[Phase, int] = {"nothing": 1}
        self.steps, self.encoded = steps, encoded
        if steps:
            there = {"encode": encoded, "forward": steps}
            back = {"loss": 1, "backward": steps, "encode_back": encoded, "update": 1}
            lengths = there | back if learns else there
            self._lengths = {phase: lengths[phase] for phase in PHASES if lengths.get(phase)}

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases that there are, in their order."""
        return tuple(self._lengths)

    @property
    def stages(self) -> int:
        """How many stages there are."""
        return sum(self._lengths.values())

    def is_like(self, other: Story) -> bool:
        """Whether the other was made `like` this one, or this one like it."""
        return self._counts is other._counts

    def length(self, phase: Phase) -> int:
        """How many stages a phase has; 0 if it is not there."""
        return self._lengths.get(phase, 0)

    def operations(self, phase: Phase, step: int) -> int:
        """How many operations a stage has, at least 1."""
        known = self._counts.get((phase, step))
        if known is None:
            single = phase in ("nothing", "loss", "update")
            known = self._counts[phase, step] = 1 if single else max(1, self._count(phase, step))
        return known

    @property
    def first(self) -> Moment:
        """Where the story begins."""
        return Moment(*self._stage(0))

    @property
    def last(self) -> Moment:
        """Where it ends."""
        return self.rest(self.stages - 1)

    def stage(self, moment: Moment) -> int:
        """The number of a moment's stage."""
        before = 0
        for phase, length in self._lengths.items():
            if phase == moment.phase:
                return before + self._turned(phase, moment.step)
            before += length
        raise ValueError(f"moment: {moment} came, the story has the phases {self.phases}")

    def rest(self, stage: int) -> Moment:
        """The last moment of a stage."""
        phase, step = self._stage(stage)
        return Moment(phase, step, self.operations(phase, step) - 1)

    def rests(self, moment: Moment) -> bool:
        """Whether the stage of a moment is complete."""
        return moment.operation == self.operations(moment.phase, moment.step) - 1

    def next(self, moment: Moment) -> Moment:
        """One operation on; at the end the same moment."""
        if not self.rests(moment):
            return Moment(moment.phase, moment.step, moment.operation + 1)
        after = self.stage(moment) + 1
        return Moment(*self._stage(after)) if after < self.stages else moment

    def previous(self, moment: Moment) -> Moment:
        """One operation back; at the beginning the same moment."""
        if moment.operation:
            return Moment(moment.phase, moment.step, moment.operation - 1)
        stage = self.stage(moment)
        return self.rest(stage - 1) if stage else moment

    def next_step(self, moment: Moment) -> Moment:
        """On to where a stage is complete: this one, or if it is, the next."""
        stage = self.stage(moment) + self.rests(moment)
        return self.rest(min(stage, self.stages - 1))

    def previous_step(self, moment: Moment) -> Moment:
        """Back to where the stage before is complete; in the first stage to the beginning."""
        stage = self.stage(moment)
        return self.rest(stage - 1) if stage else self.first

    def at(self, stage: int, part: float = 1.0) -> Moment:
        """The moment at a part of a stage, from 0 to 1, such as where a scrubber is held."""
        phase, step = self._stage(max(0, min(stage, self.stages - 1)))
        count = self.operations(phase, step)
        return Moment(phase, step, max(0, min(int(part * count), count - 1)))

    def moments(self) -> Iterator[Moment]:
        """Every moment from the first to the last."""
        for stage in range(self.stages):
            phase, step = self._stage(stage)
            for operation in range(self.operations(phase, step)):
                yield Moment(phase, step, operation)

    def nearest(self, moment: Moment, rests: bool = False) -> Moment:
        """The moment that comes closest to one of another story.

        Parameters
        ----------
        rests : bool
            Whether it rested there; then it does so here.
        """
        phase = moment.phase
        if phase not in self._lengths:
            earlier = [p for p in self.phases if PHASES.index(p) < PHASES.index(phase)]
            if not earlier:
                return self.first
            return self.rest(sum(self._lengths[p] for p in earlier) - 1)
        if phase in ("loss", "update"):
            step = self.steps - 1 if phase == "loss" else 0
        else:
            step = max(0, min(moment.step, self._lengths[phase] - 1))
        last = self.operations(phase, step) - 1
        operation = last if rests else max(0, min(moment.operation, last))
        return Moment(phase, step, operation)

    def _stage(self, stage: int) -> tuple[Phase, int]:
        for phase, length in self._lengths.items():
            if stage < length:
                return phase, self._turned(phase, stage)
            stage -= length
        raise ValueError(f"stage: there are {self.stages}, one behind them came")

    def _turned(self, phase: Phase, number: int) -> int:
        """The step of the stage with a number within its phase, and the number from the step."""
        if phase in RETURNING:
            return self._lengths[phase] - 1 - number
        return self.steps - 1 - number if phase == "loss" else number


EMPTY = Story(0, lambda _phase, _step: 1)
"""The story of an empty sequence."""

BEATS = 6
"""In so many beats a step is played at most: one of an LSTM has some thirty operations."""


def next_beat(story: Story, moment: Moment) -> Moment:
    """On to the next of the marks of a step, or through all operations where they are few."""
    moment = story.next(moment)
    size = -(-story.operations(moment.phase, moment.step) // BEATS)
    for _ in range((-moment.operation - 1) % size):
        if story.rests(moment):
            break
        moment = story.next(moment)
    return moment
