"""The ``[sheet]`` table of a form: what its printed sheet says and in which order. Read strictly.

Everything is optional; without ``[[sheet.block]]`` the sheet is laid out by itself (a visit form like the reference
检查记录表, any other form section by section). Keys of ``[sheet]``::

    title = "涉VOCs企业检查记录表"   # default: title of the form, 记录表 added for a visit form
    number = "record_no"            # entry printed as the number; number_label = "编号"
    right = "due_date"              # entry at the right of that line (办理时限：…)
    internal = true                 # may print complainant data when revealed; carries 内部·含个人信息 then
    never_reveal = "confidential"   # bool field that forbids revealing
    foot = "一式两份：…"             # words at the page's foot
    note = "检查要点依据…"           # under the checklist (or the first block), filled sheets
    blank_note = "…"                # the same on blank sheets
    omit = ["vehicles"]             # fields the automatic layout leaves out; "photos" = no frames for them when blank
    copies = ["存根联", "送达联"]     # printed once for each, with the word at the right above

``[sheet.more.ID]`` holds the same keys for another paper of the same record (整改通知书, 复查记录): ``sheet FORM ID
--paper ID``. It takes ``title`` and blocks of its own, ``internal`` and ``never_reveal`` are those of the form.

``[[sheet.block]]`` has a ``kind`` and, by kind::

    fields      rows = [["visit_date", "time_from~time_to"], ["source+order_id"]]; title; labels = {key = "…"}
                tall = {content = 16} least heights in mm; sign = {opinion = "签名"} words at the cell's foot
    section     id = "facility"     a section of the form, laid out by itself
    checklist   section or keys; words = {"符合" = "未发现问题"}
    rows        key = "findings"; columns = ["desc", "nature"] or [{key, label, mm}]; side = "办理经过"; blank = 3
    text        key; label; mm      a box across the page: 检查情况：…
    ticks       key; label          a box across the page with the choices
    opinions    labels = ["审核意见"]; mm   empty cells with 签名 and 年 月 日
    photos      tags = ["整改前", "整改后"]; blank = 2 frames on a blank sheet
    signatures  rows = [["检查人", "现场负责人"], ["日期", "日期"]]
    notes       items = ["…"]
    paragraph   text = "《监管对象》：经查，……"   running text; 《…》 as in a Word file of the office; flush = not
                indented, right = at the right (office and date under a letter)
    lines       columns = ["姓名", "签名"]; count = 20   empty lines to write on, filled sheet or blank
    compare     keys = ["pm25"]; labels = ["本期", "上年同期"]   a value beside its twin ``<key>_ly`` and the change
    story       title = "监管经过"   what happened: figures, months and a timeline (a subject); not on a blank sheet

``fields`` takes ``words = true`` (choices as words instead of boxes) and ``drop_empty = true`` (rows without a value are
left out); a sheet with ``blank_auto = true`` lays out its blank form by itself. Every block but photos, signatures and notes takes ``joined = true`` (no gap above it).

An *entry* names what a cell prints: ``key``; ``ref.key`` (a field of the record referred to); ``a|b`` the first that
has a value; ``a~b`` from … to …; ``a+b`` both in one cell, the second with its label; ``ticks:a,b=words,c`` boxes of
bool fields or of mere words to be ticked by hand; ``words:label=text`` fixed words (a line to sign on).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from envdesk.errors import guess, refuse
from envdesk.formdef.model import Form

SHEET_KEYS = {
    "title": str, "number": str, "number_label": str, "right": str, "internal": bool, "never_reveal": str, "foot": str,
    "note": str, "blank_note": str, "omit": list, "block": list, "blank_auto": bool,
    "copies": list, "more": dict,
}  # fmt: skip
_COMMON: dict[str, type] = {"kind": str, "joined": bool}
BLOCK_KEYS: dict[str, dict[str, type]] = {
    "fields": {**_COMMON, "rows": list, "title": str, "labels": dict, "tall": dict, "sign": dict,
               "words": bool, "drop_empty": bool},
    "section": {**_COMMON, "id": str, "title": str},
    "checklist": {**_COMMON, "section": str, "keys": list, "words": dict},
    "rows": {**_COMMON, "key": str, "columns": list, "side": str, "side_mm": int, "blank": int},
    "text": {**_COMMON, "key": str, "label": str, "mm": int},
    "ticks": {**_COMMON, "key": str, "label": str},
    "opinions": {**_COMMON, "labels": list, "mm": int},
    "photos": {"kind": str, "tags": list, "blank": int},
    "signatures": {"kind": str, "rows": list},
    "notes": {"kind": str, "items": list},
    "story": {"kind": str, "title": str},
    "paragraph": {"kind": str, "text": str, "flush": bool, "right": bool},
    "lines": {"kind": str, "columns": list, "count": int},
    "compare": {**_COMMON, "keys": list, "labels": list},
}  # fmt: skip
#: Records whose fields a sheet may quote by ``ref.key``; of all others only their number and dates (domain.md §10.14).
OPEN_FORMS = ("subject", "grid", "person", "river", "campaign", "task_target")
OPEN_KEYS = ("name", "record_no", "order_no", "case_no")


@dataclass(frozen=True, slots=True)
class SheetHints:
    """The compiled ``[sheet]`` table."""

    title: str
    number: str = "record_no"
    number_label: str = "编号"
    right: str = ""
    internal: bool = False
    never_reveal: str = ""
    foot: str = ""
    note: str = ""
    blank_note: str = ""
    omit: tuple[str, ...] = ()
    blocks: tuple[Mapping[str, Any], ...] = field(default=())
    blank_auto: bool = False
    copies: tuple[str, ...] = ()


def read_hints(form: Form, paper: str = "") -> SheetHints:
    """Compile the hints of *form*, or of another *paper* of it.

    Raises:
        Refused: ``form_error`` naming every fault; ``unknown_paper``.
    """
    faults = sheet_faults(form)
    if faults:
        raise refuse("form_error", detail="；".join(faults))
    raw = dict(form.sheet)
    more = raw.pop("more", {})
    if paper and paper not in more:
        raise refuse("unknown_paper", name=paper, guess=guess(paper, list(more)))
    if paper:
        raw = {k: raw[k] for k in ("number", "number_label", "internal", "never_reveal") if k in raw} | more[paper]
    title = str(raw.get("title") or form.title + ("记录表" if is_visit(form) else ""))
    omit, copies = (tuple(raw.pop(k, ())) for k in ("omit", "copies"))
    blocks = tuple(raw.pop("block", ()))
    raw.pop("title", None)
    return SheetHints(title, blocks=blocks, omit=omit, copies=copies, **raw)


def papers_of(form: Form) -> dict[str, str]:
    """Return the papers that a record of *form* can be printed as besides its sheet: id → title."""
    return {key: str(raw.get("title", key)) for key, raw in form.sheet.get("more", {}).items()}


def sheet_faults(form: Form) -> list[str]:
    """Say what is wrong with the ``[sheet]`` table, one sentence each: unknown keys, wrong types, unknown fields."""
    faults = _paper_faults(form, form.sheet, "sheet")
    for key, raw in form.sheet.get("more", {}).items():
        faults += _paper_faults(form, raw, f"sheet.more.{key}")
    return faults


def _paper_faults(form: Form, raw: Mapping[str, Any], name: str) -> list[str]:
    faults = _faults(raw, SHEET_KEYS, f"{form.id} [{name}]")
    for i, block in enumerate(raw.get("block", []), 1):
        where = f"{form.id} [[{name}.block]] {i}"
        kind = block.get("kind")
        if kind not in BLOCK_KEYS:
            faults.append(f"{where}: kind{guess(str(kind), list(BLOCK_KEYS))}")
            continue
        faults += _faults(block, BLOCK_KEYS[kind], where)
        entries = [e for row in block.get("rows", []) for e in row] if kind == "fields" else []
        faults += [f"{where}: {key}" for e in entries for key in unknown_keys(form, str(e))]
        faults += [f"{where}: {path}" for e in entries for path in private_paths(form, str(e))]
        faults += [f"{where}: {k}" for k in block.get("keys", ()) if kind == "compare" and not form.has(k)]
        if kind in ("text", "ticks") and unknown_keys(form, str(block.get("key", ""))):
            faults.append(f"{where}: {block.get('key')}")
    return faults


def unknown_keys(form: Form, entry: str) -> list[str]:
    """Return the keys of an entry that the form does not have (terms and words after ``ticks:`` are fine)."""
    if entry.startswith("words:"):
        return []
    keys = [k.partition(".")[0] for k in re.split(r"[+|~]", entry) if k and not k.startswith("ticks:")]
    return [k for k in keys if not form.has(k) and k not in form.terms and k not in ("record_no", "state")]


def private_paths(form: Form, entry: str) -> list[str]:
    """Return the parts of an entry that look into a record whose texts stay inside the office (an order, a case)."""
    if entry.startswith("words:"):
        return []
    out = []
    for path in re.split(r"[+|~]", entry):
        key, _, inner = path.partition(".")
        open_key = inner in OPEN_KEYS or inner.endswith(("_at", "_date"))
        if inner and form.has(key) and form.field(key).ref not in OPEN_FORMS and not open_key:
            out.append(path)
    return out


def is_visit(form: Form) -> bool:
    """True for a form whose records are sheets of a visit."""
    return "visit" in form.blocks


def _faults(raw: Mapping[str, Any], known: Mapping[str, type], where: str) -> list[str]:
    out = [f"{where}: {key}{guess(key, list(known))}" for key in raw if key not in known]
    return out + [f"{where}: {key}" for key, kind in known.items() if key in raw and not isinstance(raw[key], kind)]
