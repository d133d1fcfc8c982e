"""What follows a finding: a notice with a time limit, verified early, late or not yet; a lead handed over; a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from envdesk.desk.demo_data.days import add_workdays, moment, next_workday
from envdesk.desk.demo_data.findings import CASE, CLUE, DONE, FAULTS, LIMIT, ON_SPOT, OTHER, Fault
from envdesk.desk.demo_data.trades import CONTRACTORS
from envdesk.desk.demo_data.world import Obj, Subject, World

#: Causes of cases the street may still decide itself, with the range of fines in yuan.
CAUSES = [
    ("餐饮服务业经营者未安装油烟净化设施或未正常使用", "餐饮油烟", (5000, 20000)),
    ("在人口集中地区露天焚烧产生有毒有害烟尘和恶臭气体的物质", "露天焚烧", (500, 2000)),
    ("未采取有效措施防治施工扬尘污染", "施工扬尘", (10000, 50000)),
    ("夜间进行产生环境噪声污染的建筑施工作业", "施工噪声", (10000, 30000)),
]
POWERS = [
    {"code": "P01", "name": "餐饮油烟", "basis": "大气污染防治法第一百一十八条"},
    {"code": "P02", "name": "露天焚烧", "basis": "大气污染防治法第一百一十九条"},
    {"code": "P03", "name": "施工扬尘", "basis": "大气污染防治法第一百一十五条"},
    {"code": "P04", "name": "施工噪声", "basis": "噪声污染防治法第七十七条"},
    {"code": "P05", "name": "挥发性有机物未密闭作业", "basis": "大气污染防治法第一百零八条", "to": "2024-07-31"},
    {"code": "P06", "name": "未批先建", "basis": "环境影响评价法第三十一条", "to": "2024-07-31"},
]


@dataclass(slots=True)
class Recheck:
    """A visit to make because something had to be put right."""

    subject: Subject
    form: str


class Follow:
    """Makes rectifications and cases."""

    def __init__(self, world: World) -> None:
        """Prepare for an office."""
        self.world = world
        self.rng: Random = world.rng("follow")
        self.rechecks: dict[date, list[Recheck]] = {}

    def row(self, fault: Fault, subject: Subject, day: date, form: str, origin: str) -> Obj:
        """A finding's row, with everything that follows from it."""
        rng = self.rng
        action = fault.action(rng)
        desc = rng.choice(fault.texts)
        row: Obj = {"item": fault.label, "desc": desc, "nature": fault.nature, "action": action}
        if action == LIMIT:
            due = day + timedelta(days=rng.choice([3, 7, 7, 15, 15, 30]))
            number = self.rectify(subject, f"{fault.label}：{desc}", day, due, origin, form)
            row["due"] = due.isoformat()
            if number:
                row["rect_id"] = number
        elif action == CASE:
            row["case_id"] = self.case(subject, day)
        elif action in (CLUE, OTHER):
            fixed = day + timedelta(days=rng.randrange(12, 60))
            if rng.random() < 0.7 and fixed <= self.world.until:
                row["fixed_at"] = fixed.isoformat()
        elif action != ON_SPOT:
            raise AssertionError(action)
        return row

    # ---- rectifications -----------------------------------------------------------------------------------------
    def rectify(
        self, subject: Subject, problem: str, day: date, due: date, origin: str, form: str = "", doc: str = ""
    ) -> str | None:
        """Issue a rectification. Returns its number; None = the ledger makes it itself from the finding."""
        rng, world = self.rng, self.world
        if form and (world.until - day).days < 12 and rng.random() < 0.6:
            return None
        doc = doc or self.document(origin)
        word = {"交办函": "环函", "整改通知书": "改通", "责令改正决定书": "责改", "督办单": "督办"}.get(doc, "环改")
        number = world.paper(word, day.year)
        values: Obj = {
            "origin": origin, "subject_id": subject.ref, "problem": problem, "doc": doc, "doc_no": number,
            "issued_at": day.isoformat(), "due": due.isoformat(),
        }  # fmt: skip
        if "建设工地" in subject.kinds:
            values["to_unit"] = subject.facts.get("contractor", CONTRACTORS[0])
        last = self.verify(values, subject, day, due, form)
        world.add("rectification", datetime.combine(day, datetime.min.time()) + timedelta(hours=16), values, last=last)
        return number

    def document(self, origin: str) -> str:
        """Which paper it is written on."""
        if origin == "工地":
            return self.rng.choices(["交办函", "整改通知书"], [7, 3])[0]
        if origin in ("市级指令", "区级指令"):
            return "督办单"
        return self.rng.choices(["环境整改告知书", "整改通知书", "责令改正决定书"], [60, 33, 7])[0]

    def verify(self, values: Obj, subject: Subject, day: date, due: date, form: str) -> date | None:
        """Reported, extended, verified: most before the time limit, some late, a few not for long."""
        rng, world = self.rng, self.world
        fate = rng.random()
        if fate < 0.76:
            when = day + timedelta(days=max(1, int((due - day).days * rng.uniform(0.5, 1.0))))
        elif fate < 0.93:
            when = due + timedelta(days=rng.randrange(1, 12))
        elif fate < 0.975:
            when = due + timedelta(days=rng.randrange(15, 70))
        elif (world.until - day).days > 170:
            when = due + timedelta(days=rng.randrange(70, 140))
        else:
            return None
        last: date | None = None
        if fate > 0.85 and (due - day).days >= 15 and rng.random() < 0.5:
            applied = due - timedelta(days=rng.randrange(1, 4))
            new = due + timedelta(days=15)
            if applied <= world.until:
                values["extensions"] = [
                    {
                        "applied_at": applied.isoformat(),
                        "reason": "设备采购安装需时",
                        "approved": "是",
                        "new_due": new.isoformat(),
                    }
                ]
                when, last = new - timedelta(days=rng.randrange(0, 5)), applied
        when = next_workday(when)
        told = next_workday(when - timedelta(days=rng.randrange(1, 4)))
        if day <= told <= world.until and told <= when and rng.random() < 0.75:
            values["reported_done_at"] = told.isoformat()
            last = max(told, last or told)
        if when > world.until:
            return last
        values["verify_date"] = when.isoformat()
        values["verify_people"] = world.staff.officers(rng, when)
        bad = rng.random() < 0.03 and (world.until - when).days < 90
        values["verify_result"] = "部分整改" if bad else "已整改"
        values["next"] = "延期" if bad else "销号"
        if not bad:
            values["remark"] = next(text for word, text in DONE.items() if word in values["problem"])
            if form in FAULTS and rng.random() < 0.3 and subject.alive(when):
                self.rechecks.setdefault(when, []).append(Recheck(subject, form))
        return when

    # ---- cases --------------------------------------------------------------------------------------------------
    def case(self, subject: Subject | None, day: date, cause: int | None = None) -> str:
        """A case of the office's own, from filing to closing. Returns its number."""
        rng, world = self.rng, self.world
        text, power, (low, high) = CAUSES[cause if cause is not None else self.fitting(subject)]
        filed = add_workdays(day, rng.randrange(2, 8))
        number = world.paper("环立", min(filed, world.until).year)
        values: Obj = {"case_no": number, "cause": text, "power_item": power}
        values |= {"subject_id": subject.ref} if subject else {"party": f"{rng.choice('张李王何')}某（个人）"}
        last = day
        if filed <= world.until:
            values |= {"filed_at": filed.isoformat(), "officers": world.staff.officers(rng, filed)}
            last = self.decide(values, filed, low, high)
        else:
            values["remark"] = "拟立案，材料整理中"
        world.add(
            "enforcement_case", datetime.combine(day, datetime.min.time()) + timedelta(hours=17), values, last=last
        )
        return number

    def fitting(self, subject: Subject | None) -> int:
        """A cause that fits the firm."""
        if subject is None:
            return 1
        if "建设工地" in subject.kinds:
            return self.rng.choice([2, 3])
        return 0 if subject.industry == "餐饮" else 1

    def decide(self, values: Obj, filed: date, low: int, high: int) -> date:
        """Notice, decision, service, payment, closing."""
        rng, until = self.rng, self.world.until
        noticed = add_workdays(filed, rng.randrange(12, 28))
        decided = add_workdays(noticed, rng.randrange(6, 16))
        if noticed > until:
            return filed
        values["notice_at"] = noticed.isoformat()
        if decided > until:
            return noticed
        values["decided_at"] = decided.isoformat()
        mild = rng.random() < 0.3
        values["decision"] = "不予处罚决定" if mild else "处罚决定"
        values["decision_no"] = self.world.paper("环不罚" if mild else "环罚", decided.year)
        if mild:
            values["no_penal_basis"] = rng.choice(["轻微未造成危害", "初次轻微及时改正"])
        else:
            values["fine_fen"] = rng.randrange(low, high + 1, 500) * 100
        served = add_workdays(decided, rng.randrange(1, 6))
        if served > until:
            return decided
        values["served_at"] = served.isoformat()
        paid = add_workdays(served, rng.randrange(2, 10))
        if paid > until:
            return served
        if not mild:
            if rng.random() < 0.3 and (until - served).days < 60:
                return served
            values |= {"paid_fen": values["fine_fen"], "paid_at": paid.isoformat()}
        values["closed_at"] = paid.isoformat()
        return paid


def orders_from_above(world: World, follow: Follow) -> None:
    """Directives of city and district, leads of the sniffer car, hotline and inspection problems set by hand."""
    rng = world.rng("directives")
    problems = {
        "市级指令": ["市级走航发现该路段VOCs浓度高值，要求排查整治", "市级巡查发现工地裸土未覆盖"],
        "区级指令": ["区级督导发现治理设施运行不规范", "区环委办交办异味扰民问题"],
        "AI/走航": ["走航监测车发现厂区下风向VOCs浓度异常", "AI视频抓拍车辆带泥上路"],
        "12345": ["群众多次投诉异味扰民，要求加装废气收集设施", "群众反映油烟扰民，要求清洗净化器并整改烟道"],
        "督察": ["省督察信访件反映的异味问题，要求持续整改"],
    }
    for day in world.days():
        if day.weekday() > 4 or not world.steady(rng, "directives", 0.13, day):
            continue
        origin = rng.choices(list(problems), [30, 22, 16, 26, 6])[0]
        problem = rng.choice(problems[origin])
        kind = (
            "建设工地" if "工地" in problem or "带泥" in problem else "餐饮单位" if "油烟" in problem else "涉VOCs企业"
        )
        pool = world.of_kind(kind, day)
        if pool:
            follow.rectify(rng.choice(pool), problem, day, day + timedelta(days=rng.choice([7, 15])), origin)


def street_cases(world: World, follow: Follow) -> None:
    """Cases that did not begin with a visit: open fires, night work."""
    rng = world.rng("cases")
    for day in world.days():
        if day.weekday() < 5 and world.steady(rng, "cases", 0.03, day):
            cause = rng.choices([0, 1, 2, 3], [4, 2, 3, 3])[0]
            pool = world.of_kind("餐饮单位" if cause == 0 else "建设工地", day)
            follow.case(rng.choice(pool) if pool and cause != 1 else None, moment(day, rng).date(), cause)
