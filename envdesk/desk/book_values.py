"""What is written into the cells of a superior's workbook: figures as numbers, words as words, records one a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from envdesk.desk.office import Desk, setting
from envdesk.desk.reports import Computed, Printed, compute, printed_all
from envdesk.errors import Problem, problem
from envdesk.exchange.book import Book, Look
from envdesk.exchange.book_binding import SERIAL, Bindings, ListBinding, for_month
from envdesk.exchange.book_grid import Place, cell_name
from envdesk.exchange.book_write import Value
from envdesk.exchange.cells import EPOCH
from envdesk.exchange.sheets import neutral
from envdesk.exchange.table_out import cell as list_cell
from envdesk.figures.compute import Computer, Result
from envdesk.figures.engine import parse_id
from envdesk.figures.finding import Finding
from envdesk.figures.numbers import NONE
from envdesk.figures.period import parse_period
from envdesk.reports.template import Category, Template, TemplateRow
from envdesk.store import query
from envdesk.store.query import Filter

_PERCENT_WORDS = ("%", "％", "百分比")


@dataclass(frozen=True)
class Filled:
    """What goes where, before anything is written.

    Attributes:
        values: sheet → cell → value. ``problems`` what stops the filling.
        like: cells of a list beyond what the form has → the one of its first row that they look like.
        newer: figures of a sealed period that the seal does not keep: they say what the records say now.
        made: the figures as computed, with their period, cut-off and reconciliation.
    """

    made: Computed
    values: Mapping[str, Mapping[Place, Value]]
    problems: tuple[Problem, ...]
    newer: tuple[str, ...] = ()
    like: Mapping[str, Mapping[Place, Place]] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        """Reconciliation of the period."""
        return self.made.findings

    @property
    def stopped(self) -> list[Finding]:
        """Rules that allow a draft only."""
        return self.made.stopped


def values(desk: Desk, book: Book, bindings: Bindings, period: str) -> Filled:
    """Work out every bound cell for a period; refuses nothing that can be said beside its cell."""
    bindings = for_month(book, bindings, parse_period(period))
    figures = sorted({b.figure for b in bindings.cells if not b.figure.startswith("@")})
    made = compute(desk, period, layout=Template("", "", (Category("", tuple(map(TemplateRow, figures))),)))
    calc, results, words = made.calc, dict(made.results), dict(made.words)
    known = desk.catalogue.figures
    newer = {f: calc.result(f) for f in figures if f not in results and parse_id(f).figure in known}
    results |= newer
    words |= printed_all(desk, calc, newer)
    out: dict[str, dict[Place, Value]] = {}
    problems: list[Problem] = []
    for b in bindings.cells:
        grid = book.grid(b.sheet)
        place = grid.anchor(b.place)
        cell = grid.cells.get(place)
        if cell is not None and cell.formula is not None:
            problems.append(problem("book_formula", field=b.name, cell=b.name))
            continue
        if place in out.get(b.sheet, {}):
            problems.append(problem("book_filled", field=b.name, cell=b.name))
            continue
        look = book.look(grid.style_of(place))
        if b.figure.startswith("@"):
            value: Value = _words(desk, calc, b.figure, look)
        elif b.figure not in results:
            problems.append(problem("unknown_figure", field=b.name, figure=b.figure))
            continue
        else:
            value = figure_value(results[b.figure], words[b.figure], b.measure, look, "".join(b.words.near))
        out.setdefault(b.sheet, {})[place] = value
    for each in bindings.lists:
        problems += _list(desk, book, each, period, out)
    return Filled(
        replace(made, results=results, words=words),
        out,
        tuple(problems),
        tuple(newer) if made.kept else (),
        _likes(bindings, out),
    )


def measure_text(words: Printed, measure: str) -> str:
    """One measure of a figure as it is printed."""
    if measure in ("numerator", "denominator"):
        number = getattr(words, measure)
        return NONE if number is None else str(number)
    return str(getattr(words, "text" if measure == "current" else measure))


# ---- figures ---------------------------------------------------------------------------------------------------------
def figure_value(result: Result, words: Printed, measure: str, look: Look, near: str) -> Value:
    """Return what stands in a cell for one measure of a figure.

    Args:
        result: the figure.
        words: the same as printed.
        measure: key of :data:`~envdesk.exchange.book_binding.MEASURES`.
        look: format of the cell: a percentage gets 0.9881, any other cell the text 98.81%.
        near: labels of the cell; one that says % takes the bare number 98.81.
    """
    text = measure_text(words, measure)
    if text == NONE:
        return NONE
    plain = {
        "current": result.current, "year_to_date": result.year_to_date, "last_year": result.last_year,
        "previous": result.previous,
    }.get(measure)  # fmt: skip
    if plain is not None:
        number = plain.number
        if number is None:
            return NONE
        return _rate(number, text, look, near) if text.endswith("%") else number
    if text.endswith("%"):
        return _rate(Decimal(text.rstrip("%").lstrip("+")), text, look, near)
    return Decimal(text) if _is_number(text) else text


def _rate(number: Decimal, text: str, look: Look, near: str) -> Value:
    if look.percent:
        return number / 100
    if look.text:
        return text
    return number if any(word in near for word in _PERCENT_WORDS) else text


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _words(desk: Desk, calc: Computer, key: str, look: Look) -> Value:
    period = calc.period
    if key in ("@cut", "@today"):
        return _day(calc.cut if key == "@cut" else desk.clock.today(), look)
    return {
        "@office": setting(desk, "office_name"), "@district": setting(desk, "district"), "@period": period.title,
        "@span": period.span, "@operator": desk.operator, "@phone": setting(desk, "contact_phone"),
    }[key]  # fmt: skip


def _day(day: date, look: Look) -> Value:
    """A day as the cell shows days: its number, or in words."""
    if look.date:
        return (day - EPOCH.date()).days
    return f"{day.year}年{day.month}月{day.day}日"


# ---- lists -----------------------------------------------------------------------------------------------------------
def list_rows(desk: Desk, b: ListBinding, period: str) -> list[dict[str, Any]]:
    """The records of a list in a period, by date."""
    form = desk.catalogue.form(b.form)
    span = parse_period(period)
    flt = Filter(start=span.start.isoformat(), end=span.end.isoformat(), where=b.where)
    with desk.store.con.limited(30, f"list {b.form}"):
        return query.listing(desk.store, form, flt)


def _list(desk: Desk, book: Book, b: ListBinding, period: str, out: dict[str, dict[Place, Value]]) -> Iterable[Problem]:
    """Put the records of a list into its rows; left-over rows are emptied."""
    form = desk.catalogue.form(b.form)
    rows = list_rows(desk, b, period)
    grid = book.grid(b.sheet)
    sheet = out.setdefault(b.sheet, {})
    if b.rows and len(rows) > b.rows:
        yield problem(
            "book_room",
            field=b.name,
            form=form.title,
            count=len(rows),
            cell=b.name,
            rows=b.rows,
            more=len(rows) - b.rows,
        )
        return
    names = query.ref_names(desk.store, form, rows)
    for n, place in enumerate(_lines(b, len(rows))):
        for column in b.columns:
            spot = (place, column.column)
            cell = grid.cells.get(spot)
            if (cell is not None and cell.formula is not None) or grid.anchor(spot) != spot:
                continue
            first = (b.place[0], column.column)
            look = book.look(grid.style_of(spot if cell is not None or b.rows else first))
            if n >= len(rows):
                value: Value = None
            elif column.key == SERIAL:
                value = n + 1
            else:
                value = record_value(list_cell(form, column.key, rows[n], names), look)
            if value is not None or cell is not None:
                if spot in sheet:
                    yield problem("book_filled", field=b.name, cell=f"{b.sheet}!{cell_name(spot)}")
                sheet[spot] = value


def _likes(bindings: Bindings, values: Mapping[str, Mapping[Place, Value]]) -> dict[str, dict[Place, Place]]:
    """Cells of open lists → the cell above them in the first row."""
    out: dict[str, dict[Place, Place]] = {}
    for b in bindings.lists:
        top, columns = b.place[0], {c.column for c in b.columns}
        if not b.rows:
            spots = [p for p in values.get(b.sheet, ()) if p[0] > top and p[1] in columns]
            out.setdefault(b.sheet, {}).update({p: (top, p[1]) for p in spots})
    return out


def _lines(b: ListBinding, count: int) -> Sequence[int]:
    return range(b.place[0], b.place[0] + max(b.rows, count))


def record_value(value: Any, look: Look) -> Value:
    """A cell of a record: a number, a day as the cell shows it, or a text that no spreadsheet runs."""
    if value is None or isinstance(value, bool):
        return None if value is None else "是" if value else "否"
    if isinstance(value, datetime):
        if look.date:
            seconds = Decimal((value - EPOCH).days * 86_400 + (value - EPOCH).seconds)
            return round(seconds / 86_400, 8)
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return (value - EPOCH.date()).days if look.date else value.isoformat()
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    return neutral(str(value))
