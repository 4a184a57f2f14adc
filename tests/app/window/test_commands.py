"""Every command that anything asks for is there, and import-linter looks at every panel."""

import ast
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QMenu

from rnnviz.app.window.actions import ACTIONS
from rnnviz.app.window.window import LabWindow
from rnnviz.panels import PANELS

ROOT = Path(__file__).parents[3]
ASKING = ("command_requested.emit", "self._run", "self.run", "window.run")

Open = Callable[..., LabWindow]


def asked(text: str) -> Iterator[str]:
    """The names in calls such as `command_requested.emit("play", None)`, or kept by `partial`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and node.args:
            callee, arguments = node.func, node.args
            if ast.unparse(callee) == "partial":
                callee, *arguments = arguments
            if ast.unparse(callee).endswith(ASKING) and arguments:
                names = ast.walk(arguments[0])
                values = (n.value for n in names if isinstance(n, ast.Constant))
                yield from (value for value in values if isinstance(value, str))


def test_whatever_a_panel_or_a_bar_asks_for_is_a_command(open_window: Open) -> None:
    known, found = open_window().commands, set()
    for room in ("panels", "app/window"):
        for path in sorted((ROOT / "rnnviz" / room).rglob("*.py")):
            for name in asked(path.read_text("utf-8")):
                assert name in known, f"{path.relative_to(ROOT)}: {name}"
                found.add(name)
    assert {"undo", "zoom", "play", "next_step", "set_speed", "export_table"} <= found


def test_every_menu_that_opens_another_has_something_to_fill_it(open_window: Open) -> None:
    window = open_window()
    for info in ACTIONS:
        if info.submenu:
            inner = window.menus.actions[info.id].menu()
            assert isinstance(inner, QMenu)
            inner.aboutToShow.emit()
            assert inner.actions(), info.id


def test_no_panel_may_know_another() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    named = {c["name"]: c for c in contracts["contracts"]}["No panel knows another panel"][
        "modules"
    ]
    assert named == sorted(f"rnnviz.panels.{kind.info.id}" for kind in PANELS)
