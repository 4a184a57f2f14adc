"""Readers of the five forms in which examples come, for the shipped data and for the user's own.

========  =============================================================================
form      what the file holds
========  =============================================================================
labelled  ``text<TAB>label``, and maybe ``<TAB>score``, in every line
pairs     ``source<TAB>target`` in every line
tagged    a token and its tag in every line, a blank line after each sequence (CoNLL)
table     numbers in columns under a header (CSV); see the module ``table``
lines     one sequence in every line
========  =============================================================================

Every fault is a :class:`DataError` with the file and the line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeAlias

from rnnviz.document.examples import AnyExamples, Examples, Labels, Outputs, Tags
from rnnviz.document.plain import DataError, columns_of, read_text_lines, shown
from rnnviz.document.table import number_in, read_table
from rnnviz.document.tokens import Tokeniser, Tokens, tokenise

__all__ = [
    "DataError",
    "Form",
    "guess_form",
    "read",
    "read_labelled",
    "read_lines",
    "read_pairs",
    "read_table",
    "read_tagged",
]

Form: TypeAlias = Literal["labelled", "pairs", "tagged", "table", "lines"]

MAX_STEPS = 5_000_000
MAX_LABEL = 64
_CONLLU = 10


def read_labelled(
    path: Path, tokeniser: Tokeniser = "words", *, lower: bool = False
) -> Examples[Tokens]:
    """Texts with a label each: ``text<TAB>label`` or ``text<TAB>label<TAB>score``.

    Parameters
    ----------
    path
        A UTF-8 file. Blank lines are skipped.
    tokeniser, lower
        See :func:`rnnviz.document.tokens.tokenise`.

    Raises
    ------
    DataError
        When the file breaks this form.
    """
    cut = _Cutter(path)
    texts: list[Tokens] = []
    labels: list[str] = []
    scores: list[float] = []
    for number, (text, label, *score) in columns_of(path, read_text_lines(path), 2, 3):
        texts.append(cut(number, text, tokeniser, lower))
        labels.append(_word(path, number, label))
        scores.extend(_score(path, number, field) for field in score)
    return Examples(path.stem, tuple(texts), Labels(tuple(labels)), scores=tuple(scores))


def read_pairs(
    path: Path,
    source: Tokeniser = "words",
    target: Tokeniser = "words",
    *,
    lower: bool = False,
) -> Examples[Tokens]:
    """Pairs of sequences, one to be turned into the other: ``source<TAB>target``.

    Parameters
    ----------
    path
        A UTF-8 file. Blank lines are skipped.
    source, target
        How each side is cut into tokens.
    lower
        Whether capital letters of both sides become small ones.

    Raises
    ------
    DataError
        When the file breaks this form.
    """
    cut = _Cutter(path)
    sources, targets = [], []
    for number, (left, right) in columns_of(path, read_text_lines(path), 2, 2):
        sources.append(cut(number, left, source, lower))
        targets.append(cut(number, right, target, lower))
    return Examples(path.stem, tuple(sources), Outputs(tuple(targets)))


def read_lines(
    path: Path, tokeniser: Tokeniser = "words", *, lower: bool = False
) -> Examples[Tokens]:
    """One sequence in every line, to be continued; blank lines are skipped.

    Raises
    ------
    DataError
        When the file is no text.
    """
    cut = _Cutter(path)
    lines = enumerate(read_text_lines(path), 1)
    return Examples(
        path.stem,
        tuple(cut(n, line.strip(), tokeniser, lower) for n, line in lines if line.strip()),
    )


def read_tagged(path: Path, *, lower: bool = False) -> Examples[Tokens]:
    """A token and its tag in every line, with a blank line after each sequence.

    Columns are separated by tabs or, when the file has no tab, by spaces. The token is in the first
    column and the tag in the last; with the ten columns of CoNLL-U they are the second and the
    fourth, and lines of joined or left-out words are skipped. Lines that begin with ``#`` and hold
    no tab are notes in a file with tabs.

    Parameters
    ----------
    path
        A UTF-8 file.
    lower
        Whether capital letters of the tokens become small ones.

    Raises
    ------
    DataError
        When a line has one column, or not as many as the first.
    """
    lines = read_text_lines(path)
    separator = "\t" if any("\t" in line for line in lines) else None
    sequences: list[list[tuple[str, str]]] = [[]]
    count = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            sequences.append([])
        if not line.strip() or (separator and line.startswith("#") and "\t" not in line):
            continue
        fields = [field.strip() for field in line.split(separator)]
        count = count or len(fields)
        _check_tagged(path, number, fields, count)
        if count == _CONLLU and not fields[0].isdecimal():
            continue
        token, tag = (fields[1], fields[3]) if count == _CONLLU else (fields[0], fields[-1])
        sequences[-1].append((token.lower() if lower else token, _word(path, number, tag)))
    found = [list(zip(*pairs, strict=True)) for pairs in sequences if pairs]
    if not found:
        raise DataError(path, None, "no tokens", "a token and its tag in every line")
    return Examples(path.stem, tuple(t for t, _ in found), Tags(tuple(g for _, g in found)))


def _check_tagged(path: Path, number: int, fields: list[str], count: int) -> None:
    if len(fields) == 1:
        raise DataError(path, number, f"only {shown(fields[0])}", "a token and its tag")
    if len(fields) != count:
        raise DataError(path, number, f"{len(fields)} columns", f"{count} as in the lines before")
    if "" in fields:
        place = fields.index("") + 1
        raise DataError(path, number, f"column {place} is empty", "text in every column")


def guess_form(path: Path) -> Form:
    """The form of a file, from its ending, and for ``.txt`` from what is in it.

    ``.csv`` is a table, ``.conll`` and ``.conllu`` are tagged, ``.tsv`` is labelled. A ``.txt``
    whose lines all have a tab is tagged when blank lines stand between them and else labelled;
    any other is lines.

    Raises
    ------
    DataError
        When the ending is another one, or the file is no text.
    """
    by_ending: dict[str, Form] = {
        ".csv": "table",
        ".conll": "tagged",
        ".conllu": "tagged",
        ".tsv": "labelled",
    }
    ending = path.suffix.lower()
    if ending in by_ending:
        return by_ending[ending]
    if ending != ".txt":
        raise DataError(path, None, f"the ending {ending!r}", ".csv, .conll, .conllu, .tsv or .txt")
    lines = [line.strip(" ") for line in read_text_lines(path)]
    if not all("\t" in line for line in lines if line):
        return "lines"
    return "tagged" if "" in "\n".join(lines).strip("\n").split("\n") else "labelled"


def read(
    path: Path,
    form: Form | None = None,
    *,
    tokeniser: Tokeniser = "words",
    target: Tokeniser = "words",
    lower: bool = False,
) -> AnyExamples:
    """Read examples of any form.

    Parameters
    ----------
    path
        A UTF-8 file.
    form
        None lets :func:`guess_form` decide; pairs are never guessed.
    tokeniser, target
        How texts are cut into tokens, and the other side of pairs.
    lower
        Whether capital letters become small ones.

    Returns
    -------
    AnyExamples
        Named after the file.

    Raises
    ------
    DataError
        When the file breaks its form.
    """
    readers: dict[Form, Callable[[], AnyExamples]] = {
        "labelled": lambda: read_labelled(path, tokeniser, lower=lower),
        "pairs": lambda: read_pairs(path, tokeniser, target, lower=lower),
        "tagged": lambda: read_tagged(path, lower=lower),
        "table": lambda: read_table(path),
        "lines": lambda: read_lines(path, tokeniser, lower=lower),
    }
    return readers[form or guess_form(path)]()


class _Cutter:
    """Cuts texts of one file into tokens and counts them, so that memory stays bounded."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._steps = 0

    def __call__(self, number: int, text: str, how: Tokeniser, lower: bool) -> Tokens:
        tokens = tokenise(text, how, lower=lower)
        self._steps += len(tokens)
        if self._steps > MAX_STEPS:
            raise DataError(self._path, number, "more tokens", f"at most {MAX_STEPS} in a file")
        return tuple(map(sys.intern, tokens))


def _word(path: Path, number: int, text: str) -> str:
    if len(text) > MAX_LABEL:
        came = f"{shown(text)} as a label"
        raise DataError(path, number, came, f"a word of at most {MAX_LABEL} characters")
    return text


def _score(path: Path, number: int, text: str) -> float:
    score = number_in(text)
    if score is None:
        raise DataError(path, number, f"{shown(text)} as a score", "a finite number")
    return score
