"""Hypothesis: any list of edits, applied and taken back."""

from dataclasses import fields
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.document import storage
from rnnviz.document.document import Document
from rnnviz.document.edits import EDITS as ALL
from rnnviz.document.edits import (
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
from rnnviz.document.evaluate import evaluate
from rnnviz.document.history import History, Moment
from rnnviz.document.same import same
from rnnviz.engine.cells import CELLS
from rnnviz.engine.recipes import Recipe
from tests.document.documents import KINDS, document

step = st.integers(-1, 5)
words = st.sampled_from(["I", "not", "xyz", "好", "\ud800", "", "a b"]) | st.text(max_size=4)
number = st.floats(-3, 3) | st.floats()
layer = st.none() | st.integers(0, 2)
path = st.sampled_from(
    [
        f"{part}/{name}"
        for part in ("layer0/forward", "encoder/layer0/backward", "layer1/backward")
        for name in ("W_f", "U_z", "U", "b_f", "f", "h", "z")
    ]
    + ["embedding/E", "head/V", "layer0/x", "attention/weights", "decoder/layer0/forward/h", "?"]
)
names = st.lists(words, max_size=4).map(tuple)
vector = st.lists(number, max_size=3).map(tuple)
index = st.lists(st.integers(0, 3), max_size=3).map(tuple)
history = st.integers(1, 300).map(lambda n: History((Moment(1, 1, np.ones(n)),)))
targets = (
    st.none()
    | names
    | st.lists(number, min_size=1, max_size=4).map(lambda values: np.array([values]).T)
)

EDITS: dict[type[Edit], st.SearchStrategy[Edit]] = {
    SetToken: st.builds(SetToken, step, words),
    InsertToken: st.builds(InsertToken, step, words),
    DeleteToken: st.builds(DeleteToken, step),
    MoveToken: st.builds(MoveToken, step, step),
    PasteTokens: st.builds(PasteTokens, st.text(max_size=20), st.none() | step),
    SetVector: st.builds(SetVector, step, vector),
    SetVectorValue: st.builds(SetVectorValue, step, step, number),
    InsertVector: st.builds(InsertVector, step, vector),
    PasteVectors: st.builds(PasteVectors, st.sampled_from(["1\t2\n0,5\t-1", "1", "", "x\t1"])),
    SetWeight: st.builds(SetWeight, path, index, number),
    SetWeightRow: st.builds(SetWeightRow, path, index, vector),
    SetWeightMatrix: st.builds(SetWeightMatrix, path, st.just(np.eye(3))),
    ReplaceWeights: st.builds(ReplaceWeights, st.integers(1, 300).map(np.ones)),
    ScaleSpectralRadius: st.builds(ScaleSpectralRadius, path, number),
    SetForgetBias: st.builds(SetForgetBias, number),
    Reinitialise: st.builds(Reinitialise, st.sampled_from(["orthogonal", "zeros", "?"]), step),
    ZeroWeights: st.builds(ZeroWeights, st.none() | path.map(lambda p: (p,))),
    IdentityWeights: st.builds(IdentityWeights, st.none() | path.map(lambda p: (p,)), number),
    HoldQuantity: st.builds(HoldQuantity, path, step, number, st.none() | step),
    ReleaseQuantity: st.builds(ReleaseQuantity, st.none() | path, st.none() | step),
    SetCell: st.builds(SetCell, st.sampled_from(CELLS), layer),
    SetDirection: st.builds(SetDirection, st.sampled_from(["forward", "backward", "both"]), layer),
    SetLayers: st.builds(SetLayers, st.integers(0, 3)),
    SetHidden: st.builds(SetHidden, st.integers(0, 5), layer),
    SetUnshared: st.builds(SetUnshared, st.booleans()),
    SetEmbedding: st.builds(SetEmbedding, st.none() | st.integers(0, 4)),
    SetTask: st.builds(
        SetTask,
        st.sampled_from(
            ["one-to-one", "many-to-one", "many-to-many", "one-to-many", "many-to-many unaligned"]
        ),
        st.sampled_from(["softmax", "regression", "crf", None]),
        names,
    ),
    SetAttention: st.builds(SetAttention, st.none() | st.integers(0, 3)),
    AddWord: st.builds(AddWord, words, st.booleans()),
    SetTargets: st.builds(SetTargets, targets),
    SetLossSteps: st.builds(
        SetLossSteps, st.sampled_from(["last", "every"]) | st.lists(step, max_size=3).map(tuple)
    ),
    SetClip: st.builds(SetClip, st.sampled_from(["none", "norm", "value"]), number),
    SetTruncation: st.builds(SetTruncation, st.none() | step),
    SetRecipe: st.builds(SetRecipe, st.builds(Recipe, epochs=st.integers(1, 9))),
    SetTraining: st.builds(SetTraining, st.just(Recipe()), st.none() | history),
    SetTitle: st.builds(SetTitle, st.text(max_size=20)),
    SetNotes: st.builds(SetNotes, st.text(max_size=20)),
}


def test_all_edits_are_drawn() -> None:
    assert set(EDITS) == set(ALL)


def applied(before: Document, edits: list[Edit]) -> list[Document]:
    """The document before and after each edit; one that cannot be made leaves it as it is."""
    stack = [before]
    for edit in edits:
        try:
            stack.append(edit.apply(stack[-1]))
        except EditError:
            stack.append(stack[-1])
    return stack


documents = st.sampled_from(sorted(KINDS)).map(document)
lists = st.lists(st.one_of(*EDITS.values()), max_size=12)


@settings(max_examples=300)
@given(documents, lists)
def test_any_list_of_edits_can_be_taken_back(before: Document, edits: list[Edit]) -> None:
    parts = {field.name: getattr(before, field.name) for field in fields(before)}
    vector = before.weights.vector.tobytes()
    stack = applied(before, edits)
    # Undo is the reference that was kept: it must hold what it held.
    assert stack[0] is before
    assert all(getattr(before, name) is part for name, part in parts.items())
    assert before.weights.vector.tobytes() == vector
    assert applied(before, edits)[-1] == stack[-1]


@settings(max_examples=300)
@given(documents, lists)
def test_whatever_edits_make_can_be_evaluated_and_saved(
    before: Document, edits: list[Edit]
) -> None:
    after = applied(before, edits)[-1]
    evaluation = evaluate(after)
    assert (evaluation is None) == (not after.steps)
    assert storage.from_bytes(storage.to_bytes(after)) == after


@settings(max_examples=200)
@given(documents, lists)
def test_an_edit_that_changes_nothing_gives_the_same_object(
    before: Document, edits: list[Edit]
) -> None:
    stack = applied(before, edits)
    for one, other in pairwise(stack):
        assert one is other or one != other
        names = [field.name for field in fields(one)]
        differing = [name for name in names if getattr(one, name) is not getattr(other, name)]
        assert not [n for n in differing if same(getattr(one, n), getattr(other, n))]
