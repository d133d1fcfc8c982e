"""The layout of a record sheet that its form does not spell out: the same ``[[sheet.block]]`` tables, made by rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from envdesk.formdef.model import Field, Form, Section
from envdesk.reports.sheet_hints import SheetHints, is_visit

Block = Mapping[str, Any]
Width = Literal["third", "half", "full"]
#: Fields every visit sheet prints in its head; they are not laid out again.
SHARED_BLOCKS = ("visit", "outing", "findings", "base", "plain")
LISTS = ("rows", "photos", "files")
#: Characters of boxes and labels that half a row holds.
HALF_CHARS = 17
CONFORM_WORDS = {"符合": "未发现问题", "不符合": "发现问题"}
INFORMED = "ticks:badge_shown=已出示执法证件,avoidance_told=已告知申请回避的权利,不申请回避,申请回避"
VISIT_HEAD: tuple[tuple[str, ...], ...] = (
    ("subject_name|subject_id",),
    ("subject_id.usc_code", "grid_id|subject_id.grid_id"),
    ("subject_id.address",),
    ("site_person|subject_id.contact", "site_phone|subject_id.phone"),
    ("visit_date", "time_from~time_to"),
    ("source+order_id+campaign_id",),
    ("visit_kind+notice_no+plan_no",),
    ("people",),
    (INFORMED,),
)
HEAD_LABELS = {
    "subject_name": "被检查单位",
    "usc_code": "统一社会信用代码",
    "address": "地址",
    "contact": "联系人",
    "phone": "联系电话",
    "site_phone": "联系电话",
    "grid_id": "所属网格",
    "visit_date": "检查日期",
    "time_from": "起止时间",
    "people": "检查人员",
    "order_id": "关联工单",
    "campaign_id": "专项行动",
    "notice_no": "通知书号",
    "plan_no": "计划审批号",
    INFORMED: "告知事项",
}
FINDING_COLUMNS = (
    {"key": "desc", "label": "问题描述", "mm": 83},
    {"key": "nature", "label": "性质", "mm": 22},
    {"key": "action", "label": "处理意见", "mm": 24},
    {"key": "due", "label": "整改期限", "mm": 26},
)


def auto_blocks(form: Form, hints: SheetHints) -> tuple[Block, ...]:
    """Return the blocks of a form that lists none."""
    return tuple(_visit(form, hints) if is_visit(form) else _plain(form, hints))


def _visit(form: Form, hints: SheetHints) -> list[Block]:
    rows = [row for row in ([e for e in r if _known(form, e, hints)] for r in VISIT_HEAD) if row]
    out: list[Block] = [{"kind": "fields", "rows": rows, "labels": HEAD_LABELS}]
    if any(f.checklist for f in form.fields):
        out.append({"kind": "checklist", "words": CONFORM_WORDS})
    own = [s for s in form.sections if _own(form, s)]
    out += [{"kind": "section", "id": s.id, "joined": i > 0} for i, s in enumerate(own)]
    out += _findings(form)
    out.append({"kind": "photos", "blank": 2})
    party = "现场负责人" if form.has("site_person") else "在场人员"
    out.append({"kind": "signatures", "rows": [["检查人", party], ["记录人", "见证人"], ["日期", "日期"]]})
    return out


def _findings(form: Form) -> list[Block]:
    out: list[Block] = []
    if form.has("facts"):
        out.append({"kind": "text", "key": "facts", "label": "检查情况", "mm": 18})
    if form.has("result"):
        out.append({"kind": "ticks", "key": "result", "label": "检查结果", "joined": True})
    if form.has("findings"):
        known = [c for c in FINDING_COLUMNS if form.field("findings").sub(str(c["key"]))]
        out.append({"kind": "rows", "key": "findings", "columns": known, "blank": 3, "joined": True})
    if form.has("remark"):
        out.append({"kind": "text", "key": "remark", "label": "备注", "joined": True})
    if form.has("party_opinion"):
        block = {"kind": "text", "key": "party_opinion", "label": "被检查单位意见", "mm": 12, "joined": True}
        out.append(block)
    return out


def _plain(form: Form, hints: SheetHints) -> list[Block]:
    out: list[Block] = []
    if any(f.checklist for f in form.fields):
        out.append({"kind": "checklist"})
    out += [{"kind": "section", "id": s.id, "title": s.title} for s in form.sections]
    out.append({"kind": "photos", "blank": 0 if "photos" in hints.omit else 2})
    out.append({"kind": "signatures", "rows": [["填表人", "审核人"], ["日期", "日期"]]})
    return out


def _own(form: Form, section: Section) -> bool:
    """True for a section of the form itself that has more than checklist items."""
    fields = [form.field(key) for key in section.keys if form.has(key)]
    return any(f.block not in SHARED_BLOCKS and not f.checklist and not _noted(form, f) for f in fields)


def _known(form: Form, entry: str, hints: SheetHints) -> bool:
    if entry.startswith("ticks:"):
        return form.has("badge_shown")
    first = re.split(r"[+|~.]", entry)[0]
    return form.has(first) and first not in hints.omit


# ---- rows of a section ---------------------------------------------------------------------------
def section_fields(form: Form, section: Section, hints: SheetHints) -> list[Field]:
    """Fields of a section that a sheet prints in cells: no lists, no checklist, nothing told to leave out."""
    fields = [form.field(key) for key in section.keys if form.has(key)]
    return [
        f for f in fields if f.type not in LISTS and not f.checklist and f.key not in hints.omit and not _noted(form, f)
    ]


def _noted(form: Form, f: Field) -> bool:
    return bool(f.note_of) and form.has(f.note_of) and form.field(f.note_of).checklist


def arrange(fields: Sequence[Field]) -> list[list[Field]]:
    """Share rows: three numbers or dates, two short ones, a long one alone."""
    out: list[list[Field]] = []
    queue = list(fields)
    while queue:
        thirds = 0
        while thirds < min(3, len(queue)) and width_of(queue[thirds]) == "third":
            thirds += 1
        short = len(queue) > 1 and "full" not in (width_of(queue[0]), width_of(queue[1]))
        take = 3 if thirds == 3 else 2 if short else 1
        out.append(queue[:take])
        queue = queue[take:]
    return out


def width_of(f: Field) -> Width:
    """How much of a row a field wants: its ``width`` hint, else by type and length."""
    if f.width in ("third", "half", "full"):
        return f.width  # type: ignore[return-value]
    if f.type in ("date", "time", "int", "decimal", "money", "bool"):
        return "third"
    if f.type in ("choice", "multichoice") and f.choices:
        chars = sum(len(c.label) + 2 for c in f.choices if not c.off and not c.parent)
        return "half" if chars <= HALF_CHARS else "full"
    if f.type == "text":
        return "full" if f.max_len > 60 else "half"
    return "half" if f.type in ("ref", "datetime", "ints") else "full"
