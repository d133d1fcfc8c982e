"""``edit``, ``history`` and ``undo`` through the command line: what was given changes, nothing else does."""

import pytest
from office import firm, order, visit


@pytest.fixture
def one(office):
    """One open order with a visit to a firm."""
    office.add("subject", firm("鞋厂"))
    office.add("work_order", order("1", "2024-06-03 09:10", remark="甲"))
    return office


def record(office, form="work_order", rec="1"):
    row = office.get(form, rec)
    return {k: v for k, v in row.items() if k not in ("rev", "updated_at", "updated_by", "state", "hints")}


def test_only_the_given_keys_change(one):
    before = record(one)
    one.edit("work_order", "1", content="改过", repeat_no=2)
    assert record(one) == before | {"content": "改过", "repeat_no": 2}


def test_null_clears_and_an_absent_key_stays(one):
    one.edit("work_order", "1", remark=None)
    assert one.get("work_order", "1")["remark"] is None
    refused = one.try_edit("work_order", "1", content=None)
    assert (refused.code, [(p["field"], p["code"]) for p in refused.problems if p["severity"] == "error"]) == (
        1, [("content", "required")],
    )  # fmt: skip
    assert one.get("work_order", "1")["content"] == "夜间噪声扰民"


def test_lists_are_replaced_whole_and_known_rows_keep_their_id(one):
    one.edit(
        "work_order",
        "1",
        revisit=[{"date": "2024-06-05", "result": "满意"}, {"date": "2024-06-06", "result": "未接通"}],
    )
    first, second = one.get("work_order", "1")["revisit"]
    one.edit("work_order", "1", revisit=[second | {"result": "不满意"}, {"date": "2024-06-09", "result": "满意"}])
    rows = one.get("work_order", "1")["revisit"]
    assert [(r["date"], r["result"]) for r in rows] == [("2024-06-06", "不满意"), ("2024-06-09", "满意")]
    assert rows[0]["id"] == second["id"]
    assert rows[1]["id"] not in (first["id"], second["id"])
    one.edit("work_order", "1", revisit=[], pollution=["水"])
    row = one.get("work_order", "1")
    assert (row["revisit"], row["pollution"]) == ([], ["水"])


def test_a_row_of_another_record_is_not_taken_over(one):
    one.add("work_order", order("2", "2024-06-03", revisit=[{"date": "2024-06-05", "result": "满意"}]))
    stolen = one.get("work_order", "2")["revisit"]
    one.edit("work_order", "1", revisit=stolen)
    assert one.get("work_order", "2")["revisit"] == stolen
    assert one.get("work_order", "1")["revisit"][0]["id"] != stolen[0]["id"]


def test_a_refused_edit_changes_nothing(one):
    before = one.get("work_order", "1")
    operations = len(one.run("history", "work_order", "1"))
    for change in (
        {"content": "改过", "closed_at": "2024-06-01"}, {"kind": "抱怨", "remark": "乙"}, {"remark": "乙", "nix": 1},
        {"remark": "乙", "due_date": "2024-01-01"}, {"signed_at": "2024-06-01", "remark": "乙"},
        {"reopen": [{"date": "2024-06-20"}]}, {"remark": "乙", "extensions": [{"new_due": "2024-07-30"}]},
    ):  # fmt: skip
        answer = one.try_edit("work_order", "1", **change)
        assert (answer.code, answer.ids) == (1, []), change
        assert {p["severity"] for p in answer.problems} & {"error", "warning"}
    assert one.get("work_order", "1") == before
    assert len(one.run("history", "work_order", "1")) == operations
    assert one.call("edit", "work_order", "1", "-", stdin=[1]).codes() == ["not_object"]
    assert one.call("edit", "work_order", "nix", "-", stdin={}).codes() == ["not_found"]


def test_an_accepted_warning_of_an_edit(one):
    change = {"signed_at": "2024-06-01T10:00"}
    assert one.try_edit("work_order", "1", **change).codes("warning") == ["rule:signed_after_received"]
    one.edit("work_order", "1", warnings="accept", **change)
    assert one.get("work_order", "1")["signed_at"] == "2024-06-01T10:00"


def test_an_edit_that_changes_nothing_leaves_no_trace(one):
    before = one.get("work_order", "1")
    one.edit("work_order", "1", content="夜间噪声扰民", pollution=["噪声-工业"])
    one.edit("work_order", "1")
    assert one.get("work_order", "1") == before
    assert len({h["operation"] for h in one.run("history", "work_order", "1")}) == 1
    # and "undo" takes back the entry, not an empty operation
    one.run("undo")
    assert one.rows("work_order") == []


def test_history_tells_old_new_who_and_why(one):
    one.call("edit", "work_order", "1", "-", "--why", "录错", stdin={"content": "改过", "repeat_no": 2})
    lines = [h for h in one.run("history", "work_order", "1") if h["verb"] == "edit"]
    assert {(h["field"], h["label"], h["old"], h["new"]) for h in lines} == {
        ("content", "内容", "夜间噪声扰民", "改过"), ("repeat_no", "第几次投诉", None, 2),
    }  # fmt: skip
    assert {(h["who"], h["why"], h["at"]) for h in lines} == {("李敏", "录错", "2024-12-31T23:59:00")}
    assert one.get("work_order", "1")["rev"] == 2


def test_undo_newest_first_and_redo(one):
    one.edit("work_order", "1", content="二")
    one.edit("work_order", "1", content="三", remark="乙")
    first = min(h["operation"] for h in one.run("history", "work_order", "1") if h["verb"] == "edit")
    blocked = one.call("undo", str(first))
    assert (blocked.code, blocked.codes()) == (1, ["undo_blocked"])
    last = one.run("undo")["operation"]
    assert (one.get("work_order", "1")["content"], one.get("work_order", "1")["remark"]) == ("二", "甲")
    one.run("undo", str(first))
    assert one.get("work_order", "1")["content"] == "夜间噪声扰民"
    assert one.call("undo", str(first)).codes() == ["undo_done_before"]
    # the undo itself can be undone, newest first again
    redo = one.call("undo", str(last))
    assert redo.codes() == ["undo_blocked"]


def test_undo_of_an_entry_others_refer_to_is_blocked(one):
    one.add("work_order", order("2", "2024-06-04", dup_of="1"))
    entry = one.run("history", "work_order", "1")[0]["operation"]
    assert one.call("undo", str(entry)).codes() == ["undo_blocked"]
    one.run("undo")
    one.run("undo", str(entry))
    assert one.rows("work_order") == []
    # no number is given twice
    one.add("work_order", order("3", "2024-06-04"))
    assert one.rows("work_order")[0]["record_no"] == "GD-2024-0003"


def test_due_date_follows_kind_source_and_receipt_until_somebody_types_one(one):
    assert one.get("work_order", "1")["due_date"] == "2024-06-18"
    one.edit("work_order", "1", kind="咨询")
    assert one.get("work_order", "1")["due_date"] == "2024-06-05"
    one.edit("work_order", "1", received_at="2024-06-07")
    assert one.get("work_order", "1")["due_date"] == "2024-06-12"
    one.edit("work_order", "1", due_date="2024-06-20")
    one.edit("work_order", "1", kind="投诉")
    assert one.get("work_order", "1")["due_date"] == "2024-06-20"


def test_result_follows_the_findings(one):
    rec = one.add1("inspection", **visit("鞋厂", "2024-06-06"))
    one.edit("inspection", rec, findings=[{"desc": "地面积水"}])
    assert one.get("inspection", rec)["result"] == "发现问题"
    one.edit("inspection", rec, findings=[])
    assert one.get("inspection", rec)["result"] == "未发现问题"
    wrong = one.try_edit("inspection", rec, result="发现问题")
    assert "rule:finding_missing" in wrong.codes("error")


def test_an_order_through_its_life(one):
    def state(day):
        return one.at(day).get("work_order", "1")["state"]

    one.edit("work_order", "1", signed_at="2024-06-04 08:30")
    one.edit("work_order", "1", closed_at="2024-06-14", verdict="属实", measures="已停")
    one.edit("work_order", "1", revisit=[{"date": "2024-06-17", "result": "不满意"}],
             reopen=[{"date": "2024-06-18", "reason": "复发", "closed_at": "2024-06-28"}])  # fmt: skip
    assert [state(f"2024-06-{d}") for d in ("03", "04", "13", "14", "17", "18", "27", "28")] == [
        "待签收", "办理中", "办理中", "已办结", "已办结", "重办", "重办", "已办结",
    ]  # fmt: skip
    assert one.get("work_order", "1")["close_type"] == "办结"
    figures = ("wo_throughput", "wo_closed_of_received", "wo_open_end", "wo_ontime", "wo_reopened", "wo_sat_rate")
    at = {
        cut: list(one.texts("2024-06", *figures, cut=cut).values())
        for cut in ("2024-06-14", "2024-06-20", "2024-06-30")
    }
    assert at == {
        "2024-06-14": ["1", "1", "0", "0", "0", "—"], "2024-06-20": ["0", "0", "1", "1", "1", "0%"],
        "2024-06-30": ["1", "1", "0", "1", "1", "0%"],
    }  # fmt: skip
    for cut in at:
        assert one.failed_rules("2024-06", cut) == []


def test_a_staged_close_is_open(one):
    one.edit("work_order", "1", closed_at="2024-06-14", close_type="阶段性办结", verdict="属实", measures="长期整治")
    assert one.get("work_order", "1")["state"] in ("阶段性办结", "超期")
    assert one.values("2024-06", "wo_closed_of_received", "wo_throughput", "wo_open_end") == {
        "wo_closed_of_received": 0, "wo_throughput": 0, "wo_open_end": 1,
    }  # fmt: skip


def test_a_rectification_through_its_life(one):
    one.add("rectification", {"subject_id": "鞋厂", "problem": "标签", "issued_at": "2024-06-03", "doc": "口头"})
    rec = one.rows("rectification")[0]["id"]
    one.edit(
        "rectification",
        rec,
        extensions=[{"applied_at": "2024-06-10", "approved": True, "reason": "采购", "new_due": "2024-06-28"}],
    )
    one.edit("rectification", rec, reported_done_at="2024-06-20")
    one.edit(
        "rectification", rec, verify_date="2024-06-27", verify_result="已整改", next="销号", verify_people=["张三"]
    )
    days = ("2024-06-03", "2024-06-19", "2024-06-20", "2024-06-27")
    assert [one.at(d).get("rectification", rec)["state"] for d in days] == ["待整改", "待整改", "已报完成", "已销号"]
    row = one.get("rectification", rec)
    assert (row["due"], row["extensions"][0]["approved_at"]) == ("2024-06-18", "2024-06-10")
    assert one.texts("2024-06", "rect_issued", "rect_due", "rect_ontime_rate", "fixed_in_period") == {
        "rect_issued": "1", "rect_due": "1", "rect_ontime_rate": "100%", "fixed_in_period": "1",
    }  # fmt: skip


def test_a_recheck_is_reminded_from_its_day_of_the_month(office):
    case = {"batch": "中央第二轮", "kind": "督办案件", "case_no": "S1", "assigned_at": "2024-01-05", "content": "异味"}
    office.add("supervision_case", case | {"closed_at": "2024-04-10", "lead_unit": "执法办"})

    def asked(day):
        return [(d["due"], d["what"]) for d in office.run("due", "--on", day) if "复查" in d["what"]]

    assert asked("2024-06-24") == []
    assert asked("2024-06-25") == [("2024-06-30", "督察案件月复查")]
    office.run("set", "recheck_day", "10")
    assert asked("2024-06-24") == [("2024-06-30", "督察案件月复查")]
    office.edit("supervision_case", "S1", rechecks=[{"date": "2024-06-20", "people": ["张三"], "result": "未反弹"}])
    assert asked("2024-06-24") == []
