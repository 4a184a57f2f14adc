"""Edits of what is said about a document, and of what it remembers of its training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt

from rnnviz.document.document import Document
from rnnviz.document.edits.base import Edit
from rnnviz.document.edits.weights import with_weights
from rnnviz.document.history import History, Score
from rnnviz.document.texts import one_line, several_lines, tr
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.weights import Weights


@final
@dataclass(frozen=True, eq=False)
class SetTitle(Edit):
    """Change the title."""

    places: ClassVar[tuple[str, ...]] = ()

    title: str

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Change the title")

    def _on(self, document: Document) -> Document:
        return document.changed(title=one_line(self.title).strip())


@final
@dataclass(frozen=True, eq=False)
class SetNotes(Edit):
    """Change the notes, which are plain text."""

    places: ClassVar[tuple[str, ...]] = ()

    notes: str

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Change the notes")

    def _on(self, document: Document) -> Document:
        return document.changed(notes=several_lines(self.notes))


@final
@dataclass(frozen=True, eq=False)
class SetRecipe(Edit):
    """Choose how the network is to be trained."""

    recipe: Recipe

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Change the training")

    def _on(self, document: Document) -> Document:
        return document.changed(recipe=self.recipe)


@final
@dataclass(frozen=True, eq=False)
class SetTraining(Edit):
    """Keep a training run: its recipe, its history, and the weights that it ended with.

    Attributes
    ----------
    recipe : Recipe
        How it was trained.
    history : History or None
        Its moments.
    vector : array or None
        The weights, such as the best ones; None for those of the last moment.
    score : Score or None
        How well they do on data held out.
    """

    recipe: Recipe
    history: History | None
    vector: npt.NDArray[Any] | None = None
    score: Score | None = None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Train the network")

    def _on(self, document: Document) -> Document:
        vector = self.vector
        if vector is None and self.history is not None:
            vector = self.history.moments[-1].vector
        found = document.changed(recipe=self.recipe, history=self.history)
        if vector is None:
            return found
        old = document.weights
        weights = Weights(old.layout, np.array(vector, old.vector.dtype))
        return with_weights(found, weights, self.score).changed(score=self.score)
