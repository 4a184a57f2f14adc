"""The store: what is done is undone to the same object, and what is refused changes nothing."""

import gc
import weakref

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rnnviz.document.document import Document
from rnnviz.document.edits import SetToken, SetWeight
from rnnviz.session.store import FEWEST, MOST, DocumentStore
from tests.session.support import Heard, Nothing, Refuse, Rename, small


@pytest.fixture
def store() -> DocumentStore:
    return DocumentStore(small())


def test_an_edit_is_made_undone_and_done_again(store: DocumentStore) -> None:
    first, changes = store.document, Heard(store.changed)
    assert store.apply(Rename("B"))
    second = store.document
    assert second.title == "B"
    assert (store.undo_text, store.redo_text) == ("Call it B", "")
    assert store.undo()
    assert store.document is first
    assert (store.undo_text, store.redo_text) == ("", "Call it B")
    assert store.redo()
    assert store.document is second
    assert changes == [(first, second), (second, first), (first, second)]


def test_there_is_nothing_before_the_beginning_and_after_the_end(store: DocumentStore) -> None:
    store.apply(Rename("B"))
    changes = Heard(store.changed)
    assert not store.redo()
    assert not store.go_to(2)
    store.undo()
    assert not store.undo()
    assert not store.go_to(-1)
    assert len(changes) == 1


def test_an_edit_that_changes_nothing_leaves_no_step(store: DocumentStore) -> None:
    changes, steps = Heard(store.changed), Heard(store.history_changed)
    assert store.apply(Nothing())
    assert store.apply_all([Nothing(), Nothing()], "Two")
    assert store.apply_all([], "None")
    assert (store.labels, store.is_clean, changes, steps) == ((), True, [], [])


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Refuse(), "step: 9 came, expected 0 to 3"),
        (Refuse(MemoryError()), "There is not enough memory for this."),
    ],
)
def test_a_refused_edit_changes_nothing(store: DocumentStore, edit: Refuse, sentence: str) -> None:
    store.apply(Rename("B"))
    store.undo()
    first, refused, changes = store.document, Heard(store.refused), Heard(store.changed)
    assert not store.apply(edit)
    assert not store.apply_all([Rename("C"), edit], "Both")
    assert store.document is first
    assert (store.labels, store.index) == (("Call it B",), 0)
    assert (refused, changes) == ([(edit, sentence)] * 2, [])


def test_a_fault_in_an_edit_leaves_everything_as_it_was(store: DocumentStore) -> None:
    first = store.document
    with pytest.raises(ZeroDivisionError):
        store.apply(Refuse(ZeroDivisionError()))
    assert store.document is first
    assert store.labels == ()


def test_several_edits_are_one_step(store: DocumentStore) -> None:
    first = store.document
    assert store.apply_all([Rename("B"), SetToken(0, "not")], "Both")
    assert (store.document.title, store.document.sequence[0]) == ("B", "not")
    assert store.labels == ("Both",)
    store.undo()
    assert store.document is first


def test_edits_of_one_gesture_are_one_step(store: DocumentStore) -> None:
    first = store.document
    for title in "BCD":
        store.apply(Rename(title, gesture=1))
    assert store.labels == ("Call it D",)
    store.undo()
    assert store.document is first
    store.redo()
    assert store.document.title == "D"


@pytest.mark.parametrize(
    "second", [Rename("C", gesture=2), Rename("C", "x", gesture=1), Rename("C"), SetToken(0, "a")]
)
def test_edits_of_other_gestures_places_and_kinds_are_not(
    store: DocumentStore, second: Rename
) -> None:
    store.apply(Rename("B", gesture=1))
    store.apply(second)
    assert len(store.labels) == 2


def test_a_drag_back_to_its_beginning_leaves_nothing(store: DocumentStore) -> None:
    first = store.document
    value = float(first.weights["head/V"][0, 0])
    for moved in (value + 1.0, value + 0.5, value):
        store.apply(SetWeight("head/V", (0, 0), moved, gesture=3))
    assert store.document is first
    assert (store.labels, store.is_clean) == ((), True)
    store.apply(SetWeight("head/V", (0, 0), 0.25, gesture=3))
    assert len(store.labels) == 1


def test_a_gesture_does_not_reach_over_a_save(store: DocumentStore) -> None:
    store.apply(Rename("B", gesture=1))
    store.mark_saved()
    saved = store.document
    store.apply(Rename("C", gesture=1))
    assert not store.is_clean
    store.undo()
    assert store.document is saved
    assert store.is_clean


def test_clean_and_dirty_are_told_once(store: DocumentStore) -> None:
    heard = Heard(store.clean_changed)
    store.apply(Rename("B"))
    store.apply(Rename("C"))
    store.mark_saved()
    store.undo()
    store.redo()
    assert heard == [(False,), (True,), (False,), (True,)]


def test_opening_forgets_what_was_done(store: DocumentStore) -> None:
    store.apply(Rename("B"))
    changes, other = Heard(store.changed), small(title="other")
    store.open(other)
    assert store.document is other
    assert (store.labels, store.is_clean, len(changes)) == ((), True, 1)
    store.open(small(), saved=False)
    assert not store.is_clean


def test_the_guard_is_asked_also_about_undo(store: DocumentStore) -> None:
    store.apply(Rename("B"))
    store.apply(Rename("C"))
    asked: list[tuple[str, str]] = []

    def guard(before: Document, after: Document) -> str:
        asked.append((before.title, after.title))
        return "Not now."

    store.guard = guard
    third, refused = store.document, Heard(store.refused)
    edit = Rename("D")
    assert not any((store.apply(edit), store.undo(), store.go_to(0)))
    assert store.document is third
    assert asked == [("C", "D"), ("C", "B"), ("C", "A")]
    assert refused == [(edit, "Not now."), (None, "Not now."), (None, "Not now.")]


def test_a_slot_may_make_the_next_edit(store: DocumentStore) -> None:
    def again(_: Document, after: Document) -> None:
        if after.title == "B":
            store.apply(Rename("C"))

    store.changed.connect(again)
    store.apply(Rename("B"))
    assert store.labels == ("Call it B", "Call it C")
    assert store.undo_text == "Call it C"


@pytest.mark.parametrize(("steps", "kept"), [(MOST + 5, MOST), (60, FEWEST)])
def test_the_oldest_steps_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, steps: int, kept: int
) -> None:
    if kept == FEWEST:
        monkeypatch.setattr("rnnviz.session.store.HISTORY_BYTES", 1)
    store = DocumentStore(small())
    for number in range(steps):
        store.apply(Rename(str(number)))
        if number == steps - kept - 1:
            store.mark_saved()
    assert len(store.labels) == kept
    assert store.go_to(0)
    assert store.document.title == str(steps - kept - 1)
    assert store.is_clean
    store.go_to(kept)
    store.apply(Rename("last"))
    store.go_to(0)
    assert not store.is_clean


def test_a_store_in_a_ring_of_references_is_freed() -> None:
    """Freed by the collector, Qt's own stack of Python commands ends the process."""
    for _ in range(3):
        store = DocumentStore(small())
        ring: list[object] = [store]
        store.__dict__["ring"] = ring
        for number in range(400):
            store.apply(Rename(str(number)))
        gone = weakref.ref(store)
        del store, ring
        gc.collect()
        assert gone() is None


def test_what_is_cut_off_is_freed(store: DocumentStore) -> None:
    store.apply(Rename("B"))
    gone = weakref.ref(store.document)
    store.undo()
    store.apply(Rename("C"))
    gc.collect()
    assert gone() is None


titles = st.sampled_from("BCD")


class Histories(RuleBasedStateMachine):
    """A store beside a plain list of documents."""

    def __init__(self) -> None:
        super().__init__()
        self.store = DocumentStore(small())
        self.documents = [self.store.document]
        self.keys: list[object] = [None]
        self.index, self.saved = 0, 0
        self.changes = Heard(self.store.changed)

    def _made(self, key: object) -> None:
        after = self.store.document
        if self.saved > self.index:
            self.saved = -1
        del self.documents[self.index + 1 :], self.keys[self.index + 1 :]
        merge = key is not None and self.keys[-1] == key and self.saved != self.index
        if merge:
            self.documents.pop()
            self.index -= 1
            self.keys.pop()
        if merge and after is self.documents[-1]:
            return
        self.documents.append(after)
        self.keys.append(key)
        self.index += 1

    @rule(title=titles, gesture=st.sampled_from([None, 1, 2]))
    def rename(self, title: str, gesture: int | None) -> None:
        edit = Rename(title, gesture=gesture)
        assert self.store.apply(edit)
        self._made(edit.merge_key)

    @rule(title=titles, word=titles)
    def both(self, title: str, word: str) -> None:
        assert self.store.apply_all([Rename(title), SetToken(0, word)], "Both")
        self._made(None)

    @rule()
    def refuse(self) -> None:
        assert not self.store.apply(Refuse())

    @rule()
    def nothing(self) -> None:
        assert self.store.apply(Nothing())

    @rule()
    def save(self) -> None:
        self.store.mark_saved()
        self.saved = self.index

    @precondition(lambda self: self.index > 0)
    @rule()
    def undo(self) -> None:
        assert self.store.undo()
        self.index -= 1

    @precondition(lambda self: self.index < len(self.documents) - 1)
    @rule()
    def redo(self) -> None:
        assert self.store.redo()
        self.index += 1

    @rule(data=st.data())
    def jump(self, data: st.DataObject) -> None:
        self.index = data.draw(st.integers(0, len(self.documents) - 1))
        assert self.store.go_to(self.index)

    @invariant()
    def the_document_is_that_of_the_list(self) -> None:
        assert self.store.document is self.documents[self.index]
        assert len(self.store.labels) == len(self.documents) - 1
        assert self.store.index == self.index
        assert self.store.is_clean == (self.saved == self.index)

    @invariant()
    def the_signals_tell_one_story(self) -> None:
        for (_, after), (before, _) in zip(self.changes, self.changes[1:], strict=False):
            assert after is before
        if self.changes:
            assert self.changes[-1][1] is self.store.document

    def teardown(self) -> None:
        self.store.go_to(0)
        assert self.store.document is self.documents[0]


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, stateful_step_count=40)
