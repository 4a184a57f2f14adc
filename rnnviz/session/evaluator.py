"""The evaluator: small documents are computed at once, large ones in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from threading import Event
from typing import TypeAlias, final

from PySide6.QtCore import QObject, Signal, Slot

from rnnviz.document.document import Document
from rnnviz.document.evaluate import Evaluation, evaluate
from rnnviz.document.places import FREE_STEPS
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.session.runner import Report, Runner

Evaluate: TypeAlias = Callable[[Document], Evaluation | None]

ABOUT = ("title", "notes", "language", "licence", "source", "columns", "seed", "scheme")
UNSEEN = frozenset((*ABOUT, "recipe", "history", "score", "clip"))
"""The parts of a document that its evaluation does not read."""

SMALL = 5_000_000
"""The `cost` up to which a document is computed at once; about 3 ms."""

PER_STEP = 5_000
"""What a step costs beside its products, in weights."""


def cost(document: Document) -> int:
    """About how much there is to compute: steps times weights."""
    steps = document.steps
    if isinstance(document.network, EncoderDecoder):
        targets = document.targets
        steps += FREE_STEPS if targets is None else len(targets)
    return steps * (document.network.parameter_count + PER_STEP)


def renewed(known: Evaluation | None, document: Document) -> Evaluation | None:
    """The known evaluation for a document that differs only in what is not evaluated, or None."""
    if known is None:
        return None
    seen = (field.name for field in fields(document) if field.name not in UNSEEN)
    if any(getattr(known.document, name) is not getattr(document, name) for name in seen):
        return None
    return replace(known, document=document)


@final
class Evaluator(QObject):
    """Computes documents; an answer never comes after that of a newer question.

    Parameters
    ----------
    runner : Runner
        For documents that are not small.
    compute : callable, optional
        Document -> evaluation, or None for an empty sequence.
    parent : QObject, optional
        The owner.
    """

    answered = Signal(object, object)
    """A document was computed in the background: the document and its evaluation."""
    failed = Signal(object)
    """A document could not be computed in the background: the `Report`."""

    def __init__(
        self, runner: Runner, compute: Evaluate = evaluate, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner, self._compute = runner, compute
        runner.finished.connect(self._finish)
        runner.failed.connect(self._fail)

    def is_small(self, document: Document) -> bool:
        """Whether a document is to be computed at once."""
        return cost(document) <= SMALL

    def compute(self, document: Document) -> Evaluation | None:
        """The evaluation, at once.

        Raises
        ------
        Exception
            Whatever the computation raises.
        """
        return self._compute(document)

    def request(self, document: Document) -> None:
        """Compute a document in the background; `answered` comes later."""

        def work(_: Event) -> Evaluation | None:
            return self._compute(document)

        self._runner.request(document, work)

    def forget(self) -> None:
        """Drop all answers that are still to come."""
        self._runner.cancel()

    @Slot(object, object)
    def _finish(self, document: Document, evaluation: Evaluation | None) -> None:
        self.answered.emit(document, evaluation)

    @Slot(object, object)
    def _fail(self, _: Document, report: Report) -> None:
        self.failed.emit(report)
