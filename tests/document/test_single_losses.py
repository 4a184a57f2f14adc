"""The losses one by one add up to the whole, and each step has the name of what is read there."""

import gc
import weakref
from collections.abc import Callable

import numpy as np
import pytest

from rnnviz.document.document import Document
from rnnviz.document.evaluate import Evaluation, evaluate
from rnnviz.document.resources import resource
from rnnviz.document.single_losses import (
    counts,
    known_loss,
    loss_count,
    loss_matrix,
    one_loss,
    shares_left,
    state_norms,
)
from rnnviz.document.step_words import step_words
from rnnviz.document.storage import load
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.story import backward_story, forward_story
from tests.document import documents

KINDS = [documents.tagger, documents.chain_of_tags, documents.translator, documents.own_cell]
kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def evaluated(document: Document) -> tuple[Evaluation, Gradients]:
    evaluation = evaluate(document)
    assert evaluation is not None
    assert evaluation.gradients is not None
    return evaluation, evaluation.gradients


@kinds
def test_they_add_up_to_the_whole(kind: Callable[[], Document]) -> None:
    evaluation, whole = evaluated(kind())
    for path in evaluation.trace.network.state_paths:
        single = [one_loss(evaluation, k) for k in range(loss_count(evaluation))]
        total = sum(part[path] for part in single if part is not None)
        np.testing.assert_allclose(total, whole[path], rtol=1e-10, atol=1e-14)


@kinds
def test_the_matrix_has_the_norms_of_each(kind: Callable[[], Document]) -> None:
    evaluation, _ = evaluated(kind())
    for path in evaluation.trace.network.state_paths:
        matrix = loss_matrix(evaluation, path)
        assert len(matrix) == loss_count(evaluation)
        for k, row in enumerate(matrix):
            single = one_loss(evaluation, k)
            assert single is not None
            np.testing.assert_allclose(row, single.norms(path), rtol=1e-10, atol=1e-14)
            assert counts(evaluation, k) or not row.any()


def test_of_two_directions_it_is_the_norm_of_both_together() -> None:
    evaluation, _ = evaluated(documents.tagger())
    paths = "layer1/forward/h", "layer1/backward/h"
    one, other = (loss_matrix(evaluation, path) for path in paths)
    np.testing.assert_allclose(loss_matrix(evaluation, *paths), np.hypot(one, other))


def test_the_last_one_is_kept_and_no_other() -> None:
    evaluation, _ = evaluated(documents.tagger())
    assert known_loss(evaluation, 0) is None
    first = one_loss(evaluation, 0)
    assert known_loss(evaluation, 0) is first
    assert one_loss(evaluation, 0) is first
    one_loss(evaluation, 2)
    assert known_loss(evaluation, 0) is None


def test_without_targets_there_is_none() -> None:
    evaluation = evaluate(documents.free_translator())
    assert evaluation is not None
    assert loss_count(evaluation) == 0
    assert one_loss(evaluation, 0) is None


def test_what_is_left_is_a_share_of_where_it_set_out() -> None:
    norms = np.array([0.5, 1.0, 4.0, 0.0])
    np.testing.assert_array_equal(shares_left(norms), [0.125, 0.25, 1.0, 0.0])
    np.testing.assert_array_equal(shares_left(norms, reads_backward=True), [1.0, 2.0, 8.0, 0.0])
    assert np.isnan(shares_left(np.zeros(3))).all()


def test_norms_of_every_state() -> None:
    evaluation, gradients = evaluated(documents.tagger())
    norms = state_norms(gradients)
    assert tuple(norms) == evaluation.trace.network.state_paths
    np.testing.assert_array_equal(
        norms["layer1/backward/h"], np.linalg.norm(gradients["layer1/backward/h"][:, 0], axis=1)
    )


def test_steps_are_called_by_what_is_read() -> None:
    evaluation, _ = evaluated(documents.translator())
    assert step_words(evaluation, "encoder/layer0/forward") == evaluation.document.sequence
    written = step_words(evaluation, "decoder/layer0/forward")
    assert written[1:] == ("je", "suis", "<unk>")
    assert step_words(evaluated(documents.forecast())[0], "layer0/forward") == ("1", "2", "3")


@pytest.mark.parametrize("name", ["not_happy", "pos_bilstm"])
def test_what_is_kept_of_a_computation_goes_with_it(name: str) -> None:
    evaluation = evaluate(load(resource("samples", f"{name}.rnnviz")))
    assert evaluation is not None
    assert evaluation.gradients is not None
    forward_story(evaluation.trace, "layer0/forward", 1)
    backward_story(evaluation.gradients, "layer0/forward", 1)
    one_loss(evaluation, 1)
    kept = weakref.ref(evaluation.trace), weakref.ref(evaluation.gradients)
    del evaluation
    gc.collect()
    assert [one() for one in kept] == [None, None]
