"""One complete, sound record of every form, and for every rule the smallest change that breaks it."""

from __future__ import annotations

from typing import Any

Values = dict[str, Any]

PEOPLE = ["张一", "张二"]
VISIT: Values = {"visit_date": "2023-06-05", "session": "上午", "people": PEOPLE}
PLANT: Values = {**VISIT, "subject_id": "永利鞋厂"}

#: Records every office of these tests has, in the order they are added.
BEFORE: list[tuple[str, Values]] = [
    ("grid", {"code": "01", "name": "石马联社", "kind": "联社"}),
    ("person", {"name": "张一", "role": "执法人员", "badge_no": "A1", "badge_until": "2024-12-31"}),
    ("person", {"name": "张二", "role": "执法人员", "badge_no": "A2", "badge_until": "2023-06-30"}),
    ("person", {"name": "李三", "role": "环保员"}),
    ("river", {"name": "石马涌"}),
    ("river", {"name": "均禾涌"}),
    ("campaign", {"name": "百日攻坚", "start": "2023-05-01", "end": "2023-08-30", "separate": True}),
    ("power_item", {"name": "露天焚烧", "from": "2021-01-01"}),
    ("power_item", {"name": "油烟扰民", "from": "2021-01-01", "to": "2023-05-31"}),
]


def subject(name: str, *types: str, **more: Any) -> tuple[str, Values]:
    """A registered subject."""
    made = {"name": name, "types": list(types), "address": "石马村1号", "register_from": "2022-01-01"}
    return ("subject", {**made, "grid_id": "石马联社", **more})


BEFORE += [
    subject("永利鞋厂", "工业企业", "涉VOCs企业", "产废单位", industry="制鞋", waste_class="危废登记"),
    subject("正面鞋厂", "工业企业", industry="制鞋", green_list=True),
    subject("关停鞋厂", "工业企业", industry="制鞋", status="已关停取缔", status_from="2023-05-15"),
    subject("甲工地", "建设工地", contractor="某建", area_m2="60000"),
    subject("甲加油站", "加油站", industry="其他"),
    subject("甲车队", "用车大户", industry="其他"),
    subject("甲站", "空气自动监测站"),
    subject("甲违建", "水源地违建项目", zone="一级"),
    subject("排口一", "入河排污口", river_id="石马涌"),
    subject("排口二", "入河排污口", river_id="均禾涌"),
    subject("散乱污一", "散乱污场所", industry="其他"),
    ("task_target", {"year": 2023, "figure_id": "slw_done", "target": 66, "level": "区下达", "due": "2023-12-31"}),
]

SIX: Values = {f"six_{n}": "达标" for n in range(1, 7)}
ORDER: Values = {
    "source": "12345", "order_no": "G1", "received_at": "2023-06-05T10:00", "content": "夜间有异味", "kind": "投诉",
    "pollution": ["大气-恶臭异味"], "location": "石马村", "due_date": "2023-06-19", "handler": "张一",
}  # fmt: skip
CLOSED: Values = {"verdict": "属实", "measures": "已整改", "closed_at": "2023-06-12", "close_type": "办结"}
CASE: Values = {
    "subject_id": "永利鞋厂", "cause": "露天焚烧垃圾", "power_item": "露天焚烧", "case_no": "白云01",
    "filed_at": "2023-05-10", "officers": PEOPLE,
}  # fmt: skip
FINE: Values = {"decision": "处罚决定", "decision_no": "1号", "decided_at": "2023-06-01", "fine_fen": 2_000_000}
CLEARED: Values = {
    "action": "关停取缔", "done_date": "2023-05-01", "verify_date": "2023-05-10", "cut_water": True, "cut_power": True,
    "clear_material": True, "clear_product": True, "clear_equipment": True,
}  # fmt: skip

SOUND: dict[str, Values] = {
    "grid": {"code": "02", "name": "长红联社", "kind": "联社", "from": "2022-01-01"},
    "person": {"name": "王四", "from": "2022-01-01"},
    "river": {"name": "白海面涌"},
    "campaign": {"name": "节前排查", "start": "2023-01-01"},
    "power_item": {"name": "噪声扰民", "from": "2021-01-01"},
    "deadline_term": {"label": "紧急类", "item": "工单办理", "source": "市区转办", "n": 1, "from": "2023-01-01"},
    "parameter": {"code": "x", "label": "某限值", "value": "1.5", "from": "2023-01-01"},
    "subject": {
        "name": "新兴皮具厂", "types": ["工业企业"], "industry": "皮具", "address": "石马村2号", "grid_id": "石马联社",
        "usc_code": "91440101MA59ABCD4N", "register_from": "2023-01-01", "start_date": "2023-01-01",
        "vehicles_total": 3,
    },
    "inspection": PLANT | {"eia": "符合", "docs": [{"kind": "现场检查笔录", "date": "2023-06-05"}]},
    "vocs_check": PLANT | {
        "facility_kind": ["一次性活性炭吸附"], "ac_type": "颗粒", "ac_iodine": 800, "ac_fill_kg": "50",
        "ac_thick_mm": 300, "ac_last_change": "2023-06-01",
    },
    "site_dust_patrol": VISIT | SIX | {"subject_id": "甲工地", "tsp": "在线"},
    "work_order": ORDER,
    "gas_station_check": VISIT | {"subject_id": "甲加油站", "test_date": "2023-01-05", "al_ratio": "1.10"},
    "diesel_fleet_check": VISIT | {"subject_id": "甲车队", "diesel_cnt": 10, "gb3_cnt": 2, "tested": 3, "failed": 1},
    "mobile_source_test": {
        "date": "2023-06-05", "session": "下午", "people": PEOPLE, "place": "广花路", "kind": "柴油车路检",
        "tested": 30,
    },
    "air_station_patrol": VISIT | {"subject_id": "甲站", "dust_src": "正常"},
    "outfall_patrol": {
        "date": "2023-06-05", "session": "上午", "people": PEOPLE, "river_id": "石马涌",
        "outfalls": [{"outfall_id": "排口一", "flow": "清水"}],
    },
    "water_source_patrol": VISIT | {"subject_id": "甲违建", "build_state": "停用"},
    "flood_hazard_check": PLANT | {"plan": "符合"},
    "sanluanwu": {"subject_id": "散乱污一", "found_date": "2023-03-01", "features": ["散", "乱"]},
    "solid_waste_declaration": {"subject_id": "永利鞋厂", "year": 2022, "declared_at": "2023-03-01"},
    "waste_diversion_check": PLANT | {"store": "符合"},
    "hazardous_waste_check": PLANT | {"label": "符合"},
    "supervision_case": {
        "batch": "中央第二轮", "kind": "交办信访件", "case_no": "D1", "assigned_at": "2023-02-01", "due": "2023-06-30",
        "content": "某厂异味",
    },
    "rectification": {
        "subject_id": "永利鞋厂", "problem": "活性炭未更换", "doc": "整改通知书", "doc_no": "1号",
        "issued_at": "2023-06-05",
    },
    "assistance": PLANT | {"way": "现场指导", "advice": "更换活性炭"},
    "enforcement_case": CASE,
    "open_burning": {"date": "2023-06-05", "place": "田心", "type": "秸秆", "found_by": "巡查", "action": "劝阻"},
    "publicity_event": {"date": "2023-06-05", "type": "六五环境日", "title": "六五环境日宣讲", "participants": 120},
    "air_quality": {"period": "月", "until": "2023-05-31", "good_days": 30, "valid_days": 31, "origin": "区分局通报"},
    "task_target": {"year": 2023, "figure_id": "insp_visits", "target": 900, "level": "街道自定"},
    "other_ledger": {"date": "2023-06-05", "item_type": "生态损害赔偿", "unit": "起"},
    "history_value": {"figure_id": "insp_visits", "start": "2022-06-01", "end": "2022-06-30", "value": "300"},
}  # fmt: skip

FINDING: Values = {"desc": "未盖盖"}
EXTENSION: Values = {
    "applied_at": "2023-06-16",
    "reason": "需检测",
    "approved_at": "2023-06-17",
    "new_due": "2023-07-03",
}
OUTFALL: Values = {"outfall_id": "排口一", "flow": "清水"}
REOPENED: Values = ORDER | CLOSED

#: form → rule → what breaks it. Rules of blocks are told once, on inspection.
BROKEN: dict[str, dict[str, Values]] = {
    "grid": {"dates": {"to": "2021-12-31"}},
    "person": {"dates": {"to": "2021-12-31"}},
    "campaign": {"dates": {"end": "2022-12-31"}},
    "power_item": {"dates": {"to": "2020-12-31"}},
    "deadline_term": {"dates": {"to": "2022-12-31"}},
    "parameter": {"dates": {"to": "2022-12-31"}},
    "subject": {
        "register_dates": {"register_to": "2022-12-31"},
        "diesel": {"diesel_total": 4},
        "site_dates": {"plan_end": "2022-12-31"},
        "same_name": {"name": "永利鞋厂"},
        "same_code": {},  # the record itself a second time
    },
    "inspection": {
        "same_day": {},
        "legal_doc": {
            "people": ["张一", "李三"],
            "docs": [{"kind": "责令改正违法行为决定书", "no": "1号", "date": "2023-06-05"}],
        },
        "items_result": {"noise": "不符合"},
        "doc_date": {"docs": [{"kind": "约谈记录", "date": "2023-06-04"}]},
        "time_order": {"time_from": "10:00", "time_to": "09:30"},
        "not_in_use": {"subject_id": "关停鞋厂"},
        "two_badges": {"visit_date": "2023-07-05", "visit_kind": "行政检查"},  # one badge has run out
        "annual_cap": {"visit_date": "2023-06-06"},
        "green_list": {"subject_id": "正面鞋厂"},
        "finding_missing": {"result": "发现问题"},
        "finding_unexpected": {"result": "未发现问题", "findings": [FINDING]},
        "finding_due": {"findings": [FINDING | {"action": "限期整改", "due": "2023-06-04"}]},
        "finding_fixed": {"findings": [FINDING | {"action": "移交其他部门", "fixed_at": "2023-06-04"}]},
        "someone": {"people": []},
    },
    "vocs_check": {
        "same_day": {},
        "is_voc": {"subject_id": "正面鞋厂"},
        "items_result": {"F": "不符合"},
        "fill": {"ac_fill_kg": 0},
        "iodine": {"ac_iodine": 799},
        "thick": {"ac_thick_mm": 299},
        "cycle": {"ac_cycle_days": 91},
        "carbon_overdue": {"ac_last_change": "2023-01-01"},
    },
    "site_dust_patrol": {
        "same_day": {},
        "is_site": {"subject_id": "永利鞋厂"},
        "six_photo": {"six_1": "不达标"},
        "six_result": {"six_1": "不达标"},
        "tsp_missing": {"tsp": "未装"},
    },
    "work_order": {
        "closed_after_received": CLOSED | {"closed_at": "2023-06-04"},
        "signed_after_received": {"signed_at": "2023-06-04T09:00"},
        "due_after_received": {"due_date": "2023-06-04"},
        "accepted_after_received": {"accepted_at": "2023-06-04"},
        "return_dates": {"return_at": "2023-06-04"},
        "return_date_missing": {"return_ok": True},
        "extension_in_time": {"extensions": [EXTENSION | {"applied_at": "2023-06-20", "approved_at": "2023-06-21"}]},
        "extension_later": {"extensions": [EXTENSION | {"new_due": "2023-06-19"}]},
        "extension_approved": {"extensions": [EXTENSION | {"approved_at": "2023-06-15"}]},
        "reopen_order": REOPENED | {"reopen": [{"date": "2023-06-11"}]},
        "reopen_closed": REOPENED | {"reopen": [{"date": "2023-06-20", "closed_at": "2023-06-19"}]},
        "reopen_unclosed": {"reopen": [{"date": "2023-06-20"}]},
    },
    "gas_station_check": {
        "same_day": {},
        "is_station": {"subject_id": "永利鞋厂"},
        "items_result": {"pv": "不符合"},
        "al_ratio": {"al_ratio": "1.25"},
        "test_overdue": {"test_date": "2022-06-01"},
    },
    "diesel_fleet_check": {
        "same_day": {},
        "is_type": {"subject_id": "永利鞋厂"},
        "failed": {"failed": 4},
        "gb3": {"gb3_cnt": 11},
    },
    "mobile_source_test": {
        "failed": {"failed": 31},
        "sample_failed": {"kind": "车用油品样品", "samples": 1, "sample_failed": 2},
    },
    "air_station_patrol": {
        "same_day": {},
        "is_type": {"subject_id": "永利鞋厂"},
        "interference": {"interference": True, "findings": [FINDING]},
        "items_result": {"blocked": "异常"},
    },
    "outfall_patrol": {
        "outfall_river": {"outfalls": [OUTFALL | {"outfall_id": "排口二"}]},
        "rebound_flow": {"outfalls": [OUTFALL | {"rebound": True}]},
        "same_round": {},
    },
    "water_source_patrol": {
        "same_day": {},
        "is_type": {"subject_id": "永利鞋厂"},
        "problem_result": {"new_problem": 1},
    },
    "flood_hazard_check": {"same_day": {}, "items_result": {"pool": "不符合"}},
    "sanluanwu": {
        "done_after_found": CLEARED | {"done_date": "2023-02-01"},
        "verify_after_done": CLEARED | {"verify_date": "2023-04-30"},
        "two_cut_three_clear": CLEARED | {"clear_product": False},
        "upgrade_done": CLEARED | {"action": "升级改造", "permit_done": True, "facility_done": False},
        "verify_needs_done": CLEARED | {"done_date": None},
        "rebound_after": CLEARED | {"rebounds": [{"date": "2023-05-09"}]},
        "handled_after": CLEARED | {"rebounds": [{"date": "2023-06-09", "handled": "2023-06-08"}]},
    },
    "solid_waste_declaration": {
        "audited": {"audited_at": "2023-02-01"},
        "audit_needs": {"declared_at": None, "audited_at": "2023-03-05"},
        "year": {"year": 2024},
        "same_year": {},
    },
    "waste_diversion_check": {"same_day": {}, "items_result": {"store": "不符合"}, "mixed_result": {"mixed": True}},
    "hazardous_waste_check": {"same_day": {}, "items_result": {"room": "不符合"}},
    "supervision_case": {
        "due": {"due": "2023-01-31"},
        "closed": {"closed_at": "2023-01-31"},
        "stage_closed": {"stage_closed_at": "2023-01-31"},
        "cancel": {"closed_at": "2023-04-10", "cancel_at": "2023-04-09"},
        "cancel_needs": {"cancel_at": "2023-04-09"},
        "recheck_after": {"rechecks": [{"date": "2023-01-31"}]},
    },
    "rectification": {
        "due_after_issued": {"due": "2023-06-04"},
        "verify_after_issued": {"verify_date": "2023-06-04", "verify_result": "已整改"},
        "verify_date_missing": {"verify_result": "已整改"},
        "extension_later": {"extensions": [EXTENSION | {"new_due": "2023-06-20"}]},
        "doc_no": {"doc_no": None},
    },
    "assistance": {"same_day": {}},
    "enforcement_case": {
        "decided_after_filed": FINE | {"decided_at": "2023-05-09"},
        "notice_after_filed": {"notice_at": "2023-05-09"},
        "served_after": FINE | {"served_at": "2023-05-31"},
        "paid_after": FINE | {"paid_fen": 1, "paid_at": "2023-05-31"},
        "closed_after": FINE | {"closed_at": "2023-05-31"},
        "two_officers": {"officers": ["张一"]},
        "no_fine": FINE | {"decision": "不予处罚决定", "no_penal_basis": "无主观过错"},
        "fine_decision": FINE | {"decision": "撤销案件"},
        "paid_too_much": FINE | {"paid_fen": 2_000_001, "paid_at": "2023-06-02"},
        "paid_date": FINE | {"paid_fen": 1},
        "decision_unfiled": FINE | {"filed_at": None},
        "power": {"power_item": "油烟扰民", "filed_at": "2023-06-01"},
        "power_listed": {"power_item": None},
    },
    "open_burning": {"put_out": {"put_out_at": "2023-06-04T09:00"}},
    "air_quality": {
        "good": {"good_days": 32, "valid_days": 31},
        "good_ly": {"good_days_ly": 31, "valid_days_ly": 30},
        "valid": {"valid_days": 32},
        "same": {},
    },
    "task_target": {"due": {"due": "2022-12-31"}},
    "other_ledger": {"done": {"done_at": "2023-06-04"}},
    "history_value": {
        "dates": {"end": "2022-05-31"},
        "before_baseline": {"end": "2023-02-01"},
        "once": {},
    },
}
