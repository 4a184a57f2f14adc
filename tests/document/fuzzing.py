"""Valid files damaged at random; as a program it reads thousands of them and says what it took."""

import random
import resource
import sys
from collections.abc import Callable

from rnnviz.document import storage
from rnnviz.document.errors import FileError
from rnnviz.document.storage.members import write_members
from tests.document.documents import KINDS, document
from tests.document.packing import zipped

NUMBERS = tuple(
    number.to_bytes(size, "little")
    for size in (1, 2, 4, 8)
    for number in (0, 1, 127, 2 ** (8 * size - 1) - 1, 2 ** (8 * size - 1), 2 ** (8 * size) - 1)
)
WORDS = (b"NaN", b"null", b"-1", b"1e999", b'"', b"}", b"[[", b"\\ud800", b"PK\5\6", b"F16", b"\0")

Damage = Callable[[bytearray, random.Random], None]


def turn_a_bit(data: bytearray, chance: random.Random) -> None:
    """Turn one bit."""
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def set_bytes(data: bytearray, chance: random.Random) -> None:
    """Put a number or a word over some bytes."""
    place, word = chance.randrange(len(data)), chance.choice(NUMBERS + WORDS)
    data[place : place + len(word)] = word


def insert_bytes(data: bytearray, chance: random.Random) -> None:
    """Put a number or a word between two bytes."""
    place = chance.randrange(len(data))
    data[place:place] = chance.choice(NUMBERS + WORDS)


def remove_bytes(data: bytearray, chance: random.Random) -> None:
    """Take some bytes away."""
    place = chance.randrange(len(data))
    del data[place : place + chance.choice((1, 2, 8, 100))]


def repeat_bytes(data: bytearray, chance: random.Random) -> None:
    """Put some bytes in elsewhere, often."""
    place, length = chance.randrange(len(data)), chance.choice((1, 8, 100))
    other = chance.randrange(len(data))
    data[other:other] = data[place : place + length] * chance.choice((1, 10))


def cut_off(data: bytearray, chance: random.Random) -> None:
    """Take the end away."""
    del data[chance.randrange(len(data)) :]


DAMAGES: tuple[Damage, ...] = (
    turn_a_bit,
    turn_a_bit,
    set_bytes,
    set_bytes,
    insert_bytes,
    remove_bytes,
    repeat_bytes,
    cut_off,
)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to four damages."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        if found:
            chance.choice(DAMAGES)(found, chance)
    return bytes(found)


def damaged_file(kind: str, chance: random.Random) -> bytes:
    """The file of a document with damages; in half of the files the zip around them is good."""
    if chance.random() < 0.5:
        return damaged(storage.to_bytes(document(kind)), chance)
    members = write_members(document(kind))
    name = chance.choice(sorted(members))
    return zipped({**members, name: damaged(members[name], chance)})


def peak() -> int:
    """The most memory that this process has had so far, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> None:
    """Read damaged files; print how many loaded, how many were refused, and the memory it took."""
    chance, loaded, refused = random.Random(int(sys.argv[2])), 0, 0
    kinds = sorted(KINDS)
    for kind in kinds:
        storage.from_bytes(storage.to_bytes(document(kind)))
    before = peak()
    for number in range(int(sys.argv[1])):
        data = damaged_file(kinds[number % len(kinds)], chance)
        try:
            again = storage.to_bytes(storage.from_bytes(data))
            loaded += storage.to_bytes(storage.from_bytes(again)) == again
        except FileError:
            refused += 1
    print(loaded, refused, peak() - before)


if __name__ == "__main__":
    main()
