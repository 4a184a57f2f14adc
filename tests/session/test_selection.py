"""The selection stays where it is, or at what comes closest when the network changes."""

import pytest

from rnnviz.document.document import Document
from rnnviz.document.edits import SetCell, SetDirection, SetHidden, SetLayers, SetTask
from rnnviz.session.selection import Selection, Selector, Spot, clamped, first_selection, units
from tests.session.support import Heard, small

DOCUMENT = small()
TRANSLATOR = SetTask("many-to-many unaligned", labels=("je", "suis")).apply(DOCUMENT)
TAGGER = SetTask("many-to-many", labels=("a", "b", "c")).apply(DOCUMENT)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (DOCUMENT, "layer0/forward/h"),
        (SetLayers(2).apply(DOCUMENT), "layer1/forward/h"),
        (SetDirection("both").apply(DOCUMENT), "layer0/forward/h"),
        (SetDirection("backward").apply(DOCUMENT), "layer0/backward/h"),
        (TRANSLATOR, "decoder/layer0/forward/h"),
    ],
)
def test_at_first_the_highest_hidden_state_is_selected(document: Document, path: str) -> None:
    assert first_selection(document).path == path


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("layer0/forward/f", 4),
        ("layer0/x", 8),
        ("layer0/output", 4),
        ("head/outputs", 2),
        ("head/predictions", 2),
        ("head/nothing", 0),
        ("layer1/forward/f", 0),
        ("layer1/output", 0),
    ],
)
def test_the_units_of_a_quantity_are_known(path: str, count: int) -> None:
    assert units(DOCUMENT, path) == count


def test_a_selection_that_fits_is_the_same_object() -> None:
    selection = Selection("layer0/forward/f", 3, 2, ("layer0/forward/W_f", (3, 7)), 0)
    assert clamped(selection, DOCUMENT) is selection


@pytest.mark.parametrize(
    ("selection", "document", "expected"),
    [
        (
            Selection("layer0/forward/f", 3),
            SetHidden(2).apply(DOCUMENT),
            Selection("layer0/forward/f", 1),
        ),
        (
            Selection("layer0/forward/c", 1),
            SetCell("gru").apply(DOCUMENT),
            Selection("layer0/forward/h", 1),
        ),
        (Selection("layer1/forward/f", 1), DOCUMENT, Selection("layer0/forward/f", 1)),
        (
            Selection("layer0/forward/f", 1),
            SetDirection("backward").apply(DOCUMENT),
            Selection("layer0/backward/f", 1),
        ),
        (
            Selection("layer0/forward/f", 1),
            TRANSLATOR,
            Selection("encoder/layer0/forward/f", 1),
        ),
        (
            Selection("layer0/forward/h", 0, 9, ("layer0/forward/W_f", (9, 9)), 7),
            TAGGER,
            Selection("layer0/forward/h", 0, 3, ("layer0/forward/W_f", (3, 7)), 3),
        ),
        (
            Selection("layer0/forward/h", 0, 2, ("layer9/forward/W_f", (0, 0)), 2),
            DOCUMENT.changed(sequence=()),
            Selection("layer0/forward/h"),
        ),
        (
            Selection("layer0/forward/h", -1, -1, ("layer0/forward/W_f", (0,)), -1),
            DOCUMENT,
            Selection("layer0/forward/h", 0, 0, None, 0),
        ),
    ],
)
def test_what_is_gone_gives_way_to_what_comes_closest(
    selection: Selection, document: Document, expected: Selection
) -> None:
    assert clamped(selection, document) == expected


def test_changes_are_told_once() -> None:
    selector = Selector(DOCUMENT)
    first, heard = selector.selection, Heard(selector.selection_changed)
    selector.select(unit=2)
    selector.select(unit=2)
    selector.select(path="layer0/forward/f", step=1)
    selector.show(SetHidden(2).apply(DOCUMENT))
    assert selector.selection == Selection("layer0/forward/f", 1, 1)
    assert (selector.selection.part, selector.selection.symbol) == ("layer0/forward", "f")
    selector.restart(DOCUMENT)
    assert selector.selection == first
    assert [unit.unit for unit, _ in heard] == [2, 2, 1, 0]
    assert heard[0][1] == first


def test_the_hover_goes_when_its_place_does() -> None:
    selector = Selector(DOCUMENT)
    heard, spot = Heard(selector.hover_changed), Spot("layer0/forward/f", 3, 1)
    selector.set_hover(spot)
    selector.set_hover(spot)
    selector.show(DOCUMENT)
    assert selector.hover == spot
    selector.show(SetHidden(3).apply(DOCUMENT))
    selector.set_hover(None)
    selector.set_hover(spot)
    selector.restart(DOCUMENT)
    assert heard == [(spot,), (None,), (spot,), (None,)]
