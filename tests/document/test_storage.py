"""Documents as files: round trips, equal bytes, previews, older and later formats."""

import io
import json
import stat
import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rnnviz.document import storage
from rnnviz.document.document import Clip, Document
from rnnviz.document.edits import SetHidden, SetLayers, SetTask
from rnnviz.document.errors import FileError
from rnnviz.document.history import MEASURES, History, Moment, Score
from rnnviz.document.same import same
from rnnviz.document.storage import migrations, schema, training
from rnnviz.document.storage.archive import DOCUMENT, HISTORY, SEQUENCE, WEIGHTS
from rnnviz.document.storage.members import write_members
from rnnviz.engine.initial_weights import Initialisation
from rnnviz.engine.optimisers import OPTIMISERS, SCHEDULES, SGD, Constant, WarmUp
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.weights import Weights
from tests.document.documents import KINDS, OWN, document
from tests.document.packing import members_of, tensor_file, zipped

FILES = Path(__file__).parent / "files"
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_a_document_comes_back_from_a_file(kind: str, tmp_path: Path) -> None:
    before = document(kind)
    storage.save(before, tmp_path / "a.rnnviz")
    after = storage.load(tmp_path / "a.rnnviz")
    assert after == before
    assert after.weights.vector.tobytes() == before.weights.vector.tobytes()
    assert after.weights.vector.dtype == before.weights.vector.dtype
    assert not after.weights.vector.flags.writeable
    assert storage.from_bytes(storage.to_bytes(before)) == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.rnnviz"]


@every_kind
def test_equal_documents_have_equal_bytes(kind: str) -> None:
    data = storage.to_bytes(document(kind))
    assert storage.to_bytes(KINDS[kind]()) == data
    assert storage.to_bytes(storage.from_bytes(data)) == data


def test_whole_numbers_and_others_give_equal_bytes() -> None:
    one = document("lstm").changed(clip=Clip("norm", 1), recipe=Recipe(SGD(1)))
    other = document("lstm").changed(clip=Clip("norm", 1.0), recipe=Recipe(SGD(1.0)))
    assert one == other
    assert storage.to_bytes(one) == storage.to_bytes(other)


@every_kind
def test_the_zip_is_plain(kind: str) -> None:
    with zipfile.ZipFile(io.BytesIO(storage.to_bytes(document(kind)))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == [n for n in (DOCUMENT, WEIGHTS, HISTORY, SEQUENCE) if n in names]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        weights = safetensors.numpy.load(archive.read(WEIGHTS))
    for path, array in document(kind).weights.items():
        assert weights[path].tobytes() == array.tobytes()


def test_built_in_cells_come_back_as_themselves() -> None:
    before = document("of every cell")
    after = storage.from_bytes(storage.to_bytes(before))
    pairs = zip(before.network.layers, after.network.layers, strict=True)
    assert all(one.cell is other.cell for one, other in pairs)


def test_a_cell_of_ones_own_is_in_the_file() -> None:
    data = storage.to_bytes(document("own cell"))
    text = json.loads(members_of(data)[DOCUMENT])
    assert "0.123456789" in text["cells"][0]["equations"]
    cell = storage.from_bytes(data).network.layers[0].cell
    assert cell == OWN
    assert cell is not OWN


def test_a_file_that_somebody_zipped_again_opens() -> None:
    members = members_of(storage.to_bytes(document("trained32")))
    turned = dict(reversed(members.items()))
    assert storage.from_bytes(zipped(turned, zipfile.ZIP_DEFLATED)) == document("trained32")


def test_half_precision_is_read_as_float32() -> None:
    before = document("lstm")
    members = write_members(before)
    halves = {path: array.astype(np.float16) for path, array in before.weights.items()}
    members[WEIGHTS] = safetensors.numpy.save(halves)
    after = storage.from_bytes(zipped(members))
    assert after.weights.vector.dtype == np.float32
    for path, array in halves.items():
        assert (after.weights[path] == array).all()
    # bfloat16 is the upper half of a float32
    uppers = {
        path: (array.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
        for path, array in before.weights.items()
    }
    members[WEIGHTS] = tensor_file(
        (path, "BF16", list(upper.shape), upper.tobytes()) for path, upper in uppers.items()
    )
    after = storage.from_bytes(zipped(members))
    for path, upper in uppers.items():
        assert (after.weights[path] == (upper.astype(np.uint32) << 16).view(np.float32)).all()


def test_a_preview_reads_no_weights(tmp_path: Path) -> None:
    members = write_members(document("trained32"))
    members[WEIGHTS] = b"broken"
    (tmp_path / "a.rnnviz").write_bytes(zipped(members))
    preview = storage.peek(tmp_path / "a.rnnviz")
    before = document("trained32")
    assert (preview.title, preview.kind) == (before.title, "GRU of PyTorch and Keras")
    assert preview.parameters == before.network.parameter_count
    assert (preview.words, preview.tokens, preview.moments) == (5, before.sequence, 3)
    assert preview.score == before.score
    with pytest.raises(FileError):
        storage.load(tmp_path / "a.rnnviz")


@every_kind
def test_everything_has_a_preview(kind: str, tmp_path: Path) -> None:
    storage.save(document(kind), tmp_path / "a.rnnviz")
    assert storage.peek(tmp_path / "a.rnnviz").network == document(kind).network


# -------------------------------------------------------------------------------------- formats


def test_a_file_of_format_1_opens() -> None:
    assert b'"format":1' in (FILES / "format-1.rnnviz").read_bytes()
    found = storage.load(FILES / "format-1.rnnviz")
    assert found.title == "Two words"
    assert found.sequence == ("I", "win")
    assert found.clip == Clip("norm", 0.5)
    assert [layer.cell.name for layer in found.network.layers] == ["gru", "lstm"]
    assert found.score == Score("accuracy", 0.75, 0.5, 8)
    assert (found.tokeniser, found.lower, found.columns) == ("words", False, ())
    later = storage.load(FILES / "format-2.rnnviz")
    assert found.weights.vector.tobytes() == later.weights.vector.tobytes()
    names = {field.name for field in fields(found)} - {"network", "weights"}
    assert all(same(getattr(found, name), getattr(later, name)) for name in names)
    assert storage.peek(FILES / "format-1.rnnviz").parameters == found.network.parameter_count


def test_a_file_of_this_format_is_written_as_it_was() -> None:
    """Whoever changes what is written must also raise the format number."""
    path = FILES / f"format-{migrations.FORMAT}.rnnviz"
    assert storage.to_bytes(storage.load(path)) == path.read_bytes()


def test_a_step_for_each_older_format() -> None:
    assert len(migrations.MIGRATIONS) == migrations.FORMAT - 1


@pytest.mark.parametrize("number", [3, 99, 2**40])
def test_a_later_format_is_refused(number: int) -> None:
    members = write_members(document("lstm"))
    members[DOCUMENT] = json.dumps({"format": number, "novelty": [1, 2]}).encode()
    with pytest.raises(FileError, match=f"later rnnviz \\(format {number}, this one reads up to 2"):
        storage.from_bytes(zipped(members))


@pytest.mark.parametrize("clip_norm", [None, 0.5])
def test_the_first_migration(clip_norm: float | None) -> None:
    layer = {"cell": "lstm", "hidden": 2}
    old: dict[str, Any] = {
        "network": {"encoder": [layer], "decoder": [layer, {"cell": "gru"}]},
        "clip_norm": clip_norm,
        "title": "kept",
    }
    new = migrations.from_1(old)
    assert new["network"]["encoder"][0] == {"cell": 0, "hidden": 2}
    assert new["network"]["decoder"][1] == {"cell": 1}
    assert [cell["name"] for cell in new["cells"]] == ["lstm", "gru"]
    assert new["clip"]["kind"] == ("none" if clip_norm is None else "norm")
    assert "clip_norm" not in new
    assert old["network"]["encoder"] == [layer]


# --------------------------------------------------------------------------------------- schema


def test_the_schema_has_everything_that_a_document_has() -> None:
    names = {field.name for field in fields(Document)}
    schemed = set(schema.DocumentText.__struct_fields__)
    assert names - schemed == {"weights", "sequence"}
    assert schemed - names == {"format", "cells", "tokens"}


@pytest.mark.parametrize(
    ("part", "text"),
    [
        *training.OPTIMISER_TEXTS.items(),
        *training.SCHEDULE_TEXTS.items(),
        (Recipe, training.RecipeText),
        (Initialisation, training.InitialisationText),
        (Clip, schema.ClipText),
        (Score, schema.ScoreText),
    ],
)
def test_the_schema_of_a_part_has_all_of_its_fields(part: type, text: type) -> None:
    assert {field.name for field in fields(part)} == {f.name for f in msgspec.structs.fields(text)}


def test_the_schema_knows_all_optimisers_and_schedules() -> None:
    assert set(training.OPTIMISER_TEXTS) == set(OPTIMISERS)
    assert set(training.SCHEDULE_TEXTS) == set(SCHEDULES)
    assert set(MEASURES) | {"epoch", "update", "vector"} == {f.name for f in fields(Moment)}


def test_a_schedule_within_a_schedule() -> None:
    recipe = Recipe(schedule=WarmUp(3, WarmUp(2, Constant())))
    before = document("lstm").changed(recipe=recipe)
    assert storage.from_bytes(storage.to_bytes(before)).recipe == recipe


# ----------------------------------------------------------------------------- any document

texts = st.text(max_size=12)
finite = st.floats(allow_nan=False, allow_infinity=False)
moments = st.lists(
    st.builds(
        Moment,
        st.integers(0, 2**53 - 1),
        st.integers(0, 2**53 - 1),
        arrays.arrays(np.float32, 192, elements=st.floats(width=32), fill=st.just(np.float32(0))),
        st.floats(),
        st.floats(),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
tokens = st.lists(st.text(min_size=1, max_size=5), max_size=6).map(tuple)


@settings(max_examples=200)
@given(st.data())
def test_any_document_comes_back(data: st.DataObject) -> None:
    base = document("lstm")
    dtype = data.draw(st.sampled_from([np.float32, np.float64]))
    elements = st.floats(width=32) if dtype == np.float32 else st.floats()
    vector = data.draw(arrays.arrays(dtype, 192, elements=elements, fill=st.just(dtype(-0.0))))
    before = base.changed(
        weights=Weights(base.network.layout, vector),
        sequence=data.draw(tokens),
        title=data.draw(texts),
        notes=data.draw(texts),
        seed=data.draw(st.integers(0, 2**53 - 1)),
        score=data.draw(st.none() | st.builds(Score, texts, finite, st.none() | finite)),
        history=data.draw(st.none() | st.builds(History, moments, texts)),
    )
    stored = storage.to_bytes(before)
    after = storage.from_bytes(stored)
    assert after == before
    assert after.weights.vector.tobytes() == vector.tobytes()
    assert storage.to_bytes(after) == stored


def test_members_are_ordinary_files() -> None:
    with zipfile.ZipFile(io.BytesIO(storage.to_bytes(document("lstm")))) as archive:
        for info in archive.infolist():
            assert stat.S_ISREG(info.external_attr >> 16)


def test_a_large_document_comes_back(tmp_path: Path) -> None:
    small = document("forecast32")
    vectors = np.random.default_rng(0).normal(size=(1_000, 2))
    large = small.changed(sequence=vectors, targets=None)
    large = SetTask("many-to-one", "softmax", ("a", "b")).apply(SetHidden(256).apply(large))
    large = SetLayers(3).apply(large)
    storage.save(large, tmp_path / "large.rnnviz")
    assert storage.load(tmp_path / "large.rnnviz") == large
