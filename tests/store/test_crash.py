"""A process that dies at any statement leaves all of an operation or nothing, and all that was confirmed before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import making
import pytest

from envdesk import sql
from envdesk.store import file
from envdesk.store.file import changed_forms

HERE = Path(__file__).parent
#: Copies that lie in the folder at a time: three megabytes each.
AT_A_TIME = 50
#: A run in full is cut so that no test of it takes ten minutes on a busy machine (pytest's own limit).
PARTS = 10 if os.environ.get("ENVDESK_SLOW") == "full" else 1
#: Work → statements it takes at least; the fuse must reach into all of it.
WORKS = {"save_visit": 60, "import_batch": 200, "take_back": 40, "move_visit": 40, "first_open": 150}


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("断")
    busy, old = folder / "busy.envdesk", folder / "old.envdesk"
    with making.make(busy) as store:
        making.put(store, "subject", making.subject("甲鞋厂"))
        making.put(store, "inspection", making.visit("甲鞋厂", "2026-10-12", findings=[making.LIMIT]))
    with making.make(old, making.older()) as store:
        making.put(store, "subject", making.subject("甲鞋厂"))
        making.put(store, "work_order", making.order("A1", "2026-10-12"))
    return dict.fromkeys(WORKS, busy) | {"first_open": old}


def shape(store) -> dict[str, tuple[int, ...]]:
    """Rows of every table, and how many records are void: the same for two runs of one work."""
    con = store.con
    names = [n for (n,) in con.query("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    out = {n: con.one(f'SELECT count(*) FROM "{n}"') for n in names}
    voids = {f"t_{f}": con.one(f"SELECT count(*), coalesce(sum(void), 0) FROM t_{f}") for f in store.catalogue.forms}
    return out | voids


def run(work: str, template: Path, folder: Path, numbers: list[int]) -> dict[int, list[dict]]:
    """Let the work die at each of the statements; what each process had confirmed."""
    path = os.pathsep.join([str(HERE), str(Path(file.__file__).parents[2])])
    done = subprocess.run(
        [sys.executable, str(HERE / "crash_child.py"), work, str(template), str(folder), *map(str, numbers)],
        capture_output=True, text=True, encoding="utf-8", check=False,
        env=os.environ | {"PYTHONPATH": path, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(line) for line in done.stdout.splitlines())


def in_turn(work: str, template: Path, folder: Path, numbers: list[int]) -> Iterator[tuple[int, list[dict]]]:
    """As :func:`run`, a few at a time."""
    for first in range(0, len(numbers), AT_A_TIME):
        yield from run(work, template, folder, numbers[first : first + AT_A_TIME]).items()


def half_open(path: Path, shape: dict[str, tuple[int, ...]]) -> bool:
    """True when a first open left some of its tables or versions, but not all."""
    con = sql.connect(path)
    names = {n for (n,) in con.query("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    versions = con.value("SELECT count(*) FROM form_version")
    con.close()
    made = "t_sanluanwu" in names
    return made != (names == shape.keys()) or made != (versions == shape["form_version"][0])


def looked_at(path: Path, confirmed: str = "") -> dict[str, tuple[int, ...]]:
    """Open what a dead process left; nothing may be wrong with it, and the order it had confirmed is there."""
    with making.reopen(path) as store:
        assert making.faults(store) == []
        assert changed_forms(store) == []
        if confirmed:
            assert store.con.value("SELECT count(*) FROM t_work_order WHERE id = ?", (confirmed,)) == 1, path.name
        return shape(store)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("work", WORKS)
def test_a_process_that_dies_leaves_all_or_nothing(templates, data_dir, slow_size, work, part):
    template = templates[work]
    finished = run(work, template, data_dir, [0])[0]
    total = finished[-1]["statements"]
    assert finished[-1]["done"]
    assert total >= WORKS[work]
    after = looked_at(data_dir / "0.envdesk")

    count = slow_size(bounded=25, full=total)
    points = sorted({1 + k * total // count for k in range(count)})
    numbers = sorted({*points[part::PARTS], total - 1, total, total + 1})
    print(f"{work}: {total} statements, killed at {len(numbers)} of them")
    before: list[dict] = []
    halves = set()
    for n, said in in_turn(work, template, data_dir, numbers):
        path = data_dir / f"{n}.envdesk"
        assert work != "first_open" or not half_open(path, after), n
        found = looked_at(path, "" if work == "first_open" else said[0]["acknowledged"])
        finished = said[-1:] == [{"done": True, "statements": said[-1].get("statements")}] if said else False
        assert finished == (n > total), n
        halves.add("after" if found == after else "before")
        if found != after:
            before = before or [found]
            assert found == before[0], f"{n}: half of the operation is there"
            assert n <= total
        path.unlink()
    # the last statement is the commit: killed as it begins, nothing is there; first_open is repeated by the look itself
    assert halves == ({"after"} if work == "first_open" else {"before", "after"})
