"""What is kept of the weights, and of all else, when the parts of the network change."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.document.document import Document
from rnnviz.document.edits import (
    AddWord,
    Edit,
    HoldQuantity,
    SetAttention,
    SetCell,
    SetDirection,
    SetEmbedding,
    SetHidden,
    SetLayers,
    SetTargets,
    SetTask,
    SetUnshared,
)
from rnnviz.document.edits.keeping import axes
from rnnviz.document.evaluate import evaluate
from rnnviz.engine.cells import CELLS, find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.network import Network
from tests.document.documents import KINDS, OWN, document


@pytest.mark.parametrize("kind", KINDS)
def test_the_axes_are_those_of_the_weights(kind: str) -> None:
    found = document(kind)
    sizes = {
        path: tuple(sum(size for _, size in axis) for axis in of_path)
        for path, of_path in axes(found.network, found.labels, 0).items()
    }
    assert sizes == {path: array.shape for path, array in found.weights.items()}


@pytest.mark.parametrize("cell", [*(c.name for c in CELLS), OWN.name])
@pytest.mark.parametrize("kind", ["lstm", "gru", "tagger", "translator", "unshared"])
def test_gates_that_both_cells_have_keep_their_weights(kind: str, cell: str) -> None:
    before = document(kind)
    after = SetCell(OWN if cell == OWN.name else find_cell(cell)).apply(before)
    assert {layer.cell.name for layer in after.network.layers} == {cell}
    for path in set(before.weights) & set(after.weights):
        assert (after.weights[path] == before.weights[path]).all(), path
    drawn = set(after.weights) - set(before.weights)
    assert all(after.weights[path].any() for path in drawn if path.split("/")[-1][0] not in "bd")


def test_one_layer_can_have_another_cell() -> None:
    after = SetCell("rnn", 1).apply(document("tagger"))
    assert [layer.cell.name for layer in after.network.layers] == ["gru", "rnn"]


@pytest.mark.parametrize("units", [1, 2, 5])
def test_the_first_units_are_kept(units: int) -> None:
    before, after = document("lstm"), SetHidden(units).apply(document("lstm"))
    n = min(3, units)
    old, new = before.weights, after.weights
    for gate in "fiog":
        part = f"layer0/forward/{{}}_{gate}"
        assert (new[part.format("W")][:n] == old[part.format("W")][:n]).all()
        assert (new[part.format("U")][:n, :n] == old[part.format("U")][:n, :n]).all()
        assert (new[part.format("b")][:n] == old[part.format("b")][:n]).all()
    assert (new["head/V"][:, :n] == old["head/V"][:, :n]).all()
    assert (new["embedding/E"] == old["embedding/E"]).all()


def test_a_unit_without_influence_changes_nothing() -> None:
    """With new units that send nothing on, the larger network computes what the smaller one did."""
    before = document("tagger").changed(holds=())
    after = SetHidden(5).apply(before)
    old, new = {"below": 3}, {"below": 5}
    weights = {}
    for path, array in after.weights.items():
        kept = array.copy()
        columns = kept.shape[-1]
        if kept.ndim == 2 and "/U" in path:
            kept[:, old["below"] :] = 0
        elif columns == 2 * new["below"]:
            kept[:, 3:5] = kept[:, 8:] = 0
        weights[path] = kept
    after = after.changed(weights=after.weights.replace(weights))
    small, large = evaluate(before), evaluate(after)
    assert small is not None
    assert large is not None
    assert np.allclose(large.trace["head/outputs"], small.trace["head/outputs"], rtol=1e-12)


def test_a_bidirectional_layer_keeps_both_halves_above_it() -> None:
    before = document("tagger")
    after = SetHidden(4, 0).apply(before)
    for direction in ("forward", "backward"):
        path = f"layer1/{direction}/W_n"
        old, new = before.weights[path], after.weights[path]
        assert (new[:, :3] == old[:, :3]).all()
        assert (new[:, 4:7] == old[:, 3:]).all()
    forward = SetDirection("forward").apply(before)
    assert (forward.weights["head/V"] == before.weights["head/V"][:, :3]).all()
    backward = SetDirection("backward").apply(before)
    assert (backward.weights["head/V"] == before.weights["head/V"][:, 3:]).all()
    assert set(backward.weights) <= set(before.weights)


def test_another_layer_leaves_the_lower_ones_and_the_head() -> None:
    before = document("tagger")
    after = SetLayers(3).apply(before)
    for path, array in before.weights.items():
        assert (after.weights[path] == array).all()
    assert SetLayers(1).apply(before).network.layers == before.network.layers[:1]
    assert [hold.path for hold in SetLayers(1).apply(before).holds] == ["layer0/forward/z"]
    translator = SetLayers(1).apply(document("translator")).network
    assert isinstance(translator, EncoderDecoder)
    assert (len(translator.encoder), len(translator.decoder)) == (1, 1)


def test_embedding_and_one_hot() -> None:
    before = document("lstm")
    after = SetEmbedding(5).apply(before)
    assert (after.weights["embedding/E"] == before.weights["embedding/E"][:, :5]).all()
    inputs = before.weights["layer0/forward/W_f"]
    assert (after.weights["layer0/forward/W_f"] == inputs[:, :5]).all()
    one_hot = SetEmbedding(None).apply(before)
    assert one_hot.weights["layer0/forward/W_f"].shape == (3, 5)
    assert (one_hot.weights["layer0/forward/U_f"] == before.weights["layer0/forward/U_f"]).all()
    translator = SetEmbedding(None).apply(document("translator"))
    assert "target/E" not in translator.weights


def test_own_weights_at_each_step_begin_with_the_shared_ones() -> None:
    before = document("tagger")
    after = SetUnshared(True).apply(before)
    assert after.weights["layer1/backward/U_z"].shape == (4, 3, 3)
    one, other = evaluate(before), evaluate(after)
    assert one is not None
    assert other is not None
    assert np.allclose(other.trace["head/outputs"], one.trace["head/outputs"], rtol=1e-12)
    assert SetUnshared(False).apply(after).weights.vector.tolist() == before.weights.vector.tolist()
    assert SetUnshared(False).apply(before) is before
    assert SetUnshared(True).apply(after) is after


def test_a_new_word_gets_a_vector_of_its_own() -> None:
    before = document("lstm")
    after = AddWord("sad").apply(before)
    assert after.vocabulary == (*(before.vocabulary or ()), "sad")
    assert (after.weights["embedding/E"][:5] == before.weights["embedding/E"]).all()
    assert after.weights["embedding/E"][5].any()
    assert after.weights["head/V"].tolist() == before.weights["head/V"].tolist()
    assert AddWord("sad").apply(after) is after


def test_a_generator_can_also_write_a_new_word() -> None:
    after = AddWord("Z").apply(document("generator"))
    assert after.answers == ("<unk>", "a", "b", " ", "Z")
    assert after.ids[-1] == 4
    assert (after.weights["head/V"][:4] == document("generator").weights["head/V"]).all()
    written = AddWord("trois", written=True).apply(document("translator"))
    assert written.answers[-1] == "trois"
    assert written.weights["head/V"].shape[0] == len(written.answers)
    assert written.vocabulary is document("translator").vocabulary


def test_classes_are_kept_by_their_names() -> None:
    before = document("lstm")
    after = SetTask("many-to-one", "softmax", ("neutral", "positive", "negative")).apply(before)
    old, new = before.weights["head/V"], after.weights["head/V"]
    assert (new[2] == old[0]).all()
    assert (new[1] == old[1]).all()
    assert after.targets == ("negative",)
    fewer = SetTask("many-to-one", "softmax", ("positive",)).apply(before)
    assert fewer.targets == (None,)
    assert (fewer.weights["head/V"][0] == old[1]).all()


def test_as_many_labels_are_new_names() -> None:
    before = document("tagger")
    after = SetTask("many-to-many", "softmax", ("pron", "verb", "adv")).apply(before)
    assert after.weights is before.weights
    assert after.targets == ("pron", "verb", None, "verb")
    tags = SetTask("many-to-many", "crf", ("pron", "verb", "adv")).apply(after)
    assert tags.targets == after.targets
    assert (tags.weights["head/V"] == before.weights["head/V"]).all()


def test_another_form_has_other_targets() -> None:
    before = document("tagger")
    after = SetTask("many-to-one", "softmax", before.labels).apply(before)
    assert (after.targets, after.loss_steps) == ((before.targets or ("",))[-1:], "last")
    assert after.weights.vector.tolist() == before.weights.vector.tolist()
    series = SetTask("many-to-many", "regression", ("a", "b")).apply(before)
    assert series.targets is None
    shown = SetTask("many-to-many", None).apply(before)
    assert (shown.network.head, shown.labels, shown.targets) == (None, (), None)


def test_a_network_becomes_an_encoder_and_back() -> None:
    before = document("tagger")
    after = SetTask("many-to-many unaligned", "softmax", ("un", "deux")).apply(before)
    assert after.target_vocabulary == ("<s>", "</s>", "<unk>", "un", "deux")
    for name in ("layer0/forward/U_z", "layer1/backward/W_n"):
        assert (after.weights[f"encoder/{name}"] == before.weights[name]).all()
    assert (after.weights["source/E"] == before.weights["embedding/E"]).all()
    back = SetTask("many-to-many", "softmax", before.labels).apply(after)
    assert (back.weights["layer1/backward/W_n"] == before.weights["layer1/backward/W_n"]).all()
    assert isinstance(back.network, Network)
    assert back.target_vocabulary is None


def test_attention_leaves_the_rest_of_the_decoder() -> None:
    before = document("translator")
    without = SetAttention(None).apply(before)
    inputs = before.weights["decoder/layer0/forward/W_z"]
    assert (without.weights["decoder/layer0/forward/W_z"] == inputs[:, :8]).all()
    assert [hold.path for hold in without.holds] == [
        "decoder/layer1/forward/z",
        "encoder/layer0/backward/r",
    ]
    more = SetAttention(5).apply(before)
    assert (more.weights["attention/W_k"][:3] == before.weights["attention/W_k"]).all()


def test_what_does_not_fit_any_more_goes() -> None:
    before = HoldQuantity("layer0/forward/z", 0, 0.5, 2).apply(document("trained32"))
    after = SetCell("lstm").apply(before)
    assert (after.history, after.score, after.holds) == (None, None, ())
    assert after.recipe is before.recipe
    assert SetHidden(2).apply(before).holds == ()
    assert SetHidden(4).apply(before).holds == before.holds
    many = SetTask("many-to-many", "softmax", before.labels).apply(before)
    assert many.holds is before.holds


def test_the_new_weights_are_drawn_from_the_seed_of_the_document() -> None:
    one = document("lstm")
    other = replace(one, seed=5)
    assert SetHidden(4).apply(one) == SetHidden(4).apply(one)
    vectors = [SetHidden(4).apply(found).weights.vector.tolist() for found in (one, other)]
    assert vectors[0] != vectors[1]


DETOURS: tuple[tuple[Edit, Edit], ...] = (
    (SetHidden(5), SetHidden(3)),
    (SetLayers(2), SetLayers(1)),
    (SetDirection("both"), SetDirection("forward")),
    (SetUnshared(True), SetUnshared(False)),
)


@pytest.mark.parametrize(("there", "back"), DETOURS)
def test_larger_and_back_keeps_the_weights(there: Edit, back: Edit) -> None:
    before = document("lstm")
    after = back.apply(there.apply(before))
    assert after.network == before.network
    assert after.weights.vector.tolist() == before.weights.vector.tolist()


def test_the_precision_stays() -> None:
    found: Document = document("trained32")
    for edit in (SetHidden(4), SetCell("lstm"), AddWord("x"), SetUnshared(True), SetTargets(None)):
        found = edit.apply(found)
        assert found.weights.vector.dtype == np.float32
