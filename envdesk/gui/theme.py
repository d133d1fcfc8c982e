"""The look in use: colours, scale, fonts, icons; switched live, told to everybody by one signal.

Widgets get the :class:`Theme` in their constructor. What is painted asks it in ``paintEvent``; what is laid out says
its sizes once through :meth:`Theme.pad` and :meth:`Theme.fix` and is set again when the scale changes.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QGridLayout, QLayout, QWidget

from envdesk import paths
from envdesk.gui import tokens
from envdesk.gui.icons import Icons
from envdesk.gui.sheet import style_sheet

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

Mode = Literal["system", "light", "dark"]
_PAD, _FIX = "_pad", "_fix"


class Theme(QObject):
    """Colours and sizes in use.

    Signals:
        changed: colours, scale or fonts are others now; emitted after the style sheet is set.
    """

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = "system", scale: float = 1.0) -> None:
        super().__init__(app)
        self._app = app
        self._mode: Mode = mode
        self.scale = scale
        self.families = _families()
        self.icons = Icons(paths.resource("icons"))
        self.colours = self._wanted()
        self._fonts: dict[tuple[str, bool], QFont] = {}
        self._apply()
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    # ---- switching -----------------------------------------------------------------------------------------------
    @property
    def mode(self) -> Mode:
        """What the user chose: follow the system, light, dark."""
        return self._mode

    @property
    def dark(self) -> bool:
        """True when the dark colours are in use."""
        return self.colours is tokens.DARK

    def set_mode(self, mode: Mode) -> None:
        """Follow the system, or stay light or dark."""
        self._mode = mode
        self._switch()

    def set_scale(self, scale: float) -> None:
        """Make everything larger by one factor, 1.0 to 2.0."""
        self.scale = min(max(scale, tokens.SCALES[0]), tokens.SCALES[-1])
        self._switch()

    def _wanted(self) -> tokens.Colours:
        if self._mode == "system":
            dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        else:
            dark = self._mode == "dark"
        return tokens.DARK if dark else tokens.LIGHT

    def _system_changed(self) -> None:
        if self._mode == "system" and self._wanted() is not self.colours:
            self._switch()

    def _switch(self) -> None:
        self.colours = self._wanted()
        self._apply()
        for widget in self._app.allWidgets():
            self._set_fixed(widget)
            layout = widget.layout()
            if layout is not None:
                for inner in (layout, *layout.findChildren(QLayout)):
                    self._set_padding(inner)
        self.changed.emit()

    def _apply(self) -> None:
        self._fonts.clear()
        self._app.setFont(self.font("body"))
        self._app.setPalette(palette(self.colours))
        self._app.setStyleSheet(style_sheet(self))

    # ---- colours, sizes, fonts -----------------------------------------------------------------------------------
    def colour(self, name: str) -> QColor:
        """Return a colour by its token name (``"green_tint"``)."""
        return QColor(getattr(self.colours, name))

    def px(self, size: float) -> int:
        """Return a size of :mod:`tokens` at the scale in use; never 0 for something."""
        return max(1, round(size * self.scale)) if size else 0

    def font(self, role: str = "body", *, bold: bool = False, strike: bool = False) -> QFont:
        """Return the font of a role of :data:`tokens.TEXT`, digits of equal width."""
        key = (role, bold)
        if key not in self._fonts:
            font = QFont()
            font.setFamilies([self.families[bold], *self.families])
            font.setPixelSize(self.px(tokens.TEXT[role]))
            font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
            font.setFeature(QFont.Tag("tnum"), 1)
            self._fonts[key] = font
        font = QFont(self._fonts[key])
        font.setStrikeOut(strike)
        return font

    def metrics(self, role: str = "body", *, bold: bool = False) -> QFontMetrics:
        """Return the metrics of :meth:`font`."""
        return QFontMetrics(self.font(role, bold=bold))

    def pixmap(self, icon: str, colour: str, size: float = tokens.ICON, ratio: float = 1.0) -> QPixmap:
        """Return an icon of resources/icons in a token's colour."""
        return self.icons.pixmap(icon, getattr(self.colours, colour), self.px(size), ratio)

    def icon(self, icon: str, colour: str = "soft", size: float = tokens.ICON) -> QIcon:
        """Return an icon for a Qt control; grey when the control is off."""
        from PySide6.QtGui import QIcon

        made = QIcon()
        for ratio in (1.0, 2.0):
            made.addPixmap(self.pixmap(icon, colour, size, ratio), QIcon.Mode.Normal)
            made.addPixmap(self.pixmap(icon, "mute", size, ratio), QIcon.Mode.Disabled)
        return made

    # ---- sizes that follow the scale -----------------------------------------------------------------------------
    def pad(
        self,
        layout: QLayout,
        margins: tuple[float, float, float, float] = (0, 0, 0, 0),
        spacing: float | tuple[float, float] = 0,
    ) -> None:
        """Set margins (left, top, right, bottom) and spacing of *layout*, now and after each change of scale.

        A grid takes (between columns, between rows) as its spacing.
        """
        across, down = spacing if isinstance(spacing, tuple) else (spacing, spacing)
        layout.setProperty(_PAD, [*margins, across, down])
        self._set_padding(layout)

    def fix(self, widget: QWidget, *, width: float | None = None, height: float | None = None) -> None:
        """Fix width or height of *widget*, now and after each change of scale."""
        widget.setProperty(_FIX, [width or 0, height or 0])
        self._set_fixed(widget)

    def size(self, width: float, height: float) -> QSize:
        """Return a size at the scale in use."""
        return QSize(self.px(width), self.px(height))

    def _set_padding(self, layout: QLayout) -> None:
        spec: Any = layout.property(_PAD)
        if spec:
            layout.setContentsMargins(*(self.px(n) for n in spec[:4]))
            if isinstance(layout, QGridLayout):
                layout.setHorizontalSpacing(self.px(spec[4]))
                layout.setVerticalSpacing(self.px(spec[5]))
            else:
                layout.setSpacing(self.px(spec[4]))

    def _set_fixed(self, widget: QWidget) -> None:
        spec: Any = widget.property(_FIX)
        if spec:
            if spec[0]:
                widget.setFixedWidth(self.px(spec[0]))
            if spec[1]:
                widget.setFixedHeight(self.px(spec[1]))


def _families() -> tuple[str, str]:
    """Return the families of regular and bold text, bundled ones loaded where Windows' own is missing."""
    if sys.platform == "win32" and QFontDatabase.hasFamily(tokens.FAMILY_WINDOWS):
        return tokens.FAMILY_WINDOWS, tokens.FAMILY_WINDOWS
    for name in ("screen.ttf", "hei.ttf"):
        QFontDatabase.addApplicationFont(str(paths.resource("fonts", name)))
    return tokens.FAMILY, tokens.FAMILY_BOLD


def palette(colours: tokens.Colours) -> QPalette:
    """Return the palette for what the style sheet leaves to Qt (menus, calendar, message boxes, disabled words)."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.ground,
        QPalette.ColorRole.Base: colours.paper,
        QPalette.ColorRole.AlternateBase: colours.ground,
        QPalette.ColorRole.Button: colours.paper,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.BrightText: colours.red,
        QPalette.ColorRole.Highlight: colours.green,
        QPalette.ColorRole.HighlightedText: colours.on_green,
        QPalette.ColorRole.ToolTipBase: colours.text,
        QPalette.ColorRole.ToolTipText: colours.paper,
        QPalette.ColorRole.PlaceholderText: colours.soft,
        QPalette.ColorRole.Link: colours.green,
        QPalette.ColorRole.LinkVisited: colours.green,
        QPalette.ColorRole.Light: colours.paper,
        QPalette.ColorRole.Midlight: colours.hover,
        QPalette.ColorRole.Mid: colours.mute,
        QPalette.ColorRole.Dark: colours.edge,
        QPalette.ColorRole.Shadow: colours.line,
        QPalette.ColorRole.Accent: colours.green,
    }
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.soft))
    return made
