"""The rules of the house that import-linter cannot see, each beside code that breaks it.

A rule is a function of one module that yields a sentence for every place that breaks it.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KERNEL = "rnnviz/engine/kernel.py"
"""The only module that may run code that it wrote itself."""

MODULE_LINES = 300
CLASS_LINES = 200
CLASS_METHODS = 20
FUNCTION_LINES = 40

QT = ("PySide6", "shiboken6")
QT_ROOMS = ("rnnviz/session/", "rnnviz/panels/", "rnnviz/app/")
LIGHT = ("rnnviz/__init__.py", "rnnviz/app/cli.py")
LIGHT_ROOMS = ("rnnviz/engine/", "rnnviz/document/", "rnnviz/lessons/")
HEAVY = (*QT, "h5py", "onnx", "rich", "torch")
UNSAFE = ("pickle", "_pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def name(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


Rule = Callable[[Module], Iterator[str]]


def house() -> list[Module]:
    files = sorted((ROOT / "rnnviz").rglob("*.py"))
    return [Module(f.relative_to(ROOT).as_posix(), f.read_text("utf-8")) for f in files]


def imports(module: Module) -> Iterator[str]:
    """Dotted names, inside functions too: `from a.b import c` is `a.b.c`."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=source, names=names):
                yield from (f"{source}.{alias.name}" for alias in names)
            case ast.Call(args=[ast.Constant(value=str(name)), *_]) if called(node) in {
                "import_module",
                "__import__",
            }:
                yield name


def called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == p or name.startswith(p + ".") for p in packages)


def length(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


# ------------------------------------------------------------------------------------ the rules


def the_engine_uses_numpy_and_the_standard_library(module: Module) -> Iterator[str]:
    if module.path.startswith("rnnviz/engine/"):
        allowed = ("numpy", "rnnviz.engine", *sys.stdlib_module_names)
        yield from (f"imports {name}" for name in imports(module) if not within(name, allowed))


def qt_stays_in_its_rooms(module: Module) -> Iterator[str]:
    if not module.path.startswith(QT_ROOMS):
        yield from (f"imports {name}" for name in imports(module) if within(name, QT))


def the_session_knows_no_widgets(module: Module) -> Iterator[str]:
    if module.path.startswith("rnnviz/session/"):
        allowed = ("PySide6.QtCore", "PySide6.QtGui")
        for name in imports(module):
            if within(name, QT) and not within(name, allowed):
                yield f"imports {name}"


def modules_open_with_a_sentence(module: Module) -> Iterator[str]:
    first = (ast.get_docstring(module.tree) or "").partition("\n\n")[0]
    if not first.rstrip().endswith((".", ":", "?")):
        yield "does not open with a sentence that says what it is"


def modules_are_short(module: Module) -> Iterator[str]:
    count = len(module.text.splitlines())
    if count > MODULE_LINES:
        yield f"has {count} lines"


def classes_are_small(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            methods = sum(isinstance(part, Function) for part in node.body)
            if length(node) > CLASS_LINES or methods > CLASS_METHODS:
                yield f"{node.name} has {length(node)} lines and {methods} methods"


def functions_are_short(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, Function) and length(node) > FUNCTION_LINES:
            yield f"{node.name} has {length(node)} lines"


def no_foreign_code_runs(module: Module) -> Iterator[str]:
    """`allow_pickle=True` and `import_module(name)` of a computed name run it just as `eval`."""
    yield from (f"imports {name}" for name in imports(module) if within(name, UNSAFE))
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Name(id=("eval" | "__import__") as name)):
                yield f"line {node.lineno} calls {name}"
            case ast.Call(func=ast.Name(id="exec")) if module.path != KERNEL:
                yield f"line {node.lineno} calls exec"
            case ast.keyword(arg="allow_pickle", value=value):
                if not (isinstance(value, ast.Constant) and value.value is False):
                    yield f"line {node.value.lineno} allows pickle"


def translated_texts_are_literal(module: Module) -> Iterator[str]:
    """The translators' tool finds only texts that stand in the call as they are."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and called(node) == "tr" and node.args:
            text = node.args[0]
            if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
                yield f"line {node.lineno} gives tr() a computed text"


BROKEN: tuple[tuple[Rule, str, str], ...] = (
    (the_engine_uses_numpy_and_the_standard_library, "engine/a.py", "import torch"),
    (
        the_engine_uses_numpy_and_the_standard_library,
        "engine/a.py",
        "from rnnviz.document import b",
    ),
    (
        the_engine_uses_numpy_and_the_standard_library,
        "engine/a.py",
        "def f():\n import scipy.linalg",
    ),
    (qt_stays_in_its_rooms, "document/a.py", "from PySide6 import QtCore"),
    (qt_stays_in_its_rooms, "lessons/__init__.py", "import_module('PySide6.QtGui')"),
    (the_session_knows_no_widgets, "session/a.py", "from PySide6 import QtWidgets"),
    (the_session_knows_no_widgets, "session/a.py", "import PySide6"),
    (modules_open_with_a_sentence, "a.py", "import os\n'''Late.'''"),
    (modules_open_with_a_sentence, "a.py", ""),
    (modules_are_short, "a.py", "\n" * (MODULE_LINES + 1)),
    (classes_are_small, "a.py", "class A:\n" + " x = 1\n" * CLASS_LINES),
    (classes_are_small, "a.py", "class A:\n" + " def f(s): 0\n" * (CLASS_METHODS + 1)),
    (functions_are_short, "a.py", "def f():\n" + " x = 1\n" * FUNCTION_LINES),
    (functions_are_short, "a.py", "class A:\n def f(s):\n" + "  x = 1\n" * FUNCTION_LINES),
    (no_foreign_code_runs, "a.py", "eval('1')"),
    (no_foreign_code_runs, "a.py", "exec('1')"),
    (no_foreign_code_runs, "a.py", "from pickle import loads"),
    (no_foreign_code_runs, "a.py", "np.load(f, allow_pickle=True)"),
    (translated_texts_are_literal, "app/a.py", "self.tr(f'step {t}')"),
    (translated_texts_are_literal, "app/a.py", "tr('step %d' % t)"),
)
RULES = tuple(dict.fromkeys(rule for rule, _, _ in BROKEN))


def sentence(value: object) -> str:
    return getattr(value, "__name__", "").replace("_", " ")


@pytest.mark.parametrize("rule", RULES, ids=sentence)
def test_the_house_keeps(rule: Rule) -> None:
    found = [f"{module.path}: {what}" for module in house() for what in rule(module)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN)
def test_the_rule_bites(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Module("rnnviz/" + path, text)))


def test_what_is_allowed_passes() -> None:
    kernel = Module(KERNEL, '"""Kernels."""\nimport math\nimport numpy as np\nexec("1")')
    canvas = Module(
        "rnnviz/panels/canvas/a.py", '"""A."""\nimport PySide6.QtGui\ntr("a {}").format(t)'
    )
    session = Module("rnnviz/session/a.py", '"""A."""\nfrom PySide6.QtCore import QObject')
    for module in (kernel, canvas, session):
        assert [what for rule in RULES for what in rule(module)] == []


# ------------------------------------------------------------------------------ the whole tree


def test_the_core_and_the_command_line_start_light() -> None:
    """Qt, and what only some commands need, is loaded when it is needed."""
    light = [m.name for m in house() if m.path in LIGHT or m.path.startswith(LIGHT_ROOMS)]
    code = (
        "import importlib, sys\n"
        f"for name in {light}: importlib.import_module(name)\n"
        f"print(*sorted({{m.partition('.')[0] for m in sys.modules}} & set({HEAVY})))"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
    assert "rnnviz" in light


MACHINE = re.compile(
    r"(?<![\w.])/(?:hom[e]|User[s]|roo[t]|wor[k]|op[t](?!/rnnviz))/\w"
    r"|[A-Z]:\\User[s]\\"
    r"|https?://[\w.-]+/(?:simple|packages)/|\bpypi\.or[g]|pythonhosted\.or[g]"
)
TRACKED = (".ci", ".gitignore", "CONTRIBUTING.md", "LICENSE", "README.md", "pyproject.toml")


def files() -> Iterator[Path]:
    for name in (*TRACKED, "resources", "rnnviz", "tests"):
        place = ROOT / name
        found = [place] if place.is_file() else place.rglob("*")
        yield from (f for f in found if f.is_file() and "__pycache__" not in f.parts)


def text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_machine() -> None:
    found = [
        (f.relative_to(ROOT).as_posix(), m[0]) for f in files() if (m := MACHINE.search(text_of(f)))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["see /" + "home/ada/x", "C:" + r"\Users\ada", "(/" + "opt/x/y)", "https://a.b/" + "simple/c"],
)
def test_a_machine_is_seen(text: str) -> None:
    assert MACHINE.search(text)
