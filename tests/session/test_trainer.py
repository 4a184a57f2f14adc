"""The trainer: it shows how it goes, can be paused and stopped, and says why it ended."""

from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.document.document import Document
from rnnviz.document.edits import SetTargets, SetTask, SetToken, SetWeight
from rnnviz.document.history import Moment
from rnnviz.document.new import new_document
from rnnviz.engine.batching import Samples
from rnnviz.engine.errors import EngineError
from rnnviz.engine.optimisers import SGD
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.training import train
from rnnviz.session import album
from rnnviz.session.album import Album, limit_for
from rnnviz.session.gate import Gate
from rnnviz.session.runner import Runner
from rnnviz.session.session import Session
from rnnviz.session.trainer import Lesson, Trainer, own_samples
from tests.session.conftest import Wait
from tests.session.support import Heard, Inline, Manual, Rename, small

SAMPLES = Samples([[0, 1, 2], [2, 3], [1, 4, 2, 3], [4]], [0, 1, 0, 1])
RECIPE = Recipe(epochs=5, batch_size=2)


def lesson(recipe: Recipe = RECIPE, validation: Samples | None = None) -> Lesson:
    return Lesson(small(), SAMPLES, recipe, validation)


class Still:
    """A clock that stands until it is moved."""

    def __init__(self, step: float = 0.0) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def inline(step: float = 0.0) -> Trainer:
    return Trainer(Runner("training", Inline()), Still(step))


def test_it_learns_what_the_engine_learns() -> None:
    trainer, given = inline(), lesson()
    ended, running = Heard(trainer.ended), Heard(trainer.running_changed)
    trainer.start(given)
    ((trained,),) = ended
    *_, last = train(given.document.network, given.document.weights, SAMPLES, RECIPE)
    np.testing.assert_array_equal(trained.vector, last.weights.vector)
    assert (trained.ended, trained.lesson) == ("done", given)
    moments = trained.history.moments
    assert [m.update for m in moments] == list(range(11))
    np.testing.assert_array_equal(moments[0].vector, given.document.weights.vector)
    assert running == [(True,), (False,)]


def test_with_validation_the_best_weights_are_kept() -> None:
    trainer, recipe = inline(), Recipe(SGD(5.0), epochs=6, batch_size=4)
    ended = Heard(trainer.ended)
    given = lesson(recipe, SAMPLES.take([0]))
    trainer.start(given)
    *_, last = train(
        given.document.network, given.document.weights, SAMPLES, recipe, given.validation
    )
    np.testing.assert_array_equal(ended[0][0].vector, last.best.vector)
    assert not np.array_equal(last.best.vector, last.weights.vector)


@pytest.mark.parametrize(
    ("step", "shown"), [(0.0, [1, 10]), (1 / 30, [1, 4, 6, 8, 10]), (1.0, list(range(1, 11)))]
)
def test_no_more_than_fifteen_snapshots_a_second(step: float, shown: list[int]) -> None:
    """Of short epochs, which have two updates here, the ends are shown."""
    trainer = inline(step * (1 + 1e-9))
    heard = Heard(trainer.progressed)
    trainer.start(lesson())
    assert [snapshot.update for _, snapshot in heard] == shown
    assert heard[-1][0].update == 10


def test_a_screen_that_is_slow_is_not_flooded(wait_until: Wait) -> None:
    """Nothing is shown while this thread waits, so no snapshot but the first and last comes."""
    thread = ThreadPoolExecutor(1)
    runner = Runner("training", thread)
    trainer = Trainer(runner, Still(1.0))
    heard, ended = Heard(trainer.progressed), Heard(trainer.ended)
    trainer.start(lesson(Recipe(epochs=200, batch_size=2)))
    thread.shutdown(wait=True)
    wait_until(lambda: len(ended) == 1)
    assert [snapshot.update for _, snapshot in heard] == [1, 400]
    runner.stop()


def test_it_can_be_paused_stepped_and_stopped(wait_until: Wait) -> None:
    runner = Runner("training")
    trainer = Trainer(runner)
    heard, paused, ended = (
        Heard(trainer.progressed), Heard(trainer.paused_changed), Heard(trainer.ended)
    )  # fmt: skip
    trainer.start(lesson(Recipe(epochs=100_000, batch_size=2)), paused=True)
    assert trainer.is_paused
    for number in (1, 2, 3):
        trainer.update_once()
        wait_until(lambda n=number: len(heard) == n)  # type: ignore[misc]
    assert [snapshot.update for _, snapshot in heard] == [1, 2, 3]
    trainer.resume()
    trainer.resume()
    wait_until(lambda: len(heard) > 5)
    trainer.pause()
    trainer.pause()
    assert trainer.is_paused
    trainer.stop()
    wait_until(lambda: len(ended) == 1)
    ((trained,),) = ended
    assert trained.ended == "stopped"
    assert trained.history.moments[-1].update == heard[-1][1].update
    np.testing.assert_array_equal(trained.vector, heard[-1][1].weights.vector)
    assert paused == [(True,), (False,), (True,), (False,)]
    assert not trainer.is_running
    runner.stop()


def test_one_update_of_a_run_that_runs_pauses_it(wait_until: Wait) -> None:
    runner = Runner("training")
    trainer = Trainer(runner)
    paused = Heard(trainer.paused_changed)
    trainer.start(lesson(Recipe(epochs=100_000, batch_size=2)))
    trainer.start(lesson())
    trainer.update_once()
    assert paused == [(True,)]
    trainer.cancel()
    assert not trainer.is_running
    ended = Heard(trainer.ended)
    trainer.start(lesson())
    wait_until(lambda: len(ended) == 1)
    assert ended[0][0].ended == "done"
    runner.stop()


def test_nothing_happens_when_nothing_runs() -> None:
    trainer = inline()
    running, paused = Heard(trainer.running_changed), Heard(trainer.paused_changed)
    for call in (trainer.pause, trainer.resume, trainer.update_once, trainer.stop, trainer.cancel):
        call()
    assert (running, paused, trainer.is_paused) == ([], [], False)


def test_what_blows_up_ends_with_its_reason() -> None:
    trainer = inline()
    ended = Heard(trainer.ended)
    trainer.start(lesson(Recipe(SGD(1e308), epochs=50, batch_size=2)))
    ((trained,),) = ended
    assert trained.ended.startswith(("nan in", "inf in", "-inf in"))
    assert np.isfinite(trained.vector).all()


def test_a_lesson_that_does_not_fit_is_refused() -> None:
    trainer = inline()
    refused, running = Heard(trainer.refused), Heard(trainer.running_changed)
    trainer.start(lesson(Recipe(patience=3)))
    ((_, sentence),) = refused
    assert sentence.startswith("patience: 3 came without validation samples")
    assert running == [(True,), (False,)]


def test_a_fault_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("rnnviz.session.trainer.train", broken)
    trainer = inline()
    failed = Heard(trainer.failed)
    trainer.start(lesson())
    assert failed[0][0].sentence == "ZeroDivisionError"
    assert not trainer.is_running


@pytest.mark.parametrize(
    "document",
    [
        small(),
        SetTask("many-to-many", labels=("a", "b", "c")).apply(small()),
        new_document("gru", 3, np.ones((4, 2))),
        SetTask("many-to-one", "regression", ("y",)).apply(small()),
    ],
)
def test_the_documents_own_sequence_can_be_learned(document: Document) -> None:
    if document.targets is None:
        answer = ("a", "b", None, "c") if document.network.head is not None else None
        kind = getattr(document.network.head, "kind", "")
        document = SetTargets(np.array([[0.5]]) if kind == "regression" else answer).apply(document)
    samples = own_samples(document)
    recipe = Recipe(epochs=2)
    assert len(samples) == 1
    *_, last = train(document.network, document.weights, samples, recipe)
    assert last.ended == "done"


def test_without_targets_there_is_nothing_to_learn() -> None:
    with pytest.raises(EngineError, match="no sequence with targets"):
        own_samples(small(targets=None))


# ------------------------------------------------------------------------------- in a session


@pytest.fixture
def manual() -> Manual:
    return Manual()


@pytest.fixture
def session(manual: Manual) -> Session:
    return Session(small(), executors=lambda name: manual if name == "training" else Inline())


def test_what_was_learned_is_one_step_of_undo(session: Session, manual: Manual) -> None:
    first, previews = session.frame, Heard(session.frame_changed)
    session.trainer.start(Lesson(first.document, SAMPLES, RECIPE))
    manual.run()
    assert all(frame.preview for frame, _ in previews[:-1])
    assert len(previews) >= 3
    frame = session.frame
    assert not frame.preview
    assert frame.document.history is not None
    assert frame.document.recipe is RECIPE
    assert frame.ghost is not None
    assert frame.ghost.evaluation is first.evaluation
    assert len(session.store.labels) == 1
    session.undo()
    assert session.frame.document is first.document


def test_while_it_trains_the_weights_belong_to_it(session: Session, manual: Manual) -> None:
    session.apply(SetWeight("head/V", (0, 0), 0.5))
    session.trainer.start(Lesson(session.frame.document, SAMPLES, RECIPE))
    refused = Heard(session.refused)
    assert not session.apply(SetWeight("head/V", (0, 0), 0.1))
    assert not session.undo()
    assert [sentence for _, sentence in refused] == [
        "The network is being trained: stop the training first."
    ] * 2
    assert session.apply(SetToken(0, "not"))
    manual.run()
    assert session.frame.document.history is not None
    assert session.frame.document.sequence[0] == "not"
    assert session.apply(SetWeight("head/V", (0, 0), 0.1))


def test_training_that_is_cancelled_leaves_the_document(session: Session, manual: Manual) -> None:
    session.trainer.start(Lesson(session.frame.document, SAMPLES, RECIPE))
    before = session.store.document
    weights = before.weights
    session.preview(weights.replace({"head/d": weights["head/d"] + 1.0}))
    session.cancel_training()
    manual.run()
    assert session.store.document is before
    assert session.frame.document is before
    session.trainer.start(Lesson(before, SAMPLES, RECIPE), paused=True)
    session.trainer.stop()
    manual.run()
    assert session.store.labels == ()


def test_opening_ends_training(session: Session, manual: Manual) -> None:
    session.trainer.start(Lesson(session.frame.document, SAMPLES, RECIPE))
    other = small(title="other")
    session.open(other)
    manual.run()
    assert session.frame.document is other
    assert session.store.labels == ()


def test_a_fault_or_a_refusal_in_training_comes_out(
    session: Session, manual: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, failed = Heard(session.refused), Heard(session.failed)
    session.trainer.start(Lesson(session.frame.document, SAMPLES, Recipe(patience=3)))
    manual.run()
    assert len(refused) == 1
    monkeypatch.setattr("rnnviz.session.trainer.train", lambda *_: 1 / 0)
    session.trainer.start(Lesson(session.frame.document, SAMPLES, RECIPE))
    manual.run()
    assert len(failed) == 1
    assert not session.frame.preview
    session.apply(Rename("B"))


def test_closing_ends_a_run_that_is_paused(wait_until: Wait) -> None:
    session = Session(small())
    heard = Heard(session.trainer.progressed)
    session.trainer.start(
        Lesson(session.frame.document, SAMPLES, Recipe(epochs=100_000)), paused=True
    )
    session.trainer.update_once()
    wait_until(lambda: len(heard) == 1)
    session.close()


# ---------------------------------------------------------------------------- gate and album


def test_the_gate_lets_through_as_many_as_it_is_told() -> None:
    gate = Gate()
    assert gate.wait()
    gate.close()
    gate.admit_one()
    gate.admit_one()
    assert gate.wait()
    assert gate.wait()
    passed: list[bool] = []
    waiting = Thread(target=lambda: passed.append(gate.wait()))
    waiting.start()
    gate.open()
    waiting.join(30)
    gate.close()
    ending = Thread(target=lambda: passed.append(gate.wait()))
    ending.start()
    gate.end()
    ending.join(30)
    assert passed == [True, False]
    assert (gate.is_closed, gate.has_ended) == (True, True)
    assert not gate.wait()


@given(st.lists(st.booleans(), max_size=200), st.integers(8, 20))
def test_an_album_keeps_first_last_and_a_spread_between(whole: list[bool], limit: int) -> None:
    vector = np.zeros(2)
    kept = Album(Moment(0, 0, vector), limit)
    for update, end in enumerate(whole, 1):
        kept.add(Moment(0, update, vector), end)
        assert len(kept) <= limit
    updates = [moment.update for moment in kept.history("done").moments]
    assert updates == sorted(set(updates))
    assert (updates[0], updates[-1]) == (0, len(whole))
    assert len(updates) <= limit + 2
    if len(whole) <= limit:
        assert updates == list(range(len(whole) + 1))
    ends = {update for update, end in enumerate(whole, 1) if end}
    if len(ends) <= limit:
        assert ends <= set(updates)
    if len(whole) > limit and not ends:
        gaps = np.diff(updates[1:-1])
        assert len(set(gaps)) <= 1


def test_large_weights_get_a_small_album() -> None:
    assert limit_for(1 << 10) == album.MOST
    assert limit_for(1 << 20) == 64
    assert limit_for(1 << 40) == album.FEWEST
