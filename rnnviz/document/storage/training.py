"""How a network is trained, and how its first weights were drawn, as text."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

from rnnviz.document.limits import STEPS
from rnnviz.engine.errors import EngineError
from rnnviz.engine.initial_weights import Initialisation
from rnnviz.engine.optimisers import (
    SGD,
    Adam,
    Constant,
    Cosine,
    Exponential,
    Momentum,
    Optimiser,
    RMSProp,
    Schedule,
    StepDecay,
    WarmUp,
)
from rnnviz.engine.recipes import Recipe

Count = Annotated[int, Meta(ge=0, lt=2**53)]
LossSteps = (
    Literal["last", "every"]
    | Annotated[tuple[Annotated[int, Meta(ge=-STEPS, le=STEPS)], ...], Meta(max_length=STEPS)]
)


class _Kind(Struct, forbid_unknown_fields=True, tag_field="kind"):
    """One of several kinds, told apart by their names."""


class SGDText(_Kind, tag="sgd"):
    """See `optimisers.SGD`."""

    learning_rate: float
    weight_decay: float


class MomentumText(_Kind, tag="momentum"):
    """See `optimisers.Momentum`."""

    learning_rate: float
    weight_decay: float
    momentum: float
    nesterov: bool


class RMSPropText(_Kind, tag="rmsprop"):
    """See `optimisers.RMSProp`."""

    learning_rate: float
    weight_decay: float
    decay: float
    epsilon: float


class AdamText(_Kind, tag="adam"):
    """See `optimisers.Adam`."""

    learning_rate: float
    weight_decay: float
    beta1: float
    beta2: float
    epsilon: float


class ConstantText(_Kind, tag="constant"):
    """See `optimisers.Constant`."""


class StepDecayText(_Kind, tag="step decay"):
    """See `optimisers.StepDecay`."""

    every: Count
    factor: float


class ExponentialText(_Kind, tag="exponential"):
    """See `optimisers.Exponential`."""

    factor: float


class CosineText(_Kind, tag="cosine"):
    """See `optimisers.Cosine`."""

    total: Count
    floor: float


class WarmUpText(_Kind, tag="warm-up"):
    """See `optimisers.WarmUp`."""

    steps: Count
    then: ScheduleText


OptimiserText: TypeAlias = SGDText | MomentumText | RMSPropText | AdamText
ScheduleText: TypeAlias = ConstantText | StepDecayText | ExponentialText | CosineText | WarmUpText

OPTIMISER_TEXTS: dict[type[Optimiser], type[Any]] = {
    SGD: SGDText,
    Momentum: MomentumText,
    RMSProp: RMSPropText,
    Adam: AdamText,
}
SCHEDULE_TEXTS: dict[type[Schedule], type[Any]] = {
    Constant: ConstantText,
    StepDecay: StepDecayText,
    Exponential: ExponentialText,
    Cosine: CosineText,
    WarmUp: WarmUpText,
}
_PARTS: dict[type[Any], type[Any]] = {
    text: part for part, text in (*OPTIMISER_TEXTS.items(), *SCHEDULE_TEXTS.items())
}


class RecipeText(Struct, forbid_unknown_fields=True, frozen=True):
    """See `recipes.Recipe`."""

    optimiser: OptimiserText
    schedule: ScheduleText
    schedule_counts: Literal["epochs", "updates"]
    epochs: Count
    batch_size: Count
    clip_norm: float | None
    clip_value: float | None
    truncate: Count | None
    loss_steps: LossSteps | None
    per: Literal["position", "row"]
    seed: Count
    patience: Count | None
    every: Count | None
    probe: Count
    dtype: Literal["float32", "float64"] | None


class FillText(Struct, forbid_unknown_fields=True, frozen=True):
    """A scheme by its name, and its one number.

    Not `str | tuple[str, float]`: where the string has a largest length, msgspec 0.22 mixes it up
    with the length of the tuple and writes to foreign memory.
    """

    name: Annotated[str, Meta(max_length=64)]
    number: float | None


class InitialisationText(Struct, forbid_unknown_fields=True, frozen=True):
    """See `initial_weights.Initialisation`."""

    input: FillText
    recurrent: FillText
    embedding: FillText
    head: FillText
    transitions: FillText
    vector: FillText
    bias: float
    forget_bias: float | None
    spectral_radius: float | None


def write_recipe(recipe: Recipe) -> RecipeText:
    """A recipe as text.

    Raises
    ------
    EngineError
        An optimiser or a schedule that is none of ours.
    """
    fields = dict(vars(recipe))
    fields["optimiser"] = _write(recipe.optimiser, OPTIMISER_TEXTS)
    fields["schedule"] = _write(recipe.schedule, SCHEDULE_TEXTS)
    return RecipeText(**fields)


def _write(part: Any, known: dict[type[Any], type[Any]]) -> Any:
    text = known.get(type(part))
    if text is None:
        raise EngineError(f"recipe: {type(part).__name__} came, no file can hold it")
    fields = dict(vars(part))
    if isinstance(part, WarmUp):
        fields["then"] = _write(part.then, SCHEDULE_TEXTS)
    return text(**fields)


def read_recipe(text: RecipeText) -> Recipe:
    """The recipe of a text.

    Raises
    ------
    EngineError
        A setting out of range.
    """
    fields = _fields(text)
    fields |= {"optimiser": _read(text.optimiser), "schedule": _read(text.schedule)}
    return Recipe(**fields)


def _read(text: Any) -> Any:
    fields = _fields(text)
    if isinstance(text, WarmUpText):
        fields["then"] = _read(text.then)
    return _PARTS[type(text)](**fields)


def _fields(text: Struct) -> dict[str, Any]:
    return {name: getattr(text, name) for name in text.__struct_fields__}


def write_scheme(scheme: Initialisation) -> InitialisationText:
    """How first weights were drawn, as text."""
    return InitialisationText(**{name: _write_fill(part) for name, part in vars(scheme).items()})


def _write_fill(part: Any) -> Any:
    if isinstance(part, str):
        return FillText(part, None)
    return FillText(*part) if isinstance(part, tuple) else part


def read_scheme(text: InitialisationText) -> Initialisation:
    """How first weights were drawn, from a text.

    Raises
    ------
    EngineError
        An unknown scheme, a number out of range.
    """
    return Initialisation(**{name: _read_fill(part) for name, part in _fields(text).items()})


def _read_fill(part: Any) -> Any:
    if not isinstance(part, FillText):
        return part
    return part.name if part.number is None else (part.name, part.number)
