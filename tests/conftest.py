"""What all tests share: no window on the screen, no chance, nothing left behind."""

import os
import tempfile

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

os.environ["QT_QPA_PLATFORM"] = "offscreen"

_hypothesis_home = tempfile.TemporaryDirectory(prefix="rnnviz-hypothesis-")
set_hypothesis_home_dir(_hypothesis_home.name)

# No deadline: a slow machine is not a wrong answer. `--hypothesis-profile=explore` looks elsewhere.
settings.register_profile("steady", deadline=None, database=None, derandomize=True)
settings.register_profile("explore", deadline=None, database=None, max_examples=1000)
settings.load_profile("steady")


def pytest_unconfigure() -> None:
    """Remove what hypothesis wrote."""
    _hypothesis_home.cleanup()
