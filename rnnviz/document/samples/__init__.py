"""The trained samples: small networks, each trained from data that come with rnnviz.

`python -m rnnviz.document.samples` trains all of them again and writes their files.
"""

from __future__ import annotations

from rnnviz.document.samples import (
    adding,
    agreement,
    clicks,
    entities,
    first_names,
    opening,
    promoters,
    sentiment,
    tagging,
    translation,
    vowels,
    weather,
)
from rnnviz.document.samples.sample import Measured, Sample, Task
from rnnviz.document.samples.training import train_sample
from rnnviz.engine.errors import UnknownError

SAMPLES: tuple[Sample, ...] = (
    *opening.SAMPLES,
    *sentiment.SAMPLES,
    *tagging.SAMPLES,
    *entities.SAMPLES,
    *translation.SAMPLES,
    *first_names.SAMPLES,
    *weather.SAMPLES,
    *promoters.SAMPLES,
    *vowels.SAMPLES,
    *clicks.SAMPLES,
    *agreement.SAMPLES,
    *adding.SAMPLES,
)
"""All samples, in the order in which they are offered; the first is what the program opens with."""


def find(name: str) -> Sample:
    """The sample called `name`.

    Raises
    ------
    UnknownError
        When there is none.
    """
    for sample in SAMPLES:
        if sample.name == name:
            return sample
    raise UnknownError("sample", name, tuple(sample.name for sample in SAMPLES))


__all__ = ["SAMPLES", "Measured", "Sample", "Task", "find", "train_sample"]
