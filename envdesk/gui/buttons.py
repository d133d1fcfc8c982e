"""Buttons and painted key hints.

A button's text is what it does; its key is painted beside it, so that a screen reader hears text and shortcut apart.
One green button per place of work: kind ``primary``.
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.labels import key_names
from envdesk.gui.theme import Theme

#: kind -> (words, ground, border, ground under the pointer); "" = none.
KINDS: dict[str, tuple[str, str, str, str]] = {
    "primary": ("on_green", "green", "green", "green_hover"),
    "plain": ("text", "paper", "mute", "hover"),
    "quiet": ("green", "", "", "hover"),
    "faint": ("soft", "", "", "hover"),
    "danger": ("red", "paper", "red", "red_tint"),
}
SIDE, GAP, KEY_SIDE = 14, 6, 5


def measure_key(theme: Theme, key: str) -> QSize:
    """Return the size of a painted key hint."""
    return QSize(theme.metrics("key").horizontalAdvance(key) + 2 * theme.px(KEY_SIDE), theme.px(tokens.KEY))


def paint_key(painter: QPainter, rect: QRect, key: str, theme: Theme, *, ink: str = "soft", edge: str = "line") -> None:
    """Draw a key hint filling *rect*; ``edge`` = "line" gives it the ground too."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(edge), tokens.HAIR))
    painter.setBrush(theme.colour("ground") if edge == "line" else Qt.BrushStyle.NoBrush)
    radius = theme.px(tokens.RADIUS_BOX)
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setPen(theme.colour(ink))
    painter.setFont(theme.font("key"))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), key)
    painter.restore()


class Button(QPushButton):
    """A button with an icon and a painted key hint.

    Args:
        theme: colours and sizes.
        text: a verb ("保存", "登记整改").
        on: called when pressed.
        kind: primary, plain, quiet, faint, danger.
        icon: name in resources/icons.
        key: the key that does the same, as in QKeySequence ("Ctrl+S"); painted only, the page binds it.
        row: the small one that stands inside a row.
        menu: opened by the button; it shows a small arrow.
    """

    def __init__(  # noqa: PLR0913 - what a button is
        self,
        theme: Theme,
        text: str,
        on: Callable[[], object] | None = None,
        *,
        kind: str = "plain",
        icon: str = "",
        key: str = "",
        row: bool = False,
        menu: QMenu | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon = icon
        self._row = row
        self._hover = False
        self._tight = 0
        self.key = key
        self.kind = kind
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        if key:
            self.setAccessibleDescription(key)
        if menu is not None:
            self.setMenu(menu)
        if on is not None:
            self.clicked.connect(lambda: on())  # noqa: PLW0108 - drops Qt's `checked`

    def set_kind(self, kind: str) -> None:
        """Change the kind (the button of the current row is primary)."""
        if kind != self.kind:
            self.kind = kind
            self.update()

    def set_text(self, text: str) -> None:
        """Change what it says."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def set_tight(self, level: int) -> None:
        """Need less room: 1 leaves the key out, 2 also the words of a button with an icon (they are its tool tip then)."""
        if level != self._tight:
            self._tight = level
            self.setToolTip(self.text() if self._words() != self.text() else "")
            self.updateGeometry()
            self.update()

    def _words(self) -> str:
        return "" if self._tight > 1 and self._icon and self.kind != "primary" else self.text()

    def _shown_key(self) -> str:
        return key_names(self.key) if self.key and not self._tight else ""

    def _role(self) -> str:
        return "table" if self._row else "body"

    def _parts(self) -> tuple[int, int, int, int]:
        """Widths of icon, text, key and arrow, 0 = not there."""
        px = self._theme.px
        metrics = self._theme.metrics(self._role(), bold=self.kind == "primary")
        key = measure_key(self._theme, self._shown_key()).width() if self._shown_key() else 0
        arrow = px(tokens.ICON_SMALL) if self.menu() else 0
        return px(tokens.ICON) if self._icon else 0, metrics.horizontalAdvance(self._words()), key, arrow

    def sizeHint(self) -> QSize:
        px = self._theme.px
        parts = [p for p in self._parts() if p]
        side = 10 if self._row else tokens.S2 if self.kind in ("quiet", "faint") else SIDE
        width = sum(parts) + px(GAP) * (len(parts) - 1) + 2 * px(side)
        return QSize(width, px(tokens.CONTROL_ROW if self._row else tokens.CONTROL))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # Space is Qt's; a clerk presses Enter
            self.showMenu() if self.menu() else self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_button(
            painter, self.rect(), self._theme, self._words(), kind=self.kind, icon=self._icon,
            key=self._shown_key(), row=self._row, arrow=self.menu() is not None,
            hover=self._hover or self.isDown(), enabled=self.isEnabled(),
        )  # fmt: skip


def tighten(buttons: Sequence[Button], room: int, spacing: int, levels: Sequence[int] = (0, 1, 2)) -> bool:
    """Let buttons beside each other fit into *room*: first without their keys, then without words; tell whether they do."""
    for level in levels:
        for button in buttons:
            button.set_tight(level)
        if sum(b.sizeHint().width() + spacing for b in buttons) <= room:
            return True
    return False


def paint_button(  # noqa: PLR0913 - delegates draw it too
    painter: QPainter,
    rect: QRect,
    theme: Theme,
    text: str,
    *,
    kind: str = "plain",
    icon: str = "",
    key: str = "",
    row: bool = True,
    arrow: bool = False,
    hover: bool = False,
    enabled: bool = True,
) -> None:
    """Draw a button filling *rect*."""
    px = theme.px
    ink, ground, border, under = KINDS[kind]
    if not enabled:
        ink, ground, border, under = "soft", "ground" if border else "", "line" if border else "", ""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    face = under if hover and under else ground
    edge = under if hover and kind == "primary" and enabled else border
    painter.setPen(QPen(theme.colour(edge), px(tokens.HAIR)) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(face) if face else Qt.BrushStyle.NoBrush)
    half = px(tokens.HAIR) / 2
    painter.drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), px(tokens.RADIUS), px(tokens.RADIUS))

    role = "table" if row else "body"
    bold = kind == "primary" and enabled
    metrics = theme.metrics(role, bold=bold)
    widths = [
        px(tokens.ICON) if icon else 0, metrics.horizontalAdvance(text), measure_key(theme, key).width() if key else 0,
        px(tokens.ICON_SMALL) if arrow else 0,
    ]  # fmt: skip
    shown = [w for w in widths if w]
    x = rect.left() + (rect.width() - sum(shown) - px(GAP) * (len(shown) - 1)) // 2
    x = max(x, rect.left() + px(GAP))
    middle = rect.center().y() + 1
    tint = {"plain": "soft"}.get(kind, ink) if enabled else "mute"
    ratio = painter.device().devicePixelRatioF()
    if icon:
        painter.drawPixmap(x, middle - px(tokens.ICON) // 2, theme.pixmap(icon, tint, tokens.ICON, ratio))
        x += widths[0] + px(GAP)
    painter.setPen(theme.colour(ink))
    painter.setFont(theme.font(role, bold=bold))
    room = QRect(x, rect.top(), min(widths[1], rect.right() - x), rect.height())
    painter.drawText(
        room, int(Qt.AlignmentFlag.AlignVCenter), metrics.elidedText(text, Qt.TextElideMode.ElideRight, widths[1] + 1)
    )
    x += widths[1] + px(GAP)
    if key:
        box = QRect(x, middle - px(tokens.KEY) // 2, widths[2], px(tokens.KEY))
        hint = ("on_green", "on_green") if kind == "primary" and enabled else ("soft", "line")
        paint_key(painter, box, key, theme, ink=hint[0], edge=hint[1])
        x += widths[2] + px(GAP)
    if arrow:
        painter.drawPixmap(
            x, middle - px(tokens.ICON_SMALL) // 2, theme.pixmap("chevron-down", tint, tokens.ICON_SMALL, ratio)
        )
    painter.restore()


class KeyHint(QWidget):
    """Keys and what they do, as on the foot of a list: ``KeyHint(theme, ("Up", "Down"), "选择")``."""

    def __init__(self, theme: Theme, keys: tuple[str, ...], words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._keys = tuple(key_names(k) for k in keys)
        self._words = words
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{' '.join(self._keys)} {words}".strip())

    def sizeHint(self) -> QSize:
        gap = self._theme.px(tokens.S1)
        width = sum(measure_key(self._theme, k).width() + gap for k in self._keys)
        width += self._theme.metrics("caption").horizontalAdvance(self._words) + 1 if self._words else -gap
        return QSize(width, self._theme.px(tokens.KEY))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x, gap = 0, self._theme.px(tokens.S1)
        for key in self._keys:
            size = measure_key(self._theme, key)
            paint_key(painter, QRect(x, 0, size.width(), size.height()), key, self._theme)
            x += size.width() + gap
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.colour("soft"))
        painter.drawText(self.rect().adjusted(x, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), self._words)


class Link(QPushButton):
    """Words with a line under them that do something, beside a button or in a sentence."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        on: Callable[[], object] | None = None,
        *,
        ink: str = "green",
        role: str = "table",
    ) -> None:
        super().__init__(text)
        self._theme, self._ink, self._role = theme, ink, role
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if on is not None:
            self.clicked.connect(lambda: on())  # noqa: PLW0108 - drops Qt's `checked`

    def set_ink(self, ink: str) -> None:
        """Change the colour of the words."""
        self._ink = ink
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self._theme.metrics(self._role)
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height() + 2 * self._theme.px(tokens.S1))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour(self._ink)
        painter.setPen(QPen(colour, self._theme.px(tokens.HAIR)))
        painter.setFont(self._theme.font(self._role))
        metrics = self._theme.metrics(self._role)
        base = (self.height() + metrics.ascent() - metrics.descent()) // 2
        painter.drawText(0, base, self.text())
        under = base + self._theme.px(3)
        painter.drawLine(0, under, metrics.horizontalAdvance(self.text()), under)
