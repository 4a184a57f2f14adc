"""`rnnviz trace --npz` writes every number, and all of the file or nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz.app import cli
from tests.app.support import SENTENCE, Capture, output


def test_the_numpy_file_holds_everything(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "out.npz"
    assert str(file) in output(capsys, "trace", SENTENCE, "--seed", "1", "--npz", str(file))
    network = rnnviz.network("lstm", rnnviz.Tokens(4), 6, rnnviz.Softmax(3))
    trace = rnnviz.forward(network, rnnviz.initial_weights(network, 1), [0, 1, 2, 3], [0, 0, 0, 0])
    gradients = rnnviz.backward(trace, "last")
    expected = {f"values/{p}": trace[p] for p in trace.paths()}
    expected |= {f"gradients/{p}": gradients[p] for p in gradients.paths()}
    expected |= {f"weights/{p}": w for p, w in trace.weights.items()}
    expected |= {f"weight_gradients/{p}": w for p, w in gradients.weights.items()}
    expected |= {f"initial_gradients/{p}": gradients.initial(p) for p in network.state_paths}
    with np.load(file, allow_pickle=False) as found:
        assert set(found.files) == set(expected) | {"tokens", "classes", "targets", "loss"}
        for name, array in expected.items():
            np.testing.assert_array_equal(found[name], array)
        assert found["tokens"].tolist() == SENTENCE.split()
    assert [path.name for path in tmp_path.iterdir()] == ["out.npz"]


def test_a_file_that_cannot_be_finished_leaves_the_old_one(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "out.npz"
    file.write_bytes(b"old")

    def full(stream: Any, *_: Any, **__: Any) -> None:
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array", full)
    assert cli.main(["trace", "a", "--npz", str(file)]) == 2
    assert "--force" in capsys.readouterr().err
    assert cli.main(["trace", "a", "--npz", str(file), "--force"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"rnnviz: {file}: No space left on device\n"
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_a_link(capsys: Capture, tmp_path: Path) -> None:
    target, link = tmp_path / "target.npz", tmp_path / "link.npz"
    target.write_bytes(b"")
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("this system makes no links")
    output(capsys, "trace", "a", "--npz", str(link), "--force")
    assert link.is_symlink()
    assert target.stat().st_size > 1000
