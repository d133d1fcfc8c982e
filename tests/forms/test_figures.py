"""The figures of the single registers (the worked examples of orders, visits and fines are in tests/acceptance)."""

import pytest
from samples import CASE, CLEARED, FINDING, PEOPLE, PLANT, SIX, SOUND, VISIT

from envdesk.figures.compute import Computer
from envdesk.figures.period import parse_period

JUNE = "2023-06"


def test_coverage_counts_the_register_and_not_the_visits(office):
    office.add(
        "subject",
        {"name": "乙加油站", "types": ["加油站"], "industry": "其他", "address": "x", "register_from": "2022-01-01"},
    )
    office.add(
        "gas_station_check", SOUND["gas_station_check"], SOUND["gas_station_check"] | {"visit_date": "2023-06-06"}
    )

    assert office.values(JUNE, "gas_visits", "gas_reg", "gas_covered", "gas_cov") == ["2", "2", "1", "50.00%"]
    assert office.values("2023-05", "gas_visits", "gas_cov") == ["0", "0%"]


def test_a_yearly_test_runs_out(office):
    office.add("gas_station_check", SOUND["gas_station_check"] | {"test_date": "2022-07-01"})

    assert office.values(JUNE, "gas_test_overdue") == ["0"]
    assert office.values("2023-07", "gas_test_overdue") == ["1"]


def test_vehicles_and_samples_are_summed(office):
    lorry = SOUND["mobile_source_test"] | {"failed": 2}
    oil = {
        **VISIT,
        "place": "甲工地",
        "subject_id": "甲工地",
        "kind": "非道路柴油样品",
        "samples": 3,
        "sample_failed": 1,
    }
    oil["date"] = oil.pop("visit_date")
    office.add("mobile_source_test", lorry, lorry | {"date": "2023-06-07", "tested": 20, "failed": 0}, oil)

    names = (
        "mobile_tested",
        "mobile_failed",
        "mobile_fail_rate",
        "oil_samples",
        "oil_failed",
        "oil_machine",
        "oil_vehicle",
    )
    assert office.values(JUNE, *names) == ["50", "2", "4.00%", "3", "1", "3", "0"]
    assert office.values(JUNE, "oil_sites", "outing_cnt") == ["1", "3"]
    assert office.split(JUNE, "mobile_tested", "kind") == {"柴油车路检": "50"}


def test_six_items_of_a_site(office):
    site = SOUND["site_dust_patrol"]
    office.add(
        "site_dust_patrol",
        site | {"joint": True},
        site | {"visit_date": "2023-06-06", "six_6": "不涉及"},
        site | {"visit_date": "2023-06-07", "six_1": "不达标", "source": "抽查"},
        site | {"visit_date": "2023-06-08"} | dict.fromkeys(SIX, "不涉及"),
    )

    assert office.values(JUNE, "site_visits", "site_joint", "site_spot", "site_subjects") == ["4", "1", "1", "1"]
    assert office.values(JUNE, "site_six_rate", "site_six1_rate", "site_six6_rate") == ["50.00%", "66.67%", "100%"]


def test_carbon_of_the_newest_sheet_counts(office):
    sheet = SOUND["vocs_check"]
    office.add("vocs_check", sheet | {"visit_date": "2023-01-10", "ac_last_change": "2023-01-01"})
    assert office.values("2023-05", "ac_overdue_cnt") == ["1"]

    [new] = office.add("vocs_check", sheet | {"findings": [FINDING | {"item": "G"}, FINDING]})
    office.edit("vocs_check", new, simple_done="2023-06-20")

    assert office.values(JUNE, "ac_overdue_cnt", "ac_checked", "ac_problem", "voc_upgraded") == ["0", "1", "1", "1"]


def test_flood_season(office):
    risk = FINDING | {"nature": "环境风险隐患"}
    office.add("flood_hazard_check", PLANT | {"findings": [risk, risk, FINDING]})
    office.add("flood_hazard_check", PLANT | {"visit_date": "2023-03-01", "findings": [risk]})

    assert office.values("2023H1", "flood_subjects", "flood_hazards", "hazard_found") == ["1", "2", "3"]


def test_what_a_clearing_is_and_when_it_fell_back(office):
    [target] = office.add(
        "task_target", {"year": 2023, "figure_id": "slw_done", "target": 4, "level": "区下达", "from": "2023-02-01"}
    )
    places = [f"作坊{n}" for n in range(4)]
    for place in places:
        office.add(
            "subject",
            {"name": place, "types": ["散乱污场所"], "industry": "其他", "address": "x", "register_from": "2022-01-01"},
        )
    found = SOUND["sanluanwu"]
    moved = {"action": "整合搬迁", "new_place": "某园", "done_date": "2023-05-02", "verify_date": "2023-06-02"}
    improved = {
        "action": "升级改造",
        "permit_done": True,
        "facility_done": True,
        "done_date": "2023-05-02",
        "verify_date": "2023-06-02",
    }
    office.add(
        "sanluanwu",
        found
        | CLEARED
        | {"subject_id": places[0], "batch_id": target, "rebounds": [{"date": "2023-06-20", "handled": "2023-07-01"}]},
        found | CLEARED | {"subject_id": places[1], "batch_id": target},
        found | moved | {"subject_id": places[2]},
        found | improved | {"subject_id": places[3]},
    )

    names = ("slw_done", "slw_shut", "slw_move", "slw_up", "slw_target", "slw_rate", "slw_rebound")
    assert office.values("2023-05", *names) == ["2", "2", "0", "0", "4", "50.00%", "0"]
    assert office.values("2023H1", *names, cut="2023-06-30") == ["3", "1", "1", "1", "4", "75.00%", "1"]
    assert office.values("2023H1", *names, cut="2023-07-31") == ["4", "2", "1", "1", "4", "100%", "1"]


def test_declarations_are_for_the_year_before(office):
    # 永利鞋厂 must declare by its class; two more say so by year
    for name, years in (("甲厂", [2022]), ("乙厂", [2021])):
        office.add(
            "subject",
            {
                "name": name,
                "types": ["工业企业"],
                "industry": "其他",
                "address": "x",
                "register_from": "2022-01-01",
                "must_declare_years": years,
            },
        )
    office.add(
        "solid_waste_declaration",
        SOUND["solid_waste_declaration"],
        {"subject_id": "甲厂", "kind": "一般工业固废", "year": 2022},
    )

    names = ("decl_should", "decl_done", "decl_rate")
    assert office.values(JUNE, *names) == ["2", "1", "50%"]
    assert office.values("2023-02", *names) == ["2", "0", "0%"]  # declared on 1 March
    assert office.values("2022-06", *names) == ["2", "0", "0%"]  # the class, and the one of 2021


def test_parts_of_supervision(office):
    case = SOUND["supervision_case"]
    office.add("supervision_case", case | {"case_no": "S1", "closed_at": "2023-04-10"})
    office.add(
        "supervision_case",
        case | {"case_no": "S2", "dup_of": "S1"},
        case | {"case_no": "S3", "batch": "省第二轮", "stage_closed_at": "2023-03-01"},
        case | {"case_no": "S4", "closed_at": "2023-03-01", "cancel_at": "2023-05-31"},
        case | {"case_no": "S5", "rect_type": "长期坚持"},
        case | {"case_no": "S6", "closed_at": "2023-03-01", "rechecks": [{"date": "2023-06-10", "result": "反弹"}]},
    )

    assert office.split("2023H1", "sv_total", "part") == {
        "已办结": "2",
        "阶段性办结": "1",
        "已销号": "1",
        "长期坚持": "1",
        "办理中": "1",
    }
    assert office.split("2023H1", "sv_total", "level") == {"中央": "5", "省": "1"}
    assert office.values("2023H1", "sv_total", "sv_dup", "sv_rate", "sv_rebound") == ["6", "1", "66.67%", "1"]
    assert office.values("2023-05", "sv_rate", "sv_rebound") == ["83.33%", "0"]


def test_monthly_rechecks(office):
    case = SOUND["supervision_case"]
    days = [{"date": d} for d in ("2023-05-06", "2023-06-06", "2023-06-26")]
    office.add(
        "supervision_case",
        case | {"case_no": "S1", "closed_at": "2023-04-10", "rechecks": days},
        case | {"case_no": "S2", "closed_at": "2023-05-20"},
        case
        | {"case_no": "S4", "closed_at": "2023-03-01", "cancel_at": "2023-05-31", "rechecks": [{"date": "2023-04-06"}]},
    )

    # S1 May, June · S4 April, May · S2 June
    assert office.values("2023Q2", "sv_pairs", "sv_recheck_rate", "sv_rechecks") == ["5", "60.00%", "4"]


def test_running_totals_and_months_of_the_air(office):
    month = {"period": "月", "area": "全区", "origin": "区分局"}
    total = {
        "period": "截至日累计", "until": "2023-06-18", "area": "全区", "origin": "区分局", "pm25": 47, "pm25_ly": 49,
        "co95": "1.0", "co95_ly": "1.2", "o3_90": 160, "o3_90_ly": 177, "aqi_index": "4.87", "aqi_index_ly": "4.97",
        "good_days": 115, "valid_days": 168, "good_days_ly": 98, "valid_days_ly": 169,
    }  # fmt: skip
    office.add(
        "air_quality",
        total,
        month | {"until": "2023-05-31", "pm25": 30, "good_days": 30, "valid_days": 31},
        month | {"until": "2023-04-30", "pm25": 32, "good_days": 28, "valid_days": 30},
    )
    computer = Computer(office.store, parse_period("2023-01-01..2023-06-18"))
    changes = {n: computer.result(n).change_last_year for n in ("air_pm25", "air_co95", "air_o3_90", "air_aqi_index")}

    assert changes == {"air_pm25": "-4.1%", "air_co95": "-16.7%", "air_o3_90": "-9.6%", "air_aqi_index": "-2.0%"}
    assert office.values("2023-01-01..2023-06-18", "air_pm25", "good_days", "good_rate") == ["47", "115", "68.5%"]
    assert office.values("2023-05", "air_pm25", "good_days", "good_rate") == ["30", "30", "96.8%"]
    assert office.values("2023Q2", "air_pm25", "good_days", "good_rate") == ["—", "58", "95.1%"]


def test_how_many_days_and_places_better(office):
    month = {"period": "月", "area": "全区", "origin": "区分局"}
    year = month | {"period": "截至日累计"}
    office.add(
        "air_quality",
        month | {"until": "2022-05-31", "good_days": 28, "valid_days": 31, "rank": 5},
        month | {"until": "2023-05-31", "good_days": 30, "valid_days": 31, "rank": 7, "good_days_ly": 1, "rank_ly": 1},
        year | {"until": "2023-05-31", "good_days": 140, "valid_days": 150, "good_days_ly": 150, "rank": 2},
        month | {"until": "2023-04-30", "good_days": 28, "valid_days": 30, "rank": 6},
    )

    assert office.values("2023-05", "good_days_more", "air_rank_up") == ["2", "-2"]  # a record goes before a twin
    assert office.values("2023-01-01..2023-05-31", "good_days_more", "air_rank_up") == ["-10", "—"]
    assert office.values("2023-04", "good_days_more", "air_rank_up") == ["—", "—"]


def test_pollutants_within_the_limits(office):
    month = {"period": "月", "until": "2023-05-31", "valid_days": 31, "origin": "区分局"}
    office.add("air_quality", month | {"pm25": 35, "pm10": 71, "so2": 6, "co95": "0.9", "o3_90": 165})

    assert office.values("2023-05", "air_grade2") == ["3"]


def test_a_separate_campaign_stands_alone(office):
    campaign = PLANT | {"campaign_id": "百日攻坚", "team_count": 2, "vehicles": 1}
    office.add("inspection", PLANT, campaign | {"visit_date": "2023-06-07"})
    names = ("insp_visits", "insp_subjects", "outing_cnt", "person_times", "vehicle_times")

    assert office.values(JUNE, *names) == ["1", "1", "1", "2", "0"]
    assert office.values(JUNE, *(f"{n}:campaign=百日攻坚" for n in names)) == ["1", "1", "2", "2", "1"]


def test_help_is_no_inspection(office):
    office.add("assistance", SOUND["assistance"] | {"findings": [FINDING]})

    assert office.values(JUNE, "assist_visits", "assist_prob", "assist_fixed", "assist_subj_fixed") == [
        "1",
        "1",
        "1",
        "1",
    ]
    assert office.values(JUNE, "insp_visits", "prob_found", "person_times") == ["0", "1", "2"]
    assert office.store.con.value("SELECT visit_kind FROM t_visit") == "帮扶"


def test_a_closed_door_is_no_inspection(office):
    office.add("inspection", PLANT | {"result": "停业/无法进入"})

    assert office.values(JUNE, "insp_visits", "visit_cnt") == ["0", "1"]
    office.store.con.execute("INSERT INTO setting VALUES ('insp_closed_counts', '1')")
    office.store.cache.clear()
    assert office.values(JUNE, "insp_visits") == ["1"]


def test_findings_become_rectifications_and_cases(office):
    office.add(
        "site_dust_patrol",
        SOUND["site_dust_patrol"] | {"findings": [FINDING | {"action": "限期整改", "due": "2023-06-12"}, FINDING]},
    )
    office.add(
        "inspection",
        PLANT | {"findings": [FINDING | {"action": "线索移交区生态环境分局"}, FINDING | {"action": "立案"}]},
    )

    assert office.split(JUNE, "orders_fixed", "origin") == {"工地": "1"}
    assert office.values(JUNE, "clue_out", "filed", "prob_found", "prob_fixed", "supervised_fix") == [
        "1",
        "0",
        "4",
        "1",
        "2",
    ]
    [made] = office.store.con.query("SELECT id, issued_at, due, finding_no FROM t_rectification")
    assert made[1:] == ("2023-06-05", "2023-06-12", 1)
    office.edit("rectification", made[0], verify_date="2023-06-14", verify_result="已整改")
    assert office.values(JUNE, "prob_fixed", "rect_rate", "fixed_in_period", "rect_ontime_rate") == [
        "2",
        "50.00%",
        "1",
        "0%",
    ]


def test_one_document_number_is_one_document(office):
    office.add("rectification", SOUND["rectification"], SOUND["rectification"] | {"problem": "第二个问题"})
    office.add(
        "inspection",
        PLANT
        | {
            "docs": [
                {"kind": "整改通知书", "no": "1号"},
                {"kind": "整改通知书"},
                {"kind": "现场检查笔录"},
                {"kind": "交办函"},
            ]
        },
    )

    assert office.values(JUNE, "doc_cnt", "doc_subjects", "letters") == ["2", "1", "1"]


def test_measures_and_cases_count_on_their_own_days(office):
    penalty = {
        "decision": "处罚决定",
        "decision_no": "1号",
        "decided_at": "2023-07-03",
        "fine_fen": 2_096_200,
        "other": ["没收", "查封扣押"],
    }
    office.add("enforcement_case", CASE | penalty | {"other_at": "2023-05-20"})

    assert office.values("2023-05", "filed", "seal", "penal") == ["1", "1", "0"]
    assert office.values("2023-07", "penal", "fine", "en_carry_in", "en_open_end") == ["1", "2.10", "1", "0"]


def test_no_fire_is_a_patrol(office):
    office.add("open_burning", {"date": "2023-06-05", "fire": False, "people": PEOPLE, "km": "12.5"})

    assert office.values(JUNE, "burn_points", "burn_patrols", "burn_km") == ["0", "1", "12.5"]


def test_counters_of_the_general_ledger(office):
    office.add(
        "other_ledger",
        SOUND["other_ledger"] | {"qty": 4, "amount_fen": 2_096_200},
        {"date": "2023-06-05", "item_type": "在线监控异常", "unit": "次", "done_at": "2023-06-08"},
        {"date": "2023-06-06", "item_type": "在线监控异常", "unit": "次"},
    )

    names = (
        "ol_qty:item_type=生态损害赔偿",
        "ol_amt:item_type=生态损害赔偿",
        "ol_cnt",
        "online_abn",
        "online_done_rate",
    )
    assert office.values(JUNE, *names) == ["4", "20962", "3", "2", "50.00%"]


def test_rates_and_days_of_the_general_ledger(office):
    project = {"date": "2023-06-05", "item_type": "农污项目", "unit": "村", "amount_fen": 1_048_100}
    water = {"date": "2023-06-05", "item_type": "水源地水质", "unit": "处"}
    permit = {"date": "2023-06-09", "item_type": "环评审批", "unit": "个"}
    office.add(
        "other_ledger",
        project | {"started_at": "2023-07-01"},
        project | {"done_at": "2023-06-20", "value": "1.5"},
        water | {"status": "合格"},
        water | {"status": "不合格"},
        water,
        permit | {"done_at": "2023-06-12", "status": "告知承诺"},  # Friday to Monday
        permit | {"done_at": "2023-06-15"},
    )

    project_names = ("ol_start_rate", "ol_done_rate", "ol_amt_wan", "ol_sum")
    names = [f"{name}:item_type=农污项目" for name in project_names]
    assert office.values(JUNE, *names, cut="2023-06-30") == ["50.00%", "50.00%", "2.0962", "1.5"]
    assert office.values(JUNE, *names, cut="2023-07-31")[0] == "100%"
    assert office.values(JUNE, "ol_pass_rate:item_type=水源地水质", "ol_pass_rate:item_type=农污项目") == [
        "50.00%",
        "—",
    ]
    permits = "ol_workdays:item_type=环评审批"
    assert office.values(JUNE, f"{permits},status=告知承诺", permits) == ["1.0", "2.5"]


@pytest.mark.parametrize(("day", "kind"), [("2023-06-05", "行政检查"), ("2023-07-05", "日常巡查")])
def test_two_valid_badges_make_an_administrative_inspection(office, day, kind):
    office.add("inspection", PLANT | {"visit_date": day})

    assert office.store.con.value("SELECT visit_kind FROM t_visit") == kind
    assert office.values(day, "admin_insp", "patrol_visits") == (["1", "0"] if kind == "行政检查" else ["0", "1"])
