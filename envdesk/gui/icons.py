"""Icons: SVG files of resources/icons (Lucide, ISC), drawn in one colour and kept per name, colour and size."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from envdesk.gui import tokens

VIEW = 24
"""Side of the SVG view box; a line of 1.4 at 16 px is 2.1 of these units."""


class Icons:
    """Draws and keeps icons."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._text: dict[str, str] = {}
        self._made: dict[tuple[str, str, int, float], QPixmap] = {}

    def names(self) -> list[str]:
        """Return the names of all icons there are."""
        return sorted(p.stem for p in self._folder.glob("*.svg"))

    def pixmap(self, name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
        """Return icon *name* as a pixmap of *size* logical pixels in ``#RRGGBB`` *colour*."""
        key = (name, colour, size, ratio)
        if key not in self._made:
            self._made[key] = self._draw(name, colour, size, ratio)
        return self._made[key]

    def svg(self, name: str, colour: str, stroke: float) -> str:
        """Return the text of an icon in a colour."""
        if name not in self._text:
            self._text[name] = (self._folder / f"{name}.svg").read_text("utf-8")
        text = self._text[name].replace("currentColor", colour)
        return re.sub(r'stroke-width="[^"]*"', f'stroke-width="{stroke:.2f}"', text, count=1)

    def _draw(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        thin = tokens.STROKE * VIEW / tokens.ICON
        text = self.svg(name, colour, thin if size > tokens.ICON_SMALL else thin * 4 / 3)
        made = QPixmap(round(size * ratio), round(size * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, size, size))
        painter.end()
        return made
