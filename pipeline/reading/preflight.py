"""What a PDF says of its size, read before any of its content: pages, streams, filters, and what they inflate to.

Libraries inflate a stream as soon as they meet it, tables of objects first of all, and believe the sizes that a PDF
claims. So nothing is given to them that was not counted here: the tables of objects by a scan of the file's bytes, then
page by page all that the page refers to. Of an image only its size is taken, which it declares. What is not counted
because neither reading nor drawing touches it (attachments, actions, a page's metadata) does not matter, however large.

A PDF can be made to look otherwise to another library. What its content does is bounded again where it is read, and by
the limits on time and memory of `supervising`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import playa
from playa.exceptions import PDFPasswordIncorrect
from playa.parser import ObjectParser
from playa.pdftypes import ContentStream, ObjRef, PSLiteral, resolve1

from pipeline.errors import DamagedPdfError
from pipeline.limits import Limits, refuse_beyond
from pipeline.reading.inflating import Inflated, inflated, is_stream
from pipeline.reading.picture_size import decoded_bytes
from pipeline.reading.playa_classes import MALFORMED
from pipeline.reading.source_file import damaged, protected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY_REACH = 2**16
"""A stream's dictionary begins at most so many bytes before it."""

_OBJECT = re.compile(rb"(\d{1,10})\s+(\d{1,5})\s+obj\b")
_TABLE_TYPES = ("ObjStm", "XRef")

_TRAILER_REACH = 2**20
"""Within so many bytes of its end a whole PDF has its trailer; playa would look for it byte by byte through all of it."""
_TRAILER = re.compile(rb"trailer|startxref|\bobj\b")

_UNTOUCHED = frozenset(
    {"Parent", "P", "Metadata", "PieceInfo", "AF", "EF", "FS", "Thumb", "B", "A", "AA", "Dest", "Popup", "IRT"}
)
"""Entries that lead from a page to what neither reading nor drawing it needs, or back."""

_DRAWING = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
"""The operator that draws what the resources have under a name (ISO 32000-1, 8.8)."""

_LEADING = frozenset({ObjRef, dict, list, ContentStream})
"""What other objects can be found in, or by."""

_DEPTH = 40
"""Drawings inside drawings are followed so deep by pdfium, and not beyond."""


class Inspected(NamedTuple):
    """A PDF's objects as playa finds them, and its pages' own, with the resources that they inherit, in order."""

    document: playa.Document
    pages: list[dict[str, Any]]


def preflight(
    name: str,
    data: bytes,
    password: str | None,
    limits: Limits,
    on_page: Callable[[int], None] = lambda _number: None,
) -> Inspected:
    """Refuse a PDF for what it says of itself; `on_page` is told of each page before it is looked at.

    Raises TooLargeError where it has more than `limits` allow, EncryptedPdfError where it needs a password or another
    one, and DamagedPdfError where a stream that a page draws, or the map of a font to Unicode, cannot be decompressed
    to its end, or the file has no objects that anybody could find.
    """
    is_encrypted = b"/Encrypt" in data
    _refuse_tables(name, _tables(data, ("XRef",) if is_encrypted else _TABLE_TYPES), limits)
    if not _TRAILER.search(data, max(0, len(data) - _TRAILER_REACH)):
        raise damaged(name, "no trailer at its end")
    try:
        document = playa.Document(data, password=password or "")
    except PDFPasswordIncorrect:
        raise protected(name, password) from None
    except MALFORMED as error:
        raise damaged(name, str(error)) from error
    if is_encrypted:
        _refuse_tables(name, _tables(data, ("ObjStm",), document), limits)
    # pdfium parses a document's metadata when it opens it, into seven times their size.
    metadata = _resolved(_catalog(document).get("Metadata"))
    if is_stream(metadata):
        size = _size(metadata, limits.page_inflated_bytes)
        refuse_beyond(limits, "page_inflated_bytes", size, name, "its metadata inflate to", at_least=True)
    sizes: dict[int, int] = {}
    pages = _pages(name, document, limits)
    for number, page in enumerate(pages, 1):
        on_page(number)
        _Page(f"{name}, page {number}", page, limits, sizes).check()
    return Inspected(document, pages)


def _refuse_tables(name: str, tables: Iterator[ContentStream], limits: Limits) -> None:
    total = 0
    for stream in tables:
        total += _size(stream, limits.page_inflated_bytes - total)
        refuse_beyond(limits, "page_inflated_bytes", total, name, "its tables of objects inflate to", at_least=True)


def _size(stream: ContentStream, most: int) -> int:
    try:
        return inflated(stream, most).size
    except MALFORMED:
        return 0


def _tables(data: bytes, types: tuple[str, ...], document: playa.Document | None = None) -> Iterator[ContentStream]:
    """Every stream of these types that stands in the file, whether or not anything refers to it."""
    names = tuple(t.encode() for t in types)
    for found in _STREAM.finditer(data):
        if data.endswith(b"end", 0, found.start()):
            continue  # asked of a pattern, this takes twenty times as long
        start = data.rfind(b"obj", max(0, found.start() - _DICTIONARY_REACH), found.start())
        dictionary = data[start + 3 : found.start()]
        # A name may be written with escapes (#4F for O).
        if start < 0 or not (b"#" in dictionary or any(n in dictionary for n in names)):
            continue
        try:
            attributes = next(ObjectParser(dictionary))[1]
            if not isinstance(attributes, dict):
                continue
            kind = attributes.get("Type")
        except MALFORMED:
            continue
        if not isinstance(kind, PSLiteral) or kind.name not in types:
            continue
        end = data.find(b"endstream", found.end())
        stream = ContentStream(attributes, data[found.end() : end if end >= 0 else len(data)])
        if document is not None and document.decipher is not None:
            header = list(_OBJECT.finditer(data, max(0, start - 20), start + 3))
            if header:
                stream.decipher = document.decipher
                stream.objid, stream.genno = int(header[-1][1]), int(header[-1][2])
        yield stream


def _pages(name: str, document: playa.Document, limits: Limits) -> list[dict[str, Any]]:
    """Every page with the resources that it inherits, in order; none twice, so that a loop in the tree ends."""
    root = _resolved(_catalog(document).get("Pages"))
    if not isinstance(root, dict):
        return []
    count = _resolved(root.get("Count"))
    if isinstance(count, int):
        refuse_beyond(limits, "pages", count, name, "the number of its pages is")
    pages: list[dict[str, Any]] = []
    seen: set[int] = set()
    waiting: list[tuple[object, object]] = [(root, None)]
    while waiting:
        reference, inherited = waiting.pop()
        if isinstance(reference, ObjRef):
            if reference.objid in seen:
                continue
            seen.add(reference.objid)
        node = _resolved(reference)
        if not isinstance(node, dict):
            continue
        resources = node.get("Resources", inherited)
        kids = _resolved(node.get("Kids"))
        if isinstance(kids, list):
            waiting += [(kid, resources) for kid in reversed(kids)]
            continue
        pages.append({**node, "Resources": resources})
        refuse_beyond(limits, "pages", len(pages), name, "the number of its pages is", at_least=True)
    return pages


def _catalog(document: playa.Document) -> dict[str, Any]:
    try:
        return document.catalog
    except MALFORMED:
        return {}


def _resolved(reference: object) -> Any:
    """What a reference stands for; None where that cannot be found."""
    try:
        return resolve1(reference)  # type: ignore[arg-type]
    except MALFORMED:
        return None


class _Page:
    """One page and all that it refers to. `sizes` are those of streams that earlier pages refer to, by object number."""

    def __init__(self, place: str, page: dict[str, Any], limits: Limits, sizes: dict[int, int]) -> None:
        self._place, self._page, self._limits, self._sizes = place, page, limits, sizes
        self._most = limits.page_inflated_bytes
        self._has_nested_drawings = False

    def check(self) -> None:
        total = 0
        for stream, is_read in self._streams():
            if self._is_image(stream):
                self._refuse(self._image_bytes(stream), "a picture decodes to", at_least=False)
            total += self._stream_bytes(stream, self._most - total, is_read=is_read)
            self._refuse(total, "what it draws and its fonts inflate to", at_least=True)
        contents = self._contents()
        if self._has_nested_drawings or len(contents) > 1:
            drawn = self._drawn_bytes(contents, _resolved(self._page.get("Resources")), 0, {})
            self._refuse(drawn, "with each drawing in its place it draws", at_least=True)

    def _refuse(self, size: int, what: str, *, at_least: bool) -> None:
        refuse_beyond(self._limits, "page_inflated_bytes", size, self._place, what, at_least=at_least)

    def _streams(self) -> Iterator[tuple[ContentStream, bool]]:
        """Every stream that the page leads to, once, and whether its text is read: it is drawn, or maps a font to Unicode."""
        seen: set[int] = set()
        waiting: list[tuple[object, str, bool]] = [
            (value, key, key != "Annots") for key, value in self._page.items() if key not in _UNTOUCHED
        ]
        while waiting:
            value, key, is_shown = waiting.pop()
            if isinstance(value, ObjRef):
                if value.objid in seen:
                    continue
                seen.add(value.objid)
                value = _resolved(value)
            if is_stream(value):
                is_form = _name_of(value.attrs.get("Subtype")) == "Form"
                self._has_nested_drawings |= is_form
                yield value, is_shown and (is_form or key in ("Contents", "ToUnicode"))
                value = value.attrs
            if isinstance(value, dict):
                waiting += [(v, k, is_shown) for k, v in value.items() if k not in _UNTOUCHED and _leads_on(v)]
            elif isinstance(value, list):
                waiting += [(v, key, is_shown) for v in value if _leads_on(v)]

    def _stream_bytes(self, stream: ContentStream, most: int, *, is_read: bool) -> int:
        if stream.objid is not None and stream.objid in self._sizes:
            return self._sizes[stream.objid]
        if self._is_image(stream) and len(stream.filters) <= 1:
            return len(stream.rawdata)  # readers decode as much of it as it declares
        try:
            found = inflated(stream, most)
        except MALFORMED as error:
            # Of what cannot be inflated nothing comes, and a page without it would look as if it were empty.
            found = Inflated(len(stream.rawdata), str(error) or type(error).__name__)
        if is_read and found.problem is not None:
            raise DamagedPdfError(
                f"{self._place}: what the page draws is damaged (object {stream.objid}: {found.problem}).",
                "Download it again, or repair it with a PDF tool.",
            )
        if stream.objid is not None and found.size <= most:
            self._sizes[stream.objid] = found.size
        return found.size

    @staticmethod
    def _is_image(stream: ContentStream) -> bool:
        return _name_of(stream.attrs.get("Subtype")) == "Image"

    @staticmethod
    def _image_bytes(stream: ContentStream) -> int:
        try:
            return decoded_bytes(stream)
        except MALFORMED:
            return 0

    def _contents(self) -> list[ContentStream]:
        listed = _resolved(self._page.get("Contents"))
        parts = [_resolved(part) for part in listed] if isinstance(listed, list) else [listed]
        return [part for part in parts if is_stream(part)]

    def _drawn_bytes(self, parts: list[ContentStream], resources: object, depth: int, known: dict[int, int]) -> int:
        """The bytes that a reader goes through for these contents, each form counted wherever it is drawn.

        Counted to just beyond the limit. A form that draws itself ends there, as it does in readers.
        """
        placed = _resolved(resources.get("XObject")) if isinstance(resources, dict) else None
        total, times = 0, dict[bytes, int]()
        for part in parts:
            try:
                content = inflated(part, self._most - total, keep=True)
            except MALFORMED:
                continue
            total += content.size
            if total > self._most:
                return total
            for name in _DRAWING.findall(content.data):
                times[name] = times.get(name, 0) + 1
        if not isinstance(placed, dict) or depth == _DEPTH:
            return total
        for key, reference in placed.items():
            count = times.get(key.encode("utf-8", "replace"), 0)
            form = _resolved(reference) if count else None
            if not is_stream(form) or _name_of(form.attrs.get("Subtype")) != "Form":
                continue
            if id(form) not in known:
                known[id(form)] = 0
                own = _resolved(form.attrs.get("Resources")) or resources
                known[id(form)] = self._drawn_bytes([form], own, depth + 1, known)
            total += count * known[id(form)]
            if total > self._most:
                break
        return total


def _name_of(value: object) -> str:
    value = _resolved(value)
    return value.name if isinstance(value, PSLiteral) else ""


def _leads_on(value: object) -> bool:
    # Asked of every entry that a page leads to, and of the type alone, for what `playa_classes` says.
    return type(value) in _LEADING
