"""The document: what it accepts, what it refuses, what is equal, what it computes."""

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.document.document import Clip, Document
from rnnviz.document.evaluate import evaluate
from rnnviz.document.history import History, Moment, Score, history_of
from rnnviz.document.new import new_document
from rnnviz.document.same import same
from rnnviz.engine.batching import Samples
from rnnviz.engine.cell import define
from rnnviz.engine.cells import CELLS
from rnnviz.engine.errors import EngineError
from rnnviz.engine.holds import Hold
from rnnviz.engine.initial_weights import initial_weights
from rnnviz.engine.inputs import Tokens
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import Adam
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.training import train
from rnnviz.engine.weights import Weights
from tests.document.documents import KINDS, document

every_kind = pytest.mark.parametrize("kind", KINDS)


def test_a_new_document_reads_a_sentence() -> None:
    found = new_document()
    assert found.sequence == ("I", "am", "not", "happy")
    assert found.ids == (1, 2, 3, 4)
    assert found.answers == ("negative", "positive")
    assert found.weights.vector.size == found.network.parameter_count
    assert new_document() == found
    assert new_document(seed=1) != found


def test_a_document_and_its_arrays_cannot_be_changed() -> None:
    found = document("forecast")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.title = "x"  # type: ignore[misc]
    for array in (found.sequence, found.targets, found.weights.vector):
        assert isinstance(array, np.ndarray)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_arrays_of_others_are_copied() -> None:
    mine = np.ones((2, 2))
    found = document("forecast").changed(sequence=mine, targets=None)
    mine[0, 0] = 5
    assert found.sequence[0][0] == 1


@every_kind
def test_equal_documents(kind: str) -> None:
    one, other = document(kind), KINDS[kind]()
    assert one is not other
    assert one == other
    assert one != "a document"
    assert one != other.changed(title="another")
    vector = other.weights.vector.copy()
    vector[-1] = np.nextafter(vector[-1], np.float32(9), dtype=vector.dtype)
    assert one != other.changed(weights=Weights(other.network.layout, vector))


def test_a_document_has_no_hash() -> None:
    with pytest.raises(TypeError):
        hash(document("lstm"))


def test_what_is_the_same() -> None:
    nan = np.array([np.nan, 1.0])
    assert same(nan, nan.copy())
    assert same((1, "a", nan), (1.0, "a", nan.copy()))
    assert same(float("nan"), np.float64("nan"))
    assert not same(0.0, -0.0)
    assert not same(nan, nan.astype(np.float32))
    assert not same((1, 2), (1, 2, 3))
    assert not same((1,), [1])
    assert not same(np.array([0.0]), np.array([-0.0]))


def test_changed_keeps_what_is_the_same() -> None:
    found = document("tagger")
    parts = {"title": found.title, "targets": tuple(found.targets or ()), "weights": _copy(found)}
    assert found.changed(**parts) is found
    other = found.changed(**parts, notes="new")
    assert other.targets is found.targets
    assert other.weights is found.weights


def _copy(found: Document) -> Weights:
    return Weights(found.network.layout, found.weights.vector.copy())


def test_unknown_words() -> None:
    found = document("lstm").changed(sequence=("I", "LOVE", "Happy"))
    assert found.ids == (1, 0, 0)
    assert not found.knows("Happy")
    lower = found.changed(lower=True)
    assert lower.ids == (1, 0, 4)
    assert lower.knows("Happy")


def test_without_unk_an_unknown_word_is_refused() -> None:
    network = replace(_network("lstm"), input=Tokens(1))
    parts: dict[str, Any] = {"network": network, "weights": initial_weights(network)}
    with pytest.raises(EngineError, match="'I' came, which is none of the 1 known words"):
        document("lstm").changed(**parts, vocabulary=("a",))


def _network(kind: str) -> Network:
    network = document(kind).network
    assert isinstance(network, Network)
    return network


LONG = ("word",) * 65_537
CHAIN = "\n".join(["a0 = W @ x", *(f"a{i} = a{i - 1} * a{i - 1}" for i in range(1, 40)), "h = a39"])
DEEP = replace(_network("lstm"), layers=(Layer(define("x", "x", CHAIN), 3),))

FAULTS: dict[str, tuple[str, Callable[[], dict[str, Any]], str]] = {
    "other weights": ("lstm", lambda: {"weights": document("gru").weights}, "another network"),
    "no words": ("lstm", lambda: {"vocabulary": None}, "vocabulary: none came"),
    "few words": ("lstm", lambda: {"vocabulary": ("<unk>", "a")}, "2 came, the network has 5"),
    "a word twice": ("lstm", lambda: {"vocabulary": tuple("<aabc")}, "'a' came twice"),
    "an empty word": ("lstm", lambda: {"sequence": ("",)}, "0 characters"),
    "a long word": ("lstm", lambda: {"sequence": ("a" * 257,)}, "257 characters"),
    "half a character": ("lstm", lambda: {"sequence": ("\ud800",)}, "half a character"),
    "half a title": ("lstm", lambda: {"title": "\udfff"}, "half a character"),
    "a long title": ("lstm", lambda: {"title": "a" * 1001}, "1001 characters"),
    "long notes": ("lstm", lambda: {"notes": "a" * 1_000_001}, "notes: 1000001"),
    "a long sequence": ("lstm", lambda: {"sequence": LONG}, "65537 steps"),
    "words for vectors": ("forecast", lambda: {"vocabulary": ("a",)}, "reads none"),
    "tokens for vectors": ("forecast", lambda: {"sequence": ("a",)}, "reads vectors of 2"),
    "vectors for tokens": ("lstm", lambda: {"sequence": np.ones((1, 8))}, "reads tokens"),
    "wide vectors": ("forecast", lambda: {"sequence": np.ones((3, 3))}, r"\(time, 2\)"),
    "few columns": ("forecast", lambda: {"columns": ("a",)}, "columns: 1 names"),
    "few labels": ("lstm", lambda: {"labels": ("a",)}, "labels: 1 came"),
    "labels of a decoder": ("translator", lambda: {"labels": tuple("abcdef")}, "vocabulary names"),
    "no targets fit": ("states only", lambda: {"targets": ("a",)}, "no head"),
    "an unknown label": ("lstm", lambda: {"targets": ("neutral",)}, "'neutral' is not known"),
    "too many targets": ("lstm", lambda: {"targets": ("negative",) * 4}, "4 came, expected 1"),
    "number targets": ("lstm", lambda: {"targets": np.ones((1, 2))}, "numbers came"),
    "word targets": ("forecast", lambda: {"targets": ("a",) * 3}, "words came"),
    "wide targets": ("forecast", lambda: {"targets": np.ones((3, 2))}, r"\(3, 1\)"),
    "nothing to write": ("translator", lambda: {"targets": ()}, "at least one"),
    "a gap to write": ("translator", lambda: {"targets": ("je", None)}, "at least one"),
    "a step without loss": ("tagger", lambda: {"loss_steps": (4,)}, "4 came, there are 4 steps"),
    "another word": ("tagger", lambda: {"loss_steps": "first"}, "'first' is not known"),
    "a hold of nothing": ("lstm", lambda: {"holds": (Hold("x", 0, 1.0),)}, "'x' is not known"),
    "a late hold": ("lstm", lambda: {"holds": (Hold("layer0/x", 4, 1.0),)}, "step 4 came"),
    "a far hold": ("lstm", lambda: {"holds": (Hold("layer0/x", 0, 1.0, 8),)}, "unit 8 came"),
    "another row": ("lstm", lambda: {"holds": (Hold("layer0/x", 0, 1.0, 0, 1),)}, "row 1"),
    "a hold at nan": ("lstm", lambda: {"holds": (Hold("layer0/x", 0, np.nan),)}, "finite"),
    "truncation": ("lstm", lambda: {"truncate": 0}, "0 came, expected at least 1"),
    "truncated decoder": ("translator", lambda: {"truncate": 3}, "cannot be truncated"),
    "a seed": ("lstm", lambda: {"seed": -1}, "seed: -1"),
    "a tokeniser": ("lstm", lambda: {"tokeniser": "bytes"}, "'bytes' is not known"),
    "other steps": ("unshared", lambda: {"sequence": ("a",)}, "unshared weights are for 4"),
    "two steps": ("one step", lambda: {"sequence": ("a", "b")}, "one-to-one reads one"),
    "other history": ("lstm", lambda: {"history": document("trained32").history}, "history: its"),
    "an endless derivative": (
        "lstm",
        lambda: {"network": DEEP, "weights": initial_weights(DEEP)},
        "too entangled",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_parts_that_do_not_fit_are_refused(fault: str) -> None:
    kind, parts, match = FAULTS[fault]
    with pytest.raises(EngineError, match=match):
        document(kind).changed(**parts())


@pytest.mark.parametrize("clip", [("cut", 1.0), ("norm", 0.0), ("value", np.inf), ("norm", np.nan)])
def test_clips_that_are_refused(clip: tuple[Any, float]) -> None:
    with pytest.raises(EngineError, match="clip"):
        Clip(*clip)


def test_histories_and_scores_that_are_refused() -> None:
    vector = np.ones(3)
    with pytest.raises(EngineError, match="expected 1 to"):
        History(())
    with pytest.raises(EngineError, match=r"\[2, 3\]"):
        History((Moment(1, 1, vector), Moment(2, 2, vector[:2])))
    with pytest.raises(EngineError, match="float32 or float64"):
        Moment(1, 1, np.ones(3, np.float16))
    with pytest.raises(EngineError, match="update: -1"):
        Moment(1, -1, vector)
    with pytest.raises(EngineError, match="finite"):
        Score("accuracy", np.nan)


# ------------------------------------------------------------------------------ what it computes


@every_kind
def test_every_document_can_be_evaluated(kind: str) -> None:
    found = document(kind)
    evaluation = evaluate(found)
    if not found.steps:
        assert evaluation is None
        return
    assert evaluation is not None
    assert evaluation.document is found
    assert (evaluation.gradients is None) == (found.targets is None)
    assert (evaluation.loss is None) == (found.targets is None)


def test_the_evaluation_is_that_of_the_engine() -> None:
    found = document("tagger")
    evaluation = evaluate(found)
    assert evaluation is not None
    network = _network("tagger")
    batch = network.batch([[1, 2, 3, 4]], [[0, 1, -1, 1]])
    trace = network.forward(found.weights, batch, found.holds)
    assert evaluation.loss == trace.loss((0, 2, -1))
    assert (evaluation.trace["head/outputs"] == trace["head/outputs"]).all()
    assert evaluation.gradients is not None
    assert evaluation.gradients.cut is not None
    assert (evaluation.trace["layer0/forward/z"][1] == 0.5).all()


def test_without_targets_enough_there_are_no_gradients() -> None:
    for kind, targets in (("tagger", (None,) * 4), ("chain of tags", ("O", None, "O", "O"))):
        evaluation = evaluate(document(kind).changed(targets=targets))
        assert evaluation is not None
        assert evaluation.gradients is None
    evaluation = evaluate(document("forecast").changed(targets=np.full((3, 1), np.nan)))
    assert evaluation is not None
    assert evaluation.gradients is None


def test_a_decoder_without_targets_writes_on_its_own() -> None:
    evaluation = evaluate(document("free translator"))
    assert evaluation is not None
    read = evaluation.trace.batch.inputs[:, 0]
    written = evaluation.trace["head/outputs"][:, 0].argmax(axis=1)
    assert (read[1:] == written[:-1]).all()


def test_clipping() -> None:
    evaluation = evaluate(document("chain of tags"))
    assert evaluation is not None
    clipped = evaluation.clipped()
    assert clipped is not None
    assert np.linalg.norm(clipped[0].vector) == pytest.approx(0.5)
    by_value = evaluate(document("lstm").changed(clip=Clip("value", 1e-3)))
    assert by_value is not None
    assert np.abs((by_value.clipped() or clipped)[0].vector).max() == 1e-3
    unclipped = evaluate(document("lstm"))
    assert unclipped is not None
    assert unclipped.clipped() is None


def test_the_history_of_a_training_run() -> None:
    found = document("lstm")
    samples = Samples([list(found.ids)], [0])
    recipe = Recipe(Adam(0.1), epochs=9)
    snapshots = list(train(found.network, found.weights, samples, recipe, samples))
    history = history_of(snapshots)
    assert [moment.epoch for moment in history.moments] == list(range(1, 10))
    assert history.ended == "done"
    last = history.moments[-1]
    assert (last.vector == snapshots[-1].weights.vector).all()
    assert last.loss == snapshots[-1].loss
    assert last.score == snapshots[-1].accuracy == 1.0
    assert last.validation_loss < last.loss
    assert found.changed(history=history).history is history


def test_all_cells_are_small_enough() -> None:
    assert [document(cell.name).network.layers[0].cell for cell in CELLS] == list(CELLS)
