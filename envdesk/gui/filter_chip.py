"""A filter as a chip: grey when it lets everything through, tinted with its words and an × when it is set.

And the one over 今日 that shows its list as it will be on a later day.
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from envdesk.clock import Clock
from envdesk.gui import tokens
from envdesk.gui.menus import Menu
from envdesk.gui.theme import Theme
from envdesk.i18n import _

if TYPE_CHECKING:
    from envdesk.gui.form.dates import Calendar

SIDE, GAP = 10, 6


class FilterChip(QPushButton):
    """A filter. Enter, Space, F4 or ↓ opens its menu; Backspace or Delete takes it away.

    Args:
        theme: colours and sizes.
        name: what it filters ("状态").
        menu: its choices; the page fills it (``aboutToShow``) and calls :meth:`set_words` with what was chosen.
        add: the dashed one that adds another filter ("条件").

    Signals:
        cleared: the user took the filter away; the words are empty already.
    """

    cleared = Signal()

    def __init__(
        self, theme: Theme, name: str, menu: QMenu | None = None, *, add: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._name, self._add, self._words, self._hover = theme, name, add, "", False
        self._menu = menu
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.clicked.connect(self.open_menu)
        self._describe()

    @property
    def name(self) -> str:
        """What it filters."""
        return self._name

    @property
    def words(self) -> str:
        """What is chosen, as shown; "" when nothing is."""
        return self._words

    def set_words(self, words: str) -> None:
        """Show what is chosen ("12345、转办"); "" = the filter is not set."""
        self._words = words
        self._describe()
        self.updateGeometry()
        self.update()

    def set_name(self, name: str) -> None:
        """Filter by another value: the same key is called otherwise in another list."""
        if name != self._name:
            self._name = name
            self._describe()
            self.updateGeometry()
            self.update()

    def set_menu(self, menu: QMenu) -> None:
        """Give it its choices."""
        self._menu = menu

    def clear(self) -> None:
        """Take the filter away and tell."""
        if self._words:
            self.set_words("")
            self.cleared.emit()

    def open_menu(self) -> None:
        """Show the choices under the chip."""
        if self._menu is not None:
            self._menu.setMinimumWidth(self.width())
            self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + self._theme.px(tokens.S1))))

    def _describe(self) -> None:
        self.setAccessibleName(_("筛选：{name}").format(name=self._name))
        self.setAccessibleDescription(self._words)

    def _shown(self) -> str:
        return f"{self._name}：{self._words}" if self._words else self._name

    def _cross(self) -> QRect:
        wide = self._theme.px(tokens.ICON_SMALL + SIDE + GAP)
        return QRect(self.width() - wide, 0, wide, self.height())

    def sizeHint(self) -> QSize:
        px = self._theme.px
        wide = self._theme.metrics("table").horizontalAdvance(self._shown())
        return QSize(wide + px(tokens.ICON_SMALL) + px(GAP) + 2 * px(SIDE), px(tokens.CONTROL))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._words and self._cross().contains(event.position().toPoint()):
            self.clear()
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.clear()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F4, Qt.Key.Key_Down):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self._hover = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        on = bool(self._words)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = Qt.PenStyle.DashLine if self._add else Qt.PenStyle.SolidLine
        painter.setPen(QPen(theme.colour("green" if on else "edge"), px(tokens.HAIR), line))
        painter.setBrush(theme.colour("green_tint" if on else "hover" if self._hover else "paper"))
        half = px(tokens.HAIR) / 2
        frame = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(frame, px(tokens.RADIUS), px(tokens.RADIUS))
        ink = "green" if on else "soft" if self._add else "text"
        size, ratio = px(tokens.ICON_SMALL), self.devicePixelRatioF()
        middle = self.rect().center().y() + 1 - size // 2
        icon = "x" if on else "plus" if self._add else "chevron-down"
        drawn = theme.pixmap(icon, "green" if on else "soft", tokens.ICON_SMALL, ratio)
        x = px(SIDE)
        if self._add:
            painter.drawPixmap(x, middle, drawn)
            x += size + px(GAP)
        else:
            painter.drawPixmap(self.width() - px(SIDE) - size, middle, drawn)
        painter.setPen(theme.colour(ink))
        painter.setFont(theme.font("table"))
        painter.drawText(self.rect().adjusted(x, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), self._shown())


class DayChip(FilterChip):
    """← → go from day to day, Enter offers days, Backspace or × goes back to today.

    Signals:
        asked: the day to show, None = today.
    """

    asked = Signal(object)

    def __init__(self, theme: Theme, clock: Clock) -> None:
        super().__init__(theme, _("提前看"))
        self._theme, self._clock = theme, clock
        self.day: date | None = None
        self.menu_of_days = Menu(theme, self)
        self._calendar: Calendar | None = None
        self.cleared.connect(lambda: self.go_to(None))
        self.setToolTip(_("到那天还没办的，有哪些到期、哪些已经超期"))

    def go_to(self, day: date | None) -> None:
        """Show another day; today and what is before it are today."""
        before = self.day
        self.show_day(day)
        if self.day != before:
            self.asked.emit(self.day)

    def step(self, days: int) -> None:
        """Go some days on, or back."""
        self.go_to((self.day or self._clock.today()) + timedelta(days=days))

    def show_day(self, day: date | None) -> None:
        """Stand on another day without asking for it; one that has come meanwhile is today."""
        self.day = day if day is not None and day > self._clock.today() else None
        self._write()

    def _write(self) -> None:
        if self.day is None:
            self.set_words("")
            return
        from envdesk.present.today.ahead import short  # a start shows today

        self.set_words(short(self.day))

    def open_menu(self) -> None:
        from envdesk.present.today.ahead import days

        menu = self.menu_of_days
        menu.clear()
        for title, day in days(self._clock.today()):
            menu.addAction(title).triggered.connect(partial(self._picked, day))
        menu.addAction(_("选日期…")).triggered.connect(self.open_calendar)
        if self.day is not None:
            menu.addSeparator()
            menu.addAction(_("回到今天")).triggered.connect(lambda: self.go_to(None))
        menu.under(self)

    def _picked(self, day: date, _on: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's `checked`
        self.go_to(day)

    def open_calendar(self) -> None:
        """Offer a month of days."""
        from envdesk.gui.form.dates import Calendar  # the editors of forms: more than a start needs

        if self._calendar is None:
            self._calendar = Calendar(self._theme, self)
            self._calendar.chosen.connect(self.go_to)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        today = self._clock.today()
        self._calendar.open_at(self.day or today + timedelta(days=1), today, None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if self._calendar is not None and self._calendar.isVisible():
            self._calendar.take_key(event)
        elif step:
            self.step(step)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self._calendar is not None:
            self._calendar.hide()
        super().focusOutEvent(event)
