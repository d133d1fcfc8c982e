"""What of the office's records goes into a package, and in which words (domain.md §6, §10.14).

Rows are copied by a list of what may leave, never by taking away from a copy: history, drafts, search texts, settings
of the PC and columns no form knows any more never get near the file.

* Complainant fields (``secret``) leave masked; where their words stand in other texts of the record, those too.
* A confidential record leaves as a row with dates, choices and grid.
* The hash of a record with such words is keyed with a secret of the office: a hash over a name and a phone of which the
  mask shows half could be guessed. It still tells two states of a record apart.
* A bare package masks every personal field and carries no attachments.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from envdesk.formdef.live import Live, list_columns, list_table, table
from envdesk.formdef.model import LIST_TYPES, VALUE_LISTS, Catalogue, Field, Form
from envdesk.formdef.types import mask
from envdesk.sql import Connection, quote
from envdesk.store.schema import SYSTEM_COLUMNS

#: Types of which a confidential record keeps the values: when, what kind, how many.
NEUTRAL = frozenset({"date", "datetime", "choice", "multichoice", "bool"})
CONFIDENTIAL = "confidential"
TEXTS = frozenset({"text", "long_text"})


def functions(con: Connection, secret: bytes) -> None:
    """Give a connection what masks: ``mask(kind, text)``, ``scrub(text, kind, secret, …)``, ``keyed(hash)``."""
    con.raw.create_function("keyed", 1, lambda text: hmac.new(secret, str(text).encode(), hashlib.sha256).hexdigest())
    con.raw.create_function("mask", 2, lambda kind, text: mask(kind, str(text)) if text is not None else None)
    con.raw.create_function("scrub", -1, scrub)


def scrub(text: str | None, *secrets: str | None) -> str | None:
    """A text without the words of secret fields: each becomes its mask. *secrets* are pairs of kind and word."""
    if text is None:
        return None
    for kind, secret in zip(secrets[::2], secrets[1::2], strict=True):
        if secret and len(secret) > 1:
            text = text.replace(secret, mask(kind or "text", secret))
    return text


class Copier:
    """Copies the forms' tables from ``src`` into the package."""

    def __init__(self, con: Connection, catalogue: Catalogue, *, bare: bool) -> None:
        """Copy over *con*, whose main database is the package and to which the office is attached as ``src``."""
        self.con = con
        self.catalogue = catalogue
        self.bare = bare

    def table(self, name: str) -> list[str]:
        """Make a table with its indexes as the office has it; returns its columns."""
        sql = "SELECT sql FROM src.sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL AND type IN ('table', 'index')"
        for (statement,) in self.con.query(f"{sql} ORDER BY type DESC", (name,)):
            self.con.execute(statement)
        return [row[1] for row in self.con.query(f"PRAGMA main.table_info({quote(name)})")]

    def plain(self, name: str) -> None:
        """Copy a table that holds nothing personal."""
        columns = ", ".join(quote(c) for c in self.table(name))
        self.con.execute(f"INSERT INTO main.{quote(name)} ({columns}) SELECT {columns} FROM src.{quote(name)}")

    def form(self, form: Form) -> None:
        """Copy a form's records and lists."""
        name = table(form.id)
        known = {f.column: f for f in form.own if not f.is_list}
        system = {*SYSTEM_COLUMNS, "canonical", *(f"{p}_id" for p in form.parents[:1])}
        columns = [c for c in self.table(name) if c in known or c in system]
        picked = [self.cell(form, known[c], f"r.{quote(c)}") if c in known else self.system(form, c) for c in columns]
        names = ", ".join(quote(c) for c in columns)
        self.con.execute(f"INSERT INTO main.{name} ({names}) SELECT {', '.join(picked)} FROM src.{name} r")
        for f in form.own:
            if f.is_list:
                self.list(form, f)

    def list(self, form: Form, f: Field) -> None:
        """Copy a list; of a confidential record only rows of dates and choices."""
        name = quote(list_table(form.id, f.column))
        columns = [c for c in self.table(list_table(form.id, f.column)) if c in {"id", "rec", "pos", *list_columns(f)}]
        fields = {s.key: s for s in f.fields}
        picked = []
        for c in columns:
            cell = f"l.{quote(c)}"
            if c in fields:
                cell = self.cell(form, fields[c], cell)
            elif f.type in ("texts", "photos", "files") and c in ("value", "name", "caption"):
                cell = self.scrubbed(form, cell)
            picked.append(cell)
        where = "1"
        if self.is_guarded(form) and not (f.type == "rows" or f.type in NEUTRAL):
            where = f"coalesce(r.{CONFIDENTIAL}, 0) = 0"
        names = ", ".join(quote(c) for c in columns)
        self.con.execute(
            f"INSERT INTO main.{name} ({names}) SELECT {', '.join(picked)} FROM src.{name} l"
            f" JOIN src.{table(form.id)} r ON r.id = l.rec WHERE {where}"
        )

    @staticmethod
    def is_guarded(form: Form) -> bool:
        """True when records of the form may be confidential."""
        return any(f.key == CONFIDENTIAL and f.home == form.id for f in form.fields)

    def system(self, form: Form, name: str) -> str:
        """SQL for a system column: all as they are but the hash of what stays here, and words."""
        column = f"r.{quote(name)}"
        hidden = [f.column for f in form.own if not f.is_list and (f.secret or (self.bare and f.pii))]
        if name == "hash" and hidden:
            tests = " OR ".join(f"r.{quote(c)} IS NOT NULL" for c in hidden)
            guarded = f" OR coalesce(r.{CONFIDENTIAL}, 0) = 1" if self.is_guarded(form) else ""
            return f"CASE WHEN {tests}{guarded} THEN keyed({column}) ELSE {column} END"
        if name == "void_reason":
            words = self.scrubbed(form, column)
            return f"CASE WHEN r.{CONFIDENTIAL} = 1 THEN NULL ELSE {words} END" if self.is_guarded(form) else words
        return column

    def cell(self, form: Form, f: Field, column: str) -> str:
        """SQL for one cell as it may leave; *column* is read with the record as ``r``."""
        out = column
        if f.secret or (self.bare and f.pii):
            out = f"mask('{f.pii or 'text'}', {column})"
        elif f.type in TEXTS:
            out = self.scrubbed(form, column)
        if self.is_guarded(form) and not self.is_neutral(form, f):
            out = f"CASE WHEN coalesce(r.{CONFIDENTIAL}, 0) = 1 THEN NULL ELSE {out} END"
        return out

    def is_neutral(self, form: Form, f: Field) -> bool:
        """True for a field that tells nothing about who complained about what."""
        small = f.type == "ref" and (f.ref == form.id or self.catalogue.forms[f.ref].kind == "list")
        return f.type in NEUTRAL or small

    def scrubbed(self, form: Form, column: str) -> str:
        """SQL for a text from which the record's secret words are taken."""
        secrets = [f for f in form.own if f.secret and not f.is_list]
        pairs = "".join(f", '{f.pii or 'text'}', r.{quote(f.column)}" for f in secrets)
        return f"scrub({column}{pairs})" if secrets else column


# ---- a period --------------------------------------------------------------------------------------------------------
def cut_to_period(con: Connection, catalogue: Catalogue, live: Live, start: str, end: str) -> None:
    """Keep the records with an event in a period or changed in it, all lists and subjects, and what these refer to."""
    edges: dict[str, set[str]] = {}
    keep: set[str] = set()
    for form in catalogue.forms.values():
        for rec, other in _edges(con, form):
            edges.setdefault(rec, set()).add(other)
        keep |= _seeds(con, form, live, start, end)
    todo = list(keep)
    while todo:
        new = edges.get(todo.pop(), set()) - keep
        keep |= new
        todo += new
    con.execute("CREATE TEMP TABLE keep (id TEXT PRIMARY KEY) WITHOUT ROWID")
    con.many("INSERT INTO keep VALUES (?)", [(k,) for k in keep])
    for form in catalogue.forms.values():
        con.execute(f"DELETE FROM {table(form.id)} WHERE id NOT IN (SELECT id FROM keep)")
        for f in form.own:
            if f.is_list:
                con.execute(
                    f"DELETE FROM {quote(list_table(form.id, f.column))} WHERE rec NOT IN (SELECT id FROM keep)"
                )
    con.execute("DROP TABLE keep")


def _seeds(con: Connection, form: Form, live: Live, start: str, end: str) -> set[str]:
    if form.kind == "shared":
        return set()
    if form.kind == "list" or form.merge:
        return {rec for (rec,) in con.query(f"SELECT id FROM {table(form.id)}")}
    bound = {"a": start, "b": end}
    inside = "substr({}, 1, 10) BETWEEN :a AND :b"
    dates = [f.key for f in form.fields if f.stored and f.type in ("date", "datetime")]
    tests = " OR ".join(inside.format(f"b.{quote(k)}") for k in [*dates, "updated_at"])
    out = {rec for (rec,) in con.query(f"SELECT b.id FROM ({live.base(form, void=True)}) b WHERE {tests}", bound)}
    for f in form.own:
        columns = [s.key for s in f.fields if s.stored and s.type in ("date", "datetime")]
        if columns:
            tests = " OR ".join(inside.format(quote(c)) for c in columns)
            name = quote(list_table(form.id, f.column))
            out |= {rec for (rec,) in con.query(f"SELECT rec FROM {name} WHERE {tests}", bound)}
    return out


def _edges(con: Connection, form: Form) -> Iterable[tuple[str, str]]:
    """Record → records it refers to, in columns, rows, people and shared records."""
    columns = [f.column for f in form.own if not f.is_list and (f.type == "ref" or f.check == "record")]
    columns += [f"{p}_id" for p in form.parents[:1]] + (["canonical"] if form.merge else [])
    for column in columns:
        sql = f"SELECT id, {quote(column)} FROM {table(form.id)} WHERE {quote(column)} IS NOT NULL"
        yield from con.query(sql)
    for f in form.own:
        if not f.is_list:
            continue
        name = quote(list_table(form.id, f.column))
        if f.type == "people":
            yield from con.query(f"SELECT rec, value FROM {name}")
        for s in f.fields if f.type == "rows" else ():
            if s.stored and (s.type in ("ref", "people") or s.check == "record"):
                for rec, value in con.query(f"SELECT rec, {quote(s.key)} FROM {name} WHERE {quote(s.key)} IS NOT NULL"):
                    yield from ((rec, v) for v in (json.loads(value) if s.type in LIST_TYPES else [value]))


def attachments_of(con: Connection, catalogue: Catalogue) -> set[str]:
    """Hashes of the attachments that go along: those of copied rows, without photos marked internal."""
    out: set[str] = set()
    for form in catalogue.forms.values():
        for f in form.own:
            if f.type in VALUE_LISTS or not f.is_list:
                continue
            name = quote(list_table(form.id, f.column))
            if f.type in ("photos", "files"):
                internal = " WHERE coalesce(internal, 0) = 0" if f.type == "photos" else ""
                out |= {sha for (sha,) in con.query(f"SELECT sha256 FROM {name}{internal}") if sha}
            for s in f.fields:
                if s.type in ("photos", "files"):
                    rows = con.query(f"SELECT {quote(s.key)} FROM {name} WHERE {quote(s.key)} IS NOT NULL")
                    inner: list[dict[str, Any]] = [item for (text,) in rows for item in json.loads(text)]
                    out |= {str(item["sha256"]) for item in inner if not item.get("internal")}
    return out
