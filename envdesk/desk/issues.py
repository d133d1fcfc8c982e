"""出具: every official paper gets a number, is kept as it was given out, and can be told by its 校验码."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envdesk.desk import corrections, reports
from envdesk.desk.figures import computer
from envdesk.desk.office import Desk, Done
from envdesk.desk.reports import Computed
from envdesk.errors import guess, refuse
from envdesk.figures.earlier import named
from envdesk.i18n import _, plural
from envdesk.store import issued, sealed
from envdesk.store.attachments import write_durably
from envdesk.store.issued import Issue
from envdesk.store.operations import acknowledge

if TYPE_CHECKING:
    from envdesk.reports.document import Rendered

CODE = re.compile(r"[0-9A-F]{12}")
PRINTED = re.compile(r"[0-9A-F]{4}(-[0-9A-F]{4}){2}")


@dataclass(frozen=True, slots=True)
class Given:
    """A paper as it is given out. ``again``: the very paper that was given out before."""

    no: int
    number: str
    data: bytes
    pages: int
    notes: tuple[str, ...] = ()
    again: bool = False


def issue(desk: Desk, made: Computed, out: Path | None = None, *, parts: str = "", kind: str = ".pdf") -> Done:
    """Give out the official paper of a report: number it, keep it, write it into a file.

    The paper of a sealed period is given out once for each format: whoever prints it again gets the same bytes.

    Returns:
        ``out``, ``pages``, ``notes``, ``warnings`` (acknowledged by printing), ``number``, ``code``, ``given``.

    Raises:
        Refused: ``report_blocked``, or the file cannot be written (then no number is used up).
    """
    reports.allow(made)
    kind = out.suffix.lower() if out is not None else kind
    with desk.store.con.atomic():
        given = give_out(
            desk, facts(desk, made, parts=parts or made.parts, kind=kind),
            lambda number: reports.paper(desk, made, number=number, kind=kind),
            {name: w.text for name, w in made.words.items()}, seal=made.seal, out=out,
        )  # fmt: skip
        if not given.again:
            acknowledge(desk.store, given.number, ((f.rule, f.message) for f in made.warned))
    return Done(
        {
            "out": str(out or ""), "pages": given.pages, "notes": given.notes, "warnings": made.warned,
            "number": given.number, "code": reports.check_code(desk, made), "given": given,
        },
        frozenset({"issued"}),
    )  # fmt: skip


def facts(desk: Desk, made: Computed, *, parts: str = "", kind: str = ".pdf") -> dict[str, str]:
    """What is noted of a paper."""
    calc = made.calc
    return {
        "start": calc.period.start.isoformat(), "end": calc.period.end.isoformat(), "cut": calc.cut.isoformat(),
        "template": made.layout.id, "title": made.layout.title, "parts": parts, "format": kind[1:],
        "code": reports.check_code(desk, made),
    }  # fmt: skip


def give_out(
    desk: Desk,
    of: Mapping[str, str],
    render: Callable[[str], Rendered],
    figures: Mapping[str, str],
    *,
    seal: int = 0,
    out: Path | None = None,
    once: bool = False,
) -> Given:
    """Number any official paper, keep it, and write it into a file; all or nothing.

    Args:
        desk: open desk.
        of: start, end, cut, template, title, parts, format, code.
        render: makes the file with its 出具编号 on it.
        figures: figure id → printed text, to tell later what has changed.
        seal: number of the seal it is drawn from, 0 = live.
        out: file to write.
        once: what has the same code is the same paper, though nothing is sealed.
    """
    store = desk.store
    with store.con.atomic():
        before = _before(desk, of, seal) if seal or once else None
        if before is not None:
            given = Given(before.no, before.number, issued.data(store, before.no), before.pages, again=True)
        else:
            number = issued.next_number(store, desk.clock.today().year)
            made = render(number)
            no = issued.keep(store, number, of, seal, figures, made)
            given = Given(no, number, made.data, made.pages, made.notes)
        if out is not None:
            write_durably(out, given.data)
    return given


def _before(desk: Desk, of: Mapping[str, str], seal: int) -> Issue | None:
    """The same paper, when it was given out already."""
    for paper in issued.issues(desk.store, start=of["start"], end=of["end"], code=of["code"]):
        if paper.seal == seal and all(getattr(paper, k) == of[k] for k in ("template", "parts", "format", "cut")):
            return paper
    return None


def papers(desk: Desk, period: str = "") -> list[Issue]:
    """Papers that were given out, newest first; those of a period or all."""
    if not period:
        return issued.issues(desk.store)
    found = computer(desk, period).period
    return issued.issues(desk.store, start=found.start.isoformat(), end=found.end.isoformat())


def find(desk: Desk, number: str) -> Issue:
    """A paper by its 出具编号.

    Raises:
        Refused: ``unknown_issue``.
    """
    found = issued.issues(desk.store, number=number.strip())
    if not found:
        known = [p.number for p in issued.issues(desk.store)]
        raise refuse("unknown_issue", number=number, guess=guess(number, known))
    return found[0]


def reissue(desk: Desk, number: str, out: Path) -> Done:
    """Write a paper that was given out once more, byte for byte.

    Raises:
        Refused: ``unknown_issue``, or the file has another ending.
    """
    paper = find(desk, number)
    reports.expect(out, f".{paper.format}")
    write_durably(out, issued.data(desk.store, paper.no))
    return Done({"out": str(out), "number": paper.number, "code": paper.code})


# ---- 校验码 --------------------------------------------------------------------------------------------------------
def normal(code: str) -> str:
    """A 校验码 as printed, from what was typed or scanned (the QR code holds the period, too)."""
    text = code.strip().rpartition(";")[2].translate({n + 0xFEE0: n for n in range(0x21, 0x7F)}).upper()
    plain = re.sub(r"[^0-9A-Z]", "", text)
    return "-".join(plain[i : i + 4] for i in range(0, 12, 4)) if CODE.fullmatch(plain) else text


def check(desk: Desk, code: str) -> dict[str, Any]:
    """Tell which paper a 校验码 belongs to.

    Returns:
        ``code``, ``period``, ``template``, ``name`` (its title), ``cut``, ``sealed`` (who, when, opened_at) or None, ``issued`` (papers),
        ``equal`` (today's figures give the same code; None = cannot be told), ``changes``, ``message``.

    Raises:
        Refused: ``unknown_code``.
    """
    wanted = normal(code)
    found = issued.issues(desk.store, code=wanted) if PRINTED.fullmatch(wanted) else []
    seal = next((s for s in sealed.seals(desk.store) if wanted in _codes(desk, s.no).values()), None)
    if not found and seal is None:
        raise refuse("unknown_code", value=wanted)
    if seal is not None:
        start, end, cut = seal.start, seal.end, seal.cut
        template = next(name for name, c in _codes(desk, seal.no).items() if c == wanted)
    else:
        start, end, cut, template = found[0].start, found[0].end, found[0].cut, found[0].template
    period = named(date.fromisoformat(start), date.fromisoformat(end))
    told: dict[str, Any] = {
        "code": wanted, "match": True, "period": period.text, "title": period.title, "template": template, "cut": cut,
        "sealed": seal and {"at": seal.sealed_at, "by": seal.sealed_by, "opened_at": seal.opened_at or None},
        "issued": [{"number": p.number, "at": p.made_at, "by": p.made_by, "format": p.format} for p in found],
    }  # fmt: skip
    titles = {t.id: t.title for t in reports.templates(desk)}
    told["name"] = titles.get(template) or (found[0].title if found else template)
    told |= _today(desk, period.text, cut, template, wanted, found)
    return told | {"message": _message(told)}


def _codes(desk: Desk, seal: int) -> Mapping[str, str]:
    """Template → 校验码 of a seal."""
    from envdesk.figures.frozen import unpack

    content = sealed.content(desk.store, seal)
    return dict(unpack(content).paper["codes"]) if content is not None else {}


def _today(desk: Desk, period: str, cut: str, template: str, code: str, found: list[Issue]) -> dict[str, Any]:
    """Whether the records of today give the same paper."""
    if template not in {t.id for t in reports.templates(desk)}:
        return {"equal": None, "changes": []}
    now = reports.compute(desk, period, template=template, live=True, cut=date.fromisoformat(cut))
    if reports.check_code(desk, now) == code:
        return {"equal": True, "changes": []}
    then = found[0].figures if found else {}
    changed = [
        {"id": name, "title": w.title, "then": then[name], "now": w.text}
        for name, w in now.words.items()
        if name in then and then[name] != w.text
    ] or [
        {"id": d.id, "title": d.title, "then": d.then, "now": d.now}
        for d in corrections.since_signed(now.calc, list(now.words))
    ]
    return {"equal": False, "changes": changed}


def _message(told: Mapping[str, Any]) -> str:
    parts = [
        _("校验码 {code} 对应{period}的报表（{template}，数据截至 {cut}）").format(
            code=told["code"],
            period=told["title"],
            template=told["name"],
            cut=told["cut"],
        )
    ]
    seal = told["sealed"]
    if seal and seal["opened_at"]:
        parts.append(_("曾月结，{day} 已解除").format(day=seal["opened_at"][:10]))
    elif seal:
        parts.append(_("与月结一致（{day}，{who}）").format(day=seal["at"][:10], who=seal["by"]))
    papers_of = told["issued"]
    if papers_of:
        last = papers_of[0]
        at = last["at"][:16].replace("T", " ")
        parts.append(
            plural("出具过 {count} 份，最近一份 {number}（{at}）", len(papers_of), number=last["number"], at=at)
        )
    if told["equal"]:
        parts.append(_("各数与现在的台账一致"))
    elif told["equal"] is not None:
        changed = "、".join(f"{c['title']} {c['then']}→{c['now']}" for c in told["changes"][:5])
        parts.append(_("与现在的台账不同") + (f"：{changed}" if changed else ""))
    return "；".join(parts) + "。"
