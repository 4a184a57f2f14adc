"""Every panel draws whatever can be selected, in every phase of the story."""

import gc
import weakref
from collections.abc import Callable

import pytest
import shiboken6

from rnnviz.document.document import Document
from rnnviz.document.edits import SetToken
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


@pytest.mark.parametrize("kind", PANELS, ids=lambda kind: kind.info.id)
def test_it_lets_go_of_numbers_that_are_shown_no_more(kind: type[Panel]) -> None:
    looked = look_at(kind, sample("not_happy"), (400, 300))
    playhead = looked.session.view.playhead
    traces = []
    for word in ("very", "really", "so", "never"):
        looked.session.apply(SetToken(2, word))
        for stage in (1, playhead.story.stages - 3):
            playhead.go_to(playhead.story.rest(stage))
            looked.panel.grab()
        trace = looked.session.frame.trace
        assert trace is not None
        traces.append(weakref.ref(trace))
        del trace
    looked.session.clear_ghost()
    looked.panel.grab()
    gc.collect()
    alive = [trace() is not None for trace in traces]
    looked.session.stop()
    shiboken6.delete(looked.panel)
    assert alive == [False, False, False, True]
