"""Street × form: how many records of the period, and a word that says whether that is what one would expect.

The word compares a street with itself: fewer than half of what its three months before had on average are too few. No
task is assumed; a form of which a street had nothing in those months and nothing now has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from envdesk.desk import district
from envdesk.desk.office import Desk
from envdesk.figures.period import month_of, parse_period
from envdesk.i18n import N_, _
from envdesk.present.merge_desk.streets import Street

MONTHS = 3
#: Kind of a cell → its word and tone.
KINDS = {
    "full": (N_("齐"), "green"), "few": (N_("偏少"), "amber"),
    "none": (N_("未报"), "red"), "no_task": (N_("无任务"), "grey"), "awaited": (N_("待收"), "grey"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One street and one form; ``usual`` is what its months before had on average."""

    form: str
    kind: str
    count: int
    usual: float = 0

    @property
    def word(self) -> str:
        """What it says."""
        return _(KINDS[self.kind][0])

    @property
    def tone(self) -> str:
        """Its colour."""
        return KINDS[self.kind][1]

    @property
    def number(self) -> str:
        """The number, "" where it would say nothing."""
        return "" if self.kind in ("no_task", "awaited") else str(self.count)

    @property
    def text(self) -> str:
        """38 齐."""
        return f"{self.number} {self.word}".strip()


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One street."""

    id: str
    office: str
    name: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """The table: (id, title) of the forms that are in use, a row for each street."""

    forms: tuple[tuple[str, str], ...]
    rows: tuple[HeatRow, ...]


def heat(desk: Desk, period: str, streets: Sequence[Street]) -> Heat:
    """Return the table of a period."""
    span = parse_period(period)
    now = district.counts(desk, span.start, span.end)
    before = district.counts(desk, _months_before(span.start), span.start - timedelta(days=1))
    months = max(len(span.months()), 1)
    here = [s for s in streets if not s.stray]
    used = {f for s in here for held in (now, before) for f, n in held.get(s.office, {}).items() if s.office and n}
    forms = tuple((form, title) for form, title in district.forms(desk) if form in used)
    rows = []
    for street in here:
        of = [held.get(street.office, {}) if street.office else {} for held in (now, before)]
        cells = []
        for form, _title in forms:
            count, usual = of[0].get(form, 0), of[1].get(form, 0) / MONTHS * months
            kind = judge(count, usual) if street.packages else "awaited"
            cells.append(HeatCell(form, kind, count, usual))
        rows.append(HeatRow(street.id, street.office, street.name, tuple(cells)))
    return Heat(forms, tuple(rows))


def judge(count: int, usual: float) -> str:
    """Kind of a cell of a street whose file is here."""
    if not count:
        return "none" if usual else "no_task"
    return "few" if count * 2 < usual else "full"


def _months_before(start: date) -> date:
    for _n in range(MONTHS):
        start = month_of(start - timedelta(days=1)).start
    return start
