"""The pane at the right: the subject of the form, or an order's duplicates and deadline; in its place a history."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from envdesk.desk.words import Chip as Told
from envdesk.gui import tokens
from envdesk.gui.bars import CoverageBar
from envdesk.gui.buttons import Button
from envdesk.gui.chips import Chip, ChipState
from envdesk.gui.form.editor import ENTER
from envdesk.gui.labels import Elided, hairline, label
from envdesk.gui.preview_pane import DAY, LINE, Mark, beside_mark
from envdesk.gui.section import scrolled
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present.context import Link, OrderContext, SubjectContext
from envdesk.present.operation_log import verb_words
from envdesk.present.preview import Event

WIDE = 268


def state_of(told: Told) -> ChipState:
    """A chip of the desk's words as one that is drawn."""
    return ChipState(told.word, told.tone, {"merge": "fork"}.get(told.shape, told.shape), told.struck)


def chip_of(theme: Theme, told: Told) -> Chip:
    """Draw a chip of the desk's words."""
    return Chip(theme, state_of(told))


class LinkLine(QWidget):
    """A line that leads to a record: date or title, words, chip."""

    def __init__(self, theme: Theme, lead: str, words: str, chip: Told | None, on: Callable[[], object]) -> None:
        super().__init__()
        self._on = on
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(" ".join(t for t in (lead, words, chip.word if chip else "") if t))
        line = QHBoxLayout(self)
        theme.pad(line, (0, 2, 0, 2), tokens.S2)
        if lead:
            first = label(lead, "table", tone="grey")
            line.addWidget(first)
        line.addWidget(Elided(words, "table"), 1)
        if chip is not None:
            line.addWidget(chip_of(theme, chip))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._on()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self._on()
            return
        super().keyPressEvent(event)


class ContextPane(QWidget):
    """What one wants to see beside the form.

    Args:
        theme: colours and sizes.
        go: opens a record.
        close_history: called when the history is left.

    Attributes:
        silent: there is nothing to say beside this form; the pane gives its room to the fields.
    """

    def __init__(self, theme: Theme, go: Callable[[str, str], object], close_history: Callable[[], object]) -> None:
        super().__init__()
        self._theme, self._go, self._close = theme, go, close_history
        theme.fix(self, width=WIDE)
        self.shown: object = None
        self.in_history, self.of = False, ""
        self.silent = True
        outer = QVBoxLayout(self)
        theme.pad(outer)
        self._inner = QWidget()
        self.column = QVBoxLayout(self._inner)
        theme.pad(self.column)
        self.area = scrolled(self._inner, kind="clear")
        outer.addWidget(self.area)

    def sizeHint(self) -> QSize:
        return self._theme.size(WIDE, 300)

    # ---- parts ---------------------------------------------------------------------------------------------------
    def _clear(self) -> None:
        self.silent = False
        while (item := self.column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _block(self, *parts: QWidget | QLayout, last: bool = False) -> None:
        block = QWidget()
        column = QVBoxLayout(block)
        self._theme.pad(column, (tokens.S4, 10, tokens.S4, 10), 3)
        for part in parts:
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        self.column.addWidget(block)
        if not last:
            self.column.addWidget(hairline(self._theme))

    def _head(self, text: str, beside: str = "") -> QHBoxLayout:
        line = QHBoxLayout()
        self._theme.pad(line, spacing=tokens.S2)
        title = label(text, "strong-table", tone="grey")
        line.addWidget(title, 1)
        if beside:
            line.addWidget(label(beside, "caption"))
        return line

    def _link(self, link: Link, lead: str, words: str) -> LinkLine:
        return LinkLine(self._theme, lead, words, link.chip, lambda: self._go(link.form, link.rec))

    def show_nothing(self, sentence: str) -> None:
        """Say in one sentence why there is nothing."""
        self._clear()
        self.shown, self.in_history, self.of = None, False, ""
        self._block(label(sentence, "caption", wrap=True), last=True)
        self.column.addStretch(1)
        self.silent = not sentence

    # ---- the subject ---------------------------------------------------------------------------------------------
    def show_subject(self, found: SubjectContext) -> None:
        """Show a subject."""
        self._clear()
        self.shown, self.in_history, self.of = found, False, ""
        theme = self._theme
        head = QHBoxLayout()
        theme.pad(head, spacing=tokens.S2)
        head.addWidget(Elided(found.name, "section"), 1)
        if found.chip is not None:
            head.addWidget(chip_of(theme, found.chip))
        parts: list[QWidget | QLayout] = [head]
        below = " · ".join(t for t in (found.full_name if found.full_name != found.name else "", found.grid) if t)
        if below:
            parts.append(label(below, "caption", wrap=True))
        if found.tags:
            parts.append(_tags(theme, found.tags))
        self._block(*parts)
        self._cap(found)
        if found.open:
            lines = [self._link(link, "", f"{link.title} {link.detail}".strip()) for link in found.open]
            more = found.waiting - len(found.open)
            rest = [label(_("其余 {count} 件在一企一档里。").format(count=more), "caption")] if more else []
            self._block(self._head(_("没办完的"), str(found.waiting)), *lines, *rest)
        lines = [self._link(link, link.date, _visit_words(link)) for link in found.visits]
        nothing = [label(_("还没有检查过。"), "caption")] if not lines else []
        self._block(
            self._head(_("以往检查"), _("上次 {day}").format(day=found.last) if found.last else ""), *lines, *nothing
        )
        if found.last_values:
            self._block(
                self._head(_("上次填的")), _pairs(theme, [(v.label, v.text) for v in found.last_values]), last=True
            )
        self.column.addStretch(1)

    def _cap(self, found: SubjectContext) -> None:
        cap = found.cap
        if cap is None or not cap.cap:
            return
        line = QHBoxLayout()
        self._theme.pad(line)
        line.addWidget(label(_("今年行政检查"), "table"), 1)
        words = _("{used} / {cap} 次").format(used=cap.used, cap=cap.cap)
        line.addWidget(label(words, "strong-table", tone="amber" if cap.over else ""))
        bar = CoverageBar(self._theme, min(cap.used / cap.cap, 1))
        parts: list[QWidget | QLayout] = [line, bar]
        if cap.words:
            parts.append(label(cap.words, "caption", wrap=True))
        self._block(*parts)

    # ---- an order ------------------------------------------------------------------------------------------------
    def show_order(self, found: OrderContext, events: Sequence[Event] = ()) -> None:
        """Show an order, and what happened to it so far."""
        self._clear()
        self.shown, self.in_history, self.of = (found, events), False, ""
        line = QHBoxLayout()
        self._theme.pad(line, spacing=tokens.S2)
        line.addWidget(label(found.due or _("按派单时间推算"), "table"), 1)
        if found.chip is not None:
            line.addWidget(chip_of(self._theme, found.chip))
        parts: list[QWidget | QLayout] = [self._head(_("办理时限")), line]
        if found.due_words:
            parts.append(label(found.due_words, "caption"))
        self._block(*parts)
        lines = []
        for why, link in found.duplicates:
            lines.append(self._link(link, why, f"{link.title} {link.detail}".strip()))
        nothing = [] if lines else [label(_("没有找到相同或相近的工单。"), "caption", wrap=True)]
        self._block(self._head(_("可能重复"), str(found.alike) if lines else ""), *lines, *nothing, last=not events)
        if events:
            self._block(self._head(_("经过")), *(self._event(event) for event in events), last=True)
        self.column.addStretch(1)

    def _event(self, event: Event) -> QHBoxLayout:
        line = QHBoxLayout()
        self._theme.pad(line, spacing=tokens.S2)
        line.addWidget(Mark(self._theme, event.kind), 0, Qt.AlignmentFlag.AlignTop)
        day = label(event.day or "—", "table", tone="grey")
        self._theme.fix(day, width=DAY, height=LINE)
        line.addWidget(day, 0, Qt.AlignmentFlag.AlignTop)
        text = f"{event.words}\u3000{event.detail}" if event.detail else event.words
        words = label(text, "table", tone="red" if event.kind == "late" else "", wrap=True)
        line.addWidget(beside_mark(self._theme, words), 1)
        return line

    # ---- a field's history ---------------------------------------------------------------------------------------
    def show_history(
        self,
        title: str,
        steps: Sequence[dict[str, Any]],
        *,
        of: str = "",
        whole: Callable[[], object] | None = None,
    ) -> None:
        """Show who changed a field and when, newest first.

        Args:
            title: the label of the field.
            steps: its changes; of several fields each line names its own.
            of: key of the field, "" = the whole record.
            whole: shows the history of the whole record.
        """
        self._clear()
        self.in_history, self.of = True, of
        back = Button(self._theme, _("关闭"), self._close, row=True, icon="x")
        head = QHBoxLayout()
        self._theme.pad(head, spacing=tokens.S2)
        head.addWidget(Elided(_("{label}：历史").format(label=title), "strong-table"), 1)
        head.addWidget(back)
        more = [Button(self._theme, _("看整条记录的改动"), whole, row=True, icon="history")] if whole else []
        self._block(head, *more)
        for step in steps:
            when = str(step.get("at") or "")[:16].replace("T", " ")
            parts: list[QWidget | QLayout] = [label(f"{when}  {step.get('who') or ''}", "caption")]
            parts.append(label(changed_words(step, named=not of), "table", wrap=True))
            if step.get("why"):
                parts.append(label(_("原因：{why}").format(why=step["why"]), "caption", wrap=True))
            self._block(*parts)
        if not steps:
            self._block(label(_("登记以来没有改过。"), "caption", wrap=True), last=True)
        self.column.addStretch(1)


def changed_words(step: Mapping[str, Any], *, named: bool) -> str:
    """One change in words; *named* = with the label of its field."""
    if step.get("field") is None:
        return verb_words(str(step.get("verb") or ""))
    old, new = worded(step.get("old")), worded(step.get("new"))
    words = f"{old or '—'} → {new or '—'}"
    return f"{step.get('label') or step['field']}：{words}" if named else words


def worded(value: Any) -> str:
    """A logged value in words."""
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return "、".join(worded(v) for v in value)
    if isinstance(value, dict):
        return " ".join(worded(v) for k, v in value.items() if k not in ("id", "sha256", "rec", "pos"))
    return str(value).replace("T", " ")


def _visit_words(link: Link) -> str:
    return "，".join(t for t in (link.title, link.detail) if t)


def _tags(theme: Theme, tags: Sequence[str]) -> QWidget:
    from envdesk.gui.form.wrap import Wrap

    flow = Wrap(theme)
    for tag in tags:
        flow.add(Chip(theme, ChipState(tag)))
    return flow


def _pairs(theme: Theme, pairs: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    theme.pad(grid, spacing=3)
    for n, (key, text) in enumerate(pairs):
        name = label(key, "table", tone="grey")
        name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        grid.addWidget(name, n, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(text, "table", wrap=True), n, 2)
    grid.setColumnMinimumWidth(1, tokens.S1)
    grid.setColumnStretch(2, 1)
    return grid
