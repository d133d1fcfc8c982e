"""Hotline orders and letters: seasonal, signed, checked, closed mostly in time, some doubled, returned, reopened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from envdesk.desk.demo_data import names, order_texts, places
from envdesk.desk.demo_data.days import (
    add_workdays,
    back_workdays,
    is_workday,
    iso,
    moment,
    next_workday,
    previous_workday,
    spring_festival,
)
from envdesk.desk.demo_data.order_texts import TOPICS, Topic
from envdesk.desk.demo_data.subjects import choose
from envdesk.desk.demo_data.world import Obj, Subject, World

#: Source → share of all orders.
SOURCES = {
    "12345": 0.775,
    "12369": 0.03,
    "网上信访/留言": 0.04,
    "来访": 0.02,
    "来信": 0.01,
    "市区转办": 0.045,
    "微信小程序": 0.045,
    "AI/走航线索": 0.015,
    "领导批示": 0.01,
    "督察交办": 0.01,
}
#: How the office numbers what comes without a number.
LETTERS = {
    "来信": "信", "来访": "访", "市区转办": "转", "微信小程序": "微",
    "AI/走航线索": "AI", "领导批示": "批", "督察交办": "督",
}  # fmt: skip
PETITIONS = frozenset({"来信", "来访", "网上信访/留言"})
#: Orders per week over the year, January first: windows open in summer, quiet in winter.
MONTHLY = (8.5, 7.5, 9.5, 10.5, 11.5, 12.5, 13.5, 13.5, 12.5, 11.5, 11, 9.5)
#: Subject type that holds firms of a topic whose "industry" is a type.
TYPES = frozenset({"建设工地", "加油站"})
#: Topics that may be closed for the time being, while the sewers are rebuilt.
DRAINS = frozenset({"river", "sewage"})


@dataclass(slots=True)
class Call:
    """An order that somebody has to look at on site."""

    ref: str
    topic: Topic
    subject: Subject
    received: datetime
    check: date
    night: bool


@dataclass(slots=True)
class Past:
    """An order of the last weeks: a later call about the same place may double it."""

    ref: str
    topic: Topic
    subject: Subject | None
    where: str
    received: datetime
    told: Told
    due: date
    closed: date | None


@dataclass(frozen=True, slots=True)
class Told:
    """The words of an order: content, place, who is meant, and which of the topic's texts it is."""

    content: str
    where: str
    name: str
    n: int


class Orders:
    """Makes the orders."""

    def __init__(self, world: World) -> None:
        """Prepare for an office."""
        self.world = world
        self.rng: Random = world.rng("orders")
        self.calls: list[Call] = []
        self.recent: list[Past] = []
        self.told: dict[str, int] = {}

    def run(self) -> list[Call]:
        """Make all orders; returns those that want a visit."""
        world, rng = self.world, self.rng
        for day in world.days():
            weight = MONTHLY[day.month - 1] / 7 * (1.12 if is_workday(day) else 0.7)
            rate = weight * world.load * (0.35 if spring_festival(day) else 1)
            n = int(rate) + (rng.random() < rate % 1)
            moments = sorted(self.time_of(day) for _ in range(n))
            for at in moments:
                self.order(at)
        return self.calls

    def time_of(self, day: date) -> datetime:
        """When the order comes in: mostly in office hours, summer complaints at night."""
        rng = self.rng
        hour = rng.choices(
            [rng.randrange(8, 12), rng.randrange(12, 18), rng.randrange(18, 24), rng.randrange(0, 8)], [40, 40, 17, 3]
        )[0]
        return datetime(day.year, day.month, day.day, hour, rng.randrange(60))

    # ---- who and what -------------------------------------------------------------------------------------------
    def topic(self, at: datetime) -> Topic:
        """What it is about, by season and hour."""
        season = {12: 0, 1: 0, 2: 0, 3: 1, 4: 1, 5: 1, 6: 2, 7: 2, 8: 2, 9: 2}.get(at.month, 3)
        dark = at.hour >= 19 or at.hour < 6
        weights = [t.seasons[season] * (0.4 + 2 * t.night if dark else 1) for t in TOPICS]
        return self.rng.choices(TOPICS, weights)[0]

    def respondent(self, topic: Topic, day: date) -> Subject | None:
        """The firm it is about, when it is in the register."""
        pool: list[Subject] = []
        for word in topic.industries:
            pool += [
                s
                for s in self.world.subjects
                if s.alive(day) and s.hot and (word in s.kinds if word in TYPES else s.industry == word)
            ]
        return choose(self.rng, pool) if pool and self.rng.random() < 0.72 else None

    def source(self, topic: Topic) -> str:
        """Where it came in."""
        source = self.rng.choices(list(SOURCES), list(SOURCES.values()))[0]
        return (
            "12345" if topic.kind in ("咨询", "建议") and source in ("督察交办", "AI/走航线索", "领导批示") else source
        )

    def number(self, source: str, at: datetime) -> str | None:
        """The number the sending platform gave it; None where we number ourselves."""
        n = self.world.next_number(f"order{source}{at.date() if source == '12345' else at.year}")
        if source == "12345":
            return f"YL{at:%y%m%d}{n * 37 + at.hour * 1000 + 10000 + at.minute * 10:05d}{n:02d}"
        if source == "12369":
            return f"12369-{at.year}-{440199000000 + n:012d}"
        if source == "网上信访/留言":
            return f"WX{at:%Y%m}{n:05d}"
        return f"{LETTERS[source]}〔{at.year}〕{n}号"

    def text(self, topic: Topic, subject: Subject | None, area: str, *, dark: bool) -> Told:
        """What is told, where it is, and who is meant."""
        rng = self.rng
        road = rng.choice(places.ROADS[area])
        name = subject.name if subject else rng.choice(topic.unknown)
        when = rng.choice(order_texts.NIGHT if dark or rng.random() < topic.night else order_texts.BY_DAY)
        n = rng.randrange(len(topic.contents))
        content = topic.contents[n].format(
            since=rng.choice(order_texts.SINCE),
            time=when,
            place=places.home(rng, area),
            road=road,
            name=name,
            river=rng.choice(places.RIVERS),
        )
        return Told(content, subject.address if subject else f"云溪区清禾街道{road}附近", name, n)

    # ---- one order ----------------------------------------------------------------------------------------------
    def order(self, at: datetime) -> None:
        """One order with everything that happened to it until the last day."""
        rng, world = self.rng, self.world
        older = [p for p in self.recent if (at - p.received).days <= 9 and p.received < at]
        self.recent = older
        twin = rng.choice(older) if older and rng.random() < 0.05 else None
        topic = twin.topic if twin else self.topic(at)
        subject = twin.subject if twin else self.respondent(topic, at.date())
        area = subject.area if subject else rng.choice([*places.UNIONS, *places.UNIONS, *places.COMMUNITIES])
        told = self.text(topic, subject, area, dark=at.hour >= 19 or at.hour < 6)
        source = self.source(topic)
        values: Obj = {
            "source": source,
            "order_no": self.number(source, at),
            "received_at": iso(at),
            "content": told.content,
        }
        values |= {
            "kind": topic.kind,
            "pollution": self.pollution(topic),
            "location": twin.where if twin else told.where,
        }
        values |= self.who(topic, subject, area, told)
        due = self.due(values, source, topic, at)
        past = Past(values["order_no"], topic, subject, values["location"], at, told, due, None)
        if twin:
            values |= {"dup_of": twin.ref, "content": twin.told.content + order_texts.DUPLICATE}
        if subject:
            self.told[subject.ref] = self.told.get(subject.ref, 0) + 1
            if self.told[subject.ref] > 1:
                values["repeat_no"] = self.told[subject.ref]
        last = self.sign(values, source, at)
        if not twin and ((topic.id == "other_duty" and rng.random() < 0.75) or rng.random() < 0.012):
            last = self.send_back(values, at) or last
        if "return_ok" not in values and "return_at" not in values:
            last = self.handle(values, past, at, twin) or last
        said = [str(values[key])[:10] for key in ("signed_at", "accepted_at") if key in values]
        last = max([last, *map(date.fromisoformat, said)])
        world.add("work_order", at, values, last=last)
        self.recent.append(past)

    def pollution(self, topic: Topic) -> list[str]:
        """Types of pollution; some orders name two."""
        extra = {
            "kitchen": "噪声-社会生活",
            "night_site": "大气-扬尘",
            "shoe": "大气-工业废气",
            "machine": "大气-恶臭异味",
        }.get(topic.id)
        return [*topic.pollution, extra] if extra and self.rng.random() < 0.14 else list(topic.pollution)

    def who(self, topic: Topic, subject: Subject | None, area: str, told: Told) -> Obj:
        """Respondent, complainant and grid."""
        rng = self.rng
        out: Obj = {}
        if subject:
            out["respondent_id"] = subject.ref
        else:
            out["grid_id"] = area
            if topic.industries and rng.random() < 0.5:
                out["respondent_text"] = told.name
        if rng.random() < 0.22:
            out["anonymous"] = "是"
        else:
            out |= {"complainant": names.caller(rng), "phone": names.mobile(rng)}
        if rng.random() < 0.18:
            out["confidential"] = "是"
        return out

    def due(self, values: Obj, source: str, topic: Topic, at: datetime) -> date:
        """The time limit: by the default rule, or stated by the order itself."""
        day = at.date()
        if self.rng.random() < 0.06 and source in ("12345", "市区转办", "督察交办", "领导批示"):
            due = add_workdays(day, self.rng.choice([1, 3, 5, 7]))
            values["due_date"] = due.isoformat()
            return due
        if source in PETITIONS:
            accepted = min(add_workdays(day, self.rng.randrange(1, 6)), self.world.until)
            values["accepted_at"] = accepted.isoformat()
            return accepted + timedelta(days=60)
        if source == "12369":
            return day + timedelta(days=7)
        terms = {"咨询": 2, "求助": 5} if source == "12345" else {}
        return add_workdays(previous_workday(day), terms.get(topic.kind, 10))

    def sign(self, values: Obj, source: str, at: datetime) -> date:
        """Signing: the same working day, or the next morning; seldom late."""
        rng = self.rng
        if source in ("来访", "来信"):
            signed = at + timedelta(minutes=20)
        elif is_workday(at.date()) and 8 <= at.hour < 17:
            signed = at + timedelta(minutes=rng.randrange(8, 150))
        else:
            day = next_workday(at.date() if at.hour < 8 else at.date() + timedelta(days=1))
            signed = moment(day, rng, 8, 11)
        if rng.random() < 0.03:
            signed = moment(add_workdays(signed.date(), 2), rng, 9, 16)
        if signed.date() > self.world.until:
            return at.date()
        values["signed_at"] = iso(signed)
        return signed.date()

    def send_back(self, values: Obj, at: datetime) -> date | None:
        """Ask to give the order back; mostly accepted."""
        rng, until = self.rng, self.world.until
        asked = add_workdays(max(at.date(), date.fromisoformat(values.get("signed_at", iso(at))[:10])), 1)
        if asked > until:
            return None
        values |= {"return_at": asked.isoformat(), "return_reason": rng.choice(order_texts.RETURNS)}
        decided = add_workdays(asked, rng.randrange(1, 3))
        if decided > until:
            return asked
        values["return_decided_at"] = decided.isoformat()
        if rng.random() < 0.85:
            values["return_ok"] = "是"
            return decided
        values |= {"return_ok": "否", "handler": self.world.staff.clerk(rng, decided)}
        closed = add_workdays(decided, 3)
        if closed <= until:
            return self.close(values, TOPICS[-1], closed, 0)
        return decided

    # ---- handling -----------------------------------------------------------------------------------------------
    def handle(self, values: Obj, past: Past, at: datetime, twin: Past | None) -> date | None:
        """Visit, extension, closing, revisit, reopening."""
        rng, world = self.rng, self.world
        values["handler"] = world.staff.clerk(rng, at.date())
        topic, due = past.topic, past.due
        if not twin:
            self.visit(past, at)
        if twin:
            closed = max(twin.closed or at.date(), add_workdays(at.date(), rng.randrange(1, 3)))
        elif rng.random() < 0.028:
            closed = add_workdays(due, rng.randrange(1, 7))  # overdue
        elif (due - at.date()).days > 30:
            closed = next_workday(at.date() + timedelta(days=rng.randrange(12, 50)))
        else:
            closed = back_workdays(due, rng.choices([0, 1, 2, 3, 4, 5, 6], [5, 20, 25, 20, 14, 10, 6])[0])
            if rng.random() < 0.035 and closed > add_workdays(at.date(), 2):
                closed = self.extend(values, due, at) or closed
        closed = max(closed, next_workday(at.date()))
        begun = max(str(values.get("signed_at", ""))[:10], str(values.get("accepted_at", "")), at.date().isoformat())
        closed = max(closed, date.fromisoformat(begun))
        past.closed = closed
        if closed > world.until:
            return max(date.fromisoformat(begun), self.extended(values) or at.date())
        # it stays open in every figure: a drain takes a season to rebuild, no order stays half closed for years
        if topic.id in DRAINS and rng.random() < 0.06 and (world.until - closed).days < 90:
            values |= {"closed_at": closed.isoformat(), "close_type": "阶段性办结", "verdict": "属实"}
            values["measures"] = "涉及排水单元改造，已制定计划分步实施，先行阶段性办结，后续持续跟进。"
            return closed
        if twin:
            values |= {"verdict": "属实", "measures": order_texts.MERGED, "close_type": "合并办结"}
            return self.finish(values, closed)
        return self.close(values, topic, closed, past.told.n)

    def visit(self, past: Past, at: datetime) -> None:
        """Somebody goes there in the next days, where there is a firm to go to."""
        rng = self.rng
        if past.subject is None or past.topic.kind in ("咨询", "建议") or rng.random() < 0.38:
            return
        late = add_workdays(at.date(), rng.choices([0, 1, 2, 3, 4], [8, 34, 30, 18, 10])[0])
        day = next_workday(min(late, past.due))
        if day <= self.world.until:
            night = rng.random() < past.topic.night * 0.8
            self.calls.append(Call(past.ref, past.topic, past.subject, at, day, night))

    def extend(self, values: Obj, due: date, at: datetime) -> date | None:
        """An extension asked for in time; returns the new closing day."""
        rng = self.rng
        applied = back_workdays(due, rng.randrange(1, 3))
        if applied <= at.date() or applied > self.world.until:
            return None
        new = add_workdays(due, rng.choice([5, 7, 10]))
        row = {
            "applied_at": applied.isoformat(),
            "reason": rng.choice(order_texts.EXTENSIONS),
            "new_due": new.isoformat(),
        }
        if rng.random() < 0.93:
            row |= {"approved": "是", "approved_at": applied.isoformat()}
        else:
            row["approved"] = "否"
            new = due
        values["extensions"] = [row]
        return back_workdays(new, rng.randrange(0, 4))

    @staticmethod
    def extended(values: Obj) -> date | None:
        """Day of the extension, for an order still open."""
        rows = values.get("extensions")
        return date.fromisoformat(rows[0]["applied_at"]) if rows else None

    def close(self, values: Obj, topic: Topic, closed: date, n: int) -> date:
        """Close with verdict and measures."""
        rng = self.rng
        last = len(topic.measures) - 1
        if topic.kind in ("咨询", "建议", "求助"):
            values |= {"verdict": "属实", "measures": topic.measures[min(n, last)]}
        else:
            untrue = rng.random() < 0.2
            words = ["属实", "基本属实", "部分属实", "无法核实"]
            values["verdict"] = "不属实" if untrue else rng.choices(words, [45, 18, 30, 4])[0]
            fitting = min(n, max(0, last - 1)) if rng.random() < 0.75 else rng.randrange(max(1, last))
            values["measures"] = topic.measures[last if untrue else fitting]
        kind = rng.random()
        values["close_type"] = "移交办结" if kind < 0.02 else "撤诉" if kind < 0.026 else "办结"
        return self.finish(values, closed)

    def finish(self, values: Obj, closed: date) -> date:
        """Reply, close, call back, and reopen now and then."""
        rng, until = self.rng, self.world.until
        values["closed_at"] = closed.isoformat()
        if not values.get("anonymous"):
            values |= {"replied_at": iso(moment(closed, rng, 9, 17))}
            values["reply_way"] = (
                "书面"
                if values["source"] in PETITIONS
                else rng.choices(["电话", "短信", "平台", "当面"], [70, 15, 10, 5])[0]
            )
        last = closed
        if values["source"] not in ("12345", "12369", "微信小程序") or rng.random() > 0.58:
            return last
        called = add_workdays(closed, rng.randrange(3, 8))
        if called > until:
            return last
        result = rng.choices(["满意", "基本满意", "不满意", "未接通", "不评价"], [56, 17, 6, 15, 6])[0]
        values["revisit"] = [{"date": called.isoformat(), "result": result}]
        last = called
        again = add_workdays(called, 1)
        if result == "不满意" and rng.random() < 0.6 and again <= until:
            row = {"date": again.isoformat(), "reason": rng.choice(order_texts.REOPENS)}
            done = add_workdays(again, rng.randrange(3, 9))
            if done <= until:
                row["closed_at"] = done.isoformat()
                last = done
            else:
                last = again
            values["reopen"] = [row]
        return last
