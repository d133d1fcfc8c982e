"""The search of the whole office: grouped, by keyboard, with one character and with initials, off-thread, latest wins."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from envdesk.desk import office, records
from envdesk.gui import tokens
from envdesk.gui.chips import ChipState, measure
from envdesk.gui.finds import Find, Finds, Heading
from envdesk.gui.page import Page, PageSpec
from envdesk.gui.search_box import SearchBox
from envdesk.present import search

Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier


class Blank(Page):
    """A page that remembers where it was sent."""

    def __init__(self, ctx):
        super().__init__(ctx)
        self.line = self.first = QLineEdit()
        self.body.addWidget(self.line)
        self.params = {}

    def activate(self, params):
        self.params = dict(params)


PAGES = {name: PageSpec(name, Blank) for name in ("today", "register", "form", "settings")}


@pytest.fixture
def ids(office_file):
    with office.opened(office_file, operator="李敏", as_of="2026-10-09") as desk:
        firm = {
            "types": ["工业企业"],
            "industry": "制鞋",
            "name": "均禾佳达鞋业有限公司",
            "address": "石马桃红西街1号",
            "warnings": "accept",
        }
        firms = [firm, firm | {"name": "佳美皮具厂", "address": "清湖"}]
        made = records.add(desk, "subject", firms).value
        assert not made.refused, [p.as_dict() for p in made.problems]
        order = records.add(desk, "work_order", [{
            "order_no": "20260917-0317", "source": "12345", "received_at": "2026-10-08 09:00", "kind": "投诉",
            "content": "佳达鞋业夜间有胶水味", "pollution": ["大气-油烟"], "location": "石马新村", "warnings": "accept",
        }]).value  # fmt: skip
        assert not order.refused, [p.as_dict() for p in order.problems]
        return {"佳达": made.ids[0], "佳美": made.ids[1], "工单": order.ids[0]}


@pytest.fixture
def app(running, ids, qtbot):  # noqa: ARG001 - the office has something to find
    made = running(PAGES)
    made.window.start()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    qtbot.waitUntil(lambda: not made.tasks.active)
    return made


def seek(qtbot, app, typed, words):
    box = app.window.top.search
    qtbot.keyClick(app.window, Key.Key_K, Control)
    typed(box, words)
    qtbot.waitUntil(lambda: box._answered == words and not app.tasks.active, timeout=10_000)
    return box


def rows(box):
    return [box.finds.row(n) for n in range(box.finds.rowCount())]


def test_results_stand_in_groups_and_open_by_keyboard(app, qtbot, typed, ids):
    box = seek(qtbot, app, typed, "佳达")
    shown = rows(box)
    assert [r.text for r in shown if isinstance(r, Heading)] == ["监管对象", "工单"]
    assert box.finds.find(box.list.currentIndex()).params == {"form": "subject", "id": ids["佳达"]}
    qtbot.keyClick(box, Key.Key_Down)  # over the heading
    found = box.finds.find(box.list.currentIndex())
    assert (found.group, found.number, found.chip is not None) == ("工单", "20260917-0317", True)
    qtbot.keyClick(box, Key.Key_Down)
    assert box.finds.find(box.list.currentIndex()) == found  # the last one
    qtbot.keyClick(box, Key.Key_Return)
    assert (app.window.current, app.window.page.params) == ("form", {"form": "work_order", "id": ids["工单"]})
    assert not box.list.isVisible()


@pytest.mark.parametrize("words", ["佳", "佳达", "jd", "JDXY", "0317", "20260917-0317"])
def test_one_character_initials_and_numbers(app, qtbot, typed, words, ids):
    box = seek(qtbot, app, typed, words)
    assert {ids["佳达"], ids["工单"]} & {r.params.get("id") for r in rows(box) if isinstance(r, Find)}


def test_pages_are_found_by_name_and_by_initials(app, qtbot, typed):
    for words in ("设置", "sz"):
        box = seek(qtbot, app, typed, words)
        first = box.finds.find(box.list.currentIndex())
        assert (first.group, first.page) == ("页面", "settings")
        qtbot.keyClick(box, Key.Key_Escape)
        assert app.window.page.line.hasFocus()


def test_nothing_found_is_said(app, qtbot, typed):
    box = seek(qtbot, app, typed, "没有这样的东西")
    assert [r.text for r in rows(box)] == ["没有找到“没有这样的东西”。"]
    assert box.list.isVisible()
    qtbot.keyClick(box, Key.Key_Return)  # leads nowhere
    assert app.window.current == "today"


def test_the_latest_words_win(app, qtbot, typed, monkeypatch):
    box, real = app.window.top.search, search.search
    began, go_on, asked = threading.Event(), threading.Event(), []

    def slow(desk, words):
        asked.append(words)
        if words == "佳":
            began.set()
            go_on.wait(10)
        return real(desk, words)

    monkeypatch.setattr(search, "search", slow)
    qtbot.keyClick(app.window, Key.Key_K, Control)
    typed(box, "佳")
    qtbot.waitUntil(began.is_set)
    typed(box, "美")
    qtbot.waitUntil(lambda: not box._quiet.isActive())
    assert app.window.page is not None  # the window is alive while the first search runs
    go_on.set()
    qtbot.waitUntil(lambda: box._answered == "佳美" and not app.tasks.active)
    assert asked == ["佳", "佳美"]
    assert [r.text for r in rows(box) if isinstance(r, Find)] == ["佳美皮具厂"]


def test_enter_does_not_open_what_was_found_for_other_words(app, qtbot, typed):
    box = seek(qtbot, app, typed, "佳达")
    typed(box, "皮")
    qtbot.keyClick(box, Key.Key_Return)
    assert app.window.current == "today"
    qtbot.waitUntil(lambda: box._answered == "佳达皮")


def test_leaving_closes_the_finds(app, qtbot, typed):
    box = seek(qtbot, app, typed, "佳达")
    assert box.list.isVisible()
    app.window.page.line.setFocus()
    assert not box.list.isVisible()


def test_headings_are_passed_by():
    model = Finds()
    model.fill([Find("甲", group="一"), Find("乙", group="二"), Find("丙", group="二")], "还有更多")
    assert [type(model.row(n)).__name__ for n in range(model.rowCount())] == [
        "Heading", "Find", "Heading", "Find", "Find", "Heading",
    ]  # fmt: skip
    assert (model.next(-1, 1), model.next(1, 1), model.next(4, 1), model.next(1, -1)) == (1, 3, 4, 1)
    assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags
    assert model.data(model.index(3), Qt.ItemDataRole.AccessibleDescriptionRole) == "二"


def test_finds_are_whole_lines_inside_the_window_and_their_columns_stand_in_line(theme, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    box = SearchBox(theme, "搜索", window)
    box.setGeometry(20, 8, 400, 32)
    window.resize(500, 260)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    box.setFocus()
    box.setText("鞋")
    states = [ChipState("在产", "green", "dot"), ChipState("已关停取缔", "grey", "dash"), None]
    box.show_finds("鞋", [Find(f"鞋厂 {n}", chip=states[n % 3], number="1" * (n % 5 + 4)) for n in range(20)])
    inside = box.list.viewport().height()
    assert inside % theme.px(tokens.ROW) == 0
    assert inside < 20 * theme.px(tokens.ROW)
    below = window.mapFromGlobal(box.list.geometry().bottomRight())
    assert window.rect().contains(below)
    widest = max(measure(theme, s).width() for s in states if s is not None)
    assert (box._rows._chip, box._rows._number) == (widest, theme.metrics("caption").horizontalAdvance("1" * 8))
