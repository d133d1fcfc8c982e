"""Photos of a subject: small ones side by side, a large one when asked for."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.theme import Theme
from envdesk.i18n import _, plural
from envdesk.present.subject_file import Photo

CELL = (88, 66)
IN_A_ROW, MOST, WORDS = 3, 12, 18
LARGE = (960, 680)


class PhotoGrid(QWidget):
    """Thumbnails. Arrows move, Enter or a click shows the large one.

    Signals:
        wanted: index of a photo to be seen large.
    """

    wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.photos: tuple[Photo, ...] = ()
        self._images: dict[str, QImage | None] = {}
        self.current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("ring", "own")
        theme.changed.connect(self.updateGeometry)

    def show_photos(self, photos: Sequence[Photo]) -> list[str]:
        """Show the newest photos; returns the hashes whose pictures are needed."""
        self.photos, self.current = tuple(photos[:MOST]), 0
        self.setAccessibleName(plural("照片 {count} 张", len(photos)))
        self.setVisible(bool(photos))
        self.updateGeometry()
        self.update()
        return [p.sha256 for p in self.photos if p.sha256 not in self._images]

    def put(self, sha256: str, image: QImage | None) -> None:
        """A picture came; None = its file is missing or broken."""
        self._images[sha256] = image
        self.update()

    def _cell(self, n: int) -> QRect:
        px, gap = self._theme.px, self._theme.px(tokens.S1)
        row, column = divmod(n, IN_A_ROW)
        return QRect(column * (px(CELL[0]) + gap), row * (px(CELL[1]) + gap), px(CELL[0]), px(CELL[1]))

    def sizeHint(self) -> QSize:
        rows = -(-len(self.photos) // IN_A_ROW)
        return QSize(self._theme.px(CELL[0]), rows * (self._theme.px(CELL[1]) + self._theme.px(tokens.S1)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = next((n for n in range(len(self.photos)) if self._cell(n).contains(event.position().toPoint())), -1)
        if at >= 0:
            self.current = at
            self.update()
            self.wanted.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: IN_A_ROW, Qt.Key.Key_Up: -IN_A_ROW}
        if event.key() in steps:
            self.current = max(0, min(self.current + steps[Qt.Key(event.key())], len(self.photos) - 1))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.wanted.emit(self.current)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px, painter = self._theme, self._theme.px, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(theme.font("key"))
        for n, photo in enumerate(self.photos):
            cell = self._cell(n)
            painter.save()
            painter.setClipRect(cell)
            painter.fillRect(cell, theme.colour("hover"))
            image = self._images.get(photo.sha256)
            if image is not None and not image.isNull():
                size = image.size().scaled(cell.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
                box = QRect(0, 0, size.width(), size.height())
                box.moveCenter(cell.center())
                painter.drawImage(box, image)
            strip = QRect(cell.left(), cell.bottom() - px(WORDS) + 1, cell.width(), px(WORDS))
            painter.fillRect(strip, theme.colour("text"))
            painter.setPen(theme.colour("paper"))
            gone = photo.sha256 in self._images and image is None
            words = _("文件不见了") if gone else " ".join(t for t in (photo.date[5:], photo.tag) if t)
            painter.drawText(strip, int(Qt.AlignmentFlag.AlignCenter), words)
            painter.restore()
            if n == self.current and self.hasFocus():
                painter.setPen(QPen(theme.colour("blue"), px(tokens.FOCUS)))
                painter.drawRect(cell.adjusted(1, 1, -1, -1))


class PhotoDialog(QDialog):
    """One photo, large, but not over the whole window it is shown over; Esc closes."""

    def __init__(self, theme: Theme, photo: Photo, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = image
        words = "  ".join(t for t in (photo.date, photo.tag, photo.caption) if t)
        self.setWindowTitle(words or _("照片"))
        room = theme.size(*LARGE)
        if parent is not None:
            room = room.boundedTo(parent.window().size() - theme.size(2 * tokens.S6, 2 * tokens.S6))
        self.resize(image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        box = QRect(0, 0, size.width(), size.height())
        box.moveCenter(self.rect().center())
        painter.drawImage(box, self._image)
