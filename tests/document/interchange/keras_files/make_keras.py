"""Makes the stored files of Keras (3.15 was used): `KERAS_BACKEND=torch python make_keras.py`.

One model with each recurrent layer in it, saved in both formats, and what it computes.
"""

import importlib
from pathlib import Path
from typing import Any

import numpy as np

keras: Any = importlib.import_module("keras")
layers = keras.layers

FOLDER = Path(__file__).parent
WORDS, STEPS, ROWS = 7, 6, 3


def model(name: str) -> Any:
    """A small model; every weight is random, so that no gate is like another."""
    inputs = keras.Input((None,), dtype="int64")
    x = layers.Embedding(WORDS, 3)(inputs)
    if name == "classifier":
        x = layers.Bidirectional(layers.LSTM(2, return_sequences=True))(x)
        x = layers.Dropout(0.5)(x)
        x = layers.GRU(3)(x)
        x = layers.Dense(2, activation="softmax")(x)
    else:
        x = layers.SimpleRNN(3, return_sequences=True)(x)
        x = layers.Bidirectional(layers.GRU(2, return_sequences=True, reset_after=False))(x)
        x = layers.TimeDistributed(layers.Dense(2))(x)
    made = keras.Model(inputs, x)
    rng = np.random.default_rng(8)
    made.set_weights([rng.normal(0, 0.6, w.shape) for w in made.get_weights()])
    return made


def main() -> None:
    """Write the files."""
    x = np.random.default_rng(9).integers(0, WORDS, (ROWS, STEPS))
    stored: dict[str, Any] = {"x": x}
    for name in ("classifier", "tagger"):
        made = model(name)
        made.save(FOLDER / f"{name}.keras")
        made.save(FOLDER / f"{name}.h5")
        stored[name] = keras.ops.convert_to_numpy(made(x))
    np.savez(FOLDER / "outputs.npz", **stored)


if __name__ == "__main__":
    main()
