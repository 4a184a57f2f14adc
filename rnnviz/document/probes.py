"""The synthetic probes: tasks made up to show one ability of a network at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import final

from rnnviz.document.examples import AnyExamples
from rnnviz.document.probe_brackets import brackets
from rnnviz.document.probe_dates import LONGEST, SHORTEST, dates
from rnnviz.document.probe_grammar import MAX_DISTANCE, agreeing_verb, agreement, agreement_words
from rnnviz.document.probe_memory import (
    ADDING_BASELINE,
    adding,
    copying,
    parity,
    recall,
    whole,
)
from rnnviz.engine.errors import UnknownError

__all__ = [
    "ADDING_BASELINE",
    "PROBES",
    "Probe",
    "adding",
    "agreeing_verb",
    "agreement",
    "agreement_words",
    "brackets",
    "copying",
    "dates",
    "parity",
    "probe",
    "recall",
]


@final
@dataclass(frozen=True)
class Probe:
    """A task whose examples are generated.

    Attributes
    ----------
    name
        What it is called in files and on the command line.
    title
        What people see.
    shows
        What ability a network needs for it.
    counted
        What `length` counts.
    shortest, usual, longest
        The values that `length` may have, and the one to begin with.
    make
        The generator: (count, seed, length) to examples.
    """

    name: str
    title: str
    shows: str
    counted: str
    shortest: int
    usual: int
    longest: int
    make: Callable[[int, int, int], AnyExamples]

    def generate(self, count: int, seed: int = 0, length: int | None = None) -> AnyExamples:
        """`count` examples; the same arguments give the same examples.

        Parameters
        ----------
        count
            1 to 100,000.
        seed
            0 or more.
        length
            `shortest` to `longest`; None is `usual`.

        Raises
        ------
        EngineError
            When an argument is out of its range.
        """
        steps = self.usual if length is None else length
        return self.make(count, seed, whole("length", steps, self.shortest, self.longest))


PROBES: tuple[Probe, ...] = (
    Probe(
        "copying",
        "Copy after a pause",
        "Holding several symbols, in order, while nothing comes in.",
        "steps of the pause",
        1,
        10,
        2_000,
        copying,
    ),
    Probe(
        "adding",
        "Adding problem",
        "Storing two numbers that are marked among many, and ignoring the others. Always to answer "
        "1 has a mean squared error of 1/6.",
        "steps",
        2,
        50,
        2_000,
        adding,
    ),
    Probe(
        "parity",
        "Parity",
        "Changing one bit of state at every 1 and keeping it at every 0; no symbol may be missed.",
        "bits",
        1,
        10,
        2_000,
        parity,
    ),
    Probe(
        "recall",
        "Delayed recall",
        "Holding one symbol while others pass by that mean nothing.",
        "symbols to be ignored",
        0,
        10,
        2_000,
        recall,
    ),
    Probe(
        "bracket-depth",
        "Bracket depth",
        "Counting up and down: one unit of the state can be the counter.",
        "brackets",
        1,
        12,
        2_000,
        brackets,
    ),
    Probe(
        "bracket-closing",
        "Which bracket closes",
        "A stack: what was opened last is closed first, whatever came in between.",
        "brackets",
        1,
        12,
        2_000,
        partial(brackets, question="closing"),
    ),
    Probe(
        "agreement",
        "Subject and verb",
        "Holding the number of the first noun over clauses with other nouns, to choose between was "
        "and were.",
        "words between subject and verb",
        0,
        11,
        MAX_DISTANCE,
        agreement,
    ),
    Probe(
        "dates",
        "Dates",
        "Reading everything before writing: the parts of a date change their order and their form.",
        "characters of a date at most",
        SHORTEST,
        LONGEST,
        LONGEST,
        dates,
    ),
)
"""All probes, in the order in which they are offered."""


def probe(name: str) -> Probe:
    """The probe of that name.

    Raises
    ------
    UnknownError
        When there is none.
    """
    for found in PROBES:
        if found.name == name:
            return found
    raise UnknownError("probe", name, tuple(p.name for p in PROBES))
