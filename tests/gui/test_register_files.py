"""What goes out of and into the lists of a group: sheets in one PDF, export, import."""

# ruff: noqa: F811 - fixtures are taken over by name

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

sys.path.insert(0, str(Path(__file__).parent))

import register_office as office
from test_register_page import (  # noqa: F401 - fixtures
    PHONE,
    app,
    column,
    ids,
    made,
    office_file,
    opened,
    operations,
    press,
    shown,
    texts,
)

from envdesk.desk import records
from envdesk.errors import refuse
from envdesk.present import register_desk

Key, Mod = Qt.Key, Qt.KeyboardModifier


# ---- paper and files -----------------------------------------------------------------------------------------------
def test_several_sheets_are_printed_into_one_pdf(app, ask, qtbot, tmp_path):
    import pypdfium2

    page = opened(app)
    ask.path = tmp_path / "一.pdf"
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier)
    chosen_paper(page, qtbot, "生态环境工单办理单")
    office.settle(app)
    with pypdfium2.PdfDocument(ask.path) as pdf:
        single = len(pdf)
    ask.path = tmp_path / "全.pdf"
    press(qtbot, page, Key.Key_A, Mod.ControlModifier)
    office.settle(app)
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier)
    chosen_paper(page, qtbot, "生态环境工单办理单")
    office.settle(app)
    with pypdfium2.PdfDocument(ask.path) as pdf:
        assert len(pdf) >= 5 * single
    assert "已生成 全.pdf" in app.window.toast.text


def pdf_words(path: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pdf)


def chosen_paper(page, qtbot, title):
    """The open menu's entry by keyboard."""
    menu = next(m for m in page.list.findChildren(QMenu) if m.isVisible())
    titles = [a.text() for a in menu.actions() if not a.isSeparator()]
    for _step in range(titles.index(title)):
        qtbot.keyClick(menu, Key.Key_Down)
    qtbot.keyClick(menu, Key.Key_Return)
    page.window().activateWindow()  # the platform of the tests leaves the window without focus after a menu
    page.list.focus_list()


def test_a_rectification_is_printed_as_a_notice_of_two_copies(app, ask, qtbot, tmp_path):
    page = opened(app, group="整改执法", form="rectification")
    ask.path = tmp_path / "通知书.pdf"
    press(qtbot, page, Key.Key_Down)
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier)
    chosen_paper(page, qtbot, "环境问题整改通知书")
    office.settle(app)
    assert "存根联" in pdf_words(ask.path)
    assert "送达联" in pdf_words(ask.path)
    assert "已生成 通知书.pdf" in app.window.toast.text


def chosen_register(page, qtbot, title):
    """Ctrl+Shift+P, then the menu's entry by keyboard."""
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier | Mod.ShiftModifier)
    chosen_paper(page, qtbot, title)


def test_the_list_is_printed_as_it_is_shown(app, ask, qtbot, tmp_path):
    page = opened(app)
    ask.path = tmp_path / "列表.pdf"
    page.list.bar.filtered.emit("source", ("12345",))
    office.settle(app)
    chosen_register(page, qtbot, "现在的列表")
    office.settle(app)
    words = pdf_words(ask.path)
    assert "工单一览表" in words
    assert "来源12345" in words
    assert f"共{page.list.model.rowCount()}条" in words
    assert PHONE not in words
    assert "个人信息已遮住" in app.window.toast.text


def test_a_register_of_the_form_is_printed_from_its_list(app, ask, qtbot, tmp_path):
    page = opened(app)
    ask.path = tmp_path / "登记簿.pdf"
    chosen_register(page, qtbot, "生态环境工单收件登记簿")
    office.settle(app)
    assert "收件登记簿" in pdf_words(ask.path)
    assert "20260917-0317" in pdf_words(ask.path)


def test_an_internal_sheet_shows_who_complained_to_who_says_why(app, ask, qtbot, tmp_path):
    page = opened(app)
    press(qtbot, page, Key.Key_Down)
    press(qtbot, page, Key.Key_Down)
    ask.path = tmp_path / "内部.pdf"
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier)
    chosen_paper(page, qtbot, "内部用，显示个人信息")
    office.settle(app)
    assert not ask.path.exists()  # no reason, no paper
    ask.reason = "回访诉求人"
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier)
    chosen_paper(page, qtbot, "内部用，显示个人信息")
    office.settle(app)
    assert PHONE not in pdf_words(ask.path)
    assert "诉求人要求保密" in app.window.toast.text
    rec = page.list.table.row().id
    app.wait(lambda w: records.edit(w.desk, "work_order", rec, {"confidential": False, "warnings": "accept"}))
    ask.reason = "回访诉求人二"
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier)
    chosen_paper(page, qtbot, "内部用，显示个人信息")
    office.settle(app)
    assert PHONE in pdf_words(ask.path)
    assert "内部·含个人信息" in pdf_words(ask.path)
    log = app.wait(lambda w: records.history(w.desk, "work_order", rec))
    assert [line["why"] for line in log if line["verb"] == "reveal"] == ["回访诉求人", "回访诉求人二"]


def test_an_empty_sheet_is_printed_to_be_filled_by_hand(app, ask, qtbot, tmp_path):
    page = opened(app)
    ask.path = tmp_path / "空白.pdf"
    chosen_register(page, qtbot, "空白的生态环境工单办理单")
    office.settle(app)
    words = pdf_words(ask.path)
    assert "生态环境工单办理单" in words
    assert "20260917-0317" not in words
    assert "已生成 空白.pdf" in app.window.toast.text


def test_one_of_several_that_cannot_be_printed_is_named(app, ask, qtbot, tmp_path, monkeypatch):
    real = register_desk.sheets.sheet

    def some(desk, form, rec, *more, **options):
        if rec == page.list.model.row_at(0).id:
            raise refuse("outside_names", number="GD-2026-0001", what="姓名", label="存在的问题")
        return real(desk, form, rec, *more, **options)

    page = opened(app)
    monkeypatch.setattr(register_desk.sheets, "sheet", some)
    ask.path = tmp_path / "全.pdf"
    press(qtbot, page, Key.Key_A, Mod.ControlModifier)
    office.settle(app)
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier)
    chosen_paper(page, qtbot, "生态环境工单办理单")
    office.settle(app)
    assert "已生成 全.pdf" in app.window.toast.text
    left = f"没有打印 {page.list.model.row_at(0).data.number}："
    assert left in app.window.toast.text
    assert left in app.window.toast.accessibleName()
    assert left in app.window.status.said.text()  # the toast goes away
    assert "20260917-0317" in pdf_words(ask.path)


def test_who_has_no_file_yet_is_offered_the_template(app, ask, qtbot, tmp_path):
    page = opened(app)
    qtbot.keyClick(page, Key.Key_I, Mod.ControlModifier)
    office.settle(app)
    panel = page.importing
    assert page.stack.currentWidget() is panel
    assert panel.nothing.button.hasFocus()
    assert not panel.act.isVisible()
    ask.path = tmp_path / "模板.xlsx"
    qtbot.keyClick(panel.nothing.link, Key.Key_Space)
    office.settle(app)
    assert ask.path.is_file()
    ask.path = book(tmp_path / "工单.xlsx", GOOD)
    qtbot.keyClick(panel.nothing.button, Key.Key_Space)
    office.settle(app)
    assert panel.act.isEnabled()
    assert panel.table.isVisible()


def test_the_right_button_offers_what_can_be_done_to_the_row(app, ask, qtbot):
    page = opened(app)
    table = page.list.table
    spot = table.main.visualRect(table.model.index(2, 4)).center()
    qtbot.mouseClick(table.main.viewport(), Qt.MouseButton.RightButton, pos=spot)
    assert table.current == 2
    menu = table.menu()
    qtbot.addWidget(menu)
    acts = {a.text().partition("\t")[0]: a for a in menu.actions()}
    assert list(acts)[:5] == ["打开", "打印", "打印列表", "导出", "作废"]
    number = page.list.table.row().data.number
    acts["作废"].trigger()
    assert [q.title for q in ask.asked] == [f"作废 {number}"]
    acts["打开"].trigger()
    assert app.window.current == "form"


def test_all_visits_are_printed_at_once_without_a_menu(app, ask, qtbot, tmp_path):
    page = opened(app, group="检查巡查", form="visit")
    ask.path = tmp_path / "检查.pdf"
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier | Mod.ShiftModifier)
    office.settle(app)
    assert "全部检查一览表" in pdf_words(ask.path)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_export_is_masked_and_holds_what_was_chosen(app, ask, qtbot, tmp_path, suffix):
    page = opened(app)
    ask.path = tmp_path / f"工单{suffix}"
    press(qtbot, page, Key.Key_Down)
    press(qtbot, page, Key.Key_Down)
    press(qtbot, page, Key.Key_Insert)
    qtbot.keyClick(page, Key.Key_E, Mod.ControlModifier)
    office.settle(app)
    if suffix == ".csv":
        rows = list(csv.reader(ask.path.read_text("utf-8-sig").splitlines()))
    else:
        rows = [[str(c or "") for c in r] for r in load_workbook(ask.path).active.iter_rows(values_only=True)]
    assert len(rows) == 2
    written = dict(zip(*rows, strict=True))
    assert written["工单编号"] == "20260917-0317"
    assert (written["诉求人"], written["诉求人电话"]) == ("张**", "138****5678")
    assert PHONE not in str(rows)


def test_export_of_all_visits_holds_the_columns_on_the_screen(app, ask, qtbot, tmp_path):
    page = opened(app, group="检查巡查", form="visit")
    ask.path = tmp_path / "检查.xlsx"
    qtbot.keyClick(page, Key.Key_E, Mod.ControlModifier)
    office.settle(app)
    rows = list(load_workbook(ask.path).active.iter_rows(values_only=True))
    assert len(rows) == 5
    assert rows[0][:3] == ("编号", "表", "状态")


# ---- import --------------------------------------------------------------------------------------------------------
def book(path: Path, *rows) -> Path:
    made = Workbook()
    made.active.append(("工单编号", "来源", "派单时间", "内容", "诉求类型", "污染类型", "地点", "不认识的列"))
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


GOOD = ("20261001-0001", "12345", "2026-10-01 10:00", "夜间有异味", "投诉", "大气-油烟", "石马新村", "甲")


def test_import_shows_what_is_wrong_in_which_row_before_anything_is_stored(app, ask, qtbot, tmp_path):
    page = opened(app)
    panel = page.importing
    ask.path = book(tmp_path / "工单.xlsx", GOOD, ("20261001-0002", "不知道", "2026-13-01", *GOOD[3:]))
    before = operations(app)
    qtbot.keyClick(page, Key.Key_I, Mod.ControlModifier)
    office.settle(app)
    assert page.stack.currentWidget() is panel
    assert panel.sentence.text() == "工单.xlsx：2 行里有 1 行要改，改好才能导入。"
    assert "不认识的列" in panel.unknown.text()
    rows = [panel.model.row_at(n) for n in range(panel.model.rowCount())]
    wrong = [(r.data.row, r.data.label) for r in rows if r.data.severity == "error"]
    assert set(wrong) >= {(3, "来源"), (3, "派单时间")}
    assert not any("第 3 行" in r.data.words for r in rows)
    assert not panel.act.isEnabled()
    assert operations(app) == before

    ask.path = tmp_path / "要改.xlsx"
    panel.marked.click()
    office.settle(app)
    assert ask.path.is_file()

    book(tmp_path / "工单.xlsx", GOOD, ("20261001-0002", *GOOD[1:]))
    panel.again.click()
    office.settle(app)
    assert panel.act.isEnabled()
    panel.act.click()
    office.settle(app)
    assert page.stack.currentWidget() is page.list
    assert page.list.model.rowCount() == 7
    assert operations(app) == before + 1
    qtbot.keyClick(page, Key.Key_Z, Mod.ControlModifier)
    office.settle(app)
    assert page.list.model.rowCount() == 5


def test_a_file_that_is_no_table_is_refused_with_a_sentence(app, ask, qtbot, tmp_path):
    page = opened(app)
    ask.path = tmp_path / "空.csv"
    ask.path.write_text("", "utf-8")
    qtbot.keyClick(page, Key.Key_I, Mod.ControlModifier)
    office.settle(app)
    assert page.stack.currentWidget() is page.list
    assert app.window.toast.text


# ---- from other pages ----------------------------------------------------------------------------------------------
def test_another_page_narrows_the_list_to_some_records_for_once(app, qtbot, ids):
    page = opened(app, ids=(ids["去年"], ids["超期"]))
    assert shown(page, "order_no") == ["20260917-0317", "20251003-0001"]
    chip = page.list.bar.chips["@chosen"]
    assert chip.words == "2 条"
    press(qtbot, page, Key.Key_F2)
    assert set(app.window.page.params["back"][1]["ids"]) == {ids["去年"], ids["超期"]}
    assert opened(app).list.model.rowCount() == 5


def test_subjects_have_a_page_of_their_own(app, ids):
    app.window.go("register", form="subject", ids=(ids["佳达"],))
    office.settle(app)
    assert app.window.current == "subjects"
    assert app.window.page.params == {"ids": (ids["佳达"],)}


def test_in_a_low_window_the_periods_fold_before_a_filter_takes_a_line_from_the_list(app, qtbot):
    page = opened(app)
    app.window.resize(1366, 768)
    app.theme.set_scale(2.0)
    bar, panel = page.list.bar, page.list.period_panel
    bar.segments.setFocus()
    bar.filtered.emit("source", ("12345",))
    office.settle(app)
    assert (bar.segments.isHidden(), bar.folded.isVisible(), bar.folded.text()) == (True, True, "今年")
    assert bar.folded.hasFocus()
    assert bar.chips["source"].geometry().top() == bar.folded.geometry().top() == 0
    assert page.list.table.main.viewport().height() >= 2 * page.list.table.main.rowHeight(0)
    before = page.list.model.rowCount()
    qtbot.keyClick(bar.folded, Key.Key_Return)
    qtbot.keyClick(bar.period_menu, Key.Key_Down)
    qtbot.keyClick(bar.period_menu, Key.Key_Return)
    office.settle(app)
    assert (bar.folded.text(), page.list.model.rowCount() < before) == ("本月", True)
    bar.period_menu.actions()[4].trigger()
    assert panel.isVisible()
    qtbot.keyClick(panel.first, Key.Key_Escape)
    assert app.window.focusWidget() is bar.folded
    app.theme.set_scale(1.0)
    office.settle(app)
    assert (bar.segments.isVisible(), app.window.focusWidget(), bar.folded.isHidden()) == (True, bar.segments, True)
