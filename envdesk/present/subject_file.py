"""一企一档: everything about one subject. The list of subjects is a register list (``ListState("subject")``).

Complaints show number, date and type only: what a complainant wrote never enters a subject's file (domain.md §10.14).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from envdesk.desk.office import Desk, setting
from envdesk.desk.words import (
    Chip,
    cell,
    clip,
    day_words,
    days_over,
    due_chip,
    headline,
    state_chip,
)
from envdesk.formdef.model import Form
from envdesk.formdef.types import money_text
from envdesk.i18n import N_, _, plural
from envdesk.store import attachments, calendar, lists, query, related
from envdesk.store.reader import resolve

#: Head of the card: these fields when filled.
_HEAD = ("usc_code", "address", "grid_id", "industry", "contact", "phone", "permit_class", "permit_no", "env_grade",
         "waste_class", "register_from")  # fmt: skip
#: Kinds of the timeline, for the chips above it.
KINDS = {"visit": N_("检查"), "rectify": N_("整改"), "order": N_("投诉"), "case": N_("案件"), "other": N_("其他")}


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value (masked)."""

    key: str
    label: str
    text: str
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A figure of the file: 今年检查 3 次, with its second line and tone."""

    id: str
    title: str
    text: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. ``kind`` one of :data:`KINDS`; ``details`` = findings and what became of them."""

    date: str
    day: str
    kind: str
    form: str
    rec: str
    number: str
    title: str
    words: str
    details: tuple[str, ...]
    chip: Chip | None
    due: Chip | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of one of the records; its bytes come by :func:`photo`."""

    sha256: str
    form: str
    rec: str
    date: str
    tag: str
    caption: str


@dataclass(frozen=True, slots=True)
class SubjectFile:
    """The file of one subject. ``entries`` newest first; ``same`` = other names it was merged from."""

    rec: str
    number: str
    name: str
    chip: Chip | None
    tags: tuple[str, ...]
    head: tuple[Fact, ...]
    numbers: tuple[Number, ...]
    entries: tuple[Entry, ...]
    photos: tuple[Photo, ...]
    former_names: tuple[str, ...]


def subject_file(desk: Desk, rec: str) -> SubjectFile:
    """Read the file of a subject (id, number or name).

    Raises:
        Refused: ``not_found``.
    """
    store = desk.store
    form = desk.catalogue.form("subject")
    row = query.fetch(store, form, resolve(store, "subject", rec))
    if row.get("canonical"):
        row = query.fetch(store, form, row["canonical"])
    names = query.ref_names(store, form, [row])
    keys = related.about(store, row["id"])
    rows = lists.rows(store, keys, ["state"])
    for other in desk.catalogue.forms.values():
        mine = [r for r in rows if r["form"] == other.id]
        if mine:
            names |= query.ref_names(store, other, mine)
    waits = _waits(desk, rows)
    entries = sorted((_entry(desk, r, names, waits) for r in rows), key=lambda e: (e.date, e.number), reverse=True)
    tags = [cell(form.field("types"), [t], names) for t in row.get("types") or ()]
    return SubjectFile(
        rec=row["id"], number=str(row["record_no"] or ""), name=str(row["name"]), chip=state_chip(form, row),
        tags=(*tags, *_marks(form, row)), head=_head(form, row, names),
        numbers=_numbers(desk, row, rows, waits), entries=tuple(entries), photos=_photos(desk, rows),
        former_names=tuple(row.get("aliases") or ()),
    )  # fmt: skip


def photo(desk: Desk, sha256: str) -> bytes | None:
    """Bytes of a photo, None when it is missing or damaged."""
    return attachments.read_or_none(desk.store, sha256)


def _marks(form: Form, row: Mapping[str, Any]) -> list[str]:
    keys = ("key_unit", "green_list", "emergency_list")
    return [form.field(k).label for k in keys if form.has(k) and row.get(k)]


def _head(form: Form, row: Mapping[str, Any], names: Mapping[str, str]) -> tuple[Fact, ...]:
    out = []
    for key in _HEAD:
        if form.has(key) and row.get(key) not in (None, "", []):
            f = form.field(key)
            out.append(Fact(key, f.label, cell(f, row[key], names), bool(f.pii)))
    return tuple(out)


def _waits(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Records that wait for a day: id → day."""
    out: dict[str, str] = {}
    today = desk.clock.today()
    for form in desk.catalogue.forms.values():
        if form.dues:
            recs = [r["id"] for r in rows if r["form"] == form.id]
            out |= {rec: day for rec, (_rule, day) in lists.dues(desk.store, form, recs, today).items()}
    return out


# ---- timeline ------------------------------------------------------------------------------------------------------
def _kind(form: Form) -> str:
    if "outing" in form.parents:
        return "visit"
    return {"rectification": "rectify", "work_order": "order", "enforcement_case": "case"}.get(form.id, "other")


def _entry(desk: Desk, row: Mapping[str, Any], names: Mapping[str, str], waits: Mapping[str, str]) -> Entry:
    form = desk.catalogue.forms[row["form"]]
    today = desk.clock.today()
    day = str(row.get(form.date) or row.get("created_at") or "")[:10]
    due = None
    if row["id"] in waits:
        left = calendar.workdays_between(desk.store.con, today, date.fromisoformat(waits[row["id"]]))
        due = due_chip(left, days_over(form, waits[row["id"]], today, left))
    kind = _kind(form)
    return Entry(
        day, day_words(day, today), kind, form.id, row["id"], str(row.get("record_no") or ""), form.title,
        _words(form, kind, row, names), _details(form, row, names), state_chip(form, row), due,
    )  # fmt: skip


def _words(form: Form, kind: str, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if kind == "order":  # neither content nor place
        parts = [
            str(row.get("order_no") or ""),
            *(cell(form.field(k), row.get(k), names) for k in ("source", "pollution")),
        ]
        return " · ".join(p for p in parts if p)
    if kind == "visit":
        people = cell(form.field("people"), row.get("people"), names, most=3) if form.has("people") else ""
        return " · ".join(p for p in (people, str(row.get("facts") or "")) if p)
    return headline(form, {**row, "subject_id": None}, names, 60)


def _details(form: Form, row: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, ...]:
    if not form.has("findings"):
        return ()
    f = form.field("findings")
    out = []
    for item in row.get("findings") or ():
        keys = ("item", "desc", "action")
        texts = [cell(s, item.get(s.key), names) for s in f.fields if s.key in keys and item.get(s.key)]
        out.append(clip("：".join(texts[:2]) + (f"（{texts[2]}）" if len(texts) > 2 else ""), 80))
    return tuple(out)


# ---- figures and photos --------------------------------------------------------------------------------------------
def _numbers(
    desk: Desk, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], waits: Mapping[str, str]
) -> tuple[Number, ...]:
    today = desk.clock.today()
    year = str(today.year)
    visits = related.visits(desk.store, row["id"], f"{year}-01-01", f"{year}-12-31")
    cap = int(setting(desk, "annual_cap_key" if row.get("key_unit") else "annual_cap") or 0)
    used = related.cap_used(desk.store, row["id"], today.year)
    limit = f"{used}/{cap}" if cap else str(used)
    open_ones = [r for r in rows if r["form"] == "rectification" and r["id"] in waits]
    late = sum(1 for r in open_ones if waits[r["id"]] < today.isoformat())
    orders = [r for r in rows if r["form"] == "work_order"]
    this_year = [r for r in orders if str(r.get("received_at") or "").startswith(year)]
    cases = [r for r in rows if r["form"] == "enforcement_case"]
    fined = sum(int(r.get("fine_fen") or 0) for r in cases)
    found = [len(r.get("findings") or ()) for r in rows if str(r.get("visit_date") or "").startswith(year)]
    last = day_words(visits[0][1], today) if visits else ""
    before = _("上次 {day}").format(day=last) if last else ""
    ever = _("累计 {count} 件").format(count=len(orders))
    return (
        Number("visits", _("今年检查"), plural("{count} 次", len(visits)), before),
        Number("cap", _("今年行政检查"), _("{used} 次").format(used=limit), "", "amber" if cap and used >= cap else ""),
        Number("findings", _("今年发现问题"), plural("{count} 个", sum(found))),
        Number(
            "rectify", _("未完成整改"), plural("{count} 宗", len(open_ones)),
            plural("超期 {count} 宗", late) if late else "", "red" if late else "",
        ),
        Number("orders", _("今年投诉"), plural("{count} 件", len(this_year)), ever),
        Number("cases", _("累计案件"), plural("{count} 宗", len(cases)), _("罚款 {sum} 元").format(sum=money_text(fined)) if fined else ""),
    )  # fmt: skip


def _photos(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> tuple[Photo, ...]:
    out = []
    for row in rows:
        form = desk.catalogue.forms[row["form"]]
        day = str(row.get(form.date) or "")[:10]
        if _kind(form) == "order":  # may show the complainant's home
            continue
        for f in form.lists:
            if f.type == "photos":
                out += [
                    Photo(p["sha256"], form.id, row["id"], str(p.get("taken_at") or day)[:10], p.get("tag") or "",
                          p.get("caption") or "")
                    for p in row.get(f.key) or ()
                ]  # fmt: skip
    return tuple(sorted(out, key=lambda p: p.date, reverse=True))
