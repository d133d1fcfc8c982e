"""报表: choosing, the paper and its figures, evidence, rules, changes, printing, saving, sealing, stopping."""

# ruff: noqa: F811 - fixtures are taken over by name

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from PySide6.QtGui import QColor
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel, QWidget
from reports_desk import hands, office_file  # noqa: F401 - fixtures
from small_desk import Alt, Ctrl, Key, Shift, words_of

from envdesk.clock import Clock
from envdesk.desk import seals
from envdesk.figures.finding import Finding
from envdesk.gui import tokens
from envdesk.gui.chips import ChipState
from envdesk.gui.pages.reports import CHANGES, RULES, SOURCES
from envdesk.gui.reports.bars import Tabs
from envdesk.gui.reports.choose import ChoosePane
from envdesk.gui.reports.paper import ZOOMS
from envdesk.present import report_preview
from envdesk.present.report_preview import PeriodLine, TemplateLine


def blocked(monkeypatch, ids):
    """Make a rule fail that stops the report."""
    found = Finding(
        "R1", "block", "fail", "有工单没有编号。", ({"form": "work_order", "id": ids["超期"], "record_no": "GD-0001"},)
    )
    monkeypatch.setattr("envdesk.desk.reports.reconcile", lambda _calc: [found])


def test_it_opens_the_month_that_waits_with_every_figure_on_the_paper(hands):
    page = hands.page
    assert page.period == "2026-09"
    assert "月报表 · 2026年9月" in page._subtitle.text()
    assert "第 1 页，共" in page._subtitle.text()
    assert list(page.paper.places) == [line.id for line in page.made.report.figures]
    assert page.paper.drawn
    assert hands.focus is page.choose.periods


def test_arrows_choose_a_period_after_a_rest(hands):
    hands.press(Key.Key_Down)
    hands.bot.waitUntil(lambda: hands.page.period == "2026-08")
    hands.settle()
    assert hands.page.made.report.period.text == "2026-08"
    hands.press(Key.Key_Up)
    hands.press(Key.Key_Return)
    assert hands.page.made.report.period.text == "2026-09"


def test_kinds_of_periods(hands):
    page = hands.page
    page.choose.kinds.setFocus()
    hands.press(Key.Key_Right)
    assert [i.title for i in page.choose.periods.choices.items][:2] == ["2026年第四季度", "2026年第三季度"]
    page.choose.periods.setFocus()
    hands.press(Key.Key_Down).press(Key.Key_Return)
    assert page.made.report.period.kind == "quarter"
    assert not page.buttons["月结"].isEnabled()


def test_any_stretch_of_time_is_typed(hands):
    page = hands.page
    page.choose.kinds.setFocus()
    hands.press(Key.Key_End)
    pane = page.choose.range
    assert pane.isVisible()
    pane.start.setText("2026-9-7")
    pane.end.setText("20260801")
    pane.end.setFocus()
    hands.press(Key.Key_Return)
    assert page.period == "2026-09"  # nothing was taken
    pane.end.setText("2026-09-13")
    hands.press(Key.Key_Return)
    assert page.made.report.period.text == "2026-09-07..2026-09-13"
    pane.usual[0].click()
    hands.settle()
    assert page.made.report.period.start.isoformat() == "2026-10-09"


def test_a_day_that_cannot_be_read_is_said_beside_it(hands):
    page = hands.page
    page.choose.kinds.choose("range")
    pane = page.choose.range
    pane.start.setText("下雨天")
    pane.take()
    assert "2026-10-09" in pane._from._message.text()


def test_both_days_can_be_written_in_a_low_window(hands):
    pane = hands.page.choose.range
    hands.window.resize(1366, 768)
    hands.window.ctx.theme.set_scale(1.5)
    hands.page.choose.show_kind("range")
    hands.settle()
    field = hands.window.ctx.theme.px(tokens.CONTROL)
    assert (pane.start.height(), pane.end.height()) == (field, field)
    pane.start.setFocus()
    for line in (pane.start, pane.end):
        assert line.hasFocus()
        assert line.visibleRegion().boundingRect().height() == field
        hands.press(Key.Key_Tab)


def test_templates_take_the_room_that_periods_leave(theme, qtbot):
    pane = ChoosePane(theme, Clock(datetime(2026, 10, 9, 9, 41)))
    qtbot.addWidget(pane)
    pane.resize(212, 640)
    pane.show()
    many = [PeriodLine(f"2026-{n:02}", f"2026年{n}月", None, sealed=False) for n in range(1, 13)]
    pane.show_templates([TemplateLine(f"t{n}", f"模板{n}", "") for n in range(9)], "t0")

    pane.show_periods(many[:1], many[0].period)
    qtbot.waitUntil(lambda: pane.templates.verticalScrollBar().maximum() == 0)
    pane.show_periods(many, many[0].period)
    qtbot.waitUntil(lambda: pane.templates.verticalScrollBar().maximum() > 0)
    pane.show_templates([TemplateLine("t0", "模板", "")], "t0")
    assert pane.templates.maximumHeight() < 2 * theme.px(32)


def test_a_tab_with_a_chip_is_as_wide_at_a_scale_as_if_it_were_made_there(theme, qtbot):
    def made(scale: float) -> Tabs:
        tabs = Tabs(theme, [("勾稽", QWidget()), ("变化", QWidget())])
        qtbot.addWidget(tabs)
        tabs.set_words(0, "勾稽", ChipState("1 项提示", "amber", "triangle"))
        theme.set_scale(scale)
        tabs.show()
        return tabs

    theme.set_scale(1.5)
    shrunk, fresh = made(1.0), made(1.0)
    assert shrunk.bar.tabRect(0).width() == fresh.bar.tabRect(0).width()


def test_figures_by_keyboard_on_the_paper_then_records_then_one_of_them(hands):
    page = hands.page
    page.paper.setFocus()
    hands.press(Key.Key_Down)
    first = page.made.report.figures[0]
    assert page.paper.figure == first.id
    assert page.sources.figures.row().id == first.id
    page.paper.pick("wo_rate")
    hands.press(Key.Key_Return)
    assert page.sources.evidence.figure == "wo_rate"
    assert page.sources._value.text() == page.made.report.computed.results["wo_rate"].text
    assert page.sources.records.isAncestorOf(hands.focus)
    record = page.sources.records.row().data
    assert not record.counted  # the misses come first
    hands.press(Key.Key_Return)
    assert hands.asked("form") == {"form": record.form, "id": record.rec, "back": ("reports", {})}
    hands.back("reports")
    assert page.sources.evidence.figure == "wo_rate"  # as it was left


def test_a_click_on_the_paper_asks_for_the_figure(hands):
    page = hands.page
    page.paper.pick("wo_received")
    box = page.paper.figure_box("wo_received").center().toPoint()
    page.paper.pick("")
    hands.click(page.paper.viewport(), box)
    assert page.sources.evidence.figure == "wo_received"
    assert page.paper.figure == "wo_received"
    assert page.paper.frame_box("wo_received") == page.paper.figure_box("wo_received")  # the lines of its cell
    page.paper.set_zoom(ZOOMS[-1])
    assert page.paper.frame_line("wo_received") == tokens.FOCUS
    page.paper.set_zoom(ZOOMS[0])
    assert page.paper.frame_line("wo_received") < page.paper.figure_box("wo_received").height() / 5


def test_the_list_of_figures_marks_the_paper_and_alt_left_leads_back(hands):
    page = hands.page
    page.show_tab(SOURCES)
    hands.press(Key.Key_Down, times=2)
    row = page.sources.figures.row()
    assert page.paper.figure == row.id
    hands.press(Key.Key_Return)
    assert page.sources.evidence.figure == row.id
    hands.press(Key.Key_Left, Alt)
    assert page.sources.evidence is None
    assert page.sources.figures.row().id == row.id
    assert page.sources.figures.isAncestorOf(hands.focus)


def test_misses_alone(hands):
    page = hands.page
    page.show_figure("wo_rate")
    hands.settle()
    page.sources.which.setFocus()
    hands.press(Key.Key_End)
    model = page.sources.records.model
    shown = [model.row_at(n).data for n in range(model.rowCount())]
    assert shown
    assert not any(r.counted for r in shown)
    assert len(shown) == page.sources.evidence.missed


def test_a_figure_from_another_page(hands):
    hands.window.go("reports", period="2026-10", figure="person_times")
    hands.settle()
    assert hands.page.period == "2026-10"
    assert hands.page.sources.evidence.figure == "person_times"
    assert hands.page.sources.records.isAncestorOf(hands.focus)
    hands.window.go("reports", period="2026", figure="voc_cov_rate:industry=制鞋")
    hands.settle()
    assert hands.page.choose.kinds.value == "year"
    assert hands.page.sources.evidence.title.startswith("涉VOCs企业")


def test_zoom_by_keys_and_sharp_at_every_zoom(hands):
    paper = hands.page.paper
    paper.setFocus()
    fit = paper.factor()
    room = paper.viewport().width()
    assert paper.boxes()[0].right() <= room
    hands.press(Key.Key_Plus, Ctrl)
    assert paper.factor() > fit
    wide = round(paper.boxes()[0].width())
    assert [w for (n, w) in paper._images if n == paper.page] == [wide]
    assert all(i.width() == w for (_n, w), i in paper._images.items())
    hands.press(Key.Key_Minus, Ctrl)
    hands.press(Key.Key_0, Ctrl)
    assert paper.factor() == fit
    assert hands.page.zoom.now.text() == "适合页宽"


def test_paging(hands):
    page = hands.page
    page.paper.setFocus()
    hands.press(Key.Key_End)
    last = page.made.paper.pages
    assert f"第 {last} 页" in page._subtitle.text()
    hands.press(Key.Key_Home)
    assert "第 1 页" in page._subtitle.text()


def test_the_printed_page_is_white_in_dark(hands):
    hands.app.theme.set_mode("dark")
    hands.settle()
    paper = hands.page.paper
    shot = paper.viewport().grab().toImage()
    corner = paper.boxes()[0].topLeft().toPoint()
    assert shot.pixelColor(corner.x() + 12, corner.y() + 12) == QColor("white")
    assert shot.pixelColor(3, 3).lightness() < 60


def test_rules_are_grouped_and_lead_to_records(hands, monkeypatch, small):
    blocked(monkeypatch, small[1])
    page = hands.page
    page.again()
    hands.settle()
    hands.press(Key.Key_2, Alt)
    assert page.tabs.current() == RULES
    texts = [w.text() for w in page.rules.findChildren(QLabel)]
    assert "有工单没有编号。" in texts
    button = next(b for b in page.rules.findChildren(type(page.more)) if b.text() == "GD-0001")
    button.setFocus()
    hands.press(Key.Key_Return)
    assert hands.asked("form")["id"] == small[1]["超期"]


def test_rules_that_hold_are_folded(hands):
    page = hands.page
    page.show_tab(RULES)
    assert page.rules.passed.isHidden()
    page.rules.more.setFocus()
    hands.press(Key.Key_Space)
    assert page.rules.passed.isVisible()
    assert page.rules.more.text() == "收起"


def test_a_blocked_report_says_why_and_offers_the_draft_only(hands, monkeypatch, small, tmp_path, ask):
    page = hands.page
    official = words_of(page.made.paper.data)
    assert "校验码" in official
    blocked(monkeypatch, small[1])
    page.again()
    hands.settle()
    assert page.reasons.isVisible()
    assert "只能打印草稿" in page.reasons.title.text()
    assert "有工单没有编号" in page.reasons.text.text()
    assert page.buttons["打印"].text() == "打印草稿"
    assert page.buttons["另存 PDF"].text() == "另存草稿"
    assert not page.buttons["月结"].isEnabled()
    assert "校验码" not in words_of(page.made.paper.data)
    page.reasons.go.click()
    assert page.tabs.current() == RULES
    ask.path = tmp_path / "九月.pdf"
    hands.press(Key.Key_S, Ctrl)
    assert "校验码" not in words_of(ask.path.read_bytes())


def test_the_running_month_is_a_draft(hands):
    hands.window.go("reports", period="2026-10")
    hands.settle()
    page = hands.page
    assert page.made.draft
    assert "还没有结束" in page.reasons.title.text()
    assert not page.reasons.go.isVisible()
    assert list(page.paper.places) == [line.id for line in page.made.report.figures]  # the watermark is no obstacle


def test_changes_against_the_month_before(hands):
    page = hands.page
    hands.press(Key.Key_3, Alt)
    assert page.tabs.current() == CHANGES
    row = page.changes.table.row()
    assert row is not None
    assert not row.total
    assert "变化" in page.tabs.bar.tabText(CHANGES)
    hands.press(Key.Key_Return)
    assert page.sources.evidence.figure == row.data.id


def test_saving(hands, tmp_path, ask):
    ask.path = tmp_path / "九月"
    hands.press(Key.Key_S, Ctrl)
    assert "校验码" in words_of((tmp_path / "九月.pdf").read_bytes())
    assert "九月.pdf" in hands.window.toast.text
    ask.path = tmp_path / "没有这个文件夹" / "x" / "\0.pdf"
    ask.path = tmp_path  # a folder
    hands.press(Key.Key_S, Ctrl)
    assert hands.window.status.said.text()


@pytest.mark.parametrize(
    ("key", "kind", "title"), [(Key.Key_W, ".docx", "另存 Word"), (Key.Key_E, ".xlsx", "另存 Excel")]
)
def test_saving_as_word_and_as_excel(hands, tmp_path, ask, key, kind, title):
    ask.path = tmp_path / "九月 月报"
    hands.press(key, Ctrl | Shift)
    assert ask.asked[-1] == title
    out = tmp_path / f"九月 月报{kind}"
    if kind == ".docx":
        words = "".join(c.text for t in docx.Document(out).tables for row in t.rows for c in row.cells)
    else:
        pages = openpyxl.load_workbook(out).worksheets
        words = "".join(str(c.value) for page in pages for row in page.iter_rows() for c in row)
    for line in hands.page.made.report.figures:
        assert line.title in words
    assert f"九月 月报{kind}" in hands.window.toast.text
    ask.path = tmp_path / "又一份.PDF"  # the name decides
    hands.press(key, Ctrl | Shift)
    assert ask.path.read_bytes().startswith(b"%PDF")


def test_a_file_that_is_open_elsewhere_is_said_and_nothing_is_lost(hands, tmp_path, ask, monkeypatch):
    ask.path = tmp_path / "九月.xlsx"
    hands.press(Key.Key_E, Ctrl | Shift)
    before = ask.path.read_bytes()

    def refuse(_self, _target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    hands.press(Key.Key_E, Ctrl | Shift)
    assert "九月.xlsx" in hands.window.status.said.text()
    assert "WPS" in hands.window.status.said.text()
    assert ask.path.read_bytes() == before


def test_a_draft_of_a_good_report(hands, tmp_path, ask):
    ask.path = tmp_path / "草.pdf"
    hands.page.verbs.save(draft=True)
    hands.settle()
    assert "校验码" not in words_of(ask.path.read_bytes())
    assert "校验码" in words_of(hands.page.made.paper.data)


def test_seal_and_open_it_again(hands, ask):
    page = hands.page
    page.buttons["月结"].click()  # the user does not want to
    hands.settle()
    assert not page.made.report.sealed
    ask.reason = ""
    page.buttons["月结"].click()
    hands.settle()
    assert "2026年9月" in ask.asked[-1].title
    assert page.made.report.sealed
    assert page.buttons["解除月结"].isVisible()
    assert not page.buttons["月结"].isVisible()
    assert page.choose.periods.choices.items[1].note == "已月结"
    ask.reason = "区局要求补录联合检查"
    page.buttons["解除月结"].click()
    hands.settle()
    assert ask.asked[-1].reason == 5
    assert not page.made.report.sealed
    assert page.buttons["月结"].isEnabled()


def test_a_seal_from_elsewhere_is_seen(hands):
    hands.app.operations.do(lambda w: seals.seal(w.desk, "2026-09"))
    hands.settle()
    assert hands.page.made.report.sealed


def test_printing_on_paper(hands, tmp_path, ask):
    ask.reason = ""  # the remarks of the rules were looked at
    page, out = hands.page, tmp_path / "gedruckt.pdf"
    seen = []

    def choose(printer, _parent):
        seen.append((printer.pageLayout().orientation().name, printer.docName()))
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(out))
        return True

    page.verbs.printing.choose, page.verbs.printing.available = choose, lambda: True
    hands.press(Key.Key_P, Ctrl)
    document = pypdfium2.PdfDocument(out)
    assert len(document) == page.made.paper.pages
    width, height = document.get_page_size(0)
    document.close()
    assert width > height
    assert seen == [("Landscape", "均禾街道综合执法办月报表2026年9月")]
    assert "已交给打印机" in hands.window.toast.text


def test_no_printer(hands, ask, tmp_path):
    hands.page.verbs.printing.available = lambda: False
    hands.press(Key.Key_P, Ctrl)
    assert "没有装打印机" in hands.window.toast.text
    ask.path = tmp_path / "x.pdf"
    hands.window.toast._act.click()
    hands.settle()
    assert ask.path.is_file()


def test_stopped_work_says_so_and_can_be_started_again(hands, monkeypatch):
    page = hands.page
    real, waits = report_preview.compute, threading.Event()

    def slow(desk, period, template):
        waits.wait(10)
        return real(desk, period, template)

    monkeypatch.setattr(report_preview, "compute", slow)
    page.again()
    hands.bot.waitUntil(hands.window.progress.isVisible)
    hands.window.progress.stop()
    waits.set()
    hands.settle()
    assert page.stopped.isVisible()
    assert not page.buttons["打印"].isEnabled()
    page.stopped.button.click()
    hands.settle()
    assert page.paper.isVisible()
    assert page.made.report.period.text == "2026-09"


def test_quick_steps_leave_only_the_last_report(hands):
    page = hands.page
    for period in ("2026-08", "2026-07", "2026-06"):
        page.want(period)
    hands.settle()
    assert page.made.report.period.text == "2026-06"
    assert page.paper.isVisible()


def test_only_the_paper(hands):
    page = hands.page
    hands.press(Key.Key_F9)
    assert not page.choose.isVisible()
    assert not page.right.isVisible()
    hands.press(Key.Key_F9)
    assert page.choose.isVisible()


def test_f6_goes_from_pane_to_pane(hands):
    page = hands.page
    hands.press(Key.Key_F6)
    assert hands.focus is page.paper
    hands.press(Key.Key_F6)
    assert page.tabs.isAncestorOf(hands.focus)
