"""What waits: due records with everything a line of the day's list needs, drafts, seals, calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from envdesk.desk import registers
from envdesk.desk.office import Desk, clock_at
from envdesk.formdef.model import Due, Form
from envdesk.formdef.types import BadValue, Context, parse
from envdesk.store import calendar, drafts, lists, query, seals, todo
from envdesk.store.drafts import Draft
from envdesk.store.params import clock_params


@dataclass(frozen=True, slots=True)
class DueItem:
    """One entry of the due list; ``workdays_left`` is 0 on the due day and negative after it."""

    form: str
    id: str
    record_no: str
    due: str
    workdays_left: int
    what: str

    def as_dict(self) -> dict[str, Any]:
        """The contract's shape."""
        return {
            "form": self.form, "id": self.id, "record_no": self.record_no, "due": self.due,
            "workdays_left": self.workdays_left, "what": self.what,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """A due record: which rule of its form, the record's values (of its lists the people only) and the names in it."""

    item: DueItem
    form: Form
    due: Due
    row: Mapping[str, Any]
    names: Mapping[str, str]


def due(desk: Desk, on: str = "") -> list[DueItem]:
    """Everything that waits for a day, by urgency; read once until a row of the file or the minute changes."""
    day = clock_at(on).today() if on else desk.clock.today()
    minute = desk.clock.now().isoformat(timespec="minutes")
    name = (
        "due" if day == desk.clock.today() else "due on another day"
    )  # which pushes the one of today out of no memory
    return list(desk.store.kept.answer(name, (day, minute), lambda: _due(desk, day)))


def _due(desk: Desk, day: date) -> list[DueItem]:
    found = [
        (form.id, item.what, rec, number or "", date.fromisoformat(when[:10]))
        for form in desk.catalogue.forms.values()
        for item in form.dues
        for rec, number, when in query.due_rows(desk.store, form, item, day)
    ]
    left = calendar.workdays_left(desk.store.con, day, (when for *_rest, when in found))
    out = [DueItem(form, rec, number, when.isoformat(), left[when], what) for form, what, rec, number, when in found]
    return sorted(out, key=lambda d: (d.due, d.form, d.record_no))


def waiting(desk: Desk, until: date, on: date | None = None) -> list[Waiting]:
    """Everything due up to a day, by urgency, with the records; *on* another day than today as it will be then."""
    items = [d for d in due(desk, on.isoformat() if on else "") if d.due <= until.isoformat()]
    rows: dict[str, list[dict[str, Any]]] = {}
    for r in lists.rows(desk.store, list(dict.fromkeys(keys(items))), [], types=frozenset({"people"})):
        rows.setdefault(r["form"], []).append(r)
    wanted: dict[str, set[str]] = {}
    for form_id, some in rows.items():
        for ref, ids in query.referred(desk.catalogue.forms[form_id], some).items():
            wanted.setdefault(ref, set()).update(ids)
    names = query.named(desk.store, wanted)
    by_key = {(r["form"], r["id"]): r for some in rows.values() for r in some}
    out = []
    for item in items:
        form = desk.catalogue.forms[item.form]
        row = by_key.get((item.form, item.id))
        rule = next((d for d in form.dues if d.what == item.what), None)
        if row is not None and rule is not None:
            out.append(Waiting(item, form, rule, row, names))
    return out


def keys(items: Iterable[DueItem]) -> list[tuple[str, str]]:
    """(form, id) of due items."""
    return [(d.form, d.id) for d in items]


def kept_drafts(desk: Desk) -> list[Draft]:
    """This operator's drafts, newest first."""
    return [d for d in drafts.drafts(desk.store) if d.form in desk.catalogue.forms]


def drop_draft(desk: Desk, draft_id: str) -> Draft | None:
    """Throw a draft away and return what it held, to be able to put it back; None when it is gone already."""
    found = next((d for d in drafts.drafts(desk.store) if d.id == draft_id), None)
    if found is not None:
        drafts.discard(desk.store, draft_id)
    return found


def put_back_draft(desk: Desk, draft: Draft) -> None:
    """Keep a draft again that was thrown away."""
    drafts.keep(desk.store, draft.form, draft.content, draft=draft.id, rec=draft.rec, base_rev=draft.base_rev)


def lacking(desk: Desk, draft: Draft) -> int:
    """How many fields of a draft still stop it from being saved, as far as the draft alone tells."""
    from envdesk.store.evaluate import Evaluator
    from envdesk.store.judging import problems_of

    form = desk.catalogue.forms[draft.form]
    values: dict[str, Any] = {}
    wrong = 0
    for f in form.typed():
        value = draft.content.get(f.key)
        try:
            plain = f.type in ("ref", "people", "rows", "photos", "files")
            values[f.key] = value if plain else parse(f, value, Context(desk.clock.today()))
        except BadValue:
            wrong += 1
    made = desk.store.cache.setdefault(("evaluator", form.id), None) or Evaluator(desk.store.live, form)
    desk.store.cache["evaluator", form.id] = made
    found = made.judge(desk.store.con, values, clock_params(desk.store), desk.store.cache)
    return wrong + sum(1 for p in problems_of(form, values, found) if p.severity == "error")


def is_sealed(desk: Desk, start: date, end: date) -> bool:
    """True when exactly this period is sealed."""
    return seals.is_sealed(desk.store, start, end)


def done_today(desk: Desk) -> int:
    """How many records this operator saved today: matters of the day, not what a list needs or an outing brings along."""
    matters = [f.id for f in desk.catalogue.forms.values() if registers.group_of(f)]
    return todo.saved_on(desk.store, desk.operator, desk.clock.today().isoformat(), matters)


def is_bare(desk: Desk) -> bool:
    """True when nothing was ever registered here: an office on its first day."""
    return todo.none_of(desk.store, (f.id for f in desk.catalogue.forms.values() if registers.group_of(f)))


def calendar_gap(desk: Desk) -> int:
    """The year whose holiday table is needed within the next two months and not there (0 = none)."""
    today = desk.clock.today()
    later = date(today.year + (today.month > 10), (today.month + 1) % 12 + 1, 1)
    missing = calendar.missing_years(desk.store.con, today, later)
    return missing[0] if missing else 0


def next_workday(desk: Desk, day: date, n: int) -> date:
    """The n-th working day after a day."""
    return calendar.add_workdays(desk.store.con, day, n).date


def is_workday(desk: Desk, day: date) -> bool:
    """True when people work on a day; Monday to Friday where the holiday table does not reach."""
    known = todo.is_workday(desk.store, day.isoformat())
    return day.weekday() < 5 if known is None else known


def refs_of(draft: Draft, form: Form) -> str:
    """Id of the subject that a draft names ("" = none)."""
    for f in form.fields:
        if f.type == "ref" and f.ref == "subject" and draft.content.get(f.key):
            return str(draft.content[f.key])
    return ""


def workdays_left(desk: Desk, today: date, due: date) -> int:
    """Working days left until a day, negative after it."""
    return calendar.workdays_between(desk.store.con, today, due)


def has_records(desk: Desk, start: date, end: date) -> bool:
    """True when a visit or an order lies in a period."""
    return todo.any_between(desk.store, start.isoformat(), end.isoformat())
