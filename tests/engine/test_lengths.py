"""Lengths of vectors, also of very small and very large ones."""

import numpy as np
import pytest

from rnnviz.engine.lengths import lengths


def test_ordinary_vectors() -> None:
    values = np.random.default_rng(0).normal(size=(4, 3, 5))
    np.testing.assert_array_equal(lengths(values), np.linalg.norm(values, axis=-1))


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1e-160, 1e160, 1e250])
def test_squares_neither_vanish_nor_overflow(scale: float) -> None:
    np.testing.assert_allclose(lengths(np.array([[3.0, 4.0]]) * scale), [5 * scale], rtol=1e-12)


def test_float32_is_not_squared_in_float32() -> None:
    assert lengths(np.array([3e30, 4e30], np.float32)) == pytest.approx(5e30, rel=1e-6)


@pytest.mark.parametrize(
    ("values", "length"),
    [
        ([0.0, 0.0], 0.0),
        ([np.inf, 1.0], np.inf),
        ([np.nan, 1.0], np.nan),
        ([np.nan, np.inf], np.nan),
    ],
)
def test_what_is_no_number(values: list[float], length: float) -> None:
    np.testing.assert_equal(float(lengths(np.array(values))), length)


def test_no_entries() -> None:
    np.testing.assert_array_equal(lengths(np.zeros((2, 0))), [0.0, 0.0])
