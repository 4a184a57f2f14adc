"""The settings of a training run as fields: how each is read, written, and what it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import final

from rnnviz.engine.errors import EngineError
from rnnviz.engine.optimisers import SGD, Adam, Cosine, Momentum, Optimiser, RMSProp
from rnnviz.engine.recipes import Recipe
from rnnviz.panels.texts import translate

OPTIMISERS: tuple[type[Optimiser], ...] = (SGD, Momentum, RMSProp, Adam)


@final
@dataclass(frozen=True)
class Setting:
    """One number of a recipe.

    Attributes
    ----------
    id, label : str
        Its name; what stands above its field.
    takes : str
        One sentence: what it may be.
    read : callable
        Recipe -> the text of the field.
    write : callable
        Recipe and text -> the recipe with it; raises ValueError or EngineError.
    """

    id: str
    label: str
    takes: str
    read: Callable[[Recipe], str]
    write: Callable[[Recipe, str], Recipe]


def written(setting: Setting, recipe: Recipe, text: str) -> Recipe | None:
    """The recipe with a typed text; None if it cannot be."""
    try:
        plain = text.strip().replace("\N{MINUS SIGN}", "-").replace(",", ".")
        return setting.write(recipe, plain)
    except (ValueError, EngineError):
        return None


def with_optimiser(recipe: Recipe, kind: type[Optimiser]) -> Recipe:
    """The recipe with another rule; the learning rate and the weight decay stay."""
    old = recipe.optimiser
    if type(old) is kind:
        return recipe
    return replace(recipe, optimiser=kind(old.learning_rate, weight_decay=old.weight_decay))


def _with_rate(recipe: Recipe, text: str) -> Recipe:
    rate = float(text)
    if not 0 < rate < float("inf"):
        raise ValueError(text)
    return replace(recipe, optimiser=replace(recipe.optimiser, learning_rate=rate))


def _with_epochs(recipe: Recipe, text: str) -> Recipe:
    """A learning rate that falls to the end does so in as many epochs."""
    epochs, schedule = int(text), recipe.schedule
    if isinstance(schedule, Cosine) and schedule.total == recipe.epochs and epochs > 0:
        schedule = replace(schedule, total=epochs)
    return replace(recipe, epochs=epochs, schedule=schedule)


def settings() -> tuple[Setting, ...]:
    """All of them, in the order in which they stand."""
    return (
        Setting(
            "learning_rate",
            translate("Training", "learning rate"),
            translate("Training", "The learning rate is a number above 0."),
            lambda recipe: f"{recipe.optimiser.learning_rate:g}",
            _with_rate,
        ),
        Setting(
            "batch_size",
            translate("Training", "batch size"),
            translate("Training", "The batch size is a whole number, 1 or more."),
            lambda recipe: str(recipe.batch_size),
            lambda recipe, text: replace(recipe, batch_size=int(text)),
        ),
        Setting(
            "epochs",
            translate("Training", "epochs"),
            translate("Training", "The number of epochs is a whole number, 1 or more."),
            lambda recipe: str(recipe.epochs),
            _with_epochs,
        ),
        Setting(
            "clip_norm",
            translate("Training", "clip at"),
            translate("Training", "The largest norm of a gradient is above 0; empty for no limit."),
            lambda recipe: "" if recipe.clip_norm is None else f"{recipe.clip_norm:g}",
            lambda recipe, text: replace(recipe, clip_norm=float(text) if text else None),
        ),
        Setting(
            "seed",
            translate("Training", "seed"),
            translate("Training", "The seed is a whole number, 0 or more."),
            lambda recipe: str(recipe.seed),
            lambda recipe, text: replace(recipe, seed=int(text)),
        ),
    )
