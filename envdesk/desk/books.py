"""Workbooks of a superior: bind their cells once, find them again next month, fill them for a period."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from envdesk.desk import book_values, issues, own_reports, reports
from envdesk.desk.book_values import Filled
from envdesk.desk.dimensions import check_filters
from envdesk.desk.office import Desk, Done
from envdesk.desk.records import check_expression, no_secrets
from envdesk.errors import Problem, Refused, guess, refuse
from envdesk.exchange import book_binding, book_write
from envdesk.exchange.book import Book, open_book, read_book
from envdesk.exchange.book_binding import MEASURES, SERIAL, WORDS, Bindings, CellBinding, ListBinding, ListColumn, Match
from envdesk.exchange.book_grid import Place, cell_name, read_name
from envdesk.exchange.sheets import column_number
from envdesk.exchange.table_out import HEAD
from envdesk.i18n import _
from envdesk.reports.document import Rendered
from envdesk.store import workbooks
from envdesk.store.attachments import write_durably
from envdesk.store.operations import acknowledge
from envdesk.store.workbooks import Kept

BOOK = "book:"
"""Before the name of a workbook where papers given out say their template."""
_MAP_KEYS = ("sheet", "cells", "lists")
_LIST_KEYS = ("cell", "form", "columns", "where", "rows")


# ---- kept ones -------------------------------------------------------------------------------------------------------
def books(desk: Desk) -> tuple[Kept, ...]:
    """Return the workbooks that are kept, the last saved first."""
    return workbooks.kept(desk.store)


def known(desk: Desk, name: str) -> tuple[Book, Bindings]:
    """Return a kept workbook with what is bound in it.

    Raises:
        Refused: ``book_unknown``.
    """
    found = workbooks.one(desk.store, name)
    if found is None:
        raise refuse("book_unknown", name=name, guess=guess(name, [k.name for k in books(desk)]))
    return read_book(workbooks.file_of(desk.store, name), found.file_name), book_binding.read(found.content)


def figures(desk: Desk) -> list[str]:
    """Ids of the figures in kept workbooks that the program knows: a seal keeps them too."""
    bound = [b.figure for k in books(desk) for b in book_binding.read(k.content).cells]
    return [f for f in dict.fromkeys(bound) if f.partition(":")[0] in desk.catalogue.figures]


def keep(desk: Desk, name: str, book: Book, bindings: Bindings) -> Done:
    """Keep a workbook with its bindings under a name; one of this name is replaced.

    Raises:
        Refused: ``book_empty``, ``book_name``, or what is wrong with a binding.
    """
    name = name.strip()
    if not name:
        raise refuse("required", label=_("名称"))
    if name in own_reports.texts(desk):
        raise refuse("book_name", name=name)
    if not bindings.cells and not bindings.lists:
        raise refuse("book_empty")
    check(desk, book, bindings)
    made = book_binding.remember(book, bindings)
    workbooks.keep(desk.store, name, book.name, book_binding.dump(made), book.data)
    return Done({"name": name, "cells": len(made.cells), "lists": len(made.lists)}, frozenset({"workbook"}))


def rename(desk: Desk, name: str, new: str) -> Done:
    """Give a kept workbook another name."""
    known(desk, name)
    new = new.strip()
    if not new:
        raise refuse("required", label=_("名称"))
    if new != name and (workbooks.one(desk.store, new) is not None or new in own_reports.texts(desk)):
        raise refuse("book_name", name=new)
    workbooks.rename(desk.store, name, new)
    return Done(new, frozenset({"workbook"}))


def forget(desk: Desk, name: str) -> Done:
    """Keep a workbook no longer; the file the user has stays where it is."""
    known(desk, name)
    workbooks.forget(desk.store, name)
    return Done(name, frozenset({"workbook"}))


def recognise(desk: Desk, book: Book) -> Match | None:
    """Return which kept workbook a file is, with its bindings at their places in this file."""
    return book_binding.recognise(book, {k.name: book_binding.read(k.content) for k in books(desk)})


# ---- binding ---------------------------------------------------------------------------------------------------------
def bind(desk: Desk, path: Path, mapping: Any, name: str) -> Done:
    """Bind the cells of a workbook as a mapping says and keep it.

    Args:
        desk: open desk.
        path: the workbook.
        mapping: ``{"sheet": …, "cells": {"D6": "voc_reg", "月报!E6": "voc_reg 本年累计"}, "lists": [{"cell": "A20",
            "form": "inspection", "columns": {"A": "#", "B": "subject_id"}, "where": "", "rows": 10}]}``; ``sheet`` is the
            one meant where none is written (default: the first).
        name: to keep it under.
    """
    book = open_book(path)
    return keep(desk, name, book, read_map(desk, book, mapping))


def read_map(desk: Desk, book: Book, raw: Any) -> Bindings:
    """Bindings from what a person wrote; all mistakes at once."""
    if not isinstance(raw, Mapping) or set(raw) - set(_MAP_KEYS) or not isinstance(raw.get("cells", {}), Mapping):
        raise refuse("book_map", detail="、".join(_MAP_KEYS))
    default = str(raw.get("sheet") or (book.sheets[0].name if book.sheets else ""))
    problems: list[Problem] = []
    cells: list[CellBinding] = []
    lists: list[ListBinding] = []
    for key, text in raw.get("cells", {}).items():
        with _collecting(problems):
            sheet, place = spot(book, str(key), default)
            figure, measure = figure_of(str(text))
            cells.append(CellBinding(sheet, place, figure, measure))
    for line in raw.get("lists", []):
        with _collecting(problems):
            lists.append(_list(book, line, default))
    made = Bindings(tuple(cells), tuple(lists))
    with _collecting(problems):
        check(desk, book, made)
    if problems:
        raise Refused("book_map", {"detail": problems[0].message}, problems)
    return made


class _collecting:  # noqa: N801 - reads as a statement
    """Collects refusals of a block instead of ending with the first."""

    def __init__(self, into: list[Problem]) -> None:
        self._into = into

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, exc: BaseException | None, _trace: object) -> bool:
        """Keep what a refusal says."""
        if isinstance(exc, Refused):
            self._into += exc.all_problems()
            return True
        return False


def spot(book: Book, text: str, default: str) -> tuple[str, Place]:
    """Read ``月报!D6`` or ``D6``; a cell inside a merged range stands for its first one."""
    sheet, _mark, name = text.rpartition("!")
    sheet = sheet.strip("'") or default
    place = read_name(name)
    if place is None:
        raise refuse("book_cell", value=text)
    book.sheet(sheet)
    return sheet, book.grid(sheet).anchor(place)


def figure_of(text: str) -> tuple[str, str]:
    """Read ``voc_reg:industry=制鞋 本年累计`` into figure and measure."""
    figure, _space, word = text.strip().rpartition(" ")
    titles = {_(title): key for key, title in MEASURES.items()} | {key: key for key in MEASURES}
    if figure and word in titles:
        return figure.strip(), titles[word]
    if figure and not figure.partition(":")[1]:  # a value of a dimension may hold a space, a figure none
        words = [_(title) for title in MEASURES.values()]
        raise refuse("book_measure", value=word, guess=guess(word, words), expected="、".join(words))
    return text.strip(), "current"


def _list(book: Book, raw: Any, default: str) -> ListBinding:
    if not isinstance(raw, Mapping) or set(raw) - set(_LIST_KEYS) or not isinstance(raw.get("columns"), Mapping):
        raise refuse("book_map", detail="lists: " + "、".join(_LIST_KEYS))
    sheet, place = spot(book, str(raw.get("cell", "")), default)
    columns = []
    for letters, key in raw["columns"].items():
        if read_name(f"{letters}1") is None:
            raise refuse("book_cell", value=str(letters))
        columns.append(ListColumn(column_number(str(letters).upper()) + 1, str(key)))
    rows = raw.get("rows")
    if rows is None:
        rows = book_binding.room(book.grid(sheet), place)
    if not isinstance(rows, int) or rows < 0:
        raise refuse("bad_number", label="rows", value=str(rows))
    return ListBinding(sheet, place, str(raw.get("form", "")), tuple(columns), str(raw.get("where", "")), rows)


def check(desk: Desk, book: Book, bindings: Bindings) -> None:
    """Refuse bindings that can not be filled: unknown figure, form or field, a formula, two things in one cell."""
    problems: list[Problem] = []
    seen: set[tuple[str, Place]] = set()
    for b in bindings.cells:
        with _collecting(problems):
            check_figure(desk, b.figure, b.measure)
            _free(book, b.sheet, b.place, seen)
    for each in bindings.lists:
        with _collecting(problems):
            check_list(desk, each)
            for place in each.cells():
                _taken(each.sheet, place, seen)
    if problems:
        raise Refused("book_map", {"detail": problems[0].message}, problems)


def check_figure(desk: Desk, figure: str, measure: str) -> None:
    """Refuse what is no figure, dimension, value or measure."""
    if measure not in MEASURES:
        words = [_(title) for title in MEASURES.values()]
        raise refuse("book_measure", value=measure, guess=guess(measure, words), expected="、".join(words))
    if figure.startswith("@"):
        if figure not in WORDS:
            raise refuse("unknown_figure", figure=figure, guess=guess(figure, list(WORDS)))
        return
    check_filters(desk, figure)


def check_list(desk: Desk, b: ListBinding) -> None:
    """Refuse a list with an unknown form, field or condition, or a condition on what is masked."""
    form = desk.catalogue.form(b.form)
    for column in b.columns:
        if column.key != SERIAL and column.key not in HEAD and not form.has(column.key):
            raise refuse("unknown_key", key=column.key, guess=guess(column.key, [f.key for f in form.fields]))
    if b.where:
        no_secrets(desk, form, b.where)
        check_expression(desk, b.form, b.where)


def _free(book: Book, sheet: str, place: Place, seen: set[tuple[str, Place]]) -> None:
    cell = book.grid(sheet).cells.get(place)
    if cell is not None and cell.formula is not None:
        raise refuse("book_formula", cell=f"{sheet}!{cell_name(place)}")
    _taken(sheet, place, seen)


def _taken(sheet: str, place: Place, seen: set[tuple[str, Place]]) -> None:
    if (sheet, place) in seen:
        raise refuse("book_filled", cell=f"{sheet}!{cell_name(place)}")
    seen.add((sheet, place))


# ---- filling ---------------------------------------------------------------------------------------------------------
def fill(
    desk: Desk, book: Book, bindings: Bindings, period: str, out: Path, *, name: str = "", draft: bool = False
) -> Done:
    """Fill a workbook for a period into a file; the workbook itself stays as it is.

    Raises:
        Refused: a cell can not be filled, ``report_blocked`` (a draft is always possible), ``bad_out``.
    """
    if out.suffix.lower() != ".xlsx":
        raise refuse("bad_out", path=str(out), expected=".xlsx", guess="")
    return write(desk, book_values.values(desk, book, bindings, period), book, out, name=name, draft=draft)


def write(desk: Desk, filled: Filled, book: Book, out: Path, *, name: str = "", draft: bool = False) -> Done:
    """Write what was worked out, and keep it among the papers given out; a draft is not kept.

    The same figures in the same workbook are the same paper, however often they are written.

    Args:
        desk: open desk.
        filled: what goes where.
        book: the workbook, which stays as it is.
        out: file to write.
        name: under which the workbook is kept; "" = that of its file.
        draft: also while a block rule fails.

    Returns:
        ``out``, ``cells``, ``warnings`` (acknowledged by giving it out), ``number`` ("" for a draft), ``code``.

    Raises:
        Refused: while anything stands against it.
    """
    if filled.problems:
        raise Refused("book_map", {"detail": filled.problems[0].message}, list(filled.problems))
    made, number, code = filled.made, "", ""
    if not draft:
        reports.allow(made)
    data = book_write.fill(book, filled.values, filled.like)
    if draft:
        write_durably(out, data)
    else:
        title = name or Path(book.name).stem
        of = issues.facts(desk, made, kind=".xlsx") | {"template": f"{BOOK}{title}", "title": title}
        code = of["code"] = reports.code_of(
            "\n".join((*(of[k] for k in ("start", "end", "cut")), sha256(data).hexdigest()))
        )
        words = {figure: words.text for figure, words in made.words.items()}
        with desk.store.con.atomic():
            given = issues.give_out(
                desk, of, lambda _number: Rendered(data, 0), words, seal=made.seal, out=out, once=True
            )
            if not given.again:
                acknowledge(desk.store, given.number, ((f.rule, f.message) for f in made.warned))
        number = given.number
    told = {"out": str(out), "cells": sum(map(len, filled.values.values())), "warnings": made.warned}
    return Done(told | {"number": number, "code": code}, frozenset({"issued"} if number else ()))


def report(desk: Desk, period: str, name: str, out: Path, *, workbook: Path | None = None, draft: bool = False) -> Done:
    """Fill a kept workbook, or the file received this month as the kept one was bound.

    Args:
        desk: open desk.
        period: as text.
        name: of the kept workbook; "" = the one that *workbook* looks like.
        out: file to write.
        workbook: the file received this month.
        draft: also while a block rule fails.

    Raises:
        Refused: ``book_unknown``, ``book_strange``, ``book_lost`` with the cells that must be bound anew.
    """
    if workbook is None:
        book, bindings = known(desk, name)
    else:
        book = open_book(workbook)
        found = book_binding.match(book, name, known(desk, name)[1]) if name else recognise(desk, book)
        if found is None:
            raise refuse("book_strange", path=book.name)
        lost(found)
        name, bindings = found.name, found.now
    return fill(desk, book, bindings, period, out, name=name, draft=draft)


def lost(found: Match) -> None:
    """Refuse a file in which bound cells can not be placed."""
    if found.lost:
        raise refuse("book_lost", count=len(found.lost), cells="、".join(b.name for b in found.lost[:10]))


def with_cell(bindings: Bindings, new: CellBinding) -> Bindings:
    """Bindings with one more cell; what stood in it is replaced."""
    return replace(bindings, cells=(*without(bindings, new.sheet, new.place).cells, new))


def without(bindings: Bindings, sheet: str, place: Place) -> Bindings:
    """Bindings without what is bound in a cell; a list goes with its first cell."""
    return replace(
        bindings,
        cells=tuple(b for b in bindings.cells if (b.sheet, b.place) != (sheet, place)),
        lists=tuple(b for b in bindings.lists if (b.sheet, b.place) != (sheet, place)),
    )


def load_map(path: Path) -> Any:
    """Read a mapping from its file."""
    if not path.is_file():
        raise refuse("file_missing", value=str(path))
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise refuse("bad_json", detail=str(exc)) from exc
