"""Charts of a paper in Excel: a sheet of figures with charts of Excel's own beside them, to be changed and copied.

Black, grey and white fills with numbers on the bars, as in print.
"""

from __future__ import annotations

from typing import Any

from envdesk.reports.chart import EMPTY
from envdesk.reports.document import Chart, Charts, Document, inline
from envdesk.reports.excel_cells import Looks, Sheet, figure_of, free_name
from envdesk.reports.text import one_line

#: Columns of the figures, points; the charts begin after them.
WIDTHS = (104.0, 56.0, 92.0, 10.0)
CHART = {"width": 560, "height": 390}
ROW, ROWS = 15.0, 24  # three charts on a page
GREYS = ("#D1D1D1", "#262626")
FONT = {"name": "宋体", "size": 9}
_TEXT = {"font_name": "宋体", "font_size": 9, "border": 1, "valign": "vcenter", "text_wrap": True}


def chart_sheet(book: Any, block: Charts, document: Document, looks: Looks) -> None:
    """Add the sheet of a block of charts."""
    page = book.add_worksheet(free_name(book, block.title or "图"))
    sheet = Sheet(page, looks)
    sheet.columns(WIDTHS)
    title = {"font_name": "方正小标宋简体", "font_size": 15, "valign": "vcenter"}
    sheet.put(0, 0, 0, 10, inline(f"{document.title}{block.title}"), title)
    sheet.height(0, 28)
    row = 2
    for chart in block.charts:
        end = _figures(sheet, chart, row)
        if chart.labels:
            _chart(book, page, chart, row, end)
        else:
            sheet.put(row + 2, 0, row + 2, 2, inline(EMPTY), _TEXT)
        row = max(end + 2, row + ROWS)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    page.set_footer('&C&"宋体,常规"&9第&P页\u3000共&N页')
    if document.furniture.watermark:
        page.set_header(f'&R&"宋体,常规"&9{one_line(document.furniture.foot_left).replace("&", "&&")[:80]}')


def _figures(sheet: Sheet, chart: Chart, row: int) -> int:
    """Write the figures of a chart from *row*; returns the row after the last."""
    head = {**_TEXT, "font_name": "黑体", "align": "center"}
    sheet.put(row, 0, row, 2, inline(chart.title), {**head, "align": "left"})
    sheet.put(row + 1, 0, row + 1, 0, inline("月份" if chart.kind == "columns" else "项目"), head)
    for n, one in enumerate(chart.series, 1):
        sheet.put(row + 1, n, row + 1, n, inline(one.name or "数值"), head)
    if chart.kind != "columns":
        sheet.put(row + 1, 2, row + 1, 2, inline("说明"), head)
    year = ""
    for i, label in enumerate(chart.labels):
        at = row + 2 + i
        number, _, under = label.partition("\n")
        year = under or year
        name = f"{year}{number}月" if chart.kind == "columns" else label
        sheet.put(at, 0, at, 0, inline(name), _TEXT)
        sheet.height(at, ROW)
        for n, one in enumerate(chart.series, 1):
            _value(sheet, at, n, chart, one.values[i], one.texts[i])
        if chart.kind != "columns":
            sheet.put(at, 2, at, 2, inline(chart.series[0].texts[i]), {**_TEXT, "align": "right"})
    return row + 2 + len(chart.labels)


def _value(sheet: Sheet, row: int, column: int, chart: Chart, value: float | None, text: str) -> None:
    look = {**_TEXT, "align": "right"}
    if value is None:
        sheet.put(row, column, row, column, inline(text), look)
        return
    if chart.kind == "shares":
        sheet.page.write_number(row, column, round(value / 100, 6), sheet.looks.of({**look, "num_format": "0.00%"}))
        return
    shown = figure_of(text)
    look["num_format"] = shown[1] if shown else "General"
    sheet.page.write_number(row, column, value, sheet.looks.of(look))


def _chart(book: Any, page: Any, chart: Chart, row: int, end: int) -> None:
    upright = chart.kind == "columns"
    made = book.add_chart({"type": "column" if upright else "bar"})
    name = page.get_name()
    for n in range(1, len(chart.series) + 1):
        grey = GREYS[-1] if n == len(chart.series) else GREYS[0]
        made.add_series(
            {
                "name": [name, row + 1, n], "categories": [name, row + 2, 0, end - 1, 0],
                "values": [name, row + 2, n, end - 1, n], "fill": {"color": grey}, "border": {"color": "black", "width": 0.5},
                "gap": 60, "data_labels": {"value": True, "font": {"name": "宋体", "size": 8}},
            }
        )  # fmt: skip
    made.set_title(
        {"name": one_line(chart.title), "name_font": {"name": "黑体", "size": 11, "bold": False}, "overlay": False}
    )
    made.set_legend({"position": "bottom", "font": FONT} if len(chart.series) > 1 else {"none": True})
    if upright:
        made.set_x_axis({"num_font": FONT})
        made.set_y_axis(
            {"num_font": FONT, "major_gridlines": {"visible": True, "line": {"color": "#BFBFBF", "width": 0.25}}}
        )
    else:  # the first part on top; the numbers stand on the bars, so that the axis can go
        made.set_y_axis({"num_font": FONT, "reverse": True, "major_gridlines": {"visible": False}})
        made.set_x_axis(
            {"visible": False, "major_gridlines": {"visible": False}, "min": 0}
            | ({"max": 1} if chart.kind == "shares" else {})
        )
    made.set_size(CHART)
    page.insert_chart(row, len(WIDTHS), made, {"object_position": 1, "description": one_line(chart.title)})
