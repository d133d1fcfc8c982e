"""What all generators share: the office in its 24 months, its random numbers, and the records made so far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar

from envdesk.desk.demo_data.days import spring_festival
from envdesk.desk.demo_data.staff import Campaign, Staff

Obj = dict[str, Any]
T = TypeVar("T")


def texts(block: str) -> list[str]:
    """Read a list of texts written one after the other, each beginning with ``- ``; line breaks inside are joined."""
    parts = re.split(r"^\s*- ", block, flags=re.MULTILINE)
    return ["".join(line.strip() for line in part.splitlines()) for part in parts if part.strip()]


@dataclass(slots=True)
class Entry:
    """One record: the form, the moment of the event, what is typed, and when it is typed."""

    form: str
    when: datetime
    values: Obj
    at: datetime


@dataclass(slots=True, eq=False)
class Subject:
    """A firm, site, station or place of the register, as the generators need it."""

    ref: str
    name: str
    kinds: list[str]
    industry: str
    area: str
    address: str
    opened: date
    contact: str = ""
    phone: str = ""
    closed: date | None = None
    key: bool = False
    hot: float = 1.0
    facts: Obj = field(default_factory=dict)
    seen: dict[str, date] = field(default_factory=dict)

    def alive(self, day: date) -> bool:
        """True while it works."""
        return self.opened <= day and (self.closed is None or day < self.closed)


@dataclass(slots=True)
class World:
    """The office being made up.

    Attributes:
        seed: same seed, same office.
        start: first of the months; from here everything is recorded.
        until: last day.
        load: how many events of each kind, 1 = the default office.
    """

    seed: int
    start: date
    until: date
    load: float
    staff: Staff
    campaigns: list[Campaign]
    subjects: list[Subject] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    turns: dict[str, float] = field(default_factory=dict)

    def rng(self, name: str) -> Random:
        """Random numbers of one generator, independent of the others."""
        return Random(f"{self.seed}:{name}")  # noqa: S311 - makes things up, keeps no secrets

    def add(self, form: str, when: datetime, values: Obj, *, last: date | None = None) -> None:
        """Keep a record. It is typed in the next days, not before *last*, the latest day it speaks of."""
        day = max(when.date(), last or when.date())
        late = (self.next_number("typed") * 7919) % 100
        at = datetime.combine(day, time(17, 35)) + timedelta(minutes=late % 45)
        if late < 60 and last is None:  # the next morning
            at = datetime.combine(day + timedelta(days=1), time(9, 5)) + timedelta(minutes=late)
        at = min(at, datetime.combine(self.until, time(18, 30)))
        self.entries.append(Entry(form, when, {k: v for k, v in values.items() if v not in (None, "", [])}, at))

    def next_number(self, series: str) -> int:
        """Next number of a series of the office's own papers."""
        self.numbers[series] = self.numbers.get(series, 0) + 1
        return self.numbers[series]

    def paper(self, word: str, year: int) -> str:
        """A document number: 清禾环改〔2025〕36号."""
        return f"清禾{word}〔{year}〕{self.next_number(f'{word}{year}')}号"

    def of_kind(self, kind: str, day: date) -> list[Subject]:
        """Subjects of a type that work on a day."""
        return [s for s in self.subjects if kind in s.kinds and s.alive(day)]

    def days(self) -> list[date]:
        """All days of the demo."""
        return [self.start + timedelta(days=n) for n in range((self.until - self.start).days + 1)]

    def often(self, rng: Random, rate: float, day: date | None = None) -> int:
        """How many events fall on a day at a mean rate of the default office; few around the Spring Festival."""
        rate *= self.load * (0.12 if day and spring_festival(day) else 1)
        whole = int(rate)
        return whole + (rng.random() < rate - whole)

    def steady(self, rng: Random, series: str, rate: float, day: date) -> int:
        """As :meth:`often`, at a steadier rhythm: a fortnightly round is not forgotten for two months."""
        rate *= self.load * (0.12 if spring_festival(day) else 1)
        turn = self.turns.get(series, rng.random()) + rate * (0.4 + 1.2 * rng.random())
        self.turns[series] = turn % 1
        return int(turn)

    def pick_spread(self, rng: Random, pool: Sequence[Subject], n: int, key: str, day: date) -> list[Subject]:
        """*n* subjects of a pool, those not seen for longest first (with some chance), key units more often."""

        def weight(s: Subject) -> float:
            gap = (day - s.seen.get(key, self.start - timedelta(days=120))).days
            return gap * (2.2 if s.key else 1) * (0.5 + rng.random())

        free = [s for s in pool if s.seen.get(key) != day]
        chosen = sorted(free, key=weight, reverse=True)[:n]
        for s in chosen:
            s.seen[key] = day
        return chosen
