"""The numbers of the gates: a block for each gate and candidate of the selected layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import floor, isfinite, log10

import numpy as np

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.step_words import step_words
from rnnviz.engine.arrays import Array, Mask
from rnnviz.engine.holds import Hold
from rnnviz.engine.roles import Role, roles
from rnnviz.engine.text import hue
from rnnviz.panels.canvas.maps import Map, gate_map, signed_map
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.parts import part_of
from rnnviz.panels.sight import Sight
from rnnviz.session.selection import parts

NOTICED = 0.005
"""A number that changed by more than this is marked: by less, two decimals hardly show it."""

MOST = 1e6
"""What has no bounds is held within this."""


@dataclass(frozen=True, eq=False)
class Block:
    """One quantity at all steps.

    Attributes
    ----------
    role : Role
        Its name, and what it does.
    path : str
        Such as `layer0/forward/f`.
    values : array `[time, unit]`
        What was computed.
    before : array or None
        The same before the last edit, where that had as many steps and units.
    low, high : float
        The ends of its scale.
    """

    role: Role
    path: str
    values: Array
    before: Array | None
    low: float
    high: float

    @property
    def symbol(self) -> str:
        """The letter whose colour it takes."""
        return hue(self.role.name)

    @property
    def is_signed(self) -> bool:
        """Whether its colours go both ways from 0."""
        return self.role.kind != "gate"

    def map(self, theme: Theme) -> Map:
        """Its colours."""
        if self.is_signed:
            return signed_map(theme, self.high)
        return gate_map(theme, self.symbol)

    def start(self, unit: int, step: int) -> float:
        """The number from which a hand changes it; 0 where there is none."""
        value = float(self.values[step, unit])
        return value if isfinite(value) else 0.0

    def within(self, value: float) -> float:
        """The value nearest to `value` that the quantity can be held at."""
        low, high = max(self.role.low, -MOST), min(self.role.high, MOST)
        return min(max(value, low), high)

    @cached_property
    def changed(self) -> Mask | None:
        """Which numbers the last edit changed, `[time, unit]`; None where it changed none."""
        if self.before is None:
            return None
        with np.errstate(all="ignore"):
            way = self.values - self.before
            found = np.abs(way, out=way) > NOTICED
        return found if found.any() else None

    def noticed(self, unit: int, step: int) -> float | None:
        """What a number was before the last edit, if that changed it."""
        if self.changed is None or self.before is None or not self.changed[step, unit]:
            return None
        return float(self.before[step, unit])

    @cached_property
    def failed(self) -> tuple[int, int]:
        """From which step to before which there are numbers that are none; twice 0 if nowhere."""
        steps = np.flatnonzero(~np.isfinite(self.values).all(axis=1))
        return (int(steps[0]), int(steps[-1]) + 1) if len(steps) else (0, 0)


@dataclass(frozen=True, eq=False)
class Seen:
    """What the panel shows.

    Attributes
    ----------
    part : str
        Layer and direction.
    words : tuple of str
        What the steps are called.
    blocks : tuple of Block
        From the top; those of an empty sequence have no steps.
    holds : dict
        Path -> what is held there.
    """

    part: str
    words: tuple[str, ...]
    blocks: tuple[Block, ...]
    holds: dict[str, tuple[Hold, ...]]

    @property
    def steps(self) -> int:
        """How many columns there are."""
        return len(self.words)

    @property
    def units(self) -> int:
        """How many rows each block has."""
        return self.blocks[0].values.shape[1] if self.blocks else 0

    def block(self, path: str) -> Block | None:
        """The block of a path."""
        return next((block for block in self.blocks if block.path == path), None)

    def hold(self, path: str, unit: int, step: int) -> Hold | None:
        """What holds a number, the last that was set."""
        found = None
        for hold in self.holds.get(path, ()):
            if hold.step == step and hold.unit in (None, unit):
                found = hold
        return found


def seen(sight: Sight) -> Seen:
    """What there is to show."""
    part, evaluation = part_of(sight), sight.evaluation
    layer = parts(sight.document)[part]
    ghost = sight.frame.ghost
    before = None if ghost is None else ghost.evaluation
    words = () if evaluation is None else step_words(evaluation, part)
    blocks = tuple(
        _block(role, f"{part}/{role.name}", evaluation, before, layer.hidden)
        for role in roles(layer.cell)
    )
    holds: dict[str, tuple[Hold, ...]] = {}
    for hold in sight.document.holds:
        holds[hold.path] = (*holds.get(hold.path, ()), hold)
    return Seen(part, words, blocks, holds)


def _block(
    role: Role, path: str, now: Evaluation | None, before: Evaluation | None, units: int
) -> Block:
    values = np.zeros((0, units)) if now is None else now.trace[path][:, 0]
    low, high = role.low, role.high
    if role.kind != "gate":
        high = max(-low, high)
        high = high if isfinite(high) else round_end(values)
        low = -high
    return Block(role, path, values, _old(path, values, now, before), low, high)


def _old(
    path: str, values: Array, now: Evaluation | None, before: Evaluation | None
) -> Array | None:
    if now is None or before is None or before.trace is now.trace:
        return None
    if path not in before.trace.paths():
        return None
    old = before.trace[path][:, 0]
    return old if old.shape == values.shape else None


def round_end(values: Array) -> float:
    """The end of a scale for numbers without bounds: 1, 2 or 5 times a power of ten."""
    most = float(np.max(np.abs(values), initial=0.0, where=np.isfinite(values)))
    if most <= 1e-300:
        return 1.0
    power = 10.0 ** floor(log10(most))
    return next((digit * power for digit in (1, 2, 5) if digit * power >= most), 10 * power)
