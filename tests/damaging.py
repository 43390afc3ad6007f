"""Damage as it happens to files: cut short, bits flipped, blocks zeroed or lost, objects exchanged. By seed, so the same."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OBJECT = re.compile(rb"(?:^|(?<=[\r\n]))(\d+) (\d+) obj\b(.*?)\bendobj\b", re.DOTALL)
_BLOCK = 512
"""The size of the blocks in which disks and networks lose bytes."""


def cut_short(pdf: bytes, dice: random.Random) -> bytes:
    """The file's beginning."""
    return pdf[: dice.randrange(len(pdf))]


def cut_near_the_end(pdf: bytes, dice: random.Random) -> bytes:
    """The file without some of its last bytes, where its table of objects is."""
    return pdf[: -dice.randint(1, min(4 * _BLOCK, len(pdf) - 1))]


def bits_flipped(pdf: bytes, dice: random.Random) -> bytes:
    """A few bits anywhere the other way round."""
    data = bytearray(pdf)
    for _ in range(dice.choice((1, 3, 10, 100))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def block_zeroed(pdf: bytes, dice: random.Random) -> bytes:
    """A block of zeros."""
    start = dice.randrange(len(pdf))
    length = min(dice.choice((8, 64, _BLOCK, 8 * _BLOCK)), len(pdf) - start)
    return pdf[:start] + bytes(length) + pdf[start + length :]


def block_lost(pdf: bytes, dice: random.Random) -> bytes:
    """A block left out: everything behind it stands elsewhere than the table of objects says."""
    start = dice.randrange(len(pdf))
    return pdf[:start] + pdf[start + dice.choice((1, 8, 64, _BLOCK)) :]


def block_doubled(pdf: bytes, dice: random.Random) -> bytes:
    """A block that stands twice."""
    start = dice.randrange(len(pdf))
    length = dice.choice((8, 64, _BLOCK))
    return pdf[: start + length] + pdf[start:]


def objects_exchanged(pdf: bytes, dice: random.Random) -> bytes:
    """Two objects that bear each other's numbers: a page for a font, a picture for a stream of text."""
    found = list(_OBJECT.finditer(pdf))
    if len(found) < 2:
        return bits_flipped(pdf, dice)
    one, other = sorted(dice.sample(found, 2), key=lambda match: match.start())
    parts = (pdf[: one.start(3)], other[3], pdf[one.end(3) : other.start(3)], one[3], pdf[other.end(3) :])
    return b"".join(parts)


def object_lost(pdf: bytes, dice: random.Random) -> bytes:
    """An object that is not there any more, blanked out in its place."""
    found = list(_OBJECT.finditer(pdf))
    if not found:
        return block_zeroed(pdf, dice)
    lost = dice.choice(found)
    return pdf[: lost.start()] + b" " * (lost.end() - lost.start()) + pdf[lost.end() :]


def joined(pdf: bytes, dice: random.Random) -> bytes:
    """The file's end behind another beginning of it, as two downloads of one file run into each other."""
    return pdf[: dice.randrange(len(pdf))] + pdf[dice.randrange(len(pdf)) :]


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    cut_short,
    cut_near_the_end,
    bits_flipped,
    block_zeroed,
    block_lost,
    block_doubled,
    objects_exchanged,
    object_lost,
    joined,
)
"""Every kind of damage."""


def damaged(pdf: bytes, versions: int, seed: object = 0) -> Iterator[tuple[str, bytes]]:
    """So many damaged versions of a PDF, kind after kind, each with a name."""
    for number in range(versions):
        damage = DAMAGES[number % len(DAMAGES)]
        dice = random.Random(f"{seed} {number}")  # noqa: S311 - a seed is what makes it repeatable
        yield f"{number:03} {damage.__name__.replace('_', ' ')}", damage(pdf, dice)
