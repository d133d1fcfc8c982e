"""The same paper as PDF, Word and Excel: the same cells in the same order, and what each kind of file does by itself."""

import io
import re
import zipfile

import docx
import openpyxl
import pypdfium2 as pdfium
import pytest
from docx.oxml.ns import qn
from paper_samples import Figure, context, empty_results, usual_results

from envdesk.errors import Refused
from envdesk.reports.document import (
    Column,
    Document,
    Furniture,
    Group,
    InfoLine,
    Notes,
    Row,
    SignLine,
    Table,
    Title,
    inline,
    plain,
)  # fmt: skip
from envdesk.reports.excel_cells import figure_of
from envdesk.reports.monthly import compose_monthly
from envdesk.reports.render import FORMATS, render
from envdesk.reports.template import load_template

NASTY = ("=1+1", "+86 20", "-无-", "@SUM(A1)", 'a<b>&"c"', "00123", "12345678901234567890", "两\n行", "\ue000𬭎\x0b")


def squeezed(text):
    return "".join(text.split())


def paper(**changes):
    return compose_monthly(load_template("monthly"), usual_results(), context(**changes))


@pytest.fixture(scope="module")
def document():
    return paper()


@pytest.fixture(scope="module")
def made(document):
    return {kind: render(document, kind).data for kind in FORMATS}


def rows_of(document):
    table = next(b for b in document.blocks if isinstance(b, Table))
    return [[plain(c) for c in row.cells] for group in table.groups for row in group.rows]


def word_rows(data):
    """Cells of the big table, the merged category left out."""
    table = max(docx.Document(io.BytesIO(data)).tables, key=lambda t: len(t.rows))
    out = []
    for tr in table._tbl.tr_lst[1:]:
        cells = ["".join(t.text or "" for t in tc.iter(qn("w:t"))) for tc in tr.tc_lst]
        out.append([c for i, c in enumerate(cells) if i != 1])
    return out


def excel_sheet(data):
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def shown(cell):
    """What Excel prints in the cell."""
    value, look = cell.value, cell.number_format
    if not isinstance(value, (int, float)):
        return "" if value is None else str(value)
    look = look.split(";")[0 if value >= 0 else 1] if ";" in look else look
    sign, digits = ("+" if look.startswith("+") else ""), look.count("0", look.find(".")) if "." in look else 0
    text = f"{abs(value) * (100 if '%' in look else 1):.{digits}f}"
    return ("-" if value < 0 else sign) + text + ("%" if "%" in look else "") + ("*" if "*" in look else "")


def excel_rows(data):
    page = excel_sheet(data)
    head = next(r for r in page.iter_rows() if r[0].value == "序号")[0].row
    out = []
    for row in page.iter_rows(min_row=head + 1):
        if not isinstance(row[0].value, int):
            break
        out.append([shown(c) for i, c in enumerate(row) if i != 1])
    return out


def pdf_words(data):
    document = pdfium.PdfDocument(data)
    try:
        return squeezed("".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()


# ---- the same in all three ---------------------------------------------------------------------------------------
def test_every_cell_is_the_same_in_all_three_files(document, made):
    rows = rows_of(document)
    assert len(rows) == 45
    assert word_rows(made[".docx"]) == rows
    assert excel_rows(made[".xlsx"]) == rows
    text = pdf_words(made[".pdf"])
    at = 0
    for row in rows:  # row after row: number, name, unit and figures as one string
        found = text.find(squeezed("".join(row[1:9])), at)
        assert found >= at, row
        at = found


def test_words_round_the_table_are_in_all_three(document, made):
    word = docx.Document(io.BytesIO(made[".docx"]))
    parts = [word.element.body, word.sections[0].footer._element, word.sections[0].header._element]
    in_word = squeezed("".join(t.text or "" for part in parts for t in part.iter(qn("w:t"))))
    page = excel_sheet(made[".xlsx"])
    in_excel = squeezed("".join(shown(c) for row in page.iter_rows() for c in row) + str(page.oddFooter.left.text))
    in_pdf = pdf_words(made[".pdf"])
    for block in document.blocks:
        said = []
        if isinstance(block, Title):
            said = [block.text]
        elif isinstance(block, InfoLine):
            said = [plain(c) for c in (block.left, block.centre, block.right)]
        elif isinstance(block, SignLine):
            said = list(block.slots)
        elif isinstance(block, Notes):
            said = [*block.items, block.qr.caption]
        for words in said:
            assert squeezed(words) in in_word, words
            assert squeezed(words) in in_excel, words
            assert squeezed(words) in in_pdf, words
    for words in (in_word, in_excel, in_pdf):
        assert "校验码：3F7A-91C2-D05E" in words


def test_a_draft_is_one_in_all_three():
    document = paper(draft=True)
    for kind in FORMATS:
        data = render(document, kind).data
        if kind == ".pdf":
            assert "草稿，未经审核" in pdf_words(data)
            continue
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            words = "".join(packed.read(n).decode() for n in packed.namelist() if n.endswith((".xml", ".vml")))
            pictures = [n for n in packed.namelist() if "media/" in n]
        assert "草稿，未经审核" in words
        assert "校验码" not in words
        if kind == ".docx":
            assert 'string="草稿"' in words  # the watermark, on the first page and on the others
            assert words.count('string="草稿"') == 2
            assert pictures == []  # no QR code
        else:
            assert len(pictures) == 1  # the watermark of the page header


def test_empty_and_overlong_papers_come_out_in_all_three():
    template = load_template("monthly")
    results = empty_results(template)
    results["outing_cnt"] = Figure("outing_cnt", text="52", last_year="7", marked={"current"}, note="长" * 200)
    document = compose_monthly(template, results, context(office="长" * 60, caliber=("口径" * 300,)))
    row = next(r for r in rows_of(document) if r[1] == "出动检查组")
    assert row[3] == "52*"
    assert row in word_rows(render(document, ".docx").data)
    assert row in excel_rows(render(document, ".xlsx").data)


def test_an_unknown_suffix_is_refused(document):
    with pytest.raises(Refused, match=r"\.pdf、\.docx、\.xlsx"):
        render(document, ".wps")


# ---- Word --------------------------------------------------------------------------------------------------------
def test_word_repeats_the_header_and_keeps_rows_whole(made):
    table = max(docx.Document(io.BytesIO(made[".docx"])).tables, key=lambda t: len(t.rows))
    rows = table._tbl.tr_lst
    assert [tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None for tr in rows] == [True] + [False] * 45
    assert all(tr.find(qn("w:trPr")).find(qn("w:cantSplit")) is not None for tr in rows)
    total = next(tr for tr in rows if "“散乱污”" in "".join(t.text for t in tr.iter(qn("w:t"))))
    assert all(p.find(qn("w:pPr")).find(qn("w:keepNext")) is not None for p in total.iter(qn("w:p")))
    merged = [tr.tc_lst[1].find(qn("w:tcPr")).find(qn("w:vMerge")) for tr in rows[1:]]
    assert sum(m.get(qn("w:val")) == "restart" for m in merged) == 4


def test_word_page_fonts_and_fields(made):
    word = docx.Document(io.BytesIO(made[".docx"]))
    modes = {e.get(qn("w:name")): e.get(qn("w:val")) for e in word.settings.element.iter(qn("w:compatSetting"))}
    assert modes["compatibilityMode"] == "15"
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert [round(m.mm) for m in (section.left_margin, section.right_margin, section.top_margin)] == [16, 16, 14]
    foot = section.footer._element.xml
    assert re.findall(r"<w:instrText[^>]*> (\w+) <", foot) == ["PAGE", "NUMPAGES"]
    styles = {s.name: s.element.find(qn("w:rPr")).find(qn("w:rFonts")) for s in word.styles if s.name[:1] in "报表"}
    assert styles["报表标题"].get(qn("w:eastAsia")) == "方正小标宋简体"
    assert styles["表格标签"].get(qn("w:eastAsia")) == "黑体"
    assert styles["表格文字"].get(qn("w:eastAsia")) == "宋体"
    assert {p.style.name for p in word.paragraphs if p.text} <= {"报表标题", "报表说明行", "表下注"}
    assert word.core_properties.title == "均禾街道综合执法办2026年10月生态环境工作月报表"
    assert word.core_properties.author == "均禾街道综合执法办"


# ---- Excel -------------------------------------------------------------------------------------------------------
def test_excel_figures_add_up(made):
    page = excel_sheet(made[".xlsx"])
    rows = {row[2].value: row for row in page.iter_rows() if row[2].value}
    assert rows["12345等工单收到"][4].value == 86
    rate = rows["12345等工单办结率"][4]
    assert (rate.value, rate.number_format) == (0.8372, "0.00%")
    assert rows["优良天数比例"][5].number_format == "0.0%"
    assert rows["排污口返弹"][7].value == "—"
    assert rows["涉VOCs企业检查覆盖率"][7].value == "+3.06个百分点"
    assert rows["涉VOCs企业检查覆盖率"][7].quotePrefix


def test_excel_prints_a4_one_page_wide(made):
    page = excel_sheet(made[".xlsx"])
    assert page.page_setup.paperSize == 9
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == "$3:$3"
    assert page.freeze_panes == "A4"
    assert page.oddFooter.center.text == "第&P页\u3000共&N页"
    assert "B4:B21" in {str(r) for r in page.merged_cells.ranges}
    assert page.title == "月报表"


def test_text_from_data_stays_text():
    rows = tuple(Row((inline(str(i)), inline(words), inline(words))) for i, words in enumerate(NASTY, 1))
    columns = (Column("序号", 10, "centre"), Column("名称", 60), Column("数", 60, "right"))
    document = Document(
        title="表", blocks=(Title("=表"), Table(columns, (Group(rows),))), subject="a[b]:c*?/'" * 5,
        furniture=Furniture(running="<&>", foot_left="7&8 &P", watermark='草"<稿'),
    )  # fmt: skip
    page = excel_sheet(render(document, ".xlsx").data)
    by_number = {row[0].value: row for row in page.iter_rows() if isinstance(row[0].value, int)}
    for i, words in enumerate(NASTY[:8], 1):
        for cell in by_number[i][1:3]:
            assert (cell.data_type, cell.value) == ("s", words), words
            assert bool(cell.quotePrefix) == (words[0] in "=+-@"), words
    assert "𬭎" in by_number[9][1].value
    assert page.title == "abc" * 5
    assert "&P" not in page.oddFooter.left.text.replace("&&P", "")
    word = docx.Document(io.BytesIO(render(document, ".docx").data))
    said = [[c.text for c in row.cells] for row in word.tables[0].rows]
    assert [row[1] for row in said[1:8]] == list(NASTY[:7])
    assert said[8][1] == "两\n行"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", (0, "0")),
        ("-6.87%", (-0.0687, "0.00%")),
        ("+17.95%", (0.1795, "+0.00%;-0.00%;0.00%")),
        ("100%", (1, "0%")),
        ("2.55", (2.55, "0.00")),
        ("98.81%*", (0.9881, '0.00%"*"')),
        ("007", None),
        ("1234567890123456", None),
        ("—", None),
        ("持平", None),
        ("+3.06个百分点", None),
        ("1.2.3", None),
    ],
)
def test_a_printed_figure_is_a_number_in_its_own_look(text, expected):
    assert figure_of(text) == expected
