"""Operations and the writing primitives below them: every change of a record goes through here and is logged.

An operation has a number, verb, who, when, why. A change is per field old → new (an insert logs the record without
fields, a removal the whole record), so that any operation can be taken back (:mod:`envdesk.store.undo`). A hash chain
over operations shows tampering.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from envdesk import __version__
from envdesk.formdef.live import list_columns, list_table, table
from envdesk.formdef.model import LIST_TYPES, VALUE_LISTS, Field, Form
from envdesk.sql import quote
from envdesk.store.file import Store
from envdesk.store.kept import ASIDE
from envdesk.store.schema import CONTENT_SYSTEM

Values = dict[str, Any]
#: Field name of a change line that says what the district decided about a record; no column, but work to take back.
DECISION = "=decision"


def dump(value: Any) -> str | None:
    """JSON text of a stored value; None stays None."""
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass
class Operation:
    """One open operation: collects changes, then is sealed into the chain."""

    store: Store
    no: int
    verb: str
    why: str
    seq: int = 0
    touched: dict[tuple[str, str], None] = field(default_factory=dict)
    #: Lists of a record made here that nobody has written into: not read back.
    empty: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def log(self, form: str, rec: str, name: str | None, old: Any, new: Any) -> None:
        """Write one change line."""
        self.seq += 1
        with self.store.kept.booking(ASIDE):
            self.store.con.execute(
                "INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?)",
                (self.no, self.seq, form, rec, name, dump(old), dump(new)),
            )
        if name is None or not name.startswith("@"):  # a note changes no record
            self.touched[form, rec] = None

    def allow(self, rec: str) -> None:
        """Let this operation write into a sealed period (补录/更正 with a reason, domain.md §10.2)."""
        with self.store.kept.booking(ASIDE):
            self.store.con.execute(
                "INSERT OR IGNORE INTO pass (op, rec, why) VALUES (?, ?, ?)", (self.no, rec, self.why)
            )


@contextmanager
def operation(
    store: Store, verb: str, *, form: str = "", why: str = "", undoes: int | None = None
) -> Iterator[Operation]:
    """Open an operation in a transaction; without a single change it leaves no trace."""
    why = why.strip()
    with store.con.atomic():
        with store.kept.booking(ASIDE):
            op = _begin(store, verb, form, why, undoes)
        yield op
        with store.kept.booking(ASIDE):
            _end(op)


def _begin(store: Store, verb: str, form: str, why: str, undoes: int | None) -> Operation:
    """Write the head of an operation."""
    con = store.con
    no = (con.value("SELECT max(no) FROM operation") or 0) + 1
    previous = con.value("SELECT hash FROM operation WHERE no = ?", (no - 1,)) or ""
    con.execute(
        "INSERT INTO operation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, '')",
        (
            no, verb, form or None, store.who, store.clock.now().isoformat(), store.clock.utc().isoformat(),
            why or None, __version__, undoes, previous,
        ),
    )  # fmt: skip
    return Operation(store, no, verb, why)


def _end(op: Operation) -> None:
    """Seal an operation into the chain, or take the head of an empty one away."""
    con = op.store.con
    if not op.seq:
        con.execute("DELETE FROM pass WHERE op = ?", (op.no,))
        con.execute("DELETE FROM operation WHERE no = ?", (op.no,))
        return
    for touched_form, rec in op.touched:
        refresh(op.store, touched_form, rec, op.empty.get((touched_form, rec), frozenset()))
    con.execute("UPDATE pass SET used = 1 WHERE op = ?", (op.no,))
    con.execute("UPDATE operation SET hash = ? WHERE no = ?", (chain_hash(op.store, op.no), op.no))


def acknowledge(store: Store, what: str, warned: Iterable[tuple[str, str]]) -> None:
    """Note which warnings (rule, message) were acknowledged with a paper or a seal (domain.md §3F, §10.11)."""
    with operation(store, "acknowledge", why=what) as op:
        for rule, message in warned:
            op.log("@report", what, f"@{rule}", None, message)


def chain_hash(store: Store, no: int) -> str:
    """Hash of an operation, its changes and the hash before it."""
    con = store.con
    digest = hashlib.sha256()
    head = con.one(
        "SELECT no, verb, form, who, at, utc, why, program, undoes, previous FROM operation WHERE no = ?", (no,)
    )
    digest.update(json.dumps(head).encode())  # not repr: how it writes rare hanzi changes with Python's Unicode tables
    for row in con.query("SELECT seq, form, rec, field, old, new FROM change WHERE op = ? ORDER BY seq", (no,)):
        digest.update(json.dumps(row).encode())
    return digest.hexdigest()


# ---- reading one stored record -----------------------------------------------------------------------------------
def own_columns(form: Form) -> list[str]:
    """Content columns of a form's own table: logged, hashed, undone."""
    out = list(CONTENT_SYSTEM)
    if form.merge:
        out.append("canonical")
    if form.parents:
        out.append(f"{form.parents[0]}_id")
    return [*out, *(f.column for f in form.own if not f.is_list)]


def own_lists(form: Form) -> list[Field]:
    """Lists kept by the form itself."""
    return [f for f in form.own if f.is_list]


def load(store: Store, form: Form, rec: str, empty: frozenset[str] = frozenset()) -> Values | None:
    """Read a record's own content (columns and lists by column name); None if absent. *empty* = lists known to be."""
    key = ("load", form.id, form.version)
    cols, sql = store.cache.get(key) or store.cache.setdefault(key, _loading(form))
    row = store.con.one(sql, (rec,))
    if row is None:
        return None
    values: Values = dict(zip(cols, row, strict=True))
    for f in own_lists(form):
        values[f.column] = [] if f.column in empty else load_list(store, f, rec)
    return values


def _loading(form: Form) -> tuple[list[str], str]:
    """Own columns of a form and the query that reads them."""
    cols = own_columns(form)
    return cols, f"SELECT {', '.join(quote(c) for c in cols)} FROM {table(form.id)} WHERE id = ?"


def load_list(store: Store, f: Field, rec: str) -> list[Any]:
    """Read a list of a record in order: scalars, or dictionaries with ``id``."""
    name = list_table(f.home, f.column)
    if f.type in VALUE_LISTS:
        return [v for (v,) in store.con.query(f"SELECT value FROM {quote(name)} WHERE rec = ? ORDER BY pos", (rec,))]
    cols = ["id", *list_columns(f)]
    rows = store.con.query(
        f"SELECT {', '.join(quote(c) for c in cols)} FROM {quote(name)} WHERE rec = ? ORDER BY pos", (rec,)
    )
    return [decode_row(f, dict(zip(cols, row, strict=True))) for row in rows]


def inner_lists(f: Field) -> tuple[str, ...]:
    """Columns of a row list that hold lists themselves (people of a recheck), kept as JSON text."""
    return tuple(s.key for s in f.fields if s.type in LIST_TYPES)


def decode_row(f: Field, row: Values) -> Values:
    """A stored row with its inner lists as lists."""
    for key in inner_lists(f):
        row[key] = json.loads(row[key]) if row[key] else []
    return row


def encode_cell(value: Any) -> Any:
    """A cell as it is stored."""
    return (dump(value) if value else None) if isinstance(value, list) else value


def content_hash(form: Form, values: Mapping[str, Any]) -> str:
    """Hash of a record's content: fields, rows and files, without who and when."""
    plain = {k: v for k, v in values.items() if v not in (None, [], "")}
    return hashlib.sha256(f"{form.id}\n{dump(plain)}".encode()).hexdigest()


def refresh(store: Store, form_id: str, rec: str, empty: frozenset[str] = frozenset()) -> None:
    """Bring hash and search text of a changed record up to date."""
    from envdesk.store.search import index

    form = store.catalogue.forms[form_id]
    values = load(store, form, rec, empty)
    if values is None:
        store.con.execute("DELETE FROM search_text WHERE rec = ?", (rec,))
        return
    store.con.execute(f"UPDATE {table(form_id)} SET hash = ? WHERE id = ?", (content_hash(form, values), rec))
    index(store, form, rec, values)


# ---- writing one stored record -----------------------------------------------------------------------------------
def insert(op: Operation, form: Form, values: Values, *, rec: str, extra: Mapping[str, Any] | None = None) -> str:
    """Insert a record's own part; *values* by column name."""
    store = op.store
    now = store.clock.now().isoformat()
    row: Values = {
        "id": rec, "office": store.office, "desk": store.desk, "form_version": form.version, "created_by": store.who,
        "created_at": now, "updated_by": store.who, "updated_at": now, "rev": 1, **(extra or {}),
    }  # fmt: skip
    for column in own_columns(form):
        if values.get(column) is not None:
            row[column] = values[column]
    names = ", ".join(quote(c) for c in row)
    with store.kept.booking(form.id):
        store.con.execute(
            f"INSERT INTO {table(form.id)} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values())
        )
        for f in own_lists(form):
            if values.get(f.column):
                write_list(store, f, rec, [], values[f.column])
    op.empty[form.id, rec] = frozenset(f.column for f in own_lists(form) if not values.get(f.column))
    op.log(form.id, rec, None, None, None)
    return rec


def update(op: Operation, form: Form, rec: str, new: Values, *, extra: Mapping[str, Any] | None = None) -> bool:
    """Change a record's own content; logs each changed field. *new* holds only what may change. True if anything did."""
    store = op.store
    op.empty.pop((form.id, rec), None)
    old = load(store, form, rec)
    if old is None:
        raise KeyError(rec)
    lists = {f.column: f for f in own_lists(form)}
    new = {k: full_rows(store, lists[k], old[k], v) if k in lists and v else v for k, v in new.items()}
    changed = {k: v for k, v in new.items() if old.get(k) != v and not (old.get(k) in (None, []) and v in (None, []))}
    scalars = {k: v for k, v in changed.items() if k not in lists}
    if not changed and not extra:
        return False
    sets: Values = {**scalars, **(extra or {})}
    if changed:
        sets |= {"updated_by": store.who, "updated_at": store.clock.now().isoformat()}
    assignments = ", ".join(f"{quote(k)} = ?" for k in sets)
    rev = ", rev = rev + 1" if changed else ""
    with store.kept.booking(form.id):
        store.con.execute(f"UPDATE {table(form.id)} SET {assignments}{rev} WHERE id = ?", [*sets.values(), rec])
        for name, f in lists.items():
            if name in changed:
                write_list(store, f, rec, old[name], changed[name] or [])
                changed[name] = load_list(store, f, rec)
    for name, value in changed.items():
        op.log(form.id, rec, name, old.get(name), value)
    return bool(changed)


def write_list(store: Store, f: Field, rec: str, old: list[Any], new: list[Any]) -> None:
    """Write a list by difference, so that untouched rows of a sealed period stay untouched."""
    name = quote(list_table(f.home, f.column))
    con = store.con
    if f.type in VALUE_LISTS:
        if old == new:
            return
        for pos in range(len(new), len(old)):
            con.execute(f"DELETE FROM {name} WHERE rec = ? AND pos = ?", (rec, pos))
        for pos, value in enumerate(new):
            if pos >= len(old):
                con.execute(f"INSERT INTO {name} (rec, pos, value) VALUES (?, ?, ?)", (rec, pos, value))
            elif old[pos] != value:
                con.execute(f"UPDATE {name} SET value = ? WHERE rec = ? AND pos = ?", (value, rec, pos))
        return
    cols = list(list_columns(f))
    before = {row["id"]: (pos, row) for pos, row in enumerate(old)}
    keep = give_row_ids(store, old, new)
    for row_id in before.keys() - {row["id"] for row in keep}:
        con.execute(f"DELETE FROM {name} WHERE id = ?", (row_id,))
    for pos, row in enumerate(keep):
        values = [encode_cell(row.get(c)) for c in cols]
        if row["id"] in before:
            was_pos, was = before[row["id"]]
            if [encode_cell(was.get(c)) for c in cols] != values:
                sets = ", ".join(f"{quote(c)} = ?" for c in cols)
                con.execute(f"UPDATE {name} SET {sets} WHERE id = ?", [*values, row["id"]])
            if was_pos != pos:
                con.execute(f"UPDATE {name} SET pos = ? WHERE id = ?", (pos, row["id"]))
        else:
            names = ", ".join(quote(c) for c in ["id", "rec", "pos", *cols])
            marks = ", ".join("?" * (len(cols) + 3))
            con.execute(f"INSERT INTO {name} ({names}) VALUES ({marks})", [row["id"], rec, pos, *values])


def full_rows(store: Store, f: Field, old: list[Any], new: list[Any]) -> list[Any]:
    """A list as it is stored: each row with its id and all columns, so that an equal one counts as unchanged."""
    if f.type in VALUE_LISTS:
        return new
    cols = list_columns(f)
    return [{"id": row["id"], **{c: row.get(c) for c in cols}} for row in give_row_ids(store, old, new)]


def give_row_ids(store: Store, old: list[Values], new: list[Values]) -> list[Values]:
    """Give each row an id: its own if it names a row of this list, that of an equal old row, else a new one."""
    known = {row["id"] for row in old}
    out: list[Values] = []
    taken = {row["id"] for row in new if row.get("id") in known or row.get("id")}
    for row in new:
        if row.get("id"):
            out.append(row)
            continue
        same = next(
            (
                o["id"]
                for o in old
                if o["id"] not in taken and all(o.get(k) == row.get(k) for k in (o.keys() | row.keys()) - {"id"})
            ),
            None,
        )
        row_id = same or store.new_id()
        taken.add(row_id)
        out.append({**row, "id": row_id})
    return out


def remove(op: Operation, form: Form, rec: str) -> None:
    """Delete a record for good (only undo of its creation does); logs the whole record."""
    old = load(op.store, form, rec)
    system = op.store.con.dicts(f"SELECT * FROM {table(form.id)} WHERE id = ?", (rec,))[0]
    kept = {k: system[k] for k in ("office", "desk", "form_version", "created_by", "created_at", "hints")}
    with op.store.kept.booking(form.id):
        for f in own_lists(form):
            op.store.con.execute(f"DELETE FROM {quote(list_table(f.home, f.column))} WHERE rec = ?", (rec,))
        op.store.con.execute(f"DELETE FROM {table(form.id)} WHERE id = ?", (rec,))
    op.log(form.id, rec, None, {"values": old, "system": kept}, None)


def next_number(store: Store, form: Form, year: int) -> str:
    """The next record number 类-年-序号, never given twice (domain.md §10.12)."""
    with store.kept.booking(ASIDE):
        n = store.con.value(
            "INSERT INTO serial VALUES (?, ?, 1) ON CONFLICT (prefix, year) DO UPDATE SET n = n + 1 RETURNING n",
            (form.prefix, year),
        )
    return f"{form.prefix}-{year}-{store.desk}{n:04d}"
