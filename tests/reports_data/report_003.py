"""Report 003: 枣庄高新区分局, 1 January to 18 June 2023, printed on that day."""

from tests.reports_data.entry import (
    SIX,
    STAFF,
    TEAM,
    TEAM2,
    TEAM3,
    Report,
    each,
    event,
    finding,
    ledger,
    of_subjects,
    orders,
    subjects,
    visits,
    weekdays,
)

START, END = "2023-01-01", "2023-06-18"
DAYS = weekdays("2023-01-03", END)
HELP, CARBON, KILNS = "涉VOCs评估帮扶", "活性炭排查", "炉窑锅炉排查"
OFFICE = ["周一鸣", "吴小丽", "郑建国", "钱多多", "孙海燕", "赵敏"]

CHOSEN = {
    "ol_pass_rate:item_type=水质断面": "100%", "burn_all:kind=烟花爆竹": "3", "flood_visits": "5", "outfall_visits": "12",
    "sv_rechecks": "10", "sv_rate": "100%", "event_cnt:kind=主题党日": "5",
}  # fmt: skip


def build() -> Report:
    report = Report("003", f"{START}..{END}", END, CHOSEN)
    report.add("person", [*STAFF, *({"name": name, "role": "其他"} for name in OFFICE)])
    report.add("campaign", [{"name": name} for name in (HELP, CARBON, KILNS)])
    report.add("river", [{"name": name} for name in ("蟠龙河", "宏图河")])
    _register(report)
    _air(report)
    _visits(report)
    _orders(report)
    _ledgers(report)
    return report


def _register(report: Report) -> None:
    vocs = subjects("塑料厂", 45, "工业企业", "涉VOCs企业", industry="塑料", emergency_list=True)
    kilns = subjects("窑炉厂", 9, "工业企业", emergency_list=True)
    report.add("subject", [*vocs, *kilns, *subjects("化工厂", 3, "工业企业")])
    report.add("subject", subjects("加油站", 11, "加油站") + subjects("危废单位", 24, "产废单位"))
    report.add("subject", subjects("工地", 6, "建设工地", industry="建筑", contractor="某建"))
    report.add("subject", subjects("医院", 1, "放射源单位", online_date="2022-03-01"))
    report.add("subject", subjects("蟠龙排口", 3, "入河排污口", river_id="蟠龙河"))
    report.add("subject", subjects("宏图排口", 3, "入河排污口", river_id="宏图河"))


def _air(report: Report) -> None:
    report.add("air_quality", [{
        "period": "截至日累计", "until": END, "area": "高新区", "origin": "市局通报", "pm25": 47, "pm25_ly": 49, "co95": "1.0",
        "co95_ly": "1.2", "o3_90": 160, "o3_90_ly": 177, "aqi_index": "4.87", "aqi_index_ly": "4.97", "good_days": 115,
        "valid_days": 168, "good_days_ly": 98, "valid_days_ly": 169,
    }])  # fmt: skip


def _visits(report: Report) -> None:
    """Teams of two; the tests of vehicles go out with three."""
    vocs, kilns = report.names("涉VOCs企业"), [n for n in report.names("工业企业") if n.startswith("窑炉厂")]
    limit = {"action": "限期整改"}
    help_ = visits(vocs[:16], 16, DAYS, TEAM, per=4, campaign_id=HELP, facility_kind=["UV光解"])
    report.add("vocs_check", each(help_, findings=[finding("治理设施简易低效", **limit)] * 16))
    carbon = visits(
        vocs[16:], 29, DAYS, TEAM2, campaign_id=CARBON, facility_kind=["一次性活性炭吸附"], ac_last_change="2023-01-01"
    )
    report.add("vocs_check", each(carbon, findings=[finding("活性炭未按期更换", item="G", **limit)] * 5))
    rounds = visits(kilns, 7, DAYS[30:50], TEAM3, per=4, campaign_id=KILNS)
    problems = [[{"desc": f"无组织排放{n}", **limit} for n in range(count)] for count in (4, 4, 3, 3, 3, 3, 3)]
    report.add("inspection", each(rounds, findings=problems))
    report.add("gas_station_check", visits(report.names("加油站"), 11, DAYS[10:], TEAM3, per=4, test_date="2023-01-05"))
    report.add("hazardous_waste_check", visits(report.names("产废单位"), 48, DAYS, ["陈立", "王勇"]))
    report.add("site_dust_patrol", visits(report.names("建设工地"), 12, DAYS[5:], ["何静", "李敏"], per=6, **SIX))
    report.add("flood_hazard_check", visits(vocs, 5, ["2023-05-10"], TEAM3))
    report.add("inspection", visits(report.names("放射源单位"), 1, DAYS[60:61], TEAM))
    report.add("outfall_patrol", [
        {"date": DAYS[n * 20 + 7], "session": "下午", "people": TEAM, "river_id": f"{river}河",
         "outfalls": [{"outfall_id": f"{river}排口{k:03}号", "flow": "清水"} for k in (1, 2, 3)]}
        for n, river in enumerate(["蟠龙", "宏图"] * 2)
    ])  # fmt: skip
    report.add("mobile_source_test", [
        {"date": DAYS[n * 8 + 1], "session": "上午", "people": [*TEAM2, "刘洋"], "place": "广润路",
         "kind": "非道路移动机械" if n % 2 else "柴油车路检", "tested": 100 if n < 11 else 197, "failed": 1}
        for n in range(12)
    ])  # fmt: skip
    report.add("open_burning", [
        {"fire": False, "date": d, "people": TEAM3, "km": 20} for d in ("2023-06-02", "2023-06-09", "2023-06-16")
    ])  # fmt: skip
    report.add("open_burning", [
        {"date": d, "type": "烟花爆竹", "place": "禁燃区", "found_by": "巡查", "action": "劝阻"}
        for d in ("2023-01-21", "2023-01-22", "2023-02-05")
    ])  # fmt: skip


def _orders(report: Report) -> None:
    kilns = report.names("工业企业")
    directives = ["市级指令"] * 59 + ["区级指令"] * 14
    report.add("rectification", [
        {"origin": origin, "subject_id": kilns[n % 54], "problem": "高值区溯源整改", "issued_at": DAYS[n]}
        for n, origin in enumerate(directives)
    ])  # fmt: skip
    report.add("work_order", orders(59, 0, DAYS, sources=("12345", "来信", "12369")))
    report.add("supervision_case", [
        {"batch": "省回头看", "kind": "反馈问题", "case_no": f"S{n}", "assigned_at": "2022-05-01", "content": "扬尘", "verdict": "属实",
         "measures": "已整改", "closed_at": "2022-12-20",
         "rechecks": [{"date": f"2023-0{m}-20", "people": TEAM} for m in range(1, 6)]}
        for n in range(2)
    ])  # fmt: skip


def _ledgers(report: Report) -> None:
    chemical = [n for n in report.names("工业企业") if n.startswith("化工厂")]
    report.add("other_ledger", [
        *(ledger("水质断面", f"2023-0{m}-15", unit="断面", status="达标") for m in range(1, 7)),
        ledger("道路保洁", "2023-01-10", 23, "条"), ledger("道路洗洒", END, value=7, value_unit="次/日"),
        ledger("道路喷雾", END, value=4, value_unit="次/日"), *of_subjects("监测", "2023-05-10", chemical, text="监督性监测"),
        *(ledger("农污项目", "2023-02-20", unit="村", amount_fen=160_000_000, started_at="2023-03-15") for _ in range(5)),
        ledger("农污设施监测", "2023-05-25", 5), *(ledger("土壤评审", d, unit="块") for d in ("2023-03-02", "2023-05-04")),
        *(ledger("地块安全利用", d, unit="块", status="达标") for d in ("2023-03-02", "2023-05-04")),
        ledger("环评审批", "2023-06-15", 7), ledger("许可变更延续", "2023-06-15", 7), ledger("许可质量复核", "2023-06-15", 6, "家"),
        *(ledger("生态损害赔偿", d, unit="起", amount_fen=fen)
          for d, fen in zip(DAYS[20::20], (500_000, 600_000, 496_200, 500_000), strict=False)),
        ledger("满意度排名", "2023-04-20", value=2, value_unit="名"), ledger("执法实训基地", "2023-04-01", unit="家"),
        ledger("绿色企业", "2023-05-01", 2, "家"),
    ])  # fmt: skip
    report.add("publicity_event", [
        *(event("党建学习", d, "党组理论学习中心组集中学习") for d in DAYS[10:70:10]),
        *(event("主题党日", f"2023-0{m}-28", "党员活动日") for m in range(1, 6)),
    ])  # fmt: skip
