"""The rows of a block view that belong to a period, found from the shared records of that period.

All forms with a visit hang on the same outings and visits. Asked for a month, the view itself would look the month's
visits up once per form; here they are looked up once (``visit@shared``) and each form only looks for its sheets
(``visit@``). Eleven forms with a visit make that the difference between two and one times a hand-written query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from envdesk.formdef.model import BlockView, Field, Form
from envdesk.sql import quote

if TYPE_CHECKING:
    from envdesk.formdef.live import Live

#: Mark of the rows of a period, and of the shared records they hang on.
ROWS, SHARED = "@", "@shared"


def period_name(live: Live, of: str, date: str) -> str:
    """Name of the period's rows of what a figure counts; *of* itself when they can not be found this way."""
    view = live.catalogue.views.get(of)
    if view is None or view.parts:
        return of
    members = live.catalogue.members(view.block)
    alike = bool(members) and all(_like(members[0], m) for m in members)
    own_rows = all(not view.list or m.field(view.list).home == m.id for m in members)
    dated = alike and own_rows and date == members[0].date and members[0].field(date).home in members[0].parents
    return of + ROWS if dated else of


def _like(first: Form, other: Form) -> bool:
    """True when two forms hang on the same shared records and call their fields the same."""
    return (first.parents, first.date, _shared(first)) == (other.parents, other.date, _shared(other))


def _shared(form: Form) -> dict[str, tuple[str, str]]:
    return {f.key: (f.home, f.column) for f in form.fields if f.stored and not f.is_list and f.home != form.id}


def shared_body(live: Live, view: BlockView, needed: set[str]) -> str:
    """The period's shared records, nearest first: their ids and what of them is *needed*."""
    form = live.catalogue.members(view.block)[0]
    alias = {parent: f"p{n}" for n, parent in enumerate(form.parents)}
    joins = [f"{_table(form.parents[0])} p0"]
    for n, parent in enumerate(form.parents[1:], 1):
        joins.append(f"join {_table(parent)} p{n} on p{n}.id = p{n - 1}.{quote(parent + '_id')}")
    outer: list[str] = []
    columns = [f"p{n}.id as {quote(parent + '_id')}" for n, parent in enumerate(form.parents)]
    for f in taken(live, view, needed):
        column = f"{alias[f.home]}.{quote(f.column)}"
        columns.append(f"{live.canonical(f, column, outer)} as {quote(f.key)}")
    date = form.field(form.date)
    day = f"{alias[date.home]}.{quote(date.column)}"
    return f"select {', '.join(columns)} from {' '.join([*joins, *outer])} where {day} >= :start and {day} < :after"


def taken(live: Live, view: BlockView, needed: set[str]) -> list[Field]:
    """Fields of the shared records that a query reads, by name or through the record they point at."""
    members = live.catalogue.members(view.block)
    shared = _shared(members[0])
    return [
        f
        for f in members[0].fields
        if f.key in shared
        and all(m.field(f.key).type == f.type for m in members)
        and (f.key in needed or f.key == members[0].date or f.key.removesuffix("_id") in needed)
    ]


def rows_body(live: Live, view: BlockView, needed: set[str]) -> tuple[str, set[str]]:
    """The period's rows of the view, one arm per form; with the names they read."""
    above = f"{view.name}{SHARED}"
    fields = live.view_fields(view)
    shared = [f"v.{quote(f.key)}" for f in taken(live, view, needed)]
    arms: list[str] = []
    for m in live.catalogue.members(view.block):
        outer: list[str] = []
        rows = {s.key for s in m.field(view.list).fields if s.stored} if view.list else set()
        own = [f for f in m.own if not f.is_list and f.key not in rows and (f.key in fields or f.key == "grid_id")]
        columns = [f"'{m.id}' as form", "s.record_no as record_no"]
        columns += [f"v.{quote(parent + '_id')}" for parent in m.parents]
        columns += shared
        columns += [f"{live.canonical(f, f's.{quote(f.column)}', outer)} as {quote(f.key)}" for f in own]
        key = quote(m.parents[0] + "_id")
        source = f"{quote(above)} v cross join {_table(m.id)} s on s.{key} = v.{key}"
        if view.list:
            f = m.field(view.list)
            body, _deps = live.list_body(m.id, f)
            source += f" cross join ({body}) r on r.rec = s.id"
            columns += ["r.id as id", "s.id as rec", *(f"r.{quote(c)}" for c in sorted(rows))]
        else:
            columns += ["s.id as id", "s.id as rec"]
        arms.append(f"select {', '.join(columns)} from {' '.join([source, *outer])} where s.void = 0")
    return " union all ".join(arms), {above}


def _table(form: str) -> str:
    return f"t_{form}"
