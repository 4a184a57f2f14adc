"""Hand-tuned places of the built-in cells; they share one geometry, so they can be compared."""

from __future__ import annotations

from rnnviz.engine.cell import Cell
from rnnviz.panels.cell.shape import (
    GATE_Y,
    LINE_Y,
    MIDDLE_Y,
    ROAD_Y,
    WIDTH,
    Point,
)

GATE_TOP, GATE_FOOT = GATE_Y - 15.0, GATE_Y + 15.0
R = 10.5
"""The radius of a round operation."""
F_X, I_X, G_X, O_X, H_X = 81.6, 153.0, 212.16, 271.32, 326.4
PILL_Y = 85.0

Places = dict[str, Point]
Ways = dict[tuple[str, str], tuple[Point, ...]]
"""(value, node that it reaches) -> the way; "" is out of the cell."""

LSTM_PLACES: Places = {
    "f": (F_X, GATE_Y),
    "i": (I_X, GATE_Y),
    "g": (G_X, GATE_Y),
    "o": (O_X, GATE_Y),
    "f * c_prev": (F_X, ROAD_Y),
    "i * g": (G_X, MIDDLE_Y),
    "c": (G_X, ROAD_Y),
    "tanh(c)": (H_X, PILL_Y),
    "h": (H_X, MIDDLE_Y),
}
LSTM_WAYS: Ways = {
    ("f", "f * c_prev"): ((F_X, GATE_TOP), (F_X, ROAD_Y + R)),
    ("i", "i * g"): ((I_X, GATE_TOP), (I_X, MIDDLE_Y), (G_X - R, MIDDLE_Y)),
    ("g", "i * g"): ((G_X, GATE_TOP), (G_X, MIDDLE_Y + R)),
    ("i * g", "c"): ((G_X, MIDDLE_Y - R), (G_X, ROAD_Y + R)),
    ("o", "h"): ((O_X, GATE_TOP), (O_X, MIDDLE_Y), (H_X - R, MIDDLE_Y)),
    ("c", "tanh(c)"): ((H_X, ROAD_Y + 8), (H_X, PILL_Y - 9)),
    ("tanh(c)", "h"): ((H_X, PILL_Y + 9), (H_X, MIDDLE_Y - R)),
    ("h", ""): ((H_X, MIDDLE_Y + R), (H_X, LINE_Y), (WIDTH, LINE_Y)),
    ("c_prev", "f * c_prev"): ((0.0, ROAD_Y), (F_X - R, ROAD_Y)),
    ("f * c_prev", "c"): ((F_X + R, ROAD_Y), (G_X - R, ROAD_Y)),
    ("c", ""): ((G_X + R, ROAD_Y), (WIDTH, ROAD_Y)),
}
LSTM_PILLS: Places = {
    "f": (F_X, 110.0),
    "i": (I_X, 142.0),
    "g": (G_X, 147.5),
    "o": (O_X, 142.0),
    "i * g": (G_X, 82.8),
    "c_prev": (30.6, ROAD_Y),
    "f * c_prev": (146.9, ROAD_Y),
    "c": (275.0, ROAD_Y),
    "h": (H_X, 178.8),
    "h_prev": (56.0, LINE_Y),
}

# ---------------------------------------------------------------- its variants

COUPLED_PLACES: Places = {
    **{name: at for name, at in LSTM_PLACES.items() if name not in ("i", "i * g")},
    "1 - f": (I_X, MIDDLE_Y),
    "(1 - f) * g": (G_X, MIDDLE_Y),
}
COUPLED_WAYS: Ways = {
    **{way: points for way, points in LSTM_WAYS.items() if not {"i", "i * g"} & set(way)},
    ("f", "1 - f"): ((F_X, MIDDLE_Y), (I_X - 16, MIDDLE_Y)),
    ("1 - f", "(1 - f) * g"): ((I_X + 16, MIDDLE_Y), (G_X - R, MIDDLE_Y)),
    ("g", "(1 - f) * g"): LSTM_WAYS["g", "i * g"],
    ("(1 - f) * g", "c"): LSTM_WAYS["i * g", "c"],
}
COUPLED_PILLS: Places = {
    **{name: at for name, at in LSTM_PILLS.items() if name not in ("i", "i * g", "f")},
    "f": (F_X, 90.0),
    "(1 - f) * g": LSTM_PILLS["i * g"],
}
EARLY_PLACES: Places = {
    name: at for name, at in LSTM_PLACES.items() if name not in ("f", "f * c_prev")
}
EARLY_WAYS: Ways = {
    **{
        way: points
        for way, points in LSTM_WAYS.items()
        if "f" not in way and way[1] != "f * c_prev"
    },
    ("c_prev", "c"): ((0.0, ROAD_Y), (G_X - R, ROAD_Y)),
}
EARLY_WAYS.pop(("f * c_prev", "c"))
EARLY_PILLS: Places = {
    name: at for name, at in LSTM_PILLS.items() if name not in ("f", "f * c_prev")
}

# ------------------------------------------------------------------------ GRU

R_X, Z_X, N_X, SIDE_X = 96.0, 178.0, 262.0, 52.0
RESET_Y, SPLIT_Y = 106.0, 128.0
GRU_PLACES: Places = {
    "r": (R_X, GATE_Y),
    "z": (Z_X, GATE_Y),
    "n": (N_X, GATE_Y),
    "r * h_prev": (R_X, RESET_Y),
    "1 - z": (Z_X, 82.0),
    "(1 - z) * h_prev": (Z_X, ROAD_Y),
    "z * n": (N_X, SPLIT_Y),
    "h": (N_X, ROAD_Y),
}
N_SIDE, SWAPPED_X = N_X - 31.0, 207.0
_OUT = ((N_X + R, ROAD_Y), (H_X, ROAD_Y), (H_X, LINE_Y), (WIDTH, LINE_Y))
GRU_WAYS: Ways = {
    ("h_prev", "r * h_prev"): ((SIDE_X, RESET_Y), (R_X - R, RESET_Y)),
    ("r", "r * h_prev"): ((R_X, GATE_TOP), (R_X, RESET_Y + R)),
    ("r * h_prev", "n"): (
        (R_X + R, RESET_Y),
        (N_SIDE, RESET_Y),
        (N_SIDE, GATE_Y),
        (N_X - 20.25, GATE_Y),
    ),
    ("z", "1 - z"): ((Z_X, GATE_TOP), (Z_X, 91.0)),
    ("1 - z", "(1 - z) * h_prev"): ((Z_X, 73.0), (Z_X, ROAD_Y + R)),
    ("h_prev", "(1 - z) * h_prev"): (
        (SIDE_X, LINE_Y),
        (SIDE_X, ROAD_Y),
        (Z_X - R, ROAD_Y),
    ),
    ("z", "z * n"): ((Z_X, SPLIT_Y), (N_X - R, SPLIT_Y)),
    ("n", "z * n"): ((N_X, GATE_TOP), (N_X, SPLIT_Y + R)),
    ("z * n", "h"): ((N_X, SPLIT_Y - R), (N_X, ROAD_Y + R)),
    ("(1 - z) * h_prev", "h"): ((Z_X + R, ROAD_Y), (N_X - R, ROAD_Y)),
    ("h", ""): _OUT,
}
GRU_PILLS: Places = {
    "r": (R_X, 136.0),
    "r * h_prev": (152.0, RESET_Y),
    "z": (Z_X, 148.0),
    "n": (N_X, 151.0),
    "z * n": (N_X, 84.0),
    "(1 - z) * h_prev": (220.0, ROAD_Y),
    "h": (H_X, 136.0),
    "h_prev": (110.0, ROAD_Y),
}

# Where the reset gate acts after the product: m = U_n h + d_n is a box of its own.
M_X = 46.0
AFTER_PLACES: Places = {
    **{name: at for name, at in GRU_PLACES.items() if name != "r * h_prev"},
    "m": (M_X + 6, GATE_Y),
    "r": (R_X + 14, GATE_Y),
    "r * m": (R_X + 14, RESET_Y),
}
AFTER_WAYS: Ways = {
    **{
        way: points
        for way, points in GRU_WAYS.items()
        if "r" not in way and "r * h_prev" not in way
    },
    ("m", "r * m"): (
        (M_X + 6, GATE_TOP),
        (M_X + 6, RESET_Y),
        (R_X + 14 - R, RESET_Y),
    ),
    ("r", "r * m"): ((R_X + 14, GATE_TOP), (R_X + 14, RESET_Y + R)),
    ("r * m", "n"): (
        (R_X + 14 + R, RESET_Y),
        (N_SIDE, RESET_Y),
        (N_SIDE, GATE_Y),
        (N_X - 20.25, GATE_Y),
    ),
    ("h_prev", "(1 - z) * h_prev"): ((16.0, LINE_Y), (16.0, ROAD_Y), (Z_X - R, ROAD_Y)),
}
AFTER_PILLS: Places = {
    **{name: at for name, at in GRU_PILLS.items() if name not in ("r", "r * h_prev")},
    "m": (M_X + 6, 136.0),
    "r": (R_X + 14, 136.0),
    "r * m": (R_X + 62, RESET_Y),
}


def _swapped(places: dict[str, Point]) -> Places:
    """The places of a GRU whose z keeps and whose 1 - z writes."""
    names = {"(1 - z) * h_prev": "z * h_prev", "z * n": "(1 - z) * n"}
    found = {names.get(name, name): at for name, at in places.items()}
    if "1 - z" in found:
        found["1 - z"] = (SWAPPED_X, SPLIT_Y)
    return found


def _swapped_ways(ways: Ways) -> Ways:
    names = {"(1 - z) * h_prev": "z * h_prev", "z * n": "(1 - z) * n"}
    found = {
        (names.get(a, a), names.get(b, b)): points
        for (a, b), points in ways.items()
        if "z" not in (a, b) and "1 - z" not in (a, b)
    }
    found["z", "z * h_prev"] = ((Z_X, GATE_TOP), (Z_X, ROAD_Y + R))
    found["z", "1 - z"] = ((Z_X, SPLIT_Y), (SWAPPED_X - 19, SPLIT_Y))
    found["1 - z", "(1 - z) * n"] = ((SWAPPED_X + 19, SPLIT_Y), (N_X - R, SPLIT_Y))
    return found


# ------------------------------------------------------------------------ RNN

RNN_X = 178.0
RNN_PLACES: Places = {"h": (RNN_X, GATE_Y)}
RNN_WAYS: Ways = {
    ("h", ""): (
        (RNN_X, GATE_TOP),
        (RNN_X, MIDDLE_Y),
        (H_X, MIDDLE_Y),
        (H_X, LINE_Y),
        (WIDTH, LINE_Y),
    )
}
RNN_PILLS: Places = {"h_prev": (104.0, LINE_Y), "h": (252.0, MIDDLE_Y)}

BUILT_IN: dict[str, tuple[Places, Ways, Places]] = {
    "lstm": (LSTM_PLACES, LSTM_WAYS, LSTM_PILLS),
    "lstm_peephole": (LSTM_PLACES, LSTM_WAYS, LSTM_PILLS),
    "lstm_1997": (EARLY_PLACES, EARLY_WAYS, EARLY_PILLS),
    "lstm_coupled": (COUPLED_PLACES, COUPLED_WAYS, COUPLED_PILLS),
    "gru": (GRU_PLACES, GRU_WAYS, GRU_PILLS),
    "gru_swapped": (_swapped(GRU_PLACES), _swapped_ways(GRU_WAYS), _swapped(GRU_PILLS)),
    "gru_reset_after": (AFTER_PLACES, AFTER_WAYS, AFTER_PILLS),
    "gru_pytorch": (_swapped(AFTER_PLACES), _swapped_ways(AFTER_WAYS), _swapped(AFTER_PILLS)),
    "rnn": (RNN_PLACES, RNN_WAYS, RNN_PILLS),
    "rnn_relu": (RNN_PLACES, RNN_WAYS, RNN_PILLS),
}


def built_in(cell: Cell) -> tuple[Places, Ways, Places] | None:
    """Places, ways and pills of a built-in cell; None for any other."""
    return BUILT_IN.get(cell.name.partition("+")[0])
