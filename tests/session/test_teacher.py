"""The teacher: it reads what is to be learned, and tells how it goes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnnviz.app.window.training import training_commands
from rnnviz.document.data_choice import Data
from rnnviz.document.document import Document
from rnnviz.document.edits import SetRecipe, SetTargets, SetTitle, SetToken, SetWeight
from rnnviz.document.new import new_document
from rnnviz.document.resources import resource
from rnnviz.document.storage import load
from rnnviz.engine.recipes import Recipe
from rnnviz.session.session import Session
from rnnviz.session.training import MOST, Point, Training, with_point
from tests.session.conftest import Wait
from tests.session.support import Heard, Inline, Manual


def opened(name: str = "not_happy", epochs: int = 6) -> Document:
    document = load(resource("samples", f"{name}.rnnviz"))
    return SetRecipe(replace(document.recipe, epochs=epochs)).apply(document)


def inline(document: Document) -> Session:
    return Session(document, executors=lambda _: Inline())


def now(session: Session) -> Training:
    return session.teacher.training


def is_preview(session: Session) -> bool:
    return session.frame.preview


def seen(session: Session) -> list[Training]:
    states: list[Training] = []
    session.teacher.training_changed.connect(states.append)
    return states


def test_a_run_on_the_sequence_itself_is_told_and_is_one_step_of_undo() -> None:
    session = inline(opened())
    states = seen(session)
    before = session.store.document
    training_commands(session)["train"](None)
    assert states[0].running
    points = max((s.points for s in states), key=len)
    assert points[-1].update == 6
    assert points[-1].loss < points[0].loss
    assert any(s.gradient for s in states)
    end = now(session)
    assert (end.running, end.message, end.refused) == (False, "Done after 6 updates.", False)
    assert session.store.index == 1
    assert session.store.document.history is not None
    session.undo()
    assert session.store.document == before


def test_a_run_goes_on_from_where_the_last_one_ended() -> None:
    session = inline(opened())
    commands = training_commands(session)
    commands["train"](None)
    first = session.store.document
    commands["train"](None)
    history = session.store.document.history
    assert history is not None
    np.testing.assert_array_equal(
        history.moments[0].vector, first.weights.vector.astype(history.moments[0].vector.dtype)
    )
    assert session.store.index == 2


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (SetTargets(None).apply(opened()), "no targets"),
        (new_document("rnn", 2).changed(sequence=(), targets=None), "no targets"),
    ],
)
def test_without_targets_a_sentence_says_so(document: Document, why: str) -> None:
    session = inline(document)
    training_commands(session)["train"](None)
    training = now(session)
    assert training.refused
    assert why in training.message
    assert not training.running
    assert session.store.index == 0


def test_the_data_of_the_sample_are_read_once() -> None:
    reading = Manual()
    session = Session(
        opened(epochs=1), executors=lambda name: reading if name == "reading data" else Inline()
    )
    commands = training_commands(session)
    commands["choose_data"](("sample", None))
    commands["train"](None)
    assert now(session).loading
    reading.run()
    assert not now(session).loading
    assert "updates" in now(session).message
    history = session.store.document.history
    assert history is not None
    assert not np.isnan(history.moments[-1].validation_loss)
    commands["train"](None)
    assert not reading.jobs
    assert session.store.index == 2


def test_what_was_read_for_another_network_is_not_learned() -> None:
    reading = Manual()
    session = Session(
        opened(epochs=1), executors=lambda name: reading if name == "reading data" else Inline()
    )
    commands = training_commands(session)
    commands["choose_data"](("sample", None))
    commands["train"](None)
    session.apply(SetTitle("Another"))
    reading.run()
    assert session.store.index == 1
    assert "changed" in now(session).message
    for end in ("stop_training", "cancel_training"):
        commands["train"](None)
        assert now(session).loading
        commands[end](None)
        assert not now(session).loading
        reading.run()
        assert session.store.index == 1


def test_a_file_that_does_not_fit_or_is_not_there_is_refused(tmp_path: Path) -> None:
    session = inline(opened())
    commands = training_commands(session)
    commands["choose_data"](("file", tmp_path / "none.tsv"))
    assert now(session).data == Data("file", tmp_path / "none.tsv")
    commands["train"](None)
    assert now(session).refused
    assert "none.tsv" in now(session).message
    path = tmp_path / "some.tsv"
    path.write_text("good film\tpositive\nbad film\tnegative\n")
    commands["choose_data"](("file", str(path)))
    assert not now(session).refused
    commands["train"](None)
    assert now(session).message == (
        "The network answers at every step, and the file has no tag for each."
    )
    assert session.store.index == 0


def test_looking_back_shows_the_weights_of_a_moment_and_keeps_them_when_asked() -> None:
    session = inline(opened())
    commands, history = training_commands(session), session.store.document.history
    assert history is not None
    commands["view_training"](2)
    assert now(session).viewed == 2
    assert is_preview(session)
    np.testing.assert_allclose(
        session.frame.document.weights.vector, history.moments[2].vector, rtol=1e-6
    )
    assert session.store.index == 0
    commands["view_training"](None)
    assert not is_preview(session)
    commands["view_training"](99)
    assert now(session).viewed is None
    commands["view_training"](3)
    commands["keep_training"](None)
    assert (session.store.index, now(session).viewed) == (1, None)
    assert not is_preview(session)
    np.testing.assert_allclose(
        session.store.document.weights.vector, history.moments[3].vector, rtol=1e-6
    )
    session.undo()
    commands["view_training"](1)
    session.apply(SetWeight("head/d", (0,), 0.5))
    assert now(session).viewed is None


def test_another_document_ends_all() -> None:
    session = inline(opened())
    commands = training_commands(session)
    commands["choose_data"](("sample", None))
    commands["view_training"](1)
    session.open(opened("sentiment_gru"))
    assert session.teacher.training == now(session)
    assert now(session).data == Data("own")
    assert now(session).viewed is None


def test_pause_one_update_go_on_and_stop(wait_until: Wait) -> None:
    pools: list[ThreadPoolExecutor] = []

    def executors(name: str) -> ThreadPoolExecutor | Inline:
        if name != "training":
            return Inline()
        pools.append(ThreadPoolExecutor(1))
        return pools[-1]

    session = Session(opened(epochs=1_000_000), executors=executors)
    commands = training_commands(session)
    commands["step_training"](None)
    wait_until(lambda: now(session).update == 1)
    assert now(session).paused
    commands["step_training"](None)
    wait_until(lambda: now(session).update == 2)
    refused = Heard(session.refused)
    session.apply(SetWeight("head/d", (0,), 0.5))
    assert len(refused) == 1
    session.apply(SetToken(2, "very"))
    commands["train"](None)
    wait_until(lambda: now(session).update > 20)
    assert not now(session).paused
    commands["view_training"](0)
    assert now(session).viewed is None
    commands["pause_training"](None)
    assert now(session).paused
    commands["stop_training"](None)
    wait_until(lambda: not now(session).running)
    assert now(session).message.startswith("Stopped after")
    assert session.store.document.history is not None
    session.stop()
    for pool in pools:
        pool.shutdown()


def test_a_run_that_is_cancelled_leaves_nothing(wait_until: Wait) -> None:
    pool = ThreadPoolExecutor(1)
    session = Session(
        opened(epochs=1_000_000), executors=lambda n: pool if n == "training" else Inline()
    )
    commands, before = training_commands(session), session.store.document
    commands["train"](None)
    wait_until(lambda: now(session).update > 3)
    commands["cancel_training"](None)
    assert not now(session).running
    assert session.store.document is before
    assert not is_preview(session)
    session.stop()
    pool.shutdown()


def test_curves_are_thinned_but_keep_their_ends_and_what_was_asked() -> None:
    points: tuple[Point, ...] = ()
    for n in range(3 * MOST):
        asked = 0.5 if n % 100 == 0 else float("nan")
        points = with_point(points, Point(n, 1, 1.0, validation_loss=asked))
    assert len(points) <= MOST + 1
    assert points[-1].update == 3 * MOST - 1
    assert points[0].update == 0
    kept = [p.update for p in points if p.validation_loss == 0.5]
    assert kept == list(range(0, 3 * MOST, 100))


def test_a_recipe_made_for_validation_serves_the_sequence_too() -> None:
    document = SetRecipe(Recipe(epochs=2, patience=3, probe=7)).apply(opened())
    session = inline(document)
    training_commands(session)["train"](None)
    assert now(session).message == "Done after 2 updates."


def test_the_ends_of_very_many_epochs_are_thinned_out_too() -> None:
    points: tuple[Point, ...] = ()
    for n in range(3 * MOST):
        points = with_point(points, Point(n, n, 1.0, validation_loss=0.5))
    assert MOST / 4 < len(points) <= MOST
    assert [p.update for p in points] == sorted(p.update for p in points)
    assert points[-1].update == 3 * MOST - 1
