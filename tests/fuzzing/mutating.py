"""Mutations that know what a PDF is: they change objects, dictionaries, references and what a page draws, not just bytes.

A mutated PDF keeps a sound table of objects most of the time, so that readers get as far as the mutation. The same seed
gives the same mutation.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.damaging import DAMAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_OBJECT = re.compile(rb"(?:^|(?<=[\r\n]))(\d{1,7}) (\d{1,5}) obj\b(.*?)\bendobj\b", re.DOTALL)
_STREAM = re.compile(rb"(.*?)\bstream\r?\n(.*)\r?\nendstream", re.DOTALL)
_TRAILER = re.compile(rb"trailer\s*(<<.*?>>)\s*startxref", re.DOTALL)
_ENTRY = re.compile(
    rb"/([A-Za-z0-9]+)\s*(\[[^\[\]]{0,200}\]|\d+ \d+ R|/[A-Za-z0-9]+|\([^()]{0,80}\)|-?[0-9.]+|true|false|null)"
)
_NUMBER = re.compile(rb"(?<![A-Za-z0-9.])-?[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9.])")
_STRING = re.compile(rb"\(((?:[^()\\]|\\.){0,400})\)")
_LENGTH = re.compile(rb"/Length \d+( \d+ R)?")

_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"0.0000001",
    b"1e5",
    b"99999999999999999999",
    b"-32768.5",
    b"2147483648",
    b"--3",
    b"1.2.3",
    b".",
    b"nan",
)
_VALUES = (
    *_NUMBERS,
    b"null",
    b"true",
    b"[]",
    b"[ [ [ 1 ] ] ]",
    b"[0 0 0 0]",
    b"[0 0 1000000000 1000000000]",
    b"[100 100 -100 -100]",
    b"<< >>",
    b"()",
    b"<>",
    b"<FEFF0031>",
    b"(\\000\\377)",
    b"/",
    b"/Name",
    b"/FlateDecode",
    b"[/ASCIIHexDecode /FlateDecode]",
    b"/Identity-H",
    b"/Type3",
    b"90",
    b"45",
    b"99999 0 R",
)
_OPERATORS = (b"q", b"Q", b"BT", b"ET", b"W n", b"f", b"S", b"h", b"EMC", b"BMC", b"T*", b"B*", b"b")
_LINES = (
    b"1 0 0 1 0 0 cm",
    b"0 0 0 0 0 0 cm",
    b"1e9 0 0 1e9 0 0 cm",
    b"0 1 -1 0 0 0 cm",
    b"0 0 0 0 0 0 Tm",
    b"-1 0 0 1 300 300 Tm",
    b"0 Tz",
    b"-100 Tz",
    b"3 Tr",
    b"100 Tc",
    b"-50 TL",
    b"0 0 720 405 re f",
    b"0 0 m 0 0 l S",
    b"0 0 -5 -5 re S",
    b"1 2 3 c",
    b"re",
    b"/F1 0 Tf",
    b"/F1 -12 Tf",
    b"/Nothing 9 Tf",
    b"/Nothing Do",
    b"/Nothing gs",
    b"/Pattern cs /Nothing scn",
    b"/Span << /ActualText (3) >> BDC",
    b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI",
    b"BI /W 99999 /H 99999 ID EI",
    b"[(1) -1e9 (2)] TJ",
    b"[] TJ",
    b"(",
    b"<",
    b"]",
)
_TEXTS = (
    b"",
    b" ",
    b"3 million dollar",
    b"[2.5 billion dollar]",
    b"a part of 0.9 million dollar",
    b"USD 99999999999999999999 billion",
    b"FY2099",
    b"\\000",
    b"\\377\\376",
    b"\\(\\)",
    b"\\200\\201\\202",
    b"1" * 300,
    b"word " * 60,
    b"-",
    b".",
    b"- - - - -",
    b"(Note 1)",
    b"(Note 99999999999999999999)",
    b"[New]",
)


@dataclass
class _Parsed:
    """A PDF as its objects, `number generation`, and its trailer's dictionary."""

    objects: list[tuple[bytes, bytes, bytes]]
    trailer: bytes


def _parsed(pdf: bytes) -> _Parsed | None:
    objects = [(m[1], m[2], m[3]) for m in _OBJECT.finditer(pdf)]
    trailer = _TRAILER.search(pdf)
    return _Parsed(objects, trailer[1]) if objects and trailer else None


def _written(parsed: _Parsed, dice: random.Random) -> bytes:
    """The PDF with its objects' places and the streams' lengths as they are, now and then as they were."""
    exact = dice.random() < 0.9
    parts, places, at = [b"%PDF-1.7\n"], {}, 9
    for number, generation, body in parsed.objects:
        if exact and (found := _STREAM.match(body)):
            length = b"/Length %d" % len(found[2])
            body = _LENGTH.sub(length, found[1], count=1) + body[len(found[1]) :]
        places[int(number)] = at
        parts.append(b"%s %s obj%sendobj\n" % (number, generation, body))
        at += len(parts[-1])
    count = min(max(places, default=0) + 1, 10_000)
    table = [b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(count)]
    parts += [b"xref\n0 %d\n" % count, *table, b"trailer\n", parsed.trailer, b"\nstartxref\n%d\n%%%%EOF\n" % at]
    return b"".join(parts)


def mutated(pdf: bytes, seed: int, others: Sequence[bytes] = ()) -> bytes:
    """The PDF with one to eight mutations. `others` are PDFs whose objects may come into it."""
    dice = random.Random(seed)  # noqa: S311 - a seed is what makes it repeatable
    parsed = _parsed(pdf)
    if parsed is None or dice.random() < 0.05:
        return dice.choice(DAMAGES)(pdf, dice) if pdf else b"%PDF-1.7\n"
    for _ in range(dice.choice((1, 1, 2, 3, 8))):
        if others and dice.random() < 0.05:
            _transplanted(parsed, dice.choice(others), dice)
        else:
            dice.choice(_MUTATIONS)(parsed, dice)
    return _written(parsed, dice)


def _place(parsed: _Parsed, dice: random.Random, *, stream: bool) -> int:
    """An object that has a stream of operators, or any."""
    drawing = [n for n, (_, _, body) in enumerate(parsed.objects) if b"stream" in body and b" Tf" in body]
    return dice.choice(drawing) if stream and drawing else dice.randrange(len(parsed.objects))


def _change(parsed: _Parsed, at: int, body: bytes) -> None:
    parsed.objects[at] = (*parsed.objects[at][:2], body)


def _entry_changed(parsed: _Parsed, dice: random.Random) -> None:
    """Another value for a key of a dictionary, or the key left out."""
    at = _place(parsed, dice, stream=False)
    head, mark, rest = parsed.objects[at][2].partition(b"stream")
    entries = list(_ENTRY.finditer(head))
    if not entries:
        return
    entry = dice.choice(entries)
    value = dice.choice((*_VALUES, b"%s 0 R" % dice.choice(parsed.objects)[0], dice.choice(entries)[2]))
    new = b"" if dice.random() < 0.15 else b"/%s %s" % (entry[1], value)
    _change(parsed, at, head[: entry.start()] + new + head[entry.end() :] + mark + rest)


def _trailer_changed(parsed: _Parsed, dice: random.Random) -> None:
    """Another value for a key of the trailer."""
    entries = list(_ENTRY.finditer(parsed.trailer))
    if entries and dice.random() < 0.3:
        entry = dice.choice(entries)
        parsed.trailer = (
            parsed.trailer[: entry.start()]
            + b"/%s %s" % (entry[1], dice.choice(_VALUES))
            + parsed.trailer[entry.end() :]
        )


def _lines_changed(parsed: _Parsed, dice: random.Random) -> None:
    """Lines of what is drawn left out, doubled, moved, many times over, or new ones."""
    at = _place(parsed, dice, stream=True)
    body = parsed.objects[at][2]
    found = _STREAM.match(body)
    if not found:
        return
    lines = found[2].split(b"\n")
    place, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    few = dice.choice((1, 1, 5, 40))
    match dice.randrange(6):
        case 0:
            del lines[place : place + few]
        case 1:
            lines[other:other] = lines[place : place + few]
        case 2:
            lines[place], lines[other] = lines[other], lines[place]
        case 3:
            lines.insert(place, dice.choice(_LINES))
        case 4:
            lines.insert(place, dice.choice(_OPERATORS))
        case _:
            lines[place:place] = [dice.choice((*_LINES, lines[other]))] * dice.choice((3, 50, 500))
    _change(parsed, at, found[1] + b"stream\n" + b"\n".join(lines) + b"\nendstream\n")


def _number_changed(parsed: _Parsed, dice: random.Random) -> None:
    """Another number in what is drawn, or in any object."""
    at = _place(parsed, dice, stream=dice.random() < 0.8)
    _replaced(parsed, at, _NUMBER, dice, lambda old: dice.choice((*_NUMBERS, old + b"0", b"-" + old)))


def _text_changed(parsed: _Parsed, dice: random.Random) -> None:
    """Another text in what is drawn."""
    at = _place(parsed, dice, stream=True)
    texts = [match[1] for match in _STRING.finditer(parsed.objects[at][2])] or [b"x"]
    _replaced(parsed, at, _STRING, dice, lambda _: b"(%s)" % dice.choice((*_TEXTS, dice.choice(texts))))


def _replaced(
    parsed: _Parsed, at: int, pattern: re.Pattern[bytes], dice: random.Random, new: Callable[[bytes], bytes]
) -> None:
    body = parsed.objects[at][2]
    found = list(pattern.finditer(body))
    if found:
        match = dice.choice(found)
        _change(parsed, at, body[: match.start()] + new(match[0]) + body[match.end() :])


def _object_changed(parsed: _Parsed, dice: random.Random) -> None:
    """An object that is another's, or twice there, or gone."""
    at, other = (_place(parsed, dice, stream=False) for _ in range(2))
    match dice.randrange(3):
        case 0:
            _change(parsed, at, parsed.objects[other][2])
        case 1:
            parsed.objects.append((parsed.objects[at][0], b"0", parsed.objects[other][2]))
        case _ if len(parsed.objects) > 1:
            del parsed.objects[at]


def _bytes_changed(parsed: _Parsed, dice: random.Random) -> None:
    """A few bytes of one object changed, whatever they are."""
    at = _place(parsed, dice, stream=False)
    data = bytearray(parsed.objects[at][2])
    for _ in range(dice.choice((1, 1, 4))):
        if data:
            data[dice.randrange(len(data))] = dice.randrange(256)
    _change(parsed, at, bytes(data))


def _transplanted(parsed: _Parsed, other: bytes, dice: random.Random) -> None:
    """An object of another PDF in the place of one here."""
    donor = _parsed(other)
    if donor is not None:
        _change(parsed, _place(parsed, dice, stream=False), dice.choice(donor.objects)[2])


_MUTATIONS = (
    _entry_changed,
    _entry_changed,
    _trailer_changed,
    _lines_changed,
    _lines_changed,
    _number_changed,
    _number_changed,
    _text_changed,
    _object_changed,
    _bytes_changed,
)
