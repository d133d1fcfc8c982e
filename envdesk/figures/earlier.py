"""What was signed before: the last seal or official paper of a period, and how today's figures differ from it (R17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from envdesk.figures.compute import Computer
from envdesk.figures.engine import parse_id
from envdesk.figures.numbers import NONE
from envdesk.figures.period import Period, month_of, range_of
from envdesk.i18n import _, plural
from envdesk.store import issued, sealed
from envdesk.store.file import Store
from envdesk.store.sealed import LATE, LateRecord

MOST = 8
"""Figures that a sentence names; beyond it only their number."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A state of a period that was sealed or given out.

    Attributes:
        what: 月结, or the paper by its number. ``day``: when.
        figures: figure id → text as it was printed.
    """

    what: str
    day: str
    cut: str
    figures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what it was."""

    id: str
    title: str
    measure: str
    then: str
    now: str

    @property
    def words(self) -> str:
        """检查企业由12家次更正为13家次."""
        bare = (NONE, "%")
        then, now = (t if t.endswith(bare) else f"{t}{self.measure}" for t in (self.then, self.now))
        return _("{title}由{then}更正为{now}").format(title=self.title, then=then, now=now)


def earlier(store: Store, period: Period) -> Earlier | None:
    """The last seal of exactly this period (a reopened one too), else its last official paper."""
    start, end = period.start.isoformat(), period.end.isoformat()
    for seal in sealed.seals(store, start, end)[:1]:
        texts = {name: str(f["text"]) for name, f in seal.figures.items()}
        return Earlier(_("月结"), seal.sealed_at[:10], seal.cut, texts)
    for paper in issued.issues(store, start=start, end=end):
        if paper.figures:
            return Earlier(
                _("出具的 {number} 号报表").format(number=paper.number), paper.made_at[:10], paper.cut, paper.figures
            )
    return None


def differences(calc: Computer, before: Earlier, ids: Iterable[str] = ()) -> list[Difference]:
    """Figures of *ids* (default: all that were signed) to which the records of today give another text.

    They are computed up to the day of the signed paper: that more has happened since is no difference.
    """
    cut = date.fromisoformat(before.cut)
    calc = calc if calc.cut == cut else Computer(calc.store, calc.period, cut)
    out = []
    for name in ids or before.figures:
        then, fid = before.figures.get(name), parse_id(name)
        if then is None or fid.figure not in calc.store.catalogue.figures:
            continue
        now, f = calc.value(fid, calc.windows.current).text, calc.engine.figure(fid.figure)
        if now != then:
            title = f.title + (f"（{'、'.join(v for _d, v in fid.filters)}）" if fid.filters else "")
            out.append(Difference(name, title, f.measure, then, now))
    return out


def listed(found: list[Difference]) -> str:
    """The changed figures in one line, at most :data:`MOST` of them."""
    text = "、".join(d.words for d in found[:MOST])
    left = len(found) - MOST
    return text + (plural("等 {count} 项", len(found)) if left > 0 else "")


def counted(found: Iterable[LateRecord]) -> str:
    """含补录1件、更正2件."""
    kinds = [record.kind for record in found]
    late, corrected = kinds.count(LATE), len(kinds) - kinds.count(LATE)
    parts = [_("补录{count}件").format(count=late)] * bool(late)
    parts += [_("更正{count}件").format(count=corrected)] * bool(corrected)
    return _("含{parts}").format(parts="、".join(parts)) if parts else ""


def late(store: Store, period: Period) -> list[LateRecord]:
    """补录 and 更正 that this year's papers up to the end of a period have not told of yet."""
    first = date(period.end.year, 1, 1)
    since = sealed.told(store, period.start.isoformat())
    return sealed.late_records(store, min(first, period.start).isoformat(), period.end.isoformat(), since)


def sealed_period(store: Store, day: str) -> Period:
    """The shortest sealed period (reopened ones too) that holds a day; else its month."""
    spans = [
        (date.fromisoformat(s.start), date.fromisoformat(s.end)) for s in sealed.seals(store) if s.start <= day <= s.end
    ]
    if not spans:
        return month_of(date.fromisoformat(day))
    start, end = min(spans, key=lambda span: (span[1] - span[0], span[0]))
    month = month_of(start)
    return month if (month.start, month.end) == (start, end) else named(start, end)


def named(start: date, end: date) -> Period:
    """The period between two days under its own name (2026Q2), else as a range."""
    from envdesk.figures.period import parse_period

    half, quarter = 1 if start.month < 7 else 2, (start.month + 2) // 3
    for text in (f"{start:%Y-%m}", f"{start.year}Q{quarter}", f"{start.year}H{half}", f"{start.year}"):
        found = parse_period(text)
        if (found.start, found.end) == (start, end):
            return found
    return range_of(start, end)
