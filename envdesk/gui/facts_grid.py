"""Labels and values in two columns, masked ones with an eye; one look in the preview and in the file of a subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button
from envdesk.gui.labels import breakable, label
from envdesk.gui.theme import Theme
from envdesk.i18n import _

NAME, NAME_LEAST, NAME_MOST, EYE = 92, 72, 108, 20
"""Width of the names, and its limits where it follows them; a longer one takes two lines."""


class Facts:
    """Makes the grids of a pane and remembers where masked values stand.

    Args:
        theme: colours and sizes.
        reveal: called with the key of a masked value that is to be shown in full.
    """

    def __init__(self, theme: Theme, reveal: Callable[[str], object]) -> None:
        self._theme, self._reveal = theme, reveal
        self._values: dict[str, QLabel] = {}
        self._eyes: dict[str, Button] = {}
        self._name: float = NAME

    def fit(self, names: Iterable[str]) -> None:
        """Make all names as wide as the widest of *names*, within limits."""
        metrics, scale = self._theme.metrics("table"), self._theme.scale
        widest = max((metrics.horizontalAdvance(n) for n in names), default=0) / scale
        self._name = min(max(widest + 1, NAME_LEAST), NAME_MOST)

    def clear(self) -> None:
        """Forget everything; the pane shows another record."""
        self._values.clear()
        self._eyes.clear()

    def grid(self) -> QGridLayout:
        """Make an empty grid."""
        made = QGridLayout()
        self._theme.pad(made, spacing=(tokens.S2, tokens.S1))
        made.setColumnStretch(1, 1)
        return made

    def add(self, grid: QGridLayout, n: int, name: str, value: QWidget) -> None:
        """Put a value with its name into line *n*."""
        words = label(name, "table", tone="grey", wrap=True)
        self._theme.fix(words, width=self._name)
        grid.addWidget(words, n, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, n, 1, Qt.AlignmentFlag.AlignTop)

    def add_text(self, grid: QGridLayout, n: int, key: str, name: str, text: str, *, masked: bool) -> None:
        """Put a text into line *n*, with an eye when it is masked."""
        value = label(text, "table", wrap=True)
        self._values[key] = value
        if not masked:
            self.add(grid, n, name, value)
            return
        holder = QWidget()
        line = QHBoxLayout(holder)
        self._theme.pad(line, spacing=tokens.S1)
        value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        line.addWidget(value, 1)
        eye = Button(self._theme, "", partial(self._reveal, key), kind="quiet", icon="eye", row=True)
        eye.setAccessibleName(_("显示{label}").format(label=name))
        eye.setToolTip(_("显示（要写原因，会记入操作记录）"))
        self._theme.fix(eye, height=EYE)
        self._eyes[key] = eye
        line.addWidget(eye)
        self.add(grid, n, name, holder)

    def show_value(self, key: str, text: str) -> None:
        """Show a masked value in full."""
        if key in self._values:
            self._values[key].setText(breakable(text))
            self._eyes[key].hide()
