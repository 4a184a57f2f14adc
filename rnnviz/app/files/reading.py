"""Reading whatever file a person chose: a document, somebody's model, or data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, final

from rnnviz.app.texts import tr
from rnnviz.document.conversion import document_of
from rnnviz.document.document import Document
from rnnviz.document.errors import FileError
from rnnviz.document.interchange.found import Found
from rnnviz.document.learning import Choices, lesson, of_file, with_rights
from rnnviz.document.resources import resource
from rnnviz.document.storage import SUFFIX, load
from rnnviz.engine.errors import EngineError
from rnnviz.engine.initial_weights import initial_weights

MODELS = (".safetensors", ".onnx", ".keras", ".h5", ".hdf5")
DATA = (".csv", ".tsv", ".txt", ".conll", ".conllu")


@final
@dataclass(frozen=True, eq=False)
class Opened:
    """A document that was read, and the file that it belongs to, if it has one."""

    document: Document
    home: Path | None


@final
@dataclass(frozen=True, eq=False)
class Models:
    """What was found in somebody's file; one of them is to be chosen."""

    path: Path
    found: tuple[Found, ...]


Answer: TypeAlias = Opened | Models | EngineError


def kind_of(path: Path) -> str:
    """Whether a file is a "document", "data" or a "model", by its name."""
    ending = path.suffix.lower()
    if ending == SUFFIX:
        return "document"
    return "data" if ending in DATA else "model"


def read_file(path: Path) -> Answer:
    """What is in a file; an error is given back, so that it can come home from another thread.

    Nothing of the file is ever run. It touches nothing that is open.
    """
    try:
        return _read(path)
    except EngineError as error:
        return error.with_traceback(None)
    except MemoryError:
        return FileError(path, "it needs more memory than there is")


def read_sample(path: Path) -> Answer:
    """A document as a pattern: it belongs to no file, so that saving it asks for a name."""
    answer = read_file(path)
    return Opened(answer.document, None) if isinstance(answer, Opened) else answer


def _read(path: Path) -> Opened | Models:
    match kind_of(path):
        case "document":
            return Opened(load(path), None if is_sample(path) else path)
        case "data":
            return Opened(document_of_data(path), None)
    from rnnviz.document.interchange.doors import read_model

    return Models(path, tuple(read_model(path)))


def is_sample(path: Path) -> bool:
    """Whether a file comes with rnnviz: saving must not change it for everyone."""
    try:
        return path.resolve() == resource("samples", path.name).resolve()
    except EngineError:
        return False


def document_of_data(path: Path) -> Document:
    """An untrained network that fits the examples in a file of data, looking at one of them.

    Raises
    ------
    EngineError
        The file breaks its form; it has too few examples.
    """
    source = of_file(path)
    sample = lesson(source, Choices())
    task = sample.make()
    weights = initial_weights(task.network, task.recipe.seed, task.scheme)
    document = Document(
        network=task.network,
        weights=weights,
        recipe=task.recipe,
        seed=task.recipe.seed,
        scheme=task.scheme,
        title=sample.title,
        notes=tr("A network that has learned nothing yet, for the examples in {file}.").format(
            file=source.origin
        ),
        **task.parts,
    )
    return with_rights(document, source)


def document_of_model(
    found: Found,
    path: Path,
    *,
    vocabulary: tuple[str, ...] | None = None,
    labels: tuple[str, ...] | None = None,
    relu: bool = False,
) -> Document:
    """A document of somebody's model.

    Raises
    ------
    EngineError
        The words do not fit; the model is larger than a document may be.
    """
    model = found.model(relu=relu)
    document = document_of(model, vocabulary, labels, model.title or path.stem)
    return document.changed(source=path.name)
