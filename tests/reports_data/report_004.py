"""Report 004: a street's office of law enforcement, 2023. The first report the program is for."""

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
    finding,
    orders,
    penalties,
    subjects,
    visits,
    weekdays,
)

START, END = "2023-01-01", "2023-12-31"
DAYS = weekdays("2023-01-03", "2023-12-29")
FLOOD = weekdays("2023-05-04", "2023-09-28")

CHOSEN = {
    "voc_reg": "120", "voc_reg:industry=制鞋": "70", "voc_reg:industry=皮具": "40", "voc_reg:industry=化妆品": "10",
    "voc_covered:industry=制鞋": "63", "voc_cov_rate:industry=制鞋": "90.00%", "voc_covered:industry=皮具": "30",
    "voc_cov_rate:industry=皮具": "75.00%", "unorg_done": "12", "voc_online": "3", "low_voc_subjects": "50", "gas_visits": "16",
    "air_station_visits": "12", "site_visits": "24", "outfall_cnt": "5", "river_visits": "20", "river_visits:day_night=昼": "12",
    "river_visits:day_night=夜": "8", "ws_sites": "9", "ws_visits": "36", "ws_new": "1", "ws_rebound": "0",
    "flood_subjects": "30", "decl_done": "46", "div_visits": "40", "hw_visits": "25", "sv_total:level=中央": "14",
    "sv_total:level=省": "8", "wo_received": "84", "wo_closed_of_received": "83", "event_people:kind=六五环境日": "130",
    "filed": "5", "penal": "4", "fine": "6.20",
}  # fmt: skip


def build() -> Report:
    report = Report("004", "2023", END, CHOSEN)
    report.add("person", STAFF)
    report.add("river", [{"name": "石马涌"}, {"name": "均禾涌"}])
    _register(report)
    _air(report)
    _water(report)
    _scattered(report)
    _waste(report)
    _complaints(report)
    return report


def _register(report: Report) -> None:
    kinds = [("鞋厂", "制鞋", 70), ("皮具厂", "皮具", 40), ("化妆品厂", "化妆品", 10)]
    for word, industry, count in kinds:
        report.add("subject", subjects(word, count, "工业企业", "涉VOCs企业", industry=industry))
    report.add("subject", subjects("产废厂", 50, "工业企业", "产废单位", industry="金属表面", waste_class="危废登记"))
    report.add("subject", subjects("加油站", 8, "加油站") + subjects("车队", 2, "用车大户"))
    report.add("subject", subjects("监测站", 1, "空气自动监测站") + subjects("工地", 6, "建设工地", contractor="某建"))
    fixed = {"river_id": "石马涌", "fixed_date": "2022-11-30"}
    report.add(
        "subject", subjects("排口", 5, "入河排污口", **fixed) + subjects("违建", 9, "水源地违建项目", zone="二级")
    )


def _air(report: Report) -> None:
    shoes = [n for n in report.names("涉VOCs企业") if n.startswith("鞋厂")][:63]
    leather = [n for n in report.names("涉VOCs企业") if n.startswith("皮具厂")][:30]
    checks = visits(shoes + leather, 93, DAYS, TEAM, facility_kind=["喷淋"])
    for n, check in enumerate(checks):
        check.update({"low_voc": "已全部", "material": "水性胶"} if n < 50 else {"low_voc": "未"})
        check.update({"unorg_to_org": check["visit_date"]} if n < 12 else {})
        check["online"] = "已联网" if n < 3 else "未装"
    report.add("vocs_check", checks)
    report.add("gas_station_check", visits(report.names("加油站"), 16, DAYS[1:], TEAM2, per=4, test_date="2022-12-20"))
    report.add("diesel_fleet_check", visits(report.names("用车大户"), 2, DAYS[90:92], TEAM2, per=2, tested=6, failed=0,
                                            joint_depts=["区生态环境分局"]))  # fmt: skip
    report.add(
        "air_station_patrol", visits(report.names("空气自动监测站"), 12, DAYS[2:], TEAM3, per=1, dust_src="正常")
    )
    report.add("site_dust_patrol", visits(report.names("建设工地"), 24, DAYS[3:], ["陈立", "王勇"], per=3, **SIX))


def _water(report: Report) -> None:
    falls = [{"outfall_id": name, "flow": "清水"} for name in report.names("入河排污口")]
    report.add("outfall_patrol", [
        {"date": DAYS[n * 12], "session": "夜间" if n % 5 in (1, 3) else "下午", "people": TEAM3, "river_id": "石马涌",
         "outfalls": falls}
        for n in range(20)
    ])  # fmt: skip
    rounds = visits(report.names("水源地违建项目"), 36, DAYS[4:], ["何静", "李敏"], per=9, build_state="停用")
    rounds[10].update(new_problem=1, findings=finding("堆放杂物"))
    report.add("water_source_patrol", rounds)
    flood = visits(report.names("产废单位"), 30, FLOOD, TEAM2)
    risks = [finding("雨污阀门失灵", nature="环境风险隐患")] * 7
    report.add("flood_hazard_check", each(flood, findings=risks))


def _scattered(report: Report) -> None:
    """66 places: 11 brought up to standard, 55 shut."""
    report.add("task_target", [{"year": 2023, "figure_id": "slw_done", "target": 66, "level": "区下达"}])
    report.add("subject", subjects("无牌作坊", 66, "散乱污场所"))
    shut = {f"clear_{what}": True for what in ("material", "product", "equipment")} | {
        "cut_water": True,
        "cut_power": True,
    }
    shut |= {"action": "关停取缔"}
    raised = {"action": "升级改造", "permit_done": True, "facility_done": True}
    out: list[Values] = []
    for n, name in enumerate(report.names("散乱污场所")):
        found = date.fromisoformat(DAYS[n * 3])
        done, verified = ((found + timedelta(days=k)).isoformat() for k in (20, 30))
        how = raised if n < 11 else shut
        out.append({"subject_id": name, "found_date": DAYS[n * 3], "features": ["散", "污"], "done_date": done,
                    "verify_date": verified, **how})  # fmt: skip
    report.add("sanluanwu", out)


def _waste(report: Report) -> None:
    """46 of 50 declared; hazardous waste and refuse are looked at in one stop."""
    firms = report.names("产废单位")
    report.add("solid_waste_declaration", [
        {"subject_id": name, "year": 2022, "declared_at": DAYS[30 + n % 20]} for n, name in enumerate(firms[:46])
    ])  # fmt: skip
    stops = visits(firms, 40, DAYS[5:], ["李敏", "张蕾"], per=4)
    report.add("waste_diversion_check", [{**v, "store": "符合"} for v in stops])
    report.add("hazardous_waste_check", [{**v, "label": "符合"} for v in stops[:25]])


def _complaints(report: Report) -> None:
    def case(batch: str, n: int) -> Values:
        return {
            "batch": batch, "kind": "督办案件", "case_no": f"{batch[0]}{n}", "assigned_at": "2021-09-10", "content": "鞋厂异味",
            "verdict": "属实", "measures": "已整改", "closed_at": "2021-12-20",
            "rechecks": [{"date": f"2023-{m:02}-15", "people": TEAM3} for m in range(1, 13)],
        }  # fmt: skip

    def copy(batch: str, n: int) -> Values:
        original = case(batch, n)
        return {k: original[k] for k in ("batch", "kind", "assigned_at", "content")} | {
            "case_no": f"{batch[0]}重{n}", "dup_of": original["case_no"],
        }  # fmt: skip

    report.add("supervision_case", [case("中央第二轮", n) for n in range(12)] + [case("省第二轮", n) for n in range(7)])
    report.add("supervision_case", [copy("中央第二轮", 0), copy("中央第二轮", 1), copy("省第二轮", 0)])
    report.add("work_order", orders(84, 1, DAYS))
    report.add("publicity_event", [
        event("六五环境日", "2023-06-05", "六·五世界环境日暨“无废城市”创建走进企业主题宣讲会", participants=130, org_cnt=60, village_cnt=12)
    ])  # fmt: skip
    firms = report.names("涉VOCs企业")
    report.add("enforcement_case", penalties(firms[:4], DAYS[60:], "处罚决定", "2023-02-10", fine_fen=1_550_000))
    report.add("enforcement_case", [
        {"subject_id": firms[4], "case_no": "白云5", "cause": "未按规定运行治污设施", "filed_at": "2023-12-01", "officers": TEAM}
    ])  # fmt: skip
