"""Whatever was done can be taken back, newest first, to exactly what was; never half, never silently."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import making
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from envdesk.errors import Refused
from envdesk.formdef.live import table
from envdesk.store.operations import load, operation
from envdesk.store.query import fetch
from envdesk.store.save import Outcome, add, edit, void
from envdesk.store.undo import blockers, last, undo

PEOPLE = ("李敏", "王强", "陈静")
DAYS = ("2026-10-12", "2026-10-13")
SUBJECTS = ("甲鞋厂", "乙鞋厂", "丙鞋厂")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("撤销") / "台账.envdesk"
    with making.make(path) as store:
        making.put(store, "subject", making.subject(SUBJECTS[0]), making.subject(SUBJECTS[1]))
        making.put(store, "river", {"name": "均禾涌"})
    return path


def open_copy(template, folder, name="台账.envdesk"):
    store = making.reopen(making.copy_of(template, folder / name))
    store.con.execute("PRAGMA synchronous = OFF")
    ids = itertools.count(1)
    store.new_id = lambda: f"id-{next(ids):05}"
    return store


@pytest.fixture
def store(template, data_dir):
    with open_copy(template, data_dir) as opened:
        yield opened


def number_of(store) -> int:
    return store.con.value("SELECT max(no) FROM operation")


def everything(store) -> list:
    names = [t for (t,) in store.con.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")]
    return [store.con.query(f'SELECT * FROM "{t}" ORDER BY 1, 2') for t in names]


def named(refused: Refused) -> set[int]:
    assert refused.code == "undo_blocked"
    return {int(n) for n in refused.context["operations"].split("、")}


def blocked(store, no: int, **more) -> set[int]:
    """Undo that must be refused, with nothing changed; returns the operations it names."""
    before = everything(store)
    with pytest.raises(Refused) as caught:
        undo(store, no, **more)
    assert everything(store) == before
    return named(caught.value)


def in_force(store, after: int) -> list[int]:
    """Operations that stand, as a person sees it: neither undone nor an undo."""
    sql = "SELECT no FROM operation WHERE undone_by IS NULL AND undoes IS NULL AND no > ? ORDER BY no"
    return [n for (n,) in store.con.query(sql, (after,))]


# -------------------------------------------------------------------------------------------------- a clerk's mixed day
REFUSALS = {"undo_blocked", "undo_done_before", "undo_nothing", "is_void", "already_void", "not_found"}


class Day:
    """Plays generated commands on a real file; what is refused changes nothing."""

    def __init__(self, store) -> None:
        self.store = store
        self.first = number_of(store)
        self.start = making.content(store)
        self.numbers: dict[str, str] = {}
        self.count = 0

    def pick(self, form: str, n: int) -> str:
        rows = self.store.con.query(f"SELECT id FROM {table(form)} WHERE void = 0 ORDER BY id")
        return rows[n % len(rows)][0] if rows else ""

    def play(self, command: tuple) -> None:
        name, *args = command
        before = number_of(self.store), making.content(self.store)
        try:
            done = getattr(self, name)(*args)
        except Refused as exc:
            if exc.code not in REFUSALS:
                raise
            done = None
        if done is None or done.refused:
            assert (number_of(self.store), making.content(self.store)) == before
        for (_form, rec), (_hash, _void, no) in making.content(self.store).items():
            assert no is None or self.numbers.setdefault(no, rec) == rec, f"{no} was given twice"

    def sheet(self, form: str, who: int, whom: int, day: int, findings: int):
        self.count += 1
        extra = {"assistance": {"way": "现场指导", "advice": "换炭"}}.get(form, {})
        rows = [making.LIMIT, making.AT_ONCE, making.LIMIT | {"desc": f"第{self.count}次"}][:findings]
        people = PEOPLE[: who + 1]
        return add(self.store, form, [making.visit(
            SUBJECTS[whom], DAYS[day], people, findings=rows, warnings="accept", **extra)])  # fmt: skip

    def subject(self, n: int):
        self.count += 1
        return add(
            self.store, "subject", [making.subject(f"新厂{self.count}", aliases=[SUBJECTS[n]], warnings="accept")]
        )

    def order(self, n: int):
        self.count += 1
        extra = {"respondent_id": self.pick("subject", n), "warnings": "accept"}
        return add(self.store, "work_order", [making.order(f"Z{self.count}", DAYS[n % 2], **extra)])

    def river(self, who: int):
        seen = [{"outfall_id": self.pick("subject", who), "flow": "清水"}]
        return add(self.store, "outfall_patrol", [{
            "date": DAYS[0], "session": "上午", "people": list(PEOPLE[: who + 1]), "river_id": "均禾涌",
            "warnings": "accept", "outfalls": seen}])  # fmt: skip

    def batch(self, n: int):
        self.count += 1
        rows = [making.visit(SUBJECTS[(n + k) % 2], DAYS[k % 2], PEOPLE[: 1 + k], findings=[making.LIMIT] * k,
                             warnings="accept") for k in range(3)]  # fmt: skip
        return add(self.store, "inspection", rows, verb="import")

    def edit(self, form: str, n: int, change: dict):
        rec = self.pick(form, n)
        if not rec:
            return None
        if "findings" in change:
            rows = fetch(self.store, self.store.catalogue.form(form), rec)["findings"]
            how = change["findings"]
            rows = {"drop": rows[1:], "turn": rows[::-1], "add": [*rows, making.LIMIT],
                    "word": [r | {"desc": f"改{self.count}"} for r in rows]}[how]  # fmt: skip
            change = {"findings": rows, "result": "发现问题" if rows else "未发现问题"}
        return edit(self.store, form, rec, change | {"warnings": "accept"})

    def void(self, form: str, n: int):
        rec = self.pick(form, n)
        return void(self.store, form, rec, "录错") if rec else None

    def undo(self, back: int, keep: bool):
        no = number_of(self.store) - back
        if no <= self.first:
            return None
        undo(self.store, no, keep_touched=keep)
        return Outcome(operation=no)


FORMS = st.sampled_from(["inspection", "vocs_check", "assistance"])
FEW = st.integers(0, 2)
SHEET_CHANGES = st.sampled_from([
    {"remark": "一"}, {"remark": "二"}, {"remark": None}, {"people": ["李敏", "陈静"]}, {"people": ["李敏"]},
    {"people": ["李敏", "王强"]}, {"subject_id": SUBJECTS[0]}, {"subject_id": SUBJECTS[1]}, {"visit_date": DAYS[0]},
    {"visit_date": DAYS[1], "session": "下午"}, {"source": "专项检查"}, {"vehicles": 2},
    {"joint_depts": ["住建", "城管"]}, {"findings": "drop"},
    {"findings": "turn"}, {"findings": "add"}, {"findings": "word"}, {"team_count": 2},
])  # fmt: skip
RECT_CHANGES = st.sampled_from([
    {"verify_date": "2026-10-20", "verify_result": "已整改", "verify_people": ["李敏"], "next": "销号"},
    {"problem": "另一问题"}, {"subject_id": SUBJECTS[1]}, {"remark": "三"},
    {"extensions": [{"applied_at": "2026-10-14", "reason": "停产", "new_due": "2026-12-01", "approved": True}]},
])  # fmt: skip
ORDER_CHANGES = st.sampled_from([
    {"closed_at": "2026-10-20", **making.CLOSING}, {"pollution": ["水", "大气-扬尘"]}, {"pollution": []},
    {"content": "又来"}, {"revisit": [{"date": "2026-10-21", "result": "满意"}]}, {"respondent_id": None},
])  # fmt: skip
SUBJECT_CHANGES = st.sampled_from([
    {"aliases": ["旧名"]}, {"types": ["餐饮单位"]}, {"status": "停产/停工", "status_from": "2026-10-01"},
    {"contact": "张三"},
])  # fmt: skip
COMMANDS = st.one_of(
    st.tuples(st.just("sheet"), FORMS, FEW, st.integers(0, 1), st.integers(0, 1), st.integers(0, 3)),
    st.tuples(st.just("sheet"), FORMS, FEW, st.integers(0, 1), st.integers(0, 1), st.integers(0, 3)),
    st.tuples(st.sampled_from(["subject", "order", "river", "batch"]), FEW),
    st.tuples(st.just("edit"), FORMS, FEW, SHEET_CHANGES),
    st.tuples(st.just("edit"), FORMS, FEW, SHEET_CHANGES),
    st.tuples(st.just("edit"), st.just("rectification"), FEW, RECT_CHANGES),
    st.tuples(st.just("edit"), st.just("work_order"), FEW, ORDER_CHANGES),
    st.tuples(st.just("edit"), st.just("subject"), FEW, SUBJECT_CHANGES),
    st.tuples(st.just("void"), st.sampled_from(["inspection", "vocs_check", "rectification", "work_order"]), FEW),
    st.tuples(st.just("undo"), st.integers(0, 4), st.booleans()),
)


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
    @settings(max_examples=slow_size(bounded=50, full=3000), **LIMITS)
    @given(st.lists(COMMANDS, min_size=2, max_size=12))
    def run(commands):
        with played(template, data_dir, commands) as day:
            while in_force(day.store, day.first):
                undo(day.store)
            assert making.content(day.store) == day.start

    run()


@pytest.mark.slow
def test_undoing_what_stands_in_the_way_first_always_ends(template, data_dir, slow_size):
    @settings(max_examples=slow_size(bounded=50, full=3000), **LIMITS)
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
    @settings(max_examples=slow_size(bounded=40, full=2000), **LIMITS)
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
