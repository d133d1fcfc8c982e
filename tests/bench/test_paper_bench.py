"""How fast papers are made (``-m bench``): ratios inside one run, against the fastest drawing of the same cells there is.

Beside ours stand, where they are installed, what an office would otherwise use: LibreOffice, fpdf2, WeasyPrint.
"""

from __future__ import annotations

import html
import io
import random
import shutil
import subprocess
import time
from datetime import date
from itertools import pairwise

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from envdesk.reports.document import Column, Document, Group, Row, Table, Title, inline
from envdesk.reports.fonts import FontSet
from envdesk.reports.render import render

ROWS, BEST_OF = 1000, 5
TITLE = "二〇二六年度办公用品领用登记台账"
HEAD = ("序号", "物品名称", "规格型号", "单位", "数量", "单价（元）", "领用人", "备注")
MM = (12, 32, 25, 11, 13, 20, 18, 52)
LEFT, TOP, BOTTOM = 37.0, 50.0, 50.0
NAMES = ("签字笔", "复印纸", "文件夹", "订书机", "档案盒", "计算器", "硒鼓", "白板笔", "笔记本", "长尾夹", "资料册")
PEOPLE = ("张伟", "李敏", "王䶮", "陈建国", "欧阳修远", "赵喆", "刘洋", "买买提·艾力")
NOTES = (
    "", "用于会议记录，已登记入库。", "急用",
    "按《办公用品管理办法》第三条（二）项领用，超出定额部分由部门负责人签字确认后补登。",
    "2026年第三季度集中采购，合同编号：HT-2026-0913，验收合格；余量退库。",
)  # fmt: skip


def cells():
    pick = random.Random(7)
    return [
        (
            str(n + 1), f"{pick.choice(NAMES)}（{pick.choice(('得力', '晨光', '齐心', '广博'))}）",
            pick.choice(("0.5mm 黑", "A4 70g", "双孔 55mm", "24/6", "牛皮纸 5cm", "12 位", "CF228A")),
            pick.choice("支包个台盒"), str(pick.randint(1, 500)), f"{pick.randint(50, 500000) / 100:,.2f}",
            pick.choice(PEOPLE), pick.choice(NOTES),
        )
        for n in range(ROWS)
    ]  # fmt: skip


def document(rows):
    columns = tuple(
        Column(t, mm, "right" if t in ("数量", "单价（元）") else "left") for t, mm in zip(HEAD, MM, strict=True)
    )
    group = Group(tuple(Row(tuple(inline(c) for c in row)) for row in rows))
    return Document(TITLE, (Title(TITLE), Table(columns, (group,), size=9, row_mm=0, dense=True)))


def drawn_by_hand(rows):
    """The cells on a bare canvas, wrapped by the character: no kinsoku, no units kept, no spans, no fallback face."""
    fonts = FontSet()
    song, hei = fonts.embedded_name("song"), fonts.embedded_name("hei")
    face = pdfmetrics.getFont(song).face
    widths, default = face.charWidths, face.defaultWidth
    out = io.BytesIO()
    page = Canvas(out, pagesize=A4, pageCompression=1)
    page.setTitle(TITLE)
    size, leading = 9, 12
    xs = [LEFT]
    for mm in MM:
        xs.append(xs[-1] + mm * (A4[0] - 2 * LEFT) / sum(MM))
    rooms = [(b - a - 6) / size * 1000 for a, b in pairwise(xs)]

    def wrap(text, room):
        lines, line, used = [], "", 0.0
        for ch in text:
            wide = widths.get(ord(ch), default)
            if used + wide > room and line:
                lines.append(line)
                line, used = "", 0.0
            line += ch
            used += wide
        return [*lines, line]

    def header(y):
        page.setFont(hei, 9)
        page.setLineWidth(0.5)
        page.grid(xs, [y, y - 21])
        for x, words in zip(xs, HEAD, strict=False):
            page.drawString(x + 3, y - 14, words)
        page.setFont(song, 9)
        return y - 21

    number = 1
    page.setFont(hei, 16)
    page.drawCentredString(A4[0] / 2, A4[1] - 68, TITLE)
    y = header(A4[1] - 80)
    for row in rows:
        broken = [wrap(text, room) for text, room in zip(row, rooms, strict=True)]
        high = max(map(len, broken)) * leading + 3
        if y - high < BOTTOM:
            page.drawCentredString(A4[0] / 2, 28, f"第{number}页")
            page.showPage()
            number += 1
            y = header(A4[1] - TOP)
        page.setLineWidth(0.5)
        page.grid(xs, [y, y - high])
        for i, lines in enumerate(broken):
            at = y - 1.5 - size - (high - 3 - len(lines) * leading) / 2
            for line in lines:
                if i in (4, 5):
                    page.drawRightString(xs[i + 1] - 3, at, line)
                else:
                    page.drawString(xs[i] + 3, at, line)
                at -= leading
        y -= high
    page.drawCentredString(A4[0] / 2, 28, f"第{number}页")
    page.save()
    return out.getvalue()


def text_of(data):
    paper = pdfium.PdfDocument(data)
    text = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in paper)
    paper.close()
    return text


def best(act, times=BEST_OF):
    out, found = [], None
    for _ in range(times):
        start = time.perf_counter()
        found = act()
        out.append(time.perf_counter() - start)
    return min(out), found


def by_fpdf(rows):
    fpdf = pytest.importorskip("fpdf")
    from envdesk import paths

    paper = fpdf.FPDF(unit="pt", format="A4")
    for style in ("", "B"):  # its header row asks for a bold one
        paper.add_font("Song", style, str(paths.resource("fonts") / "song.ttf"))
    paper.set_auto_page_break(True, BOTTOM)
    paper.add_page()
    paper.set_font("Song", size=9)
    with paper.table(col_widths=MM, width=520, line_height=12, wrapmode="CHAR") as table:
        for row in [HEAD, *rows]:
            table.row(row)
    return bytes(paper.output())


def by_weasyprint(rows):
    weasyprint = pytest.importorskip("weasyprint")
    from envdesk import paths

    face = (paths.resource("fonts") / "song.ttf").as_uri()
    lines = ["".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows]
    page = f"""<style>@font-face {{ font-family: Song; src: url({face}) }} @page {{ size: A4; margin: 13mm }}
    body {{ font: 9pt/12pt Song }} table {{ border-collapse: collapse; width: 100% }}
    td, th {{ border: .5pt solid; padding: 1.5pt 3pt }}</style>
    <h1>{TITLE}</h1><table><thead><tr>{"".join(f"<th>{t}</th>" for t in HEAD)}</tr></thead><tbody>
    {"".join(f"<tr>{line}</tr>" for line in lines)}</tbody></table>"""
    return weasyprint.HTML(string=page).write_pdf()


@pytest.mark.bench
def test_a_list_of_a_thousand_rows(tmp_path):
    rows = cells()
    paper = document(rows)
    render(document(rows[:20]))  # fonts are read once
    pairs = []
    for _ in range(BEST_OF):  # in turn, so that both meet the same noise
        bare, raw = best(lambda: drawn_by_hand(rows), 1)
        ours, made = best(lambda: render(paper), 1)
        pairs.append((ours, bare))
    ours, bare = min(o for o, _b in pairs), min(b for _o, b in pairs)
    found = text_of(made.data)
    for row in rows[:: ROWS // 50]:
        assert "".join("".join(row[1:7]).split()) in found, row
    assert "备注" in found
    assert len(text_of(raw)) > 20_000
    word, as_word = best(lambda: render(paper, ".docx"), 2)
    excel, _as_excel = best(lambda: render(paper, ".xlsx"), 2)
    said = [
        f"1,000 rows, {made.pages} pages, PDF {ours * 1000:.0f} ms; bare canvas {bare * 1000:.0f} ms; ratio {ours / bare:.2f}",
        f"  as DOCX {word * 1000:.0f} ms, as XLSX {excel * 1000:.0f} ms",
    ]
    if shutil.which("soffice"):
        (tmp_path / "列表.docx").write_bytes(as_word.data)
        start = time.perf_counter()
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to", "pdf",
             "--outdir", tmp_path, tmp_path / "列表.docx"], check=True, capture_output=True,
        )  # fmt: skip
        said.append(f"  LibreOffice, from the DOCX, program start included: {time.perf_counter() - start:.1f} s")
    for name, other in (("fpdf2", by_fpdf), ("WeasyPrint", by_weasyprint)):
        try:
            took, _data = best(lambda draw=other: draw(rows), 1)
            said.append(f"  {name}: {took * 1000:.0f} ms, {took / ours:.1f} times ours")
        except pytest.skip.Exception:
            continue
    print("\n" + "\n".join(said))


@pytest.mark.bench
def test_the_summary_of_a_month(tmp_path):
    from envdesk.desk import reports
    from envdesk.desk.demo import build_demo
    from envdesk.desk.office import load_forms, opened

    path, period = tmp_path / "样例.envdesk", "2026-09"
    build_demo(path, load_forms(None), records=3000, seed=3, until=date(2026, 9, 30))
    with opened(path, as_of="2026-10-09") as desk:
        first, made = best(lambda: reports.compute(desk, period), 1)
        warm, made = best(lambda: reports.compute(desk, period), 3)
        drawn, paper = best(lambda: reports.paper(desk, made, draft=True), 3)
        word, _w = best(lambda: reports.paper(desk, made, draft=True, kind=".docx"), 3)
        excel, _x = best(lambda: reports.paper(desk, made, draft=True, kind=".xlsx"), 3)
    assert paper.pages >= 2
    print(
        f"\nmonth summary: figures {first * 1000:.0f} ms first, {warm * 1000:.0f} ms warm; "
        f"PDF {drawn * 1000:.0f} ms, DOCX {word * 1000:.0f} ms, XLSX {excel * 1000:.0f} ms"
    )
