"""A page to draw on: points, origin at the TOP LEFT, y grows downwards, black unless told otherwise.

A line of text is placed by the centre of its em box: hanzi, digits and boxes share it, 0.38 em above the baseline.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Literal

from envdesk.reports.chart import Box, Mark, Words
from envdesk.reports.document import Inline, Mark as Place, Span
from envdesk.reports.fonts import FontSet
from envdesk.reports.rl import image_reader, new_canvas, qr_modules, write_words
from envdesk.reports.textflow import Atom, Line, Type, single_line

HAlign = Literal["left", "centre", "right"]
MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
#: Inner rules, outer frame (points).
RULE, FRAME = 0.5, 0.75
#: Centre of the hanzi em box above the baseline, in em.
MID = 0.38


class Page:
    """The current page of a PDF being drawn.

    Attributes:
        width, height: page size in points.
        fonts: faces shared by all text of the file.
        places: where the figures of tables were drawn so far; ``number`` of the page, from 0.
    """

    def __init__(
        self, size: tuple[float, float], fonts: FontSet, meta: dict[str, str], *, invariant: bool = False
    ) -> None:
        self.width, self.height = size
        self.fonts = fonts
        self.number = 0
        self.places: list[Place] = []
        self._out = BytesIO()
        self._canvas: Any = new_canvas(
            self._out, size, font=fonts.embedded_name("song"), meta=meta, invariant=invariant
        )
        self._pen: Any = None
        self._face = ("", 0.0)

    def turn(self) -> None:
        """Begin the next page."""
        self.number += 1
        self._canvas.showPage()

    def finish(self) -> bytes:
        """Close the last page and return the file."""
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()

    def note(self, content: Inline, box: tuple[float, float, float, float], left: float, right: float) -> None:
        """Remember where a cell stands that prints a figure; *left* and *right* are the edges of its row.

        A row begins after cells that it shares with others.
        """
        for part in content:
            if isinstance(part, Span) and part.figure:
                row = (left, box[1], right, box[3])
                self.places.append(Place(part.figure, self.number, box, row))
                return

    # ---- shapes
    def rule(self, x1: float, y1: float, x2: float, y2: float, weight: float = RULE) -> None:
        """Draw a straight line."""
        c = self._canvas
        c.setLineWidth(weight)
        c.setStrokeGray(0)
        c.setLineCap(2 if weight >= FRAME else 0)
        c.line(x1, self.height - y1, x2, self.height - y2)

    def frame(self, x: float, y: float, w: float, h: float, weight: float = FRAME, *, dashed: bool = False) -> None:
        """Draw a rectangle; dashed and grey = a place to paste something into."""
        c = self._canvas
        c.saveState()
        c.setLineWidth(weight)
        c.setLineJoin(0)
        if dashed:
            c.setStrokeGray(0.35)
            c.setDash(3, 2)
        c.rect(x, self.height - y - h, w, h, stroke=1, fill=0)
        c.restoreState()

    def shape(self, points: Sequence[tuple[float, float]], fill: float = 1.0, weight: float = RULE) -> None:
        """Draw a closed polygon; *fill* is its grey (0 black, 1 white)."""
        c = self._canvas
        path = c.beginPath()
        path.moveTo(points[0][0], self.height - points[0][1])
        for x, y in points[1:]:
            path.lineTo(x, self.height - y)
        path.close()
        c.setLineWidth(weight)
        c.setStrokeGray(0)
        c.setFillGray(fill)
        c.drawPath(path, stroke=1, fill=1)

    def circle(self, x: float, y: float, radius: float, fill: float = 1.0, weight: float = 0.9) -> None:
        """Draw a circle around (x, y); *fill* is its grey."""
        c = self._canvas
        c.setLineWidth(weight)
        c.setStrokeGray(0)
        c.setFillGray(fill)
        c.circle(x, self.height - y, radius, stroke=1, fill=1)

    def dots(self, x1: float, y: float, x2: float) -> None:
        """Draw a thin dotted level line."""
        c = self._canvas
        c.saveState()
        c.setLineWidth(0.25)
        c.setStrokeGray(0.6)
        c.setDash(1.5, 1.5)
        c.line(x1, self.height - y, x2, self.height - y)
        c.restoreState()

    def marks(self, marks: Iterable[Mark], x: float, y: float) -> None:
        """Draw the lines, boxes and words of a chart with its upper left corner at (x, y)."""
        c = self._canvas
        c.saveState()
        for mark in marks:
            if isinstance(mark, Words):
                line = single_line(mark.text, self.fonts, Type("hei" if mark.bold else "song", mark.size))
                back = {"left": 0.0, "centre": 0.5, "right": 1.0}[mark.align] * line.width
                self.text(line, x + mark.x - back, y + mark.y)
            elif isinstance(mark, Box):
                c.setLineWidth(RULE)
                c.setStrokeGray(0)
                c.setFillGray(1 if mark.gray is None else mark.gray)
                top = self.height - y - mark.y - mark.height
                c.rect(x + mark.x, top, mark.width, mark.height, stroke=1, fill=int(mark.gray is not None))
            else:
                c.setLineWidth(mark.weight)
                c.setStrokeGray(mark.gray)
                c.line(x + mark.x1, self.height - y - mark.y1, x + mark.x2, self.height - y - mark.y2)
        c.restoreState()

    # ---- text
    def text(self, line: Line, x: float, centre: float, align: HAlign = "left", *, justify: bool = False) -> None:
        """Draw a broken line whose em boxes are centred on *centre*; x is the left edge of its room."""
        x += line.indent
        slack = line.room - line.width
        extra = 0.0
        if justify and not line.last and len(line.atoms) > 1:
            extra = slack / (len(line.atoms) - 1)
        elif align == "centre":
            x += slack / 2
        elif align == "right":
            x += slack
        for start, run in _runs(line.atoms, x, extra):
            if run[0].kind == "blank":
                below = centre + 0.56 * run[0].size
                self.rule(start, below, start + run[0].width, below)
            elif run[0].font:
                self._show(start, centre, run)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write the words shown inside as one text object: a page of a list has a thousand of them."""
        self._pen, self._face = self._canvas.beginText(), ("", 0.0)
        self._pen.setFillGray(0)
        try:
            yield
        finally:
            self._canvas.drawText(self._pen)
            self._pen = None

    def _add(self, x: float, y: float, words: str, look: Atom) -> None:
        self._pen.setTextOrigin(x, y)
        if self._face != (look.font, look.size):
            self._face = look.font, look.size
            self._pen.setFont(*self._face)
        write_words(self._pen, words)

    def _show(self, x: float, centre: float, run: list[Atom], gray: float = 0.0) -> None:
        first, c = run[0], self._canvas
        words = "".join(a.text for a in run)
        if not words.strip(" \u3000"):
            return
        if self._pen is not None and not first.heavy and not gray:
            self._add(x, self.height - centre - MID * first.size, words, first)
            return
        pen = c.beginText(x, self.height - centre - MID * first.size)
        pen.setFont(first.font, first.size)
        pen.setFillGray(gray)
        if first.heavy:
            c.saveState()
            c.setLineWidth(first.heavy)
            c.setStrokeGray(gray)
            c.setLineJoin(1)
            pen.setTextRenderMode(2)
        pen.textOut(words)
        if first.heavy:
            pen.setTextRenderMode(0)
        c.drawText(pen)
        if first.heavy:
            c.restoreState()

    def words(
        self, x: float, centre: float, words: str, size: float, align: HAlign = "left", room: float | None = None
    ) -> None:
        """Draw one line of Song; for centre and right, x is the left edge of *room* points."""
        self.text(single_line(words, self.fonts, Type("song", size), room), x, centre, align)

    def watermark(self, words: str, size: float = 150.0, gray: float = 0.92, angle: float = 28.0) -> None:
        """Draw large grey words across the page; call before everything else, so that rules and figures stay on top."""
        c = self._canvas
        line = single_line(words, self.fonts, Type("hei", size))
        c.saveState()
        c.translate(self.width / 2, self.height / 2)
        c.rotate(angle)
        x = -line.width / 2
        for start, run in _runs(line.atoms, x, 0.0):
            self._show(start, self.height, run, gray)
        c.restoreState()

    # ---- pictures
    def picture(self, data: bytes, x: float, y: float, w: float, h: float) -> None:
        """Draw JPEG bytes into the rectangle."""
        self._canvas.drawImage(image_reader(data), x, self.height - y - h, w, h)

    def qr(self, x: float, y: float, side: float, data: str) -> None:
        """Draw a QR code as one path of squares (level M)."""
        modules = qr_modules(data)
        step = side / len(modules)
        path = self._canvas.beginPath()
        for row, cells in enumerate(modules):
            for start, length in _stretches(cells):
                path.rect(x + start * step, self.height - y - (row + 1) * step, length * step, step)
        self._canvas.setFillGray(0)
        self._canvas.drawPath(path, stroke=0, fill=1)


def _runs(atoms: tuple[Atom, ...], x: float, extra: float) -> list[tuple[float, list[Atom]]]:
    """Join neighbours of one face that stand at their natural distance; each run carries its left edge."""
    out: list[tuple[float, list[Atom]]] = []
    key: tuple[str, float, float] | None = None
    for atom in atoms:
        mine = (atom.font, atom.size, atom.heavy) if atom.kind != "blank" else None
        if out and key is not None and mine == key:
            out[-1][1].append(atom)
        else:
            out.append((x, [atom]))
        x += atom.width + extra
        squeezed = atom.kind == "hanzi" and abs(atom.width - atom.size) > 1e-6  # half-width mark or box
        key = None if extra or squeezed or mine is None else mine
    return out


def _stretches(cells: list[bool]) -> list[tuple[int, int]]:
    """Return (start, length) of each dark stretch of a row."""
    out: list[tuple[int, int]] = []
    for at, dark in enumerate(cells):
        if dark and out and sum(out[-1]) == at:
            out[-1] = (out[-1][0], out[-1][1] + 1)
        elif dark:
            out.append((at, 1))
    return out
