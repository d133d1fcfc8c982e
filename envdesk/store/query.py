"""Read records: one whole, lists with filters, display names. Values are stored ones; showing them is the caller's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from envdesk.errors import refuse
from envdesk.formdef.dues import query_of
from envdesk.formdef.expr import BadExpression, Compiled, compile_expr
from envdesk.formdef.live import list_columns, list_table, table
from envdesk.formdef.model import LIST_TYPES, VALUE_LISTS, Due, Field, Form
from envdesk.sql import Error, quote
from envdesk.store.file import Store
from envdesk.store.operations import decode_row, load_list
from envdesk.store.params import clock_params
from envdesk.store.search import matching
from envdesk.store.versions import live_for

#: System columns that come with every record.
HEAD = ("id", "record_no", "rev", "void", "void_reason", "created_by", "created_at", "updated_by", "updated_at",
        "reviewed_by", "reviewed_at", "office", "form_version", "hash", "hints")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows.

    Attributes:
        start: first day of the main date, ISO; ``end`` the last.
        search: words, all of which must match somewhere.
        where: expression over the form's keys (same language as definitions).
        ids: only these records.
        order: key to sort by; ``descending``.
        limit: most rows; ``offset`` rows left out.
    """

    start: str = ""
    end: str = ""
    search: str = ""
    where: str = ""
    ids: tuple[str, ...] = ()
    order: str = ""
    descending: bool = False
    limit: int = 0
    offset: int = 0
    void: bool = False


def fetch(store: Store, form: Form, rec: str) -> dict[str, Any]:
    """Read one record whole: head, all fields (shared ones included), lists, computed values and state.

    Raises:
        Refused: ``not_found``.
    """
    live = live_for(store, form)
    body = live.base(form, void=True)
    head = ", ".join(f"h.{quote(c)}" for c in HEAD)
    rows = store.con.dicts(
        f"SELECT {head}, b.* FROM {table(form.id)} h JOIN ({body}) b ON b.id = h.id WHERE h.id = ?", (rec,)
    )
    if not rows:
        raise refuse("not_found", id=rec)
    out = rows[0]
    for parent in form.parents:
        out[f"{parent}_id"] = rows[0][f"{parent}_id"]
    homes = {form.id: rec, **{p: out[f"{p}_id"] for p in form.parents}}
    for f in form.lists:
        if f.stored:
            out[f.key] = load_list(store, f, homes[f.home])
    derived = live.derived(form)
    shown = [f.key for f in form.fields if f.computed] + (["state"] if form.states else [])
    if shown:
        out |= compute_stored(store, form, [rec], {k: derived[k] for k in shown}).get(rec, {})
    return out


def compute_stored(
    store: Store, form: Form, ids: Sequence[str], texts: Mapping[str, str], params: Mapping[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    """Evaluate names of the live layer for stored records: id → name → value (void records are absent)."""
    if not ids:
        return {}
    clause = live_for(store, form).with_clause([*texts.values(), *texts], {form.id})
    columns = ", ".join(f"me.{quote(k)}" for k in texts)
    bound = dict(params or clock_params(store)) | {"ids": json.dumps(list(ids))}
    sql = f"{clause}select me.id, {columns} from {quote(form.id)} me where me.id in (select value from json_each(:ids))"
    return {row[0]: dict(zip(texts, row[1:], strict=True)) for row in store.con.query(sql, bound)}


def listing(store: Store, form: Form, flt: Filter, *, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """List live records with all scalar fields, computed values and state; lists are filled in for the rows returned."""
    live = store.live
    bound: dict[str, Any] = dict(params or clock_params(store))
    derived = live.derived(form)
    shown = {f.key for f in form.fields if f.computed} | ({"state"} if form.states else set())
    compiled, tests = _conditions(store, form, flt, bound)
    words = [flt.where, flt.order, *shown]
    tables = {form.id} | (compiled.tables if compiled else set())
    # "visit" in an expression means the sheets of all forms; asked for by itself, the visits
    shadow = {form.id: live.base(form)} if form.id in store.catalogue.views else None
    clause = live.with_clause([*words, *(derived[k] for k in shown)], tables, shadow)
    joins = live.joins(compiled, live.form_scope(form)) if compiled else ""
    order = _order(form, flt)
    sql = f"{clause}select me.* from {quote(form.id)} me{joins} where {' and '.join(tests) or '1'} order by {order}"
    if flt.limit:
        sql += f" limit {int(flt.limit)} offset {int(flt.offset)}"
    try:
        rows = store.con.dicts(sql, bound)
    except Error as exc:
        if not flt.where:
            raise
        raise refuse("bad_expression", text=flt.where, detail=str(exc)) from exc
    fill_lists(store, form, rows)
    return rows


def _conditions(store: Store, form: Form, flt: Filter, bound: dict[str, Any]) -> tuple[Compiled | None, list[str]]:
    tests: list[str] = []
    date = form.date
    if flt.start and date:
        bound["f_start"] = flt.start
        tests.append(f"me.{quote(date)} >= :f_start")
    if flt.end and date:
        bound["f_end"] = flt.end
        tests.append(f"me.{quote(date)} < date(:f_end, '+1 day')")
    if flt.ids:
        bound["f_ids"] = json.dumps(list(flt.ids))
        tests.append("me.id in (select value from json_each(:f_ids))")
    for n, word in enumerate(flt.search.split()):
        test, params = matching(form, word, n)
        tests.append(test)
        bound |= params
    compiled: Compiled | None = None
    if flt.where:
        try:
            compiled = compile_expr(flt.where, store.live.form_scope(form))
        except BadExpression as exc:
            raise refuse("bad_expression", text=flt.where, detail=str(exc)) from exc
        tests.append(f"coalesce(({compiled.sql}), 0)")
    return compiled, tests


def _order(form: Form, flt: Filter) -> str:
    direction = " desc" if flt.descending else ""
    if flt.order:
        known = {f.key for f in form.fields if not f.is_list} | {"record_no", "state", "created_at", "updated_at"}
        if flt.order not in known:
            raise refuse("bad_expression", text=flt.order, detail="没有这一列")
        return f"me.{quote(flt.order)}{direction}, me.id{direction}"
    return f"me.{quote(form.date)}{direction}, me.id{direction}" if form.date else f"me.id{direction}"


def fill_lists(store: Store, form: Form, rows: list[dict[str, Any]], types: frozenset[str] = LIST_TYPES) -> None:
    """Add the lists of all rows, one query per list; only those of some *types* where others are not looked at."""
    for f in form.lists:
        if not f.stored or f.type not in types:
            continue
        column = "id" if f.home == form.id else f"{f.home}_id"
        found: dict[str, list[Any]] = {str(r[column]): [] for r in rows}
        name = quote(list_table(f.home, f.column))
        cols = ["value"] if f.type in VALUE_LISTS else ["id", *list_columns(f)]
        picked = ", ".join(quote(c) for c in cols)
        sql = f"SELECT rec, {picked} FROM {name} WHERE rec IN (SELECT value FROM json_each(?)) ORDER BY rec, pos"
        for row in store.con.query(sql, (json.dumps(list(found)),)):
            if f.type in VALUE_LISTS:
                found[row[0]].append(row[1])
            else:
                found[row[0]].append(decode_row(f, dict(zip(cols, row[1:], strict=True))))
        for r in rows:
            r[f.key] = found[str(r[column])]


def ref_name(store: Store, form_id: str, rec: Any) -> str:
    """Display name of a referenced record (its name key, else its number)."""
    if not rec:
        return ""
    form = store.catalogue.forms[form_id]
    column = form.field(form.name).column if form.name else "record_no"
    row = store.con.one(f"SELECT {quote(column)}, record_no FROM {table(form_id)} WHERE id = ?", (rec,))
    return str(row[0] or row[1] or "") if row else ""


def names(store: Store, form: Form) -> list[str]:
    """Names of the live records of a form, each once, in their order."""
    column = quote(form.field(form.name).column if form.name else "record_no")
    rows = store.con.query(
        f"SELECT DISTINCT {column} FROM {table(form.id)} WHERE void = 0 AND {column} IS NOT NULL ORDER BY {column}"
    )
    return [str(name) for (name,) in rows]


def ref_names(store: Store, form: Form, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Names of everything *rows* refer to, people included: id → name. One query per referenced form."""
    return named(store, referred(form, rows))


def referred(form: Form, rows: Sequence[Mapping[str, Any]]) -> dict[str, set[str]]:
    """What *rows* refer to: form → ids."""
    wanted: dict[str, set[str]] = {}
    fields = [f for f in form.fields if f.type in ("ref", "people", "rows")]

    def note(f: Field, value: Any) -> None:
        if f.type == "ref" and value:
            wanted.setdefault(f.ref, set()).add(value)
        elif f.type == "people" and value:
            wanted.setdefault("person", set()).update(value)
        elif f.type == "rows":
            for row in value or []:
                for sub in f.fields:
                    note(sub, row.get(sub.key))

    for row in rows:
        for f in fields:
            note(f, row.get(f.key))
    return wanted


def named(store: Store, wanted: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Names of records: id → name. One query per form."""
    out: dict[str, str] = {}
    for ref, ids in wanted.items():
        target = store.catalogue.forms[ref]
        column = quote(target.field(target.name).column) if target.name else "record_no"
        sql = f"SELECT id, coalesce({column}, record_no, '') FROM {table(ref)} WHERE id IN (SELECT value FROM json_each(?))"
        out |= dict(store.con.query(sql, (json.dumps(sorted(ids)),)))
    return out


def history(store: Store, form_id: str, rec: str) -> list[dict[str, Any]]:
    """Change lines of one stored record, oldest first, values decoded."""
    rows = store.con.dicts(
        "SELECT o.no AS operation, c.seq, o.verb, o.who, o.at, o.why, c.field, c.old, c.new FROM change c"
        " JOIN operation o ON o.no = c.op WHERE c.form = ? AND c.rec = ? ORDER BY o.no, c.seq",
        (form_id, rec),
    )
    for row in rows:
        for side in ("old", "new"):
            row[side] = json.loads(row[side]) if row[side] is not None else None
    return rows


def due_rows(store: Store, form: Form, item: Due, day: date) -> list[tuple[str, str | None, str]]:
    """Records of one due rule on a day: (id, number, due day)."""
    after = (day + timedelta(days=1)).isoformat()
    params = clock_params(store) | {
        "start": day.isoformat(), "end": day.isoformat(), "after": after, "cut": day.isoformat(), "cut_after": after,
        "today": day.isoformat(),
    }  # fmt: skip
    return store.con.query(query_of(store.live, form, item), params)


def targets(store: Store, year: int, cut: date) -> dict[str, int]:
    """Yearly targets in force on *cut*: figure id (with its dimension) → target; the newest by ``from`` wins."""
    if "task_target" not in store.catalogue.forms:
        return {}
    rows = store.con.query(
        "SELECT figure_id, coalesce(dim, ''), target FROM t_task_target WHERE void = 0 AND year = ?"
        " AND coalesce(\"from\", '') <= ? ORDER BY coalesce(\"from\", ''), created_at, id",
        (year, cut.isoformat()),
    )
    return {f"{figure}:{dim}" if dim else figure: target for figure, dim, target in rows}


def display(store: Store, form: Form, row: Mapping[str, Any]) -> dict[str, Any]:
    """A fetched record with references and people as mappings (their own values and ``name``), for sheets and previews."""
    shown = _Shown(store)
    return dict(row) | {f.key: shown.value(f, row.get(f.key)) for f in form.fields}


class _Shown:
    """Replaces ids by what they stand for; each referenced record is read once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.known: dict[tuple[str, str], dict[str, Any] | None] = {}

    def record(self, ref: str, rec: Any) -> dict[str, Any] | None:
        if not rec:
            return None
        key = (ref, str(rec))
        if key not in self.known:
            target = self.store.catalogue.forms[ref]
            values = fetch_own(self.store, target, str(rec))
            self.known[key] = None
            if values:
                for f in target.fields:
                    if f.type == "ref" and f.ref == "grid":
                        values[f.key] = self.record(f.ref, values.get(f.key))
                self.known[key] = {**values, "name": str(values.get(target.name) or values.get("record_no") or "")}
        return self.known[key]

    def value(self, f: Field, value: Any) -> Any:
        if f.type == "ref":
            return self.record(f.ref, value)
        if f.check == "record":
            return number_of(self.store, value)
        if f.type == "people":
            return [n for n in (self.record("person", v) for v in value or []) if n is not None]
        if f.type == "rows":
            return [{**r, **{s.key: self.value(s, r.get(s.key)) for s in f.fields}} for r in value or []]
        return value


def number_of(store: Store, rec: Any) -> str:
    """Record number of a record of any form ("" for none)."""
    if rec:
        for form in store.catalogue.forms.values():
            if form.kind == "record":
                row = store.con.one(f"SELECT record_no FROM {table(form.id)} WHERE id = ?", (rec,))
                if row:
                    return str(row[0] or "")
    return ""


def fetch_own(store: Store, form: Form, rec: str) -> dict[str, Any]:
    """Scalar fields of a record without lists (a referenced record on a sheet)."""
    body = store.live.base(form, void=True)
    rows = store.con.dicts(f"SELECT b.* FROM ({body}) b WHERE b.id = ?", (rec,))
    return rows[0] if rows else {}
