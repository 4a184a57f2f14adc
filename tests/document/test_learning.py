"""Data of one's own become networks that learn: every form, and what does not fit."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.document.document import Document
from rnnviz.document.evaluate import evaluate
from rnnviz.document.learning import Choices, lesson, of_catalogue, of_file, task, with_rights
from rnnviz.document.learning.writing import START, STOP
from rnnviz.document.samples import train_sample
from rnnviz.document.storage import from_bytes, to_bytes
from rnnviz.document.words import UNKNOWN
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import CRF, Regression, Softmax
from rnnviz.engine.inputs import Tokens
from tests.app import files

QUICK = Choices(hidden=8, embedding=6, epochs=50, batch=4, learning_rate=0.02)
TAGGED = "I\tPRON\nlove\tVERB\nfilms\tNOUN\n\nyou\tPRON\nhate\tVERB\nbooks\tNOUN\n\n"
PAIRS = "I am\tje suis\nyou are\ttu es\nhe is\til est\nwe are\tnous sommes\n"


def wave(columns: str = "sun,wind", steps: int = 240) -> str:
    rows = [f"{np.sin(t / 4):.4f},{np.cos(t / 4):.4f}" for t in range(steps)]
    return "\n".join((columns, *rows)) + "\n"


def labelled_table() -> str:
    rows = ["sequence,label,x"]
    for number in range(24):
        sign = 1 if number % 2 else -1
        rows += [f"s{number},{'up' if sign > 0 else 'down'},{sign * (t + 1)}" for t in range(4)]
    return "\n".join(rows) + "\n"


def tagged_table() -> str:
    rows = [f"{t % 7},{'high' if t % 7 > 3 else 'low'}" for t in range(140)]
    return "\n".join(("x,tag", *rows)) + "\n"


def target_table() -> str:
    rows = [f"{t % 5},{2 * (t % 5)}" if t % 9 else f"{t % 5}," for t in range(150)]
    return "\n".join(("x,target", *rows)) + "\n"


FORMS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "labelled": ("m.tsv", "", {}),
    "tagged": ("m.conll", TAGGED * 8, {}),
    "pairs": ("m.tsv", PAIRS * 6, {"form": "pairs"}),
    "lines": ("m.txt", "to be or not to be\nto see or not to see\n" * 8, {}),
    "names": ("m.txt", "Anna\nHanna\nNina\n" * 8, {}),
    "series": ("m.csv", wave(), {}),
    "labelled table": ("m.csv", labelled_table(), {}),
    "tagged table": ("m.csv", tagged_table(), {}),
    "target table": ("m.csv", target_table(), {}),
}


def document_of(folder: Path, form: str, choices: Choices = QUICK) -> Document:
    name, text, more = FORMS[form]
    if form == "labelled":
        files.labelled(folder / name)
    else:
        (folder / name).write_text(text, "utf-8")
    source = of_file(folder / name, **more)
    return with_rights(train_sample(lesson(source, choices)), source)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    return {form: document_of(tmp_path_factory.mktemp("data"), form) for form in FORMS}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_learned(form: str, trained: dict[str, Document]) -> None:
    document = trained[form]
    score, history = document.score, document.history
    assert score is not None
    assert score.baseline is not None
    assert score.count > 0
    if score.name.startswith("error"):
        assert score.value < score.baseline
    else:
        assert score.value >= score.baseline
    assert history is not None
    assert history.ended == "done"
    assert history.moments[-1].loss < history.moments[1].loss
    assert (document.licence, document.source) == ("", FORMS[form][0])
    assert "Held out" in document.notes
    found = evaluate(document)
    assert found is not None
    assert found.loss is not None
    assert from_bytes(to_bytes(document)) == document


@pytest.mark.parametrize(
    ("form", "head", "shape"),
    [
        ("labelled", Softmax(2), "many-to-one"),
        ("tagged", Softmax(3), "many-to-many"),
        ("lines", Softmax(8), "one-to-many"),
        ("names", Softmax(9), "one-to-many"),
        ("series", Regression(2), "many-to-many"),
        ("labelled table", Softmax(2), "many-to-one"),
        ("tagged table", Softmax(2), "many-to-many"),
        ("target table", Regression(1), "many-to-many"),
    ],
)
def test_the_network_follows_from_the_data(
    form: str, head: Any, shape: str, trained: dict[str, Document]
) -> None:
    network = trained[form].network
    assert network.head == head
    assert network.form == shape


def test_texts_to_be_continued_have_both_ends(trained: dict[str, Document]) -> None:
    document = trained["names"]
    assert set(document.vocabulary or ()) == {START, STOP, UNKNOWN, *"AannHiN"}
    assert document.tokeniser == "characters"
    assert document.sequence[0] == START
    assert isinstance(document.targets, tuple)
    assert document.targets[-1] == STOP
    assert document.sequence[1:] == document.targets[:-1]


def test_a_translator_has_attention_if_asked(tmp_path: Path) -> None:
    choices = Choices(hidden=4, embedding=3, attention=5, bidirectional=True, epochs=1)
    network = document_of(tmp_path, "pairs", choices).network
    assert isinstance(network, EncoderDecoder)
    assert network.attention == 5
    assert network.encoder[0].direction == "both"
    assert network.decoder[0].direction == "forward"


def test_choices_arrive_in_the_network(tmp_path: Path) -> None:
    choices = Choices("gru", 3, 2, None, bidirectional=True, crf=True, epochs=1, words=5, seed=4)
    document = document_of(tmp_path, "tagged", choices)
    assert document.network.head == CRF(3)
    assert [layer.hidden for layer in document.network.layers] == [3, 3]
    assert {layer.cell.name for layer in document.network.layers} == {"gru"}
    assert document.input == Tokens(5, None)
    assert document.recipe.seed == document.seed == 4


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    quick = Choices(hidden=3, embedding=3, epochs=2)
    first, second, other = (
        document_of(tmp_path, "labelled", Choices(**{**vars_of(quick), "seed": seed}))
        for seed in (1, 1, 2)
    )
    assert to_bytes(first) == to_bytes(second)
    assert to_bytes(first) != to_bytes(other)


def vars_of(choices: Choices) -> dict[str, Any]:
    return {name: getattr(choices, name) for name in choices.__dataclass_fields__}


def test_a_catalogue_set_keeps_its_licence() -> None:
    source = of_catalogue("sunspots")
    choices = Choices(hidden=3, epochs=1)
    document = with_rights(train_sample(lesson(source, choices)), source)
    assert document.licence != ""
    assert document.columns == source.examples.columns
    assert "mean 0 and the standard deviation 1" in document.notes


def test_what_is_tested_was_not_learned(tmp_path: Path) -> None:
    rows = [f"x{chr(0x100 + n)}x here\t{'a' if n % 2 else 'b'}" for n in range(40)]
    (tmp_path / "m.tsv").write_text("\n".join(rows), "utf-8")
    made = task(of_file(tmp_path / "m.tsv"), QUICK)
    assert made.asked is not None
    assert (len(made.learned), len(made.asked), len(made.test)) == (30, 4, 6)
    words = made.parts["vocabulary"]
    unknown = words.index(UNKNOWN)
    assert all(unknown not in row for row in made.learned.inputs)
    assert all(row[0] == unknown for row in (*made.asked.inputs, *made.test.inputs))


@pytest.mark.parametrize(
    ("name", "text", "choices", "fault"),
    [
        ("m.tsv", "a\tx\nb\ty\n", {}, "2 examples came, expected at least 6"),
        ("m.tsv", "a b\tx\n" * 9, {}, "every label is 'x', expected at least two"),
        ("m.tsv", "a\tx\nb\n", {}, "line 2"),
        ("m.csv", "x\n1\n2\n3\n", {}, "2 steps came, expected at least 24"),
        ("m.csv", "x,y\n1,\n2,\n" * 1, {}, "no number in this column"),
        ("m.csv", "x\n1\ntwo\n", {}, "line 3"),
        ("m.txt", "a b c\n" * 9, {"bidirectional": True}, "nothing stands to the right"),
        ("m.csv", wave(), {"bidirectional": True}, "has seen the future"),
        ("m.csv", wave(), {"crf": True}, "crf: it came without a tag"),
        ("m.tsv", "a\tx\nb\ty\n" * 9, {"crf": True}, "crf: it came without a tag"),
        ("m.tsv", "a\tx\nb\ty\n" * 9, {"attention": 3}, "no pairs of texts"),
        ("m.tsv", "a\tx\nb\ty\n" * 9, {"cell": "elman"}, "'elman' is not known"),
        ("m.tsv", "a\tx\nb\ty\n" * 9, {"layers": 65}, "layers: 65"),
        ("m.tsv", "a\tx\nb\ty\n" * 9, {"learning_rate": 0}, "learning_rate: 0 came"),
    ],
)
def test_what_does_not_fit_is_said(
    tmp_path: Path, name: str, text: str, choices: dict[str, Any], fault: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(EngineError, match=fault):
        task(of_file(tmp_path / name), Choices(**choices))
