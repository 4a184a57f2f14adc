"""The equations of what is inspected with their numbers, kept as long as they are the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import final

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.single_losses import one_loss
from rnnviz.engine.errors import EngineError
from rnnviz.engine.expressions import Symbol
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.rendering import Piece
from rnnviz.engine.story import (
    GradientLines,
    Lines,
    Operation,
    backward_story,
    forward_story,
)
from rnnviz.engine.story.gradient_lines import back_lines
from rnnviz.engine.story.lines import EQUALS, by_name, lines_of
from rnnviz.engine.story.step import Step, take_step
from rnnviz.engine.text import number as written
from rnnviz.engine.text import pieces
from rnnviz.panels.inspector.labels import labelled
from rnnviz.panels.inspector.subject import Subject


@final
@dataclass(frozen=True, eq=False)
class Account:
    """What is known of a subject.

    Attributes
    ----------
    subject : Subject
        Of what.
    step : Step
        The values of the step that is told.
    operation : Operation or None
        What makes the quantity; None where it is given from outside.
    lines : tuple of Lines
        Its equation; of an output also those of what follows from it.
    operations : tuple of Operation
        The operations of these lines.
    back : GradientLines or None
        The chain rule.
    gradients : Gradients or None
        Those that are shown.
    value : float or None
        The number of a quantity without an equation.
    """

    subject: Subject
    step: Step
    operation: Operation | None
    lines: tuple[Lines, ...] = ()
    operations: tuple[Operation, ...] = ()
    back: GradientLines | None = None
    gradients: Gradients | None = None
    value: float | None = None

    @property
    def path(self) -> str:
        """Where the trace has the quantity; "" where it has not."""
        return self.subject.path if self.operation is None else self.operation.path

    @property
    def unit(self) -> int:
        """The unit, as far as the quantity has so many."""
        if self.operation is None or self.operation.value.ndim == 0:
            return self.subject.unit
        return min(self.subject.unit, len(self.operation.value) - 1)


@final
class Accounts:
    """Makes accounts; the last ones are kept."""

    def __init__(self) -> None:
        self._known: list[tuple[Evaluation, Subject, Account]] = []

    def keep(self, evaluations: tuple[Evaluation | None, ...]) -> None:
        """Forget all accounts but those of some evaluations, which may be large."""
        self._known = [one for one in self._known if any(one[0] is e for e in evaluations)]

    def of(self, evaluation: Evaluation, subject: Subject) -> Account:
        """The account of a subject."""
        for seen, one, account in self._known:
            if seen is evaluation and one == subject:
                return account
        account = _account(evaluation, subject)
        self._known = [(evaluation, subject, account), *self._known[:3]]
        return account


def _account(evaluation: Evaluation, subject: Subject) -> Account:
    subject = _at_the_head(evaluation, subject)
    trace = evaluation.trace
    step = take_step(trace, subject.part, subject.step)
    if subject.kind == "backward":
        return _backward(evaluation, subject, step)
    story = forward_story(trace, subject.part, subject.step)
    operation = _operation(story, subject)
    if operation is None:
        value = _given(evaluation, subject)
        shown_lines = () if value is None else (_given_lines(subject, step, value),)
        return Account(subject, step, None, shown_lines, value=value)
    shown = (operation, *_following(operation, story, subject))
    found = Account(subject, step, operation, operations=shown)
    lines = (
        labelled(lines_of(one, step, _unit(one, subject)), one, step, evaluation) for one in shown
    )
    return replace(found, lines=tuple(lines))


def _unit(operation: Operation, subject: Subject) -> int:
    return 0 if operation.value.ndim == 0 else min(subject.unit, len(operation.value) - 1)


def _at_the_head(evaluation: Evaluation, subject: Subject) -> Subject:
    """The head of a network that answers once reads the step that is read last."""
    at_head = subject.path.startswith("head/") or subject.kind == "loss"
    if not (at_head and evaluation.document.network.single):
        return subject
    last = 0 if subject.part.endswith("/backward") else evaluation.trace.steps - 1
    return replace(subject, step=last)


def _operation(story: tuple[Operation, ...], subject: Subject) -> Operation | None:
    if subject.operation is not None and subject.operation < len(story):
        return story[subject.operation]
    known = by_name([(one, one) for one in story])
    wanted = "L" if subject.kind == "loss" else subject.path
    return known.get(wanted) or (None if "head/" in wanted else known.get(subject.symbol))


def _following(
    operation: Operation, story: tuple[Operation, ...], subject: Subject
) -> tuple[Operation, ...]:
    """What is made of an output: its probability and the loss; what a loss is made of."""
    if operation.scope != "head" or subject.operation is not None:
        return ()
    after = ("p", "L") if operation.name == "y" else ("L",) if operation.name == "p" else ()
    return tuple(one for one in story if one.scope == "head" and one.name in after)


def _given(evaluation: Evaluation, subject: Subject) -> float | None:
    try:
        values = evaluation.trace[subject.path][:, 0]
    except EngineError:
        return None
    step = min(subject.step, len(values) - 1)
    return float(values[step, min(subject.unit, values.shape[1] - 1)])


def _given_lines(subject: Subject, step: Step, value: float) -> Lines:
    """A number that comes from outside, such as an input: `x₃ = 1.26`."""
    name = subject.symbol
    shown = Piece(written(value), hue=name[:1], kind="number")
    symbols = pieces(Symbol(name), at=step.at) if name.isidentifier() else (Piece(name),)
    return Lines(name, symbols, (), (EQUALS, shown), (), value)


def _backward(evaluation: Evaluation, subject: Subject, step: Step) -> Account:
    gradients = evaluation.gradients
    if subject.loss_step is not None:
        gradients = one_loss(evaluation, subject.loss_step)
    assert gradients is not None
    records = backward_story(gradients, subject.part, subject.step)
    operation = _operation(tuple(record.operation for record in records), subject)
    found = Account(subject, step, operation, gradients=gradients)
    if operation is None:
        return replace(found, value=_given_gradient(gradients, subject))
    name = operation.path if operation.scope == "head" and operation.path else operation.name
    back = back_lines(records, name, _unit(operation, subject))
    back = replace(back, lines=labelled(back.lines, operation, step, evaluation))
    return replace(found, back=back, lines=(back.lines,))


def _given_gradient(gradients: Gradients, subject: Subject) -> float | None:
    try:
        values = gradients[subject.path][:, 0]
    except EngineError:
        return None
    step = min(subject.step, len(values) - 1)
    return float(values[step, min(subject.unit, values.shape[1] - 1)])
