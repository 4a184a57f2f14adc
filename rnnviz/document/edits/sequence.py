"""Edits of the sequence of tokens that the network looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from rnnviz.document.document import Document
from rnnviz.document.edits.base import Edit, EditError, check_step, shortened
from rnnviz.document.edits.fitting import rearranged
from rnnviz.document.texts import one_line, tr, whole
from rnnviz.document.tokens import tokenise
from rnnviz.document.words import Words
from rnnviz.engine.arrays import Array


def tokens_of(document: Document) -> Words:
    """The sequence, where it is one of tokens.

    Raises
    ------
    EditError
        The network reads vectors.
    """
    if not isinstance(document.sequence, tuple):
        raise EditError(f"token: the network reads vectors of {document.input.size} numbers")
    return document.sequence


def typed_token(document: Document, word: str) -> str:
    """One token as it was typed, without what cannot be seen.

    Raises
    ------
    EditError
        Nothing is left of it.
    """
    token = one_line(word)
    if document.tokeniser != "characters":
        token = token.strip()
    if not token:
        raise EditError("word: nothing came, expected at least one letter")
    return token


@final
@dataclass(frozen=True, eq=False)
class SetToken(Edit):
    """Put another word in the place of one."""

    places: ClassVar[tuple[str, ...]] = ("step",)

    step: int
    word: str

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        text = tr("Change word {number} to {word}")
        return text.format(number=self.step + 1, word=shortened(self.word))

    def _on(self, document: Document) -> Document:
        tokens = list(tokens_of(document))
        check_step("step", self.step, len(tokens))
        tokens[self.step] = typed_token(document, self.word)
        return document.changed(sequence=tuple(tokens))


@final
@dataclass(frozen=True, eq=False)
class InsertToken(Edit):
    """Insert a word before the one at `step`, or at the end."""

    places: ClassVar[tuple[str, ...]] = ("step",)

    step: int
    word: str

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Insert {word}").format(word=shortened(self.word))

    def _on(self, document: Document) -> Document:
        tokens = tokens_of(document)
        check_step("step", self.step, len(tokens) + 1)
        return inserted(document, self.step, (typed_token(document, self.word),))


def inserted(document: Document, step: int, words: Words) -> Document:
    """The document with `words` before the token at `step`."""
    tokens = tokens_of(document)
    old = list(range(len(tokens)))
    order = [*old[:step], *[None] * len(words), *old[step:]]
    return rearranged(document, (*tokens[:step], *words, *tokens[step:]), order)


@final
@dataclass(frozen=True, eq=False)
class DeleteToken(Edit):
    """Take the word, or the vector, at `step` away."""

    step: int

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Delete step {number}").format(number=self.step + 1)

    def _on(self, document: Document) -> Document:
        check_step("step", self.step, document.steps)
        return reordered(document, [s for s in range(document.steps) if s != self.step])


@final
@dataclass(frozen=True, eq=False)
class MoveToken(Edit):
    """Take the word, or the vector, at `step` to the place `to` of the sequence."""

    step: int
    to: int

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Move step {number} to {to}").format(number=self.step + 1, to=self.to + 1)

    def _on(self, document: Document) -> Document:
        check_step("step", self.step, document.steps)
        check_step("to", self.to, document.steps)
        order = [s for s in range(document.steps) if s != self.step]
        order.insert(self.to, self.step)
        return reordered(document, order)


def reordered(document: Document, order: list[int]) -> Document:
    """The document with some of its steps, in the given order."""
    sequence = document.sequence
    if isinstance(sequence, tuple):
        return rearranged(document, tuple(sequence[step] for step in order), order)
    taken: Array = sequence[np.array(order, np.intp)]
    return rearranged(document, taken, order)


@final
@dataclass(frozen=True, eq=False)
class PasteTokens(Edit):
    """Put a text in the place of the whole sequence, or before the token at `step`.

    What belongs to a step stays with it where old and new sequence begin or end alike.
    """

    text: str
    step: int | None = None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Paste {text}").format(text=shortened(one_line(self.text)))

    def _on(self, document: Document) -> Document:
        old = tokens_of(document)
        pieces = (one_line(t) for t in tokenise(whole(self.text), document.tokeniser))
        words = tuple(word for word in pieces if word)
        if not words:
            raise EditError("text: no word came, expected at least one")
        if self.step is not None:
            check_step("step", self.step, len(old) + 1)
            return inserted(document, self.step, words)
        return rearranged(document, words, _alike(old, words))


def _alike(old: Words, new: Words) -> list[int | None]:
    """For each new token the old one that it was: those of a common beginning and a common end."""
    least = min(len(old), len(new))
    begin = next((i for i in range(least) if old[i] != new[i]), least)
    rest = least - begin
    end = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    shift = len(old) - len(new)
    return [i if i < begin else i + shift if i >= len(new) - end else None for i in range(len(new))]
