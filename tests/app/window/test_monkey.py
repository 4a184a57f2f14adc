"""Silly things leave the program whole, and undo leads back to the beginning."""

from collections.abc import Callable

import pytest

from rnnviz.app.window.window import LabWindow
from tests.app.window.monkey import Monkey
from tests.panels.looking import sample

Open = Callable[..., LabWindow]


@pytest.mark.parametrize(
    ("name", "seed"),
    [("not_happy", 1), ("not_happy", 2), ("sentiment_rnn", 3), ("pos_bilstm", 4), ("clicks", 5)],
)
def test_silly_things(name: str, seed: int, open_window: Open) -> None:
    document = sample(name)
    window = open_window(document, size=(1280, 720), trains_apart=True)
    monkey = Monkey(window, seed)
    monkey.play(120)
    assert any(step.startswith("click") for step in monkey.done)
    window.session.cancel_training()
    store = window.session.store
    if store.index < 1000:
        window.session.go_to(0)
        assert store.document is document
