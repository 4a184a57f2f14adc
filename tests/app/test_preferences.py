"""Preferences: they come back as they were, and nothing in their file can stop the program."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QStandardPaths

from rnnviz.app.preferences import RECENT, Preferences, local_folder, preferences


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rnnviz.ini"


def test_they_come_back(file: Path, tmp_path: Path) -> None:
    kept = Preferences(file)
    kept.appearance = "light"
    kept.motion = False
    kept.folder = tmp_path
    kept.add_recent(tmp_path / "a, “b” & c; = 学习.rnnviz")
    kept.set_layout("geometry", b"\x00\xff;=,\n")
    kept.sync()
    again = Preferences(file)
    assert again.appearance == "light"
    assert again.motion is False
    assert again.folder == tmp_path
    assert again.recent == (tmp_path / "a, “b” & c; = 学习.rnnviz",)
    assert again.layout("geometry") == b"\x00\xff;=,\n"


def test_at_first_everything_is_as_the_system(file: Path) -> None:
    kept = Preferences(file)
    assert (kept.appearance, kept.motion, kept.recent) == ("system", True, ())
    assert kept.folder == Path.home()
    assert kept.layout("geometry") is None


def test_the_last_file_is_first_and_there_are_not_too_many(file: Path, tmp_path: Path) -> None:
    kept = Preferences(file)
    for number in range(RECENT + 5):
        kept.add_recent(tmp_path / f"{number}.rnnviz")
    kept.add_recent(tmp_path / "10.rnnviz")
    assert len(kept.recent) == RECENT
    assert kept.recent[0].name == "10.rnnviz"
    assert [path.name for path in kept.recent].count("10.rnnviz") == 1
    kept.forget_recent(kept.recent[0])
    assert "10.rnnviz" not in [path.name for path in kept.recent]
    kept.forget_recent()
    assert kept.recent == ()


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00\x01",
        b"not settings at all",
        b"[look]\ntheme=\0\0",
        b"{}" * 10,
        b"[a" * 1_000_000,
    ],
)
def test_a_damaged_file_is_kept_aside(data: bytes, file: Path) -> None:
    file.write_bytes(data)
    kept = Preferences(file)
    assert kept.appearance == "system"
    kept.appearance = "dark"
    kept.sync()
    assert Preferences(file).appearance == "dark"
    (aside,) = file.parent.glob("*.corrupt-*")
    assert aside.read_bytes() == data


@pytest.mark.parametrize(
    "text",
    [
        "[files]\nrecent=5\n",
        '[files]\nrecent="[1, null, {}]"\n',
        "[files]\nrecent=@Invalid()\nfolder=@Variant(\\0\\0\\0\\x7f)\n",
        "[look]\ntheme=pink\nmotion=perhaps\n[layout]\ngeometry=1:!!\nouter=99:AAAA\n",
        '[files]\nrecent="' + "[" * 5000 + '"\n',
        "[files]\nfolder=/nowhere/at/all\n",
    ],
)
def test_what_cannot_be_understood_was_not_said(text: str, file: Path) -> None:
    file.write_text(text, "utf-8")
    kept = Preferences(file)
    assert kept.recent == ()
    assert kept.folder == Path.home()
    assert kept.appearance == "system"
    assert kept.motion is True
    assert kept.layout("geometry") is None
    assert kept.layout("outer") is None


@given(data=st.binary(max_size=200))
def test_no_bytes_stop_the_program(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "some.ini"
    file.write_bytes(data)
    kept = Preferences(file)
    assert kept.appearance in ("system", "dark", "light")
    assert isinstance(kept.recent, tuple)
    assert kept.folder.is_dir()
    del kept
    for left in file.parent.glob("some.ini*"):
        left.unlink()


def test_they_lie_where_the_system_wishes() -> None:
    QStandardPaths.setTestModeEnabled(True)
    try:
        file = preferences().file
        assert file.name == "rnnviz.ini"
        place = QStandardPaths.StandardLocation.AppConfigLocation
        assert file.parent == Path(QStandardPaths.writableLocation(place))
        assert local_folder("autosave").name == "autosave"
    finally:
        QStandardPaths.setTestModeEnabled(False)
