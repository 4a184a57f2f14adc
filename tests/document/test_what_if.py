"""What would be if: held gates and one step downhill, without changing the document."""

import numpy as np
import pytest

from rnnviz.document.document import Clip
from rnnviz.document.edits import HoldQuantity
from rnnviz.document.evaluate import evaluate
from rnnviz.document.what_if import held_answers, largest_changes, one_update
from rnnviz.engine.errors import EngineError
from tests.document import documents

F = "layer0/forward/f"


def test_answers_with_a_gate_held_and_free() -> None:
    document = documents.small()
    plain = evaluate(document)
    assert plain is not None
    free, shut = held_answers(document, F, 1, (None, 0.0))
    assert (free == plain.trace.predictions[:, 0]).all()
    held = evaluate(HoldQuantity(F, 1, 0.0).apply(document))
    assert held is not None
    assert (shut == held.trace.predictions[:, 0]).all()
    assert document.holds == ()


def test_a_hold_of_that_gate_is_free_again_and_others_stay() -> None:
    document = HoldQuantity("layer0/forward/i", 0, 0.5).apply(documents.small())
    (free,) = held_answers(HoldQuantity(F, 1, 0.0, 2).apply(document), F, 1, (None,))
    plain = evaluate(document)
    assert plain is not None
    assert (free == plain.trace.predictions[:, 0]).all()


def test_where_there_is_nothing_to_answer_it_says_so() -> None:
    with pytest.raises(EngineError):
        held_answers(documents.states_only(), F, 1, (0.0,))
    with pytest.raises(EngineError):
        held_answers(documents.small(), "layer0/forward/nothing", 1, (0.0,))


@pytest.mark.parametrize("clip", [Clip(), Clip("norm", 0.05)])
def test_one_step_lowers_the_loss_and_says_what_was_clipped(clip: Clip) -> None:
    evaluation = evaluate(documents.small().changed(clip=clip))
    assert evaluation is not None
    assert evaluation.gradients is not None
    update = one_update(evaluation)
    assert update is not None
    assert update.before == evaluation.loss
    assert update.after < update.before
    assert (update.clipped is None) == (clip.kind == "none")
    after = evaluate(evaluation.document.changed(weights=update.weights))
    assert after is not None
    assert after.loss == pytest.approx(update.after, abs=0)
    changes = largest_changes(update, 5)
    sizes = [
        abs(float(update.weights[p][i] - evaluation.document.weights[p][i])) for p, i in changes
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == pytest.approx(np.abs(update.change).max())


def test_without_targets_there_is_no_step() -> None:
    evaluation = evaluate(documents.small().changed(targets=None))
    assert evaluation is not None
    assert one_update(evaluation) is None
