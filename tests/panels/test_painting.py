"""A panel is painted anew when its picture would be another one, and charts not without need."""

from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from rnnviz.document.edits import HoldQuantity, SetToken, SetWeight
from rnnviz.panels import PANELS
from rnnviz.panels.panel import Panel
from rnnviz.panels.picture import PicturePanel
from rnnviz.session.selection import Spot
from tests.panels.looking import Looked, look_at, sample

PART = "layer0/forward"
PICTURES = [kind for kind in PANELS if issubclass(kind, PicturePanel)]
CHARTS = ("weights", "gates", "highway", "gradient", "losses", "factors")


class Paints(QObject):
    """Counts the paintings of a panel."""

    def __init__(self, panel: Panel) -> None:
        super().__init__(panel)
        self.count = 0
        panel.installEventFilter(self)

    def taken(self) -> int:
        """How many there were since this was asked last."""
        QApplication.processEvents()
        count, self.count = self.count, 0
        return count

    def eventFilter(  # noqa: N802 # Qt's own
        self, _: QObject, event: QEvent
    ) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def wishes(looked: Looked) -> list[Callable[[], object]]:
    session, view = looked.session, looked.session.view
    playhead, selector = view.playhead, view.selector
    return [
        playhead.next_operation,
        playhead.next_step,
        lambda: session.apply(SetToken(1, "very")),
        lambda: session.apply(SetWeight(f"{PART}/U_f", (0, 0), 0.7)),
        lambda: session.apply(HoldQuantity(f"{PART}/f", 1, 0.1, unit=0)),
        lambda: selector.set_hover(Spot(f"{PART}/f", 0, 1)),
        lambda: selector.set_hover(None),
        lambda: selector.select(unit=2),
        lambda: selector.select(path=f"{PART}/o"),
        session.clear_ghost,
        playhead.go_to_end,
        playhead.previous_step,
        playhead.previous_operation,
        session.undo,
        playhead.go_to_start,
    ]


@pytest.mark.parametrize("kind", PICTURES, ids=lambda kind: kind.info.id)
def test_what_was_not_painted_anew_looks_as_before(kind: type[Panel]) -> None:
    looked = look_at(kind, sample("not_happy"), (400, 300))
    QApplication.processEvents()
    paints, kept = Paints(looked.panel), 0
    before = looked.panel.grab().toImage()
    for number, wish in enumerate(wishes(looked)):
        paints.taken()
        wish()
        painted = paints.taken()
        now = looked.panel.grab().toImage()
        assert painted or now == before, number
        kept += not painted
        before = now
    assert kept < len(wishes(looked))
    looked.session.stop()
    shiboken6.delete(looked.panel)


@pytest.mark.parametrize(
    "kind", [k for k in PANELS if k.info.id in CHARTS], ids=lambda k: k.info.id
)
def test_charts_are_not_painted_for_the_operations_of_a_step(kind: type[Panel]) -> None:
    looked = look_at(kind, sample("not_happy"), (400, 300))
    looked.session.view.playhead.next_step()
    QApplication.processEvents()
    paints = Paints(looked.panel)
    looked.session.view.playhead.previous_operation()
    assert paints.taken() == 0
    looked.go_to("forward", 2)
    assert paints.taken() > 0
    looked.session.stop()
    shiboken6.delete(looked.panel)
