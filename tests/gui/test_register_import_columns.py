"""Import: the user says which column of a file is which field; the next file with that header has it."""

# ruff: noqa: F811 - fixtures are taken over by name

from __future__ import annotations

import sys
from pathlib import Path

from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parent))

import register_office as office
from test_register_page import app, ids, made, office_file, opened  # noqa: F401 - fixtures

from envdesk.desk import records

Key, Mod = Qt.Key, Qt.KeyboardModifier
HEADS = ("工单编号", "打哪来的", "派单时间", "内容", "诉求类型", "污染类型", "地点")
ROW = ("20261001-0001", "来访", "2026-10-01 10:00", "夜间有异味", "投诉", "大气-油烟", "石马新村")
ODD = ("甲列", "乙列", "丙列", "丁列", "戊列", "己列", "庚列")


def book(path: Path, heads, *rows) -> Path:
    made = Workbook()
    for row in (heads, *rows):
        made.active.append(row)
    made.save(path)
    return path


def looked_at(app, ask, qtbot, path: Path):
    """The panel with a file."""
    page = opened(app)
    ask.path = path
    qtbot.keyClick(page, Key.Key_I, Mod.ControlModifier)
    office.settle(app)
    return page.importing


def lines(panel) -> dict[str, str]:
    model = panel.heads.table.model
    return {row.id: row.cells[1].text for n in range(model.rowCount()) if (row := model.row_at(n))}


def go_to(qtbot, menu, title) -> None:
    for _step in menu.actions():
        if menu.activeAction() is not None and menu.activeAction().text() == title:
            return
        qtbot.keyClick(menu, Key.Key_Down)
    raise AssertionError(title)


def assign(app, qtbot, panel, header, section, label) -> None:
    """Enter on a header, then section and field by keyboard."""
    table = panel.heads.table
    table.go_to(next(n for n in range(table.model.rowCount()) if table.model.row_at(n).id == header))
    qtbot.keyClick(table.main, Key.Key_Return)
    menu = QApplication.activePopupWidget()
    go_to(qtbot, menu, section)
    if label:
        qtbot.keyClick(menu, Key.Key_Right)
        menu = menu.activeAction().menu()
        go_to(qtbot, menu, label)
    qtbot.keyClick(menu, Key.Key_Return)
    app.window.activateWindow()  # the platform of the tests leaves the window without focus after a menu
    office.settle(app)


def test_an_unknown_column_is_given_a_field_and_imported(app, ask, qtbot, tmp_path):
    panel = looked_at(app, ask, qtbot, book(tmp_path / "工单.xlsx", HEADS, ROW))
    assert "打哪来的" in panel.unknown.text()
    panel.assign.setFocus()
    qtbot.keyClick(panel.assign, Key.Key_Return)
    assert panel.heads.table.isAncestorOf(QApplication.focusWidget())
    assert lines(panel)["打哪来的"] == "没有认出来"
    assert lines(panel)["地点"] == "地点"
    assign(app, qtbot, panel, "打哪来的", "收件登记", "来源")
    assert lines(panel)["打哪来的"] == "来源"
    assert panel.heads.isVisible()
    assert not panel.unknown.isVisible()
    panel.act.click()
    office.settle(app)
    found = app.wait(lambda w: records.listing(w.desk, "work_order", search="20261001-0001"))
    assert [r["source"] for r in found] == ["来访"]


def test_the_next_file_with_that_header_has_it(app, ask, qtbot, tmp_path):
    panel = looked_at(app, ask, qtbot, book(tmp_path / "一.xlsx", HEADS, ROW))
    panel.turn()
    assign(app, qtbot, panel, "打哪来的", "收件登记", "来源")
    panel = looked_at(app, ask, qtbot, book(tmp_path / "二.xlsx", HEADS, ("20261001-0002", *ROW[1:])))
    assert panel.looked.path.name == "二.xlsx"
    assert not panel.unknown.isVisible()
    assert "打哪来的→来源" in panel.columns.text()
    assert panel.heads.isHidden()


def test_a_column_can_be_left_out(app, ask, qtbot, tmp_path):
    panel = looked_at(app, ask, qtbot, book(tmp_path / "工单.xlsx", HEADS, ROW))
    panel.turn()
    assign(app, qtbot, panel, "地点", "不导入", "")
    assert lines(panel)["地点"] == "不导入"
    assert "地点" not in panel.columns.text()
    panel.turn()
    assert panel.table.isVisible()


def test_a_file_of_which_nothing_is_understood_offers_its_headers(app, ask, qtbot, tmp_path):
    panel = looked_at(app, ask, qtbot, book(tmp_path / "怪.xlsx", ODD, ROW))
    assert panel.sentence.text() == "怪.xlsx：一列也没有认出来，请指定哪一列是哪一栏。"
    assert list(lines(panel)) == list(ODD)
    assert panel.heads.table.isAncestorOf(QApplication.focusWidget())
    assert not panel.act.isEnabled()
    assign(app, qtbot, panel, "甲列", "收件登记", "工单编号")
    assert lines(panel)["甲列"] == "工单编号"
    assert "要改" in panel.sentence.text()  # the other fields are still wanted


def test_lines_are_whole_in_a_low_window(app, ask, qtbot, tmp_path):
    app.window.resize(1366, 768)
    app.window.ctx.theme.set_scale(1.5)
    panel = looked_at(app, ask, qtbot, book(tmp_path / "工单.xlsx", HEADS, ROW))
    panel.turn()
    office.settle(app)
    table = panel.heads.table
    bar, row = table.main.verticalScrollBar(), table.main.verticalHeader().defaultSectionSize()
    assert bar.value() == 0
    qtbot.keyClick(table.main, Key.Key_Down)
    assert bar.value() == 0
    assert table.main.viewport().height() % row == 0
