"""Training: settings that are checked, buttons that ask for commands, and curves to go back in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from rnnviz.app.window.training import training_commands
from rnnviz.document.document import Document
from rnnviz.document.edits import SetCell, SetRecipe, SetTargets
from rnnviz.document.new import new_document
from rnnviz.engine.cells import CELLS
from rnnviz.engine.optimisers import SGD, Adam, Cosine
from rnnviz.panels.canvas.text import number, size
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.training import TrainingPanel
from rnnviz.panels.training.chart import ends_of_epochs
from rnnviz.panels.training.curves import At
from rnnviz.session.training import Point, Training
from tests.panels.looking import Looked, look_at, sample
from tests.session.support import Heard

SIZE = (376, 320)


def training(
    document: Document | None = None, size: tuple[int, int] = SIZE, look: str = "dark"
) -> tuple[Looked, TrainingPanel]:
    looked = look_at(TrainingPanel, document, size, look)
    panel = looked.panel
    assert isinstance(panel, TrainingPanel)
    commands = training_commands(looked.session)

    def run(name: str, argument: object) -> None:
        if name in commands:
            commands[name](argument)

    looked.stage.command_requested.connect(run)
    QApplication.processEvents()
    panel.grab()
    return looked, panel


def is_preview(looked: Looked) -> bool:
    return looked.stage.sight.frame.preview


def type_into(panel: TrainingPanel, name: str, text: str) -> None:
    edit = panel.fields.edits[name]
    edit.selectAll()
    QTest.keyClicks(edit, text) if text else QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def place(panel: TrainingPanel, moment: int) -> QPoint:
    box = panel.curves.hits.box_of(At(moment))
    assert box is not None
    return QPoint(round(box.center().x()), round(box.center().y()))


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("learning_rate", "0.05", "optimiser", Adam(0.05)),
        ("learning_rate", "0,05", "optimiser", Adam(0.05)),
        ("batch_size", "4", "batch_size", 4),
        ("epochs", "7", "epochs", 7),
        ("clip_norm", "2.5", "clip_norm", 2.5),
        ("clip_norm", "", "clip_norm", None),
        ("seed", "9", "seed", 9),
    ],
)
def test_a_field_changes_the_recipe(name: str, text: str, field: str, value: object) -> None:
    looked, panel = training()
    type_into(panel, name, text)
    assert getattr(looked.session.store.document.recipe, field) == value
    looked.session.undo()
    assert looked.session.store.index == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("learning_rate", "0"),
        ("learning_rate", "fast"),
        ("learning_rate", "inf"),
        ("batch_size", "1.5"),
        ("batch_size", "0"),
        ("epochs", "-3"),
        ("clip_norm", "-1"),
        ("clip_norm", "nan"),
        ("seed", "x"),
    ],
)
def test_what_cannot_be_is_said_and_the_old_value_stays(name: str, text: str) -> None:
    looked, panel = training()
    before = looked.session.store.document
    type_into(panel, name, text)
    assert looked.session.store.document is before
    assert panel.fields.edits[name].property("wrong") is True
    assert panel.sentence.text.endswith(".")
    type_into(panel, name, "3")
    assert panel.fields.edits[name].property("wrong") is False
    assert panel.sentence.text == ""


def test_the_optimiser_is_chosen_and_the_learning_rate_stays() -> None:
    looked, panel = training()
    rate = looked.session.store.document.recipe.optimiser.learning_rate
    panel.fields.optimiser.setCurrentIndex(0)
    panel.fields.optimiser.activated.emit(0)
    assert looked.session.store.document.recipe.optimiser == SGD(rate)


def test_a_learning_rate_that_falls_to_the_end_does_so_in_any_number_of_epochs() -> None:
    document = sample("not_happy")
    recipe = replace(document.recipe, epochs=20, schedule=Cosine(20))
    looked, panel = training(SetRecipe(recipe).apply(document))
    type_into(panel, "epochs", "30")
    assert looked.session.store.document.recipe.schedule == Cosine(30)


def test_train_trains_and_the_panel_shows_how_it_went() -> None:
    looked, panel = training()
    type_into(panel, "epochs", "12")
    QTest.mouseClick(panel.buttons["train"], Qt.MouseButton.LeftButton)
    assert panel.sentence.text == "Done after 12 updates."
    history = looked.session.store.document.history
    assert history is not None
    assert len(panel.curves.points) == len(history.moments)
    last = panel.curves.points[-1]
    said = panel.curves.text_of(At(len(panel.curves.points) - 1))
    assert f"update {last.update}" in said
    assert size(last.loss, 3) in said
    assert f"accuracy {number(last.score, 3)}" in said
    assert panel.buttons["train"].text() == "Train on"


def test_a_refusal_stands_beside_the_buttons() -> None:
    _, panel = training(SetTargets(None).apply(sample("not_happy")), (376, 172))
    QTest.mouseClick(panel.buttons["train"], Qt.MouseButton.LeftButton)
    assert panel.sentence.text.startswith("There are no targets to learn from")


def test_a_click_shows_the_network_of_a_moment_and_a_button_keeps_it() -> None:
    looked, panel = training()
    QTest.mouseClick(panel.curves, Qt.MouseButton.LeftButton, pos=place(panel, 4))
    assert looked.stage.sight.training.viewed == 4
    assert is_preview(looked)
    assert panel.sentence.text == f"The network after update {panel.curves.points[4].update:,}"
    QTest.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert not is_preview(looked)
    assert not panel.back.isVisible()
    QTest.mouseClick(panel.curves, Qt.MouseButton.LeftButton, pos=place(panel, 5))
    QTest.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
    document = looked.session.store.document
    assert looked.session.store.index == 1
    assert document.history is not None
    np.testing.assert_allclose(
        document.weights.vector, document.history.moments[5].vector, rtol=1e-6
    )


def test_a_drag_goes_through_the_time_of_training_and_esc_comes_back() -> None:
    looked, panel = training()
    viewed: list[int | None] = []
    looked.session.teacher.training_changed.connect(lambda t: viewed.append(t.viewed))
    start, end = place(panel, 2), place(panel, len(panel.curves.points) - 1)
    QTest.mousePress(panel.curves, Qt.MouseButton.LeftButton, pos=start)
    for x in range(start.x(), end.x() + 40, 4):
        QTest.mouseMove(panel.curves, QPoint(x, start.y()))
    assert viewed == sorted(viewed, key=lambda n: -1 if n is None else n)
    assert viewed[-1] == len(panel.curves.points) - 1
    QTest.keyClick(panel.curves, Qt.Key.Key_Escape)
    assert looked.stage.sight.training.viewed is None
    QTest.mouseRelease(panel.curves, Qt.MouseButton.LeftButton, pos=end)


def test_the_data_are_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked, panel = training()
    panel.data.activated.emit(1)
    assert looked.stage.sight.training.data.kind == "sample"
    path = tmp_path / "mine.tsv"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    panel.data.activated.emit(2)
    assert looked.stage.sight.training.data.path == path
    assert panel.data.currentText() == "mine.tsv"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    panel.data.activated.emit(2)
    assert looked.stage.sight.training.data.path == path


def test_the_list_says_from_which_sample_a_document_came() -> None:
    enabled = Qt.ItemFlag.ItemIsEnabled
    for document, name, there in (
        (new_document("rnn", 2), "The sample's data", False),
        (sample("not_happy"), "The sample's data: I am not happy", True),
    ):
        _, panel = training(document)
        panel.data.showPopup()
        assert panel.data.itemText(1) == name
        flags = panel.data.model().flags(panel.data.model().index(1, 0))
        assert bool(flags & enabled) is there
        panel.data.hidePopup()


def test_while_it_runs_the_settings_rest_and_the_curves_grow() -> None:
    looked, panel = training()
    points = tuple(Point(n, 1, 1 / (n + 1), n / 10, gradient_norm=0.1) for n in range(8))
    flow = {"layer0/forward/h": np.array([0.1, 0.2, 0.3])}
    state = Training(
        running=True, points=points, gradient=flow, epoch=1, epochs=3, update=7, viewed=None
    )
    looked.stage.change(training=state)
    assert not panel.fields.isEnabled()
    assert not panel.buttons["train"].isEnabled()
    assert panel.buttons["pause_training"].isEnabled()
    assert panel.buttons["stop_training"].isEnabled()
    assert panel.sentence.text == "Epoch 1 of 3, update 7"
    assert panel.curves.points == points
    panel.grab()
    asked = Heard(panel.command_requested)
    QTest.mouseClick(panel.curves, Qt.MouseButton.LeftButton, pos=place(panel, 3))
    assert not asked
    looked.stage.change(training=replace(state, paused=True))
    assert panel.buttons["train"].text() == "Go on"
    assert panel.buttons["train"].isEnabled()
    assert panel.sentence.text == "Paused in epoch 1 of 3, after update 7"


def test_many_snapshots_are_read_aloud_at_most_fifteen_times_a_second() -> None:
    looked, panel = training()
    base = Training(running=True, epochs=3)
    looked.stage.change(training=base)
    said = []
    for n in range(1, 40):
        looked.stage.change(training=replace(base, update=n, points=(Point(n, 1, 0.5),)))
        said.append(panel.sentence.text)
    assert len(set(said)) < 10


@pytest.mark.parametrize("wide", [220, 300, 376, 640, 1000])
@pytest.mark.parametrize("high", [120, 172, 320])
def test_everything_has_its_place_at_any_size(wide: int, high: int, look: Theme) -> None:
    _, panel = training(size=(wide, high), look=look.name)
    assert panel.width() == wide
    shown = [w for w in panel.findChildren(QWidget) if w.isVisible() and w.parent() is panel]
    for one in shown:
        assert panel.rect().contains(one.geometry()), one
        for other in shown:
            assert one is other or not one.geometry().intersects(other.geometry())
    for button in panel.buttons.values():
        assert button.accessibleName()
        assert button.height() >= 24
    both = panel.fields.isVisible() and panel.curves.isVisible()
    if not both:
        QTest.mouseClick(panel.buttons["settings"], Qt.MouseButton.LeftButton)
        assert panel.fields.isVisible()
        assert not panel.curves.isVisible()


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_every_cell_learns(cell: object) -> None:
    document = SetCell(cell).apply(sample("not_happy"))  # type: ignore[arg-type]
    document = SetRecipe(replace(document.recipe, epochs=2)).apply(document)
    looked, panel = training(document)
    QTest.mouseClick(panel.buttons["train"], Qt.MouseButton.LeftButton)
    assert panel.sentence.text == "Done after 2 updates."
    assert looked.session.store.index == 1
    looked.session.undo()
    assert looked.session.store.document == document


@pytest.mark.parametrize("steps", [0, 1, 1000])
def test_any_length_is_drawn(steps: int) -> None:
    document = new_document("rnn", 3)
    words = tuple((document.vocabulary or ())[n % 4] for n in range(steps))
    _, panel = training(document.changed(sequence=words, targets=None))
    assert panel.curves.points == ()
    assert not panel.grab().isNull()


def test_curves_of_several_epochs_go_from_end_to_end() -> None:
    few = [Point(0, 0), Point(1, 1, 2.0), Point(2, 1, 1.0), Point(3, 2, 1.5)]
    assert ends_of_epochs(few).all()
    many = [*few, Point(4, 3, 0.5), Point(5, 3, 0.4)]
    assert ends_of_epochs(many).tolist() == [True, False, True, True, False, True]


def test_a_run_that_blew_up_is_drawn() -> None:
    looked, panel = training()
    points = (Point(0, 0), Point(1, 1, 2.0), Point(2, 1, float("inf")), Point(3, 1, float("nan")))
    looked.stage.change(training=Training(running=True, points=points))
    assert not panel.curves.grab().isNull()
    assert "loss" not in panel.curves.text_of(At(3))
