"""A workbook as a district office sends it out: merged heads, formulas, colours that depend, a picture, a chart."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import xlsxwriter
from PIL import Image

TITLE = "XX区2026年10月生态环境工作情况月报表"
GROUPS = {
    "大气污染防治": ["涉VOCs企业检查", "加油站检查", "工地巡查", "移动源抽测", "露天焚烧火点"],
    "水污染防治": ["河涌巡查", "水源地巡查", "散乱污整治", "排污口返弹"],
    "监管效能": ["出动检查组", "检查企业", "发现问题", "问题整改完成率", "工单收到", "工单办结率"],
}
COLUMNS = ("本月", "本年累计", "上年同期", "同比（%）")
FIRST = 5


def district_form(path: Path, *, inserted: str = "", title: str = TITLE, sheet: str = "10月报表") -> Path:
    """Write it; *inserted* = name of a row that is new this month, before 移动源抽测.

    Labels in B and C, values in D to G from row 5, a total below; a list of checks from A24; a second sheet with a
    chart and a formula over the first.
    """
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    cell = book.add_format({"border": 1})
    rate = book.add_format({"border": 1, "num_format": "0.00%"})
    money = book.add_format({"border": 1, "num_format": "#,##0.0", "font_color": "#1F4E79"})
    page.merge_range("A1:H1", title, book.add_format({"bold": True, "font_size": 18, "align": "center"}))
    page.merge_range("A2:D2", "填报单位：", cell)
    page.merge_range("A3:A4", "序号", head)
    page.merge_range("B3:C4", "指标", head)
    page.merge_range("D3:G3", "完成情况", head)
    for n, text in enumerate(COLUMNS):
        page.write(3, 3 + n, text, head)
    page.merge_range("H3:H4", "备注", head)
    row = FIRST - 1
    for group, known in GROUPS.items():
        names = [x for n in known for x in ((inserted, n) if inserted and n == "移动源抽测" else (n,))]
        page.merge_range(row, 1, row + len(names) - 1, 1, group, head)
        for name in names:
            page.write(row, 0, row - FIRST + 2, cell)
            page.write(row, 2, name, cell)
            look = rate if name.endswith("率") else cell
            for column in (3, 4, 5):
                page.write_blank(row, column, None, look)
            page.write_blank(row, 6, None, money)
            page.write_formula(row, 7, f'=IF(D{row + 1}>E{row + 1},"核对","")', cell, "旧值")
            row += 1
    page.write(row, 2, "合计", head)
    for column, letter in ((3, "D"), (4, "E")):
        page.write_formula(row, column, f"=SUM({letter}{FIRST}:{letter}{row})", money, 4711)
    page.conditional_format(FIRST - 1, 3, row - 1, 3, {"type": "data_bar"})
    page.conditional_format(
        FIRST - 1, 4, row - 1, 4,
        {"type": "cell", "criteria": ">", "value": 10, "format": book.add_format({"bg_color": "#FFC7CE"})},
    )  # fmt: skip
    page.data_validation(FIRST - 1, 7, row - 1, 7, {"validate": "list", "source": ["核对", "无误"]})
    page.set_column("A:A", 6)
    page.set_column("C:C", 27.5)
    page.set_row(0, 31)
    png = io.BytesIO()
    Image.new("RGB", (60, 40), (27, 122, 77)).save(png, "PNG")
    page.insert_image("J2", "章.png", {"image_data": png})
    page.write_comment("C5", "含复查")
    top = row + 3
    for n, text in enumerate(("序号", "日期", "企业", "结果")):
        page.write(top, n, text, head)
    for line in range(top + 1, top + 9):
        for n in range(4):
            page.write_blank(line, n, None, cell)
    page.merge_range(top + 9, 0, top + 9, 3, "填表人：          审核人：", cell)
    page.freeze_panes(4, 3)
    other = book.add_worksheet("汇总")
    other.write("A1", "两倍")
    other.write_formula("B1", f"='{sheet}'!D{row + 1}*2", None, 9422)
    other.write_formula("B2", "=1+2", None, 3)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"='{sheet}'!$D${FIRST}:$D${row}"})
    other.insert_chart("D2", chart)
    book.define_name("区名", "=汇总!$A$1")
    book.close()
    return path


def parts(data: bytes) -> dict[str, bytes]:
    """Content of each part of a file."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return {name: z.read(name) for name in z.namelist()}


def raw(cells: str, *, head: str = "", tail: str = "", prefix: str = "") -> bytes:
    """A part of a sheet, written by hand."""
    p = prefix
    name = f' xmlns{":" + p[:-1] if p else ""}="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}worksheet{name}>{head}{cells}{tail}</{p}worksheet>').encode()
