"""设置: every setting with its effect in one sentence, by group, with a search over them; people, grids, calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from envdesk.desk import office
from envdesk.desk.office import Desk, Done
from envdesk.desk.registers import small_lists
from envdesk.desk.words import Chip
from envdesk.errors import Problem, Refused
from envdesk.formdef.model import SettingDef
from envdesk.i18n import _, plural
from envdesk.store import calendar, lists, sealed
from envdesk.store.lists import Asked
from envdesk.store.search import initials


@dataclass(frozen=True, slots=True)
class Line:
    """One setting.

    Attributes:
        value: as stored ("1"/"0" for a mark); ``text`` as shown.
        default: text of the default; ``changed`` = differs from it.
        counts: it changes figures: printed as 口径, and past sealed figures do not follow it.
        editor: text, int, bool, choice, date or time.
    """

    key: str
    label: str
    help: str
    group: str
    editor: str
    value: str
    text: str
    default: str
    changed: bool
    choices: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Settings of one group."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of changing a setting: the new line, or the problem with what was typed; ``done`` for the undo bar."""

    line: Line
    problem: Problem | None = None
    done: Done | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A small list or table kept here: title, what is in it, a chip when something needs doing, the form to open."""

    id: str
    title: str
    words: str
    form: str
    chip: Chip | None = None


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year of the holiday table: days off on weekdays, working weekends, the notice."""

    year: int
    days_off: int
    weekend_work: int
    missing: bool


# ---- settings ------------------------------------------------------------------------------------------------------
def groups(desk: Desk, search: str = "") -> tuple[Group, ...]:
    """Return the settings by group, in the order of their definitions; with a search only those it finds."""
    words = search.lower().split()
    values = office.settings(desk)
    found: dict[str, list[Line]] = {}
    for definition in desk.catalogue.settings.values():
        if _matches(definition, words):
            found.setdefault(definition.group, []).append(_line(definition, values[definition.key]))
    return tuple(Group(title, tuple(lines)) for title, lines in found.items())


def _matches(definition: SettingDef, words: Sequence[str]) -> bool:
    content = "\n".join((definition.label, definition.help, definition.group, definition.key, *definition.choices))
    content = (content + "\n" + (initials(definition.label) if words else "")).lower()
    return all(w in content for w in words)


def _line(definition: SettingDef, value: str) -> Line:
    default = _stored(definition, str(definition.default))
    value = _stored(definition, value)
    return Line(
        definition.key, definition.label, definition.help, definition.group, definition.type, value,
        _shown(definition, value), _shown(definition, default), value != default, definition.choices, definition.min,
        definition.max, definition.figure,
    )  # fmt: skip


def _stored(definition: SettingDef, value: str) -> str:
    if definition.type == "bool":
        return "1" if value in ("1", "True", "true", "是") else "0"
    return value


def _shown(definition: SettingDef, value: str) -> str:
    if definition.type == "bool":
        return _("是") if value == "1" else _("否")
    return value


def change(desk: Desk, key: str, value: str) -> Changed:
    """Change a setting; a value that does not fit changes nothing and comes back as a problem."""
    definition = desk.catalogue.settings[key]
    try:
        done = office.set_setting(desk, key, value)
    except Refused as exc:
        return Changed(_line(definition, office.setting(desk, key)), exc.all_problems()[0])
    return Changed(_line(definition, office.setting(desk, key)), None, done)


def reset(desk: Desk, key: str) -> Changed:
    """Set a setting back to its default."""
    definition = desk.catalogue.settings[key]
    return change(desk, key, _shown(definition, _stored(definition, str(definition.default))))


# ---- lists and calendar --------------------------------------------------------------------------------------------
def summaries(desk: Desk) -> tuple[Summary, ...]:
    """Return the small lists kept here (people, grids, campaigns, terms …) and the calendar."""
    out = []
    for form in small_lists(desk):
        count = lists.count(desk.store, Asked(form.id))
        words = plural("{count} 条", count)
        shown = None
        if form.states:
            by = dict(lists.groups(desk.store, Asked(form.id), "state"))
            parts = [f"{s.word} {by[s.word]}" for s in reversed(form.states) if by.get(s.word)]
            words = "，".join([words, *parts]) if len(parts) > 1 else words
            if by.get("证件过期"):
                shown = Chip(plural("{count} 人证件过期", by["证件过期"]), "amber", "triangle")
        out.append(Summary(form.id, form.title, words, form.id, shown))
    return (*out, _calendar_summary(desk))


def _calendar_summary(desk: Desk) -> Summary:
    have = calendar.years(desk.store.con)
    words = f"{have[0]}—{have[-1]}" if have else _("没有")
    today = desk.clock.today()
    gap = next((y.year for y in calendar_years(desk) if y.missing), 0)
    shown = None
    if gap and (gap == today.year or today.month >= 11):
        shown = Chip(_("{year} 年未导入").format(year=gap), "amber", "triangle")
    return Summary("calendar", _("节假日表"), words, "", shown)


def calendar_years(desk: Desk) -> tuple[CalendarYear, ...]:
    """Return the years of the holiday table and the next one, newest first."""
    today = desk.clock.today()
    have = calendar.years(desk.store.con)
    wanted = sorted({*have, today.year, today.year + 1}, reverse=True)
    counted = {y: (off, work) for y, off, work in sealed.calendar_counts(desk.store)}
    return tuple(CalendarYear(y, *counted.get(y, (0, 0)), y not in have) for y in wanted)


def import_calendar(desk: Desk, source: Path | str) -> Done:
    """Import a year of holidays: a file (table or notice), or the pasted text."""
    return office.import_calendar(desk, source)


def first_day(desk: Desk) -> date | None:
    """The first day that has records (proposed as 启用日期)."""
    found = sealed.first_day(desk.store)
    return date.fromisoformat(found) if found else None
