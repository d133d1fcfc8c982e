"""The toast: what it says, takes back, and leaves free."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from envdesk.gui.buttons import Link
from envdesk.gui.operations import Said
from envdesk.gui.toast import Toast
from envdesk.gui.tokens import TOAST_MS

Key = Qt.Key


def test_toast_says_and_takes_back(theme, qtbot, show):
    undone = []
    page = QWidget()
    window = show(page)
    page.setMinimumSize(600, 300)
    toast = Toast(theme, page, lambda: undone.append(1))
    toast.say(Said("已作废 3 条工单。", undo=True))
    assert toast.text == "已作废 3 条工单。"
    assert toast.geometry().bottom() < page.height()
    link = toast.findChild(Link)
    qtbot.keyClick(link, Key.Key_Return)
    assert undone == [1]
    assert toast.text == ""
    assert window.isVisible()


def test_a_toast_leaves_the_buttons_at_the_foot_of_a_page_free(theme, show):
    page = QWidget()
    page.setFixedSize(900, 400)
    bar = QFrame(page)
    bar.setProperty("kind", "foot")
    bar.setGeometry(0, 352, 900, 48)
    show(page)
    toast = Toast(theme, page, lambda: None)
    toast.say(Said("已保存 YC-2026-0001。", undo=True))
    assert toast.geometry().bottom() < 352
    bar.hide()
    toast.say(Said("已保存 YC-2026-0001。", undo=True))
    assert toast.geometry().bottom() > 352


def test_the_key_of_a_toast_grows_with_the_words(theme, show):
    page = QWidget()
    show(page)
    toast = Toast(theme, page, lambda: None)
    toast.say(Said("已作废 3 条工单。", undo=True))
    before = toast._key.width()
    theme.set_scale(1.5)
    assert toast._key.width() > 1.3 * before


def test_toast_goes_by_itself(theme, show):
    page = QWidget()
    show(page)
    toast = Toast(theme, page, lambda: None)
    toast.say(Said("已保存。"))
    assert toast._timer.interval() == TOAST_MS
    toast._timer.timeout.emit()
    assert not toast.isVisible()


def test_refusal_offers_no_undo(theme, show):
    page = QWidget()
    show(page)
    toast = Toast(theme, page, lambda: None)
    toast.say(Said("记录已被别人修改过。", "refused"))

    assert not toast.findChild(Link).isVisible()
    toast.hide()
