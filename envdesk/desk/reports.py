"""Printed papers: the summary of a period and the sheet of one record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from envdesk.desk.figures import computer
from envdesk.desk.office import Desk, Done, setting
from envdesk.desk.records import reveal_log
from envdesk.errors import guess, refuse
from envdesk.figures.compute import Computer, Result
from envdesk.figures.numbers import NONE, exact, rate_text
from envdesk.figures.reconcile import Finding, blocked, reconcile
from envdesk.i18n import _
from envdesk.store import attachments, query
from envdesk.store.attachments import write_durably
from envdesk.store.reader import resolve
from envdesk.store.versions import form_at

if TYPE_CHECKING:
    from envdesk.reports.document import Rendered
    from envdesk.reports.template import Template


@dataclass(frozen=True, slots=True)
class Printed:
    """A result as the table prints it: strings only (envdesk.reports.monthly.Result)."""

    id: str
    title: str
    measure: str
    text: str
    year_to_date: str
    last_year: str
    previous: str
    change_last_year: str
    change_previous: str
    target: str
    completion: str
    marked: tuple[str, ...]
    numerator: int | None = None
    denominator: int | None = None
    note: str = ""


def printed(result: Result, target: int | None) -> Printed:
    """Word a result for paper, with its yearly target when there is one."""
    ytd = result.year_to_date
    completion = NONE
    if target and ytd.raw is not None and result.kind != "rate":
        completion = rate_text(exact(ytd.raw), target)
    return Printed(
        id=result.id, title=result.title, measure=result.measure, text=result.text, year_to_date=ytd.text,
        last_year=result.last_year.text if result.last_year else NONE,
        previous=result.previous.text if result.previous else NONE, change_last_year=result.change_last_year,
        change_previous=result.change_previous, target=str(target) if target else NONE, completion=completion,
        marked=result.marks, numerator=result.current.numerator, denominator=result.current.denominator,
    )  # fmt: skip


def check_code(desk: Desk, calc: Computer, results: Mapping[str, Result]) -> str:
    """校验码: a hash over office, period, cut-off and every printed figure, so that two papers can be compared."""
    lines = [desk.store.office, calc.period.start.isoformat(), calc.period.end.isoformat(), calc.cut.isoformat()]
    lines += [f"{key}={r.text}|{r.year_to_date.text}" for key, r in sorted(results.items())]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest().upper()
    return "-".join(digest[i : i + 4] for i in range(0, 12, 4))


def caliber(desk: Desk) -> tuple[str, ...]:
    """统计口径 as the office has set it (domain.md §0.1, §0.3)."""
    by_visit = setting(desk, "person_times_by") == "检查"
    with_dups = setting(desk, "wo_rate_dups") in ("1", "True", "true")
    return (
        _("“家”为去重后的监管对象数，“家次、个次、河次”为检查巡查次数"),
        _("出动人次按每次检查的人数计") if by_visit else _("出动人次按每次出动的实到人数计"),
        _("办结率为本期收到且截至日已办结件数与本期收到件数（含重复件）之比")
        if with_dups
        else _("办结率为本期收到且截至日已办结件数与本期收到件数（不含重复件）之比"),
        _("按时办结率不含未到期工单"),
        _("完成率为本年累计与全年任务数之比"),
    )


@dataclass(frozen=True, slots=True)
class Computed:
    """A report's figures for one period, computed once for paper, preview and evidence."""

    layout: Template
    calc: Computer
    findings: list[Finding]
    results: dict[str, Result]
    words: dict[str, Printed]

    @property
    def stopped(self) -> list[Finding]:
        """Rules that stop the official print."""
        return blocked(self.findings)


def templates(desk: Desk) -> list[Template]:  # noqa: ARG001 - an office may get its own beside its file
    """Return the report templates."""
    from envdesk import paths
    from envdesk.reports.template import load_template

    return [load_template(p.stem) for p in sorted(paths.resource("reports").glob("*.toml"))]


def compute(desk: Desk, period: str, *, template: str = "monthly") -> Computed:
    """Compute everything a report of a period says; refuses nothing."""
    from envdesk.reports.template import load_template

    layout = load_template(template)
    calc = computer(desk, period)
    findings = reconcile(calc)
    known = desk.catalogue.figures
    results = calc.results(f for f in layout.needed if f.partition(":")[0] in known)
    targets = query.targets(desk.store, calc.cut.year if calc.cut < calc.period.end else calc.period.end.year, calc.cut)
    return Computed(layout, calc, findings, results, {key: printed(r, targets.get(key)) for key, r in results.items()})


def paper(desk: Desk, made: Computed, *, draft: bool = False, kind: str = ".pdf") -> Rendered:
    """Print a computed report as PDF, DOCX or XLSX. A failed block rule refuses the official print, never a draft.

    Raises:
        Refused: ``report_blocked``.
    """
    from envdesk.reports.monthly import ReportContext, compose_monthly
    from envdesk.reports.render import render

    if made.stopped and not draft:
        raise refuse("report_blocked", rules="；".join(f"{f.rule} {f.message}" for f in made.stopped))
    calc = made.calc
    context = ReportContext(
        office=setting(desk, "office_name"), start=calc.period.start, end=calc.period.end, cut=calc.cut,
        generated=desk.clock.now(), district=setting(desk, "district"), caliber=caliber(desk),
        notes=notes(calc, made.findings), draft=draft,
        check_code=None if draft else check_code(desk, calc, made.results), phone=setting(desk, "contact_phone"),
    )  # fmt: skip
    return render(compose_monthly(made.layout, made.words, context), kind)


def report(desk: Desk, period: str, out: Path, *, template: str = "monthly", draft: bool = False) -> Done:
    """Print the summary of a period into a file."""
    _expect(out)
    made = compute(desk, period, template=template)
    sheet_of = paper(desk, made, draft=draft, kind=out.suffix)
    write_durably(out, sheet_of.data)
    return Done({"out": str(out), "pages": sheet_of.pages, "notes": sheet_of.notes, "findings": made.findings})


def notes(calc: Computer, findings: list[Finding]) -> tuple[str, ...]:
    """Sentences printed below the table: where open orders come from, and the notes that rules ask for."""
    known = calc.store.catalogue.figures
    out: list[str] = []
    names = ("wo_received", "wo_carry_in", "wo_throughput", "wo_open_end")
    if all(n in known for n in names):
        received, carried, closed, left = (calc.result(n).text for n in names)
        out.append(
            _("本期收到{received}件，上期结转{carried}件，本期办结{closed}件，期末在办{left}件。").format(
                received=received, carried=carried, closed=closed, left=left
            )
        )
    out += [f.message for f in findings if f.level == "note" and f.status == "fail"]
    return tuple(out)


def sheet(
    desk: Desk, form_id: str, rec: str, out: Path, *, blank: bool = False, reveal: bool = False, why: str = ""
) -> Done:
    """Print the sheet of one record, or the empty one to fill by hand."""
    from envdesk.reports.render import render
    from envdesk.reports.sheet import compose_sheet
    from envdesk.reports.sheet_values import SheetContext

    _expect(out)
    form = desk.catalogue.form(form_id)
    context = SheetContext(
        office=setting(desk, "office_name"), generated=desk.clock.now(), reveal=reveal, labels=wording(desk, form_id),
        photo=lambda row: attachments.read_or_none(desk.store, row["sha256"]),
    )  # fmt: skip
    if blank:
        paper_of = compose_sheet(form, None, context)
    else:
        found = resolve(desk.store, form_id, rec)
        form = form_at(desk.store, form_id, query.fetch(desk.store, form, found)["form_version"])
        row = query.fetch(desk.store, form, found)
        if reveal:
            reveal_log(desk, form, [row["id"]], why)
        paper_of = compose_sheet(form, query.display(desk.store, form, row), context)
    made = render(paper_of, out.suffix)
    write_durably(out, made.data)
    return Done({"out": str(out), "pages": made.pages, "notes": made.notes})


def wording(desk: Desk, form_id: str) -> Mapping[str, str]:
    """Labels of the wording set the office has chosen for a form."""
    form = desk.catalogue.form(form_id)
    return form.label_sets.get(setting(desk, form.label_setting), {}) if form.label_setting else {}


def _expect(out: Path) -> None:
    from envdesk.reports.render import FORMATS

    if out.suffix.lower() not in FORMATS:
        raise refuse("bad_out", path=str(out), expected="、".join(FORMATS), guess=guess(out.suffix, list(FORMATS)))
