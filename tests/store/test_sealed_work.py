"""A sealed month as people meet it: later events pass, a change of the month needs a reason, undo and unseal."""

from __future__ import annotations

from datetime import date

import making
import pytest

from envdesk.errors import Refused
from envdesk.store import seals
from envdesk.store.operations import operation
from envdesk.store.query import fetch
from envdesk.store.save import add, edit, void
from envdesk.store.undo import undo

JUNE = (date(2026, 6, 1), date(2026, 6, 30))


@pytest.fixture(scope="module")
def june(tmp_path_factory):
    """An office with records of June and July, June sealed; closed, to be copied."""
    path = tmp_path_factory.mktemp("六月") / "台账.envdesk"
    with making.make(path) as store:
        making.put(store, "subject", making.subject("甲鞋厂"), making.subject("乙鞋厂"))
        making.put(store, "inspection", making.visit("甲鞋厂", "2026-06-10", findings=[making.LIMIT, making.AT_ONCE]))
        making.put(store, "inspection", making.visit("乙鞋厂", "2026-07-10"))
        making.put(store, "work_order", making.order("A1", "2026-06-20"), making.order("A2", "2026-07-20"))
        making.put(
            store, "work_order",
            making.order("A3", "2026-06-01", closed_at="2026-06-05", **making.CLOSING),
        )  # fmt: skip
        seals.seal(store, *JUNE, JUNE[1], "{}", "x")
    return path


@pytest.fixture
def office(june, data_dir):
    with making.reopen(making.copy_of(june, data_dir / "台账.envdesk")) as store:
        yield store


def the(store, form: str, where: str) -> str:
    return store.con.value(f"SELECT id FROM t_{form} WHERE {where}")


def whole(store) -> list:
    return [store.con.query(f'SELECT * FROM "{t}" ORDER BY 1, 2') for (t,) in store.con.query(
        "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]  # fmt: skip


def accepted(outcome) -> None:
    assert outcome.operation is not None, [p.as_dict() for p in outcome.problems]


def refused_as_sealed(store, do) -> None:
    before = whole(store)
    outcome = do()
    assert [p.code for p in outcome.problems if p.severity == "error"] == ["sealed"]
    assert outcome.operation is None
    assert outcome.refused
    assert whole(store) == before


def test_later_events_of_an_old_order_pass(office):
    a1, a3 = the(office, "work_order", "order_no = 'A1'"), the(office, "work_order", "order_no = 'A3'")
    for change in (
        {"signed_at": "2026-07-01T09:00"},
        {
            "extensions": [
                {"applied_at": "2026-06-25", "approved_at": "2026-07-02", "reason": "待检测", "new_due": "2026-08-20"}
            ]
        },
        {"closed_at": "2026-07-03", "replied_at": "2026-07-03T16:00", "reply_way": "电话", **making.CLOSING},
        {"revisit": [{"date": "2026-07-05", "result": "满意"}]},
        {"remark": "电话回访", "complainant": "张三", "location": "二街"},
    ):
        accepted(edit(office, "work_order", a1, change | {"warnings": "accept"}))
    accepted(edit(office, "work_order", a3, {"reopen": [{"date": "2026-07-06", "reason": "反弹"}]}))
    rows = fetch(office, office.catalogue.form("work_order"), a3)["reopen"]
    accepted(edit(office, "work_order", a3, {"reopen": [rows[0] | {"closed_at": "2026-07-09"}]}))
    refused_as_sealed(office, lambda: edit(office, "work_order", a3, {"closed_at": "2026-06-06"}))
    assert making.faults(office) == []


def test_a_june_finding_is_verified_and_linked_in_july(office):
    rect = the(office, "rectification", "1")
    sheet = the(office, "inspection", "record_no LIKE '%0001'")
    verified = {"reported_done_at": "2026-07-04", "verify_date": "2026-07-08", "verify_people": ["李敏"],
                "verify_result": "已整改", "next": "销号", "warnings": "accept"}  # fmt: skip
    accepted(edit(office, "rectification", rect, verified))
    accepted(edit(office, "rectification", rect, {"remark": "见照片", "warnings": "accept"}))
    rows = fetch(office, office.catalogue.form("inspection"), sheet)["findings"]
    fixed = [rows[0], rows[1] | {"action": rows[1]["action"], "fixed_at": "2026-07-02"}]
    accepted(edit(office, "inspection", sheet, {"findings": fixed}))
    new = making.put(office, "rectification", {
        "origin": "检查", "origin_id": sheet, "finding_no": 2, "subject_id": "甲鞋厂", "problem": "门窗未关",
        "issued_at": "2026-07-09"})  # fmt: skip
    assert [r["rect_id"] for r in fetch(office, office.catalogue.form("inspection"), sheet)["findings"]] == [rect, *new]
    fixed = fetch(office, office.catalogue.form("inspection"), sheet)["findings"]
    dropped = {"findings": fixed[:1], "warnings": "accept"}  # its rectification lives on: that is asked first
    refused_as_sealed(office, lambda: edit(office, "inspection", sheet, dropped))
    refused_as_sealed(
        office, lambda: edit(office, "inspection", sheet, {"findings": [fixed[0] | {"desc": "另一句"}, fixed[1]]})
    )


@pytest.mark.parametrize(
    ("form", "where", "change"),
    [
        ("work_order", "order_no = 'A1'", {"content": "改过"}),
        ("work_order", "order_no = 'A1'", {"received_at": "2026-07-01T10:00"}),
        ("work_order", "order_no = 'A2'", {"received_at": "2026-06-30T23:59"}),
        ("work_order", "order_no = 'A1'", {"closed_at": "2026-06-30", **making.CLOSING}),
        ("work_order", "order_no = 'A1'", {"pollution": ["水"]}),
        ("inspection", "record_no LIKE '%0001'", {"visit_date": "2026-07-01"}),
        ("inspection", "record_no LIKE '%0002'", {"visit_date": "2026-06-30"}),
        ("inspection", "record_no LIKE '%0001'", {"people": ["李敏"]}),
        ("inspection", "record_no LIKE '%0001'", {"subject_id": "乙鞋厂"}),
        ("inspection", "record_no LIKE '%0001'", {"source": "专项检查"}),
        ("inspection", "record_no LIKE '%0001'", {"vehicles": 3}),
        ("inspection", "record_no LIKE '%0001'", {"water": "符合"}),
        ("inspection", "record_no LIKE '%0001'", {"docs": [{"kind": "约谈记录", "date": "2026-06-11"}]}),
        ("rectification", "1", {"problem": "改过"}),
        ("rectification", "1", {"reported_done_at": "2026-06-20"}),
    ],
    ids=lambda v: "+".join(v) if isinstance(v, dict) else v,
)
def test_a_change_of_june_needs_a_reason(office, form, where, change):
    rec = the(office, form, where)
    change = change | {"warnings": "accept"}
    refused_as_sealed(office, lambda: edit(office, form, rec, change))
    refused_as_sealed(office, lambda: edit(office, form, rec, change, why="  "))
    accepted(edit(office, form, rec, change, why="核对原始记录后更正"))
    assert office.con.query("SELECT DISTINCT why, used FROM pass") == [("核对原始记录后更正", 1)]
    assert making.faults(office) == []


def test_a_late_record_needs_a_reason(office):
    late = making.visit("乙鞋厂", "2026-06-12", findings=[making.LIMIT], warnings="accept")
    refused_as_sealed(office, lambda: add(office, "inspection", [late]))
    refused_as_sealed(office, lambda: add(office, "inspection", [late], why="\t"))
    accepted(add(office, "inspection", [late], why="漏录"))
    refused_as_sealed(office, lambda: add(office, "inspection", [late | {"session": "下午"}]))
    assert making.faults(office) == []


def test_a_batch_names_each_late_object_and_stores_none(office):
    before = whole(office)
    days = ("2026-06-30", "2026-07-01", "2026-06-01")
    outcome = add(office, "work_order", [making.order(f"B{n}", day) for n, day in enumerate(days)])
    assert [(p.code, p.index) for p in outcome.problems if p.severity == "error"] == [("sealed", 0), ("sealed", 2)]
    assert whole(office) == before


def test_a_pass_is_used_up(office):
    rec = the(office, "work_order", "order_no = 'A1'")
    accepted(edit(office, "work_order", rec, {"content": "甲"}, why="更正"))
    refused_as_sealed(office, lambda: edit(office, "work_order", rec, {"content": "乙"}))
    accepted(edit(office, "work_order", rec, {"content": "丙"}, why="再更正"))
    assert office.con.query("SELECT why, used FROM pass ORDER BY op") == [("更正", 1), ("再更正", 1)]


def test_a_pass_opens_only_its_own_record(office):
    a1, a3 = the(office, "work_order", "order_no = 'A1'"), the(office, "work_order", "order_no = 'A3'")

    def touch_both():
        with operation(office, "edit", why="更正") as op:
            op.allow(a1)
            for rec in (a1, a3):
                office.con.execute("UPDATE t_work_order SET content = 'x' WHERE id = ?", (rec,))

    with pytest.raises(Refused) as caught:
        touch_both()
    assert caught.value.code == "sealed"


def test_an_edit_with_a_reason_that_changes_nothing_leaves_no_trace(office):
    rec = the(office, "work_order", "order_no = 'A1'")
    before = whole(office)
    edit(office, "work_order", rec, {"content": "夜间有异味"}, why="更正")
    assert whole(office) == before


def test_unsealing_reopens(office):
    rec = the(office, "work_order", "order_no = 'A1'")
    assert seals.is_sealed(office, *JUNE)
    assert seals.reopen(office, *JUNE, "漏报")
    assert not seals.is_sealed(office, *JUNE)
    accepted(edit(office, "work_order", rec, {"content": "甲"}))
    assert not seals.reopen(office, *JUNE, "漏报")
    seals.seal(office, *JUNE, JUNE[1], "{}", "y")
    refused_as_sealed(office, lambda: edit(office, "work_order", rec, {"content": "乙"}))
    assert office.con.query("SELECT opened_why FROM seal ORDER BY no") == [("漏报",), (None,)]


def test_two_seals_over_one_day_both_hold(office):
    rec = the(office, "work_order", "order_no = 'A1'")
    seals.seal(office, date(2026, 4, 1), date(2026, 6, 30), JUNE[1], "{}", "q")
    seals.reopen(office, *JUNE, "漏报")
    refused_as_sealed(office, lambda: edit(office, "work_order", rec, {"content": "乙"}))
    assert seals.reopen(office, date(2026, 4, 1), date(2026, 6, 30), "漏报")
    accepted(edit(office, "work_order", rec, {"content": "乙"}))


def test_voiding_a_june_record_needs_a_reason(office):
    sheet = the(office, "inspection", "record_no LIKE '%0001'")
    before = whole(office)
    for why in ("", "  "):
        with pytest.raises(Refused) as caught:
            void(office, "inspection", sheet, why)
        assert caught.value.code == "why_needed"
    assert whole(office) == before
    void(office, "inspection", sheet, "重复登记")
    above = "t_inspection s JOIN t_visit v ON v.id = s.visit_id JOIN t_outing o ON o.id = v.outing_id"
    assert office.con.one(f"SELECT v.void, o.void FROM {above} WHERE s.id = ?", (sheet,)) == (1, 1)
    assert making.faults(office) == []


def test_undo_obeys_seals(office):
    add_june = office.con.value(
        "SELECT op FROM change WHERE rec = ? AND field IS NULL", (the(office, "work_order", "order_no = 'A1'"),)
    )
    before = whole(office)
    with pytest.raises(Refused) as caught:
        undo(office, add_june)
    assert caught.value.code == "sealed"
    assert whole(office) == before
    rec = the(office, "work_order", "order_no = 'A3'")
    accepted(edit(office, "work_order", rec, {"content": "改过"}, why="更正"))
    before = whole(office)
    with pytest.raises(Refused) as caught:
        undo(office)
    assert caught.value.code == "sealed"
    assert whole(office) == before
    undo(office, why="更正有误")
    assert office.con.value("SELECT content FROM t_work_order WHERE id = ?", (rec,)) == "夜间有异味"
    assert making.faults(office) == []


def test_undo_of_a_july_event_of_a_june_record_passes(office):
    rec = the(office, "work_order", "order_no = 'A1'")
    accepted(edit(office, "work_order", rec, {"closed_at": "2026-07-03", **making.CLOSING, "warnings": "accept"}))
    undo(office)
    assert office.con.value("SELECT closed_at FROM t_work_order WHERE id = ?", (rec,)) is None
