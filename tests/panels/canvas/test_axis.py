"""The logarithmic axis: there and back, fixed ends, overflow that is never clipped in silence."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from rnnviz.panels.canvas import axis, clip, step_labels
from rnnviz.panels.canvas.hit import HitMap, hit_area
from rnnviz.panels.canvas.theme import Theme
from tests.panels.canvas.support import at, drawn, extent, holds, touched

LADDER = axis.LogAxis(-8, 4, 20, 100)


@given(st.floats(-8, 4))
def test_values_go_to_a_place_and_back(exponent: float) -> None:
    value = 10.0**exponent
    assert LADDER.value(LADDER.y(value)) == pytest.approx(value, rel=1e-6)
    assert 20 <= LADDER.y(value) <= 100


@pytest.mark.parametrize(
    ("value", "y"), [(0.0, 100), (1e-30, 100), (1e9, 20), (inf, 20), (1, 46.6667)]
)
def test_ends_of_the_axis(value: float, y: float) -> None:
    assert LADDER.y(value) == pytest.approx(y, abs=1e-3)


def test_overflow() -> None:
    assert [LADDER.overflows(v) for v in (0.0, 1e4, 1.1e4, inf, nan)] == [False, False] + [True] * 3


def test_an_overflowing_curve_ends_in_a_head_at_the_band(look: Theme) -> None:
    style = axis.CurveStyle(look.hue("∂").mark)
    seen = drawn(lambda p: axis.draw_curve(p, [40, 120, 200], [1, inf, nan], LADDER, style, look))
    assert extent(seen).top() == pytest.approx(20, abs=1)
    assert at(seen, 120, 26) == at(seen, 200, 26) == style.line
    assert not touched(seen)[:, 130:190].any()


def test_below_the_axis_it_ends_in_a_head_and_nothing_has_no_line(look: Theme) -> None:
    style = axis.CurveStyle(look.hue("∂").mark)
    seen = drawn(lambda p: axis.draw_curve(p, [40, 120, 200], [1, 1e-9, 0], LADDER, style, look))
    assert extent(seen).bottom() == pytest.approx(100, abs=1)
    assert at(seen, 120, 94) == style.line
    assert not touched(seen)[:, 130:].any()
    marked = axis.hidden_gradient(look)
    seen = drawn(lambda p: axis.draw_curve(p, [40, 120, 200], [1, 1, 0], LADDER, marked, look))
    assert not touched(seen)[:, 130:190].any()
    assert touched(seen)[95:105, 195:205].any()


@pytest.mark.parametrize("values", [[], [1.0], [0.0, 0.0]])
def test_short_curves(look: Theme, values: list[float]) -> None:
    xs = [50.0 + 40 * i for i in range(len(values))]
    style = axis.hidden_gradient(look)
    seen = drawn(lambda p: axis.draw_curve(p, xs, values, LADDER, style, look))
    assert touched(seen).any() == bool(values)


def test_bands_and_labels(look: Theme) -> None:
    def draw(painter: object) -> None:
        axis.draw_bands(painter, LADDER, 60, 220, look, "exploding", "vanishing")  # type: ignore[arg-type]
        axis.draw_log_axis(painter, LADDER, 60, 220, look)  # type: ignore[arg-type]

    seen = drawn(draw)
    band = look.faded(look.hue("∂").mark, look.fills.band)
    assert holds(seen, band)
    assert touched(seen)[:, 25:55].any()
    assert QRectF(20, 10, 200, 100).contains(extent(seen))


def test_step_labels_leave_out_what_has_no_room(look: Theme) -> None:
    wide = [40.0, 120.0]
    narrow = [40.0 + 10 * i for i in range(8)]
    row = drawn(lambda p: step_labels.draw_step_labels(p, wide, ["I", "am"], 60, look, 1))
    assert holds(row, look.colours.tx1)
    assert touched(row)[:, 30:50].any()
    numbers = drawn(lambda p: step_labels.draw_step_labels(p, narrow, ["long"] * 8, 60, look, None))
    assert touched(numbers)[:, 35:45].any()
    assert not touched(numbers)[:, 45:70].any()
    crowd = drawn(lambda p: step_labels.draw_step_labels(p, narrow, ["ab"] * 8, 60, look, 0))
    assert holds(crowd, look.colours.tx1)


def test_the_clip_line_has_a_handle(look: Theme) -> None:
    handles = []
    seen = drawn(lambda p: handles.append(clip.draw_clip_line(p, LADDER, 20, 200, 5.0, look)))
    assert holds(seen, look.colours.tx1)
    assert handles[0].center().y() == pytest.approx(LADDER.y(5.0), abs=1)


def test_hit_areas_are_never_small() -> None:
    assert hit_area(QRectF(10, 10, 4, 40)) == QRectF(0, 10, 24, 40)
    places: HitMap[str] = HitMap()
    places.add(QRectF(10, 10, 4, 4), "under")
    places.add(QRectF(12, 10, 4, 4), "over")
    places.add(QRectF(30, 10, 4, 4), "beside")
    assert places.at(QPointF(13, 12)) == "over"
    assert places.at(QPointF(11, 12)) == "under"
    assert places.at(QPointF(26, 12)) == "beside"
    assert places.at(QPointF(60, 60)) is None
    assert places.box_of("beside") == QRectF(30, 10, 4, 4)
    assert places.box_of("nothing") is None


def test_a_word_may_be_as_wide_as_its_neighbours_leave() -> None:
    assert step_labels.word_rooms([10.0], 40) == [76]
    rooms = step_labels.word_rooms([10.0, 60.0, 10.0], 40)
    assert rooms[1] == 2 * (40 - 5 - 2)
    assert rooms[0] == rooms[2] == 2 * (40 - 20 - 2)
    assert step_labels.word_rooms([90.0, 90.0], 40) == [36, 36]


def test_the_current_word_drives_its_neighbours_away(look: Theme) -> None:
    xs = [40.0, 70.0, 100.0]

    def row(current: int | None) -> object:
        words = ["abc", "abcdefghijk", "abc"]
        return touched(
            drawn(lambda p: step_labels.draw_step_labels(p, xs, words, 60, look, current))
        )

    assert row(None)[:, 30:50].any()  # type: ignore[index]
    assert not row(1)[:, 30:38].any()  # type: ignore[index]
