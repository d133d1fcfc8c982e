"""What is due, by urgency, and the drafts to finish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from envdesk.desk import todo
from envdesk.desk.office import Desk, setting
from envdesk.desk.registers import TITLES, group_of
from envdesk.desk.steps import Step, step_of
from envdesk.desk.todo import Waiting
from envdesk.desk.words import NEAR, NONE, Chip, cell, counts_workdays, due_chip, headline, moment_words, short_number
from envdesk.figures.period import month_of
from envdesk.i18n import N_, _, language, plural
from envdesk.store import query
from envdesk.store.drafts import Draft

WEEKDAYS = "一二三四五六日"
#: Groups of the list: id → (title, tone).
GROUPS = {
    "late": (N_("已超期"), "red"), "today": (N_("今天到期"), "amber"), "near": (N_("3个工作日内"), "amber"),
    "month": (N_("本月要办"), ""),
}  # fmt: skip
#: From so many on, sheets about different subjects that wait for the same thing are one line.
GATHERED = 2
#: Characters of what a record is about; the list cuts them to its own width.
MATTER = 120


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
    """The list with the head of the page.

    Attributes:
        date_words: 2026年10月9日 星期五.
        done: how many records this person saved today.
        later: due after this month.
        bare: nothing was ever registered here.
    """

    date_words: str
    groups: tuple[Group, ...]
    done: int
    later: int
    bare: bool = False


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


# ---- due list ------------------------------------------------------------------------------------------------------
def due_list(desk: Desk, on: date | None = None) -> DueList:
    """Read everything due until the end of the month, by urgency; once until a row of the file or the minute changes.

    *on* a later day: as it will be then if nothing is done until then.
    """
    now = desk.clock.today()
    if on is not None and on > now:
        return _due_list(desk, on, ahead=True)
    minute = desk.clock.now().isoformat(timespec="minutes")
    return desk.store.kept.answer("due list", (minute, desk.operator, language()), lambda: _due_list(desk, now))


def _due_list(desk: Desk, today: date, *, ahead: bool = False) -> DueList:
    end = month_of(today).end
    near = todo.next_workday(desk, today, NEAR + 1) - timedelta(days=1)  # with days off behind the last of them
    found = todo.waiting(desk, date.max, today)
    lines = [
        *_gathered([w for w in found if w.item.due <= max(end, near).isoformat()], today),
        *_report_line(desk, today),
    ]
    groups = []
    for name, (title, tone) in GROUPS.items():
        mine = sorted((line for line in lines if line.group == name), key=lambda x: (x.due, x.what))
        if mine:
            count = sum(len(x.records) or 1 for x in mine)
            note = _group_note(desk, name, today, near, ahead=ahead)
            groups.append(Group(name, _(title), tone, note, tuple(mine), count))
    later = sum(1 for w in found if w.item.due > max(end, near).isoformat())
    if ahead:
        groups = [_then(group) for group in groups]
    done, bare = todo.done_today(desk), not found and todo.is_bare(desk)
    return DueList(_date_words(today), tuple(groups), done, later, bare)


def _then(group: Group) -> Group:
    """A group seen from another day: what is due on that day is not due today."""
    if group.id != "today":
        return group
    chip = Chip(_("当天到期"), "amber", "triangle")
    lines = tuple(replace(x, chip=chip) if not x.records else x for x in group.lines)
    return replace(group, title=_("当天到期"), lines=lines)


def counters(desk: Desk) -> dict[str, int]:
    """The counters of the rail (today and the groups): how many wait until three working days from now.

    Today's is the sum of the list's heads but the last.
    """
    out = dict.fromkeys(("today", *TITLES), 0)
    for item in todo.due(desk):
        if item.workdays_left <= NEAR:
            for name in ("today", group_of(desk.catalogue.forms[item.form])):
                if name:
                    out[name] += 1
    out["today"] += sum(line.group != "month" for line in _report_line(desk, desk.clock.today()))
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
        group, group_of(form), headline(form, w.row, w.names, MATTER), f"{item.what} {number}".strip(), _who(w), item.due,
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


def _group_note(desk: Desk, name: str, today: date, near: date, *, ahead: bool = False) -> str:
    if name == "late":
        return _("超期天数：整改按自然日，工单按工作日")
    if name == "today":
        return _("{month}月{day}日").format(month=today.month, day=today.day)
    if name == "near":
        text = _("到 {month}月{day}日").format(month=near.month, day=near.day)
        tomorrow = today + timedelta(days=1)
        works = todo.is_workday(desk, tomorrow)
        if not ahead and works != (tomorrow.weekday() < 5):
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
