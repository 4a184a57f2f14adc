"""Every edit: what it changes, what it leaves, how it is called, and what it refuses."""

import dataclasses
from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest

from rnnviz.document.document import Clip, Document
from rnnviz.document.edits import (
    EDITS,
    AddWord,
    DeleteToken,
    Edit,
    EditError,
    HoldQuantity,
    IdentityWeights,
    InsertToken,
    InsertVector,
    MoveToken,
    PasteTokens,
    PasteVectors,
    Reinitialise,
    ReleaseQuantity,
    ReplaceWeights,
    ScaleSpectralRadius,
    SetAttention,
    SetCell,
    SetClip,
    SetDirection,
    SetEmbedding,
    SetForgetBias,
    SetHidden,
    SetLayers,
    SetLossSteps,
    SetNotes,
    SetRecipe,
    SetTargets,
    SetTask,
    SetTitle,
    SetToken,
    SetTraining,
    SetTruncation,
    SetUnshared,
    SetVector,
    SetVectorValue,
    SetWeight,
    SetWeightMatrix,
    SetWeightRow,
    ZeroWeights,
)
from rnnviz.document.history import History, Moment, Score
from rnnviz.document.new import new_document
from rnnviz.engine.holds import Hold
from rnnviz.engine.initial_weights import STANDARD, Initialisation, initial_weights
from rnnviz.engine.initialise import spectral_radius
from rnnviz.engine.recipes import Recipe
from tests.document.documents import document

W_F, U_F = "layer0/forward/W_f", "layer0/forward/U_f"
ARCHITECTURE = {"network", "weights"}

# Edit, the document it is made on, the parts that it may touch.
EXAMPLES: tuple[tuple[Edit, str, set[str]], ...] = (
    (SetToken(2, "very"), "lstm", {"sequence"}),
    (InsertToken(4, "today"), "tagger", {"sequence", "targets"}),
    (DeleteToken(0), "tagger", {"sequence", "targets", "holds", "loss_steps"}),
    (MoveToken(0, 3), "tagger", {"sequence", "targets", "holds", "loss_steps"}),
    (PasteTokens("You are happy"), "lstm", {"sequence"}),
    (SetVector(1, (2.0, 3.0)), "forecast", {"sequence"}),
    (SetVectorValue(1, 0, 2.0), "forecast", {"sequence"}),
    (InsertVector(3, (2.0, 3.0)), "forecast", {"sequence", "targets"}),
    (PasteVectors("1\t2\n3\t4"), "forecast", {"sequence", "targets"}),
    (SetWeight(W_F, (0, 1), 0.5), "lstm", {"weights"}),
    (SetWeightRow(W_F, (1,), (0.5,) * 8), "lstm", {"weights"}),
    (SetWeightMatrix(U_F, np.eye(3)), "lstm", {"weights"}),
    (ReplaceWeights(np.ones(192)), "lstm", {"weights"}),
    (ScaleSpectralRadius(U_F, 0.5), "lstm", {"weights"}),
    (SetForgetBias(3.0), "lstm", {"weights"}),
    (Reinitialise("normal", 7), "lstm", {"weights", "seed", "scheme"}),
    (ZeroWeights(), "lstm", {"weights"}),
    (IdentityWeights(), "lstm", {"weights"}),
    (HoldQuantity("layer0/forward/f", 1, 0.0), "lstm", {"holds"}),
    (ReleaseQuantity(), "tagger", {"holds"}),
    (SetCell("gru"), "lstm", ARCHITECTURE),
    (SetDirection("both"), "lstm", ARCHITECTURE),
    (SetLayers(2), "lstm", ARCHITECTURE),
    (SetHidden(5), "lstm", ARCHITECTURE),
    (SetUnshared(True), "lstm", ARCHITECTURE),
    (SetEmbedding(None), "lstm", ARCHITECTURE),
    (
        SetTask("many-to-many", "crf", ("B", "I", "O")),
        "lstm",
        ARCHITECTURE | {"labels", "targets", "loss_steps"},
    ),
    (SetAttention(4), "translator", ARCHITECTURE),
    (AddWord("sad"), "lstm", ARCHITECTURE | {"vocabulary"}),
    (SetTargets(("positive",)), "lstm", {"targets"}),
    (SetLossSteps((3, 1)), "tagger", {"loss_steps"}),
    (SetClip("norm", 2.0), "lstm", {"clip"}),
    (SetTruncation(3), "lstm", {"truncate"}),
    (SetRecipe(Recipe(epochs=3)), "lstm", {"recipe"}),
    (
        SetTraining(Recipe(epochs=1), History((Moment(1, 1, np.ones(192)),))),
        "lstm",
        {"recipe", "history", "weights"},
    ),
    (SetTitle("A sentence"), "lstm", {"title"}),
    (SetNotes("Look at\nthe gates"), "lstm", {"notes"}),
)

every_example = pytest.mark.parametrize(
    ("edit", "kind", "touched"), EXAMPLES, ids=[type(edit).__name__ for edit, _, _ in EXAMPLES]
)


def test_all_edits_have_an_example() -> None:
    assert {type(edit) for edit, _, _ in EXAMPLES} == set(EDITS)
    assert len(set(EDITS)) == len(EDITS)


@every_example
def test_what_an_edit_does_not_touch_stays_the_same_object(
    edit: Edit, kind: str, touched: set[str]
) -> None:
    before = document(kind)
    after = edit.apply(before)
    names = {field.name for field in fields(before)}
    differing = {name for name in names if getattr(after, name) is not getattr(before, name)}
    assert differing == touched
    assert after != before
    assert before == document(kind)


@every_example
def test_an_edit_made_twice_changes_nothing_the_second_time(
    edit: Edit, kind: str, touched: set[str]
) -> None:
    once = edit.apply(document(kind))
    moves = (InsertToken, InsertVector, DeleteToken, MoveToken)
    assert touched
    if not isinstance(edit, moves):
        assert edit.apply(once) is once


@every_example
def test_an_edit_gives_the_same_each_time(edit: Edit, kind: str, touched: set[str]) -> None:
    assert touched
    assert edit.apply(document(kind)) == edit.apply(document(kind))


@every_example
def test_an_edit_is_a_frozen_value(edit: Edit, kind: str, touched: set[str]) -> None:
    del kind, touched
    again = dataclasses.replace(edit)
    assert again == edit
    assert again != dataclasses.replace(edit, gesture=8)
    with pytest.raises(dataclasses.FrozenInstanceError):
        edit.gesture = 1  # type: ignore[misc]


@every_example
def test_an_edit_has_a_label_for_the_menu(edit: Edit, kind: str, touched: set[str]) -> None:
    del kind, touched
    assert edit.label[0].isupper() or edit.label[0].isdigit()
    assert not edit.label.endswith(".")
    assert len(edit.label) < 80


@every_example
def test_an_edit_merges_only_within_a_gesture(edit: Edit, kind: str, touched: set[str]) -> None:
    del kind, touched
    assert edit.merge_key is None
    first = dataclasses.replace(edit, gesture=7).merge_key
    assert first is not None
    assert first == dataclasses.replace(edit, gesture=7).merge_key
    assert first != dataclasses.replace(edit, gesture=8).merge_key
    assert hash(first)


def test_edits_of_other_places_do_not_merge() -> None:
    one = SetWeight(W_F, (0, 1), 0.5, gesture=1)
    assert one.merge_key == SetWeight(W_F, (0, 1), 0.75, gesture=1).merge_key
    assert one.merge_key != SetWeight(W_F, (1, 1), 0.5, gesture=1).merge_key
    assert one.merge_key != SetWeight(U_F, (0, 1), 0.5, gesture=1).merge_key
    hold = HoldQuantity("layer0/forward/f", 1, 0.0, gesture=1)
    assert hold.merge_key != HoldQuantity("layer0/forward/f", 2, 0.0, gesture=1).merge_key
    assert hold.merge_key != one.merge_key


# --------------------------------------------------------------------------------------- tokens


def test_tokens_take_their_targets_holds_and_losses_along() -> None:
    before = document("tagger")  # I am not happy: PRON VERB - VERB; losses 0, 2, -1; holds at 1, 2
    after = InsertToken(1, "really").apply(before)
    assert after.sequence == ("I", "really", "am", "not", "happy")
    assert after.targets == ("PRON", None, "VERB", None, "VERB")
    assert after.loss_steps == (0, 3, -1)
    assert [hold.step for hold in after.holds] == [2, 3]
    after = DeleteToken(2).apply(before)
    assert after.targets == ("PRON", "VERB", "VERB")
    assert after.loss_steps == (0, -1)
    assert after.holds == before.holds[:1]
    after = MoveToken(1, 3).apply(before)
    assert after.sequence == ("I", "not", "happy", "am")
    assert after.targets == ("PRON", None, "VERB", "VERB")
    assert [hold.step for hold in after.holds] == [3, 1]


def test_all_tokens_can_go() -> None:
    found = document("tagger")
    for _ in range(4):
        found = DeleteToken(0).apply(found)
    assert found.sequence == ()
    assert (found.targets, found.holds, found.loss_steps) == (None, (), (-1,))
    assert InsertToken(0, "Hello").apply(found).sequence == ("Hello",)
    one_answer = PasteTokens("So").apply(document("lstm"))
    assert DeleteToken(0).apply(one_answer).targets == ("negative",)


def test_vectors_can_be_deleted_and_moved() -> None:
    before = document("forecast")
    after = DeleteToken(1).apply(before)
    assert isinstance(after.targets, np.ndarray)
    assert np.asarray(after.sequence).tolist() == [[0.1, -3.0], [2.0, -0.0]]
    assert after.targets.tolist() == [[0.5], [1.5]]
    after = MoveToken(0, 2).apply(before)
    assert np.asarray(after.sequence)[2].tolist() == [0.1, -3.0]
    assert np.asarray(after.targets)[2].tolist() == [0.5]
    longer = InsertVector(0, (1.0, 2.0)).apply(before)
    assert np.isnan(np.asarray(longer.targets)[0]).all()


def test_a_pasted_sentence_is_cut_into_words() -> None:
    found = PasteTokens("I don't\nknow \u202ethis\ud800,   really.").apply(document("lstm"))
    expected = ("I", "do", "n't", "know", "this", "\ufffd", ",", "really", ".")
    assert found.sequence == expected
    assert PasteTokens("very, very", 3).apply(document("lstm")).sequence == (
        *("I", "am", "not", "very", ",", "very", "happy"),
    )
    assert PasteTokens("b a").apply(document("generator")).sequence == ("b", " ", "a")


def test_pasting_keeps_what_belongs_to_a_common_beginning_and_end() -> None:
    before = document("tagger")
    after = PasteTokens("I am so very happy").apply(before)
    assert after.targets == ("PRON", "VERB", None, None, "VERB")
    assert after.holds == before.holds[:1]
    after = PasteTokens("I happy").apply(before)
    assert after.targets == ("PRON", "VERB")


@pytest.mark.parametrize("word", ["", "   ", "\u202e", "\n", "a" * 257])
def test_words_that_are_none(word: str) -> None:
    for edit in (SetToken(0, word), InsertToken(0, word), AddWord(word)):
        with pytest.raises(EditError):
            edit.apply(document("lstm"))


def test_a_decoder_keeps_its_own_steps_when_the_source_changes() -> None:
    before = document("translator")  # holds: attention to step 2, decoder at 3, encoder at 3
    after = DeleteToken(0).apply(before)
    assert [(hold.path, hold.step, hold.unit) for hold in after.holds] == [
        ("attention/weights", 1, 1),
        ("decoder/layer1/forward/z", 3, None),
        ("encoder/layer0/backward/r", 2, None),
    ]
    shorter = SetTargets(("je",)).apply(before)
    assert [hold.path for hold in shorter.holds] == [
        "attention/weights",
        "encoder/layer0/backward/r",
    ]


# -------------------------------------------------------------------------------------- weights


def test_one_weight() -> None:
    after = SetWeight(W_F, (2, 5), 0.31).apply(document("lstm"))
    before = document("lstm").weights
    changed = np.flatnonzero(after.weights.vector != before.vector)
    assert [after.network.layout.where(int(i)) for i in changed] == [(W_F, (2, 5))]
    assert after.weights[W_F][2, 5] == 0.31
    assert SetWeight("layer0/forward/b_f", (1,), 4.0).apply(after).weights["head/d"].any() == 0


def test_rows_and_matrices() -> None:
    found = SetWeightRow(W_F, (1,), tuple(range(8))).apply(document("lstm"))
    assert found.weights[W_F][1].tolist() == list(range(8))
    text = "1\t0,5\t-2e-1\n\N{MINUS SIGN}1.5\t.5\t5.\n+1\t2\t3\n"
    found = SetWeightMatrix.pasted(U_F, text).apply(found)
    assert found.weights[U_F].tolist() == [[1, 0.5, -0.2], [-1.5, 0.5, 5], [1, 2, 3]]
    for text in ("1\t2\t3\n", "1\r\n2\r\n3\r\n", " 1 \r2\u00a0\r3"):
        pasted = SetWeightMatrix.pasted("layer0/forward/b_f", text).apply(found)
        assert pasted.weights["layer0/forward/b_f"].tolist() == [1, 2, 3]
    own = SetWeightMatrix("layer0/forward/U", np.eye(3), step=2).apply(document("unshared"))
    assert own.weights["layer0/forward/U"][2].tolist() == np.eye(3).tolist()
    assert SetWeightRow("layer0/forward/U", (3, 1), (7.0, 8.0, 9.0)).apply(own).weights[
        "layer0/forward/U"
    ][3, 1].tolist() == [7, 8, 9]


PASTES = {
    "": "nothing came",
    "1\t2\n3": "line 2 has 1 columns, line 1 has 2",
    "1\t\n3\t4": "line 1, column 2 is blank",
    "1\t2\n\n3\t4": "line 2 has 1 columns",
    "1\tzwei": "line 1, column 2 is 'zwei'",
    "1\n1.000,5": "line 2, column 1 is '1.000,5'",
    "nan": "line 1, column 1 is 'nan'",
    "1e999": "line 1, column 1 is '1e999'",
    "1_0": "'1_0'",
    "=1+1": "'=1\\+1'",
    "٣": "'٣'",
}


@pytest.mark.parametrize("text", PASTES)
def test_pastes_that_are_refused_say_where(text: str) -> None:
    with pytest.raises(EditError, match=PASTES[text]):
        SetWeightMatrix.pasted(W_F, text)


def test_weights_keep_their_precision() -> None:
    before = document("trained32")
    after = SetWeight("layer0/forward/W_z", (0, 0), 0.1).apply(before)
    assert after.weights.vector.dtype == np.float32
    with pytest.raises(EditError, match="float32"):
        SetWeight("layer0/forward/W_z", (0, 0), 1e300).apply(before)
    assert (
        ReplaceWeights(np.full(before.weights.vector.size, 1e300))
        .apply(before)
        .weights.vector.tolist()
        == [np.inf] * before.weights.vector.size
    )


def test_a_score_is_that_of_its_weights() -> None:
    before = document("trained32")
    assert SetWeight("layer0/forward/W_z", (0, 0), 0.1).apply(before).score is None
    assert SetHidden(4).apply(before).score is None
    assert SetTitle("new").apply(before).score is before.score
    new = Score("accuracy", 1.0)
    assert before.history is not None
    moment = before.history.moments[0]
    assert ReplaceWeights(moment.vector, new).apply(before).score is new
    trained = SetTraining(before.recipe, before.history, score=new).apply(before)
    assert trained.score is new
    assert (trained.weights.vector == before.history.moments[-1].vector).all()


def test_spectral_radius_forget_bias_and_first_weights() -> None:
    before = document("lstm")
    assert spectral_radius(ScaleSpectralRadius(U_F, 0.5).apply(before).weights[U_F]) == (
        pytest.approx(0.5)
    )
    own = ScaleSpectralRadius("layer0/backward/U", 2.0).apply(document("unshared"))
    radii = [spectral_radius(matrix) for matrix in own.weights["layer0/backward/U"]]
    assert radii == pytest.approx([2.0] * 4)
    translator = SetCell("lstm").apply(document("translator"))
    biased = SetForgetBias(3.0, "decoder/layer1/forward").apply(translator).weights
    assert (biased["decoder/layer1/forward/b_f"] == 3).all()
    assert (biased["decoder/layer0/forward/b_f"] == 1).all()
    drawn = Reinitialise(Initialisation(bias=0.5), 9).apply(before)
    assert drawn.weights["head/d"].tolist() == [0.5, 0.5]
    assert (drawn.seed, drawn.scheme) == (9, Initialisation(bias=0.5))
    one = Reinitialise("xavier_normal", 9, (W_F,)).apply(before)
    assert (one.seed, one.scheme) == (0, STANDARD)
    assert (one.weights[U_F] == before.weights[U_F]).all()
    assert (one.weights[W_F] != before.weights[W_F]).all()
    eyes = IdentityWeights(scale=0.5).apply(before).weights
    assert eyes[U_F].tolist() == (0.5 * np.eye(3)).tolist()
    assert (eyes[W_F] == before.weights[W_F]).all()


# ---------------------------------------------------------------------------------------- holds


def test_holding_and_releasing() -> None:
    path, other = "layer0/forward/f", "layer0/forward/i"
    held = document("lstm")
    for edit in (
        HoldQuantity(path, 0, 1.0, 2),
        HoldQuantity(path, 1, 0.5),
        HoldQuantity(other, 1, 0.5),
        HoldQuantity(path, 0, 0.25, 2),
        HoldQuantity(path, 0, 0.0, 1),
    ):
        held = edit.apply(held)
    assert held.holds == (
        Hold(path, 1, 0.5),
        Hold(other, 1, 0.5),
        Hold(path, 0, 0.25, 2),
        Hold(path, 0, 0.0, 1),
    )
    assert HoldQuantity(path, 0, 1.0).apply(held).holds == (*held.holds[:2], Hold(path, 0, 1.0))
    assert ReleaseQuantity(path, 0, 2).apply(held).holds == (*held.holds[:2], held.holds[3])
    assert ReleaseQuantity(path, 0).apply(held).holds == held.holds[:2]
    assert ReleaseQuantity(path).apply(held).holds == held.holds[1:2]
    assert ReleaseQuantity(path, 1, 0).apply(held).holds == (
        *(Hold(path, 1, 0.5, 1), Hold(path, 1, 0.5, 2)),
        *held.holds[1:],
    )
    assert ReleaseQuantity().apply(held).holds == ()
    assert ReleaseQuantity(path, 3).apply(held) is held


# ----------------------------------------------------------------------------------- refusals

REFUSED: tuple[tuple[Edit, str, str], ...] = (
    (SetToken(4, "x"), "lstm", "step: 4 came, expected 0 to 3"),
    (SetToken(-1, "x"), "lstm", "step: -1 came"),
    (SetToken(0, "x"), "empty", "none, as there are none"),
    (SetToken(0, "x"), "forecast", "reads vectors of 2 numbers"),
    (InsertToken(6, "x"), "lstm", "step: 6"),
    (InsertToken(0, "x"), "unshared", "unshared weights are for 4"),
    (InsertToken(0, "x"), "one step", "one-to-one reads one"),
    (DeleteToken(4), "lstm", "step: 4"),
    (MoveToken(0, 4), "lstm", "to: 4"),
    (PasteTokens(" \n "), "lstm", "no word came"),
    (PasteTokens("a " * 70_000), "lstm", "70000 steps came"),
    (SetVector(0, (1.0,)), "forecast", r"\(2,\)"),
    (SetVector(0, (1.0, np.nan)), "forecast", "finite"),
    (SetVector(0, (1.0, 2.0)), "lstm", "reads tokens"),
    (SetVectorValue(0, 2, 1.0), "forecast", "unit: 2"),
    (PasteVectors("1\t2\t3"), "forecast", "rows of 3 numbers came, expected 2"),
    (SetWeight("layer0/forward/W_q", (0, 0), 1.0), "lstm", "'layer0/forward/W_q' is not known"),
    (SetWeight(W_F, (0,), 1.0), "lstm", r"the shape \(3, 8\)"),
    (SetWeight(W_F, (0, 8), 1.0), "lstm", r"\(0, 8\) came"),
    (SetWeight(W_F, (-1, 0), 1.0), "lstm", r"\(-1, 0\) came"),
    (SetWeight(W_F, (0, 0), np.inf), "lstm", "finite"),
    (SetWeightRow(W_F, (3,), (0.0,) * 8), "lstm", r"\(3,\) came"),
    (SetWeightRow(W_F, (1,), (0.0,) * 7), "lstm", r"\(8,\)"),
    (SetWeightRow(W_F, (0, 0), (0.0,) * 8), "lstm", "row"),
    (SetWeightMatrix(W_F, np.ones((3, 9))), "lstm", r"expected \(3, 8\)"),
    (SetWeightMatrix(W_F, np.full((3, 8), np.nan)), "lstm", "finite"),
    (ReplaceWeights(np.ones(3)), "lstm", r"\(192,\)"),
    (ScaleSpectralRadius(W_F, 1.0), "lstm", "expected one of"),
    (ScaleSpectralRadius("head/V", 1.0), "lstm", "expected one of"),
    (ScaleSpectralRadius(U_F, -1.0), "lstm", "radius"),
    (SetForgetBias(1.0), "gru", "has a forget gate"),
    (SetForgetBias(1.0, "layer1/forward"), "lstm", "has a forget gate"),
    (Reinitialise("glorot", 0), "lstm", "'glorot' is not known"),
    (Reinitialise(STANDARD, -1), "lstm", "seed"),
    (Reinitialise(STANDARD, 1, ("x",)), "lstm", "'x' is not known"),
    (ZeroWeights(("x",)), "lstm", "'x' is not known"),
    (IdentityWeights(("head/d",)), "lstm", "is a vector"),
    (HoldQuantity("layer0/forward/q", 0, 1.0), "lstm", "'layer0/forward/q' is not known"),
    (HoldQuantity("layer0/forward/f", 4, 1.0), "lstm", "step 4"),
    (ReleaseQuantity("q"), "lstm", "nothing of that name"),
    (SetCell("lstn"), "lstm", "'lstn' is not known"),
    (SetCell("gru", 1), "lstm", "layer: 1"),
    (SetDirection("both"), "generator", "choose one direction first"),
    (SetHidden(0), "lstm", "units: 0"),
    (SetHidden(65_537), "lstm", "units: 65537"),
    (SetHidden(4, 1), "residual", "they must agree"),
    (SetLayers(0), "lstm", "count: 0"),
    (SetLayers(65), "lstm", "count: 65"),
    (SetUnshared(True), "empty", "the sequence is empty"),
    (SetUnshared(True), "translator", "shares its weights"),
    (SetEmbedding(3), "forecast", "reads vectors"),
    (SetTask("many-to-one", "crf", ("A",)), "lstm", "tags every step"),
    (SetTask("many-to-one", "softmax", ()), "lstm", "at least one output"),
    (SetTask("many-to-some", "softmax", ("A",)), "lstm", "'many-to-some'"),  # type: ignore[arg-type]
    (SetTask("many-to-many unaligned", "crf", ("A",)), "lstm", "a decoder has a softmax"),
    (SetTask("one-to-one", "softmax", ("A",)), "lstm", "one-to-one reads one"),
    (SetAttention(3), "lstm", "no decoder"),
    (SetAttention(0), "translator", "units: 0"),
    (AddWord("x"), "forecast", "has none"),
    (AddWord("x", True), "lstm", "has none"),
    (SetTargets(("neutral",)), "lstm", "'neutral' is not known"),
    (SetTargets(()), "translator", "at least one"),
    (SetLossSteps((9,)), "tagger", "9 came, there are 4"),
    (SetClip("norm", -1.0), "lstm", "clip"),
    (SetTruncation(0), "lstm", "at least 1"),
    (SetTruncation(3), "translator", "cannot be truncated"),
    (SetTraining(Recipe(), History((Moment(1, 1, np.ones(3)),))), "lstm", "history"),
    (SetTitle("a" * 1001), "lstm", "1001 characters"),
)


@pytest.mark.parametrize(("edit", "kind", "match"), REFUSED)
def test_an_edit_that_cannot_be_made_says_why(edit: Edit, kind: str, match: str) -> None:
    with pytest.raises(EditError, match=match):
        edit.apply(document(kind))


TITLES: dict[str, str] = {" a\nb\tc \u202e": "a b c", "\ud800 x": "\ufffd x", "e\u0301": "é"}


@pytest.mark.parametrize("title", TITLES)
def test_titles_are_one_plain_line(title: str) -> None:
    assert SetTitle(title).apply(document("lstm")).title == TITLES[title]


def test_notes_keep_their_lines() -> None:
    assert SetNotes("a\r\nb\rc\td\x00").apply(document("lstm")).notes == "a\nb\nc\td"


NOTHING: tuple[Callable[[Document], Edit], ...] = (
    lambda d: SetToken(0, d.sequence[0]),
    lambda d: MoveToken(1, 1),  # noqa: ARG005
    lambda d: PasteTokens(" ".join(d.sequence)),
    lambda d: SetWeight(W_F, (0, 0), float(d.weights[W_F][0, 0])),
    lambda d: SetWeightMatrix(W_F, d.weights[W_F]),
    lambda d: ReplaceWeights(d.weights.vector),
    lambda d: Reinitialise(d.scheme, d.seed),
    lambda d: SetCell("lstm"),  # noqa: ARG005
    lambda d: SetHidden(3),  # noqa: ARG005
    lambda d: SetTask("many-to-one", "softmax", d.labels),
    lambda d: SetTargets(d.targets),
    lambda d: SetClip("none"),  # noqa: ARG005
    lambda d: AddWord("happy"),  # noqa: ARG005
    lambda d: ReleaseQuantity(),  # noqa: ARG005
)


@pytest.mark.parametrize("edit", NOTHING)
def test_nothing_to_do_gives_the_same_object(edit: Callable[[Document], Edit]) -> None:
    before = document("lstm")
    assert edit(before).apply(before) is before


def test_clip_and_seed_end_in_the_document() -> None:
    before = new_document()
    assert SetClip("value", 3).apply(before).clip == Clip("value", 3.0)
    assert (
        initial_weights(before.network, 4).vector
        == Reinitialise(seed=4).apply(before).weights.vector
    ).all()


def test_a_task_with_one_answer_keeps_the_last_target_and_back() -> None:
    before = document("tagger")
    assert isinstance(before.targets, tuple)
    single = SetTask("many-to-one", "softmax", before.labels).apply(before)
    assert single.targets == before.targets[-1:]
    every = SetTask("many-to-many", "softmax", before.labels).apply(single)
    assert every.targets == (*(None,) * (before.steps - 1), before.targets[-1])
