"""What a failing item of a checklist opens: note, photos, and 性质, 处理, 期限 of the finding it makes."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from envdesk.errors import Problem
from envdesk.formdef.model import Field, Form
from envdesk.gui import tokens
from envdesk.gui.form.attach import PhotosEditor
from envdesk.gui.form.choices import ComboEditor
from envdesk.gui.form.dates import DateEditor
from envdesk.gui.form.editor import Editor, Env
from envdesk.gui.form.line import TextArea
from envdesk.gui.form.wrap import Wrap
from envdesk.gui.labels import label, set_property, set_tone
from envdesk.gui.section import IconLabel
from envdesk.i18n import _

SIDE_BY_SIDE = 560
BAR = 3
PHOTOS = 222
"""Room for two photos and the place to add a third."""
WIDTHS = {"nature": 136, "action": 204, "due": 140}
LIMIT_ACTION = "限期整改"
FIRST_TAG = "现场"


class ItemPhotos(PhotosEditor):
    """Photos of one item, told by their caption."""

    small = True

    def __init__(self, env: Env, field: Field, caption: str) -> None:
        self._caption = caption
        super().__init__(env, field)

    def spec(self) -> dict[str, Any]:
        return {"tag": FIRST_TAG, "caption": self._caption}

    def _show_current(self, index: int) -> None:
        self.about.hide()


class FailingPanel(QWidget):
    """The panel.

    Signals:
        typed: something changed; ``settled`` something was chosen or left; ``passed`` Enter in the last part.
    """

    typed = Signal()
    settled = Signal()
    passed = Signal()

    def __init__(self, env: Env, form: Form, item: Field, text: str) -> None:
        super().__init__()
        self.env, self.form, self.dirty = env, form, False
        theme = env.theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.note = TextArea(theme, low=2, high=8, enter=True)
        self.note.setAccessibleName(_("{item}：问题描述").format(item=text))
        self.note.setPlaceholderText(_("问题描述"))
        photos = form.field("photos") if form.has("photos") else None
        self.photos = ItemPhotos(env, photos, text) if photos is not None and photos.type == "photos" else None
        self.words, told = QBoxLayout(QBoxLayout.Direction.LeftToRight), QVBoxLayout()
        theme.pad(self.words, spacing=tokens.S3)
        theme.pad(told, spacing=6)
        told.addWidget(self.note)
        self.words.addLayout(told, 1)
        if self.photos is not None:
            self.words.addWidget(self.photos, 0, Qt.AlignmentFlag.AlignTop)
        self.message = QWidget()
        self._mark, self._sentence = IconLabel(theme, "circle-alert", "red", size=13), label("", "caption", tone="red")
        said = QHBoxLayout(self.message)
        theme.pad(said, spacing=5)
        said.addWidget(self._mark)
        said.addWidget(self._sentence, 1)
        self.choices = Wrap(theme, gap=tokens.S3)
        self.parts: dict[str, Editor] = {}
        self._holders: dict[str, QWidget] = {}
        self._add_parts()
        self.follow = label("", "caption")
        self.choices.add(self.follow)
        if self.photos is not None:
            theme.fix(self.photos, width=PHOTOS)
        column = QVBoxLayout(self)
        theme.pad(column, (24 + BAR + tokens.S3, tokens.S1, 0, 6), 6)
        told.addWidget(self.message)
        told.addStretch(1)
        column.addLayout(self.words)
        column.addWidget(self.choices)
        self.message.hide()
        self.note.textChanged.connect(self._touch)
        self.note.left.connect(self.settled)
        self.note.passed.connect(self._after_note)
        if self.photos is not None:
            self.photos.changed.connect(self._touch)
            self.photos.settled.connect(self.settled)
            self.photos.passed.connect(lambda: self._focus_part(0))
        self._show_due()

    def _add_parts(self) -> None:
        findings = self.form.field("findings") if self.form.has("findings") else None
        kinds: dict[str, type[Editor]] = {"nature": ComboEditor, "action": ComboEditor, "due": DateEditor}
        words = {"nature": _("性质"), "action": _("处理"), "due": _("期限")}
        for n, (key, cls) in enumerate(kinds.items()):
            sub = findings.sub(key) if findings is not None else None
            if sub is None:
                continue
            editor = cls(self.env, sub)
            self.env.theme.fix(editor, width=WIDTHS[key])
            editor.describe(words[key], "")
            editor.changed.connect(self._touch)
            editor.settled.connect(self._settle)
            editor.passed.connect(lambda n=n: self._focus_part(n + 1))
            holder = QWidget()
            line = QHBoxLayout(holder)
            self.env.theme.pad(line, spacing=tokens.S2)
            line.addWidget(label(words[key], "table", tone="grey"))
            line.addWidget(editor)
            self.parts[key], self._holders[key] = editor, holder
            self.choices.add(holder)

    # ---- value ---------------------------------------------------------------------------------------------------
    def finding(self) -> dict[str, Any]:
        """性质, 处理, 期限 as they are typed."""
        out: dict[str, Any] = {}
        for key, editor in self.parts.items():
            value = editor.value()
            if key == "due" and not self._limited():
                value = None
            out[key] = value or ("" if key == "due" else None)
        return out

    def set_value(self, finding: Mapping[str, Any], note: str, photos: list[dict[str, Any]]) -> None:
        """Show a finding and its note."""
        if note != self.note.toPlainText() and note.strip() != self.note.toPlainText().strip():
            self.note.blockSignals(True)
            self.note.setPlainText(note)
            self.note.blockSignals(False)
        for key, editor in self.parts.items():
            if key in finding:
                editor.set_value(finding[key] if finding[key] is not None else "" if key == "due" else None)
            elif editor.value() in (None, "") and editor.field.default is not None:
                editor.set_value(editor.field.default)
        if self.photos is not None:
            self.photos.set_value(photos)
        self._show_due()

    def _limited(self) -> bool:
        action = self.parts.get("action")
        return action is None or action.value() == LIMIT_ACTION

    def _show_due(self) -> None:
        if "due" in self._holders:
            self.choices.set_shown(self._holders["due"], self._limited())
        action = self.parts.get("action")
        chosen = action.value() if action is not None else None
        words = {
            LIMIT_ACTION: _("保存时生成整改单"),
            "线索移交区生态环境分局": _("保存时生成案件"),
            "立案": _("保存时生成案件"),
        }
        self.follow.setText(words.get(str(chosen), ""))
        self.choices.set_shown(self.follow, bool(self.follow.text()))

    def _touch(self) -> None:
        self.dirty = True
        self.typed.emit()

    def _settle(self) -> None:
        self._show_due()
        self.settled.emit()

    # ---- moving --------------------------------------------------------------------------------------------------
    def focus_first(self) -> None:
        """Go to the note."""
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        cursor = self.note.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.note.setTextCursor(cursor)

    def _after_note(self) -> None:
        self._focus_part(0)

    def _focus_part(self, n: int) -> None:
        keys = [k for k in self.parts if self._holders[k].isVisibleTo(self)]
        if n < len(keys):
            self.parts[keys[n]].focus_first()
        else:
            self.passed.emit()

    # ---- problems ------------------------------------------------------------------------------------------------
    def show_problems(self, found: list[Problem]) -> None:
        """Show the worst under the note, and colour what it is about."""
        worst = found[0] if found else None
        for key, editor in self.parts.items():
            mine = next((p for p in found if (p.field or "").endswith(f".{key}")), None)
            editor.set_problem(mine.severity if mine and mine.severity != "hint" else "")
        desc = next((p for p in found if (p.field or "").endswith(".desc")), None)
        set_property(self.note, "problem", desc.severity if desc and desc.severity != "hint" else "")
        self.message.setVisible(worst is not None)
        if worst is not None:
            icon, tone = {"error": ("circle-alert", "red"), "warning": ("triangle-alert", "amber")}.get(
                worst.severity, ("info", "soft")
            )
            self._mark.set_icon(icon, tone)
            self._sentence.setText(worst.message)
            set_tone(self._sentence, tone if tone != "soft" else "grey")

    # ---- looks ---------------------------------------------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self.env.theme.px(SIDE_BY_SIDE)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self.words.direction() != way:
            self.words.setDirection(way)

    def paintEvent(self, event: QPaintEvent) -> None:
        px = self.env.theme.px
        top = px(tokens.S1)
        QPainter(self).fillRect(px(24), top, px(BAR), self.height() - top - px(6), self.env.theme.colour("red"))
