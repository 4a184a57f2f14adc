"""The numbers that the graph draws of one evaluation: all of them the engine's own."""

from __future__ import annotations

from functools import cached_property
from typing import final

import numpy as np

from rnnviz.document.document import Document
from rnnviz.document.evaluate import Evaluation
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.heads import Regression
from rnnviz.engine.jacobians import highway
from rnnviz.engine.story import forward_story
from rnnviz.engine.story.sources import OUTPUT, arriving
from rnnviz.engine.story.step import take_step
from rnnviz.panels.canvas.maps import Map, map_of
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.graph.sides import Lane, Side, sides_of


@final
class Numbers:
    """Reads the trace of one evaluation, and keeps what it has read.

    Parameters
    ----------
    evaluation : Evaluation
        What was computed.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.document: Document = evaluation.document
        self.trace = evaluation.trace
        self.sides: tuple[Side, ...] = sides_of(evaluation.trace)
        self._values: dict[str, Array] = {}
        self._failed: dict[str, frozenset[int]] = {}
        self._maps: dict[tuple[str, str], Map] = {}
        self._kept: dict[tuple[str, str], Array] = {}
        self._stories: dict[tuple[str, int], tuple[str, ...]] = {}

    @cached_property
    def paths(self) -> frozenset[str]:
        """Everything that is stored."""
        return frozenset(self.trace.paths())

    def values(self, path: str) -> Array:
        """The values at a path, `[time, unit]`."""
        found = self._values.get(path)
        if found is None:
            found = self._values[path] = self.trace[path][:, 0]
        return found

    def number(self, path: str, step: int, unit: int) -> float:
        """One value."""
        return float(self.values(path)[step, unit])

    def map(self, path: str, theme: Theme) -> Map:
        """How the values at a path become colours; a wide state takes its own range."""
        found = self._maps.get((path, theme.name))
        if found is None:
            symbol = path.rpartition("/")[2]
            if symbol in ("output", "context"):
                symbol = "h"
            fixed = theme.scales.ranges.get(symbol, 1.0)
            values = self.values(path)
            finite = values[np.isfinite(values)]
            own = float(np.abs(finite).max()) if finite.size else 0.0
            found = map_of(theme, symbol, max(fixed, own)) if own else map_of(theme, symbol, fixed)
            self._maps[path, theme.name] = found
        return found

    def has_failed(self, part: str, state: str, step: int) -> bool:
        """Whether a cell's state is no number any more."""
        path = f"{part}/{state}"
        found = self._failed.get(path)
        if found is None:
            whole = np.isfinite(self.values(path)).all(axis=1)
            found = self._failed[path] = frozenset(np.flatnonzero(~whole).tolist())
        return step in found

    def story(self, part: str, step: int) -> tuple[str, ...]:
        """The operations of a step in their order, by scope and name."""
        if (part, step) not in self._stories:
            told = forward_story(self.trace, part, step)
            self._stories[part, step] = tuple(f"{o.scope}:{o.name}" for o in told)
        return self._stories[part, step]

    def kept(self, lane: Lane, state: str) -> Array:
        """How much of a state each unit carries over without a matrix, `[time, unit]`."""
        found = self._kept.get((lane.part, state))
        if found is None:
            found = self._kept[lane.part, state] = highway(self.trace, lane.part, state)
        return found

    def before(self, lane: Lane, state: str, step: int, unit: int) -> float:
        """A state as a step found it; a layer that reads backward found it at the step after."""
        return self.number(f"{lane.part}/{state}_prev", step, unit)

    # ------------------------------------------------------------------------------ the answers

    @cached_property
    def answers(self) -> tuple[int, ...]:
        """The steps of the last side that answer."""
        if self.trace.logits is None:
            return ()
        steps = self.sides[-1].steps
        return (steps - 1,) if self.trace.network.single else tuple(range(steps))

    def _row(self, step: int) -> int:
        return 0 if self.trace.network.single else step

    @property
    def is_regression(self) -> bool:
        """Whether the answers are numbers."""
        return isinstance(self.trace.network.head, Regression)

    def predictions(self, step: int) -> Array:
        """Probabilities, or numbers, at a step that answers."""
        return np.asarray(self.trace.predictions[self._row(step), 0])

    def decoded(self, step: int) -> int:
        """The class that is answered: the likeliest, or that of a CRF's best path."""
        return int(self.trace.decoded[self._row(step), 0])

    @cached_property
    def _targets(self) -> Array | None:
        targets = self.trace.batch.targets
        if targets is None:
            return None
        return np.asarray(targets, np.float64)[:, 0]

    def target(self, step: int) -> int | None:
        """The class that should be answered; None where none is given."""
        if self._targets is None or self.is_regression:
            return None
        found = int(self._targets[self._row(step)])
        return found if found >= 0 else None

    def aim(self, step: int) -> Array | None:
        """The numbers that should be answered; None where none are given."""
        if self._targets is None or not self.is_regression:
            return None
        found = np.asarray(self._targets[self._row(step)])
        return None if np.isnan(found).all() else found

    @cached_property
    def losses(self) -> dict[int, float]:
        """Step -> its loss, where one counts."""
        if self.evaluation.gradients is None:
            return {}
        try:
            values = self.trace.losses(self.document.loss_steps)[:, 0]
        except EngineError:
            return {}
        counted = [step for step in self.answers if self._counts(step, len(values))]
        return {step: float(values[self._row(step)]) for step in counted}

    def _counts(self, step: int, rows: int) -> bool:
        if self.trace.network.head is not None and self.trace.network.head.kind == "crf":
            return step == self.sides[-1].steps - 1
        has_target = self.target(step) is not None or self.aim(step) is not None
        chosen, last = self.document.loss_steps, rows - 1
        if chosen == "every" or self.trace.network.single:
            return has_target
        steps = {last} if chosen == "last" else {s % rows for s in chosen if isinstance(s, int)}
        return has_target and step in steps

    @cached_property
    def attention(self) -> Array | None:
        """How much each step of the decoder looks at each of the encoder; None without."""
        weights = self.trace.extras.get("attention/weights")
        return None if weights is None else np.asarray(weights[:, 0])


@final
class Flow:
    """The norms of gradients on the edges of the graph.

    Parameters
    ----------
    gradients : Gradients
        Of the whole loss, or of one alone.
    """

    def __init__(self, gradients: Gradients) -> None:
        self.gradients = gradients
        self._norms: dict[str, Array] = {}
        self._crossing: dict[tuple[str, int], dict[str, Array]] = {}

    def value(self, path: str, step: int, unit: int) -> float:
        """The gradient by one value."""
        return float(self.gradients[path][step, 0, unit])

    def norm(self, path: str, step: int) -> float:
        """The norm of the gradient by all values of a path at a step."""
        found = self._norms.get(path)
        if found is None:
            with np.errstate(all="ignore"):
                found = self._norms[path] = np.linalg.norm(self.gradients[path][:, 0], axis=1)
        return float(found[step])

    def output(self, lane: Lane, lanes: tuple[Lane, ...], step: int) -> float:
        """The norm of what reaches a lane's state from above at a step."""
        start = lane.units * (lanes.index(lane) if lane in lanes else 0)
        values = self.gradients[f"{lane.prefix}/output"][step, 0, start : start + lane.units]
        with np.errstate(all="ignore"):
            return float(np.linalg.norm(values))

    def crossing(self, part: str, state: str, step: int) -> Array:
        """What flows back into a state of a step from the step that was read after it, `[unit]`."""
        found = self._crossing.get((part, step))
        if found is None:
            with np.errstate(all="ignore"):
                taken = take_step(self.gradients.trace, part, step, 0)
                parts = arriving(self.gradients, taken, 0)
                nothing = np.zeros(taken.run.layer.hidden)
                found = {
                    name: np.asarray(
                        sum((p.value for p in of_state if p.kind != OUTPUT), start=nothing)
                    )
                    for name, of_state in parts.items()
                }
            self._crossing[part, step] = found
        return found[state]

    def edge(self, part: str, state: str, step: int) -> float:
        """The norm of `crossing`."""
        with np.errstate(all="ignore"):
            return float(np.linalg.norm(self.crossing(part, state, step)))
