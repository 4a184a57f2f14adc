"""A thinned curve keeps its extremes, its ends and what is no number."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.panels.canvas.thinning import thinned


def test_a_short_curve_stays_as_it_is() -> None:
    xs, values = [float(i) for i in range(100)], [1.0] * 100
    assert thinned(xs, values) == (xs, values)
    assert thinned([], []) == ([], [])


@given(st.lists(st.floats(0, 1e6) | st.just(np.nan) | st.just(np.inf), min_size=60, max_size=300))
def test_in_each_pixel_the_extremes_stay(values: list[float]) -> None:
    xs = [20.0 * i / len(values) for i in range(len(values))]
    there, kept = thinned(xs, values)
    assert there == sorted(there)
    assert len(there) <= 2 * 21 + 2
    assert (there[0], there[-1]) == (xs[0], xs[-1])
    pairs = set(zip(xs, map(str, values), strict=True))
    assert set(zip(there, map(str, kept), strict=True)) <= pairs
    for pixel in range(20):
        every = [v for x, v in zip(xs, values, strict=True) if int(x) == pixel]
        seen = [v for x, v in zip(there, kept, strict=True) if int(x) == pixel]
        finite = [v for v in every if np.isfinite(v)]
        if finite:
            assert min(finite) in seen
        if len(finite) < len(every):
            assert not np.isfinite(seen).all()
        elif finite:
            assert max(finite) in seen
