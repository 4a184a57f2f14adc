"""Sequences of numbers: a label for each, a tag for each step, or numbers to foretell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from rnnviz.document.examples import Examples, Labels, Numbers, Split, Tags
from rnnviz.document.history import Score
from rnnviz.document.learning.choices import Choices
from rnnviz.document.learning.source import at, parts_of
from rnnviz.document.learning.texts import accuracy, check_classes, flat
from rnnviz.document.samples.baselines import most_frequent, share_right
from rnnviz.document.samples.sample import Measured, Task
from rnnviz.document.series import filled, forecast, windows
from rnnviz.document.words import Words
from rnnviz.engine.arrays import Array
from rnnviz.engine.batching import Samples
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import CRF, Regression, Softmax
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.network import Form, Network
from rnnviz.engine.scoring import evaluate
from rnnviz.engine.weights import Weights

PIECES = 12
"""Into so many pieces at least a series is cut."""
FEW = 6

MEASURE = "error in standard deviations (less is better)"
_SCALED = (
    "Each column was moved and scaled to the mean 0 and the standard deviation 1 of what was "
    "learned: {columns}."
)


class Scale(NamedTuple):
    """Mean and standard deviation of each column."""

    mean: Array
    deviation: Array

    def __call__(self, values: Array) -> Array:
        """The values, scaled."""
        return (values - self.mean) / self.deviation


def scale_of(arrays: Sequence[Array]) -> Scale:
    """The scale of some arrays `[time, columns]`; a column that never changes keeps its size."""
    whole = np.ma.masked_invalid(np.concatenate(arrays))
    mean, deviation = whole.mean(axis=0).filled(0.0), whole.std(axis=0).filled(0.0)
    return Scale(mean, np.where(deviation > 0, deviation, 1.0))


def of_vectors(examples: Examples[Array], choices: Choices) -> Task:
    """Learn what the table says; without targets, what the next step brings."""
    if choices.crf and not isinstance(examples.targets, Tags):
        raise EngineError("crf: it came without a tag for each step")
    ahead = examples.targets is None
    given = filled(forecast(examples, examples.columns) if ahead else examples)
    cut = len(given) < FEW and not isinstance(given.targets, Labels)
    if cut:
        given = _pieces(given, choices.window)
    parts = parts_of(given, choices.seed, shuffled=not cut)
    scale = scale_of(at(given.sequences, parts.train))
    inputs = tuple(scale(sequence) for sequence in given.sequences)
    match given.targets:
        case Labels() | Tags():
            task = _classes(inputs, given.targets, parts, choices)
        case Numbers():
            task = _numbers(inputs, given.targets, parts, choices, scale if ahead else None)
        case other:
            raise EngineError(f"targets: {type(other).__name__} came for vectors")
    note = _SCALED.format(columns=_said(examples.columns, scale))
    return replace(
        task,
        parts={**task.parts, "columns": examples.columns},
        measure=partial(_noted, task, note),
    )


def _noted(task: Task, note: str, weights: Weights) -> Measured:
    measured = task.measure(weights)
    return Measured(measured.score, (*measured.facts, note))


def _said(columns: Words, scale: Scale) -> str:
    return ", ".join(
        f"{name} {mean:.4g} ± {deviation:.4g}"
        for name, mean, deviation in zip(columns, scale.mean, scale.deviation, strict=True)
    )


def _pieces(examples: Examples[Array], window: int) -> Examples[Array]:
    """Pieces one after the other, in the order of time, so that the last ones are the test."""
    length = min(window, sum(examples.lengths) // PIECES)
    if length < 2:
        raise EngineError(
            f"data: {sum(examples.lengths)} steps came, expected at "
            f"least {2 * PIECES}, because some are kept for validation and for the test"
        )
    return windows(examples, length, length)


def _samples(inputs: Sequence[Array], targets: Sequence[Any], parts: Split) -> list[Samples]:
    return [
        Samples(at(inputs, part), at(targets, part))
        for part in (parts.train, parts.validation, parts.test)
    ]


def _classes(
    inputs: Sequence[Array], targets: Labels | Tags, parts: Split, choices: Choices
) -> Task:
    single, names = isinstance(targets, Labels), targets.names
    check_classes(names, "label" if single else "tag")
    form: Form = "many-to-one" if single else "many-to-many"
    head = CRF(len(names)) if choices.crf else Softmax(len(names))
    network = Network(Vectors(inputs[0].shape[1]), choices.stack(), head, form)
    rows = [(row,) if isinstance(row, str) else row for row in targets.values]
    answers: list[Any] = [[names.index(name) for name in row] for row in rows]
    if single:
        answers = [answer for (answer,) in answers]
    learned, asked, test = _samples(inputs, answers, parts)
    usual = most_frequent(flat(at(rows, parts.train)))
    right = flat(at(rows, parts.test))
    baseline = share_right([usual] * len(right), right)
    said = f"Always saying {usual} is right {baseline:.1%}."
    first = parts.test[0]
    return Task(
        network=network,
        recipe=choices.recipe,
        learned=learned,
        asked=asked,
        test=test,
        measure=partial(accuracy, network, test, baseline, said),
        parts={
            "labels": names,
            "sequence": inputs[first],
            "targets": rows[first],
            "loss_steps": "last" if single else "every",
        },
    )


def _numbers(
    inputs: Sequence[Array], targets: Numbers, parts: Split, choices: Choices, same: Scale | None
) -> Task:
    """Numbers at each step; with the scale of the inputs, their own next step."""
    ahead = same is not None
    if choices.bidirectional and ahead:
        raise EngineError(
            "bidirectional: it came for a forecast, and who reads backward has seen the future"
        )
    scale = same or scale_of(at(targets.values, parts.train))
    answers = [scale(array) for array in targets.values]
    outputs = len(targets.columns)
    network = Network(Vectors(inputs[0].shape[1]), choices.stack(), Regression(outputs))
    learned, asked, test = _samples(inputs, answers, parts)
    right = at(answers, parts.test)
    simple = at(inputs, parts.test) if ahead else [np.zeros_like(array) for array in right]
    baseline = _error(simple, right)
    first = parts.test[0]
    return Task(
        network=network,
        recipe=choices.recipe,
        learned=learned,
        asked=asked,
        test=test,
        measure=partial(_measure, network, test, baseline, ahead),
        parts={
            "labels": targets.columns,
            "sequence": inputs[first],
            "targets": answers[first],
        },
    )


def _error(answers: Sequence[Array], right: Sequence[Array]) -> float:
    """The root of the mean square of the differences, gaps left out."""
    differences = np.concatenate([a - b for a, b in zip(answers, right, strict=True)])
    known = differences[np.isfinite(differences)]
    if not len(known):
        raise EngineError("data: nothing of what is kept for the test has a target")
    return math.sqrt(float(np.mean(known**2)))


def _measure(
    network: Network, test: Samples, baseline: float, ahead: bool, weights: Weights
) -> Measured:
    found = evaluate(network, weights, test)
    count = sum(int(np.isfinite(array).sum()) for array in test.targets)
    error = math.sqrt(2 * found.loss * found.n / count)
    simple = "Saying that the next step is like this one" if ahead else "Always saying the mean"
    share = "" if found.r2 is None else f", R2 {found.r2:.3f}"
    return Measured(
        Score(MEASURE, error, baseline, count),
        (
            f"Held out: the root mean square error is {error:.3f} standard deviations over "
            f"{count:,} numbers{share}. {simple} gives {baseline:.3f}.",
        ),
    )
