"""Take an operation back, survive restarts, never half.

Rule (design.md, tried on 3,000 random histories): each change is taken back if the field still holds what the operation
wrote; a record it created goes if nothing later changed or references it. Otherwise nothing happens and the later
operations are named. An undo is an operation itself and can be undone; it obeys seals and gives no number twice.
"""

from __future__ import annotations

import json
from typing import Any

from envdesk.errors import Refused, refuse
from envdesk.formdef.live import list_columns, list_table, table
from envdesk.formdef.model import VALUE_LISTS
from envdesk.sql import quote
from envdesk.store.file import Store
from envdesk.store.operations import Operation, insert, load, operation, remove, update

#: Operations of many records, which may be taken back in part (``--keep-touched``).
BULK = frozenset({"import", "merge", "bulk_edit"})
Change = tuple[str, str, str | None, str | None, str | None]


def last(store: Store) -> int:
    """Number of the newest operation that is neither undone nor itself an undo.

    Raises:
        Refused: ``undo_nothing``.
    """
    no = store.con.value("SELECT max(no) FROM operation WHERE undone_by IS NULL AND undoes IS NULL AND verb <> 'init'")
    if no is None:
        raise refuse("undo_nothing")
    return int(no)


def changes(store: Store, no: int) -> list[Change]:
    """Change lines of an operation in order: form, record, field, old, new."""
    return store.con.query("SELECT form, rec, field, old, new FROM change WHERE op = ? ORDER BY seq", (no,))


def blockers(store: Store, no: int, only: set[tuple[str, str]] | None = None) -> set[int]:
    """Later operations, still in force, that stand in the way of undoing *no* (restricted to some of its records)."""
    mine = [c for c in changes(store, no) if only is None or (c[0], c[1]) in only]
    out: set[int] = set()
    for form, rec, name, _old, new in mine:
        whole = name is None
        rows = store.con.query(
            "SELECT c.op, c.field FROM change c JOIN operation o ON o.no = c.op"
            " WHERE c.rec = ? AND c.form = ? AND c.op > ? AND NOT"
            " (o.undone_by IS NOT NULL OR (o.undoes IS NOT NULL AND o.undoes > ?))",
            (rec, form, no, no),
        )
        out |= {op for op, field in rows if whole or field is None or field == name}
        if whole and new is None:
            out |= _referrers(store, rec, no, {(c[0], c[1]) for c in mine})
    return {op for op in out if op != no}


def _referrers(store: Store, rec: str, no: int, mine: set[tuple[str, str]]) -> set[int]:
    """Operations later than *no* through which something now points at *rec*."""
    out: set[int] = set()
    for form_id, source in references_to(store, rec):
        if (form_id, source) in mine:
            continue
        op = store.con.value("SELECT max(op) FROM change WHERE form = ? AND rec = ? AND op > ?", (form_id, source, no))
        if op is not None:
            out.add(int(op))
    return out


def references_to(store: Store, rec: str) -> list[tuple[str, str]]:
    """Records (form, id) that point at *rec* in a column or row, shared records included."""
    out: list[tuple[str, str]] = []
    for form in store.catalogue.forms.values():
        columns = [f.column for f in form.own if (f.type == "ref" or f.check == "record") and not f.is_list]
        if form.parents:
            columns.append(f"{form.parents[0]}_id")
        if form.merge:
            columns.append("canonical")
        for column in columns:
            sql = f"SELECT id FROM {table(form.id)} WHERE {quote(column)} = ?"
            out += [(form.id, r) for (r,) in store.con.query(sql, (rec,))]
        for f in form.own:
            if not f.is_list:
                continue
            cols = ["value"] if f.type == "people" else [s.key for s in f.fields if s.type == "ref"]
            if f.type in VALUE_LISTS and f.type != "people":
                continue
            for column in cols:
                if column in list_columns(f):
                    sql = f"SELECT rec FROM {quote(list_table(form.id, f.column))} WHERE {quote(column)} = ?"
                    out += [(form.id, r) for (r,) in store.con.query(sql, (rec,))]
    return list(dict.fromkeys(out))


def undo(store: Store, no: int | None = None, *, keep_touched: bool = False, why: str = "") -> int:
    """Take operation *no* (default: the newest) back; returns the number of the undo.

    Args:
        store: open file.
        no: operation.
        keep_touched: for import, merge and bulk edits: leave records that later operations touched, undo the rest.
        why: reason, needed when a sealed period is touched.

    Raises:
        Refused: ``undo_blocked`` with the later operations, ``undo_done_before``, ``undo_unknown``, ``sealed``.
    """
    no = last(store) if no is None else no
    row = store.con.one("SELECT verb, undone_by FROM operation WHERE no = ?", (no,))
    if row is None:
        raise refuse("undo_unknown", operation=no)
    if row[1] is not None:
        raise refuse("undo_done_before", operation=no)
    only: set[tuple[str, str]] | None = None
    blocked = blockers(store, no)
    if blocked and keep_touched and row[0] in BULK:
        records = {(c[0], c[1]) for c in changes(store, no)}
        only = {r for r in records if not blockers(store, no, {r})}
    elif blocked:
        raise Refused("undo_blocked", {"operations": "、".join(str(b) for b in sorted(blocked, reverse=True))})
    with operation(store, "undo", why=why, undoes=no) as op:
        for change in reversed(changes(store, no)):
            if only is None or (change[0], change[1]) in only:
                _take_back(op, change)
        if not op.seq:
            raise refuse("undo_nothing")
        store.con.execute("UPDATE operation SET undone_by = ? WHERE no = ?", (op.no, no))
        undoes = store.con.value("SELECT undoes FROM operation WHERE no = ?", (no,))
        if undoes is not None:  # undoing an undo puts the first operation back in force
            store.con.execute("UPDATE operation SET undone_by = NULL WHERE no = ?", (undoes,))
        return op.no


def _take_back(op: Operation, change: Change) -> None:
    store = op.store
    form_id, rec, name, old, new = change
    form = store.catalogue.forms[form_id]
    if op.why:
        op.allow(rec)
    if name is not None:
        update(op, form, rec, {name: json.loads(old) if old is not None else None})
        return
    if old is None and new is None:
        remove(op, form, rec)
        return
    kept: dict[str, Any] = json.loads(old or "{}")
    values, system = kept["values"], kept["system"]
    extra = {k: v for k, v in system.items() if v is not None}
    lists = {f.column for f in form.own if f.is_list}
    insert(op, form, {k: v for k, v in values.items() if k not in lists or v}, rec=rec, extra=extra)
    if load(store, form, rec) is None:
        raise KeyError(rec)
