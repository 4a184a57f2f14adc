"""Models become documents and documents models, without loss where there is room."""

from pathlib import Path

import numpy as np
import pytest

from rnnviz.document.conversion import NAMELESS, document_of, model_of, words_from
from rnnviz.document.document import Document
from rnnviz.document.evaluate import evaluate
from rnnviz.document.interchange.model import Model
from rnnviz.document.interchange.safetensors_file import read_safetensors, write_safetensors
from rnnviz.document.storage import from_bytes, to_bytes
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from tests.document import documents
from tests.document.interchange import samples

MODELS = samples.variants()
LOSSY = ("overflowed", "own cell")  # nan is not equal to itself; a cell's reference stays behind
KINDS = [kind for kind in documents.KINDS if kind not in LOSSY]


@pytest.mark.parametrize("name", MODELS)
def test_every_model_becomes_a_document_that_runs(name: str) -> None:
    document = document_of(MODELS[name])
    assert document.network == MODELS[name].network
    assert document.weights is MODELS[name].weights
    assert evaluate(document) is not None
    assert from_bytes(to_bytes(document)) == document


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_comes_back_through_a_file(kind: str, tmp_path: Path) -> None:
    document = documents.document(kind)
    write_safetensors(model_of(document), tmp_path / "m.safetensors")
    (found,) = read_safetensors(tmp_path / "m.safetensors")
    dtype = document.weights.vector.dtype
    again = document_of(found.model(dtype=dtype))
    assert again.network == document.network
    np.testing.assert_array_equal(again.weights.vector, document.weights.vector)
    assert again.weights.vector.dtype == dtype
    assert again.vocabulary == document.vocabulary
    assert again.answers == document.answers
    assert again.title == document.title


def classifier() -> Model:
    return samples.classifier(find_cell("lstm"), vocabulary=None, labels=None)


def test_words_that_nobody_named_are_numbers() -> None:
    document = document_of(classifier())
    assert document.vocabulary == tuple(map(str, range(len(samples.WORDS))))
    assert NAMELESS in document.notes
    assert NAMELESS not in document_of(classifier(), vocabulary=samples.WORDS).notes


def test_words_and_labels_may_be_given() -> None:
    document = document_of(classifier(), samples.WORDS, ("bad", "good"), "Mine")
    assert (document.vocabulary, document.labels) == (samples.WORDS, ("bad", "good"))
    assert document.title == "Mine"


@pytest.mark.parametrize(
    ("words", "labels", "fault"),
    [
        (("a", "b"), None, "vocabulary: 2 words came, the network has an embedding of 7"),
        (None, ("a",), "labels: 1 came, the network has 2 outputs"),
        (("a",) * 7, None, "'a' came twice"),
    ],
)
def test_words_that_do_not_fit(
    words: tuple[str, ...] | None, labels: tuple[str, ...] | None, fault: str
) -> None:
    with pytest.raises(EngineError, match=fault):
        document_of(classifier(), words, labels)


def test_vectors_have_no_words() -> None:
    model = samples.forecast(find_cell("gru"))
    with pytest.raises(EngineError, match="reads vectors"):
        document_of(model, ("a", "b"))


def test_states_that_are_left_out_are_said() -> None:
    network = Network(Vectors(2), (Layer(find_cell("rnn"), 2),))
    weights = samples.weights(network)
    said = [
        "states before the first step"
        in document_of(
            Model(network, weights, initial={"layer0/forward/h": np.full(2, value)})
        ).notes
        for value in (0.0, 1.0)
    ]
    assert said == [False, True]


def test_characters_are_recognised() -> None:
    def tokeniser(words: tuple[str, ...]) -> str:
        model = samples.classifier(find_cell("rnn"), vocabulary=words)
        return document_of(model).tokeniser

    assert tokeniser(("<unk>", *"abcdef")) == "characters"
    assert tokeniser(("<unk>", *"abcde", "fg")) == "words"


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_words_are_read_from_lines(tmp_path: Path) -> None:
    assert words_from(write(tmp_path / "w.txt", "<unk>\n \n高\nof\n\n")) == (
        "<unk>",
        " ",
        "高",
        "of",
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [("a\n\nb\n", "line 2 has 0"), ("a\nb\na\n", "line 3 is 'a' again"), ("x" * 300, "line 1 has")],
)
def test_faults_of_words_have_a_line(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(EngineError, match=fault):
        words_from(write(tmp_path / "w.txt", text))


def test_a_model_of_a_document_says_what_its_outputs_are() -> None:
    generator: Document = documents.document("generator")
    assert model_of(generator).labels == generator.vocabulary
    assert model_of(documents.document("states only")).labels is None
