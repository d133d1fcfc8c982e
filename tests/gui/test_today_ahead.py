"""今日: the list of a later day, by keys."""

from datetime import date

import pytest
from PySide6.QtWidgets import QApplication
from small_desk import Alt, Hands, Key, beside

from envdesk.gui.pages.today import PAGE

PAGES = {"today": PAGE} | beside("form", "register", "reports", "settings")


@pytest.fixture
def office_file(small_file):
    return small_file


@pytest.fixture
def hands(running, qtbot):
    return Hands(running(PAGES), qtbot)


def heads(page):
    return [r.title for r in page.list.due.rows if not hasattr(r, "what")]


def test_the_list_goes_a_day_on_and_back(hands):
    page = hands.page
    before = page.list.due.lines
    hands.press(Key.Key_Right, Alt, times=4)
    assert page.day.words == "10月13日 周二"
    assert page._subtitle.text().startswith("2026年10月13日 星期二")
    assert "当天到期" in heads(page)
    assert page.list.hasFocus()
    hands.press(Key.Key_Left, Alt, times=4)
    assert page.day.words == ""
    assert page.list.due.lines == before
    hands.press(Key.Key_Left, Alt)  # the past stays the past
    assert page.list.due.lines == before


def test_days_are_offered_by_the_chip(hands):
    page = hands.page
    page.day.setFocus()
    hands.press(Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert [a.text().partition("\t")[0] for a in menu.actions()] == ["明天", "下周一", "本月底", "选日期…"]
    hands.bot.keyClick(menu, Key.Key_Down)
    hands.bot.keyClick(menu, Key.Key_Return)
    hands.settle()
    assert page.day.day == date(2026, 10, 12)
    hands.press(Key.Key_Right)
    assert page.day.day == date(2026, 10, 13)
    hands.press(Key.Key_Backspace)
    assert page.day.day is None
    assert page._subtitle.text() == "2026年10月9日 星期五"


def test_any_day_is_chosen_from_the_calendar(hands):
    page = hands.page
    page.day.open_calendar()
    hands.press(Key.Key_Down)
    hands.press(Key.Key_Return)
    assert page.day.day == date(2026, 10, 17)
    page.day.open_calendar()
    hands.press(Key.Key_PageUp)
    hands.press(Key.Key_Return)  # a day of the past
    assert page.day.day is None


def test_a_record_leads_back_to_the_day_and_the_rail_to_today(hands):
    page = hands.page
    hands.press(Key.Key_Right, Alt, times=4)
    hands.press(Key.Key_F2)
    name, params = hands.asked("form")["back"]
    hands.window.go(name, **params)
    hands.settle()
    assert page.day.day == date(2026, 10, 13)
    page.on_changed(frozenset({"*"}))  # what changes meanwhile leaves the day alone
    hands.settle()
    assert page.day.day == date(2026, 10, 13)
    hands.window.go("reports")
    hands.back("today")
    assert page.day.day is None


def test_the_counters_stay_those_of_today(hands):
    counters = dict(hands.window.rail.list.rail_model.counters)
    assert counters["today"]
    hands.press(Key.Key_Right, Alt, times=4)
    hands.page.on_changed(frozenset({"*"}))
    hands.settle()
    assert hands.window.rail.list.rail_model.counters == counters
