"""Training in the window: its commands, the small curve in the top bar, and one step of undo."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rnnviz.app.window.sparkline import Sparkline
from rnnviz.app.window.topbar import TopBar
from rnnviz.document.edits import SetRecipe
from rnnviz.session.training import Point, Training
from tests.app.window.conftest import Open
from tests.panels.looking import sample


def test_training_from_the_menu_opens_the_panel_and_is_undone_in_one_step(
    open_window: Open,
) -> None:
    document = sample("not_happy")
    document = SetRecipe(replace(document.recipe, epochs=3)).apply(document)
    window = open_window(document)
    assert "training" in window.layout_.folded
    window.run("train")
    assert "training" not in window.layout_.folded
    assert window.session.store.index == 1
    assert window.stage.sight.training.message == "Done after 3 updates."
    window.run("undo")
    assert window.session.store.document == document


def test_a_run_under_way_stands_in_the_top_bar(open_window: Open) -> None:
    window = open_window()
    (bar,) = window.findChildren(TopBar)
    (line,) = window.findChildren(Sparkline)
    assert not line.isVisible()
    points = tuple(Point(n, 1, 1 / (n + 1)) for n in range(100))
    running = replace(window.stage.sight, training=Training(running=True, points=points, update=99))
    bar.show_sight(running)
    assert line.isVisible()
    assert line.accessibleName() == "Training: update 99, loss 0.010"
    assert not line.grab().isNull()
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    assert "training" not in window.layout_.folded
    bar.show_sight(replace(running, training=Training()))
    assert not line.isVisible()
