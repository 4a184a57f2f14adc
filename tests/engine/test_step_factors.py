"""Factors from step to step: their products are the Jacobians of whole paths, however small."""

from collections.abc import Callable

import numpy as np
import pytest

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.jacobians import path_jacobian, step_jacobian
from rnnviz.engine.step_factors import factors, roads
from tests.engine.support import every_cell, run, tagger

LSTM, RNN, GRU = find_cell("lstm"), find_cell("rnn"), find_cell("gru")


@every_cell
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_products_are_jacobians_of_paths(cell: Cell, direction: str) -> None:
    trace = run(tagger(cell, direction=direction), (6,))
    part = f"layer0/{direction}"
    last = 5 if direction == "forward" else 0
    found = list(factors(trace, part))
    assert [factor.step for factor in found] == (
        [5, 4, 3, 2, 1, 0] if direction == "forward" else [0, 1, 2, 3, 4, 5]
    )
    for factor in found:
        whole = path_jacobian(trace, part, factor.step, last)
        assert 10.0**factor.power == pytest.approx(whole.norm, rel=1e-9)
    for factor in found[:-1]:
        one = step_jacobian(trace, part, factor.step)
        assert factor.norm == pytest.approx(one.norm)
        assert factor.radius == pytest.approx(np.abs(np.linalg.eigvals(one.matrix)).max())
    assert np.isnan(found[-1].norm)


@pytest.mark.parametrize(
    ("cell", "keeps", "state"), [(LSTM, lambda t: t["f"], "c"), (GRU, lambda t: 1 - t["z"], "h")]
)
def test_the_road_is_what_is_kept(cell: Cell, keeps: Callable[..., object], state: str) -> None:
    for direction in ("forward", "backward"):
        trace = run(tagger(cell, direction=direction), (5,))
        part = f"layer0/{direction}"
        kept = np.asarray(
            keeps({s: trace[f"{part}/{s}"][:, 0] for s in ("f", "z") if s in _symbols(cell)})
        )
        road = roads(trace, part)
        assert road is not None
        assert road.state == state
        np.testing.assert_allclose(road.factors, kept)
        for step in range(5):
            beyond = kept[step + 1 :] if direction == "forward" else kept[:step]
            np.testing.assert_allclose(10.0 ** road.powers[step], np.prod(beyond, axis=0))


def _symbols(cell: Cell) -> set[str]:
    return {equation.name for equation in cell.equations}


def test_an_rnn_has_no_road() -> None:
    assert roads(run(tagger(RNN), (4,)), "layer0/forward") is None


def test_a_long_way_is_not_lost() -> None:
    trace = run(tagger(RNN), (900,))
    found = list(factors(trace, "layer0/forward"))
    assert len(found) == 900
    assert np.isfinite(found[-1].power)
    assert found[-1].power < -100


def test_a_single_step_has_no_factor() -> None:
    trace = run(tagger(LSTM), (1,))
    (only,) = factors(trace, "layer0/forward")
    assert only.power == 0
    assert np.isnan(only.norm)
