"""A document as PDF (A4): pieces laid out on pages, then furniture around them.

Type areas in mm after the reference papers: a landscape table 16 left and right, 14 above, 15 below; a portrait sheet
25 at the binding edge, 20 right, 16 above, 15 below. Folio 第n页 共m页, 9 mm over the lower edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from envdesk.reports.blocks import Setting, items_of
from envdesk.reports.canvas import A4, MM, Page
from envdesk.reports.document import Document, Furniture, Rendered
from envdesk.reports.fonts import FontSet
from envdesk.reports.layout import Frame, Placed, paginate
from envdesk.reports.pictures import Picture
from envdesk.reports.text import one_line
from envdesk.reports.textflow import Type, single_line

PROGRAM = "EnvDesk"
#: (size of photos, height of rows) tried in this order; a paper of more pages is not worth the trouble.
MANY_PAGES = 6
TRIES = ((1.0, 1.0), (0.88, 1.0), (0.88, 0.88), (0.76, 0.86))


class SheetPage:
    """A4 portrait, bound at the left. All lengths in mm."""

    SIZE = A4
    LEFT, RIGHT, TOP, BOTTOM = 25.0, 20.0, 16.0, 15.0
    #: Centre of the running head and upper edge of the type area on continuation pages, from the top margin (points).
    RUNNING, CONTINUED = 4.0, 14.0
    FOLIO = 9.0


class LedgerPage(SheetPage):
    """A4 landscape for wide tables. All lengths in mm."""

    SIZE = (A4[1], A4[0])
    LEFT, RIGHT, TOP, BOTTOM = 16.0, 16.0, 14.0, 15.0
    RUNNING, CONTINUED = -1.0, 10.0


def render_pdf(document: Document, *, fonts: Path | None = None, invariant: bool = False) -> Rendered:
    """Draw *document*.

    Args:
        document: what to draw.
        fonts: folder of the faces, default ``resources/fonts``.
        invariant: the same bytes on every run, for tests; a real print carries its own date.

    Returns:
        The file, its number of pages and what the user should know (characters no face has, photos that do not open).
    """
    if document.official:
        from envdesk.reports.official import render_official

        return render_official(document, fonts=fonts, invariant=invariant)
    return render_many([document], fonts=fonts, invariant=invariant)


def render_many(documents: Sequence[Document], *, fonts: Path | None = None, invariant: bool = False) -> Rendered:
    """Draw documents of one page shape into one file; each counts its own pages (a register for each 承办人)."""
    shape = LedgerPage if documents[0].landscape else SheetPage
    faces = FontSet(fonts)
    page = Page(shape.SIZE, faces, _meta(documents[0]), invariant=invariant)
    remarks: list[str] = []
    count = 0
    for document in documents:
        if count:
            page.turn()
        made, notes = _drawn(document, page, shape)
        count += made
        remarks += notes
    return Rendered(page.finish(), count, (*faces.notes(), *dict.fromkeys(remarks)), tuple(page.places))


def _drawn(document: Document, page: Page, shape: type[SheetPage]) -> tuple[int, list[str]]:
    """Draw one document on new pages; returns how many and what the user should know."""
    width = shape.SIZE[0] - (shape.LEFT + shape.RIGHT) * MM
    pages, remarks = _laid_out(document, shape, page.fonts, width)
    for number, placed in enumerate(pages, 1):
        if document.furniture.watermark:
            page.watermark(document.furniture.watermark)
        if number > 1:
            _running_head(page, document.furniture, shape, width)
        for piece in placed:
            piece.piece.draw(page, shape.LEFT * MM, piece.y)
        _foot(page, document.furniture, shape, width, f"第{number}页\u3000共{len(pages)}页")
        if number < len(pages):
            page.turn()
    return len(pages), remarks


def _laid_out(
    document: Document, shape: type[SheetPage], faces: FontSet, width: float
) -> tuple[list[list[Placed]], list[str]]:
    """Lay out; photos become a little smaller and rows a little lower when that saves a page."""
    top = shape.TOP * MM
    frame = Frame(top, top + shape.CONTINUED, shape.SIZE[1] - shape.BOTTOM * MM)
    best: tuple[list[list[Placed]], list[str]] | None = None
    prepared: dict[bytes | None, Picture] = {}
    for scale, tight in TRIES:
        setting = Setting(faces, width, photo_scale=scale, tight=tight, prepared=prepared)
        pages = paginate([item for block in document.blocks for item in items_of(block, setting)], frame)
        if best is None or len(pages) < len(best[0]):
            best = pages, setting.notes
        if len(pages) == 1 or len(pages) > MANY_PAGES:
            break
    return best or ([[]], [])


def _meta(document: Document) -> dict[str, str]:
    return {
        "title": one_line(document.title),
        "author": one_line(document.author),
        "subject": one_line(document.subject),
        "creator": PROGRAM,
    }


def _running_head(page: Page, words: Furniture, shape: type[SheetPage], width: float) -> None:
    left, centre = shape.LEFT * MM, shape.TOP * MM + shape.RUNNING
    style = Type("song", 9)
    right = single_line(words.running_right, page.fonts, style, width)
    page.text(right, left, centre, "right")
    running = one_line(words.running)
    while running and single_line(running, page.fonts, style).width > width - right.width - 18:
        running = running[:-2].rstrip("…") + "…"
    page.words(left, centre, running, 9)


def _foot(page: Page, words: Furniture, shape: type[SheetPage], width: float, folio: str) -> None:
    left, centre = shape.LEFT * MM, page.height - shape.FOLIO * MM
    page.words(left, centre, words.foot_left, 8.5)
    page.words(left, centre, words.foot_right, 8.5, "right", width)
    if words.folio == "centre":
        page.words(left, centre, folio, 9, "centre", width)
    else:
        page.words(left, centre, folio, 9, "right", width)
