"""Text: numbers as we write them, widths that are true, formulas in their fonts and colours."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from rnnviz.engine.parsing import parse_expression
from rnnviz.engine.text import moment, pieces
from rnnviz.panels.canvas.fonts import MATH, SANS, sans
from rnnviz.panels.canvas.text import (
    Run,
    draw_in,
    draw_line,
    elided,
    formula,
    number,
    power,
    run,
    size,
    width,
    wrapped,
)
from rnnviz.panels.canvas.theme import Theme, theme
from tests.panels.canvas.support import drawn, extent, touched

NUMBERS = [
    (0.114, "0.11"),
    (-0.86, "−0.86"),
    (-0.001, "0.00"),
    (0.0, "0.00"),
    (nan, "nan"),
    (inf, "∞"),
    (-inf, "−∞"),
    (1234567.0, "1.2e6"),
    (-2.5e30, "−2.5e30"),
]
SIZES = [
    (999.0, "999.00"),
    (1000.0, "1e3"),
    (4.2e-3, "4e−3"),
    (0.012, "0.01"),
    (0.0, "0.00"),
    (-3e-12, "−3e−12"),
    (inf, "∞"),
    (33103.08, "3.3e4"),
]
INK = theme("dark").colours.tx1
WORDS = st.lists(st.text("abcdefg", min_size=1, max_size=12), min_size=1, max_size=12)


@pytest.mark.parametrize(("value", "text"), NUMBERS)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


def test_numbers_with_more_decimals_and_signs() -> None:
    assert number(-0.0364, 3) == "−0.036"
    assert number(0.5, signed=True) == "+0.50"
    assert number(0.0, signed=True) == "0.00"
    assert number(2.6, 0) == "3"


@pytest.mark.parametrize(("value", "text"), SIZES)
def test_sizes(value: float, text: str) -> None:
    assert size(value) == text


def test_powers() -> None:
    assert [power(p) for p in (-8, 0, 4, 12)] == ["10⁻⁸", "1", "10⁴", "10¹²"]


@pytest.mark.parametrize("align", ["start", "middle", "end"])
@pytest.mark.parametrize("ratio", [1, 2])
def test_lines_lie_where_they_were_measured(align: str, ratio: int) -> None:
    line = (run("Unit 6 ", theme("dark").type.caption, INK), Run("keeps", sans(18, 600), INK))
    ends: list[float] = []

    def draw(painter: object) -> None:
        ends.append(draw_line(painter, 120, 60, line, align))  # type: ignore[arg-type]

    box = extent(drawn(draw, ratio=ratio), ratio)
    start = ends[0] - width(line)
    assert start == pytest.approx({"start": 120, "middle": 120 - width(line) / 2}.get(align, start))
    assert start - 1 <= box.left()
    assert box.right() <= ends[0] + 1
    assert box.width() == pytest.approx(width(line), abs=4)
    assert 40 < box.top() < 60 <= box.bottom() < 70


@given(st.text("abcdefghijklmnop ", max_size=60), st.floats(20, 200))
def test_elided_text_fits(text: str, most: float) -> None:
    short = elided(Run(text, sans(16, 500), INK), most)
    assert short.width <= most + 0.01


def test_long_words_lose_their_middle() -> None:
    short = elided(Run("incomprehensibilities", sans(16, 500), INK), 90).text
    assert short.startswith("in")
    assert short.endswith("s")
    assert "…" in short


def test_text_stays_in_its_box() -> None:
    box = QRectF(60, 40, 100, 30)
    long = Run("incomprehensibilities", sans(22, 600), INK)
    seen = drawn(lambda p: draw_in(p, box, long))
    assert touched(seen).any()
    assert box.contains(extent(seen))


@given(WORDS, st.floats(40, 300))
def test_wrapped_lines_fit_and_keep_every_word(words: list[str], most: float) -> None:
    role = theme("dark").type.caption
    lines = wrapped([run(" ".join(words), role, INK)], most)
    texts = ["".join(part.text for part in line) for line in lines]
    assert " ".join(texts).split() == words
    for text in texts:
        one = run(text.rstrip(), role, INK)
        assert one.width <= most + 0.01 or " " not in one.text


def test_wrapped_runs_keep_their_colours() -> None:
    red = theme("dark").hue("f").text
    role = theme("dark").type.caption
    lines = wrapped([run("Unit 6 ", role, INK), run("keeps 11 %", role, red)], 90)
    assert [part.colour for line in lines for part in line] == [INK, red, red]


def test_formulas(look: Theme) -> None:
    expression = parse_expression("sigmoid(W_f @ x + U_f @ h_prev + b_f)")
    row = formula(pieces(expression, frozenset(("W_f", "U_f", "b_f")), moment(2)), look, 16)
    found = {part.text: part for part in row}
    assert found["h"].colour == look.hue("h").text
    assert found["x"].colour == look.hue("x").text
    assert found["W"].colour == look.colours.tx1
    assert found["h"].font.families()[0] == MATH
    assert found["h"].font.pixelSize() == 18
    assert found["2"].font.families()[0] == SANS
    assert found["2"].font.pixelSize() == 12
    assert found["2"].drop == pytest.approx(16 * 0.26)
    assert "".join(part.text for part in row).replace(" ", "") == "σ(Wfx3+Ufh2+bf)"
