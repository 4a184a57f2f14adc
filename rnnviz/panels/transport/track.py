"""Where the moments of a story lie on the scrubber, and which moment lies at a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from PySide6.QtCore import QRectF

from rnnviz.session.moments import Moment, Phase, Story

GAP = 2.0
WHOLE = 67.0
"""The widest that a phase of one stage gets, in px."""
SHARE = 0.085
"""The most of the scrubber that such a phase gets."""
NAMED = 54.0
"""The least, as long as there is room for it: so wide are the names."""
READ = 1.6
"""A room has to read the names: such a phase gets one part in as many times their number."""
LEAST = 34.0
"""What a phase of several steps gets before the rest is divided by their numbers."""
STEPS: tuple[Phase, ...] = ("encode", "forward", "backward", "encode_back")


@final
@dataclass(frozen=True)
class Span:
    """A phase on the scrubber.

    Attributes
    ----------
    phase : str
        Which.
    left, right : float
        Its edges in px, with the gap behind it.
    first, count : int
        The number of its first stage in the story, and how many it has.
    """

    phase: Phase
    left: float
    right: float
    first: int
    count: int

    @property
    def step(self) -> float:
        """The width of one stage in px, its gap included."""
        return (self.right - self.left) / self.count

    @property
    def is_dense(self) -> bool:
        """Whether its stages stand without gaps."""
        return self.step <= 4 * GAP

    def box(self, number: int, top: float, high: float) -> QRectF:
        """The box of one stage, without its gap where there is room for one."""
        gap = 0.0 if self.is_dense else GAP
        left = self.left + number * self.step
        return QRectF(left, top, max(self.step - gap, 0.5), high)


@final
class Track:
    """A story laid out between two edges, from left to right as it is told.

    Parameters
    ----------
    story : Story
        What is told; that of an empty sequence has no spans.
    left, right : float
        The edges in px.
    grown : float
        How much larger than in the Lab the names are.
    """

    def __init__(self, story: Story, left: float, right: float, grown: float = 1.0) -> None:
        self.story, self.left, self.right = story, left, max(right, left + 1)
        self.spans = self._laid_out(grown)

    def _laid_out(self, grown: float) -> tuple[Span, ...]:
        phases = [p for p in self.story.phases if p != "nothing"]
        room = self.right - self.left
        share = 2.0 if grown == 1 else READ
        least, most = NAMED * grown, WHOLE * (0.4 + 0.6 * grown)
        single = min(most, max(room * SHARE, least), room / (share * max(len(phases), 1)))
        long = [p for p in phases if p in STEPS]
        steps = sum(self.story.length(p) for p in long)
        free = room - single * (len(phases) - len(long))
        least = min(LEAST, free / max(len(long), 1) / 2)
        rest = free - least * len(long)
        spans, left, first = [], self.left, 0
        for phase in phases:
            count = self.story.length(phase)
            wide = least + rest * count / steps if phase in STEPS else single
            spans.append(Span(phase, left, left + wide, first, count))
            left, first = left + wide, first + count
        return tuple(spans)

    def span_of(self, phase: Phase) -> Span | None:
        """Where a phase lies, if it is told."""
        return next((span for span in self.spans if span.phase == phase), None)

    def _number(self, moment: Moment) -> int:
        span = self.span_of(moment.phase)
        return 0 if span is None else self.story.stage(moment) - span.first

    def part(self, moment: Moment) -> float:
        """How much of its stage is done at a moment, above 0 and at most 1."""
        return (moment.operation + 1) / self.story.operations(moment.phase, moment.step)

    def x(self, moment: Moment) -> float:
        """The place of the head."""
        span = self.span_of(moment.phase)
        if span is None:
            return self.left
        box = span.box(self._number(moment), 0, 1)
        return box.left() + box.width() * self.part(moment)

    def box(self, moment: Moment, top: float, high: float) -> QRectF | None:
        """The piece of the track that one operation takes."""
        span = self.span_of(moment.phase)
        if span is None or not 0 <= moment.step < self.story.length(moment.phase):
            return None if moment.phase not in ("loss", "update") else self._whole(span, top, high)
        whole = span.box(self._number(moment), top, high)
        wide = whole.width() / self.story.operations(moment.phase, moment.step)
        return QRectF(whole.left() + wide * moment.operation, top, wide, high)

    @staticmethod
    def _whole(span: Span | None, top: float, high: float) -> QRectF | None:
        return None if span is None else span.box(0, top, high)

    def at(self, x: float) -> Moment | None:
        """The moment at a place, or at the nearest end; None if nothing is told."""
        if not self.spans:
            return None
        x = min(max(x, self.left), self.right - 1e-6)
        span = next((s for s in self.spans if x < s.right), self.spans[-1])
        number = min(max((x - span.left) / span.step, 0.0), span.count - 1e-9)
        stage = int(number)
        box = span.box(stage, 0, 1)
        part = min(max((x - box.left()) / box.width(), 0.0), 1.0)
        return self.story.at(span.first + stage, part)

    def mirrored(self, x: float) -> float:
        """The place of a second track that runs the other way, within the phase at `x`."""
        span = next((s for s in self.spans if s.left <= x < s.right), None)
        if span is None or span.phase not in STEPS:
            return x
        gap = 0.0 if span.is_dense else GAP
        return span.left + span.right - gap - x
