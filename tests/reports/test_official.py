"""Official letters: geometry after GB/T 9704 in the PDF, the same in the Word file."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from envdesk import paths
from envdesk.reports.document import (
    Addressee,
    Attachments,
    Document,
    Furniture,
    Heading,
    Paragraph,
    SignOff,
    Span,
    Title,
    inline,
)
from envdesk.reports.fonts import FontSet
from envdesk.reports.official import CHARS, LEAD, LINES, PITCH, TOP, grid, paged, render_official, split_title
from envdesk.reports.pc_fonts import Faces, find_faces
from envdesk.reports.render import render
from envdesk.reports.text import clean

MM = 72 / 25.4
FILLER = "持续推进涉挥发性有机物企业、工地扬尘、入河排污口和危险废物的日常检查，做到发现一处、整改一处、销号一处。"
OWN = Faces({})


def letter(
    paragraphs: int = 6, *, times: int = 3, heads: bool = True, draft: bool = False, sign: bool = True
) -> Document:
    blocks: list = [
        Title("均禾街道综合执法办2026年1月1日—10月31日生态环境保护工作情况报告"),
        Addressee("街道党工委、办事处："),
    ]
    for n in range(paragraphs):
        if heads:
            blocks.append(Heading(1, f"{'一二三四五六七八九十'[n % 10]}、落实污染防治"))
            blocks.append(Heading(2, "（一）巩固成效"))
        blocks.append(Paragraph(inline("收到", Span("812件", figure="wo_received"), "，" + FILLER * times)))
    if sign:
        blocks += [
            Attachments(("2026年10月生态环境工作月报表", "清单")),
            SignOff("均禾街道综合执法办", "2026年11月3日"),
        ]
    mark = Furniture(watermark="草\u3000稿" if draft else "")
    return Document("报告", tuple(blocks), author="均禾街道综合执法办", official=True, furniture=mark)


def pages_of(document: Document) -> list[list[tuple[float, float, float, str]]]:
    """Lines of each page: left, top, right (points from the upper left corner), words."""
    made = render_official(document, faces=OWN, invariant=True)
    out = []
    pdf = pypdfium2.PdfDocument(made.data)
    for page in pdf:
        text, high = page.get_textpage(), page.get_height()
        rows: dict[int, list[tuple[float, float, float, str]]] = {}
        for n in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(n)
            middle = high - (top + bottom) / 2
            rows.setdefault(round((middle - TOP * MM) / LEAD - 0.5), []).append(
                (left, middle, right, text.get_text_bounded(left, bottom, right, top))
            )
        out.append([(min(r[0] for r in row), row[0][1], max(r[2] for r in row), "".join(r[3] for r in sorted(row)))
                    for _slot, row in sorted(rows.items())])  # fmt: skip
    pdf.close()
    assert made.pages == len(out)
    return out


# ------------------------------------------------------------------------------------------------------------- the PDF
def test_every_page_has_at_most_22_lines_inside_the_type_area():
    pages = pages_of(letter(12, times=5))
    assert len(pages) > 2
    for number, lines in enumerate(pages, 1):
        left = 28 * MM if number % 2 else (210 - 28 - 156) * MM
        body = [line for line in lines if "—" not in line[3] or "年" in line[3]]
        assert len(body) <= LINES
        for start, middle, end, words in body:
            assert left - 1 <= start, words
            assert end <= left + 156 * MM + 1, words
            assert TOP * MM < middle < (TOP + 225) * MM, words


def test_a_full_line_holds_28_characters():
    pages = pages_of(Document("报告", (Paragraph(inline("甲" * 200)),), official=True))
    counts = [len(words.strip()) for _l, _m, _r, words in pages[0] if "甲" in words]
    assert counts[0] == CHARS - 2  # the indent
    assert set(counts[1:-1]) == {CHARS}
    assert pytest.approx(28 * PITCH, abs=0.01) == 156 * MM


def test_the_folio_stands_outside_odd_right_even_left():
    pages = pages_of(letter(12, times=5))
    for number, lines in enumerate(pages, 1):
        left, middle, right, words = lines[-1]
        assert words.replace(" ", "") == f"—{number}—"
        assert middle == pytest.approx((37 + 225 + 7) * MM, abs=3)
        if number % 2:
            assert right == pytest.approx((28 + 156) * MM - 14, abs=3)
        else:
            assert left == pytest.approx((210 - 28 - 156) * MM + 14, abs=3)


@pytest.mark.parametrize("times", range(1, 9))
def test_a_heading_is_never_last_and_the_signature_never_alone(times):
    for paragraphs in (3, 4, 5):
        pages = pages_of(letter(paragraphs, times=times))
        for lines in pages[:-1]:
            assert not re.match(r"^\s*([一二三四五六]、|（一）)", lines[-2][3]), lines[-2][3]
        last = "".join(words for _l, _m, _r, words in pages[-1])
        assert "2026年11月3日" in last
        assert "销号一处。" in last  # text stands on the page of the signature


def test_the_signature_is_centred_over_a_date_four_characters_in():
    lines = pages_of(letter(1))[-1]
    office = next(line for line in lines if line[3].strip() == "均禾街道综合执法办")
    day = next(line for line in lines if line[3].strip() == "2026年11月3日")
    assert day[2] == pytest.approx((28 + 156) * MM - 4 * PITCH, abs=3)
    assert (office[0] + office[2]) / 2 == pytest.approx((day[0] + day[2]) / 2, abs=2)


@pytest.mark.parametrize("times", [6, 8, 50])
def test_a_very_long_office_stays_inside(times):
    long = Document("报告", (Paragraph(inline("好。")), SignOff("均禾街道" * times, "2026年1月1日")), official=True)
    for left, _middle, right, words in pages_of(long)[0]:
        assert left >= 28 * MM - 1, words
        assert right <= (28 + 156) * MM + 1, words


def test_titles_break_between_words_the_longer_line_first():
    assert split_title("均禾街道综合执法办2026年10月生态环境治理工作情况报告", 20) == [
        "均禾街道综合执法办2026年10月", "生态环境治理工作情况报告",
    ]  # fmt: skip
    assert split_title("均禾街道综合执法办2026年10月5日—9日生态环境治理工作情况报告", 20) == [
        "均禾街道综合执法办2026年10月5日—9日", "生态环境治理工作情况报告",
    ], "no line begins with the dash of two days"  # fmt: skip
    long = split_title(
        "广州市白云区均禾街道办事处综合行政执法办公室2026年1月1日—10月31日生态环境保护工作情况的报告", 20
    )
    assert long == [
        "广州市白云区均禾街道办事处",
        "综合行政执法办公室2026年1月1日—10月31日",
        "生态环境保护工作情况的报告",
    ] or (len(long) == 3 and not any(piece.startswith(("公室", "事处")) for piece in long))


def test_a_title_of_200_characters_breaks_at_once():
    pieces = split_title("甲" * 200, 20)
    assert len(pieces) == 10
    assert (
        render_official(Document("x", (Title("甲" * 200), Paragraph(inline("好。"))), official=True), faces=OWN).pages
        == 1
    )


def test_every_figure_can_be_found_on_the_paper():
    made = render_official(letter(6, times=4), faces=OWN)
    assert len(made.marks) == 6
    pdf = pypdfium2.PdfDocument(made.data)
    for mark in made.marks:
        page = pdf[mark.page]
        left, top, right, bottom = mark.box
        high = page.get_height()
        found = page.get_textpage().get_text_bounded(left - 1, high - bottom, right + 1, high - top)
        assert "812件" in found
    pdf.close()


def test_free_lines_are_only_where_the_letter_has_them():
    slots = grid(letter(2), FontSet(), 0.5)
    free = [n for n, slot in enumerate(slots) if slot.line is None]
    assert len(free) == 1 + 1 + 2  # under the title, over 附件, two for the seal
    assert [len(p) for p in paged(slots)][:-1] == [LINES] * (len(list(paged(slots))) - 1) or len(slots) > LINES


@pytest.mark.parametrize("lines", [2, 3, 4])
def test_a_few_characters_never_begin_a_page(lines):
    """A paragraph of whole lines and 乙乙。 is moved down line by line until its end meets the end of the page."""
    text = "甲" * (CHARS * lines - 2) + "乙乙。"
    for above in range(LINES - 6, LINES + 1):
        blocks = (*(Paragraph(inline("丙。")) for _ in range(above)), Paragraph(inline(text)))
        pages = pages_of(Document("报告", blocks, official=True))
        assert not any(page[0][3].strip() in ("乙乙。", "乙。", "。") for page in pages[1:] if page)


def test_a_title_a_hair_too_long_is_not_cut_inside_a_word():
    title = "均禾街道综合执法办2022年第二季度工作总结"
    slots = grid(Document("报告", (Title(title),), official=True), FontSet(), 0.5)
    assert [s.line.text for s in slots if s.line] == ["均禾街道综合执法办2022年", "第二季度工作总结"]


def test_a_draft_is_marked_on_every_page():
    made = render_official(letter(6, draft=True), faces=OWN)
    pdf = pypdfium2.PdfDocument(made.data)
    assert all("稿" in page.get_textpage().get_text_bounded() for page in pdf)
    pdf.close()


# --------------------------------------------------------------------------------------------------- fonts of the PC
def test_fonts_of_the_pc_are_used_and_named(data_dir):
    song = paths.resource("fonts", "song.ttf")
    for name in ("仿宋_GB2312.ttf", "FZXBSJW.TTF", "simhei.ttf"):
        (data_dir / name).write_bytes(song.read_bytes())
    (data_dir / "楷体_GB2312.ttf").write_bytes(b"broken")
    found = find_faces([data_dir])
    assert set(found.files) == {"fang", "title", "hei"}
    assert "仿宋_GB2312（仿宋_GB2312.ttf）" in found.words
    assert "楷体_GB2312用自带的宋体" in found.words
    made = render_official(letter(2), faces=found)
    names = {clean(n) for n in re.findall(r"/BaseFont /[A-Z]{6}\+(\S+)", made.data.decode("latin-1"))}
    assert made.pages >= 1
    assert names


def test_no_folder_no_fonts():
    assert find_faces([Path("/nowhere")]).files == {}


# ------------------------------------------------------------------------------------------------------ the Word file
@pytest.fixture(scope="module")
def word():
    made = render(letter(3), ".docx")
    assert made.pages == 0
    return docx.Document(BytesIO(made.data))


def test_the_page_of_the_word_file(word):
    section = word.sections[0]
    assert [round(n.mm) for n in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(n.mm) for n in margins] == [37, 28, 26, 35]
    grid_ = section._sectPr.find(qn("w:docGrid"))
    assert grid_.get(qn("w:type")) == "linesAndChars"
    assert 22 * int(grid_.get(qn("w:linePitch"))) <= 225 * MM * 20
    assert word.settings.odd_and_even_pages_header_footer
    assert word.settings.element.find(qn("w:mirrorMargins")) is not None


def test_faces_are_named_for_chinese(word):
    want = {"Title": "方正小标宋简体", "一级标题": "黑体", "二级标题": "楷体_GB2312", "Normal": "仿宋_GB2312"}
    for name, face in want.items():
        fonts = word.styles[name].element.rPr.find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) == face
    assert word.styles["Normal"].font.size.pt == 16
    assert word.styles["Title"].font.size.pt == 22


def test_words_and_their_styles(word):
    styles = {p.style.name: p.text for p in word.paragraphs if p.text}
    assert styles["Title"].replace("\n", "") == "均禾街道综合执法办2026年1月1日—10月31日生态环境保护工作情况报告"
    assert styles["一级标题"] == "三、落实污染防治"
    assert styles["二级标题"] == "（一）巩固成效"
    text = [p.text for p in word.paragraphs]
    assert text[-2:] == ["均禾街道综合执法办", "2026年11月3日"]
    assert "附件：1.2026年10月生态环境工作月报表" in text


def test_lines_are_of_one_height_and_marks_stay_inside(word):
    for name in ("Normal", "Title"):
        assert word.styles[name].paragraph_format.line_spacing.pt == pytest.approx(28.95)
    properties = word.styles["Normal"].element.pPr
    order = [child.tag.rpartition("}")[2] for child in properties]
    want = ["widowControl", "overflowPunct", "autoSpaceDE", "autoSpaceDN", "snapToGrid", "spacing", "ind", "jc"]
    assert order == want  # Word refuses another order
    assert properties.find(qn("w:overflowPunct")).get(qn("w:val")) == "0"


def test_the_text_stays_with_the_signature(word):
    paragraphs = word.paragraphs
    at = next(n for n, p in enumerate(paragraphs) if p.text.startswith("附件"))
    assert paragraphs[at - 2].paragraph_format.keep_with_next
    assert all(p.paragraph_format.keep_with_next for p in paragraphs[at:-1])


def test_folios_are_fields_odd_right_even_left(word):
    section = word.sections[0]
    for footer, side in ((section.footer, 2), (section.even_page_footer, 0)):
        paragraph = footer.paragraphs[0]
        assert " PAGE " in "".join(e.text or "" for e in paragraph._p.iter(qn("w:instrText")))
        assert paragraph.text == "— 1 —"
        assert paragraph.paragraph_format.alignment == side


def test_a_draft_says_so_over_every_page():
    made = docx.Document(BytesIO(render(letter(1, draft=True), ".docx").data))
    for header in (made.sections[0].header, made.sections[0].even_page_header):
        assert "草稿" in header.paragraphs[0].text


def test_control_characters_do_not_break_the_file():
    odd = Document("x", (Paragraph(inline("甲\x00乙\x0b丙\ud800<w:p>&")),), official=True)
    made = docx.Document(BytesIO(render(odd, ".docx").data))
    assert made.paragraphs[0].text == "甲乙\n丙\ufffd<w:p>&"
    assert render(odd, ".pdf").pages == 1
