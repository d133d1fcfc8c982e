"""What stands at the right of a form: the subject it is about, or for an order its duplicates and deadline.

Asked for while one types (:func:`subject_context` when the subject changes, :func:`order_context` after a pause), on
the database thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any

from envdesk.desk.office import Desk, setting
from envdesk.desk.words import (
    Chip,
    cell,
    chip,
    clip,
    day_words,
    days_over,
    due_chip,
    headline,
    short_number,
    state_chip,
)
from envdesk.formdef.model import Form
from envdesk.i18n import _, plural
from envdesk.store import calendar, lists, query, related

MOST_VISITS = 5
MOST_OPEN = 8
ALIKE_MOST = 99
"""Orders of one number, caller, place that are counted."""
#: Orders of so many days are compared by their text; from which likeness on they are shown.
SIMILAR_DAYS, SIMILAR_MOST, SIMILAR = 60, 300, 0.6
_TAGS = ("permit_class", "env_grade")
_NOTHING = (None, "", "无需", "未评", "无")
_MARKS = ("key_unit", "green_list", "emergency_list")


@dataclass(frozen=True, slots=True)
class Link:
    """One record in the pane: what it is, the chip, where it leads."""

    form: str
    rec: str
    title: str
    detail: str
    date: str
    chip: Chip | None


@dataclass(frozen=True, slots=True)
class Cap:
    """行政检查 of the year: used of the cap (0 = no cap); whether the visit being entered counts."""

    used: int
    cap: int
    words: str
    counts: bool
    over: bool


@dataclass(frozen=True, slots=True)
class LastValue:
    """A value of the subject's last sheet of this form, which Ctrl+D takes over."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class SubjectContext:
    """The subject of a form.

    Attributes:
        tags: industry, permit, 重点监管.
        cap: None when it is no enterprise matter.
        open: what is not finished: rectifications and orders, the most urgent ones first; ``waiting`` = how many in all.
        visits: earlier visits, newest first; ``last`` the day of the newest.
        last_values: what copying would fill in.
    """

    subject: str
    name: str
    full_name: str
    chip: Chip | None
    tags: tuple[str, ...]
    grid: str
    cap: Cap | None
    open: tuple[Link, ...]
    waiting: int
    visits: tuple[Link, ...]
    last: str
    last_values: tuple[LastValue, ...]


@dataclass(frozen=True, slots=True)
class OrderContext:
    """An order: possible duplicates (the first of them, each with the reason; ``alike`` = how many) and its deadline in words."""

    duplicates: tuple[tuple[str, Link], ...]
    alike: int
    due: str
    due_words: str
    chip: Chip | None


# ---- subject -------------------------------------------------------------------------------------------------------
def subject_context(
    desk: Desk, subject: str, *, form: str = "", values: Mapping[str, Any] | None = None, but: str = ""
) -> SubjectContext | None:
    """Read the pane of a subject; None when there is no such subject.

    Args:
        desk: open desk.
        subject: id.
        form: the form being filled (for its last sheet).
        values: its values so far (does the visit count against the cap?).
        but: id of the record being edited.
    """
    store = desk.store
    sub = desk.catalogue.form("subject")
    rows = lists.rows(store, [("subject", subject)], ["state"])
    if not rows:
        return None
    row = rows[0]
    names = query.ref_names(store, sub, rows)
    tags = [cell(sub.field("industry"), row.get("industry"), names)] if row.get("industry") else []
    tags += [sub.field(k).label + str(row[k]) for k in _TAGS if sub.has(k) and row.get(k) not in _NOTHING]
    tags += [sub.field(k).label for k in _MARKS if sub.has(k) and row.get(k)]
    visits, waits = _visits(desk, subject, but), _open(desk, subject, but)
    return SubjectContext(
        subject=subject, name=str(row.get("short_name") or row["name"]), full_name=str(row["name"]),
        chip=state_chip(sub, row), tags=tuple(tags), grid=names.get(row.get("grid_id") or "", ""),
        cap=_cap(desk, row, values or {}), open=waits[:MOST_OPEN], waiting=len(waits), visits=visits[:MOST_VISITS],
        last=visits[0].date if visits else "", last_values=_last_values(desk, form, subject, but),
    )  # fmt: skip


def _cap(desk: Desk, row: Mapping[str, Any], values: Mapping[str, Any]) -> Cap | None:
    cap = int(setting(desk, "annual_cap_key" if row.get("key_unit") else "annual_cap") or 0)
    day = str(values.get("visit_date") or desk.clock.today().isoformat())
    used = related.cap_used(desk.store, row["id"], int(day[:4]))
    if not cap and not used:
        return None
    exempt = values.get("source") in related.EXEMPT
    counts = values.get("visit_kind") == "行政检查" and not exempt
    words = _("这次因{source}，不占次数。").format(source=values.get("source")) if exempt else ""
    if cap and used >= cap and not exempt:
        words = _("已到年度频次上限。")
    return Cap(used, cap, words, counts, bool(cap and used + counts > cap))


def _open(desk: Desk, subject: str, but: str) -> tuple[Link, ...]:
    """Everything about a subject that waits for a day."""
    today = desk.clock.today()
    found: list[tuple[str, Link]] = []
    for form in desk.catalogue.forms.values():
        if not form.dues or "visit" in form.parents or form.kind != "record":
            continue
        keys = [k for k in related.about(desk.store, subject, forms=[form.id]) if k[1] != but]
        waits = lists.dues(desk.store, form, [r for _f, r in keys], today)
        for row in lists.rows(desk.store, [k for k in keys if k[1] in waits], ["state"]):
            day = waits[row["id"]][1]
            left = calendar.workdays_between(desk.store.con, today, date.fromisoformat(day))
            shown = due_chip(left, days_over(form, day, today, left))
            found.append((day, _link(desk, form, row, shown)))
    found.sort(key=lambda item: item[0])
    return tuple(link for _day, link in found)


def _link(desk: Desk, form: Form, row: Mapping[str, Any], shown: Chip | None) -> Link:
    today = desk.clock.today()
    number = short_number(row.get("record_no"), today)
    matter = headline(form, {**row, **dict.fromkeys(("subject_id", "respondent_id", "location"))}, {}, 16)
    day = day_words(str(row.get(form.date) or "")[:10], today) if form.date else ""
    return Link(form.id, row["id"], f"{form.title.partition('/')[0]} {number}", matter, day, shown)


def _visits(desk: Desk, subject: str, but: str) -> tuple[Link, ...]:
    """Earlier visits: one line each, its sheets by name."""
    store, today = desk.store, desk.clock.today()
    start = today.replace(year=today.year - 2, day=1).isoformat()
    out = []
    for visit, day in related.visits(store, subject, start, today.isoformat()):
        rows = [r for r in lists.rows(store, related.sheets(store, "visit", visit), []) if r["id"] != but]
        if not rows:
            continue
        names = "、".join(dict.fromkeys(_short_title(desk.catalogue.forms[r["form"]]) for r in rows))
        found = sum(len(r.get("findings") or ()) for r in rows)
        result = plural("发现问题 {count} 个", found) if found else str(rows[0].get("result") or "")
        first = desk.catalogue.forms[rows[0]["form"]]
        link = Link(first.id, rows[0]["id"], names, result, day_words(day, today), state_chip(first, rows[0]))
        out.append(link)
        if len(out) == MOST_VISITS:
            break
    return tuple(out)


def _short_title(form: Form) -> str:
    return form.title.removesuffix("检查").removesuffix("记录") or form.title


def _last_values(desk: Desk, form_id: str, subject: str, but: str) -> tuple[LastValue, ...]:
    if not form_id:
        return ()
    form = desk.catalogue.form(form_id)
    rec = related.last_sheet(desk.store, form, subject, but=but)
    if not rec:
        return ()
    row = query.fetch(desk.store, form, rec)
    names = query.ref_names(desk.store, form, [row])
    out = []
    for f in form.typed():
        if f.copy and row.get(f.key) not in (None, "", []):
            text = cell(f, row[f.key], names, today=desk.clock.today())
            unit = f" {f.unit}" if f.unit and f.type in ("int", "decimal") else ""
            out.append(LastValue(f.key, f.label, text + unit))
    return tuple(out)


# ---- order ---------------------------------------------------------------------------------------------------------
def order_context(desk: Desk, values: Mapping[str, Any], *, rec: str = "") -> OrderContext:
    """Read the pane of an order from its values so far."""
    form = desk.catalogue.form("work_order")
    today = desk.clock.today()
    due = str(values.get("due_date") or "")
    words, shown = "", None
    if due:
        left = calendar.workdays_between(desk.store.con, today, date.fromisoformat(due))
        if not values.get("closed_at"):
            shown = due_chip(left, days_over(form, due, today, left))
        start = str(values.get("received_at") or "")[:10]
        if start:
            n = calendar.workdays_between(desk.store.con, date.fromisoformat(start), date.fromisoformat(due))
            words = plural("收件后{count}个工作日", max(n, 0))
    found, alike = _duplicates(desk, form, values, rec)
    return OrderContext(found, alike, due, words, shown)


def _duplicates(
    desk: Desk, form: Form, values: Mapping[str, Any], rec: str
) -> tuple[tuple[tuple[str, Link], ...], int]:
    """The first possible duplicates and how many there are."""
    store = desk.store
    why: dict[str, str] = {}
    for key, reason in (
        ("order_no", _("同一编号")), ("phone", _("同一来电")), ("respondent_id", _("同一对象")),
        ("location", _("同一地点")),
    ):  # fmt: skip
        if values.get(key):
            for other in related.same_text(store, form, key, values[key], but=rec, most=ALIKE_MOST):
                why.setdefault(other, reason)
    content = clip(str(values.get("content") or ""), 400)
    day = str(values.get("received_at") or desk.clock.today().isoformat())[:10]
    if len(content) >= 12:
        start = (date.fromisoformat(day) - timedelta(days=SIMILAR_DAYS)).isoformat()
        asked = lists.Asked("work_order", start=start, end=day)
        for row in lists.rows(store, lists.ids(store, asked, limit=SIMILAR_MOST), []):
            if row["id"] != rec and row["id"] not in why and _alike(content, str(row.get("content") or "")):
                why[row["id"]] = _("内容相近")
    rows = lists.rows(store, [("work_order", r) for r in list(why)[:MOST_OPEN]], ["state"])
    names = query.ref_names(store, form, rows)
    today = desk.clock.today()
    out = []
    for row in rows:
        title = str(row.get("order_no") or row.get("record_no") or "")
        link = Link(
            form.id, row["id"], title, headline(form, row, names, 20),
            day_words(str(row["received_at"])[:10], today), state_chip(form, row),
        )  # fmt: skip
        out.append((why[row["id"]], link))
    return tuple(out), len(why)


def _alike(a: str, b: str) -> bool:
    matcher = SequenceMatcher(None, a, b[:400], autojunk=False)
    return matcher.real_quick_ratio() >= SIMILAR and matcher.quick_ratio() >= SIMILAR and matcher.ratio() >= SIMILAR


def marks(context: SubjectContext) -> tuple[Chip, ...]:
    """The tags as grey chips."""
    return tuple(chip(tag) for tag in context.tags)
