"""Printed papers: the summary of a period and the sheet of one record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from envdesk.desk import charts, corrections, own_reports, sources
from envdesk.desk.figures import computer
from envdesk.desk.office import Desk, Done, setting
from envdesk.errors import guess, refuse
from envdesk.figures.compute import Computer, Result
from envdesk.figures.finding import Finding
from envdesk.figures.frozen import Answers, Frozen, Source, pack, unpack
from envdesk.figures.numbers import NONE, exact, rate_text
from envdesk.figures.reconcile import blocked, reconcile
from envdesk.i18n import _
from envdesk.store import query, sealed
from envdesk.store.attachments import write_durably

if TYPE_CHECKING:
    from envdesk.reports.document import Chart, Rendered
    from envdesk.reports.monthly import ReportContext
    from envdesk.reports.narrative import Narrative
    from envdesk.reports.template import Template


#: A switch that is on, as stored or as its definition has it.
YES = ("1", "True", "true")


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


def check_code(desk: Desk, made: Computed) -> str:
    """校验码: a hash over office, period, cut-off, template and every printed figure, the same for every format.

    What a seal keeps has the code it was sealed with.
    """
    if made.kept is not None and made.layout.id in made.kept.paper["codes"]:
        return str(made.kept.paper["codes"][made.layout.id])
    calc = made.calc
    lines = [desk.store.office, calc.period.start.isoformat(), calc.period.end.isoformat(), calc.cut.isoformat()]
    lines += [made.layout.id, *(f"{key}={'|'.join(map(str, astuple(w)))}" for key, w in sorted(made.words.items()))]
    return code_of("\n".join(lines))


def code_of(text: str) -> str:
    """A 校验码 as it is printed: three groups of four."""
    digest = hashlib.sha256(text.encode()).hexdigest().upper()
    return "-".join(digest[i : i + 4] for i in range(0, 12, 4))


def caliber(desk: Desk) -> tuple[str, ...]:
    """统计口径 as the office has set it (domain.md §0.1, §0.3)."""
    by_visit = setting(desk, "person_times_by") == "检查"
    with_dups = setting(desk, "wo_rate_dups") in YES
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
    """A report's figures for one period, computed once for paper, preview and evidence.

    Of a sealed period everything but ``findings`` is what the seal keeps: whoever composes a paper takes figures from
    ``words``, ``results`` and ``source``, never from ``calc``, so that a reprint says what was sealed.

    Attributes:
        source: further results, by id or split.
        kept: the content of the seal, None = live. ``seal``: its number.
        chain: print 上期 and 环比 too.
        charts: drawings under the table.
        evidence: the records behind each figure on pages after the table.
    """

    layout: Template | Narrative
    calc: Computer
    findings: list[Finding]
    results: dict[str, Result]
    words: dict[str, Printed]
    source: Source
    kept: Frozen | None = None
    seal: int = 0
    chain: bool = False
    charts: tuple[Chart, ...] = ()
    evidence: bool = False

    @property
    def parts(self) -> str:
        """What tells two papers of the same template and period apart."""
        said = {"环比": self.chain, "附图": bool(self.charts), "指标来源": self.evidence}
        return "、".join(word for word, on in said.items() if on)

    @property
    def stopped(self) -> list[Finding]:
        """Rules that stop the official print; nothing stops what is sealed."""
        return [] if self.kept is not None else blocked(self.findings)

    @property
    def warned(self) -> list[Finding]:
        """Rules that are acknowledged with an official print or a seal."""
        if self.kept is not None:
            return []
        return [f for f in self.findings if f.level == "warn" and f.status == "fail"]


def templates(desk: Desk) -> list[Template | Narrative]:
    """Return the report templates: the program's, then the office's own."""
    found = [own_reports.layout(desk, name) for name in own_reports.texts(desk)]
    own = {t.id for t in own_reports.own(desk)}
    return sorted(found, key=lambda t: (t.id in own, getattr(t, "rank", -1)))  # tables, letters, own ones


def compute(
    desk: Desk,
    period: str,
    *,
    template: str = "monthly",
    live: bool = False,
    cut: date | None = None,
    chain: bool | None = None,
    layout: Template | Narrative | None = None,
) -> Computed:
    """Compute everything a report of a period says; refuses nothing. Of a sealed period: what is sealed.

    Args:
        desk: open desk.
        period: as text.
        template: name of the template.
        live: today's figures even of a sealed period (a draft, what has changed since).
        cut: day up to which records count; of a sealed period the one it was sealed with.
        chain: print 上期 and 环比 too; None = as the office has set it.
        layout: a template that is not kept (one being made, figures of a workbook) instead of a named one.
    """
    from envdesk.reports.template import parse_any

    calc = computer(desk, period, cut)
    start, end = calc.period.start.isoformat(), calc.period.end.isoformat()
    seal = next((s for s in sealed.seals(desk.store, start, end) if not s.opened_at), None)
    if seal is not None and cut is None:
        calc = computer(desk, period, date.fromisoformat(seal.cut))
    content = sealed.content(desk.store, seal.no) if seal is not None and not live else None
    chained = setting(desk, "report_chain") in YES if chain is None else chain
    drawn = setting(desk, "report_charts") in YES
    if seal is None or content is None:
        made = replace(_live(desk, calc, layout or own_reports.layout(desk, template)), chain=chained)
        return replace(made, charts=charts.charts(calc, made.layout, made.source)) if drawn else made
    kept = unpack(content)
    text = kept.paper["templates"].get(template)
    layout = layout or (parse_any(text, template) if text else own_reports.layout(desk, template))
    words = {name: Printed(**{**w, "marked": tuple(w["marked"])}) for name, w in kept.paper["words"].items()}
    results = {name: kept.results[name] for name in layout.needed if name in kept.results}
    words = printed_all(desk, calc, {name: r for name, r in results.items() if name not in words}) | words
    return Computed(
        layout,
        calc,
        reconcile(calc),
        results,
        {n: words[n] for n in results if n in words},
        kept,
        kept,
        seal.no,
        chained,
        charts.from_data(kept.paper.get("charts", {}).get(template, [])) if drawn else (),
    )


def _live(desk: Desk, calc: Computer, layout: Template | Narrative, source: Answers | None = None) -> Computed:
    source = source or Answers(calc)
    known = desk.catalogue.figures
    found = {name: source.result(name) for name in layout.needed if name.partition(":")[0] in known}
    results = {name: r for name, r in found.items() if r is not None}
    words = printed_all(desk, calc, results)
    return Computed(layout, calc, reconcile(calc), results, words, source)


def printed_all(desk: Desk, calc: Computer, results: Mapping[str, Result]) -> dict[str, Printed]:
    """Word results for paper, each with its yearly target."""
    targets = query.targets(desk.store, calc.cut.year if calc.cut < calc.period.end else calc.period.end.year, calc.cut)
    words = {key: printed(r, targets.get(key)) for key, r in results.items()}
    if "person_times" in words and "person_times_visit" in desk.catalogue.figures:
        words["person_times"] = replace(words["person_times"], note=_other_people(desk, calc))
    return words


def _other_people(desk: Desk, calc: Computer) -> str:
    """The 人次 of the 口径 that is not used (domain.md §0.1): beside the printed one, so that nobody mixes them up."""
    if setting(desk, "person_times_by") == "检查":
        return _("按出动计{number}人次").format(number=calc.result("person_times_outing").text)
    return _("按检查计{number}人次").format(number=calc.result("person_times_visit").text)


def sealing(desk: Desk, calc: Computer) -> bytes:
    """What a seal of a period keeps: every figure, and for every template its text, notes and 校验码."""
    from envdesk.desk import books

    source = Answers(calc)
    for name in (*desk.catalogue.figures, *books.figures(desk)):
        source.result(name)
    made = {layout.id: _live(desk, calc, layout, source) for layout in templates(desk)}
    words = {name: asdict(w) for m in made.values() for name, w in m.words.items()}
    return pack(
        source,
        {
            "office": setting(desk, "office_name"), "district": setting(desk, "district"),
            "phone": setting(desk, "contact_phone"), "caliber": list(caliber(desk)), "words": words,
            "notes": {name: list(notes(desk, m)) for name, m in made.items()},
            "codes": {name: check_code(desk, m) for name, m in made.items()},
            "charts": {name: charts.as_data(charts.charts(calc, m.layout, source)) for name, m in made.items()},
            "templates": own_reports.texts(desk),
        },
    )  # fmt: skip


def context(desk: Desk, made: Computed, *, draft: bool = False, number: str = "") -> ReportContext:
    """Whose paper it is and what it says besides figures; of a sealed period as it was sealed.

    Args:
        desk: open desk.
        made: the computed report.
        draft: watermark, neither 校验码 nor number.
        number: 出具编号 of an official paper.
    """
    from envdesk.reports.monthly import ReportContext
    from envdesk.reports.template import Template

    calc = made.calc
    says = made.kept.paper if made.kept is not None else {}
    said = says.get("notes", {}).get(made.layout.id)
    return ReportContext(
        office=says.get("office") or setting(desk, "office_name"), start=calc.period.start, end=calc.period.end,
        cut=calc.cut, generated=desk.clock.now(), district=says.get("district") or setting(desk, "district"),
        caliber=tuple(says["caliber"]) if says else caliber(desk),
        notes=notes(desk, made) if said is None else tuple(said), draft=draft,
        check_code=None if draft else check_code(desk, made), number="" if draft else number,
        phone=says["phone"] if says else setting(desk, "contact_phone"), chain=made.chain,
        charts=made.charts,
        behind=sources.appendix(desk, made, made.layout) if made.evidence and isinstance(made.layout, Template) else (),
    )  # fmt: skip


def paper(desk: Desk, made: Computed, *, draft: bool = False, number: str = "", kind: str = ".pdf") -> Rendered:
    """Print a computed report as PDF, DOCX or XLSX. A failed block rule refuses the official print, never a draft.

    Raises:
        Refused: ``report_blocked``.
    """
    from envdesk.desk import narratives
    from envdesk.reports.monthly import compose_monthly
    from envdesk.reports.narrative import Narrative
    from envdesk.reports.render import render

    allow(made, draft=draft)
    if isinstance(made.layout, Narrative):
        return narratives.paper(desk, made, draft=draft, kind=kind)
    return render(compose_monthly(made.layout, made.words, context(desk, made, draft=draft, number=number)), kind)


def allow(made: Computed, *, draft: bool = False) -> None:
    """Refuse the official print of a report that a block rule stops.

    Raises:
        Refused: ``report_blocked``.
    """
    if made.stopped and not draft:
        raise refuse("report_blocked", rules="；".join(f"{f.rule} {f.message}" for f in made.stopped))


def report(
    desk: Desk,
    period: str,
    out: Path,
    *,
    template: str = "monthly",
    draft: bool = False,
    chain: bool | None = None,
    evidence: bool = False,
) -> Done:
    """Print the summary of a period into a file of the kind its name says. An official one gets a 出具编号 and is kept.

    *evidence* adds the numbers of the records behind each figure (a table only).
    """
    from envdesk.desk import issues, narratives
    from envdesk.reports.narrative import Narrative

    made = replace(compute(desk, period, template=template, live=draft, chain=chain), evidence=evidence)
    if isinstance(made.layout, Narrative):
        if evidence:
            raise refuse("no_appendix", title=made.layout.title)
        return narratives.report(desk, made, out, draft=draft)
    expect(out)
    if not draft:
        return issues.issue(desk, made, out)
    sheet_of = paper(desk, made, draft=True, kind=out.suffix)
    write_durably(out, sheet_of.data)
    return Done(
        {"out": str(out), "pages": sheet_of.pages, "notes": sheet_of.notes, "warnings": [], "number": "", "code": ""}
    )


def notes(desk: Desk, made: Computed) -> tuple[str, ...]:
    """Sentences printed below the table: where open orders come from, 更正说明, and the notes that rules ask for."""
    known = desk.catalogue.figures
    out: list[str] = []
    names = ("wo_received", "wo_carry_in", "wo_throughput", "wo_open_end")
    found = [made.source.result(n) for n in names if n in known]
    if len(found) == len(names):
        received, carried, closed, left = (r.text if r is not None else NONE for r in found)
        out.append(
            _("本期收到{received}件，上期结转{carried}件，本期办结{closed}件，期末在办{left}件。").format(
                received=received, carried=carried, closed=closed, left=left
            )
        )
    out += corrections.sentences(desk, made.calc, made.layout.figures)
    out += [f.message for f in made.findings if f.level == "note" and f.status == "fail"]
    return tuple(out)


def expect(out: Path, *suffixes: str) -> None:
    """Refuse a file of another ending (default: all a paper can be written as)."""
    from envdesk.reports.render import FORMATS

    kinds = suffixes or FORMATS
    if out.suffix.lower() not in kinds:
        raise refuse("bad_out", path=str(out), expected="、".join(kinds), guess=guess(out.suffix, list(kinds)))
