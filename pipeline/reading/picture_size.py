"""How large a picture in a PDF is once it is decoded, by what it says of itself, without decoding it.

JPEG and JPEG 2000 say it in their own header, which readers believe rather than the PDF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from playa.pdftypes import PSLiteral, resolve1

from pipeline.reading.inflating import deciphered, filters_of, is_stream, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playa.pdftypes import ContentStream

_COMPONENTS = {"DeviceGray": 1, "CalGray": 1, "G": 1, "Indexed": 1, "I": 1, "Separation": 1, "DeviceCMYK": 4, "CMYK": 4}
_COLOURED = 3
_BITS = 8

_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""The markers of a frame header (ITU-T T.81, table B.1)."""

_JPEG_STANDALONE = {0x01, *range(0xD0, 0xD9)}
"""Markers without a length."""

_JPX_SIZE = b"\xff\x4f\xff\x51"
"""A JPEG 2000 codestream begins with these two markers (ITU-T T.800, A.4.1 and A.5.1)."""


def decoded_bytes(stream: ContentStream) -> int:
    """The bytes of the picture's samples. Raises what playa raises where the dictionary is malformed."""
    attributes = stream.attrs
    width, height = whole_number(attributes.get("Width")), whole_number(attributes.get("Height"))
    is_mask = resolve1(attributes.get("ImageMask")) is True
    bits = 1 if is_mask else whole_number(attributes.get("BitsPerComponent"), _BITS) * _components(attributes)
    declared = width * height * bits // _BITS
    filters = filters_of(stream)
    if len(filters) != 1:
        return declared
    if filters[0][0] in ("DCTDecode", "DCT"):
        return max(declared, _jpeg_bytes(deciphered(stream)))
    if filters[0][0] == "JPXDecode":
        return max(declared, _jpx_bytes(deciphered(stream)))
    return declared


def _components(attributes: dict[str, object]) -> int:
    space = resolve1(attributes.get("ColorSpace"))  # type: ignore[arg-type]
    if isinstance(space, list) and space:
        profile = resolve1(space[1]) if len(space) > 1 else None
        if is_stream(profile):
            return whole_number(profile.attrs.get("N"), _COLOURED)
        space = resolve1(space[0])
    return _COMPONENTS.get(space.name, _COLOURED) if isinstance(space, PSLiteral) else 1


def _jpeg_bytes(data: bytes) -> int:
    return max(
        (_frame(data[at + 4 : at + 10]) for marker, at in _jpeg_segments(data) if marker in _JPEG_FRAMES), default=0
    )


def _frame(header: bytes) -> int:
    """Precision, lines, samples a line and components of a frame, as bytes."""
    if len(header) < 6:
        return 0
    return int.from_bytes(header[1:3]) * int.from_bytes(header[3:5]) * header[5] * -(-header[0] // _BITS)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Each marker before the coded samples, and where it stands."""
    at = data.find(b"\xff\xd8") + 2
    while 2 <= at < len(data) - 3 and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xDA:
            return
        yield marker, at
        at += 2 if marker in _JPEG_STANDALONE else 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4])


def _jpx_bytes(data: bytes) -> int:
    at = data.find(_JPX_SIZE)
    if at < 0 or len(data) < at + 42:
        return 0
    across, down, left, above = (int.from_bytes(data[at + n : at + n + 4]) for n in (8, 12, 16, 20))
    components = int.from_bytes(data[at + 40 : at + 42])
    return max(0, across - left) * max(0, down - above) * components
