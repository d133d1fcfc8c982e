"""Days, times and moments: typed as people type them, or picked in a calendar with F4."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from envdesk.formdef.model import Field
from envdesk.formdef.types import BadValue, parse, read_date, show
from envdesk.gui import tokens
from envdesk.gui.form.editor import ENTER, Editor, Env, editor_for
from envdesk.gui.form.line import Line
from envdesk.gui.form.popup import Popup
from envdesk.gui.form.texts import LineEditor
from envdesk.gui.theme import Theme
from envdesk.i18n import _

CELL, HEAD = 32, 36
WEEK = "一二三四五六日"


class Calendar(Popup):
    """A month under the field. Arrows move by day and week, PgUp/PgDn by month, T = today, Enter takes the day."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, under: QWidget) -> None:
        super().__init__(theme, under)
        self.day = date(2000, 1, 1)
        self.today = self.day
        self.last: date | None = None

    def open_at(self, day: date, today: date, last: date | None) -> None:
        """Show the month of *day*; days after *last* cannot be taken."""
        self.day, self.today, self.last = day, today, last
        self._place()
        self.show()
        self._watch()
        self.raise_()
        self.update()

    def _place(self) -> None:
        window, px = self._under.window(), self._theme.px
        if self.parentWidget() is not window:
            self.setParent(window)
        wide, high = 7 * px(CELL) + 2 * px(tokens.S2), px(HEAD) + 7 * px(CELL - 4) + 2 * px(tokens.S1)
        corner = self._under.mapTo(window, QPoint(0, self._under.height() + px(tokens.S1)))
        top = corner.y()
        if top + high > window.height() - px(tokens.S1):
            top = max(self._under.mapTo(window, QPoint(0, 0)).y() - high - px(tokens.S1), px(tokens.S1))
        left = max(px(tokens.S1), min(corner.x(), window.width() - wide - px(tokens.S1)))
        self.setGeometry(left, top, wide, high)

    # ---- days ----------------------------------------------------------------------------------------------------
    def _first(self) -> date:
        start = self.day.replace(day=1)
        return start - timedelta(days=start.weekday())

    def _cell(self, n: int) -> QRect:
        px = self._theme.px
        row, column = divmod(n, 7)
        top = px(tokens.S1) + px(HEAD) + (row + 1) * px(CELL - 4)
        return QRect(px(tokens.S2) + column * px(CELL), top, px(CELL), px(CELL - 4))

    def move_months(self, months: int) -> None:
        """Go to the same day of another month."""
        total = self.day.year * 12 + self.day.month - 1 + months
        year, month = divmod(total, 12)
        for last in (self.day.day, 30, 29, 28):
            try:
                self.day = date(year, month + 1, min(last, self.day.day))
                break
            except ValueError:
                continue
        self.update()

    def take_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        days = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        months = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if key in days:
            self.day += timedelta(days=days[Qt.Key(key)])
        elif key in months:
            self.move_months(months[Qt.Key(key)])
        elif key == Qt.Key.Key_T:
            self.day = self.today
        elif key in ENTER:
            self._take(self.day)
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_F4):
            self.hide()
        else:
            self.hide()
            return False
        self.update()
        return True

    def _take(self, day: date) -> None:
        if self.last is None or day <= self.last:
            self.hide()
            self.chosen.emit(day)

    def _arrows(self) -> tuple[QRect, QRect]:
        px = self._theme.px
        left = QRect(px(tokens.S2), px(tokens.S1), px(CELL), px(HEAD))
        return left, QRect(self.width() - px(tokens.S2) - px(CELL), px(tokens.S1), px(CELL), px(HEAD))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        before, after = self._arrows()
        if before.contains(point) or after.contains(point):
            self.move_months(-1 if before.contains(point) else 1)
            return
        for n in range(42):
            if self._cell(n).contains(point):
                self._take(self._first() + timedelta(days=n))
                return

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.move_months(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("paper"))
        painter.setPen(QPen(theme.colour("edge"), px(tokens.HAIR)))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
        ratio = self.devicePixelRatioF()
        for icon, box in zip(("chevron-left", "chevron-right"), self._arrows(), strict=True):
            drawn = theme.pixmap(icon, "soft", tokens.ICON, ratio)
            painter.drawPixmap(box.center().x() - px(8), box.center().y() - px(8), drawn)
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font("table", bold=True))
        head = QRect(0, px(tokens.S1), self.width(), px(HEAD))
        title = _("{year}年{month}月").format(year=self.day.year, month=self.day.month)
        painter.drawText(head, int(Qt.AlignmentFlag.AlignCenter), title)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour("soft"))
        for n, word in enumerate(WEEK):
            box = self._cell(n).translated(0, -px(CELL - 4))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), word)
        painter.setFont(theme.font("table"))
        for n in range(42):
            self._paint_day(painter, self._cell(n), self._first() + timedelta(days=n))

    def _paint_day(self, painter: QPainter, box: QRect, day: date) -> None:
        theme, px = self._theme, self._theme.px
        off = self.last is not None and day > self.last
        if day == self.day:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("green"))
            painter.drawRoundedRect(box.adjusted(px(2), px(1), -px(2), -px(1)), px(4), px(4))
        elif day == self.today:
            painter.setPen(QPen(theme.colour("green"), px(1)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(px(2), px(1), -px(2), -px(1)), px(4), px(4))
        ink = "on_green" if day == self.day else "edge" if off else "soft" if day.month != self.day.month else "text"
        painter.setPen(theme.colour(ink))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(day.day))


@editor_for("date", "datetime")
class DateEditor(LineEditor):
    """A day or moment. 20230605, 2023.6.5, 6-5 and 今天 are written out when the field is left."""

    kind = "date"

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field, icon="calendar")
        self.line.asked.connect(self.open_calendar)
        self.line.left.disconnect(self.settled)
        self.line.left.connect(self._leave)
        self.line.passed.disconnect(self.passed)
        self.line.passed.connect(self._pass)

    def placeholder(self) -> str:
        return _("年-月-日 时:分") if self.field.type == "datetime" else _("年-月-日")

    def open_calendar(self) -> None:
        """Show the month of the typed day."""
        if self.line.isReadOnly() or not self.isEnabled():
            return
        if self.line.popup is None:
            calendar = Calendar(self.env.theme, self.line)
            calendar.chosen.connect(self._chosen)
            self.line.popup = calendar
        today = self.env.clock.today()
        typed = read_date(self.line.text().strip()[:10], today) if self.line.text().strip() else None
        last = today if self.field.max == "today" else None
        popup = self.line.popup
        assert isinstance(popup, Calendar)  # noqa: S101 - made above
        if popup.isVisible():
            popup.hide()
        else:
            popup.open_at(typed or today, today, last)

    def is_at_rest(self) -> bool:
        return self.line.popup is None or not self.line.popup.isVisible()

    def _chosen(self, day: date) -> None:
        text = day.isoformat()
        if self.field.type == "datetime":
            clock = self.line.text().strip().partition(" ")[2] or self.env.clock.now().strftime("%H:%M")
            text = f"{text} {clock}"
        self.line.setText(text)
        self.say()

    def write_out(self) -> None:
        """Write a readable short form in full."""
        written = written_out(self.field, self.line.text(), self.env)
        if written != self.line.text():
            self.line.setText(written)
            self.changed.emit()

    def _leave(self) -> None:
        self.write_out()
        self.settled.emit()

    def _pass(self) -> None:
        self.write_out()
        self.passed.emit()


@editor_for("time")
class TimeEditor(DateEditor):
    """A time of day: 9:30, 0930, 9点30."""

    kind = "time"

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field)
        if self.line.mark is not None:
            self.line.mark.set_icon("clock")

    def placeholder(self) -> str:
        return _("时:分")

    def open_calendar(self) -> None:
        """F4 writes the time of now into an empty field."""
        if not self.line.text().strip():
            self.line.setText(self.env.clock.now().strftime("%H:%M"))
            self.say()


def written_out(field: Field, text: str, env: Env) -> str:
    """Return the full form of what was typed, the text itself when it cannot be read."""
    if not text.strip():
        return text
    try:
        return show(field, parse(field, text, env.reading), reveal=True)
    except BadValue:
        return text


__all__ = ["Calendar", "DateEditor", "Editor", "Line", "TimeEditor", "written_out"]
