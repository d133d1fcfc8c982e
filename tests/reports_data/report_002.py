"""Report 002: a county bureau, the first half of 2022. All its numbers are masked; these are chosen."""

from collections.abc import Sequence

from tests.reports_data.entry import (
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
    people_of,
    subjects,
    visits,
    weekdays,
)

START, END = "2022-01-01", "2022-06-30"
DAYS = weekdays("2022-01-04", END)
MONTHS = [f"2022-0{m}-25" for m in range(1, 7)]
CAMPAIGNS = ["涉气企业排查", "锅炉清查", "VOCs帮扶", "煤焦油企业排查", "尾矿库排查", "危废排查"]

# batch: problems, common ones, kept up for ever, cancelled, letters, letters cancelled, letters closed
SUPERVISION = {
    "中央第一轮": (4, 4, 4, 0, 0, 0, 0), "中央回头看": (3, 3, 3, 0, 12, 12, 0), "省第一轮": (20, 14, 8, 12, 15, 15, 0),
    "省回头看": (11, 5, 2, 6, 10, 10, 0), "中央第二轮": (9, 4, 3, 4, 21, 0, 17),
}  # fmt: skip

CHOSEN = {
    "air_pm25": "24", "good_rate": "97.2%", "ol_cnt:item_type=水质断面,status=Ⅱ类": "6",
    "ol_qty:item_type=水库水质,status=达标": "32", "insp_visits:campaign=涉气企业排查": "20", "insp_visits:campaign=锅炉清查": "8",
    "ol_subjects:item_type=锅炉/炉窑改造": "3", "assist_visits:campaign=VOCs帮扶": "9", "mobile_tested:kind=非道路移动机械": "40",
    "burn_patrols": "12", "ws_visits": "14", "subj_reg:type=入河排污口": "12", "outfall_visits": "24",
    "ol_qty:item_type=农污设施监测": "15", "ol_qty:item_type=水库退养": "32", "hw_visits": "18",
    "doc_cnt:doc=整改通知书,campaign=危废排查": "3", "subj_reg:type=产废单位": "18", "sv_problem:batch=中央第一轮": "4",
    "sv_problem:batch=中央第一轮,nature=共性": "4", "sv_problem_long:batch=中央第一轮": "4",
    "sv_problem:batch=中央回头看,nature=共性": "3", "sv_problem_long:batch=中央回头看": "3", "sv_problem:batch=省第一轮": "20",
    "sv_problem:batch=省第一轮,nature=共性": "14", "sv_problem:batch=省第一轮,nature=个性": "6",
    "sv_problem_long:batch=省第一轮": "8", "sv_cancelled:batch=省第一轮,kind=反馈问题": "12", "sv_problem:batch=省回头看": "11",
    "sv_problem_long:batch=省回头看": "2", "sv_problem:batch=省回头看,rect_type=限期整改": "9",
    "sv_cancelled:batch=省回头看,kind=反馈问题": "6", "sv_problem_doing:batch=省回头看": "3", "sv_problem:batch=中央第二轮": "9",
    "sv_problem_long:batch=中央第二轮": "3", "sv_problem:batch=中央第二轮,rect_type=限期整改": "6",
    "sv_cancelled:batch=中央第二轮,kind=反馈问题": "4", "sv_total:batch=中央回头看,kind=交办信访件": "12",
    "sv_cancelled:batch=中央回头看,kind=交办信访件": "12", "sv_total:batch=省第一轮,kind=交办信访件": "15",
    "sv_cancelled:batch=省第一轮,kind=交办信访件": "15", "sv_total:batch=省回头看,kind=交办信访件": "10",
    "sv_cancelled:batch=省回头看,kind=交办信访件": "10", "sv_total:batch=中央第二轮,kind=交办信访件": "21",
    "sv_closed:batch=中央第二轮,kind=交办信访件": "17", "sv_open:batch=中央第二轮,kind=交办信访件": "4", "assist_subjects": "60",
    "assist_with_prob": "25", "assist_prob": "48", "assist_fixed": "40", "assist_subj_fixed": "19",
    "assist_subjects:key_unit=是": "20", "assist_with_prob:key_unit=是": "9", "assist_prob:key_unit=是": "15",
    "assist_fixed:key_unit=是": "12", "assist_subj_fixed:key_unit=是": "6", "wo_received": "86", "wo_closed_of_received": "82",
    "wo_open_of_received": "4", "wo_rate": "95.35%", "insp_visits": "148", "doc_subjects:doc=整改通知书": "36",
    "doc_cnt:doc=整改通知书": "40", "ol_qty:item_type=优秀案例": "3", "ol_qty:item_type=以案释法": "18",
    "ol_cnt:item_type=交叉检查": "2", "event_cnt:kind=执法培训": "25", "online_cnt:platform=重点平台": "5",
    "online_cnt:platform=区县平台": "14", "online_abn": "11", "doc_cnt:doc=督办单": "11", "event_villages:kind=业务培训": "22",
    "event_orgs:kind=业务培训": "85", "event_cnt:kind=六五环境日": "1",
}  # fmt: skip


def build() -> Report:
    report = Report("002", f"{START}..{END}", END, dict(CHOSEN))
    report.add("person", STAFF)
    report.add("campaign", [{"name": name} for name in CAMPAIGNS])
    report.add("river", [{"name": "县城河"}])
    _register(report)
    _visits(report)
    _help(report)
    _supervision(report)
    _papers(report)
    _ledgers(report)
    report.chosen["person_times"] = str(people_of(report))
    return report


def _register(report: Report) -> None:
    key = subjects("重点企业", 20, "工业企业", key_unit=True)
    for n, o in enumerate(key[:19]):
        o.update(online_date="2021-06-01", online_platform="重点平台" if n < 5 else "区县平台")
    report.add("subject", key)
    report.add("subject", subjects("企业", 60, "工业企业"))
    report.add("subject", subjects("危废单位", 18, "产废单位"))
    report.add("subject", subjects("化工公司", 1, "工业企业") + subjects("钨矿尾矿库", 1, "工业企业"))
    report.add("subject", subjects("水源地", 7, "饮用水源地", zone="一级"))
    report.add("subject", subjects("排污口", 12, "入河排污口", river_id="县城河"))


def _visits(report: Report) -> None:
    """148 visits of enterprises: 100 of the daily work, 20 + 8 + 1 + 1 of campaigns, 18 of hazardous waste."""
    plants = [n for n in report.names("工业企业") if n.startswith("企业")]
    report.add("inspection", visits(plants, 100, DAYS, TEAM))
    report.add("inspection", visits(plants, 20, DAYS[2:], TEAM2, campaign_id="涉气企业排查"))
    report.add("inspection", visits(plants[20:], 8, DAYS[40:60], TEAM2, per=4, campaign_id="锅炉清查"))
    report.add("inspection", visits(["化工公司001号"], 1, DAYS[70:71], TEAM, campaign_id="煤焦油企业排查"))
    report.add("inspection", visits(["钨矿尾矿库001号"], 1, DAYS[75:76], TEAM, campaign_id="尾矿库排查"))
    waste = visits(report.names("产废单位"), 18, DAYS[5:], TEAM3, per=3, campaign_id="危废排查")
    report.add("hazardous_waste_check", waste)
    papers = [{**v, "docs": [{"kind": "整改通知书", "no": f"危{n}"}]} for n, v in enumerate(waste[:3])]
    report.add("inspection", papers)
    report.add("water_source_patrol", visits(report.names("饮用水源地"), 14, DAYS[7:], TEAM3, per=7))
    falls = report.names("入河排污口")
    report.add("outfall_patrol", [
        {"date": DAYS[n * 50], "session": "下午", "people": ["陈立", "王勇"], "river_id": "县城河",
         "outfalls": [{"outfall_id": name, "flow": "清水"} for name in falls]}
        for n in range(2)
    ])  # fmt: skip
    report.add("mobile_source_test", [
        {"date": DAYS[n * 10], "session": "上午", "people": ["何静", "李敏"], "place": f"第{n}矿区", "kind": "非道路移动机械",
         "tested": 8, "failed": 0}
        for n in range(5)
    ])  # fmt: skip
    report.add("open_burning", [{"fire": False, "date": DAYS[n * 9], "people": TEAM2, "km": 15} for n in range(12)])


def _problems(count: int, left: int) -> list[Values]:
    """Findings of one visit: the last *left* wait for their second look."""
    return [
        {"desc": f"台账第{n}处不全", "action": "限期整改" if n >= count - left else "现场督促立行立改"}
        for n in range(count)
    ]


def _help(report: Report) -> None:
    """60 firms helped, 25 with 48 problems; 8 of these are left over in 6 firms (key firms: 9, 15, 3, 3)."""
    key = [n for n in report.names("工业企业") if n.startswith("重点")]
    other = [n for n in report.names("工业企业") if n.startswith("企业")][:40]
    rows: list[list[Values]] = [_problems(2, 1)] * 3 + [_problems(2, 0)] * 3 + [_problems(1, 0)] * 3
    more = [_problems(3, 2)] * 2 + [_problems(2, 1)] + [_problems(2, 0)] * 12 + [_problems(1, 0)]
    way = {"way": "现场指导", "advice": "完善台账"}
    report.add("assistance", each(visits(key, 20, DAYS[3:], TEAM3, per=2, **way), findings=rows))
    helped = each(visits(other, 40, DAYS[4:], TEAM, per=2, **way), findings=more)
    report.add("assistance", each(helped, campaign_id=["VOCs帮扶"] * 9))


def _supervision(report: Report) -> None:
    closed = {"closed_at": "2021-12-20", "verdict": "属实", "measures": "已整改"}
    gone = {**closed, "cancel_at": "2022-03-31"}
    out: list[Values] = []
    for batch, (count, common, long, cancelled, letters, letters_gone, letters_closed) in SUPERVISION.items():
        head = {"batch": batch, "assigned_at": "2021-06-01", "content": "督察反馈"}
        for n in range(count):
            part: Values = {"rect_type": "长期坚持"} if n < long else {"rect_type": "限期整改", "due": "2022-12-31"}
            part |= gone if long <= n < long + cancelled else {}
            nature = "共性" if n < common else "个性"
            out.append({**head, **part, "kind": "反馈问题", "case_no": f"{batch}问题{n}", "nature": nature})
        for n in range(letters):
            state = gone if n < letters_gone else closed if n < letters_gone + letters_closed else {}
            out.append({**head, **state, "kind": "交办信访件", "case_no": f"{batch}信{n}"})
    report.add("supervision_case", out)


def _papers(report: Report) -> None:
    """37 notices to 33 firms besides the three of the waste campaign, 11 orders to follow up alarms."""
    plants = report.names("工业企业")

    def notices(doc: str, names: Sequence[str], **more: str) -> list[Values]:
        return [
            {
                "subject_id": name,
                "problem": "限期整改",
                "doc": doc,
                "doc_no": f"{doc}{n}",
                "issued_at": DAYS[n * 3],
                **more,
            }
            for n, name in enumerate(names)
        ]

    report.add("rectification", notices("整改通知书", plants[20:53] + plants[20:24]))
    report.add("rectification", notices("督办单", plants[:11], origin="在线监控"))


def _ledgers(report: Report) -> None:
    plants = report.names("工业企业")
    report.add("air_quality", [{
        "period": "截至日累计", "until": END, "area": "全县", "origin": "省站", "pm25": 24, "good_days": 176, "valid_days": 181,
    }])  # fmt: skip
    report.add("work_order", orders(86, 4, DAYS, sources=("12345", "12369", "市区转办", "12345")))
    report.add("other_ledger", [
        *(ledger("水质断面", d, unit="断面", status="Ⅱ类", text="出境国控断面") for d in MONTHS),
        ledger("水库水质", END, 32, "座", status="达标", text="小（二）型以上，Ⅲ类以上"),
        *(ledger("水源地水质", d, 7, "处", status="合格") for d in MONTHS),
        *of_subjects("锅炉/炉窑改造", "2022-05-20", plants[30:33]), ledger("农污设施监测", "2022-06-10", 15, "座"),
        ledger("水库退养", "2022-04-30", 32, "座"), ledger("优秀案例", "2022-06-20", 3, "件"),
        *(ledger("以案释法", d, 3, "篇") for d in MONTHS), *(ledger("交叉检查", d, unit="次") for d in MONTHS[:2]),
        *(ledger("在线监控异常", DAYS[n * 10], unit="次", done_at=DAYS[n * 10 + 3], subject_id=plants[n]) for n in range(11)),
    ])  # fmt: skip
    report.add("publicity_event", [
        *(event("执法培训", d, "每周执法学习") for d in DAYS[4::5]),
        event("业务培训", "2022-03-18", "环保业务培训会", village_cnt=22, org_cnt=40),
        event("业务培训", "2022-05-20", "环保业务培训会（企业）", org_cnt=45),
        event("六五环境日", "2022-06-05", "六五世界环境日宣传", host="县检察院、法院、妇联、志愿者协会"),
    ])  # fmt: skip
