"""The report as a file: its kind by its name, the columns the office has chosen, and what is said when it fails."""

import shutil
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
import small_office as o

from envdesk.desk import office, reports, seals
from envdesk.errors import Refused
from envdesk.present import report_preview as r


@pytest.fixture(scope="module")
def desk(made, tmp_path_factory):
    path = tmp_path_factory.mktemp("报 表") / "台账.envdesk"
    shutil.copyfile(made[0], path)
    opened = o.reopen(path)
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def september(desk):
    return r.compute(desk, "2026-09")


def excel_rows(path):
    page = openpyxl.load_workbook(path).worksheets[0]
    return {row[2].value: [c.value for c in row] for row in page.iter_rows() if row[2].value}


def word_rows(path):
    table = max(docx.Document(path).tables, key=lambda t: len(t.rows))
    return {row.cells[2].text: [c.text for c in row.cells] for row in table.rows}


def pdf_text(path):
    document = pypdfium2.PdfDocument(path)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return "".join(text.split())


def test_the_name_chooses_the_kind_and_the_figures_are_the_same(desk, september, tmp_path):
    for kind in (".pdf", ".docx", ".XLSX"):
        done = r.save(desk, september, tmp_path / f"九月 月报{kind}")
        assert (done.value["pages"] > 0) == (kind == ".pdf")
    word, excel = word_rows(tmp_path / "九月 月报.docx"), excel_rows(tmp_path / "九月 月报.XLSX")
    text = pdf_text(tmp_path / "九月 月报.pdf")
    assert set(word) == set(excel)
    for line in september.figures:
        title = next(t for t in word if t.strip("\u3000").removeprefix("其中：") == line.title)
        assert word[title][4] == line.text
        assert "".join((title + line.measure + line.text).split()) in text
        value = excel[title][4]
        shown = float(line.text.rstrip("%")) / (100 if "%" in line.text else 1) if line.text != "—" else "—"
        assert value == pytest.approx(shown) if isinstance(shown, float) else value == shown, line
    with pytest.raises(Refused) as refused:
        r.save(desk, september, tmp_path / "月报.wps")
    assert refused.value.code == "bad_out"


def test_the_office_chooses_the_comparison_with_the_month_before(desk, september, tmp_path):
    head = list(excel_rows_of_head(r.save(desk, september, tmp_path / "一.xlsx")))
    assert "环比" not in head
    office.set_setting(desk, "report_chain", "是")
    try:
        again = r.compute(desk, "2026-09")
        head = list(excel_rows_of_head(r.save(desk, again, tmp_path / "二.xlsx")))
        assert head[4:10] == ["本期", "上期", "环比", "本年累计", "上年同期", "同比"]
        made = reports.compute(desk, "2026-09")
        rows = excel_rows(tmp_path / "二.xlsx")
        assert rows["出动检查组"][5] == int(made.results["outing_cnt"].previous.text)
        reports.report(desk, "2026-09", tmp_path / "三.xlsx", chain=False)
        assert "环比" not in {c.value for c in openpyxl.load_workbook(tmp_path / "三.xlsx").worksheets[0][3]}
    finally:
        office.set_setting(desk, "report_chain", "否")


def excel_rows_of_head(done):
    page = openpyxl.load_workbook(done.value["out"]).worksheets[0]
    return [c.value for c in next(row for row in page.iter_rows() if row[0].value == "序号")]


@pytest.mark.parametrize(
    ("chosen", "used", "other"), [("出动", "按每次出动", "按检查计"), ("检查", "按每次检查", "按出动计")]
)
def test_both_counts_of_people_with_the_one_that_is_used(desk, tmp_path, chosen, used, other):
    office.set_setting(desk, "person_times_by", chosen)
    try:
        reports.report(desk, "2026-09", tmp_path / "人次.xlsx")
        rows = excel_rows(tmp_path / "人次.xlsx")
        results = reports.compute(desk, "2026-09").calc
        left = {"出动": "person_times_visit", "检查": "person_times_outing"}[chosen]
        assert rows["出动人次"][-1] == f"{other}{results.result(left).text}人次"
        page = openpyxl.load_workbook(tmp_path / "人次.xlsx").worksheets[0]
        assert any(used in str(c.value) for row in page.iter_rows() for c in row)
    finally:
        office.set_setting(desk, "person_times_by", "出动")


def test_a_file_that_is_open_elsewhere_is_named(desk, september, tmp_path, monkeypatch):
    out = tmp_path / "月报.xlsx"
    r.save(desk, september, out)
    before = out.read_bytes()

    def refuse(_self, _target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(Refused) as refused:
        r.save(desk, september, out)
    assert refused.value.code == "file_open"
    assert "月报.xlsx" in str(refused.value)
    assert "WPS" in str(refused.value)
    assert out.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["月报.xlsx"]


# ---- charts ------------------------------------------------------------------------------------------------------
def test_charts_show_the_figures_of_the_report(desk):
    made = reports.compute(desk, "2026-09")
    assert r.compute(desk, "2026-09").charts == made.charts
    charts = {c.title: c for c in made.charts}
    trend = charts["12345等工单收到（件），近12个月"]
    assert (trend.labels[0], trend.labels[-1]) == ("10\n2025年", "9")
    assert trend.series[-1].texts[-1] == made.results["wo_received"].text
    august = reports.compute(desk, "2026-08").results["wo_received"]
    assert trend.series[-1].texts[-2] == august.text
    parts = charts["工单来源，2026年9月"]
    assert sum(parts.series[0].values) == float(made.results["wo_received"].text)
    assert list(parts.series[0].values) == sorted(parts.series[0].values, reverse=True)
    shares = charts["涉VOCs企业检查覆盖率，本年累计"]
    for name, text in zip(shares.labels, shares.series[0].texts, strict=True):
        result = made.calc.result(f"voc_cov_rate:industry={name}").year_to_date
        assert text == f"{result.text}（{result.numerator}/{result.denominator}）"


def test_a_running_month_is_compared_with_as_many_days(desk):
    made = reports.compute(desk, "2026-10")
    trend = made.charts[1]
    result = made.calc.result("insp_visits")
    assert trend.labels[-1] == "10"
    assert trend.series[-1].texts[-1] == result.text
    assert [s.name for s in trend.series][-1] == "当月"


def test_an_office_can_do_without_charts(desk, tmp_path):
    office.set_setting(desk, "report_charts", "否")
    try:
        made = reports.compute(desk, "2026-09")
        assert made.charts == ()
        reports.report(desk, "2026-09", tmp_path / "无图.xlsx")
        assert openpyxl.load_workbook(tmp_path / "无图.xlsx").sheetnames == ["月报表"]
    finally:
        office.set_setting(desk, "report_charts", "是")
    reports.report(desk, "2026-09", tmp_path / "有图.xlsx")
    assert openpyxl.load_workbook(tmp_path / "有图.xlsx").sheetnames == ["月报表", "附图"]


def test_a_sealed_month_shows_the_charts_it_was_sealed_with(made, tmp_path):
    path = tmp_path / "月结 台账.envdesk"
    shutil.copyfile(made[0], path)
    desk = o.reopen(path)
    try:
        before = reports.compute(desk, "2026-08").charts
        seals.seal(desk, "2026-08")
        o.put(desk, "work_order", {"source": "来访", "received_at": "2026-07-20T10:00", "content": "补录一件"})
        sealed = reports.compute(desk, "2026-08")
        assert sealed.charts == before
        assert sealed.parts == "附图"
        live = reports.compute(desk, "2026-08", live=True)
        assert live.charts[0] != before[0]  # July has one more
    finally:
        desk.store.close()
