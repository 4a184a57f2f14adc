"""See how recurrent neural networks compute, remember and learn.

A network that tags each of four tokens, every value and every gradient of it, the check of these
gradients, and some training:

>>> import rnnviz
>>> tagger = rnnviz.network("lstm", rnnviz.Tokens(4), hidden=6, head=rnnviz.Softmax(2))
>>> weights = rnnviz.initial_weights(tagger, seed=1)
>>> trace = rnnviz.forward(tagger, weights, inputs=[0, 1, 2, 3], targets=[0, 0, 1, 0])
>>> trace["layer0/forward/f"].shape  # the forget gate, [time, batch, unit]
(4, 1, 6)
>>> gradients = rnnviz.backward(trace)
>>> gradients["layer0/forward/f"].shape, gradients.weights["layer0/forward/U_f"].shape
((4, 1, 6), (6, 6))
>>> rnnviz.check(trace).passed
True
>>> samples = rnnviz.Samples([[0, 1, 2, 3], [3, 2, 1]], [[0, 0, 1, 0], [0, 1, 0]])
>>> *_, last = rnnviz.train(tagger, weights, samples, rnnviz.Recipe(epochs=50))
>>> last.accuracy
1.0

Everything here is frozen and every array is read-only. An argument that does not fit raises an
`EngineError`, which is a `ValueError`.
"""

from rnnviz._version import __version__
from rnnviz.engine.batching import Samples
from rnnviz.engine.cell import Cell, CellError, define
from rnnviz.engine.cells import CELLS, find_cell
from rnnviz.engine.check import CheckResult, Coverage, check_steps
from rnnviz.engine.check import check_gradients as check
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError
from rnnviz.engine.generation import generate, translate
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.heads import CRF, Regression, Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.initial_weights import Initialisation, initial_weights
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.notebook import forward, network
from rnnviz.engine.optimisers import SGD, Adam, Momentum, RMSProp
from rnnviz.engine.parsing import EquationError
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.snapshots import Snapshot
from rnnviz.engine.trace import Trace
from rnnviz.engine.training import train
from rnnviz.engine.weights import Weights

__all__ = [
    "CELLS",
    "CRF",
    "SGD",
    "Adam",
    "Cell",
    "CellError",
    "CheckResult",
    "Coverage",
    "EncoderDecoder",
    "EngineError",
    "EquationError",
    "Gradients",
    "Hold",
    "Initialisation",
    "Layer",
    "Momentum",
    "Network",
    "RMSProp",
    "Recipe",
    "Regression",
    "Samples",
    "ShapeError",
    "Snapshot",
    "Softmax",
    "Tokens",
    "Trace",
    "UnknownError",
    "Vectors",
    "Weights",
    "__version__",
    "backward",
    "check",
    "check_steps",
    "define",
    "find_cell",
    "forward",
    "generate",
    "initial_weights",
    "network",
    "train",
    "translate",
]
