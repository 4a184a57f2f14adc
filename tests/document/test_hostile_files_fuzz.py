"""Thousands of damaged files: none crashes, hangs, or takes more than 100 MB."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.document import storage
from rnnviz.document.errors import FileError
from tests.document.documents import KINDS, document
from tests.document.fuzzing import damaged_file
from tests.document.test_hostile_files import little_memory

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.skipif(os.name != "posix", reason="measures memory in the way of POSIX")
def test_thousands_of_damaged_files() -> None:
    count = 6_000
    options = ("-W", "error", "-X", "faulthandler")
    done = subprocess.run(
        [sys.executable, *options, "-m", "tests.document.fuzzing", str(count), "1"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,  # not a measure of speed: a file that never ends would never end
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    loaded, refused, memory = map(int, done.stdout.split())
    assert loaded + refused == count
    assert min(loaded, refused) > 100
    assert memory < 100 << 20


@settings(max_examples=300)
@given(st.sampled_from(sorted(KINDS)), st.integers(0, 2**32))
def test_any_damage_ends_in_one_error_or_a_whole_document(kind: str, seed: int) -> None:
    before = document(kind)
    data = damaged_file(kind, random.Random(seed))
    with little_memory():
        try:
            found = storage.from_bytes(data)
        except FileError as error:
            message = str(error)
        else:
            message = "loaded"
            assert storage.from_bytes(storage.to_bytes(found)) == found
    assert message.isprintable()
    assert before == KINDS[kind]()


@settings(max_examples=300)
@given(st.binary(max_size=200), st.integers(0, 400), st.sampled_from(sorted(KINDS)))
def test_bytes_put_anywhere(data: bytes, place: int, kind: str) -> None:
    good = storage.to_bytes(document(kind))
    for changed in (good[:place] + data + good[place:], good[: -place - 1] + data, data + good):
        try:
            assert storage.from_bytes(changed) == document(kind)
        except FileError as error:
            assert error.fault  # noqa: PT017 - most of these load nothing
