"""The figure table: rows, titles, pages, furniture, and that its text can be copied as it stands."""

import subprocess
from datetime import date
from shutil import which

import pypdfium2 as pdfium
import pytest
from paper_samples import Figure, context, empty_results, usual_results

from envdesk import paths
from envdesk.errors import Refused
from envdesk.formdef.loader import load
from envdesk.reports.document import Table, plain
from envdesk.reports.monthly import compose_monthly
from envdesk.reports.pdf import render_pdf
from envdesk.reports.periods import period_words
from envdesk.reports.template import load_template, parse_template


@pytest.fixture(scope="module")
def template():
    return load_template("monthly")


@pytest.fixture(scope="module")
def usual(template):
    return render_pdf(compose_monthly(template, usual_results(), context()), invariant=True)


def page_texts(data):
    document = pdfium.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def squeezed(text):
    return "".join(text.split())


def table_of(document):
    return next(b for b in document.blocks if isinstance(b, Table))


def rows_of(document):
    return [[plain(c) for c in row.cells] for group in table_of(document).groups for row in group.rows]


def test_rows_follow_the_template_and_unknown_figures_are_left_out(template):
    results = usual_results()
    del results["slw_done"]
    rows = rows_of(compose_monthly(template, results, context()))
    assert [r[0] for r in rows] == [str(i) for i in range(1, len(rows) + 1)]
    titles = [r[1].strip("\u3000") for r in rows]
    assert titles[:4] == ["涉VOCs企业数", "其中：制鞋业", "皮具加工业", "涉VOCs企业检查"]
    assert "其中：升级改造" not in titles
    assert "督察案件" not in titles


def test_the_figures_of_notes_are_asked_for_too(template):
    assert {"mobile_failed", "wo_dup", "wo_sat_rate", "voc_reg:industry=制鞋"} <= set(template.needed)
    assert len(set(template.needed)) == len(template.needed)


def test_every_figure_of_the_template_exists(template):
    known = load([paths.forms_dir()]).figures
    assert [f for f in template.needed if f.partition(":")[0] not in known] == []


def test_notes_are_filled_or_left_out(template):
    results = usual_results()
    rows = {r[1].strip("\u3000"): r[-1] for r in rows_of(compose_monthly(template, results, context()))}
    assert rows["柴油车等移动源抽测"] == "其中不合格2辆"
    assert rows["12345等工单满意率"] == "有效评价51件"
    results["mobile_failed"].text = "0"
    rows = {r[1].strip("\u3000"): r[-1] for r in rows_of(compose_monthly(template, results, context()))}
    assert rows["柴油车等移动源抽测"] == ""
    assert rows["入河排污口监督巡查"] == ""


def test_nothing_to_print_is_a_dash_and_typed_history_a_star(template):
    results = empty_results(template)
    results["outing_cnt"] = Figure("outing_cnt", last_year="52", year_to_date="541", marked={"last_year"})
    document = compose_monthly(template, results, context())
    row = next(r for r in rows_of(document) if r[1] == "出动检查组")
    assert row[3:9] == ["0", "541", "52*", "—", "—", "—"]
    assert "往期数" in "".join(plain_notes(document))


def plain_notes(document):
    return [text for block in document.blocks if hasattr(block, "qr") for text in block.items]


def test_every_cell_can_be_copied(template, usual):
    text = squeezed("".join(page_texts(usual.data)))
    for row in rows_of(compose_monthly(template, usual_results(), context())):
        for cell in row:
            assert squeezed(cell) in text, cell
    assert squeezed("均禾街道综合执法办2026年10月生态环境工作月报表") in text


@pytest.mark.skipif(which("pdftotext") is None, reason="poppler-utils is not installed")
def test_a_second_reader_copies_the_same(template, usual, tmp_path):
    path = tmp_path / "月报表.pdf"
    path.write_bytes(usual.data)
    out = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    for row in rows_of(compose_monthly(template, usual_results(), context())):
        assert squeezed("".join(row[1:5])) in squeezed(out), row


def test_each_page_has_header_folio_and_check_code(usual):
    pages = page_texts(usual.data)
    assert usual.pages == len(pages) == 2
    for number, text in enumerate(pages, 1):
        assert f"第{number}页共2页" in squeezed(text)
        assert "序号工作类别指标名称" in squeezed(text)
        assert "校验码：3F7A-91C2-D05E" in squeezed(text)
    assert "（续）" in pages[1]
    assert "续表" in pages[1]
    assert "单位负责人" in pages[1]
    assert "单位负责人" not in pages[0]


def test_a_draft_says_so_and_carries_no_check_code(template):
    result = render_pdf(compose_monthly(template, usual_results(), context(draft=True)))
    for text in page_texts(result.data):
        assert "草" in text
        assert "未经审核" in text
        assert "3F7A" not in text
    assert "扫码" not in "".join(page_texts(result.data))


def test_parts_stay_with_their_total(template):
    for extra in range(12):
        results = usual_results()
        for i in range(extra):
            results[("oil_samples", "sv_total", "sv_rate", "sv_rebound", "filed", "penal")[i % 6]] = Figure("x", "x")
            results[
                ("fine", "assist_visits", "decl_rate", "ws_rebound", "orders_fixed:origin=工地", "oil_samples")[i % 6]
            ] = Figure("x", "x")
        for text in page_texts(render_pdf(compose_monthly(template, results, context())).data)[1:]:
            first = squeezed(text).split("备注", 1)[1][:40]
            assert "其中" not in first or "“散乱污”" in first or "涉VOCs" in first


def test_long_words_wrap_and_the_foot_never_stands_alone(template):
    results = usual_results()
    for figure in results.values():
        figure.note = "备注里写了很长的说明，" * 6
    notes = tuple(f"第{i}条口径说明，" + "说明文字" * 30 + "。" for i in range(12))
    office = "某某市某某区某某街道办事处综合行政执法办公室生态环境保护工作专班（筹）"
    data = render_pdf(compose_monthly(template, results, context(notes=notes, office=office * 2)))
    pages = page_texts(data.data)
    assert data.pages >= 4
    signed = next(text for text in pages if "单位负责人" in text)
    assert "序号" in signed
    whole = squeezed("".join(pages))
    assert all(squeezed(f"第{i}条口径说明") in whole for i in range(12))


def test_the_same_input_gives_the_same_bytes(template, usual):
    again = render_pdf(compose_monthly(template, usual_results(), context()), invariant=True)
    assert again.data == usual.data


def test_no_font_is_left_outside_and_the_title_is_chinese(usual):
    document = pdfium.PdfDocument(usual.data)
    assert document.get_metadata_dict()["Title"] == "均禾街道综合执法办2026年10月生态环境工作月报表"
    assert document.get_metadata_dict()["Author"] == "均禾街道综合执法办"
    assert b"Helvetica" not in usual.data
    assert b"zh-CN" in usual.data
    document.close()


@pytest.mark.parametrize(
    ("start", "end", "title", "kind", "span"),
    [
        ("2026-10-09", "2026-10-09", "2026年10月9日", "日报表", "2026年10月9日"),
        ("2026-09-28", "2026-10-04", "2026年第40周", "周报表", "2026年9月28日—10月4日"),
        ("2026-10-01", "2026-10-31", "2026年10月", "月报表", "2026年10月1日—31日"),
        ("2024-02-01", "2024-02-29", "2024年2月", "月报表", "2024年2月1日—29日"),
        ("2026-07-01", "2026-09-30", "2026年第三季度", "季报表", "2026年7月1日—9月30日"),
        ("2026-01-01", "2026-06-30", "2026年上半年", "半年报表", "2026年1月1日—6月30日"),
        ("2026-07-01", "2026-12-31", "2026年下半年", "半年报表", "2026年7月1日—12月31日"),
        ("2026-01-01", "2026-12-31", "2026年度", "年报表", "2026年1月1日—12月31日"),
        ("2024-08-01", "2024-08-30", "2024年8月1日—30日", "统计表", "2024年8月1日—30日"),
        ("2025-12-15", "2026-01-10", "2025年12月15日—2026年1月10日", "统计表", "2025年12月15日—2026年1月10日"),
    ],
)
def test_periods_are_called_by_their_names(start, end, title, kind, span):
    words = period_words(date.fromisoformat(start), date.fromisoformat(end))
    assert (words.title, words.kind, words.span) == (title, kind, span)


def test_a_faulty_template_is_refused_with_all_its_faults():
    with pytest.raises(Refused) as caught:
        parse_template(
            'id = "x"\ntitel = "y"\n[[category]]\ntitle = "z"\nrow = [{ figur = "a" }, { figure = "b", notes = "c" }]'
        )
    message = str(caught.value)
    assert all(word in message for word in ("titel", "title", "figur", "notes"))


def test_an_unknown_template_is_refused():
    with pytest.raises(Refused, match="monthly"):
        load_template("monthli")


# ---- 上期 and 环比 --------------------------------------------------------------------------------------------------
def chained(template, **changes):
    results = usual_results()
    results["outing_cnt"].previous, results["outing_cnt"].change_previous = "50", "+16.00%"
    results["outing_cnt"].marked = {"previous"}
    return compose_monthly(template, results, context(chain=True, **changes))


def test_a_month_can_also_be_compared_with_the_month_before(template):
    document = chained(template)
    titles = [c.title for c in table_of(document).columns]
    assert titles[4:12] == ["本期", "上期", "环比", "本年累计", "上年同期", "同比", "任务数", "完成率"]
    assert sum(c.mm for c in table_of(document).columns) == pytest.approx(265)
    row = next(r for r in rows_of(document) if r[1] == "出动检查组")
    assert row[3:9] == ["58", "50*", "+16.00%", "541", "52", "+11.54%"]
    notes = "".join(plain_notes(document))
    assert "环比为与上一期相比" in notes
    assert "往期数" in notes
    made = render_pdf(document, invariant=True)
    assert "本期上期环比本年累计" in squeezed(page_texts(made.data)[0])


@pytest.mark.parametrize(
    ("start", "end", "has"),
    [
        (date(2026, 7, 1), date(2026, 9, 30), True),
        (date(2026, 1, 1), date(2026, 6, 30), True),
        (date(2026, 1, 1), date(2026, 12, 31), False),
        (date(2026, 3, 2), date(2026, 5, 6), False),
        (date(2026, 11, 23), date(2026, 11, 29), False),
    ],
)
def test_what_is_cumulative_has_no_period_before(template, start, end, has):
    document = chained(template, start=start, end=end)
    titles = [c.title for c in table_of(document).columns]
    assert ("环比" in titles, "上期" in titles) == (has, has)
    assert ("环比" in "".join(plain_notes(document))) == has


def test_a_template_chooses_its_columns_and_faults_are_named():
    text = 'id = "a"\ntitle = "b"\ncolumns = {}\n[[category]]\ntitle = "c"\nrow = [{{ figure = "outing_cnt" }}]\n'
    chosen = parse_template(text.format('["change_previous", "previous", "current"]'))
    assert chosen.columns == ("current", "previous", "change_previous")
    document = compose_monthly(chosen, usual_results(), context())
    assert [c.title for c in table_of(document).columns][4:] == ["本期", "上期", "环比", "备注"]
    with pytest.raises(Refused, match=r"lastyear.*last_year"):
        parse_template(text.format('["current", "lastyear"]'))
    with pytest.raises(Refused, match="columns"):
        parse_template(text.format('"current"'))


def test_the_composer_says_where_each_figure_stands(template, usual):
    order = [row.figure for category in template.categories for row in category.rows if row.figure in usual_results()]
    assert [mark.figure for mark in usual.marks] == order
    assert {mark.page for mark in usual.marks} == {0, 1}
    results = usual_results()
    document = pdfium.PdfDocument(usual.data)
    try:
        texts = [page.get_textpage() for page in document]
        for mark in usual.marks:
            left, top, right, bottom = mark.box
            height = document[mark.page].get_height()
            printed = texts[mark.page].get_text_bounded(left, height - bottom, right, height - top)
            assert squeezed(printed).rstrip("*") == results[mark.figure].text
            assert mark.row[0] < left < right < mark.row[2]
            assert (mark.row[1], mark.row[3]) == (top, bottom)
    finally:
        document.close()
