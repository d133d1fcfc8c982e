"""Menus: where they open, digits, ticks and keys, at every scale."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.menus import Menu

Key = Qt.Key


def colours(menu, left, top, wide, high):
    """The colours of a part of a menu as it is drawn."""
    image = menu.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(left, left + wide) for y in range(top, top + high)}


def boxed(menu, action):
    box = menu.actionGeometry(action)
    return box.left(), box.top(), box.width(), box.height()


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.move(100, 100)
    made.show()
    return made


@pytest.mark.parametrize("scale", tokens.SCALES)
def test_a_menu_opens_within_the_window(theme, window, scale):
    theme.set_scale(scale)
    menu = Menu(theme, window)
    menu.add_numbered([("工业固废与生活垃圾分流检查", lambda: None), ("帮扶", lambda: None)])
    for at in (QPoint(0, 0), QPoint(500, 0), QPoint(500, 370)):
        button = Button(theme, "登记", parent=window)
        button.setGeometry(at.x(), at.y(), 90, 30)
        button.show()
        menu.under(button)
        inside = window.mapFromGlobal(menu.pos())
        assert menu.activeAction() is menu.actions()[0]
        assert inside.x() >= 0
        assert inside.x() + menu.width() <= max(window.width(), menu.width())
        assert inside.y() >= 0
        assert not button.geometry().intersects(menu.geometry().translated(inside - menu.pos()))
        menu.hide()


def test_a_digit_takes_a_line_and_the_tenth_has_none(theme, window, qtbot):
    taken = []
    menu = Menu(theme, window)
    menu.add_numbered((f"表{n}", lambda n=n: taken.append(n)) for n in range(1, 12))
    assert [a.text().partition("  ")[0] for a in menu.actions()] == [f"&{n}" for n in range(1, 10)] + ["", ""]
    button = Button(theme, "登记", parent=window)
    button.show()
    menu.under(button)
    qtbot.keyClick(menu, Key.Key_3)
    assert taken == [3]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_tick_a_box_and_an_arrow_are_drawn_in_the_colours_in_use(theme, window, scale):
    theme.set_scale(scale)
    menu, inner = Menu(theme, window), Menu(theme, window, "颜色")
    chosen, other, box = (menu.addAction(t) for t in ("李敏", "陈立", "附指标来源"))
    people = QActionGroup(menu)
    for action in (chosen, other, box):
        action.setCheckable(True)
    for action in (chosen, other):
        people.addAction(action)
    chosen.setChecked(True)
    arrow = menu.addMenu(inner)
    menu.ensurePolished()
    menu.resize(menu.sizeHint())
    green, edge, soft = (theme.colour(n).name() for n in ("green", "edge", "soft"))
    assert green in colours(menu, *boxed(menu, chosen))
    assert green not in colours(menu, *boxed(menu, other))
    assert edge in colours(menu, *boxed(menu, box))
    left, top, wide, high = boxed(menu, arrow)
    assert soft in colours(menu, left + wide // 2, top, wide // 2, high)


def test_a_key_stands_at_the_right_apart_from_the_words(theme, window):
    menu = Menu(theme, window)
    menu.addAction("另存 Word\tCtrl+Shift+W")
    wide = menu.sizeHint().width()
    words = theme.metrics().horizontalAdvance("另存 Word")
    key = theme.metrics("caption").horizontalAdvance("Ctrl+Shift+W")
    assert wide - words - key - 2 * theme.px(tokens.S3) >= theme.px(tokens.S4)


def test_the_menu_of_a_button_keeps_the_same_gap_below_it_and_above_it(theme, window, qtbot):
    menu = Menu(theme, window)
    menu.addAction("另存")
    button = Button(theme, "更多", menu=menu, parent=window)
    button.setGeometry(20, 20, 90, 32)
    button.show()
    screen = window.screen().geometry()
    for place, above in ((QPoint(100, 100), False), (QPoint(100, screen.bottom() - 60), True)):
        window.move(place)
        button.setFocus()
        qtbot.keyClick(button, Key.Key_Return)
        assert menu.isVisible()
        at, box = menu.geometry(), QRect(button.mapToGlobal(QPoint(0, 0)), button.size())
        gap = box.top() - at.bottom() - 1 if above else at.top() - box.bottom() - 1
        assert gap == theme.px(tokens.S1)
        menu.close()
