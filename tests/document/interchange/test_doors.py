"""The bytes decide which reader takes a file; every writer is registered."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.doors import WRITERS, read_model
from rnnviz.document.interchange.model import Model
from rnnviz.document.interchange.pickles import PickleError
from rnnviz.document.interchange.safetensors_file import write_safetensors
from rnnviz.document.interchange.tables import write_npz
from rnnviz.engine.errors import EngineError, ShapeError
from rnnviz.engine.weights import Weights
from tests.document.interchange import samples
from tests.document.interchange.hostile import pickled, torch_archive

STORED = Path(__file__).parent / "keras_files"
SAMPLE = samples.classifier(samples.EVERY_CELL[2])


@pytest.mark.parametrize("name", ["m.safetensors", "m", "m.onnx", "m.bin", "m.h5"])
def test_safetensors_under_any_name(name: str, tmp_path: Path) -> None:
    write_safetensors(SAMPLE, tmp_path / name)
    samples.assert_same(read_model(tmp_path / name)[0].model(), SAMPLE)


@pytest.mark.parametrize("name", ["m.onnx", "m", "m.safetensors", "m.keras"])
def test_onnx_under_any_name(name: str, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    WRITERS["onnx"](SAMPLE, tmp_path / name)
    assert read_model(tmp_path / name)[0].model().network == SAMPLE.network


@pytest.mark.parametrize("name", ["classifier.keras", "classifier.h5"])
def test_keras_under_any_name(name: str, tmp_path: Path) -> None:
    pytest.importorskip("h5py")
    (tmp_path / "m.onnx").write_bytes((STORED / name).read_bytes())
    assert len(read_model(tmp_path / "m.onnx")[0].layers) == 2


@pytest.mark.parametrize("name", ["m.pt", "m.onnx", "m.h5", "m"])
@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
@pytest.mark.parametrize("wrap", [bytes, torch_archive])
def test_pickles_are_refused_at_every_door(
    name: str, protocol: int, wrap: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(wrap(pickled(tmp_path / "canary", protocol)))
    with pytest.raises(PickleError):
        read_model(tmp_path / name)
    assert not (tmp_path / "canary").exists()


@pytest.mark.parametrize("data", [b"", b"hello", b"\x00" * 40, b"PK\x03\x04", b"\x93NUMPY\x01\x00"])
def test_files_of_no_format(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(data)
    with pytest.raises(FileError):
        read_model(tmp_path / "m")


def test_an_archive_of_numpy_is_named(tmp_path: Path) -> None:
    write_npz(SAMPLE, tmp_path / "m.npz")
    with pytest.raises(FileError, match="archive of NumPy"):
        read_model(tmp_path / "m.npz")


@pytest.mark.parametrize("format_name", WRITERS)
def test_every_writer_writes(format_name: str, tmp_path: Path) -> None:
    if format_name == "onnx":
        pytest.importorskip("onnx")
    WRITERS[format_name](SAMPLE, tmp_path / "m.py")
    assert (tmp_path / "m.py").exists()


# ------------------------------------------------------------------------------------ models


def test_a_model_checks_its_parts() -> None:
    network, weights = SAMPLE.network, SAMPLE.weights
    with pytest.raises(EngineError, match="vocabulary: 2 words came, the network has 7"):
        Model(network, weights, ("a", "b"))
    with pytest.raises(EngineError, match="labels: 3 words"):
        Model(network, weights, labels=("a", "b", "c"))
    with pytest.raises(EngineError, match="another network"):
        Model(samples.tagger(samples.EVERY_CELL[0]).network, weights)
    forecast = samples.forecast(samples.EVERY_CELL[0])
    with pytest.raises(EngineError, match="no place for any"):
        Model(forecast.network, forecast.weights, ("a",))
    with pytest.raises(EngineError, match="the states are layer0/forward/h"):
        Model(network, weights, initial={"layer0/forward/x": np.zeros(4)})
    with pytest.raises(ShapeError):
        Model(network, weights, initial={"layer0/forward/h": np.zeros(3)})
    translator = samples.variants()["translator"]
    with pytest.raises(EngineError, match="makes its own states"):
        Model(
            translator.network, translator.weights, initial={"encoder/layer0/forward/h": np.ones(3)}
        )


def test_single_precision_stays_single(tmp_path: Path) -> None:
    single = Model(SAMPLE.network, SAMPLE.weights.astype(np.float32))
    write_safetensors(single, tmp_path / "m")
    found = read_model(tmp_path / "m")[0]
    assert found.model(dtype=np.float32).weights.vector.dtype == np.float32
    expected = Weights(SAMPLE.network.layout, single.weights.vector.astype(np.float64))
    assert np.array_equal(found.model().weights.vector, expected.vector)
