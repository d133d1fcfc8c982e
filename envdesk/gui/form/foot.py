"""The bar under the form: what is still wrong, when the draft was kept, and the buttons that end the work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from envdesk.gui import tokens
from envdesk.gui.buttons import Button, Link
from envdesk.gui.focus import lead
from envdesk.gui.labels import Elided
from envdesk.gui.section import IconLabel
from envdesk.gui.theme import Theme
from envdesk.i18n import _, plural


class FormFoot(QFrame):
    """The bar.

    Args:
        theme: colours and sizes.
        save: 保存; ``save_new`` 保存并新增; ``print_it`` 打印; ``to_problem`` a click on the counts.
    """

    def __init__(
        self,
        theme: Theme,
        save: Callable[[], object],
        save_new: Callable[[], object],
        print_it: Callable[[], object],
        to_problem: Callable[[], object],
    ) -> None:
        super().__init__()
        self.setProperty("kind", "foot")
        theme.fix(self, height=tokens.FOOT)
        self.wrong_icon = IconLabel(theme, "circle-alert", "red")
        self.wrong = Link(theme, "", to_problem, ink="red")
        self.open_icon = IconLabel(theme, "triangle-alert", "amber")
        self.open = Link(theme, "", to_problem, ink="amber")
        for link in (self.wrong, self.open):
            link.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.kept = Elided("", "caption")
        self.kept.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.print_button = Button(theme, _("打印"), print_it, icon="printer", key="Ctrl+P")
        self.new_button = Button(theme, _("保存并新增"), save_new, key="Ctrl+Enter")
        self.save_button = Button(theme, _("保存"), save, kind="primary", icon="save", key="Ctrl+S")
        line = QHBoxLayout(self)
        theme.pad(line, (tokens.S5, 0, tokens.S5, 0), tokens.S2)
        for widget in (self.wrong_icon, self.wrong, self.open_icon, self.open):
            line.addWidget(widget)
        line.addWidget(self.kept, 1)
        for button in (self.print_button, self.new_button, self.save_button):
            line.addWidget(button)
        lead(self, lambda: self.save_button)
        self.show_counts(0, 0, asking=False)

    def show_counts(self, wrong: int, warned: int, *, asking: bool) -> None:
        """Show how much is wrong; *asking*: saving again acknowledges the warnings."""
        self._show(self.wrong_icon, self.wrong, plural("{count} 处要改", wrong) if wrong else "")
        words = plural("{count} 处待确认", warned) if warned else ""
        if asking and warned and not wrong:
            words = plural("{count} 处待确认，再按一次保存即确认", warned)
        self._show(self.open_icon, self.open, words)
        text = _("确认并保存") if asking and warned and not wrong else _("保存")
        if self.save_button.text() != text:
            self.save_button.set_text(text)

    def _show(self, icon: IconLabel, link: Link, words: str) -> None:
        icon.setVisible(bool(words))
        link.setVisible(bool(words))
        if words != link.text():
            link.setText(words)
            link.setAccessibleName(words)
            link.updateGeometry()

    def show_kept(self, words: str) -> None:
        """Say when the draft was kept."""
        self.kept.setText(words)

    def set_busy(self, *, busy: bool) -> None:
        """No second save while one runs."""
        for button in (self.print_button, self.new_button, self.save_button):
            button.setEnabled(not busy)
