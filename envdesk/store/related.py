"""What belongs together: records about a subject, records that name a record, the last sheet of a subject.

Read from the stored tables through their indexes: the live layer would look at every record of every form.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from envdesk.formdef.live import list_table, table
from envdesk.formdef.model import Field, Form
from envdesk.sql import quote
from envdesk.store.file import Store

Key = tuple[str, str]
#: Visits that do not count against the yearly cap (domain.md §10.10).
EXEMPT = ("投诉举报", "转办交办", "复查", "企业申请")


def aliases_of(store: Store, subject: str) -> list[str]:
    """Ids that mean the same subject: its own and those merged into it."""
    rows = store.con.query("SELECT id FROM t_subject WHERE id = :s OR canonical = :s", {"s": subject})
    return [r[0] for r in rows] or [subject]


def subject_keys(form: Form) -> list[Field]:
    """Fields of a form that name a subject, those of its shared records included."""
    return [f for f in form.fields if f.type == "ref" and f.ref == "subject" and f.stored]


def _chain(form: Form, home: str) -> tuple[str, str]:
    """Joins from a form's table (alias ``s``) to the table that keeps a field, and that table's alias."""
    joins, below = "", "s"
    for n, parent in enumerate(form.parents):
        if home == form.id:
            break
        joins += f" JOIN {table(parent)} p{n} ON p{n}.id = {below}.{quote(parent + '_id')}"
        below = f"p{n}"
        if parent == home:
            break
    return joins, below


def about(store: Store, subject: str, *, forms: Sequence[str] = (), most: int = 0) -> list[Key]:
    """Live records that name a subject: (form, id), newest first per form; *most* per form (0 = all)."""
    ids = json.dumps(aliases_of(store, subject))
    out: list[Key] = []
    for form in store.catalogue.forms.values():
        if form.kind != "record" or form.id == "subject" or (forms and form.id not in forms):
            continue
        found: list[str] = []
        for f in subject_keys(form):
            joins, at = _chain(form, f.home)
            if f.is_list or (f.home != form.id and f.home not in form.parents):
                continue
            sql = (
                f"SELECT s.id FROM {table(form.id)} s{joins} WHERE {at}.{quote(f.column)} IN"
                f" (SELECT value FROM json_each(?)) AND s.void = 0 ORDER BY s.id DESC"
            )
            found += [r for (r,) in store.con.query(sql + (f" LIMIT {int(most)}" if most else ""), (ids,))]
        out += [(form.id, r) for r in dict.fromkeys(found)]
    return out


def in_rows(store: Store, subject: str) -> list[Key]:
    """Live records a row of which names a subject (a patrol of outfalls): (form, id)."""
    ids = json.dumps(aliases_of(store, subject))
    out: list[Key] = []
    for form in store.catalogue.forms.values():
        if form.kind != "record":
            continue
        for f in form.own:
            for key in (s.key for s in f.fields if s.ref == "subject" and s.stored) if f.type == "rows" else ():
                sql = (
                    f"SELECT DISTINCT r.id FROM {quote(list_table(f.home, f.column))} l JOIN {table(form.id)} r ON r.id = l.rec"
                    f" WHERE l.{quote(key)} IN (SELECT value FROM json_each(?)) AND r.void = 0"
                )
                out += [(form.id, r) for (r,) in store.con.query(sql, (ids,))]
    return list(dict.fromkeys(out))


def referring(store: Store, rec: str) -> list[Key]:
    """Live records that name a record of any form; the sheets of a visit that does, instead of the visit itself."""
    out: list[Key] = []
    for form in store.catalogue.forms.values():
        for sql in _naming(form):
            for (source,) in store.con.query(sql, (rec,)):
                if form.kind == "shared":
                    out += sheets(store, form.id, source)
                elif form.kind == "record":
                    out.append((form.id, source))
    return [k for k in dict.fromkeys(out) if k[1] != rec]


def _naming(form: Form) -> list[str]:
    """One query per column of a form's own that can name a record (rows included): ids of live records."""
    out = []
    for f in form.own:
        if not f.is_list and (f.type == "ref" or f.check == "record"):
            out.append(f"SELECT id FROM {table(form.id)} WHERE {quote(f.column)} = ? AND void = 0")
        if f.type == "rows":
            rows = f"{quote(list_table(f.home, f.column))} l JOIN {table(form.id)} r ON r.id = l.rec"
            refs = [s.key for s in f.fields if s.type == "ref" and s.stored]
            out += [f"SELECT DISTINCT r.id FROM {rows} WHERE l.{quote(k)} = ? AND r.void = 0" for k in refs]
    return out


def sheets(store: Store, parent: str, rec: str) -> list[Key]:
    """Live records that hang on a shared record."""
    out: list[Key] = []
    for form in store.catalogue.forms.values():
        if parent in form.parents:
            joins, at = _chain(form, parent)
            sql = f"SELECT s.id FROM {table(form.id)} s{joins} WHERE {at}.id = ? AND s.void = 0 ORDER BY s.id"
            out += [(form.id, r) for (r,) in store.con.query(sql, (rec,))]
    return out


def form_of(store: Store, rec: str) -> str:
    """Form of a record id of any form ("" = none)."""
    for form in store.catalogue.forms.values():
        if form.kind == "record" and store.con.value(f"SELECT 1 FROM {table(form.id)} WHERE id = ?", (rec,)):
            return form.id
    return ""


def same_text(store: Store, form: Form, key: str, value: Any, *, but: str = "", most: int = 5) -> list[str]:
    """Ids of live records of a form whose column equals *value*, newest first."""
    sql = f"SELECT id FROM {table(form.id)} WHERE void = 0 AND {quote(form.field(key).column)} = ? AND id <> ?"
    return [r for (r,) in store.con.query(f"{sql} ORDER BY id DESC LIMIT {int(most)}", (value, but))]


def last_sheet(store: Store, form: Form, subject: str, *, but: str = "") -> str:
    """Id of the newest live record of a form about a subject ("" = none)."""
    keys = subject_keys(form)
    if not keys:
        return ""
    joins, at = _chain(form, keys[0].home)
    when = "s.id"
    if form.date:
        date_field = form.field(form.date)
        date_joins, date_at = _chain(form, date_field.home)
        joins = max(joins, date_joins, key=len)
        when = f"{date_at}.{quote(date_field.column)}"
    rec = store.con.value(
        f"SELECT s.id FROM {table(form.id)} s{joins} WHERE {at}.{quote(keys[0].column)} IN"
        f" (SELECT value FROM json_each(?)) AND s.void = 0 AND s.id <> ? ORDER BY {when} DESC, s.id DESC LIMIT 1",
        (json.dumps(aliases_of(store, subject)), but),
    )
    return str(rec or "")


def visits(store: Store, subject: str, start: str, end: str) -> list[tuple[str, str]]:
    """Visits of a subject between two days: (visit id, day), newest first."""
    return store.con.query(
        "SELECT v.id, o.date FROM t_visit v JOIN t_outing o ON o.id = v.outing_id WHERE v.void = 0 AND v.subject_id IN"
        " (SELECT value FROM json_each(?)) AND o.date BETWEEN ? AND ? ORDER BY o.date DESC, v.id DESC",
        (json.dumps(aliases_of(store, subject)), start, end),
    )


def cap_used(store: Store, subject: str, year: int) -> int:
    """Days of a year on which a subject had a 行政检查 that counts against its cap."""
    return int(
        store.con.value(
            "SELECT count(DISTINCT o.date) FROM t_visit v JOIN t_outing o ON o.id = v.outing_id WHERE v.void = 0"
            " AND v.subject_id IN (SELECT value FROM json_each(?)) AND v.visit_kind = '行政检查'"
            " AND v.source NOT IN (SELECT value FROM json_each(?)) AND o.date BETWEEN ? AND ?",
            (json.dumps(aliases_of(store, subject)), json.dumps(EXEMPT), f"{year}-01-01", f"{year}-12-31"),
        )
        or 0
    )


def seals_over(store: Store, day: str) -> bool:
    """True when a day lies in a sealed period."""
    sql = 'SELECT 1 FROM seal WHERE opened_at IS NULL AND ? BETWEEN start AND "end" LIMIT 1'
    return store.con.one(sql, (day[:10],)) is not None


def last_outing(store: Store, who: str) -> str:
    """Id of the newest outing that a person entered ("" = none)."""
    sql = "SELECT id FROM t_outing WHERE void = 0 AND created_by = ? ORDER BY created_at DESC, id DESC LIMIT 1"
    return str(store.con.value(sql, (who,)) or "")
