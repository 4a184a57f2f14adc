"""Arrays as a NumPy file, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import numpy as np

from rnnviz.app.commands.reading import Reading
from rnnviz.app.texts import tr
from rnnviz.engine.errors import EngineError


def arrays(reading: Reading) -> dict[str, np.ndarray[Any, Any]]:
    """Everything by name.

    `values/PATH` and `gradients/PATH` are `[time, 1, unit]`, `weights/PATH` and
    `weight_gradients/PATH` have the shape of the weight, `initial_gradients/PATH` (dL/d(the state
    before the first step)) is `[1, unit]`; PATH is that of the trace.
    """
    trace, gradients = reading.trace, reading.gradients
    found: dict[str, np.ndarray[Any, Any]] = {
        "tokens": np.array(reading.tokens),
        "classes": np.array(reading.classes),
        "targets": np.array(reading.targets),
        "loss": np.array(reading.loss),
    }
    found |= {f"values/{path}": trace[path] for path in trace.paths()}
    found |= {f"gradients/{path}": gradients[path] for path in gradients.paths()}
    found |= {f"weights/{path}": weight for path, weight in trace.weights.items()}
    found |= {f"weight_gradients/{path}": weight for path, weight in gradients.weights.items()}
    for path in reading.network.state_paths:
        found[f"initial_gradients/{path}"] = gradients.initial(path)
    return found


def write_arrays(file: Path, arrays: Iterable[tuple[str, np.ndarray[Any, Any]]]) -> None:
    """Write arrays by name to `file`; what stood there stays until the new file is complete.

    One array after the other, so that those that are still to come need no memory.

    Raises
    ------
    EngineError
        Something stands there that is not a file.
    OSError
        The file cannot be written.
    """
    target = Path(os.path.realpath(file))
    if target.exists() and not target.is_file():
        raise EngineError(tr("npz: {file} is there and is not a file").format(file=file))
    part = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as stream:
            with ZipFile(stream, "w", ZIP_STORED, allowZip64=True) as archive:
                for name, array in arrays:
                    with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        # The file that was asked for, and not the one that stood in for it.
        raise OSError(error.errno, error.strerror, str(file)) from None
    finally:
        part.unlink(missing_ok=True)
