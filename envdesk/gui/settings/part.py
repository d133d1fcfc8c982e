"""What the parts of the settings page have in common."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.labels import hairline, label, set_property
from envdesk.gui.page import Context
from envdesk.gui.section import IconLabel, Panel

EDITOR, NARROW = 320, 560
"""Width of the column of editors; in rows narrower than that they stand under the words."""


class Part(Panel):
    """A panel of one group.

    Attributes:
        name: how it is found again; ``words`` what a search looks in.
    """

    def __init__(
        self, ctx: Context, name: str, title: str, help_text: str = "", *, right: tuple[QWidget, ...] = ()
    ) -> None:
        super().__init__(ctx.theme, padding=0)
        self.ctx, self.name, self.title = ctx, name, title
        self.words = f"{title}\n{help_text}"
        theme = ctx.theme
        self._head, texts = QHBoxLayout(), QVBoxLayout()
        self._acts, self._right = QHBoxLayout(), right
        head = self._head
        theme.pad(self._acts, spacing=tokens.S2)
        theme.pad(head, (tokens.S4, tokens.S3, tokens.S4, tokens.S3), tokens.S2)
        theme.pad(texts)
        self.heading, self.beside = label(title, "section"), label("", "caption")
        first = QHBoxLayout()
        theme.pad(first, spacing=tokens.S2)
        first.addWidget(self.heading)
        first.addWidget(self.beside)
        first.addStretch(1)
        texts.addLayout(first)
        if help_text:
            texts.addWidget(label(help_text, "caption", wrap=True))
        head.addLayout(texts, 1)
        for widget in right:
            self._acts.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(self._acts)
        self.body.addLayout(head)
        theme.changed.connect(self.stack)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self.stack()

    def stack(self) -> None:
        """Put the buttons under the words where they would leave these less than half, and one under the other."""
        px, shown = self.ctx.theme.px, [w.sizeHint().width() for w in self._right if not w.isHidden()]
        wide, room = sum(shown) + px(tokens.S2) * len(shown), self.width() - 2 * px(tokens.S4)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._head.setDirection(down if wide * 2 > room else across)
        self._acts.setDirection(down if wide > room else across)
        side = Qt.AlignmentFlag.AlignLeft if wide * 2 > room else Qt.AlignmentFlag.AlignRight
        self._head.setAlignment(self._acts, side | Qt.AlignmentFlag.AlignTop)

    def read(self) -> None:
        """Read again what it shows."""

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Records of these kinds changed."""

    def show_rows(self, rows: int, *, alone: bool) -> None:
        """Show at most so many rows of the list at a time, if it has one: there is room for no more.

        *alone*: nothing else wants the room.
        """

    def show_only(self, found: Collection[str] | None) -> bool:
        """Show what a search found (names of parts and keys of settings; None = everything); tell if that is anything."""
        wanted = found is None or self.name in found
        self.setVisible(wanted)
        return wanted

    def first_editor(self) -> QWidget | None:
        """Return where the focus goes when the group opens."""
        return None


class SettingRow(QFrame):
    """A setting: its name and its effect at the left, its editor at the right with the problem under it."""

    def __init__(self, ctx: Context, title: str, effect: str, editor: QWidget) -> None:
        super().__init__()
        theme = ctx.theme
        self.editor = editor
        self.title, self.effect = label(title, "body"), label(effect, "caption", wrap=True)
        self.title.setBuddy(editor)
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(effect)
        self.notes = QHBoxLayout()
        theme.pad(self.notes, spacing=tokens.S2)
        self._icon, self._message = (
            IconLabel(theme, "circle-alert", "red", tokens.ICON_MESSAGE),
            label("", "caption", tone="red"),
        )
        self._message.setWordWrap(True)
        theme.fix(self._icon, width=tokens.ICON_MESSAGE, height=tokens.KEY)
        outer, line, left, right, foot = QVBoxLayout(self), QHBoxLayout(), QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        theme.pad(outer)
        theme.pad(line, (tokens.S4, tokens.S3, tokens.S4, tokens.S3), tokens.S5)
        for layout in (left, right):
            theme.pad(layout, spacing=2)
        theme.pad(foot, spacing=tokens.S1)
        left.addWidget(self.title)
        left.addWidget(self.effect)
        left.addLayout(self.notes)
        left.addStretch(1)
        self._theme, self._side, self._line = theme, QWidget(), line
        theme.fix(self._side, width=EDITOR)
        self._side.setLayout(right)
        right.addWidget(editor)
        foot.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._message, 1)
        right.addLayout(foot)
        right.addStretch(1)
        line.addLayout(left, 1)
        line.addWidget(self._side)
        outer.addWidget(hairline(theme))
        outer.addLayout(line)
        theme.changed.connect(self._arrange)
        self.set_problem("")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the editor under the words where there is no room beside them."""
        theme, narrow = self._theme, self.width() / self._theme.scale < NARROW
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._line.setDirection(down if narrow else across)
        theme.pad(self._line, (tokens.S4, tokens.S3, tokens.S4, tokens.S3), tokens.S2 if narrow else tokens.S5)
        theme.fix(self._side, width=0 if narrow else EDITOR)
        if narrow:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(theme.px(EDITOR))

    @property
    def problem(self) -> str:
        """The sentence beside the editor, "" when all is well."""
        return self._message.text()

    def set_problem(self, text: str) -> None:
        """Say what is wrong with what was typed; "" takes it away."""
        self._message.setText(text)
        self._message.setVisible(bool(text))
        self._icon.setVisible(bool(text))
        set_property(self.editor, "problem", "error" if text else "")
        self.editor.setAccessibleDescription(text or self.effect.text())
