"""A page's content stream taken apart into its graphics and its single glyphs, each with the matrix that places it.

Follows the text model of ISO 32000-1, section 9: text matrix, leading, character and word spacing, horizontal scaling,
rise. Text inside form XObjects stays where it is, with the graphics.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pypdf.generic import (
    ByteStringObject,
    ContentStream,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.pdfbase import pdfmetrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pypdf import PageObject, PdfWriter

Matrix = tuple[float, float, float, float, float, float]
Operation = tuple[Any, bytes]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_PAINT = {b"g", b"rg", b"k", b"cs", b"sc", b"scn", b"G", b"RG", b"K", b"CS", b"SC", b"SCN", b"gs", b"w"}
_FILL, _STROKE = {b"g", b"rg", b"k", b"cs"}, {b"G", b"RG", b"K", b"CS"}
_SPACE = 32


def multiply(a: Matrix, b: Matrix) -> Matrix:
    """Give `a` followed by `b`, as PDF writes it: a × b."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


@dataclass(frozen=True)
class Glyph:
    """One character code with everything that is needed to draw it alone. `matrix` leads to the page's user space."""

    code: bytes
    font: str
    size: float
    matrix: Matrix
    mode: int
    paint: tuple[Operation, ...]


def glyph_operations(glyph: Glyph) -> list[Operation]:
    """Give the operations that draw the glyph and leave the state as it was."""
    return [
        ([], b"q"),
        *glyph.paint,
        ([], b"BT"),
        ([NameObject(glyph.font), FloatObject(glyph.size)], b"Tf"),
        ([NumberObject(glyph.mode)], b"Tr"),
        ([FloatObject(round(v, 5)) for v in glyph.matrix], b"Tm"),
        ([ByteStringObject(glyph.code)], b"Tj"),
        ([], b"ET"),
        ([], b"Q"),
    ]


@dataclass(frozen=True)
class _Font:
    """How a font's strings are cut into codes, and how far each advances, in thousandths of the size."""

    bytes_per_code: int
    advance: Callable[[int], float]


def _cid_widths(descendant: Any) -> dict[int, float]:
    widths: dict[int, float] = {}
    listed = [item.get_object() for item in descendant.get("/W", [])]
    while listed:
        first, second = int(listed[0]), listed[1]
        if isinstance(second, list):
            widths |= {first + n: float(w.get_object()) for n, w in enumerate(second)}
            listed = listed[2:]
        else:
            widths |= dict.fromkeys(range(first, int(second) + 1), float(listed[2]))
            listed = listed[3:]
    return widths


def _font(dictionary: Any) -> _Font:
    """Read a font's widths. Raises ValueError where its codes cannot be told apart here."""
    if dictionary["/Subtype"] == "/Type0":
        if dictionary["/Encoding"] != "/Identity-H":
            raise ValueError(f"no way to cut strings in the encoding {dictionary['/Encoding']}")
        descendant = dictionary["/DescendantFonts"][0].get_object()
        widths, usual = _cid_widths(descendant), float(descendant.get("/DW", 1000))
        return _Font(2, lambda code: widths.get(code, usual))
    if "/Widths" in dictionary:
        first, simple = int(dictionary["/FirstChar"]), [float(w.get_object()) for w in dictionary["/Widths"]]
        return _Font(1, lambda code: simple[code - first] if 0 <= code - first < len(simple) else 0.0)
    name = str(dictionary["/BaseFont"]).lstrip("/")
    return _Font(1, lambda code: float(pdfmetrics.stringWidth(bytes([code]).decode("cp1252", "replace"), name, 1000)))


@dataclass(frozen=True)
class _State:
    ctm: Matrix = _IDENTITY
    font: str = ""
    size: float = 0.0
    character_space: float = 0.0
    word_space: float = 0.0
    scaling: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0
    paint: tuple[Operation, ...] = ()


@dataclass
class _Splitter:
    fonts: dict[str, _Font]
    state: _State = field(default_factory=_State)
    saved: list[_State] = field(default_factory=list)
    text: Matrix = _IDENTITY
    line: Matrix = _IDENTITY
    glyphs: list[Glyph] = field(default_factory=list)
    graphics: list[Operation] = field(default_factory=list)

    def take(self, operands: Any, operator: bytes) -> None:
        """One operation: text becomes glyphs, everything else stays graphics."""
        if operator in _TEXT:
            _TEXT[operator](self, operands)
            return
        self.graphics.append((operands, operator))
        if operator == b"q":
            self.saved.append(self.state)
        elif operator == b"Q" and self.saved:
            self.state = self.saved.pop()
        elif operator == b"cm":
            self.state = replace(self.state, ctm=multiply(_matrix(operands), self.state.ctm))
        elif operator in _PAINT:
            self._remember(operands, operator)

    def _remember(self, operands: Any, operator: bytes) -> None:
        """Keep what colours text. A colour replaces the one before; line widths are kept in the page's own space."""
        if operator == b"w":
            a, b, c, d, *_ = self.state.ctm
            operands = [FloatObject(float(operands[0]) * abs(a * d - b * c) ** 0.5)]
        kept = self.state.paint
        for family in (_FILL, _STROKE):
            if operator in family:
                parts = family | ({b"sc", b"scn"} if family is _FILL else {b"SC", b"SCN"})
                kept = tuple(op for op in kept if op[1] not in parts)
        if operator in (b"sc", b"scn", b"SC", b"SCN", b"w"):
            kept = tuple(op for op in kept if op[1] != operator)
        self.state = replace(self.state, paint=(*kept, (operands, operator)))

    def begin(self, _: Any) -> None:
        self.text = self.line = _IDENTITY

    def move(self, operands: Any) -> None:
        x, y = (float(v) for v in operands)
        self.text = self.line = multiply((1.0, 0.0, 0.0, 1.0, x, y), self.line)

    def move_and_lead(self, operands: Any) -> None:
        self.state = replace(self.state, leading=-float(operands[1]))
        self.move(operands)

    def place(self, operands: Any) -> None:
        self.text = self.line = _matrix(operands)

    def next_line(self, _: Any) -> None:
        self.move((0, -self.state.leading))

    def use_font(self, operands: Any) -> None:
        self.state = replace(self.state, font=str(operands[0]), size=float(operands[1]))

    def show(self, operands: Any) -> None:
        self._show_all([operands[0]])

    def show_array(self, operands: Any) -> None:
        self._show_all(operands[0])

    def show_next(self, operands: Any) -> None:
        self.next_line(())
        self.show(operands)

    def show_spaced(self, operands: Any) -> None:
        self.state = replace(self.state, word_space=float(operands[0]), character_space=float(operands[1]))
        self.show_next(operands[2:])

    def _advance(self, distance: float) -> None:
        self.text = multiply((1.0, 0.0, 0.0, 1.0, distance * self.state.scaling, 0.0), self.text)

    def _show_all(self, pieces: Any) -> None:
        state = self.state
        font = self.fonts[state.font]
        for piece in pieces:
            if isinstance(piece, (FloatObject, NumberObject)):
                self._advance(-float(piece) / 1000 * state.size)
                continue
            for code in _codes(_raw(piece), font.bytes_per_code):
                local = (state.scaling, 0.0, 0.0, 1.0, 0.0, state.rise)
                matrix = multiply(multiply(local, self.text), state.ctm)
                self.glyphs.append(Glyph(code, state.font, state.size, matrix, state.mode, state.paint))
                number = int.from_bytes(code, "big")
                spacing = state.character_space + (state.word_space if code == bytes([_SPACE]) else 0.0)
                self._advance(font.advance(number) / 1000 * state.size + spacing)


def _setter(name: str, factor: float = 1.0) -> Callable[[_Splitter, Any], None]:
    def change(splitter: _Splitter, operands: Any) -> None:
        changes: dict[str, Any] = {name: int(operands[0]) if name == "mode" else float(operands[0]) * factor}
        splitter.state = replace(splitter.state, **changes)

    return change


_TEXT: dict[bytes, Callable[[_Splitter, Any], None]] = {
    b"BT": _Splitter.begin,
    b"ET": _Splitter.begin,
    b"Td": _Splitter.move,
    b"TD": _Splitter.move_and_lead,
    b"Tm": _Splitter.place,
    b"T*": _Splitter.next_line,
    b"Tf": _Splitter.use_font,
    b"Tj": _Splitter.show,
    b"TJ": _Splitter.show_array,
    b"'": _Splitter.show_next,
    b'"': _Splitter.show_spaced,
    b"Tc": _setter("character_space"),
    b"Tw": _setter("word_space"),
    b"Tz": _setter("scaling", 0.01),
    b"TL": _setter("leading"),
    b"Ts": _setter("rise"),
    b"Tr": _setter("mode"),
}


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(v) for v in operands)
    return (a, b, c, d, e, f)


def _raw(text: Any) -> bytes:
    return text.original_bytes if isinstance(text, TextStringObject) else bytes(text)


def _codes(raw: bytes, length: int) -> Iterator[bytes]:
    for start in range(0, len(raw), length):
        yield raw[start : start + length]


def split_page(page: PageObject, writer: PdfWriter) -> tuple[list[Operation], list[Glyph]]:
    """Give the page's graphics, in their order, and its glyphs, in the order they are drawn.

    Raises ValueError for a font whose strings cannot be cut into codes.
    """
    resources: Any = page["/Resources"].get_object()
    fonts = {str(name): _font(font.get_object()) for name, font in resources.get("/Font", {}).items()}
    splitter = _Splitter(fonts)
    for operands, operator in ContentStream(page["/Contents"].get_object(), writer).operations:
        splitter.take(operands, operator)
    return splitter.graphics, splitter.glyphs
