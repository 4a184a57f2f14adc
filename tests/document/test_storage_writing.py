"""Files are written whole or not at all, whatever happens in between."""

import errno
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rnnviz.document import storage
from rnnviz.document.errors import FileError
from rnnviz.document.storage import writing
from rnnviz.document.storage.writing import write_atomically
from tests.document.documents import document

ROOT = Path(__file__).parent.parent.parent
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")
not_root = pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 1)() == 0, reason="root may write everywhere"
)


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Inside, something fails and leaves every file of the folder as it was."""

    def content() -> dict[str, bytes | None]:
        return {str(p): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}

    before = content()
    yield
    assert content() == before


@posix
def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    storage.save(document("lstm"), tmp_path / "a.rnnviz")
    assert (tmp_path / "a.rnnviz").stat().st_mode == (tmp_path / "other").stat().st_mode


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_permissions_are_kept(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.rnnviz"
    path.touch()
    path.chmod(mode)
    storage.save(document("lstm"), path)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@posix
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_is_followed(tmp_path: Path, exists: bool) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / "real.rnnviz"
    if exists:
        target.write_bytes(b"old")
    link, second = tmp_path / "link.rnnviz", tmp_path / "second.rnnviz"
    link.symlink_to(Path("elsewhere") / "real.rnnviz")
    second.symlink_to(link)
    storage.save(document("lstm"), second)
    assert link.is_symlink()
    assert second.is_symlink()
    assert storage.load(target) == storage.load(second) == document("lstm")
    assert sorted(p.name for p in tmp_path.rglob("*")) == [
        *("elsewhere", "link.rnnviz", "real.rnnviz", "second.rnnviz"),
    ]


NAMES = ("情感 模型.rnnviz", "🙂.rnnviz", " two  spaces ", "CON", "NUL.rnnviz", "-rf", "a" * 255)


@posix
@pytest.mark.parametrize("name", NAMES)
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    storage.save(document("empty"), tmp_path / name)
    assert storage.load(tmp_path / name) == document("empty")
    assert [p.name for p in tmp_path.iterdir()] == [name]


@posix
def test_a_long_path(tmp_path: Path) -> None:
    folder = tmp_path / ("folder" * 20) / ("文件夹" * 20) / ("folder" * 20)
    folder.mkdir(parents=True)
    assert len(str(folder)) > 260
    storage.save(document("empty"), folder / "a.rnnviz")
    assert storage.load(folder / "a.rnnviz") == document("empty")


def test_places_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"old")
    places = {
        tmp_path / "folder": "folder|write",
        tmp_path / "missing" / "a.rnnviz": "there is no such",
        tmp_path / "file" / "a.rnnviz": "there is no such folder|not an ordinary",
        tmp_path / ("a" * 256): "its name is too long",
        tmp_path / "a\0b": "cannot be written",
    }
    with unchanged(tmp_path):
        for path, match in places.items():
            with pytest.raises(FileError, match=match):
                storage.save(document("lstm"), path)


@posix
def test_pipes_devices_and_circles_are_not_replaced(tmp_path: Path) -> None:
    pipe, circle = tmp_path / "pipe", tmp_path / "circle"
    os.mkfifo(pipe)
    circle.symlink_to(circle)
    for path in (pipe, Path(os.devnull)):
        with pytest.raises(FileError, match="not an ordinary file"):
            storage.save(document("lstm"), path)
    with pytest.raises(FileError):
        storage.save(document("lstm"), circle)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert circle.is_symlink()


@posix
@not_root
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    storage.save(document("lstm"), tmp_path / "a.rnnviz")
    tmp_path.chmod(0o500)
    try:
        with unchanged(tmp_path), pytest.raises(FileError, match="you may not"):
            storage.save(document("gru"), tmp_path / "a.rnnviz")
    finally:
        tmp_path.chmod(0o700)


def test_a_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.rnnviz"
    storage.save(document("lstm"), path)
    path.chmod(0o444)
    # Root may write to everything: ask as anybody else would.
    monkeypatch.setattr(os, "access", lambda target, _: bool(os.stat(target).st_mode & 0o222))
    with unchanged(tmp_path), pytest.raises(FileError, match="protected against writing"):
        storage.save(document("gru"), path)


@pytest.mark.parametrize("name", ["open", "fsync", "fchmod", "replace"])
def test_a_call_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "a.rnnviz"
    storage.save(document("lstm"), path)

    def fail(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    with unchanged(tmp_path), monkeypatch.context() as patch:
        patch.setattr(os, name, fail)
        with pytest.raises(FileError, match="the disk is full") as caught:
            storage.save(document("gru"), path)
    assert caught.value.path == path
    assert "No space left" in caught.value.detail
    assert storage.load(path) == document("lstm")


def test_an_interruption_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.rnnviz"
    storage.save(document("lstm"), path)

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with unchanged(tmp_path), monkeypatch.context() as patch:
        patch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            storage.save(document("gru"), path)


def test_a_folder_that_cannot_be_synced_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = os.fsync

    def only_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "no folders here")
        original(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    storage.save(document("lstm"), tmp_path / "a.rnnviz")
    assert storage.load(tmp_path / "a.rnnviz") == document("lstm")


def test_a_document_that_no_file_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.rnnviz"
    storage.save(document("empty"), path)
    monkeypatch.setattr(writing, "FILE_BYTES", 2_000)
    with unchanged(tmp_path), pytest.raises(FileError, match="at most 2,000 bytes fit"):
        storage.save(document("lstm"), path)


def test_two_writers_and_a_reader(tmp_path: Path) -> None:
    """Whoever reads while others write finds one whole file or the other."""
    path = tmp_path / "a.rnnviz"
    both = (document("lstm"), document("trained32"))
    data = [storage.to_bytes(one) for one in both]
    write_atomically(path, data[0])

    def write(content: bytes) -> None:
        for _ in range(40):
            write_atomically(path, content)

    writers = [threading.Thread(target=write, args=(content,)) for content in data]
    for writer in writers:
        writer.start()
    seen = []
    while any(writer.is_alive() for writer in writers):
        seen.append(storage.load(path))
    for writer in writers:
        writer.join()
    assert all(one in both for one in (*seen, storage.load(path)))
    assert [p.name for p in tmp_path.iterdir()] == ["a.rnnviz"]


FULL_DISK = """
import resource, signal, sys
from rnnviz.document import storage
from rnnviz.document.errors import FileError
from tests.document.crashing import documents
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
small, large = documents()
storage.save(small, sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    storage.save(large, sys.argv[1])
except FileError as error:
    print(error.fault)
print(storage.load(sys.argv[1]) == small)
"""


def run(*arguments: str) -> list[str]:
    # Without threads of the linear algebra, beside which newer Pythons do not like to fork.
    alone = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=ROOT,
        env={**os.environ, **alone, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@posix
def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    said = run("-c", FULL_DISK, str(tmp_path / "a.rnnviz"))
    assert said == ["it would be larger than this disk allows", "True"]
    assert [p.name for p in tmp_path.iterdir()] == ["a.rnnviz"]


@posix
def test_killed_while_saving(tmp_path: Path) -> None:
    """SIGKILL before and after each call, and 60 times at any moment: the file is always whole."""
    at_each_call, at_any_time = run(
        "-m", "tests.document.crashing", str(tmp_path / "a.rnnviz"), "60"
    )
    assert at_each_call.split() == ["small"] * 7 + ["large"]
    assert set(at_any_time.split()) <= {"small", "large"}
    begun = {path.name for path in tmp_path.iterdir()} - {"a.rnnviz"}
    assert len(begun) >= 6  # some were killed with the new file half written
    assert all(name.startswith(".rnnviz-") for name in begun)
