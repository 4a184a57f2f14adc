"""Fair clocks: contenders take turns, so that whatever else the machine does hits all of them."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Mapping

from tests.benchmarks.problem import Run

SAMPLE = 1e-3
"""A sample repeats a short evaluation until it takes about so many seconds."""

MOST = 400
"""Samples of one contender, at most."""


def _sample(run: Run, repeats: int) -> float:
    """Seconds a call."""
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) / repeats


def medians(runs: Mapping[str, Run], budget: float, least: int) -> dict[str, float]:
    """Median seconds of each contender.

    Parameters
    ----------
    runs : mapping
        Name -> one evaluation.
    budget : float
        Seconds for all samples together; warming up comes on top, two calls each.
    least : int
        Rounds that are taken even where the budget is spent.
    """
    repeats: dict[str, int] = {}
    for name, run in runs.items():
        run()
        repeats[name] = max(1, math.ceil(SAMPLE / _sample(run, 1)))
    samples: dict[str, list[float]] = {name: [] for name in runs}
    end = time.perf_counter() + budget
    for taken in range(MOST):
        if taken >= least and time.perf_counter() > end:
            break
        for name, run in runs.items():
            samples[name].append(_sample(run, repeats[name]))
    return {name: statistics.median(times) for name, times in samples.items()}
