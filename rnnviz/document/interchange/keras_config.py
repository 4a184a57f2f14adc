"""The layers that a Keras configuration lists, in their order, and what feeds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from rnnviz.document.errors import visible
from rnnviz.document.interchange.files import COUNT_LIMIT, DEPTH_LIMIT
from rnnviz.engine.errors import EngineError

_MODELS = ("Sequential", "Functional", "Model")


@dataclass(frozen=True)
class Spec:
    """One layer.

    Attributes
    ----------
    kind : str
        Its class in Keras.
    name : str
        What the model calls it.
    config : dict
        Its settings.
    below : frozenset of str or None
        The layers whose output it reads; None in a sequential model.
    """

    kind: str
    name: str
    config: dict[str, Any]
    below: frozenset[str] | None = None

    def flag(self, name: str, default: bool = False) -> bool:
        """A setting that is true or false."""
        value = self.config.get(name, default)
        return value if isinstance(value, bool) else default

    def text(self, name: str, default: str) -> str:
        """A setting that is a word; Keras writes functions by their names."""
        value = self.config.get(name, default)
        if isinstance(value, dict):
            value = value.get("config") or value.get("class_name")
        return value if isinstance(value, str) else visible(value)

    def inner(self, name: str = "layer") -> Spec:
        """The layer that a wrapper holds.

        Raises
        ------
        EngineError
            There is none.
        """
        found = _spec(self.config.get(name))
        if found is None:
            raise EngineError(f"{visible(self.name)}: a {visible(self.kind)} without a layer in it")
        return found


def specs(text: str | bytes) -> list[Spec]:
    """The layers of a model's configuration.

    Raises
    ------
    EngineError
        No configuration of a sequential or functional model.
    """
    try:
        root = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise EngineError(f"its configuration is damaged: {error}") from error
    config = root.get("config") if isinstance(root, dict) else None
    if not isinstance(config, (dict, list)) or root.get("class_name") not in _MODELS:
        raise EngineError("its configuration is of no sequential or functional model")
    listed = config if isinstance(config, list) else config.get("layers")
    if not isinstance(listed, list) or len(listed) > COUNT_LIMIT:
        raise EngineError("its configuration lists no layers, or too many")
    found = [_spec(entry, root["class_name"] != "Sequential") for entry in listed]
    return [spec for spec in found if spec is not None]


def _spec(entry: Any, functional: bool = False) -> Spec | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("config"), dict):
        return None
    config, kind = entry["config"], entry.get("class_name")
    name = entry.get("name") or config.get("name") or ""
    if not isinstance(kind, str) or not isinstance(name, str):
        return None
    below = frozenset(_sources(entry.get("inbound_nodes"))) if functional else None
    return Spec(kind, name, config, below)


def _sources(node: Any, depth: int = 0) -> Iterator[str]:
    """The names of the layers in `inbound_nodes`: `[name, 0, 0, {}]`, or histories of tensors."""
    if depth > DEPTH_LIMIT:
        return
    if isinstance(node, dict):
        history = node.get("keras_history")
        if isinstance(history, list) and history and isinstance(history[0], str):
            yield history[0]
            return
        for value in node.values():
            yield from _sources(value, depth + 1)
    if isinstance(node, list):
        if len(node) >= 3 and isinstance(node[0], str) and isinstance(node[1], int):
            yield node[0]
            node = node[3:]
        for value in node:
            yield from _sources(value, depth + 1)
