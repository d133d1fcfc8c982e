"""Standing facts of the status bar: the last backup, a holiday table that will be missing soon."""

from __future__ import annotations

from dataclasses import dataclass

from envdesk.desk import todo
from envdesk.desk.office import Desk
from envdesk.i18n import _, plural
from envdesk.store import backup

#: Days without a backup from which it is said in amber.
OLD = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its words ("" = nothing to say), tone soft or amber."""

    words: str
    tone: str = "soft"


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands at the right of the status bar."""

    backup: Fact
    calendar: Fact


def facts(desk: Desk) -> Facts:
    """Read the facts."""
    return Facts(_backup(desk), _calendar(desk))


def _backup(desk: Desk) -> Fact:
    found = backup.backups(desk.store.path)
    if not found:
        return Fact(_("还没有备份"), "amber")
    made, now = backup.made_at(found[-1]), desk.clock.now()
    days = (now.date() - made.date()).days
    if days <= 0:
        when = _("今天 {time}").format(time=made.strftime("%H:%M"))
    elif days == 1:
        when = _("昨天 {time}").format(time=made.strftime("%H:%M"))
    else:
        when = plural("{count}天前", days)
    words = _("备份：{when} 已验证").format(when=when)  # a backup that could not be opened and compared is not kept
    return Fact(words, "amber" if days > OLD else "soft")


def _calendar(desk: Desk) -> Fact:
    year = todo.calendar_gap(desk)
    return Fact(_("节假日表：{year} 未导入").format(year=year), "amber") if year else Fact("")
