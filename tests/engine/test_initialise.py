"""The schemes of the first weights: their bounds, moments, shapes and seeds."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnviz.engine import initialise
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError
from rnnviz.engine.initialise import SCHEMES, spectral_radius, with_spectral_radius

OUT, IN = 60, 200
FOR_VECTORS = ("uniform", "normal", "zeros")
names = pytest.mark.parametrize("name", SCHEMES)


def fill(name: str, shape: tuple[int, ...], seed: int = 5) -> Array:
    return SCHEMES[name](shape, np.random.default_rng(seed))


def test_a_scheme_is_found_under_its_own_name() -> None:
    for name, scheme in SCHEMES.items():
        assert scheme is getattr(initialise, name)


@names
@pytest.mark.parametrize("shape", [(4, 4), (3, 7), (7, 3), (1, 1), (5, 3, 4), (2, 5, 4, 4)])
def test_shape_dtype_and_seed(name: str, shape: tuple[int, ...]) -> None:
    weights = fill(name, shape)
    assert weights.shape == shape
    assert weights.dtype == np.float64
    assert weights.flags.writeable
    assert weights.flags.c_contiguous
    assert np.isfinite(weights).all()
    assert weights.tobytes() == fill(name, shape).tobytes()
    if name not in ("zeros", "identity") and shape != (1, 1):
        assert not np.array_equal(weights, fill(name, shape, seed=6))


@names
def test_weights_of_each_time_step_are_a_matrix_of_their_own(name: str) -> None:
    unshared = fill(name, (3, 4, 6))
    np.testing.assert_array_equal(unshared[0], fill(name, (4, 6)))
    if name not in ("zeros", "identity"):
        assert not np.array_equal(unshared[0], unshared[1])


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("xavier_uniform", math.sqrt(6 / (IN + OUT))),
        ("he_uniform", math.sqrt(6 / IN)),
        ("uniform", 1 / math.sqrt(OUT)),
    ],
)
@pytest.mark.parametrize("time", [(), (3,)])
def test_uniform_schemes_fill_their_bounds(name: str, bound: float, time: tuple[int, ...]) -> None:
    weights = fill(name, (*time, OUT, IN))
    assert np.abs(weights).max() <= bound
    assert np.abs(weights).max() > 0.99 * bound
    assert weights.std() == pytest.approx(bound / math.sqrt(3), rel=0.02)
    assert abs(weights.mean()) < 0.02 * bound


@pytest.mark.parametrize(
    ("name", "deviation"),
    [
        ("xavier_normal", math.sqrt(2 / (IN + OUT))),
        ("he_normal", math.sqrt(2 / IN)),
        ("normal", 0.01),
    ],
)
@pytest.mark.parametrize("time", [(), (3,)])
def test_normal_schemes_have_their_deviation(
    name: str, deviation: float, time: tuple[int, ...]
) -> None:
    weights = fill(name, (*time, OUT, IN))
    assert weights.std() == pytest.approx(deviation, rel=0.03)
    assert abs(weights.mean()) < 0.03 * deviation
    assert np.abs(weights).max() > 3 * deviation  # tails, so it is not uniform


@pytest.mark.parametrize("shape", [(5, 5), (3, 8), (8, 3), (4, 3, 6), (4, 6, 3)])
@pytest.mark.parametrize("gain", [1.0, 1.7])
def test_orthogonal_has_all_singular_values_equal(shape: tuple[int, ...], gain: float) -> None:
    weights = initialise.orthogonal(shape, np.random.default_rng(2), gain)
    values = np.linalg.svd(weights, compute_uv=False)
    np.testing.assert_allclose(values, gain, rtol=1e-12)


def test_orthogonal_prefers_no_sign() -> None:
    """Without the correction QR gives one sign of the diagonal nearly always."""
    corner = fill("orthogonal", (400, 3, 3))[:, 0, 0]
    assert 0.4 < (corner > 0).mean() < 0.6


def test_identity_keeps_and_scales() -> None:
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(initialise.identity((2, 3), rng, 0.5), [[0.5, 0, 0], [0, 0.5, 0]])
    np.testing.assert_array_equal(fill("identity", (4, 3, 3)), np.stack([np.eye(3)] * 4))


def test_zeros_and_given_widths() -> None:
    rng = np.random.default_rng(0)
    assert not fill("zeros", (3, 4)).any()
    assert 1.9 < np.abs(initialise.uniform((50, 50), rng, bound=2)).max() <= 2
    assert initialise.normal((50, 50), rng, deviation=3).std() == pytest.approx(3, rel=0.1)


@names
def test_vectors(name: str) -> None:
    if name in FOR_VECTORS:
        assert fill(name, (9,)).shape == (9,)
        assert np.abs(fill(name, (9,))).max() <= 1 / 3
    else:
        with pytest.raises(EngineError, match=r"shape: the shape is \(9,\)"):
            fill(name, (9,))


@names
@pytest.mark.parametrize("shape", [(), (0, 3), (3, 0), (0,), (2, -1)])
def test_a_shape_without_entries_is_named(name: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(EngineError, match="shape: the shape is"):
        fill(name, shape)


@pytest.mark.parametrize("width", [0.0, -1.0, math.nan, math.inf])
def test_a_width_that_is_none_is_named(width: float) -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(EngineError, match=f"bound: {width}"):
        initialise.uniform((2, 2), rng, bound=width)
    with pytest.raises(EngineError, match=f"deviation: {width}"):
        initialise.normal((2, 2), rng, deviation=width)


def test_spectral_radius_of_matrices_that_are_known() -> None:
    turn = 0.7 * np.array([[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]])
    assert spectral_radius(turn) == pytest.approx(0.7, rel=1e-14)
    assert spectral_radius(np.diag([1.0, -3.0, 2.0])) == 3
    assert spectral_radius(np.array([[0.5, 100.0], [0.0, 0.25]])) == 0.5
    assert spectral_radius(np.zeros((2, 2))) == 0
    assert math.isnan(spectral_radius(np.array([[1.0, np.inf], [0, 1]])))
    assert math.isnan(spectral_radius(np.array([[np.nan]])))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1, 2, 16, 100])
@pytest.mark.parametrize("radius", [0.9, 1.0, 1.25, 0.0])
def test_scaling_gives_the_radius(dtype: type[np.floating[Any]], size: int, radius: float) -> None:
    before = np.random.default_rng(size).normal(size=(size, size)).astype(dtype)
    after = with_spectral_radius(before, radius)
    assert after.dtype == dtype
    assert spectral_radius(after) == pytest.approx(
        radius, rel=2e-5 if dtype is np.float32 else 1e-9
    )


@given(arrays(np.float64, (4, 4), elements=st.integers(-9, 9).map(float)), st.floats(1e-3, 1e3))
def test_scaling_changes_only_the_length(matrix: Array, radius: float) -> None:
    assume(spectral_radius(matrix) > 0.5)  # an integer matrix: 0, or not near 0
    after = with_spectral_radius(matrix, radius)
    factor = np.linalg.norm(after) / np.linalg.norm(matrix)
    np.testing.assert_allclose(after, factor * matrix, rtol=1e-12)
    assert spectral_radius(after) == pytest.approx(radius, rel=1e-6)


def rotated(nilpotent: Array) -> Array:
    """The same map in other coordinates, where no entry is 0."""
    basis = fill("orthogonal", nilpotent.shape)
    return basis @ nilpotent @ basis.T


@pytest.mark.parametrize(
    "matrix",
    [
        np.zeros((3, 3)),
        np.zeros((1, 1)),
        np.eye(5, k=1),
        np.array([[1.0, -1.0], [1.0, -1.0]]),
        rotated(np.eye(3, k=1)),
        rotated(np.eye(8, k=1)),
        rotated(np.triu(np.random.default_rng(4).normal(size=(20, 20)), 1)),
    ],
    ids=["zero", "one", "shift", "dense", "rotated 3", "rotated 8", "rotated 20"],
)
def test_a_nilpotent_matrix_has_no_radius_to_scale(matrix: Array) -> None:
    with pytest.raises(EngineError, match="matrix: all its eigenvalues are 0"):
        with_spectral_radius(matrix, 0.9)


def test_a_matrix_that_only_looks_nilpotent_is_scaled() -> None:
    """Its high powers are tiny beside the powers of its norm, its eigenvalues are not 0."""
    triangle = np.triu(np.random.default_rng(1).normal(size=(80, 80)))
    assert spectral_radius(with_spectral_radius(triangle, 0.9)) == pytest.approx(0.9, rel=1e-12)
    steep = np.array([[1.0, 1e20], [0.0, 1.0]])
    assert spectral_radius(with_spectral_radius(steep, 0.9)) == pytest.approx(0.9, rel=1e-12)


@pytest.mark.parametrize("radius", [-0.1, math.nan, math.inf])
def test_a_radius_that_is_none_is_named(radius: float) -> None:
    with pytest.raises(EngineError, match=f"radius: {radius}"):
        with_spectral_radius(np.eye(2), radius)


@pytest.mark.parametrize("function", [spectral_radius, lambda m: with_spectral_radius(m, 1)])
@pytest.mark.parametrize("shape", [(2, 3), (3,), (0, 0), (2, 2, 2)])
def test_a_matrix_that_is_not_square_is_named(
    function: Callable[[Array], object], shape: tuple[int, ...]
) -> None:
    with pytest.raises(EngineError, match="matrix: the shape is"):
        function(np.ones(shape))


def test_a_matrix_with_nan_is_named() -> None:
    with pytest.raises(EngineError, match="matrix: it holds inf or nan"):
        with_spectral_radius(np.array([[1.0, np.nan], [0, 1]]), 1)
