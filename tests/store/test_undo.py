"""Whatever was done can be taken back, newest first, to exactly what was; never half, never silently."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import making
import pytest
from undo_office import DAYS, PEOPLE, SUBJECTS, everything, make_template, named, number_of, open_copy

from envdesk.errors import Refused
from envdesk.formdef.live import table
from envdesk.store.operations import load, operation
from envdesk.store.query import fetch
from envdesk.store.save import edit, void
from envdesk.store.undo import blockers, last, undo


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return make_template(tmp_path_factory.mktemp("撤销") / "台账.envdesk")


@pytest.fixture
def store(template, data_dir):
    with open_copy(template, data_dir) as opened:
        yield opened


def blocked(store, no: int, **more) -> set[int]:
    """Undo that must be refused, with nothing changed; returns the operations it names."""
    before = everything(store)
    with pytest.raises(Refused) as caught:
        undo(store, no, **more)
    assert everything(store) == before
    return named(caught.value)


# ----------------------------------------------------------------------------------------------------- single sentences
def test_a_sheet_goes_with_all_it_made(store):
    start = making.content(store)
    making.put(store, "inspection", making.visit(SUBJECTS[0], DAYS[0], findings=[making.LIMIT]))
    assert {f for f, _r in making.content(store).keys() - start.keys()} == {
        "inspection", "visit", "outing", "person", "rectification"}  # fmt: skip
    undo(store)
    assert making.content(store) == start
    assert making.faults(store) == []
    assert store.con.value("SELECT count(*) FROM t_outing__people") == 0


def test_a_number_is_not_given_again(store):
    def first(form="inspection"):
        rec = making.put(store, form, making.visit(SUBJECTS[0], DAYS[0]))[0]
        return store.con.value(f"SELECT record_no FROM {table(form)} WHERE id = ?", (rec,))

    one = first()
    undo(store)
    two = first()
    assert (one[-4:], two[-4:]) == ("0001", "0002")


def test_an_undo_gives_the_record_its_own_number_back(store):
    rec = making.put(store, "work_order", making.order("A1", DAYS[0]))[0]
    before = store.con.dicts("SELECT * FROM t_work_order")[0]
    no = number_of(store)
    back = undo(store, no)
    assert fetch_or_none(store, "work_order", rec) is None
    undo(store, back)
    after = store.con.dicts("SELECT * FROM t_work_order")[0]
    assert {k: after[k] for k in before if k not in ("rev", "updated_at", "updated_by")} == {
        k: before[k] for k in before if k not in ("rev", "updated_at", "updated_by")}  # fmt: skip
    assert store.con.value("SELECT undone_by FROM operation WHERE no = ?", (no,)) is None


def test_an_undo_undone_and_done_again_stays_undone(store):
    start = making.content(store)
    making.put(store, "work_order", making.order("A1", DAYS[0]))
    made = number_of(store)
    full = making.content(store)
    no = made
    for turn in range(5):
        no = undo(store, no)
        assert making.content(store) == (full if turn % 2 else start)
        undone = store.con.value("SELECT undone_by FROM operation WHERE no = ?", (made,)) is not None
        assert undone == (turn % 2 == 0)
    with pytest.raises(Refused) as caught:
        undo(store, made)
    assert caught.value.code == "undo_done_before"


def fetch_or_none(store, form, rec):
    return load(store, store.catalogue.form(form), rec)


def test_later_work_on_the_same_field_is_named(store):
    rec = making.put(store, "work_order", making.order("A1", DAYS[0]))[0]
    made = number_of(store)
    making.ok(edit(store, "work_order", rec, {"content": "二"}))
    second = number_of(store)
    making.ok(edit(store, "work_order", rec, {"content": "三", "location": "一街"}))
    third = number_of(store)
    making.ok(edit(store, "work_order", rec, {"handler": "王强"}))
    fourth = number_of(store)
    assert blocked(store, made) == {second, third, fourth}
    assert blocked(store, second) == {third}
    undo(store, third)
    undo(store, second)
    assert fetch(store, store.catalogue.form("work_order"), rec)["content"] == "夜间有异味"
    assert fetch(store, store.catalogue.form("work_order"), rec)["handler"] == "王强"


def test_a_record_that_something_points_at_stays(store):
    making.put(store, "subject", making.subject(SUBJECTS[2]))
    made = number_of(store)
    making.put(store, "work_order", making.order("A1", DAYS[0]))
    order = number_of(store)
    rec = store.con.value("SELECT id FROM t_work_order")
    assert blockers(store, made) == set()
    making.ok(edit(store, "work_order", rec, {"respondent_id": SUBJECTS[2]}))
    points = number_of(store)
    assert blocked(store, made) == {points}
    undo(store, points)
    undo(store, made)
    assert store.con.value("SELECT undone_by FROM operation WHERE no = ?", (order,)) is None


def test_the_operation_that_points_is_named_not_any_later_one(store):
    """Undoing what is named must open the way; an unrelated edit and its undo after it must not be asked for."""
    making.put(store, "subject", making.subject(SUBJECTS[2]))
    made = number_of(store)
    rec = making.put(store, "work_order", making.order("A1", DAYS[0]))[0]
    making.ok(edit(store, "work_order", rec, {"respondent_id": SUBJECTS[2]}))
    points = number_of(store)
    making.ok(edit(store, "work_order", rec, {"content": "又来"}))
    undo(store)
    assert blocked(store, made) == {points}


def test_what_an_undo_restores_must_still_have_what_it_points_at(store):
    making.put(store, "subject", making.subject(SUBJECTS[2]))
    made = number_of(store)
    making.put(store, "inspection", making.visit(SUBJECTS[2], DAYS[0]))
    removed = undo(store)
    gone = undo(store, made)
    assert blocked(store, removed) == {gone}
    undo(store, gone)
    undo(store, removed)
    assert making.faults(store) == []


def test_a_field_is_not_set_back_to_a_record_that_is_gone(store):
    making.put(store, "subject", making.subject(SUBJECTS[2]))
    made = number_of(store)
    rec = making.put(store, "work_order", making.order("A1", DAYS[0]))[0]
    making.ok(edit(store, "work_order", rec, {"respondent_id": SUBJECTS[2]}))
    first = number_of(store)
    making.ok(edit(store, "work_order", rec, {"respondent_id": SUBJECTS[0]}))
    second = number_of(store)
    assert blocked(store, first) == {second}
    gone = undo(store, made)
    assert blocked(store, second) == {gone}
    assert making.faults(store) == []


def test_looking_at_personal_data_is_no_work_to_undo(store):
    rec = making.put(store, "work_order", making.order("A1", DAYS[0], complainant="张三"))[0]
    made = number_of(store)
    with operation(store, "reveal", form="work_order", why="回访") as op:
        op.log("work_order", rec, "@reveal", None, None)
    seen = number_of(store)
    assert last(store) == made
    with pytest.raises(Refused) as caught:
        undo(store, seen)
    assert caught.value.code == "undo_nothing"
    undo(store)
    assert fetch_or_none(store, "work_order", rec) is None
    assert making.faults(store) == []


def test_what_is_undone_is_not_undone_again(store):
    making.put(store, "work_order", making.order("A1", DAYS[0]))
    no = number_of(store)
    undo(store, no)
    before = everything(store)
    for number, code in ((no, "undo_done_before"), (9999, "undo_unknown")):
        with pytest.raises(Refused) as caught:
            undo(store, number)
        assert caught.value.code == code
    assert everything(store) == before


def test_rows_given_back_as_they_were_read_are_no_change(store):
    rec = making.put(store, "inspection", making.visit(SUBJECTS[0], DAYS[0], findings=[making.LIMIT, making.AT_ONCE]))[
        0
    ]
    rows = fetch(store, store.catalogue.form("inspection"), rec)["findings"]
    before = number_of(store), making.content(store), store.con.query("SELECT rev FROM t_inspection")
    edit(store, "inspection", rec, {"findings": rows, "warnings": "accept"})
    edit(
        store, "inspection", rec, {"findings": [{k: v for k, v in r.items() if v} for r in rows], "warnings": "accept"}
    )
    assert (number_of(store), making.content(store), store.con.query("SELECT rev FROM t_inspection")) == before


def test_a_void_record_comes_back_with_its_visit(store):
    rec = making.put(store, "inspection", making.visit(SUBJECTS[0], DAYS[0]))[0]
    before = making.content(store)
    void(store, "inspection", rec, "录错")
    assert store.con.one("SELECT v.void, o.void FROM t_visit v, t_outing o") == (1, 1)
    undo(store)
    assert making.content(store) == before


def test_a_second_sheet_stands_in_the_way_of_the_visit_it_joined(store):
    making.put(store, "inspection", making.visit(SUBJECTS[0], DAYS[0]))
    one = number_of(store)
    making.put(store, "vocs_check", making.visit(SUBJECTS[0], DAYS[0]))
    two = number_of(store)
    assert store.con.value("SELECT count(*) FROM t_visit") == 1
    assert blocked(store, one) == {two}
    undo(store, two)
    undo(store, one)
    assert store.con.value("SELECT count(*) FROM t_visit") == 0


# ------------------------------------------------------------------------------------------------------- many at once
@pytest.fixture
def imported(store) -> tuple:
    ids = making.put(
        store, "inspection",
        *(making.visit(SUBJECTS[n % 2], DAYS[n // 2], PEOPLE[: 1 + n // 2], findings=[making.LIMIT]) for n in range(4)),
        verb="import",
    )  # fmt: skip
    return number_of(store), ids


def kept(store, form="inspection") -> set[str]:
    return {r for (r,) in store.con.query(f"SELECT id FROM {table(form)}")}


def test_an_import_with_a_touched_record_is_undone_but_for_it(store, imported):
    no, ids = imported
    making.ok(edit(store, "inspection", ids[0], {"remark": "已核", "warnings": "accept"}))
    assert blocked(store, no) == {number_of(store)}
    undo(store, no, keep_touched=True)
    assert kept(store) == {ids[0]}
    row = fetch(store, store.catalogue.form("inspection"), ids[0])
    assert row["remark"] == "已核"
    assert row["findings"][0]["rect_id"] in kept(store, "rectification")
    assert kept(store, "visit") == {row["visit_id"]}
    assert kept(store, "outing") == {row["outing_id"]}
    assert len(kept(store, "person")) == 1
    assert making.faults(store) == []
    undo(store)
    assert store.con.value("SELECT remark FROM t_inspection") is None


@pytest.mark.parametrize("touch", ["rectification", "person", "visit_by_a_second_sheet", "order"])
def test_what_a_touched_record_needs_is_kept_with_it(store, imported, touch):
    no, ids = imported
    if touch == "rectification":
        rec = fetch(store, store.catalogue.form("inspection"), ids[1])["findings"][0]["rect_id"]
        making.ok(edit(store, "rectification", rec, {"remark": "看过", "warnings": "accept"}))
    elif touch == "person":
        rec = store.con.value("SELECT id FROM t_person WHERE name = '王强'")
        making.ok(edit(store, "person", rec, {"badge_no": "44010001", "warnings": "accept"}))
    elif touch == "visit_by_a_second_sheet":
        making.put(store, "vocs_check", making.visit(SUBJECTS[0], DAYS[0], PEOPLE[:1]))
    else:
        making.put(store, "work_order", making.order("A1", DAYS[0]))
    if touch == "order":
        undo(store, no)
        assert kept(store) == set()
    else:
        assert blocked(store, no) == {number_of(store)}
        undo(store, no, keep_touched=True)
    assert making.faults(store) == []
    assert len(kept(store)) <= 1


def test_only_operations_of_many_records_are_undone_in_part(store):
    rec = making.put(store, "inspection", making.visit(SUBJECTS[0], DAYS[0]))[0]
    no = number_of(store)
    making.ok(edit(store, "inspection", rec, {"remark": "已核", "warnings": "accept"}))
    assert blocked(store, no, keep_touched=True) == {number_of(store)}


def test_an_import_of_which_all_is_touched_is_refused(store, imported):
    no, ids = imported
    for rec in ids:
        making.ok(edit(store, "inspection", rec, {"remark": "已核", "warnings": "accept"}))
        rect = fetch(store, store.catalogue.form("inspection"), rec)["findings"][0]["rect_id"]
        making.ok(edit(store, "rectification", rect, {"remark": "看过", "warnings": "accept"}))
    for n, (person,) in enumerate(store.con.query("SELECT id FROM t_person")):
        making.ok(edit(store, "person", person, {"badge_no": f"4401000{n}", "warnings": "accept"}))
    before = everything(store)
    with pytest.raises(Refused) as caught:
        undo(store, no, keep_touched=True)
    assert caught.value.code == "undo_nothing"
    assert everything(store) == before


# ---------------------------------------------------------------------------------------------------- never half
def test_an_undo_that_fails_in_the_middle_changes_nothing(store, monkeypatch):
    making.put(store, "inspection", making.visit(SUBJECTS[0], DAYS[0], findings=[making.LIMIT]))
    before = everything(store)
    from envdesk.store import undo as module

    take: Callable = module._take_back
    calls = itertools.count()

    def fail(op, change):
        if next(calls) == 3:
            raise RuntimeError("power cut")
        take(op, change)

    monkeypatch.setattr(module, "_take_back", fail)
    with pytest.raises(RuntimeError):
        undo(store)
    assert everything(store) == before


def test_the_chain_shows_a_change_by_hand(store):
    making.put(store, "work_order", making.order("A1", DAYS[0]))
    assert making.faults(store) == []
    store.con.execute("UPDATE operation SET who = '别人' WHERE no = ?", (number_of(store),))
    assert making.faults(store) == [f"chain {number_of(store)}"]
    store.con.execute("UPDATE t_work_order SET content = '改'")
    assert len(making.faults(store)) == 2
