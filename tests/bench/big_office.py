"""Large offices for the benches, and the clock they are measured with."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time as day_time
from pathlib import Path
from typing import Any

import pytest

from envdesk import paths, sql
from envdesk.clock import Clock
from envdesk.desk.demo import build_demo
from envdesk.desk.office import Desk
from envdesk.formdef.live import list_columns, list_table, table
from envdesk.formdef.loader import load
from envdesk.formdef.model import VALUE_LISTS, Catalogue, Form
from envdesk.sql import Connection, quote
from envdesk.store import file
from envdesk.store.schema import columns

CAT: Catalogue = load([paths.forms_dir()])
UNTIL = date(2026, 10, 31)
MONTH = "2026-10"
STREET = 20_000


def street(path: Path) -> Path:
    """The demo's street, typed record by record; nothing waits for the disk while it is made."""

    def quickly(con: Connection) -> None:
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("PRAGMA synchronous = OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "write_ahead", quickly)
        build_demo(path, CAT, seed=1, until=UNTIL, records=STREET)
    return path


def grown(source: Path, path: Path, times: int) -> Path:
    """The same street over and over in one file, each with records, people and register of its own."""
    shutil.copyfile(source, path)
    con = sql.connect(path)
    con.execute("PRAGMA foreign_keys = OFF")
    con.execute("PRAGMA synchronous = OFF")
    triggers = con.query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    for name, _text in triggers:
        con.execute(f"DROP TRIGGER {quote(name)}")
    with con.atomic():
        for form in CAT.forms.values():
            _copy_form(con, form, times)
        con.execute(
            "INSERT INTO search_text SELECT rec || '-' || n, form, content FROM search_text, "
            f"(WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {times - 1}) SELECT n FROM k)"
        )
    for _name, text in triggers:
        con.execute(text)
    con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert con.query("PRAGMA foreign_key_check") == []
    con.close()
    return path


def _copy_form(con: Connection, form: Form, times: int) -> None:
    ids = {"id", "record_no", "canonical", *(f"{p}_id" for p in form.parents[:1])}
    ids |= {f.column for f in form.own if f.type == "ref" or f.check == "record"}
    _copy(con, table(form.id), list(columns(form)), ids, times)
    for f in form.own:
        if not f.is_list:
            continue
        cols = ["rec", "pos", *(["value"] if f.type in VALUE_LISTS else ["id", *list_columns(f)])]
        inner = {"rec", "id", *(s.key for s in f.fields if s.type == "ref")}
        inner |= {"value"} if f.type == "people" else set()
        _copy(con, list_table(form.id, f.column), cols, inner, times)


def _copy(con: Connection, name: str, cols: list[str], ids: set[str], times: int) -> None:
    picked = ", ".join(f"{quote(c)} || '-' || ?1" if c in ids else quote(c) for c in cols)
    first = "rec" if "rec" in cols else "id"
    rowids = con.value(f"SELECT max(rowid) FROM {quote(name)}") or 0
    for n in range(1, times):
        con.execute(
            f"INSERT INTO {quote(name)} ({', '.join(map(quote, cols))})"
            f" SELECT {picked} FROM {quote(name)} WHERE rowid <= {rowids} AND {first} IS NOT NULL",
            (str(n),),
        )


def records(con: Connection) -> int:
    """Numbered records of a file."""
    return sum(con.value(f"SELECT count(*) FROM {table(f.id)}") for f in CAT.forms.values() if f.kind == "record")


@contextmanager
def desk_of(path: Path, folder: Path) -> Iterator[Desk]:
    """Open a copy of an office on its last day."""
    target = folder / "台账.envdesk"
    shutil.copyfile(path, target)
    clock = Clock(datetime.combine(UNTIL, day_time(23, 59)))
    with file.open_store(target, CAT, clock=clock, who="量") as store:
        store.con.execute("DELETE FROM setting WHERE key = 'baseline_date'")  # no typed figures: records alone
        yield Desk(store, CAT, clock, "量")
    target.unlink()


def seconds(act: Callable[[], Any], times: int = 1) -> float:
    """Processor time of the quickest of some runs: what else the computer does only ever adds."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        act()
        best = min(best, time.process_time() - start)
    return best


def say(what: str, ours: float, other: float, against: str) -> float:
    """Print one reading and return the ratio."""
    ratio = ours / other
    print(f"\n{what}: {ours * 1000:.1f} ms; {against}: {other * 1000:.1f} ms; ratio {ratio:.2f}")
    return ratio
