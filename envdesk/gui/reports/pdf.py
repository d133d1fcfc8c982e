"""Pages of a PDF as pictures and text. pdfium is not safe for threads: everything goes through the one lock."""

from __future__ import annotations

from dataclasses import dataclass, field

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw  # type: ignore[import-untyped]
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from envdesk.gui.reports.places import Box, PageText
from envdesk.reports.raster import LOCK

FINE = 1.5
"""Below this scale a page is drawn twice as large first: pdfium makes no line thinner than a pixel."""
LINE_LEAST, LINE_MOST = 5.0, 3.0
"""A rule is at least so long and at most so thick (points)."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A printed paper: the file and the size of its pages in points."""

    data: bytes = field(repr=False)
    sizes: tuple[tuple[float, float], ...]

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self.sizes)


def opened(data: bytes) -> Paper:
    """Read the sizes of the pages."""
    with LOCK:
        document = pypdfium2.PdfDocument(data)
        try:
            return Paper(data, tuple(document.get_page_size(n) for n in range(len(document))))
        finally:
            document.close()


def texts(paper: Paper) -> list[PageText]:
    """Read words and rules of all pages."""
    with LOCK:
        document = pypdfium2.PdfDocument(paper.data)
        try:
            return [_text(document[n]) for n in range(len(document))]
        finally:
            document.close()


def image(paper: Paper, page: int, width: int) -> QImage:
    """Draw a page *width* device pixels wide."""
    with LOCK:
        document = pypdfium2.PdfDocument(paper.data)
        try:
            scale = width / paper.sizes[page][0]
            larger = 2 if scale < FINE else 1
            scale = (larger * width - 0.01) / paper.sizes[page][0]  # pdfium rounds up
            drawn = document[page].render(scale=scale, prefer_bgrx=True)
            made = QImage(bytes(drawn.buffer), drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB32)
            if larger > 1:
                return made.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
            return made.copy()  # its own memory: the buffer goes
        finally:
            document.close()


def _text(page: pypdfium2.PdfPage) -> PageText:
    width, height = page.get_size()
    text = page.get_textpage()
    words = []
    for n in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(n)
        box: Box = (left, height - top, right, height - bottom)
        words.append((box, text.get_text_bounded(left, bottom, right, top)))
    across, down = [], set()
    for thing in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=2):
        left, bottom, right, top = thing.get_bounds()
        if right - left > LINE_LEAST and top - bottom < LINE_MOST:
            across.append((height - (top + bottom) / 2, left, right))
        elif top - bottom > LINE_LEAST and right - left < LINE_MOST:
            down.add(round((left + right) / 2, 1))
        elif right - left > LINE_LEAST:  # a frame: its upper and lower edge
            across += [(height - top, left, right), (height - bottom, left, right)]
            down |= {round(left, 1), round(right, 1)}
    return PageText(width, height, tuple(words), tuple(across), tuple(sorted(down)))
