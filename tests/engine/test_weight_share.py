"""The share of each step in the gradient of one number is that of the whole weight's share."""

import numpy as np
import pytest

from rnnviz.document.evaluate import evaluate
from rnnviz.engine.errors import EngineError
from rnnviz.engine.weight_share import number_share
from tests.document import documents
from tests.panels.looking import sample


@pytest.mark.parametrize("name", ["not_happy", "pos_bilstm", "adding_10_gru"])
def test_it_is_the_column_of_the_whole(name: str) -> None:
    evaluation = evaluate(sample(name))
    assert evaluation is not None
    gradients = evaluation.gradients
    assert gradients is not None
    for path, weight in gradients.weights.items():
        index = tuple(n - 1 for n in weight.shape)
        whole = gradients.share(path)[(slice(None), *index)]
        assert np.allclose(number_share(gradients, path, index), whole, rtol=1e-9, atol=1e-15)


def test_it_adds_up_with_peepholes_and_refuses_the_rest() -> None:
    evaluation = evaluate(documents.chain_of_tags())
    assert evaluation is not None
    gradients = evaluation.gradients
    assert gradients is not None
    path = "layer0/forward/p_f"
    total = gradients.weights[path][1]
    assert number_share(gradients, path, (1,)).sum() == pytest.approx(total, rel=1e-9)
    with pytest.raises(EngineError, match="weight"):
        number_share(gradients, "head/A", (0, 0))
    with pytest.raises(EngineError, match="index"):
        number_share(gradients, path, (99,))
