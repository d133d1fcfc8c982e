"""The worked examples of domain.md §3G, entered and read through the command line."""

from datetime import date

import pytest
from hypothesis import given, strategies as st
from office import SITE, SIX, aggregate, firm, order, visit

from envdesk.figures.numbers import rate_text
from envdesk.sql import connect
from envdesk.store import calendar
from envdesk.store.migrations import migrations

JUNE = "2023-06"


# ------------------------------------------------------------------------------------------------------------------ W1
W1_EXPECTED = {
    "wo_carry_in": (2, "2"), "wo_received": (6, "6"), "wo_dup": (1, "1"), "wo_returned": (1, "1"),
    "wo_closed_of_received": (3, "3"), "wo_open_of_received": (3, "3"), "wo_rate": (50, "50.00%"),
    "wo_rate_nodup": (40, "40.00%"), "wo_due": (5, "5"), "wo_ontime": (3, "3"), "wo_ontime_rate": (60, "60.00%"),
    "wo_throughput": (5, "5"), "wo_carry_rate": (62.5, "62.50%"), "wo_open_end": (3, "3"), "wo_overdue": (1, "1"),
    "wo_open_not_due": (2, "2"), "wo_open_late": (1, "1"), "wo_returned_carried": (0, "0"), "wo_reopened_in": (0, "0"),
}  # fmt: skip
W1_RECORDS = {
    "wo_carry_in": "ab", "wo_received": "cdefhi", "wo_dup": "h", "wo_returned": "g", "wo_closed_of_received": "cfh",
    "wo_due": "abchi", "wo_ontime": "ach", "wo_throughput": "abcfh", "wo_open_end": "dei", "wo_overdue": "i",
    "wo_rate": "cdefhi", "wo_rate_nodup": "cdefi", "wo_ontime_rate": "abchi",
}  # fmt: skip
W1_HITS = {"wo_rate": "cfh", "wo_rate_nodup": "cf", "wo_ontime_rate": "ach"}


@pytest.fixture
def w1(office):
    """Nine orders entered as they came; later events by edit."""
    office.add(
        "work_order",
        [
            order("a", "2023-05-25", due_date="2023-06-08", closed_at="2023-06-07"),
            order("b", "2023-05-29", due_date="2023-06-12", closed_at="2023-06-15"),
            order("c", "2023-06-02", due_date="2023-06-16", closed_at="2023-06-10"),
            order("d", "2023-06-20", due_date="2023-07-05"),
            order("e", "2023-06-26", due_date="2023-07-11"),
            order("f", "2023-06-05", due_date="2023-06-19"),
            order("g", "2023-06-08"),
            order("h", "2023-06-12", due_date="2023-06-28", dup_of="c", close_type="合并办结", closed_at="2023-06-12"),
            order("i", "2023-06-15", due_date="2023-06-30"),
        ],
    )
    office.edit("work_order", "d", closed_at="2023-07-03", verdict="属实", measures="已停产")
    office.edit(
        "work_order", "f",
        extensions=[{"applied_at": "2023-06-18", "approved_at": "2023-06-18", "reason": "需监测", "new_due": "2023-07-03"}],
    )  # fmt: skip
    office.edit("work_order", "f", closed_at="2023-06-30", verdict="属实", measures="已整改")
    office.edit("work_order", "g", return_at="2023-06-09", return_decided_at="2023-06-09", return_ok=True,
                return_reason="不属本街")  # fmt: skip
    return office


def test_w1_orders_at_the_end_of_june(w1):
    got = w1.figures(JUNE, *W1_EXPECTED, cut="2023-06-30")

    assert {k: (r["value"], r["text"]) for k, r in got.items()} == W1_EXPECTED
    assert (got["wo_rate"]["numerator"], got["wo_rate"]["denominator"]) == (3, 6)
    assert (got["wo_rate_nodup"]["numerator"], got["wo_rate_nodup"]["denominator"]) == (2, 5)
    assert (got["wo_carry_rate"]["numerator"], got["wo_carry_rate"]["denominator"]) == (5, 8)
    assert w1.failed_rules(JUNE, "2023-06-30") == []


def test_w1_evidence_names_exactly_these_orders_and_adds_up(w1):
    order_no = {r["id"]: r["order_no"] for r in w1.rows("work_order")}
    for figure, letters in W1_RECORDS.items():
        rows = w1.evidence(figure, JUNE, cut="2023-06-30")
        assert "".join(sorted(order_no[r["id"]] for r in rows)) == letters, figure
        if figure in W1_HITS:
            assert "".join(sorted(order_no[r["id"]] for r in rows if r["hit"])) == W1_HITS[figure], figure
        else:
            assert all(r["hit"] is None for r in rows)
        shown = w1.figures(JUNE, figure, cut="2023-06-30")[figure]
        expected = (shown["numerator"], shown["denominator"]) if shown["unit"] == "%" else shown["value"]
        assert aggregate(shown, rows, summed=False) == expected


def test_w1_reprinted_later_and_at_a_later_cut(w1):
    first = w1.figures(JUNE, cut="2023-06-30")
    w1.at("2023-08-01").add("work_order", order("later", "2023-07-20", closed_at="2023-07-25"))

    assert w1.figures(JUNE, cut="2023-06-30") == first
    later = w1.figures(JUNE, "wo_rate", "wo_received", "wo_closed_of_received", cut="2023-07-31")
    assert (later["wo_rate"]["value"], later["wo_rate"]["text"]) == (66.67, "66.67%")
    assert (later["wo_rate"]["numerator"], later["wo_rate"]["denominator"]) == (4, 6)
    assert w1.failed_rules(JUNE, cut="2023-07-31") == []


def test_w1_by_source_and_grid_add_up(w1):
    total = w1.values(JUNE, "wo_received", cut="2023-06-30")["wo_received"]
    for dim in ("source", "grid"):
        parts = w1.values(JUNE, "wo_received", by=dim, cut="2023-06-30")
        assert sum(parts.values()) == total
    one = w1.values(JUNE, "wo_rate:source=12345", cut="2023-06-30")
    assert one == {"wo_rate:source=12345": 50}


def test_w1_states_as_of_the_cut(w1):
    def states(day):
        return {r["order_no"]: r["state"] for r in w1.at(day).rows("work_order")}

    june, august = states("2023-06-30"), states("2023-08-01")
    assert [june[x] for x in "acfhg"] == ["已办结", "已办结", "已办结", "已合并", "已退回"]
    assert june["d"] != "已办结"
    assert august["d"] == "已办结"
    assert august["i"] == "超期"


def test_w1_included_duplicates_is_a_setting(w1):
    w1.run("set", "wo_rate_dups", "否")
    got = w1.figures(JUNE, "wo_rate", "wo_received", cut="2023-06-30")
    assert got["wo_rate"]["text"] == "40.00%"
    assert got["wo_received"]["value"] == 6


# ------------------------------------------------------------------------------------------------------------------ W2
@pytest.fixture
def w2(office):
    """One morning 3 people visit 5 firms; the same night 2 people visit a site."""
    office.add("subject", [firm(f"鞋厂{n}") for n in range(1, 6)] + [SITE])
    office.add("inspection", [visit(f"鞋厂{n}", "2023-06-06", ["张三", "李四", "王五"]) for n in range(1, 6)])
    office.add("site_dust_patrol", visit("白云一号工地", "2023-06-06", ["张三", "李四"], session="夜间", **SIX))
    return office


W2_IDS = ("outing_cnt", "person_times", "person_times_outing", "person_times_visit", "insp_visits", "insp_subjects",
          "site_visits", "visit_cnt")  # fmt: skip
W2_EXPECTED = {
    "outing_cnt": 2, "person_times": 5, "person_times_outing": 5, "person_times_visit": 17, "insp_visits": 5,
    "insp_subjects": 5, "site_visits": 1, "visit_cnt": 6,
}  # fmt: skip


def test_w2_field_work(w2):
    assert w2.values(JUNE, *W2_IDS) == W2_EXPECTED
    w2.run("set", "person_times_by", "检查")
    assert w2.values(JUNE, "person_times") == {"person_times": 17}
    assert len(w2.rows("outing")) == 2
    assert w2.failed_rules(JUNE) == []


def test_w2_three_sheets_of_one_stop_count_once(w2):
    people = ["张三", "李四", "王五"]
    w2.add("vocs_check", visit("鞋厂1", "2023-06-06", people))
    w2.add("hazardous_waste_check", visit("鞋厂1", "2023-06-06", people))

    assert w2.values(JUNE, *W2_IDS) == W2_EXPECTED
    for figure in W2_IDS:
        rows = w2.evidence(figure, JUNE)
        shown = w2.figures(JUNE, figure)[figure]
        summed = figure in ("outing_cnt", "person_times", "person_times_outing", "person_times_visit")
        assert aggregate(shown, rows, summed=summed) == shown["value"], figure
    assert len(w2.evidence("insp_visits", JUNE)) == 7
    assert len(w2.rows("visit")) == 6
    assert len(w2.rows("outing")) == 2


# ------------------------------------------------------------------------------------------------------------------ W3
def test_w3_register_and_coverage(office):
    office.add("subject", [firm(f"鞋厂{n:02}") for n in range(10)])
    office.add("subject", [firm(f"新厂{n}", register_from="2023-06-10") for n in range(2)])
    office.edit("subject", "鞋厂00", status="已关停取缔", status_from="2023-05-15")
    office.add("vocs_check", visit("鞋厂00", "2023-03-08"))
    office.add("vocs_check", [visit(f"鞋厂{n:02}", f"2023-04-{n:02}") for n in range(1, 7)])
    office.add(
        "vocs_check", [visit("鞋厂01", "2023-05-20"), visit("鞋厂02", "2023-05-21"), visit("新厂0", "2023-06-20")]
    )

    half = office.figures(
        "2023H1", "voc_visits", "voc_reg", "voc_covered", "voc_cov_rate", "voc_closed", cut="2023-06-30"
    )
    assert {k: r["text"] for k, r in half.items()} == {
        "voc_visits": "10", "voc_reg": "11", "voc_covered": "7", "voc_cov_rate": "63.64%", "voc_closed": "1",
    }  # fmt: skip
    assert (half["voc_cov_rate"]["numerator"], half["voc_cov_rate"]["denominator"]) == (7, 11)
    rows = office.evidence("voc_cov_rate", "2023H1", cut="2023-06-30")
    assert (len(rows), sum(r["hit"] for r in rows)) == (11, 7)
    # as of the end of April all ten were in the register, the closed one too, and seven of them visited
    april = office.texts("2023-01-01..2023-04-30", "voc_reg", "voc_covered", "voc_closed", cut="2023-04-30")
    assert april == {"voc_reg": "10", "voc_covered": "7", "voc_closed": "0"}
    assert office.values("2023Q1", "voc_closed", cut="2023-03-31") == {"voc_closed": 0}
    assert office.values("2023-05", "voc_closed", cut="2023-05-31") == {"voc_closed": 1}
    assert office.values("2023H1", "voc_reg:industry=制鞋", cut="2023-06-30") == {"voc_reg:industry=制鞋": 11}


def test_w3_the_status_history_survives_two_changes(office):
    office.add("subject", firm("鞋厂"))
    office.edit("subject", "鞋厂", status="停产/停工", status_from="2023-02-01")
    office.edit("subject", "鞋厂", status="在用/在产", status_from="2023-04-01")
    office.edit("subject", "鞋厂", status="已搬迁", status_from="2023-07-01")

    log = [(r["status"], r["from"]) for r in office.get("subject", "鞋厂")["status_log"]]
    assert log == [
        ("在用/在产", "2023-01-01"), ("停产/停工", "2023-02-01"), ("在用/在产", "2023-04-01"), ("已搬迁", "2023-07-01"),
    ]  # fmt: skip
    at = {
        d: office.at(d).get("subject", "鞋厂")["state"]
        for d in ("2023-01-31", "2023-02-01", "2023-06-30", "2023-07-01")
    }
    assert list(at.values()) == ["在用/在产", "停产/停工", "在用/在产", "已搬迁"]
    reg = [
        office.values(p, "voc_reg", cut=c)["voc_reg"] for p, c in (("2023H1", "2023-06-30"), ("2023Q3", "2023-09-30"))
    ]
    assert reg == [1, 0]


# ------------------------------------------------------------------------------------------------------------------ W4
CASE = {"subject_id": "鞋厂", "cause": "未按规定安装治污设施", "filed_at": "2023-05-08", "officers": ["张三", "李四"],
        "warnings": "accept"}  # fmt: skip


def test_w4_decisions_and_fines(office):
    office.add("subject", firm("鞋厂"))
    office.add(
        "enforcement_case",
        [
            CASE | {"case_no": "1", "decision": "处罚决定", "decision_no": "1", "decided_at": "2023-06-05", "fine_fen": 2000000},
            CASE | {"case_no": "2", "decision": "处罚决定", "decision_no": "2", "decided_at": "2023-06-30", "fine_fen": 550050},
            CASE | {
                "case_no": "3", "decision": "不予处罚决定", "decision_no": "3", "decided_at": "2023-06-12",
                "no_penal_basis": "初次轻微及时改正",
            },
        ],
    )  # fmt: skip
    got = office.figures(JUNE, "penal", "no_penal", "fine", "filed")

    assert {k: r["text"] for k, r in got.items()} == {"penal": "2", "no_penal": "1", "fine": "2.55", "filed": "0"}
    assert got["fine"]["fen"] == 2550050
    assert sum(r["value"] for r in office.evidence("fine", JUNE)) == 2550050
    office.run("set", "fine_decimals", "6")
    assert office.figures(JUNE, "fine")["fine"]["text"] == "2.55005"
    office.run("set", "fine_decimals", "0")
    assert office.figures(JUNE, "fine")["fine"]["text"] == "3"
    assert office.failed_rules(JUNE) == []


# ------------------------------------------------------------------------------------------------------------------ W5
@pytest.mark.parametrize(
    ("n", "of", "text"), [(12_345, 12_346, "99.99%"), (19_999, 20_000, "99.99%"), (83, 84, "98.81%")]
)
def test_w5_rates_are_capped(n, of, text):
    assert rate_text(n, of) == text


@given(st.integers(1, 10**7), st.integers(0, 10**7))
def test_w5_a_rate_is_full_or_empty_only_when_it_is(of, n):
    n = min(n, of)
    assert (rate_text(n, of) == "100%") == (n == of)
    assert (rate_text(n, of) == "0%") == (n == 0)
    assert rate_text(n, of).startswith("100") == (n == of)
    assert rate_text(n, 0) == "—"


def test_w5_through_the_program(office):
    office.add("work_order", [order(f"n{n}", "2023-06-01", closed_at="2023-06-02") for n in range(83)])
    office.add("work_order", order("open", "2023-06-01"))
    assert office.texts(JUNE, "wo_rate", cut="2023-06-30") == {"wo_rate": "98.81%"}
    assert office.texts("2023-05", "wo_rate", cut="2023-05-31") == {"wo_rate": "—"}


# ------------------------------------------------------------------------------------------------------------------ W6
def test_w6_several_types_of_pollution(office):
    office.add("work_order", order("1", "2023-06-01", pollution=["大气-恶臭异味", "噪声-工业"]))
    office.add("work_order", order("2", "2023-06-01", pollution=["大气-油烟", "大气-扬尘"]))
    office.add("work_order", order("3", "2023-06-01", pollution=["水"]))

    assert office.values(JUNE, "wo_received") == {"wo_received": 3}
    assert office.values(JUNE, "wo_by_type", by="pollution") == {
        "wo_by_type:pollution=噪声": 1, "wo_by_type:pollution=大气": 2, "wo_by_type:pollution=水": 1,
    }  # fmt: skip
    assert office.values(JUNE, "wo_received:pollution=大气-油烟") == {"wo_received:pollution=大气-油烟": 1}
    assert office.failed_rules(JUNE) == []
    notes = {r["rule"]: r["status"] for r in office.run("reconcile", "--period", JUNE)}
    assert notes["R9"] == "fail"  # the note is printed: parts exceed the total


# ------------------------------------------------------------------------------------------------------------------ W7
def test_w7_rivers(office):
    office.add("river", [{"name": "石马涌"}, {"name": "均禾涌"}])
    outfalls = [
        {"types": ["入河排污口"], "name": f"排口{n}", "address": "涌边", "grid_id": "石马", "register_from": "2023-01-01",
         "river_id": "石马涌" if n < 5 else "均禾涌", "fixed_date": "2023-02-01"}
        for n in range(8)
    ]  # fmt: skip
    office.add("subject", outfalls)
    office.add(
        "outfall_patrol",
        [
            {"date": "2023-06-07", "session": "上午", "people": ["张三", "李四"], "river_id": river,
             "outfalls": [{"outfall_id": f"排口{n}", "flow": "清水"} for n in part]}
            for river, part in (("石马涌", range(5)), ("均禾涌", range(5, 8)))
        ],
    )  # fmt: skip
    got = office.values(
        JUNE, "river_visits", "outfall_visits", "outfall_rebound", "outfall_cnt", "outing_cnt", "person_times"
    )
    assert got == {
        "river_visits": 2, "outfall_visits": 8, "outfall_rebound": 0, "outfall_cnt": 8, "outing_cnt": 1, "person_times": 2,
    }  # fmt: skip
    assert {r["unit"] for r in office.evidence("outfall_visits", JUNE)} == {
        r["id"] for p in office.rows("outfall_patrol") for r in p["outfalls"]
    }


# --------------------------------------------------------------------------------------------------------- working days
# §5: day 0 = receipt, the first working day is the next one; 调休 as in the yearly notices.
DUE = [
    ("12345", "咨询", "2023-06-21", "2023-06-26"),  # over the dragon boat days, 25 June (Sunday) is worked
    ("12345", "求助", "2023-06-21", "2023-06-29"),
    ("12345", "投诉", "2023-09-28", "2023-10-18"),  # 29 Sep to 6 Oct off, 7 and 8 Oct worked
    ("12345", "举报", "2024-02-08", "2024-02-28"),  # spring festival: the eve is a working day
    ("12345", "投诉", "2024-12-30", "2025-01-14"),  # new year's day only
    ("12369", "举报", "2023-06-21", "2023-06-28"),  # 7 natural days
    ("来信", "投诉", "2023-06-21", "2023-08-20"),  # 60 natural days
    ("市区转办", "投诉", "2023-06-21", "2023-07-06"),
]


@pytest.mark.parametrize(("source", "kind", "received", "due"), DUE)
def test_default_due_dates(office, source, kind, received, due):
    rec = office.add1("work_order", **order("1", received, source=source, kind=kind))
    assert office.get("work_order", rec)["due_date"] == due


def test_due_dates_agree_with_the_calendar_functions(tmp_path):
    con = connect(tmp_path / "c.db")
    try:
        migrations.apply(con)
        calendar.seed(con)
        for source, kind, received, due in DUE:
            days = {"咨询": 2, "求助": 5}.get(kind, 10)
            if source in ("12345", "市区转办"):
                assert calendar.add_workdays(con, date.fromisoformat(received), days).date.isoformat() == due
    finally:
        con.close()


def test_letters_run_from_acceptance(office):
    rec = office.add1("work_order", **order("1", "2023-06-21", source="来信"))
    office.edit("work_order", rec, accepted_at="2023-07-01")
    assert office.get("work_order", rec)["due_date"] == "2023-08-30"


def test_own_due_date_of_the_order_stands(office):
    rec = office.add1("work_order", **order("1", "2023-06-21", due_date="2023-06-23"))
    office.edit("work_order", rec, kind="咨询")
    assert office.get("work_order", rec)["due_date"] == "2023-06-23"


def test_a_year_without_calendar_is_provisional(office):
    late = office.at("2026-12-31")
    answer = late.try_add("work_order", order("1", "2026-12-30"))
    assert answer.code == 0
    assert "calendar_missing" in answer.codes("hint")
    assert late.get("work_order", "1")["due_date"] == "2027-01-13"
    hints = late.get("work_order", "1")["hints"]
    assert "calendar_missing" in {h["code"] for h in hints}


def test_workdays_left_in_the_due_list(office):
    office.add("work_order", order("1", "2023-06-21", due_date="2023-06-26", signed_at="2023-06-21 10:00"))
    left = {
        d: office.run("due", "--on", d)[0]["workdays_left"]
        for d in ("2023-06-21", "2023-06-26", "2023-06-27", "2023-06-30")
    }
    assert left == {"2023-06-21": 2, "2023-06-26": 0, "2023-06-27": -1, "2023-06-30": -4}
