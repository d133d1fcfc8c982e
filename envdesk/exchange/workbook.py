"""The Excel template of a form: what a clerk fills and :mod:`envdesk.exchange.importer` reads back.

First row the headers (``*`` = must be filled), second row short hints (begin with ※, skipped when read), both frozen.
Codes, phones and other texts are text cells, so that no digit is lost; choices open as lists kept on a hidden sheet.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from envdesk.errors import refuse
from envdesk.exchange.headers import Target, targets
from envdesk.exchange.importer import HINT_MARK
from envdesk.formdef.model import Catalogue, Choice, Field, Form
from envdesk.i18n import N_, _
from envdesk.store.attachments import write_durably
from envdesk.store.file import Store

ROWS = 5000
"""Rows that carry lists and formats; more can be pasted below."""
HELP_SHEET, LIST_SHEET = "说明", "选项"
NAMES = 500
"""Most names of a small list that are offered."""
_LEFT_OUT = frozenset({"rows", "photos", "files"})

_FORMATS = {
    "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm", "time": "hh:mm", "int": "0", "money": "0.00",
}  # fmt: skip
_WORDS: Mapping[str, str] = {
    "text": N_("文字"),
    "long_text": N_("文字，可换行"),
    "date": N_("日期，如 2026-10-09"),
    "time": N_("时间，如 09:30"),
    "datetime": N_("日期和时间，如 2026-10-09 09:30"),
    "int": N_("整数"),
    "decimal": N_("数字"),
    "money": N_("金额，单位元"),
    "choice": N_("从列表选一个"),
    "multichoice": N_("可多个，用、隔开"),
    "bool": N_("是 或 否"),
    "ref": N_("名称或编号，须已登记"),
    "people": N_("姓名，用、隔开；同名写成 李敏(证号)"),
    "texts": N_("可多个，用、隔开"),
    "ints": N_("可多个，用、隔开"),
    "photos": N_("照片文件名，多个用；隔开，与表放在同一文件夹"),
    "files": N_("附件文件名，多个用；隔开，与表放在同一文件夹"),
}


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of the template."""

    target: Target
    header: str
    hint: str
    options: tuple[str, ...] = ()

    @property
    def field(self) -> Field:
        return self.target.cell


def template(catalogue: Catalogue, form_id: str, out: Path, *, store: Store | None = None) -> Path:
    """Write the template of a form.

    Args:
        catalogue: compiled forms.
        form_id: form.
        out: .xlsx file; replaced if it exists.
        store: open file whose small lists (grids, campaigns, people) are offered as lists.

    Raises:
        Refused: unknown or shared form, another suffix, the place can not be written.
    """
    form = catalogue.form(form_id)
    if form.kind == "shared":
        raise refuse("shared_form", form=form.title)
    if out.suffix.lower() != ".xlsx":
        raise refuse("bad_out", path=str(out), expected="xlsx")
    columns = [_column(t, catalogue, store) for t in targets(form) if t.sub is None and t.field.type not in _LEFT_OUT]
    write_durably(out, _book(form, columns))
    return out


def _column(target: Target, catalogue: Catalogue, store: Store | None) -> _Column:
    f = target.cell
    unit = f"({_('元')})" if f.type == "money" else f"({f.unit})" if f.unit and "(" not in f.label else ""
    star = "*" if f.required == "always" and f.required_severity == "error" and not _fills_itself(f) else ""
    return _Column(target, f"{star}{f.label}{unit}", _hint(f), _options(f, catalogue, store))


def _fills_itself(f: Field) -> bool:
    return f.default is not None or bool(f.default_sql)


def _hint(f: Field) -> str:
    words = f.hint or _(_WORDS[f.type])
    if f.required and f.required != "always":
        words = _("{words}；{stage}前填写").format(words=words, stage=f.required)
    elif f.default is not None and f.type != "bool":
        words = _("{words}；不填为{value}").format(words=words, value=f.default)
    return HINT_MARK + words


def _options(f: Field, catalogue: Catalogue, store: Store | None) -> tuple[str, ...]:
    if f.type in ("choice", "multichoice"):
        return tuple(_choice(c) for c in f.choices if not c.off)
    if f.type == "bool":
        return ("是", "否")
    if f.type == "ref" and store is not None and catalogue.forms[f.ref].kind == "list":
        return _names(store, catalogue.forms[f.ref])
    return ()


def _choice(c: Choice) -> str:
    return f"{c.parent}-{c.label}" if c.parent else c.label


def _names(store: Store, form: Form) -> tuple[str, ...]:
    """Names of a small list, none when it is long or a name stands twice."""
    if not form.name:
        return ()
    column = form.field(form.name).column
    rows = store.con.query(f'SELECT "{column}" FROM t_{form.id} WHERE void = 0 ORDER BY "{column}"')
    names = tuple(str(n) for (n,) in rows if n)
    return names if len(names) <= NAMES and len(set(names)) == len(names) else ()


# ---- writing -------------------------------------------------------------------------------------------------------
def _book(form: Form, columns: Sequence[_Column]) -> bytes:
    import xlsxwriter

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = "".join(c for c in form.title if c not in "[]:*?/\\")[:31]
    page = book.add_worksheet(title)
    help_page = book.add_worksheet(HELP_SHEET)
    lists = book.add_worksheet(LIST_SHEET)
    lists.hide()
    _page(book, page, columns, lists)
    _help(book, help_page, form, columns)
    page.activate()
    book.close()
    return data.getvalue()


def _page(book: Any, page: Any, columns: Sequence[_Column], lists: Any) -> None:
    edge = {"border": 1, "border_color": "#BFBFBF", "text_wrap": True, "align": "center", "valign": "vcenter"}
    head = book.add_format({**edge, "bold": True, "bg_color": "#DCE6F1"})
    must = book.add_format({**edge, "bold": True, "bg_color": "#DCE6F1", "font_color": "#C00000"})
    small = book.add_format({**edge, "font_size": 9, "font_color": "#7F7F7F"})
    formats: dict[str, Any] = {}
    for n, c in enumerate(columns):
        look = _number_format(c.field)
        made = formats.setdefault(look, book.add_format({"num_format": look}))
        page.set_column(n, n, _width(c), made)
        page.write_string(0, n, c.header, must if c.header.startswith("*") else head)
        page.write_string(1, n, c.hint, small)
        if c.field.help:
            page.write_comment(0, n, c.field.help)
        if c.options:
            _offer(page, lists, n, c)
    page.set_row(0, 30)
    page.set_row(1, 40)
    page.freeze_panes(2, 0)


def _number_format(f: Field) -> str:
    if f.type == "decimal":
        return "0." + "0" * f.decimals if f.decimals else "0"
    return _FORMATS.get(f.type, "@")


def _width(c: _Column) -> int:
    wide = {"long_text": 40, "text": 18, "ref": 20, "people": 20, "multichoice": 22, "texts": 20, "datetime": 17}
    return max(wide.get(c.field.type, 12), 2 * len(c.header) + 2 if len(c.header) < 12 else 24)


def _offer(page: Any, lists: Any, n: int, c: _Column) -> None:
    """Offer words as a list; where several may stand in a cell, or new ones, other words are let through."""
    for row, word in enumerate(c.options):
        lists.write_string(row, n, word)
    strict = c.field.type in ("choice", "bool")
    from xlsxwriter.utility import xl_col_to_name

    letters = xl_col_to_name(n)
    page.data_validation(
        2, n, ROWS + 1, n,
        {
            "validate": "list",
            "source": f"={LIST_SHEET}!${letters}$1:${letters}${len(c.options)}",
            "show_error": strict,
            "error_title": c.field.label[:32],
            "error_message": _("请从列表中选择。"),
        },
    )  # fmt: skip


def _help(book: Any, page: Any, form: Form, columns: Sequence[_Column]) -> None:
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    page.write_string(0, 0, _("{title}导入模板").format(title=form.title), bold)
    lines = (
        _("一行一条记录，从第 3 行填起；带 * 的必须填写，第 2 行是提示，可以删去。"),
        _("列的顺序可以调整，用不到的列可以删去；表头文字请保留。"),
        _("一个文件要么全部导入，要么全部不导入；有问题时按行指出，改好后再导入即可。"),
        form.help,
    )
    for n, line in enumerate(filter(None, lines), 1):
        page.write_string(n, 0, line)
    top = 6
    for n, title in enumerate((_("列"), _("必填"), _("填法"), _("可选内容"), _("说明"))):
        page.write_string(top, n, title, head)
    more = [t for t in targets(form) if t.sub is not None or t.field.type in ("photos", "files")]
    rows = [(c.target, c.header.lstrip("*"), c.header.startswith("*"), c.options) for c in columns]
    rows += [(t, t.label, False, tuple(_choice(o) for o in t.cell.choices if not o.off)) for t in more]
    for n, (target, name, must, options) in enumerate(rows, top + 1):
        f = target.cell
        added = _("需要时自己加这一列") if target in more else ""
        notes = "；".join(filter(None, (added, f.help, f.hint)))
        cells = (name, "*" if must else "", _(_WORDS.get(f.type, "文字")), "、".join(options), notes)
        for m, text in enumerate(cells):
            page.write_string(n, m, text, wrap)
    for n, width in enumerate((24, 6, 28, 60, 60)):
        page.set_column(n, n, width)
