"""报表: periods and templates to choose, the paper as PDF bytes, its figures with evidence, reconciliation, changes.

:func:`compute` does the work once (database thread); paper, figures, findings and changes are read from its result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envdesk import paths
from envdesk.desk import corrections, issues, narratives, own_reports, reports, seals, sources
from envdesk.desk.office import Desk, Done
from envdesk.desk.reports import Computed
from envdesk.desk.words import Chip, chip, day_words, short_number
from envdesk.figures.compute import Value
from envdesk.figures.engine import parse_id
from envdesk.figures.finding import Finding
from envdesk.figures.numbers import NONE, SAME
from envdesk.figures.period import Period, month_of, parse_period, span_text
from envdesk.i18n import N_, _, plural
from envdesk.present import figure_split
from envdesk.reports.narrative import Narrative
from envdesk.store import lists, query, sealed
from envdesk.store.attachments import write_durably

if TYPE_CHECKING:
    from envdesk.reports.document import Chart, Rendered
    from envdesk.reports.story import Story
    from envdesk.reports.template import Template

#: Kinds of periods, in the order of the segments; custom has no list.
KINDS = {"month": N_("月"), "quarter": N_("季"), "half": N_("半年"), "year": N_("年"), "range": N_("自定")}
MOST_PERIODS = 36
RECORDS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period to choose: 2026年9月 with its chip (至今, 待月结, 已月结; None when not sealable yet)."""

    period: str
    title: str
    chip: Chip | None
    sealed: bool


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A template: name and how many figures it prints."""

    id: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One row of the report.

    Attributes:
        numerator, denominator: of a rate. ``marked`` = typed 往期数 went into it.
        part: 其中, indented.
    """

    id: str
    category: str
    title: str
    measure: str
    text: str
    year_to_date: str
    last_year: str
    change: str
    numerator: int | None
    denominator: int | None
    marked: bool
    part: bool


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A record behind a figure: number, day, what it counts for; ``counted`` False = the miss of a rate."""

    form: str
    rec: str
    number: str
    day: str
    title: str
    words: str
    counted: bool


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """The records behind a figure.

    Attributes:
        sum_words: ＝ 已办结 83 ÷ 收到 84.
        note: 口径 of the figure.
        rows: at most :data:`RECORDS_SHOWN`; ``total`` of all, ``counted`` those that count, ``missed`` the rest.
        ways: by what it can be split, (id, title).
    """

    figure: str
    title: str
    text: str
    sum_words: str
    note: str
    rows: tuple[EvidenceRow, ...]
    total: int
    counted: int
    missed: int
    ways: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """Reconciliation in three groups; ``passed`` are the rules that hold, ``notes`` go onto the paper."""

    block: tuple[Finding, ...]
    warn: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    passed: tuple[Finding, ...]

    @property
    def words(self) -> str:
        """1 项不通过, 2 项提示, 全部通过."""
        if self.block:
            return plural("{count} 项不通过", len(self.block))
        return plural("{count} 项提示", len(self.warn)) if self.warn else _("全部通过")

    @property
    def chip(self) -> Chip:
        """The chip on the tab."""
        if self.block:
            return Chip(self.words, "red", "cross")
        return Chip(self.words, "amber", "triangle") if self.warn else Chip(self.words, "green", "check")


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that differs: then → now. ``tone`` green better, red worse, "" neither."""

    id: str
    title: str
    then: str
    now: str
    change: str
    tone: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Against the period before, and against the seal (``sealed_at`` "" = never sealed; ``late`` 补录/更正 since)."""

    since_last: tuple[Change, ...]
    last_title: str
    since_seal: tuple[Change, ...]
    sealed_at: str
    sealed_by: str
    late: int


@dataclass(frozen=True, slots=True)
class Report:
    """A computed report, before it is paper. ``story``: of a narrative report, None of a table."""

    period: Period
    template: str
    title: str
    cut: date
    cut_words: str
    figures: tuple[FigureLine, ...]
    rules: Rules
    sealed: bool
    computed: Computed
    story: Story | None = None

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The charts under the table, with their values as printed."""
        return self.computed.charts

    @property
    def blocked(self) -> bool:
        """True when only a draft can be printed and nothing sealed."""
        return bool(self.computed.stopped)


# ---- choosing ------------------------------------------------------------------------------------------------------
def periods(desk: Desk, kind: str = "month", most: int = MOST_PERIODS) -> tuple[PeriodLine, ...]:
    """Return the periods of a kind, the running one first, back to the oldest record."""
    if kind == "range":
        return ()
    today = desk.clock.today()
    first = sealed.first_day(desk.store)
    spans = sealed.sealed_spans(desk.store)
    found = _period_of(kind, today)
    out: list[PeriodLine] = []
    while len(out) < most:
        if out and (not first or found.end.isoformat() < first):
            break
        out.append(_line(found, today, spans))
        found = _period_of(kind, found.start - timedelta(days=1))
    return tuple(out)


def _period_of(kind: str, day: date) -> Period:
    text = {
        "month": f"{day:%Y-%m}", "quarter": f"{day.year}Q{(day.month + 2) // 3}",
        "half": f"{day.year}H{1 if day.month < 7 else 2}", "year": f"{day.year}",
    }[kind]  # fmt: skip
    return parse_period(text)


def _line(found: Period, today: date, spans: set[tuple[str, str]]) -> PeriodLine:
    done = (found.start.isoformat(), found.end.isoformat()) in spans
    if done:
        shown: Chip | None = chip("已月结")
    elif found.end >= today:
        shown = Chip(_("至今"), "grey", "ring")
    elif found.kind == "month" and found.end >= month_of(today).start - timedelta(days=1):
        shown = Chip(_("待月结"), "amber", "triangle")
    else:
        shown = None
    return PeriodLine(found.text, found.title, shown, done)


def suggested(desk: Desk) -> str:
    """The period a user most likely wants: last month until it is sealed, else the running one."""
    today = desk.clock.today()
    last = month_of(month_of(today).start - timedelta(days=1))
    open_ = (last.start.isoformat(), last.end.isoformat()) not in sealed.sealed_spans(desk.store)
    first = sealed.first_day(desk.store)
    return last.text if open_ and first and first <= last.end.isoformat() else month_of(today).text


def templates(desk: Desk) -> tuple[TemplateLine, ...]:
    """Return the report templates."""
    own = {t.id for t in own_reports.own(desk)}
    return tuple(
        TemplateLine(t.id, t.id if t.id in own else t.title, plural("{count} 项", len(t.figures)))
        for t in reports.templates(desk)
    )


# ---- computing and printing ----------------------------------------------------------------------------------------
def compute(desk: Desk, period: str, template: str = "monthly") -> Report:
    """Compute a report. Never refuses because of reconciliation; :attr:`Report.blocked` tells."""
    made = reports.compute(desk, period, template=template)
    calc = made.calc
    spans = sealed.sealed_spans(desk.store)
    done = (calc.period.start.isoformat(), calc.period.end.isoformat()) in spans
    from envdesk.reports.periods import period_words

    kind = period_words(calc.period.start, calc.period.end).kind
    cut_words = _("数据截至 {day}").format(day=calc.cut.isoformat())
    layout, story = made.layout, None
    if isinstance(layout, Narrative):
        kind, story = layout.title, narratives.story(desk, made)
        figures = _said(made, story)
    else:
        figures = _figures(layout, made) + _of_own_forms(desk, made)
    return Report(
        calc.period, template, f"{kind} · {calc.period.title}", calc.cut, cut_words, figures, _rules(made.findings),
        done, made, story,
    )  # fmt: skip


def paper(desk: Desk, report: Report, *, draft: bool = False, kind: str = ".pdf") -> Rendered:
    """The PDF, DOCX or XLSX: ``data`` (bytes), ``pages``, ``notes``. A blocked report gives the draft (watermark, no 校验码).

    A running period is always a draft, too.
    """
    draft = draft or is_draft(desk, report)
    return reports.paper(desk, _computed(desk, report, draft=draft), draft=draft, kind=kind)


def _computed(desk: Desk, report: Report, *, draft: bool) -> Computed:
    """The figures to print: a draft is of today, also that of a sealed period."""
    if draft and report.computed.kept is not None:
        made = reports.compute(desk, report.period.text, template=report.template, live=True)
        return replace(made, evidence=report.computed.evidence)
    return report.computed


def is_draft(desk: Desk, report: Report) -> bool:
    """True when the report can only be printed as a draft: blocked, or its period is not over."""
    return report.blocked or report.period.end > desk.clock.today()


def save(desk: Desk, report: Report, out: Path, *, draft: bool = False) -> Done:
    """Write a PDF, DOCX or XLSX by its name; an official one is given out with a number, refused when it is blocked."""
    if isinstance(report.computed.layout, Narrative):
        return narratives.report(desk, _computed(desk, report, draft=draft), out, draft=draft)
    reports.expect(out)
    if not draft:
        return issues.issue(desk, report.computed, out)
    made = paper(desk, report, draft=True, kind=out.suffix)
    write_durably(out, made.data)
    return Done({"out": str(out), "pages": made.pages, "notes": made.notes})


def seal(desk: Desk, report: Report) -> Done:
    """月结: freeze the period of a report (refused while it is blocked)."""
    return seals.seal(desk, report.period.text)


def unseal(desk: Desk, report: Report, why: str) -> Done:
    """解除月结 with a reason."""
    return seals.unseal(desk, report.period.text, why)


def _said(made: Computed, story: Story) -> tuple[FigureLine, ...]:
    """The figures of a narrative report in the order of its text, each once."""
    first = {s.figure: s.part for s in reversed(story.said)}
    out = []
    for figure in dict.fromkeys(s.figure for s in story.said):
        words, result = made.words[figure], made.results[figure]
        out.append(
            FigureLine(
                figure, first[figure] or _("开头"), result.title, words.measure, words.text, words.year_to_date, words.last_year,
                words.change_last_year, result.current.numerator, result.current.denominator, bool(result.marks), part=False,
            )
        )  # fmt: skip
    return tuple(out)


def _figures(layout: Template, made: Computed) -> tuple[FigureLine, ...]:
    out = []
    for category in layout.categories:
        for row in category.rows:
            words, result = made.words.get(row.figure), made.results.get(row.figure)
            if words is None or result is None:
                continue
            out.append(
                FigureLine(
                    row.figure, category.title.replace("\n", ""), row.title or words.title, words.measure, words.text,
                    words.year_to_date, words.last_year, words.change_last_year, result.current.numerator,
                    result.current.denominator, bool(result.marks), row.part,
                )
            )  # fmt: skip
    return tuple(out)


def _of_own_forms(desk: Desk, made: Computed) -> tuple[FigureLine, ...]:
    """Figures of the office's own forms: no template prints them, but they can be looked at and asked for records."""
    shipped = {p.stem for p in paths.forms_dir().glob("*.toml")}
    own = [f for f in desk.catalogue.figures.values() if f.form and f.form not in shipped]
    out = []
    for figure in own:
        if figure.id in made.results:
            continue
        result = made.calc.result(figure.id)
        words = reports.printed(result, None)
        out.append(
            FigureLine(
                figure.id, _("本单位的表"), figure.title, words.measure, words.text, words.year_to_date, words.last_year,
                words.change_last_year, result.current.numerator, result.current.denominator, bool(result.marks), part=False,
            )
        )  # fmt: skip
    return tuple(out)


def _rules(findings: Sequence[Finding]) -> Rules:
    failed = [f for f in findings if f.status == "fail"]
    by = {level: tuple(f for f in failed if f.level == level) for level in ("block", "warn", "note")}
    return Rules(by["block"], by["warn"], by["note"], tuple(f for f in findings if f.status != "fail"))


# ---- evidence ------------------------------------------------------------------------------------------------------
def evidence(desk: Desk, report: Report, figure: str) -> EvidenceView:
    """Return the records behind a figure of a report; misses of a rate first."""
    calc = report.computed.calc
    fid = parse_id(figure)
    definition = calc.engine.figure(fid.figure)
    result = report.computed.results.get(figure) or calc.result(figure)
    found = sources.behind(report.computed, figure)
    late = sources.late_kinds(desk, report.period)
    found.sort(key=lambda e: e.hit is not False)
    missed = sum(1 for e in found if e.hit is False)
    shown = found[:RECORDS_SHOWN]
    rows = {(r["form"], r["id"]): r for r in _rows(desk, [(e.form, e.id) for e in shown])}
    today = desk.clock.today()
    out = []
    for e in shown:
        row = rows.get((e.form, e.id), {})
        counted = e.hit is not False
        words = (
            (_("计入") if counted else _("未计入"))
            if e.hit is not None
            else ("" if e.value in (None, 1) else f"{e.value:g}")
        )
        words = " ".join(w for w in (words, late.get(e.id, "")) if w)
        number = short_number(e.record_no, today) or NONE
        out.append(
            EvidenceRow(
                e.form, e.id, number, day_words((e.date or "")[:10], today), _title(desk, e.form, row), words, counted
            )
        )
    return EvidenceView(
        figure, result.title, result.text, _sum_words(desk, figure, result.current), definition.note, tuple(out),
        len(found), len(found) - missed, missed, figure_split.ways(desk, figure),
    )  # fmt: skip


def _rows(desk: Desk, keys: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    plain = [k for k in dict.fromkeys(keys) if desk.catalogue.forms[k[0]].kind != "shared" or k[0] == "outing"]
    return lists.rows(desk.store, plain, [])


def _title(desk: Desk, form_id: str, row: dict[str, Any]) -> str:
    form = desk.catalogue.forms[form_id]
    for key in ("subject_id", "respondent_id", "river_id"):
        if row.get(key):
            f = form.field(key)
            return query.ref_name(desk.store, f.ref, row[key])
    return str(row.get(form.name) or "") if form.name else ""


def _sum_words(desk: Desk, figure: str, value: Value) -> str:
    """How a rate comes about: ＝ 83 ÷ 84."""
    if value.numerator is None or not value.denominator:
        return ""
    definition = desk.catalogue.figures[parse_id(figure).figure]
    below = desk.catalogue.figures.get(definition.share or (definition.ratio[1] if definition.ratio else ""))
    name = f"{below.title} " if below is not None else ""
    return _("＝ {numerator} ÷ {name}{denominator}").format(
        numerator=value.numerator, name=name, denominator=value.denominator
    )


# ---- changes -------------------------------------------------------------------------------------------------------
def changes(desk: Desk, report: Report) -> Changes:
    """Return what differs from the period before and from the last seal of this period."""
    last = _last_title(report)
    now: list[Change] = []
    for line in report.figures:
        result = report.computed.results.get(line.id)
        if result is None:  # not of the paper
            continue
        if result.previous is not None and result.change_previous not in (NONE, SAME):
            tone = _tone(result.better, result.change_previous)
            now.append(Change(line.id, line.title, result.previous.text, result.text, result.change_previous, tone))
    found = sealed.seals(desk.store, report.period.start.isoformat(), report.period.end.isoformat())
    if not found:
        return Changes(tuple(now), last, (), "", "", 0)
    seal = found[0]
    late = sealed.late_records(desk.store, seal.start, seal.end, seal.op)
    made = report.computed
    if made.kept is not None:
        made = reports.compute(desk, report.period.text, template=report.template, live=True)
    since = [
        Change(line.id, line.title, line.text, made.words[line.id].text, "", "")
        for line in report.figures
        if report.sealed and line.id in made.words and made.words[line.id].text != line.text
    ] or [
        Change(d.id, d.title, d.then, d.now, "", "")
        for d in corrections.since_signed(made.calc, [line.id for line in report.figures if line.id in made.results])
    ]
    return Changes(tuple(now), last, tuple(since), seal.sealed_at, seal.sealed_by, len(late))


def _last_title(report: Report) -> str:
    """What 上期 is: of a running period only as many days of the one before as have gone of this one; "" = none."""
    before, compared = report.period.previous(), report.computed.calc.windows.previous
    if before is None or compared is None:
        return ""
    return before.title if compared.end == before.end else span_text(compared.start, compared.end)


def _tone(better: str, change: str) -> str:
    if better not in ("up", "down"):
        return ""
    rose = change.startswith("+")
    return "green" if rose == (better == "up") else "red"
