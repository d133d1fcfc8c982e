"""Give the user's own workbook back: the same cells, a column 导入问题, red where it stops, yellow where it asks."""

from __future__ import annotations

import io
import warnings
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envdesk.errors import refuse
from envdesk.exchange.headers import ACCEPT_COLUMN, DIRECTIVE, ERROR_COLUMN, plain
from envdesk.exchange.sheets import Sheet
from envdesk.store.attachments import write_durably

if TYPE_CHECKING:
    from envdesk.exchange.importer import Imported

RED, YELLOW = "FFFFC7CE", "FFFFEB9C"
WIDTH = 60
LONGEST = 32_000
"""A cell holds 32,767 characters."""


def write_back(source: Path, sheet: Sheet, done: Imported, out: Path) -> Path:
    """Write *source* with the problems of *done* to *out* (.xlsx; other kinds are turned into it).

    Raises:
        Refused: ``bad_out`` for another suffix, or the place can not be written.
    """
    if out.suffix.lower() != ".xlsx":
        raise refuse("bad_out", path=str(out), expected="xlsx")
    book, page = _open(source, sheet)
    _clean(page, done)
    texts: dict[int, list[str]] = {}
    marks: dict[tuple[int, int], str] = {}
    for p in done.problems:
        if p.index is None or p.severity == "hint":
            continue
        row = done.rows[p.index]
        texts.setdefault(row, []).append(p.message)
        column = _column(done, p.field)
        if column is not None and marks.get((row, column)) != RED:
            marks[row, column] = RED if p.severity == "error" else YELLOW
    _write(page, done, texts, marks)
    data = io.BytesIO()
    book.save(data)
    write_durably(out, data.getvalue())
    return out


def _open(source: Path, sheet: Sheet) -> tuple[Any, Any]:
    import openpyxl

    if source.suffix.lower() == ".xlsx":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions it does not know
            book = openpyxl.load_workbook(source)
        return book, book[sheet.name]
    book = openpyxl.Workbook()
    page = book.active
    page.title = "".join(c for c in sheet.name if c not in "[]:*?/\\")[:31] or "Sheet1"
    for n, row in enumerate(sheet.rows, 1):
        for m, value in enumerate(row, 1):
            _put(page.cell(n, m), value)
    return book, page


def _put(cell: Any, value: Any) -> None:
    """Write a value we read; a text stays a text, whatever it begins with."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value in ("", None):
        return
    if isinstance(value, (bool, int, float, date, datetime, time, timedelta)):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST]
    cell.data_type = "s"  # else a text that begins with = becomes a formula
    cell.quotePrefix = True
    cell.number_format = "@"


def _clean(page: Any, done: Imported) -> None:
    """Take away the colours of an earlier round."""
    from openpyxl.styles import PatternFill

    for row in page.iter_rows(min_row=done.header + 1):
        for cell in row:
            if cell.has_style and cell.fill.fgColor.rgb in (RED, YELLOW):
                cell.fill = PatternFill()


def _column(done: Imported, name: str | None) -> int | None:
    """Column of a problem's field: ``findings[0].desc`` → that of ``findings.desc``."""
    if not name:
        return None
    head, _, tail = name.partition("[")
    full = f"{head}.{tail.partition('.')[2]}" if tail and "." in tail else head
    return done.columns.get(full, done.columns.get(head))


def _place(page: Any, done: Imported, title: str) -> int:
    """Column (from 1) of our own column: the one of an earlier round or the first free one."""
    last = 0
    for cell in page[done.header]:
        if plain(cell.value or "") == plain(title):
            return int(cell.column)
        if cell.value not in ("", None):
            last = cell.column
    used = [cell.column for row in page.iter_rows(min_row=done.header) for cell in row if cell.value not in ("", None)]
    return max([int(last), *(int(c) for c in used)]) + 1


def _write(page: Any, done: Imported, texts: dict[int, list[str]], marks: dict[tuple[int, int], str]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    column = _place(page, done, ERROR_COLUMN)
    accept = done.columns[DIRECTIVE] + 1 if DIRECTIVE in done.columns else None
    head = page.cell(done.header, column)
    head.value = ERROR_COLUMN
    head.font = Font(bold=True)
    page.column_dimensions[head.column_letter].width = WIDTH
    if accept is None and YELLOW in {*marks.values(), *_warned(done)}:
        page.cell(done.header, column + 1).value = ACCEPT_COLUMN
    for row in done.rows:
        cell = page.cell(row, column)
        cell.value = None
        if row in texts:
            _put(cell, "\n".join(texts[row]))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.fill = PatternFill("solid", fgColor=_worst(done, row))
    for (row, marked), colour in marks.items():
        page.cell(row, marked + 1).fill = PatternFill("solid", fgColor=colour)


def _warned(done: Imported) -> set[str]:
    return {YELLOW for p in done.problems if p.severity == "warning" and p.index is not None}


def _worst(done: Imported, row: int) -> str:
    kinds = {p.severity for p in done.problems if p.index is not None and done.rows[p.index] == row}
    return RED if "error" in kinds else YELLOW
