"""The probe of translation by characters: dates as people write them into ISO 8601."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from rnnviz.document.examples import Examples, Outputs
from rnnviz.document.probe_memory import generator, whole
from rnnviz.document.tokens import Tokens, characters

FIRST_DATE = date(1950, 1, 1)
LAST_DATE = date(2049, 12, 31)
"""A hundred years, so that two digits of a year say which."""

SHORTEST = 8
LONGEST = 29
"""The length of `Wednesday, September 30, 2026`."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _month(day: date) -> str:
    return _MONTHS[day.month - 1]


def _mon(day: date) -> str:
    return _month(day)[:3]


def _weekday(day: date) -> str:
    return _WEEKDAYS[day.weekday()]


def _ordinal(day: date) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return f"{day.day}{'th' if day.day in (11, 12, 13) else ending}"


DATE_FORMS: tuple[Callable[[date], str], ...] = (
    lambda d: f"{d.day} {_month(d)} {d.year}",
    lambda d: f"{d.day:02} {_month(d)} {d.year}",
    lambda d: f"{d.day} {_mon(d)} {d.year}",
    lambda d: f"{d.day} {_month(d).upper()} {d.year}",
    lambda d: f"{d.day} {_month(d).lower()} {d.year}",
    lambda d: f"{_month(d)} {d.day}, {d.year}",
    lambda d: f"{_mon(d)} {d.day}, {d.year}",
    lambda d: f"{_month(d).lower()} {d.day} {d.year}",
    lambda d: f"{_ordinal(d)} {_month(d)} {d.year}",
    lambda d: f"{_month(d)} {_ordinal(d)}, {d.year}",
    lambda d: f"the {_ordinal(d)} of {_month(d)} {d.year}",
    lambda d: f"{_weekday(d)}, {d.day} {_month(d)} {d.year}",
    lambda d: f"{_weekday(d)}, {_month(d)} {d.day}, {d.year}",
    lambda d: f"{_weekday(d)[:3]} {d.day} {_mon(d)} {d.year}",
    lambda d: f"{d.day}-{_mon(d)}-{d.year}",
    lambda d: f"{d.day:02}-{_mon(d)}-{d.year % 100:02}",
    lambda d: f"{d.day}.{d.month}.{d.year}",
    lambda d: f"{d.day:02}.{d.month:02}.{d.year}",
    lambda d: f"{d.day:02}.{d.month:02}.{d.year % 100:02}",
    lambda d: f"{d.year}/{d.month:02}/{d.day:02}",
    lambda d: f"{d.year}{d.month:02}{d.day:02}",
)
"""How people write dates. With dots the day stands first; with slashes, the year."""


def dates(count: int, seed: int = 0, length: int = LONGEST) -> Examples[Tokens]:
    """Dates in many forms, each with the same date as ``2026-03-03``, by characters.

    The order of the parts changes from form to form, names become numbers, and a weekday is to be
    ignored: an encoder has to have read everything before the decoder writes the first character.
    Dates are from 1950 to 2049.

    Parameters
    ----------
    count, seed
        1 to 100,000 examples; 0 or more.
    length
        The most characters of a written date, 8 to 29. Below 29 the long forms are left out.

    Returns
    -------
    Examples[Tokens]
        Sequences of at most `length` characters, outputs of 10.

    Raises
    ------
    EngineError
        When an argument is out of its range.
    """
    length = whole("length", length, SHORTEST, LONGEST)
    rng = generator(count, seed, length)
    days = rng.integers((LAST_DATE - FIRST_DATE).days + 1, size=count).tolist()
    texts, answers = [], []
    for day, chance in zip(days, rng.random(count).tolist(), strict=True):
        when = FIRST_DATE + timedelta(days=day)
        fitting = [text for form in DATE_FORMS if len(text := form(when)) <= length]
        texts.append(characters(fitting[int(chance * len(fitting))]))
        answers.append(characters(when.isoformat()))
    return Examples("dates", tuple(texts), Outputs(tuple(answers)))
