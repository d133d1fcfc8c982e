"""Files before they are merged: a trial says what would happen, and what to do about a file that can not be taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from envdesk.desk import district
from envdesk.desk.office import Desk, Done
from envdesk.errors import Refused
from envdesk.exchange.merge import Receipt
from envdesk.i18n import N_, _

Told = Callable[[int, int, str], object]
#: Code of a refusal → what to do about it.
ADVICE = {
    "package_broken": N_("文件在路上坏了，或者被改过。请街道重新写入U盘，再收一次。"),
    "package_key": N_("文件加了口令，填上口令再打开。口令由街道另行告知。"),
    "package_newer": N_("街道用的程序比这里的新。先升级这里的程序，再收一次。"),
    "merge_source": N_("请核对是不是拿错了文件。"),
    "merge_twin": N_("请街道核对单位代码和台号，改正后重新报。"),
    "db_missing": N_("U盘可能已经拔出。插好以后再收一次。"),
}
#: Reason of a trial in a sealed period; it is never stored.
_WHY = "试合并"


@dataclass(frozen=True, slots=True)
class Trial:
    """A file that was looked at.

    Attributes:
        receipt: what would become of it.
        sealed: it has records in a period the district has sealed, merging it wants a reason.
        wrong: the passphrase that was tried does not open it.
    """

    path: Path
    receipt: Receipt
    sealed: bool = False
    phrase: str = field(default="", repr=False)

    @property
    def locked(self) -> bool:
        """True when a passphrase is wanted."""
        return self.receipt.problem is not None and self.receipt.problem.code == "package_key"

    @property
    def wrong(self) -> bool:
        """True when the passphrase given does not open it."""
        return self.locked and bool(self.phrase)

    @property
    def refused(self) -> bool:
        """True when nothing of it can be taken."""
        return self.receipt.problem is not None and not self.locked

    @property
    def passed(self) -> bool:
        """True when it can be merged."""
        return self.receipt.problem is None

    @property
    def nothing(self) -> bool:
        """True when this very file was merged before and has nothing new."""
        states = ("new", "updated", "conflict", "gone")
        return self.passed and self.receipt.again and not any(self.receipt.total(s) for s in states)


def trial(
    desk: Desk, paths: Sequence[Path], phrases: Mapping[Path, str], told: Told | None = None
) -> tuple[Trial, ...]:
    """Look at files without storing anything; each file once, in the order they were given."""
    files = list(dict.fromkeys(paths))
    sealed = False
    try:
        made = district.merge(desk, files, phrases=phrases, dry_run=True, told=told).value
    except Refused as exc:
        if exc.code != "sealed":
            raise
        sealed = True
        made = district.merge(desk, files, phrases=phrases, why=_WHY, dry_run=True, told=told).value
    return tuple(
        Trial(path, receipt, sealed and receipt.problem is None, phrases.get(path, ""))
        for path, receipt in zip(files, made.receipts, strict=True)
    )


def take(desk: Desk, trials: Sequence[Trial], why: str = "", told: Told | None = None) -> Done:
    """Merge files that were looked at, in one operation; the value is :class:`envdesk.exchange.merge.Merged`.

    Raises:
        Refused: ``sealed`` when *why* is wanted.
    """
    phrases = {t.path: t.phrase for t in trials if t.phrase}
    return district.merge(desk, [t.path for t in trials], phrases=phrases, why=why, told=told)


def advice(found: Trial) -> tuple[str, str]:
    """What is wrong with a file, and what to do about it."""
    problem = found.receipt.problem
    if problem is None:
        return "", ""
    return problem.message.replace(str(found.path), found.path.name), _(ADVICE.get(problem.code, ""))
