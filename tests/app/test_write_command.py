"""`rnnviz write`: what a network writes, one text a line."""

from pathlib import Path

import pytest

from rnnviz.app import cli
from rnnviz.document.resources import resource
from tests.app.support import Capture, output


def test_names_are_written_and_the_same_seed_writes_the_same(capsys: Capture) -> None:
    first = output(capsys, "write", "names", "♂jo", "--count", "6", "--seed", "3")
    again = output(capsys, "write", "names", "♂jo", "--count", "6", "--seed", "3")
    other = output(capsys, "write", "names", "♂jo", "--count", "6", "--seed", "90")
    assert first == again != other
    assert len(first.splitlines()) == 6
    assert all(line.startswith("♂jo") for line in first.splitlines())


def test_without_chance_there_is_one(capsys: Capture) -> None:
    assert len(output(capsys, "write", "names", "--temperature", "0").splitlines()) == 1


def test_a_text_that_was_cut_off_says_so(capsys: Capture) -> None:
    told = output(capsys, "write", "names", "♀", "--length", "1", "--temperature", "0")
    assert told.endswith(" ...\n")


def test_a_phrase_is_translated(capsys: Capture) -> None:
    path = str(resource("samples", "translation_attention.rnnviz"))
    assert output(capsys, "write", path, "Remove all breakpoints") == "移除所有断点\n"


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ("nothing.rnnviz", "there is no such file"),
        ("vowels", "its network reads no words"),
        ("names|--temperature|-1", "'-1' came, expected a finite number"),
        ("names|--temperature|hot", "'hot' came, expected a finite number"),
        ("names|--count|0", "'0' came"),
    ],
)
def test_a_mistake_is_one_sentence(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, fault: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["write", *arguments.split("|")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert fault in err
    assert err.count("\n") == 1
