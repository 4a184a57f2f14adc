"""Edits that draw weights anew, or bring whole matrices to a known state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np

from rnnviz.document.document import Document
from rnnviz.document.edits.base import Edit, EditError
from rnnviz.document.edits.pasting import check_finite
from rnnviz.document.edits.weights import name_of, with_arrays, with_weights
from rnnviz.document.texts import tr
from rnnviz.engine.arrays import Array
from rnnviz.engine.initial_weights import STANDARD, Initialisation, initial_weights, is_recurrent
from rnnviz.engine.initialise import identity, spectral_radius, with_spectral_radius
from rnnviz.engine.weights import Slab

Paths = tuple[str, ...]


def _slabs(document: Document) -> Iterator[tuple[str, Slab]]:
    """Each weight with the slab that it is a part of."""
    return ((path, slab) for slab in document.network.layout.slabs for path in slab.paths)


def _recurrent(document: Document) -> Paths:
    return tuple(path for path, slab in _slabs(document) if is_recurrent(slab))


def _named(text: str, paths: Paths | None) -> str:
    names = [name_of(path) for path in paths or ()]
    return text if not names else f"{text}: {', '.join(names[:3])}{'…' if names[3:] else ''}"


@final
@dataclass(frozen=True, eq=False)
class ScaleSpectralRadius(Edit):
    """Scale a recurrent matrix so that its largest eigenvalue has the size `radius`."""

    places: ClassVar[tuple[str, ...]] = ("path",)

    path: str
    radius: float

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        text = tr("Spectral radius of {name}: {radius}")
        return text.format(name=name_of(self.path), radius=f"{self.radius:.3g}")

    def _on(self, document: Document) -> Document:
        array = document.weights[self.path].astype(np.float64)
        if self.path not in _recurrent(document):
            raise EditError(f"path: {self.path} came, expected one of {_recurrent(document)}")
        matrices = array.reshape(-1, *array.shape[-2:])
        rounding = 8 * float(np.finfo(document.weights.vector.dtype).eps)
        scaled = np.array([_scaled(matrix, self.radius, rounding) for matrix in matrices])
        return with_arrays(document, {self.path: scaled.reshape(array.shape)})


def _scaled(matrix: Array, radius: float, rounding: float) -> Array:
    """`matrix` with the spectral radius; as it is, if it has it to rounding."""
    if abs(spectral_radius(matrix) - radius) <= rounding * radius:
        return matrix
    return with_spectral_radius(matrix, radius)


@final
@dataclass(frozen=True, eq=False)
class SetForgetBias(Edit):
    """Set the bias of forget gates: above 0 a cell begins by remembering (Gers et al. 2000).

    Attributes
    ----------
    part : str or None
        A layer and direction such as `layer0/forward`; None for all.
    """

    places: ClassVar[tuple[str, ...]] = ("part",)

    value: float
    part: str | None = None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Forget bias {value}").format(value=f"{self.value:.3g}")

    def _on(self, document: Document) -> Document:
        found = {
            path: np.full(document.weights[path].shape, self.value)
            for path in document.weights
            if path.endswith("/b_f") and self.part in (None, path.removesuffix("/b_f"))
        }
        if not found:
            raise EditError(f"part: {self.part or 'none'} has a forget gate with a bias b_f")
        return with_arrays(document, found)


@final
@dataclass(frozen=True, eq=False)
class Reinitialise(Edit):
    """Draw weights anew.

    Attributes
    ----------
    scheme : Initialisation or str
        How; the name of a scheme of `initialise.SCHEMES` is taken for every matrix.
    seed : int
        0 or more.
    paths : tuple of str or None
        Which weights; None for all, and then the document remembers scheme and seed.
    """

    places: ClassVar[tuple[str, ...]] = ("paths",)

    scheme: Initialisation | str = STANDARD
    seed: int = 0
    paths: Paths | None = None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return _named(tr("First weights, seed {seed}").format(seed=self.seed), self.paths)

    def _on(self, document: Document) -> Document:
        scheme = self.scheme
        if isinstance(scheme, str):
            scheme = replace(
                STANDARD, input=scheme, recurrent=scheme, embedding=scheme, head=scheme
            )
        dtype = document.weights.vector.dtype
        drawn = initial_weights(document.network, self.seed, scheme, dtype)
        if self.paths is None:
            return with_weights(document, drawn).changed(scheme=scheme, seed=self.seed)
        return with_arrays(document, {path: drawn[path] for path in self.paths})


@final
@dataclass(frozen=True, eq=False)
class ZeroWeights(Edit):
    """Set weights to 0; None for all of them."""

    paths: Paths | None = None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return _named(tr("Set weights to zero"), self.paths)

    def _on(self, document: Document) -> Document:
        weights = document.weights
        paths = tuple(weights) if self.paths is None else self.paths
        return with_arrays(document, {path: np.zeros(weights[path].shape) for path in paths})


@final
@dataclass(frozen=True, eq=False)
class IdentityWeights(Edit):
    """Make matrices `scale` times the identity; None for all recurrent ones (Le et al. 2015)."""

    places: ClassVar[tuple[str, ...]] = ("paths",)

    paths: Paths | None = None
    scale: float = 1.0

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return _named(tr("Set weights to the identity"), self.paths)

    def _on(self, document: Document) -> Document:
        check_finite("scale", self.scale)
        rng = np.random.default_rng(0)
        slabs = dict(_slabs(document))
        paths = _recurrent(document) if self.paths is None else self.paths
        found = {}
        for path in paths:
            shape = document.weights[path].shape
            if slabs[path].name.startswith(("biases", "vectors")):
                raise EditError(f"path: {path} is a vector, expected a matrix")
            found[path] = identity(shape, rng, self.scale)
        return with_arrays(document, found)
