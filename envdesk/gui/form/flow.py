"""Fields in one or two columns, hidden ones leaving no gap."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.theme import Theme

TWO_FROM = 600
"""Width of the fields, in logical pixels, from which they stand in two columns: a window of 1200 without the pane at the
right, or of 1280 (a wide screen at 150 %) with it."""


class Columns(QWidget):
    """Lays widgets out in one or two columns, in order; wide ones take both."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._parts: list[tuple[QWidget, bool]] = []
        self._hidden: set[QWidget] = set()
        self._two = True
        self._dirty = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._grid = QGridLayout(self)
        theme.pad(self._grid)
        self._grid.setHorizontalSpacing(theme.px(tokens.S5))
        self._grid.setVerticalSpacing(theme.px(tokens.S2))
        theme.changed.connect(self._rescale)

    @property
    def two(self) -> bool:
        """True when there are two columns now."""
        return self._two

    def _rescale(self) -> None:
        self._grid.setHorizontalSpacing(self._theme.px(tokens.S5))
        self._grid.setVerticalSpacing(self._theme.px(tokens.S2))
        self._fit()

    def add(self, widget: QWidget, *, wide: bool = False) -> None:
        """Add a widget at the end."""
        self._parts.append((widget, wide))
        widget.setParent(self)
        self._dirty = True

    def set_shown(self, widget: QWidget, shown: bool) -> None:  # noqa: FBT001 - as setVisible
        """Show or hide one of them."""
        if (widget in self._hidden) is shown:
            (self._hidden.discard if shown else self._hidden.add)(widget)
            self._dirty = True

    def swap(self, old: QWidget, new: QWidget) -> None:
        """Put *new*, which was added at the end, in the place of *old*."""
        last = self._parts.pop()
        self._parts = [last if w is old else (w, wide) for w, wide in self._parts]
        self._hidden.discard(old)
        self._grid.removeWidget(old)
        old.hide()
        new.setParent(self)
        self._dirty = True

    def arrange(self, *, anew: bool = False) -> None:
        """Place what is shown, if anything changed since."""
        if not (self._dirty or anew):
            return
        grid = self._grid
        # not takeAt: an item taken lives on as the one its widget tells of new heights, and the next remembers old ones
        for widget, _wide in self._parts:
            grid.removeWidget(widget)
        row, column = 0, 0
        for widget, wide in self._parts:
            if widget in self._hidden:
                widget.hide()
                continue
            if not self._two:
                grid.addWidget(widget, row, 0)
                row += 1
            elif wide:
                row += 1 if column else 0
                column = 0
                grid.addWidget(widget, row, 0, 1, 2)
                row += 1
            else:
                grid.addWidget(widget, row, column, Qt.AlignmentFlag(0))
                row, column = (row + 1, 0) if column else (row, 1)
            widget.show()
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1 if self._two else 0)
        if not self._two:
            grid.setColumnMinimumWidth(1, 0)
        self._dirty = False

    def _fit(self) -> None:
        two = self.width() >= self._theme.px(TWO_FROM)
        if two != self._two:
            self._two = two
            self.updateGeometry()
            self._grid.setHorizontalSpacing(self._theme.px(tokens.S5) if two else 0)
            self.arrange(anew=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> object:  # type: ignore[override]
        hint = super().minimumSizeHint()
        hint.setWidth(0)
        return hint
