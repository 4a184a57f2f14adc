"""Texts of strangers, such as titles and words, are shown as they are."""

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from rnnviz.panels.texts import menu_text, tip_text

HARMLESS = ("a title", "R&D", "a > b", "")
TAGS = ("<b>bold</b>", 'x <img src="file:///etc/passwd"> y', "<unk>", "1 < 2 & 3", "<!-- -->")


@pytest.mark.parametrize("text", HARMLESS)
def test_a_tip_without_tags_is_left_alone(text: str) -> None:
    assert tip_text(text) == text


@pytest.mark.parametrize("text", TAGS)
def test_a_tip_shows_tags_as_they_are_typed(text: str) -> None:
    document = QTextDocument()
    document.setHtml(tip_text(text))
    assert document.toPlainText() == text
    assert "<img" not in document.toHtml()


@pytest.mark.parametrize("text", ["R&D", "&", "a && b", "plain"])
def test_a_menu_shows_every_ampersand(text: str, qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    action = menu.addAction(menu_text(text))
    assert action.iconText() == text
    assert action.shortcut().isEmpty()
