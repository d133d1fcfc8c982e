"""Trips and stops: planned rounds by theme and season, calls on complaints, rechecks; several sheets on one stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any

from envdesk.desk.demo_data import findings, names
from envdesk.desk.demo_data.days import dry_season, flood_season, is_workday, summer
from envdesk.desk.demo_data.orders import Call
from envdesk.desk.demo_data.rectify import Follow
from envdesk.desk.demo_data.sheets import Look, answer, more_sheets, possible
from envdesk.desk.demo_data.staff import Campaign
from envdesk.desk.demo_data.world import Obj, Subject, World

FIRM_FORMS = frozenset(
    {"inspection", "vocs_check", "hazardous_waste_check", "waste_diversion_check", "flood_hazard_check"}
)


@dataclass(frozen=True, slots=True)
class Theme:
    """A kind of round.

    Attributes:
        form: sheet of each stop.
        kind: subject type of the stops.
        rate: trips per working day in the default office.
        stops: fewest and most stops of a trip.
        when: factor by day.
        faults: chance of a finding per stop.
        sources: where the visits come from.
    """

    form: str
    kind: str
    rate: float
    stops: tuple[int, int]
    when: Callable[[date], float] = lambda _day: 1.0
    faults: float = 0.1
    sources: tuple[str, ...] = ("日常检查",)
    session: str = ""
    only: str = ""


THEMES = [
    Theme(
        "vocs_check",
        "涉VOCs企业",
        0.19,
        (2, 5),
        lambda d: 1.2 if summer(d) else 0.9,
        0.115,
        ("日常检查", "日常检查", "双随机", "专项检查"),
    ),
    Theme("inspection", "工业企业", 0.07, (2, 4), faults=0.1, sources=("日常检查", "双随机", "证后核查")),
    Theme("inspection", "餐饮单位", 0.05, (3, 5), faults=0.12),
    Theme("vocs_check", "汽修店", 0.02, (2, 4), faults=0.12, sources=("专项检查",)),
    Theme(
        "site_dust_patrol",
        "建设工地",
        0.1,
        (2, 4),
        lambda d: 1.6 if dry_season(d) else 0.8,
        0.16,
        ("巡查检查", "巡查检查", "抽查"),
    ),
    Theme(
        "site_dust_patrol", "建设工地", 0.02, (1, 3), lambda d: 1.5 if summer(d) else 0.7, 0.1, ("巡查检查",), "夜间"
    ),
    Theme("gas_station_check", "加油站", 0.022, (3, 5), lambda d: 1.4 if summer(d) else 0.8, 0.07),
    Theme("gas_station_check", "储油库", 0.006, (1, 1), faults=0.05),
    Theme("hazardous_waste_check", "产废单位", 0.035, (2, 4), faults=0.12, sources=("日常检查", "专项检查")),
    Theme("waste_diversion_check", "工业企业", 0.04, (2, 4), faults=0.06),
    Theme(
        "flood_hazard_check",
        "产废单位",
        0.035,
        (2, 4),
        lambda d: 1.7 if flood_season(d) and d.month < 8 else 0.3,
        0.13,
        ("专项检查",),
    ),
    Theme("air_station_patrol", "空气自动监测站", 0.075, (1, 2), faults=0.07, sources=("巡查检查",)),
    Theme("water_source_patrol", "水源地违建项目", 0.055, (3, 5), faults=0.02, sources=("巡查检查",)),
    Theme("water_source_patrol", "饮用水源地", 0.045, (1, 1), faults=0.05, sources=("巡查检查",)),
    Theme("diesel_fleet_check", "用车大户", 0.016, (1, 2), faults=0.1, sources=("专项检查",)),
    Theme("assistance", "涉VOCs企业", 0.05, (1, 3), faults=0.08),
    Theme("inspection", "放射源单位", 0.006, (1, 1), faults=0.02, sources=("专项检查",)),
    Theme("inspection", "工业企业", 0.02, (2, 4), lambda d: 2.0 if summer(d) else 0.5, 0.15, ("专项检查",), "夜间"),
]
CAMPAIGN_RATE = {"百日攻坚": 0.42, "汛期": 0.08, "节前": 0.5}
JOINT = [
    ["城管"],
    ["住建"],
    ["水务"],
    ["应急", "消防"],
    ["市场监管"],
    ["联社/村居"],
    ["区生态环境分局", "第三方机构"],
    ["公安"],
]


@dataclass(slots=True)
class Trip:
    """One outing: its head is typed on every sheet."""

    day: date
    session: str
    head: Obj
    clock: datetime
    people: list[str]
    able: bool
    stops: list[Subject] = field(default_factory=list)


class Visits:
    """Makes all visits, day by day."""

    def __init__(self, world: World, calls: Iterable[Call], follow: Follow) -> None:
        """Prepare.

        Args:
            world: the office.
            calls: orders that want a visit.
            follow: makes what follows from findings.
        """
        self.world = world
        self.follow = follow
        self.rng: Random = world.rng("visits")
        self.calls: dict[date, list[Call]] = {}
        for call in calls:
            self.calls.setdefault(call.check, []).append(call)

    def run(self) -> None:
        """All days; complaints first, then rechecks, then what was planned."""
        for day in self.world.days():
            self.complaints(day)
            self.rechecks(day)
            if is_workday(day):
                for campaign in self.world.campaigns:
                    self.campaign(campaign, day)
                for n, theme in enumerate(THEMES):
                    for _ in range(self.world.steady(self.rng, f"theme{n}", theme.rate * theme.when(day), day)):
                        self.round(theme, day)

    # ---- trips --------------------------------------------------------------------------------------------------
    def trip(self, day: date, session: str = "", *, joint: float = 0.1, extra: int = 0, badges: bool = True) -> Trip:
        """Set out: who, when, with whom."""
        rng, world = self.rng, self.world
        session = session or rng.choices(["上午", "下午", "夜间"], [54, 43, 3])[0]
        people = world.staff.team(rng, day, session, badges=badges)
        head: Obj = {"visit_date": day.isoformat(), "session": session, "people": people, "vehicles": 1}
        if rng.random() < joint or extra:
            head["joint_depts"] = rng.choice(JOINT)
            head["extra_people"] = extra or rng.randrange(1, 4)
        hour = {"上午": 9, "下午": 14, "夜间": 20}[session]
        clock = datetime.combine(day, datetime.min.time()) + timedelta(hours=hour, minutes=rng.randrange(0, 40, 5))
        valid = sum(p.badge_valid(day) for p in world.staff.people if p.name in people)
        return Trip(day, session, head, clock, people, valid >= 2)

    def free(self, pool: Iterable[Subject], day: date) -> list[Subject]:
        """Subjects of a pool where nobody has been today."""
        return [s for s in pool if s.seen.get("visit") != day]

    # ---- stops --------------------------------------------------------------------------------------------------
    def stop(self, trip: Trip, subject: Subject, form: str, faults: float, more: Obj) -> None:
        """One stop with its sheets."""
        rng, world = self.rng, self.world
        subject.seen["visit"] = subject.seen[form] = trip.day
        begin = trip.clock
        trip.clock += timedelta(minutes=rng.randrange(20, 55, 5))
        head: Obj = {
            **trip.head, "subject_id": subject.ref, "time_from": begin.strftime("%H:%M"),
            "time_to": (trip.clock - timedelta(minutes=5)).strftime("%H:%M"), **more,
        }  # fmt: skip
        firm = form in FIRM_FORMS
        if firm and rng.random() < 0.03:
            closed = {"result": "停业/无法进入", "facts": "现场大门紧闭，未生产，联系负责人未果。"}
            world.add(form, begin, {**head, **closed, **({"facility_kind": ["无"]} if form == "vocs_check" else {})})
            return
        sheets = [form, *(more_sheets(rng, subject, trip.day, form) if "campaign_id" not in more and firm else [])]
        hit = rng.randrange(len(sheets)) if rng.random() < faults * (1.7 if "无牌" in subject.name else 1) else -1
        for n, name in enumerate(sheets):
            found = self.faults(name, subject) if n == hit else []
            values = (
                dict(trip.head) | {"subject_id": subject.ref} if n else head | self.signed(trip, subject, form, found)
            )
            values |= answer(name, Look(rng, subject, trip.day, found))
            if found:
                values["findings"] = [self.follow.row(f, subject, trip.day, name, self.origin(form)) for f in found]
                values |= self.papers(name, values["findings"], trip)
            subject.seen[name] = trip.day
            world.add(name, begin + timedelta(minutes=n), values)

    def faults(self, form: str, subject: Subject) -> list[findings.Fault]:
        """One problem, sometimes two."""
        out: list[findings.Fault] = []
        for _ in range(2 if self.rng.random() < 0.22 else 1):
            fault = findings.pick(self.rng, form, subject.industry)
            if fault and possible(form, subject, fault) and all(f.key != fault.key for f in out):
                out.append(fault)
        return out

    def signed(self, trip: Trip, subject: Subject, form: str, found: list[findings.Fault]) -> Obj:
        """Who was met, what was shown and signed."""
        rng = self.rng
        out: Obj = {}
        if form in ("air_station_patrol", "water_source_patrol"):
            return out
        out["site_person"] = subject.contact if subject.contact and rng.random() < 0.6 else names.person(rng)
        if subject.phone and rng.random() < 0.7:
            out["site_phone"] = subject.phone
        if trip.able and form != "assistance":
            out |= {"badge_shown": "是", "avoidance_told": "是"}
            if rng.random() < 0.25:
                out["notice_no"] = self.world.paper("检", trip.day.year)
        if form in findings.CALM and not found and rng.random() < 0.75:
            out["facts"] = rng.choice(findings.CALM[form])
        if found:
            out["party_opinion"] = rng.choice(["情况属实，我单位立即整改。", "无异议，按要求整改。", "情况属实。"])
        if rng.random() < 0.015:
            out |= {"party_sign": "拒签+见证人", "witness": names.person(rng)}
        else:
            out["party_sign"] = "已签"
        return out

    @staticmethod
    def origin(form: str) -> str:
        """Where a rectification came from."""
        return {"site_dust_patrol": "工地", "assistance": "帮扶"}.get(form, "检查")

    def papers(self, form: str, rows: list[Any], trip: Trip) -> Obj:
        """Papers handed over at an inspection."""
        if form != "inspection" or not trip.able:
            return {}
        out: list[Obj] = [{"kind": "现场检查笔录", "date": trip.day.isoformat()}] if self.rng.random() < 0.4 else []
        if any(r["nature"] == findings.ILLEGAL for r in rows):
            out.append(
                {
                    "kind": "责令改正违法行为决定书",
                    "no": self.world.paper("责改", trip.day.year),
                    "date": trip.day.isoformat(),
                }
            )
        return {"docs": out} if out else {}

    # ---- rounds -------------------------------------------------------------------------------------------------
    def round(self, theme: Theme, day: date) -> None:
        """A planned round through one part of the street."""
        rng, world = self.rng, self.world
        pool = self.free(world.of_kind(theme.kind, day), day)
        pool = [s for s in pool if theme.form != "inspection" or "涉VOCs企业" not in s.kinds or rng.random() < 0.35]
        if not pool:
            return
        trip = self.trip(day, theme.session, badges=rng.random() < 0.8 and theme.form != "water_source_patrol")
        n = rng.randint(*theme.stops)
        first = world.pick_spread(rng, pool, 1, theme.form, day)
        near = [s for s in pool if s.area == first[0].area and s not in first] if first else []
        more = {"source": rng.choice(theme.sources)}
        if theme.form == "site_dust_patrol" and "joint_depts" in trip.head:
            more["joint"] = "是"
        rest = near if len(near) >= n else [s for s in pool if s not in first]
        for subject in [*first, *world.pick_spread(rng, rest, n - 1, theme.form, day)]:
            extra = (
                {"night_work": "是"}
                if theme.session and theme.form == "site_dust_patrol" and rng.random() < 0.4
                else {}
            )
            self.stop(trip, subject, theme.form, theme.faults, more | extra)

    def campaign(self, campaign: Campaign, day: date) -> None:
        """Trips of a campaign."""
        rng, world = self.rng, self.world
        if not campaign.on(day):
            return
        rate = next(r for word, r in CAMPAIGN_RATE.items() if word in campaign.name)
        for _ in range(world.steady(rng, campaign.name, rate, day)):
            kinds = rng.choice(["产废单位", "工业企业", "涉VOCs企业"])
            pool = self.free(world.of_kind(kinds, day), day)
            trip = self.trip(
                day, rng.choice(["上午", "下午"]), joint=0.5, extra=rng.randrange(1, 3) if campaign.separate else 0
            )
            if campaign.separate and rng.random() < 0.3:
                trip.head["team_count"] = 2
            form = "flood_hazard_check" if "汛期" in campaign.name or rng.random() < 0.4 else "inspection"
            for subject in world.pick_spread(rng, pool, rng.randint(2, 3), form, day):
                self.stop(trip, subject, form, 0.16, {"source": "专项检查", "campaign_id": campaign.name})

    def complaints(self, day: date) -> None:
        """Calls on complaints: by day and by night, one trip per part of the street."""
        calls = [c for c in self.calls.get(day, []) if c.subject.alive(day) and c.subject.seen.get("visit") != day]
        for key, group in groupby(
            sorted(calls, key=lambda c: (c.night, c.subject.area, c.ref)), key=lambda c: (c.night, c.subject.area)
        ):
            trip = self.trip(day, "夜间" if key[0] else "", joint=0.14)
            for call in group:
                if call.subject.seen.get("visit") == day or trip.clock < call.received:
                    continue
                self.stop(trip, call.subject, self.form_of(call), 0.24, {"source": "投诉举报", "order_id": call.ref})

    def form_of(self, call: Call) -> str:
        """The sheet that fits a complaint."""
        kinds = call.subject.kinds
        if "建设工地" in kinds:
            return "site_dust_patrol"
        if "加油站" in kinds:
            return "gas_station_check"
        smell = call.topic.id in ("shoe", "leather", "plastic", "spray")
        return "vocs_check" if smell and "涉VOCs企业" in kinds and self.rng.random() < 0.6 else "inspection"

    def rechecks(self, day: date) -> None:
        """Visits to see what was put right."""
        todo = [
            r for r in self.follow.rechecks.get(day, []) if r.subject.alive(day) and r.subject.seen.get("visit") != day
        ]
        for _area, group in groupby(
            sorted(todo, key=lambda r: (r.subject.area, r.subject.ref)), key=lambda r: r.subject.area
        ):
            trip = self.trip(day, "上午" if self.rng.random() < 0.6 else "下午", joint=0.0)
            for r in group:
                if r.subject.seen.get("visit") != day:
                    self.stop(trip, r.subject, r.form, 0.03, {"source": "复查", "visit_kind": "复查"})
