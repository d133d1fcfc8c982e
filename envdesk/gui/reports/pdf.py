"""Pages of a PDF as pictures. pdfium is not safe for threads: everything goes through the one lock."""

from __future__ import annotations

from dataclasses import dataclass, field

import pypdfium2  # type: ignore[import-untyped]
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from envdesk.reports.raster import LOCK

FINE = 1.5
"""Below this scale a page is drawn twice as large first: pdfium makes no line thinner than a pixel."""


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
