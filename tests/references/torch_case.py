"""One case of the references: its numbers, its tensors, and what is kept of them."""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch


class Case:
    """A named group of values, and of the derivatives of one loss with respect to them."""

    def __init__(self, name: str, meta: dict[str, Any]) -> None:
        self.name = name
        self.meta = meta
        self._random = np.random.default_rng(zlib.crc32(name.encode()))
        self._values: dict[str, torch.Tensor] = {}
        self._wanted: dict[str, torch.Tensor | list[torch.Tensor]] = {}

    def normal(self, *shape: int, scale: float = 1.0, shift: float = 0.0) -> torch.Tensor:
        """Random numbers that belong to this case alone."""
        return torch.from_numpy(self._random.normal(shift, scale, shape))

    def integers(self, end: int, *shape: int) -> torch.Tensor:
        """Random whole numbers from 0 to end - 1."""
        return torch.from_numpy(self._random.integers(end, size=shape))

    def keep(self, key: str, value: torch.Tensor) -> torch.Tensor:
        """Store a value."""
        self._values[key] = value
        return value

    def leaf(self, key: str, value: torch.Tensor) -> torch.Tensor:
        """Store a parameter or an input, and the derivative with respect to it."""
        self._wanted[key] = value.requires_grad_()
        return self.keep(key, value)

    def inner(self, key: str, value: torch.Tensor) -> torch.Tensor:
        """Store what was computed, and the derivative with respect to it."""
        value.retain_grad()
        self._wanted[key] = value
        return self.keep(key, value)

    def steps(self, key: str, values: Sequence[torch.Tensor]) -> None:
        """Store a quantity of every step, and the derivatives with respect to each of them."""
        self._wanted[key] = list(values)
        self._values[key] = torch.stack(list(values))

    def finish(self, loss: torch.Tensor) -> "Case":
        """Store the loss and go backward."""
        torch.autograd.backward(self.keep("L", loss))
        return self

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Every value and every derivative, as `key` and `d_key`."""
        found = {key: value.detach().numpy().copy() for key, value in self._values.items()}
        for key, wanted in self._wanted.items():
            parts = wanted if isinstance(wanted, list) else [wanted]
            grads = [torch.zeros_like(part) if part.grad is None else part.grad for part in parts]
            found[f"d_{key}"] = (torch.stack(grads) if parts is wanted else grads[0]).numpy().copy()
        return found
