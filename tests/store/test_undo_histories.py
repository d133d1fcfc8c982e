"""Generated days of a clerk: undone newest first they leave what was before; what stands in the way can be undone first."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import making
import pytest
from clerk_day import COMMANDS, Day
from hypothesis import HealthCheck, given, settings, strategies as st
from undo_office import make_template, named, open_copy

from envdesk.errors import Refused
from envdesk.store.undo import undo


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return make_template(tmp_path_factory.mktemp("撤销") / "台账.envdesk")


def in_force(store, after: int) -> list[int]:
    """Operations that stand, as a person sees it: neither undone nor an undo."""
    sql = "SELECT no FROM operation WHERE undone_by IS NULL AND undoes IS NULL AND no > ? ORDER BY no"
    return [n for (n,) in store.con.query(sql, (after,))]


def take_back(store, no: int) -> None:
    """Undo an operation, those in its way first, the newest of them first."""
    todo = [no]
    for _step in range(300):
        if not todo:
            return
        row = store.con.one("SELECT undone_by FROM operation WHERE no = ?", (todo[-1],))
        if row[0] is not None:
            todo.pop()
            continue
        before = making.content(store)
        try:
            undo(store, todo[-1])
        except Refused as exc:
            assert making.content(store) == before
            found = named(exc)
            assert found
            assert min(found) > todo[-1]
            todo.append(max(found))
        else:
            todo.pop()
    raise AssertionError(f"no end: {todo}")


@contextmanager
def played(template, folder, commands: list[tuple]) -> Iterator[Day]:
    with open_copy(template, folder, f"{next(NAMES)}.envdesk") as store:
        day = Day(store)
        for command in commands:
            day.play(command)
        yield day
        assert making.faults(store) == []
    store.path.unlink()


NAMES = itertools.count()
LIMITS = {"suppress_health_check": list(HealthCheck), "deadline": None}


@pytest.mark.slow
def test_undoing_everything_newest_first_gives_the_start(template, data_dir, slow_size):
    @settings(max_examples=slow_size(bounded=50, full=1500), **LIMITS)
    @given(st.lists(COMMANDS, min_size=2, max_size=12))
    def run(commands):
        with played(template, data_dir, commands) as day:
            while in_force(day.store, day.first):
                undo(day.store)
            assert making.content(day.store) == day.start

    run()


@pytest.mark.slow
def test_undoing_what_stands_in_the_way_first_always_ends(template, data_dir, slow_size):
    @settings(max_examples=slow_size(bounded=50, full=1500), **LIMITS)
    @given(st.lists(COMMANDS, min_size=3, max_size=12), st.integers(0, 11))
    def run(commands, n):
        with played(template, data_dir, commands) as day:
            sql = "SELECT no FROM operation WHERE no > ? AND undone_by IS NULL"
            numbers = [no for (no,) in day.store.con.query(sql, (day.first,))]
            if numbers:
                no = numbers[n % len(numbers)]
                take_back(day.store, no)
                assert day.store.con.value("SELECT undone_by FROM operation WHERE no = ?", (no,)) is not None

    run()


@pytest.mark.slow
def test_undo_of_an_undo_restores(template, data_dir, slow_size):
    @settings(max_examples=slow_size(bounded=40, full=1500), **LIMITS)
    @given(st.lists(COMMANDS, min_size=2, max_size=8), st.integers(1, 4))
    def run(commands, depth):
        with played(template, data_dir, commands) as day:
            states = [making.content(day.store)]
            undone = []
            for no in reversed(in_force(day.store, day.first)[-depth:]):
                undone.append(undo(day.store, no))
                states.append(making.content(day.store))
            while undone:
                assert making.content(day.store) == states.pop()
                undo(day.store, undone.pop())
            assert making.content(day.store) == states.pop()

    run()


@pytest.mark.slow
def test_import_undone_in_part_goes_whole_at_the_end(template, data_dir):
    """What stayed because it was touched can still be undone when the touch is."""
    commands = [("batch", 0), ("edit", "inspection", 1, {"remark": "一"}), ("undo", 1, True)]
    with played(template, data_dir, commands) as day:
        assert len(making.content(day.store)) > len(day.start)
        for _ in range(2):
            undo(day.store)
        assert making.content(day.store) == day.start
