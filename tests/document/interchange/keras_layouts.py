"""Files in the layouts of Keras 2 and Keras 3, written with h5py alone, and Keras's equations."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from tests.document.interchange.samples import Values

GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
CELLS = {"SimpleRNN": "simple_rnn", "LSTM": "lstm", "GRU": "gru"}
Group = dict[str, Values]


def weights(
    kind: str, inputs: int, units: int, seed: int, bias: bool = True, after: bool = False
) -> Group:
    """Random weights of one direction in Keras's shapes."""
    rng = np.random.default_rng(seed)
    columns = GATES[kind] * units
    shapes: dict[str, tuple[int, ...]] = {
        "kernel": (inputs, columns),
        "recurrent_kernel": (units, columns),
    }
    if bias:
        shapes["bias"] = (2, columns) if after else (columns,)
    return {name: rng.normal(0, 0.6, shape).astype("f4") for name, shape in shapes.items()}


def spec(kind: str, name: str, **config: Any) -> dict[str, Any]:
    """The configuration of a layer."""
    return {"class_name": kind, "config": {"name": name} | config}


def sequential(layers: list[dict[str, Any]]) -> str:
    return json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": layers}})


def keras_2(file: Path, layers: list[tuple[dict[str, Any], dict[str, Group]]]) -> None:
    """The whole model as Keras 2 writes it: everything under the layers' own names."""
    with h5py.File(file, "w") as h5:
        h5.attrs["model_config"] = sequential([config for config, _ in layers])
        h5.attrs["keras_version"] = "2.15.0"
        root = h5.create_group("model_weights")
        root.attrs["layer_names"] = [config["config"]["name"] for config, _ in layers]
        for config, directions in layers:
            name = config["config"]["name"]
            group = root.create_group(name)
            for direction, arrays in directions.items():
                for key, array in arrays.items():
                    way = f"{direction}_x/" if config["class_name"] == "Bidirectional" else ""
                    cell = "" if key == "embeddings" or "units" in config["config"] else "cell_1/"
                    group[f"{name}/{way}{cell}{key}:0"] = array


def keras_3_weights(
    target: Any, layers: list[tuple[dict[str, Any], dict[str, Group]]], **options: Any
) -> None:
    """`model.weights.h5`: layers under the names of their classes, weights under numbers."""
    counts: dict[str, int] = {}
    with h5py.File(target, "w") as h5:
        for config, directions in layers:
            kind = config["class_name"]
            key = CELLS.get(kind, kind.lower())
            number = counts[key] = counts.get(key, -1) + 1
            group = h5.create_group(f"layers/{key}{f'_{number}' if number else ''}")
            group.create_group("vars")
            if options.get("named"):
                group["vars"].attrs["name"] = config["config"]["name"]
            for direction, arrays in directions.items():
                way = f"{direction}_layer/" if kind == "Bidirectional" else ""
                inner = "cell/" if kind in (*CELLS, "Bidirectional") else ""
                for place, array in enumerate(arrays.values()):
                    group.create_dataset(f"{way}{inner}vars/{place}", data=array)


def keras_3(
    file: Path, layers: list[tuple[dict[str, Any], dict[str, Group]]], **options: Any
) -> None:
    """A `.keras` archive."""
    stream = io.BytesIO()
    keras_3_weights(stream, layers, **options)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.3.0"}))
        archive.writestr("config.json", sequential([config for config, _ in layers]))
        archive.writestr("model.weights.h5", stream.getvalue())


def sigmoid(a: Values) -> Values:
    return np.asarray(1 / (1 + np.exp(-a)))


def run(kind: str, arrays: Group, x: Values, relu: bool = False, after: bool = False) -> Values:
    """All hidden states `[time, units]` of one row by the equations in Keras's documentation."""
    kernel, recurrent = arrays["kernel"].astype("f8"), arrays["recurrent_kernel"].astype("f8")
    units = len(recurrent)
    bias = arrays.get("bias", np.zeros(kernel.shape[1])).astype("f8")
    inner, outer = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
    h = c = np.zeros(units)
    found = []
    for step in x:
        if kind == "GRU":
            from_x = step @ kernel + inner
            if after:
                from_h = h @ recurrent + outer
                z = sigmoid(from_x[:units] + from_h[:units])
                r = sigmoid(from_x[units : 2 * units] + from_h[units : 2 * units])
                candidate = np.tanh(from_x[2 * units :] + r * from_h[2 * units :])
            else:
                z = sigmoid(from_x[:units] + h @ recurrent[:, :units])
                r = sigmoid(from_x[units : 2 * units] + h @ recurrent[:, units : 2 * units])
                candidate = np.tanh(from_x[2 * units :] + (r * h) @ recurrent[:, 2 * units :])
            h = z * h + (1 - z) * candidate
        elif kind == "LSTM":
            i, f, g, o = np.split(step @ kernel + h @ recurrent + inner, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        else:
            total = step @ kernel + h @ recurrent + inner
            h = np.maximum(total, 0) if relu else np.tanh(total)
        found.append(h)
    return np.stack(found)
