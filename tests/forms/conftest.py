"""Makes the samples importable, and gives office files that hold them."""

import shutil
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from envdesk import paths
from envdesk.clock import Clock
from envdesk.figures.compute import Computer
from envdesk.figures.period import parse_period
from envdesk.formdef.loader import load
from envdesk.store import calendar, file
from envdesk.store.save import add, edit

sys.path.insert(0, str(Path(__file__).parent))

from samples import BEFORE, SOUND

CLOCK = Clock(datetime(2023, 8, 1, 10, 0))


class Office:
    """One open file: what is put in, and what comes out."""

    def __init__(self, store):
        self.store = store

    def add(self, form, *objects):
        """Add records with all warnings acknowledged; returns their ids."""
        outcome = add(self.store, form, [{"warnings": "accept", **o} for o in objects])
        assert outcome.ids, [p.message for p in outcome.problems]
        return outcome.ids

    def edit(self, form, rec, **values):
        """Change a record."""
        outcome = edit(self.store, form, rec, values)
        assert outcome.ids, [p.message for p in outcome.problems]

    def values(self, period, *names, cut=""):
        """Figures as printed."""
        computer = Computer(self.store, parse_period(period), date.fromisoformat(cut) if cut else None)
        return [computer.result(name).text for name in names]

    def split(self, period, name, by):
        """A figure by a dimension, zeros left out."""
        results = Computer(self.store, parse_period(period)).split(name, by)
        return {r.id.rpartition("=")[2]: r.text for r in results if r.text != "0"}


@pytest.fixture(scope="session")
def catalogue():
    return load([paths.forms_dir()])


@pytest.fixture(scope="session")
def base_file(catalogue, tmp_path_factory):
    """An office file of 2023-08-01 with its working days, seeds, settings and the records the samples need."""
    path = tmp_path_factory.mktemp("台账") / "台账.envdesk"
    store = file.create(path, catalogue, office="均禾街", clock=CLOCK, who="测试")
    with store.con.atomic():
        calendar.seed(store.con)
        store.con.execute("INSERT INTO setting VALUES ('baseline_date', '2023-01-01')")
    seeds = [(f.id, [dict(s) for s in f.seeds]) for f in catalogue.forms.values() if f.seeds]
    for form, rows in [*seeds, *((form, [values]) for form, values in BEFORE)]:
        assert add(store, form, rows).ids
    store.close()
    return path


@pytest.fixture(scope="session")
def saved(base_file, catalogue, tmp_path_factory):
    """The base file with every sample saved: the store, and the problems that saving each one had."""
    path = shutil.copy(base_file, tmp_path_factory.mktemp("全部") / "全部.envdesk")
    store = file.open_store(path, catalogue, clock=CLOCK, who="测试")
    with store.con.atomic():
        store.con.execute("INSERT INTO setting VALUES ('annual_cap', '1')")
    yield store, {form: add(store, form, [values]).problems for form, values in SOUND.items()}
    store.close()


@pytest.fixture
def office(base_file, catalogue, tmp_path):
    """A copy of the base file, driven through :class:`Office`."""
    path = shutil.copy(base_file, tmp_path / "台账.envdesk")
    store = file.open_store(path, catalogue, clock=CLOCK, who="测试")
    yield Office(store)
    store.close()
