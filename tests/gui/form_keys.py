"""A form page in a running window, and hands for it."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from envdesk.desk import records
from envdesk.gui.pages.form import PAGE

Key, Ctrl, Alt = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SUBJECT = {
    "types": ["工业企业", "涉VOCs企业"], "name": "均禾佳达鞋业有限公司", "short_name": "佳达鞋业", "address": "石马路8号",
    "industry": "制鞋", "register_from": "2024-01-01",
}  # fmt: skip
PEOPLE = [{"name": "周启明", "badge_no": "44010001"}, {"name": "陈立", "badge_no": "44010002"}]


class Hands:
    """Types and presses keys where the focus is; counts keys that are no content."""

    def __init__(self, app):
        self.app, self.window = app, app.window
        self.keys = 0

    @property
    def page(self):
        return self.window.page

    @property
    def view(self):
        return self.page.view

    @property
    def session(self):
        return self.page.session

    def add(self, form, *objects):
        made = self.app.wait(lambda w: records.add(w.desk, form, [dict(o) | {"warnings": "accept"} for o in objects]))
        assert not made.value.refused, made.value.problems
        return made.value.ids

    def get(self, form, rec):
        return self.app.wait(lambda w: records.get(w.desk, form, rec, reveal=True, why="测试用"))

    def rows(self, form):
        return self.app.wait(lambda w: records.listing(w.desk, form))

    def settle(self, seconds=0.25):
        """Wait until nothing is read or judged any more."""
        quiet = end = time.monotonic()
        while time.monotonic() - quiet < seconds and time.monotonic() - end < 10:
            QApplication.processEvents()
            if self.app.tasks.active:
                quiet = time.monotonic()
            time.sleep(0.002)

    def open(self, form="", **params):
        self.window.go("form", **({"form": form} if form else {}), **params)
        self.settle(0.1)
        self.view.build_all()
        self.settle()
        return self

    def to(self, key):
        assert self.view.focus_key(key)
        self.settle(0.05)
        return self

    def focus(self):
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def say(self, text):
        """Words from an input method."""
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self.focus(), event)
        return self

    def type(self, text):
        QTest.keyClicks(self.focus(), text)
        return self

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier, times=1):
        for _n in range(times):
            self.keys += 1
            QTest.keyClick(self.focus(), key, modifier)
        return self

    def enter(self, times=1):
        return self.press(Key.Key_Return, times=times)

    def editor(self, key):
        return self.view.editor(key)

    def said(self, key):
        """Sentence under a field."""
        for view in self.view.sections:
            if key in view.boxes:
                box = view.boxes[key]
                return box._message.text() if box._message.isVisibleTo(box) and box._said[1] else ""
        return ""


def pages():
    return {"form": PAGE}
