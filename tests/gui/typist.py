"""Hands that only press keys: what a clerk without a mouse can do in the window, and nothing else.

Chinese words arrive as an input method sends them, in one piece. What is looked at (which field has the focus, whether a
list is open) is what the clerk sees; nothing is set but by a key.
"""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

Key, Mod = Qt.Key, Qt.KeyboardModifier
Ctrl, Alt, Shift, Plain = Mod.ControlModifier, Mod.AltModifier, Mod.ShiftModifier, Mod.NoModifier


class Typist:
    """Presses keys where the focus is.

    Attributes:
        keys: keys pressed that are no content.
    """

    def __init__(self, app):
        self.app, self.window, self.keys = app, app.window, 0

    # ---- looking -------------------------------------------------------------------------------------------------
    @property
    def page(self):
        return self.window.page

    @property
    def view(self):
        return self.page.view

    @property
    def here(self):
        """Key of the field with the focus."""
        return self.view.current_key()

    def rest(self, seconds=0.06):
        """Wait until nothing is read any more."""
        quiet = start = time.monotonic()
        while time.monotonic() - quiet < seconds and time.monotonic() - start < 30:
            QApplication.processEvents()
            if self.app.tasks.active:
                quiet = time.monotonic()
            time.sleep(0.002)
        return self

    def until(self, seen, seconds=20):
        """Wait until the clerk sees something."""
        end = time.monotonic() + seconds
        while not seen():
            assert time.monotonic() < end, "it did not come"
            QApplication.processEvents()
            time.sleep(0.002)
        return self

    # ---- keys ----------------------------------------------------------------------------------------------------
    def _focus(self):
        return QApplication.activePopupWidget() or QApplication.focusWidget() or self.window

    def press(self, key, held=Plain, times=1):
        for _n in range(times):
            self.keys += 1
            menu = QApplication.activePopupWidget()
            QTest.keyClick(self._focus(), key, held)
            if menu is not None and not menu.isVisible():
                self._back_to_window()
        return self

    def _back_to_window(self):
        """What the window system does when a menu closes, and the offscreen one does not."""
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)

    def enter(self, times=1):
        return self.press(Key.Key_Return, times=times)

    def say(self, text):
        """Content: ASCII as keys, other words as an input method sends them."""
        if text.isascii():
            QTest.keyClicks(self._focus(), text)
        else:
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(self._focus(), event)
        return self

    # ---- going ---------------------------------------------------------------------------------------------------
    def open(self, name):
        """Ctrl+K, the name of a page, Enter."""
        self.press(Key.Key_K, Ctrl).say(name)
        self.until(self.window.top.search.list.isVisible).rest()
        return self.enter().rest()

    def to(self, key):
        """Go to a field: Alt+↓ to its section, Enter (Tab in long text) to it."""
        for _n in range(80):
            if self.here == key:
                return self
            target, now = self.view.section_of(key), self.view.section_of(self.here)
            if target is not now and self.view.sections.index(target) > self.view.sections.index(now):
                self.press(Key.Key_Down, Alt)
            else:
                self.press(Key.Key_Tab if isinstance(self._focus(), QPlainTextEdit) else Key.Key_Return)
            QApplication.processEvents()
        raise AssertionError(f"{key} cannot be reached from {self.here}")

    def fill(self, key, text):
        """Go to a field and type into it."""
        return self.to(key).say(text)

    def pick(self, key, text):
        """Go to a field with a list, type a part and take the line that is offered."""
        self.to(key).say(text)
        editor = self.view.editor(key)
        popup = editor.popup if hasattr(editor, "popup") else editor._popup
        self.until(popup.isVisible).rest()
        return self.enter()

    def save(self, *, new=True):
        """Ctrl+Enter (or Ctrl+S); once more where something has to be confirmed."""
        key, session = Key.Key_Return if new else Key.Key_S, self.page.session
        for _n in range(2):
            self.press(key, Ctrl).rest(0.1)
            if self.page.session is not session or self.page.session.rec:
                break
        assert self.page.session is not session, [p for found in self.view.found.values() for p in found]
        return self
