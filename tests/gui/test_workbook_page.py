"""上级表格: a file is opened, its cells are bound from the keyboard, it is filled, and next month's file is known."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from small_desk import Ctrl, Hands, Key, beside

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "exchange"))

from book_samples import FIRST, GROUPS, TITLE, district_form

from envdesk.desk import books
from envdesk.figures.reconcile import Finding
from envdesk.gui.buttons import Link
from envdesk.gui.pages.reports import PAGE as REPORTS
from envdesk.gui.pages.workbook import PAGE
from envdesk.gui.workbook.grid import NUMBER

PAGES = {"today": beside("today")["today"], "reports": REPORTS, "workbook": PAGE}
ORDERS = FIRST + 13
"""Row of 工单收到."""
LIST_TOP = FIRST + 19


@pytest.fixture
def office_file(small_file):
    return small_file


@pytest.fixture
def hands(running, qtbot, ask, tmp_path):
    ask.path = district_form(tmp_path / "2026年10月 区月报.xlsx")
    made = Hands(running(PAGES), qtbot)
    made.window.go("workbook", period="2026-09")
    made.settle()
    return made


@pytest.fixture
def opened(hands):
    hands.press(Key.Key_O, Ctrl)
    return hands


def kept(hands):
    out = []
    hands.app.tasks.run(lambda w: books.books(w.desk), done=out.extend)
    hands.settle()
    return [line.name for line in out]


def bind(hands, place, words):
    """Go to a cell and bind what is found by *words*, with keys only."""
    hands.page.grid.go(place)
    hands.press(Key.Key_Return)
    hands.page.pick.line.setText(words)
    hands.settle()
    hands.press(Key.Key_Return)


def test_an_office_without_a_workbook_is_told_what_to_do(hands):
    page = hands.page
    assert page.empty.isVisible()
    assert not page.buttons["填好另存"].isEnabled()


def test_a_file_shows_as_the_office_program_shows_it(opened):
    grid = opened.page.grid
    assert opened.focus is grid
    assert grid.rowSpan(0, 0) == 1
    assert grid.columnSpan(0, 0) == 8
    texts = [grid.sheet.text((FIRST + n, 3)) for n in range(2)]
    assert texts == GROUPS["大气污染防治"][:2]
    assert [opened.page.tabs.tabText(n) for n in range(opened.page.tabs.count())] == ["10月报表", "汇总"]


def test_a_cell_is_bound_with_keys_and_shows_its_value(opened):
    page = opened.page
    page.grid.go((ORDERS, 4))
    opened.press(Key.Key_Return)
    assert opened.focus is page.pick.line
    assert "工单收到" in page.pick.hint.text()
    assert " · " not in page.pick.hint.text()  # it would begin a line
    for letter in "wo_rec":
        opened.bot.keyClicks(page.pick.line, letter)
    opened.settle()
    assert page.pick.figure == "wo_received"
    opened.press(Key.Key_Return)
    assert opened.focus is page.grid
    assert page.grid.place == (ORDERS + 1, 4)
    assert page.grid.sheet.text((ORDERS, 4)) == "3"
    assert page.sheet.name == "区月报"
    assert kept(opened) == ["区月报"]


def test_the_head_of_a_column_proposes_what_it_wants(opened):
    page = opened.page
    measures = []
    for column in (4, 5, 6, 7):
        page.grid.go((FIRST, column))
        measures.append(page.pick.measure)
    assert measures == ["current", "year_to_date", "last_year", "change_last_year"]
    page.grid.go((FIRST + 9, 4))
    assert page.pick.list.choices.items[0].title == "出动检查组"


def test_typing_in_the_grid_begins_the_search_and_escape_leaves_it(opened):
    opened.page.grid.go((FIRST, 4))
    opened.press(Key.Key_W)
    assert opened.focus is opened.page.pick.line
    assert opened.page.pick.line.text() == "w"
    opened.press(Key.Key_Escape)
    assert opened.focus is opened.page.grid
    assert opened.page.sheet.bindings.cells == ()


def test_pinyin_finds_a_figure_and_arrows_choose_another(opened):
    page = opened.page
    page.pick.start("jcqy")
    opened.settle()
    titles = [item.title for item in page.pick.list.choices.items]
    assert any("检查企业" in t for t in titles)
    first = page.pick.figure
    opened.press(Key.Key_Down)
    assert page.pick.figure != first


def test_a_condition_is_listed_and_becomes_part_of_the_figure(opened):
    page = opened.page
    page.grid.go((FIRST, 4))
    page.pick.start("voc_reg")
    opened.settle()
    menus = {m.title(): m for m in (a.menu() for a in page.pick.conditions.actions()) if m is not None}
    shoes = next(a for a in menus["主行业"].actions() if a.text() == "制鞋")
    shoes.trigger()
    opened.press(Key.Key_Return)
    bound = page.sheet.bindings.cells[0]
    assert bound.figure == "voc_reg:industry=制鞋"
    assert "制鞋" in page.grid.sheet.bound[FIRST, 4]


def test_a_formula_over_bound_cells_shows_no_sum_of_empty_ones(opened):
    grid = opened.page.grid.sheet
    place = (FIRST + 15, 4)
    grid.view.cells[place] = replace(grid.cell(place), formula=True, text="0")
    assert grid.text(place) == "0"
    bind(opened, (ORDERS, 4), "wo_received")
    assert grid.text(place) == "公式"
    grid.view.cells[place] = replace(grid.cell(place), text="31")
    assert grid.text(place) == "31"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-16.67%", True),
        ("+100%", True),
        ("-2.76个百分点", True),
        ("1,234", True),
        ("3.5", True),
        ("持平", True),
        ("", False),
    ],
)
def test_what_stands_at_the_right_as_a_number(text, number):
    assert bool(NUMBER.fullmatch(text)) is number


def test_delete_empties_a_cell_and_a_formula_is_never_bound(opened):
    page = opened.page
    bind(opened, (ORDERS, 4), "wo_received")
    page.grid.go((ORDERS, 4))
    opened.press(Key.Key_Delete)
    assert page.sheet.bindings.cells == ()
    assert (ORDERS, 4) not in page.grid.sheet.bound
    page.grid.go((FIRST + 15, 4))
    assert page.pick.hint.text() == "这里是公式，不填。"
    opened.press(Key.Key_Return)
    assert opened.focus is page.grid


def test_the_filled_file_holds_the_value_and_the_opened_one_does_not(opened, ask, tmp_path):
    source = ask.path
    before = source.read_bytes()
    bind(opened, (ORDERS, 4), "wo_received")
    ask.path, ask.reason = tmp_path / "填好", ""  # remarks of the month were looked at
    opened.press(Key.Key_S, Ctrl)
    rows = CalamineWorkbook.from_path(str(tmp_path / "填好.xlsx")).get_sheet_by_name("10月报表").to_python()
    assert rows[ORDERS - 1][3] == 3
    assert source.read_bytes() == before
    assert "出具编号 2026-0001" in opened.window.toast.text


def test_remarks_of_the_rules_are_asked_about_and_acknowledged_by_saving(opened, ask, tmp_path, monkeypatch):
    found = Finding("R20", "warn", "fail", "有工单临期。", ())
    monkeypatch.setattr("envdesk.desk.reports.reconcile", lambda _calc: [found])
    bind(opened, (ORDERS, 4), "wo_received")
    ask.path = tmp_path / "填好.xlsx"
    asked = []
    monkeypatch.setattr(ask, "act", lambda question: asked.append(question.text))
    opened.press(Key.Key_S, Ctrl)
    assert asked == ["还有 1 项勾稽提示，填好另存表示已经核对过：\nR20：有工单临期。"]
    assert not ask.path.exists()
    monkeypatch.setattr(ask, "act", lambda _question: "")
    opened.press(Key.Key_S, Ctrl)
    assert ask.path.exists()
    said = []
    read = "SELECT new FROM change WHERE form = '@report' AND field = '@R20'"
    opened.app.tasks.run(lambda w: w.desk.store.con.query(read), done=said.extend)
    opened.settle()
    assert [json.loads(new) for (new,) in said] == ["有工单临期。"]


def test_a_blocked_month_is_saved_as_a_draft_only(opened, ask, monkeypatch):
    found = Finding("R1", "block", "fail", "有工单没有编号。", ())
    monkeypatch.setattr("envdesk.desk.reports.reconcile", lambda _calc: [found])
    bind(opened, (ORDERS, 4), "wo_received")
    page = opened.page
    assert "只能另存草稿" in page.notice.words.text()
    assert page.troubles.list.choices.items[0].title == "R1 有工单没有编号。"
    names = []
    monkeypatch.setattr(ask, "save_file", lambda _t, name, _k: names.append(name))
    opened.press(Key.Key_S, Ctrl)
    assert names[0].endswith("（草稿）.xlsx")


def test_records_are_listed_from_a_cell_with_columns_by_their_heads(opened):
    page = opened.page
    page.grid.go((LIST_TOP, 1))
    page.pick.list_button.click()
    opened.settle()
    assert opened.focus is page.lists.forms
    at = next(n for n, item in enumerate(page.lists.forms.choices.items) if item.id == "inspection")
    page.lists.forms.setCurrentIndex(page.lists.forms.choices.index(at))
    opened.press(Key.Key_Return)
    found = [(c.head, c.key) for c in page.lists.proposal.columns]
    assert found == [("序号", "#"), ("日期", "visit_date"), ("企业", "subject_id"), ("结果", "result")]
    assert page.lists.said.text() == "表里留了 8 行。"
    page.lists.take_button.click()
    opened.settle()
    assert page.sheet.bindings.lists[0].form == "inspection"
    assert page.grid.sheet.bound[LIST_TOP + 3, 2] == "清单：" + page.ctx.catalogue.form("inspection").title


def test_next_months_file_is_known_and_only_what_changed_is_asked_for(opened, ask, tmp_path, monkeypatch):
    for row, figure in ((ORDERS, "wo_received"), (FIRST + 9, "outing_cnt")):
        bind(opened, (row, 4), figure)
    monkeypatch.setitem(GROUPS, "监管效能", ["出动检查组次", *GROUPS["监管效能"][1:]])
    ask.path = district_form(
        tmp_path / "11月.xlsx", inserted="餐饮油烟检查", sheet="11月报表", title=TITLE.replace("10月", "11月")
    )
    opened.press(Key.Key_O, Ctrl)
    page = opened.page
    assert "认出“区月报”。1 处按名称移到了新位置。1 处没找到" in page.notice.words.text()
    assert page.grid.sheet.text((ORDERS + 1, 4)) == "3"
    items = page.troubles.list.choices.items
    assert [i.title for i in items] == ["出动检查组 · 本期"]
    opened.press(Key.Key_S, Ctrl)
    assert not list(tmp_path.glob("填*"))
    page.troubles.list.setFocus()
    page.troubles.list.setCurrentIndex(page.troubles.list.choices.index(0))
    opened.press(Key.Key_Return)
    assert opened.focus is page.grid
    page.grid.go((FIRST + 10, 4))
    opened.press(Key.Key_Return)
    assert not page.troubles.isVisible()
    assert {b.name for b in page.sheet.bindings.cells} == {f"11月报表!D{ORDERS + 1}", f"11月报表!D{FIRST + 10}"}
    assert kept(opened) == ["区月报"]


def test_a_workbook_gets_another_name_and_escape_leaves_the_list_of_registers(opened):
    page = opened.page
    bind(opened, (ORDERS, 4), "wo_received")
    page.called.setFocus()
    page.called.setText("区生态环境月报")
    opened.press(Key.Key_Return)
    assert kept(opened) == ["区生态环境月报"]
    assert "区生态环境月报" in page._subtitle.text()
    page.called.setText("monthly")
    page.called.editingFinished.emit()
    opened.settle()
    assert page.called.text() == "区生态环境月报"
    page.grid.go((LIST_TOP, 1))
    page.pick.list_button.click()
    opened.settle()
    opened.press(Key.Key_Escape)
    assert opened.focus is page.grid
    assert page.beside.currentWidget() is page.pick


def test_forgetting_leaves_the_file_and_the_reports_lead_here(opened, ask):
    bind(opened, (ORDERS, 4), "wo_received")
    opened.page.buttons["不再记住"].click()
    opened.settle()
    assert kept(opened) == []
    assert ask.path.is_file()
    assert opened.page.empty.isVisible()
    opened.window.go("reports")
    opened.settle()
    link = next(x for x in opened.page.findChildren(Link) if x.text() == "填上级的 Excel 表格")
    link.click()
    opened.settle()
    assert opened.window.current == "workbook"


def test_in_little_room_periods_and_choices_stand_beside_the_grid_in_turn(opened):
    page = opened.page
    page.ctx.theme.set_scale(2.0)
    opened.window.resize(1366, 768)
    opened.settle()
    assert (page.choose.isVisible(), page.right.isVisible()) == (True, False)
    opened.press(Key.Key_Return)
    assert opened.focus is page.pick.line
    assert (page.choose.isVisible(), page.right.isVisible()) == (False, True)
    assert page.right.mapTo(opened.window, page.right.rect().topRight()).x() <= opened.window.width()
    opened.press(Key.Key_Escape)
    assert opened.focus is page.grid
    assert (page.choose.isVisible(), page.right.isVisible()) == (True, False)
