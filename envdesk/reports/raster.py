"""Drawings of ours as pictures: drawn as a small PDF page and turned into pixels, so that they look the same everywhere.

pdfium is not safe for threads: whoever calls it holds :data:`LOCK`.
"""

from __future__ import annotations

import threading
from io import BytesIO

import pypdfium2  # type: ignore[import-untyped]

from envdesk.reports.canvas import Page
from envdesk.reports.chart import marks_of
from envdesk.reports.document import Chart
from envdesk.reports.fonts import FontSet

LOCK = threading.Lock()
#: Sharp on an office printer, and small in the file.
DPI = 260


def chart_png(chart: Chart, width: float, height: float, *, clear: bool = False) -> bytes:
    """Draw a chart *width* by *height* points large as a grey PNG; *clear* = a watermark shows through its white."""
    page = Page((width, height), FontSet(), {"title": chart.title}, invariant=True)
    page.marks(marks_of(chart, width, height), 0, 0)
    with LOCK:
        document = pypdfium2.PdfDocument(page.finish())
        try:
            drawn = document[0].render(scale=DPI / 72).to_pil()
        finally:
            document.close()
    out = BytesIO()
    grey = drawn.convert("L").point([min(255, round(v / 15) * 15 + (v > 247) * 15) for v in range(256)])
    grey.save(out, "PNG", optimize=True, dpi=(DPI, DPI), **({"transparency": 255} if clear else {}))
    return out.getvalue()
