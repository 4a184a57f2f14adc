"""Frames: small documents at once, large ones when they are ready, and the ghosts behind them."""

from dataclasses import fields, replace

import numpy as np
import pytest

from rnnviz.document.document import Clip, Document
from rnnviz.document.evaluate import Evaluation, evaluate
from rnnviz.document.history import Score
from rnnviz.document.new import new_document
from rnnviz.engine.recipes import Recipe
from rnnviz.session.evaluator import SMALL, UNSEEN, Evaluator, cost, renewed
from rnnviz.session.frame import Frame
from rnnviz.session.projector import Projector
from rnnviz.session.runner import Runner
from tests.session.support import Heard, Manual, small


class Scene:
    """A projector whose worker runs when told, and which finds every document large if asked."""

    def __init__(self, document: Document, large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        self.computed: list[Document] = []
        self.manual = Manual()
        self.fault: Exception | None = None
        self.runner = Runner("test", self.manual)
        evaluator = Evaluator(self.runner, self.compute)
        if large:
            monkeypatch.setattr(Evaluator, "is_small", lambda *_: False)
        self.projector = Projector(document, evaluator)
        self.evaluator = evaluator
        self.frames = Heard(self.projector.frame_changed)

    def compute(self, document: Document) -> Evaluation | None:
        self.computed.append(document)
        if self.fault is not None:
            raise self.fault
        return evaluate(document)

    @property
    def frame(self) -> Frame:
        return self.projector.frame

    def is_stale(self) -> bool:
        return self.frame.stale


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(small(), False, monkeypatch)


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Scene:
    scene = Scene(small(), True, monkeypatch)
    scene.projector.show(scene.frame.document)
    scene.manual.run()
    return scene


def other(document: Document, factor: float = 2.0) -> Document:
    weights = document.weights
    return document.changed(weights=weights.replace({"head/V": weights["head/V"] * factor}))


def test_a_small_document_is_shown_in_one_frame(near: Scene) -> None:
    first = near.frame
    assert (first.stale, first.evaluation, first.trace, first.gradients) == (True, None, None, None)
    near.projector.show(first.document)
    frame = near.frame
    assert near.frames == [(frame, first)]
    assert frame.evaluation is not None
    assert not frame.stale
    assert frame.evaluation.document is first.document
    assert frame.trace is frame.evaluation.trace
    assert frame.gradients is frame.evaluation.gradients


def test_a_large_document_is_shown_stale_and_then_with_its_numbers(far: Scene) -> None:
    first, second = far.frame, other(far.frame.document)
    assert not first.stale
    far.projector.show(second)
    stale = far.frame
    assert stale.stale
    assert (stale.document, stale.evaluation) == (second, first.evaluation)
    far.manual.run()
    assert not far.is_stale()
    assert far.frame.evaluation is not None
    assert far.frame.evaluation.document is second
    assert far.frames[-2:] == [(stale, first), (far.frame, stale)]


def test_answers_on_the_way_are_shown_as_stale(far: Scene) -> None:
    document = far.frame.document
    drag = [other(document, factor) for factor in (2.0, 3.0, 4.0)]
    for each in drag:
        far.projector.show(each)
    far.manual.run()
    assert far.is_stale()
    assert far.frame.document is drag[2]
    assert far.frame.evaluation is not None
    assert far.frame.evaluation.document is drag[0]
    far.manual.run()
    assert not far.is_stale()
    assert far.computed == [document, drag[0], drag[2]]


def test_an_answer_from_before_does_not_replace_a_newer_frame(far: Scene) -> None:
    first = far.frame.document
    far.projector.show(other(first))
    far.projector.show(first)
    frame = far.frame
    assert not frame.stale
    far.manual.run()
    assert far.frame is frame


def test_opening_drops_what_was_under_way(far: Scene) -> None:
    far.projector.show(other(far.frame.document))
    far.projector.restart(new_document("gru", 3))
    blank = far.frame
    assert (blank.stale, blank.evaluation) == (True, None)
    far.manual.run()
    far.manual.run()
    assert not far.is_stale()
    assert far.computed[-1] is far.frame.document


def test_the_empty_sequence_has_a_frame_without_numbers(far: Scene) -> None:
    empty = far.frame.document.changed(sequence=())
    far.projector.show(empty)
    assert (far.frame.stale, far.frame.evaluation) == (False, None)


@pytest.mark.parametrize("scene", ["near", "far"])
def test_a_fault_in_the_computation_is_reported(scene: str, request: pytest.FixtureRequest) -> None:
    at: Scene = request.getfixturevalue(scene)
    at.projector.show(at.frame.document)
    first, at.fault = at.frame, ZeroDivisionError("no")
    failed = Heard(at.projector.failed)
    at.projector.show(other(first.document))
    while at.manual.jobs:
        at.manual.run()
    ((report,),) = failed
    assert report.sentence == "ZeroDivisionError: no"
    assert at.is_stale()
    assert at.frame.evaluation is first.evaluation
    at.fault = None
    at.projector.show(other(first.document, 3.0))
    while at.manual.jobs:
        at.manual.run()
    assert not at.is_stale()


def test_the_ghost_is_what_was_seen_before(near: Scene) -> None:
    near.projector.show(near.frame.document)
    first = near.frame
    near.projector.show(other(first.document), "new")
    second, ghost = near.frame, near.frame.ghost
    assert ghost is not None
    assert (ghost.document, ghost.evaluation) == (first.document, first.evaluation)
    near.projector.show(other(first.document, 3.0), "kept")
    assert near.frame.ghost is ghost
    near.projector.show(other(first.document, 4.0), "new")
    assert near.frame.ghost is not None
    assert near.frame.ghost.ghost is None
    assert near.frame.ghost.document is not second.document
    near.projector.show(first.document)
    assert near.frame.ghost is None


def test_the_ghost_can_be_cleared(near: Scene) -> None:
    near.projector.show(near.frame.document)
    near.projector.show(other(near.frame.document), "new")
    shown = near.frame
    near.projector.clear_ghost()
    assert near.frame.ghost is None
    assert near.frame.evaluation is shown.evaluation
    count = len(near.frames)
    near.projector.clear_ghost()
    assert len(near.frames) == count


def test_the_ghost_of_a_stale_frame_is_what_was_really_seen(far: Scene) -> None:
    first = far.frame.document
    far.projector.show(other(first), "new")
    far.projector.show(other(first, 3.0), "new")
    ghost = far.frame.ghost
    assert ghost is not None
    assert not ghost.stale
    assert ghost.document is first
    assert Frame(first, stale=True).as_seen() is None


def test_the_ghost_after_a_preview_is_what_was_before_it(near: Scene) -> None:
    near.projector.show(near.frame.document)
    first = near.frame
    for factor in (2.0, 3.0):
        near.projector.show(other(first.document, factor), "kept", preview=True)
        assert near.frame.preview
    near.projector.show(other(first.document, 4.0), "new")
    assert not near.frame.preview
    assert near.frame.ghost is not None
    assert near.frame.ghost.evaluation is first.evaluation


def test_words_alone_are_not_computed_again(near: Scene) -> None:
    near.projector.show(near.frame.document)
    first = near.frame
    changes = {
        "title": "B", "notes": "n", "language": "en", "licence": "MIT", "source": "s", "seed": 3,
        "recipe": Recipe(epochs=3), "score": Score("accuracy", 0.5), "clip": Clip("norm", 2.0),
    }  # fmt: skip
    document = first.document
    for name, value in changes.items():
        document = document.changed(**{name: value})
        near.projector.show(document)
        assert not near.frame.stale
        assert near.frame.trace is first.trace
        assert near.frame.gradients is first.gradients
        assert near.frame.evaluation is not None
        assert near.frame.evaluation.document is document
    assert near.computed == [first.document]
    assert set(changes) <= UNSEEN


def test_what_is_not_seen_changes_no_number() -> None:
    """Each part of a document is either known to change nothing, or leads to a new computation."""
    document = small()
    first = evaluate(document)
    assert first is not None
    assert {field.name for field in fields(Document)} > UNSEEN
    for name, value in (("title", "B"), ("clip", Clip("value", 1e-3)), ("seed", 5)):
        again = evaluate(document.changed(**{name: value}))
        assert again is not None
        assert again.gradients is not None
        assert first.gradients is not None
        np.testing.assert_array_equal(
            again.gradients.weights.vector, first.gradients.weights.vector
        )
    assert renewed(first, document.changed(targets=("positive",))) is None
    assert renewed(first, other(document)) is None
    assert renewed(None, document) is None


def test_the_cost_tells_small_from_large() -> None:
    sixteen = new_document("lstm", 16, tuple("abcdefghijklmnop"))
    thousand = new_document("lstm", 256, tuple("ab" * 500))
    assert cost(sixteen) < SMALL < cost(thousand)
    evaluator = Evaluator(Runner("test", Manual()))
    assert evaluator.is_small(sixteen)
    assert not evaluator.is_small(replace(thousand, title="long"))
