"""What the reader wishes of the document: other words, numbers, targets, gates that are held."""

from __future__ import annotations

from difflib import get_close_matches
from typing import final

import numpy as np
from PySide6.QtWidgets import QApplication

from rnnviz.document.document import Document
from rnnviz.document.edits import (
    AddWord,
    DeleteToken,
    Edit,
    HoldQuantity,
    InsertToken,
    InsertVector,
    MoveToken,
    PasteTokens,
    PasteVectors,
    ReleaseQuantity,
    SetTargets,
    SetToken,
    SetVectorValue,
)
from rnnviz.document.tokens import tokenise
from rnnviz.document.words import UNKNOWN
from rnnviz.engine.errors import EngineError
from rnnviz.panels.changing import DIGITS, Streak
from rnnviz.panels.panel import Panel

NEAREST = 3
SHOWN = 8
"""Words of a list."""


def fitting(document: Document, text: str) -> list[str]:
    """The words of the vocabulary that fit what is typed: first those that begin with it."""
    words = [word for word in document.vocabulary or () if word != UNKNOWN]
    plain = text.strip().lower()
    if not plain:
        return words[:SHOWN]
    begin = [word for word in words if word.lower().startswith(plain)]
    begin.sort(key=lambda word: (word != text.strip(), word.lower() != plain, len(word)))
    if len(begin) < SHOWN:
        begin += [word for word in nearest(document, text) if word not in begin]
    return begin[:SHOWN]


def nearest(document: Document, text: str, count: int = NEAREST) -> list[str]:
    """The words of the vocabulary that are most like a text."""
    words = {word.lower(): word for word in document.vocabulary or () if word != UNKNOWN}
    found = get_close_matches(text.strip().lower(), list(words), count, 0.5)
    return [words[word] for word in found]


@final
class Wishing:
    """Wishes edits for a panel; one that cannot be made is said in a sentence.

    Parameters
    ----------
    panel : Panel
        Which emits them.
    """

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self.streak = Streak()

    @property
    def document(self) -> Document:
        """The open document."""
        return self._panel.sight.frame.document

    @property
    def reads_words(self) -> bool:
        """Whether the sequence is one of words."""
        return isinstance(self.document.sequence, tuple) and self.document.vocabulary is not None

    def wish(self, edit: Edit) -> str:
        """Wish an edit; why it was refused, or nothing."""
        try:
            edit.apply(self.document)
        except EngineError as error:
            self._panel.refused.emit(str(error))
            return str(error)
        self._panel.edit_requested.emit(edit)
        return ""

    def wish_all(self, edits: list[Edit], label: str) -> str:
        """Wish several edits as one step of undo."""
        document = self.document
        try:
            for edit in edits:
                document = edit.apply(document)
        except EngineError as error:
            self._panel.refused.emit(str(error))
            return str(error)
        self._panel.edits_requested.emit(edits, label)
        return ""

    # ------------------------------------------------------------------------------- the words

    def put(self, step: int, text: str, insert: bool) -> str:
        """Put a text in the place of a word, or before it; several words become several steps."""
        document = self.document
        words = (
            [text]
            if document.tokeniser == "characters" and len(text) == 1
            else list(tokenise(text, document.tokeniser))
        )
        if text.strip() in (document.vocabulary or ()) or not words:
            words = [text]
        if insert and len(words) > 1:
            return self.wish(PasteTokens(" ".join(words), step))
        if insert:
            return self.wish(InsertToken(step, words[0]))
        if len(words) == 1:
            return self.wish(SetToken(step, words[0]))
        edits: list[Edit] = [SetToken(step, words[0])]
        edits += [InsertToken(step + n, word) for n, word in enumerate(words[1:], 1)]
        return self.wish_all(edits, edits[0].label)

    def add_word(self, step: int, word: str, insert: bool) -> str:
        """Add a word to the vocabulary and put it into the sequence."""
        put: Edit = InsertToken(step, word) if insert else SetToken(step, word)
        add = AddWord(word)
        return self.wish_all([add, put], add.label)

    def add_step(self, step: int) -> None:
        """Insert a vector like its neighbour."""
        sequence = self.document.sequence
        if isinstance(sequence, np.ndarray):
            size = self.document.input.size
            near = sequence[min(step, len(sequence)) - 1] if len(sequence) else np.zeros(size)
            self.wish(InsertVector(step, tuple(float(v) for v in near)))

    def delete(self, step: int) -> None:
        """Take a step away."""
        if self.document.steps:
            self.wish(DeleteToken(step))

    def move(self, step: int, to: int) -> None:
        """Take a step to another place."""
        if step != to:
            self.wish(MoveToken(step, to))

    def turn(self, step: int, by: int) -> bool:
        """The next word of the vocabulary, or the one before."""
        document = self.document
        if not self.reads_words or not isinstance(document.sequence, tuple):
            return False
        words = [word for word in document.vocabulary or () if word != UNKNOWN]
        if not words or step >= len(document.sequence):
            return False
        token = document.sequence[step]
        known = {word: place for place, word in enumerate(words)}
        place = known.get(token, known.get(token.lower(), -1 if by > 0 else 0))
        word = words[(place + by) % len(words)]
        self.wish(SetToken(step, word, gesture=self.streak.number(("turn", step))))
        return True

    def paste(self) -> None:
        """Put the clipboard in the place of the whole sequence."""
        text = QApplication.clipboard().text()
        self.wish(PasteTokens(text) if self.reads_words else PasteVectors(text))

    def set_input(self, step: int, unit: int, value: float, gesture: int | None = None) -> None:
        """Change a number that is read."""
        self.wish(SetVectorValue(step, unit, round(value, DIGITS), gesture=gesture))

    # -------------------------------------------------------------------- targets, gates, holds

    def hold(
        self, path: str, step: int, unit: int, value: float, gesture: int | None = None
    ) -> None:
        """Hold a quantity at a value at a step."""
        self.wish(HoldQuantity(path, step, round(value, 4), unit, gesture=gesture))

    def release(self, path: str, step: int, unit: int) -> None:
        """Release it."""
        self.wish(ReleaseQuantity(path, step, unit))

    def set_target(self, step: int, index: int) -> None:
        """Let a class be the right one at a step; the right one again for none."""
        document = self.document
        label = document.answers[index]
        targets = document.targets
        count = 1 if document.network.single else document.steps
        place = 0 if document.network.single else step
        if document.target_vocabulary is not None:
            self._set_written(place, label)
            return
        given: list[str | None] = [None] * count
        if isinstance(targets, tuple):
            given = list(targets)
        if place >= len(given):
            return
        given[place] = None if given[place] == label else label
        self.wish(SetTargets(tuple(given)))

    def _set_written(self, place: int, label: str) -> None:
        """The word that a decoder should write at a step."""
        targets = self.document.targets
        given = list(targets) if isinstance(targets, tuple) else []
        if place < len(given):
            given[place] = label
            self.wish(SetTargets(tuple(given)))

    def set_aim(self, step: int, index: int, value: float) -> None:
        """The number that should be answered."""
        document = self.document
        rows = 1 if document.network.single else document.steps
        place = 0 if document.network.single else step
        targets = document.targets
        width = len(document.answers)
        known = isinstance(targets, np.ndarray) and targets.shape == (rows, width)
        array = np.array(targets) if known else np.full((rows, width), np.nan)
        array[place, index] = value
        self.wish(SetTargets(array))
