"""Reads recurrent models from Keras's files without Keras: `.keras`, `.h5` and `.weights.h5`."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.extras import needed
from rnnviz.document.interchange.files import (
    DATA_LIMIT,
    HEADER_LIMIT,
    FilePath,
    faults_named,
    read_bytes,
)
from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.hdf5 import SIGNATURE, Datasets
from rnnviz.document.interchange.keras_chains import chained
from rnnviz.document.interchange.keras_config import Spec, specs
from rnnviz.document.interchange.keras_places import Place, guessed, places_of
from rnnviz.document.interchange.pickles import refuse_pickles
from rnnviz.document.interchange.zips import is_zip, open_zip, read_member

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_GUESS = "The file holds no configuration: the usual activations (tanh, sigmoid) are assumed."


def read_keras(path: FilePath) -> list[Found]:
    """The recurrent models in a file of Keras; see `Found.model` for what can be chosen.

    `SimpleRNN`, `LSTM`, `GRU` (`reset_after` both ways) and `Bidirectional`, with the `Embedding`
    before and the `Dense` layer behind them. Nothing of the configuration is executed.

    Raises
    ------
    FileError
        The file is damaged, too large, or holds nothing that can be read; it says what. The `h5py`
        package is missing.
    """
    data = read_bytes(path)
    refuse_pickles(path, data)
    needed(path, "h5py", "keras")
    fault = "it is no file of Keras, or it is damaged"
    with faults_named(path, fault), np.errstate(all="ignore"):
        text: str | bytes | None = None
        if is_zip(data):
            archive = open_zip(path, data)
            text = read_member(path, archive, _CONFIG, HEADER_LIMIT)
            data = read_member(path, archive, _WEIGHTS, DATA_LIMIT)
        if not data.startswith(SIGNATURE):
            raise FileError(path, "it is no HDF5 file")
        with closing(Datasets(path, data)) as datasets:
            if text is None:
                text = datasets.text("", "model_config")
            return _found(path, datasets, text)


def _found(path: FilePath, datasets: Datasets, text: str | bytes | None) -> list[Found]:
    notes: tuple[str, ...] = ()
    listed: list[tuple[Spec, Place]]
    if text is None:
        listed, notes = guessed(datasets), (_GUESS,)
    else:
        listed = places_of(datasets, specs(text))
    found, faults = chained(datasets, listed, linked=text is not None)
    if not found:
        kinds = ", ".join(dict.fromkeys(spec.kind for spec, _ in listed)) or "none"
        nothing = f"no SimpleRNN, LSTM or GRU was found in it; its layers are {kinds}"
        raise FileError(path, "; ".join(faults) or nothing)
    return [chain.found((*notes, *faults)) for chain in found]
