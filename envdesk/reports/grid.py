"""A ruled table with spans whose row heights are known before it is drawn, so that it can be cut into pages.

reportlab's own Table splits only between spans and refuses a cell taller than the page; here a merged cell is re-opened
on the next page and a long text goes on line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from envdesk.reports.canvas import FRAME, RULE, HAlign, Page
from envdesk.reports.document import Inline, Span, plain
from envdesk.reports.fonts import FontSet
from envdesk.reports.ruled import Cell, Look, RowMark, placed
from envdesk.reports.textflow import Line, Type, atoms, break_lines, even_lines, single_line, spread

#: A row taller than this (points, 42 mm) is cut by its lines; a lower one moves to the next page as a whole.
TALL = 120.0


@dataclass(frozen=True)
class Grid:
    """Rows of cells (covered places left out, as in HTML) under fixed column widths in points."""

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fonts: FontSet
    look: Look = field(default_factory=Look)
    marks: tuple[RowMark, ...] = ()

    # ---- places
    @cached_property
    def places(self) -> list[tuple[int, int, Cell]]:
        """(row, column, cell) of every cell."""
        return placed(self.rows)

    def mark(self, row: int) -> RowMark:
        """Return what holds for *row*."""
        return self.marks[row] if row < len(self.marks) else RowMark()

    @cached_property
    def lines(self) -> dict[tuple[int, int], tuple[Line, ...]]:
        """Broken text of every cell."""
        return {(r, c): self._break(c, cell) for r, c, cell in self.places}

    def _break(self, col: int, cell: Cell) -> tuple[Line, ...]:
        if cell.lines is not None:
            return cell.lines
        if not plain(cell.content):
            return ()
        room = sum(self.widths[col : col + cell.cols]) - 2 * self._pad(cell)
        style = Type("hei" if cell.label else "song", cell.size or self.look.size)
        even = cell.label or cell.even
        key = cell.content, round(room, 3), style, even
        if key not in self._broken:
            items = atoms(cell.content, self.fonts, style)
            self._broken[key] = tuple(even_lines(items, room) if even else break_lines(items, room))
        return self._broken[key]

    @cached_property
    def _broken(self) -> dict[tuple[Inline, float, Type, bool], tuple[Line, ...]]:
        """Texts already broken: a list says the same in many rows (grid, kind, result)."""
        return {}

    def _pad(self, cell: Cell) -> float:
        return self.look.pad_x if cell.pad is None else cell.pad

    def _lead(self, cell: Cell) -> float:
        return cell.leading or (cell.size * 1.35 if cell.size else self.look.leading)

    def _needs(self, row: int, col: int, cell: Cell) -> float:
        text = len(self.lines[row, col]) * self._lead(cell)
        foot = self.look.foot if cell.foot else 0.0
        return max(cell.least, text + foot + 2 * self.look.pad_y if text or foot else 0.0)

    @cached_property
    def heights(self) -> list[float]:
        """Row heights in points."""
        out = [self.look.head if self.mark(r).head else self.look.row for r in range(len(self.rows))]
        for r, c, cell in self.places:
            if cell.rows == 1:
                out[r] = max(out[r], self._needs(r, c, cell))
        for r, c, cell in self.places:
            short = self._needs(r, c, cell) - sum(out[r : r + cell.rows]) if cell.rows > 1 else 0.0
            if short > 0:
                for i in range(r, r + cell.rows):
                    out[i] += short / cell.rows
        return out

    @property
    def height(self) -> float:
        """Height of the whole grid in points."""
        return sum(self.heights)

    @cached_property
    def offsets(self) -> list[float]:
        """Upper edge of every row, and the lower edge of the last."""
        return _sums(0.0, self.heights)

    @cached_property
    def simple(self) -> bool:
        """True for a plain list: no cell covers another place."""
        return all(cell.rows == cell.cols == 1 and cell.lines is None for row in self.rows for cell in row)

    @cached_property
    def heads(self) -> int:
        """Number of header rows."""
        return next((r for r in range(len(self.rows)) if not self.mark(r).head), len(self.rows))

    # ---- cutting
    def part(self, start: int, end: int) -> Grid:
        """Return rows *start* … *end* under the header rows; cells opened before *start* are opened again."""
        kept = [*range(self.heads), *range(max(start, self.heads), end)] if start else list(range(end))
        index = {row: i for i, row in enumerate(kept)}
        rows: list[list[tuple[int, Cell]]] = [[] for _ in kept]
        for r, c, cell in self.places:
            covered = [index[i] for i in range(r, r + cell.rows) if i in index]
            if not covered:
                continue
            skipped = any(self.heads <= i < start for i in range(r, r + cell.rows))
            piece = _reopened(cell) if skipped else replace(cell, lines=self.lines[r, c])
            rows[covered[0]].append((c, replace(piece, rows=len(covered))))
        return self._rebuilt(rows, tuple(self.mark(r) for r in kept))

    def _rebuilt(self, rows: list[list[tuple[int, Cell]]], marks: tuple[RowMark, ...]) -> Grid:
        ordered = tuple(tuple(cell for _, cell in sorted(row, key=lambda place: place[0])) for row in rows)
        return Grid(self.widths, ordered, self.fonts, self.look, marks)

    @property
    def least(self) -> float:
        """Height with which the grid may begin on a page: header rows and one row, or a few lines of a tall one."""
        first = self.heights[self.heads] if self.heads < len(self.heights) else 0.0
        return sum(self.heights[: self.heads]) + (first if first <= TALL else TALL / 2)

    def split(self, room: float, leave: int = 0) -> tuple[Grid | None, Grid | None]:
        """Cut into a part that fits into *room* points and the rest; ``leave`` rows at least stay for the rest.

        (None, self) = nothing fits here, (self, None) = all fits. A row taller than 42 mm is cut by its lines.
        """
        total = len(self.rows)
        if not leave and self.height <= room:
            return self, None
        end = self._last_row(room, total - leave)
        if end < total - leave and self.heights[end] > TALL:
            cut = self._split_row(end, room - sum(self.heights[:end]))
            if cut is not None:
                return cut
        return self.split_at(end) if end > self.heads else (None, self)

    def _last_row(self, room: float, limit: int) -> int:
        """Return the number of rows that fit, not parting tied rows nor leaving a category's lone first row."""
        end, used = 0, 0.0
        while end < limit and used + self.heights[end] <= room:
            used += self.heights[end]
            end += 1
        while end > self.heads and (self.bad_cut(end) or self.part(0, end).height > room):
            end -= 1
        return end

    def bad_cut(self, end: int) -> bool:
        """True when a cut before row *end* would part what belongs together."""
        if end >= len(self.rows):
            return False
        opened = self.mark(end - 1).heavy and end - 1 > self.heads and not self.mark(end).heavy
        return self.mark(end).tied or opened

    def _split_row(self, row: int, space: float) -> tuple[Grid, Grid] | None:
        """Cut *row* by its lines so that its first part fits into *space* points; None when too few lines would."""
        tops, tails = dict[int, Cell](), dict[int, Cell]()
        lines = 0
        for r, c, cell in self.places:
            if r != row or cell.rows != 1:
                continue
            fit = int((space - 2 * self.look.pad_y - 2) // self._lead(cell))
            tops[c], tails[c] = self._cut_cell(row, c, cell, fit)
            lines = max(lines, 0 if cell.label else len(tops[c].lines or ()))
        if lines < 3 or not any(t.lines for t in tails.values() if not t.label):
            return None
        return self._with_row_cut(row, tops, tails).split_at(row + 1)

    def _cut_cell(self, row: int, col: int, cell: Cell, fit: int) -> tuple[Cell, Cell]:
        lines = self.lines[row, col]
        if cell.label:
            return replace(cell, lines=lines, least=0.0), _reopened(cell)
        fit = max(0, fit)
        if fit == len(lines) - 1 > 1:
            fit -= 1  # no single line on the next page
        top = replace(cell, lines=lines[:fit], foot="", least=0.0, valign="top")
        tail = replace(cell, lines=lines[fit:], least=0.0, reopened=True)
        return top, tail

    def _with_row_cut(self, row: int, tops: dict[int, Cell], tails: dict[int, Cell]) -> Grid:
        rows: list[list[tuple[int, Cell]]] = [[] for _ in range(len(self.rows) + 1)]
        for r, c, cell in self.places:
            if r == row and cell.rows == 1:
                rows[row].append((c, tops[c]))
                rows[row + 1].append((c, tails[c]))
            elif r <= row < r + cell.rows:
                rows[r].append((c, replace(cell, rows=cell.rows + 1)))
            else:
                rows[r if r <= row else r + 1].append((c, cell))
        marks = [self.mark(r) for r in range(len(self.rows))]
        marks.insert(row + 1, RowMark())
        return self._rebuilt(rows, tuple(marks))

    def split_at(self, row: int) -> tuple[Grid, Grid]:
        """Cut before *row*."""
        return self.part(0, row), self.part(row, len(self.rows))

    # ---- drawing
    def draw(self, page: Page, x: float, y: float) -> None:
        """Draw with the left upper corner at (x, y)."""
        with page.together():
            self._draw_cells(page, x, y)
        page.frame(x, y, sum(self.widths), self.height)

    def _draw_cells(self, page: Page, x: float, y: float) -> None:
        xs, ys = _sums(x, self.widths), _sums(y, self.heights)
        tall = [(r, r + cell.rows, c + cell.cols) for r, c, cell in self.places if cell.rows > 1]
        for r, c, cell in self.places:
            left, right, top, bottom = xs[c], xs[c + cell.cols], ys[r], ys[r + cell.rows]
            if r:
                heavy = self.mark(r).heavy or self.mark(r - 1).head
                page.rule(left, top, right, top, FRAME if heavy else RULE)
            if c:
                page.rule(left, top, left, bottom)
            own = max((end for first, after, end in tall if first <= r < after and end <= c), default=0)
            page.note(cell.content, (left, top, right, bottom), xs[own], xs[-1])
            self.draw_cell(page, cell, self.lines[r, c], (left, top, right, bottom))

    def draw_cell(self, page: Page, cell: Cell, lines: Sequence[Line], box: tuple[float, float, float, float]) -> None:
        """Draw what stands in a cell."""
        left, top, right, bottom = box
        pad, lead = self._pad(cell), self._lead(cell)
        align: HAlign = "centre" if cell.label and cell.align == "left" else cell.align
        foot = self.look.foot if cell.foot else 0.0
        height = len(lines) * lead
        free = bottom - top - foot - height
        y = top + (min(self.look.pad_y + 1, free / 2) if cell.valign == "top" else free / 2)
        for i, line in enumerate(lines):
            shown = spread(line, 4 * line.atoms[0].size) if cell.spread and len(lines) == 1 else line
            page.text(shown, left + pad, y + lead * (i + 0.5), align, justify=cell.justify)
        if cell.foot:
            room = right - left - 2 * pad
            words = single_line(cell.foot, self.fonts, Type("song", self.look.size), room)
            page.text(words, left + pad, bottom - 12, "right")


@dataclass(frozen=True)
class LongGrid:
    """A grid of many plain rows (no cell covers two): only the rows of the next page are laid out at a time.

    A :class:`Grid` measures and copies all its rows at each cut, which for 3,000 rows on 250 pages takes minutes.
    """

    widths: tuple[float, ...]
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fonts: FontSet
    look: Look
    marks: tuple[RowMark, ...]

    #: More rows than any page holds: the lowest row is 5 mm.
    AHEAD = 60

    @cached_property
    def next(self) -> Grid:
        """The rows that come next, under the header row."""
        rows = (self.head, *self.rows[: self.AHEAD])
        return Grid(self.widths, rows, self.fonts, self.look, (RowMark(head=True), *self.marks[: self.AHEAD]))

    @property
    def last(self) -> bool:
        """True when these are all."""
        return len(self.rows) <= self.AHEAD

    @property
    def height(self) -> float:
        """Height in points; of many rows only that it is more than a page."""
        return self.next.height if self.last else float("inf")

    @property
    def least(self) -> float:
        """Height with which it may begin on a page."""
        return self.next.least

    def split(self, room: float, leave: int = 0) -> tuple[Grid | None, LongGrid | None]:
        """Cut into a part that fits into *room* points and the rest, as :meth:`Grid.split`."""
        if self.last:
            head, tail = self.next.split(room, leave)
            return head, self._after(tail)
        head, tail = self.next.split(room)
        return head, self._after(tail) if head is not None else self

    def _after(self, tail: Grid | None) -> LongGrid | None:
        if tail is None:
            return None
        rows, marks = tail.rows[tail.heads :], tail.marks[tail.heads :]
        more = slice(self.AHEAD, None)
        return replace(self, head=tail.rows[0], rows=(*rows, *self.rows[more]), marks=(*marks, *self.marks[more]))

    def draw(self, page: Page, x: float, y: float) -> None:
        """Draw with the left upper corner at (x, y)."""
        self.next.draw(page, x, y)


def _reopened(cell: Cell) -> Cell:
    """Return the cell as it stands on the next page; a label says （续）."""
    if not cell.label or cell.reopened or not plain(cell.content):
        return replace(cell, least=0.0)
    content = (*cell.content, Span("\n（续）", bold=True))
    return replace(cell, content=content, lines=None, least=0.0, reopened=True)


def _sums(start: float, steps: Sequence[float]) -> list[float]:
    out = [start]
    for step in steps:
        out.append(out[-1] + step)
    return out
