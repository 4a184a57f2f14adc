"""The panel of training: what is learned and how, buttons, and the curves of the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, final

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rnnviz.document.edits import SetRecipe
from rnnviz.engine.recipes import Recipe
from rnnviz.panels.canvas.colour import qcolor
from rnnviz.panels.panel import Panel, PanelInfo
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.panels.training.buttons import tint, tool_buttons
from rnnviz.panels.training.choice import DataChoice
from rnnviz.panels.training.curves import Curves
from rnnviz.panels.training.fields import Fields
from rnnviz.panels.training.sentence import Sentence

WIDE, HIGH = 600, 250
"""From this width the settings stand beside the curves, from this height above them."""
LEAST = QSize(220, 120)
NARROW = 370
"""Below this width the buttons stand in a row of their own."""
PER_SECOND = 15
_ACROSS, _DOWN = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom


@final
class TrainingPanel(Panel):
    """Trains the open document, and goes back through the time of the run.

    Parameters
    ----------
    sight : Sight
        What is shown first.
    parent : QWidget, optional
        The owner.
    """

    info: ClassVar[PanelInfo] = PanelInfo(
        id="training",
        title=noop("PanelInfo", "Training"),
        area="dock",
        help=noop(
            "PanelInfo",
            "Trains the network on its own sequence, on the data of its sample or on a file. "
            "Drag over the curves to see all panels as they were at that moment.",
        ),
        shown=False,
        width=380,
    )

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        super().__init__(sight, parent)
        self._refusal = ""
        self.curves = Curves(sight, self)
        self.fields = Fields(sight.frame.document.recipe, self)
        self.data = DataChoice(self)
        self.sentence = Sentence(sight.theme, self)
        self.buttons = self._made_buttons()
        self.keep = self._made_word(self.tr("Use these weights"), "keep_training", None)
        self.back = self._made_word(self.tr("Back"), "view_training", None)
        self._repaint = QTimer(self)
        self._repaint.setSingleShot(True)
        self._repaint.setInterval(1000 // PER_SECOND)
        self._repaint.timeout.connect(self._show)
        self._compose()
        self._connect()
        self.legend = self.curves.draw_names
        self._show()

    def _made_buttons(self) -> dict[str, QToolButton]:
        made = tool_buttons(self)
        for command, button in made.items():
            if command != "settings":
                button.clicked.connect(lambda _=False, c=command: self._run(c, None))
        made["settings"].toggled.connect(self._arrange)
        return made

    def _made_word(self, text: str, command: str, argument: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setMinimumHeight(26)
        button.clicked.connect(lambda: self._run(command, argument))
        return button

    def _run(self, name: str, argument: object) -> None:
        self.command_requested.emit(name, argument)

    def _compose(self) -> None:
        self._bar = _pair(self.data, list(self.buttons.values()))
        self._said = _pair(self.sentence, [self.keep, self.back])
        controls = QVBoxLayout()
        controls.setContentsMargins(14, 2, 14, 0)
        controls.setSpacing(4)
        controls.addLayout(self._bar)
        controls.addWidget(self.fields)
        controls.addLayout(self._said)
        controls.addStretch(0)
        self._box = QBoxLayout(_DOWN, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)
        # The rows are arranged for any width, so that theirs must not set the least.
        self._box.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(LEAST)
        self._box.addLayout(controls)
        self._box.addWidget(self.curves, 1)

    def _connect(self) -> None:
        self.fields.recipe_requested.connect(self._set_recipe)
        self.fields.refused.connect(self._refuse)
        self.data.kind_chosen.connect(self._choose_data)
        self.curves.command_requested.connect(self.command_requested)
        self.curves.hover_requested.connect(self.hover_requested)

    def _set_recipe(self, recipe: Recipe) -> None:
        self.edit_requested.emit(SetRecipe(recipe))

    def _refuse(self, sentence: str) -> None:
        self._refusal = sentence
        self._say()

    def _choose_data(self, kind: str) -> None:
        if kind != "file":
            self._run("choose_data", (kind, None))
            return
        path, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Learn from a file"),
            "",
            self.tr("Texts and tables (*.tsv *.csv *.conll *.txt);;All files (*)"),
        )
        if path:
            self._run("choose_data", ("file", Path(path)))
        else:
            self.data.show_sight(self.sight)

    # ------------------------------------------------------------------------------ the sight

    def _follow(self, now: Sight, before: Sight) -> None:
        self.curves.show_sight(now)
        old, new = before.training, now.training
        same = (old.running, old.paused, old.message, old.viewed, old.data, old.loading)
        running = new.running and (new.running, new.paused, new.message) == same[:3]
        if running and old.points is not new.points:
            # While it runs, what it says changes with every snapshot; that is read slowly enough.
            if not self._repaint.isActive():
                self._repaint.start()
        elif now.training is not before.training or not _is_same(now, before):
            self._show()

    def _show(self) -> None:
        sight, training = self.sight, self.sight.training
        busy, viewing = training.running or training.loading, training.viewed is not None
        self.fields.show_recipe(sight.frame.document.recipe)
        self.fields.setEnabled(not busy)
        self.data.show_sight(sight)
        self.data.setEnabled(not busy)
        train = self.buttons["train"]
        train.setText(self._train_text())
        train.setAccessibleName(train.text())
        train.setEnabled(not busy or training.paused)
        self.buttons["pause_training"].setEnabled(training.running and not training.paused)
        self.buttons["stop_training"].setEnabled(busy)
        self.buttons["step_training"].setEnabled(not training.loading)
        tint(self.buttons, sight.theme)
        self.keep.setVisible(viewing and not busy)
        self.back.setVisible(viewing and not busy)
        self._say()
        self.caption_changed.emit()
        self.update()

    def _train_text(self) -> str:
        if self.sight.training.paused:
            return self.tr("Go on")
        return (
            self.tr("Train") if self.sight.frame.document.history is None else self.tr("Train on")
        )

    def _say(self) -> None:
        training, theme = self.sight.training, self.sight.theme
        if self._refusal and not training.running:
            self.sentence.say(self._refusal, True, theme)
            return
        text = training.message
        if training.running:
            words = self.tr("Epoch {epoch} of {epochs}, update {update}")
            if training.paused:
                words = self.tr("Paused in epoch {epoch} of {epochs}, after update {update}")
            update = f"{training.update:,}"
            text = words.format(epoch=training.epoch, epochs=training.epochs, update=update)
        elif training.viewed is not None:
            words = self.tr("The network after update {update}")
            text = words.format(update=f"{self.curves.points[self.curves.place].update:,}")
        self.sentence.say(text, training.refused and not training.running, theme)

    def _arrange(self) -> None:
        """Settings beside the curves, above them, or in their place, as there is room."""
        wide, high = self.width() >= WIDE, self.height() >= HIGH
        way = _ACROSS if wide else _DOWN
        self._box.setDirection(way)
        narrow = self.width() < NARROW
        for row in (self._bar, self._said):
            row.setDirection(_DOWN if narrow else _ACROSS)
            row.setSpacing(3 if narrow else 6)
        self._box.setStretch(0, 2 if wide else 0)
        self._box.setStretch(1, 3 if wide else 1)
        both, settings = wide or high, self.buttons["settings"]
        settings.setVisible(not both)
        self.fields.setVisible(both or settings.isChecked())
        self.curves.setVisible(both or not settings.isChecked())
        tint(self.buttons, self.sight.theme)

    # ------------------------------------------------------------------------------ Qt's own

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything for the size."""
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the ground."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), qcolor(self.sight.theme.colours.bg1))


def _pair(first: QWidget, buttons: Sequence[QWidget]) -> QBoxLayout:
    """Something wide and the buttons behind it, or below it where there is little room."""
    row, pair = QHBoxLayout(), QBoxLayout(_ACROSS)
    for layout in (row, pair):
        layout.setSpacing(6)
    pair.addWidget(first, 1)
    for button in buttons:
        row.addWidget(button)
    pair.addLayout(row)
    return pair


def _is_same(now: Sight, before: Sight) -> bool:
    """Whether all but the training is the same of what the controls depend on."""
    one, other = now.frame.document, before.frame.document
    learned = one.recipe is other.recipe and one.history is other.history
    return learned and now.theme is before.theme and one.title == other.title
