"""上级表格: a superior's workbook as a grid, what is bound in it, what the cells get for a period, what stands in the way."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from envdesk.desk import book_values, books
from envdesk.desk.book_values import Filled
from envdesk.desk.office import Desk, Done
from envdesk.exchange.book import Book, Look, open_book
from envdesk.exchange.book_binding import MEASURES, WORDS, Bindings, CellBinding, ListBinding, Match, for_month
from envdesk.exchange.book_grid import Grid, Place
from envdesk.exchange.book_labels import Labels, labels, plain
from envdesk.exchange.book_write import Value
from envdesk.exchange.cells import EPOCH
from envdesk.figures.engine import parse_id
from envdesk.figures.numbers import rounded
from envdesk.figures.period import parse_period
from envdesk.formdef.model import Catalogue
from envdesk.i18n import _, plural
from envdesk.store.search import initials

MOST_ROWS, MOST_COLUMNS = 500, 60
"""What of a sheet is shown; forms of a superior are smaller."""
WIDTH, HEIGHT = 8.43, 15.0
"""Width of a column in characters and height of a row in points where the sheet says nothing."""
#: Words in a head that tell which measure of a figure a column wants; the first that is found holds.
HEADS: Sequence[tuple[str, str]] = (
    ("完成率", "completion"), ("任务", "target"), ("目标", "target"), ("计划", "target"), ("同比", "change_last_year"),
    ("环比", "change_previous"), ("上年", "last_year"), ("去年", "last_year"), ("累计", "year_to_date"),
    ("上月", "previous"), ("上期", "previous"), ("上季", "previous"), ("上周", "previous"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell as it looks.

    Attributes:
        text: as the office program shows it. ``ground`` RRGGBB or "".
        right: numbers stand at the right, heads in the middle (``centre``).
    """

    text: str = ""
    bold: bool = False
    right: bool = False
    centre: bool = False
    wrap: bool = False
    formula: bool = False
    ground: str = ""


@dataclass(frozen=True)
class GridView:
    """A sheet to look at.

    Attributes:
        cells: by place from 1. ``spans`` (row, column, rows, columns) of merged ranges.
        widths: of columns 1 … in characters, ``heights`` of rows in points; 0 = hidden.
        cut: the sheet is larger than what is shown.
    """

    name: str
    rows: int
    columns: int
    cells: dict[Place, CellView] = field(repr=False)
    spans: tuple[tuple[int, int, int, int], ...] = ()
    widths: tuple[float, ...] = ()
    heights: dict[int, float] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True)
class Sheet:
    """An opened workbook with what is bound in it.

    Attributes:
        name: under which it is kept ("" = not yet). ``match`` how a received file was recognised, None otherwise.
    """

    name: str
    book: Book
    bindings: Bindings
    grids: dict[str, GridView]
    match: Match | None = None

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets that are shown."""
        return list(self.grids)


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A workbook to choose: name, how many cells."""

    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure (or words) to put into a cell; ``form`` names the register it counts ("" = several)."""

    id: str
    title: str
    note: str
    initials: str
    form: str = ""


# ---- opening ---------------------------------------------------------------------------------------------------------
def kept(desk: Desk) -> tuple[KeptLine, ...]:
    """Return the workbooks that are kept."""
    from envdesk.exchange.book_binding import read

    out = []
    for line in books.books(desk):
        bindings = read(line.content)
        out.append(KeptLine(line.name, _("{count} 格").format(count=len(bindings.cells) + len(bindings.lists))))
    return tuple(out)


def known(desk: Desk, name: str) -> Sheet:
    """Open a kept workbook."""
    book, bindings = books.known(desk, name)
    return Sheet(name, book, bindings, grids(book))


def received(desk: Desk, path: Path) -> Sheet:
    """Open a file: as a known workbook when it is like one, else with nothing bound."""
    book = open_book(path)
    found = books.recognise(desk, book)
    if found is None:
        return Sheet("", book, Bindings(), grids(book))
    return Sheet(found.name, book, found.now, grids(book), found)


def grids(book: Book) -> dict[str, GridView]:
    """Return the shown sheets of a workbook to look at."""
    return {sheet.name: grid_view(book, sheet.name) for sheet in book.sheets if sheet.shown}


def grid_view(book: Book, name: str) -> GridView:
    """Return a sheet to look at."""
    grid = book.grid(name)
    last_row, last_column = grid.extent
    rows, columns = min(last_row + 2, MOST_ROWS), min(last_column + 1, MOST_COLUMNS)
    cells = {
        place: _cell(grid, place, book.look(cell.style))
        for place, cell in grid.cells.items()
        if place[0] <= rows and place[1] <= columns
    }
    spans = tuple(
        (t, a, min(b, rows) - t + 1, min(z, columns) - a + 1)
        for t, a, b, z in grid.merges
        if t <= rows and a <= columns
    )
    widths = [WIDTH] * columns
    for column in grid.columns:
        for n in range(column.first, min(column.last, columns) + 1):
            widths[n - 1] = 0 if column.hidden else column.width or WIDTH
    heights = {n: 0 if r.hidden else r.height or HEIGHT for n, r in grid.rows.items() if r.hidden or r.height}
    cut = last_row > rows or last_column > columns
    return GridView(name, rows, columns, cells, spans, tuple(widths), heights, cut)


def _cell(grid: Grid, place: Place, look: Look) -> CellView:
    cell = grid.cells[place]
    text = cell.text if cell.kind != "number" else number_text(cell.text, look)
    right = cell.kind == "number" if not look.across else look.across == "right"
    return CellView(
        text, look.bold, right, look.across in ("center", "centerContinuous"), look.wrap, cell.formula is not None,
        look.ground,
    )  # fmt: skip


def number_text(raw: str, look: Look) -> str:
    """A stored number as its cell shows it: percentages, days, decimals, thousands."""
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return raw
    if look.date:
        try:
            return (EPOCH + timedelta(days=float(number))).date().isoformat()
        except OverflowError:
            return raw
    places = look.decimals
    if look.percent:
        return f"{rounded(number * 100, places or 0):f}%"
    if places is None:
        return f"{round(number, 10).normalize():f}" if number else "0"
    shown = rounded(number, places)
    return f"{shown:,}" if "," in look.code else f"{shown:f}"


def value_text(value: Value, look: Look) -> str:
    """A value as its cell will show it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else number_text(str(value), look)


# ---- filling ---------------------------------------------------------------------------------------------------------
def for_period(sheet: Sheet, period: str) -> Sheet:
    """The workbook with its bindings on the sheets of a period's month, when it has one sheet for each month."""
    moved = for_month(sheet.book, sheet.bindings, parse_period(period))
    return sheet if moved is sheet.bindings else replace(sheet, bindings=moved)


def compute(desk: Desk, sheet: Sheet, period: str) -> tuple[Sheet, Filled]:
    """Work out every bound cell for a period; returns the workbook as it is bound for it."""
    placed = for_period(sheet, period)
    return placed, book_values.values(desk, placed.book, placed.bindings, period)


def shown(sheet: Sheet, filled: Filled, name: str) -> dict[Place, str]:
    """What the cells of a sheet will show."""
    grid = sheet.book.grid(name)
    return {
        place: value_text(value, sheet.book.look(grid.style_of(place)))
        for place, value in filled.values.get(name, {}).items()
    }


def save(desk: Desk, sheet: Sheet, filled: Filled, out: Path, *, draft: bool = False) -> Done:
    """Write the filled workbook into a file; unless it is a draft, it is a paper given out."""
    return books.write(
        desk, filled, sheet.book, out, name=sheet.name or (sheet.match.name if sheet.match else ""), draft=draft
    )


def keep(desk: Desk, sheet: Sheet, name: str = "") -> Done:
    """Keep what is bound; without a name the one it has, or one made from the file's."""
    name = name.strip() or sheet.name or fresh_name(desk, sheet.book.name)
    return books.keep(desk, name, sheet.book, sheet.bindings)


def fresh_name(desk: Desk, file: str) -> str:
    """A name for a workbook from the name of its file, without the month it is for."""
    stem = file.rpartition(".")[0] or file
    bare = plain(stem).replace("期", "", 1) if plain(stem) != "".join(stem.split()) else stem
    bare = re.sub(r"\d{1,2}月份?|\(\d+\)|副本", "", bare).strip(" -_（）()") or stem
    taken = {line.name for line in books.books(desk)}
    return next(n for n in (bare, *(f"{bare} {i}" for i in range(2, 1000))) if n not in taken)


def words(sheet: Sheet, filled: Filled | None) -> str:
    """What is to be said over the grid: how the file was recognised, and what stops it."""
    out = []
    if sheet.match is not None:
        out.append(_("认出“{name}”。").format(name=sheet.match.name))
        if sheet.match.moved:
            out.append(plural("{count} 处按名称移到了新位置。", len(sheet.match.moved)))
        if sheet.match.lost:
            out.append(plural("{count} 处没找到，在右下选中，再到表里指给它。", len(sheet.match.lost)))
    if filled is not None and filled.newer:
        out.append(plural("{count} 项是月结以后才指定的，按现在的记录计算。", len(filled.newer)))
    if filled is not None and filled.stopped:
        out.append(_("勾稽关系不通过，只能另存草稿。"))
    return "".join(out)


# ---- choosing a figure -----------------------------------------------------------------------------------------------
def choices(desk: Desk) -> tuple[Choice, ...]:
    """Return all that can stand in a cell: words about the report, then the figures."""
    words = [Choice(key, _(title), _("文字"), initials(_(title))) for key, title in WORDS.items()]
    forms = desk.catalogue.forms
    figures = []
    for f in desk.catalogue.figures.values():
        form = forms[f.form].title if f.form in forms else ""
        figures.append(Choice(f.id, f.title, " · ".join(t for t in (form, f.measure) if t), initials(f.title), form))
    return (*figures, *words)


def offered(known: Sequence[Choice], typed: str, near: str, most: int = 60) -> list[Choice]:
    """Choices for what is typed: by part of the title, id or pinyin initials; nothing typed = those most like *near*."""
    typed = typed.strip().casefold()
    if not typed:
        if not near:
            return list(known[:most])
        ranked = sorted(known, key=lambda c: -max(_like(c.title, near), _like(c.form + c.title, near)))
        return ranked[:most]

    def rank(c: Choice) -> int:
        tests = (
            c.title.casefold().startswith(typed) or c.id == typed, typed in c.title.casefold(), c.initials.startswith(typed),
            c.id.casefold().startswith(typed), typed in c.form.casefold(), typed in c.initials or typed in c.id.casefold(),
        )  # fmt: skip
        return tests.index(True) if True in tests else len(tests)

    found = [(n, c) for c in known if (n := rank(c)) < 6]
    return [c for _n, c in sorted(found, key=lambda pair: pair[0])][:most]


def _like(title: str, near: str) -> float:
    match = difflib.SequenceMatcher(None, title, near, autojunk=False)
    return match.ratio() + (0.3 if title in near or near in title else 0)


def measure_for(heads: Sequence[str]) -> str:
    """The measure that a column's head asks for, the nearest word first."""
    for head in reversed(heads):
        for word, measure in HEADS:
            if word in head:
                return measure
    return "current"


def around(sheet: Sheet, name: str, place: Place) -> tuple[str, str, str]:
    """Nearest label at the left, all heads in one line, and the measure they ask for."""
    found = _labels(sheet, name)
    grid = found.grid
    left, above = found.left(place), found.above(place)[-2:]
    near = next((found.at[a] for a in reversed(left)), "")
    heads = " · ".join(" ".join(grid.text(a).split()) for a in above)
    return near, heads, measure_for([found.at[a] for a in above])


def _labels(sheet: Sheet, name: str) -> Labels:
    return labels(sheet.book.grid(name), sheet.bindings.filled(name))


# ---- binding ---------------------------------------------------------------------------------------------------------
def bound_at(sheet: Sheet, name: str, place: Place) -> CellBinding | ListBinding | None:
    """Return what is bound in a cell; a cell of a list belongs to its list."""
    for b in sheet.bindings.cells:
        if b.sheet == name and b.place == place:
            return b
    return next((b for b in sheet.bindings.lists if b.sheet == name and place in set(b.cells())), None)


def bind(desk: Desk, sheet: Sheet, new: CellBinding | ListBinding) -> Sheet:
    """Bind a cell or a list; refused when it can not be filled."""
    rest = books.without(sheet.bindings, new.sheet, new.place)
    if isinstance(new, CellBinding):
        made = replace(rest, cells=(*rest.cells, new))
    else:
        made = replace(rest, lists=(*rest.lists, new))
    books.check(desk, sheet.book, made)
    return replace(sheet, bindings=_remembered(sheet.book, made), match=_found(sheet.match, new))


def unbind(sheet: Sheet, name: str, place: Place) -> Sheet:
    """Take out what is bound in a cell; a list goes with any of its cells."""
    found = bound_at(sheet, name, place)
    if found is None:
        return sheet
    return replace(sheet, bindings=_remembered(sheet.book, books.without(sheet.bindings, name, found.place)))


def drop(sheet: Sheet, lost: CellBinding | ListBinding) -> Sheet:
    """Do without a binding whose place was not found."""
    return replace(sheet, match=_found(sheet.match, lost))


def _remembered(book: Book, bindings: Bindings) -> Bindings:
    from envdesk.exchange.book_binding import remember

    return remember(book, bindings)


def _found(match: Match | None, new: CellBinding | ListBinding) -> Match | None:
    """A lost binding is placed when its figure and measure (or its form) are bound again."""
    if match is None:
        return None

    def same(b: CellBinding | ListBinding) -> bool:
        if isinstance(b, CellBinding) and isinstance(new, CellBinding):
            return (b.figure, b.measure) == (new.figure, new.measure)
        return isinstance(b, ListBinding) and isinstance(new, ListBinding) and b.form == new.form

    gone = next((b for b in match.lost if same(b)), None)
    return replace(match, lost=tuple(b for b in match.lost if b is not gone))


def title_in(catalogue: Catalogue, b: CellBinding | ListBinding) -> str:
    """What is bound, in words: 涉VOCs企业检查（制鞋）· 本年累计."""
    if isinstance(b, ListBinding):
        return _("清单：{form}").format(form=catalogue.form(b.form).title)
    if b.figure.startswith("@"):
        return _(WORDS[b.figure])
    fid = parse_id(b.figure)
    definition = catalogue.figures.get(fid.figure)
    title = definition.title if definition else fid.figure
    values = "、".join(v for _d, v in fid.filters)
    return f"{title}（{values}）· {_(MEASURES[b.measure])}" if values else f"{title} · {_(MEASURES[b.measure])}"
