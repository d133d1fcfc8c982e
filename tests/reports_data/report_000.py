"""Report 000: a district bureau, the second quarter of 2022, with the campaign 百日攻坚 beside the daily work."""

from tests.reports_data.entry import (
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
    penalties,
    slots,
    subjects,
    visits,
    weekdays,
)

START, END = "2022-04-01", "2022-06-30"
DAYS = weekdays(START, END)
CAMPAIGN = "百日攻坚"

CHOSEN = {
    "event_approx:kind=志愿服务": "1", "event_cnt:kind=党建学习": "3", "event_cnt:kind=志愿服务": "2", "voc_graded": "20",
    "voc_upgraded": "6", "ol_subjects:item_type=炉窑评级": "5", "emergency_cnt": "30", "ol_qty:item_type=应急预案备案": "28",
    "assist_visits:way=监测服务": "6", "mobile_tested:kind=柴油车路检": "240", "orders_fixed:origin=AI/走航": "12",
    "ol_qty:item_type=通报": "3", "ol_cnt:item_type=项目进展": "5", "ws_visits": "3", "ol_qty:item_type=土壤调查": "4",
    "ol_subjects:item_type=土壤隐患排查": "8", "ol_subjects:item_type=土壤帮扶": "8", "ol_cnt:item_type=科技治污": "7",
    "ol_subjects:item_type=环保健康码": "40",
}  # fmt: skip


def build() -> Report:
    report = Report("000", f"{START}..{END}", END, CHOSEN, {"person_times_by": "检查"})
    report.add("person", STAFF)
    report.add("campaign", [{"name": CAMPAIGN, "start": START, "end": END, "separate": True}])
    _register(report)
    _visits(report)
    _campaign(report)
    _cases(report)
    _ledgers(report)
    return report


def _register(report: Report) -> None:
    vocs = subjects("涂装厂", 20, "工业企业", "涉VOCs企业", env_grade="B", emergency_list=True)
    plants = subjects("机械厂", 110, "工业企业")
    for o in plants[:10]:
        o["emergency_list"] = True
    report.add("subject", vocs + plants)
    report.add("subject", subjects("经营单位", 201, "工业企业"))
    report.add("subject", subjects("食品联合加工厂", 1, "工业企业", industry="食品"))
    report.add("subject", subjects("水源地", 1, "饮用水源地", zone="一级"))


def _visits(report: Report) -> None:
    """369 visits: 73 by three officers, 296 by two; with 17 of help and 3 to the water source 851 人次 by visit."""
    firms = report.names("工业企业")[:130]
    trio = visits(firms, 73, DAYS, [*TEAM2, "陈立"], per=4, source="专项检查")
    pair = visits(firms[::-1], 296, DAYS, TEAM3, per=4)
    report.add("inspection", trio + pair)
    done = [{"simple_done": "2022-05-20", "facility_kind": ["UV光解"], "same_visit": True} for _ in range(6)]
    vocs = [v for v in trio if v["subject_id"].startswith("涂装厂")][:6]
    report.add("vocs_check", [{**v, **d} for v, d in zip(vocs, done, strict=True)])
    report.add("water_source_patrol", visits(["水源地001号"], 3, DAYS, TEAM, per=1, source="专项检查"))
    ways = ["监测服务"] * 6 + ["现场指导"] * 10
    report.add("assistance", each(visits(firms[:16], 16, DAYS[1:], TEAM, per=2, advice="完善收集措施"), way=ways))
    plan = {
        "way": "专家会诊",
        "experts": "华南理工大学专家",
        "advice": "除臭治理方案",
        "visit_date": "2022-06-15",
        "session": "上午",
    }
    report.add("assistance", [{**plan, "people": TEAM2, "subject_id": "食品联合加工厂001号"}])


def _campaign(report: Report) -> None:
    """98 outings of three teams (294 组次), 70 of eleven and 28 of ten people (1050 人次), 603 visits, 48 problems."""
    firms = [n for n in report.names("工业企业") if n.startswith("经营单位")]
    out = []
    for n, (day, session) in enumerate(slots(DAYS, 98)):
        head = {
            "visit_date": day,
            "session": session,
            "people": TEAM,
            "extra_people": 9 if n < 70 else 8,
            "team_count": 3,
        }
        head |= {"campaign_id": CAMPAIGN, "source": "专项检查"}
        out += [{**head, "subject_id": firms[(len(out) + i) % 201]} for i in range(7 if n < 15 else 6)]
    problems = [finding("危废仓标识缺失")] * 30 + [finding("雨污阀门失灵", nature="环境风险隐患")] * 18
    each(out, findings=problems)
    out[0]["docs"] = [{"kind": "责令改正违法行为决定书", "no": "责改1号"}]
    report.add("inspection", out)


def _cases(report: Report) -> None:
    firms = report.names("工业企业")
    report.add("enforcement_case", penalties(firms[:16], DAYS, "处罚决定", "2022-03-01", fine_fen=2_000_000))
    report.add(
        "enforcement_case",
        penalties(firms[16:20], DAYS, "不予处罚决定", "2022-03-02", no_penal_basis="初次轻微及时改正"),
    )
    report.add(
        "rectification",
        [
            {"origin": "AI/走航", "subject_id": firms[n], "problem": "AI视频抓拍冒烟", "issued_at": DAYS[n * 5]}
            for n in range(12)
        ],
    )


def _ledgers(report: Report) -> None:
    firms = report.names("工业企业")
    months = ["2022-04-29", "2022-05-31", "2022-06-30"]
    report.add("mobile_source_test", [
        {"date": d, "session": "下午", "people": TEAM2, "place": "珠峰大道", "kind": "柴油车路检", "tested": 80, "failed": 4}
        for d in months
    ])  # fmt: skip
    report.add("other_ledger", [
        *(ledger("排污许可核发", d, n) for d, n in zip(months, (25, 26, 25), strict=True)),
        *(ledger("排污登记", d, n, "家") for d, n in zip(months, (20, 30, 26), strict=True)),
        *of_subjects("炉窑评级", "2022-05-10", firms[:5]), ledger("应急预案备案", "2022-06-20", 28, "份"),
        *(ledger("通报", d, unit="期") for d in months), *(ledger("项目进展", d, text="污水厂管网") for d in DAYS[:50:10]),
        ledger("土壤调查", "2022-06-01", 4, "份"), *of_subjects("土壤隐患排查", "2022-06-01", firms[:8]),
        *of_subjects("土壤帮扶", "2022-06-02", firms[:8]), *(ledger("科技治污", d, unit="次", text="恶臭走航") for d in DAYS[:56:8]),
        *of_subjects("环保健康码", "2022-06-08", firms[:40]),
    ])  # fmt: skip
    report.add("publicity_event", [
        event("党建学习", "2022-04-08", "第一议题学习"), event("党建学习", "2022-05-06", "中央八项规定精神主题党课"),
        event("党建学习", "2022-05-20", "与西城社区党支部共建座谈会", host="西城社区党支部"),
        event("志愿服务", "2022-04-20", "社区抗疫志愿服务"),
        event("志愿服务", "2022-06-15", "净滩行动低碳日宣传", participants=30, approx=True),
        event("专题会议", "2022-05-12", "生态环境执法专题会议"),
        event("推进会", "2022-06-10", "专项债券项目推进工作会议", resolutions=3),
    ])  # fmt: skip
