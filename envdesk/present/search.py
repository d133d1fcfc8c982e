"""The search of the whole office (Ctrl+K): subjects, orders, records; by number, name, pinyin initials or fragments."""

from __future__ import annotations

from dataclasses import dataclass

from envdesk.desk.office import Desk
from envdesk.desk.registers import group_of
from envdesk.desk.words import Chip, day_words, headline, state_chip
from envdesk.i18n import N_, _
from envdesk.store import lists, lookup, query

#: Groups of results in their order; id → title.
GROUPS = {"subjects": N_("监管对象"), "orders": N_("工单"), "records": N_("记录"), "lists": N_("名单")}
MOST = 20
#: At most so many subjects, so that they do not push the records out.
MOST_SUBJECTS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """One result. ``icon`` = rail group of its form (subjects and lists: their own)."""

    group: str
    form: str
    rec: str
    icon: str
    title: str
    detail: str
    number: str
    chip: Chip | None


@dataclass(frozen=True, slots=True)
class Results:
    """Results by group, at most :data:`MOST`; ``more`` = there are others."""

    text: str
    groups: tuple[tuple[str, tuple[Found, ...]], ...]
    more: bool

    @property
    def count(self) -> int:
        """How many are shown."""
        return sum(len(items) for _title, items in self.groups)

    def all(self) -> tuple[Found, ...]:
        """The results in order, groups left out."""
        return tuple(item for _title, items in self.groups for item in items)


def search(desk: Desk, text: str) -> Results:
    """Find records. Several words must all match; a whole number comes first. An empty text finds nothing."""
    words = text.lower().split()
    if not words:
        return Results(text, (), more=False)
    store = desk.store
    known = {f.id for f in desk.catalogue.forms.values() if f.kind != "shared"}
    first = lookup.exact(store, text.strip()) or lookup.exact(store, text.strip().upper())
    subjects = sorted(lookup.texts(store, words, forms=["subject"], most=200), key=lambda h: _rank(h[2], words))
    others = sorted(lookup.texts(store, words, but=["subject"], most=MOST + 1), key=lambda h: _rank(h[2], words))
    keys = [*first, *((f, r) for f, r, _t in subjects[:MOST_SUBJECTS]), *((f, r) for f, r, _t in others if f in known)]
    unique = list(dict.fromkeys(keys))
    found = [f for f in _shown(desk, unique) if f is not None]
    kept = found[:MOST]
    groups = tuple((_(title), tuple(f for f in kept if f.group == name)) for name, title in GROUPS.items())
    more = len(found) > MOST or len(subjects) > MOST_SUBJECTS
    return Results(text, tuple(g for g in groups if g[1]), more)


def _rank(content: str, words: list[str]) -> tuple[int, int]:
    """Names and numbers that begin like the text first, then short ones."""
    lines = content.split("\n")
    if any(line == words[0] for line in lines):
        return 0, len(content)
    return (1 if any(line.startswith(words[0]) for line in lines) else 2), len(content)


def _shown(desk: Desk, keys: list[tuple[str, str]]) -> list[Found]:
    rows = lists.rows(desk.store, keys, ["state"])
    names: dict[str, str] = {}
    for form_id in {r["form"] for r in rows}:
        form = desk.catalogue.forms[form_id]
        names |= query.ref_names(desk.store, form, [r for r in rows if r["form"] == form_id])
    out = []
    today = desk.clock.today()
    for row in rows:
        form = desk.catalogue.forms[row["form"]]
        group = "subjects" if form.id == "subject" else "orders" if form.id == "work_order" else "records"
        if form.kind == "list":
            group = "lists"
        day = day_words(str(row.get(form.date) or "")[:10], today) if form.date and form.id != "subject" else ""
        place = row.get("address") if form.id == "subject" else ""
        title = str(row.get("name") or "") if form.id == "subject" else headline(form, row, names, 30)
        number = str((row.get("order_no") if form.id == "work_order" else "") or row.get("record_no") or "")
        detail = " · ".join(p for p in (form.title if group == "records" else "", day, str(place or "")) if p)
        icon = group_of(form) or group
        out.append(Found(group, form.id, row["id"], icon, title, detail, number, state_chip(form, row)))
    return out
