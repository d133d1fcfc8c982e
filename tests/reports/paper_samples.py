"""Invented figures and photos for the papers of these tests; they agree with the reference table."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime

from PIL import Image, ImageDraw

from envdesk.reports.monthly import ReportContext
from envdesk.reports.template import Template


@dataclass
class Figure:
    id: str
    title: str = ""
    measure: str = "家"
    text: str | None = "0"
    value: object = 0
    previous: str | None = None
    last_year: str | None = None
    year_to_date: str | None = None
    change_last_year: str | None = None
    change_previous: str | None = None
    target: str | None = None
    completion: str | None = None
    numerator: int | None = None
    denominator: int | None = None
    marked: object = False
    note: str = ""


# id: measure, 本期, 本年累计, 上年同期, 同比, 任务数, 完成率
USUAL = {
    "voc_reg": ("家", "312", "312", "335", "-6.87%", None, None),
    "voc_reg:industry=制鞋": ("家", "148", "148", "161", "-8.07%", None, None),
    "voc_reg:industry=皮具": ("家", "96", "96", "104", "-7.69%", None, None),
    "voc_visits": ("家次", "46", "418", "39", "+17.95%", None, None),
    "voc_covered": ("家", "44", "281", "37", "+18.92%", "300", "93.67%"),
    "voc_cov_rate": ("%", "14.10%", "90.06%", "11.04%", "+3.06个百分点", None, None),
    "ac_checked": ("家", "38", "204", "31", "+22.58%", "220", "92.73%"),
    "ac_problem": ("个", "5", "31", "8", "-37.50%", None, None),
    "gas_visits": ("家次", "9", "90", "9", "持平", "108", "83.33%"),
    "gas_cov": ("%", "100%", "100%", "100%", "持平", None, None),
    "fleet_visits": ("家次", "2", "14", "2", "持平", "16", "87.50%"),
    "mobile_tested": ("辆", "36", "287", "30", "+20.00%", None, None),
    "air_station_visits": ("个次", "8", "82", "8", "持平", "96", "85.42%"),
    "site_visits": ("个次", "63", "597", "58", "+8.62%", "720", "82.92%"),
    "site_six_rate": ("%", "92.06%", "90.28%", "87.93%", "+4.13个百分点", None, None),
    "burn_points": ("处", "0", "6", "1", "-100%", None, None),
    "air_pm25": ("μg/m³", "26", "23", "28", "-7.1%", None, None),
    "good_rate": ("%", "87.1%", "92.1%", "80.6%", "+6.5个百分点", None, None),
    "outfall_cnt": ("个", "18", "18", "18", "持平", None, None),
    "river_visits": ("河次", "24", "236", "22", "+9.09%", "240", "98.33%"),
    "outfall_rebound": ("个", "0", "1", "0", None, None, None),
    "ws_visits": ("次", "14", "140", "14", "持平", "168", "83.33%"),
    "ws_new": ("个", "0", "0", "0", None, None, None),
    "flood_subjects": ("家", "12", "186", "15", "-20.00%", None, None),
    "flood_hazards": ("个", "1", "23", "4", "-75.00%", None, None),
    "slw_done": ("家", "5", "58", "6", "-16.67%", "66", "87.88%"),
    "slw_up": ("家", "1", "12", "2", "-50.00%", None, None),
    "slw_shut": ("家", "4", "43", "4", "持平", None, None),
    "slw_move": ("家", "0", "3", "0", None, None, None),
    "decl_done": ("家", "0", "264", "0", None, "287", "92%"),
    "div_visits": ("家次", "31", "302", "28", "+10.71%", None, None),
    "div_mixed": ("宗", "0", "2", "1", "-100%", None, None),
    "hw_visits": ("家次", "27", "255", "24", "+12.50%", None, None),
    "outing_cnt": ("组次", "58", "541", "52", "+11.54%", None, None),
    "person_times": ("人次", "174", "1612", "151", "+15.23%", None, None),
    "insp_visits": ("家次", "139", "1287", "124", "+12.10%", None, None),
    "prob_found": ("个", "21", "196", "25", "-16.00%", None, None),
    "rect_rate": ("%", "90.48%", "98.47%", "96.00%", "-5.52个百分点", None, None),
    "sv_recheck_rate": ("%", "100%", "100%", "100%", "持平", None, None),
    "wo_received": ("件", "86", "812", "79", "+8.86%", None, None),
    "wo_rate": ("%", "83.72%", "98.15%", "82.28%", "+1.44个百分点", None, None),
    "wo_ontime_rate": ("%", "98.75%", "99.13%", "97.40%", "+1.35个百分点", None, None),
    "wo_sat_rate": ("%", "98.04%", "97.21%", "95.83%", "+2.21个百分点", None, None),
    "event_cnt": ("场", "2", "17", "1", "+100%", "20", "85.00%"),
    "clue_out": ("宗", "1", "9", "2", "-50.00%", None, None),
}
IN_NOTES = {
    "mobile_failed": "2",
    "insp_subjects": "121",
    "wo_dup": "3",
    "wo_due": "80",
    "event_people": "86",
    "ws_sites": "7",
}
CALIBER = (
    "“家”为去重后的监管对象数，“家次、个次、河次”为检查次数",
    "出动人次按每次出动的实到人数计",
    "办结率为收件口径，即本期收到且截至日已办结件数与本期收到件数（含重复件）之比",
    "按时办结率不含未到期工单",
    "完成率为本年累计与全年任务数之比",
)


def usual_results() -> dict[str, Figure]:
    out = {}
    for key, (measure, now, ytd, last, change, target, done) in USUAL.items():
        out[key] = Figure(key, key, measure, now, 0, None, last, ytd, change, None, target, done)
    for key, now in IN_NOTES.items():
        out[key] = Figure(key, key, text=now)
    out["wo_sat_rate"].denominator = 51
    return out


def empty_results(template: Template) -> dict[str, Figure]:
    return {key: Figure(key, key, text=None) for key in template.figures}


def context(**changes: object) -> ReportContext:
    values: dict[str, object] = {
        "office": "均禾街道综合执法办",
        "start": date(2026, 10, 1),
        "end": date(2026, 10, 31),
        "cut": date(2026, 10, 31),
        "generated": datetime(2026, 11, 3, 9, 42),
        "caliber": CALIBER,
        "notes": (
            "本期收到86件加上期结转11件，减本期办结82件，期末在办15件。一件工单涉及多个污染类型的分别计数，分类之和可大于总数。",
        ),
        "check_code": "3F7A-91C2-D05E",
        "phone": "020-00000000",
    }
    return ReportContext(**{**values, **changes})  # type: ignore[arg-type]


@dataclass
class PhotoFile:
    data: bytes
    caption: str = ""
    tag: str = "现场"
    internal: bool = False
    taken_at: str = ""
    extra: dict[str, object] = field(default_factory=dict)


def photo(size: tuple[int, int] = (720, 540), colour: str = "#8aa0a8") -> bytes:
    """A drawn stand-in for a photo: no real place or person."""
    picture = Image.new("RGB", size, colour)
    pen = ImageDraw.Draw(picture)
    for x in range(0, size[0], 60):
        pen.line([(x, 0), (x, size[1])], fill="#788c94", width=3)
    pen.ellipse([size[0] // 3, size[1] // 3, size[0] // 3 * 2, size[1] // 3 * 2], fill="#405058")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    return out.getvalue()


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SUBJECT = {
    "name": "广州市禾样鞋业有限公司",
    "usc_code": "91440111MA00000018",
    "address": "广州市白云区均禾街道样例路18号A栋2—3层",
    "contact": "林𬭎",
    "phone": "000-00000000",
    "grid_id": {"name": "样例联社第3网格"},
}
TEAM = [{"name": "陈示明", "badge_no": "44000000001"}, {"name": "何例安", "badge_no": "44000000002"}]


def finding(words: str) -> dict[str, object]:
    return {"desc": words, "nature": "一般问题", "action": "限期整改", "due": "2026-11-05"}


def voc_record(**changes: object) -> dict[str, object]:
    """A usual sheet of a visit to the invented shoe factory."""
    values: dict[str, object] = {
        "record_no": "VC-2026-0418",
        "visit_date": "2026-10-21",
        "time_from": "09:30",
        "time_to": "10:45",
        "session": "上午",
        "people": TEAM,
        "subject_id": SUBJECT,
        "subject_name": SUBJECT["name"],
        "source": "投诉举报",
        "order_id": {"name": "12345-20261016-0128"},
        "visit_kind": "行政检查",
        "site_person": "林𬭎",
        "site_phone": "000-00000000",
        "badge_shown": 1,
        "avoidance_told": 1,
        "grid_id": {"name": "样例联社第3网格"},
        **dict.fromkeys(("A", "B", "F", "ledger"), "符合"), **dict.fromkeys(("C", "G"), "不符合"),
        **dict.fromkeys(("D", "E"), "不涉及"),
        "C_note": "2号成型线刷胶工位集气罩缺侧围挡，废气收集不全。",
        "F_note": "实测风速0.42米/秒。",
        "G_note": "上次更换为2026年7月9日，已超更换周期14日。",
        "facility_kind": ["一次性活性炭吸附"],
        "low_voc": "部分",
        "low_voc_pct": 40.0,
        "material": "水性胶",
        "online": "未装",
        "ac_type": "颗粒",
        "ac_iodine": 820,
        "ac_fill_kg": 600.0,
        "ac_thick_mm": 320,
        "ac_last_change": "2026-07-09",
        "ac_cycle_days": 90,
        "ac_next_change": "2026-10-07",
        "ac_waste_manifest": 1,
        "facts": "该公司从事皮鞋生产，在产成型线2条，废气经集气罩收集后由一次性活性炭吸附设施处理，"
        "处理设施正在运行。现场查看胶粘剂仓库、成型车间、废气治理设施和2026年1月至9月台账，询问现场负责人，发现下列问题。",
        "result": "发现问题",
        "findings": [
            finding("2号成型线刷胶工位集气罩缺侧围挡，废气收集不全"),
            finding("活性炭超过更换周期14日未更换"),
        ],
        "party_opinion": "以上检查情况属实，按期完成整改。",
        "photos": [
            {"data": photo(), "caption": "刷胶工位集气罩缺侧围挡", "taken_at": "2026-10-21T10:06", "tag": "现场"},
            {"data": photo((1600, 900)), "caption": "活性炭吸附设施", "taken_at": "2026-10-21T10:18", "tag": "现场"},
        ],
    }  # fmt: skip
    return {**values, **changes}


def order_record(**changes: object) -> dict[str, object]:
    """An order about the invented factory; the complainant is invented too."""
    values: dict[str, object] = {
        "record_no": "GD-2026-0128",
        "order_no": "12345-20261016-0128",
        "source": "12345",
        "received_at": "2026-10-16T15:20",
        "signed_at": "2026-10-16T16:05",
        "due_date": "2026-10-30",
        "kind": "投诉",
        "pollution": ["大气-恶臭异味"],
        "complainant": "王小样",
        "phone": "13800005678",
        "anonymous": 0,
        "confidential": 0,
        "respondent_id": SUBJECT,
        "grid_id": {"name": "样例联社第3网格"},
        "location": "广州市白云区均禾街道样例路18号A栋2—3层",
        "content": "王小样反映：近一周晚上8时以后，样例路18号2至3层鞋厂有明显胶水味，关窗后仍能闻到，"
        "希望核查该厂废气处理设施是否正常使用，请回电13800005678。",
        "repeat_no": 2,
        "steps": [
            {"at": "2026-10-16T16:20", "what": "电话联系诉求人，了解异味时段和方位。", "who": "陈示明"},
            {
                "at": "2026-10-21T09:30",
                "what": "现场检查，发现刷胶工位废气收集不全、活性炭超期未更换2个问题，责令限期整改"
                "（检查记录表VC-2026-0418）。",
                "who": "陈示明、何例安",
            },
        ],
        "verdict": "属实",
        "measures": "反映情况属实。该公司刷胶工位集气罩缺侧围挡，活性炭超过更换周期14日未更换。我办发出环境整改告知书，"
        "该公司已更换活性炭600千克、加装围挡。我办将在11月5日前完成复查。",
        "close_type": "办结",
        "closed_at": "2026-10-28",
        "reply_way": "电话",
        "replied_at": "2026-10-28T10:15",
        "revisit": [{"date": "2026-10-30", "result": "基本满意"}],
    }
    return {**values, **changes}


def rectification_record(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "record_no": "ZG-2026-0193",
        "issued_at": "2026-10-21",
        "origin": "12345",
        "subject_id": SUBJECT,
        "problem": "1.2号成型线刷胶工位集气罩缺侧围挡，废气收集不全；加装侧围挡，罩口控制风速不低于0.3米/秒。\n"
        "2.活性炭于2026年7月9日更换，已超过更换周期14日；更换活性炭，保存购买凭证和废活性炭转移联单。",
        "doc": "环境整改告知书",
        "doc_no": "均综执环告〔2026〕57号",
        "due": "2026-11-05",
        "reported_done_at": "2026-10-29",
        "verify_date": "2026-11-04",
        "verify_people": TEAM,
        "verify_result": "已整改",
        "next": "销号",
        "photos": [
            {"data": photo(), "tag": "整改前", "taken_at": "2026-10-21T10:06", "caption": ""},
            {"data": photo(colour="#a08a80"), "tag": "整改后", "taken_at": "2026-11-04T15:12", "caption": ""},
            {"data": photo(colour="#ff0000"), "tag": "整改后", "internal": True, "caption": "内部"},
        ],
    }
    return {**values, **changes}
