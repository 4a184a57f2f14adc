"""The yardstick computes what PyTorch computes: every value and every derivative of every step."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.benchmarks import handwritten
from tests.benchmarks.handwritten import GATES, LSTMLayer
from tests.references import load

CASE = "cell_lstm"
TOLERANCE = 1e-12
BY_STEP = ("c", "h", *GATES, *(f"a_{gate}" for gate in GATES))

Values = npt.NDArray[Any]


def stacked(arrays: dict[str, Values], name: str) -> Values:
    """The weights of the gates in the order of the yardstick."""
    return np.concatenate([arrays[f"{name}_{gate}"] for gate in GATES])


def evaluated(arrays: dict[str, Values], rows: slice) -> dict[str, Values]:
    """What the yardstick keeps for some rows, after it was used for other numbers."""
    x, dh = arrays["input"][:, rows], arrays["A"][:, rows]
    W, U, b = (stacked(arrays, name) for name in "WUb")
    layer = LSTMLayer((*x.shape, len(b) // 4), x.dtype)
    layer.forward(x + 1.0, W, U, b)
    layer.backward(-dh)
    layer.forward(x, W, U, b, arrays["h_0"][rows], arrays["c_0"][rows])
    layer.backward(dh)
    return layer.trace()


@pytest.mark.parametrize("block_bytes", [1, 1 << 11, 1 << 30])
@pytest.mark.parametrize("joined_elements", [0, 1 << 30])
def test_every_step_of_every_row(
    joined_elements: int, block_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handwritten, "JOINED_ELEMENTS", joined_elements)
    monkeypatch.setattr(handwritten, "BLOCK_BYTES", block_bytes)
    arrays = load(CASE)[1]
    total = {name: np.zeros_like(stacked(arrays, name)) for name in "WUb"}
    for row in range(arrays["input"].shape[1]):
        rows = slice(row, row + 1)
        found = evaluated(arrays, rows)
        for name in (*BY_STEP, *(f"d_{name}" for name in BY_STEP)):
            assert found[name] == pytest.approx(arrays[name][:, rows], abs=TOLERANCE), name
        assert found["d_x"] == pytest.approx(arrays["d_input"][:, rows], abs=TOLERANCE)
        total = {name: total[name] + found[f"d_{name}"] for name in total}
    for name, gradient in total.items():
        assert gradient == pytest.approx(stacked(arrays, f"d_{name}"), abs=TOLERANCE)


@pytest.mark.parametrize("block_bytes", [1, 1 << 11, 1 << 30])
def test_a_batch(block_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handwritten, "BLOCK_BYTES", block_bytes)
    arrays = load(CASE)[1]
    found = evaluated(arrays, slice(None))
    for name in (*BY_STEP, *(f"d_{name}" for name in BY_STEP)):
        assert found[name] == pytest.approx(arrays[name], abs=TOLERANCE), name
    assert found["tanh_c"] == pytest.approx(np.tanh(arrays["c"]), abs=TOLERANCE)
    assert found["d_x"] == pytest.approx(arrays["d_input"], abs=TOLERANCE)
    for name in "WUb":
        assert found[f"d_{name}"] == pytest.approx(stacked(arrays, f"d_{name}"), abs=TOLERANCE)
