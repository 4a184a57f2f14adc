"""What all tests share: no window on the screen, no chance, nothing left behind."""

import gc
import os
import tempfile

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

os.environ["QT_QPA_PLATFORM"] = "offscreen"

_hypothesis_home = tempfile.TemporaryDirectory(prefix="rnnviz-hypothesis-")
set_hypothesis_home_dir(_hypothesis_home.name)

# No deadline: a slow machine is not a wrong answer. `--hypothesis-profile=explore` looks elsewhere.
settings.register_profile("steady", deadline=None, database=None, derandomize=True)
settings.register_profile("explore", deadline=None, database=None, max_examples=1000)
settings.load_profile("steady")


@pytest.fixture(autouse=True, scope="module")
def past_is_past() -> None:
    """Let no test that collects garbage look again through all that the modules before it left."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Remove what hypothesis wrote."""
    _hypothesis_home.cleanup()
