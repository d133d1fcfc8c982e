"""The office in which the tests of undo play, and how they look at it."""

from __future__ import annotations

import itertools
from pathlib import Path

import making

from envdesk.errors import Refused
from envdesk.store.file import Store

PEOPLE = ("李敏", "王强", "陈静")
DAYS = ("2026-10-12", "2026-10-13")
SUBJECTS = ("甲鞋厂", "乙鞋厂", "丙鞋厂")


def make_template(path: Path) -> Path:
    """Two factories and a river; closed, to be copied."""
    with making.make(path) as store:
        making.put(store, "subject", making.subject(SUBJECTS[0]), making.subject(SUBJECTS[1]))
        making.put(store, "river", {"name": "均禾涌"})
    return path


def open_copy(template: Path, folder: Path, name: str = "台账.envdesk") -> Store:
    """A copy with ids that are the same in every run."""
    store = making.reopen(making.copy_of(template, folder / name))
    store.con.execute("PRAGMA synchronous = OFF")
    ids = itertools.count(1)
    store.new_id = lambda: f"id-{next(ids):05}"
    return store


def number_of(store: Store) -> int:
    """Number of the newest operation."""
    return store.con.value("SELECT max(no) FROM operation")


def everything(store: Store) -> list:
    """All rows of all tables."""
    names = [t for (t,) in store.con.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")]
    return [store.con.query(f'SELECT * FROM "{t}" ORDER BY 1, 2') for t in names]


def named(refused: Refused) -> set[int]:
    """Operations that a refused undo names."""
    assert refused.code == "undo_blocked"
    return {int(n) for n in refused.context["operations"].split("、")}
