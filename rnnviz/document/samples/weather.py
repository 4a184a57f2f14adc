"""Tomorrow's highest temperature in Seattle, from the weather of the last four weeks."""

from __future__ import annotations

from functools import cache, partial
from typing import NamedTuple

import numpy as np

from rnnviz.document.catalogue import load
from rnnviz.document.examples import Numbers, has_vectors
from rnnviz.document.history import Score
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.document.series import forecast
from rnnviz.engine.arrays import Array
from rnnviz.engine.batching import Samples
from rnnviz.engine.cells import find_cell
from rnnviz.engine.heads import Regression
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Adam, Cosine
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.weights import Weights

DAYS = 28
TEMPERATURE = "temp_max"
_TEST, _VALIDATION = 365, 200
_EPOCHS = 30


class Weather(NamedTuple):
    """The series, standardised by the days to learn from.

    Attributes
    ----------
    columns : tuple of str
        What is measured.
    mean, deviation : array `[columns]`
        Of the days to learn from.
    days : tuple of str
        The date of each step.
    inputs : array `[days, columns]`
        The weather of each day.
    targets : array `[days, 1]`
        The highest temperature of the day after it.
    """

    columns: tuple[str, ...]
    mean: Array
    deviation: Array
    days: tuple[str, ...]
    inputs: Array
    targets: Array

    @property
    def unit(self) -> float:
        """Degrees Celsius that one unit of the target stands for."""
        return float(self.deviation[self.columns.index(TEMPERATURE)])

    def windows(self, last: range) -> Samples:
        """The `DAYS` days that end with each of `last`."""
        pieces = [slice(end - DAYS + 1, end + 1) for end in last]
        return Samples([self.inputs[p] for p in pieces], [self.targets[p] for p in pieces])


@cache
def weather() -> Weather:
    """The weather of Seattle; the mean and the deviation are those of the first 895 days."""
    examples = load("seattle_weather")
    assert has_vectors(examples)
    ahead = forecast(examples, (TEMPERATURE,))
    assert isinstance(ahead.targets, Numbers)
    (inputs,), (targets,) = ahead.sequences, ahead.targets.values
    learned = inputs[: len(inputs) - _TEST - _VALIDATION]
    mean, deviation = learned.mean(axis=0), learned.std(axis=0)
    where = [ahead.columns.index(TEMPERATURE)]
    return Weather(
        ahead.columns,
        mean,
        deviation,
        ahead.marks[0],
        (inputs - mean) / deviation,
        (targets - mean[where]) / deviation[where],
    )


def _make() -> Task:
    data = weather()
    count = len(data.inputs)
    test, asked = count - _TEST, count - _TEST - _VALIDATION
    network = Network(Vectors(len(data.columns)), (Layer(find_cell("lstm"), 8),), Regression(1))
    tested = data.windows(range(test, count))
    return Task(
        network=network,
        recipe=Recipe(
            Adam(0.01),
            Cosine(_EPOCHS),
            epochs=_EPOCHS,
            batch_size=16,
            clip_norm=1.0,
            dtype="float32",
        ),
        learned=data.windows(range(DAYS - 1, asked, 3)),
        asked=data.windows(range(asked + DAYS - 1, test, 7)),
        test=tested,
        measure=partial(_measure, network, tested),
        parts={
            "columns": data.columns,
            "sequence": data.inputs[-DAYS:],
            "targets": data.targets[-DAYS:],
            "labels": ("temp_max of the next day",),
            "language": "en",
        },
    )


def _measure(network: Network, test: Samples, weights: Weights) -> Measured:
    data = weather()
    batch = network.batch(test.inputs)
    answers = network.forward(weights, batch).predictions[-1, :, 0]
    truth = np.array([targets[-1, 0] for targets in test.targets])
    where = data.columns.index(TEMPERATURE)
    today = np.array([inputs[-1, where] for inputs in test.inputs])
    network_error, same_error = (
        float(np.abs(guess - truth).mean()) * data.unit for guess in (answers, today)
    )
    scales = "; ".join(
        f"{name}: mean {mean:.2f}, deviation {deviation:.2f}"
        for name, mean, deviation in zip(data.columns, data.mean, data.deviation, strict=True)
    )
    return Measured(
        Score("mean error in °C (small is good)", network_error, same_error, len(truth)),
        (
            f"Held out, every day of 2015, each from the {DAYS} days before it: wrong by "
            f"{network_error:.2f} degrees on average. To say that tomorrow will be like today is "
            f"wrong by {same_error:.2f}; a straight line through the four numbers of today (least "
            f"squares) by {_of_a_line(data, test):.2f}.",
            f"Numbers are standardised: (value - mean) / deviation, with {scales}.",
        ),
    )


def _of_a_line(data: Weather, test: Samples) -> float:
    """The mean error, in degrees, of what is best foretold by today's weather alone."""
    learned = slice(0, len(data.inputs) - _TEST - _VALIDATION)
    rows = np.column_stack([data.inputs[learned], np.ones(learned.stop)])
    line = np.linalg.lstsq(rows, data.targets[learned], rcond=None)[0]
    asked = np.array([[*inputs[-1], 1.0] for inputs in test.inputs])
    truth = np.array([targets[-1, 0] for targets in test.targets])
    return float(np.abs((asked @ line)[:, 0] - truth).mean()) * data.unit


SAMPLES = (
    Sample(
        name="weather",
        title="Tomorrow's temperature in Seattle",
        task="forecast of tomorrow's highest temperature",
        shows=(
            "At every step the network has read the weather of one more day and says how warm the "
            "next day will be. The first answers of a window come from little; only the last one "
            "counts for the score. The weather of Seattle changes slowly, so that saying tomorrow "
            "will be like today is hard to beat, and the network does so by a few tenths of a "
            "degree only. It does not know the time of the year."
        ),
        data=("seattle_weather",),
        make=_make,
    ),
)
