"""The buttons of training."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QToolButton, QWidget

from rnnviz.panels.canvas.icons import icon, icon_pixmap
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.texts import translate


def tool_buttons(parent: QWidget) -> dict[str, QToolButton]:
    """Command -> its button, and "settings", which shows or hides the fields."""
    made = {}
    for command, sign, name in (
        ("train", "", translate("Training", "Train")),
        ("pause_training", "pause", translate("Training", "Pause")),
        ("step_training", "step-forward", translate("Training", "One update")),
        ("stop_training", "square", translate("Training", "Stop and keep what was learned")),
        ("settings", "sliders-horizontal", translate("Training", "Settings")),
    ):
        button = made[command] = QToolButton(parent)
        button.setObjectName(sign)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setMinimumHeight(26)
        if command == "train":
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        else:
            button.setFixedWidth(34)
    made["settings"].setCheckable(True)
    return made


def tint(buttons: Mapping[str, QToolButton], theme: Theme) -> None:
    """Draw the signs in the colours of a theme; on a button that is on, in those of its ground."""
    for button in buttons.values():
        sign = button.objectName()
        if sign and button.isChecked():
            ratio = button.devicePixelRatioF()
            button.setIcon(QIcon(icon_pixmap(sign, theme.colours.bg1, 16, ratio)))
        elif sign:
            button.setIcon(icon(sign, theme))
