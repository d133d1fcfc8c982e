"""Blocks that are drawn rather than ruled: a band of figures, bars of twelve months, a timeline with its rail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from envdesk.reports.canvas import FRAME, MM, Page
from envdesk.reports.document import Band, Caption, MonthBars, Timeline
from envdesk.reports.fonts import FontSet
from envdesk.reports.grid import Grid
from envdesk.reports.layout import Piece
from envdesk.reports.ruled import ruled_of
from envdesk.reports.textflow import Type, single_line

BAND_HEIGHT, CAPTION_HEIGHT = 40.0, 26.0
CHART_HEIGHT = 46 * MM
#: Grey of the first bars.
GREY = 0.8
#: Horizontal lines of a chart, at most.
LINES = 6
#: Half the size of a mark on the rail, points.
MARK = 3.0


def paint_caption(block: Caption, page: Page, x: float, y: float, width: float) -> None:
    """Draw a heading on its line, 26 points high."""
    page.text(single_line(block.text, page.fonts, Type("hei", 10.5), width), x, y + 15)


def paint_band(block: Band, page: Page, x: float, y: float, width: float) -> None:
    """Draw figures of 16 points over their labels, in boxes."""
    step = width / len(block.items)
    for n, (number, unit, label) in enumerate(block.items):
        left = x + n * step
        big = single_line(number, page.fonts, Type("song", 16, 0.3))
        small = single_line(f" {unit}" if unit else "", page.fonts, Type("song", 9.5))
        at = left + (step - big.width - small.width) / 2
        page.text(big, at, y + BAND_HEIGHT * 0.36)
        page.text(small, at + big.width, y + BAND_HEIGHT * 0.40)
        page.words(left, y + BAND_HEIGHT * 0.76, label, 9, "centre", step)
        if n:
            page.rule(left, y, left, y + BAND_HEIGHT)
    page.frame(x, y, width, BAND_HEIGHT)


# ---- bars --------------------------------------------------------------------------------------------------------
def scale(highest: int) -> tuple[int, int]:
    """Return the top of the axis, above the highest value, and the step of its lines, at most six."""
    step = next(s * 10**e for e in range(9) for s in (1, 2, 5) if highest < s * 10**e * (LINES - 1))
    return step * (highest // step + 1), step


def paint_bars(block: MonthBars, page: Page, x: float, y: float, width: float) -> None:
    """Draw the chart: values over the bars, months below, legend above at the right."""
    left, right = x + 26, x + width - 6
    top, floor = y + 22, y + CHART_HEIGHT - 30
    highest, step = scale(max((v for _title, values in block.bars for v in values), default=0))
    unit = (floor - top) / highest
    for n in range(0, highest + 1, step):
        at = floor - n * unit
        if n:
            page.dots(left, at, right)
        page.words(x, at, str(n), 8.5, "right", 21)
    room = (right - left) / len(block.months)
    bar = room * 0.28
    for i, (year, month) in enumerate(block.months):
        centre = left + room * (i + 0.5)
        for k, (_title, values) in enumerate(block.bars):
            if values[i]:
                at, height = centre - bar - 0.75 + k * (bar + 1.5), values[i] * unit
                _box(page, at, floor - height, bar, height, GREY if k == 0 else 0.0)
                page.words(at - 10, floor - height - 6, str(values[i]), 8.5, "centre", bar + 20)
        if block.marks[1][i]:
            diamond(page, centre - room * 0.4, floor - 6)
        page.words(centre - room / 2, floor + 8, f"{month}月", 8.5, "centre", room)
        if i == 0 or month == 1:
            page.words(centre - room / 2 - 6, floor + 19, f"{year}年", 8.5, "centre", room + 12)
    page.rule(left, floor, right, floor)
    _legend(block, page, right, y + 7)


def _box(page: Page, x: float, y: float, w: float, h: float, fill: float) -> None:
    page.shape(((x, y), (x + w, y), (x + w, y + h), (x, y + h)), fill)


def diamond(page: Page, x: float, y: float, size: float = 3.6) -> None:
    """Draw the mark of an order."""
    page.shape(((x, y - size), (x + size, y), (x, y + size), (x - size, y)), 1.0, 0.9)


def _legend(block: MonthBars, page: Page, right: float, y: float) -> None:
    entries: list[tuple[str, float | None]] = [(t, GREY if k == 0 else 0.0) for k, (t, _v) in enumerate(block.bars)]
    entries.append((block.marks[0], None))
    style = Type("song", 8.5)
    lines = [single_line(title, page.fonts, style) for title, _fill in entries]
    at = right - sum(line.width + 26 for line in lines) + 13
    for (_title, fill), line in zip(entries, lines, strict=True):
        if fill is None:
            diamond(page, at + 5, y)
        else:
            _box(page, at, y - 4, 10, 8, fill)
        page.text(line, at + 13, y)
        at += line.width + 26


# ---- timeline ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class TimelinePiece:
    """A table with a rail in its second column; ``marks`` of its rows below the header, "" = the rest of a cut row."""

    grid: Grid
    marks: tuple[str, ...]
    first: bool = True
    last: bool = True

    @property
    def height(self) -> float:
        """Height in points."""
        return self.grid.height

    @property
    def least(self) -> float:
        """Height with which it may begin on a page."""
        return self.grid.least

    def split(self, room: float, leave: int) -> tuple[Piece | None, Piece | None]:
        """Cut as a grid; the rail goes on."""
        head, tail = self.grid.split(room, leave)
        if head is None or tail is None:
            return (self, None) if tail is None else (None, self)
        count = len(head.rows) - head.heads
        cut = count + len(tail.rows) - tail.heads > len(self.marks)
        rest = ("", *self.marks[count:]) if cut else self.marks[count:]
        return (
            replace(self, grid=head, marks=self.marks[:count], last=False),
            TimelinePiece(tail, rest, first=False, last=self.last),
        )

    def draw(self, page: Page, x: float, y: float) -> None:
        """Draw the table, then the rail over it."""
        self.grid.draw(page, x, y)
        centre = x + self.grid.widths[0] + self.grid.widths[1] / 2
        heads = self.grid.heads
        top = y + sum(self.grid.heights[:heads])
        tops = [top + sum(self.grid.heights[heads : heads + n]) for n in range(len(self.marks) + 1)]
        middles = [(a + b) / 2 for a, b in pairwise(tops)]
        if middles:
            begin = middles[0] if self.first else tops[0]
            page.rule(centre, begin, centre, middles[-1] if self.last else tops[-1], FRAME)
        for mark, at in zip(self.marks, middles, strict=True):
            if mark == "order":
                diamond(page, centre, at, MARK + 0.8)
            elif mark:
                page.circle(centre, at, MARK, 0.0 if mark == "found" else 1.0)


def timeline_piece(block: Timeline, fonts: FontSet, width: float) -> TimelinePiece:
    """Lay out a timeline."""
    made = ruled_of(block.table(), width)
    rows = (made.rows[0], *((row[0], replace(row[1], content=()), *row[2:]) for row in made.rows[1:]))
    grid = Grid(made.widths, rows, fonts, made.look, made.marks)
    return TimelinePiece(grid, tuple(step.mark for step in block.steps))
