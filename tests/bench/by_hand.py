"""Figures as somebody writes them who knows the tables and nothing else: one query per figure, dates bound.

``:start`` first day, ``:after`` the day after the last, ``:cut_after`` the day after the cut-off. A query gives one
number, or two for a rate (numerator, denominator), or one with a divisor (罚款 in 万元).
"""

from __future__ import annotations

SHEET_TABLES = (
    "air_station_patrol", "diesel_fleet_check", "flood_hazard_check", "gas_station_check", "hazardous_waste_check",
    "inspection", "site_dust_patrol", "vocs_check", "waste_diversion_check", "water_source_patrol",
)  # fmt: skip
ENTERPRISE = (
    "('工业企业', '涉VOCs企业', '加油站', '储油库', '用车大户', '餐饮单位', '汽修店', '产废单位', '放射源单位',"
    " '畜禽养殖', '散乱污场所')"
)
#: A visit of the period that no separate campaign counts.
VISIT = (
    "from t_outing o join t_visit v on v.outing_id = o.id left join t_campaign c on c.id = v.campaign_id and c.void = 0"
    " where o.date >= :start and o.date < :after and coalesce(c.separate, 0) = 0"
)
#: It has a live sheet; closed doors do not count.
SHEET = " or ".join(
    f"exists (select 1 from t_{t} s where s.visit_id = v.id and s.void = 0 and s.result is not '停业/无法进入')"
    for t in SHEET_TABLES
)
ANY_SHEET = " or ".join(
    f"exists (select 1 from t_{t} s where s.visit_id = v.id and s.void = 0)" for t in (*SHEET_TABLES, "assistance")
)
FIRM = (
    "exists (select 1 from t_subject b left join t_subject k on k.id = b.canonical"
    " join t_subject__types x on x.rec = coalesce(k.id, b.id)"
    f" where b.id = v.subject_id and coalesce(k.void, b.void) = 0 and x.value in {ENTERPRISE})"
)
INSPECTED = f"{VISIT} and {FIRM} and ({SHEET})"
#: Problems found in the period: one arm per table.
FINDINGS = " union all ".join(
    f"select '{t}' as form, f.id, f.nature, f.action, f.fixed_at, f.rect_id, s.result, o.date, v.subject_id, v.campaign_id"
    f" from t_outing o join t_visit v on v.outing_id = o.id join t_{t} s on s.visit_id = v.id and s.void = 0"
    f" join t_{t}__findings f on f.rec = s.id where o.date >= :start and o.date < :after"
    for t in (*SHEET_TABLES, "assistance")
)
FIXED = (
    "coalesce(v.fixed_at, case when v.action = '现场督促立行立改' then v.date end,"
    " case when r.verify_result = '已整改' then r.verify_date end)"
)
ORDER = "from t_work_order w where w.void = 0 and w.received_at >= :start and w.received_at < :after"
RETURNED = "coalesce(w.return_ok = 1 and coalesce(w.return_decided_at, w.return_at) < :cut_after, 0)"
CLOSED = (
    "(w.closed_at is not null and w.closed_at < :cut_after and coalesce(w.close_type, '') <> '阶段性办结' and not exists"
    " (select 1 from t_work_order__reopen x where x.rec = w.id and x.date < :cut_after"
    " and (x.closed_at is null or x.closed_at >= :cut_after)))"
)
DUE = (
    "coalesce((select max(x.new_due) from t_work_order__extensions x where x.rec = w.id"
    " and coalesce(x.approved, x.approved_at is not null) = 1 and coalesce(x.approved_at, x.applied_at) < :cut_after),"
    " w.due_date)"
)
IN_TIME = (
    f"from t_work_order w where w.void = 0 and {DUE} >= :start and {DUE} < :after and not {RETURNED}"
    " and (w.due_date >= :start and w.due_date < :after or w.id in (select x.rec from t_work_order__extensions x"
    " where x.new_due >= :start and x.new_due < :after))"
)


def _sheets(name: str, where: str = "1", what: str = "count(*)") -> str:
    return (
        f"select {what} from t_outing o join t_visit v on v.outing_id = o.id join t_{name} s on s.visit_id = v.id"
        f" where o.date >= :start and o.date < :after and s.void = 0 and {where}"
    )


SUBJECT = "count(distinct coalesce((select k.canonical from t_subject k where k.id = v.subject_id), v.subject_id))"

QUERIES: dict[str, str] = {
    "visit_cnt": f"select count(distinct v.id) {VISIT} and ({ANY_SHEET})",
    "insp_visits": f"select count(distinct v.id) {INSPECTED}",
    "insp_subjects": f"select {SUBJECT} {INSPECTED}",
    "admin_insp": f"select count(distinct v.id) {INSPECTED} and v.visit_kind = '行政检查'",
    "patrol_visits": f"select count(distinct v.id) {INSPECTED} and v.visit_kind = '日常巡查'",
    "prob_found": f"select count(*) from ({FINDINGS}) v",
    "risk_found": f"select count(*) from ({FINDINGS}) v where v.nature = '环境风险隐患'",
    "supervised_fix": f"select count(*) from ({FINDINGS}) v where v.action in ('现场督促立行立改', '限期整改')",
    "prob_fixed": f"select count(*) from ({FINDINGS}) v left join t_rectification r on r.id = v.rect_id and r.void = 0"
    f" where {FIXED} < :cut_after",
    "rect_rate": f"select count(case when {FIXED} < :cut_after then 1 end), count(*) from ({FINDINGS}) v"
    " left join t_rectification r on r.id = v.rect_id and r.void = 0",
    "subj_with_prob": f"select {SUBJECT} from ({FINDINGS}) v left join t_campaign c on c.id = v.campaign_id and c.void = 0"
    f" where {FIRM} and v.form <> 'assistance' and v.result is not '停业/无法进入' and coalesce(c.separate, 0) = 0",
    "site_visits": _sheets("site_dust_patrol"),
    "site_joint": _sheets("site_dust_patrol", "s.joint = 1"),
    "voc_visits": _sheets("vocs_check"),
    "gas_visits": _sheets("gas_station_check"),
    "gas_subjects": _sheets("gas_station_check", what=SUBJECT),
    "hw_visits": _sheets("hazardous_waste_check"),
    "div_visits": _sheets("waste_diversion_check"),
    "div_mixed": _sheets("waste_diversion_check", "s.mixed = 1"),
    "assist_visits": _sheets("assistance"),
    "outfall_visits": "select count(*) from t_outing o join t_outfall_patrol p on p.outing_id = o.id and p.void = 0"
    " join t_outfall_patrol__outfalls f on f.rec = p.id where o.date >= :start and o.date < :after",
    "river_visits": "select count(distinct o.id || '/' || p.river_id) from t_outing o join t_outfall_patrol p"
    " on p.outing_id = o.id and p.void = 0 where o.date >= :start and o.date < :after",
    "wo_received": f"select count(*) {ORDER} and not {RETURNED}",
    "wo_dup": f"select count(*) {ORDER} and not {RETURNED} and w.dup_of is not null",
    "wo_closed_of_received": f"select count(*) {ORDER} and not {RETURNED} and {CLOSED}",
    "wo_rate": f"select count(case when {CLOSED} then 1 end), count(*) {ORDER} and not {RETURNED}",
    "wo_due": f"select count(*) {IN_TIME}",
    "wo_ontime_rate": "select count(case when w.closed_at < :cut_after and coalesce(w.close_type, '') <> '阶段性办结'"
    f" and w.closed_at <= {DUE} then 1 end), count(*) {IN_TIME}",
    "wo_reopened": "select count(*) from t_work_order__reopen x join t_work_order w on w.id = x.rec and w.void = 0"
    " where x.date >= :start and x.date < :after",
    "rect_issued": "select count(*) from t_rectification where void = 0 and issued_at >= :start and issued_at < :after",
    "fixed_in_period": "select count(*) from t_rectification where void = 0 and verify_date >= :start"
    " and verify_date < :after and verify_result = '已整改'",
    "filed": "select count(*) from t_enforcement_case where void = 0 and filed_at >= :start and filed_at < :after",
    "penal": "select count(*) from t_enforcement_case where void = 0 and decided_at >= :start and decided_at < :after"
    " and decision = '处罚决定'",
    "fine": "select round(sum(fine_fen) / 1000000.0, 2) from t_enforcement_case where void = 0 and decided_at >= :start"
    " and decided_at < :after and decision = '处罚决定'",
    "clue_out": "select count(*) from t_enforcement_case where void = 0 and clue_at >= :start and clue_at < :after",
    "mobile_tested": "select sum(m.tested) from t_mobile_source_test m join t_outing o on o.id = m.outing_id"
    " where m.void = 0 and o.date >= :start and o.date < :after",
}
