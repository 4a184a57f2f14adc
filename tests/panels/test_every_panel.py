"""Every panel draws whatever can be selected, in every phase of the story."""

from collections.abc import Callable

import pytest
import shiboken6

from rnnviz.document.document import Document
from rnnviz.panels import PANELS
from rnnviz.panels.panel import Panel
from tests.document import documents
from tests.panels.looking import look_at, sample

DOCUMENTS: dict[str, Callable[[], Document]] = {
    "not happy": lambda: sample("not_happy"),
    "both ways": lambda: sample("pos_bilstm"),
    "translator": documents.translator,
}
PATHS = ("head/outputs", "head/predictions", "layer0/x", "layer0/output", "context", "nothing")


@pytest.mark.parametrize("kind", PANELS, ids=lambda kind: kind.info.id)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_draws_whatever_is_selected(kind: type[Panel], name: str) -> None:
    looked = look_at(kind, DOCUMENTS[name](), (400, 300))
    story = looked.session.view.playhead.story
    seen = set()
    for path in PATHS:
        looked.session.view.selector.select(path=path)
        for stage in (0, story.stages // 2, story.stages - 1):
            looked.session.view.playhead.go_to(story.rest(stage))
            image = looked.panel.grab().toImage()
            wide, high = image.width(), image.height()
            seen |= {image.pixel(x, y) for x in range(0, wide, 7) for y in range(0, high, 7)}
    assert len(seen) > 2
    looked.session.stop()
    shiboken6.delete(looked.panel)
