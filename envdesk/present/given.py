"""已出具: official papers of a report, given out with a number, listed and saved again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from envdesk.desk import issues, narratives
from envdesk.desk.office import Desk, Done
from envdesk.desk.words import day_words
from envdesk.figures.earlier import named
from envdesk.present.report_preview import Report
from envdesk.reports.narrative import Narrative


def with_evidence(report: Report, *, on: bool) -> Report:
    """The report with the records behind its figures on pages after the table, or without."""
    return replace(report, computed=replace(report.computed, evidence=on))


def give_out(desk: Desk, report: Report) -> Done:
    """The official paper as PDF for the printer: numbered and kept; ``given.data`` are its bytes."""
    if isinstance(report.computed.layout, Narrative):
        return issues.issue(desk, report.computed, parts=narratives.parts(desk, report.computed))
    return issues.issue(desk, report.computed)


@dataclass(frozen=True, slots=True)
class GivenOut:
    """A paper of this period that was given out: its number, title, kind of file, and when and by whom it was."""

    number: str
    title: str
    format: str
    day: str
    by: str


def given_out(desk: Desk, report: Report) -> tuple[GivenOut, ...]:
    """Papers of this period that were given out, newest first."""
    today = desk.clock.today()
    return tuple(
        GivenOut(p.number, p.title, p.format, day_words(p.made_at[:10], today), p.made_by)
        for p in issues.papers(desk, report.period.text)
    )


def save_again(desk: Desk, number: str, out: Path) -> Done:
    """Write a paper that was given out once more, byte for byte."""
    return issues.reissue(desk, number, out)


@dataclass(frozen=True, slots=True)
class GivenPaper:
    """Any paper that was given out; ``at`` = 2026-10-02 09:41."""

    number: str
    span: str
    title: str
    format: str
    code: str
    at: str
    who: str


def all_given(desk: Desk) -> tuple[GivenPaper, ...]:
    """All papers that were given out, newest first."""
    return tuple(
        GivenPaper(
            p.number, named(date.fromisoformat(p.start), date.fromisoformat(p.end)).title,
            p.title + (f"（{p.parts}）" if p.parts else ""), p.format, p.code, p.made_at[:16].replace("T", " "), p.made_by,
        )
        for p in issues.papers(desk)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """Whose a 校验码 is; ``tone`` green = the ledger still says the same, amber = not; ``number`` of its newest paper."""

    words: str
    tone: str
    number: str = ""


def check_code(desk: Desk, code: str) -> CodeAnswer:
    """Tell which paper a 校验码 belongs to.

    Raises:
        Refused: ``unknown_code``.
    """
    found = issues.check(desk, code)
    numbers = [paper["number"] for paper in found["issued"]]
    tone = {True: "green", False: "amber"}.get(found["equal"], "")
    return CodeAnswer(found["message"], tone, numbers[0] if numbers else "")
