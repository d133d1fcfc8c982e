"""A field in the form: label, editor, message, as the parts of the window have it."""

from __future__ import annotations

from envdesk.gui.form.editor import Editor
from envdesk.gui.section import FieldBox
from envdesk.gui.theme import Theme


class Box(FieldBox):
    """A field box that speaks to its editor instead of styling a bare widget."""

    def __init__(
        self, theme: Theme, text: str, editor: Editor, *, required: bool = False, caption: str = "", hint: str = ""
    ) -> None:
        self._said: tuple[str, str] | None = None
        self._asks = editor
        self._name = text
        self._marked: bool | None = None
        super().__init__(theme, text, editor, required=required, caption=caption, hint=hint)
        self.label.setToolTip("")
        editor.describe(text, hint)

    def set_required(self, required: bool) -> None:  # noqa: FBT001 - as the part it is
        """Show or hide the mark."""
        if required != self._marked:
            self._marked = required
            super().set_required(required)

    def set_problem(self, severity: str, text: str) -> None:
        """Show a problem, or nothing."""
        if (severity, text) == self._said:
            return
        self._said = (severity, text)
        super().set_problem(severity, text)
        self._asks.set_problem(severity if text and severity != "hint" else "")
        self._asks.describe(self._name, text)
