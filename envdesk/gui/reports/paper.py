"""The paper as it prints: pages under each other, sharp at every zoom, its figures can be pointed at.

Colours of the page are the paper's own and stay in dark; so do the marks drawn on it.
"""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea

from envdesk.gui import tokens
from envdesk.gui.reports import pdf
from envdesk.gui.reports.pdf import Paper
from envdesk.gui.reports.places import Box, Place
from envdesk.gui.tasks import Task, Tasks
from envdesk.gui.theme import Theme
from envdesk.i18n import _

FIT = 0.0
ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
POINT = 96 / 72
"""Logical pixels of a point at 100 %."""
SIDE, TOP = tokens.S5, tokens.S4
MOST_IMAGES = 12
TINT, ROW_TINT = 36, 18
"""How much of the green covers a picked figure, and its row (of 255)."""
THICK = 0.12
"""How much of the height of a small cell the line of its frame may take."""


class PaperView(QAbstractScrollArea):
    """Shows a :class:`Paper`. ↑ ↓ go from figure to figure, Enter asks for its records, PgUp PgDn Home End scroll.

    Signals:
        picked: id of the figure the user is on.
        asked: id of the figure whose records are wanted (Enter, click).
        turned: number of the page that is shown now, from 0.
        zoomed: the zoom changed.
    """

    picked = Signal(str)
    asked = Signal(str)
    turned = Signal(int)
    zoomed = Signal()

    def __init__(self, theme: Theme, tasks: Tasks) -> None:
        super().__init__()
        self._theme, self._tasks = theme, tasks
        self.paper: Paper | None = None
        self.places: Mapping[str, Place] = {}
        self.warned: frozenset[str] = frozenset()
        self.zoom: float = FIT
        self.figure, self.page = "", 0
        self._share, self._arranging = 0.0, False
        self._hover = ""
        self._images: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._asked: dict[tuple[int, int], Task] = {}
        self.setProperty("kind", "desk")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", "own")
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(_("报表预览"))
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self._arrange)

    # ---- what the page uses --------------------------------------------------------------------------------------
    def show_paper(self, paper: Paper | None) -> None:
        """Show another paper from its top; the zoom stays."""
        for task in self._asked.values():
            task.cancel()
        self._asked.clear()
        self._images.clear()
        self.paper, self.places, self.figure, self._hover, self.page = paper, {}, "", "", 0
        self._share = 0.0
        self._arrange()

    def show_places(self, places: Mapping[str, Place], warned: Collection[str] = ()) -> None:
        """Make figures of the paper known, and those of them that a rule doubts."""
        self.places, self.warned = places, frozenset(warned)
        self.viewport().update()

    def pick(self, figure: str) -> None:
        """Mark a figure and show it ("" = none); says nothing."""
        self.figure = figure
        place = self.places.get(figure)
        if place is not None:
            self._show_box(self._on_screen(place.page, place.cell))
        self.viewport().update()

    def set_zoom(self, zoom: float) -> None:
        """Show it at a zoom, :data:`FIT` = as wide as the view."""
        self.zoom = zoom
        self._arrange()
        place = self.places.get(self.figure)
        if place is not None:
            self._show_box(self._on_screen(place.page, place.cell))
        self.zoomed.emit()

    def step_zoom(self, by: int) -> None:
        """Zoom in (1) or out (-1) to the next step."""
        now = self.factor()
        steps = [z for z in ZOOMS if (z > now + 0.01 if by > 0 else z < now - 0.01)]
        if steps:
            self.set_zoom(steps[0] if by > 0 else steps[-1])

    def factor(self) -> float:
        """Return the zoom in use, 1 = 100 %."""
        if self.zoom != FIT or self.paper is None:
            return self.zoom or 1.0
        width = max(w for w, _h in self.paper.sizes)
        room = self.viewport().width() - 2 * self._theme.px(SIDE)
        return max(room, self._theme.px(SIDE)) / (width * POINT)

    # ---- geometry ------------------------------------------------------------------------------------------------
    def boxes(self) -> list[QRectF]:
        """Return where the pages are, in the viewport."""
        if self.paper is None:
            return []
        factor, gap = self.factor() * POINT, self._theme.px(TOP)
        wide = max(w for w, _h in self.paper.sizes) * factor
        left = max((self.viewport().width() - wide) / 2, self._theme.px(SIDE)) - self.horizontalScrollBar().value()
        y: float = gap - self.verticalScrollBar().value()
        out: list[QRectF] = []
        for w, h in self.paper.sizes:
            out.append(QRectF(left + (wide - w * factor) / 2, y, w * factor, h * factor))
            y += h * factor + gap
        return out

    def _on_screen(self, page: int, box: Box) -> QRectF:
        sheet, factor = self.boxes()[page], self.factor() * POINT
        left, top, right, bottom = (n * factor for n in box)
        return QRectF(sheet.left() + left, sheet.top() + top, right - left, bottom - top)

    def figure_box(self, figure: str) -> QRectF:
        """Return where the cell of a figure is, in the viewport."""
        place = self.places[figure]
        return self._on_screen(place.page, place.cell)

    def frame_box(self, figure: str) -> QRectF:
        """Return the frame of the chosen figure: its cell; in running text round it, so that no stroke lies under it."""
        place, box = self.places[figure], self.figure_box(figure)
        out = self._theme.px(tokens.FOCUS) if place.row == place.cell else 0
        return box.adjusted(-out, -out, out, out)

    def frame_line(self, figure: str) -> float:
        """Return how thick its line is: on a page shown small a cell is hardly higher than its digits."""
        return max(min(self._theme.px(tokens.FOCUS), self.figure_box(figure).height() * THICK), 1)

    def _arrange(self) -> None:
        """Set the scroll bars for pages and zoom; the same part of the paper stays in sight."""
        self._arranging = True
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        if self.paper is None:
            across.setRange(0, 0)
            down.setRange(0, 0)
        else:
            factor, px = self.factor() * POINT, self._theme.px
            high = sum(h * factor + px(TOP) for _w, h in self.paper.sizes) + px(TOP)
            wide = max(w for w, _h in self.paper.sizes) * factor + 2 * px(SIDE)
            room = self.viewport().size()
            across.setRange(0, max(0, round(wide - room.width()) if self.zoom != FIT else 0))
            down.setRange(0, max(0, round(high - room.height())))
            across.setPageStep(room.width())
            down.setPageStep(room.height())
            across.setSingleStep(px(tokens.ROW))
            down.setSingleStep(px(tokens.ROW))
            down.setValue(round(self._share * down.maximum()))
        self._arranging = False
        self._scrolled()
        self.viewport().update()

    def _show_box(self, box: QRectF) -> None:
        """Scroll so that *box* is well inside."""
        room, edge = self.viewport().rect(), self._theme.px(tokens.S6)
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        if box.top() < edge or box.bottom() > room.height() - edge:
            down.setValue(round(down.value() + box.center().y() - room.height() / 2))
        if box.left() < edge or box.right() > room.width() - edge:
            across.setValue(round(across.value() + box.center().x() - room.width() / 2))

    def _scrolled(self) -> None:
        if not self._arranging:
            self._share = self.verticalScrollBar().value() / max(self.verticalScrollBar().maximum(), 1)
        middle = self.viewport().height() / 2
        number = next((n for n, box in enumerate(self.boxes()) if box.bottom() >= middle), self.page)
        if number != self.page:
            self.page = number
            self.turned.emit(number)

    # ---- pictures ------------------------------------------------------------------------------------------------
    def _image(self, page: int, wide: int) -> QImage | None:
        """Return the picture of a page, or ask for it and return another size meanwhile."""
        key = (page, wide)
        if key in self._images:
            self._images.move_to_end(key)
            return self._images[key]
        if key not in self._asked and self.paper is not None:
            for other in [k for k in self._asked if k[0] == page]:
                self._asked.pop(other).cancel()
            paper = self.paper
            self._asked[key] = self._tasks.run(
                lambda _work: pdf.image(paper, page, wide),
                done=lambda image: self._came(paper, key, image),
                on="pool",
                owner=self,
            )
        return next((image for (n, _w), image in reversed(self._images.items()) if n == page), None)

    def _came(self, paper: Paper, key: tuple[int, int], image: QImage) -> None:
        self._asked.pop(key, None)
        if paper is not self.paper:
            return
        for old in [k for k in self._images if k[0] == key[0]]:
            del self._images[old]
        self._images[key] = image
        while len(self._images) > MOST_IMAGES:
            self._images.popitem(last=False)
        self.viewport().update()

    @property
    def drawn(self) -> bool:
        """True when every page in sight is sharp."""
        return self.paper is not None and not self._asked

    # ---- painting ------------------------------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        theme = self._theme
        painter.fillRect(self.viewport().rect(), theme.colour("desk"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ratio = self.devicePixelRatioF()
        for number, box in enumerate(self.boxes()):
            if box.bottom() < 0 or box.top() > self.viewport().height():
                continue
            sheet = QRectF(round(box.left()), round(box.top()), round(box.width()), round(box.height()))
            painter.fillRect(sheet, QColor(tokens.LIGHT.paper))
            image = self._image(number, round(sheet.width() * ratio))
            if image is not None:
                sharp = image.width() == round(sheet.width() * ratio)  # point by point, else stretched for a moment
                exact = QRectF(sheet.topLeft(), QSizeF(image.width() / ratio, image.height() / ratio))
                painter.drawImage(exact if sharp else sheet, image)
            painter.setPen(QPen(QColor(tokens.LIGHT.mute), theme.px(tokens.HAIR)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(sheet.adjusted(-0.5, -0.5, 0.5, 0.5))
        self._marks(painter)
        if self.hasFocus():
            width = theme.px(tokens.FOCUS)
            painter.setPen(QPen(theme.colour("blue"), width))
            half = width / 2
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(half, half, -half, -half))

    def _doubts(self, painter: QPainter) -> None:
        """A dashed frame round the figures that a rule doubts."""
        pen = QPen(QColor(tokens.LIGHT.amber), self._theme.px(tokens.HAIR))
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        cover = QColor(tokens.LIGHT.amber)
        cover.setAlpha(ROW_TINT)
        for figure in self.warned & self.places.keys():
            cell = self.figure_box(figure)
            painter.fillRect(cell, cover)
            painter.drawRect(cell.adjusted(1, 1, -1, -1))

    def _marks(self, painter: QPainter) -> None:
        self._doubts(painter)
        green = QColor(tokens.LIGHT.green)
        if self._hover in self.places and self._hover != self.figure:
            painter.setPen(QPen(green, self._theme.px(tokens.HAIR)))
            painter.drawRect(self.figure_box(self._hover))
        place = self.places.get(self.figure)
        if place is None:
            return
        cover = QColor(green)
        cover.setAlpha(ROW_TINT)
        painter.fillRect(self._on_screen(place.page, place.row), cover)
        cover.setAlpha(TINT)
        cell = self._on_screen(place.page, place.cell)
        painter.fillRect(cell, cover)
        painter.setPen(QPen(green, self.frame_line(self.figure)))
        painter.drawRect(self.frame_box(self.figure))

    # ---- keys and mouse ------------------------------------------------------------------------------------------
    def _move(self, by: int) -> None:
        known = list(self.places)
        if not known:
            return
        at = known.index(self.figure) + by if self.figure in known else (0 if by > 0 else len(known) - 1)
        if 0 <= at < len(known):
            self.pick(known[at])
            self.picked.emit(known[at])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, down, across = event.key(), self.verticalScrollBar(), self.horizontalScrollBar()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.places:
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.figure:
            self.asked.emit(self.figure)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            across.setValue(across.value() + (1 if key == Qt.Key.Key_Right else -1) * across.singleStep())
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_Space):
            down.setValue(down.value() + down.pageStep())
        elif key == Qt.Key.Key_PageUp:
            down.setValue(down.value() - down.pageStep())
        elif key == Qt.Key.Key_Home:
            down.setValue(0)
        elif key == Qt.Key.Key_End:
            down.setValue(down.maximum())
        else:
            super().keyPressEvent(event)

    def _at(self, where: QPointF) -> str:
        return next(
            (name for name, place in self.places.items() if self._on_screen(place.page, place.row).contains(where)), ""
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._at(event.position())
        if over != self._hover:
            self._hover = over
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        figure = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and figure:
            self.figure = figure
            self.viewport().update()
            self.asked.emit(figure)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._at(event.position()):
            self.set_zoom(1.0 if self.zoom == FIT else FIT)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            return
        super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = ""
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def focusInEvent(self, event: QEvent) -> None:  # type: ignore[override]
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def focusOutEvent(self, event: QEvent) -> None:  # type: ignore[override]
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.viewport().update()
