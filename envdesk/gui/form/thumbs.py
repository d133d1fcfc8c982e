"""Thumbnails in a row that wraps, with a dashed place to add more. One Tab stop; arrows move in it."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.form.editor import ENTER
from envdesk.gui.theme import Theme
from envdesk.gui.tips import set_tip
from envdesk.i18n import _, plural


class Thumb(QWidget):
    """One picture or document."""

    SIZE, SMALL = (88, 66), (66, 48)

    def __init__(self, theme: Theme, parent: Thumbs) -> None:
        super().__init__(parent)
        self._theme, self._words, self._image, self._missing = theme, "", QImage(), False
        self.sha256 = self.name = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.icon = parent.icon

    def set_words(self, words: str, name: str) -> None:
        """Change what is said under it."""
        self._words, self.name = words, name
        set_tip(self, name)
        self.setAccessibleName(" ".join(t for t in (words, name) if t))
        self.update()

    def set_picture(self, image: QImage | None) -> None:
        """Show a picture; None when its file is missing or broken."""
        self._missing = image is None
        self._image = image or QImage()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()), px(4), px(4))
        painter.setClipPath(frame)
        painter.fillRect(self.rect(), theme.colour("hover"))
        if not self._image.isNull():
            scaled = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
            box = QRect(0, 0, scaled.width(), scaled.height())
            box.moveCenter(self.rect().center())
            painter.drawImage(box, self._image)
        else:
            icon = "circle-alert" if self._missing else {"camera": "image"}.get(self.icon, "file-text")
            size = px(tokens.ICON)
            drawn = theme.pixmap(icon, "red" if self._missing else "soft", tokens.ICON, self.devicePixelRatioF())
            painter.drawPixmap((self.width() - size) // 2, (self.height() - size) // 2 - px(6), drawn)
        words = _("文件不见了") if self._missing else self._words
        if words:
            strip = QRect(0, self.height() - px(16), self.width(), px(16))
            painter.fillRect(strip, theme.colour("text"))
            painter.setPen(theme.colour("paper"))
            painter.setFont(theme.font("key"))
            room = strip.adjusted(px(4), 0, -px(4), 0)
            shown = theme.metrics("key").elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter), shown)


class Thumbs(QWidget):
    """Thumbnails and the place to add. ← → move, Enter adds or moves on, Delete removes, Ctrl+V pastes.

    Signals:
        added: the place to add was pressed.
        removed: index of the one to take away.
        current_changed: index, len = the place to add.
        pasted: mime data.
        passed: Enter on a thumbnail.
    """

    added = Signal()
    removed = Signal(int)
    current_changed = Signal(int)
    pasted = Signal(object)
    passed = Signal()

    def __init__(self, theme: Theme, add: str, icon: str, *, small: bool = False) -> None:
        super().__init__()
        self._theme, self._add, self.icon = theme, add, icon
        self._size = Thumb.SMALL if small else Thumb.SIZE
        self._items: list[Thumb] = []
        self.current = 0
        self._waiting, self._dropping = 0, False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", "own")
        self.setAccessibleDescription(_("方向键移动，Enter 添加，Delete 删除"))

    def show_items(self, words: Sequence[tuple[str, str]]) -> list[Thumb]:
        """Show so many, with words and name each; returns their widgets."""
        while len(self._items) > len(words):
            self._items.pop().deleteLater()
        while len(self._items) < len(words):
            made = Thumb(self._theme, self)
            made.setFixedSize(self._theme.size(*self._size))
            made.show()
            self._items.append(made)
        for thumb, (text, name) in zip(self._items, words, strict=True):
            thumb.set_words(text, name)
        self.current = min(self.current, len(words)) if words and not self.hasFocus() else len(words)
        self._place()
        self.updateGeometry()
        return self._items

    def set_words(self, index: int, words: str) -> None:
        """Change the words of one."""
        self._items[index].set_words(words, self._items[index].name)

    def set_waiting(self, count: int) -> None:
        """Say that so many are being taken in."""
        self._waiting = count
        self.update()

    def set_dropping(self, *, dropping: bool) -> None:
        """Show that something would be dropped here."""
        self._dropping = dropping
        self.update()

    # ---- places --------------------------------------------------------------------------------------------------
    def _boxes(self, width: int) -> list[QRect]:
        size, gap = self._theme.size(*self._size), self._theme.px(tokens.S2)
        across = max(1, (width + gap) // (size.width() + gap))
        out = []
        for n in range(len(self._items) + 1):
            line, column = divmod(n, across)
            out.append(
                QRect(column * (size.width() + gap) + 2, line * (size.height() + gap) + 2, size.width(), size.height())
            )
        return out

    def _place(self) -> None:
        for thumb, box in zip(self._items, self._boxes(self.width()), strict=False):
            thumb.setGeometry(box)
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._boxes(width)[-1].bottom() + 3

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self.heightForWidth(max(self.width(), self._theme.px(200))))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(self._size[0]), self.heightForWidth(max(self.width(), self._theme.px(200))))

    def resizeEvent(self, event: object) -> None:
        self._place()
        self.updateGeometry()

    # ---- keys and mouse ------------------------------------------------------------------------------------------
    def _go(self, index: int) -> None:
        self.current = max(0, min(index, len(self._items)))
        self.current_changed.emit(self.current)
        self.update()

    def paste(self) -> None:
        """Paste from the clipboard."""
        self.pasted.emit(QGuiApplication.clipboard().mimeData())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._go(self.current + (1 if key == Qt.Key.Key_Right else -1))
        elif key == Qt.Key.Key_Delete and self.current < len(self._items):
            self.removed.emit(self.current)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_F4) and self.current == len(self._items):
            self.added.emit()
        elif key in ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.passed.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for n, box in enumerate(self._boxes(self.width())):
            if box.contains(event.position().toPoint()):
                self._go(n)
                if n == len(self._items):
                    self.added.emit()
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        boxes = self._boxes(self.width())
        place = boxes[-1]
        edge = "green" if self._dropping else "edge"
        painter.setPen(QPen(theme.colour(edge), px(tokens.HAIR), Qt.PenStyle.DashLine))
        painter.setBrush(theme.colour("green_tint" if self._dropping else "paper"))
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
        size = px(tokens.ICON)
        drawn = theme.pixmap(self.icon, "soft", tokens.ICON, self.devicePixelRatioF())
        painter.drawPixmap(place.center().x() - size // 2, place.center().y() - size + px(2), drawn)
        painter.setPen(theme.colour("soft"))
        painter.setFont(theme.font("caption"))
        words = plural("正在放入 {count} 个", self._waiting) if self._waiting else self._add
        room = QRect(place.left(), place.center().y() + px(4), place.width(), px(20))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), words)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("blue"), px(tokens.FOCUS)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QRectF(boxes[min(self.current, len(boxes) - 1)]).adjusted(-1, -1, 1, 1)
            painter.drawRoundedRect(ring, px(5), px(5))
