"""A document's network writes: what it reads first, how it chooses, and where it ends."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.document.document import Document
from rnnviz.document.evaluate import evaluate
from rnnviz.document.free_run import write
from rnnviz.document.resources import resource
from rnnviz.document.storage import load
from rnnviz.engine.errors import EngineError
from rnnviz.engine.generation import Sampling
from tests.document import documents


def sample(name: str) -> Document:
    return load(resource("samples", f"{name}.rnnviz"))


def test_a_name_begins_as_it_was_told_and_ends_at_the_full_stop() -> None:
    names = sample("names")
    for seed in range(20):
        written = write(names, "♀Ma", 20, Sampling(0.7, seed))
        assert written.given == ("♀", "M", "a")
        assert written.stopped == (len(written.tokens) < 20)
        assert "." not in written.tokens


def test_every_written_token_is_the_one_that_its_trace_found_best() -> None:
    names = sample("names")
    written = write(names, None, 20)
    assert written.given == ("♀",)
    assert names.vocabulary is not None
    best = [names.vocabulary[n] for n in written.trace.predictions[:, 0].argmax(axis=-1)]
    assert tuple(best) == (*written.tokens, ".")


def test_temperature_makes_it_bolder() -> None:
    names = sample("names")
    found = {
        heat: {write(names, "♀", 20, Sampling(heat, seed)).tokens for seed in range(30)}
        for heat in (0.0, 0.2, 1.0)
    }
    assert len(found[0.0]) == 1
    assert len(found[0.2]) < len(found[1.0])


def test_a_translation_is_the_one_that_the_document_shows_without_targets() -> None:
    document = sample("translation_attention")
    shown = evaluate(document.changed(targets=None))
    assert shown is not None
    written = write(document, None, 20)
    assert written.tokens == document.targets
    np.testing.assert_array_equal(written.trace.predictions, shown.trace.predictions)


def test_a_generator_begins_behind_its_mark() -> None:
    document = documents.document("generator")
    assert isinstance(document.sequence, tuple)
    written = write(document, None, 4, Sampling(1.0, 1))
    assert written.given == document.sequence[:1]
    assert 1 <= len(written.tokens) + written.stopped <= 4


@pytest.mark.parametrize(
    ("name", "beginning", "fault"),
    [
        ("weather", None, "its network reads no words"),
        ("sentiment_lstm", None, "it must answer every step"),
        ("pos_lstm", None, "it cannot read what it writes"),
        ("names", "", "no token came"),
        ("names", "♀7", "'7' came, which is none of the 29 known words"),
    ],
)
def test_what_cannot_write_says_why(name: str, beginning: str | None, fault: str) -> None:
    with pytest.raises(EngineError, match=fault):
        write(sample(name), beginning, 5)
