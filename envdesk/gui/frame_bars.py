"""The bars above and below the page: search, operator, office; saved, undo, backup, holiday table."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import measure_key, paint_key
from envdesk.gui.labels import Elided, hairline, label
from envdesk.gui.menus import Menu
from envdesk.gui.search_box import SearchBox
from envdesk.gui.theme import Theme
from envdesk.gui.tips import set_tip
from envdesk.i18n import _

STATUS_ICON = 14
GAP = 6
LEAST_SEARCH, LEAST_OFFICE, MOST_OFFICE, MOST_OPERATOR = 180, 120, 320, 200


class Quiet(QPushButton):
    """Words with an icon before and a key or an arrow after them: the operator, an entry of the status bar."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        icon: str = "",
        key: str = "",
        role: str = "body",
        tone: str = "text",
        gives_way: bool = False,
    ) -> None:
        super().__init__(text)
        self._theme, self._icon, self._key, self._role, self._tone = theme, icon, key, role, tone
        self._hover = False
        self.gives_way = gives_way
        across = QSizePolicy.Policy.Maximum if gives_way else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setAccessibleName(text)

    def show_words(self, text: str, *, icon: str = "", tone: str = "") -> None:
        """Say something else."""
        self._icon, self._tone = icon or self._icon, tone or self._tone
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def _side(self) -> int:
        return self._theme.px(STATUS_ICON if self._role == "caption" else tokens.ICON)

    def _before(self) -> int:
        return self._side() + self._theme.px(GAP) if self._icon else 0

    def _words_wide(self) -> int:
        return self._theme.metrics(self._role).horizontalAdvance(self.text()) + 2

    def sizeHint(self) -> QSize:
        px = self._theme.px
        wide = self._words_wide() + self._before()
        wide += measure_key(self._theme, self._key).width() + px(GAP) if self._key else 0
        wide += px(tokens.ICON_SMALL) + px(GAP) if self.menu() else 0
        return QSize(wide, px(tokens.CHIP if self._role == "caption" else tokens.CONTROL))

    def minimumSizeHint(self) -> QSize:
        if self.gives_way:
            return QSize(self._theme.px(tokens.CONTROL), self.sizeHint().height())
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.showMenu() if self.menu() else self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self._hover = self.isEnabled()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, px = self._theme, self._theme.px
        ratio = self.devicePixelRatioF()
        tone = "text" if self._hover and self._tone == "soft" else self._tone
        x = 0
        if self._icon:
            side = self._side()
            size = STATUS_ICON if self._role == "caption" else tokens.ICON
            painter.drawPixmap(0, (self.height() - side) // 2, theme.pixmap(self._icon, tone, size, ratio))
            x = side + px(GAP)
        painter.setFont(theme.font(self._role))
        painter.setPen(theme.colour(tone))
        shown = self.text()
        if self.gives_way:
            room = self.width() - x - (self.sizeHint().width() - self._before() - self._words_wide())
            shown = theme.metrics(self._role).elidedText(shown, Qt.TextElideMode.ElideRight, room)
            set_tip(self, self.text() if shown != self.text() else "")
        painter.drawText(self.rect().adjusted(x, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), shown)
        x += theme.metrics(self._role).horizontalAdvance(shown) + px(GAP)
        if self._key:
            box = measure_key(theme, self._key)
            paint_key(
                painter, QRect(x, (self.height() - box.height()) // 2, box.width(), box.height()), self._key, theme
            )
            x += box.width() + px(GAP)
        if self.menu():
            side = px(tokens.ICON_SMALL)
            arrow = theme.pixmap("chevron-down", tone, tokens.ICON_SMALL, ratio)
            painter.drawPixmap(x, (self.height() - side) // 2 + 1, arrow)


class _Bar(QWidget):
    """A bar with a hairline at one edge."""

    def __init__(self, theme: Theme, height: float, ground: str, *, line_above: bool) -> None:
        super().__init__()
        self._theme, self._ground, self._above = theme, ground, line_above
        theme.fix(self, height=height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hair = self._theme.px(tokens.HAIR)
        painter.fillRect(self.rect(), self._theme.colour(self._ground))
        top = 0 if self._above else self.height() - hair
        painter.fillRect(QRect(0, top, self.width(), hair), self._theme.colour("line"))


class TopBar(_Bar):
    """Search, operator, office.

    Attributes:
        search: the search of the whole desk.
        operator: button whose menu is the user's.
    """

    def __init__(self, theme: Theme, *, operator: str, office: str, placeholder: str) -> None:
        super().__init__(theme, tokens.TOP, "paper", line_above=False)
        self.search = SearchBox(theme, placeholder)
        self.search.setAccessibleName(_("搜索"))
        self.operator = Quiet(theme, operator or _("未选操作人"), icon="user", gives_way=True)
        self.menu = Menu(theme, self.operator)
        self.operator.setMenu(self.menu)
        self.office = Elided(office, "soft")
        self.office.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.office.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._rule = hairline(theme, vertical=True)
        theme.fix(self._rule, width=tokens.HAIR, height=20)
        row = QHBoxLayout(self)
        theme.pad(row, (tokens.S5, 0, tokens.S5, 0), tokens.S4)
        row.addWidget(self.search)
        row.addStretch(1)
        row.addWidget(self.operator)
        row.addWidget(self._rule)
        row.addWidget(self.office)
        theme.changed.connect(self._fit)
        self._fit()

    def show_operator(self, name: str) -> None:
        """Say who works here now."""
        self.operator.show_words(name or _("未选操作人"))
        self._fit()

    def _fit(self) -> None:
        """Share the width: long names are cut, the search gives way, then the name of the office goes."""
        px = self._theme.px
        operator = min(self.operator.sizeHint().width(), px(MOST_OPERATOR))
        self.operator.setFixedWidth(operator)
        room = self.width() - 2 * px(tokens.S5) - operator - 3 * px(tokens.S4)
        full = self._theme.metrics("body").horizontalAdvance(self.office.text()) + px(tokens.S4)
        office = room - px(LEAST_SEARCH) >= min(full, px(LEAST_OFFICE))
        for widget in (self.office, self._rule):
            widget.setVisible(office)
        spare = room - (min(full, px(MOST_OFFICE)) if office else 0)
        self.office.setMaximumWidth(max(min(full, px(MOST_OFFICE), room - px(LEAST_SEARCH)), 1))
        self.search.setFixedWidth(max(min(px(tokens.SEARCH), spare), px(LEAST_SEARCH)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class StatusBar(_Bar):
    """What was saved and how to take it back at the left; standing facts (backup, holiday table) at the right."""

    def __init__(self, theme: Theme, undo: Callable[[], object]) -> None:
        super().__init__(theme, tokens.STATUS, "ground", line_above=True)
        self.said = Quiet(theme, "", icon="check", role="caption", tone="soft", gives_way=True)
        self.said.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.undo = Quiet(theme, _("撤销"), key="Ctrl+Z", role="caption", tone="soft")
        self.undo.clicked.connect(lambda: undo())  # noqa: PLW0108 - drops Qt's `checked`
        self._dot = label("·", "caption")
        self._facts: dict[str, Quiet] = {}
        self._right = QHBoxLayout()
        row = QHBoxLayout(self)
        theme.pad(self._right, spacing=tokens.S5)
        theme.pad(row, (tokens.S5, 0, tokens.S5, 0), GAP)
        row.addWidget(self.said)
        row.addWidget(self._dot)
        row.addWidget(self.undo)
        row.addStretch(1)
        row.addLayout(self._right)
        self.say("")

    def say(self, text: str, *, undo: bool = False, tone: str = "soft") -> None:
        """Show the last sentence, with 撤销 when it can be taken back."""
        self.said.show_words(text, icon="check" if tone == "soft" else "circle-alert", tone=tone)
        self.said.setVisible(bool(text))
        self._dot.setVisible(undo)
        self.undo.setVisible(undo)

    def set_fact(
        self, key: str, text: str, *, icon: str = "info", tone: str = "soft", on: Callable[[], object] | None = None
    ) -> None:
        """Show a standing fact at the right; "" takes it away, *on* makes it a button."""
        old = self._facts.pop(key, None)
        if old is not None:
            self._right.removeWidget(old)
            old.hide()
            old.deleteLater()
        if not text:
            return
        made = Quiet(self._theme, text, icon=icon, role="caption", tone=tone)
        if on is None:
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        else:
            made.clicked.connect(lambda: on())  # noqa: PLW0108 - drops Qt's `checked`
        self._facts[key] = made
        self._right.addWidget(made)
