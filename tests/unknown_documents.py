"""Documents that no profile knows, drawn for the tests: what stands on them is what the tests expect to read."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WIDTH, HEIGHT = 720.0, 405.0


@dataclass
class Sheet:
    """One page in points from its top left corner."""

    canvas: Canvas

    def text(self, x: float, y: float, text: str, size: float = 11, *, bold: bool = False) -> None:
        """`text` with its baseline at `y`."""
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def lines(self, x: float, y: float, texts: Sequence[str], size: float = 11) -> None:
        """`texts` below each other, as lines of one paragraph stand."""
        for n, text in enumerate(texts):
            self.text(x, y + 1.25 * size * n, text, size)

    def title(self, text: str) -> None:
        """The title of the slide."""
        self.text(40, 45, text, 22, bold=True)

    def box(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """A frame."""
        self.canvas.rect(x0, HEIGHT - bottom, x1 - x0, bottom - top)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A straight line."""
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def picture(self, x0: float, top: float, x1: float, bottom: float, colour: str = "navy") -> None:
        """A picture of one colour."""
        image = ImageReader(Image.new("RGB", (32, 32), colour))
        self.canvas.drawImage(image, x0, HEIGHT - bottom, x1 - x0, bottom - top)

    def sideways(self, x: float, y: float, text: str) -> None:
        """`text` read from below."""
        self.canvas.saveState()
        self.canvas.translate(x, HEIGHT - y)
        self.canvas.rotate(90)
        self.canvas.drawString(0, 0, text)
        self.canvas.restoreState()


def document(*pages: Callable[[Sheet], None], scale: float = 1.0, shift: float = 0.0) -> bytes:
    """A PDF of these pages, each drawn `scale` times as large on a sheet with `shift` points more at its left and bottom."""
    buffer = BytesIO()
    size = (scale * WIDTH + shift, scale * HEIGHT + shift)
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    for draw in pages:
        canvas.translate(shift, shift)
        canvas.scale(scale, scale)
        draw(Sheet(canvas))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def prose(sheet: Sheet) -> None:
    """Two columns of prose, each with headings; the left one is to be read first."""
    sheet.title("Works of the harbour board")
    sheet.text(40, 90, "Dredging", bold=True)
    sheet.lines(
        40,
        106,
        ["In FY2025 the fairway was dredged, at a", "cost of USD 3 million, to nine metres", "below chart datum."],
    )
    sheet.text(40, 170, "Lights", bold=True)
    sheet.lines(40, 186, ["Both pier lights were renewed. A third", "one is planned."])
    sheet.text(390, 90, "Traffic", bold=True)
    sheet.text(390, 106, "• 411 ships called in the year")
    sheet.lines(398, 122, ["from eleven countries"])
    sheet.text(390, 142, "• 12 of them were cruise ships")


MERGED = {
    (1, 1, 1, 1): "Pier",
    (1, 2, 1, 1): "Operator",
    (1, 3, 1, 1): "Berths",
    (2, 1, 1, 1): "North",
    (2, 2, 3, 1): "Harbour board",
    (2, 3, 1, 1): "4",
    (3, 1, 1, 1): "Middle mole",
    (3, 3, 1, 1): "2",
    (4, 1, 1, 1): "South",
    (4, 3, 1, 1): "7",
    (5, 1, 1, 2): "All piers",
    (5, 3, 1, 1): "13",
}
"""The cells of `merged_table`: row, column, row span and column span, from 1."""


def merged_table(sheet: Sheet) -> None:
    """A ruled table with one cell over three rows and one over two columns, below a caption."""
    sheet.title("Piers and berths")
    sheet.text(60, 110, "Table 1: Berths by pier")
    xs, top, row = (60.0, 220.0, 380.0, 500.0), 120.0, 30.0
    for y in (0, 1, 5):
        sheet.rule(xs[0], top + y * row, xs[3], top + y * row)
    for y in (2, 3):
        sheet.rule(xs[0], top + y * row, xs[1], top + y * row)
        sheet.rule(xs[2], top + y * row, xs[3], top + y * row)
    sheet.rule(xs[0], top + 4 * row, xs[3], top + 4 * row)
    for x in (xs[0], xs[2], xs[3]):
        sheet.rule(x, top, x, top + 5 * row)
    sheet.rule(xs[1], top, xs[1], top + 4 * row)
    for (r, c, rows, _), text in MERGED.items():
        sheet.text(xs[c - 1] + 8, top + (r - 1 + rows / 2) * row + 4, text)


FIGURES = (
    ("Fees", "2023", "2024", "2025"),
    ("Harbour dues", "1,204", "1,310", "1,298"),
    ("Pilotage", "310", "–", "(12)"),
    ("Warehouse rent", "87", "90", "95.5"),
    ("Total", "1,601", "1,400", "1,381.5"),
)
"""The rows of `figures_table`."""


def figures_table(sheet: Sheet) -> None:
    """Columns of figures without any rule, between two paragraphs."""
    sheet.title("Fees by year")
    sheet.text(60, 85, "What the board took in, in thousands, is set out below; the year 2025 is an estimate.")
    for n, (label, *values) in enumerate(FIGURES):
        sheet.text(60, 120 + 18 * n, label)
        for x, value in zip((300, 350, 400), values, strict=True):
            sheet.text(x - sheet.canvas.stringWidth(value, "Helvetica", 11), 120 + 18 * n, value)
    sheet.text(60, 250, "The dues were raised once.")


LEVELS = (
    ("Stage", "What is done"),
    ("Survey", "The bottom is measured from a boat, and charted."),
    ("Tender", "Offers are asked for in three ports."),
    ("Works", "The contractor dredges at night only."),
)
"""The rows of `level_table`."""


def level_table(sheet: Sheet) -> None:
    """Level rules divide the rows, white space the columns."""
    sheet.title("Stages of a dredging")
    for n in range(5):
        sheet.rule(60, 100 + 30 * n, 640, 100 + 30 * n)
    for n, (stage, done) in enumerate(LEVELS):
        sheet.text(66, 119 + 30 * n, stage)
        sheet.text(220, 119 + 30 * n, done)


def no_tables(sheet: Sheet) -> None:
    """What looks like a table and is none: linked boxes, and the axes and grid of a chart with two scales."""
    sheet.title("How a ship comes in")
    for n, (head, text) in enumerate(
        (("Call", "The pilot is called."), ("Board", "He comes on board."), ("Moor", "Lines are made fast."))
    ):
        sheet.box(40 + 220 * n, 80, 220 + 220 * n, 140)
        sheet.text(50 + 220 * n, 98, head, bold=True)
        sheet.text(50 + 220 * n, 118, text)
    for n in range(5):
        sheet.rule(80, 200 + 40 * n, 500, 200 + 40 * n)
        sheet.text(56, 204 + 40 * n, str(40 - 10 * n), 8)
        sheet.text(510, 204 + 40 * n, str(400 - 100 * n), 8)
    sheet.rule(80, 200, 80, 360)
    for n, label in enumerate(("Spring", "Summer", "Autumn")):
        sheet.box(120 + 120 * n, 240 + 20 * n, 160 + 120 * n, 360)
        sheet.text(120 + 120 * n, 374, label, 8)
    sheet.sideways(46, 320, "Ships a week")


def close_columns(sheet: Sheet) -> None:
    """Two columns with hardly more than a word's space between them, a phrase in bold over a line's end, a sub-heading."""
    sheet.title("Dues and rents")
    left = ("The dues were raised once in the", "year, in April, by a tenth of what", "they had been since the spring.")
    right = (
        "Rents of the warehouses stayed as",
        "they were. The old crane was sold,",
        "and its place let to a chandler.",
    )
    for n, (a, b) in enumerate(zip(left, right, strict=True)):
        sheet.text(60, 100 + 14 * n, a)
        sheet.text(60 + max(sheet.canvas.stringWidth(t, "Helvetica", 11) for t in left) + 14, 100 + 14 * n, b)
    sheet.text(60, 220, "The board thanks all who ")
    sheet.text(
        60 + sheet.canvas.stringWidth("The board thanks all who ", "Helvetica", 11),
        220,
        "worked through the",
        bold=True,
    )
    sheet.text(60, 234, "winter night by night", bold=True)
    end = 60 + sheet.canvas.stringWidth("winter night by night", "Helvetica-Bold", 11)
    sheet.text(end, 234, ", and the pilots.")


def pictures(sheet: Sheet) -> None:
    """A chart pasted in two strips, a photograph, and an icon beside a line of text."""
    sheet.title("Traffic in pictures")
    sheet.picture(60, 100, 300, 200)
    sheet.picture(60, 200, 300, 260, "teal")
    sheet.picture(400, 120, 600, 280, "olive")
    sheet.picture(60, 300, 72, 312, "red")
    sheet.text(80, 310, "The chart shows ships by month.")


def with_frame(draw: Callable[[Sheet], None], number: int) -> Callable[[Sheet], None]:
    """The page with what runs along with every page: a logo, a line at the foot and a page number."""

    def framed(sheet: Sheet) -> None:
        draw(sheet)
        sheet.picture(640, 20, 700, 60, "grey")
        sheet.text(40, 395, "Harbour board, annual report", 8)
        sheet.text(690, 395, str(number), 8)

    return framed


PAGES = (prose, merged_table, figures_table, level_table, no_tables, pictures)


def report(scale: float = 1.0, shift: float = 0.0) -> bytes:
    """All the pages above as one document."""
    return document(*(with_frame(draw, n) for n, draw in enumerate(PAGES, 1)), scale=scale, shift=shift)
