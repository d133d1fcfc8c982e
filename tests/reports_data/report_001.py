"""Report 001: a district bureau, the first half of 2023. All its numbers are masked; these are chosen."""

from datetime import date, timedelta

from tests.reports_data.entry import (
    SIX,
    STAFF,
    TEAM,
    TEAM2,
    TEAM3,
    Report,
    Values,
    each,
    event,
    ledger,
    of_subjects,
    orders,
    penalties,
    subjects,
    visits,
    weekdays,
)

START, END = "2023-01-01", "2023-06-30"
DAYS = weekdays("2023-01-03", END)
WARDENS = ["环保员甲", "环保员乙"]
CAMPAIGNS = {"涉气专项执法": 60, "土壤重点单位": 8, "岁末年初安全检查": 12, "村级工业园整治": 10, "两会隐患排查": 6}

CHOSEN = {
    "air_aqi_index": "3.35", "air_rank": "4", "air_rank_up": "3", "good_rate": "88.4%",
    "good_rate.change_last_year": "+4.4个百分点", "water_index": "4.2135", "water_rank": "5", "sv_problem": "23",
    "sv_problem_done": "18", "sv_problem_stage": "5", "sv_total:kind=交办信访件": "40", "sv_closed:kind=交办信访件": "31",
    "sv_stage:kind=交办信访件": "9", "event_cnt:kind=警示教育": "1", "ol_qty:item_type=三线一单管控意见": "35", "exempt": "12",
    "no_penal": "3", "insp_visits:source=双随机": "20", "green_cnt": "6", "assist_visits": "31", "task_cnt": "6",
    "voc_graded": "30", "voc_upgraded": "14", "gas_online_new": "9", "ol_subjects:item_type=锅炉/炉窑改造": "8",
    "site_joint": "24", "orders_fixed:origin=工地,doc=整改通知书": "11", "site_spot": "15", "letters": "5", "night_unload": "7",
    "oil_machine": "36", "oil_vehicle": "20", "oil_sites": "18", "insp_visits:campaign=涉气专项执法": "60",
    "ol_qty:item_type=清污分流改造": "6", "ol_qty:item_type=排水单元改造": "45", "ol_sum:item_type=排水单元改造": "128.5",
    "ol_qty:item_type=氨氮削减量": "312.6", "insp_visits:source=污染源排查": "50", "ol_value:item_type=畜禽资源化利用率": "93.5",
    "ol_value:item_type=农药用量.change_last_year": "-2.0%", "ol_value:item_type=化肥用量.change_last_year": "-4.0%",
    "ol_qty:item_type=土壤评审": "9", "insp_visits:campaign=土壤重点单位": "8", "event_cnt:kind=执法培训": "4",
    "event_cnt:kind=考核": "6", "patrol_subjects": "40", "patrol_visits": "55", "wo_patrol_closed": "30",
    "ol_qty:item_type=执行报告审核": "44", "assist_subjects": "26", "event_cnt:kind=六五环境日": "1",
    "event_cnt:kind=进校园": "2", "wo_received": "96", "insp_visits:campaign=岁末年初安全检查": "12",
    "insp_visits:campaign=村级工业园整治": "10", "insp_visits:campaign=两会隐患排查": "6", "event_cnt:kind=应急演练": "1",
    "event_cnt:kind=进企业": "1",
}  # fmt: skip


def build() -> Report:
    report = Report("001", f"{START}..{END}", END, CHOSEN)
    report.add("person", [*STAFF, *({"name": name, "role": "环保员"} for name in WARDENS)])
    report.add("campaign", [{"name": name} for name in CAMPAIGNS])
    _register(report)
    _air_and_water(report)
    _supervision(report)
    _visits(report)
    _dust_and_fuel(report)
    _cases(report)
    _ledgers(report)
    return report


def _register(report: Report) -> None:
    report.add("subject", subjects("涂装厂", 30, "工业企业", "涉VOCs企业", env_grade="C"))
    plants = subjects("机械厂", 60, "工业企业")
    for o in plants[:6]:
        o["green_list"] = True
    report.add("subject", plants)
    stations = subjects("加油站", 12, "加油站")
    for n, o in enumerate(stations):
        o["online_date"] = "2022-10-01" if n < 3 else f"2023-0{n % 6 + 1}-15"
    report.add("subject", stations)
    report.add("subject", subjects("工地", 18, "建设工地", industry="建筑", contractor="某建"))
    report.add("subject", subjects("探伤单位", 3, "放射源单位"))
    report.add("task_target", [
        {"year": 2023, "figure_id": figure, "target": target, "level": "市下达"}
        for figure, target in [("voc_upgraded", 20), ("gas_online_new", 9), ("site_visits", 60), ("mobile_tested", 500),
                               ("insp_visits", 400), ("decl_done", 50)]
    ])  # fmt: skip


def _air_and_water(report: Report) -> None:
    report.add("air_quality", [{
        "period": "截至日累计", "until": END, "area": "全区", "origin": "市局通报", "aqi_index": "3.35", "aqi_index_ly": "3.52",
        "rank": 4, "rank_ly": 7, "good_days": 160, "valid_days": 181, "good_days_ly": 152, "valid_days_ly": 181,
        "pm25": 22, "pm10": 40, "so2": 6, "no2": 30, "co95": "0.9", "o3_90": 165,
    }])  # fmt: skip
    report.add("other_ledger", [
        ledger("水质指数", "2022-06-30", value="4.5012"), ledger("水质指数", END, value="4.2135"),
        ledger("水质排名", "2022-06-30", value=5), ledger("水质排名", END, value=5),
    ])  # fmt: skip


def _supervision(report: Report) -> None:
    def case(kind: str, n: int, **closed: str) -> Values:
        head = {
            "batch": "中央第二轮",
            "kind": kind,
            "case_no": f"{kind}{n}",
            "assigned_at": "2021-09-10",
            "content": "异味扰民",
        }
        return {**head, "rect_type": "限期整改", **closed}

    done, stage = (
        {"closed_at": "2022-11-30", "verdict": "属实", "measures": "已整改"},
        {"stage_closed_at": "2023-03-15"},
    )
    report.add("supervision_case", [case("反馈问题", n, **(done if n < 18 else stage)) for n in range(23)])
    report.add("supervision_case", [case("交办信访件", n, **(done if n < 31 else stage)) for n in range(40)])


def _visits(report: Report) -> None:
    plants, vocs = report.names("工业企业")[30:], report.names("涉VOCs企业")
    report.add("inspection", visits(plants, 20, DAYS, TEAM, source="双随机"))
    report.add("inspection", visits(plants, 50, DAYS[1:], TEAM2, source="污染源排查"))
    for n, (name, count) in enumerate(CAMPAIGNS.items()):
        days = DAYS[n * 25 : n * 25 + 25]
        report.add("inspection", visits(plants[n:], count, days, TEAM3, source="专项检查", campaign_id=name))
    sheets = visits(vocs, 14, DAYS[2:], TEAM, facility_kind=["喷淋"])
    report.add("vocs_check", [{**v, "simple_done": v["visit_date"]} for v in sheets])
    report.add("gas_station_check", [
        {**v, "night_unload": n < 7, "test_date": "2022-12-01"}
        for n, v in enumerate(visits(report.names("加油站"), 12, DAYS[3:], TEAM2, per=3))
    ])  # fmt: skip
    report.add("inspection", visits(plants[:40], 55, DAYS[4:], WARDENS, source="巡查检查"))
    report.add("inspection", visits(report.names("放射源单位"), 3, DAYS[60:63], TEAM, per=3))
    report.add("assistance", visits(plants[:26], 31, DAYS[5:], TEAM3, per=2, way="现场指导", advice="落实“三同时”"))


def _dust_and_fuel(report: Report) -> None:
    sites = report.names("建设工地")
    report.add(
        "site_dust_patrol", visits(sites, 24, DAYS, ["陈立", "王勇"], per=3, joint=True, joint_depts=["住建"], **SIX)
    )
    report.add("site_dust_patrol", visits(sites, 15, DAYS[7:], ["何静", "李敏"], per=3, source="抽查", **SIX))
    order: Values = {"origin": "工地", "problem": "裸土未覆盖"}
    done = {"verify_result": "已整改"}

    def week_later(day: str) -> str:
        return (date.fromisoformat(day) + timedelta(days=7)).isoformat()

    report.add("rectification", [
        {**order, "subject_id": sites[n], "doc": "整改通知书", "doc_no": f"改{n}", "issued_at": DAYS[n * 8]} for n in range(11)
    ])  # fmt: skip
    report.add("rectification", [
        {**order, "subject_id": sites[n], "doc": "交办函", "doc_no": f"函{n}", "to_unit": "区住建局", "issued_at": DAYS[n * 8],
         "verify_date": week_later(DAYS[n * 8]), **done}
        for n in range(5)
    ])  # fmt: skip
    test: Values = {"session": "下午", "people": TEAM2}
    report.add("mobile_source_test", [
        {**test, "date": DAYS[n * 5], "place": sites[n], "subject_id": sites[n], "kind": "非道路柴油样品", "samples": 2,
         "sample_failed": 0}
        for n in range(18)
    ])  # fmt: skip
    report.add("mobile_source_test", [
        {**test, "date": DAYS[n * 9 + 1], "place": f"加油站{n + 1:03}号", "kind": "车用油品样品", "samples": 4, "sample_failed": 0}
        for n in range(5)
    ])  # fmt: skip


def _cases(report: Report) -> None:
    plants = report.names("工业企业")
    minor = penalties(plants[:12], DAYS, "免予立案", "")
    for o in minor:
        o |= {"filed_at": None, "decision_no": None}
    report.add("enforcement_case", minor)
    light = "轻微未造成危害"
    report.add("enforcement_case", penalties(plants[12:15], DAYS, "不予处罚决定", "2023-01-03", no_penal_basis=light))
    letters = orders(96, 4, DAYS, sources=("来信", "来访", "网上信访/留言"))
    report.add("work_order", each(letters, handler=["环保员甲"] * 30))


def _next_workday(day: str) -> str:
    return DAYS[DAYS.index(day) + 1]


def _ledgers(report: Report) -> None:
    plants = report.names("工业企业")
    quick = ["2023-03-07", "2023-04-11", "2023-05-16"]
    report.add("other_ledger", [
        ledger("三线一单管控意见", "2023-03-31", 20), ledger("三线一单管控意见", END, 15),
        *(ledger("环评审批", d, status="告知承诺", done_at=_next_workday(d)) for d in quick),
        ledger("同步审批", "2023-04-20", unit="家", value=7, value_unit="工作日", text="批复和许可证同步发放"),
        *of_subjects("锅炉/炉窑改造", "2023-05-31", plants[:8], text="低氮改造"),
        ledger("清污分流改造", END, 6, "条"), ledger("排水单元改造", "2023-03-31", 20, value="56.2", value_unit="公顷"),
        ledger("排水单元改造", END, 25, value="72.3", value_unit="公顷"), ledger("氨氮削减量", END, 312.6, "吨"),
        ledger("畜禽资源化利用率", END, value="93.5", value_unit="%"),
        ledger("农药用量", "2022-06-30", value=3, value_unit="千克/公顷"),
        ledger("农药用量", END, value="2.94", value_unit="千克/公顷"),
        ledger("化肥用量", "2022-06-30", value=300, value_unit="千克/公顷"),
        ledger("化肥用量", END, value=288, value_unit="千克/公顷"),
        *(ledger("土壤评审", d, 3, "宗") for d in quick), ledger("执行报告审核", END, 44, "家"),
    ])  # fmt: skip
    report.add("publicity_event", [
        event("警示教育", "2023-02-10", "中央督察典型案例警示教育会议"), event("六五环境日", "2023-06-05", "六五世界环境日"),
        *(event("执法培训", d, "镇街执法培训") for d in [*quick, "2023-06-13"]),
        *(event("考核", f"2023-0{m}-28", "环保员月考核") for m in range(1, 7)),
        *(event("进校园", d, "生态文明宣传进校园") for d in quick[:2]), event("应急演练", "2023-06-20", "水源保护区应急演练"),
        event("进企业", "2023-05-18", "核与辐射安全帮扶培训"),
    ])  # fmt: skip
