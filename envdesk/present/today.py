"""今日: what is due by urgency, this month in eight figures, coverage of the year, drafts, counters of the rail.

Three separate readings, so that the list is there at once: :func:`due_list` and :func:`drafts` first, then
:func:`figures` (kept until something is saved) and :func:`coverage`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from envdesk.desk import todo
from envdesk.desk.figures import computer
from envdesk.desk.office import Desk, setting, settings
from envdesk.desk.registers import TITLES, group_of
from envdesk.desk.steps import Step, step_of
from envdesk.desk.todo import Waiting
from envdesk.desk.words import NEAR, NONE, Chip, cell, counts_workdays, due_chip, headline, moment_words, short_number
from envdesk.figures.compute import Computer
from envdesk.figures.engine import FigureId, parse_id
from envdesk.figures.period import Window, month_of
from envdesk.i18n import N_, _, plural
from envdesk.store import query
from envdesk.store.drafts import Draft

WEEKDAYS = "一二三四五六日"
#: Groups of the list: id → (title, tone).
GROUPS = {
    "late": (N_("已超期"), "red"), "today": (N_("今天到期"), "amber"), "near": (N_("3个工作日内"), "amber"),
    "month": (N_("本月要办"), ""),
}  # fmt: skip
#: The month's figures: id → title on the page, title of the note's figure.
FIGURES: tuple[tuple[str, str, str], ...] = (
    ("person_times", N_("出动人次"), ""), ("insp_visits", N_("检查企业"), "insp_subjects"),
    ("prob_found", N_("发现问题"), ""), ("rect_rate", N_("整改完成率"), ""), ("wo_received", N_("收到工单"), "wo_dup"),
    ("wo_rate", N_("办结率"), ""), ("site_visits", N_("巡查工地"), ""),
    ("river_visits", N_("监督巡河"), "outfall_rebound"),
)  # fmt: skip
_NOTES = {
    "insp_subjects": N_("去重 {value} {unit}"),
    "wo_dup": N_("重复 {value} {unit}"),
    "outfall_rebound": N_("返弹 {value}"),
}
SERIES_MONTHS = 12
#: Industries shown among the coverage bars.
MOST_INDUSTRIES = 3
#: From so many on, sheets about different subjects that wait for the same thing are one line.
GATHERED = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list.

    Attributes:
        icon: rail group of the form (inspections, complaints, rectify, ledgers) or report.
        what, sub: 佳达鞋业：活性炭未按期更换 · 整改复查 ZG-0118.
        who: who handles it (— when nobody).
        due: ISO day; ``day`` as shown.
        step: button words, section to open, and whether it is a new sheet.
        form, rec: the record; with :attr:`records` several of one form (the button opens them as a list).
        subject: id of the subject (prefill of a new sheet).
    """

    group: str
    icon: str
    what: str
    sub: str
    who: str
    due: str
    day: str
    chip: Chip
    step: Step
    form: str
    rec: str = ""
    records: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one urgency; ``note`` stands at the right of its head. ``count`` counts records."""

    id: str
    title: str
    tone: str
    note: str
    lines: tuple[Line, ...]
    count: int


@dataclass(frozen=True, slots=True)
class DueList:
    """The list with the head of the page and the counters of the rail.

    Attributes:
        date_words: 2026年10月9日 星期五.
        counters: rail id (today and the groups) → how many wait until three working days from now.
        done: how many records this person saved today.
        later: due after this month.
    """

    date_words: str
    groups: tuple[Group, ...]
    counters: Mapping[str, int]
    done: int
    later: int


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """A figure of the running month.

    Attributes:
        text: value as printed without its %; ``unit`` beside it.
        note: 9月 80，去重 61 家.
        series: value per month, the running one last; None where a rate has no base.
        rate: draw a line, not bars.
    """

    id: str
    title: str
    text: str
    unit: str
    note: str
    series: tuple[float | None, ...]
    rate: bool


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The month's figures: 10月至今, 10-01 至 10-09."""

    title: str
    span: str
    period: str
    figures: tuple[MonthFigure, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """Coverage of one kind of subject: done of all, words (差 53 家, 跟上, 全覆盖), tone amber or green."""

    title: str
    figure: str
    done: int
    all: int
    words: str
    tone: str

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.done / self.all if self.all else 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage bars of the year; ``progress`` = share of the year that is gone (the tick)."""

    bars: tuple[Bar, ...]
    progress: float

    @property
    def note(self) -> str:
        """竖线＝时间进度 77%."""
        return _("竖线＝时间进度 {percent}%").format(percent=int(self.progress * 100))


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft to finish: 涉VOCs检查 · 佳达鞋业 | 09:36，差 2 项."""

    id: str
    form: str
    title: str
    about: str
    when: str
    lacking: int
    words: str


@dataclass
class Kept:
    """Figures kept until something is saved. The page holds one; it belongs to one open desk."""

    values: dict[Any, Any] = field(default_factory=dict)
    version: tuple[Any, ...] = ()

    def at(self, version: tuple[Any, ...]) -> dict[Any, Any]:
        """The kept values of a version; those of another one are thrown away."""
        if version != self.version:
            self.values, self.version = {}, version
        return self.values


# ---- due list ------------------------------------------------------------------------------------------------------
def due_list(desk: Desk) -> DueList:
    """Read everything due until the end of the month, by urgency."""
    today = desk.clock.today()
    end = month_of(today).end
    near = todo.next_workday(desk, today, NEAR)
    found = todo.waiting(desk, date.max)
    lines = [
        *_gathered([w for w in found if w.item.due <= max(end, near).isoformat()], today),
        *_report_line(desk, today),
    ]
    groups = []
    for name, (title, tone) in GROUPS.items():
        mine = sorted((line for line in lines if line.group == name), key=lambda x: (x.due, x.what))
        if mine:
            count = sum(len(x.records) or 1 for x in mine)
            groups.append(Group(name, _(title), tone, _group_note(desk, name, today, near), tuple(mine), count))
    later = sum(1 for w in found if w.item.due > max(end, near).isoformat())
    return DueList(_date_words(today), tuple(groups), _counters(groups), todo.done_today(desk), later)


def counters(desk: Desk) -> Mapping[str, int]:
    """The counters of the rail alone (after a save)."""
    return due_list(desk).counters


def _counters(groups: Sequence[Group]) -> dict[str, int]:
    out = dict.fromkeys(("today", *TITLES), 0)
    for group in groups:
        if group.id != "month":
            for line in group.lines:
                out["today"] += 1
                if line.icon in out:
                    out[line.icon] += 1
    return out


def _group(item_due: str, left: int, today: date) -> str:
    if left < 0:
        return "late"
    if item_due == today.isoformat():
        return "today"
    return "near" if left <= NEAR else "month"


def _gathered(found: Sequence[Waiting], today: date) -> list[Line]:
    """One line per record; sheets whose subjects wait for the same thing become one line per group."""
    by_key: dict[tuple[str, ...], list[Waiting]] = {}
    for w in found:
        group = _group(w.item.due, w.item.workdays_left, today)
        many = "visit" in w.form.parents and group in ("late", "month")
        by_key.setdefault((group, w.form.id, w.due.id, "" if many else w.item.id), []).append(w)
    out = []
    for (group, *_rest), some in by_key.items():
        if len(some) >= GATHERED:
            out.append(_many(group, some, today))
        else:
            out += [_line(group, w, today) for w in some]
    return out


def _many(group: str, some: Sequence[Waiting], today: date) -> Line:
    first = some[0]
    count = plural("{count} 家", len(some))
    shown = Chip(count, "red" if group == "late" else "grey", "cross" if group == "late" else "ring")
    last = max(w.item.due for w in some)
    return Line(
        group, group_of(first.form), f"{first.due.what} {count}", first.form.title, NONE, last, _day(last, today),
        shown, Step(_("看名单")), first.form.id, records=tuple(w.item.id for w in some),
    )  # fmt: skip


def _line(group: str, w: Waiting, today: date) -> Line:
    item, form = w.item, w.form
    over = -item.workdays_left
    if not counts_workdays(form):
        over = (today - date.fromisoformat(item.due)).days
    number = short_number(item.record_no, today)
    subject = next((str(w.row[f.key]) for f in form.fields if f.ref == "subject" and w.row.get(f.key)), "")
    return Line(
        group, group_of(form), headline(form, w.row, w.names), f"{item.what} {number}".strip(), _who(w), item.due,
        _day(item.due, today), due_chip(item.workdays_left, over), step_of(form, w.due.id), form.id, item.id,
        subject=subject,
    )  # fmt: skip


def _day(day: str, today: date) -> str:
    return day[5:] if day[:4] == str(today.year) else day


def _who(w: Waiting) -> str:
    """Who handles a record: the handler, else the people named in it."""
    for key in ("handler", "lead_person"):
        if w.form.has(key) and w.row.get(key):
            return str(w.row[key])
    for f in w.form.fields:
        if f.type == "people" and w.row.get(f.key):
            return cell(f, w.row[f.key], w.names, most=1)
    return _("未分派") if w.form.has("handler") else NONE


def _report_line(desk: Desk, today: date) -> list[Line]:
    """Last month's report, as long as the month is not sealed."""
    last = month_of(month_of(today).start - timedelta(days=1))
    if todo.is_sealed(desk, last.start, last.end) or not todo.has_records(desk, last.start, last.end):
        return []
    due = today.replace(day=int(setting(desk, "report_day")))
    if not todo.is_workday(desk, due):
        due = todo.next_workday(desk, due, 1)
    left = todo.workdays_left(desk, today, due)
    title = _("{month}月月报表待月结").format(month=last.start.month)
    return [
        Line(
            _group(due.isoformat(), left, today), "report", title, _("报表"), NONE, due.isoformat(),
            _day(due.isoformat(), today), due_chip(left), Step(_("去月结")), "report", last.text,
        )
    ]  # fmt: skip


def _group_note(desk: Desk, name: str, today: date, near: date) -> str:
    if name == "late":
        return _("超期天数：整改按自然日，工单按工作日")
    if name == "today":
        return _("{month}月{day}日").format(month=today.month, day=today.day)
    if name == "near":
        text = _("到 {month}月{day}日").format(month=near.month, day=near.day)
        tomorrow = today + timedelta(days=1)
        works = todo.is_workday(desk, tomorrow)
        if works != (tomorrow.weekday() < 5):
            weekday = WEEKDAYS[tomorrow.weekday()]
            text += (_("，明天（周{weekday}）上班") if works else _("，明天（周{weekday}）放假")).format(
                weekday=weekday
            )
        return text
    end = month_of(today).end
    return _("到 {month}月{day}日").format(month=end.month, day=end.day)


def _date_words(today: date) -> str:
    text = _("{year}年{month}月{day}日").format(year=today.year, month=today.month, day=today.day)
    return f"{text} {_('星期')}{WEEKDAYS[today.weekday()]}"


# ---- figures of the month ------------------------------------------------------------------------------------------
def figures(desk: Desk, kept: Kept | None = None, *, series: bool = True) -> MonthFigures:
    """Compute the month's figures with twelve months behind each; *kept* saves the work while nothing changes.

    Without *series* only what has to be new: the running month and the one before (a first view of a large file).
    """
    today = desk.clock.today()
    month = month_of(today)
    values = (kept or Kept()).at(_version(desk))
    calc = computer(desk, month.text, today)
    out = []
    for name, title, extra in FIGURES:
        if name in desk.catalogue.figures:
            if (name, series) not in values:
                values[name, series] = _month_figure(desk, calc, name, _(title), extra, today, series=series)
            out.append(values[name, series])
    head = _("{month}月至今").format(month=month.start.month)
    span = _("{start} 至 {end}").format(start=month.start.strftime("%m-%d"), end=today.strftime("%m-%d"))
    return MonthFigures(head, span, month.text, tuple(out))


def _version(desk: Desk) -> tuple[Any, ...]:
    """What figures depend on: the data, the day, the settings."""
    return (*desk.store.data_version(), desk.clock.today(), *settings(desk).values())


def _month_figure(
    desk: Desk, calc: Computer, name: str, title: str, extra: str, today: date, *, series: bool
) -> MonthFigure:
    fid = FigureId(name)
    windows = _months(today) if series else _months(today)[-2:]
    found = [calc.value(fid, w) for w in windows]
    now, before = found[-1], found[-2]
    rate = desk.catalogue.figures[name].share != ""
    parts = [f"{now.numerator}/{now.denominator}"] if rate and now.denominator else []
    parts.append(_("{month}月 {value}").format(month=windows[-2].start.month, value=before.text))
    if extra in desk.catalogue.figures:
        value = calc.value(FigureId(extra), windows[-1])
        if value.number:
            unit = desk.catalogue.figures[extra].measure
            parts.append(_(_NOTES[extra]).format(value=value.text, unit=unit))
    numbers = tuple(_plain(v.number) for v in found) if series else ()
    measure = desk.catalogue.figures[name].measure
    return MonthFigure(name, title, now.text.removesuffix("%"), measure, "，".join(parts), numbers, rate)


def _months(today: date) -> list[Window]:
    """The running month up to today and the months before it, each as of its own end."""
    out = [Window(month_of(today).start, today, today)]
    while len(out) < SERIES_MONTHS:
        month = month_of(out[0].start - timedelta(days=1))
        out.insert(0, Window(month.start, month.end, month.end))
    return out


def _plain(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


# ---- coverage ------------------------------------------------------------------------------------------------------
def coverage(desk: Desk, kept: Kept | None = None) -> Coverage:
    """Coverage of the year: the largest industries of the VOC firms, sites, gas stations."""
    today = desk.clock.today()
    values = (kept or Kept()).at(_version(desk))
    start, end = date(today.year, 1, 1), date(today.year, 12, 31)
    progress = ((today - start).days + 1) / ((end - start).days + 1)
    if "coverage" not in values:
        calc = computer(desk, str(today.year), today)
        values["coverage"] = [*_industries(desk, calc, progress), *_totals(desk, calc, progress)]
    return Coverage(tuple(values["coverage"]), progress)


def _industries(desk: Desk, calc: Computer, progress: float) -> list[Bar]:
    if "voc_cov_rate" not in desk.catalogue.figures:
        return []
    groups = calc.engine.groups(parse_id("voc_cov_rate"), calc.windows.current, "industry")
    found = [(n, c.hits, c.units) for n, c in groups.items() if c.units]
    largest = sorted(found, key=lambda item: -item[2])[:MOST_INDUSTRIES]
    return [_bar(name, f"voc_cov_rate:industry={name}", done, every, progress) for name, done, every in largest]


def _totals(desk: Desk, calc: Computer, progress: float) -> list[Bar]:
    out = []
    for name, title in (("site_cov", N_("在建工地")), ("gas_cov", N_("加油站"))):
        if name in desk.catalogue.figures:
            value = calc.value(FigureId(name), calc.windows.current)
            if value.denominator:
                out.append(_bar(_(title), name, value.numerator or 0, value.denominator, progress))
    return out


def _bar(title: str, figure: str, done: int, every: int, progress: float) -> Bar:
    behind = math.ceil(every * progress) - done
    if done >= every:
        return Bar(title, figure, done, every, _("全覆盖"), "green")
    if behind > 0:
        return Bar(title, figure, done, every, plural("差 {count} 家", behind), "amber")
    return Bar(title, figure, done, every, _("跟上"), "green")


# ---- drafts --------------------------------------------------------------------------------------------------------
def drafts(desk: Desk, most: int = 5) -> tuple[DraftLine, ...]:
    """This person's drafts, newest first."""
    now = desk.clock.now()
    return tuple(_draft_line(desk, d, now) for d in todo.kept_drafts(desk)[:most])


def _draft_line(desk: Desk, draft: Draft, now: datetime) -> DraftLine:
    form = desk.catalogue.forms[draft.form]
    subject = todo.refs_of(draft, form)
    about = query.ref_name(desk.store, "subject", subject) if subject else ""
    if not about and form.name:
        about = str(draft.content.get(form.name) or "")
    lacking = todo.lacking(desk, draft)
    when = moment_words(draft.saved_at, now)
    words = _("{when}，差 {count} 项").format(when=when, count=lacking) if lacking else when
    return DraftLine(draft.id, form.id, form.title, about, when, lacking, words)
