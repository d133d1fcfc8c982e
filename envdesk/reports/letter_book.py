"""A letter as an Excel file: its text, a row for each paragraph, and every figure it says as a number to go on with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from envdesk.figures.compute import Result
from envdesk.figures.numbers import NONE, SAME, plain as figure_words
from envdesk.reports.document import (
    Addressee,
    Attachments,
    Heading,
    Inline,
    Paragraph,
    Rendered,
    SignOff,
    Span,
    Title,
    inline,
    plain,
)
from envdesk.reports.excel import furniture
from envdesk.reports.excel_cells import Looks, Sheet, free_name
from envdesk.reports.measure import line_count
from envdesk.reports.ruled import MM
from envdesk.reports.story import Story, attachment_lines
from envdesk.reports.text import one_line

#: A4: the text upright on 165 mm, the figures across on 265 mm (millimetres of each column).
TEXT_MM = 165.0
HEAD = ("序号", "所在部分", "指标", "文中写法", "数值", "单位", "期间", "指标编号")
WIDTHS_MM = (11.0, 48.0, 54.0, 38.0, 17.0, 21.0, 42.0, 34.0)
TEXT_SIZE, LEADING, SIZE = 12.0, 17.0, 9.0
ROOM = 10.0
"""What Excel keeps free at both sides of a cell, points."""
YEAR, BEFORE = "同比", "环比"
_NUMBER = re.compile(r"[+-]?\d+(?:\.(\d+))?")
#: What a line of a brief begins with.
_LEAD = re.compile(r"^\d+\.(.+)：$")
_ORDER = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)")


@dataclass(frozen=True, slots=True)
class SaidFigure:
    """A number of the letter; ``value`` None = it is said in words that have no number (持平)."""

    part: str
    title: str
    words: str
    value: Decimal | None
    unit: str
    id: str


def said_figures(story: Story, results: Mapping[str, Result]) -> list[SaidFigure]:
    """Every figure in the order of the text, each time it is said."""
    out: list[SaidFigure] = []
    part = "开头"
    units = {r.measure for r in results.values() if r.measure not in ("", "%")}
    for block in story.document.blocks:
        if isinstance(block, Heading):
            part = _ORDER.sub("", block.text)
        elif isinstance(block, Paragraph):
            lead = _LEAD.match(plain(block.content[:1]))
            part = lead[1] if lead else part
            out += [
                _said(part, span, after, results[span.figure], units)
                for span, after in _with_next(block.content)
                if span.figure in results
            ]
    return out


def _with_next(content: Inline) -> Iterator[tuple[Span, str]]:
    words = [plain((part,)) for part in content]
    for n, part in enumerate(content):
        if not isinstance(part, Span) or not part.figure:
            continue
        after = content[n + 1] if n + 1 < len(content) else None
        same = isinstance(after, Span) and after.figure == part.figure and words[n + 1][:1].isdigit()
        if same and not _NUMBER.search(part.text):  # 办结率, and then 100%: one figure
            continue
        yield part, words[n + 1] if after is not None else ""


def _said(part: str, span: Span, after: str, result: Result, units: set[str]) -> SaidFigure:
    words = span.text.lstrip("，、；")
    change = {YEAR: result.change_last_year, BEFORE: result.change_previous}.get(words[:2], NONE)
    found = _NUMBER.match(change)
    if change == SAME or (found and figure_words(found[0].lstrip("+-")) in words):  # not 同比增加17天: a figure itself
        value = Decimal(found[0]) if found else None
        unit = change[found.end() :] if found else ""
        return SaidFigure(part, f"{result.title} {words[:2]}", words, value, unit, result.id)
    found = _NUMBER.search(words)
    own = result.current.number if result.text != NONE else None
    if (
        found is None or "余" in words or words[: found.start()] not in ("", "约")
    ):  # 全覆盖, 20余, 增加17天: the figure itself
        return SaidFigure(part, result.title, words, own, result.measure, result.id)
    value, unit = Decimal(found[0]), words[found.end() :]
    if not unit and value == own:
        unit = result.measure
    elif not unit:  # parts of a rate: the unit stands behind them in the sentence
        unit = max((u for u in units if after.startswith(u)), key=len, default="")
    title = result.title
    if value != own and value in (result.current.numerator, result.current.denominator):
        title += "（分子）" if value == result.current.numerator else "（分母）"
    return SaidFigure(part, title, words, value, unit, result.id)


def render_letter_book(story: Story, results: Mapping[str, Result], period: str) -> Rendered:
    """Write a letter as XLSX: sheet 正文 and sheet 数据.

    Args:
        story: the composed letter.
        results: figure id → result, all that it says.
        period: the days the figures are of, as printed.
    """
    document = story.document
    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": one_line(document.title)[:255], "author": one_line(document.author)[:255],
         "subject": one_line(document.subject)[:255]}
    )  # fmt: skip
    looks = Looks(book)
    _text_sheet(book, story, looks)
    _figure_sheet(book, story, said_figures(story, results), period, looks)
    book.close()
    return Rendered(data.getvalue(), 0)


# ---- sheet 正文 --------------------------------------------------------------------------------------------------
def _text_sheet(book: Any, story: Story, looks: Looks) -> None:
    page = book.add_worksheet(free_name(book, "正文"))
    sheet = Sheet(page, looks)
    width = TEXT_MM * MM
    sheet.columns((width,))
    for row, (words, face, size, align) in enumerate(_lines(story)):
        look = {"font_name": face, "font_size": size, "align": align, "valign": "vcenter", "text_wrap": True}
        sheet.put(row, 0, row, 0, inline(words), look)
        lines = line_count(words, width - ROOM, size) if words else 1
        sheet.height(row, lines * LEADING * size / TEXT_SIZE + 3)
    page.set_portrait()
    _page(page, story, (22.0, 22.0, 20.0, 18.0))


def _lines(story: Story) -> Iterator[tuple[str, str, float, str]]:
    """Words, face, size and place of each row."""
    for block in story.document.blocks:
        if isinstance(block, Title):
            yield _title(story), "方正小标宋简体", 18.0, "center"
        elif isinstance(block, Addressee):
            yield block.text, "宋体", TEXT_SIZE, "left"
        elif isinstance(block, Heading):
            yield f"\u3000\u3000{block.text}", "黑体" if block.level == 1 else "楷体", TEXT_SIZE, "left"
        elif isinstance(block, Paragraph):
            yield f"\u3000\u3000{plain(block.content)}", "宋体", TEXT_SIZE, "left"
        elif isinstance(block, Attachments):
            for line in attachment_lines(block):
                yield f"\u3000\u3000{line}", "宋体", TEXT_SIZE, "left"
        elif isinstance(block, SignOff):
            yield "", "宋体", TEXT_SIZE, "left"
            yield block.office, "宋体", TEXT_SIZE, "right"
            yield block.day, "宋体", TEXT_SIZE, "right"


def _title(story: Story) -> str:
    """The title; a draft says so in words, as not every program prints the grey ones."""
    words = next(b.text for b in story.document.blocks if isinstance(b, Title))
    return words + ("（草稿）" if story.document.furniture.watermark else "")


# ---- sheet 数据 --------------------------------------------------------------------------------------------------
def _figure_sheet(book: Any, story: Story, rows: list[SaidFigure], period: str, looks: Looks) -> None:
    page = book.add_worksheet(free_name(book, "数据"))
    sheet = Sheet(page, looks)
    widths = [mm * MM for mm in WIDTHS_MM]
    sheet.columns(widths)
    last = len(HEAD) - 1
    base = {"font_name": "宋体", "font_size": SIZE, "valign": "vcenter", "text_wrap": True}
    title = _title(story)
    sheet.put(
        0,
        0,
        0,
        last,
        inline(f"{title}·文中数据"),
        base | {"font_name": "方正小标宋简体", "font_size": 15, "align": "center"},
    )
    sheet.height(0, 28.0)
    for n, words in enumerate(HEAD):
        sheet.put(1, n, 1, n, inline(words), base | {"font_name": "黑体", "align": "center", "border": 1})
    sheet.height(1, 20.0)
    for at, row in enumerate(rows, 2):
        sheet.page.write_number(at, 0, at - 1, looks.of(base | {"align": "center", "border": 1}))
        cells = {1: row.part, 2: row.title, 3: row.words, 5: row.unit, 6: period, 7: row.id}
        for n, words in cells.items():
            sheet.put(at, n, at, n, inline(words), base | {"align": "center" if n in (5, 6) else "left", "border": 1})
        if row.value is None:
            sheet.put(at, 4, at, 4, inline(NONE), base | {"align": "right", "border": 1})
        else:
            places = max(0, -int(row.value.as_tuple().exponent))
            look = base | {
                "align": "right",
                "border": 1,
                "text_wrap": False,
                "num_format": "0" + ("." + "0" * places if places else ""),
            }
            page.write_number(at, 4, float(row.value), looks.of(look))
        lines = max(line_count(words, widths[n] - ROOM, SIZE) for n, words in cells.items())
        sheet.height(at, max(17.0, lines * 11.5 + 4))
    page.set_landscape()
    page.repeat_rows(1)
    page.freeze_panes(2, 0)
    if rows:
        page.autofilter(1, 0, len(rows) + 1, last)
    _page(page, story, (16.0, 16.0, 14.0, 15.0))


def _page(page: Any, story: Story, margins: tuple[float, float, float, float]) -> None:
    """A4, one page wide; *margins* left, right, top, bottom in millimetres."""
    inch = 25.4
    left, right, top, bottom = (mm / inch for mm in margins)
    page.set_paper(9)
    page.set_margins(left, right, top, bottom)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    page.hide_gridlines(2)
    furniture(page, story.document.furniture)
