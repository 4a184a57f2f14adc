"""Colours: known values of OKLab, the mixes of the pictures, contrast."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.engine.errors import EngineError
from rnnviz.panels.canvas.colour import (
    BLACK,
    WHITE,
    Colour,
    contrast,
    from_oklab,
    ink_on,
    mix,
    oklab,
    parse,
    qcolor,
)

COLOURS = st.builds(Colour, *[st.integers(0, 255)] * 3)

# Ottosson's own examples for the primaries, as in the CSS Color 4 tests.
KNOWN = {
    "#FFFFFF": (1.0, 0.0, 0.0),
    "#000000": (0.0, 0.0, 0.0),
    "#FF0000": (0.62796, 0.22486, 0.12585),
    "#00FF00": (0.86644, -0.23389, 0.17950),
    "#0000FF": (0.45201, -0.03246, -0.31153),
}

# (theme's ground, hue, share, what the pictures show)
MIXES = [
    ("#151A22", "#F5C93A", 0.30, "#504934"),
    ("#151A22", "#F5C93A", 0.13, "#2D2E2B"),
    ("#0E1218", "#5DB7FF", 0.40, "#2D4D6A"),
    ("#151A22", "#F0602B", 0.22, "#412B2A"),
    ("#FFFFFF", "#A88700", 0.38, "#DDD1AD"),
    ("#F5F6F8", "#2E88CC", 0.35, "#B3D0EA"),
]


@pytest.mark.parametrize("text", KNOWN)
def test_oklab_of_known_colours(text: str) -> None:
    np.testing.assert_allclose(oklab(np.array(parse(text))), KNOWN[text], atol=2e-5)


@given(COLOURS)
def test_oklab_and_back(colour: Colour) -> None:
    assert Colour(*from_oklab(oklab(np.array(colour))).astype(int).tolist()) == colour


@pytest.mark.parametrize(("low", "high", "share", "seen"), MIXES)
def test_mixes_are_those_of_the_pictures(low: str, high: str, share: float, seen: str) -> None:
    assert mix(parse(low), parse(high), share).hex == seen


@given(COLOURS, COLOURS)
def test_a_mix_starts_and_ends_at_its_colours(low: Colour, high: Colour) -> None:
    assert mix(low, high, 0.0) == low
    assert mix(low, high, 1.0) == high


@given(COLOURS)
def test_colours_are_written_and_read(colour: Colour) -> None:
    assert parse(colour.hex) == colour
    assert qcolor(colour).name().upper() == colour.hex
    assert qcolor(colour).rgba() == colour.word


@pytest.mark.parametrize("text", ["#12345", "1234567", "#GG0000", "", "#+12345"])
def test_what_is_no_colour(text: str) -> None:
    with pytest.raises(EngineError, match="colour"):
        parse(text)


def test_contrast_of_known_pairs() -> None:
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast(parse("#777777"), WHITE) == pytest.approx(4.48, abs=0.005)
    assert ink_on(parse("#F79A2B")) == BLACK
    assert ink_on(parse("#1E66C8")) == WHITE


@given(COLOURS)
def test_ink_is_the_better_of_the_two(ground: Colour) -> None:
    assert contrast(ink_on(ground), ground) >= 4.58
