"""勾稽关系 through ``reconcile``: they hold on honest records, name the records that break them, and stop a print and a seal."""

import json

import pytest
from office import SITE, SIX, firm, order, visit

from envdesk.desk import figures
from envdesk.desk.office import opened

JUNE = "2024-06"
CASE = {"subject_id": "鞋厂", "cause": "未安装治污设施", "officers": ["张三", "李四"], "warnings": "accept"}


@pytest.fixture
def honest(office):
    """A month with a little of everything, nothing wrong."""
    office.add("subject", [firm("鞋厂"), firm("皮具厂", industry="皮具"), SITE])
    office.add(
        "person", [{"name": n, "badge_no": str(k), "badge_until": "2026-12-31"} for k, n in enumerate(("张三", "李四"))]
    )
    office.add("inspection", visit("鞋厂", "2024-06-06", findings=[{"desc": "地面积水"}]))
    office.add("vocs_check", visit("鞋厂", "2024-06-06", findings=[{"desc": "未更换活性炭", "action": "限期整改"}]))
    office.add("site_dust_patrol", visit("白云一号工地", "2024-06-07", session="夜间", **SIX))
    office.add("work_order", [order("1", "2024-05-30", closed_at="2024-06-03", signed_at="2024-05-30", grid_id="石马"),
                              order("2", "2024-06-03", closed_at="2024-06-05", signed_at="2024-06-03", grid_id="石马")])  # fmt: skip
    return office


def findings(office, period=JUNE, cut="2024-06-30"):
    return {r["rule"]: r for r in office.at(cut).call("reconcile", "--period", period).out}


def test_every_rule_answers_in_the_contracts_shape(honest):
    rules = honest.at("2024-06-30").call("reconcile", "--period", JUNE)
    assert rules.code == 0
    for r in rules.out:
        assert set(r) == {"rule", "level", "status", "message", "records"}
        assert r["level"] in ("block", "warn", "note")
        assert r["status"] in ("pass", "fail")
        assert r["message"]
        assert "{" not in r["message"]
        assert all(set(x) == {"form", "id", "record_no"} for x in r["records"])
    names = {r["rule"].partition("-")[0].partition(":")[0] for r in rules.out}
    assert {f"R{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24)} <= names
    assert honest.failed_rules(JUNE, "2024-06-30") == []
    for period, cut in (
        ("2024Q2", "2024-06-30"),
        ("2024", "2024-12-31"),
        ("2024-06-06", "2024-06-30"),
        ("2024W23", ""),
    ):
        assert honest.failed_rules(period, cut) == []


def failing(office, rule, period=JUNE, cut="2024-06-30"):
    found = findings(office, period, cut)[rule]
    return found["status"] == "fail", {r["record_no"] for r in found["records"]}


def test_two_sheets_of_a_visit_in_two_grids_block_the_print_and_the_seal(honest, tmp_path):
    honest.add("grid", {"name": "均禾", "kind": "联社"})
    honest.edit("vocs_check", "VC-2024-0001", grid_id="均禾", warnings="accept")
    assert failing(honest, "R8-检查网格") == (True, {"XC-2024-0001", "VC-2024-0001"})
    june = honest.at("2024-06-30")
    assert june.call("reconcile", "--period", JUNE).code == 0  # it has answered; what follows is refused
    out = tmp_path / "月报.pdf"
    for words in (["report", "--period", JUNE, "--out", str(out)], ["seal", "--period", JUNE]):
        answer = june.call(*words)
        assert (answer.code, answer.codes()) == (1, ["report_blocked"])
        assert "R8" in answer.problems[0]["message"]
    assert not out.exists()
    june.run("report", "--period", JUNE, "--draft", "--out", str(out))
    assert out.read_bytes().startswith(b"%PDF")


def test_a_rule_over_figures_names_them(honest):
    honest.add("grid", {"name": "均禾", "kind": "联社"})
    honest.edit("vocs_check", "VC-2024-0001", grid_id="均禾", warnings="accept")
    with opened(honest.db, as_of="2024-06-30") as desk:
        found = {f.rule: f for f in figures.reconcile(desk, JUNE)}
        assert found["R8-检查网格"].figures
        assert all(name in desk.catalogue.figures for f in found.values() for name in f.figures)


def test_warnings_name_their_records_and_stop_nothing(honest):
    honest.add("inspection", visit("皮具厂", "2024-06-10", ["张三"]))
    honest.add("inspection", visit("皮具厂", "2024-06-10", ["李四"], session="下午"))
    honest.add("work_order", order("3", "2024-06-20", due_date="2024-06-28"))
    honest.add("subject", firm("无网格厂", grid_id=None))
    honest.add("inspection", visit("无网格厂", "2024-06-11"))
    twins = {"XC-2024-0002", "XC-2024-0003"}
    assert failing(honest, "R22") == (True, twins)
    assert failing(honest, "R19-二人") == (True, twins)
    assert failing(honest, "R19") == (True, {"XC-2024-0004"})
    assert failing(honest, "R20") == (True, {"GD-2024-0003"})
    assert honest.at("2024-06-30").call("reconcile", "--period", JUNE).code == 0


def test_r7_people_per_visit_and_per_outing(honest):
    assert failing(honest, "R7-人数") == (False, set())
    honest.add("inspection", visit("皮具厂", "2024-06-10", [], extra_people=16))
    assert failing(honest, "R7-人数")[0]
    honest.add("subject", [firm(f"厂{n}") for n in range(13)])
    honest.add("inspection", [visit(f"厂{n}", "2024-06-12") for n in range(12)])
    assert not failing(honest, "R7-家次")[0]
    honest.add("inspection", visit("厂12", "2024-06-12"))
    assert failing(honest, "R7-家次")[0]
    honest.add("inspection", [visit(f"厂{n}", "2024-06-13", ["王五"]) for n in range(13)])
    honest.void("inspection", next(r["id"] for r in honest.rows("inspection") if r["visit_date"] == "2024-06-10"))
    assert findings(honest)["R7"]["status"] == "fail"


def test_r18_what_fell_to_zero(honest):
    found = findings(honest, "2024-07", "2024-07-31")["R18"]
    assert found["status"] == "fail"
    assert len(found["message"].partition("：")[2].split("、")) == 5
    assert findings(honest)["R18"]["level"] == "warn"


def test_r23_a_year_without_calendar(honest):
    honest.at("2026-12-31").add("work_order", order("9", "2026-12-28"))
    assert findings(honest, "2027-01", "2027-01-31")["R23"]["status"] == "fail"
    assert findings(honest)["R23"]["status"] == "pass"


def test_r13_r14_cases(honest):
    decided = {"decision": "处罚决定", "decision_no": "1", "decided_at": "2024-06-05"}
    honest.add("enforcement_case", CASE | decided | {"case_no": "1", "filed_at": "2024-06-01", "fine_fen": 100})
    assert honest.failed_rules(JUNE, "2024-06-30") == []
    # a decision without a filing date is accepted with a hint and warned about
    honest.add("enforcement_case", CASE | decided | {"case_no": "2", "decision_no": "2"})
    assert failing(honest, "R13")[0]
    for change in (
        {"decision": "不予处罚决定", "no_penal_basis": "无主观过错"},
        {"decided_at": "2024-05-01"},
        {"fine_fen": -1},
    ):
        answer = honest.try_edit("enforcement_case", "1", warnings="accept", **change)
        assert answer.code == 1, change
        assert answer.codes("error")


def test_r9_is_a_note(honest):
    honest.add("work_order", order("3", "2024-06-20", pollution=["水", "土壤"], due_date="2024-07-20"))
    found = findings(honest)["R9"]
    assert (found["level"], found["status"]) == ("note", "fail")
    assert honest.failed_rules(JUNE, "2024-06-30") == []


def test_r24_typed_figures_of_the_past(honest):
    honest.run("set", "baseline_date", "2024-01-01")
    honest.add(
        "history_value",
        {"figure_id": "wo_received", "start": "2023-06-01", "end": "2023-06-30", "value": 4, "doc": "2023年报"},
    )
    got = honest.figures(JUNE, "wo_received", cut="2024-06-30")["wo_received"]
    assert (got["value"], got["last_year"], got["change_last_year"], got["marked"]) == (1, 4, "-75.00%", ["last_year"])
    assert findings(honest)["R24"]["status"] == "fail"


def test_before_the_first_day_nothing_recorded_is_not_a_zero(honest):
    unknown = ("last_year", "change_last_year")
    got = honest.figures(JUNE, "wo_received", "insp_visits", cut="2024-06-30")
    assert {n: got[n]["last_year"] for n in got} == {"wo_received": 0, "insp_visits": 0}
    honest.run("set", "baseline_date", "2024-06-01")
    got = honest.figures(JUNE, "wo_received", "insp_visits", cut="2024-06-30")
    assert {n: tuple(got[n][k] for k in unknown) for n in got} == dict.fromkeys(got, (None, "—"))
    # an order of last year that was entered as a record is counted as one
    honest.add("work_order", order("old", "2023-06-05", due_date="2023-06-20"))
    assert honest.figures(JUNE, "wo_received", cut="2024-06-30")["wo_received"]["last_year"] == 1


def test_orders_return_carried_and_reopened_keep_r1(honest):
    honest.add("work_order", order("r", "2024-05-20", return_at="2024-06-02", return_ok=True, return_reason="不属本街"))
    honest.add("work_order", order("s", "2024-05-21", closed_at="2024-05-25", reopen=[{"date": "2024-06-10"}]))
    honest.add("work_order", order("t", "2024-05-22", closed_at="2024-05-25",
                                   reopen=[{"date": "2024-05-28", "closed_at": "2024-06-11"}]))  # fmt: skip
    terms = ("wo_carry_in", "wo_received", "wo_reopened_in", "wo_throughput", "wo_returned_carried", "wo_open_end")
    assert list(honest.values(JUNE, *terms, cut="2024-06-30").values()) == [3, 1, 1, 3, 1, 1]
    for cut in ("2024-06-30", "2024-07-31", "2024-06-10"):
        assert honest.failed_rules(JUNE, cut) == []


def test_warnings_acknowledged_with_a_paper_or_a_seal_stay_in_the_log(honest, tmp_path):
    honest.add("subject", firm("无网格厂", grid_id=None))
    honest.add("inspection", visit("无网格厂", "2024-06-11"))
    june = honest.at("2024-06-30")
    warned = [r for r in findings(honest).values() if (r["level"], r["status"]) == ("warn", "fail")]
    assert "R19" in {r["rule"] for r in warned}
    number = june.run("report", "--period", JUNE, "--out", str(tmp_path / "月报.pdf"))["number"]
    june.run("seal", "--period", JUNE)
    june.run("report", "--period", JUNE, "--out", str(tmp_path / "结后.pdf"))
    with opened(honest.db) as desk:
        noted = desk.store.con.query(
            "SELECT o.why, o.who, c.field, c.new FROM operation o JOIN change c ON c.op = o.no WHERE o.verb = 'acknowledge'"
        )
        assert {why for why, *_rest in noted} == {number, "2024年6月月结"}
        said = {(f"@{r['rule']}", r["message"]) for r in warned}
        assert {(rule, json.loads(words)) for _why, _who, rule, words in noted} == said
        before = desk.store.con.value("SELECT max(no) FROM operation")
    assert honest.run("check") == []
    honest.run("undo", "--why", "误登")  # takes the last record back: a note is no work
    with opened(honest.db) as desk:
        assert desk.store.con.value("SELECT max(no) FROM operation") == before + 1
