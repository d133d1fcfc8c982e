"""Ruled blocks as cells with spans: what stands in which cell, for every renderer.

A table, pairs of label and value, a checklist, a box of text and places to sign all become :class:`Ruled`: column widths
and rows of cells. The PDF breaks their lines itself, Word and Excel are told the same widths; so a paper has the same
cells in the same order in all three. Lengths here are points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

from envdesk.reports.document import (
    Align,
    Checklist,
    Column,
    Inline,
    KeyValues,
    LongText,
    Pair,
    Signatures,
    Span,
    Table,
    Tick,
    inline,
)
from envdesk.reports.textflow import Line

VAlign = Literal["top", "middle"]
RuledBlock = Table | KeyValues | Checklist | LongText | Signatures
#: Points in a millimetre.
MM = 72 / 25.4
BLOCK_GAP = 8.0
DATE_WORDS = "\u3000\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        cols, rows: how many columns and rows it covers.
        label: set in Hei and centred; on the next page repeated with （续）.
        pad: left and right padding in points, None = the grid's.
        foot: words at the right of the cell's foot (签名：　　年　月　日); ``least`` = least height in points.
        lines: text already broken (the rest of a cell that was cut).
        spread: a label of two or three hanzi is set four wide (地　　址).
        even: lines of about equal length (labels always).
    """

    content: Inline = ()
    align: Align = "left"
    cols: int = 1
    rows: int = 1
    label: bool = False
    valign: VAlign = "middle"
    pad: float | None = None
    size: float | None = None
    leading: float | None = None
    justify: bool = False
    foot: str = ""
    least: float = 0.0
    lines: tuple[Line, ...] | None = None
    reopened: bool = False
    spread: bool = False
    even: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Type and padding of a grid, in points."""

    size: float = 9.0
    leading: float = 12.0
    pad_x: float = 4.0
    pad_y: float = 3.0
    row: float = 0.0
    head: float = 22.0
    foot: float = 20.0


@dataclass(frozen=True, slots=True)
class RowMark:
    """What holds for a whole row: ``tied`` to the one above, ``heavy`` rule above, ``head`` repeated on each page."""

    tied: bool = False
    heavy: bool = False
    head: bool = False


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled block ready for a renderer.

    Attributes:
        widths: of the columns, points.
        rows: cells row by row, covered places left out (as in HTML).
        marks: what holds for each of the first rows; a row without a mark is an ordinary one.
        gap: free space above. ``whole`` = never parted, never at the top of a page without what stands above it.
    """

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    look: Look
    marks: tuple[RowMark, ...] = ()
    gap: float = BLOCK_GAP
    whole: bool = False

    def mark(self, row: int) -> RowMark:
        """Return what holds for *row*."""
        return self.marks[row] if row < len(self.marks) else RowMark()


def placed(rows: Sequence[Sequence[Cell]]) -> list[tuple[int, int, Cell]]:
    """Return (row, column, cell) of every cell."""
    out: list[tuple[int, int, Cell]] = []
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        col = 0
        for cell in row:
            while (r, col) in taken:
                col += 1
            out.append((r, col, cell))
            if cell.rows > 1:
                taken |= {(r + i, col + j) for i in range(1, cell.rows) for j in range(cell.cols)}
            col += cell.cols
    return out


def ruled_of(block: RuledBlock, width: float, tight: float = 1.0) -> Ruled:
    """Return the cells of a block.

    Args:
        block: what to rule.
        width: of the type area, points.
        tight: makes rows of forms lower when that saves a page.
    """
    makers: dict[type, Callable[[Any, float, float], Ruled]] = {
        Table: _table,
        KeyValues: _key_values,
        Checklist: _checklist,
        LongText: _long_text,
        Signatures: lambda one, room, _: _signatures(one, room),
    }
    return makers[type(block)](block, width, tight)


# ---- block by block ------------------------------------------------------------------------------
def _gap(block: RuledBlock) -> float:
    return 0.0 if block.joined else BLOCK_GAP


def _label(text: str, **more: Any) -> Cell:
    return Cell(inline(Span(text, bold=True)), label=True, **more)


def _table(block: Table, width: float, tight: float) -> Ruled:
    side = (block.side_mm * MM,) if block.side else ()
    widths = (*side, *_column_widths(block.columns, width - sum(side)))
    rows, marks = _table_rows(block)
    if side:
        rows[0].insert(0, _label(block.side, rows=len(rows), pad=3, spread=True))
    look = Look(
        size=block.size,
        leading=block.size * (4 / 3 if block.dense else 1.5),
        pad_x=4 if block.dense else 5,
        pad_y=1.5 if block.dense else 4,
        row=block.row_mm * MM * tight,
        head=21 if block.dense else 23,
    )
    return Ruled(widths, tuple(tuple(r) for r in rows), look, tuple(marks), _gap(block))


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


def _key_values(block: KeyValues, width: float, tight: float) -> Ruled:
    patterns = [_pair_edges(len(row), block.label_mm * MM, width) for row in block.rows]
    edges = sorted({round(e, 3) for p in patterns for e in p})
    rows: list[tuple[Cell, ...]] = []
    if block.title:
        rows.append((_label(block.title, cols=len(edges) - 1),))
    for row, pattern in zip(block.rows, patterns, strict=True):
        spans = [edges.index(round(b, 3)) - edges.index(round(a, 3)) for a, b in pairwise(pattern)]
        cells = [cell for pair in row for cell in _pair_cells(pair, tight)]
        rows.append(tuple(_spanned(cell, n) for cell, n in zip(cells, spans, strict=True)))
    widths = tuple(b - a for a, b in pairwise(edges))
    look = Look(size=block.size, leading=block.size * 1.5, pad_x=5, pad_y=3.5 * tight, row=23 * tight)
    marks = (RowMark(), RowMark(tied=True)) if block.title else ()  # a title never ends a page
    return Ruled(widths, tuple(rows), look, marks, _gap(block))


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


def _checklist(block: Checklist, width: float, tight: float) -> Ruled:
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
    scale = width / (sum(mm) * MM)
    look = Look(size=9, leading=13, pad_x=3, pad_y=4 * tight, row=46 * tight, head=22)
    return Ruled(tuple(w * MM * scale for w in mm), tuple(rows), look, (RowMark(head=True),), _gap(block))


def _long_text(block: LongText, width: float, tight: float) -> Ruled:
    boxes = any(isinstance(part, Tick) for part in block.content)
    content = (Span(block.label + "：" + "\u3000" * boxes, bold=True), *block.content)
    tall = block.min_mm > 12
    cell = Cell(content, pad=6, justify=not boxes, valign="top" if tall else "middle", least=block.min_mm * MM * tight)
    look = Look(size=9.5, leading=14.5, pad_x=5, pad_y=5 * tight, row=23 * tight)
    return Ruled((width,), ((cell,),), look, gap=_gap(block))


def _signatures(block: Signatures, width: float) -> Ruled:
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
    label_w, value_w = 28 * MM, width / count - 28 * MM
    look = Look(size=9.5, leading=13, pad_x=3, pad_y=3, row=25)
    gap = _gap(block) + (0 if block.joined else 2)
    return Ruled((label_w, value_w) * count, tuple(rows), look, gap=gap, whole=True)
