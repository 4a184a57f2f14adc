"""Pictures of the whole window: nothing blank, no text cut off or over another, at every size."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from rnnviz.app.window.lab import read_to_the_end
from rnnviz.app.window.window import LabWindow
from rnnviz.session.moments import Moment
from tests.app.window.seeing import faults
from tests.panels.looking import sample

Open = Callable[..., LabWindow]

SIZES = ((1024, 600), (1280, 720), (1440, 900), (3840, 2160))
SAMPLES = (
    "not_happy",
    "pos_bilstm",
    "ner_crf",
    "adding_150_lstm",
    "clicks",
    "sentiment_gru",
    "sentiment_rnn",
    "translation_attention",
)


def show(window: LabWindow, name: str, look: str) -> None:
    """Open a sample, read to its end."""
    window.session.open(sample(name))
    window.run("theme", look)
    read_to_the_end(window.session.view.playhead)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_is_blank_cut_or_over_another(size: tuple[int, int], open_window: Open) -> None:
    window = open_window(size=size)
    found = []
    for number, name in enumerate(SAMPLES):
        show(window, name, ("dark", "light")[number % 2])
        found += [f"{name}: {fault}" for fault in faults(window)]
        playhead = window.session.view.playhead
        for moment in (Moment("backward", 1, 0), Moment("update", 0, 0)):
            playhead.go_to(moment)
            found += [f"{name}, {moment.phase}: {fault}" for fault in faults(window)]
        window.run("zoom", 3)
        found += [f"{name}, filled: {fault}" for fault in faults(window)]
        window.run("zoom", 2)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("look", ["dark", "light"])
def test_so_it_is_with_every_panel_unfolded(look: str, open_window: Open) -> None:
    window = open_window(size=(1920, 1080), look=look)
    for name in window.panels:
        window.layout_.show_panel(name)
    found = []
    for name in SAMPLES:
        show(window, name, look)
        found += [f"{name}: {fault}" for fault in faults(window)]
    assert not found, "\n".join(found)


def test_so_it_is_with_every_panel_folded(open_window: Open) -> None:
    window = open_window(size=(1024, 600))
    for name in window.panels:
        window.layout_.show_panel(name, False)
    found = faults(window)
    assert not found, "\n".join(found)


class LongWords(QTranslator):
    """A language that needs 40 % more letters than English."""

    def translate(
        self,
        context: str,
        source: str,
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str:
        assert context
        assert disambiguation is None
        assert n <= 0
        words = len(source) * 2 // 5
        return f"{source} {'wörter' * (words // 6)}{'wörter'[: words % 6]}"


@pytest.fixture
def long_words(qapp: QApplication) -> Iterator[LongWords]:
    translator = LongWords()
    qapp.installTranslator(translator)
    yield translator
    qapp.removeTranslator(translator)


@pytest.mark.usefixtures("long_words")
@pytest.mark.parametrize("name", ["not_happy", "pos_bilstm", "sentiment_gru", "clicks"])
def test_a_language_with_long_words_has_room(name: str, open_window: Open) -> None:
    window = open_window()
    show(window, name, "dark")
    titles = [panel.accessibleName() for panel in window.panels.values()]
    assert all("w" in title for title in titles), titles
    found = [fault for fault in faults(window)]
    window.session.view.playhead.go_to(Moment("backward", 1, 0))
    found += faults(window)
    assert not found, "\n".join(found)
