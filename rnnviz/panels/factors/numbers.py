"""The numbers of the factors' panel, and the sentences that say what they mean."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.step_words import step_words
from rnnviz.engine.arrays import Array
from rnnviz.engine.rendering import MINUS
from rnnviz.engine.step_factors import Factor, Roads, factors, roads
from rnnviz.panels.background import Ended
from rnnviz.panels.canvas.text import size
from rnnviz.panels.gestures import Table
from rnnviz.panels.parts import part_in
from rnnviz.panels.texts import translate
from rnnviz.session.selection import Selection

AT_ONCE = 0.004
"""Seconds up to which the full factors are computed at once."""

UNASKED = 2.0
"""Seconds up to which they are computed in the background without being asked for."""

SPAN = 10
"""Over how many steps the sentence says what is left."""


@dataclass(frozen=True, eq=False)
class Subject:
    """Of what the factors are.

    Attributes
    ----------
    evaluation : Evaluation
        What was computed.
    part : str
        Layer and direction.
    words : tuple of str
        What the steps are called.
    road : Roads or None
        The elementwise factors; None where all goes through matrices.
    """

    evaluation: Evaluation
    part: str
    words: tuple[str, ...]
    road: Roads | None

    @property
    def steps(self) -> int:
        """How many columns there are."""
        return len(self.words)

    @property
    def turned(self) -> bool:
        """Whether the part reads from the end."""
        return self.part.endswith("/backward")

    @property
    def back(self) -> range:
        """The steps from the last that is read back to the first."""
        return range(self.steps) if self.turned else range(self.steps - 1, -1, -1)

    @property
    def first(self) -> int:
        """The step that is read first; it has no factor."""
        return self.back[-1]

    @property
    def seconds(self) -> float:
        """About how long the full factors take; measured."""
        layer = self.evaluation.trace.runs[self.part.rpartition("/")[0]].layer
        states = float(layer.hidden * len(layer.cell.states))
        return self.steps * 1e-3 * (0.25 + 3.2 * math.pow(states / 128, 2.3))


@dataclass(frozen=True, eq=False)
class Full:
    """The full factors as arrays over the steps `[time]`; see `engine.step_factors.Factor`."""

    norms: Array
    radii: Array
    powers: Array


def subject(evaluation: Evaluation | None, selection: Selection) -> Subject | None:
    """What the factors are of; None for an empty sequence."""
    if evaluation is None:
        return None
    part = part_in(evaluation.document, selection.part)
    words = step_words(evaluation, part)
    return Subject(evaluation, part, words, roads(evaluation.trace, part))


def compute(about: Subject, ended: Ended) -> Full | None:
    """The full factors; None if they are no longer wanted."""
    norms, radii, powers = (np.full(about.steps, np.nan) for _ in range(3))
    for factor in factors(about.evaluation.trace, about.part):
        _put(factor, norms, radii, powers)
        if ended():
            return None
    return Full(norms, radii, powers)


def _put(factor: Factor, norms: Array, radii: Array, powers: Array) -> None:
    step = factor.step
    norms[step], radii[step], powers[step] = factor.norm, factor.radius, factor.power


def of_power(power: float) -> str:
    """A number by its logarithm, also where it is too small or too large for a number."""
    if np.isnan(power):
        return "nan"
    if power == -np.inf:
        return "0"
    if abs(power) < 300:
        return size(float(10.0**power))
    exponent = int(np.floor(power))
    digit = round(float(10.0 ** (power - exponent)))
    return f"{digit}e{exponent}".replace("-", MINUS)


def sentences(powers: Array, about: Subject, head: str) -> tuple[str, ...]:
    """How much a step back multiplies the gradient on average, and what is left after some steps.

    Parameters
    ----------
    powers : array `[time]`
        log10 of what is left at each step.
    about : Subject
        Of what.
    head : str
        What it is said of, with a colon.

    Returns
    -------
    The same in fewer and fewer words, for less and less room.
    """
    count = min(SPAN, about.steps - 1)
    if count < 1:
        return (translate("FactorsPanel", "a single step has no step back"),)
    total = float(powers[about.back[count]])
    texts: tuple[str, ...] = (
        translate("FactorsPanel", "{head} × {mean} a step; after {count} steps {left} is left"),
        translate("FactorsPanel", "{head} × {mean} a step, {left} left after {count}"),
        translate("FactorsPanel", "{head} × {mean} a step"),
    )
    if count == 1:
        texts = (translate("FactorsPanel", "{head} × {mean} in the one step back"), *texts[2:])
    mean, left = of_power(total / count), of_power(total)
    return tuple(t.format(head=head, mean=mean, count=count, left=left) for t in texts)


def table(about: Subject, full: Full | None, unit: int) -> Table:
    """One row a step: the factors of the step back, and the logarithms of what is left."""
    rows: list[list[object]] = [["step", "word"], *([n + 1, w] for n, w in enumerate(about.words))]
    columns: dict[str, Array] = {}
    if about.road is not None:
        columns["road factor"] = about.road.factors[:, unit]
        columns["road left, log10"] = about.road.powers[:, unit]
    if full is not None:
        columns |= {"norm": full.norms, "radius": full.radii, "left, log10": full.powers}
    for name, values in columns.items():
        for row, value in zip(rows, (name, *values.tolist()), strict=True):
            row.append(value)
    return rows
