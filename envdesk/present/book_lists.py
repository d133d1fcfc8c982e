"""Lists in a superior's workbook: which registers can be listed, and which of their fields the heads of a table mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from envdesk.desk.office import Desk
from envdesk.desk.registers import registers
from envdesk.exchange.book_binding import OPEN, SERIAL, ListBinding, ListColumn, room
from envdesk.exchange.book_grid import Place
from envdesk.exchange.book_labels import labels
from envdesk.exchange.headers import SILENT, Names, bare, plain
from envdesk.exchange.table_out import HEAD
from envdesk.formdef.model import Form
from envdesk.i18n import _
from envdesk.present.book_desk import Sheet

MOST_COLUMNS = 40
#: What heads of tables call a thing, besides the labels and aliases of the form: word → keys, the first it has is meant.
CALLED: Mapping[str, tuple[str, ...]] = {
    "企业": ("subject_id", "respondent_id"), "单位": ("subject_id", "respondent_id"),
    "企业名称": ("subject_id", "respondent_id"), "单位名称": ("subject_id", "respondent_id"),
    "名称": ("subject_id", "name"), "对象": ("subject_id",), "检查对象": ("subject_id",), "河涌": ("river_id",),
    "人员": ("people", "handler"), "检查人员": ("people",), "经办人": ("handler", "people"), "社区": ("grid_id",),
    "村居": ("grid_id",), "结果": ("result", "verdict"), "检查结果": ("result",), "编号": ("record_no",),
    "状态": ("state",), "备注": ("remark",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormLine:
    """A register to list: id, title, its group."""

    id: str
    title: str
    group: str


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the table: number from 1, its head, the key that fills it ("" = left alone)."""

    column: int
    head: str
    key: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A list as it could be bound: its columns and how many rows the form leaves (0 = as many as come)."""

    sheet: str
    place: Place
    form: str
    columns: tuple[ColumnLine, ...]
    rows: int

    def with_key(self, column: int, key: str) -> Proposal:
        """The same with another field in a column."""
        return replace(self, columns=tuple(replace(c, key=key) if c.column == column else c for c in self.columns))

    def binding(self) -> ListBinding:
        """The binding it stands for."""
        columns = tuple(ListColumn(c.column, c.key) for c in self.columns if c.key)
        return ListBinding(self.sheet, self.place, self.form, columns, "", self.rows)


def forms(desk: Desk) -> tuple[FormLine, ...]:
    """Return the registers that can be listed, the subjects last."""
    out = [FormLine(f.id, f.title, _(r.title)) for r in registers(desk) for f in r.forms]
    subject = desk.catalogue.forms.get("subject")
    return (*out, FormLine(subject.id, subject.title, _("监管对象"))) if subject else tuple(out)


def keys(form: Form) -> dict[str, str]:
    """What can stand in a column: key → words."""
    out = {SERIAL: _("序号")}
    out |= {key: _(HEAD[key]) for key in ("record_no", "state") if key == "record_no" or form.states}
    out |= {f.key: f.label for f in form.fields if f.type not in ("photos", "files")}
    return out


def propose(desk: Desk, sheet: Sheet, name: str, place: Place, form_id: str) -> Proposal:
    """Propose a list that begins in a cell: columns by their heads, up to the first column without one."""
    form = desk.catalogue.form(form_id)
    grid = sheet.book.grid(name)
    found = labels(grid, sheet.bindings.filled(name))
    names = Names(form)
    columns = []
    for column in range(place[1], place[1] + MOST_COLUMNS):
        heads = found.above((place[0], column))
        if not heads or found.bottom(heads[-1]) != place[0] - 1:
            break
        head = grid.text(heads[-1]).strip()
        columns.append(ColumnLine(column, head, meant(form, names, head)))
    rows = room(grid, place)
    return Proposal(name, place, form_id, tuple(columns), rows if rows > 1 else OPEN)


def meant(form: Form, names: Names, head: str) -> str:
    """The key that a head means, "" when that is not clear."""
    if plain(head) in SILENT:
        return SERIAL
    _rank, found = names.find(head)
    if len(found) == 1 and "." not in found[0]:
        return found[0]
    for key in CALLED.get(bare(head), ()):
        if form.has(key) or key == "record_no" or (key == "state" and form.states):
            return key
    return form.date if form.date and bare(head).endswith(("日期", "时间")) else ""
