"""The tokens: every contrast and every distance that the visual guide promises, recomputed."""

from itertools import combinations

import numpy as np
import pytest

from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import UnknownError
from rnnviz.panels.canvas.colour import contrast, linear, oklab_of_light
from rnnviz.panels.canvas.theme import Theme, theme

# (name, on bg1, on bg2), as promised
NEUTRAL = {
    "dark": [("tx1", 15.1, 13.5), ("tx2", 9.2, 8.2), ("tx3", 6.0, 5.4), ("err", 7.6, 6.8)],
    "light": [("tx1", 18.0, 15.9), ("tx2", 8.7, 7.7), ("tx3", 5.8, 5.1), ("err", 6.5, 5.8)],
}
GOOD = {"dark": (9.2, 8.2), "light": (5.7, 5.1)}
MARKS = {
    "dark": {
        "x": (11.3, 10.1),
        "h": (8.1, 7.2),
        "c": (11.1, 9.9),
        "f": (5.3, 4.8),
        "i": (8.5, 7.6),
        "g": (14.1, 12.6),
        "o": (5.7, 5.1),
        "r": (5.7, 5.1),
        "∂": (5.2, 4.7),
    },
    "light": {
        "x": (4.7, 4.2),
        "h": (3.8, 3.4),
        "c": (3.4, 3.0),
        "f": (5.4, 4.7),
        "i": (3.6, 3.2),
        "g": (9.6, 8.5),
        "o": (7.4, 6.5),
        "r": (11.5, 10.1),
        "∂": (7.7, 6.8),
    },
}
TEXTS = {
    "dark": MARKS["dark"],
    "light": {
        "x": (6.4, 5.6),
        "h": (6.0, 5.3),
        "c": (5.9, 5.2),
        "f": (6.0, 5.3),
        "i": (5.8, 5.2),
        "g": (8.2, 7.2),
        "o": (8.2, 7.3),
        "∂": (7.5, 6.6),
    },
}

# G. Machado et al., "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# IEEE TVCG 15(6), 2009, severity 1; they act on linear light.
MACHADO = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
NEAREST = {
    ("dark", "deuteranopia"): 0.066,
    ("light", "deuteranopia"): 0.073,
    ("dark", "protanopia"): 0.073,
    ("light", "protanopia"): 0.068,
}


@pytest.mark.parametrize("name", NEUTRAL)
def test_neutral_contrasts(name: str) -> None:
    paint = theme(name).colours
    for token, on_panel, on_field in [*NEUTRAL[name], ("ok", *GOOD[name])]:
        colour = getattr(paint, token)
        assert round(contrast(colour, paint.bg1), 1) == on_panel, token
        assert round(contrast(colour, paint.bg2), 1) == on_field, token


@pytest.mark.parametrize("kind", ["mark", "text"])
@pytest.mark.parametrize("name", MARKS)
def test_contrasts_of_the_quantities(name: str, kind: str) -> None:
    paint = theme(name).colours
    for symbol, promised in (MARKS if kind == "mark" else TEXTS)[name].items():
        colour = getattr(theme(name).hue(symbol), kind)
        seen = (contrast(colour, paint.bg1), contrast(colour, paint.bg2))
        assert tuple(round(ratio, 1) for ratio in seen) == promised, symbol


def test_letters_are_read_and_marks_are_seen(look: Theme) -> None:
    for hue in look.quantities.values():
        for ground in (look.colours.bg1, look.colours.bg2):
            assert contrast(hue.text, ground) >= 4.5
            assert contrast(hue.mark, ground) >= 2.95


def seen(vision: str, colours: Array) -> Array:
    light = np.clip(linear(colours) @ np.array(MACHADO[vision]).T, 0, 1)
    return oklab_of_light(light)


@pytest.mark.parametrize(("name", "vision"), NEAREST)
def test_hues_differ_in_every_eye(name: str, vision: str) -> None:
    lab = seen(vision, np.array([hue.mark for hue in theme(name).quantities.values()]))
    least = min(float(np.linalg.norm(a - b)) for a, b in combinations(lab, 2))
    assert round(least, 3) == NEAREST[name, vision]


def test_symbols_have_the_hue_of_their_quantity(look: Theme) -> None:
    assert look.hue("h_t") is look.quantities["hidden"]
    assert look.hue("n") is look.hue("g") is look.quantities["candidate"]
    assert look.hue("z") is look.hue("o")
    assert look.hue("W").mark == look.hue("").mark == look.colours.tx2


def test_a_theme_is_made_once() -> None:
    assert theme("dark") is theme("dark")
    assert theme("dark") is not theme("light")
    with pytest.raises(UnknownError, match="sepia"):
        theme("sepia")


def test_no_text_is_too_small(look: Theme) -> None:
    for name in type(look.type).__struct_fields__:
        role = getattr(look.type, name)
        assert role.px >= 11
        assert role.present >= 18


def test_edges_widen_with_the_gradient(look: Theme) -> None:
    widths = [look.edge_width(size) for size in (-9.0, -3.0, -1.0, 1.0, 5.0)]
    assert widths == [1.5, 1.5, 6.0, 10.5, 10.5]
