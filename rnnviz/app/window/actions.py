"""The actions of the window: what stands in its menus, with keys; `ACTIONS` names them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, final

from rnnviz.panels.texts import noop

Menu = Literal["File", "Edit", "View", "Play", "Train", "Help"]
MENUS: tuple[str, ...] = (
    noop("Menu", "File"),
    noop("Menu", "Edit"),
    noop("Menu", "View"),
    noop("Menu", "Play"),
    noop("Menu", "Train"),
    noop("Menu", "Help"),
)


@final
@dataclass(frozen=True)
class ActionInfo:
    """An action.

    Attributes
    ----------
    id : str
        The command that it runs.
    menu : str
        One of `MENUS`.
    text : str
        In English.
    keys : tuple of str
        Shortcuts in Qt's portable form; the first is shown.
    icon : str
        The name of one of the icons; "" for none.
    group : int
        Actions of another group stand behind a line.
    submenu : bool
        Whether it opens a menu that is filled when it is opened.
    checkable : bool
        Whether it is on or off.
    """

    id: str
    menu: Menu
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: int = 0
    submenu: bool = False
    checkable: bool = False


ACTIONS: tuple[ActionInfo, ...] = (
    ActionInfo("new", "File", noop("Action", "New…"), ("Ctrl+N",), "file-plus"),
    ActionInfo("open", "File", noop("Action", "Open…"), ("Ctrl+O",), "folder-open"),
    ActionInfo("open_recent", "File", noop("Action", "Open recent"), (), "history", submenu=True),
    ActionInfo("save", "File", noop("Action", "Save"), ("Ctrl+S",), "save", 1),
    ActionInfo("save_as", "File", noop("Action", "Save as…"), ("Ctrl+Shift+S",), "", 1),
    ActionInfo("revert", "File", noop("Action", "Revert to the saved file"), (), "", 1),
    ActionInfo(
        "import", "File", noop("Action", "Import a model or data…"), ("Ctrl+I",), "upload", 2
    ),
    ActionInfo(
        "export", "File", noop("Action", "Export the network"), (), "download", 2, submenu=True
    ),
    ActionInfo(
        "export_picture", "File", noop("Action", "Export picture…"), ("Ctrl+Shift+E",), "image", 4
    ),
    ActionInfo("export_steps", "File", noop("Action", "Export the steps as GIF…"), (), "play", 4),
    ActionInfo(
        "copy_picture", "File", noop("Action", "Copy picture"), ("Ctrl+Shift+C",), "copy", 4
    ),
    ActionInfo(
        "about_document",
        "File",
        noop("Action", "About this document…"),
        ("Alt+Return",),
        "file-text",
        5,
    ),
    ActionInfo("quit", "File", noop("Action", "Quit"), ("Ctrl+Q",), "", 6),
    ActionInfo("undo", "Edit", noop("Action", "Undo"), ("Ctrl+Z",), "undo-2"),
    ActionInfo("redo", "Edit", noop("Action", "Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2"),
    ActionInfo("history", "Edit", noop("Action", "History"), (), "history", submenu=True),
    ActionInfo(
        "escape",
        "Edit",
        noop("Action", "Lead back, forget what was before"),
        ("Esc",),
        "eye-off",
        1,
    ),
    ActionInfo("rename", "Edit", noop("Action", "Rename the document…"), ("Shift+F2",), "", 2),
    ActionInfo("zoom_in", "View", noop("Action", "Zoom in"), ("Ctrl++", "Ctrl+="), "zoom-in"),
    ActionInfo("zoom_out", "View", noop("Action", "Zoom out"), ("Ctrl+-",), "zoom-out"),
    ActionInfo("panels", "View", noop("Action", "Panels"), (), "columns-3", 1, submenu=True),
    ActionInfo("reset_layout", "View", noop("Action", "Restore the layout"), (), "rotate-ccw", 1),
    ActionInfo("theme", "View", noop("Action", "Light or dark"), ("Ctrl+Shift+L",), "contrast", 2),
    ActionInfo(
        "follow_system", "View", noop("Action", "Light or dark as the system"), (), "sun-moon", 2
    ),
    ActionInfo("motion", "View", noop("Action", "Reduce motion"), (), "", 2, checkable=True),
    ActionInfo("present", "View", noop("Action", "Present"), ("F5",), "presentation", 3),
    ActionInfo(
        "full_screen",
        "View",
        noop("Action", "Full screen"),
        ("F11",),
        "maximize",
        3,
        checkable=True,
    ),
    ActionInfo("play", "Play", noop("Action", "Play or pause"), ("Space",), "play"),
    ActionInfo(
        "next_operation", "Play", noop("Action", "Next operation"), ("Right",), "chevron-right", 1
    ),
    ActionInfo(
        "previous_operation",
        "Play",
        noop("Action", "Previous operation"),
        ("Left",),
        "chevron-left",
        1,
    ),
    ActionInfo(
        "next_step", "Play", noop("Action", "Next step"), ("Shift+Right",), "step-forward", 1
    ),
    ActionInfo(
        "previous_step", "Play", noop("Action", "Previous step"), ("Shift+Left",), "step-back", 1
    ),
    ActionInfo("go_to_start", "Play", noop("Action", "To the start"), ("Home",), "skip-back", 1),
    ActionInfo("go_to_end", "Play", noop("Action", "To the end"), ("End",), "skip-forward", 1),
    ActionInfo("faster", "Play", noop("Action", "Faster"), ("]",), "", 2),
    ActionInfo("slower", "Play", noop("Action", "Slower"), ("[",), "", 2),
    ActionInfo("train", "Train", noop("Action", "Train, or go on"), ("Ctrl+T",), "graduation-cap"),
    ActionInfo("pause_training", "Train", noop("Action", "Pause"), (), "pause"),
    ActionInfo(
        "step_training", "Train", noop("Action", "One update"), ("Ctrl+Alt+T",), "step-forward"
    ),
    ActionInfo(
        "stop_training", "Train", noop("Action", "Stop and keep what was learned"), (), "square"
    ),
    ActionInfo(
        "cancel_training", "Train", noop("Action", "Stop and forget what was learned"), (), "x", 1
    ),
    ActionInfo("check_table", "Train", noop("Action", "Gradient check…"), (), "table", 9),
    ActionInfo(
        "palette", "Help", noop("Action", "Find an action…"), ("Ctrl+Shift+P", "Ctrl+K"), "search"
    ),
    ActionInfo("keys", "Help", noop("Action", "Keys, gestures and panels"), ("F1",), "keyboard"),
    ActionInfo("about", "Help", noop("Action", "About rnnviz"), (), "info", 1),
)
"""Every action, in the order of the menus."""
