"""Tables, views and triggers made from compiled forms. Columns are added, never dropped or retyped."""

from __future__ import annotations

from collections.abc import Iterable

from envdesk.errors import refuse
from envdesk.formdef.live import SQL_TYPES, Live, list_columns, list_table, table
from envdesk.formdef.model import VALUE_LISTS, Catalogue, Field, Form
from envdesk.sql import Connection, quote

#: Columns of every record, before the form's own: name → definition.
SYSTEM_COLUMNS: dict[str, str] = {
    "id": "TEXT PRIMARY KEY NOT NULL",
    "office": "TEXT NOT NULL",
    "desk": "TEXT NOT NULL DEFAULT ''",
    "record_no": "TEXT",
    "rev": "INTEGER NOT NULL DEFAULT 1",
    "form_version": "TEXT NOT NULL",
    "hash": "TEXT NOT NULL DEFAULT ''",
    "void": "INTEGER NOT NULL DEFAULT 0 CHECK (void IN (0, 1))",
    "void_reason": "TEXT",
    "hints": "TEXT",
    "created_by": "TEXT NOT NULL DEFAULT ''",
    "created_at": "TEXT NOT NULL DEFAULT ''",
    "updated_by": "TEXT NOT NULL DEFAULT ''",
    "updated_at": "TEXT NOT NULL DEFAULT ''",
    "reviewed_by": "TEXT",
    "reviewed_at": "TEXT",
}
#: System columns that are part of a record's content (hash, undo); the others describe its handling.
CONTENT_SYSTEM = ("record_no", "void", "void_reason", "reviewed_by", "reviewed_at")


def columns(form: Form) -> dict[str, str]:
    """Return all columns of a form's table: name → definition."""
    out = dict(SYSTEM_COLUMNS)
    if form.merge:
        out["canonical"] = f"TEXT REFERENCES {table(form.id)}(id) DEFERRABLE INITIALLY DEFERRED"
    if form.parents:
        out[f"{form.parents[0]}_id"] = f"TEXT REFERENCES {table(form.parents[0])}(id) DEFERRABLE INITIALLY DEFERRED"
    for f in form.own:
        if not f.is_list:
            out[f.column] = _column(f)
    return out


def _column(f: Field) -> str:
    kind = SQL_TYPES[f.type]
    if f.type == "ref":
        kind += f" REFERENCES {table(f.ref)}(id) DEFERRABLE INITIALLY DEFERRED"
    if f.type == "bool":
        kind += f" CHECK ({quote(f.column)} IN (0, 1))"
    return kind


def _create(con: Connection, name: str, cols: dict[str, str], tail: str = "") -> None:
    """Create a STRICT table or add the columns it lacks."""
    have = {row[1]: row[2] for row in con.query(f"PRAGMA table_info({quote(name)})")}
    if not have:
        body = ", ".join(f"{quote(c)} {d}" for c, d in cols.items())
        con.execute(f"CREATE TABLE {quote(name)} ({body}{tail}) STRICT")
        return
    for col, definition in cols.items():
        kind = definition.split()[0]
        if col not in have:
            con.execute(f"ALTER TABLE {quote(name)} ADD COLUMN {quote(col)} {definition}")
        elif have[col] != kind:
            raise refuse("form_error", detail=f"{name}.{col} 的类型由 {have[col]} 变为 {kind}，已有数据的项不能改类型")


def sync_form(con: Connection, form: Form) -> None:
    """Make or extend the tables and indexes of one form."""
    _create(con, table(form.id), columns(form))
    _index(con, table(form.id), "record_no", "office", unique=bool(form.prefix))  # streets number each for itself
    if form.parents:
        _index(con, table(form.id), f"{form.parents[0]}_id")
    for keys in form.unique:
        _index(con, table(form.id), *(form.field(k).column for k in keys))
    for f in form.own:
        if f.is_list:
            _sync_list(con, form, f)
        elif f.type in ("date", "datetime", "ref") or f.key in form.natural:
            _index(con, table(form.id), f.column)


def _sync_list(con: Connection, form: Form, f: Field) -> None:
    name = list_table(form.id, f.column)
    rec = f"TEXT NOT NULL REFERENCES {table(form.id)}(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"
    cols = {"rec": rec, "pos": "INTEGER NOT NULL"}
    if f.type in VALUE_LISTS:
        value = list_columns(f)["value"]
        if f.type == "people":
            value += " REFERENCES t_person(id) DEFERRABLE INITIALLY DEFERRED"
        cols["value"] = value + " NOT NULL" if "REFERENCES" not in value else value
        _create(con, name, cols, ", PRIMARY KEY (rec, pos)")
        _index(con, name, "value", "rec")
        return
    cols = {"id": "TEXT PRIMARY KEY NOT NULL", **cols}
    refs = {s.key: s for s in f.fields if s.type == "ref"}
    for col, kind in list_columns(f).items():
        cols[col] = _column(refs[col]) if col in refs else kind
    _create(con, name, cols)
    _index(con, name, "rec")
    for sub in f.fields:
        if sub.stored and sub.type in ("date", "datetime", "ref"):
            _index(con, name, sub.key)


def _index(con: Connection, name: str, *cols: str, unique: bool = False) -> None:
    index = f"ix_{name}_{'_'.join(cols)}"
    kind = "UNIQUE INDEX" if unique else "INDEX"
    con.execute(f"CREATE {kind} IF NOT EXISTS {quote(index)} ON {quote(name)} ({', '.join(quote(c) for c in cols)})")


# ---- Chinese views ---------------------------------------------------------------------------------------------
def view_columns(form: Form) -> dict[str, str]:
    """Return key → Chinese column name, made unique."""
    out: dict[str, str] = {}
    seen: set[str] = set()
    for f in form.fields:
        if not f.stored or f.is_list:
            continue
        label = f.label if f.label not in seen else f"{f.label}（{f.key}）"
        seen.add(label)
        out[f.key] = label
    return out


def drop_views(con: Connection) -> None:
    """Remove all views: each change of a table would check every one of them again."""
    for (name,) in con.query("SELECT name FROM sqlite_schema WHERE type = 'view'"):
        con.execute(f"DROP VIEW {quote(name)}")


def sync_views(con: Connection, catalogue: Catalogue, live: Live) -> None:
    """(Re)create the Chinese-named views of all forms and block views; plain SQL, readable in any tool."""
    drop_views(con)
    taken: set[str] = set()
    for form in catalogue.forms.values():
        cols = ", ".join(f"b.{quote(k)} AS {quote(label)}" for k, label in view_columns(form).items())
        name = form.title if form.title not in taken else f"{form.title}（{form.id}）"
        taken.add(name)
        head = 'b.record_no AS "编号", ' if not form.has("record_no") else ""
        con.execute(f'CREATE VIEW {quote(name)} AS SELECT {head}{cols}, b.id AS "id" FROM ({live.base(form)}) b')
    for view in catalogue.views.values():
        if view.parts or not catalogue.members(view.block):
            continue
        source = live.source(view.name)
        body = live.with_clause((), {view.name})
        labels: dict[str, str] = {}
        for key, f in source.fields.items():
            labels[key] = f.label if f.label not in labels.values() else f"{f.label}（{key}）"
        cols = ", ".join(f"v.{quote(k)} AS {quote(v)}" for k, v in labels.items())
        name = view.title if view.title not in taken else f"{view.title}（全部）"
        taken.add(name)
        con.execute(
            f'CREATE VIEW {quote(name)} AS {body} SELECT v.form AS "表", v.record_no AS "编号", {cols}, v.rec AS "id"'
            f" FROM {quote(view.name)} v"
        )


# ---- seals -----------------------------------------------------------------------------------------------------
def _sealed(value: str) -> str:
    """SQL: the day of *value* lies in a sealed period."""
    return (
        f"EXISTS (SELECT 1 FROM seal z WHERE z.opened_at IS NULL AND substr({value}, 1, 10) BETWEEN z.start AND z.end)"
    )


def _own_date(form: Form, key: str, row: str) -> str:
    """SQL for the event date *key* of a form seen from ``new``/``old`` of the form's own table."""
    f = form.field(key)
    if f.home == form.id:
        return f"{row}.{quote(f.column)}"
    steps, child = "", f"{row}.{quote(form.parents[0] + '_id')}"
    for n, parent in enumerate(form.parents):
        if parent == f.home:
            tables = steps + f"{table(parent)} q{n}"
            return f"(SELECT q{n}.{quote(f.column)} FROM {tables} WHERE {_chain(form, n)} AND q0.id = {child})"
        steps += f"{table(parent)} q{n}, "
    raise KeyError(key)


def _chain(form: Form, depth: int) -> str:
    parts = [f"q{n + 1}.id = q{n}.{quote(form.parents[n + 1] + '_id')}" for n in range(depth)]
    return " AND ".join(parts) or "1"


def date_groups(form: Form) -> dict[str, list[str]]:
    """Event date key → columns of the form's own table that belong to it (domain.md §10.2)."""
    groups: dict[str, list[str]] = {}
    for f in form.own:
        if f.is_list:
            continue
        if f.dated_by:
            groups.setdefault(f.dated_by, []).append(f.column)
    for key in list(groups):
        own = form.field(key)
        if own.home == form.id and own.column not in groups[key]:
            groups[key].append(own.column)
    if form.parents:
        groups.setdefault(form.date, []).append(f"{form.parents[0]}_id")
    return groups


def seal_triggers(form: Form) -> list[tuple[str, str]]:
    """Return (name, SQL) of the triggers that freeze a form's events."""
    out: list[tuple[str, str]] = []
    groups = date_groups(form)
    if groups:
        out += _record_triggers(form, groups)
    for f in form.own:
        if f.is_list:
            out += _list_triggers(form, f)
    return out


def _first_sealed(values: Iterable[str]) -> str:
    """SQL: the first of these days that lies in a sealed period."""
    return "CASE " + " ".join(f"WHEN {_sealed(v)} THEN substr({v}, 1, 10)" for v in values) + " END"


def _columns(names: set[str]) -> str:
    """Event of an update trigger: only these columns wake it (not the hash written after every change)."""
    return f"UPDATE OF {', '.join(quote(n) for n in sorted(names))}"


def _trigger(name: str, when: str, on: str, condition: str, rec: str, day: str, where: str) -> tuple[str, str]:
    """A guard: refuses, unless a reason lets this record pass; then the day it opened is noted (补录, 更正)."""
    free = f"EXISTS (SELECT 1 FROM pass p WHERE p.rec = {rec} AND p.used = 0)"
    return name, (
        f"CREATE TRIGGER {quote(name)} BEFORE {when} ON {quote(on)} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, 'sealed:{where}') WHERE NOT {free}; "
        f"UPDATE pass SET late = {day} WHERE rec = {rec} AND used = 0 AND late IS NULL; END"
    )


def _record_triggers(form: Form, groups: dict[str, list[str]]) -> list[tuple[str, str]]:
    name = table(form.id)
    date = {key: _own_date(form, key, "{row}") for key in groups}
    any_new = " OR ".join(_sealed(d.format(row="new")) for d in date.values())
    any_old = " OR ".join(_sealed(d.format(row="old")) for d in date.values())
    stored = " OR ".join(_sealed(d.format(row="x")) for d in date.values())
    changed = []
    for key, cols in groups.items():
        differs = " OR ".join(f"old.{quote(c)} IS NOT new.{quote(c)}" for c in cols)
        if differs:
            both = f"{_sealed(date[key].format(row='old'))} OR {_sealed(date[key].format(row='new'))}"
            changed.append(f"(({differs}) AND ({both}))")
    whole = "old.void IS NOT new.void OR old.id IS NOT new.id"  # merging two subjects changes no event of theirs
    changed.append(f"(({whole}) AND ({any_old} OR {any_new}))")
    touched = _columns({"id", "void"}.union(*groups.values()))
    replaced = f"EXISTS (SELECT 1 FROM {quote(name)} x WHERE x.id = new.id AND ({stored}))"
    where = form.title

    def day(*rows: str) -> str:
        return _first_sealed(d.format(row=row) for row in rows for d in date.values())

    return [
        _trigger(f"seal_{form.id}_i", "INSERT", name, f"{any_new} OR {replaced}", "new.id", day("new"), where),
        _trigger(f"seal_{form.id}_u", touched, name, " OR ".join(changed), "old.id", day("old", "new"), where),
        _trigger(f"seal_{form.id}_d", "DELETE", name, any_old, "old.id", day("old"), where),
    ]


def _row_date(form: Form, f: Field) -> str:
    """SQL template ({row} = new/old/x) for the date of a list's rows; "" when they are never frozen."""
    if f.date_key:
        return f"{{row}}.{quote(f.date_key)}"
    if f.dated_by:
        parent = _own_date(form, f.dated_by, "r")
        return f"(SELECT {parent} FROM {table(form.id)} r WHERE r.id = {{row}}.rec)"
    return ""


def row_groups(form: Form, f: Field) -> dict[str, list[str]]:
    """Date template → columns of a list's table that belong to it; moving a row to another record counts for all."""
    main = _row_date(form, f)
    if f.type in VALUE_LISTS:
        return {main: ["rec", "value"]} if main else {}
    out: dict[str, list[str]] = {main: ["id", "rec"]} if main else {}
    subs = {s.key: s.dated_by for s in f.fields}
    for column in list_columns(f):
        by = subs.get(column, "")
        date = "" if by == "-" else f"{{row}}.{quote(by)}" if by else main
        if date:
            out.setdefault(date, ["id", "rec"]).append(column)
    return out


def _list_triggers(form: Form, f: Field) -> list[tuple[str, str]]:
    name = list_table(form.id, f.column)
    groups = row_groups(form, f)
    if not groups:
        return []
    new = " OR ".join(_sealed(d.format(row="new")) for d in groups)
    old = " OR ".join(_sealed(d.format(row="old")) for d in groups)
    changed = []
    for date, cols in groups.items():
        differs = " OR ".join(f"old.{quote(c)} IS NOT new.{quote(c)}" for c in cols)
        changed.append(f"(({differs}) AND ({_sealed(date.format(row='old'))} OR {_sealed(date.format(row='new'))}))")
    where = f"{form.title}·{f.label}"
    replaced = "0"
    if f.type not in VALUE_LISTS:
        stored = " OR ".join(_sealed(d.format(row="x")) for d in groups)
        replaced = f"EXISTS (SELECT 1 FROM {quote(name)} x WHERE x.id = new.id AND ({stored}))"
    start = f"seal_{form.id}_{f.key}"
    touched = _columns(set().union(*groups.values()))

    def day(*rows: str) -> str:
        return _first_sealed(d.format(row=row) for row in rows for d in groups)

    return [
        _trigger(f"{start}_i", "INSERT", name, f"{new} OR {replaced}", "new.rec", day("new"), where),
        _trigger(f"{start}_u", touched, name, " OR ".join(changed), "old.rec", day("old", "new"), where),
        _trigger(f"{start}_d", "DELETE", name, old, "old.rec", day("old"), where),
    ]


def drop_triggers(con: Connection) -> None:
    """Remove the seal triggers, for the length of a transaction that makes them anew."""
    for (name,) in con.query(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'seal\\_%' ESCAPE '\\'"
    ):
        con.execute(f"DROP TRIGGER {quote(name)}")


def sync_triggers(con: Connection, forms: Iterable[Form]) -> None:
    """Drop and recreate the seal triggers of all forms."""
    drop_triggers(con)
    for form in forms:
        for _name, sql in seal_triggers(form):
            con.execute(sql)
