"""In the place of the list while nothing was registered yet: the few forms one begins with, and a guide that goes along."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from envdesk.desk.registers import TITLES, group_of
from envdesk.formdef.model import Form
from envdesk.gui import tokens
from envdesk.gui.buttons import Link
from envdesk.gui.labels import label
from envdesk.gui.rail import GROUPS
from envdesk.gui.section import row, scrolled
from envdesk.gui.theme import Theme
from envdesk.gui.tips import set_tip
from envdesk.gui.today.cells import Cell, rove
from envdesk.gui.today.side import clear
from envdesk.i18n import _

if TYPE_CHECKING:
    from envdesk.present.today import DraftLine

WIDE, HIGH, SQUARE = 520, 56, 32
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class OfferCell(Cell):
    """工地扬尘巡查 | 出动情况、检查对象、六个100%…; Enter begins one."""

    def __init__(self, theme: Theme, icon: str, title: str, about: str) -> None:
        super().__init__(theme)
        self._icon, self._about = icon, about
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(about)
        set_tip(self, f"{title}\n{about}")

    def sizeHint(self) -> QSize:
        return self._theme.size(WIDE // 2, HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, px = QPainter(self), self._theme, self._theme.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius, half = px(tokens.RADIUS), px(tokens.HAIR) / 2
        painter.setPen(QPen(theme.colour("green" if self.hasFocus() or self.hovered else "line"), px(tokens.HAIR)))
        painter.setBrush(theme.colour("hover" if self.hovered else "paper"))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(half, half, -half, -half), radius, radius)
        square = QRect(px(tokens.S3), (self.height() - px(SQUARE)) // 2, px(SQUARE), px(SQUARE))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("green_tint"))
        painter.drawRoundedRect(square, radius, radius)
        ratio, side = self.devicePixelRatioF(), px(tokens.ICON)
        inset = (square.width() - side) // 2
        drawn = theme.pixmap(self._icon, "green", tokens.ICON, ratio)
        painter.drawPixmap(square.left() + inset, square.top() + inset, drawn)
        end = self.width() - px(tokens.S3) - side
        painter.drawPixmap(end, (self.height() - side) // 2, theme.pixmap("chevron-right", "soft", tokens.ICON, ratio))
        left = square.right() + px(tokens.S3)
        upper = QRect(left, px(tokens.S2), end - px(tokens.S2) - left, self.height() // 2 - px(tokens.S2))
        lower = QRect(left, self.height() // 2, upper.width(), upper.height())
        for room, role, ink, words in ((upper, "body", "text", self.text()), (lower, "caption", "soft", self._about)):
            bold = role == "body"
            painter.setFont(theme.font(role, bold=bold))
            painter.setPen(theme.colour(ink))
            shown = theme.metrics(role, bold=bold).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, _LEFT, shown)


class Welcome(QWidget):
    """The choice.

    Args:
        theme: colours and sizes.
        forms: what is offered.
        more: words and function of the link to the other forms.
        lists: words and function of the link to the list of subjects.

    Signals:
        chosen: id of a form to begin; ``resumed``: id of a draft to go on with.
        left: Esc; nothing is to be begun now.
    """

    chosen = Signal(str)
    resumed = Signal(str)
    left = Signal()

    def __init__(
        self,
        theme: Theme,
        forms: Sequence[Form],
        more: tuple[str, Callable[[], object]],
        lists: tuple[str, Callable[[], object]],
    ) -> None:
        super().__init__()
        self.forms = forms
        self.cells: list[OfferCell] = []
        self._offers = QVBoxLayout()
        theme.pad(self._offers, spacing=tokens.S2)
        self.title, self.words = label("", "section"), label("", "table", tone="grey", wrap=True)
        self.more, self.lists = Link(theme, *more), Link(theme, *lists)
        inner, body, outer = QWidget(), QWidget(), QVBoxLayout(self)
        body.setMaximumWidth(theme.px(WIDE))
        self._body, self._theme = body, theme
        theme.changed.connect(self._rescale)
        theme.pad(outer)
        self._area = scrolled(inner, kind="clear")
        outer.addWidget(self._area)
        across = row(theme, None, body, None)
        across.setStretchFactor(body, 100)
        middle = QVBoxLayout(inner)
        theme.pad(middle, (tokens.S4, tokens.S4, tokens.S4, tokens.S4))
        middle.addStretch(1)
        middle.addLayout(across)
        middle.addStretch(2)
        column = QVBoxLayout(body)
        theme.pad(column, spacing=tokens.S2)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addSpacing(theme.px(tokens.S1))
        column.addLayout(self._offers)
        column.addLayout(row(theme, self.more, self.lists, None, spacing=tokens.S4))

    def _rescale(self) -> None:
        self._body.setMaximumWidth(self._theme.px(WIDE))

    def fill(self, drafts: Sequence[DraftLine], *, first: bool, guided: bool) -> None:
        """Say what is offered.

        Args:
            drafts: what was begun and not saved comes before anything new.
            first: nothing was registered here yet.
            guided: a guide goes along.
        """
        clear(self._offers)
        self.cells = []
        for draft in drafts[:1]:
            title = _("接着填：{title}").format(title=" · ".join(t for t in (draft.title, draft.about) if t))
            self._add("pencil", title, draft.words, partial(self.resumed.emit, draft.id))
        for form in self.forms:
            about = form.help or "、".join(section.title for section in form.sections)
            icon = GROUPS[TITLES[group_of(form)]]
            self._add(icon, form.title, about, partial(self.chosen.emit, form.id))
        rove(self.cells)
        self.title.setText(_("登记第一件事") if first else _("跟着引导登记一件"))
        along = _("选一样按 Enter，边填边有提示；填到一半离开也不会丢，回来接着填。")
        self.words.setText(along if guided else _("选一样按 Enter 开始填；填到一半离开也不会丢，回来接着填。"))

    def _add(self, icon: str, title: str, about: str, on: Callable[[], object]) -> None:
        cell = OfferCell(self._theme, icon, title, about)
        cell.clicked.connect(lambda _on=False: on())
        cell.moved.connect(lambda _by: self._area.ensureWidgetVisible(cell))
        self._offers.addWidget(cell)
        cell.show()  # at once: what is not seen yet does not take the focus
        self.cells.append(cell)

    def first(self) -> QWidget:
        """What takes the keys: the first form."""
        return self.cells[0] if self.cells else self.more

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)
