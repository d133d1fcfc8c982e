"""What a reference or people field offers while one types: by name, fragment, code or pinyin initials.

An empty text offers the usual ones: the subjects of the last visits, the last team, all of a small list. A name that is
not there can be made on the spot when the list asks for no more than it (:func:`make`), else its form is opened with
the name filled in (:func:`prefill`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from envdesk.desk import records
from envdesk.desk.office import Desk, Done
from envdesk.desk.words import Chip, chip, day_words, headline, state_chip
from envdesk.formdef.model import Catalogue, Field, Form
from envdesk.i18n import _
from envdesk.store import lists, lookup, query, related

MOST = 20
#: A list of at most so many entries is offered whole.
SMALL = 300


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to pick: id, name, what tells it apart, its state, a mark why it is offered (最近, 上次同组)."""

    rec: str
    name: str
    detail: str = ""
    chip: Chip | None = None
    mark: str = ""


def find(desk: Desk, field: Field, text: str, *, day: str = "", most: int = MOST) -> tuple[Item, ...]:
    """Return what a reference field offers for *text*.

    Args:
        desk: open desk.
        field: the field (its ``ref`` names the form).
        text: what was typed so far ("" = the usual ones).
        day: the record's date: grids and campaigns of that day; "" = today.
        most: at most so many.
    """
    if field.type == "people" or field.ref == "person":
        return people(desk, text, day=day, most=most)
    form = desk.catalogue.form(field.ref)
    words = text.lower().split()
    if form.id == "subject" and not words:
        return _items(desk, form, lookup.recent_subjects(desk.store, most), mark=_("最近"))
    if form.kind == "list":
        return _small(desk, form, words, day or desk.clock.today().isoformat(), most)
    if not words:
        return _items(desk, form, lookup.newest(desk.store, form.id, most), mark=_("最近"))
    hits = lookup.texts(desk.store, words, forms=[form.id], most=400)
    exact = [r for f, r in lookup.exact(desk.store, text.strip()) if f == form.id]
    ranked = [r for _f, r, _t in sorted(hits, key=lambda h: _rank(h[2], words))]
    return _items(desk, form, list(dict.fromkeys([*exact, *ranked]))[: most * 2])[:most]


def _rank(content: str, words: Sequence[str]) -> tuple[int, int]:
    """The word itself, the start of one, a part of the initials (the last line), a part of anything (two letters of a code)."""
    lines = content.split("\n")
    starts = any(line.startswith(words[0]) for line in lines)
    return (0 if words[0] in lines else 1 if starts else 2 if words[0] in lines[-1] else 3), len(content)


def _items(desk: Desk, form: Form, recs: Sequence[str], mark: str = "") -> tuple[Item, ...]:
    rows = lists.rows(desk.store, [(form.id, r) for r in recs], ["state"])
    names = query.ref_names(desk.store, form, rows)
    return tuple(_item(desk, form, row, names, mark) for row in rows)


def _item(desk: Desk, form: Form, row: dict[str, Any], names: dict[str, str], mark: str) -> Item:
    number = str(row.get("record_no") or "")
    if form.id == "subject":
        parts = (row.get("short_name"), names.get(row.get("grid_id") or "", ""), row.get("address"), number)
        state = state_chip(form, row)
        shown = None if state is not None and state.tone == "green" else state
        return Item(row["id"], str(row.get("name") or number), " · ".join(str(p) for p in parts if p), shown, mark)
    name = str(row.get(form.name) or number) if form.name else number
    if form.kind == "list":
        code = str(row.get("code") or row.get("kind") or "")
        return Item(row["id"], name, code if code != name else "", None, mark)
    day = day_words(str(row.get(form.date) or "")[:10], desk.clock.today()) if form.date else ""
    about = headline(form, row, names, 30)
    label = name if form.natural else number
    return Item(row["id"], label, " · ".join(p for p in (day, about) if p), state_chip(form, row), mark)


def _small(desk: Desk, form: Form, words: Sequence[str], day: str, most: int) -> tuple[Item, ...]:
    """Entries of a small list in force on a day; without a text all of them."""
    recs = [r for _f, r, _t in lookup.texts(desk.store, words, forms=[form.id], most=SMALL)]
    rows = lists.rows(desk.store, [(form.id, r) for r in recs], [])
    first, last = ("start", "end") if form.has("start") else ("from", "to")
    rows = [r for r in rows if str(r.get(first) or "") <= day and str(r.get(last) or "9999") >= day]
    found = [_item(desk, form, r, {}, "") for r in rows]
    found.sort(key=lambda i: (bool(words) and not i.name.lower().startswith(tuple(words)), lists.pinyin_key(i.name)))
    return tuple(found[:most] if words else found)


# ---- people --------------------------------------------------------------------------------------------------------
def people(
    desk: Desk, text: str = "", *, day: str = "", chosen: Sequence[str] = (), most: int = MOST
) -> tuple[Item, ...]:
    """Return people in post on a day who are not chosen yet: the last team first, then by how often they go out."""
    words = text.lower().split()
    team = last_team(desk)
    hits = {r for _f, r, _t in lookup.texts(desk.store, words, forms=["person"], most=SMALL)}
    out = []
    for rec, name, role, badge, _n in lookup.people(desk.store, day or desk.clock.today().isoformat()):
        if rec in chosen or rec not in hits:
            continue
        detail = " · ".join(p for p in (role, badge) if p)
        shown = None if badge else chip(_("无执法证"))
        out.append(Item(rec, name, detail, shown, _("上次同组") if rec in team else ""))
    out.sort(key=lambda i: not i.mark)
    return tuple(out[:most])


def last_team(desk: Desk) -> tuple[str, ...]:
    """The people of the last outing this operator entered (one key takes them over)."""
    outing = related.last_outing(desk.store, desk.operator)
    return tuple(lookup.team_of(desk.store, outing)) if outing else ()


def names(desk: Desk, field: Field, value: Any) -> tuple[Item, ...]:
    """Return what a stored value of a reference or people field shows, in its order."""
    wanted = [str(v) for v in (value if isinstance(value, list) else [value]) if v]
    found = lists.names_of(desk.store, "person" if field.type == "people" else field.ref, wanted)
    return tuple(Item(w, found.get(w, w)) for w in wanted)


# ---- making on the spot --------------------------------------------------------------------------------------------
MADE_HERE = ("subject",)
"""Records that may be made on the spot besides the small lists."""


def asks_on_the_spot(catalogue: Catalogue, form_id: str) -> bool:
    """Tell whether a record of this form can be made under a reference, in a panel that asks for what must be there."""
    form = catalogue.forms.get(form_id)
    return form is not None and bool(form.name) and (form.kind == "list" or form_id in MADE_HERE)


def can_make(desk: Desk, field: Field) -> bool:
    """True when a list asks for nothing but a name, so that typing it is enough."""
    form = desk.catalogue.form("person" if field.type == "people" else field.ref)
    needed = {f.key for f in form.typed() if f.required == "always" and f.required_severity == "error"}
    return form.kind == "list" and bool(form.name) and needed <= {form.name}


def make(desk: Desk, field: Field, text: str) -> Done:
    """Add the name that was typed; the value of the result is the outcome of the save (``ids[0]`` = the new record)."""
    form = desk.catalogue.form("person" if field.type == "people" else field.ref)
    return records.add(desk, form.id, [{form.name: text.strip()}])


def prefill(desk: Desk, field: Field, text: str) -> tuple[str, dict[str, Any]]:
    """Return the form to open for a name that is not there, and what to fill in."""
    form = desk.catalogue.form("person" if field.type == "people" else field.ref)
    key = form.name if form.name and form.has(form.name) else ""
    return form.id, {key: text.strip()} if key and text.strip() else {}
