"""Files of every kind for the tests of the commands."""

from pathlib import Path

import numpy as np

from rnnviz.document.conversion import model_of
from rnnviz.document.document import Document
from rnnviz.document.interchange.safetensors_file import write_safetensors
from rnnviz.document.storage import save
from rnnviz.engine.cells import find_cell
from rnnviz.engine.heads import Softmax
from rnnviz.engine.initial_weights import initial_weights
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network

GOOD = "I am happy|I love this film|what a happy day|happy and glad|I love it"
BAD = "I am sad|I hate this film|what a sad day|sad and angry|I hate it"


def labelled(path: Path, times: int = 6) -> Path:
    rows = [
        f"{text}\t{label}"
        for texts, label in ((GOOD, "pos"), (BAD, "neg"))
        for text in texts.split("|")
    ]
    path.write_text("\n".join(rows * times) + "\n", "utf-8")
    return path


def foreign(path: Path, names: tuple[str, ...] = ("lstm",), hidden: int = 4) -> Path:
    """A file of PyTorch with LSTMs of three inputs, without a word on what they are for."""
    from safetensors.numpy import save_file

    rng = np.random.default_rng(3)
    shapes: dict[str, tuple[int, ...]] = {
        "weight_ih_l0": (4 * hidden, 3),
        "weight_hh_l0": (4 * hidden, hidden),
    }
    shapes |= {"bias_ih_l0": (4 * hidden,), "bias_hh_l0": (4 * hidden,)}
    tensors = {
        f"{name}.{part}": rng.normal(0, 0.3, shape).astype(np.float32)
        for name in names
        for part, shape in shapes.items()
    }
    save_file(tensors, path)
    return path


def vectors_document() -> Document:
    network = Network(Vectors(3), (Layer(find_cell("gru"), 4),), Softmax(2))
    return Document(network=network, weights=initial_weights(network, 1))


def written(document: Document, path: Path) -> Path:
    """The document, or its model where the name is one of safetensors."""
    if path.suffix == ".safetensors":
        write_safetensors(model_of(document), path)
    else:
        save(document, path)
    return path


def own_data(folder: Path) -> None:
    """A small file of each form."""
    labelled(folder / "reviews.tsv")
    tagged = "I\tPRON\nlove\tVERB\nfilms\tNOUN\n\nyou\tPRON\nhate\tVERB\nbooks\tNOUN\n\n"
    texts = {
        "words.conll": tagged * 8,
        "numbers.csv": "x,y\n" + "".join(f"{t % 5},{t % 3}\n" for t in range(96)),
        "names.txt": "Anna\nHanna\nNina\n" * 8,
        "phrases.tsv": "I am\tje suis\nyou are\ttu es\nhe is\til est\n" * 6,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
