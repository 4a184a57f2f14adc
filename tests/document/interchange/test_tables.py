"""npz and csv: every number comes back, and no cell of a table is a formula."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.model import Model
from rnnviz.document.interchange.tables import write_csv, write_npz
from tests.document.interchange import samples

MODELS = samples.variants() | {cell.name: samples.classifier(cell) for cell in samples.EVERY_CELL}


@pytest.mark.parametrize("name", MODELS)
def test_npz_holds_every_weight_under_its_path(name: str, tmp_path: Path) -> None:
    model = MODELS[name]
    write_npz(model, tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz", allow_pickle=False) as archive:
        assert set(archive.files) == set(model.weights)
        for path, array in model.weights.items():
            assert np.array_equal(archive[path], array)
            assert archive[path].dtype == array.dtype


def with_states() -> Model:
    model = samples.classifier(samples.EVERY_CELL[2])
    return Model(model.network, model.weights, initial={"layer0/forward/c": np.arange(4.0)})


def test_initial_states_are_there_too(tmp_path: Path) -> None:
    write_npz(with_states(), tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz", allow_pickle=False) as archive:
        assert archive["initial/layer0/forward/c"].tolist() == [0, 1, 2, 3]
    write_csv(with_states(), tmp_path / "m.csv")
    assert '"initial/layer0/forward/c",,3,,3.0' in (tmp_path / "m.csv").read_text()


def table(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text("utf-8"), newline="")))


def filled(model: Model, rows: list[list[str]]) -> dict[str, Any]:
    """The weights again, from the long table."""
    found = {path: np.full(array.shape, np.nan) for path, array in model.weights.items()}
    for path, step, row, column, value in rows:
        place = tuple(int(n) for n in (step, row, column) if n)
        found[path][place] = float(value)
    return found


@pytest.mark.parametrize("name", MODELS)
def test_the_long_table_holds_every_number(name: str, tmp_path: Path) -> None:
    model = MODELS[name]
    write_csv(model, tmp_path / "m.csv")
    head, *rows = table(tmp_path / "m.csv")
    assert head == ["path", "step", "row", "column", "value"]
    assert len(rows) == model.weights.vector.size
    for path, array in filled(model, rows).items():
        assert np.array_equal(array, model.weights[path])


def test_steps_of_unshared_weights_have_their_column(tmp_path: Path) -> None:
    write_csv(MODELS["unshared"], tmp_path / "m.csv")
    steps = {(row[0].split("/")[0], row[1]) for row in table(tmp_path / "m.csv")[1:]}
    assert steps == {("layer0", "0"), ("layer0", "1"), ("layer0", "2"), ("head", "")}


@pytest.mark.parametrize("name", MODELS)
def test_a_folder_with_one_file_for_each_weight(name: str, tmp_path: Path) -> None:
    model = MODELS[name]
    write_csv(model, tmp_path / "folder")
    files = {file.name for file in (tmp_path / "folder").iterdir()}
    assert files == {f"{path.replace('/', '.')}.csv" for path in model.weights}
    for path, array in model.weights.items():
        rows = table(tmp_path / "folder" / f"{path.replace('/', '.')}.csv")
        numbers = np.array(rows, dtype=float)
        assert np.array_equal(numbers.reshape(array.shape), array)
        assert numbers.shape[-1] == array.shape[-1]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("mine")
    with pytest.raises(FileError, match="holds other files"):
        write_csv(MODELS["rnn"], tmp_path / "folder")
    assert [file.name for file in (tmp_path / "folder").iterdir()] == ["mine.txt"]
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FileError):
        write_csv(MODELS["rnn"], tmp_path / "file")


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """The words of the vocabulary, `=cmd` among them, stay out of it; numbers are numbers."""
    write_csv(MODELS["lstm"], tmp_path / "m.csv")
    for row in table(tmp_path / "m.csv")[1:]:
        assert row[0][0].isalpha()
        assert all(cell == "" or np.isfinite(float(cell)) for cell in row[1:])
    assert "cmd" not in (tmp_path / "m.csv").read_text()


def test_single_precision_is_written_short(tmp_path: Path) -> None:
    model = MODELS["rnn"]
    single = Model(model.network, model.weights.astype(np.float32))
    write_csv(single, tmp_path / "m.csv")
    _, *rows = table(tmp_path / "m.csv")
    for path, array in filled(single, rows).items():
        assert np.array_equal(array.astype(np.float32), single.weights[path])
    assert max(len(row[4]) for row in rows) < 16
