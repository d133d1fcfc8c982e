"""How each block of a document looks on paper: block → pieces for :mod:`envdesk.reports.layout`.

Measures follow the reference papers: titles Song 19 with a stroke (stands in for 小标宋, GB/T 9704), labels and headers
Hei, text Song; inner rules 0.5, frames 0.75 points; no fills.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from envdesk.reports.canvas import FRAME, MM, Page
from envdesk.reports.document import (
    Block,
    Checklist,
    Column,
    InfoLine,
    Inline,
    KeyValues,
    LongText,
    Notes,
    Pair,
    PhotoGrid,
    Signatures,
    SignLine,
    Span,
    Table,
    Tick,
    Title,
    inline,
)
from envdesk.reports.fonts import FontSet
from envdesk.reports.grid import Cell, Grid, Look, RowMark
from envdesk.reports.layout import Item, Piece
from envdesk.reports.pictures import UNREADABLE, PhotoRow, Picture, frame_size, prepare
from envdesk.reports.textflow import Line, Type, atoms, break_lines, even_lines, single_line

TITLE = Type("song", 19, 0.45)
BLOCK_GAP = 8.0
DATE_WORDS = "\u3000\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日"


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
        Table: _table,
        KeyValues: _key_values,
        Checklist: _checklist,
        LongText: _long_text,
        Notes: _notes,
        PhotoGrid: _photos,
        SignLine: _sign_line,
        Signatures: _signatures,
    }
    return makers[type(block)](block, setting)


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

    return [Item(Fixed(top + 31.0 - 5.0 * bool(office) + step * (len(lines) - 1), paint))]


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
    return [Item(Fixed(17.0 if one else 2.0 + 15 * count, paint))]


# ---- ruled blocks --------------------------------------------------------------------------------
def _gap(block: Table | KeyValues | Checklist | LongText | Signatures) -> float:
    return 0.0 if block.joined else BLOCK_GAP


def _label(text: str, **more: Any) -> Cell:
    return Cell(inline(Span(text, bold=True)), label=True, **more)


def _table(block: Table, s: Setting) -> list[Item]:
    side = (block.side_mm * MM,) if block.side else ()
    widths = (*side, *_column_widths(block.columns, s.width - sum(side)))
    rows, marks = _table_rows(block)
    if side:
        rows[0].insert(0, _label(block.side, rows=len(rows), pad=3, spread=True))
    look = Look(
        size=block.size,
        leading=block.size * (4 / 3 if block.dense else 1.5),
        pad_x=4 if block.dense else 5,
        pad_y=1.5 if block.dense else 4,
        row=block.row_mm * MM * s.tight,
        head=21 if block.dense else 23,
    )
    grid = Grid(widths, tuple(tuple(r) for r in rows), s.fonts, look, tuple(marks))
    return [Item(grid, _gap(block))]


def _column_widths(columns: tuple[Column, ...], room: float) -> tuple[float, ...]:
    """Stretch or shrink columns to the room, numbers of rows (≤ 12 mm) as they are."""
    fixed = sum(c.mm * MM for c in columns if c.mm <= 12)
    scale = (room - fixed) / sum(c.mm * MM for c in columns if c.mm > 12)
    return tuple(c.mm * MM * (scale if c.mm > 12 else 1) for c in columns)


def _table_rows(block: Table) -> tuple[list[list[Cell]], list[RowMark]]:
    rows: list[list[Cell]] = [[_label(c.title, pad=1) for c in block.columns]]
    marks = [RowMark(head=True)]
    plain_columns = [c for i, c in enumerate(block.columns) if i != block.category]
    for group in block.groups:
        for i, row in enumerate(group.rows):
            cells = [_table_cell(c, v) for c, v in zip(plain_columns, row.cells, strict=True)]
            if block.category is not None and i == 0:
                category = _label(group.title, rows=len(group.rows), pad=2, leading=block.size * 1.5)
                cells.insert(block.category, category)
            rows.append(cells)
            marks.append(RowMark(tied=row.tied, heavy=i == 0 and block.category is not None))
    for _ in range(block.blank_rows):
        rows.append([Cell(least=24) for _ in plain_columns])
        marks.append(RowMark())
    return rows, marks


def _table_cell(column: Column, value: Inline) -> Cell:
    pad = {"right": 5.0, "centre": 1.0, "left": None}[column.align]
    return Cell(value, align=column.align, pad=pad)


def _key_values(block: KeyValues, s: Setting) -> list[Item]:
    patterns = [_pair_edges(len(row), block.label_mm * MM, s.width) for row in block.rows]
    edges = sorted({round(e, 3) for p in patterns for e in p})
    rows: list[tuple[Cell, ...]] = []
    if block.title:
        rows.append((_label(block.title, cols=len(edges) - 1),))
    for row, pattern in zip(block.rows, patterns, strict=True):
        spans = [edges.index(round(b, 3)) - edges.index(round(a, 3)) for a, b in pairwise(pattern)]
        cells = [cell for pair in row for cell in _pair_cells(pair, s.tight)]
        rows.append(tuple(_spanned(cell, n) for cell, n in zip(cells, spans, strict=True)))
    widths = tuple(b - a for a, b in pairwise(edges))
    look = Look(size=block.size, leading=block.size * 1.5, pad_x=5, pad_y=3.5 * s.tight, row=23 * s.tight)
    return [Item(Grid(widths, tuple(rows), s.fonts, look), _gap(block))]


def _pair_edges(pairs: int, label: float, width: float) -> list[float]:
    """Vertical rules of a row: label, value, label, value and so on."""
    if pairs == 1:
        return [0.0, label, width]
    if pairs == 2:
        second = label - 2 * MM
        value = (width - label - second) * 0.54
        return [0.0, label, label + value, label + value + second, width]
    step = width / pairs
    return [e for i in range(pairs) for e in (i * step, i * step + label)] + [width]


def _pair_cells(pair: Pair, tight: float) -> tuple[Cell, Cell]:
    top = pair.long and (pair.foot != "" or not pair.value)
    value = Cell(
        pair.value,
        justify=pair.long,
        valign="top" if top else "middle",
        foot=pair.foot,
        least=pair.min_mm * MM * tight,
        leading=15.5 if pair.long else None,
    )
    return _label(pair.label, pad=3, spread=True, leading=12.5), value


def _spanned(cell: Cell, cols: int) -> Cell:
    return replace(cell, cols=cols)


def _checklist(block: Checklist, s: Setting) -> list[Item]:
    points = any(item.point for item in block.items)
    heads = ["序号", "检查项目", *(["检查要点"] if points else []), "检查结果", "问题记录"]
    mm = [10.0, 23.0, 63.0, 27.0, 42.0] if points else [10.0, 55.0, 33.0, 67.0]
    rows: list[tuple[Cell, ...]] = [tuple(_label(h, pad=1) for h in heads)]
    for number, item in enumerate(block.items, 1):
        boxes: list[Span | Tick] = []
        for tick in item.choices:
            boxes += [Span("\n")] if boxes else []
            boxes.append(tick)
        point = [Cell(inline(item.point), pad=5)] if points else []
        title = Cell(inline(item.title), align="centre" if points else "left", pad=2 if points else 5, even=points)
        cells = [Cell(inline(str(number)), align="centre", pad=1), title, *point]
        rows.append((*cells, Cell(tuple(boxes), pad=6), Cell(inline(item.note), pad=5)))
    scale = s.width / (sum(mm) * MM)
    look = Look(size=9, leading=13, pad_x=3, pad_y=4 * s.tight, row=46 * s.tight, head=22)
    grid = Grid(tuple(w * MM * scale for w in mm), tuple(rows), s.fonts, look, (RowMark(head=True),))
    return [Item(grid, _gap(block))]


def _long_text(block: LongText, s: Setting) -> list[Item]:
    boxes = any(isinstance(part, Tick) for part in block.content)
    content = (Span(block.label + "：" + "\u3000" * boxes, bold=True), *block.content)
    tall = block.min_mm > 12
    cell = Cell(
        content, pad=6, justify=not boxes, valign="top" if tall else "middle", least=block.min_mm * MM * s.tight
    )
    look = Look(size=9.5, leading=14.5, pad_x=5, pad_y=5 * s.tight, row=23 * s.tight)
    return [Item(Grid((s.width,), ((cell,),), s.fonts, look), _gap(block))]


def _signatures(block: Signatures, s: Setting) -> list[Item]:
    rows: list[tuple[Cell, ...]] = []
    count = max(len(row) for row in block.rows)
    for labels in block.rows:
        cells: list[Cell] = []
        for label in labels:
            date = label == "日期"
            words = _label(label if date else f"{label}\n（签名）", pad=3, spread=date, least=25 if date else 37)
            cells += [words, Cell(inline(DATE_WORDS) if date else (), align="centre")]
        cells += [Cell() for _ in range(2 * (count - len(labels)))]
        rows.append(tuple(cells))
    label_w, value_w = 28 * MM, s.width / count - 28 * MM
    look = Look(size=9.5, leading=13, pad_x=3, pad_y=3, row=25)
    grid = Grid((label_w, value_w) * count, tuple(rows), s.fonts, look)
    whole = Fixed(grid.height, grid.draw)
    return [Item(whole, _gap(block) + (0 if block.joined else 2), sticks=True)]


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
