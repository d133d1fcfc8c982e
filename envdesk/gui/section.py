"""Parts a page is laid out with: panels, scroll areas, captions over fields."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.labels import label, set_property
from envdesk.gui.theme import Theme


class Panel(QFrame):
    """A white panel with a hairline around it.

    Attributes:
        body: vertical layout of what it holds.
    """

    def __init__(self, theme: Theme, *, padding: float = tokens.S4, spacing: float = 0, tone: str = "") -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        if tone:
            self.setProperty("tone", tone)
        self.body = QVBoxLayout(self)
        theme.pad(self.body, (padding, padding, padding, padding), spacing)


class Section(QWidget):
    """A titled group: heading with words beside it and widgets at its right, then its body.

    Attributes:
        body: vertical layout under the heading.
    """

    def __init__(
        self, theme: Theme, title: str, beside: str = "", *, right: tuple[QWidget, ...] = (), spacing: float = tokens.S2
    ) -> None:
        super().__init__()
        self._beside = label(beside, "caption")
        self.heading = label(title, "section")
        row = QHBoxLayout()
        theme.pad(row, spacing=tokens.S2)
        row.addWidget(self.heading)
        row.addWidget(self._beside, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        for widget in right:
            row.addWidget(widget)
        self.body = QVBoxLayout()
        theme.pad(self.body, spacing=spacing)
        column = QVBoxLayout(self)
        theme.pad(column, spacing=tokens.S2)
        column.addLayout(row)
        column.addLayout(self.body)

    def set_beside(self, text: str) -> None:
        """Change the words beside the heading."""
        self._beside.setText(text)


class PanelHead(QWidget):
    """The head of a panel, 36 high: section title, soft words, widgets or words at the right."""

    def __init__(self, theme: Theme, title: str, beside: str = "", *, right: tuple[QWidget, ...] = ()) -> None:
        super().__init__()
        theme.fix(self, height=tokens.PANEL_HEAD)
        row = QHBoxLayout(self)
        theme.pad(row, (tokens.S4, 0, tokens.S4, 0), tokens.S2)
        self.title, self.beside = label(title, "section"), label(beside, "caption")
        row.addWidget(self.title)
        row.addWidget(self.beside)
        row.addStretch(1)
        for widget in right:
            row.addWidget(widget)


class Notice(QFrame):
    """An amber sentence with what can be done about it at its right."""

    def __init__(self, theme: Theme, text: str, act: QWidget | None = None) -> None:
        super().__init__()
        self.setProperty("kind", "notice")
        row = QHBoxLayout(self)
        theme.pad(row, (tokens.S3, tokens.S1, tokens.S3, tokens.S1), tokens.S2)
        theme.fix(self, height=tokens.PANEL_HEAD)
        mark = IconLabel(theme, "triangle-alert", "amber")
        self.words = label(text, "table", tone="amber")
        row.addWidget(mark)
        row.addWidget(self.words, 1)
        if act is not None:
            row.addWidget(act)

    def set_text(self, text: str) -> None:
        """Say something else."""
        self.words.setText(text)


class IconLabel(QWidget):
    """An icon in a token's colour."""

    def __init__(self, theme: Theme, icon: str, colour: str = "soft", size: float = tokens.ICON) -> None:
        super().__init__()
        self._theme, self._icon, self._colour, self._size = theme, icon, colour, size
        theme.fix(self, width=size, height=size)

    def set_icon(self, icon: str, colour: str) -> None:
        """Show another icon."""
        self._icon, self._colour = icon, colour
        self.update()

    def paintEvent(self, event: object) -> None:  # noqa: D102 - Qt's
        from PySide6.QtGui import QPainter

        ratio = self.devicePixelRatioF()
        top = (self.height() - self._theme.px(self._size)) // 2
        QPainter(self).drawPixmap(0, top, self._theme.pixmap(self._icon, self._colour, self._size, ratio))


class FieldBox(QWidget):
    """A field with its label above and its message below: label 20 + 4 + field 32 + message 18.

    Four, because the focus ring takes four around the field and must not touch the label.

    Args:
        theme: colours and sizes.
        text: label; the editor's accessible name too.
        editor: any widget; its property ``problem`` is set to "error" or "warning" with the message.
        required: paint the mark.
        caption: small words at the right of the label ("可空", "自动").
    """

    ICONS = {"error": ("circle-alert", "red"), "warning": ("triangle-alert", "amber"), "hint": ("info", "soft")}  # noqa: RUF012 - a table of declarations

    def __init__(
        self, theme: Theme, text: str, editor: QWidget, *, required: bool = False, caption: str = "", hint: str = ""
    ) -> None:
        super().__init__()
        self.editor = editor
        self._hint = hint
        self.label = label(text, "table")
        self.label.setBuddy(editor)
        editor.setAccessibleName(text)
        self._caption = label(caption, "caption")
        self._mark = label("*", "strong-table", tone="red")
        self._icon = IconLabel(theme, "info", size=tokens.ICON_MESSAGE)
        theme.fix(self._icon, width=tokens.ICON_MESSAGE, height=tokens.KEY)
        self._message = label("", "caption")
        self._message.setWordWrap(True)
        head, foot, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        theme.pad(head, spacing=tokens.S1)
        head.addWidget(self.label)
        head.addWidget(self._mark)
        head.addStretch(1)
        head.addWidget(self._caption)
        theme.pad(foot, (0, 1, 0, 0), 5)
        foot.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._message, 1)
        theme.pad(column, spacing=tokens.S1)
        column.addLayout(head)
        column.addWidget(editor)
        column.addLayout(foot)
        column.addStretch(1)
        self.set_required(required)
        self.set_problem("", "")

    def set_required(self, required: bool) -> None:  # noqa: FBT001 - a switch
        """Show or hide the mark."""
        self._mark.setVisible(required)

    def set_caption(self, text: str) -> None:
        """Change the words at the right of the label."""
        self._caption.setText(text)

    def set_problem(self, severity: str, text: str) -> None:
        """Show a problem ("error", "warning", "hint"); "" shows the field's own hint, if any."""
        shown = text or self._hint
        icon, colour = self.ICONS.get(severity, ("info", "soft"))
        self._icon.set_icon(icon, colour)
        self._icon.setVisible(bool(text))
        self._message.setText(shown)
        self._message.setVisible(bool(shown))
        set_property(self._message, "tone", colour if text else "grey")
        set_property(self.editor, "problem", severity if text and severity != "hint" else "")
        self.editor.setAccessibleDescription(shown)


TRIES = 3
"""So often a margin is asked for before what scrolls has to do with the one it has."""


class _Over(QObject):
    """Lets the bar of an area lie over the margin of what scrolls: nothing moves when the bar comes or goes."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area, self._fitting = area, False
        self._inside = QWidget()  # our own: asking Qt for one it made, or the holder of the bar, makes all its classes
        self._inside.setBackgroundRole(QPalette.ColorRole.NoRole)
        area.setViewport(self._inside)
        bar = area.verticalScrollBar()
        bar.rangeChanged.connect(self._fit)
        bar.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize):
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        """Not asked of the bar whether it is seen: it says no on a page that is not shown just now."""
        if self._fitting:  # a margin moves the bar, which asks again; contents that grow with their width never agree
            return
        bar, told, self._fitting = self._area.verticalScrollBar(), -1, True
        # with the margin the contents may need no bar: without it then, or their end is cut
        for _again in range(TRIES):
            wide = bar.sizeHint().width() if bar.maximum() > bar.minimum() else 0
            if wide == told:
                break
            self._area.setViewportMargins(0, 0, -wide, 0)
            told = wide
        self._fitting = False
        self._inside.lower()
        held = self._area.widget()
        layout = held.layout() if held is not None else None
        if layout is not None:  # laid out for the room of before, when it was resized while nobody saw it
            layout.invalidate()
            layout.activate()


def scrolled(inner: QWidget, *, kind: str = "", over: bool = False) -> QScrollArea:
    """Put *inner* into an area that scrolls up and down.

    Args:
        inner: what scrolls.
        kind: its property for the style sheet.
        over: it has a margin at the right that is wider than the bar; the bar lies over that.
    """
    area = QScrollArea()
    if over:
        _Over(area)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if kind:
        inner.setProperty("kind", kind)
    area.setWidget(inner)
    return area


def row(theme: Theme, *items: QWidget | None, spacing: float = tokens.S2, into: QLayout | None = None) -> QHBoxLayout:
    """Lay widgets in a row; None is a stretch."""
    made = QHBoxLayout()
    theme.pad(made, spacing=spacing)
    for item in items:
        if item is None:
            made.addStretch(1)
        else:
            made.addWidget(item)
    if isinstance(into, QVBoxLayout | QHBoxLayout):
        into.addLayout(made)
    return made
