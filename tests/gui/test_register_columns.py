"""Lists: which columns are seen and in which order, counting by a column, printing a part for each person."""

# ruff: noqa: F811 - fixtures are taken over by name

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import shiboken6
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

sys.path.insert(0, str(Path(__file__).parent))

import register_office as office
from test_register_page import app, made, office_file  # noqa: F401 - fixtures

from envdesk.gui.register.columns import ColumnsMenu

Key, Mod = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def page(app):
    app.window.go("register", group="投诉信访", form="work_order", period="2026")
    office.settle(app)
    app.window.page.list.focus_list()
    return app.window.page


@pytest.fixture
def menu(app, page, qtbot):
    """The columns, asked for from the foot by keyboard."""
    page.list.foot.buttons["栏目"].setFocus()
    qtbot.keyClick(page.list.foot.buttons["栏目"], Key.Key_Return)
    office.settle(app)
    found = QApplication.activePopupWidget()
    assert isinstance(found, ColumnsMenu)
    yield found
    if shiboken6.isValid(found):
        found.close()


def keys(page) -> list[str]:
    """The columns as they stand, without the ticks."""
    return [c.key for c in page.list.model.columns][1:]


def name_of(action) -> str:
    return action.text().partition("\t")[0]


def go_to(qtbot, menu, title) -> None:
    for _step in menu.actions():
        if menu.activeAction() is not None and name_of(menu.activeAction()) == title:
            return
        qtbot.keyClick(menu, Key.Key_Down)
    raise AssertionError(title)


def test_a_column_is_taken_away_and_comes_back_and_the_menu_stays(app, page, menu, qtbot):
    before = keys(page)
    go_to(qtbot, menu, "来源")
    assert menu.activeAction().isChecked()
    qtbot.keyClick(menu, Key.Key_Space)
    office.settle(app)
    assert keys(page) == [k for k in before if k != "source"]
    assert menu.isVisible()
    qtbot.keyClick(menu, Key.Key_Return)
    office.settle(app)
    assert set(keys(page)) == set(before)
    assert keys(page)[-1] == "source"  # what was added last stands last


def test_a_column_is_moved(app, page, menu, qtbot):
    at = keys(page).index("kind")
    title = page.list.model.columns[at + 1].title
    go_to(qtbot, menu, title)
    qtbot.keyClick(menu, Key.Key_Down, Mod.ControlModifier)
    office.settle(app)
    assert keys(page).index("kind") == at + 1
    assert name_of(menu.activeAction()) == title
    qtbot.keyClick(menu, Key.Key_Up, Mod.ControlModifier)
    office.settle(app)
    assert keys(page).index("kind") == at


def test_any_field_can_be_a_column(app, page, menu, qtbot):
    go_to(qtbot, menu, "更多栏目")
    qtbot.keyClick(menu, Key.Key_Right)
    more = menu.activeAction().menu()
    go_to(qtbot, more, "办理与办结")
    qtbot.keyClick(more, Key.Key_Right)
    section = more.activeAction().menu()
    assert section.isVisible()
    go_to(qtbot, section, "是否属实")
    qtbot.keyClick(section, Key.Key_Space)
    office.settle(app)
    assert keys(page)[-1] == "verdict"
    assert section.isVisible()
    section.close()
    more.close()


def test_a_column_without_room_says_so_until_the_user_chooses(app, page, qtbot):
    app.window.resize(1000, 700)
    app.theme.set_scale(1.5)
    office.settle(app)

    def hidden():
        columns = page.list.model.columns
        return {c.title for n, c in enumerate(columns) if n > 1 and page.list.table.main.isColumnHidden(n)}

    qtbot.waitUntil(lambda: bool(hidden()))
    page.list.choose_columns()
    office.settle(app)
    menu = QApplication.activePopupWidget()
    assert hidden()
    assert {name_of(a) for a in menu.actions() if a.text().endswith("\t放不下")} == hidden()
    go_to(qtbot, menu, "承办人")
    qtbot.keyClick(menu, Key.Key_Space)
    office.settle(app)
    assert not hidden()
    assert not [a for a in menu.actions() if "\t" in a.text()]
    menu.close()


def test_columns_of_ones_own_are_never_hidden_for_want_of_room(app, page):
    every = [k for _title, fields in app.wait(
        lambda w: page.list._source.current(w).choice()).others for k, _words in fields]  # fmt: skip
    page.list._take_columns(tuple(every))
    office.settle(app)
    table = page.list.table
    shown = [n for n in range(len(table.model.columns)) if not table.main.isColumnHidden(n)]
    assert len(shown) == len(table.model.columns) - 2  # the two that are frozen stand in the other view
    assert table.main.horizontalScrollBar().maximum() > 0


def test_the_choice_is_remembered_and_can_be_taken_back(app, page, menu, qtbot):
    before = keys(page)
    go_to(qtbot, menu, "来源")
    qtbot.keyClick(menu, Key.Key_Space)
    menu.close()
    office.settle(app)
    page.show_form("rectification")
    office.settle(app)
    page.show_form("work_order")
    office.settle(app)
    assert "source" not in keys(page)
    assert "source" not in app.window.ctx.prefs.get("columns")["work_order"]
    page.list.choose_columns()
    office.settle(app)
    again = QApplication.activePopupWidget()
    go_to(qtbot, again, "恢复默认")
    qtbot.keyClick(again, Key.Key_Return)
    office.settle(app)
    assert keys(page) == before
    assert app.window.ctx.prefs.get("columns") == {}


def test_the_last_column_stays(app, page):
    page.list._take_columns(("source",))
    office.settle(app)
    page.list.choose_columns()
    office.settle(app)
    menu = QApplication.activePopupWidget()
    only = next(a for a in menu.actions() if name_of(a) == "来源")
    only.trigger()
    office.settle(app)
    assert only.isChecked()
    assert "source" in keys(page)
    menu.close()


def test_the_right_button_on_the_head_offers_the_columns(app, page):
    head = page.list.table.main.head
    spot = QPoint(30, head.height() // 2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, head.mapToGlobal(spot))
    QApplication.sendEvent(head.viewport(), event)
    office.settle(app)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, ColumnsMenu)
    menu.close()


def test_the_menu_of_a_row_offers_columns_and_counting(app, page, qtbot):
    menu = page.list.table.menu()
    qtbot.addWidget(menu)
    assert "栏目" in [a.text() for a in menu.actions()]
    counts = next(a.menu() for a in menu.actions() if a.text() == "计数")
    next(a for a in counts.actions() if a.text() == "按来源计数").trigger()
    office.settle(app)
    chip = page.list.bar.chips["source"]
    assert chip.popup.isVisible()
    assert {i.text: i.beside for i in chip.popup.items} == {"12345": "5"}
    qtbot.keyClick(chip, Key.Key_Return)
    office.settle(app)
    assert dict(page.list.state.filters) == {"source": ("12345",)}


def printed(app, page, qtbot, *titles) -> None:
    """Ctrl+Shift+P, then by the titles of the menu and of the menus in it."""
    qtbot.keyClick(page, Key.Key_P, Mod.ControlModifier | Mod.ShiftModifier)
    menu = next(m for m in page.list.findChildren(QMenu) if m.isVisible())
    for title in titles[:-1]:
        go_to(qtbot, menu, title)
        qtbot.keyClick(menu, Key.Key_Right)
        menu = menu.activeAction().menu()
    go_to(qtbot, menu, titles[-1])
    qtbot.keyClick(menu, Key.Key_Return)
    office.settle(app)


def test_the_list_is_printed_with_the_columns_on_the_screen(app, page, ask, qtbot, tmp_path):
    page.list._take_columns(("verdict", "handler"))
    office.settle(app)
    ask.path = tmp_path / "列表.xlsx"
    printed(app, page, qtbot, "现在的列表")
    rows = [[c for c in r if c] for r in load_workbook(ask.path).active.iter_rows(values_only=True)]
    assert ["序号", "编号", "是否属实", "承办人", "状态"] in rows


def test_each_handler_gets_a_part(app, page, ask, qtbot, tmp_path):
    ask.path = tmp_path / "分.xlsx"
    printed(app, page, qtbot, "现在的列表，分开印", "每个承办人一份")
    assert set(load_workbook(ask.path).sheetnames) == {"陈立", "未填"}
