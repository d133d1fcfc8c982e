"""A register as an Excel workbook ready to print: title, header on each page, line of totals, A4 landscape."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from envdesk.exchange.sheets import RISKY
from envdesk.i18n import _
from envdesk.store.attachments import write_durably

#: Excel takes no longer text in a cell, and no longer name of a sheet.
LONGEST, LONGEST_NAME = 32_000, 31
#: Width of a column in characters.
NARROW, WIDE = 8, 46


@dataclass(frozen=True, slots=True)
class BookPage:
    """One sheet: its name, title and line below it, heads, typed cells, sums ("" = none) and notes."""

    name: str
    title: str
    line: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    totals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def write_book(pages: Sequence[BookPage], out: Path) -> Path:
    """Write the workbook. Text is text, also when it looks like a formula."""
    import xlsxwriter

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    looks = _looks(book)
    taken: set[str] = set()
    for page in pages:
        _page(book.add_worksheet(_name(page.name, taken)), page, looks)
    book.close()
    write_durably(out, data.getvalue())
    return out


def _looks(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_size": 10}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
        "line": book.add_format({"font_size": 10, "align": "left", "valign": "vcenter"}),
        "head": book.add_format({**cell, "bold": True, "align": "center"}),
        "no": book.add_format({**cell, "align": "center"}),
        "number": book.add_format({**cell, "align": "right"}),
        "day": book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "center"}),
        "moment": book.add_format({**cell, "num_format": "yyyy-mm-dd hh:mm", "align": "center"}),
        "text": book.add_format({**cell, "num_format": "@"}),
        "quoted": book.add_format({**cell, "num_format": "@", "quote_prefix": True}),
        "rate": book.add_format({**cell, "num_format": "@", "align": "right"}),
        "total": book.add_format({**cell, "bold": True, "align": "right"}),
    }


def _name(wanted: str, taken: set[str]) -> str:
    """A name Excel takes, used once."""
    clean = "".join(c for c in wanted if c not in "[]:*?/\\'").strip()[:LONGEST_NAME] or "1"
    name, n = clean, 1
    while name.lower() in taken:
        n += 1
        name = f"{clean[: LONGEST_NAME - len(str(n)) - 1]}-{n}"
    taken.add(name.lower())
    return name


def _page(sheet: Any, page: BookPage, looks: dict[str, Any]) -> None:
    last = len(page.heads)
    sheet.merge_range(0, 0, 0, last, page.title, looks["title"])
    sheet.merge_range(1, 0, 1, last, page.line, looks["line"])
    sheet.set_row(0, 28)
    for n, head in enumerate((_("序号"), *page.heads)):
        sheet.write_string(2, n, head, looks["head"])
        sheet.set_column(n, n, 6 if n == 0 else _width(head, [row[n - 1] for row in page.rows]))
    at = 3
    for number, row in enumerate(page.rows, 1):
        sheet.write_number(at, 0, number, looks["no"])
        for n, value in enumerate(row, 1):
            _put(sheet, at, n, value, looks)
        at += 1
    if page.rows:
        sheet.write_string(at, 0, _("合计"), looks["head"])
        for n, text in enumerate(page.totals, 1):
            _total(sheet, at, n, text or (_("{count}条").format(count=len(page.rows)) if n == 1 else ""), looks)
        sheet.autofilter(2, 0, at - 1, last)
        at += 1
    for note in page.notes:
        sheet.write_string(at, 0, note, looks["line"])
        at += 1
    sheet.freeze_panes(3, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
    sheet.repeat_rows(0, 2)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(_("&C第&P页 共&N页"))


def _width(head: str, values: Sequence[Any]) -> int:
    longest = max((_chars(v) for v in values), default=0)
    return max(NARROW, min(WIDE, max(2 * len(head), longest) + 2))


def _chars(value: Any) -> int:
    if isinstance(value, datetime):
        return 16
    if isinstance(value, date):
        return 10
    lines = str("" if value is None else value).split("\n")
    return max(sum(2 if ord(c) > 255 else 1 for c in line) for line in lines)


def _put(sheet: Any, m: int, n: int, value: Any, looks: dict[str, Any]) -> None:
    if value is None or value == "":
        sheet.write_blank(m, n, None, looks["text"])
    elif isinstance(value, datetime):
        sheet.write_datetime(m, n, value, looks["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(m, n, datetime.combine(value, datetime.min.time()), looks["day"])
    elif isinstance(value, (int, float)):
        sheet.write_number(m, n, value, looks["number"])
    else:
        text = str(value)[:LONGEST]
        rate = text.endswith("%") or text == "—"
        sheet.write_string(m, n, text, looks["quoted" if text[:1] in RISKY else "rate" if rate else "text"])


def _total(sheet: Any, m: int, n: int, text: str, looks: dict[str, Any]) -> None:
    try:
        sheet.write_number(m, n, float(text), looks["total"])
    except ValueError:
        sheet.write_string(m, n, text, looks["total"])
