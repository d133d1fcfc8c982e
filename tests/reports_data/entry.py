"""Objects as a clerk would enter them, and what a data set of a report is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

Values = dict[str, Any]


@dataclass
class Report:
    """One of the five source reports: its period, its day, what was entered, and what was chosen for masked numbers.

    ``chosen`` is by figure id as written in forms/report_lines.csv.
    """

    name: str
    period: str
    day: str
    chosen: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    records: list[tuple[str, list[Values]]] = field(default_factory=list)

    def add(self, form: str, objects: Iterable[Values]) -> None:
        """Put objects of one form behind what is there; warnings are acknowledged, hints stay."""
        self.records.append((form, [{"warnings": "accept", **o} for o in objects]))

    def names(self, kind: str) -> list[str]:
        """Names of the subjects of a 类别, in the order they were entered."""
        return [o["name"] for form, objects in self.records if form == "subject" for o in objects if kind in o["types"]]


def weekdays(start: str, end: str) -> list[str]:
    """Mondays to Fridays from *start* to *end*."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [d.isoformat() for d in every if d.weekday() < 5]


def slots(days: Sequence[str], count: int) -> Iterator[tuple[str, str]]:
    """*count* different mornings and afternoons, spread over *days*."""
    all_slots = [(d, s) for d in days for s in ("上午", "下午")]
    assert count <= len(all_slots)
    return iter(all_slots[n * len(all_slots) // count] for n in range(count))


def subjects(word: str, count: int, *types: str, industry: str = "其他", **more: Any) -> list[Values]:
    """Numbered subjects ``word01号`` in the register since 2020."""
    return [
        {"name": f"{word}{n:03}号", "types": list(types), "address": f"样例路{n}号", "industry": industry,
         "register_from": "2020-01-01", **more}
        for n in range(1, count + 1)
    ]  # fmt: skip


def visits(
    names: Sequence[str], count: int, days: Sequence[str], team: Sequence[str], *, per: int = 5, **more: Any
) -> list[Values]:
    """*count* visits, going round *names*, *per* of them in one outing of *team*."""
    outings = slots(days, -(-count // per))
    places = list(islice(cycle(names), count))
    out: list[Values] = []
    for n, (day, session) in enumerate(outings):
        head = {"visit_date": day, "session": session, "people": list(team), **more}
        out += [{**head, "subject_id": name} for name in places[n * per : (n + 1) * per]]
    return out


def each(objects: list[Values], **lists: Sequence[Any]) -> list[Values]:
    """Give the first objects a value each of every list: ``each(visits, findings=[[…], […]])``."""
    for key, values in lists.items():
        for obj, value in zip(objects, values, strict=False):
            obj[key] = value
    return objects


def finding(desc: str, **more: Any) -> list[Values]:
    """The findings of a visit with one problem."""
    return [{"desc": desc, **more}]


def ledger(item: str, day: str, qty: float = 1, unit: str = "个", **more: Any) -> Values:
    """A line of 其他台账."""
    return {"item_type": item, "date": day, "qty": qty, "unit": unit, **more}


def of_subjects(item: str, day: str, names: Iterable[str], **more: Any) -> list[Values]:
    """A line of 其他台账 for each subject."""
    return [ledger(item, day, unit="家", subject_id=name, **more) for name in names]


def event(kind: str, day: str, title: str, **more: Any) -> Values:
    return {"type": kind, "date": day, "title": title, **more}


def orders(
    count: int, open_: int, days: Sequence[str], *, sources: Sequence[str] = ("12345",), **more: Any
) -> list[Values]:
    """Complaints spread over *days*; all but the last *open_* are closed three days later (at most on the last day)."""
    out: list[Values] = []
    for n in range(count):
        day = days[n * len(days) // count]
        order: Values = {
            "order_no": f"{day[:4]}{n:05}", "source": sources[n % len(sources)], "received_at": day, "content": "夜间有异味",
            "kind": "投诉", "pollution": ["大气-恶臭异味"], "location": "样例路", "handler": "李敏", **more,
        }  # fmt: skip
        if n < count - open_:
            closed = min(date.fromisoformat(day) + timedelta(days=3), date.fromisoformat(days[-1]))
            order |= {
                "closed_at": closed.isoformat(),
                "verdict": "属实",
                "measures": "已督促整改",
                "close_type": "办结",
            }
        out.append(order)
    return out


def penalties(names: Sequence[str], days: Sequence[str], decision: str, filed: str, **more: Any) -> list[Values]:
    """A decided case for each name."""
    return [
        {"subject_id": name, "case_no": f"{decision[:2]}{days[0][:4]}-{n}", "cause": "未按规定运行治污设施", "filed_at": filed,
         "officers": ["陈立", "何静"], "decision": decision, "decision_no": f"{decision}{n}号",
         "decided_at": days[n * len(days) // len(names)], **more}
        for n, name in enumerate(names)
    ]  # fmt: skip


def people_of(report: Report) -> int:
    """人次 by outing, counted plainly: people of every different (day, session, team)."""
    trips: dict[tuple[Any, ...], int] = {}
    for _form, objects in report.records:
        for o in objects:
            day = o.get("visit_date") or o.get("date")
            if "session" in o:
                trips[day, o["session"], tuple(sorted(o["people"])), o.get("extra_people", 0)] = len(
                    o["people"]
                ) + o.get("extra_people", 0)
    return sum(trips.values())


STAFF = [
    {"name": name, "role": "执法人员", "badge_no": f"A{n:03}", "badge_until": "2030-12-31"}
    for n, name in enumerate(["陈立", "何静", "李敏", "王勇", "张蕾", "刘洋"], 1)
]
"""Six officers with badges: two of them make a visit an 行政检查."""
TEAM, TEAM2, TEAM3 = ["陈立", "何静"], ["李敏", "王勇"], ["张蕾", "刘洋"]
SIX = {f"six_{n}": "达标" for n in range(1, 7)}
