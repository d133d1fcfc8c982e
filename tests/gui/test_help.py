"""F1: the page of what is on the screen, found and read by keyboard."""

from __future__ import annotations

import pytest
from form_keys import Hands
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from envdesk.gui.page import found
from envdesk.present import help as topics

Key = Qt.Key


@pytest.fixture
def hands(running):
    return Hands(running(found()))


def f1(hands):
    hands.press(Key.Key_F1)
    hands.settle(0.1)
    return hands.window.help.shown


def test_every_page_of_the_window_has_a_page_of_help():
    assert {name for name, spec in found().items() if not spec.hidden} <= set(topics.TOPICS)


def test_f1_on_a_field_opens_its_form_at_the_field(hands):
    hands.open("work_order")
    hands.to("content")

    shown = f1(hands)

    assert shown.isVisible()
    assert shown.shown.id == "form:work_order"
    assert shown.text.textCursor().block().text() == "内容"


def test_f1_on_a_page_and_search_by_keyboard(hands):
    hands.window.go("today")
    hands.settle()

    shown = f1(hands)
    assert shown.shown.id == "today"
    shown.search.setText("杀毒软件")
    assert shown.shown.id == "trouble"
    assert shown.list.count() < len(shown.topics)
    shown.search.setText("没有这样的词")
    assert not shown.nothing.isHidden()
    hands.press(Key.Key_Escape)
    shown.search.clear()
    assert shown.list.count() == len(shown.topics)
    shown.close()
    assert QApplication.topLevelWidgets()


def test_links_lead_nowhere_outside(hands):
    shown = f1(hands)

    assert not shown.text.openLinks()
    assert not shown.text.openExternalLinks()
