"""Where the weights of each layer lie in the HDF5 files of Keras 2 and Keras 3."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from rnnviz.document.interchange.hdf5 import Datasets
from rnnviz.document.interchange.keras_config import Spec
from rnnviz.document.interchange.keras_layers import Arrays, family_by_shape
from rnnviz.engine.arrays import Array

_KINDS = ("kernel", "recurrent_kernel", "bias", "embeddings")
_NUMBERED = {"Embedding": ("embeddings",), "Dense": ("kernel", "bias")}
_CELL = ("kernel", "recurrent_kernel", "bias")


@dataclass(frozen=True)
class Place:
    """The datasets of a layer: direction -> kind -> path."""

    paths: Mapping[str, Mapping[str, str]]

    def read(self, datasets: Datasets) -> Arrays:
        """The arrays."""
        return {
            direction: {kind: datasets.read(path) for kind, path in kinds.items()}
            for direction, kinds in self.paths.items()
        }


def places_of(datasets: Datasets, listed: list[Spec]) -> list[tuple[Spec, Place]]:
    """Each layer of a configuration with the place of its weights.

    Keras 3 files layers under `layers/<class>`, the second of a class under `<class>_1`, and its
    newest versions add the layer's own name; the older form files them under their names.
    """
    if "layers" not in datasets.groups:
        root = "model_weights/" if "model_weights" in datasets.groups else ""
        return [(spec, _named(datasets, f"{root}{spec.name}/", spec)) for spec in listed]
    by_name = {}
    for group in datasets.groups:
        parts = group.split("/")
        if len(parts) == 3 and parts[0] == "layers" and parts[2] == "vars":
            name = datasets.text(group, "name")
            by_name[name] = f"layers/{parts[1]}/"
    counts: Counter[str] = Counter()
    found = []
    for spec in listed:
        key = _snake(spec.kind)
        number = f"_{counts[key]}" if counts[key] else ""
        counts[key] += 1
        prefix = by_name.get(spec.name, f"layers/{key}{number}/")
        found.append((spec, _numbered(datasets, prefix, spec.kind)))
    return found


def guessed(datasets: Datasets) -> list[tuple[Spec, Place]]:
    """The layers of a file without a configuration, by the names and shapes of their weights."""
    found = []
    deep = "layers" in datasets.groups
    root = "layers/" if deep else "model_weights/" if "model_weights" in datasets.groups else ""
    keys = dict.fromkeys(
        name.removeprefix(root).split("/")[0] for name in datasets.names if name.startswith(root)
    )
    for key in keys:
        prefix = f"{root}{key}/"
        both = any("backward" in name for name in datasets.names if name.startswith(prefix))
        spec = Spec("Bidirectional" if both else "LSTM", key, {})
        place = _numbered(datasets, prefix, "") if deep else _named(datasets, prefix, spec)
        kind = _kind(place, datasets)
        config = {"return_sequences": True, "reset_after": True}
        if both and kind in ("SimpleRNN", "LSTM", "GRU"):
            inner = {"class_name": kind, "config": config}
            found.append((Spec("Bidirectional", key, {"layer": inner}), place))
        elif kind is not None:
            found.append((Spec(kind, key, config), place))
    return found


def _kind(place: Place, datasets: Datasets) -> str | None:
    """The class of a layer by what it has."""
    arrays: Mapping[str, Array] = place.read(datasets).get("forward", {})
    if "recurrent_kernel" in arrays:
        return family_by_shape(arrays)
    if "kernel" in arrays and arrays["kernel"].ndim == 2:
        if "bias" in arrays:
            return "Dense"
        return "Embedding"
    return "Embedding" if "embeddings" in arrays else None


def _named(datasets: Datasets, prefix: str, spec: Spec) -> Place:
    """Weights under their own names: `lstm/lstm_cell/recurrent_kernel:0`."""
    paths: dict[str, dict[str, str]] = {}
    for name in datasets.names:
        if not name.startswith(prefix):
            continue
        parts = name.removeprefix(prefix).split("/")
        kind = parts[-1].partition(":")[0]
        back = spec.kind == "Bidirectional" and any(p.startswith("backward_") for p in parts)
        if kind in _KINDS:
            paths.setdefault("backward" if back else "forward", {}).setdefault(kind, name)
    return Place(paths)


def _numbered(datasets: Datasets, prefix: str, kind: str) -> Place:
    """Weights under their numbers: `lstm/cell/vars/1`, `dense/vars/0`."""
    paths: dict[str, dict[str, str]] = {}
    for name in datasets.names:
        match = re.fullmatch(
            r"(?:(forward|backward)_layer/)?(cell/|layer/)?vars/([0-2])", name.removeprefix(prefix)
        )
        if match is None or not name.startswith(prefix):
            continue
        direction, inner, number = match[1] or "forward", match[2], int(match[3])
        kinds = _CELL if inner == "cell/" else _NUMBERED.get(kind, ("kernel", "bias"))
        if number < len(kinds):
            paths.setdefault(direction, {})[kinds[number]] = name
    return Place(paths)


def _snake(kind: str) -> str:
    """The name that Keras 3 makes of a class: `SimpleRNN` -> `simple_rnn`."""
    name = re.sub(r"\W+", "", kind)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
