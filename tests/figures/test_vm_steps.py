"""A figure of a month costs what the month holds, not what the file holds; counted in steps of SQLite's machine.

Steps do not depend on the computer. A step count per figure is taken over three files: a month with some months before
it, the same month with ten times as many before it, and twice as much of everything.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from envdesk import paths
from envdesk.clock import Clock
from envdesk.figures.engine import Engine, FigureId
from envdesk.figures.period import Window, parse_period
from envdesk.formdef.live import list_columns, list_table, table
from envdesk.formdef.loader import load
from envdesk.formdef.model import VALUE_LISTS, Catalogue, Field, Figure, Form
from envdesk.sql import quote
from envdesk.store import calendar, file
from envdesk.store.schema import columns

CAT: Catalogue = load([paths.forms_dir()])
PERIOD = parse_period("2026-10")
MONTHS, PER_MONTH, SUBJECTS = 6, 4, 40
TICK = 10
#: Records that do not grow with the months: the registers and small lists.
REGISTERS = {f.id for f in CAT.forms.values() if f.kind == "list"} | {"subject", "history_value", "task_target"}
FEW = ("person", "grid", "river", "campaign")


# ------------------------------------------------------------------------------------------------------------ the data
class Filler:
    """Fills the tables directly: the same months over and over, so that ten times the time is ten times the work."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.serial = itertools.count(1)
        self.pool: dict[str, list[str]] = {}

    def fill(self, months: int, times: int) -> None:
        """The same world so many times over, each with registers of its own; months oldest first."""
        for _ in range(times):
            self.pool = {}
            self.world(months)
        self.store_rows()

    def world(self, months: int) -> None:
        """Registers first, then the months."""
        rng = Random(1)
        for form_id in sorted(REGISTERS, key=lambda f: (f not in FEW, f)):
            count = SUBJECTS if form_id == "subject" else 4
            self.pool[form_id] = [self.record(CAT.forms[form_id], date(2024, 1, 1 + n % 28), rng) for n in range(count)]
        for back in reversed(range(months)):
            month = 2026 * 12 + 9 - back
            rng = Random(back % MONTHS)
            first = date(month // 12, month % 12 + 1, 1)
            for form in CAT.forms.values():
                if form.kind == "record" and form.id not in REGISTERS:
                    days = [first + timedelta(rng.randrange(28)) for _ in range(PER_MONTH)]
                    self.pool[form.id] = [self.record(form, day, rng) for day in days]

    def store_rows(self) -> None:
        """Write everything, table by table."""
        con = self.store.con
        with con.atomic():
            for name, rows in self.rows.items():
                cols = list(rows[0])
                marks = ", ".join("?" * len(cols))
                sql = f"INSERT INTO {quote(name)} ({', '.join(map(quote, cols))}) VALUES ({marks})"
                con.many(sql, [list(r.values()) for r in rows])

    def record(self, form: Form, day: date, rng: Random, parent: str = "") -> str:
        """One record with its shared records and lists."""
        for up in reversed(form.parents):
            parent = self.own(CAT.forms[up], day, rng, parent)
        return self.own(form, day, rng, parent)

    def own(self, form: Form, day: date, rng: Random, parent: str) -> str:
        rec = f"{form.id}-{next(self.serial):07}"
        fields = {f.column: f for f in form.own if not f.is_list}
        row: dict[str, Any] = {}
        for col in columns(form):
            f = fields.get(col)
            row[col] = self.value(f, form, day, rng) if f else None
        row |= {"id": rec, "office": "O", "desk": "", "rev": 1, "form_version": "1", "hash": "", "void": 0,
                "created_by": "", "created_at": f"{day}T10:00:00", "updated_by": "", "updated_at": ""}  # fmt: skip
        row["record_no"] = rec if form.prefix else None
        if form.parents:
            row[f"{form.parents[0]}_id"] = parent
        self.rows.setdefault(table(form.id), []).append(row)
        for f in form.own:
            if f.is_list and f.type not in ("photos", "files"):
                self.list(form, f, rec, day, rng)
        return rec

    def list(self, form: Form, f: Field, rec: str, day: date, rng: Random) -> None:
        rows = self.rows.setdefault(list_table(form.id, f.column), [])
        if f.type in VALUE_LISTS:
            found = {self.scalar(f, day, rng) for _ in range(2)} - {None}
            rows += [{"rec": rec, "pos": n, "value": v} for n, v in enumerate(sorted(found))]
        else:
            subs = {s.key: s for s in f.fields}
            cells = {c: self.value(subs[c], form, day, rng) for c in list_columns(f)}
            rows.append({"id": f"r{next(self.serial)}", "rec": rec, "pos": 0, **cells})

    def value(self, f: Field, form: Form, day: date, rng: Random) -> Any:
        """A value for a field; the main date is the day, later events follow within a week or have not come."""
        if f.type in ("date", "datetime"):
            main = f.key == form.date or (f.home in CAT.forms and f.column == "date") or f.key in ("date", "found_date")
            then = day if main else day + timedelta(rng.randrange(7))
            late = not main and (f.key.endswith("to") or rng.random() < 0.2)
            return None if late else then.isoformat() + ("T09:30" if f.type == "datetime" else "")
        return self.scalar(f, day, rng)

    def scalar(self, f: Field, day: date, rng: Random) -> Any:
        if f.type in ("choice", "multichoice"):
            return rng.choice(f.choices).code
        if f.type == "bool":
            return int(rng.random() < 0.3)
        if f.type in ("ref", "people"):
            ids = self.pool.get(f.ref or "person", [])
            rare = f.key == "campaign_id" or f.ref not in REGISTERS
            return (
                rng.choice(ids)
                if ids and f.key != "order_id" and not (f.type == "ref" and rare and rng.random() < 0.7)
                else None
            )
        if f.type in ("int", "ints", "money"):
            return day.year if f.key == "year" or f.type == "ints" else rng.randrange(1, 9)
        if f.type == "decimal":
            return rng.randrange(1, 90) / 10
        return f"{f.key}{rng.randrange(1000)}"


def made(folder: Path, name: str, months: int, times: int) -> Any:
    store = file.create(folder / f"{name}.envdesk", CAT, office="均禾街", clock=Clock())
    calendar.seed(store.con)
    Filler(store).fill(months, times)
    return store


# ------------------------------------------------------------------------------------------------------------ the steps
def steps(engine: Engine, figure: Figure) -> int:
    """Ticks of SQLite's machine for the value of a figure over the month."""
    window = Window(PERIOD.start, PERIOD.end, PERIOD.end)
    engine.query(FigureId(figure.id))
    ticks = itertools.count()
    con = engine.store.con
    con.raw.set_progress_handler(lambda: next(ticks) < 0, TICK)
    try:
        engine.count(FigureId(figure.id), window)
    finally:
        con.raw.set_progress_handler(None, 0)
    return next(ticks)


@pytest.fixture(scope="module")
def counts(tmp_path_factory) -> Iterator[dict[str, dict[str, int]]]:
    """File → figure → steps."""
    folder = tmp_path_factory.mktemp("步数")
    out: dict[str, dict[str, int]] = {}
    for name, months, times in (("some", 1 + MONTHS, 1), ("long", 1 + 10 * MONTHS, 1), ("double", 1 + MONTHS, 2)):
        with made(folder, name, months, times) as store:
            engine = Engine(store)
            window = Window(PERIOD.start, PERIOD.end, PERIOD.end)
            out["rows"] = {f.id: engine.count(FigureId(f.id), window).rows for f in FIGURES}
            out[name] = {f.id: steps(engine, f) for f in FIGURES}
    return out


#: A ratio is made of two figures that stand here themselves.
FIGURES = [f for f in CAT.figures.values() if not f.ratio]


def counted(figure: Figure) -> Figure:
    """The figure that names the records: of a rate its denominator."""
    while figure.share:
        figure = CAT.figures[figure.share]
    return figure


#: Counts events of the month: only the month may cost. The others look at states, at all that is open, or ahead.
BOUND = [f for f in FIGURES if counted(f).date and counted(f).kind != "stock"]
SLACK = 10  # a few hundred instructions that a figure spends once


def slow(counts: dict[str, dict[str, int]], figures: list[Figure], name: str, factor: float) -> list[str]:
    """Figures that cost more than *factor* times what they cost over the shorter file."""
    some, more = counts["some"], counts[name]
    return [f"{f.id}: {some[f.id]} → {more[f.id]}" for f in figures if more[f.id] > factor * some[f.id] + SLACK]


def test_the_past_costs_a_figure_of_the_month_nothing(counts):
    assert len(BOUND) > 150
    assert slow(counts, BOUND, "long", 1.2) == []


def test_ten_times_the_file_costs_no_figure_more_than_ten_times(counts):
    assert slow(counts, FIGURES, "long", 11) == []


def test_twice_the_data_costs_twice(counts):
    assert slow(counts, FIGURES, "double", 2.6) == []


def test_the_data_reach_most_figures(counts):
    """Steps over nothing would prove nothing."""
    empty = [f.id for f in FIGURES if counts["rows"][f.id] == 0]
    assert len(empty) < len(FIGURES) / 5, empty


def test_closing_leaves_no_statistics(tmp_path):
    """Statistics of one office would choose other ways than the ones counted here."""
    made(tmp_path, "one", 1, 1).close()
    with file.open_store(tmp_path / "one.envdesk", CAT) as store:
        assert not store.con.query("SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'")
