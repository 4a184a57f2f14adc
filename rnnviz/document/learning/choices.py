"""What a person may choose of a network that is to learn from data of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from rnnviz.document import limits
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError, whole
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.optimisers import Adam, Cosine
from rnnviz.engine.recipes import Recipe

CLIP = 1.0


@final
@dataclass(frozen=True)
class Choices:
    """Sizes and settings; all counts are at least 1.

    Attributes
    ----------
    cell : str
        The name of one of `CELLS`.
    hidden, layers : int
        Units of a layer and direction; how many layers.
    embedding : int or None
        Units of the embedding of words; None feeds one-hot vectors.
    bidirectional : bool
        Whether each layer (of a translator: of its encoder) reads in both directions.
    attention : int or None
        Units of a translator's attention; None for none.
    crf : bool
        Whether a tagger chooses the best path of tags in place of each tag alone.
    words : int
        How many words the vocabulary has at most.
    window : int
        Steps of the pieces that long series are cut into.
    epochs, batch, seed, learning_rate
        Of the training.
    """

    cell: str = "lstm"
    hidden: int = 16
    layers: int = 1
    embedding: int | None = 16
    bidirectional: bool = False
    attention: int | None = None
    crf: bool = False
    words: int = 2_000
    window: int = 32
    epochs: int = 20
    batch: int = 16
    seed: int = 0
    learning_rate: float = 0.005

    def __post_init__(self) -> None:
        """Check what no other part checks."""
        find_cell(self.cell)
        whole("layers", self.layers, 1, limits.LAYERS + 1)
        whole("words", self.words, 4)
        whole("window", self.window, 2)
        if not 0 < self.learning_rate < float("inf"):
            raise EngineError(
                f"learning_rate: {self.learning_rate} came, expected a finite number above 0"
            )

    @property
    def direction(self) -> Direction:
        """How each layer reads."""
        return "both" if self.bidirectional else "forward"

    def stack(self, direction: Direction | None = None) -> tuple[Layer, ...]:
        """The layers, from the bottom up."""
        layer = Layer(find_cell(self.cell), self.hidden, direction or self.direction)
        return (layer,) * self.layers

    @property
    def recipe(self) -> Recipe:
        """How the network is trained; the learning rate falls along half a cosine."""
        return Recipe(
            Adam(self.learning_rate),
            Cosine(self.epochs),
            epochs=self.epochs,
            batch_size=self.batch,
            clip_norm=CLIP,
            seed=self.seed,
            dtype="float32",
        )
