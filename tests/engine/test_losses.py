"""Losses against their definitions, adjoints against finite differences, and the mask of steps."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.errors import EngineError
from rnnviz.engine.losses import (
    Loss,
    LossSteps,
    cross_entropy,
    inside,
    log_softmax,
    log_sum_exp,
    softmax,
    squared_error,
    step_mask,
)

DTYPES = (np.float32, np.float64)
RNG = np.random.default_rng(7)
LOGITS = RNG.normal(size=(4, 3, 5))
TARGETS = np.array([[0, 4, 2], [1, -1, 2], [3, 3, -1], [0, -1, -1]])
OUTPUTS = RNG.normal(size=(4, 3, 2))
WANTED = np.where(RNG.random((4, 3, 2)) < 0.3, np.nan, RNG.normal(size=(4, 3, 2)))


def slopes(total: Callable[[Array], float], x: Array, width: float = 1e-6) -> Array:
    """Central differences of `total` for each entry of `x`."""
    found = np.empty_like(x)
    for where in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[where] += width
        down[where] -= width
        found[where] = (total(up) - total(down)) / (2 * width)
    return found


def test_softmax_is_its_definition() -> None:
    powers = np.exp(LOGITS)
    np.testing.assert_allclose(softmax(LOGITS), powers / powers.sum(-1, keepdims=True), rtol=1e-14)
    np.testing.assert_allclose(log_softmax(LOGITS), np.log(softmax(LOGITS)), rtol=1e-13)
    np.testing.assert_allclose(log_sum_exp(LOGITS, axis=1), np.log(powers.sum(1)), rtol=1e-13)


@pytest.mark.parametrize("dtype", DTYPES)
@given(values=arrays(np.float64, (3, 4), elements=st.floats(-1e30, 1e30)))
def test_softmax_gives_probabilities(dtype: type[np.floating[Any]], values: Array) -> None:
    p = softmax(values.astype(dtype))
    assert p.dtype == dtype
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(-1), 1, rtol=8 * float(np.finfo(dtype).eps))


@given(
    arrays(np.float64, (2, 3), elements=st.floats(-50, 50)),
    st.floats(-1e4, 1e4),
)
def test_softmax_does_not_see_what_all_logits_share(values: Array, shift: float) -> None:
    np.testing.assert_allclose(softmax(values + shift), softmax(values), rtol=1e-10)


def test_logarithms_stay_where_probabilities_vanish() -> None:
    np.testing.assert_array_equal(log_softmax(np.array([0.0, -2000.0])), [0, -2000])
    np.testing.assert_array_equal(softmax(np.array([0.0, -np.inf])), [1, 0])
    assert log_sum_exp(np.array([-np.inf, -np.inf])) == -np.inf
    assert log_sum_exp(np.array([np.inf, 1e4])) == np.inf
    assert np.isnan(log_sum_exp(np.array([np.nan, 0.0])))
    assert np.isnan(softmax(np.array([np.inf, 0.0]))[0])


@pytest.mark.parametrize("dtype", DTYPES)
def test_cross_entropy_is_the_surprise_at_the_target(dtype: type[np.floating[Any]]) -> None:
    losses, adjoint = cross_entropy(LOGITS.astype(dtype), TARGETS)
    assert losses.dtype == adjoint.dtype == dtype
    for t, b in np.ndindex(TARGETS.shape):
        k = TARGETS[t, b]
        expected = 0.0 if k < 0 else -np.log(softmax(LOGITS)[t, b, k])
        assert losses[t, b] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("function", "outputs", "targets"),
    [(cross_entropy, LOGITS, TARGETS), (squared_error, OUTPUTS, WANTED)],
)
def test_adjoints_equal_finite_differences(
    function: Callable[..., Loss], outputs: Array, targets: Array
) -> None:
    found = slopes(lambda x: function(x, targets).values.sum(), outputs)
    np.testing.assert_allclose(function(outputs, targets).adjoint, found, atol=1e-8)


def test_what_has_no_target_influences_nothing() -> None:
    logits = np.where((TARGETS < 0)[..., None], np.nan, LOGITS)
    outputs = np.where(np.isnan(WANTED), np.inf, OUTPUTS)
    for dirty, clean in (
        (cross_entropy(logits, TARGETS), cross_entropy(LOGITS, TARGETS)),
        (squared_error(outputs, WANTED), squared_error(OUTPUTS, WANTED)),
    ):
        np.testing.assert_array_equal(dirty.values, clean.values)
        np.testing.assert_array_equal(dirty.adjoint, clean.adjoint)
    assert (cross_entropy(logits, TARGETS).adjoint[TARGETS < 0] == 0).all()
    assert (squared_error(outputs, WANTED).adjoint[np.isnan(WANTED)] == 0).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_squared_error_is_half_the_squared_distance(dtype: type[np.floating[Any]]) -> None:
    losses, adjoint = squared_error(np.array([[[1, 5]]], dtype), np.array([[[4.0, 1.0]]]))
    assert losses.dtype == adjoint.dtype == dtype
    np.testing.assert_array_equal(losses, [[12.5]])
    np.testing.assert_array_equal(adjoint, [[[-3, 4]]])


def test_overflow_is_data() -> None:
    assert squared_error(np.full((1, 1, 1), 1e200), np.zeros((1, 1, 1))).values == np.inf
    assert np.isnan(squared_error(np.full((1, 1, 1), np.nan), np.zeros((1, 1, 1))).values)
    losses, adjoint = cross_entropy(np.array([[[0.0, -np.inf]]]), np.array([[1]]))
    assert losses == np.inf
    np.testing.assert_array_equal(adjoint, [[[1, -1]]])


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("every", [[1, 1], [1, 1], [0, 1]]),
        ("last", [[0, 0], [1, 0], [0, 1]]),
        ((-1,), [[0, 0], [1, 0], [0, 1]]),
        ((0, -1), [[1, 1], [1, 0], [0, 1]]),
        ((1,), [[0, 0], [1, 1], [0, 0]]),
        ((-2, 1), [[1, 0], [1, 1], [0, 0]]),
        ((), [[0, 0], [0, 0], [0, 0]]),
    ],
)
@pytest.mark.parametrize("dtype", [np.int64, np.uint8])
def test_step_mask(
    steps: LossSteps, expected: list[list[int]], dtype: type[np.integer[Any]]
) -> None:
    mask = step_mask(steps, np.array([2, 3], dtype), 3)
    assert mask.dtype == np.bool_
    np.testing.assert_array_equal(mask, np.array(expected, bool))


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((0, 2), "2 came, but row 0 has 2 steps: expected -2 to 1"),
        ((-3,), "-3 came, but row 0"),
        ((7,), "7 came"),
        ("first", "'first' is not known"),
    ],
)
def test_a_step_outside_is_named(steps: LossSteps, words: str) -> None:
    with pytest.raises(EngineError, match=f"steps: {words}"):
        step_mask(steps, np.array([2, 3]), 3)


@pytest.mark.parametrize(
    ("lengths", "words"),
    [
        (np.array([1, 0]), "lengths: 0 in row 1, expected 1 to 3"),
        (np.array([4]), "lengths: 4 in row 0"),
        (np.array([[1]]), "lengths: the shape"),
        (np.array([1.0]), "lengths: .* float64"),
    ],
)
def test_lengths_are_checked(lengths: Integers, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        inside(lengths, 3)


@pytest.mark.parametrize("wrong", [5, -2])
def test_a_target_that_is_no_class_is_named(wrong: int) -> None:
    with pytest.raises(EngineError, match=f"targets: {wrong} came, expected a class 0 to 4"):
        cross_entropy(LOGITS, np.where(TARGETS == 3, wrong, TARGETS))


def test_shapes_are_checked() -> None:
    with pytest.raises(EngineError, match="targets"):
        cross_entropy(LOGITS, TARGETS[:2])
    with pytest.raises(EngineError, match="targets"):
        squared_error(OUTPUTS, WANTED[:, :, :1])
