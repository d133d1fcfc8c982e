"""Charts: where bars and numbers stand, and that all three kinds of file hold them."""

import io

import docx
import openpyxl
import pypdfium2 as pdfium
import pytest
from paper_samples import context, usual_results
from PIL import Image

from envdesk.errors import Refused
from envdesk.reports.chart import Box, Rule, Words, height_of, marks_of, read_out, scale
from envdesk.reports.document import Chart, Charts, Document, Series, Title
from envdesk.reports.monthly import compose_monthly
from envdesk.reports.raster import chart_png
from envdesk.reports.render import FORMATS, render
from envdesk.reports.template import load_template, parse_template

W, H = 350.0, 140.0
MONTHS = ("11\n2025年", "12", "1\n2026年", *(str(m) for m in range(2, 11)))
NOW = (27, 26, 23, 11, 27, 22, 29, 29, 36, 35, 31, 31)
BEFORE = (26, 24, 11, 13, 26, 28, 30, 30, 32, 37, None, 26)


def series(name, values):
    return Series(
        name,
        tuple(None if v is None else float(v) for v in values),
        tuple("—" if v is None else str(v) for v in values),
    )


TREND = Chart(
    "columns",
    "工单收到（件），近12个月",
    MONTHS,
    (series("上年同月", BEFORE), series("当月", NOW)),
    "带“*”的为往期数。",
)
PARTS = Chart(
    "bars",
    "工单来源",
    ("12345", "来访", "名" * 200),
    (Series("", (84.0, 2.0, 1.0), ("84（96.6%）", "2（2.3%）", "1（1.1%）")),),
)
SHARES = Chart("shares", "覆盖率", ("制鞋", "印刷"), (Series("", (57.83, 100.0), ("57.83%（48/83）", "100%（5/5）")),))
NOTHING = Chart("bars", "发现问题", (), (Series("", (), ()),))


def of(kind, chart):
    return [m for m in marks_of(chart, W, H) if isinstance(m, kind)]


@pytest.mark.parametrize("chart", [TREND, PARTS, SHARES, NOTHING])
def test_everything_stands_inside_its_room(chart):
    for mark in marks_of(chart, W, H):
        if isinstance(mark, Box):
            assert (mark.x >= 0, mark.y >= 0, mark.x + mark.width <= W + 0.1, mark.y + mark.height <= H) == (True,) * 4
        elif isinstance(mark, Rule):
            assert 0 <= min(mark.x1, mark.x2) <= max(mark.x1, mark.x2) <= W
            assert 0 <= min(mark.y1, mark.y2) <= max(mark.y1, mark.y2) <= H
        else:
            assert 0 <= mark.y <= H, mark


def test_every_value_stands_over_its_bar_and_bars_are_as_high_as_their_values():
    bars = [b for b in of(Box, TREND) if b.height > 6.5]
    assert len(bars) == 23  # one month of last year has nothing to draw
    dark = [b for b in bars if b.gray < 0.5]
    assert len(dark) == 12
    assert dark[0].height / dark[3].height == pytest.approx(27 / 11)
    said = [w.text for w in of(Words, TREND)]
    assert [t for t in said if t in map(str, NOW)]
    assert {"11", "2025年", "2026年", "上年同月", "当月", "工单收到（件），近12个月", "带“*”的为往期数。"} <= set(said)


def test_parts_in_proportion_and_a_long_name_is_cut():
    bars = of(Box, PARTS)
    assert bars[0].width / bars[1].width == pytest.approx(42)
    names = [w.text for w in of(Words, PARTS) if w.align == "right"]
    assert names[:2] == ["12345", "来访"]
    assert names[2].endswith("…")
    assert len(names[2]) < 20


def test_shares_stand_in_a_frame_of_a_hundred_percent():
    frames = [b for b in of(Box, SHARES) if b.gray is None]
    filled = [b for b in of(Box, SHARES) if b.gray is not None]
    assert filled[0].width / frames[0].width == pytest.approx(0.5783)
    assert filled[1].width == pytest.approx(frames[1].width)


def test_a_few_bars_take_no_more_room_than_they_need():
    assert height_of(TREND, H) == H
    assert height_of(PARTS, H) < 80 < H
    assert height_of(NOTHING, H) == H
    rows = [b.y + b.height for b in marks_of(PARTS, W, height_of(PARTS, H)) if isinstance(b, Box)]
    assert max(rows) <= height_of(PARTS, H)


def test_nothing_to_draw_is_said():
    assert "没有数据" in [w.text for w in of(Words, NOTHING)]
    assert of(Words, Chart("columns", "a", ("1",), (Series("", (0.0,), ("0",)),)))[-1].text != "没有数据"


@pytest.mark.parametrize(
    ("most", "expected"),
    [(0, (1, 1)), (1, (1, 1)), (37, (10, 4)), (56, (20, 3)), (1612, (500, 4)), (100, (20, 5)), (0.4, (0.1, 4))],
)
def test_the_scale_is_round(most, expected):
    assert scale(most) == pytest.approx(expected)


def test_a_picture_of_a_chart_is_grey_and_sharp():
    picture = Image.open(io.BytesIO(chart_png(TREND, W, H)))
    assert picture.mode == "L"
    assert picture.size == pytest.approx((W / 72 * 260, H / 72 * 260), abs=2)
    low, high = picture.getextrema()
    assert (low, high) == (0, 255)
    assert picture.getpixel((3, picture.height // 2)) == 255
    assert "transparency" not in picture.info
    assert Image.open(io.BytesIO(chart_png(TREND, W, H, clear=True))).info["transparency"] == 255


@pytest.fixture(scope="module")
def files():
    charts = (TREND, PARTS, SHARES, NOTHING)
    document = compose_monthly(load_template("monthly"), usual_results(), context(charts=charts))
    return {kind: render(document, kind).data for kind in FORMATS}


def test_the_pdf_shows_them_under_the_notes(files):
    document = pdfium.PdfDocument(files[".pdf"])
    texts = ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    last = "".join(texts[1:])
    assert last.index("扫码核对") < last.index("附图") < last.index("工单来源") < last.index("覆盖率")
    for text in ("84（96.6%）", "57.83%（48/83）", "没有数据", "上年同月"):
        assert text in last


def test_word_has_pictures_that_can_be_read_out(files):
    word = docx.Document(io.BytesIO(files[".docx"]))
    pictures = [e for e in word.element.body.iter() if e.tag.endswith("}docPr")]
    assert len({e.get("id") for e in pictures}) == len(pictures)
    told = [e.get("descr") for e in pictures]
    assert len(told) == 5  # the QR code and four charts
    assert told[1:] == [read_out(c) for c in (TREND, PARTS, SHARES, NOTHING)]
    assert "12 26" in told[1]
    assert "制鞋 57.83%（48/83）" in told[3]


def test_excel_has_charts_of_its_own_over_real_numbers(files):
    book = openpyxl.load_workbook(io.BytesIO(files[".xlsx"]))
    assert book.sheetnames == ["月报表", "附图"]
    page = book["附图"]
    assert [type(c).__name__ for c in page._charts] == ["BarChart"] * 3  # nothing to draw has none
    rows = {row[0].value: row for row in page.iter_rows() if row[0].value}
    assert (rows["2025年12月"][1].value, rows["2025年12月"][2].value) == (24, 26)
    assert rows["2026年9月"][1].value == "—"
    assert (rows["制鞋"][1].value, rows["制鞋"][1].number_format) == (0.5783, "0.00%")
    assert rows["来访"][2].value == "2（2.3%）"


def test_charts_alone_are_a_paper():
    document = Document(title="图", blocks=(Title("图"), Charts((TREND,) * 7, per_row=3)))
    assert render(document, ".pdf").pages == 1
    assert len(docx.Document(io.BytesIO(render(document, ".docx").data)).tables) == 3
    assert openpyxl.load_workbook(io.BytesIO(render(document, ".xlsx").data)).sheetnames == ["图", "图2"]


@pytest.mark.parametrize(
    ("chart", "fault"),
    [
        ('kind = "pie"\nfigure = "a"', "kind"),
        ('kind = "trend"\nfigure = "a"\nby = "source"', "by"),
        ('kind = "parts"\nfigure = "a"', "by"),
        ('kind = "trend"', "figure"),
        ('kind = "shares"\nfigure = "a"\nby = "b"\nover = "year"', "over"),
        ('kind = "trend"\nfigure = "a"\ncolour = "red"', "colour"),
    ],
)
def test_faults_of_a_chart_are_named(chart, fault):
    with pytest.raises(Refused, match=rf"\[\[chart\]\] 1: {fault}"):
        parse_template(f'id = "x"\ntitle = "y"\n[[chart]]\n{chart}\n')
