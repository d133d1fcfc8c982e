"""The demo office: reproducible, accepted whole, within its dates, and alive in every main figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from envdesk.clock import Clock
from envdesk.desk.demo import Summary, build_demo, default_until, generate
from envdesk.desk.demo_data import names
from envdesk.desk.demo_data.days import back_months, is_workday
from envdesk.desk.demo_data.office import ORDER
from envdesk.desk.office import load_forms
from envdesk.figures.compute import Computer
from envdesk.figures.period import parse_period
from envdesk.formdef.model import Catalogue
from envdesk.formdef.types import valid_usc
from envdesk.store.file import Store, open_store

UNTIL = date(2026, 3, 31)
START = date(2024, 4, 1)
RECORDS = 300
#: Days that may lie after the last day: what is planned or still to come.
AHEAD = frozenset({"due", "due_date", "new_due", "plan_end", "badge_until", "to", "end", "from"})


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_forms()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Summary:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    return build_demo(path, catalogue, seed=1, until=UNTIL, records=RECORDS)


def content(path: Path, catalogue: Catalogue) -> list[tuple[Any, ...]]:
    """Everything that tells two files apart: ids, hashes and times of all records, and the end of the chain."""
    with open_store(path, catalogue) as store:
        rows: list[tuple[Any, ...]] = [
            (form, *row)
            for form in sorted(catalogue.forms)
            for row in store.con.query(f"SELECT id, hash, created_at, created_by FROM t_{form} ORDER BY id")
        ]
        return [*rows, *store.con.query("SELECT no, at, who, hash FROM operation ORDER BY no DESC LIMIT 1")]


@cache
def made(seed: int, records: int | None = None) -> list[tuple[str, list[dict[str, Any]]]]:
    """An office, made up once."""
    return list(generate(seed=seed, until=UNTIL, records=records))


def dates(value: Any, key: str = "") -> list[tuple[str, str]]:
    """All days and moments of an object with their keys."""
    if isinstance(value, dict):
        return [found for k, v in value.items() for found in dates(v, k)]
    if isinstance(value, list):
        return [found for v in value for found in dates(v, key)]
    text = str(value)
    return [(key, text)] if len(text) in (10, 16) and text[4:5] == "-" and text[7:8] == "-" else []


def test_same_seed_same_file(tmp_path: Path, catalogue: Catalogue, built: Summary) -> None:
    again = build_demo(tmp_path / "again.db", catalogue, seed=1, until=UNTIL, records=RECORDS)

    assert again.counts == built.counts
    assert content(again.path, catalogue) == content(built.path, catalogue)


def test_other_seed_other_office() -> None:
    assert made(1, RECORDS) != made(2, RECORDS)


def test_every_form_gets_records(catalogue: Catalogue) -> None:
    seeded = {"parameter", "deadline_term"}
    typed = {f.id for f in catalogue.forms.values() if f.kind != "shared"} - seeded

    assert set(ORDER) >= typed
    assert {form for form, _objects in made(1)} >= typed


def test_about_as_many_records_as_asked() -> None:
    for wanted in (700, 9000):
        got = sum(len(objects) for _form, objects in made(3, wanted))

        assert abs(got - wanted) <= wanted * 0.1


def test_the_default_office_is_a_street() -> None:
    counts: dict[str, int] = {}
    for form, objects in made(1):
        counts[form] = counts.get(form, 0) + len(objects)

    assert 3000 <= sum(counts.values()) <= 5500
    assert 800 <= counts["work_order"] <= 1500
    assert counts["subject"] > 350
    assert counts["campaign"] == counts["river"] == 3


def test_a_form_that_is_not_there_is_left_out(tmp_path: Path, catalogue: Catalogue) -> None:
    fewer = {k: v for k, v in catalogue.forms.items() if k not in ("publicity_event", "air_quality")}
    less = replace(catalogue, forms=fewer)

    summary = build_demo(tmp_path / "less.db", less, seed=1, until=UNTIL, records=RECORDS, months=3)

    assert summary.records > 100
    assert "air_quality" not in summary.counts


def test_nothing_happens_after_the_last_day() -> None:
    for form, objects in made(4, 1500):
        for found in objects:
            for key, text in dates(found):
                assert key in AHEAD or text[:10] <= UNTIL.isoformat(), (form, key, found)


def test_records_begin_with_the_first_month() -> None:
    days = {
        found[key][:10]
        for form, objects in made(4, 1500)
        for found in objects
        for key in ("received_at", "visit_date")
        if key in found
    }

    assert START.isoformat() <= min(days) < "2024-05-01"
    assert max(days) >= "2026-03-20"


def test_visits_are_planned_on_working_days() -> None:
    days = {o["visit_date"] for _form, objects in made(4, 1500) for o in objects if "visit_date" in o}

    assert all(is_workday(date.fromisoformat(d)) for d in days)


def test_warnings_are_accepted_only_for_shops_of_one_name() -> None:
    accepted = {o["name"] for _form, objects in made(1) for o in objects if "warnings" in o}

    assert accepted == {"无牌鞋厂"}


def test_codes_and_numbers_have_a_valid_shape() -> None:
    found = [o for form, objects in made(1) for o in objects if form == "subject"]

    assert all(valid_usc(o["usc_code"]) for o in found if "usc_code" in o)
    assert all(o["phone"].startswith(("1380000", "000-")) for o in found if "phone" in o)


def test_names_keep_rare_characters() -> None:
    text = str(made(1))

    assert all(c in text for c in "堃喆䶮𬭎")
    assert all(name in text for name in names.LONG_NAMES[:1])


def test_kept_times_are_after_the_event_and_within_the_demo(built: Summary, catalogue: Catalogue) -> None:
    with open_store(built.path, catalogue) as store:
        rows = store.con.query("SELECT created_at, received_at FROM t_work_order")
        last = store.con.value("SELECT max(at) FROM operation")

    assert rows
    assert all(str(created)[:10] >= str(received)[:10] for created, received in rows)
    assert last <= "2026-03-31T18:30:00"


MAIN = [
    "insp_visits", "insp_subjects", "outing_cnt", "person_times", "prob_found", "voc_reg", "voc_covered", "gas_visits",
    "site_visits", "river_visits", "air_station_visits", "wo_received", "wo_closed_of_received", "wo_rate",
    "wo_ontime_rate", "sv_total", "rect_issued", "decl_done", "slw_done", "event_cnt", "air_pm25", "good_rate", "hw_visits",
    "div_visits",
]  # fmt: skip


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Any:
    path = tmp_path_factory.mktemp("demo") / "year.db"
    build_demo(path, catalogue, seed=1, until=date(2025, 12, 31), records=900, months=12)
    with open_store(path, catalogue, clock=Clock(datetime(2025, 12, 31, 18, 0))) as store:
        yield store


@pytest.mark.parametrize("figure", MAIN)
def test_main_figures_are_alive(year: Store, figure: str) -> None:
    result = Computer(year, parse_period("2025")).result(figure)

    assert result.current.number


def test_today_has_work_left(year: Store) -> None:
    computer = Computer(year, parse_period("2025"))

    assert computer.result("wo_open_end").current.number
    assert computer.result("rect_open_end").current.number


def test_default_until_is_the_end_of_last_month() -> None:
    assert default_until(date(2026, 3, 1)) == date(2026, 2, 28)
    assert back_months(date(2026, 10, 31), 23) == date(2024, 11, 1)


def test_only_drains_are_closed_for_the_time_being_and_not_for_years() -> None:
    orders = [o for form, rows in made(1) if form == "work_order" for o in rows]
    stages = [o for o in orders if o.get("close_type") == "阶段性办结"]

    assert len(orders) > 300
    assert all(set(o["pollution"]) & {"水"} for o in stages)
    assert all((UNTIL - date.fromisoformat(o["closed_at"])).days < 90 for o in stages)
