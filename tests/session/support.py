"""Small documents, edits without any mathematics, and executors that run when a test says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, final

from PySide6.QtCore import SignalInstance

from rnnviz.document.document import Document
from rnnviz.document.edits.base import Edit, EditError
from rnnviz.document.new import new_document


def small(**parts: Any) -> Document:
    """An LSTM of four units on four words."""
    return new_document("lstm", 4, title="A").changed(**parts)


@final
@dataclass(frozen=True, eq=False)
class Rename(Edit):
    """Give a document another title, a new object even if the title is the same."""

    places = ("place",)

    title: str
    place: str = ""

    @property
    def label(self) -> str:
        return f"Call it {self.title}"

    def _on(self, document: Document) -> Document:
        return replace(document, title=self.title)


@final
@dataclass(frozen=True, eq=False)
class Nothing(Edit):
    """Change nothing."""

    @property
    def label(self) -> str:
        return "Nothing"

    def _on(self, document: Document) -> Document:
        return document


@final
@dataclass(frozen=True, eq=False)
class Refuse(Edit):
    """Cannot be made."""

    error: Exception = field(default_factory=lambda: EditError("step: 9 came, expected 0 to 3"))

    @property
    def label(self) -> str:
        return "Refuse"

    def _on(self, _: Document) -> Document:
        raise self.error


class Heard(list[tuple[Any, ...]]):
    """What a signal said."""

    def __init__(self, signal: SignalInstance) -> None:
        super().__init__()
        self._signal = signal
        signal.connect(lambda *values: self.append(values))


@final
class Inline:
    """Runs jobs at once, in the thread of the caller."""

    def submit(self, job: Callable[[], None], /) -> None:
        job()

    def shutdown(self, wait: bool = True) -> None:
        assert wait


@final
class Manual:
    """Runs jobs when told."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], None]] = []
        self.stopped = False

    def submit(self, job: Callable[[], None], /) -> None:
        self.jobs.append(job)

    def shutdown(self, wait: bool = True) -> None:
        assert wait
        self.stopped = True

    def run(self) -> None:
        self.jobs.pop(0)()
