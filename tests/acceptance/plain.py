"""The figures once more, as loops over what ``list --json`` prints: no SQL, nothing of envdesk.figures."""

from __future__ import annotations

from collections import Counter
from typing import Any

ENTERPRISE = {"工业企业", "涉VOCs企业", "加油站", "储油库", "用车大户", "餐饮单位", "汽修店", "产废单位", "放射源单位", "畜禽养殖",
              "散乱污场所"}  # fmt: skip
VISIT_FORMS = ("inspection", "vocs_check", "hazardous_waste_check", "site_dust_patrol", "assistance")
GONE = ("已关停取缔", "已搬迁", "完工/注销")
GOOD = ("满意", "基本满意")
TRUE = ("属实", "部分属实", "基本属实")
NEVER = "9999"


def day(value: str | None) -> str:
    """The day of a day or moment; an empty one lies after every other."""
    return value[:10] if value else NEVER


def share(part: int, whole: int) -> tuple[int, int]:
    return part, whole


class Plain:
    """Counts the records of one file for a period as of a cut-off."""

    def __init__(self, office: Any, start: str, end: str, cut: str) -> None:
        self.start, self.end, self.cut = start, min(end, cut), cut
        self.subjects = {r["id"]: r for r in office.rows("subject")}
        self.orders = office.rows("work_order")
        self.rects = {r["id"]: r for r in office.rows("rectification")}
        self.outings = office.rows("outing")
        apart = {r["id"] for r in office.rows("campaign") if r["separate"]}
        self.sheets = [
            s | {"form": form, "apart": s["campaign_id"] in apart, "subject": self.subjects[s["subject_id"]]}
            for form in VISIT_FORMS
            for s in office.rows(form)
        ]
        for s in self.sheets:
            firm = ENTERPRISE & set(s["subject"]["types"])
            s["insp"] = s["form"] != "assistance" and bool(firm) and s["result"] != "停业/无法进入"
        self.findings = [f | {"sheet": s, "fixed_on": self.fixed_on(f, s)} for s in self.sheets for f in s["findings"]]

    def inside(self, value: str | None) -> bool:
        return self.start <= day(value) <= self.end

    # ---- orders ------------------------------------------------------------------------------------------------
    @staticmethod
    def returned(o: dict[str, Any], at: str) -> bool:
        return bool(o["return_ok"]) and day(o["return_decided_at"] or o["return_at"]) <= at

    @staticmethod
    def first_closed(o: dict[str, Any], at: str) -> bool:
        return day(o["closed_at"]) <= at and o["close_type"] != "阶段性办结"

    def closed(self, o: dict[str, Any], at: str) -> bool:
        again = any(day(x["date"]) <= at < day(x["closed_at"]) for x in o["reopen"])
        return self.first_closed(o, at) and not again

    @staticmethod
    def due(o: dict[str, Any], at: str, base: str) -> str:
        granted = [
            x["new_due"] for x in o["extensions"] if x["approved"] and day(x["approved_at"] or x["applied_at"]) <= at
        ]
        return max(granted, default=day(o[base]))

    def order_figures(self) -> dict[str, Any]:
        cut, start = self.cut, self.start
        eve = f"{start}"
        alive = [o for o in self.orders if not self.returned(o, cut)]
        received = [o for o in alive if self.inside(o["received_at"])]
        closed = [o for o in received if self.closed(o, cut)]
        open_ = [o for o in received if not self.closed(o, cut)]
        late = [o for o in open_ if self.due(o, cut, "due_date") <= cut]
        originals = [o for o in received if not o["dup_of"]]
        due = [o for o in alive if self.inside(self.due(o, cut, "due_date"))]
        on_time = [o for o in due if self.first_closed(o, cut) and o["closed_at"] <= self.due(o, cut, "due_date")]
        before = [o for o in self.orders if day(o["received_at"]) < start]
        carried = [o for o in before if not self.returned(o, previous(eve)) and not self.closed(o, previous(eve))]
        done = [o for o in alive if self.closed(o, cut) and (
            self.inside(o["closed_at"]) or any(self.inside(x["closed_at"]) for x in o["reopen"]))]  # fmt: skip
        handled = {o["id"] for o in carried} | {o["id"] for o in received}
        left = [o for o in alive if day(o["received_at"]) <= self.end and not self.closed(o, cut)]
        overdue = [o for o in left if self.due(o, cut, "due_date") <= cut]
        reopened = [x for o in self.orders for x in o["reopen"] if self.inside(x["date"])]
        rated = [
            x for o in self.orders for x in o["revisit"] if self.inside(x["date"]) and x["result"] in (*GOOD, "不满意")
        ]
        judged = [o for o in received if o["verdict"] and day(o["closed_at"]) <= cut]
        gone = [o for o in self.orders if self.inside(o["received_at"]) and self.returned(o, cut)]
        back = [
            o for o in before if o not in carried and o in alive and any(self.inside(x["date"]) for x in o["reopen"])
        ]
        return {
            "wo_received": len(received), "wo_dup": len(received) - len(originals), "wo_returned": len(gone),
            "wo_closed_of_received": len(closed), "wo_open_of_received": len(open_), "wo_open_late": len(late),
            "wo_open_not_due": len(open_) - len(late), "wo_rate": share(len(closed), len(received)),
            "wo_rate_nodup": share(sum(self.closed(o, cut) for o in originals), len(originals)), "wo_due": len(due),
            "wo_ontime": len(on_time), "wo_ontime_rate": share(len(on_time), len(due)), "wo_carry_in": len(carried),
            "wo_throughput": len(done), "wo_handled": len(handled), "wo_carry_rate": share(len(done), len(handled)),
            "wo_open_end": len(left), "wo_overdue": len(overdue), "wo_reopened": len(reopened),
            "wo_reopened_in": len(back), "wo_revisited": len(rated),
            "wo_returned_carried": sum(self.inside(o["return_decided_at"] or o["return_at"]) for o in carried if o["return_ok"]),
            "wo_sat_rate": share(sum(x["result"] in GOOD for x in rated), len(rated)), "wo_judged": len(judged),
            "wo_true": sum(o["verdict"] in TRUE for o in judged),
            "wo_true_rate": share(sum(o["verdict"] in TRUE for o in judged), len(judged)),
        }  # fmt: skip

    # ---- rectifications ----------------------------------------------------------------------------------------
    @staticmethod
    def done_on(r: dict[str, Any]) -> str:
        return day(r["verify_date"]) if r["verify_result"] == "已整改" or r["next"] in ("移交", "立案") else NEVER

    def rect_figures(self) -> dict[str, Any]:
        cut, rects = self.cut, list(self.rects.values())
        issued = [r for r in rects if self.inside(r["issued_at"])]
        fixed = {r["id"] for r in rects if r["verify_result"] == "已整改" and day(r["verify_date"]) <= cut}
        due = [r for r in rects if self.inside(self.due(r, cut, "due"))]
        left = [r for r in rects if day(r["issued_at"]) <= self.end and self.done_on(r) > cut]
        return {
            "rect_issued": len(issued), "letters": sum(r["doc"] == "交办函" for r in issued),
            "fixed_in_period": sum(r["verify_result"] == "已整改" and self.inside(r["verify_date"]) for r in rects),
            "rect_done_of_issued": sum(r["id"] in fixed for r in issued),
            "rect_issued_rate": share(sum(r["id"] in fixed for r in issued), len(issued)), "rect_due": len(due),
            "rect_ontime_rate": share(
                sum(r["id"] in fixed and r["verify_date"] <= self.due(r, cut, "due") for r in due), len(due)
            ),
            "rect_carry_in": sum(day(r["issued_at"]) < self.start <= self.done_on(r) for r in rects),
            "rect_done": sum(self.inside(self.done_on(r)) for r in rects), "rect_open_end": len(left),
            "rect_overdue": sum(self.due(r, cut, "due") <= cut for r in left),
        }  # fmt: skip

    # ---- field work --------------------------------------------------------------------------------------------
    def fixed_on(self, finding: dict[str, Any], sheet: dict[str, Any]) -> str:
        if finding["fixed_at"]:
            return day(finding["fixed_at"])
        if finding["action"] == "现场督促立行立改":
            return day(sheet["visit_date"])
        rect = self.rects.get(finding["rect_id"])
        return day(rect["verify_date"]) if rect and rect["verify_result"] == "已整改" else NEVER

    def visit_figures(self) -> dict[str, Any]:
        all_ = [s for s in self.sheets if self.inside(s["visit_date"])]
        own = [s for s in all_ if not s["apart"]]
        insp = [s for s in own if s["insp"]]
        found = [f for f in self.findings if self.inside(f["sheet"]["visit_date"])]
        of_firms = [f for f in found if f["sheet"]["insp"] and not f["sheet"]["apart"]]
        with_prob = {f["sheet"]["subject_id"] for f in of_firms}
        unfixed = {f["sheet"]["subject_id"] for f in of_firms if f["fixed_on"] > self.cut}
        apart_only = {s["outing_id"] for s in all_} - {s["outing_id"] for s in own}
        out = [o for o in self.outings if self.inside(o["date"]) and o["id"] not in apart_only]
        crew = {o["id"]: len(o["people"]) + o["extra_people"] for o in self.outings}
        visits = {s["visit_id"]: s["outing_id"] for s in own}
        times = sum(crew[o["id"]] for o in out)
        return {
            "visit_cnt": len(visits), "insp_visits": len({s["visit_id"] for s in insp}),
            "insp_subjects": len({s["subject_id"] for s in insp}),
            "admin_insp": len({s["visit_id"] for s in insp if s["visit_kind"] == "行政检查"}),
            "patrol_visits": len({s["visit_id"] for s in insp if s["visit_kind"] == "日常巡查"}),
            "outing_cnt": sum(o["team_count"] for o in out), "person_times": times, "person_times_outing": times,
            "person_times_visit": sum(crew[o] for o in visits.values()),
            "vehicle_times": sum(o["vehicles"] or 0 for o in out), "prob_found": len(found),
            "risk_found": sum(f["nature"] == "环境风险隐患" for f in found),
            "supervised_fix": sum(f["action"] in ("现场督促立行立改", "限期整改") for f in found),
            "prob_fixed": sum(f["fixed_on"] <= self.cut for f in found),
            "rect_rate": share(sum(f["fixed_on"] <= self.cut for f in found), len(found)),
            "subj_with_prob": len(with_prob), "subj_fixed": len(with_prob - unfixed),
            "voc_visits": sum(s["form"] == "vocs_check" for s in all_),
            "hw_visits": sum(s["form"] == "hazardous_waste_check" for s in all_),
            "assist_visits": sum(s["form"] == "assistance" for s in all_),
            "assist_subjects": len({s["subject_id"] for s in all_ if s["form"] == "assistance"}),
            "site_visits": sum(s["form"] == "site_dust_patrol" for s in all_),
            "site_six_rate": share(
                sum(s["form"] == "site_dust_patrol" and s["all_six"] for s in all_),
                sum(s["form"] == "site_dust_patrol" for s in all_),
            ),
        }  # fmt: skip

    # ---- the register ------------------------------------------------------------------------------------------
    def status(self, s: dict[str, Any], at: str) -> tuple[str, str]:
        """Status at the end of a day and the day it began."""
        log = [(r["from"], r["status"]) for r in s["status_log"] if r["from"] <= at]
        since, word = max(log, key=lambda x: x[0], default=("", "在用/在产"))
        return word, since

    def register_figures(self) -> dict[str, Any]:
        vocs = [s for s in self.subjects.values() if "涉VOCs企业" in s["types"] and s["register_from"] <= self.end]
        reg, closed = [], []
        for s in vocs:
            word, since = self.status(s, self.end)
            left = min(day(s["register_to"]), since if word in GONE else NEVER)
            if word not in GONE and day(s["register_to"]) > self.end:
                reg.append(s["id"])
            if self.start <= left <= self.end:
                closed.append(s["id"])
        seen = {s["subject_id"] for s in self.sheets if s["form"] == "vocs_check" and self.inside(s["visit_date"])
                and s["result"] != "停业/无法进入"}  # fmt: skip
        covered = len(seen & set(reg))
        return {
            "voc_reg": len(reg), "voc_covered": covered, "voc_cov_rate": share(covered, len(reg)), "voc_closed": len(closed),
        }  # fmt: skip

    def figures(self) -> dict[str, Any]:
        """All figures: numbers, and (numerator, denominator) of rates."""
        return self.order_figures() | self.rect_figures() | self.visit_figures() | self.register_figures()

    # ---- splits ------------------------------------------------------------------------------------------------
    def splits(self) -> dict[tuple[str, str], Counter[str]]:
        """Some figures by a dimension."""
        received = [o for o in self.orders if self.inside(o["received_at"]) and not self.returned(o, self.cut)]
        insp = {(s["visit_id"], s["source"], s["subject"]["industry"], s["refs"].get("grid_id", "未划分"))
                for s in self.sheets if self.inside(s["visit_date"]) and s["insp"] and not s["apart"]}  # fmt: skip
        types: Counter[str] = Counter()
        for o in received:
            types.update({p.partition("-")[0] for p in o["pollution"]} or {"未填"})
        return {
            ("wo_received", "source"): Counter(o["source"] for o in received),
            ("wo_received", "kind"): Counter(o["kind"] or "未填" for o in received),
            ("wo_received", "grid"): Counter(o.get("refs", {}).get("grid_id", "未划分") for o in received),
            ("wo_by_type", "pollution"): types,
            ("insp_visits", "source"): Counter(x[1] for x in insp),
            ("insp_visits", "industry"): Counter(x[2] for x in insp),
            ("insp_visits", "grid"): Counter(x[3] for x in insp),
        }  # fmt: skip


def previous(at: str) -> str:
    """The day before."""
    from datetime import date, timedelta

    return (date.fromisoformat(at) - timedelta(days=1)).isoformat()
