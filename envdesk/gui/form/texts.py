"""Editors whose value is what is typed: text, long text, numbers, lists typed in one line, masked text."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy

from envdesk.formdef.model import Field
from envdesk.formdef.types import mask, money_text
from envdesk.gui.form.editor import Editor, Env, editor_for
from envdesk.gui.form.line import Line, TextArea
from envdesk.i18n import _


class LineEditor(Editor):
    """An editor that is one line."""

    def __init__(self, env: Env, field: Field, *, icon: str = "") -> None:
        super().__init__(env, field)
        self.line = Line(env.theme, unit=self.unit(), icon=icon)
        self.face = self.line
        self.setFocusProxy(self.line)
        self.column.addWidget(self.line)
        self.line.textEdited.connect(self.changed)
        self.line.left.connect(self.settled)
        self.line.passed.connect(self.passed)
        self.line.setPlaceholderText(self.placeholder())

    def unit(self) -> str:
        """Words at the right inside."""
        return self.field.unit

    def placeholder(self) -> str:
        """Soft words of an empty line."""
        return ""

    def value(self) -> Any:  # noqa: D102 - the protocol's
        return self.line.text()

    def set_value(self, value: Any) -> None:  # noqa: D102
        text = "" if value is None else str(value)
        if text != self.line.text():
            self.line.setText(text)
            self.line.setCursorPosition(0)


@editor_for("text")
class TextEditor(LineEditor):
    """One line of text."""

    kind = "text"


@editor_for("int", "decimal")
class NumberEditor(LineEditor):
    """A number with its unit inside."""

    kind = "number"

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)


@editor_for("money")
class MoneyEditor(NumberEditor):
    """Money: typed in 元, kept in 分. What is no amount stays as it was typed."""

    kind = "money"

    def unit(self) -> str:  # noqa: D102
        return _("元")

    def value(self) -> Any:  # noqa: D102
        text = self.line.text().strip().removesuffix("元").replace(",", "").replace("，", "")
        try:
            fen = Decimal(text) * 100
        except InvalidOperation:
            return text
        return str(int(fen)) if fen.is_finite() and fen == fen.to_integral_value() else text

    def set_value(self, value: Any) -> None:  # noqa: D102
        text = "" if value is None else str(value)
        super().set_value(money_text(int(text)) if text.lstrip("-").isdecimal() else text)


@editor_for("texts", "ints")
class ListLineEditor(LineEditor):
    """Several words or numbers typed in one line, separated by 、."""

    kind = "list"

    def placeholder(self) -> str:  # noqa: D102
        return _("多个用、隔开")


@editor_for("long_text")
class LongTextEditor(Editor):
    """Several lines; grows with what is typed. Tab moves on."""

    kind = "long_text"
    wide = True

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field)
        self.area = TextArea(env.theme)
        self.face = self.area
        self.setFocusProxy(self.area)
        self.column.addWidget(self.area)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.area.textChanged.connect(self.changed)
        self.area.left.connect(self.settled)
        self.area.passed.connect(self.passed)

    def value(self) -> Any:  # noqa: D102
        return self.area.toPlainText()

    def set_value(self, value: Any) -> None:  # noqa: D102
        text = "" if value is None else str(value)
        if text != self.area.toPlainText():
            self.area.blockSignals(True)
            self.area.setPlainText(text)
            self.area.blockSignals(False)


class MaskedEditor(LineEditor):
    """Personal data of a stored record: masked, with an eye that asks for a reason before it shows them."""

    kind = "masked"

    def __init__(self, env: Env, field: Field, reveal: Callable[[], object]) -> None:
        super().__init__(env, field, icon="eye")
        self._kept: Any = None
        self._reveal = reveal
        self.line.setReadOnly(True)
        self.line.asked.connect(reveal)
        if self.line.mark is not None:
            self.line.mark.setToolTip(_("显示全文（F4），要写明原因"))

    def value(self) -> Any:  # noqa: D102
        return self._kept

    def set_value(self, value: Any) -> None:  # noqa: D102
        self._kept = value
        self.line.setText(mask(self.field.pii, str(value or "")))


class ShownEditor(LineEditor):
    """What the program works out: not typed."""

    kind = "computed"

    def __init__(self, env: Env, field: Field) -> None:
        super().__init__(env, field)
        self.line.setReadOnly(True)
        self.line.setProperty("plain", "true")
        self.line.setFocusPolicy(Qt.FocusPolicy.NoFocus)
