"""The menu under the operator's name: who works here, appearance, the overview of keys; the top bar in little room."""

from __future__ import annotations

import itertools

import pytest
from form_keys import Hands, pages
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from envdesk.desk import records
from envdesk.gui.keys_dialog import GROUPS, KeysDialog

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


def opened(hands):
    """The menu as it opens."""
    menu = hands.window.top.menu
    menu.aboutToShow.emit()
    return {a.text().partition("\t")[0]: a for a in menu.actions() if a.text()}


def test_another_person_works_and_what_they_enter_is_logged_under_their_name(running):
    hands = Hands(running(pages()))
    hands.add("person", {"name": "李敏", "role": "执法人员"}, {"name": "陈立"}, {"name": "何静", "to": "2026-01-01"})
    hands.window.start()
    hands.settle()
    shown = opened(hands)
    assert [t for t in shown if "李敏" in t or "陈立" in t or "何静" in t] == ["陈立", "李敏（执法人员）"]
    assert shown["李敏（执法人员）"].isChecked()
    shown["陈立"].trigger()
    hands.settle()
    assert hands.window.top.operator.text() == "陈立"
    assert hands.app.prefs.get("operator") == "陈立"
    assert hands.window.toast.text == "操作人：陈立"
    [order] = hands.add("work_order", {
        "source": "12345", "order_no": "A1", "received_at": "2026-10-08T09:00", "content": "噪声",
    })  # fmt: skip
    [made] = hands.app.wait(lambda w: records.history(w.desk, "work_order", order))
    assert made["who"] == "陈立"
    assert opened(hands)["陈立"].isChecked()


def test_an_operator_who_is_no_longer_in_the_list_is_offered_all_the_same(running):
    hands = Hands(running(pages()))
    hands.window.start()
    hands.settle()
    assert opened(hands)["李敏"].isChecked()


def test_the_menu_fits_into_a_low_window_and_keeps_who_works_here(running):
    hands = Hands(running(pages()))
    hands.add("person", *({"name": f"执法员{n}"} for n in range(12)))
    hands.window.start()
    hands.settle()
    for height, scale in ((768, 1.5), (768, 1.0), (700, 2.0)):
        hands.window.resize(1366, height)
        hands.window.ctx.theme.set_scale(scale)
        shown = opened(hands)
        named = [t for t in shown if t.startswith("执法员")]
        assert 2 <= len(named) <= 9
        assert shown["李敏"].isChecked()
        menu, under = hands.window.top.menu, hands.window.top.height()
        assert menu.sizeHint().height() <= height - under or len(named) == 2
    assert "快捷键" in shown


def test_the_overview_of_keys_opens_and_closes_by_keyboard(running):
    hands = Hands(running(pages()))
    hands.open("work_order")
    seen = []

    def look():
        dialog = QApplication.activeModalWidget()
        seen.append((type(dialog), dialog.focusWidget() is dialog.close_button))
        QTest.keyClick(dialog, Key.Key_Escape)

    QTimer.singleShot(50, look)
    hands.press(Key.Key_Slash, Ctrl)
    assert seen == [(KeysDialog, True)]


def lines_seen(dialog):
    """Words in sight that are seen whole, and those that are cut."""
    view = dialog.area.viewport()
    tops = [(w.mapTo(view, w.rect().topLeft()).y(), w) for w in dialog.area.findChildren(QLabel)]
    seen = [(top >= 0 and top + w.height() <= view.height(), w.text()) for top, w in tops
            if top < view.height() and top + w.height() > 0]  # fmt: skip
    return {text for whole, text in seen if whole}, [text for whole, text in seen if not whole]


@pytest.mark.parametrize(("scale", "size"), [(1.5, (1366, 768)), (1.5, (1366, 690)), (1.0, (960, 400))])
def test_the_overview_scrolls_by_keys_and_cuts_no_line_where_it_has_little_room(theme, qtbot, scale, size):
    theme.set_scale(scale)
    behind = QWidget()
    behind.resize(*size)
    qtbot.addWidget(behind)
    dialog = KeysDialog(theme, behind)
    dialog.show()
    dialog.activateWindow()
    assert QTest.qWaitForWindowActive(dialog)
    first, half = lines_seen(dialog)
    assert half == []
    assert "下一栏" in first
    for key in (Key.Key_Down, Key.Key_PageDown, Key.Key_PageDown, Key.Key_Up, Key.Key_End):
        QTest.keyClick(dialog, key)
        assert lines_seen(dialog)[1] == []
    assert "换下一张表" in lines_seen(dialog)[0]
    QTest.keyClick(dialog, Key.Key_Home)
    assert lines_seen(dialog)[0] == first


def test_the_overview_names_no_key_twice_in_one_place():
    for column in GROUPS:
        for title, lines in column:
            keys = [keys for keys, _words in lines]
            assert len(keys) == len(set(keys)), title


def test_the_top_bar_gives_way_and_nothing_overlaps(running):
    app = running(pages())
    top = app.window.top
    app.window.go("form", form="work_order")
    for scale, width in ((1.0, 1366), (2.0, 1366), (2.0, 960), (1.5, 960), (1.0, 960)):
        app.theme.set_scale(scale)
        app.window.resize(width, 768)
        QApplication.processEvents()
        QApplication.processEvents()
        parts = [w for w in (top.search, top.operator, top.office) if w.isVisible()]
        edges = [(w.x(), w.x() + w.width()) for w in parts]
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(edges)), (scale, width, edges)
        assert edges[-1][1] <= top.width()
    app.theme.set_scale(1.0)
