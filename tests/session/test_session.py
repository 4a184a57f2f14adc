"""The session: an edit leads to a frame, and everything else follows in one order."""

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rnnviz.document.document import Document
from rnnviz.document.edits import (
    DeleteToken,
    HoldQuantity,
    InsertToken,
    MoveToken,
    PasteTokens,
    SetCell,
    SetDirection,
    SetHidden,
    SetLayers,
    SetTargets,
    SetToken,
    SetWeight,
    ZeroWeights,
)
from rnnviz.document.edits.base import Edit
from rnnviz.document.evaluate import evaluate
from rnnviz.document.new import new_document
from rnnviz.session.evaluator import Evaluator
from rnnviz.session.moments import Moment
from rnnviz.session.session import Session
from tests.session.support import Heard, Inline, Manual, Rename, small


@pytest.fixture
def session() -> Session:
    return Session(small(), executors=lambda _: Inline())


def test_it_opens_with_the_numbers(session: Session) -> None:
    frame = session.frame
    assert frame.document is session.store.document
    assert (frame.stale, frame.ghost, frame.preview) == (False, None, False)
    assert session.view.playhead.moment == Moment("forward", 0, 0)
    assert session.view.selector.selection.path == "layer0/forward/h"


def test_an_edit_leads_to_one_frame_with_its_ghost(session: Session) -> None:
    first, frames = session.frame, Heard(session.frame_changed)
    assert session.apply(SetToken(2, "very"))
    assert frames == [(session.frame, first)]
    assert session.frame.document.sequence == ("I", "am", "very", "happy")
    assert session.frame.ghost is not None
    assert session.frame.ghost.evaluation is first.evaluation
    session.clear_ghost()
    session.apply(Rename("B"))
    session.undo()
    session.undo()
    frame = session.frame
    assert frame.document is first.document
    assert frame.evaluation is not None
    assert [f.ghost is None for f, _ in frames] == [False, True, False, True, True]


def test_a_drag_has_the_ghost_of_its_beginning(session: Session) -> None:
    first = session.frame
    for number, value in enumerate((0.1, 0.2, 0.3)):
        session.apply(SetWeight("head/V", (0, 0), value, gesture=1))
        ghost = session.frame.ghost
        assert ghost is not None, number
        assert ghost.document is first.document
    middle = session.frame
    session.apply(SetWeight("head/V", (0, 0), 0.3, gesture=2))
    session.apply(SetWeight("head/V", (0, 0), 0.4, gesture=2))
    assert session.frame.ghost is not None
    assert session.frame.ghost.document is middle.document
    assert len(session.store.labels) == 2


def test_several_edits_are_one_step(session: Session) -> None:
    first, frames = session.frame.document, Heard(session.frame_changed)
    assert session.apply_all([Rename("B"), SetToken(0, "not")], "Both")
    assert len(frames) == 1
    session.undo()
    assert session.frame.document is first


def test_a_refused_edit_says_why_and_shows_nothing_new(session: Session) -> None:
    frames, refused = Heard(session.frame_changed), Heard(session.refused)
    edit = SetToken(9, "x")
    assert not session.apply(edit)
    assert frames == []
    ((came, sentence),) = refused
    assert came is edit
    assert "step: 9 came" in sentence


def test_the_frame_is_told_before_what_follows_from_it(session: Session) -> None:
    session.view.selector.select(path="layer0/forward/f", unit=3)
    session.view.playhead.go_to(Moment("forward", 3, 2))
    told: list[str] = []

    def frame(*_: object) -> None:
        told.append("frame")
        assert session.view.selector.selection.unit == 1
        assert session.view.playhead.moment.step == 2

    session.frame_changed.connect(frame)
    session.selection_changed.connect(lambda *_: told.append("selection"))
    session.moment_changed.connect(lambda *_: told.append("moment"))
    session.apply_all([SetHidden(2), DeleteToken(3)], "Both")
    assert told == ["frame", "selection", "moment"]
    session.undo()
    assert session.view.selector.selection.unit == 1


def test_the_playhead_tells_of_the_part_that_is_selected(session: Session) -> None:
    session.apply_all([SetLayers(2), SetDirection("both")], "Deeper")
    story = session.view.playhead.story
    session.view.selector.select(path="layer1/backward/h")
    assert not session.view.playhead.story.is_like(story)
    story = session.view.playhead.story
    session.view.selector.select(path="head/outputs")
    assert session.view.playhead.story.is_like(story)
    moments = Heard(session.moment_changed)
    session.view.playhead.next_operation()
    assert len(moments) == 1


def test_a_slot_may_answer_a_frame_with_an_edit(session: Session) -> None:
    told: list[str] = []

    def answer(*_: object) -> None:
        told.append(session.frame.document.title)
        if session.frame.document.title == "B":
            session.apply(Rename("C"))

    session.frame_changed.connect(answer)
    session.apply(Rename("B"))
    assert told == ["B", "C"]
    assert session.frame.document.title == "C"


def test_opening_begins_anew(session: Session) -> None:
    session.apply(SetToken(0, "not"))
    session.view.selector.select(unit=3)
    session.view.playhead.go_to_end()
    other = new_document("gru", 3)
    frames = Heard(session.frame_changed)
    session.open(other)
    assert frames[-1][0].document is other
    assert (session.frame.ghost, session.frame.stale) == (None, False)
    assert session.view.selector.selection.unit == 0
    assert session.view.playhead.moment == Moment("forward", 0, 0)
    assert not session.undo()


def test_a_large_document_is_stale_until_its_numbers_are_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Evaluator, "is_small", lambda *_: False)
    manual = Manual()
    session = Session(small(), executors=lambda name: manual if name == "computing" else Inline())
    assert session.view.playhead.moment == Moment("nothing")
    manual.run()
    assert session.view.playhead.moment == Moment("forward", 0, 0)
    session.apply(SetToken(0, "not"))
    stale = [session.frame.stale]
    manual.run()
    stale.append(session.frame.stale)
    assert stale == [True, False]


def test_another_weights_can_be_looked_at(session: Session) -> None:
    first = session.frame
    weights = first.document.weights
    other = weights.replace({"head/V": weights["head/V"] * 2.0})
    session.preview(other)
    assert session.frame.preview
    assert session.store.document is first.document
    np.testing.assert_array_equal(session.frame.document.weights["head/V"], other["head/V"])
    session.apply(SetToken(0, "not"))
    assert session.frame.preview
    assert session.frame.document.sequence[0] == "not"
    session.preview(None)
    assert session.frame.document is session.store.document
    session.preview(other)
    session.apply(ZeroWeights(("head/V",)))
    frame = session.frame
    assert not frame.preview
    assert frame.document is session.store.document


def test_a_fault_in_the_computation_leaves_the_old_numbers() -> None:
    faulty: list[bool] = []

    def compute(document: Document) -> object:
        if faulty:
            raise ZeroDivisionError
        return evaluate(document)

    session = Session(small(), executors=lambda _: Inline(), compute=compute)  # type: ignore[arg-type]
    failed, first = Heard(session.failed), session.frame
    faulty.append(True)
    session.apply(SetToken(0, "not"))
    assert len(failed) == 1
    assert session.frame.evaluation is first.evaluation
    faulty.clear()
    session.undo()
    assert not session.frame.stale


def test_closing_ends_everything(tmp_path: Path) -> None:
    session = Session(small())
    session.view.playhead.play()
    session.close()
    assert not session.view.playhead.is_playing
    assert list(tmp_path.iterdir()) == []


QUIT = """
from PySide6.QtGui import QGuiApplication
from rnnviz.engine.recipes import Recipe
from rnnviz.session.session import Session
from rnnviz.session.trainer import Lesson, own_samples
from tests.session.support import small
application = QGuiApplication([])
session = Session(small())
session.ring = session
document = session.frame.document
session.trainer.start(Lesson(document, own_samples(document), Recipe(epochs=10**6)))
session.trainer.progressed.connect(lambda *_: (session.trainer.pause(), application.quit()))
raise SystemExit(application.exec())
"""


def test_a_program_can_end_while_a_run_is_paused() -> None:
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-W", "error", "-c", QUIT]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")


edits = st.one_of(
    st.builds(SetToken, st.integers(0, 5), st.sampled_from(["not", "very", "", "xyz"])),
    st.builds(InsertToken, st.integers(0, 5), st.sampled_from(["I", "am"])),
    st.builds(DeleteToken, st.integers(0, 5)),
    st.builds(MoveToken, st.integers(0, 4), st.integers(0, 4)),
    st.builds(PasteTokens, st.sampled_from(["I am happy", "", "not"])),
    st.builds(SetHidden, st.integers(0, 5)),
    st.builds(SetLayers, st.integers(0, 3)),
    st.builds(SetCell, st.sampled_from(["lstm", "gru", "rnn", "cat"])),
    st.builds(SetDirection, st.sampled_from(["forward", "backward", "both"])),
    st.builds(SetTargets, st.sampled_from([None, ("negative",), ("cat",)])),
    st.builds(
        HoldQuantity,
        st.sampled_from(["layer0/forward/f", "layer0/forward/h", "layer9/forward/h"]),
        st.integers(0, 5),
        st.just(0.0),
    ),
    st.builds(
        SetWeight,
        st.just("head/V"),
        st.tuples(st.integers(0, 2), st.integers(0, 3)),
        st.floats(-2, 2) | st.just(float("nan")),
        gesture=st.sampled_from([None, 1, 2]),
    ),
)


class Sessions(RuleBasedStateMachine):
    """Any edits, also impossible ones, with undo, redo and steps of the playhead between them."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(small(), executors=lambda _: Inline())
        self.first = self.session.frame.document
        self.told = Heard(self.session.frame_changed)

    @rule(edit=edits)
    def edit(self, edit: Edit) -> None:
        before = self.session.store.document
        if not self.session.apply(edit):
            assert self.session.store.document is before

    @rule(steps=st.integers(1, 3))
    def undo(self, steps: int) -> None:
        for _ in range(steps):
            self.session.undo()

    @rule()
    def redo(self) -> None:
        self.session.redo()

    @rule(steps=st.integers(1, 30))
    def play(self, steps: int) -> None:
        for _ in range(steps):
            self.session.view.playhead.next_operation()

    @rule(unit=st.integers(0, 5), path=st.sampled_from(["layer0/forward/f", "layer1/backward/h"]))
    def select(self, unit: int, path: str) -> None:
        self.session.view.selector.select(unit=unit, path=path)

    @invariant()
    def all_parts_fit(self) -> None:
        session, frame = self.session, self.session.frame
        assert frame.document is session.store.document
        assert not frame.stale
        assert (frame.evaluation is None) == (frame.document.steps == 0)
        selection, moment = session.view.selector.selection, session.view.playhead.moment
        if frame.trace is not None:
            assert selection.unit < frame.trace[selection.path].shape[2]
            assert moment.operation < session.view.playhead.story.operations(
                moment.phase, moment.step
            )

    @invariant()
    def the_numbers_are_those_of_the_document(self) -> None:
        frame, again = self.session.frame, evaluate(self.session.frame.document)
        if frame.trace is not None and again is not None and frame.trace.logits is not None:
            np.testing.assert_array_equal(frame.trace.logits, again.trace.logits)

    @invariant()
    def the_frames_tell_one_story(self) -> None:
        if self.told:
            assert self.told[-1][0] is self.session.frame

    def teardown(self) -> None:
        while self.session.undo():
            pass
        last = self.session.frame.document
        assert last is self.first
        assert all(getattr(last, f.name) is getattr(self.first, f.name) for f in fields(Document))
        self.session.close()


TestSessions = Sessions.TestCase
TestSessions.settings = settings(max_examples=40, stateful_step_count=25)


def test_a_chosen_step_gives_way_to_the_playhead(session: Session) -> None:
    session.view.selector.select(unit=1, step=2)
    session.view.playhead.next_step()
    assert (session.view.selector.selection.unit, session.view.selector.selection.step) == (1, None)
