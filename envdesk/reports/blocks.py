"""How each block of a document looks on paper: block → pieces for :mod:`envdesk.reports.layout`.

Measures follow the reference papers: titles Song 19 with a stroke (stands in for 小标宋, GB/T 9704), labels and headers
Hei, text Song; inner rules 0.5, frames 0.75 points; no fills.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from envdesk.reports.canvas import FRAME, MM, Page
from envdesk.reports.chart import Mark, height_of, marks_of
from envdesk.reports.document import (
    Band,
    Block,
    Caption,
    Charts,
    Checklist,
    InfoLine,
    KeyValues,
    LongText,
    MonthBars,
    Notes,
    Paragraph,
    PhotoGrid,
    Signatures,
    SignLine,
    Table,
    Timeline,
    Title,
)
from envdesk.reports.drawn import (
    BAND_HEIGHT,
    CAPTION_HEIGHT,
    CHART_HEIGHT,
    paint_band,
    paint_bars,
    paint_caption,
    timeline_piece,
)
from envdesk.reports.fonts import FontSet
from envdesk.reports.grid import Grid, LongGrid
from envdesk.reports.grid_rows import Rows
from envdesk.reports.layout import Item, Piece
from envdesk.reports.pictures import UNREADABLE, PhotoRow, Picture, frame_size, prepare
from envdesk.reports.ruled import Cell, RowMark, RuledBlock, ruled_of
from envdesk.reports.textflow import Line, Type, atoms, break_lines, even_lines, single_line

TITLE = Type("song", 19, 0.45)
CHART_GAP = 9 * MM


@dataclass(frozen=True, slots=True)
class Setting:
    """What a block needs to become pieces: the faces, the width of the type area in points, a list for remarks.

    ``photo_scale`` makes frames of photos smaller and ``tight`` rows lower when that saves a page.
    """

    fonts: FontSet
    width: float
    notes: list[str] = field(default_factory=list)
    photo_scale: float = 1.0
    tight: float = 1.0
    prepared: dict[bytes | None, Picture] = field(default_factory=dict)

    def picture(self, data: bytes | None) -> Picture:
        """Prepare a photo once, however often it is laid out."""
        if data not in self.prepared:
            self.prepared[data] = prepare(data)
        return self.prepared[data]


@dataclass(frozen=True)
class Fixed:
    """A piece that is never cut."""

    height: float
    paint: Callable[[Page, float, float], None]

    @property
    def least(self) -> float:
        """The whole height."""
        return self.height

    def split(self, room: float, leave: int) -> tuple[Piece | None, Piece | None]:
        """Fits or not."""
        return (self, None) if self.height <= room and not leave else (None, self)

    def draw(self, page: Page, x: float, y: float) -> None:
        """Draw at the left upper corner."""
        self.paint(page, x, y)


def items_of(block: Block, setting: Setting) -> list[Item]:
    """Return the pieces of one block."""
    makers: dict[type, Callable[[Any, Setting], list[Item]]] = {
        Title: _title,
        InfoLine: _info_line,
        Table: _ruled,
        KeyValues: _ruled,
        Checklist: _ruled,
        LongText: _ruled,
        Notes: _notes,
        PhotoGrid: _photos,
        Charts: _charts,
        SignLine: _sign_line,
        Signatures: _ruled,
        Paragraph: _prose,
        Caption: _drawn(CAPTION_HEIGHT, paint_caption),
        Band: _drawn(BAND_HEIGHT, paint_band, sticks=True),
        MonthBars: _drawn(CHART_HEIGHT, paint_bars, gap=8.0),
        Timeline: lambda block, s: [Item(timeline_piece(block, s.fonts, s.width), sticks=True)],
    }
    return makers[type(block)](block, setting)


def _drawn(
    height: float, paint: Callable[[Any, Page, float, float, float], None], gap: float = 0.0, *, sticks: bool = False
) -> Callable[[Any, Setting], list[Item]]:
    """Return the maker of a block of known height that is drawn as a whole."""
    return lambda block, s: [Item(Fixed(height, lambda page, x, y: paint(block, page, x, y, s.width)), gap, sticks)]


#: A gap that no page has room for, and that is not kept at the top of the next.
NEW_PAGE = 10_000.0


# ---- head ----------------------------------------------------------------------------------------
def _title(block: Title, s: Setting) -> list[Item]:
    office = single_line(block.office, s.fonts, Type("song", 13), s.width) if block.office else None
    lines = _fitted_title(block.text, s)
    top = 18.0 if office else 0.0
    step = lines[0].atoms[0].size * 1.3 if lines and lines[0].atoms else 24.0

    def paint(page: Page, x: float, y: float) -> None:
        if office:
            page.text(office, x, y + 8, "centre")
        for i, line in enumerate(lines):
            page.text(line, x, y + top + 12 + i * step, "centre")
        if block.mark:
            _paint_mark(page, block.mark, x + s.width, y)

    gap = NEW_PAGE if block.apart else 0.0
    return [Item(Fixed(top + 31.0 - 5.0 * bool(office) + step * (len(lines) - 1), paint), gap)]


def _fitted_title(text: str, s: Setting) -> list[Line]:
    """Set a title in one line, smaller when need be, then in even lines."""
    for size in (19.0, 17.0, 15.0):
        style = Type("song", size, TITLE.heavy * size / 19)
        line = single_line(text, s.fonts, style, s.width)
        if line.width <= s.width:
            return [line]
    return even_lines(atoms(text, s.fonts, style), s.width)


def _paint_mark(page: Page, mark: str, right: float, y: float) -> None:
    line = single_line(mark, page.fonts, Type("hei", 9))
    left = right - line.width - 12
    page.frame(left, y, line.width + 12, 17, FRAME)
    page.text(line, left + 6, y + 8.5)


def _info_line(block: InfoLine, s: Setting) -> list[Item]:
    style = Type("song", 10)
    left, centre, right = (single_line(c, s.fonts, style, s.width) for c in (block.left, block.centre, block.right))
    side = max(left.width, right.width)
    one = (2 * side + centre.width + 24 <= s.width) if block.centre else (left.width + right.width + 24 <= s.width)
    rows = [line for line in (left, centre, right) if line.atoms]

    def paint(page: Page, x: float, y: float) -> None:
        if one:
            page.text(left, x, y + 12)
            page.text(centre, x, y + 12, "centre")
            page.text(right, x, y + 12, "right")
            return
        at = y + 12
        for row in rows:
            for line in break_lines(row.atoms, s.width):
                page.text(line, x, at)
                at += 15

    count = sum(len(break_lines(row.atoms, s.width)) for row in rows)
    return [Item(Fixed(17.0 if one else 2.0 + 15 * count, paint), sticks=True)]


PROSE = Type("song", 11)
PROSE_LINE = 20.0


def _prose(block: Paragraph, s: Setting) -> list[Item]:
    """Running text of a sheet, line by line so that it may go on over the page; two characters indented."""

    def line_item(line: Line) -> Item:
        close = line.room - line.width < 2 * PROSE.size  # else the words would stand too far apart
        return Item(Fixed(PROSE_LINE, lambda page, x, y: page.text(line, x, y + PROSE_LINE / 2, justify=close)))

    indent = 0.0 if block.flush else 2 * PROSE.size
    items = [line_item(line) for line in break_lines(atoms(block.content, s.fonts, PROSE), s.width, indent)]
    return [*items[:-1], replace(items[-1], sticks=True)]  # no line alone on a page, and no seal without text above it


# ---- ruled blocks --------------------------------------------------------------------------------
def _plain(rows: Sequence[Sequence[Cell]]) -> bool:
    """True when no cell covers two rows."""
    return all(cell.rows == 1 for row in rows for cell in row)


def _ruled(block: RuledBlock, s: Setting) -> list[Item]:
    made = ruled_of(block, s.width, s.tight)
    grid = Grid(made.widths, made.rows, s.fonts, made.look, made.marks)
    if made.whole:
        return [Item(Fixed(grid.height, grid.draw), made.gap, sticks=True)]
    if grid.simple:
        return [Item(Rows.whole(grid), made.gap)]
    if len(made.rows) > LongGrid.AHEAD and made.marks[:1] == (RowMark(head=True),) and _plain(made.rows):
        long = LongGrid(made.widths, made.rows[0], made.rows[1:], s.fonts, made.look, made.marks[1:])
        return [Item(long, made.gap)]
    return [Item(grid, made.gap)]


# ---- foot ----------------------------------------------------------------------------------------
def _sign_line(block: SignLine, s: Setting) -> list[Item]:
    style = Type("song", 10)
    lines = [single_line(slot, s.fonts, style) for slot in block.slots]
    spare = s.width - sum(line.width for line in lines)
    rows = [lines] if spare >= 20 * len(lines) else [lines[: len(lines) // 2], lines[len(lines) // 2 :]]

    def paint(page: Page, x: float, y: float) -> None:
        for i, row in enumerate(rows):
            gap = (s.width - sum(line.width for line in row)) / max(1, len(row) - 1)
            at = x
            for line in row:
                page.text(line, at, y + 21 + i * 26)
                at += line.width + gap

    return [Item(Fixed(32.0 + 26 * (len(rows) - 1), paint), sticks=True)]


@dataclass(frozen=True)
class NotesPiece:
    """注： with hanging numbers; goes on over the page note by note."""

    notes: tuple[tuple[str, tuple[Line, ...]], ...]
    qr: tuple[str, str] | None
    width: float
    first: bool = True

    LEADING = 13.0
    SIDE = 15 * MM
    INDENT = 18.0

    @property
    def height(self) -> float:
        """Height in points."""
        text = sum(len(lines) for _, lines in self.notes) * self.LEADING
        return max(text, self.SIDE + 16 if self.qr else 0.0)

    @property
    def least(self) -> float:
        """The whole when it is short, else its first note."""
        return self.height if self.height <= 110 else max(40.0, len(self.notes[0][1]) * self.LEADING)

    def split(self, room: float, leave: int) -> tuple[Piece | None, Piece | None]:
        """Cut between notes; the QR code stays with the last ones."""
        count, used = 0, 0.0
        for _, lines in self.notes[: len(self.notes) - leave]:
            used += len(lines) * self.LEADING
            if used > room:
                break
            count += 1
        if count == len(self.notes):
            count -= 1  # only the QR code did not fit
        if count == 0:
            return None, self
        head = NotesPiece(self.notes[:count], None, self.width, self.first)
        return head, NotesPiece(self.notes[count:], self.qr, self.width, first=False)

    def draw(self, page: Page, x: float, y: float) -> None:
        """Draw at the left upper corner."""
        top = y
        if self.first:
            page.words(x, y + self.LEADING / 2, "注：", 9)
        for number, lines in self.notes:
            if number:
                page.words(x + self.INDENT, y + self.LEADING / 2, number, 9)
            for line in lines:
                page.text(line, x + self.INDENT + (12 if number else 0), y + self.LEADING / 2, justify=True)
                y += self.LEADING
        if self.qr:
            data, caption = self.qr
            left = x + self.width - self.SIDE
            page.qr(left, top + 1, self.SIDE, data)
            page.words(left - 5, top + self.SIDE + 9, caption, 8, "centre", self.SIDE + 10)


def _notes(block: Notes, s: Setting) -> list[Item]:
    several = len(block.items) > 1
    room = s.width - NotesPiece.INDENT - (12 if several else 0)
    room -= NotesPiece.SIDE + 9 * MM if block.qr else 0
    style = Type("song", 9)
    notes = [
        (f"{i}." if several else "", tuple(break_lines(atoms(text, s.fonts, style), room)))
        for i, text in enumerate(block.items, 1)
    ]
    qr = (block.qr.data, block.qr.caption) if block.qr else None
    return [Item(NotesPiece(tuple(notes), qr, s.width), 9.0, sticks=True)] if notes or qr else []


def _photos(block: PhotoGrid, s: Setting) -> list[Item]:
    style, room = Type("song", 9), frame_size(s.width, block.per_row)[0]
    out: list[Item] = []
    for start in range(0, len(block.photos), block.per_row):
        row = block.photos[start : start + block.per_row]
        pictures = tuple(s.picture(photo.data) for photo in row)
        captions = tuple(tuple(break_lines(atoms(photo.caption, s.fonts, style), room)) for photo in row)
        for photo, picture in zip(row, pictures, strict=True):
            if picture.words == UNREADABLE:
                s.notes.append(f"{UNREADABLE}：{photo.caption}")
        out.append(Item(PhotoRow(pictures, captions, block.per_row, s.width, s.photo_scale), 10.0))
    return out


def _charts(block: Charts, s: Setting) -> list[Item]:
    """Rows of charts; the heading never parts from the first of them."""
    wide = (s.width - CHART_GAP * (block.per_row - 1)) / block.per_row
    most = block.mm * MM * s.photo_scale
    out: list[Item] = []
    for start in range(0, len(block.charts), block.per_row):
        head = single_line(block.title, s.fonts, Type("hei", 12), s.width) if block.title and not start else None
        row = block.charts[start : start + block.per_row]
        high = max(height_of(chart, most) for chart in row)
        made = [marks_of(chart, wide, high) for chart in row]
        out.append(Item(_chart_row(made, head, wide, high), 14.0))
    return out


def _chart_row(made: list[tuple[Mark, ...]], head: Line | None, wide: float, high: float) -> Fixed:
    top = 26.0 if head else 0.0

    def paint(page: Page, x: float, y: float) -> None:
        if head:
            page.text(head, x, y + 10, "centre")
        for n, marks in enumerate(made):
            page.marks(marks, x + n * (wide + CHART_GAP), y + top)

    return Fixed(top + high, paint)
