"""Take an operation back, survive restarts, never half.

Rule (design.md, tried on 3,000 random histories): each change is taken back if the field still holds what the operation
wrote; a record it created goes if nothing later changed or references it. Otherwise nothing happens and the later
operations are named. An undo is an operation itself and can be undone; it obeys seals and gives no number twice.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from envdesk.errors import Refused, refuse
from envdesk.formdef.live import list_table, table
from envdesk.sql import quote
from envdesk.store import trips
from envdesk.store.file import Store
from envdesk.store.kept import ASIDE
from envdesk.store.operations import DECISION, Operation, insert, load, operation, remove, update

#: Operations of many records, which may be taken back in part (``--keep-touched``).
BULK = frozenset({"import", "merge", "bulk_edit"})
Change = tuple[str, str, str | None, str | None, str | None]
Record = tuple[str, str]


#: Later operations that still stand; an operation and its undo, both later than *no*, cancel out.
_STANDS = "o.no > :no AND o.undone_by IS NULL AND coalesce(o.undoes, 0) <= :no"
#: Lines that only note something (``@reveal``) are no work to take back.
_WORK = "(c.field IS NULL OR c.field NOT LIKE '@%')"


def last(store: Store) -> int:
    """Number of the newest operation that is neither undone nor itself an undo.

    Raises:
        Refused: ``undo_nothing``.
    """
    no = store.con.value(
        "SELECT max(o.no) FROM operation o WHERE o.undone_by IS NULL AND o.undoes IS NULL AND o.verb <> 'init'"
        f" AND EXISTS (SELECT 1 FROM change c WHERE c.op = o.no AND {_WORK})"
    )
    if no is None:
        raise refuse("undo_nothing")
    return int(no)


def changes(store: Store, no: int) -> list[Change]:
    """Change lines of an operation in order: form, record, field, old, new. Without what was taken back already."""
    return store.con.query(
        f"SELECT c.form, c.rec, c.field, c.old, c.new FROM change c WHERE c.op = :no AND {_WORK}"
        " AND NOT EXISTS (SELECT 1 FROM operation u JOIN change d ON d.op = u.no WHERE u.undoes = :no"
        " AND u.undone_by IS NULL AND d.rec = c.rec AND d.form = c.form) ORDER BY c.seq",
        {"no": no},
    )


def blockers(store: Store, no: int) -> set[int]:
    """Later operations, still in force, that stand in the way of undoing *no*."""
    return {op for ops in _in_the_way(store, no, changes(store, no))[0].values() for op in ops}


def _in_the_way(
    store: Store, no: int, mine: list[Change]
) -> tuple[dict[Record, set[int]], list[tuple[Record, Record]]]:
    """Return the later operations in the way of each record, and pairs (record, another of *mine* it points at)."""
    records = {(c[0], c[1]) for c in mine}
    out: dict[Record, set[int]] = {}
    for form, rec, op in store.con.query(
        "SELECT DISTINCT c.form, c.rec, d.op FROM change c JOIN change d ON d.rec = c.rec AND d.form = c.form"
        " AND (c.field IS NULL OR d.field IS NULL OR d.field = c.field) JOIN operation o ON o.no = d.op"
        f" WHERE c.op = :no AND {_STANDS} AND {_WORK} AND {_WORK.replace('c.', 'd.')}",
        {"no": no},
    ):
        if (form, rec) in records:
            out.setdefault((form, rec), set()).add(op)
    inside: list[tuple[Record, Record]] = []
    made = {c[1]: (c[0], c[1]) for c in mine if c[2] is None and c[3] is None and c[4] is None}
    for form, source, column, target in references_to(store, made):
        if (form, source) in records:
            inside.append(((form, source), made[target]))
        elif (op := _pointing(store, no, form, source, column)) is not None:
            out.setdefault(made[target], set()).add(op)
    gone: dict[str, int] = dict(
        store.con.query(
            "SELECT c.rec, max(c.op) FROM change c JOIN operation o ON o.no = c.op"
            f" WHERE c.field IS NULL AND c.old IS NOT NULL AND {_STANDS} GROUP BY c.rec",
            {"no": no},
        )
    )
    for form, rec, _name, old, _new in mine if gone else ():
        for word in gone.keys() & _words(json.loads(old) if old else None):
            out.setdefault((form, rec), set()).add(gone[word])
    return out, inside


def _words(value: Any) -> set[str]:
    """All texts inside a logged value: the ids among them are what it points at."""
    if isinstance(value, str):
        return {value}
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {word for part in parts for word in _words(part)}


def _pointing(store: Store, no: int, form: str, source: str, column: str) -> int | None:
    """The later operation by which *column* of a record got its value: its last change, else what made the record."""
    for test in ("c.field = :column", "c.field IS NULL"):
        op = store.con.value(
            f"SELECT max(c.op) FROM change c JOIN operation o ON o.no = c.op WHERE c.form = :form AND c.rec = :rec"
            f" AND {test} AND {_STANDS}",
            {"no": no, "form": form, "rec": source, "column": column},
        )
        if op is not None:
            return int(op)
    return None


def references_to(store: Store, targets: Collection[str]) -> list[tuple[str, str, str, str]]:
    """Records that point at *targets* in a column or row: (form, id, column or list, target); shared records too."""
    out: list[tuple[str, str, str, str]] = []
    among = {"ids": json.dumps(list(targets))}

    def note(form: str, name: str, rec: str, column: str, key: str) -> None:
        c = quote(column)
        sql = f"SELECT {rec}, {c} FROM {quote(name)} WHERE {c} IN (SELECT value FROM json_each(:ids))"
        out.extend((form, source, key, target) for source, target in store.con.query(sql, among))

    for form in store.catalogue.forms.values() if targets else ():
        columns = [f.column for f in form.own if (f.type == "ref" or f.check == "record") and not f.is_list]
        columns += [f"{p}_id" for p in form.parents[:1]] + ["canonical"] * form.merge
        for column in columns:
            note(form.id, table(form.id), "id", column, column)
        for f in form.own:
            cols = ["value"] if f.type == "people" else [s.key for s in f.fields if s.type == "ref" and s.stored]
            for column in cols:
                note(form.id, list_table(form.id, f.column), "rec", column, f.column)
            for column in (s.key for s in f.fields if s.type == "people"):  # people of a row lie in it as JSON
                rows = f"SELECT x.rec, j.value FROM {quote(list_table(form.id, f.column))} x, json_each(x.{quote(column)}) j"
                found = store.con.query(f"{rows} WHERE j.value IN (SELECT value FROM json_each(:ids))", among)
                out.extend((form.id, source, f.column, target) for source, target in found)
    return out


def _keep(standing: dict[Record, set[int]], inside: list[tuple[Record, Record]]) -> set[Record]:
    """Records that stay when an operation is undone in part: the touched ones and all that these point at."""
    kept = set(standing)
    before = -1
    while before != len(kept):
        before = len(kept)
        kept |= {target for source, target in inside if source in kept}
    return kept


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
    mine = changes(store, no)
    standing, inside = _in_the_way(store, no, mine)
    kept: set[Record] = set()
    if standing and keep_touched and row[0] in BULK:
        kept = _keep(standing, inside)
    elif standing:
        ops = sorted({op for found in standing.values() for op in found}, reverse=True)
        raise Refused("undo_blocked", {"operations": "、".join(str(op) for op in ops)})
    days = _trip_days(store, mine)
    with operation(store, "undo", why=why, undoes=no) as op:
        for change in reversed(mine):
            if (change[0], change[1]) not in kept:
                _take_back(op, change)
        for day in days:
            trips.ensure(op, day)
        if not op.seq:
            raise refuse("undo_nothing")
        if not kept:  # in part: the rest can be undone once nothing stands in its way
            with store.kept.booking(ASIDE):
                store.con.execute("UPDATE operation SET undone_by = ? WHERE no = ?", (op.no, no))
                _settle(store, no)
        return op.no


def _trip_days(store: Store, mine: list[Change]) -> list[str]:
    """Days whose outings an undo may take away from under a recheck."""
    if trips.OUTING not in store.catalogue.forms:
        return []
    ids = json.dumps([rec for form, rec, *_rest in mine if form == trips.OUTING])
    sql = f"SELECT DISTINCT date FROM {table(trips.OUTING)} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY date"
    return [day for (day,) in store.con.query(sql, (ids,)) if day]


def _settle(store: Store, no: int) -> None:
    """After *no* was undone: what it had undone is in force again, what that had undone is not, and so on."""
    while (before := store.con.value("SELECT undoes FROM operation WHERE no = ?", (no,))) is not None:
        stands = store.con.value("SELECT undone_by FROM operation WHERE no = ?", (no,)) is None
        by = no if stands and not changes(store, before) else None
        store.con.execute("UPDATE operation SET undone_by = ? WHERE no = ?", (by, before))
        no = before


def _take_back(op: Operation, change: Change) -> None:
    store = op.store
    form_id, rec, name, old, new = change
    form = store.catalogue.forms[form_id]
    if op.why:
        op.allow(rec)
    if name == DECISION:  # in force as long as its operation is (:mod:`envdesk.exchange.conflicts`)
        op.log(form_id, rec, name, json.loads(new or "null"), json.loads(old or "null"))
        return
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


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as a list shows it.

    Attributes:
        form: of the records it changed, "" = several; ``records`` how many, ``number`` of the only one.
        undoes: the operation it takes back, 0 = none; ``undone_by`` the one that took it back.
        work: something that can be taken back; False = it only notes something.
    """

    no: int
    verb: str
    form: str
    records: int
    number: str
    who: str
    at: str
    why: str
    undoes: int
    undone_by: int
    work: bool


def entries(store: Store, *, before: int = 0, most: int = 200) -> list[Entry]:
    """Operations newest first, those with a number below *before* (0 = all)."""
    rows = store.con.query(
        "SELECT o.no, o.verb, coalesce(o.form, u.form, CASE WHEN count(DISTINCT c.form) = 1 THEN max(c.form) END) AS main,"
        " count(DISTINCT c.rec), o.who, o.at, coalesce(o.why, ''), coalesce(o.undoes, 0), coalesce(o.undone_by, 0),"
        f" max({_WORK}) FROM operation o JOIN change c ON c.op = o.no LEFT JOIN operation u ON u.no = o.undoes"
        " WHERE o.no IN (SELECT no FROM operation WHERE :before = 0 OR no < :before ORDER BY no DESC LIMIT :most)"
        " GROUP BY o.no ORDER BY o.no DESC",
        {"before": before, "most": most},
    )
    out = []
    for no, verb, main, touched, who, at, why, undoes, undone_by, work in rows:
        form, number, records = (main if main in store.catalogue.forms else ""), "", touched
        if form:  # a sheet brings its visit and its outing along: it is the sheet that was saved
            mine = store.con.query("SELECT DISTINCT rec FROM change WHERE op = ? AND form = ?", (no, form))
            records = len(mine) or touched
            number = _number(store, form, mine[0][0]) if len(mine) == 1 else ""
        out.append(Entry(no, verb, form, records, number, who, at, why, undoes, undone_by, bool(work)))
    return out


def _number(store: Store, form: str, rec: str) -> str:
    if not store.catalogue.forms[form].prefix:
        return ""
    return str(store.con.value(f"SELECT record_no FROM {table(form)} WHERE id = ?", (rec,)) or "")
