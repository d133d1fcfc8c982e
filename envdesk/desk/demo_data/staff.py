"""The people of the demo office, its campaigns, and who is free for a trip."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from envdesk.desk.demo_data.days import back_months


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague: in post between two days, with a badge until a day."""

    name: str
    role: str
    badge: str = ""
    until: date | None = None
    joined: date | None = None
    left: date | None = None

    def in_post(self, day: date) -> bool:
        """True when the colleague works here on a day."""
        return (self.joined is None or self.joined <= day) and (self.left is None or day <= self.left)

    def badge_valid(self, day: date) -> bool:
        """True when the colleague may enforce on a day."""
        return bool(self.badge) and (self.until is None or day <= self.until)

    def row(self) -> dict[str, Any]:
        """As the list of people has it."""
        values = {
            "name": self.name, "role": self.role, "badge_no": self.badge or None,
            "badge_until": self.until and self.until.isoformat(), "from": self.joined and self.joined.isoformat(),
            "to": self.left and self.left.isoformat(),
        }  # fmt: skip
        return {k: v for k, v in values.items() if v}


@dataclass(slots=True)
class Staff:
    """All colleagues, and who is already out at which time."""

    people: list[Person]
    busy: set[tuple[date, str, str]] = field(default_factory=set)

    def free(self, day: date, session: str) -> list[Person]:
        """Colleagues who can still go out."""
        return [p for p in self.people if p.in_post(day) and (day, session, p.name) not in self.busy]

    def team(self, rng: Random, day: date, session: str, *, size: int = 0, badges: bool = True) -> list[str]:
        """Two or three colleagues for a trip, those with a valid badge first; reserves them.

        When nobody is free the trip is made by whoever is in post: a busy day has more trips than people.
        """
        free = self.free(day, session)
        if len(free) < 2:
            free = [p for p in self.people if p.in_post(day)]
        size = min(size or rng.choices([2, 3], [0.68, 0.32])[0], len(free))
        first = [p for p in free if p.badge_valid(day) == badges]
        rest = [p for p in free if p not in first]
        rng.shuffle(first)
        rng.shuffle(rest)
        chosen = [*first, *rest][:size]
        if size == 3 and badges and rest:  # an assistant comes along
            chosen = [*first[:2], *rest[:1], *first[2:]][:size]
        for p in chosen:
            self.busy.add((day, session, p.name))
        return [p.name for p in sorted(chosen, key=self.people.index)]

    def officers(self, rng: Random, day: date) -> list[str]:
        """Two colleagues with a valid badge."""
        able = [p.name for p in self.people if p.in_post(day) and p.badge_valid(day)]
        return sorted(rng.sample(able, min(2, len(able))))

    def clerk(self, rng: Random, day: date) -> str:
        """Who types a record in, or handles an order."""
        able = [p.name for p in self.people if p.in_post(day)]
        return rng.choices(able, [3 if n < 3 else 1 for n in range(len(able))])[0]


def staff(start: date, until: date) -> Staff:
    """Eight colleagues with badges (one joined later, one left, two badges run out) and four without."""
    months = max(1, (until - start).days // 30)
    part = months * 30
    long = until + timedelta(days=900)
    before = date(start.year - 3, 3, 1)
    return Staff(
        [
            Person("陈堃荣", "执法人员", "YL440199001", long, before),
            Person("黎伟明", "执法人员", "YL440199002", until + timedelta(days=38), before),
            Person("何燕玲", "执法人员", "YL440199003", long, before),
            Person("冯志强", "执法人员", "YL440199004", start + timedelta(days=part * 7 // 12), before),
            Person("黄喆", "执法人员", "YL440199005", long, before),
            Person("区兆基", "执法人员", "YL440199006", long, before, start + timedelta(days=part * 2 // 3)),
            Person("李敏", "执法人员", "YL440199007", long, before),
            Person("麦晓彤", "执法人员", "YL440199011", long, start + timedelta(days=part * 3 // 8)),
            Person("钟树根", "环保员", "", None, before),
            Person("卢佩珊", "环保员", "", None, before),
            Person("梁䶮", "辅助人员", "", None, start),
            Person("邝金泉", "网格员", "", None, before),
        ]
    )


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign with its days."""

    name: str
    start: date
    end: date
    separate: bool = False

    def on(self, day: date) -> bool:
        """True while it runs."""
        return self.start <= day <= self.end

    def row(self) -> dict[str, Any]:
        """As the list of campaigns has it."""
        values = {"name": self.name, "start": self.start.isoformat(), "end": self.end.isoformat()}
        return values | {"separate": "是"} if self.separate else values


def campaigns(start: date, until: date) -> list[Campaign]:
    """One 百日攻坚 (counted by itself), one 汛期排查, one 节前检查, in the last twelve months where they fit."""
    year = back_months(until + timedelta(days=1), 12).year
    days = [date(y, 4, 15) for y in (year + 1, year) if start <= date(y, 4, 15) <= until - timedelta(days=60)]
    flood = days[0] if days else start
    hundred = back_months(until, 7)
    if not start <= hundred:
        hundred = start
    festival = [date(y, 9, 10) for y in range(until.year, start.year - 1, -1) if start <= date(y, 9, 10) <= until]
    feast = festival[0] if festival else start
    return [
        Campaign(f"{hundred.year}年安全生产百日攻坚", hundred, hundred + timedelta(days=99), separate=True),
        Campaign(f"{flood.year}年汛期环境安全隐患排查", flood, date(flood.year, 10, 15)),
        Campaign(f"{feast.year}年国庆中秋节前检查", feast, feast + timedelta(days=20)),
    ]
