"""The figure table 月报表 (also day, week, quarter, half-year, year and any range): template + results → document.

Columns and notes after domain.md §4 and the statistical custom: 本期, 本年累计, 上年同期, 同比, 任务数, 完成率; a zero
is printed 0, "—" means not applicable or no base. A draft carries a watermark and neither 校验码 nor QR code.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from envdesk.reports import appendix
from envdesk.reports.appendix import Behind
from envdesk.reports.document import (
    Chart,
    Charts,
    Column,
    Document,
    Furniture,
    Group,
    InfoLine,
    Inline,
    Notes,
    Qr,
    Row,
    SignLine,
    Span,
    Table,
    Title,
    inline,
)
from envdesk.reports.periods import PeriodWords, day_words, period_words
from envdesk.reports.template import CHAIN, COLUMNS, FIELD, USUAL_COLUMNS, Category, Template, TemplateRow

NONE = "—"
NUMERALS = "一二三四五六七八九十"
CATEGORY = 1
#: Widths in mm: number, category, name, unit; one for each column of figures; what is left is for remarks.
HEAD_MM = (10.0, 21.0, 53.0, 15.0)
WIDE_HEAD_MM = (9.0, 19.0, 44.0, 13.5)
FIGURES: dict[str, tuple[str, float, float]] = {  # name, usual width, width beside 上期 and 环比
    "current": ("本期", 18, 16.5),
    "previous": ("上期", 18, 16.5),
    "change_previous": ("环比", 28, 25),
    "year_to_date": ("本年累计", 20, 18),
    "last_year": ("上年同期", 20, 18),
    "change_last_year": ("同比", 28, 25),
    "target": ("任务数", 17, 14.5),
    "completion": ("完成率", 19, 16.5),
}
TABLE_MM, LEAST_NOTE_MM = 265.0, 20.0
ROW_MM = 17.4 * 25.4 / 72
WATERMARK = "草\u3000稿"
DASH_NOTE = "“—”表示不适用或无可比基数；比率的同比为百分点之差。本表由原始记录自动汇总，各数可逐条查对。"
CHAIN_CLAUSE = "环比为与上一期相比，本年累计没有环比"
MARKED_NOTE = "带“*”的数为手工录入的往期数，依据见往期数登记。"


class Result(Protocol):
    """A computed figure as the table prints it; None = nothing to print.

    ``marked`` names the cells that rest on typed 往期数 (current, year_to_date, last_year); True = the latter two.
    """

    @property
    def title(self) -> str:
        """Name of the figure."""
        ...

    @property
    def measure(self) -> str:
        """计量单位."""
        ...

    @property
    def text(self) -> str | None:
        """The value of the period as printed."""
        ...


@dataclass(frozen=True, slots=True)
class ReportContext:
    """Whose report it is, of which time, and what must be said below it.

    Attributes:
        start, end: the period, both days inclusive. ``cut`` = day up to which records were counted.
        caliber: 统计口径, one clause each, without end marks. ``notes``: further notes, whole sentences.
        draft: no 校验码, no QR, watermark. ``check_code``: None = none. ``number``: 出具编号, "" = a preview.
        generated: moment of printing, local time. ``phone``: the office's, "" = to be written by hand.
        title: replaces the composed title. ``district``: the superior's name, for other papers.
        chain: 上期 and 环比 too, where the period has them. ``charts``: drawings under the notes.
        behind: records behind the figures, for the appendix; () = none.
    """

    office: str
    start: date
    end: date
    cut: date
    generated: datetime
    district: str = ""
    caliber: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    draft: bool = False
    watermark: str = WATERMARK
    check_code: str | None = None
    number: str = ""
    phone: str = ""
    title: str = ""
    chain: bool = False
    charts: tuple[Chart, ...] = ()
    behind: tuple[Behind, ...] = ()


def compose_monthly(template: Template, results: Mapping[str, Result], ctx: ReportContext) -> Document:
    """Compose the table. 上期 and 环比 stand in it for a month, a quarter and a half-year only: the rest is cumulative.

    Args:
        template: which figures, in which order.
        results: figure id (dimension ids included) → result; rows without one are left out.
        ctx: office, period, notes.
    """
    words = period_words(ctx.start, ctx.end)
    title = ctx.title or f"{ctx.office}{words.title}{template.title}{words.kind}"
    shown = columns_of(template, words, chain=ctx.chain)
    groups = _groups(template, results, shown)
    right = "计量单位：见表内"
    blocks = (
        Title(title),
        InfoLine(inline(f"填报单位（盖章）：{ctx.office}"), inline(f"报告期：{words.span}"), inline(right)),
        Table(
            _columns(shown), groups, category=CATEGORY, size=8.5 if _is_wide(shown) else 9, row_mm=ROW_MM, dense=True
        ),
        SignLine(_slots(ctx)),
        Notes(_notes(ctx, groups, shown), _qr(ctx)),
        *((Charts(ctx.charts, "附图"),) if ctx.charts else ()),
        *(appendix.blocks(ctx.behind) if ctx.behind else ()),
    )
    return Document(
        title=title + ("（草稿）" if ctx.draft else ""),
        blocks=blocks,
        author=ctx.office,
        subject=words.kind,
        landscape=True,
        furniture=_furniture(title, ctx),
    )


def columns_of(template: Template, words: PeriodWords, *, chain: bool) -> tuple[str, ...]:
    """Return the columns of figures: those of the template, with 上期 and 环比 when *chain* and the period have them."""
    asked = {*template.columns, *(CHAIN if chain else ())}
    return tuple(name for name in COLUMNS if name in asked and (words.chained or name not in CHAIN))


def _is_wide(shown: tuple[str, ...]) -> bool:
    return len(shown) > len(USUAL_COLUMNS)


def _columns(shown: tuple[str, ...]) -> tuple[Column, ...]:
    wide = _is_wide(shown)
    number, category, name, unit = WIDE_HEAD_MM if wide else HEAD_MM
    specs = [FIGURES[key] for key in shown]
    figures = [Column(title, narrow if wide else usual, "right") for title, usual, narrow in specs]
    left = TABLE_MM - number - category - name - unit - sum(c.mm for c in figures)
    return (
        Column("序号", number, "centre"),
        Column("工作类别", category, "centre"),
        Column("指标名称", name),
        Column("单位", unit, "centre"),
        *figures,
        Column("备注", max(LEAST_NOTE_MM, left)),
    )


# ---- rows ----------------------------------------------------------------------------------------
def _groups(template: Template, results: Mapping[str, Result], shown: tuple[str, ...]) -> tuple[Group, ...]:
    out: list[Group] = []
    number = 0
    for category in template.categories:
        kept = _kept(category, results)
        rows: list[Row] = []
        for i, row in enumerate(kept):
            number += 1
            first_part = row.part and not kept[i - 1].part
            rows.append(_row(number, row, results, shown, first_part=first_part))
        if rows:
            numeral = NUMERALS[len(out)] if len(out) < len(NUMERALS) else str(len(out) + 1)
            out.append(Group(tuple(rows), f"{numeral}\n{category.title}"))
    return tuple(out)


def _kept(category: Category, results: Mapping[str, Result]) -> list[TemplateRow]:
    """Rows whose figure exists; the parts of a missing total go with it."""
    kept: list[TemplateRow] = []
    total = False
    for row in category.rows:
        if not row.part:
            total = row.figure in results
        if total and row.figure in results:
            kept.append(row)
    return kept


def _row(
    number: int, row: TemplateRow, results: Mapping[str, Result], shown: tuple[str, ...], *, first_part: bool
) -> Row:
    result = results[row.figure]
    title = row.title or result.title
    if row.part:
        title = ("\u3000其中：" if first_part else "\u3000" * 4) + title
    values = [_cell(result, "text" if name == "current" else name, name) for name in shown]
    figures = [inline(Span(text, figure="" if n else row.figure)) for n, text in enumerate(values)]  # 本期 is the first
    cells = (inline(str(number)), inline(title), inline(result.measure), *figures, inline(_note(row, result, results)))
    return Row(cells, tied=row.part)


def _cell(result: Result, attribute: str, name: str) -> str:
    value = getattr(result, attribute, None)
    if value is None or value == "":
        return NONE
    return f"{value}*" if _is_marked(result, name) else str(value)


def _is_marked(result: Result, name: str) -> bool:
    marked = getattr(result, "marked", None)
    if isinstance(marked, Collection) and not isinstance(marked, str):
        return name in marked
    return bool(marked) and name in ("last_year", "year_to_date")


def _note(row: TemplateRow, result: Result, results: Mapping[str, Result]) -> str:
    parts = [_filled(row.note, results)]
    if row.note_if and any(_number(results, name) not in (None, "0", NONE) for name in FIELD.findall(row.note_if)):
        parts.append(_filled(row.note_if, results))
    parts.append(str(getattr(result, "note", None) or ""))
    return "；".join(p for p in parts if p)


def _filled(pattern: str, results: Mapping[str, Result]) -> str:
    """Fill the figures into a note; "" when one of them has nothing to print."""
    values = {name: _number(results, name) for name in FIELD.findall(pattern)}
    if any(value is None or value == NONE for value in values.values()):
        return ""
    return FIELD.sub(lambda m: str(values[m[1]]), pattern)


def _number(results: Mapping[str, Result], name: str) -> str | None:
    """Printed value of ``id`` or ``id.attribute``."""
    figure, _, attribute = name.partition(".")
    if figure not in results:
        return None
    value = getattr(results[figure], attribute or "text", None)
    return None if value is None else str(value)


# ---- round the table -----------------------------------------------------------------------------
def _slots(ctx: ReportContext) -> tuple[str, ...]:
    room = "\u3000" * 7
    return (
        f"单位负责人：{room}",
        f"审核人：{room}",
        f"填表人：{room}",
        f"联系电话：{ctx.phone or room}",
        f"报出日期：{ctx.generated.year}年\u3000\u3000月\u3000\u3000日",
    )


def _notes(ctx: ReportContext, groups: tuple[Group, ...], shown: tuple[str, ...]) -> tuple[str, ...]:
    clauses = (*ctx.caliber, *((CHAIN_CLAUSE,) if "change_previous" in shown else ()))
    caliber = ("统计口径：" + "；".join(c.rstrip("；。") for c in clauses) + "。",) if clauses else ()
    cut = f"数据截至{day_words(ctx.cut)}。"
    marked = (MARKED_NOTE,) if any(_has_star(row.cells) for group in groups for row in group.rows) else ()
    return (*caliber, cut + (ctx.notes[0] if ctx.notes else ""), *ctx.notes[1:], *marked, DASH_NOTE)


def _has_star(cells: tuple[Inline, ...]) -> bool:
    return any(getattr(part, "text", "").endswith("*") for cell in cells[3:-1] for part in cell)


def _qr(ctx: ReportContext) -> Qr | None:
    if ctx.draft or not ctx.check_code:
        return None
    return Qr(f"ENVDESK;{ctx.start:%Y%m%d}-{ctx.end:%Y%m%d};{ctx.check_code}", "扫码核对")


def _furniture(title: str, ctx: ReportContext) -> Furniture:
    moment = f"{day_words(ctx.generated.date())}{ctx.generated.hour}:{ctx.generated:%M}"
    if ctx.draft:
        left, right = "草稿，未经审核，不作为上报依据", f"打印时间：{moment}"
    else:
        left = f"校验码：{ctx.check_code}" if ctx.check_code else ""
        left, right = left + (f"\u3000出具编号：{ctx.number}" if ctx.number else ""), f"生成时间：{moment}"
    return Furniture(
        running=f"续表\u3000{title}",
        foot_left=left,
        foot_right=right,
        watermark=ctx.watermark if ctx.draft else "",
    )
