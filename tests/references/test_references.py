"""The stored values are whole and obey the equations they are stored for."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from tests.references import FILE, cases, load

Values = npt.NDArray[Any]


def sigmoid(a: Values) -> Values:
    return np.asarray(1 / (1 + np.exp(-a)))


def before(arrays: dict[str, Values], name: str) -> Values:
    """A state one step earlier."""
    return np.concatenate([arrays[f"{name}_0"][None], arrays[name][:-1]])


def affine(arrays: dict[str, Values], k: str, h: Values) -> Values:
    return np.asarray(
        arrays["input"] @ arrays[f"W_{k}"].T + h @ arrays[f"U_{k}"].T + arrays[f"b_{k}"]
    )


def test_the_file_is_small() -> None:
    assert FILE.stat().st_size < 1_500_000


def test_an_unknown_case_is_an_error() -> None:
    with pytest.raises(KeyError):
        load("nn_elman")


@pytest.mark.parametrize("case", cases())
def test_numbers_are_finite_read_only_and_every_derivative_has_its_shape(case: str) -> None:
    meta, arrays = load(case)
    assert meta["torch"] == "2.13.0"
    assert set(meta["sizes"]) >= set("TBIH")
    for key, value in arrays.items():
        assert np.isfinite(value).all()
        assert not value.flags.writeable
        if key.startswith("d_"):
            assert value.shape == arrays[key[2:]].shape
            assert value.any()


@pytest.mark.parametrize("case", cases("nn_"))
def test_the_loss_of_a_layer_is_its_functional(case: str) -> None:
    _, arrays = load(case)
    loss = sum(
        (arrays[functional] * arrays[name]).sum()
        for functional, name in (("A", "output"), ("B", "h_n"), ("C", "c_n"))
        if name in arrays
    )
    assert arrays["L"] == pytest.approx(loss, rel=1e-13)


@pytest.mark.parametrize("case", cases("cell_"))
def test_gates_and_pre_activations_belong_together(case: str) -> None:
    meta, arrays = load(case)
    for k in meta["gates"]:
        activation = np.tanh if k in "gnh" else sigmoid
        if meta["variant"] == "relu":
            assert np.array_equal(arrays[k], np.maximum(arrays[f"a_{k}"], 0))
            continue
        assert arrays[k] == pytest.approx(activation(arrays[f"a_{k}"]), abs=1e-15)


@pytest.mark.parametrize("case", cases("cell_lstm"))
def test_the_states_of_an_lstm(case: str) -> None:
    meta, arrays = load(case)
    c_before, h_before = before(arrays, "c"), before(arrays, "h")
    f = arrays["f"] if "f" in meta["gates"] else 1.0
    i = arrays["i"] if "i" in meta["gates"] else 1 - arrays["f"]
    assert arrays["c"] == pytest.approx(f * c_before + i * arrays["g"], abs=1e-15)
    assert arrays["h"] == pytest.approx(arrays["o"] * np.tanh(arrays["c"]), abs=1e-15)
    for k in meta["gates"]:
        seen = arrays["c"] if k == "o" else c_before
        peephole = arrays[f"p_{k}"] * seen if k in meta["peepholes"] else 0.0
        assert arrays[f"a_{k}"] == pytest.approx(affine(arrays, k, h_before) + peephole, abs=1e-14)


@pytest.mark.parametrize("case", cases("cell_gru"))
def test_the_state_of_a_gru(case: str) -> None:
    meta, arrays = load(case)
    h, z, r, n = before(arrays, "h"), arrays["z"], arrays["r"], arrays["n"]
    assert arrays["h"] == pytest.approx((1 - z) * h + z * n, abs=1e-15)
    if meta["variant"] == "before":
        expected = affine(arrays, "n", r * h)
    else:
        expected = affine(arrays, "n", 0 * h) + r * (h @ arrays["U_n"].T)
    assert arrays["a_n"] == pytest.approx(expected, abs=1e-14)
