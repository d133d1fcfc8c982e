"""Offices, records and bare rows for the tests of the store: valid ones, made from the compiled forms."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from envdesk import paths
from envdesk.clock import Clock
from envdesk.formdef.live import list_columns, list_table, table
from envdesk.formdef.loader import load as load_forms
from envdesk.formdef.model import VALUE_LISTS, Catalogue, Field, Form
from envdesk.sql import Connection, quote
from envdesk.store import calendar, file
from envdesk.store.file import Store
from envdesk.store.operations import chain_hash, content_hash, load
from envdesk.store.save import add
from envdesk.store.schema import columns

NOW = datetime(2026, 11, 20, 9, 0)
CLOCK = Clock(NOW)


@cache
def catalogue() -> Catalogue:
    """The program's own forms."""
    return load_forms([paths.forms_dir()])


@cache
def older() -> Catalogue:
    """The forms as an earlier program had them: no remarks, one register less."""
    forms = {
        form.id: replace(form, version="earlier", fields=tuple(f for f in form.fields if f.key != "remark"))
        for form in catalogue().forms.values()
        if form.id != "sanluanwu"
    }
    return replace(catalogue(), forms=forms)


def make(path: Path, cat: Catalogue | None = None, **more: Any) -> Store:
    """A new office file with its working days and the lists every office starts from."""
    store = file.create(path, cat or catalogue(), office="均禾街", clock=more.pop("clock", CLOCK), who="测试", **more)
    with store.con.atomic():
        calendar.seed(store.con)
        for form in store.catalogue.forms.values():
            if form.seeds:
                ok(add(store, form.id, [dict(s) | {"warnings": "accept"} for s in form.seeds], verb="init"))
    return store


def reopen(path: Path, **more: Any) -> Store:
    """Open an office file of :func:`make`."""
    return file.open_store(path, catalogue(), clock=more.pop("clock", CLOCK), who="测试", **more)


def copy_of(path: Path, target: Path) -> Path:
    """Copy a closed office file."""
    shutil.copyfile(path, target)
    return target


def ok(outcome: Any) -> Any:
    """The outcome of a save that must have worked."""
    assert outcome.operation is not None, [p.as_dict() for p in outcome.problems]
    return outcome


def put(store: Store, form: str, *objects: Mapping[str, Any], **more: Any) -> list[str]:
    """Add records that must be accepted; returns their ids."""
    return ok(add(store, form, [{"warnings": "accept", **o} for o in objects], **more)).ids


# ---- records a street keeps ----------------------------------------------------------------------------------------
def subject(name: str, **more: Any) -> dict[str, Any]:
    """A factory of the register."""
    return {"name": name, "types": ["工业企业"], "address": "均禾大道1号", "industry": "制鞋",
            "register_from": "2024-01-01"} | more  # fmt: skip


def visit(subject: str, day: str, people: Iterable[str] = ("李敏", "王强"), **more: Any) -> dict[str, Any]:
    """A sheet of a visit, valid for every visit form that asks for nothing of its own."""
    return {"visit_date": day, "session": "上午", "people": list(people), "subject_id": subject} | more


def order(no: str, day: str, **more: Any) -> dict[str, Any]:
    """A complaint of the hotline."""
    return {"source": "12345", "order_no": no, "received_at": f"{day}T10:00", "content": "夜间有异味", "kind": "投诉",
            "pollution": ["大气"]} | more  # fmt: skip


#: What an order needs besides the day when it is closed.
CLOSING = {"location": "一街2号", "handler": "李敏", "verdict": "属实", "measures": "已整改", "close_type": "办结"}
LIMIT = {"desc": "活性炭未更换", "action": "限期整改"}
AT_ONCE = {"desc": "门窗未关", "action": "现场督促立行立改"}


# ---- what must always hold -----------------------------------------------------------------------------------------
def content(store: Store) -> dict[tuple[str, str], tuple[Any, ...]]:
    """All records of all forms: (form, id) → (hash of its content, void, number)."""
    out: dict[tuple[str, str], tuple[Any, ...]] = {}
    for form in store.catalogue.forms.values():
        for rec, *rest in store.con.query(f"SELECT id, hash, void, record_no FROM {table(form.id)}"):
            out[form.id, rec] = tuple(rest)
    return out


def faults(store: Store) -> list[str]:
    """What is wrong with a file: pages, references, content hashes, the chain of operations, search texts."""
    con = store.con
    out = [str(r[0]) for r in con.query("PRAGMA integrity_check") if r[0] != "ok"]
    out += [f"reference {r}" for r in con.query("PRAGMA foreign_key_check")]
    seen: set[str] = set()
    for form in store.catalogue.forms.values():
        for rec, kept in con.query(f"SELECT id, hash FROM {table(form.id)}"):
            values = load(store, form, rec)
            seen.add(rec)
            if values is None or kept != content_hash(form, values):
                out.append(f"hash {form.id} {rec}")
    previous = ""
    rows = con.query("SELECT no, previous, hash FROM operation ORDER BY no")
    for count, (no, before, kept) in enumerate(rows, 1):
        if (no, before, kept) != (count, previous, chain_hash(store, no)):
            out.append(f"chain {no}")
        previous = kept
    indexed = {r for (r,) in con.query("SELECT rec FROM search_text")}
    out += [f"search text {rec}" for rec in indexed ^ seen]
    if con.value("SELECT count(*) FROM pass WHERE used = 0"):
        out.append("a pass is left")
    return out


# ---- bare rows, for what is asked of the tables themselves ---------------------------------------------------------
def filler(kind: str, key: str, n: int = 0) -> Any:
    """A value of an SQL type that fits any column; *n* makes it another one."""
    if kind.startswith("TEXT"):
        return f"{key}-{n}"
    if kind.startswith("REAL"):
        return 1.5 + n
    return n % 2


def own_dates(form: Form) -> list[Field]:
    """Date and moment columns of the form's own table."""
    return [f for f in form.own if f.type in ("date", "datetime")]


def home_date(form: Form, key: str) -> tuple[str, str]:
    """(form, column) of the table that keeps the event date *key* of a form."""
    f = form.field(key)
    return f.home, f.column


class Planter:
    """Puts bare rows into the tables: every column filled, every date the same unless told."""

    def __init__(self, con: Connection, cat: Catalogue) -> None:
        self.con = con
        self.cat = cat
        self.n = 0

    def row(self, name: str, values: Mapping[str, Any], verb: str = "INSERT") -> None:
        """Write one row."""
        cols = ", ".join(quote(c) for c in values)
        marks = ", ".join("?" * len(values))
        self.con.execute(f"{verb} INTO {quote(name)} ({cols}) VALUES ({marks})", list(values.values()))

    def values(self, form: Form, days: Mapping[str, str], day: str, rec: str, parent: str = "") -> dict[str, Any]:
        """All columns of a record's own table; *days* = column → day, *day* for the other dates."""
        self.n += 1
        dates = {f.column for f in own_dates(form)}
        out: dict[str, Any] = {}
        for col, kind in columns(form).items():
            if col in dates:
                out[col] = days.get(col, day)
            elif col in ("rev", "void"):
                out[col] = {"rev": 1, "void": 0}[col]
            elif col == "canonical":
                out[col] = None
            else:
                out[col] = filler(kind, f"{col}{self.n}")
        out["id"] = rec
        if form.parents:
            out[f"{form.parents[0]}_id"] = parent
        return out

    def plant(self, form: Form, day: str, days: Mapping[tuple[str, str], str] | None = None, tag: str = "") -> str:
        """A record with its shared records and one row in each list; *days* = (table id, column) → another day."""
        days = days or {}
        parent = ""
        for up in reversed(form.parents):
            parent = self.record(self.cat.forms[up], day, days, parent)
        rec = self.record(form, day, days, parent)
        for f in form.lists:
            if f.stored and f.home == form.id:
                self.list_row(form, f, rec, day, days)
        return rec

    def record(self, form: Form, day: str, days: Mapping[tuple[str, str], str], parent: str) -> str:
        rec = f"{form.id}-{self.n + 1}"
        own = {c: d for (home, c), d in days.items() if home == form.id}
        self.row(table(form.id), self.values(form, own, day, rec, parent))
        return rec

    def list_values(self, f: Field, rec: str, day: str, days: Mapping[str, str], pos: int = 0) -> dict[str, Any]:
        """All columns of one list row."""
        self.n += 1
        if f.type in VALUE_LISTS:
            return {"rec": rec, "pos": pos, "value": filler(list_columns(f)["value"], "v", self.n)}
        out: dict[str, Any] = {"id": f"row-{self.n}", "rec": rec, "pos": pos}
        dates = {s.key for s in f.fields if s.type in ("date", "datetime")}
        for col, kind in list_columns(f).items():
            out[col] = days.get(col, day) if col in dates else filler(kind, f"{col}{self.n}")
        return out

    def list_row(self, form: Form, f: Field, rec: str, day: str, days: Mapping[tuple[str, str], str]) -> dict[str, Any]:
        name = f"{form.id}.{f.key}"
        values = self.list_values(f, rec, day, {c: d for (home, c), d in days.items() if home == name})
        self.row(list_table(form.id, f.column), values)
        return values
