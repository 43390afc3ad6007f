"""What a stream of a PDF has once it is decompressed: counted to a bound, and never kept longer than it takes to count.

A few kilobytes can be made to inflate to gigabytes, and libraries inflate first and look then. So each stream is
inflated here before them, step by step.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playa.pdftypes import ContentStream, PSLiteral, resolve1

import pipeline.reading.playa_classes  # noqa: F401 - see there

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeGuard

_STEP = 2**16
"""So many bytes are inflated at a time."""

_FLATE, _LZW, _RUN_LENGTH = ("FlateDecode", "Fl"), ("LZWDecode", "LZW"), ("RunLengthDecode", "RL")
_COMPRESSING = (*_FLATE, *_LZW, *_RUN_LENGTH)
_HEXADECIMAL, _BASE_85 = ("ASCIIHexDecode", "AHx"), ("ASCII85Decode", "A85")

_NOT_FILTERING = ("Crypt",)
"""Filters whose work `deciphered` has done."""

_SAMPLE_BITS = 8

_LZW_CLEAR, _LZW_END, _LZW_FIRST = 256, 257, 258
_LZW_WIDTHS = (9, 10, 11, 12)

_RUN_END = 128
"""This length byte ends run-length data; below it that many bytes and one more follow, above it one is repeated."""


@dataclass(frozen=True)
class Inflated:
    """The bytes of a stream once it is decompressed, counted to just above the bound, and what is wrong with it.

    `data` holds them where they were asked for and are within the bound. An image is not decoded.
    """

    size: int
    problem: str | None = None
    data: bytes = b""


def inflated(stream: ContentStream, most: int, *, keep: bool = False) -> Inflated:
    """Decompress a stream to just beyond `most` bytes. Its filters are applied up to the first that this cannot apply.

    A problem is a stream that is compressed twice (on no slide, and each time makes a thousand of one), one whose
    compression is broken, and one with a filter that only pictures have, or that nobody knows. A predictor's row counts
    where it is longer than what is decompressed: readers make room for it. Raises what playa raises where the stream's
    dictionary or encryption is malformed.
    """
    filters = filters_of(stream)
    if sum(name in _COMPRESSING for name, _ in filters) > 1:
        return Inflated(0, "it is compressed twice")
    raw = deciphered(stream)
    for name, parameters in filters:
        row = _predicted_row(parameters)
        if name in _HEXADECIMAL or name in _BASE_85:
            raw = _plain(name, raw)
            continue
        if name in _FLATE:
            pieces: Iterable[bytes] = _flate(raw)
        elif name in _LZW:
            size, is_sound = _lzw_size(raw, most)
            # Only with early change, which nearly all have, are the widths of the codes those counted with.
            early = whole_number(parameters.get("EarlyChange"), 1) == 1
            problem = "its codes are malformed" if early and not is_sound else None
            return Inflated(max(size, row), problem, _lzw(raw) if keep and size <= most else b"")
        elif name in _RUN_LENGTH:
            pieces = _run_length(raw)
        elif name in _NOT_FILTERING:
            continue
        else:  # a picture's, or one that readers do not know either
            return Inflated(len(raw), f"the filter {name} is none for what is drawn")
        found = _counted(pieces, most, keep=keep)
        return Inflated(max(found.size, row), found.problem, found.data)
    return Inflated(len(raw), None, raw if keep and len(raw) <= most else b"")


def is_stream(value: object) -> TypeGuard[ContentStream]:
    """Whether `value` is a stream; asked of its type alone, for what `playa_classes` says."""
    return type(value) is ContentStream


def filters_of(stream: ContentStream) -> list[tuple[str, Mapping[str, Any]]]:
    """The stream's filters in the order in which a reader applies them, each with its parameters."""
    return [(f.name, parameters) for f, parameters in stream.get_filters() if isinstance(f, PSLiteral)]


def deciphered(stream: ContentStream) -> bytes:
    """What stands in the file, decrypted."""
    if stream.decipher is None or stream.objid is None or stream.genno is None:
        return bytes(stream.rawdata)
    return bytes(stream.decipher(stream.objid, stream.genno, stream.rawdata, stream.attrs))


def whole_number(value: object, default: int = 0) -> int:
    """A number in a dictionary, itself or by reference; the default where it is none."""
    value = resolve1(value)  # type: ignore[arg-type]
    return int(value) if isinstance(value, int | float) and abs(value) < 2**63 else default


def _predicted_row(parameters: Mapping[str, Any]) -> int:
    """The bytes of one row of a predictor, which are as many as its parameters claim."""
    if whole_number(parameters.get("Predictor"), 1) <= 1:
        return 0
    columns, colours = whole_number(parameters.get("Columns"), 1), whole_number(parameters.get("Colors"), 1)
    return columns * colours * whole_number(parameters.get("BitsPerComponent"), _SAMPLE_BITS) // _SAMPLE_BITS


def _counted(pieces: Iterable[bytes], most: int, *, keep: bool) -> Inflated:
    kept, size = [], 0
    try:
        for piece in pieces:
            size += len(piece)
            if size > most:
                return Inflated(size)
            if keep:
                kept.append(piece)
    except zlib.error as error:
        return Inflated(size, str(error), b"".join(kept))
    return Inflated(size, None, b"".join(kept))


def _flate(raw: bytes) -> Iterator[bytes]:
    inflating = zlib.decompressobj()
    while raw and not inflating.eof:
        yield inflating.decompress(raw, _STEP)
        raw = inflating.unconsumed_tail
    if not inflating.eof:
        raise zlib.error("it ends too soon")


def _lzw(raw: bytes) -> bytes:
    from playa.lzw import lzwdecode

    return bytes(lzwdecode(raw))


def _lzw_size(raw: bytes, most: int) -> tuple[int, bool]:
    """The bytes that LZW codes stand for, counted to just beyond `most` by the lengths of what they stand for.

    Also whether every code stands for something; readers stop at one that does not, without a word.

    Codes have 9 bits and one more each time the table has grown to a power of two less one (ISO 32000-1, 7.4.4).
    """
    lengths = [1] * _LZW_FIRST
    size, width, held, bits, previous = 0, _LZW_WIDTHS[0], 0, 0, 0
    for byte in raw:
        held, bits = (held << 8 | byte) & 0xFFFFFF, bits + 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & ((1 << width) - 1)
        if code == _LZW_CLEAR:
            del lengths[_LZW_FIRST:]
            width, previous = _LZW_WIDTHS[0], 0
            continue
        if code == _LZW_END:
            break
        if previous:
            lengths.append(previous + 1)
        if code >= len(lengths):
            return size, False
        previous = lengths[code]
        size += previous
        if size > most:
            break
        width = _LZW_WIDTHS[min(3, max(0, (len(lengths) + 1).bit_length() - _LZW_WIDTHS[0]))]
    return size, True


def _run_length(raw: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(raw) and raw[at] != _RUN_END:
        length = raw[at]
        if length < _RUN_END:
            if at + 2 + length > len(raw):
                raise zlib.error("it ends too soon")
            yield raw[at + 1 : at + 2 + length]
            at += 2 + length
        else:
            yield raw[at + 1 : at + 2] * (2 * _RUN_END + 1 - length)
            at += 2


def _plain(name: str, raw: bytes) -> bytes:
    """Bytes written as text, which are fewer than the text."""
    from playa.ascii85 import ascii85decode, asciihexdecode

    return bytes(asciihexdecode(raw) if name in _HEXADECIMAL else ascii85decode(raw))
