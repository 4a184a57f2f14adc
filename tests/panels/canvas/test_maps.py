"""Maps: the colours of the pictures, their ends, what is no number, and the text on them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.engine.errors import EngineError
from rnnviz.panels.canvas.colour import Colour, contrast, ink_on, mix, oklab, parse
from rnnviz.panels.canvas.maps import Map, gate_map, magnitude_map, map_of, signed_map
from rnnviz.panels.canvas.theme import Theme, theme

# x of "not" in the pictures, and their colours
SEEN = [(-0.78, "#35609B"), (0.23, "#4D433E"), (0.11, "#3A393B"), (-1.00, "#386CB3")]
FINITE = st.floats(-1e6, 1e6)


def near(one: Colour, other: Colour, least: int = 3) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= least


@pytest.mark.parametrize(("value", "seen"), SEEN)
def test_signed_colours_are_those_of_the_pictures(value: float, seen: str) -> None:
    assert near(map_of(theme("dark"), "x").colour(value), parse(seen))


def test_signed_ends_and_middle(look: Theme) -> None:
    states = signed_map(look, 2.0)
    ends = [states.colour(v) for v in (-2.0, 0.0, 2.0)]
    assert tuple(ends) == look.signed
    assert states.colour(-9.0) == look.signed[0]
    assert states.colour(9.0) == look.signed[2]


def test_gates_start_near_the_field(look: Theme) -> None:
    gates = gate_map(look, "f")
    hue = look.hue("f").mark
    assert gates.colour(1.0) == hue
    assert gates.colour(0.0) == mix(look.colours.bg2, hue, 0.06)


def test_magnitudes_go_by_powers_of_ten(look: Theme) -> None:
    sizes = magnitude_map(look, -3, 1)
    for power, stop in zip((-3, -2, -1, 0, 1), look.magnitude, strict=True):
        assert near(sizes.colour(10.0**power), stop)
        assert sizes.colour(-(10.0**power)) == sizes.colour(10.0**power)
    assert sizes.colour(0.0) == look.magnitude[0]


def test_large_magnitudes_are_darker_on_light_and_lighter_on_dark() -> None:
    for name, sign in (("dark", 1), ("light", -1)):
        lightness = oklab(magnitude_map(theme(name), -3, 1).table[1:])[:, 0]
        assert (np.diff(lightness) * sign > -0.02).all()
        assert (lightness[-1] - lightness[0]) * sign > 0.5


def all_maps(look: Theme) -> list[Map]:
    gates = [gate_map(look, symbol) for symbol in "fiozr"]
    return [signed_map(look, 1.0), magnitude_map(look, -8, 4), *gates]


def test_what_is_no_number_is_wrong_in_every_map(look: Theme) -> None:
    for map_ in all_maps(look):
        for value in (np.nan, np.inf, -np.inf):
            assert map_.colour(value) == look.colours.err
        assert map_.colour(0.5) != look.colours.err


def test_numbers_are_read_on_every_signed_colour(look: Theme) -> None:
    for ground in signed_map(look, 1.0).colours[1:]:
        assert round(contrast(ink_on(ground), ground), 1) >= 4.6


@given(st.lists(FINITE, min_size=2, max_size=30))
def test_codes_keep_the_order(values: list[float]) -> None:
    codes = signed_map(theme("dark"), 1000.0).codes(np.sort(np.array(values)))
    assert (np.diff(codes.astype(int)) >= 0).all()
    assert codes.min() >= 1


def test_codes_keep_the_shape(look: Theme) -> None:
    assert map_of(look, "i").codes(np.zeros((3, 4))).shape == (3, 4)
    assert map_of(look, "i").codes(np.zeros((0, 4))).shape == (0, 4)


def test_the_range_is_fixed_by_kind(look: Theme) -> None:
    assert [map_of(look, s).high for s in ("h", "c", "x", "weight", "f")] == [1, 1.8, 1.6, 2, 1]
    assert map_of(look, "c", 3.5).low == -3.5


def test_dimmed_maps_go_towards_the_ground(look: Theme) -> None:
    states = signed_map(look, 1.0)
    ground = look.colours.bg1
    assert states.dimmed(ground, 0.3).colour(1.0) == mix(ground, look.signed[2], 0.3)
    assert states.dimmed(ground, 0.0).colour(-1.0) == ground


def test_empty_ranges_are_refused(look: Theme) -> None:
    with pytest.raises(EngineError, match="most"):
        signed_map(look, 0.0)
    with pytest.raises(EngineError, match="high"):
        magnitude_map(look, 2, 2)
