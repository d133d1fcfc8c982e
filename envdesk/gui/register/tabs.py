"""The forms of a group as words with a line under the one shown; those that do not fit are in a menu at the end."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.menus import Menu
from envdesk.gui.theme import Theme
from envdesk.i18n import _

GAP, LINE = 20, 2


class FormTabs(QWidget):
    """One stop of the Tab key; ← → Home End choose.

    Signals:
        chosen: id of the form the user chose.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._items: tuple[tuple[str, str], ...] = ()
        self._shown: list[int] = []
        self._hover = -1
        self.value = ""
        self._menu = Menu(theme, self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.more = Button(theme, _("更多"), kind="quiet", row=True, menu=self._menu, parent=self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("表"))
        theme.fix(self, height=tokens.PANEL_HEAD)
        theme.changed.connect(self._place)

    def show_items(self, items: Sequence[tuple[str, str]], value: str) -> None:
        """Offer (id, title) pairs; one is shown."""
        self._items, self.value = tuple(items), value
        self._place()

    def step(self, by: int) -> None:
        """Choose the next or the one before."""
        ids = [i for i, _title in self._items]
        if self.value in ids:
            self._choose(ids[(ids.index(self.value) + by) % len(ids)])

    def _choose(self, value: str) -> None:
        if value != self.value:
            self.value = value
            self._place()
            self.chosen.emit(value)

    # ---- where they stand ----------------------------------------------------------------------------------------
    def _wide(self, n: int) -> int:
        bold = self._items[n][0] == self.value
        return self._theme.metrics("body", bold=bold).horizontalAdvance(self._items[n][1])

    def _place(self) -> None:
        px = self._theme.px
        self.setAccessibleDescription(next((t for i, t in self._items if i == self.value), ""))
        room = self.width() - 2 * px(tokens.S5)
        widths = [self._wide(n) + px(GAP) for n in range(len(self._items))]
        here = next((n for n, (i, _t) in enumerate(self._items) if i == self.value), 0)
        shown = list(range(len(self._items)))
        if sum(widths) > room:
            room -= self.more.sizeHint().width()
            shown = []
            used = widths[here] if widths else 0
            for n, wide in enumerate(widths):
                if n == here:
                    shown.append(n)
                elif used + wide <= room:
                    used += wide
                    shown.append(n)
                elif n > here:
                    break
            if here not in shown:
                shown.append(here)
        self._shown = shown
        self.more.setVisible(len(shown) < len(self._items))
        size = self.more.sizeHint()
        end = sum(widths[n] for n in shown) + px(tokens.S5)
        self.more.setGeometry(end - px(tokens.S2), (self.height() - size.height()) // 2, size.width(), size.height())
        self.update()

    def _cells(self) -> list[tuple[int, QRect]]:
        x, out = self._theme.px(tokens.S5), []
        for n in self._shown:
            wide = self._wide(n)
            out.append((n, QRect(x, 0, wide, self.height())))
            x += wide + self._theme.px(GAP)
        return out

    def _at(self, event: QMouseEvent) -> int:
        half = self._theme.px(GAP) // 2
        spot = event.position().toPoint()
        return next((n for n, cell in self._cells() if cell.adjusted(-half, 0, half, 0).contains(spot)), -1)

    def _fill_menu(self) -> None:
        self._menu.clear()
        for n, (ident, title) in enumerate(self._items):
            if n not in self._shown:
                self._menu.addAction(title).triggered.connect(lambda _on=False, i=ident: self._choose(i))

    # ---- events --------------------------------------------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def sizeHint(self) -> QSize:
        return self._theme.size(200, tokens.PANEL_HEAD)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        n = self._at(event)
        if n >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._items[n][0])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.step(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._items:
            self._choose(self._items[0 if key == Qt.Key.Key_Home else -1][0])
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        for n, cell in self._cells():
            ident, title = self._items[n]
            on = ident == self.value
            painter.setFont(theme.font("body", bold=on))
            painter.setPen(theme.colour("green" if on else "text" if n == self._hover else "soft"))
            painter.drawText(cell, int(Qt.AlignmentFlag.AlignVCenter), title)
            if on:
                high = theme.px(LINE)
                painter.fillRect(cell.left(), self.height() - high, cell.width(), high, theme.colour("green"))
