"""Sets of examples, their division, and series of numbers."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.document.examples import (
    Examples,
    Labels,
    Numbers,
    Outputs,
    Split,
    Tags,
    Targets,
    has_tokens,
    has_vectors,
    split,
)
from rnnviz.document.series import filled, forecast, windows
from rnnviz.document.tokens import Tokens
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError

WORDS = (("a", "b"), ("c",), ("d", "e", "f"))


def labelled(labels: str, parts: Tokens = ()) -> Examples[Tokens]:
    return Examples("x", tuple((w,) for w in labels), Labels(tuple(labels)), parts=parts)


def series(
    *lengths: int, targets: Targets = None, marks: tuple[Tokens, ...] = ()
) -> Examples[Array]:
    """Step t of sequence n holds 100 n + t and its negative."""
    arrays = tuple(
        np.stack([100.0 * n + np.arange(t), -100.0 * n - np.arange(t)], axis=1)
        for n, t in enumerate(lengths)
    )
    return Examples("x", arrays, targets, columns=("up", "down"), marks=marks)


# ------------------------------------------------------------------------------------- examples


def test_examples_of_tokens() -> None:
    examples = Examples("x", WORDS, Tags((("N", "V"), ("N",), ("V", "V", "A"))))
    assert len(examples) == 3
    assert examples.lengths == (2, 1, 3)
    assert has_tokens(examples)
    assert isinstance(examples.targets, Tags)
    assert examples.targets.names == ("A", "N", "V")
    assert labelled("bab").targets == Labels(("b", "a", "b"))
    assert Labels(("b", "a", "b")).names == ("a", "b")


def test_arrays_become_read_only_and_are_no_longer_the_callers() -> None:
    mine = np.zeros((3, 2))
    examples = Examples("x", (mine,), Numbers((mine[:, :1],), ("y",)), columns=("a", "b"))
    mine[:] = 1
    assert has_vectors(examples)
    assert isinstance(examples.targets, Numbers)
    for array in (*examples.sequences, *examples.targets.values):
        assert not array.any()
        assert not array.flags.writeable


TARGETS: list[Targets] = [
    None,
    Labels(("p", "q", "r")),
    Tags((("N", "V"), ("N",), ("V", "V", "A"))),
    Outputs((("x",), (), ("y", "z"))),
    Numbers(tuple(np.full((t, 1), float(t)) for t in (2, 1, 3)), ("n",)),
]


@pytest.mark.parametrize("targets", TARGETS)
def test_take_brings_everything_along(targets: Targets) -> None:
    marks = tuple(tuple(f"{n}.{t}" for t in range(len(w))) for n, w in enumerate(WORDS))
    examples = Examples(
        "x", WORDS, targets, marks=marks, scores=(0.0, 1.0, 2.0), parts=("train", "test", "train")
    )
    taken = examples.take([2, 0])
    assert taken.sequences == (WORDS[2], WORDS[0])
    assert taken.marks == (marks[2], marks[0])
    assert taken.scores == (2.0, 0.0)
    assert taken.parts == ("train", "train")
    if targets is None:
        assert taken.targets is None
    else:
        assert type(taken.targets) is type(targets)
        assert taken.targets is not None
        for got, index in zip(taken.targets.values, (2, 0), strict=True):
            np.testing.assert_array_equal(got, targets.values[index])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"targets": Labels(("p",))}, "targets: 1 came, expected 3"),
        ({"targets": Tags((("N",), ("N",), ("V", "V", "A")))}, "targets: 1 came for sequence 0"),
        ({"marks": (("1", "2"), ("1",), ("1",))}, "marks: 1 came for sequence 2, expected 3"),
        ({"scores": (1.0,)}, "scores: 1 came, expected 3"),
        ({"parts": ("train",)}, "parts: 1 came, expected 3"),
        ({"parts": ("train", "exam", "test")}, "parts: 'exam' is not known"),
        ({"sequences": (("a", "b"), (), ("c",))}, "sequences: number 1 is empty"),
    ],
)
def test_what_does_not_fit_is_refused(changed: dict[str, object], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        Examples(**{"name": "x", "sequences": WORDS, **changed})  # type: ignore[arg-type]


def test_arrays_of_another_width_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"sequences: the shape is \(3, 2\), expected \[T, 1\]"):
        Examples("x", (np.zeros((3, 2)),), columns=("a",))
    with pytest.raises(ShapeError, match=r"targets: the shape is \(3,\), expected \[T, 1\]"):
        Numbers((np.zeros(3),), ("a",))


# ---------------------------------------------------------------------------------------- split


@given(
    labels=st.text("abc", min_size=1, max_size=60),
    shares=st.tuples(st.floats(0, 0.4), st.floats(0, 0.4)),
    seed=st.integers(0, 9),
)
def test_a_split_has_every_example_once_and_every_label_in_its_share(
    labels: str, shares: tuple[float, float], seed: int
) -> None:
    examples = labelled(labels)
    found = split(examples, validation=shares[0], test=shares[1], seed=seed)
    assert sorted((*found.train, *found.validation, *found.test)) == list(range(len(labels)))
    assert found.train
    if len(labels) > 2:
        assert len(found.test) == round(shares[1] * len(labels))
        assert len(found.validation) == round(shares[0] * len(labels))
    for label, count in Counter(labels).items():
        tested = sum(labels[i] == label for i in found.test)
        assert abs(tested - count * len(found.test) / len(labels)) <= 2


def test_a_split_depends_on_its_seed_alone() -> None:
    examples = labelled("ab" * 50)
    assert split(examples, seed=1) == split(examples, seed=1)
    assert split(examples, seed=1) != split(examples, seed=2)


def test_a_split_in_order() -> None:
    found = split(labelled("abcdefghij"), validation=0.2, test=0.3, shuffled=False)
    assert found == Split((0, 1, 2, 3, 4), (5, 6), (7, 8, 9))


def test_the_parts_of_the_source_are_kept() -> None:
    parts = ("test", "train", "train", "train", "train", "test")
    found = split(labelled("aabbab", parts), validation=0.5, test=0.1, seed=3)
    assert found.test == (0, 5)
    assert len(found.validation) == 2
    parts = ("test", "validation", "train", "train", "train", "test")
    assert split(labelled("aabbab", parts)) == Split((2, 3, 4), (1,), (0, 5))


@pytest.mark.parametrize("shares", [(-0.1, 0.1), (0.5, 0.5), (0.1, float("nan")), (0, 1.5)])
def test_shares_out_of_range_are_refused(shares: tuple[float, float]) -> None:
    with pytest.raises(EngineError, match="expected shares of 0 or more, together below 1"):
        split(labelled("abc"), validation=shares[0], test=shares[1])


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(EngineError, match="none of 2 examples is left to learn from"):
        split(labelled("ab", ("test", "test")))


# --------------------------------------------------------------------------------------- series


def test_gaps_are_closed_by_straight_lines() -> None:
    gappy = np.array([[np.nan, 1.0], [2.0, np.nan], [np.nan, np.nan], [4.0, 7.0]])
    (closed,) = filled(Examples("x", (gappy,), columns=("a", "b"))).sequences
    np.testing.assert_allclose(closed, [[2, 1], [2, 3], [3, 5], [4, 7]])


def test_a_column_of_gaps_is_refused() -> None:
    gappy = np.array([[1.0, np.nan]])
    with pytest.raises(EngineError, match="b: a sequence of 1 steps has no number"):
        filled(Examples("x", (gappy,), columns=("a", "b")))


def test_windows_bring_tags_and_marks_along() -> None:
    tags = Tags((tuple("nnenn"), tuple("nn")))
    examples = series(5, 2, targets=tags, marks=(tuple("01234"), tuple("56")))
    found = windows(examples, 3, 2)
    assert [s[:, 0].tolist() for s in found.sequences] == [[0, 1, 2], [2, 3, 4]]
    assert found.targets == Tags((tuple("nne"), tuple("enn")))
    assert found.marks == (tuple("012"), tuple("234"))


def test_windows_of_a_forecast() -> None:
    found = windows(forecast(series(6), ("up",), 2), 2, 1)
    assert isinstance(found.targets, Numbers)
    assert [v[:, 0].tolist() for v in found.targets.values] == [[2, 3], [3, 4], [4, 5]]
    assert [s[:, 0].tolist() for s in found.sequences] == [[0, 1], [1, 2], [2, 3]]
    assert windows(series(3), 3, 1).targets is None


@pytest.mark.parametrize(("length", "stride"), [(0, 1), (1, 0), (6, 1)])
def test_windows_that_cannot_be_are_refused(length: int, stride: int) -> None:
    with pytest.raises(EngineError, match="windows: "):
        windows(series(5, 2), length, stride)


def test_labels_of_whole_sequences_have_no_windows() -> None:
    with pytest.raises(EngineError, match="targets are Labels, expected one a step"):
        windows(series(5, targets=Labels(("a",))), 2, 1)


def test_a_forecast_is_what_comes_later_and_short_sequences_are_left_out() -> None:
    found = forecast(series(4, 2, marks=(tuple("abcd"), tuple("ef"))), ("down", "up"), 2)
    assert isinstance(found.targets, Numbers)
    assert found.targets.columns == ("down", "up")
    np.testing.assert_array_equal(found.targets.values[0], [[-2, 2], [-3, 3]])
    np.testing.assert_array_equal(found.sequences[0], [[0, 0], [1, -1]])
    assert found.marks == (("a", "b"),)
    assert len(found) == 1


@pytest.mark.parametrize("horizon", [0, -1, 4, 100])
def test_a_horizon_beyond_the_series_is_refused(horizon: int) -> None:
    with pytest.raises(EngineError, match=f"horizon: {horizon} came, expected 1 to 3 steps"):
        forecast(series(4, 2), ("up",), horizon)


def test_a_forecast_of_an_unknown_column_is_refused() -> None:
    with pytest.raises(UnknownError, match="columns: 'left' is not known"):
        forecast(series(4), ("left",))
