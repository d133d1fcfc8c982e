"""An office of random records, entered through the command line; the same seed makes the same office."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from office import SIX, Office, firm, order, visit

FIRST, LAST = date(2023, 11, 1), date(2024, 7, 31)
FIRMS = [firm("鞋厂"), firm("皮具厂", industry="皮具", key_unit=True), firm("印刷厂", industry="印刷", grid_id="均禾"),
         firm("食品厂", types=["工业企业"], industry="食品", grid_id=None),
         firm("喷涂厂", industry="喷涂/汽修", register_from="2024-02-10", grid_id="均禾")]  # fmt: skip
SITES = [{"types": ["建设工地"], "name": n, "address": "均禾大道", "grid_id": "石马", "register_from": "2023-01-01"} for n in ("一号工地", "二号工地")]  # fmt: skip
PEOPLE = ["张三", "李四", "王五", "赵六"]
SHEETS = {"inspection": {}, "vocs_check": {}, "hazardous_waste_check": {}, "assistance": {"way": "现场指导"}}
NATURE = ["一般问题", "环境风险隐患", "涉嫌违法"]
ACTION = ["现场督促立行立改", "限期整改", "移交其他部门", "限期整改"]


class RandomOffice:
    """Plans records first (:attr:`plan`), so that an office without some of them can be made as well."""

    def __init__(self, seed: int) -> None:
        self.rnd = Random(seed)
        self.sheets = [self.sheet(n) for n in range(self.rnd.randint(4, 22))]
        self.orders = [self.order(n) for n in range(self.rnd.randint(2, 18))]
        for n, o in enumerate(self.orders):
            if n > 2 and self.rnd.random() < 0.2:
                o["dup_of"] = "n0"
        self.rects = [self.rect(n) for n in range(self.rnd.randint(0, 8))]
        self.statuses = [self.status() for _ in range(self.rnd.randint(0, 4))]
        #: what is voided later; order n0 may be the master of duplicates
        self.void_sheets = {n for n in range(len(self.sheets)) if self.rnd.random() < 0.25}
        self.void_orders = {n for n in range(1, len(self.orders)) if self.rnd.random() < 0.25}
        self.void_rects = {n for n in range(len(self.rects)) if self.rnd.random() < 0.25}

    # ---- planning ----------------------------------------------------------------------------------------------
    def day(self, first: date = FIRST, last: date = LAST) -> str:
        return (first + timedelta(days=self.rnd.randint(0, max(0, (last - first).days)))).isoformat()

    def after(self, start: str, most: int = 40) -> str:
        return (date.fromisoformat(start[:10]) + timedelta(days=self.rnd.randint(0, most))).isoformat()

    def maybe(self, chance: float) -> bool:
        return self.rnd.random() < chance

    def sheet(self, n: int) -> tuple[str, dict[str, Any]]:
        """A sheet; what its visit and outing share follows from their keys, so joining never differs."""
        rnd = self.rnd
        when = rnd.choice(["2024-03-31", "2024-04-01", "2024-06-30", self.day(), self.day()])
        crew = sorted(rnd.sample(PEOPLE, rnd.randint(1, 3)))
        extra = rnd.choice([0, 0, 2])
        session = rnd.choice(["上午", "夜间"])
        site = self.maybe(0.25)
        subject = rnd.choice(SITES if site else FIRMS)["name"]
        form = "site_dust_patrol" if site else rnd.choice(list(SHEETS))
        same = Random(f"{when}{session}{crew}{extra}")
        header = {"team_count": same.choice([1, 1, 2]), "vehicles": same.choice([None, 1, 2])}
        stop = Random(f"{when}{session}{crew}{extra}{subject}")
        header |= {"source": stop.choice(["日常检查", "双随机", "投诉举报"]),
                   "campaign_id": stop.choice([None, None, "百日攻坚", "汛期"]),
                   "visit_kind": stop.choice(["行政检查", "日常巡查"])}  # fmt: skip
        more: dict[str, Any] = dict(SIX, six_1=rnd.choice(["达标", "不达标", "不涉及"])) if site else dict(SHEETS[form])
        findings = [
            {"desc": f"问题{n}-{k}", "nature": rnd.choice(NATURE), "action": rnd.choice(ACTION)}
            for k in range(rnd.choice([0, 0, 1, 2]))
        ]
        for f in findings:
            if f["action"] == "移交其他部门" and self.maybe(0.5):
                f["fixed_at"] = self.after(when)
        if findings:
            more["findings"] = findings
        elif self.maybe(0.15):
            more["result"] = "停业/无法进入"
        return form, visit(subject, when, crew, session=session, extra_people=extra, **header) | more

    def order(self, n: int) -> dict[str, Any]:
        rnd = self.rnd
        received = self.day()
        out = order(f"n{n}", received + rnd.choice(["", "T23:59"]), source=rnd.choice(["12345", "12369", "来信"]),
                    kind=rnd.choice(["投诉", "咨询"]), warnings="accept", due_date=self.after(received),
                    pollution=rnd.sample(["大气-油烟", "大气-扬尘", "噪声-工业", "水"], rnd.randint(1, 3)),
                    respondent_id=rnd.choice([None, "鞋厂", "印刷厂"]))  # fmt: skip
        if self.maybe(0.3):
            applied = self.after(received, 20)
            granted = rnd.choice([{}, {"approved": True}, {"approved_at": self.after(applied, 5)}, {"approved": False}])
            later = (date.fromisoformat(out["due_date"]) + timedelta(days=rnd.randint(1, 30))).isoformat()
            out["extensions"] = [{"applied_at": applied, "reason": "监测", "new_due": later} | granted]
        if self.maybe(0.2):
            asked = self.after(received, 10)
            out |= {"return_at": asked, "return_reason": "不属本街", "return_ok": rnd.choice([True, True, False])}
            out["return_decided_at"] = rnd.choice([None, self.after(asked, 20)])
        elif self.maybe(0.75):
            closed = self.after(received)
            out |= {"closed_at": closed, "verdict": rnd.choice(["属实", "部分属实", "不属实"]), "measures": "已处理",
                    "close_type": rnd.choice(["办结", "办结", "阶段性办结", "撤诉"])}  # fmt: skip
            if self.maybe(0.4):
                out["revisit"] = [{"date": self.after(closed), "result": rnd.choice(["满意", "基本满意", "不满意", "未接通"])}
                                  for _ in range(rnd.randint(1, 2))]  # fmt: skip
            if self.maybe(0.35) and out["close_type"] != "阶段性办结":
                again = self.after(closed)
                out["reopen"] = [{"date": again, "reason": "复发", "closed_at": rnd.choice([None, self.after(again)])}]
        return out

    def rect(self, n: int) -> dict[str, Any]:
        issued = self.day()
        out = {"subject_id": self.rnd.choice(FIRMS)["name"], "problem": f"交办{n}", "issued_at": issued, "warnings": "accept",
               "origin": self.rnd.choice(["检查", "市级指令", "区级指令"]), "doc": self.rnd.choice([None, "口头", "交办函"])}  # fmt: skip
        if self.maybe(0.3):
            applied = self.after(issued, 14)
            later = (date.fromisoformat(issued) + timedelta(days=self.rnd.randint(16, 50))).isoformat()
            out["extensions"] = [
                {"applied_at": applied, "reason": "采购", "approved": self.maybe(0.7), "new_due": later}
            ]
        return out | self.verified(issued)

    def verified(self, issued: str) -> dict[str, Any]:
        if self.maybe(0.35):
            return {}
        return {"verify_date": self.after(issued), "verify_result": self.rnd.choice(["已整改", "已整改", "部分整改", "未整改"]),
                "next": self.rnd.choice([None, None, "移交"])}  # fmt: skip

    def status(self) -> tuple[str, dict[str, Any]]:
        word = self.rnd.choice(["停产/停工", "已关停取缔", "在用/在产", "已搬迁"])
        change: dict[str, Any] = {"status": word, "status_from": self.day(date(2024, 2, 11))}
        if self.maybe(0.2):
            change["register_to"] = self.day(date(2024, 2, 11))
        return self.rnd.choice(FIRMS)["name"], change

    # ---- entering ----------------------------------------------------------------------------------------------
    def enter(self, office: Office, *, without: bool = False) -> Office:
        """Enter all records and void some; *without* leaves those out from the start."""
        office.add("grid", {"name": "均禾", "kind": "联社"})
        office.add("campaign", [{"name": "百日攻坚", "separate": True}, {"name": "汛期"}])
        office.add("subject", FIRMS + SITES)
        for name, change in self.statuses:
            office.edit("subject", name, **change)
        orders = [o for n, o in enumerate(self.orders) if not (without and n in self.void_orders)]
        office.add("work_order", orders)
        voided = []
        for form in (*SHEETS, "site_dust_patrol"):
            here = [
                (n, s) for n, (f, s) in enumerate(self.sheets) if f == form and not (without and n in self.void_sheets)
            ]
            if not here:
                continue
            ids = office.add(form, [s for _n, s in here])
            voided += [(form, i) for (n, _s), i in zip(here, ids, strict=True) if n in self.void_sheets]
        rnd = Random(7)
        spawned = {r["problem"]: r for r in office.rows("rectification")}
        for text in sorted(spawned):
            made = Random(text).random()
            if made < 0.6:
                row = spawned[text]
                later = (date.fromisoformat(row["issued_at"]) + timedelta(days=int(made * 60))).isoformat()
                office.edit(
                    "rectification", row["id"], verify_date=later, verify_result="已整改" if made < 0.45 else "未整改"
                )
        voided += [
            ("rectification", r["id"])
            for r in spawned.values()
            if ("x", r["origin_id"]) in {("x", i) for _f, i in voided}
        ]
        rects = [(n, r) for n, r in enumerate(self.rects) if not (without and n in self.void_rects)]
        if rects:
            ids = office.add("rectification", [r for _n, r in rects])
            voided += [("rectification", i) for (n, _r), i in zip(rects, ids, strict=True) if n in self.void_rects]
        if not without:
            voided += [("work_order", f"n{n}") for n in sorted(self.void_orders)]
        rnd.shuffle(voided)
        for form, rec in voided:
            office.void(form, rec)
        return office
