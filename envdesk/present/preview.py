"""One record at a glance: title, chips, values (masked), what happened, what belongs to it. For the right pane."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from envdesk.desk.office import Desk
from envdesk.desk.records import reveal_log
from envdesk.desk.steps import Step, step_of
from envdesk.desk.words import (
    Chip,
    cell,
    chip,
    clip,
    day_words,
    days_over,
    due_chip,
    headline,
    shown,
    state_chip,
)
from envdesk.formdef.model import Field, Form
from envdesk.i18n import _, plural
from envdesk.store import calendar, lists, query, related
from envdesk.store.reader import resolve
from envdesk.store.versions import form_at

#: Related records shown at most.
MOST_RELATED = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value in words.

    Attributes:
        key: field key; ``masked`` = personal data hidden, :func:`reveal` shows it with a reason.
        form, rec: the record the value names ("" = none): a link.
        long: a text of several lines, shown over the whole width.
    """

    key: str
    label: str
    text: str
    masked: bool = False
    form: str = ""
    rec: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """The values of one section."""

    title: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of what happened. ``done`` check · ``late`` cross · ``open`` ring; form and rec are a link."""

    date: str
    day: str
    words: str
    detail: str = ""
    kind: str = "done"
    form: str = ""
    rec: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """A record that belongs to this one, and why (同一对象, 同一地点, 重复件, 同次检查)."""

    form: str
    rec: str
    number: str
    why: str
    title: str
    date: str
    chip: Chip | None


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything the pane shows.

    Attributes:
        lead: the long text on top (内容, 问题), "" = none.
        step: the next step when something is due.
        sealed: the record's main date lies in a sealed period.
    """

    form: str
    rec: str
    number: str
    title: str
    subtitle: str
    lead: str
    chips: tuple[Chip, ...]
    blocks: tuple[Block, ...]
    events: tuple[Event, ...]
    related: tuple[Related, ...]
    step: Step | None
    sealed: bool
    void_reason: str = ""
    photos: tuple[Mapping[str, Any], ...] = field(default=())


def preview(desk: Desk, form_id: str, rec: str) -> Preview:
    """Read one record for the pane (form id, and id, number or natural key).

    Raises:
        Refused: ``not_found``.
    """
    form = desk.catalogue.form(form_id)
    row = query.fetch(desk.store, form, resolve(desk.store, form_id, rec))
    form = form_at(desk.store, form_id, row["form_version"])  # a record is shown as it was entered
    names = query.ref_names(desk.store, form, [row])
    today = desk.clock.today()
    present = desk.catalogue.form(form_id)
    waits = {} if row["void"] else lists.dues(desk.store, present, [row["id"]], today)
    due = waits.get(row["id"])
    sealed = bool(form.date and row.get(form.date) and related.seals_over(desk.store, str(row[form.date])))
    lead = _lead(form)
    title = headline(form, row, names)
    lead_text = shown(lead, row.get(lead.key)) if lead else ""
    return Preview(
        form=form.id, rec=row["id"], number=str(row.get("record_no") or ""), title=title, subtitle=_subtitle(form, row),
        lead="" if lead_text and clip(lead_text) in title else lead_text,
        chips=_chips(desk, form, row, due, sealed=sealed), blocks=_blocks(desk, form, row, names, lead),
        events=_events(desk, form, row, names, due), related=_related(desk, form, row),
        step=step_of(present, due[0]) if due else None, sealed=sealed, void_reason=str(row.get("void_reason") or ""),
        photos=tuple(p for f in form.fields if f.type == "photos" for p in row.get(f.key) or ()),
    )  # fmt: skip


def reveal(desk: Desk, form_id: str, rec: str, key: str, why: str) -> str:
    """Show one masked value in full; who, when, why and which record are logged.

    Raises:
        Refused: ``why_needed``.
    """
    form = desk.catalogue.form(form_id)
    row = query.fetch(desk.store, form, rec)
    reveal_log(desk, form, [row["id"]], why)
    return cell(form.field(key), row.get(key), {}, reveal=True)


# ---- head ----------------------------------------------------------------------------------------------------------
def _subtitle(form: Form, row: Mapping[str, Any]) -> str:
    number = row.get(form.natural[0]) if form.natural and form.has(form.natural[0]) else None
    parts = [form.title]
    if number and not isinstance(number, list) and number != row.get("record_no") and form.id != "subject":
        parts.append(str(number))
    return " · ".join(parts)


def _lead(form: Form) -> Field | None:
    return next((f for f in form.fields if f.type == "long_text" and f.required == "always" and not f.pii), None)


def _chips(
    desk: Desk, form: Form, row: Mapping[str, Any], due: tuple[str, str] | None, *, sealed: bool
) -> tuple[Chip, ...]:
    out: list[Chip] = []
    state = state_chip(desk.catalogue.form(form.id), row)  # of today, as its word is: one colour wherever it stands
    if state is not None:
        out.append(state)
    if due is not None:
        today = desk.clock.today()
        left = calendar.workdays_between(desk.store.con, today, date.fromisoformat(due[1]))
        out.append(due_chip(left, days_over(form, due[1], today, left)))
    out += [chip(f.label) for f in form.fields if f.type == "bool" and row.get(f.key) and f.key in _FLAGS]
    if sealed:
        out.append(chip("已月结"))
    return tuple(out)


#: Marks worth a chip.
_FLAGS = frozenset({"confidential", "key_unit", "green_list", "emergency_list"})


# ---- values --------------------------------------------------------------------------------------------------------
def _blocks(
    desk: Desk, form: Form, row: Mapping[str, Any], names: Mapping[str, str], lead: Field | None
) -> tuple[Block, ...]:
    today = desk.clock.today()
    out = []
    for section in form.sections:
        fields = [form.field(k) for k in section.keys]
        pairs = [p for f in fields if f is not lead for p in _pairs(desk, f, row, names, today)]
        checks = [f for f in fields if f.checklist]
        if checks:
            pairs.insert(0, Pair("", _("检查项目"), _checked(checks, row)))
        if pairs:
            out.append(Block(section.title, tuple(pairs)))
    return tuple(out)


def _checked(fields: Sequence[Field], row: Mapping[str, Any]) -> str:
    answered = [f for f in fields if row.get(f.key)]
    wrong = [f.label for f in answered if str(row[f.key]) in ("不符合", "不达标", "异常")]
    words = _("{done}/{all} 项").format(done=len(answered), all=len(fields))
    return words + (_("，不符合：{items}").format(items="、".join(wrong)) if wrong else "")


def _pairs(desk: Desk, f: Field, row: Mapping[str, Any], names: Mapping[str, str], today: date) -> list[Pair]:
    value = row.get(f.key)
    if value in (None, "", []) or (f.checklist and f.stored) or f.note_of:
        return []
    if (f.type == "bool" and not value) or (f.type in ("bool", "int") and value == f.default):
        return []
    if f.type == "rows" and f.date_key:  # told in the timeline
        return []
    if f.check == "record":
        form = related.form_of(desk.store, str(value))
        return [Pair(f.key, f.label, query.number_of(desk.store, value), form=form, rec=str(value))]
    if f.type == "rows":
        return [Pair(f.key, f.label, text, long=True) for text in _row_texts(f, value, names, today)]
    text = cell(f, value, names, today=today)
    if f.unit and f.type in ("int", "decimal"):
        text += f.unit
    if f.type == "money":
        text += _("元")
    link = (f.ref, str(value)) if f.type == "ref" else ("", "")
    return [Pair(f.key, f.label, text, bool(f.pii), link[0], link[1], f.type == "long_text")]


def _row_texts(f: Field, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], today: date) -> list[str]:
    out = []
    for row in rows:
        parts = [cell(s, row.get(s.key), names, today=today) for s in f.fields if s.type != "bool"]
        out.append(" · ".join(p for p in parts if p))
    return out


# ---- what happened -------------------------------------------------------------------------------------------------
def _events(
    desk: Desk, form: Form, row: Mapping[str, Any], names: Mapping[str, str], due: tuple[str, str] | None
) -> tuple[Event, ...]:
    today = desk.clock.today()
    out = [*_own_events(form, row, today), *_row_events(form, row, names, today), *_linked(desk, form, row, today)]
    rules = desk.catalogue.forms[form.id].dues
    what = next(d.what for d in rules if d.id == due[0]) if due is not None else ""
    if due is not None and due[1] < today.isoformat():
        # which of its limits, where it is not the one of the record itself (签收)
        words = _("到期未办") if due[0] == rules[0].id else _("{what}到期未办").format(what=what)
        out.append(Event(due[1], day_words(due[1], today), words, kind="late"))
    out.sort(key=lambda e: e.date)
    if due is not None and due[1] >= today.isoformat():
        out.append(Event(due[1], day_words(due[1], today), what, _("期限"), kind="open"))
    missing = _missing(form, row)
    if missing:
        out.append(Event("", "", _("{items}未填").format(items="、".join(missing[:4])), kind="open"))
    return tuple(out)


def is_event(form: Form, f: Field) -> bool:
    """True for a date on which something happened (not a limit or a plan)."""
    happened = f.key == form.date or f.max == "today" or f.dated_by == f.key
    return f.type in ("date", "datetime") and f.stored and happened and f.check != "deadline"


def _own_events(form: Form, row: Mapping[str, Any], today: date) -> list[Event]:
    by_day: dict[str, list[tuple[str, str]]] = {}
    logged = {f"{f.key}_from" for f in form.fields if f.log}
    for f in form.fields:
        if is_event(form, f) and row.get(f.key) and f.key not in logged:
            by_day.setdefault(str(row[f.key])[:10], []).append((str(row[f.key]), _verb(form, f)))
    out = []
    for day, found in by_day.items():
        moments = sorted(m for m, _label in found if "T" in m)
        detail = _span(moments[0], moments[-1]) if len(moments) > 1 else ""
        words = "、".join(dict.fromkeys(label for _m, label in sorted(found)))
        out.append(Event(day, day_words(day, today), words, detail))
    return out


def _verb(form: Form, f: Field) -> str:
    """What happened on a date: its label without 日期, 时间, 日."""
    label = f.label
    if label in ("日期", "时间"):
        return _("检查") if "visit" in form.parents else _("登记")
    for tail in ("日期", "时间"):
        if label.endswith(tail) and len(label) > len(tail):
            return label.removesuffix(tail)
    return label.removesuffix("日") if len(label) > 2 and label.endswith("日") else label


def _span(start: str, end: str) -> str:
    minutes = int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() // 60)
    return (
        ""
        if minutes <= 0
        else plural("{count} 分钟", minutes)
        if minutes < 120
        else plural("{count} 小时", minutes // 60)
    )


def _row_events(form: Form, row: Mapping[str, Any], names: Mapping[str, str], today: date) -> list[Event]:
    out = []
    for f in form.lists:
        if f.type != "rows" or not f.date_key:
            continue
        for item in row.get(f.key) or ():
            dates = [s.key for s in f.fields if s.type in ("date", "datetime")]
            day = item.get(f.date_key) or next((item[k] for k in dates if item.get(k)), "")
            texts = [cell(s, item.get(s.key), names) for s in f.fields if s.type in ("text", "choice", "long_text")]
            detail = clip("，".join(t for t in texts if t), 30)
            out.append(Event(str(day)[:10], day_words(str(day)[:10], today), f.label, detail))
    return out


def _linked(desk: Desk, form: Form, row: Mapping[str, Any], today: date) -> list[Event]:
    keys = [k for k in related.referring(desk.store, row["id"]) if k[0] != form.id]
    if form.id == "subject":
        return []
    out = []
    for other in lists.rows(desk.store, keys, ["state"]):
        target = desk.catalogue.forms[other["form"]]
        day = str(other.get(target.date) or "")[:10] if target.date else ""
        state = state_chip(target, other)
        found = len(other.get("findings") or ())
        detail = plural("发现问题 {count} 个", found) if found else state.word if state else ""
        words = f"{target.title} {other.get('record_no') or ''}".strip()
        out.append(Event(day, day_words(day, today), words, detail, form=target.id, rec=other["id"]))
    return out


def _missing(form: Form, row: Mapping[str, Any]) -> list[str]:
    hints = json.loads(row["hints"]) if row.get("hints") else []
    keys = [h["field"] for h in hints if h.get("code") == "required" and h.get("field") and "[" not in h["field"]]
    return [form.field(k).label for k in dict.fromkeys(keys) if form.has(k) and row.get(k) in (None, "", [])]


# ---- what belongs to it --------------------------------------------------------------------------------------------
def _related(desk: Desk, form: Form, row: Mapping[str, Any]) -> tuple[Related, ...]:
    why: dict[tuple[str, str], str] = {}
    store = desk.store
    for parent in form.parents[:1]:
        why |= dict.fromkeys(related.sheets(store, parent, str(row[f"{parent}_id"])), _("同次检查"))
    for f in form.fields:
        if f.type == "ref" and f.ref == form.id and row.get(f.key):
            why.setdefault((form.id, row[f.key]), f.label)
    if form.id != "subject":
        why |= {k: _("重复件") for k in related.referring(store, row["id"]) if k[0] == form.id and k not in why}
    if form.has("location") and row.get("location"):
        for rec in related.same_text(store, form, "location", row["location"], but=row["id"]):
            why.setdefault((form.id, rec), _("同一地点"))
    for f in related.subject_keys(form):
        if row.get(f.key):
            for key in related.about(store, row[f.key], most=3):
                why.setdefault(key, _("同一对象"))
    why.pop((form.id, row["id"]), None)
    return tuple(_one_related(desk, key, reason) for key, reason in list(why.items())[:MOST_RELATED])


def _one_related(desk: Desk, key: tuple[str, str], why: str) -> Related:
    form = desk.catalogue.forms[key[0]]
    row = query.fetch(desk.store, form, key[1])
    names = query.ref_names(desk.store, form, [row])
    day = day_words(str(row.get(form.date) or "")[:10], desk.clock.today()) if form.date else ""
    number = str(row.get("record_no") or "")
    return Related(form.id, row["id"], number, why, headline(form, row, names, 24), day, state_chip(form, row))
