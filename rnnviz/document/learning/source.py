"""Where examples come from: a file of one's own, or a data set that comes with rnnviz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, final

from rnnviz.document.catalogue import find, load
from rnnviz.document.examples import PARTS, AnyExamples, Split, split
from rnnviz.document.reading import Form, guess_form, read, read_lines
from rnnviz.document.tokens import Tokeniser
from rnnviz.engine.errors import EngineError

T = TypeVar("T")

VALIDATION, TEST = 0.1, 0.15
"""The shares of the examples that are asked while training, and at the end."""
FEWEST = 6
_FEW_WORDS = 2
"""Lines of so few words are names and the like: their characters are learned."""


@final
@dataclass(frozen=True, eq=False)
class Source:
    """Examples, and what is to be said of them.

    Attributes
    ----------
    examples : Examples
        What is learned.
    tokeniser, lower
        How their texts were cut.
    name : str
        Of the data set or the file, without its ending.
    origin : str
        The name of the file; "" for a data set of the catalogue.
    """

    examples: AnyExamples
    tokeniser: Tokeniser
    lower: bool
    name: str
    origin: str = ""


def of_catalogue(name: str) -> Source:
    """A data set that comes with rnnviz."""
    entry = find(name)
    return Source(load(name), entry.tokeniser, entry.lower, name)


def of_file(
    path: Path,
    form: Form | None = None,
    tokeniser: Tokeniser | None = None,
    lower: bool = False,
) -> Source:
    """A file of one's own.

    Parameters
    ----------
    form : str, optional
        Of the file; guessed, if none is said. Pairs are never guessed.
    tokeniser : str, optional
        By default words; characters for lines of one or two words.

    Raises
    ------
    DataError
        The file breaks its form; with the line.
    """
    form = form or guess_form(path)
    how = tokeniser or ("characters" if form == "lines" and _is_names(path) else "words")
    target = tokeniser or "words"
    examples = read(path, form, tokeniser=how, target=target, lower=lower)
    return Source(examples, how, lower, path.stem, path.name)


def _is_names(path: Path) -> bool:
    lengths = sorted(read_lines(path, "spaces").lengths)
    return lengths[len(lengths) // 2] <= _FEW_WORDS


def parts_of(examples: AnyExamples, seed: int, shuffled: bool = True) -> Split:
    """To learn from, to choose the best moment, for the score: none of them empty.

    Raises
    ------
    EngineError
        Too few examples.
    """
    found = split(examples, validation=VALIDATION, test=TEST, seed=seed, shuffled=shuffled)
    if not (found.validation and found.test):
        counts = ", ".join(f"{len(getattr(found, part))} for {part}" for part in PARTS)
        raise EngineError(
            f"data: {len(examples)} examples came, expected at least {FEWEST}, because some are "
            f"kept for validation and for the test (now {counts})"
        )
    return found


def at(values: Sequence[T], places: Sequence[int]) -> list[T]:
    """The values at some places."""
    return [values[place] for place in places]
