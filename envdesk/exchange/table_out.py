"""A list as .xlsx or .csv: what the screen shows, personal data masked, nothing a spreadsheet would run.

Numbers and days are real numbers and days in .xlsx; a .csv begins with the UTF-8 mark, else Excel garbles Chinese.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from envdesk.errors import refuse
from envdesk.exchange.package_rows import CONFIDENTIAL
from envdesk.exchange.sheets import RISKY, neutral
from envdesk.formdef.model import Field, Form
from envdesk.formdef.types import mask, money_text, show
from envdesk.i18n import N_, _
from envdesk.store.attachments import write_durably
from envdesk.store.file import Store
from envdesk.store.query import ref_names

#: Keys of a list that are no fields.
HEAD: Mapping[str, str] = {
    "record_no": N_("编号"), "state": N_("状态"), "created_by": N_("登记人"), "created_at": N_("登记时间"),
    "updated_at": N_("修改时间"), "reviewed_by": N_("审核人"), "reviewed_at": N_("审核时间"), "id": "id",
}  # fmt: skip
_LONGEST = 32_000


def write_table(
    store: Store,
    form: Form,
    rows: Sequence[Mapping[str, Any]],
    out: Path,
    *,
    keys: Sequence[str] = (),
    reveal: bool = False,
) -> Path:
    """Write listed records (:func:`envdesk.store.query.listing`) to a file.

    Args:
        store: open file, for the names of what the rows refer to.
        form: their form.
        rows: listed records.
        out: .xlsx or .csv.
        keys: columns; default all fields a person may fill, after number and state.
        reveal: personal data in full (the caller has asked why and logs it); a confidential record stays masked.

    Raises:
        Refused: ``bad_out``, ``unknown_key``, or the place can not be written.
    """
    keys = tuple(keys) or _all_keys(form)
    for key in keys:
        if key not in HEAD and not form.has(key):
            raise refuse("unknown_key", key=key)
    names = ref_names(store, form, rows)
    titles = [_title(form, key) for key in keys]
    cells = [[cell(form, key, row, names, reveal=reveal) for key in keys] for row in rows]
    return write_cells(form.title, titles, cells, out)


def write_cells(title: str, heads: Sequence[str], cells: Sequence[Sequence[Any]], out: Path) -> Path:
    """Write cells made already (text, int, float, date, datetime, None) under their heads.

    Raises:
        Refused: ``bad_out``, or the place can not be written.
    """
    kind = out.suffix.lower()
    if kind == ".csv":
        data = _csv(heads, cells)
    elif kind == ".xlsx":
        data = _xlsx(title, heads, cells)
    else:
        raise refuse("bad_out", path=str(out), expected="xlsx、csv")
    write_durably(out, data)
    return out


def _all_keys(form: Form) -> tuple[str, ...]:
    head = (["record_no"] if form.prefix else []) + (["state"] if form.states else [])
    return (*head, *(f.key for f in form.fields if f.key not in head and f.type not in ("photos", "files")))


def _title(form: Form, key: str) -> str:
    if not form.has(key):
        return _(HEAD[key])
    f = form.field(key)
    return f"{f.label}(元)" if f.type == "money" else f.label


def cell(form: Form, key: str, row: Mapping[str, Any], names: Mapping[str, str], *, reveal: bool = False) -> Any:
    """What stands in a cell: text, int, float, date or datetime; None for nothing."""
    value = row.get(key)
    if value in (None, "", []):
        return None
    if not form.has(key):
        return str(value).replace("T", " ")
    return _value(form.field(key), value, names, reveal=reveal and not row.get(CONFIDENTIAL))


def _value(f: Field, value: Any, names: Mapping[str, str], *, reveal: bool) -> Any:
    if f.type == "money":
        return float(money_text(value))
    if f.type in ("int", "decimal"):
        return value
    if f.type == "date" and not f.pii:
        return date.fromisoformat(value)
    if f.type == "datetime" and not f.pii:
        return datetime.fromisoformat(value)
    return _text(f, value, names, reveal=reveal)


def _text(f: Field, value: Any, names: Mapping[str, str], *, reveal: bool) -> str:
    if f.type == "ref" or f.check == "record":
        return names.get(value, str(value))
    if f.type == "people":
        return "、".join(names.get(v, str(v)) for v in value)
    if f.type == "rows":
        return "\n".join(_row_text(f, row, names, reveal=reveal) for row in value)
    if f.type in ("photos", "files"):
        return "、".join(str(item.get("name") or "") for item in value)
    if f.type == "money":
        return money_text(value)
    if f.secret and not f.pii and not reveal:
        return mask("text", str(value))
    return show(f, value, reveal=reveal)


def _row_text(f: Field, row: Mapping[str, Any], names: Mapping[str, str], *, reveal: bool) -> str:
    shown = (
        f"{s.label}：{_text(s, row[s.key], names, reveal=reveal)}"
        for s in f.fields
        if row.get(s.key) not in (None, "", [])
    )
    return "；".join(shown)


# ---- files -----------------------------------------------------------------------------------------------------------
def _csv(titles: Sequence[str], cells: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([neutral(t) for t in titles])
    writer.writerows([_plain(c) for c in row] for row in cells)
    return ("\ufeff" + out.getvalue()).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else neutral(value) if isinstance(value, str) else value


def _xlsx(title: str, titles: Sequence[str], cells: Sequence[Sequence[Any]]) -> bytes:
    import xlsxwriter

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("".join(c for c in title if c not in "[]:*?/\\")[:31])
    head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True})
    looks = {
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        "text": book.add_format({"num_format": "@"}),
        "quoted": book.add_format({"num_format": "@", "quote_prefix": True}),
        "lines": book.add_format({"num_format": "@", "text_wrap": True}),
    }
    for n, text in enumerate(titles):
        page.write_string(0, n, text, head)
        page.set_column(n, n, max(12, min(40, 2 * len(text) + 4)))
    for m, row in enumerate(cells, 1):
        for n, value in enumerate(row):
            _put(page, m, n, value, looks)
    page.freeze_panes(1, 0)
    if cells:
        page.autofilter(0, 0, len(cells), max(len(titles) - 1, 0))
    book.close()
    return data.getvalue()


def _put(page: Any, m: int, n: int, value: Any, looks: Mapping[str, Any]) -> None:
    """Write one cell by its kind; a text is never a formula, also not after someone edits it."""
    if value is None:
        return
    if isinstance(value, datetime):
        page.write_datetime(m, n, value, looks["moment"])
    elif isinstance(value, date):
        page.write_datetime(m, n, datetime.combine(value, datetime.min.time()), looks["day"])
    elif isinstance(value, (int, float)):
        page.write_number(m, n, value)
    else:
        look = "quoted" if value[:1] in RISKY else "lines" if "\n" in value else "text"
        page.write_string(m, n, value[:_LONGEST], looks[look])
