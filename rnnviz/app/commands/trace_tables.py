"""A reading as text: what was read with, every quantity step by step, and the outputs."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from rnnviz.app.commands.reading import Reading
from rnnviz.app.screen import Screen
from rnnviz.app.tables import shortened, visible
from rnnviz.app.texts import tr
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import Gradients
from rnnviz.engine.text import number, printed
from rnnviz.engine.trace import Trace

FIRST_UNITS = 8
TOKEN_COLUMNS = 20
DIGITS = 4
NONE = "\N{EN DASH}"


def show(reading: Reading, ranges: tuple[range, ...] | None, screen: Screen) -> None:
    """Print a reading.

    Parameters
    ----------
    ranges : tuple of range or None
        The units that are shown; None shows the first eight.

    Raises
    ------
    EngineError
        A unit that is not there.
    """
    units = _chosen(ranges, reading.network.layers[0].hidden)
    _show_network(reading, screen)
    screen.line()
    screen.table(list(_quantities(reading, units)), _alignment(reading))
    screen.line()
    _explain(reading, units, screen)
    screen.line()
    screen.table(list(_outputs(reading)), "><>")
    screen.line()
    for line in _last_words(reading):
        screen.line(line)


def _chosen(ranges: tuple[range, ...] | None, hidden: int) -> tuple[int, ...]:
    wanted = (range(min(hidden, FIRST_UNITS)),) if ranges is None else ranges
    for one in wanted:
        if one[-1] >= hidden:
            raise EngineError(
                tr("unit: {came} came, the units are 0 to {last}").format(
                    came=one[-1], last=hidden - 1
                )
            )
    return tuple(dict.fromkeys(unit for one in wanted for unit in one))


# -------------------------------------------------------------------------------- before the table


def _show_network(reading: Reading, screen: Screen) -> None:
    made, cell = reading.network, reading.cell
    screen.line(", ".join(_facts(reading)))
    screen.line(
        tr("Input: {tokens} tokens, {different} of them different, as vectors of {units}").format(
            tokens=len(reading.tokens), different=len(reading.vocabulary), units=made.input.size
        )
    )
    screen.line(tr("The weights are random and untrained: the outputs mean nothing yet."))
    screen.line()
    parameters = frozenset(parameter.name for parameter in cell.parameters)
    for equation in cell.equations:
        right = printed(equation.expression, parameters)
        screen.line(f"  {equation.name}\N{LATIN SUBSCRIPT SMALL LETTER T} = {right}")


def _facts(reading: Reading) -> Iterator[str]:
    layers = reading.network.layers
    yield reading.cell.title
    if len(layers) > 1:
        yield tr("{count} layers").format(count=len(layers))
    if len(layers[0].directions) > 1:
        yield tr("bidirectional")
    yield tr("hidden units: {hidden}").format(hidden=layers[0].hidden)
    yield tr("weights: {count}").format(count=f"{reading.network.parameter_count:,}")
    yield tr("seed: {seed}").format(seed=reading.seed)
    yield str(reading.trace.weights.vector.dtype)


# ------------------------------------------------------------------------------------- the tables


def _alignment(reading: Reading) -> str:
    return "><<<>" if len(reading.parts) > 1 else "><<>"


def _quantities(reading: Reading, units: tuple[int, ...]) -> Iterator[list[str]]:
    """Gates and states of every step, with the norm of each and that of its gradient."""
    several = len(reading.parts) > 1
    where = [tr("where")] if several else []
    names = [tr("unit {number}").format(number=unit) for unit in units]
    yield [tr("step"), tr("token"), *where, "", *names, tr("norm"), tr("|gradient|")]
    rows = [(part, name) for part in reading.parts for name in reading.cell.quantities]
    columns = [
        column(reading.trace, reading.gradients, f"{part}/{name}", units) for part, name in rows
    ]
    for step, word in enumerate(reading.tokens):
        first = [str(step), token(word)]
        before = ""
        for (part, name), cells in zip(rows, columns, strict=True):
            place = [part if part != before else ""] if several else []
            yield [*first, *place, name, *next(cells)]
            first, before = ["", ""], part


def column(
    trace: Trace, gradients: Gradients, path: str, units: tuple[int, ...]
) -> Iterator[list[str]]:
    """For each step the chosen units of a quantity, its norm, and that of its gradient."""
    values = trace[path][:, 0]
    norms, slopes = _norms(values), _norms(gradients[path][:, 0])
    for value, size, slope in zip(values, norms, slopes, strict=True):
        chosen = [number(float(value[unit]), DIGITS) for unit in units]
        yield [*chosen, number(size, DIGITS), scientific(slope)]


def _outputs(reading: Reading) -> Iterator[list[str]]:
    """The probabilities, the answer, the target and the loss, where the network answers."""
    answer, target, loss = tr("answer"), tr("target"), tr("loss")
    yield [tr("step"), tr("token"), *map(token, reading.classes), answer, target, loss]
    probabilities = reading.trace["head/predictions"]
    for step, word in enumerate(reading.tokens):
        row = reading.answer_row(step)
        if row is None:
            continue
        shown = probabilities[row, 0]
        counts = reading.loss_steps == "every" or step == len(reading.tokens) - 1
        best = token(reading.classes[int(shown.argmax())]) if np.isfinite(shown).all() else NONE
        yield [
            str(step),
            token(word),
            *(number(float(p), DIGITS) for p in shown),
            best,
            token(reading.targets[step]) if counts else NONE,
            number(float(reading.losses[row]), DIGITS) if counts else NONE,
        ]


def token(text: str) -> str:
    """A token in one cell of a table."""
    return shortened(visible(text), TOKEN_COLUMNS)


def _norms(array: Array) -> list[float]:
    with np.errstate(all="ignore"):
        norms: list[float] = np.linalg.norm(array.astype(np.float64), axis=-1).tolist()
    return norms


def norm(array: Array) -> float:
    """The norm of all numbers together."""
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(array.astype(np.float64).ravel()))


def scientific(value: float) -> str:
    """A magnitude such as `3.21e−04`."""
    if not math.isfinite(value):
        return number(value)
    return f"{value:.2e}".replace("-", "\N{MINUS SIGN}")


# --------------------------------------------------------------------------------- after the table


def _explain(reading: Reading, units: tuple[int, ...], screen: Screen) -> None:
    hidden = reading.network.layers[0].hidden
    screen.line(tr("|gradient| is the norm of dL/d(the quantity at that step), over all units."))
    if len(units) < hidden:
        screen.line(
            tr("{shown} of {hidden} units are shown; --unit chooses others.").format(
                shown=len(units), hidden=hidden
            )
        )


def _last_words(reading: Reading) -> Iterator[str]:
    if reading.loss_steps == "every":
        yield tr("Loss: {loss}, summed over all steps.").format(loss=number(reading.loss, DIGITS))
    else:
        yield tr("Loss: {loss}, taken after the last token.").format(
            loss=number(reading.loss, DIGITS)
        )
    overflow = reading.trace.overflow
    if overflow is not None:
        yield tr("inf or nan first appears in {path} at step {step}, unit {unit}.").format(
            path=overflow.path, step=overflow.step, unit=overflow.unit
        )
