"""Descriptions in files that lie, repeat, exaggerate, or describe what cannot be."""

import json
import random
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.document import storage
from rnnviz.document.errors import FileError
from rnnviz.document.evaluate import evaluate
from rnnviz.document.storage.archive import DOCUMENT, WEIGHTS
from rnnviz.document.storage.members import write_members
from rnnviz.engine.cell import define
from tests.document.documents import KINDS, document
from tests.document.packing import tensor_file, zipped

MEMORY = 100 << 20


def parts(kind: str = "lstm") -> tuple[dict[str, Any], dict[str, bytes]]:
    members = write_members(document(kind))
    return json.loads(members[DOCUMENT]), members


def refused(text: str | bytes | dict[str, Any], kind: str = "lstm", match: str = ".") -> FileError:
    """The error with which a document of this description is refused."""
    if isinstance(text, dict):
        text = json.dumps(text)
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    tracemalloc.start()
    try:
        with pytest.raises(FileError, match=match) as caught:
            storage.from_bytes(zipped({**parts(kind)[1], DOCUMENT: data}), "a\u202e\n.rnnviz")
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
    assert str(caught.value).isprintable()
    assert caught.value.detail.isprintable()
    return caught.value


# -------------------------------------------------------------------------- D. what is not JSON

GOOD = json.dumps(parts()[0])

TEXTS: dict[str, str | bytes] = {
    "nothing": "",
    "white space": " \n",
    "null": "null",
    "a list": "[]",
    "an empty object": "{}",
    "a format alone": '{"format":2}',
    "a format in words": '{"format":"2"}',
    "a format of 2.5": '{"format":2.5}',
    "format true": '{"format":true}',
    "format 0": '{"format":0}',
    "format -1": '{"format":-1}',
    "no format": GOOD.replace('"format": 2, ', ""),
    "nan": GOOD.replace('"limit": 1.0', '"limit": NaN'),
    "inf": GOOD.replace('"limit": 1.0', '"limit": Infinity'),
    "1e999": GOOD.replace('"limit": 1.0', '"limit": 1e999'),
    "5,000 digits": GOOD.replace('"limit": 1.0', '"limit": ' + "9" * 5000),
    "a whole number of 5,000 digits": GOOD.replace('"seed": 0', '"seed": ' + "9" * 5000),
    "10^5000": GOOD.replace('"seed": 0', '"seed": 1' + "0" * 5000),
    "deep": GOOD.replace('"holds": []', '"holds": ' + "[" * 100_000),
    "deep and closed": GOOD.replace('"holds": []', '"holds": ' + "[" * 9000 + "]" * 9000),
    "deep objects": '{"format":2,"x":' + '{"a":' * 100_000,
    "deep and old": '{"format":1,"x":' + "[" * 100_000,
    "another field": GOOD.replace('"format": 2', '"format": 2, "__class__": "os.system"'),
    "another field within": GOOD.replace('"hidden": 3', '"hidden": 3, "gpu": true'),
    "half a character": GOOD.replace("happy", "\\ud800x"),
    "half a character raw": GOOD.replace("happy", "\ud800x").encode("utf-8", "surrogatepass"),
    "a control character": GOOD.replace("happy", "\x01"),
    "a byte order mark": "\ufeff" + GOOD,
    "UTF-16": GOOD.encode("utf-16"),
    "Latin-1": GOOD.replace("happy", "é").encode("latin-1"),
    "something behind": GOOD + "{}",
    "a comment": "// hello\n" + GOOD,
    "100 MB": GOOD.replace('"notes": ""', '"notes": "' + "a" * (9 << 20) + '"'),
    "a long note": GOOD.replace('"notes": ""', '"notes": "' + "a" * 1_000_001 + '"'),
    "a long title": GOOD.replace('"title": ""', '"title": "' + "a" * 1_001 + '"'),
    "a pickle": b"\x80\x04\x95",
    "old and empty": '{"format":1}',
    "old and odd": '{"format":1,"network":[],"clip_norm":0}',
    "old and strange": '{"format":1,"network":{"layers":7},"clip_norm":0}',
    "old with an unknown cell": '{"format":1,"network":{"layers":[{"cell":"x"}]},"clip_norm":0}',
    "old with no cell": '{"format":1,"network":{"layers":[{"cell":[]}]},"clip_norm":0}',
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_that_describe_no_document(name: str) -> None:
    refused(TEXTS[name])


def test_the_text_without_lies_is_good() -> None:
    members = {**parts()[1], DOCUMENT: GOOD.encode()}
    assert storage.from_bytes(zipped(members)) == document("lstm")


def test_a_key_twice_has_the_last_value() -> None:
    text = GOOD.replace('"title": ""', '"title": "first", "title": "last"')
    members = {**parts()[1], DOCUMENT: text.encode()}
    assert storage.from_bytes(zipped(members)).title == "last"


def test_texts_come_through_as_they_are_and_errors_show_nothing_hidden() -> None:
    """HTML, formulas and turned writing are data; whoever shows them shows plain text."""
    for title in ("<img src=file:///etc/passwd>", "=cmd|' /C calc'!A0", "\u202egnp.exe"):
        before = document("lstm").changed(title=title, notes=title)
        assert storage.from_bytes(storage.to_bytes(before)).title == title
    refused(GOOD.replace('"softmax"', '"\u202e<b>\\n"'))


# ------------------------------------------------------------------ H. what does not fit together

Change = Callable[[dict[str, Any]], Any]


def layer(text: dict[str, Any]) -> Any:
    return text["network"]["layers"][0]


def cell(**fields: Any) -> Change:
    return lambda text: text["cells"][0].update(fields)


CHANGES: dict[str, Change] = {
    "no units": lambda t: layer(t).update(hidden=0),
    "other units": lambda t: layer(t).update(hidden=4),
    "minus units": lambda t: layer(t).update(hidden=-3),
    "half units": lambda t: layer(t).update(hidden=2.5),
    "a billion units": lambda t: layer(t).update(hidden=1_000_000_000),
    "65,536 units": lambda t: layer(t).update(hidden=65_536),
    "2^63 units": lambda t: layer(t).update(hidden=2**63),
    "units in words": lambda t: layer(t).update(hidden="3"),
    "another cell": lambda t: layer(t).update(cell=1),
    "minus a cell": lambda t: layer(t).update(cell=-1),
    "no cells": lambda t: t.update(cells=[]),
    "many cells": lambda t: t.update(cells=t["cells"] * 17),
    "no layers": lambda t: t["network"].update(layers=[]),
    "a thousand layers": lambda t: t["network"].update(layers=t["network"]["layers"] * 1000),
    "64 layers": lambda t: t["network"].update(layers=t["network"]["layers"] * 64),
    "another direction": lambda t: layer(t).update(direction="sideways"),
    "both directions": lambda t: layer(t).update(direction="both"),
    "too much dropout": lambda t: layer(t).update(dropout=1.0),
    "a residual that cannot be": lambda t: layer(t).update(residual=True),
    "a billion weights each": lambda t: layer(t).update(unshared=60_000, hidden=60_000),
    "weights of their own": lambda t: layer(t).update(unshared=4),
    "another form": lambda t: t["network"].update(form="many-to-many unaligned"),
    "a kind that is none": lambda t: t["network"].update(kind="module"),
    "no kind": lambda t: t["network"].pop("kind"),
    "another head": lambda t: t["network"]["head"].update(kind="crf"),
    "no head": lambda t: t["network"].update(head=None),
    "vectors": lambda t: t["network"]["input"].update(kind="vectors"),
    "a large vocabulary": lambda t: t["network"]["input"].update(size=65_000),
    "a larger vocabulary": lambda t: t["vocabulary"].append("x"),
    "a long vocabulary": lambda t: t.update(vocabulary=[str(i) for i in range(65_537)]),
    "a word twice": lambda t: t.update(vocabulary=["a", "a", "b", "c", "d"]),
    "an empty word": lambda t: t.update(vocabulary=["", "a", "b", "c", "d"]),
    "no vocabulary": lambda t: t.update(vocabulary=None),
    "a vocabulary of numbers": lambda t: t.update(vocabulary=[1, 2, 3, 4, 5]),
    "a target vocabulary": lambda t: t.update(target_vocabulary=["a"]),
    "one label": lambda t: t.update(labels=["a"]),
    "labels twice": lambda t: t.update(labels=["a", "a"]),
    "columns": lambda t: t.update(columns=["a"] * 8),
    "no tokens": lambda t: t.update(tokens=None),
    "a token of a megabyte": lambda t: t["tokens"].append("a" * (1 << 20)),
    "65,537 tokens": lambda t: t.update(tokens=["a"] * 65_537),
    "a million tokens": lambda t: t.update(tokens=["a"] * 1_000_000),
    "an empty token": lambda t: t["tokens"].append(""),
    "a target that is none": lambda t: t.update(targets=["neutral"]),
    "two targets": lambda t: t.update(targets=["positive"] * 2),
    "a loss later": lambda t: t.update(loss_steps=[1]),
    "a loss in a billion steps": lambda t: t.update(loss_steps=[1_000_000_000]),
    "a loss of nothing": lambda t: t.update(loss_steps="none"),
    "a hold of nothing": lambda t: t["holds"].append(hold(path="layer0/forward/q")),
    "a hold elsewhere": lambda t: t["holds"].append(hold(path="../../x")),
    "a late hold": lambda t: t["holds"].append(hold(step=4)),
    "a far hold": lambda t: t["holds"].append(hold(unit=3)),
    "another row": lambda t: t["holds"].append(hold(row=1)),
    "a million holds": lambda t: t.update(holds=[hold()] * 65_537),
    "a clip of nothing": lambda t: t["clip"].update(limit=0),
    "another clip": lambda t: t["clip"].update(kind="cut"),
    "truncation to nothing": lambda t: t.update(truncate=0),
    "no epochs": lambda t: t["recipe"].update(epochs=0),
    "another optimiser": lambda t: t["recipe"]["optimiser"].update(kind="os.system"),
    "a wrong rate": lambda t: t["recipe"]["optimiser"].update(learning_rate=-1),
    "another schedule": lambda t: t["recipe"]["schedule"].update(kind="chaos"),
    "schedules without end": lambda t: t["recipe"].update(schedule=warm_up(5_000)),
    "half a history": lambda t: t.update(history={"epochs": [1], "updates": [1], "ended": ""}),
    "a score of nothing": lambda t: t.update(score={}),
    "minus a seed": lambda t: t.update(seed=-1),
    "a large seed": lambda t: t.update(seed=2**53),
    "another scheme": lambda t: t["scheme"].update(input={"name": "x", "number": None}),
    "a scheme with a number": lambda t: t["scheme"].update(input={"name": "zeros", "number": 1}),
    "another tokeniser": lambda t: t.update(tokeniser="eval"),
    "a missing field": lambda t: t.pop("seed"),
    "a cell without equations": cell(equations=""),
    "a cell that calls": cell(equations="h = __import__('os').system('touch canary')"),
    "a cell that looks around": cell(equations="h = ().__class__.__bases__[0]"),
    "a cell of a power": cell(equations="h = 9**9**9**9 * W @ x"),
    "a cell that counts": cell(equations="h = W @ x * " + "9" * 4000),
    "a cell of lambdas": cell(equations="h = (lambda: x)()"),
    "a deep cell": cell(equations="h = " + "tanh(" * 300 + "W @ x" + ")" * 300),
    "a cell of minus signs": cell(equations="h = " + "-" * 4000 + "x"),
    "a cell of brackets": cell(equations="h = " + "(" * 2000 + "x" + ")" * 2000),
    "a long cell": cell(equations="h = W @ x\n" * 500),
    "a cell of many lines": cell(
        equations="\n".join(f"q{i} = W{i} @ x" for i in range(65)) + "\nh = W @ x"
    ),
    "an endless derivative": cell(
        equations="a0 = W @ x\n"
        + "\n".join(f"a{i} = a{i - 1} * a{i - 1}" for i in range(1, 60))
        + "\nh = a59"
    ),
    "a cell of a zero byte": cell(equations="h = W @ x\0"),
    "a cell without its state": cell(states=["c"]),
    "a cell without states": cell(states=[]),
    "a cell of a hundred states": cell(states=["h"] * 100),
    "a cell of other weights": cell(equations="h = tanh(W @ x + U @ h_prev + b)"),
}


def hold(**fields: Any) -> dict[str, Any]:
    usual = {"path": "layer0/forward/f", "step": 0, "value": 0.0, "unit": None, "row": None}
    return {**usual, **fields}


def warm_up(depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": "constant"}
    for _ in range(depth):
        found = {"kind": "warm-up", "steps": 1, "then": found}
    return found


@pytest.mark.parametrize("name", CHANGES)
def test_descriptions_that_do_not_fit(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text, _ = parts()
    CHANGES[name](text)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        data = json.dumps(text)
    finally:
        sys.setrecursionlimit(limit)
    refused(data)
    assert list(tmp_path.iterdir()) == []


def test_translators_that_do_not_fit() -> None:
    for part, value in (
        ("start", 99),
        ("attention", 0),
        ("attention", 60_000),
        ("bridge", "copy"),
        ("bridge", "none"),
        ("decoder", []),
        ("target", {"kind": "vectors", "size": 6, "embedding": None}),
    ):
        text, _ = parts("translator")
        text["network"][part] = value
        refused(text, "translator")


def test_numbers_may_be_whole_and_texts_escaped() -> None:
    text, members = parts()
    text["clip"]["limit"] = 1
    text["title"] = "\u0000\U0001f642"
    found = storage.from_bytes(zipped({**members, DOCUMENT: json.dumps(text).encode()}))
    assert found == document("lstm").changed(title="\0🙂")


def test_a_file_of_the_largest_size_that_is_claimed_takes_little_memory() -> None:
    """60,000 units would be 115 GB of weights: the claim is compared with what is there."""
    text, members = parts()
    layer(text)["hidden"] = 60_000
    refused(text, match="the network has 15 with 14402280042")
    members[WEIGHTS] = tensor_file([("layer0/forward/U_f", "F64", [60_000, 60_000], b"")])
    with pytest.raises(FileError):
        storage.from_bytes(zipped(members))


# -------------------------------------------------------------------------- whatever loads, works

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3, 7, 65_536, 2**31, 2**53, 2**63, 2**64, 0.5, -0.0, 1e308),
    *("", "x", "h", "layer0/x", "many-to-many", "forward", "both", "\0", "🙂", "a" * 300, "<unk>"),
    *([], {}, [[]], ["a", "b"], [1, 2], [None], {"kind": "x"}, [{}]),
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a JSON tree."""
    if isinstance(node, dict):
        inner = node.items()
    elif isinstance(node, list):
        inner = enumerate(node)  # type: ignore[assignment]
    else:
        return [path]
    return [path, *(found for key, part in inner for found in places(part, (*path, key)))]


def mutate(text: dict[str, Any], chance: random.Random) -> None:
    """Replace, remove, double or exchange a value somewhere."""
    way = chance.choice(places(text)[1:])
    node: Any = text
    for key in way[:-1]:
        node = node[key]
    key, kind = way[-1], chance.randrange(4)
    if kind == 0:
        node[key] = chance.choice(VALUES)
    elif kind == 1:
        del node[key]
    elif kind == 2 and isinstance(node, list):
        node.append(node[key])
    else:
        other = chance.choice([p for p in places(text) if p])
        source: Any = text
        for step in other:
            source = source[step]
        node[key] = json.loads(json.dumps(source))


@pytest.mark.parametrize("kind", KINDS)
def test_descriptions_changed_at_random(kind: str) -> None:
    """Whatever still loads can be evaluated, and comes back from a file."""
    chance = random.Random(kind)
    loaded = 0
    for _ in range(150):
        text, members = parts(kind)
        for _ in range(chance.choice((1, 1, 2, 3))):
            mutate(text, chance)
        data = zipped({**members, DOCUMENT: json.dumps(text).encode("utf-8", "surrogatepass")})
        try:
            found = storage.from_bytes(data)
        except FileError:
            continue
        loaded += 1
        evaluation = evaluate(found)
        assert (evaluation is None) == (not found.steps)
        assert storage.from_bytes(storage.to_bytes(found)) == found
    assert 0 < loaded < 150


def test_cells_that_load_can_be_computed() -> None:
    """The most entangled cell that is let in still has a derivative in reasonable time."""
    links = (f"a{i} = tanh(a{i - 1}) * a{i - 1}" for i in range(1, 10))
    chain = ["a0 = W @ x + U @ h_prev", *links]
    text, members = parts()
    entangled = define("entangled", "Entangled", "\n".join([*chain, "h = tanh(a9)"]))
    text["cells"][0].update(name="x", equations="\n".join([*chain, "h = tanh(a9)"]), states=["h"])
    shapes = {p.name: p.shape(8, 3) for p in entangled.parameters}
    tensors = [(f"layer0/forward/{n}", s) for n, s in shapes.items()]
    tensors += [("embedding/E", (5, 8)), ("head/V", (2, 3)), ("head/d", (2,))]
    members[WEIGHTS] = tensor_file(
        (name, "F64", list(shape), np.ones(shape).tobytes()) for name, shape in tensors
    )
    found = storage.from_bytes(zipped({**members, DOCUMENT: json.dumps(text).encode()}))
    evaluation = evaluate(found)
    assert evaluation is not None
    assert evaluation.gradients is not None
