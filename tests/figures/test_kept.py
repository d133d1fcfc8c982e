"""Kept figures: quick the second time, and never other than figures worked out anew."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import making
import pytest
from clerk_day import COMMANDS, Day
from hypothesis import HealthCheck, given, settings, strategies as st
from undo_office import DAYS, SUBJECTS, make_template, open_copy

from envdesk import sql
from envdesk.desk.office import Desk, import_calendar, set_setting
from envdesk.desk.seals import seal, unseal
from envdesk.errors import Refused
from envdesk.figures.compute import Computer, Result
from envdesk.figures.period import parse_period
from envdesk.store import drafts, kept
from envdesk.store.kept import Kept
from envdesk.store.save import add, edit, void
from envdesk.store.undo import undo

MONTH = parse_period("2026-10")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return make_template(tmp_path_factory.mktemp("留") / "台账.envdesk")


@pytest.fixture
def store(template, data_dir) -> Iterator[Any]:
    """Two factories, one sheet, one order."""
    with open_copy(template, data_dir) as opened:
        making.put(opened, "inspection", making.visit(SUBJECTS[0], DAYS[0], findings=[making.LIMIT]))
        making.put(opened, "work_order", making.order("A1", DAYS[0]))
        yield opened


def month(store) -> dict[str, Result]:
    """All figures of the month."""
    return Computer(store, MONTH).results(store.catalogue.figures)


def anew(store) -> dict[str, Result]:
    """All figures of the month with nothing kept."""
    memory, store.kept = store.kept, Kept(store.con)
    try:
        return month(store)
    finally:
        store.kept = memory


@contextmanager
def asked(store) -> Iterator[list[str]]:
    """Evidence queries that SQLite is asked in the block."""
    seen: list[str] = []
    store.con.raw.set_trace_callback(lambda text: seen.append(text) if "count(distinct unit)" in text else None)
    try:
        yield seen
    finally:
        store.con.raw.set_trace_callback(None)


# ------------------------------------------------------------------------------------------------------ what is saved
def test_the_second_asking_costs_no_query(store):
    first = month(store)
    with asked(store) as queries:
        assert month(store) == first
    assert queries == []


def test_a_day_of_its_own_for_every_question(store):
    """Another month, cut-off or part is another answer."""
    month(store)
    september = Computer(store, parse_period("2026-09")).result("insp_visits")
    assert (september.text, month(store)["insp_visits"].text) == ("0", "1")
    parts = {r.id: r.text for r in Computer(store, MONTH).split("prob_found", "nature")}
    assert parts == {"prob_found:nature=一般问题": "1"}
    early = Computer(store, MONTH, parse_period(DAYS[0]).start)
    assert early.windows.current.cut != Computer(store, MONTH).windows.current.cut
    making.put(store, "work_order", making.order("A2", DAYS[0], closed_at="2026-10-20", **making.CLOSING))
    assert [c.result("wo_rate").text for c in (early, Computer(store, MONTH))] == ["0%", "50.00%"]


def test_saving_an_order_leaves_the_figures_of_visits_in_memory(store):
    month(store)
    making.put(store, "work_order", making.order("A2", DAYS[1]))
    with asked(store) as queries:
        assert month(store)["wo_received"].text == "2"
    assert queries
    assert all("t_work_order" in text for text in queries)


def test_drafts_and_seals_throw_nothing_away(store):
    desk = Desk(store, store.catalogue, store.clock, "测试")
    first = month(store)
    draft = drafts.keep(store, "inspection", {"remark": "写到一半"})
    seal(desk, "2026-09")
    unseal(desk, "2026-09", "补录")
    drafts.discard(store, draft)
    with asked(store) as queries:
        assert month(store) == first
    assert queries == []


# --------------------------------------------------------------------------------------------------- what is not kept
def test_a_setting_shows_at_once(store):
    desk = Desk(store, store.catalogue, store.clock, "测试")
    making.put(store, "inspection", making.visit(SUBJECTS[1], DAYS[0]))
    assert month(store)["person_times"].text == "2"
    set_setting(desk, "person_times_by", "检查")
    assert month(store) == anew(store)
    assert month(store)["person_times"].text == "4"


def test_a_row_written_past_all_primitives_shows_at_once(store):
    assert month(store)["insp_visits"].text == "1"
    store.con.execute("UPDATE t_inspection SET void = 1")
    assert month(store)["insp_visits"].text == "0"


def test_a_row_of_another_connection_shows_at_once(store):
    assert month(store)["insp_visits"].text == "1"
    other = sql.connect(store.path)
    other.execute("UPDATE t_inspection SET void = 1")
    other.close()
    assert month(store)["insp_visits"].text == "0"


def test_what_is_rolled_back_was_never_counted(store):
    assert month(store)["insp_visits"].text == "1"

    def cut_short() -> None:
        with store.con.atomic():
            making.put(store, "inspection", making.visit(SUBJECTS[1], DAYS[0]))
            assert month(store)["insp_visits"].text == "2"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cut_short()
    assert month(store)["insp_visits"].text == "1"


def test_a_refused_save_and_a_savepoint_leave_the_figures(store):
    first = month(store)
    assert add(store, "inspection", [making.visit(SUBJECTS[1], "2027-01-01")]).refused
    assert month(store) == first == anew(store)


def test_a_new_holiday_table_shows_at_once(store):
    desk = Desk(store, store.catalogue, store.clock, "测试")
    before = store.kept.query("SELECT sum(is_workday) FROM calendar WHERE day LIKE '2027%'", {})
    import_calendar(desk, "2027-01-01,休,元旦")
    after = store.kept.query("SELECT sum(is_workday) FROM calendar WHERE day LIKE '2027%'", {})
    assert (before, after) == ([(None,)], [(260,)])


def test_a_text_that_asks_for_the_time_is_never_kept(store):
    for text in ("SELECT julianday('now')", "SELECT date()", "SELECT strftime('%f')"):
        with asked(store):
            seen: list[str] = []
            store.con.raw.set_trace_callback(seen.append)
            store.kept.query(text, {})
            store.kept.query(text, {})
            assert seen.count(text) == 2, text


def test_the_memory_has_a_bound(store, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 100)
    assert month(store) == anew(store)
    assert len(store.kept._rows) <= 100
    assert month(store) == anew(store)


# -------------------------------------------------------------------------------------------------- over random changes
SETTINGS = st.sampled_from([
    ("person_times_by", "检查"), ("person_times_by", "出动"), ("baseline_date", "2026-10-13"), ("baseline_date", ""),
    ("fine_decimals", "4"),
])  # fmt: skip
OTHERS = st.one_of(
    st.tuples(st.just("setting"), SETTINGS),
    st.tuples(st.just("calendar"), st.just("2027-01-01,休,元旦")),
    st.tuples(st.just("typed"), st.integers(1, 50)),
    st.tuples(st.just("bare"), st.sampled_from(["inspection", "work_order", "subject"])),
    st.tuples(st.just("draft"), st.just("work_order")),
)
NAMES = itertools.count()


def change(day: Day, command: tuple) -> None:
    """One thing that happens to an office; what is refused changes nothing."""
    store = day.store
    name, *args = command
    desk = Desk(store, store.catalogue, store.clock, "测试")
    if name == "setting":
        set_setting(desk, *args[0])
    elif name == "calendar":
        import_calendar(desk, args[0])
    elif name == "typed":
        add(store, "history_value", [{"figure_id": "insp_visits", "start": "2026-09-01", "end": "2026-09-30",
                                      "value": args[0], "source": "月报", "warnings": "accept"}])  # fmt: skip
    elif name == "bare":
        store.con.execute(f"UPDATE t_{args[0]} SET created_at = created_at || '', void = 0")
    elif name == "draft":
        drafts.keep(store, args[0], {"content": "写到一半"})
    else:
        try:
            getattr(day, name)(*args)
        except Refused:
            return


@pytest.mark.slow
def test_kept_and_fresh_figures_agree_whatever_happens(template, data_dir, slow_size):
    @settings(max_examples=slow_size(bounded=10, full=400), suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.lists(COMMANDS | OTHERS, min_size=3, max_size=8))
    def run(commands):
        with open_copy(template, data_dir, f"{next(NAMES)}.envdesk") as store:
            day = Day(store)
            assert month(store) == anew(store)
            for command in commands:
                change(day, command)
                found, fresh = month(store), anew(store)
                assert found == fresh, [k for k in found if found[k] != fresh[k]]
        store.path.unlink()

    run()


def test_edit_void_and_undo_each_show_at_once(store):
    rec = store.con.value("SELECT id FROM t_inspection")
    making.ok(edit(store, "inspection", rec, {"subject_id": SUBJECTS[1], "warnings": "accept"}))
    assert month(store) == anew(store)
    void(store, "inspection", rec, "录错")
    assert month(store)["insp_visits"].text == "0"
    undo(store)
    assert month(store)["insp_visits"].text == "1"
    assert month(store) == anew(store)
