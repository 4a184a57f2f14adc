"""The commands that move the playhead, and those of undo."""

from __future__ import annotations

from rnnviz.app.window.menus import Command
from rnnviz.session.playhead import SPEEDS
from rnnviz.session.session import Session


def playing_commands(session: Session) -> dict[str, Command]:
    """Id -> what it does. None of these takes an argument, but `set_speed` the speed."""
    playhead = session.view.playhead

    def play(_: object) -> None:
        if playhead.is_playing:
            playhead.pause()
        else:
            playhead.play()

    def change_speed(way: int) -> None:
        nearest = min(range(len(SPEEDS)), key=lambda n: abs(SPEEDS[n] - playhead.speed))
        playhead.set_speed(SPEEDS[max(0, min(nearest + way, len(SPEEDS) - 1))])

    def set_speed(speed: object) -> None:
        if isinstance(speed, int | float):
            playhead.set_speed(float(speed))

    return {
        "play": play,
        "next_operation": lambda _: playhead.next_operation(),
        "previous_operation": lambda _: playhead.previous_operation(),
        "next_step": lambda _: playhead.next_step(),
        "previous_step": lambda _: playhead.previous_step(),
        "go_to_start": lambda _: playhead.go_to_start(),
        "go_to_end": lambda _: playhead.go_to_end(),
        "faster": lambda _: change_speed(1),
        "slower": lambda _: change_speed(-1),
        "set_speed": set_speed,
        "undo": lambda _: session.undo(),
        "redo": lambda _: session.redo(),
    }
