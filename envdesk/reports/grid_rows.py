"""A stretch of rows of a plain list: the piece a long table is cut into, without building a new grid for each page."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from envdesk.reports.canvas import FRAME, RULE, Page
from envdesk.reports.grid import TALL, Grid


@dataclass(frozen=True)
class Rows:
    """Rows *start* … *end* of a :attr:`~envdesk.reports.grid.Grid.simple` grid under its header rows."""

    grid: Grid
    start: int
    end: int

    @classmethod
    def whole(cls, grid: Grid) -> Rows:
        """All rows of a grid."""
        return cls(grid, grid.heads, len(grid.rows))

    @property
    def _head(self) -> float:
        return self.grid.offsets[self.grid.heads]

    @cached_property
    def height(self) -> float:
        """Height in points."""
        return self._head + self.grid.offsets[self.end] - self.grid.offsets[self.start]

    @property
    def least(self) -> float:
        """Header rows and one row, or a few lines of a tall one."""
        first = self.grid.heights[self.start] if self.start < self.end else 0.0
        return self._head + (first if first <= TALL else TALL / 2)

    def split(self, room: float, leave: int = 0) -> tuple[Rows | Grid | None, Rows | Grid | None]:
        """Cut like a grid; from a row that has to be cut by its lines on, go on as one."""
        if not leave and self.height <= room:
            return self, None
        grid, limit = self.grid, self.end - leave
        end = min(bisect_right(grid.offsets, room - self._head + grid.offsets[self.start]) - 1, limit)
        while end > self.start and end < self.end and grid.bad_cut(end):
            end -= 1
        if self.start <= end < limit and grid.heights[end] > TALL:
            return grid.part(self.start if self.start > grid.heads else 0, self.end).split(room, leave)
        if end <= self.start:
            return None, self
        return Rows(grid, self.start, end), Rows(grid, end, self.end)

    def draw(self, page: Page, x: float, y: float) -> None:
        """Draw with the left upper corner at (x, y); each rule once, from edge to edge."""
        xs = [x]
        for width in self.grid.widths:
            xs.append(xs[-1] + width)
        with page.together():
            below = self._draw_rows(page, xs, y)
        for edge in xs[1:-1]:
            page.rule(edge, y, edge, below)
        page.frame(x, y, xs[-1] - x, below - y)

    def _draw_rows(self, page: Page, xs: list[float], y: float) -> float:
        grid, top, above = self.grid, y, False
        for r in (*range(grid.heads), *range(self.start, self.end)):
            bottom = top + grid.heights[r]
            if top > y:
                page.rule(xs[0], top, xs[-1], top, FRAME if above or grid.mark(r).heavy else RULE)
            for c, cell in enumerate(grid.rows[r]):
                page.note(cell.content, (xs[c], top, xs[c + 1], bottom), xs[0], xs[-1])
                grid.draw_cell(page, cell, grid.lines[r, c], (xs[c], top, xs[c + 1], bottom))
            top, above = bottom, grid.mark(r).head
        return top
