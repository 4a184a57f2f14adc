"""A wrong argument ends in an EngineError that names it, never in one of NumPy or of Python."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError
from rnnviz.engine.gradients import backward
from rnnviz.engine.heads import CRF, Regression, Softmax
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.itemised import loss_matrix
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from tests.engine.support import batch_of, random_weights, run, tagger

LSTM, GRU = find_cell("lstm"), find_cell("gru")
Wrong = tuple[str, Callable[[], Any], str]
"""What is wrong, a call, and a word that the message must have."""

ONE, TWO = Layer(LSTM, 3), Layer(GRU, 4)
READS_TOKENS = Network(Tokens(5), (ONE,), Softmax(3))
READS_VECTORS = Network(Vectors(2), (ONE,), Regression(2))
ANSWERS_ONCE = Network(Tokens(5), (ONE,), Softmax(3), "many-to-one")
ONE_NUMBER = Network(Vectors(2), (ONE,), Regression(1), "many-to-one")
PAIR = EncoderDecoder(Tokens(5), (ONE,), Tokens(6), (ONE,), 2)


def any_of(function: Callable[..., Any], name: str, values: list[Any], word: str) -> list[Wrong]:
    return [(f"{name} {value!r}", partial(function, value), word) for value in values]


NOT_A_SIZE: list[Any] = [0, -1, 2.0, 1.5, "3", None, True, np.nan, [3]]

PARTS: list[Wrong] = [
    *any_of(lambda v: Layer(LSTM, v), "hidden", NOT_A_SIZE, "hidden"),
    *any_of(lambda v: Layer(v, 3), "cell", ["lstm", None, 3], "cell"),
    *any_of(
        lambda v: Layer(LSTM, 3, v), "direction", ["sideways", "", None, 3, ["both"]], "direction"
    ),
    *any_of(
        lambda v: Layer(LSTM, 3, dropout=v), "dropout", [1.0, -0.1, np.nan, "0.5", None], "dropout"
    ),
    *any_of(lambda v: Layer(LSTM, 3, unshared=v), "unshared", [0, -2, 1.5, "3", True], "unshared"),
    *any_of(Tokens, "vocabulary", NOT_A_SIZE, "vocabulary"),
    *any_of(lambda v: Tokens(3, v), "embedding", [0, -1, 2.0, "3", True], "embedding"),
    *any_of(Vectors, "size", NOT_A_SIZE, "size"),
    *any_of(Softmax, "outputs", NOT_A_SIZE, "outputs"),
    *any_of(Regression, "outputs", NOT_A_SIZE, "outputs"),
    *any_of(CRF, "outputs", NOT_A_SIZE, "outputs"),
    *any_of(find_cell, "cell", ["LSTM", "", "lstm+", "+d", None, 3], "cell"),
]

NETWORKS: list[Wrong] = [
    *any_of(lambda v: Network(Tokens(3), v, None), "layers", [(), None, ONE, ("lstm",)], "layers"),
    *any_of(lambda v: Network(v, (ONE,), None), "input", [3, None, "tokens", Softmax(3)], "input"),
    *any_of(lambda v: Network(Tokens(3), (ONE,), v), "head", [3, "softmax", Tokens(3)], "head"),
    *any_of(
        lambda v: Network(Tokens(3), (ONE,), None, v), "form", ["many", "", None, 1, []], "form"
    ),
    ("a CRF that answers once", lambda: Network(Tokens(3), (ONE,), CRF(2), "many-to-one"), "CRF"),
    (
        "generation backward",
        lambda: Network(Tokens(3), (Layer(LSTM, 3, "both"),), Softmax(3), "one-to-many"),
        "backward",
    ),
    (
        "a residual connection between other sizes",
        lambda: Network(Tokens(3), (ONE, Layer(GRU, 4, residual=True)), None),
        "residual: layer1",
    ),
    ("no encoder", lambda: EncoderDecoder(Tokens(3), (), Tokens(3), (ONE,)), "encoder"),
    ("no decoder", lambda: EncoderDecoder(Tokens(3), (ONE,), Tokens(3), ()), "decoder"),
    (
        "a decoder that reads vectors",
        lambda: EncoderDecoder(Tokens(3), (ONE,), Vectors(3), (ONE,)),  # type: ignore[arg-type]
        "target",
    ),
    (
        "a decoder that reads backward",
        lambda: EncoderDecoder(Tokens(3), (ONE,), Tokens(3), (Layer(LSTM, 3, "backward"),)),
        "decoder",
    ),
    (
        "a decoder without shared weights",
        lambda: EncoderDecoder(Tokens(3), (ONE,), Tokens(3), (Layer(LSTM, 3, unshared=2),)),
        "unshared",
    ),
    (
        "a copy between other cells",
        lambda: EncoderDecoder(Tokens(3), (ONE,), Tokens(3), (TWO,), bridge="copy"),
        "bridge",
    ),
    *any_of(
        lambda v: EncoderDecoder(Tokens(3), (ONE,), Tokens(3), (ONE,), bridge=v),
        "bridge",
        ["", "magic", None],
        "bridge",
    ),
    *any_of(
        lambda v: EncoderDecoder(Tokens(3), (ONE,), Tokens(3), (ONE,), v),
        "attention",
        [0, -1, 1.5, "2", True],
        "attention",
    ),
    *any_of(
        lambda v: EncoderDecoder(Tokens(3), (ONE,), Tokens(3), (ONE,), start=v),
        "start",
        [3, -1, 0.5, None, "a"],
        "start",
    ),
    *any_of(
        lambda v: EncoderDecoder(Tokens(3), (ONE,), Tokens(3), (ONE,), stop=v),
        "stop",
        [3, -1, 0.5, None, "a"],
        "stop",
    ),
]

X = np.zeros((4, 2))
BATCHES: list[Wrong] = [
    *any_of(
        READS_TOKENS.batch,
        "tokens",
        [
            [],
            [[]],
            [[1], []],
            None,
            3,
            "abc",
            ["a", "b"],
            [1.0, 2.0],
            [True, False],
            [5],
            [-1],
            [[1, 2], [3, 9]],
            [1, [2, 3]],
            [[1, [2]]],
            [[[1, 2]]],
            {0: 1},
            {1, 2},
            object(),
            [None],
            [[None]],
            np.zeros((2, 2)),
            np.zeros((0,), int),
            np.zeros((2, 2, 2), int),
            [2**70],
        ],
        "inputs",
    ),
    *any_of(
        READS_VECTORS.batch,
        "vectors",
        [
            [],
            [[]],
            [[[]]],
            None,
            3.0,
            "abc",
            [[1.0]],
            [[1.0, 2.0, 3.0]],
            [[1.0, 2.0], [3.0]],
            [X, np.zeros((4, 3))],
            [X, np.zeros((0, 2))],
            [X, None],
            [["a", "b"]],
            np.zeros((2, 3, 4, 2)),
            X.astype(complex),
            X.astype(object),
            {0: X},
            object(),
        ],
        "inputs",
    ),
    *any_of(
        lambda v: READS_TOKENS.batch([0, 1, 2], v),
        "targets of each step",
        [
            [],
            [0],
            [0, 1, 2, 0],
            3,
            "abc",
            [0, 1, 3],
            [0, 1, -2],
            [0.0, 1.0, 2.0],
            [[0, 1, 2], [0, 1, 2]],
            [[0, 1], [2]],
            [0, [1], 2],
            [None, 1, 2],
            object(),
            {0: 1, 1: 1, 2: 1},
            [[[0, 1, 2]]],
        ],
        "targets",
    ),
    *any_of(
        lambda v: READS_TOKENS.batch([[0, 1], [2]], v),
        "targets of two rows",
        [[0, 1], [[0, 1]], [[0, 1], [0, 1]], [[0], [0, 1]], [[0, 1], 2], [[0, 1], []], 0],
        "targets",
    ),
    *any_of(
        lambda v: ANSWERS_ONCE.batch([[0, 1], [2]], v),
        "targets of rows",
        [0, [0], [0, 1, 2], [0, 3], [0, -2], [0.5, 1.0], ["a", "b"], [[0, 1], [2]], [[0], [1]], []],
        "targets",
    ),
    *any_of(
        lambda v: READS_VECTORS.batch([X], v),
        "numbers",
        [
            [],
            3.0,
            [np.zeros((4, 3))],
            [np.zeros((3, 2))],
            "abc",
            [["a", "b"]] * 4,
            [X, X],
            object(),
        ],
        "targets",
    ),
    *any_of(
        lambda v: ONE_NUMBER.batch([X, X], v),
        "numbers of rows",
        [[], 3.0, [1.0], [1.0, 2.0, 3.0], [[1.0, 2.0], [1.0, 2.0]], "ab", [None, "a"], object()],
        "targets",
    ),
    (
        "targets without a head",
        lambda: Network(Tokens(3), (ONE,), None).batch([0], [0]),
        "targets",
    ),
    (
        "two steps one-to-one",
        lambda: Network(Tokens(3), (ONE,), Softmax(2), "one-to-one").batch([0, 1]),
        "one-to-one",
    ),
    *any_of(
        lambda v: READS_TOKENS.batch([0, 1], initial={"layer0/forward/h": v}),
        "an initial state",
        [np.zeros(4), np.zeros((2, 3)), 0.0, "abc", None, [[1.0], [1.0, 2.0]], np.zeros((1, 1, 3))],
        "layer0/forward/h",
    ),
    *any_of(
        lambda v: READS_TOKENS.batch([0, 1], initial={v: np.zeros(3)}),
        "the path of an initial state",
        ["layer0/forward/f", "layer0/backward/h", "layer1/forward/h", "h", "", 3],
        "initial",
    ),
    *any_of(
        lambda v: READS_TOKENS.batch([0, 1], initial=v), "initial", [3, [1, 2], "abc"], "initial"
    ),
    *any_of(
        lambda v: READS_VECTORS.batch([X], dtype=v), "dtype", [int, "text", complex, 3], "dtype"
    ),
    *any_of(PAIR.batch, "a source", [[], None, [9], ["a"], [[0], []]], "inputs"),
    *any_of(
        lambda v: PAIR.batch([[0, 1], [2]], v),
        "answers",
        [[[2], []], [[2]], [[2], [9]], 3, "ab", [[2.0], [1.0]], [], [[2], None]],
        "targets",
    ),
]

WEIGHTS = random_weights(READS_TOKENS)
TOKENS = READS_TOKENS.batch([[0, 1, 2], [3, 4]], [[0, 1, 2], [0, 1]])


def remade(**changes: Any) -> Batch:
    fields = {name: getattr(TOKENS, name) for name in ("inputs", "lengths", "targets", "initial")}
    return Batch(**{**fields, **changes})


FORWARD: list[Wrong] = [
    *any_of(
        lambda v: READS_TOKENS.forward(WEIGHTS, v), "batch", [None, [0, 1], 3, np.zeros(3)], "batch"
    ),
    *any_of(
        lambda v: READS_TOKENS.forward(WEIGHTS, TOKENS, rng=v), "rng", [3, "seed", np.random], "rng"
    ),
    ("vectors", lambda: READS_TOKENS.forward(WEIGHTS, READS_VECTORS.batch([X])), "inputs"),
    (
        "tokens",
        lambda: READS_VECTORS.forward(random_weights(READS_VECTORS), TOKENS),
        "inputs",
    ),
    (
        "tokens of a larger vocabulary",
        lambda: READS_TOKENS.forward(WEIGHTS, Network(Tokens(9), (ONE,)).batch([8])),
        "inputs",
    ),
    (
        "wider vectors",
        lambda: READS_VECTORS.forward(
            random_weights(READS_VECTORS), Network(Vectors(3), (ONE,)).batch([np.zeros((4, 3))])
        ),
        "inputs",
    ),
    *any_of(
        lambda v: READS_TOKENS.forward(WEIGHTS, remade(lengths=v)),
        "lengths",
        [np.array([3]), np.array([3, 4]), np.array([0, 3]), np.array([3.0, 2.0]), [3, 2], 3],
        "lengths",
    ),
    *any_of(
        lambda v: READS_TOKENS.forward(WEIGHTS, remade(initial={"layer0/forward/h": v})),
        "an initial state",
        [np.zeros((3, 3)), np.zeros((2, 4)), np.zeros(3)],
        "layer0/forward/h",
    ),
    *any_of(
        lambda v: READS_TOKENS.forward(WEIGHTS, remade(targets=v)).loss(),
        "targets",
        [np.zeros((3, 1), int), np.zeros((2, 2), int), np.full((3, 2), 3), np.zeros((3, 2, 3))],
        "targets",
    ),
    ("no source", lambda: PAIR.forward(random_weights(PAIR), TOKENS), "source"),
    (
        "a batch of both parts",
        lambda: READS_TOKENS.forward(WEIGHTS, PAIR.batch([[0, 1]], [[2, 3]])),
        "source",
    ),
]

TRACE = READS_TOKENS.forward(WEIGHTS, TOKENS)
SINGLE = READS_TOKENS.forward(WEIGHTS, READS_TOKENS.batch([0, 1, 2], [0, 1, 2]))
SILENT = READS_TOKENS.forward(WEIGHTS, READS_TOKENS.batch([0, 1]))
HEADLESS = run(Network(Vectors(2), (ONE,), None), (3,))
ONCE = run(ANSWERS_ONCE, (3, 2))
TALK = PAIR.forward(random_weights(PAIR), PAIR.batch([[0, 1]], [[2, 3]]))
GRADIENTS = backward(TRACE)

STEPS: list[Any] = [
    "first",
    "",
    3,
    1.5,
    (9,),
    (2,),
    (-4,),
    (1.5,),
    ("last",),
    (None,),
    object(),
    (True,),
    ((0, 1),),
]
NO_PATHS: list[Any] = [
    "",
    "/",
    "layer0",
    "layer0/",
    "layer0/q",
    "layer0/forward",
    "layer0/forward/",
    "layer0/forward/q",
    "layer0/backward/h",
    "layer1/x",
    "head",
    "head/V",
    "head/q",
    "f",
    3,
    None,
    "layer0/forward/f +",
    "layer0/forward/f(h)",
    "layer0/forward/'f'",
    "layer0/forward/slope:f",
    "layer0/forward/:sums",
]

READING: list[Wrong] = [
    *any_of(TRACE.__getitem__, "path", [*NO_PATHS, "attention/weights"], ""),
    *any_of(
        TRACE.__getitem__,
        "expression",
        [
            f"layer0/forward/{e}"
            for e in ("W_f", "W_f + b_f", "W_f @ h", "U_f @ x", "x + h", "q * h")
        ],
        "",
    ),
    *any_of(GRADIENTS.__getitem__, "path", [*NO_PATHS, "layer0/forward/f * c_prev"], ""),
    *any_of(TRACE.final, "state", ["h", "layer0/forward/f", "layer0/backward/h", "", 3], "state"),
    *any_of(
        GRADIENTS.initial, "state", ["h", "layer0/forward/f", "layer0/backward/h", "", 3], "state"
    ),
    *any_of(
        GRADIENTS.share, "weight", ["W_f", "layer0/forward/f", "layer0/q/W_f", "", 3], "weight"
    ),
    *any_of(
        backward(TALK).share, "weight", ["attention/v", "bridge/layer0/h/B", "head/q"], "weight"
    ),
    *any_of(
        backward(HEADLESS, d_read=np.ones((3, 1, 3))).share,
        "weight",
        ["head/V", "head/d"],
        "weight",
    ),
    *any_of(lambda v: GRADIENTS.norms("layer0/x", v), "row", [2, -1, 0.5, "0"], "row"),
    *any_of(GRADIENTS.clip_norm, "limit", [-1.0, np.nan, np.inf, "1"], "limit"),
    *any_of(GRADIENTS.clip_value, "limit", [-1.0, np.nan, np.inf, "1"], "limit"),
    *any_of(TRACE.loss, "steps", STEPS, "steps"),
    *any_of(TRACE.losses, "steps", STEPS, "steps"),
    *any_of(ONCE.loss, "steps", [(1,), (-2,), "first"], "steps"),
    ("a loss without targets", SILENT.loss, "targets"),
    ("a loss without a head", HEADLESS.loss, "head"),
    ("predictions without a head", lambda: HEADLESS.predictions, "head"),
    ("answers without a head", lambda: HEADLESS.decoded, "head"),
]

BACKWARD: list[Wrong] = [
    *any_of(lambda v: backward(TRACE, v), "steps", STEPS, "steps"),
    *any_of(backward, "trace", [None, 3, WEIGHTS], "trace"),
    ("no targets", lambda: backward(SILENT), "targets"),
    ("no head", lambda: backward(HEADLESS), "head"),
    *any_of(
        lambda v: backward(TRACE, d_read=v),
        "d_read",
        [np.zeros((3, 2, 4)), np.zeros((3, 3)), 0.0, "abc", [[1.0], [1.0, 2.0]], [["a"]]],
        "d_read",
    ),
    *any_of(
        lambda v: backward(TRACE, d_final={"layer0/forward/h": v}),
        "d_final",
        [np.zeros((2, 4)), np.zeros(3), 0.0, "abc", None, [[1.0], [1.0, 2.0]]],
        "d_final",
    ),
    *any_of(
        lambda v: backward(TRACE, d_final={v: np.zeros((2, 3))}),
        "the path of d_final",
        ["h", "layer0/forward/f", "layer0/backward/h", "", 3],
        "state",
    ),
    *any_of(lambda v: backward(TRACE, d_final=v), "d_final", [3, "abc", [1]], "d_final"),
    *any_of(lambda v: backward(SINGLE, truncate=v), "truncate", [0, -1, 1.5, "2"], "truncate"),
    ("truncation of several rows", lambda: backward(TRACE, truncate=1), "rows"),
    ("truncation of both parts", lambda: backward(TALK, truncate=1), "truncate"),
    *any_of(lambda v: loss_matrix(SINGLE, v), "path", NO_PATHS, ""),
    *any_of(
        lambda v: loss_matrix(SINGLE, "layer0/x", v),
        "steps",
        [steps for steps in STEPS if steps != (2,)],
        "steps",
    ),
    ("a matrix of several rows", lambda: loss_matrix(TRACE, "layer0/x"), "rows"),
    ("a matrix without a loss", lambda: loss_matrix(SILENT, "layer0/x"), "targets"),
    ("a matrix without a head", lambda: loss_matrix(HEADLESS, "layer0/x"), "head"),
]


def everything() -> Iterator[Any]:
    for group, wrongs in (
        ("parts", PARTS),
        ("networks", NETWORKS),
        ("batches", BATCHES),
        ("forward", FORWARD),
        ("reading", READING),
        ("backward", BACKWARD),
    ):
        for name, call, word in wrongs:
            label = name if len(name) < 70 else name[:70]
            yield pytest.param(call, word, id=f"{group}: {label}")


@pytest.mark.parametrize(("call", "word"), list(everything()))
def test_a_wrong_argument(
    call: Callable[[], Any], word: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(EngineError) as raised:
        call()
    message = str(raised.value)
    assert word in message
    assert len(message) > 10
    assert capfd.readouterr() == ("", "")


def test_the_errors_are_values() -> None:
    for kind in (EngineError, ShapeError, UnknownError):
        assert issubclass(kind, ValueError)
    assert (
        str(UnknownError("cell", "x", ("a", "b"))) == "cell: 'x' is not known; choose one of: a, b"
    )
    assert str(ShapeError("x", (2,), "(3,)")) == "x: the shape is (2,), expected (3,)"


def test_what_is_right_at_the_edge() -> None:
    """The neighbours of the wrong ones."""
    assert Layer(LSTM, np.int64(3)).hidden == 3  # type: ignore[arg-type]
    assert READS_TOKENS.batch(np.array([[0, 1], [2, 3]])).rows == 2
    assert READS_TOKENS.batch(((0, 1), (2,))).rows == 2
    assert READS_TOKENS.batch([0, 4], [-1, 2]).steps == 2
    assert READS_VECTORS.batch(X).rows == 1
    assert READS_VECTORS.batch(np.zeros((3, 4, 2))).rows == 3
    assert READS_VECTORS.batch([[1, 2], [3, 4]]).steps == 2
    assert ONE_NUMBER.batch([X], [1.0]).targets.shape == (1, 1, 1)
    assert ANSWERS_ONCE.batch([[0, 1], [2]], np.array([0, 1])).targets.tolist() == [[0, 1]]
    assert ANSWERS_ONCE.batch([0, 1], 2).targets.tolist() == [[2]]
    assert isinstance(TRACE.loss([0, -1]), float)  # type: ignore[arg-type]
    assert isinstance(TRACE.loss((np.int64(1),)), float)  # type: ignore[arg-type]
    assert tagger(LSTM).batch([X]).targets is None
    assert batch_of(READS_TOKENS, (2,)).rows == 1
