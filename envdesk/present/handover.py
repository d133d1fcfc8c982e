"""上报: the steps from a checked month to a file on the stick that was read back. One state, shown on one page.

check → sealed → masked → write → read back → receipt
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from envdesk.desk.figures import reconcile
from envdesk.desk.office import Desk, setting
from envdesk.errors import Problem, Refused, problem
from envdesk.figures.finding import Finding
from envdesk.figures.period import month_of, parse_period
from envdesk.figures.reconcile import blocked
from envdesk.formdef.model import Field
from envdesk.i18n import N_, _, plural
from envdesk.store import sealed

if TYPE_CHECKING:
    from envdesk.exchange.package_check import Package

TITLES = {
    "check": N_("核对"), "sealed": N_("月结"), "masked": N_("遮盖"), "write": N_("写入"), "verified": N_("读回"),
    "receipt": N_("回执"),
}  # fmt: skip
#: Room wanted beside the file itself.
SPARE_MB = 16


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``status``: done, warn (may go on), stop (has to be put right), next or later."""

    id: str
    title: str
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class Masked:
    """What leaves the office and what does not: a form, its masked fields, and the words for it."""

    form: str
    title: str
    fields: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Handover:
    """The state of the page. Functions below take one and return the next.

    Attributes:
        period: text of the period ("" = everything).
        bare: without attachments, all personal data masked.
        encrypted: a passphrase is used (the words themselves are not kept here).
        file, written: where the package is; ``written`` what proved it.
        again: what reading the file back said.
    """

    period: str
    title: str
    findings: tuple[Finding, ...]
    is_sealed: bool
    masked: tuple[Masked, ...]
    bare: bool = False
    encrypted: bool = False
    file: Path | None = None
    written: Package | None = None
    again: Package | None = None
    problem: Problem | None = None
    receipt: str = ""

    @property
    def blocked(self) -> bool:
        """True when a rule stops the month."""
        return bool(blocked(list(self.findings)))

    def steps(self) -> tuple[Step, ...]:
        """The steps with their status and words."""
        stopped, warned = blocked(list(self.findings)), [f for f in self.findings if _warns(f)]
        check = _("勾稽全部通过") if not warned else plural("{count} 项提示，可以上报", len(warned))
        if stopped:
            check = plural("{count} 项不通过，请先改正", len(stopped))
        seal = _("已月结，数不会再变") if self.is_sealed else _("还没有月结，以后的改动会使两处的数不同")
        fields = sum(len(m.fields) for m in self.masked)
        mask = _("{count} 项个人信息遮盖后上报").format(count=fields)
        found = [
            ("check", "stop" if stopped else "warn" if warned else "done", check),
            ("sealed", "done" if self.is_sealed else "warn", seal),
            ("masked", "done", mask),
            ("write", _written(self), _written_words(self)),
            ("verified", "done" if self.again else "next" if self.written else "later", _read_words(self)),
            (
                "receipt",
                "done" if self.receipt else "next" if self.again else "later",
                self.receipt or _("等区里的回执"),
            ),
        ]
        return tuple(Step(name, _(TITLES[name]), status, words) for name, status, words in found)


def _warns(f: Finding) -> bool:
    return f.level == "warn" and f.status == "fail"


def _written(state: Handover) -> str:
    if state.problem is not None and state.written is None:
        return "stop"
    return "done" if state.written else "later" if state.blocked else "next"


def _written_words(state: Handover) -> str:
    if state.written is not None and state.file is not None:
        count = plural("{count} 条记录", sum(state.written.counts.values()))
        return _("{file}，{count}").format(file=state.file.name, count=count)
    return state.problem.message if state.problem is not None else _("插入U盘，选好位置后写入")


def _read_words(state: Handover) -> str:
    if state.again is None:
        return _("写完后从U盘读回核对")
    return _("读回一致，校验值 {code}").format(code="-".join(_code(state.again.sha256)))


def _code(sha256: str) -> Sequence[str]:
    return [sha256[i : i + 4].upper() for i in range(0, 12, 4)]


# ---- the steps -----------------------------------------------------------------------------------------------------
def start(desk: Desk, period: str = "") -> Handover:
    """Check a period (default: last month)."""
    if not period:
        today = desk.clock.today()
        period = month_of(month_of(today).start - timedelta(days=1)).text
    found = parse_period(period)
    spans = sealed.sealed_spans(desk.store)
    return Handover(
        period, found.title, tuple(reconcile(desk, period)),
        (found.start.isoformat(), found.end.isoformat()) in spans, _masked(desk, bare=False),
    )  # fmt: skip


def choose(desk: Desk, state: Handover, *, bare: bool) -> Handover:
    """With or without attachments and subjects' personal data."""
    return replace(state, bare=bare, masked=_masked(desk, bare=bare), written=None, again=None, problem=None)


def _masked(desk: Desk, *, bare: bool) -> tuple[Masked, ...]:
    """Fields that leave the office masked: complainants always, subjects' people too when it goes out bare."""
    out = []
    for form in desk.catalogue.forms.values():
        fields = [f for f in form.own if _hides(f, bare=bare)]
        if fields:
            out.append(Masked(form.id, form.title, tuple(f.label for f in fields), len(fields)))
    return tuple(out)


def _hides(f: Field, *, bare: bool) -> bool:
    return bool(f.secret) or (bare and bool(f.pii))


def file_name(desk: Desk, state: Handover) -> str:
    """Return the usual name of the package: 均禾街道综合执法办 2026年9月.envpack."""
    name = setting(desk, "office_name") or desk.store.office
    return "".join(c for c in f"{name} {state.title}" if c not in '\\/:*?"<>|') + ".envpack"


def write(desk: Desk, state: Handover, out: Path, passphrase: str = "") -> Handover:
    """Write the package; a full stick or a place that can not be written comes back as the problem."""
    from envdesk.exchange.package import export

    shortage = _shortage(desk, out, bare=state.bare)
    if shortage is not None:
        return replace(state, file=out, written=None, again=None, problem=shortage)
    period = parse_period(state.period) if state.period else None
    try:
        made = export(desk.store, out, period=period, bare=state.bare, passphrase=passphrase or None)
    except Refused as exc:
        return replace(state, file=out, written=None, again=None, problem=exc.all_problems()[0])
    return replace(state, file=out, written=made, again=None, problem=None, encrypted=bool(passphrase))


def read_back(state: Handover, passphrase: str = "") -> Handover:
    """Read the written file again, as the district will."""
    from envdesk.exchange.package_check import verify

    if state.file is None or state.written is None:
        return state
    try:
        found = verify(state.file, passphrase=passphrase or None)
    except Refused as exc:
        return replace(state, again=None, problem=exc.all_problems()[0])
    if found.sha256 != state.written.sha256:
        return replace(state, again=None, problem=problem("package_broken", path=state.file.name, detail=_("内容已变")))
    return replace(state, again=found, problem=None)


def _shortage(desk: Desk, out: Path, *, bare: bool) -> Problem | None:
    """Too little room for the package at its place; nothing is written then."""
    try:
        free = shutil.disk_usage(out.parent).free
    except OSError:
        return None  # the writing itself says what is wrong
    wanted = desk.path.stat().st_size + SPARE_MB * 2**20
    if not bare and desk.store.files_dir.is_dir():
        wanted += sum(p.stat().st_size for p in desk.store.files_dir.rglob("*") if p.is_file())
    if free >= wanted:
        return None
    short = -(-(wanted - free) // 2**20)
    return Problem("disk_full", _("U盘已满，还差 {size} MB，记录没有丢失。").format(size=short))
