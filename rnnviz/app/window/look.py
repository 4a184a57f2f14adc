"""The look of Qt's own widgets: the style sheet that follows from the tokens of a theme."""

from __future__ import annotations

from functools import lru_cache
from string import Template

from PySide6.QtWidgets import QApplication

from rnnviz.panels.canvas.fonts import load_fonts, role_font
from rnnviz.panels.canvas.palette import palette
from rnnviz.panels.canvas.theme import Theme

_SHEET = Template("""
* { outline: none; }
QMainWindow, QMainWindow > QWidget { background: $bg0; }
QMainWindow::separator { background: $bg0; width: 3px; height: 5px; }
QMainWindow::separator:hover { background: $bg3; }
QWidget#bar { background: $bg1; border-bottom: 1px solid $line; }
QWidget#foot { background: $bg1; border-top: 1px solid $line; }
QWidget#foot QLabel, QWidget#foot QToolButton { font-size: 12px; color: $tx2; }
QWidget#foot QLabel[role="error"] { color: $err; }
QWidget#foot QToolButton {
  border: none; background: transparent; padding: 0 6px; min-height: 20px;
}
QWidget#foot QToolButton:hover { color: $tx1; background: $bg2; }
QLabel[role="title"] { font-size: 14px; font-weight: 600; color: $tx1; }
QLabel[role="heading"] { font-size: 18px; font-weight: 600; color: $tx1; }
QLabel[role="error"] { color: $err; }
QLabel[role="error-heading"] { font-size: 18px; font-weight: 600; color: $err; }
QLabel[role="hint"] { font-size: 12px; color: $tx3; }
QToolButton, QPushButton, QComboBox {
  background: $bg2; border: 1px solid $line; border-radius: 6px; color: $tx1;
  padding: 0 8px; min-height: 24px; font-size: 12px; font-weight: 500;
}
QToolButton:hover, QPushButton:hover, QComboBox:hover { background: $bg3; }
QToolButton:disabled, QPushButton:disabled { color: $line2; }
QToolButton:focus, QPushButton:focus, QComboBox:focus, QLineEdit:focus, QSpinBox:focus,
QDoubleSpinBox:focus, QPlainTextEdit:focus, QAbstractItemView:focus { border: 1.5px solid $tx1; }
QToolButton:checked, QPushButton:checked { background: $tx1; color: $bg1; font-weight: 600; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[flat="true"] { background: transparent; border-color: transparent; }
QToolButton[flat="true"]:hover { background: $bg2; }
QPushButton[primary="true"] {
  background: $tx1; color: $bg1; border-color: $tx1; font-weight: 600; min-height: 30px;
  padding: 0 14px;
}
QPushButton[primary="true"]:disabled { background: $bg3; border-color: $bg3; color: $tx3; }
QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit {
  background: $bg0; border: 1px solid $line2; border-radius: 6px; color: $tx1; padding: 0 8px;
  min-height: 24px; selection-background-color: $tx1; selection-color: $bg1;
}
QLineEdit[wrong="true"] { border: 1.5px solid $err; }
QComboBox QAbstractItemView, QListView, QTreeView, QTableView {
  background: $bg1; border: 1px solid $line; border-radius: 6px; color: $tx1;
  selection-background-color: $bg3; selection-color: $tx1;
}
QHeaderView::section {
  background: $bg2; color: $tx2; border: none; padding: 4px 8px; font-weight: 600;
}
QMenu { background: $bg1; border: 1px solid $line2; padding: 6px; }
QMenu::item { padding: 5px 28px 5px 12px; border-radius: 4px; color: $tx1; }
QMenu::item:selected { background: $bg3; }
QMenu::item:disabled { color: $line2; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::icon { padding-left: 8px; }
QTabBar::tab {
  background: transparent; color: $tx3; border: none; padding: 4px 12px; margin: 0 2px 2px 0;
  font-size: 12px; font-weight: 500;
}
QTabBar::tab:selected { background: $bg3; color: $tx1; border-radius: 6px; }
QTabBar::tab:hover { color: $tx1; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $bg3; border-radius: 4px; margin: 1px; min-height: 24px;
  min-width: 24px; }
QScrollBar::handle:hover { background: $line2; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
  background: none; border: none; width: 0; height: 0; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QProgressBar { background: $bg3; border: none; border-radius: 3px; max-height: 6px; color: $tx1; }
QProgressBar::chunk { background: $tx1; border-radius: 3px; }
QToolTip { background: $bg3; color: $tx1; border: 1px solid $line2; padding: 4px 8px; }
QDialog, QMainWindow > QDialog { background: $bg1; }
QDialog QPushButton { min-height: 30px; padding: 0 14px; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $tx3; border-radius: 3px;
  background: $bg0; }
QCheckBox::indicator:checked { background: $tx1; border: 1px solid $tx1; }
QCheckBox:focus { color: $tx1; border: 1.5px solid $tx1; border-radius: 4px; }
QFrame#banner { background: $bg2; border: 1px solid $line2; border-radius: 8px; }
QFrame#veil { background: $veil; border: 2px dashed $tx2; border-radius: 12px; }
QListWidget::item { padding: 4px 8px; border-radius: 4px; color: $tx1; }
QListWidget::item:selected { background: $bg3; }
QListWidget::item:hover:!selected { background: $bg2; }
QTableView::item { padding: 0 8px; }
QListWidget#subjects { background: transparent; border: none; outline: none; }
QListWidget#subjects::item { padding: 0 10px; border-radius: 6px; color: $tx2; }
QListWidget#subjects::item:selected { background: $bg3; color: $tx1; }
QListWidget#subjects::item:hover:!selected { background: $bg2; }
QListWidget#cards { background: transparent; border: 1.5px solid transparent; }
QListWidget#cards:focus { border: 1.5px solid transparent; }
QWidget#foot QToolButton:focus { border: 1.5px solid $tx1; border-radius: 6px; }
QToolButton[flat="true"]:focus { border: 1.5px solid $tx1; }
QToolButton:checked:focus, QPushButton:checked:focus, QPushButton[primary="true"]:focus {
  border: 2px solid $line2;
}
""")


@lru_cache(maxsize=2)
def sheet(theme: Theme) -> str:
    """The style sheet of a theme."""
    names = ("bg0", "bg1", "bg2", "bg3", "line", "line2", "tx1", "tx2", "tx3", "err", "ok")
    colours = {name: getattr(theme.colours, name).hex for name in names}
    return _SHEET.substitute(colours, veil=colours["bg1"].replace("#", "#EC"))


def dress(application: QApplication, theme: Theme) -> None:
    """Give every widget of the program the look of a theme."""
    load_fonts()
    application.setStyle("Fusion")
    application.setPalette(palette(theme))
    application.setFont(role_font(theme.type.body))
    application.setStyleSheet(sheet(theme))
