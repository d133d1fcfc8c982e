"""A document as an Excel file (XLSX): one printed page wide, figures that add up, header rows on every page.

All ruled blocks share one set of columns, made of their column edges; a cell that spans several is merged. A figure
is a number in the look it is printed in (312, 98.81%, 52*), so that a superior can sum and sort; text is text, also
when it begins with = + - @. Excel knows no watermark and no other first page: a draft carries a grey picture in
the page header, words in its first row and in the footer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import xlsxwriter

from envdesk.reports.document import (
    Block,
    Charts,
    Checklist,
    Document,
    Furniture,
    InfoLine,
    KeyValues,
    LongText,
    Notes,
    PhotoGrid,
    Rendered,
    Signatures,
    SignLine,
    Table,
    Title,
    inline,
    plain,
)
from envdesk.reports.excel_cells import INDENT, Looks, Sheet, free_name
from envdesk.reports.excel_charts import chart_sheet
from envdesk.reports.measure import ems, line_count
from envdesk.reports.pdf import LedgerPage, SheetPage
from envdesk.reports.pictures import ASPECT, PASTE_HERE, UNREADABLE, prepare
from envdesk.reports.pixels import qr_png, watermark_png
from envdesk.reports.ruled import MM, Cell, Ruled, RuledBlock, placed, ruled_of
from envdesk.reports.text import clean, one_line

RULED = (Table, KeyValues, Checklist, LongText, Signatures)
#: Edges of columns nearer than this (points) are one.
NEAR = 5.0
TITLE_SIZES = (19, 17, 15)
#: A header further down than this row is not frozen: nothing would be left to scroll.
DEEPEST_FREEZE = 8
QR_MM = 15.0
#: Rows from which a merged label may be parted by a page.
TALL = 5


class _Writer:
    """Writes block after block from the top; ``notes`` is what the user should know."""

    def __init__(self, document: Document, sheet: Sheet, width: float) -> None:
        self.sheet, self.width = sheet, width
        self.row = 0
        self.head: int | None = None
        self.notes: list[str] = []
        self.charts: list[Charts] = []
        self._ruled_blocks = {id(b): ruled_of(b, width) for b in document.blocks if isinstance(b, RULED)}
        boxes = not any(isinstance(b, Table) for b in document.blocks)
        self.edges = _edges([made.widths for made in self._ruled_blocks.values()], width, boxes=boxes)
        self._makers: dict[type, Callable[[Any], None]] = {
            Title: self._title, InfoLine: self._info_line, Table: self._ruled, KeyValues: self._ruled,
            Checklist: self._ruled, LongText: self._ruled, Signatures: self._ruled, Notes: self._notes,
            PhotoGrid: self._photos, Charts: self._keep, SignLine: self._sign_line,
        }  # fmt: skip
        sheet.columns([b - a for a, b in zip(self.edges, self.edges[1:], strict=False)])

    def write(self, document: Document) -> None:
        """Write all blocks."""
        if document.furniture.watermark:
            self._across(document.furniture.foot_left or document.furniture.watermark, 9, face="黑体", align="right")
        for block in document.blocks:
            self._makers[type(block)](block)

    def _keep(self, block: Charts) -> None:
        """Charts get a sheet of their own."""
        self.charts.append(block)

    @property
    def _last(self) -> int:
        return len(self.edges) - 2

    def _at(self, x: float) -> int:
        """The edge nearest to *x*."""
        n = min(bisect_left(self.edges, x), len(self.edges) - 1)
        return n - 1 if n and x - self.edges[n - 1] < self.edges[n] - x else n

    def _across(self, text: str, size: float, *, face: str = "宋体", align: str = "left", height: float = 0.0) -> None:
        """One row over the whole width."""
        lines = line_count(text, self.width, size)
        look = {"font_name": face, "font_size": size, "align": align, "valign": "vcenter", "text_wrap": True}
        self.sheet.put(self.row, 0, self.row, self._last, inline(text), look)
        self.sheet.height(self.row, max(height, lines * size * 1.4))
        self.row += 1

    def _space(self, points: float) -> None:
        self.sheet.height(self.row, points)
        self.row += 1

    # ---- head
    def _title(self, block: Title) -> None:
        if block.mark:
            self._across(block.mark, 9, face="黑体", align="right")
        if block.office:
            self._across(block.office, 13, align="center")
        size = next((s for s in TITLE_SIZES if ems(block.text) * s <= self.width), TITLE_SIZES[-1])
        self._across(block.text, size, face="方正小标宋简体", align="center", height=31)

    def _info_line(self, block: InfoLine) -> None:
        parts = [(block.left, "left"), (block.centre, "center"), (block.right, "right")]
        self._in_row([(plain(c), a) for c, a in parts if c or a == "center"], 17)

    def _in_row(self, parts: list[tuple[str, str]], height: float) -> None:
        """Words side by side in merged cells of about the width they need; one below the other when too narrow."""
        need = [ems(words) * 10 + 12 for words, _ in parts]
        spare = (self.width - sum(need)) / len(parts)
        stops, x = [0], 0.0
        for n in need[:-1]:
            x += n + spare
            stops.append(self._at(x))
        stops.append(self._last + 1)
        fits = spare >= 0 and all(
            a < b and self.edges[b] - self.edges[a] >= n - 6 for a, b, n in zip(stops, stops[1:], need, strict=False)
        )
        if not fits:
            for words, _ in parts:
                if words:
                    self._across(words, 10, height=height)
            return
        for (words, align), a, b in zip(parts, stops, stops[1:], strict=False):
            look = {"font_name": "宋体", "font_size": 10, "align": align, "valign": "vcenter"}
            self.sheet.put(self.row, a, self.row, b - 1, inline(words), look)
        self.sheet.height(self.row, height)
        self.row += 1

    # ---- ruled blocks
    def _ruled(self, block: RuledBlock) -> None:
        made = self._ruled_blocks[id(block)]
        if made.gap and self.row > 3:
            self._space(made.gap)
        xs = [0.0]
        for w in made.widths:
            xs.append(xs[-1] + w)
        columns = [self._at(x) for x in xs]
        if made.mark(0).head and self.head is None and isinstance(block, Table):
            self.head = self.row
        places = placed(made.rows)
        for r, c, found in places:  # a tall label is read from its top: Excel breaks pages where it likes
            tall = found.label and found.rows >= TALL
            cell = replace(found, valign="top") if tall else found
            numeric = cell.align == "right" or _counts(made, c)
            self.sheet.cell(
                (self.row + r, columns[c], self.row + r + cell.rows - 1, columns[c + cell.cols] - 1),
                cell, made.look, xs[c + cell.cols] - xs[c], figure=numeric and not cell.label,
            )  # fmt: skip
        for r, height in enumerate(_heights(made, places)):
            self.sheet.height(self.row + r, height)
        self.row += len(made.rows)

    def _photos(self, block: PhotoGrid) -> None:
        stops = [self._at(self.width * i / block.per_row) for i in range(block.per_row + 1)]
        look = {"font_name": "宋体", "font_size": 9, "align": "center", "valign": "vcenter", "text_wrap": True}
        for start in range(0, len(block.photos), block.per_row):
            self._space(8)
            room = self.width / block.per_row - 12
            for i, photo in enumerate(block.photos[start : start + block.per_row]):
                if stops[i] >= stops[i + 1]:
                    self.notes.append(f"{UNREADABLE}：{photo.caption}")
                    continue
                picture = prepare(photo.data)
                if picture.words == UNREADABLE:
                    self.notes.append(f"{UNREADABLE}：{photo.caption}")
                words = "" if picture.data else picture.words or PASTE_HERE
                self.sheet.put(self.row, stops[i], self.row, stops[i + 1] - 1, inline(words), look | {"border": 1})
                self.sheet.put(self.row + 1, stops[i], self.row + 1, stops[i + 1] - 1, inline(photo.caption), look)
                if picture.data:
                    high = min(room / ASPECT, room / picture.aspect)
                    self.sheet.picture(self.row, stops[i], picture.data, high, photo.caption)
            self.sheet.height(self.row, room / ASPECT + 6)
            self.sheet.height(self.row + 1, 14)
            self.row += 2

    # ---- foot
    def _sign_line(self, block: SignLine) -> None:
        """One merged cell: the columns of the table above are no places to sign."""
        self._space(12)
        spare = (self.width - 20) / 10 - sum(ems(slot) for slot in block.slots)
        room = "\u3000" * max(1, int(spare / max(1, len(block.slots) - 1)))
        self._across(room.join(block.slots), 10, height=18)

    def _notes(self, block: Notes) -> None:
        self._space(6)
        several = len(block.items) > 1
        first = self.row
        side = QR_MM * MM + 12 if block.qr else 0.0
        last = max(0, bisect_right(self.edges, self.width - side) - 2) if side else self._last
        room = self.edges[last + 1] - 10
        look = {"font_name": "宋体", "font_size": 9, "align": "left", "valign": "top", "text_wrap": True}
        for n, words in enumerate(block.items, 1):
            text = ("注：" if n == 1 else "\u3000\u3000") + (f"{n}." if several else "") + words
            self.sheet.put(self.row, 0, self.row, last, inline(text), look)
            self.sheet.height(self.row, 13.0 * line_count(text, room, 9))
            self.row += 1
        if block.qr is not None:
            aside = self.width - self.edges[last + 1] - QR_MM * MM - 2
            self.sheet.picture(first, last + 1, qr_png(block.qr.data), QR_MM * MM, block.qr.caption, aside)
            self.row = max(self.row, first + 1)
            short = (QR_MM + 2) * MM - self.sheet.total(first, self.row)
            if short > 0:
                self._space(short)
            look = {"font_name": "宋体", "font_size": 8, "align": "right"}
            self.sheet.put(self.row, last + 1, self.row, self._last, inline(block.qr.caption), look)
            self.row += 1


def _counts(made: Ruled, column: int) -> bool:
    """True for a column 序号."""
    first = made.rows[0]
    return column < len(first) and first[column].label and plain(first[column].content) == "序号"


def _edges(tables: list[tuple[float, ...]], width: float, *, boxes: bool) -> list[float]:
    """The column edges of all tables, those that nearly meet as one."""
    found = {0.0, width}
    for widths in tables:
        x = 0.0
        for w in widths:
            x += w
            found.add(x)
    if boxes and len(found) < 6:  # a paper of boxes only: room for words at the right and for photos
        found |= {width * i / 12 for i in range(13)}
    out = [0.0]
    for x in sorted(found):
        if x - out[-1] > NEAR:
            out.append(x)
    out[-1] = width
    return out


def _heights(made: Ruled, places: list[tuple[int, int, Cell]]) -> list[float]:
    """Row heights: Excel does not fit the height of merged cells itself."""
    look = made.look
    out = [look.head if made.mark(r).head else look.row for r in range(len(made.rows))]

    def needs(c: int, cell: Cell) -> float:
        width = sum(made.widths[c : c + cell.cols]) - (4 if cell.label or cell.align == "centre" else INDENT)
        lines = line_count(plain(cell.content), width, cell.size or look.size) if cell.content else 1
        lines += 1 if cell.foot else 0
        lines += lines // 5  # long text: programs break it elsewhere, after hyphens for instance
        return max(cell.least, lines * (cell.leading or look.leading) + 2 * look.pad_y)

    for r, c, cell in places:
        if cell.rows == 1:
            out[r] = max(out[r], needs(c, cell))
    for r, c, cell in places:
        short = needs(c, cell) - sum(out[r : r + cell.rows])
        if cell.rows > 1 and short > 0:
            for i in range(r, r + cell.rows):
                out[i] += short / cell.rows
    return out


def render_xlsx(document: Document) -> Rendered:
    """Write *document* as XLSX; ``pages`` is 0, as the program that opens it breaks them."""
    shape = LedgerPage if document.landscape else SheetPage
    width = shape.SIZE[0] - (shape.LEFT + shape.RIGHT) * MM
    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": one_line(document.title)[:255], "author": one_line(document.author)[:255],
         "subject": one_line(document.subject)[:255]}
    )  # fmt: skip
    looks, notes = Looks(book), list[str]()
    for name, part in _parts(document):
        page = book.add_worksheet(free_name(book, name))
        writer = _Writer(part, Sheet(page, looks), width)
        writer.write(part)
        _page(page, part, shape, writer)
        for block in writer.charts:
            chart_sheet(book, block, part, looks)
        notes += writer.notes
    book.close()
    return Rendered(data.getvalue(), 0, tuple(notes))


def _parts(document: Document) -> list[tuple[str, Document]]:
    """Name and content of each sheet: what begins a page of its own has other columns and another header row."""
    titles = [block for block in document.blocks if isinstance(block, Title)]
    copies = len(titles) > 1 and all(title.mark for title in titles)  # of one paper: told apart by their marks
    first = titles[0].mark if copies else document.subject or document.title
    parts: list[tuple[str, list[Block]]] = [(first, [])]
    for block in document.blocks:
        if isinstance(block, Title) and block.apart:
            parts.append((block.mark if copies else block.text, []))
        parts[-1][1].append(block)
    return [(name, replace(document, blocks=tuple(blocks))) for name, blocks in parts]


def _page(page: Any, document: Document, shape: type[SheetPage], writer: _Writer) -> None:
    inch = 25.4
    if document.landscape:
        page.set_landscape()
    page.set_paper(9)
    page.set_margins(shape.LEFT / inch, shape.RIGHT / inch, shape.TOP / inch, shape.BOTTOM / inch)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.hide_gridlines(2)
    if writer.row:
        page.print_area(0, 0, writer.row - 1, len(writer.edges) - 2)
    if writer.head is not None:
        page.repeat_rows(writer.head)
        if writer.head < DEEPEST_FREEZE:
            page.freeze_panes(writer.head + 1, 0)
    furniture(page, document.furniture)


def furniture(page: Any, words: Furniture) -> None:
    """Set the footer of a worksheet, and the grey words of a draft."""
    folio = "第&P页\u3000共&N页"
    parts = [("L", _quoted(words.foot_left))]
    if words.folio == "centre":
        parts += [("C", folio), ("R", _quoted(words.foot_right))]
    else:
        parts.append(("R", folio))
    foot = "".join(f'&{side}&"宋体,常规"&9{text}' for side, text in parts if text)
    page.set_footer(foot, {"margin": 0.28})
    if words.watermark:
        grey = BytesIO(watermark_png(words.watermark))
        page.set_header("&C&G", {"image_center": "watermark.png", "image_data_center": grey, "margin": 1.2})


def _quoted(words: str) -> str:
    """Words in a footer: & doubled; a digit after the type size would be read as part of it; 255 characters in all."""
    text = one_line(clean(words))[:80].replace("&", "&&")
    return f" {text}" if text[:1].isdigit() else text
