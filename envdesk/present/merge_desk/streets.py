"""The streets of a district: what came of each one's file, what waits, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from envdesk.desk import district, todo
from envdesk.desk.office import Desk, setting
from envdesk.desk.words import Chip
from envdesk.exchange.board import SEALED, Received, Row
from envdesk.exchange.merge import STATES
from envdesk.figures.period import month_of, parse_period
from envdesk.i18n import _, plural
from envdesk.present.merge_desk.trial import Trial

#: What the button of a row does.
RECEIPT, SETTLE, MERGE, CAUSE, UNLOCK, URGE = "receipt", "settle", "merge", "cause", "unlock", "urge"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Records of one or more files by what became of them."""

    received: int = 0
    new: int = 0
    updated: int = 0
    superseded: int = 0
    conflict: int = 0
    rejected: int = 0

    def plus(self, other: Numbers) -> Numbers:
        """The sum."""
        return Numbers(*(a + b for a, b in zip(self.as_tuple(), other.as_tuple(), strict=True)))

    def as_tuple(self) -> tuple[int, ...]:
        """In the order of the columns."""
        return (self.received, self.new, self.updated, self.superseded, self.conflict, self.rejected)


@dataclass(frozen=True, slots=True)
class Street:
    """A row of the merge desk.

    Attributes:
        id: stays the same while the row is about the same street (or the same strange file).
        office: id of the office, "" while none of its files was read.
        time: when its file was written, "" = none.
        numbers: None = nothing received; while files wait, theirs. ``merged`` = of what was merged.
        act: what its button does (:data:`RECEIPT` …), ``words`` what it says.
        waits: True when somebody here has to do something.
        files: files looked at and not merged; ``packages`` those that were merged for the period.
        stray: True for a file whose street is not known.
    """

    id: str
    office: str
    name: str
    time: str
    numbers: Numbers | None
    chip: Chip
    act: str
    words: str
    waits: bool
    conflicts: int = 0
    files: tuple[Trial, ...] = ()
    packages: tuple[Received, ...] = ()
    stray: bool = False
    merged: Numbers | None = None


@dataclass(frozen=True, slots=True)
class MergeDesk:
    """The page: its streets, the sentence above them, the sum below.

    Attributes:
        expected: True when the district has said which streets should report.
        late: True when the day is past and somebody has not reported.
    """

    period: str
    title: str
    streets: tuple[Street, ...]
    total: Numbers
    received: int
    missing: int
    deadline: date
    late: bool
    expected: bool

    @property
    def sentence(self) -> str:
        """收到 17，未收 5，截止 10月12日."""
        day = _("{month}月{day}日").format(month=self.deadline.month, day=self.deadline.day)
        day = _("{day}（已过）").format(day=day) if self.late else day
        if not self.expected:
            return _("收到 {count} 个街镇，截止 {day}").format(count=self.received, day=day)
        return _("收到 {received}，未收 {missing}，截止 {day}").format(
            received=self.received, missing=self.missing, day=day
        )

    @property
    def counted(self) -> str:
        """共 22 个街镇; "" where it is not known which streets there are."""
        return plural("共 {count} 个街镇", self.received + self.missing) if self.expected else ""

    @property
    def waits(self) -> int:
        """How many rows wait for somebody here."""
        return sum(s.waits for s in self.streets)

    def mergeable(self) -> tuple[Trial, ...]:
        """All files that passed."""
        return tuple(t for s in self.streets for t in s.files if t.passed)


def last_month(desk: Desk) -> str:
    """The period the desk opens with."""
    return month_of(month_of(desk.clock.today()).start - timedelta(days=1)).text


def read(desk: Desk, period: str, trials: Sequence[Trial] = ()) -> MergeDesk:
    """Return the page of a period with the files that wait to be merged."""
    span = parse_period(period)
    order = {name: n for n, name in enumerate(district.expected(desk))}
    rows = sorted(district.reported(desk, period), key=lambda r: (order.get(r.name, len(order)), r.name))
    placed = _placed(rows, trials)
    streets = [_street(row, placed.pop(_key(row), ()), desk) for row in rows]
    streets += [_stray(name, files) for name, files in placed.items()]
    total = Numbers()
    for street in streets:
        total = total.plus(street.merged or Numbers())
    here = [s for s in streets if not s.stray]
    received = sum(1 for s in here if s.packages)
    day, missing = deadline(desk, period), len(here) - received
    late = missing > 0 and desk.clock.today() > day
    wanted = bool(order)
    return MergeDesk(span.text, span.title, tuple(streets), total, received, missing, day, late, wanted)


def deadline(desk: Desk, period: str) -> date:
    """The day by which a period has to be here: the report day of the month after it, or the working day that follows."""
    after = parse_period(period).end + timedelta(days=1)
    day = after.replace(day=int(setting(desk, "report_day")))
    return day if todo.is_workday(desk, day) else todo.next_workday(desk, day, 1)


def waiting(desk: Desk) -> int:
    """How many streets wait for somebody at the district: conflicts, records that were refused."""
    return read(desk, last_month(desk)).waits


def urging(desk: MergeDesk, street: Street) -> str:
    """A message to a street that has not reported."""
    day = _("{month}月{day}日").format(month=desk.deadline.month, day=desk.deadline.day)
    words = _("{street}：{period}的上报文件还没有收到，截止 {day}。请在“上报”页写入U盘后交来，并告知校验值。")
    return words.format(street=street.name, period=desk.title, day=day)


# ---- rows ------------------------------------------------------------------------------------------------------------
def _key(row: Row) -> str:
    return row.office or f"name:{row.name}"


def _placed(rows: Sequence[Row], trials: Sequence[Trial]) -> dict[str, tuple[Trial, ...]]:
    """Files by the row they belong to; a file that can not be read belongs to the street its name says."""
    out: dict[str, list[Trial]] = {}
    for found in trials:
        office, name = found.receipt.office, found.receipt.office_name
        mine = next((r for r in rows if office and (r.office == office or (not r.office and r.name == name))), None)
        if mine is None and not office:
            named = [r for r in rows if r.name and r.name in found.path.stem]
            mine = max(named, key=lambda r: len(r.name), default=None)
        key = _key(mine) if mine is not None else office or f"file:{found.path}"
        out.setdefault(key, []).append(found)
    return {key: tuple(files) for key, files in out.items()}


def _street(row: Row, files: tuple[Trial, ...], desk: Desk) -> Street:
    numbers = numbers_of([p.receipt for p in row.packages]) if row.packages else None
    if numbers is not None:  # those that were settled since wait no more
        numbers = replace(numbers, conflict=row.conflicts)
    made = Street(
        _key(row), row.office, row.name, _moment(max((p.created for p in row.packages), default=""), desk),
        numbers, Chip(_("未收到")), URGE, _("催报"),
        waits=False, conflicts=row.conflicts, packages=row.packages, merged=numbers,
    )  # fmt: skip
    made = _merged(made, sealed=row.status == _(SEALED))
    return _tried(made, files) if files else made


def _merged(street: Street, *, sealed: bool) -> Street:
    """A street by what was merged of it."""
    if street.conflicts:
        words = plural("{count} 处冲突待定", street.conflicts)
        return replace(street, chip=Chip(words, "amber", "triangle"), act=SETTLE, words=_("定冲突"), waits=True)
    if street.numbers is None:
        return street
    if street.numbers.rejected:
        words = plural("拒绝 {count} 条", street.numbers.rejected)
        return replace(street, chip=Chip(words, "amber", "triangle"), act=CAUSE, words=_("看原因"), waits=True)
    chip = Chip(_("已月结"), "green", "lock") if sealed else Chip(_("已合并"), "green", "check")
    return replace(street, chip=chip, act=RECEIPT, words=_("看回执"))


def _stray(key: str, files: tuple[Trial, ...]) -> Street:
    first = files[0]
    name = first.receipt.office_name or first.path.name
    row = Street(
        key, first.receipt.office, name, "", None, Chip(""), CAUSE, "", waits=True, stray=not first.receipt.office
    )
    return _tried(row, files)


def _tried(street: Street, files: tuple[Trial, ...]) -> Street:
    """A street by the files that wait to be merged."""
    passed = [f for f in files if f.passed]
    numbers = numbers_of([f.receipt.as_dict() for f in passed]) if passed else None
    time = max((f.receipt.created for f in files), default="")[5:16].replace("T", " ") or street.time
    made = replace(street, files=files, numbers=numbers or street.numbers, time=time, waits=True)
    if any(f.locked for f in files):
        return replace(made, chip=Chip(_("要口令"), "amber", "lock"), act=UNLOCK, words=_("填口令"))
    if any(f.refused for f in files):
        return replace(made, chip=Chip(_("整包拒绝"), "red", "cross"), act=CAUSE, words=_("看原因"))
    if numbers is not None and (numbers.conflict or numbers.rejected):
        words = plural("试合并：{count} 处要看", numbers.conflict + numbers.rejected)
        return replace(made, chip=Chip(words, "amber", "triangle"), act=MERGE, words=_("合并"))
    return replace(made, chip=Chip(_("试合并通过"), "blue", "half"), act=MERGE, words=_("合并"))


def numbers_of(receipts: Iterable[dict[str, Any]]) -> Numbers:
    """Sum of receipts."""
    out = Numbers()
    for r in receipts:
        got = {state: int(r.get(state) or 0) for state in STATES}
        every = sum(n for state, n in got.items() if state != "gone")  # what the street took back is in no file
        out = out.plus(
            Numbers(
                every, got["new"], got["updated"] + got["gone"], got["superseded"], got["conflict"], got["rejected"]
            )
        )
    return out


def _moment(text: str, desk: Desk) -> str:
    """10-08 16:20, with the year when it is another."""
    when = text[:16].replace("T", " ")
    return when[5:] if when[:4] == str(desk.clock.today().year) else when
