"""Examples for a network that is there already: encoded with its words, or refused plainly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnviz.document.data_choice import Data
from rnnviz.document.document import Document
from rnnviz.document.edits import SetHidden, SetTargets, SetTask, SetTitle
from rnnviz.document.learning.fitting import learned_from, sample_of
from rnnviz.document.new import new_document
from rnnviz.document.resources import resource
from rnnviz.document.storage import load
from rnnviz.engine.errors import EngineError


def opened(name: str) -> Document:
    return load(resource("samples", f"{name}.rnnviz"))


def written(folder: Path, name: str, text: str) -> Data:
    path = folder / name
    path.write_text(text, "utf-8")
    return Data("file", path)


@pytest.mark.parametrize("name", ["not_happy", "adding_10_gru"])
def test_the_data_of_a_sample_are_found_again_by_its_title_or_source(name: str) -> None:
    document = opened(name)
    found = sample_of(document)
    assert found is not None
    assert found.name == name
    learned = learned_from(SetHidden(3).apply(document), Data("sample"))
    assert len(learned.samples) > 100
    assert learned.validation is not None


def test_without_its_title_a_sample_is_known_by_the_source_of_its_data() -> None:
    renamed = SetTitle("Mine").apply(opened("not_happy"))
    found = sample_of(renamed)
    assert found is not None
    assert found.name == "not_happy"
    assert sample_of(new_document("rnn", 2)) is None


def test_data_that_do_not_fit_any_more_are_refused() -> None:
    changed = SetTask("many-to-one", labels=("a", "b")).apply(opened("not_happy"))
    with pytest.raises(EngineError, match="do not fit"):
        learned_from(changed, Data("sample"))
    with pytest.raises(EngineError, match="not known"):
        learned_from(new_document("rnn", 2), Data("sample"))


def test_labels_and_tags_are_encoded_with_the_words_of_the_document(tmp_path: Path) -> None:
    document = opened("sentiment_gru")
    labels = document.answers
    data = written(tmp_path, "a.tsv", f"good film\t{labels[0]}\nbad zzzz film\t{labels[1]}\n")
    learned = learned_from(document, data)
    assert learned.validation is None
    assert [t if isinstance(t, int) else int(t) for t in learned.samples.targets] == [0, 1]
    words = document.vocabulary or ()
    unknown = words.index("<unk>")
    assert learned.samples.inputs[1][1] == unknown
    tagger = opened("not_happy")
    tags = written(tmp_path, "b.conll", "I\tneutral\nsmile\tpositive\n\nno\tnegative\n")
    assert learned_from(tagger, tags).samples.targets == [[1, 2], [0]]


def test_many_examples_leave_some_to_be_asked(tmp_path: Path) -> None:
    document = opened("sentiment_gru")
    name = document.answers[0]
    text = "".join(f"film {n}\t{name}\n" for n in range(40))
    learned = learned_from(document, written(tmp_path, "a.tsv", text))
    assert learned.validation is not None
    assert len(learned.samples) + len(learned.validation) == 40


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.tsv", "good film\tsplendid\nbad film\tawful\n", "none of the network's"),
        ("a.conll", "I\tnegative\n", "answers once"),
        ("a.csv", "x,y\n1,2\n3,4\n", "reads words"),
        ("a.txt", "only a text of words here\nand one more of them\n", "an answer for each"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    with pytest.raises(EngineError, match=why):
        learned_from(opened("sentiment_gru"), written(tmp_path, name, text))


def test_numbers_are_foretold(tmp_path: Path) -> None:
    curve = np.sin(np.arange(9))[:, None]
    document = new_document("gru", 3, sequence=curve).changed(columns=("y",))
    document = SetTask("many-to-many", "regression", labels=("y",)).apply(document)
    text = "y\n" + "\n".join(f"{n / 10}" for n in range(12)) + "\n"
    samples = learned_from(document, written(tmp_path, "a.csv", text)).samples
    np.testing.assert_allclose(samples.targets[0][:, 0], samples.inputs[0][:, 0] + 0.1)
    wide = written(tmp_path, "b.csv", "y,z\n1,2\n3,4\n")
    with pytest.raises(EngineError, match="2 columns"):
        learned_from(document, wide)


def test_pairs_are_for_a_decoder(tmp_path: Path) -> None:
    document = SetTask("many-to-many unaligned", labels=("je", "suis")).apply(opened("not_happy"))
    document = SetTargets(("je",)).apply(document)
    samples = learned_from(document, written(tmp_path, "a.tsv", "I am\tje suis\n")).samples
    names = document.target_vocabulary or ()
    assert [names[k] for k in samples.targets[0]] == ["je", "suis"]
