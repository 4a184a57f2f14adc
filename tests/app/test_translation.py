"""Every text can be translated: Qt's tool finds each, under the name by which it is looked up."""

import ast
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

import rnnviz
from rnnviz.app.window.actions import ACTIONS, MENUS
from rnnviz.panels import PANELS

ROOT = Path(rnnviz.__file__).parent
LUPDATE = Path(sysconfig.get_path("scripts")) / "pyside6-lupdate"
ALIAS = ("-tr-function-alias", "QT_TRANSLATE_NOOP+=noop")
COMPUTED = {"self.title", "self.info.help", "kind.info.help", "info.text", "name"}
"""What is handed to `translate` without standing there: texts that `noop` has marked."""

Text = tuple[str, str]
"""A context and what stands in it."""


def calls(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.Call]]:
    """(class, call) of all calls in a module."""
    for node in ast.iter_child_nodes(tree):
        name = node.name if isinstance(node, ast.ClassDef) else inside
        if isinstance(node, ast.Call):
            yield name, node
        yield from calls(node, name)


def asked_in(path: Path) -> Iterator[tuple[str, ast.expr, str]]:
    """(context, text, where) of everything in a module that wants to be translated."""
    for name, call in calls(ast.parse(path.read_text("utf-8"))):
        where = f"{path.relative_to(ROOT)}:{call.lineno}"
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=of), attr="tr"), args=[text]):
                assert of == "self", f"{where}: the context of {of}.tr is not known"
                yield name, text, where
            case ast.Call(
                func=ast.Name(id="translate" | "noop"), args=[ast.Constant(value=str(of)), text]
            ):
                yield of, text, where
            case ast.Call(func=ast.Name(id="translate" | "noop")):
                pytest.fail(f"{where}: a context and a text are wanted")


def asked() -> Iterator[tuple[str, ast.expr, str]]:
    for room in ("app", "panels", "session"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield from asked_in(path)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> set[Text]:
    """What Qt's tool finds."""
    file = tmp_path_factory.mktemp("translation") / "rnnviz.ts"
    sources = [str(path) for path in sorted(ROOT.rglob("*.py"))]
    command = [str(LUPDATE), *ALIAS, *sources, "-ts", str(file)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    texts = set()
    for context in ElementTree.parse(file).getroot().iter("context"):
        name = context.findtext("name") or ""
        texts |= {(name, m.findtext("source") or "") for m in context.iter("message")}
    return texts


def test_every_text_is_found_where_it_is_looked_up(found: set[Text]) -> None:
    lost = []
    for context, text, where in asked():
        if isinstance(text, ast.Constant):
            if (context, text.value) not in found:
                lost.append(f"{where}: {context}: {text.value!r}")
        elif ast.unparse(text) not in COMPUTED:
            lost.append(f"{where}: {ast.unparse(text)} is computed")
    assert lost == []


def test_titles_helps_actions_and_menus_are_found(found: set[Text]) -> None:
    wanted = {("PanelInfo", kind.info.title) for kind in PANELS}
    wanted |= {("PanelInfo", kind.info.help) for kind in PANELS}
    wanted |= {("Action", info.text) for info in ACTIONS}
    wanted |= {("Menu", name) for name in MENUS}
    wanted |= {("TopBar", "Present"), ("Choices", "Every step → tag")}
    assert wanted - found == set()


def test_nothing_is_translated_while_a_module_is_imported() -> None:
    early = []
    for room in ("app", "panels", "session"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.parent.name != "commands":
                names = set(called_early(ast.parse(path.read_text("utf-8"))))
                early += [path.name] * bool(names & {"translate", "tr"})
    assert early == []


def called_early(tree: ast.AST) -> Iterator[str]:
    """The names of the functions that a module calls while it is imported."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        yield from called_early(node)
