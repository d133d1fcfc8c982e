"""Outings and visits: several sheets of one stop, several stops of one outing, and what editing and voiding do to them."""

import pytest
from office import SITE, SIX, firm, order, visit

JUNE = "2024-06"
DAY = "2024-06-06"
COUNTS = ("outing_cnt", "person_times", "person_times_visit", "insp_visits", "insp_subjects", "visit_cnt")


@pytest.fixture
def firms(office):
    office.add("subject", [firm(f"鞋厂{n}") for n in range(1, 4)] + [SITE])
    return office


def counts(office):
    return tuple(office.values(JUNE, *COUNTS).values())


def shape(office):
    """Live outings and visits."""
    return len(office.rows("outing")), len(office.rows("visit"))


def finding(**more):
    return {"desc": "危废未贴标签", "action": "限期整改"} | more


def test_a_clue_is_numbered_in_its_own_year(firms):
    firms.add("enforcement_case", {"subject_id": "鞋厂1", "cause": "无台账", "clue_at": "2023-06-05"})
    assert firms.rows("enforcement_case")[0]["record_no"] == "AJ-2023-0001"


# -------------------------------------------------------------------------------------------------------------- joining
def test_order_of_people_and_words_for_them_do_not_matter(firms):
    firms.add("person", [{"name": "张三", "badge_no": "1"}, {"name": "李四"}])
    firms.add("inspection", visit("鞋厂1", DAY, ["张三", "李四"]))
    firms.add("vocs_check", visit("鞋厂1", DAY, ["李四", "张三(1)", "张三"]))
    firms.add("inspection", visit("鞋厂2", "2024.6.6", "李四、张三"))
    assert shape(firms) == (1, 2)
    assert counts(firms) == (1, 2, 4, 2, 2, 2)


@pytest.mark.parametrize(
    "other",
    [{"session": "下午"}, {"visit_date": "2024-06-07"}, {"people": ["张三"]}, {"people": ["张三", "李四", "王五"]},
     {"extra_people": 1}],
)  # fmt: skip
def test_another_day_session_or_crew_is_another_outing(firms, other):
    firms.add("inspection", visit("鞋厂1", DAY))
    firms.add("vocs_check", visit("鞋厂1", DAY) | other)
    assert shape(firms) == (2, 2)


def test_forms_of_the_outing_block_join_the_outing(firms):
    firms.add("river", {"name": "石马涌"})
    firms.add("inspection", visit("鞋厂1", DAY))
    patrol = {"date": DAY, "session": "上午", "people": ["李四", "张三"], "river_id": "石马涌"}
    firms.add("outfall_patrol", patrol)
    assert shape(firms) == (1, 1)
    assert firms.values(JUNE, "outing_cnt", "person_times", "river_visits") == {
        "outing_cnt": 1, "person_times": 2, "river_visits": 1,
    }  # fmt: skip
    # the visit goes, the outing stays for the river
    firms.void("inspection", "XC-2024-0001")
    assert shape(firms) == (1, 0)


def test_same_visit_false_separates(firms):
    firms.add("inspection", visit("鞋厂1", DAY))
    firms.add("vocs_check", visit("鞋厂1", DAY, same_visit=False))
    assert shape(firms) == (1, 2)
    assert counts(firms) == (1, 2, 4, 2, 1, 2)


def test_the_header_is_typed_once(firms):
    firms.add("inspection", visit("鞋厂1", DAY, site_person="王总", time_from="09:00", source="专项检查", vehicles=1))
    rec = firms.add1("vocs_check", **visit("鞋厂1", DAY))
    row = firms.get("vocs_check", rec)
    assert (row["site_person"], row["time_from"], row["source"], row["vehicles"]) == ("王**", "09:00", "专项检查", 1)
    # the second sheet may add what the first left open, and both show it
    firms.add("hazardous_waste_check", visit("鞋厂1", DAY, time_to="10:00"))
    assert firms.get("vocs_check", rec)["time_to"] == "10:00"


def test_a_different_header_is_a_warning_and_the_new_value_stands_for_both(firms):
    first = firms.add1("inspection", **visit("鞋厂1", DAY, source="专项检查"))
    second = visit("鞋厂1", DAY, source="双随机") | {"warnings": None}
    refused = firms.try_add("vocs_check", second)
    assert (refused.code, refused.codes("warning")) == (1, ["visit_header_differs"])
    assert "专项检查" in refused.err
    assert firms.get("inspection", first)["source"] == "专项检查"
    firms.add("vocs_check", second | {"warnings": "accept"})
    assert firms.get("inspection", first)["source"] == "双随机"
    assert firms.values(JUNE, "insp_visits", by="source") == {"insp_visits:source=双随机": 1}


def test_a_different_number_of_teams_is_a_warning_and_the_larger_stands(firms):
    firms.add("inspection", visit("鞋厂1", DAY, team_count=2))
    more = visit("鞋厂2", DAY, team_count=3) | {"warnings": None}
    refused = firms.try_add("inspection", more)
    assert (refused.code, refused.codes("warning")) == (1, ["team_count_differs"])
    firms.add("inspection", more | {"warnings": "accept"})
    assert firms.values(JUNE, "outing_cnt") == {"outing_cnt": 3}
    firms.add("inspection", visit("鞋厂3", DAY, team_count=1))
    assert firms.values(JUNE, "outing_cnt") == {"outing_cnt": 3}
    assert shape(firms) == (1, 3)


# -------------------------------------------------------------------------------------------------------------- editing
@pytest.fixture
def morning(firms):
    """One outing: two sheets on 鞋厂1, one on 鞋厂2, one at the site."""
    firms.add("inspection", [visit("鞋厂1", DAY), visit("鞋厂2", DAY)])
    firms.add("vocs_check", visit("鞋厂1", DAY))
    firms.add("site_dust_patrol", visit("白云一号工地", DAY, **SIX))
    assert shape(firms) == (1, 3)
    return firms


def test_editing_people_moves_that_visit_with_its_sheets_and_no_sibling(morning):
    morning.edit("inspection", "XC-2024-0001", people=["张三", "李四", "王五"])

    assert shape(morning) == (2, 3)
    assert morning.get("vocs_check", "VC-2024-0001")["people"] == ["张三", "李四", "王五"]
    assert morning.get("inspection", "XC-2024-0002")["people"] == ["张三", "李四"]
    assert morning.get("site_dust_patrol", "YC-2024-0001")["people"] == ["张三", "李四"]
    assert counts(morning) == (2, 5, 7, 2, 2, 3)
    # and back: the outing made for it goes again
    morning.edit("inspection", "XC-2024-0001", people=["李四", "张三"])
    assert shape(morning) == (1, 3)
    assert counts(morning) == (1, 2, 6, 2, 2, 3)


def test_editing_the_day_moves_the_visit_into_the_other_period(morning):
    morning.edit("inspection", "XC-2024-0001", visit_date="2024-07-01")
    assert shape(morning) == (2, 3)
    assert morning.get("vocs_check", "VC-2024-0001")["visit_date"] == "2024-07-01"
    assert morning.values("2024-07", "insp_visits", "person_times") == {"insp_visits": 1, "person_times": 2}
    assert counts(morning) == (1, 2, 4, 1, 1, 2)


def test_moving_onto_a_visit_that_is_there_joins_it(morning):
    morning.add("inspection", visit("鞋厂1", DAY, ["张三"]))
    assert shape(morning) == (2, 4)
    morning.edit("inspection", "XC-2024-0003", people=["张三", "李四"], warnings="accept")
    assert shape(morning) == (1, 3)
    visits = {morning.get(f, r)["visit_id"] for f, r in (
        ("inspection", "XC-2024-0001"), ("inspection", "XC-2024-0003"), ("vocs_check", "VC-2024-0001"))}  # fmt: skip
    assert len(visits) == 1


def test_editing_the_subject_moves_this_sheet_only(morning):
    morning.edit("vocs_check", "VC-2024-0001", subject_id="鞋厂3", subject_name="鞋厂3")
    assert shape(morning) == (1, 4)
    assert morning.get("inspection", "XC-2024-0001")["refs"]["subject_id"] == "鞋厂1"
    assert morning.get("vocs_check", "VC-2024-0001")["refs"]["subject_id"] == "鞋厂3"
    assert counts(morning) == (1, 2, 8, 3, 3, 4)
    # the only sheet of a visit takes the visit along
    morning.edit("inspection", "XC-2024-0002", subject_id="鞋厂3")
    assert shape(morning) == (1, 3)
    assert counts(morning) == (1, 2, 6, 2, 2, 3)


def test_the_name_of_the_day_follows_an_edited_subject(morning):
    morning.edit("vocs_check", "VC-2024-0001", subject_id="鞋厂3")
    assert morning.get("vocs_check", "VC-2024-0001")["subject_name"] == "鞋厂3"
    assert morning.get("inspection", "XC-2024-0001")["subject_name"] == "鞋厂1"
    morning.edit("subject", "鞋厂2", name="新鞋厂2")
    assert morning.get("inspection", "XC-2024-0002")["subject_name"] == "鞋厂2"


def test_editing_a_header_changes_all_sheets_of_the_visit(morning):
    morning.edit("vocs_check", "VC-2024-0001", source="双随机", team_count=2)
    assert morning.get("inspection", "XC-2024-0001")["source"] == "双随机"
    assert morning.get("inspection", "XC-2024-0002")["source"] == "日常检查"
    assert morning.values(JUNE, "outing_cnt") == {"outing_cnt": 2}


def test_a_move_can_be_undone(morning):
    before = counts(morning), shape(morning)
    for change in ({"people": ["王五"]}, {"subject_id": "鞋厂3"}, {"visit_date": "2024-06-07", "session": "夜间"}):
        morning.edit("inspection", "XC-2024-0001", warnings="accept", **change)
        assert (counts(morning), shape(morning)) != before
        morning.run("undo")
        assert (counts(morning), shape(morning)) == before


# -------------------------------------------------------------------------------------------------------------- voiding
def test_the_last_sheet_takes_visit_and_outing_along(morning):
    morning.void("inspection", "XC-2024-0001")
    assert shape(morning) == (1, 3)
    morning.void("vocs_check", "VC-2024-0001")
    assert shape(morning) == (1, 2)
    morning.void("inspection", "XC-2024-0002")
    morning.void("site_dust_patrol", "YC-2024-0001")
    assert shape(morning) == (0, 0)
    assert counts(morning) == (0, 0, 0, 0, 0, 0)
    again = morning.call("void", "inspection", "XC-2024-0001", "--why", "重复")
    assert (again.code, again.codes()) == (1, ["already_void"])
    assert morning.try_edit("inspection", "XC-2024-0001", facts="x").codes() == ["is_void"]
    # its number is not given again
    morning.add("inspection", visit("鞋厂1", DAY))
    assert [r["record_no"] for r in morning.rows("inspection")] == ["XC-2024-0003"]


def test_undoing_a_void_brings_the_visit_back(morning):
    before = counts(morning)
    morning.void("site_dust_patrol", "YC-2024-0001")
    morning.run("undo")
    assert (counts(morning), shape(morning)) == (before, (1, 3))


def test_undoing_the_sheet_that_made_the_visit(morning):
    morning.add("inspection", visit("鞋厂3", "2024-06-09"))
    assert shape(morning) == (2, 4)
    morning.run("undo")
    assert shape(morning) == (1, 3)
    assert [r["name"] for r in morning.rows("person")] == ["张三", "李四"]


# ------------------------------------------------------------------------------------------------- findings and orders
def test_a_finding_with_a_limit_makes_its_rectification(firms):
    answer = firms.try_add("inspection", visit("鞋厂1", DAY, findings=[
        {"desc": "地面积水"}, finding(item="危废", due="2024-06-20")], result="发现问题"))  # fmt: skip
    assert answer.code == 0
    (rect,) = answer.created("rectification")
    (sheet,) = answer.ids
    row, rows = firms.get("rectification", rect), firms.get("inspection", sheet)["findings"]
    assert [r["rect_id"] for r in rows] == [None, rect]
    assert (row["origin"], row["origin_id"], row["finding_no"]) == ("检查", sheet, 2)
    assert (row["problem"], row["issued_at"], row["due"]) == ("危废：危废未贴标签", DAY, "2024-06-20")
    assert row["refs"]["subject_id"] == "鞋厂1"
    assert firms.values(JUNE, "prob_found", "prob_fixed", "rect_issued", "supervised_fix") == {
        "prob_found": 2, "prob_fixed": 1, "rect_issued": 1, "supervised_fix": 2,
    }  # fmt: skip
    firms.edit("rectification", rect, verify_date="2024-06-18", verify_result="已整改")
    assert firms.texts(JUNE, "prob_fixed", "rect_rate", "subj_fixed") == {
        "prob_fixed": "2", "rect_rate": "100%", "subj_fixed": "1",
    }  # fmt: skip
    assert firms.texts(JUNE, "prob_fixed", "rect_rate", "subj_fixed", cut="2024-06-17") == {
        "prob_fixed": "1", "rect_rate": "50.00%", "subj_fixed": "0",
    }  # fmt: skip


def test_the_limit_defaults_to_fifteen_days(firms):
    answer = firms.try_add("inspection", visit("鞋厂1", DAY, findings=[finding()]))
    assert firms.get("rectification", answer.created("rectification")[0])["due"] == "2024-06-21"
    assert firms.get("inspection", answer.ids[0])["result"] == "发现问题"


def test_undoing_the_sheet_undoes_its_rectification(firms):
    firms.add("inspection", visit("鞋厂1", DAY, findings=[finding(), finding(action="立案")]))
    assert [len(firms.rows(f)) for f in ("rectification", "enforcement_case")] == [1, 1]
    firms.run("undo")
    for form in ("inspection", "visit", "outing", "rectification", "enforcement_case", "person"):
        assert firms.rows(form) == [], form
    # once something rests on it, the undo names what comes first
    firms.add("inspection", visit("鞋厂1", DAY, findings=[finding()]))
    rect = firms.rows("rectification")[0]["id"]
    firms.edit("rectification", rect, verify_date="2024-06-18", verify_result="已整改")
    history = firms.run("history", "inspection", firms.rows("inspection")[0]["id"])
    blocked = firms.call("undo", str(history[0]["operation"]))
    assert (blocked.code, blocked.codes()) == (1, ["undo_blocked"])


def test_a_limit_added_later_makes_the_rectification_once(firms):
    rec = firms.add1("inspection", **visit("鞋厂1", DAY, findings=[{"desc": "地面积水"}]))
    (row,) = firms.get("inspection", rec)["findings"]
    answer = firms.edit("inspection", rec, findings=[{"id": row["id"], "desc": "地面积水", "action": "限期整改"}])
    assert len(answer.created("rectification")) == 1
    firms.edit("inspection", rec, facts="复核")
    assert len(firms.rows("rectification")) == 1


def test_a_rectification_entered_by_hand_links_the_finding(firms):
    sheet = firms.add1(
        "inspection", **visit("鞋厂1", DAY, findings=[{"desc": "一", "action": "移交其他部门"}, {"desc": "二"}])
    )
    rect = firms.add1(
        "rectification", subject_id="鞋厂1", problem="二", issued_at=DAY, origin_id="XC-2024-0001", finding_no=2
    )
    assert [r["rect_id"] for r in firms.get("inspection", sheet)["findings"]] == [None, rect]
    assert len(firms.rows("rectification")) == 1
    firms.run("undo")
    assert [r["rect_id"] for r in firms.get("inspection", sheet)["findings"]] == [None, None]


def test_a_finding_that_names_its_rectification_links_back(firms):
    rect = firms.add1("rectification", subject_id="鞋厂1", problem="标签", issued_at="2024-06-01", doc="口头")
    sheet = firms.add1("inspection", **visit("鞋厂1", DAY, findings=[{"desc": "一"}, finding(rect_id="ZG-2024-0001")]))
    row = firms.get("rectification", rect)
    assert (row["origin_id"], row["finding_no"]) == (sheet, 2)
    assert len(firms.rows("rectification")) == 1


def test_findings_of_two_sheets_of_one_stop_all_count_but_one_firm(firms):
    firms.add("inspection", visit("鞋厂1", DAY, findings=[{"desc": "一"}, {"desc": "二", "nature": "环境风险隐患"}]))
    firms.add("vocs_check", visit("鞋厂1", DAY, findings=[{"desc": "三"}]))
    assert firms.values(JUNE, "prob_found", "risk_found", "subj_with_prob", "subj_fixed", "insp_visits") == {
        "prob_found": 3, "risk_found": 1, "subj_with_prob": 1, "subj_fixed": 1, "insp_visits": 1,
    }  # fmt: skip
    assert firms.values(JUNE, "prob_found", by="form") == {
        "prob_found:form=inspection": 2, "prob_found:form=vocs_check": 1,
    }  # fmt: skip
    assert firms.failed_rules(JUNE) == []


def test_a_visit_answers_an_order(firms):
    firms.add("work_order", order("1", "2024-06-05"))
    firms.add("inspection", visit("鞋厂1", DAY, order_id="1", source="投诉举报"))
    rec = firms.add1("vocs_check", **visit("鞋厂1", DAY))
    assert firms.get("vocs_check", rec)["refs"]["order_id"] == "1"


# ------------------------------------------------------------------------------------------------------------ campaigns
def test_a_separate_campaign_counts_by_itself(firms):
    firms.add("campaign", [{"name": "百日攻坚", "separate": True}, {"name": "汛期", "separate": False}])
    firms.add("inspection", visit("鞋厂1", DAY))
    firms.add("inspection", visit("鞋厂2", "2024-06-07", campaign_id="汛期"))
    firms.add(
        "inspection",
        [visit(f"鞋厂{n}", "2024-06-08", ["张三", "李四", "王五"], campaign_id="百日攻坚") for n in (1, 2, 3)],
    )
    # an outing with visits of both kinds belongs to the office's own count
    firms.add("inspection", visit("鞋厂1", "2024-06-09"))
    firms.add("inspection", visit("鞋厂2", "2024-06-09", campaign_id="百日攻坚"))

    assert firms.values(JUNE, *COUNTS) == {
        "outing_cnt": 3, "person_times": 6, "person_times_visit": 6, "insp_visits": 3, "insp_subjects": 2, "visit_cnt": 3,
    }  # fmt: skip
    named = ("insp_visits:campaign=百日攻坚", "insp_visits:campaign=汛期", "outing_cnt:campaign=百日攻坚")
    assert list(firms.values(JUNE, *named).values()) == [4, 1, 2]
    assert firms.values(JUNE, "insp_visits", by="campaign") == {
        "insp_visits:campaign=百日攻坚": 4, "insp_visits:campaign=汛期": 1, "insp_visits:campaign=无专项行动": 2,
    }  # fmt: skip
    assert firms.failed_rules(JUNE) == []


# ---- rechecks that name their people -----------------------------------------------------------------------------
CASE_D1 = {
    "batch": "中央第二轮", "kind": "交办信访件", "case_no": "D1", "assigned_at": "2024-02-01", "content": "异味",
    "closed_at": "2024-03-01", "verdict": "属实", "measures": "已整改", "warnings": "accept",
}  # fmt: skip
JUNE_5 = {"date": "2024-06-05", "people": ["张三", "李四"], "result": "未反弹"}


def trips_of(office, period="2024-06"):
    return office.values(period, "person_times", "outing_cnt", "person_times_visit")


@pytest.fixture
def case(office):
    office.add("subject", firm("鞋厂"))
    return office.add1("supervision_case", **CASE_D1)


def test_a_recheck_with_people_is_an_outing(office, case):
    office.edit("supervision_case", case, rechecks=[JUNE_5], warnings="accept")
    assert trips_of(office) == {"person_times": 2, "outing_cnt": 1, "person_times_visit": 0}
    # another day, and the same people again the same day for another case: one outing a day
    other = office.add1("supervision_case", **CASE_D1 | {"case_no": "D2"}, rechecks=[JUNE_5])
    rows = office.get("supervision_case", case)["rechecks"]
    office.edit(
        "supervision_case",
        case,
        rechecks=[*rows, JUNE_5 | {"date": "2024-06-20", "people": ["王五"]}],
        warnings="accept",
    )
    assert trips_of(office) == {"person_times": 3, "outing_cnt": 2, "person_times_visit": 0}
    # the first case's row goes; the second still stands for that outing
    rows = office.get("supervision_case", case)["rechecks"]
    office.edit("supervision_case", case, rechecks=rows[1:], warnings="accept")
    assert trips_of(office)["person_times"] == 3
    office.void("supervision_case", other)
    assert trips_of(office) == {"person_times": 1, "outing_cnt": 1, "person_times_visit": 0}
    office.run("undo", "--why", "误作废")
    assert trips_of(office)["person_times"] == 3


def test_a_recheck_without_people_is_none(office, case):
    office.edit("supervision_case", case, rechecks=[{"date": "2024-06-05", "result": "未反弹"}], warnings="accept")
    assert trips_of(office)["person_times"] == 0


@pytest.mark.parametrize("sheet_first", [True, False])
def test_a_recheck_that_is_a_visit_sheet_too_counts_once(office, case, sheet_first):
    def sheet():
        return office.add1("inspection", **visit("鞋厂", "2024-06-05", source="复查"))

    rec = sheet() if sheet_first else ""
    office.edit("supervision_case", case, rechecks=[JUNE_5], warnings="accept")
    rec = rec or sheet()
    assert trips_of(office) == {"person_times": 2, "outing_cnt": 1, "person_times_visit": 2}
    assert office.get("inspection", rec)["session"] == "上午"
    office.void("inspection", rec)  # the recheck still was a trip
    assert trips_of(office) == {"person_times": 2, "outing_cnt": 1, "person_times_visit": 0}
    office.edit("supervision_case", case, rechecks=[], warnings="accept")
    assert trips_of(office) == {"person_times": 0, "outing_cnt": 0, "person_times_visit": 0}


def test_one_of_the_people_of_a_visit_that_day_is_not_counted_again(office, case):
    rec = office.add1("inspection", **visit("鞋厂", "2024-06-05", ["张三", "李四", "王五"]))
    office.edit("supervision_case", case, rechecks=[JUNE_5], warnings="accept")
    assert trips_of(office)["person_times"] == 3
    office.void("inspection", rec)
    assert trips_of(office)["person_times"] == 2


def test_taking_a_sheet_back_leaves_the_recheck_its_outing(office, case):
    office.add("person", [{"name": "张三"}, {"name": "李四"}])
    office.add1("inspection", **visit("鞋厂", "2024-06-05"))
    taken = office.run("history", "inspection", office.rows("inspection")[0]["id"])[0]["operation"]
    office.edit("supervision_case", case, rechecks=[JUNE_5], warnings="accept")
    office.run("undo", str(taken))
    assert trips_of(office) == {"person_times": 2, "outing_cnt": 1, "person_times_visit": 0}
    assert office.run("check") == []


def test_a_person_named_only_in_a_recheck_is_not_taken_back_from_under_it(office, case):
    office.add1("inspection", **visit("鞋厂", "2024-06-04"))  # brings 张三 and 李四 into the list
    made = office.run("history", "inspection", office.rows("inspection")[0]["id"])[0]["operation"]
    office.edit("supervision_case", case, rechecks=[JUNE_5], warnings="accept")
    assert office.call("undo", str(made)).codes() == ["undo_blocked"]


def test_people_of_a_rectifications_recheck(office, case):
    rec = office.add1(
        "rectification", subject_id="鞋厂", problem="活性炭未更换", issued_at="2024-06-03", warnings="accept"
    )
    done = {"verify_date": "2024-06-10", "verify_people": ["张三", "李四"], "verify_result": "已整改", "next": "销号"}
    office.edit("rectification", rec, **done, warnings="accept")
    assert trips_of(office) == {"person_times": 2, "outing_cnt": 1, "person_times_visit": 0}
    office.edit("rectification", rec, verify_date="2024-06-11", warnings="accept")
    assert trips_of(office)["person_times"] == 2
    assert [r["date"] for r in office.rows("outing")] == ["2024-06-11"]
    assert case


# ---- what a finding has made ---------------------------------------------------------------------------------------
@pytest.fixture
def found(firms):
    rec = firms.add1("inspection", **visit("鞋厂1", DAY, findings=[{"desc": "活性炭未更换", "action": "限期整改"}]))
    return firms, rec, firms.rows("rectification")[0]["id"]


def test_a_rectification_goes_along_to_the_right_subject(found):
    firms, rec, made = found
    firms.edit("inspection", rec, subject_id="鞋厂2", warnings="accept")
    assert firms.get("rectification", made)["refs"]["subject_id"] == "鞋厂2"
    firms.run("undo")
    assert firms.get("rectification", made)["refs"]["subject_id"] == "鞋厂1"
    # one that was given to somebody else stays there
    firms.edit("rectification", made, subject_id="鞋厂3", warnings="accept")
    firms.edit("inspection", rec, subject_id="鞋厂2", warnings="accept")
    assert firms.get("rectification", made)["refs"]["subject_id"] == "鞋厂3"


def test_a_finding_whose_rectification_is_alive_goes_only_when_asked(found):
    firms, rec, made = found
    answer = firms.try_edit("inspection", rec, findings=[])
    assert answer.code == 1
    (told,) = [p for p in answer.problems if p["code"] == "made_row_gone"]
    assert told["severity"] == "warning"
    assert "ZG-2024-0001" in told["message"]
    assert firms.edit("inspection", rec, findings=[], warnings="accept").codes("warning") == ["made_row_gone"]
    assert firms.get("rectification", made)["state"] != "已作废"
    # the record is void already: nothing to say
    other = firms.add1("inspection", **visit("鞋厂2", DAY, findings=[{"desc": "缺台账", "action": "限期整改"}]))
    firms.void("rectification", next(r["id"] for r in firms.rows("rectification") if r["id"] != made))
    assert "made_row_gone" not in firms.edit("inspection", other, findings=[], warnings="accept").codes()
