"""Tables stay aligned, and nothing in a cell reaches the terminal as a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.app.tables import shortened, table, visible, width


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("happy", 5),
        ("高兴", 4),
        ("\N{FULLWIDTH LATIN SMALL LETTER H}a", 3),
        ("e\N{COMBINING ACUTE ACCENT}", 1),
        ("…−σ", 3),
        ("\N{ZERO WIDTH JOINER}", 0),
    ],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@given(st.text(max_size=30), st.integers(1, 12))
def test_what_is_shortened_fits_and_starts_the_same(text: str, columns: int) -> None:
    short = shortened(text, columns)
    assert width(short) <= columns
    assert short == text or text.startswith(short[:-1])
    assert (short == text) == (width(text) <= columns)


@given(st.text(max_size=30))
def test_nothing_visible_is_a_control_character(text: str) -> None:
    shown = visible(text)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in shown)
    shown.encode()


def test_control_characters_and_lone_bytes_are_written_out() -> None:
    assert visible("\x1b[31mred\u202e") == r"\x1b[31mred\u202e"
    assert visible("caf\udce9") == r"caf\udce9"
    assert visible("高兴 é") == "高兴 é"


def test_columns_are_aligned_in_columns_of_the_terminal() -> None:
    lines = table([["token", "n", "m"], ["高兴", "−1", "2"], ["x"]], "<>")
    assert lines == ["token   n  m", "高兴   −1  2", "x"]
    assert table([["a"], ["bb", "c"]], "<") == ["a", "bb  c"]


_CELL = st.text(st.characters(categories=["L", "N", "Mn"]), min_size=1, max_size=6)
_ROWS = st.lists(st.lists(_CELL, min_size=3, max_size=3), min_size=1, max_size=6)


@given(_ROWS, st.sampled_from(["<", ">", "<>", "><<"]))
def test_every_line_ends_where_the_last_column_ends(rows: list[list[str]], align: str) -> None:
    lines = table([[*row, "|"] for row in rows], align)
    assert len({width(line) for line in lines}) == 1
    assert all(line.endswith("|") for line in lines)
