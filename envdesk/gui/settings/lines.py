"""The settings of one group: each with its effect in one sentence, changed in place, checked beside the field."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from envdesk.desk.office import Done
from envdesk.gui.buttons import Button, Link
from envdesk.gui.labels import label
from envdesk.gui.menus import Menu
from envdesk.gui.page import Context
from envdesk.gui.search_box import LineField
from envdesk.gui.segments import Segments
from envdesk.gui.settings.part import Part, SettingRow
from envdesk.gui.tasks import Work
from envdesk.i18n import _
from envdesk.present import settings_page
from envdesk.present.settings_page import Changed, Line

MOST_SEGMENTS = 4
EXAMPLES = {"date": "2026-10-09", "time": "17:30"}


class ValueField(LineField):
    """A line that hands its text over on Enter or when it is left, and takes the old one back on Esc."""

    def __init__(self, ctx: Context, example: str, on: Callable[[str], object]) -> None:
        super().__init__(ctx.theme, example)
        self.kept = ""
        self._on = on
        self.returnPressed.connect(self.hand_over)

    def show_value(self, text: str) -> None:
        """Show the stored value."""
        self.kept = text
        self.setText(text)

    def hand_over(self) -> None:
        """Hand the text over when it is another."""
        if self.text() != self.kept:
            self._on(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102 - Qt's
        if event.key() == Qt.Key.Key_Escape and self.text() != self.kept:
            self.setText(self.kept)
            self.textEdited.emit(self.kept)
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: D102 - Qt's
        super().focusOutEvent(event)
        self.hand_over()


class SettingLine(SettingRow):
    """One setting of the office."""

    def __init__(self, ctx: Context, line: Line) -> None:
        self._ctx, self.line = ctx, line
        super().__init__(ctx, line.label, line.help, self._make(ctx, line))
        self.default = Link(ctx.theme, "", self.reset, role="caption")
        if line.counts:
            self.notes.addWidget(label(_("影响统计数，已月结的数不变"), "caption", tone="amber"))
        self.notes.addWidget(self.default)
        self.notes.addStretch(1)
        self.show_line(line)

    def _make(self, ctx: Context, line: Line) -> QWidget:
        items = [("1", _("是")), ("0", _("否"))] if line.editor == "bool" else [(c, c) for c in line.choices]
        if items and len(items) <= MOST_SEGMENTS:
            segments = Segments(ctx.theme, items)
            segments.changed.connect(self.commit)
            return segments
        if items:
            menu = Menu(ctx.theme)
            for value, word in items:
                menu.addAction(word).triggered.connect(lambda _on=False, value=value: self.commit(value))
            made = Button(ctx.theme, line.text, menu=menu)
            menu.setParent(made, menu.windowFlags())
            return made
        field = ValueField(ctx, EXAMPLES.get(line.editor, ""), self.commit)
        field.textEdited.connect(lambda _text: self.set_problem(""))
        return field

    def show_line(self, line: Line) -> None:
        """Show the stored value."""
        self.line = line
        editor = self.editor
        if isinstance(editor, Segments):
            editor.set_value(line.value)
        elif isinstance(editor, Button):
            editor.set_text(line.text)
        elif isinstance(editor, ValueField) and editor.text() == editor.kept:
            editor.show_value(line.text)
        self.default.setVisible(line.changed and bool(line.default))
        self.default.setText(_("恢复默认：{value}").format(value=line.default))
        self.default.updateGeometry()

    def commit(self, value: str, *, back: bool = False) -> None:
        """Change the setting; the toast offers to change it back."""
        before, key = self.line, self.line.key

        def fn(work: Work) -> Done:
            changed = settings_page.change(work.desk, key, value)
            return Done(changed, changed.done.changed if changed.done is not None else frozenset())

        def came(changed: Changed) -> None:
            if changed.problem is not None:
                self.set_problem(changed.problem.message)
                if not isinstance(self.editor, ValueField):
                    self.show_line(changed.line)
                return
            self.set_problem("")
            if isinstance(self.editor, ValueField):
                self.editor.show_value(changed.line.text)
            self.show_line(changed.line)
            if changed.line.value != before.value:
                self._say(changed.line, before, back=back)

        self._ctx.operations.do(fn, done=came, undo=False, owner=self)

    def _say(self, now: Line, before: Line, *, back: bool) -> None:
        words = _("{name}：{value}").format(name=now.label, value=now.text or _("空"))
        act = None if back else (_("改回"), lambda: self.commit(before.text, back=True))
        self._ctx.operations.tell(words, "done", act)

    def reset(self) -> None:
        """Set it back to its default."""
        self.commit(self.line.default)
        self.editor.setFocus()


class SettingsPart(Part):
    """The settings of one group."""

    def __init__(self, ctx: Context, name: str, title: str) -> None:
        super().__init__(ctx, name, title)
        self.lines: dict[str, SettingLine] = {}

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show settings; widgets are made once."""
        for line in lines:
            if line.key in self.lines:
                self.lines[line.key].show_line(line)
            else:
                made = self.lines[line.key] = SettingLine(self.ctx, line)
                self.body.addWidget(made)

    def show_only(self, found: Collection[str] | None) -> bool:  # noqa: D102 - the part's
        whole = found is None or self.name in found
        for key, line in self.lines.items():
            line.setVisible(whole or (found is not None and key in found))
        wanted = whole or any(key in (found or ()) for key in self.lines)
        self.setVisible(wanted)
        return wanted

    def first_editor(self) -> QWidget | None:  # noqa: D102 - the part's
        return next((line.editor for line in self.lines.values() if not line.isHidden()), None)
