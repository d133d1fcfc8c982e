"""One record at a glance, at the right of a list: what it is, the next step, what happened, its values, its kin."""

# ruff: noqa: D102 - overrides of Qt's methods are described by Qt

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from envdesk.gui import tokens
from envdesk.gui.buttons import Button, KeyHint
from envdesk.gui.chips import Chip, paint_shape
from envdesk.gui.facts_grid import Facts
from envdesk.gui.form.wrap import Wrap
from envdesk.gui.labels import Elided, breakable, hairline, label
from envdesk.gui.register.source import chip_of
from envdesk.gui.section import scrolled
from envdesk.gui.theme import Theme
from envdesk.gui.tips import set_tip
from envdesk.i18n import _
from envdesk.present.preview import Block, Event, Pair, Preview, Related

DAY, FOOT, LINE = 40, 44, 24
SHAPES = {"done": ("check", "green"), "late": ("cross", "red"), "open": ("ring", "soft")}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class LinkText(QLabel):
    """Green words that lead somewhere; Enter or a click goes there.

    Signals:
        pressed: go there.
    """

    pressed = Signal()

    def __init__(self, text: str, *, wrap: bool = True) -> None:
        super().__init__(breakable(text) if wrap else text)
        self._said = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "table")
        self.setProperty("tone", "green")
        self.setWordWrap(wrap)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def say(self, text: str) -> None:
        """Say something about where it leads, as its tool tip."""
        self._said = text
        set_tip(self, text)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return hint if self.wordWrap() else QSize(1, hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.wordWrap():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        cut = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        if not self._said:
            set_tip(self, self.text() if cut != self.text() else "")
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter), cut)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


def beside_mark(theme: Theme, words: QLabel) -> QLabel:
    """Let the first line of words stand on one line of writing with the mark and the day before it."""
    above = max((theme.px(LINE) - theme.metrics("table").lineSpacing()) // 2, 0)
    words.setContentsMargins(0, above, 0, above)
    words.setMinimumHeight(theme.px(LINE))
    return words


class Mark(QWidget):
    """The shape before a line of what happened."""

    def __init__(self, theme: Theme, kind: str) -> None:
        super().__init__()
        self._theme, self._kind = theme, kind
        theme.fix(self, width=tokens.SHAPE, height=LINE)

    def paintEvent(self, event: QPaintEvent) -> None:
        shape, colour = SHAPES.get(self._kind, SHAPES["open"])
        size = self._theme.px(tokens.SHAPE)
        box = QRectF(0, (self.height() - size) / 2, size, size)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_shape(painter, box, shape, self._theme, colour)


class PreviewPane(QFrame):
    """Shows a :class:`~envdesk.present.preview.Preview`.

    Signals:
        step: the next step of the record is wanted.
        opened: the record is to be opened.
        printed: its sheet is to be printed.
        linked: form and id of another record.
        revealed: key of a masked value to be shown in full.
        closed: the pane is to be hidden.
    """

    step = Signal()
    opened = Signal()
    printed = Signal()
    linked = Signal(str, str)
    revealed = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, *, open_words: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._open_words = open_words or _("打开")
        self.shown: Preview | None = None
        self._facts = Facts(theme, self.revealed.emit)
        self.setProperty("kind", "paper")
        theme.fix(self, width=tokens.PREVIEW)
        outer = QVBoxLayout(self)
        theme.pad(outer)
        self._inner = QWidget()
        self.column = QVBoxLayout(self._inner)
        theme.pad(self.column)
        self.area = scrolled(self._inner, kind="clear", over=True)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setProperty("ring", "own")
        self.area.setAccessibleName(_("预览"))
        outer.addWidget(self.area, 1)
        outer.addWidget(self._foot())
        self._scale = theme.scale
        theme.changed.connect(self._measure_again)

    def _foot(self) -> QFrame:
        theme = self._theme
        foot = QFrame()
        foot.setProperty("kind", "foot")
        theme.fix(foot, height=FOOT)
        line = QHBoxLayout(foot)
        theme.pad(line, (tokens.S4, 0, tokens.S4, 0), tokens.S2)
        line.addWidget(KeyHint(theme, ("Space",), _("收起预览")))
        line.addStretch(1)
        line.addWidget(KeyHint(theme, ("Up", "Down"), _("换一条")))
        line.addWidget(KeyHint(theme, ("F2",), _("打开")))
        return foot

    # ---- what is shown -------------------------------------------------------------------------------------------
    def show_nothing(self, sentence: str = "") -> None:
        """Show one sentence."""
        self._clear()
        self.shown = None
        if sentence:
            self._block(label(sentence, "caption", wrap=True), last=True)
        self.column.addStretch(1)

    def show_record(self, found: Preview) -> None:
        """Show a record; the place in it is kept when it is the same one."""
        same = self.shown is not None and self.shown.rec == found.rec
        if same and self.shown == found:
            return
        at = self.area.verticalScrollBar().value() if same else 0
        self.setUpdatesEnabled(False)
        self._clear()
        self.shown = found
        self._head(found)
        if found.lead:
            self._block(label(found.lead, "table", wrap=True))
        if found.void_reason:
            self._block(label(_("作废原因：{why}").format(why=found.void_reason), "table", tone="red", wrap=True))
        blocks = [b for b in found.blocks if b.pairs]
        self._facts.fit(p.label for b in blocks for p in b.pairs if not p.long)
        for n, block in enumerate(blocks):
            self._pairs(block, last=n == len(blocks) - 1)
            if not n and found.events:
                self._events(found.events)
        if found.events and not blocks:
            self._events(found.events)
        if found.related:
            self.column.addWidget(hairline(self._theme))
            self._related(found.related)
        self.column.addStretch(1)
        self.setUpdatesEnabled(True)
        self.column.activate()
        self.area.verticalScrollBar().setValue(at)

    def _measure_again(self) -> None:
        """Lay the record out anew at another scale: marks, days and names have widths of their own."""
        found, before, self._scale = self.shown, self._scale, self._theme.scale
        if found is not None and before != self._scale:
            self.shown = None
            self.show_record(found)

    def show_value(self, key: str, text: str) -> None:
        """Show a value in full."""
        self._facts.show_value(key, text)

    # ---- parts ---------------------------------------------------------------------------------------------------
    def _clear(self) -> None:
        self._facts.clear()
        while (item := self.column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _block(self, *parts: QWidget | QLayout, last: bool = False, pad: float = tokens.S2) -> None:
        block = QWidget()
        column = QVBoxLayout(block)
        self._theme.pad(column, (tokens.S4, pad, tokens.S4, pad), tokens.S1)
        for part in parts:
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        self.column.addWidget(block)
        if not last:
            self.column.addWidget(hairline(self._theme))

    def _head(self, found: Preview) -> None:
        theme = self._theme
        line = QHBoxLayout()
        theme.pad(line, spacing=tokens.S2)
        line.addWidget(
            Elided(found.subtitle.rpartition(" · ")[2] if found.number == "" else found.number, "table", tone="grey"), 1
        )
        if found.chips:
            line.addWidget(Chip(theme, chip_of(found.chips[0])))
        parts: list[QWidget | QLayout] = [line, label(found.title, "section", wrap=True)]
        if len(found.chips) > 1:
            more = Wrap(theme, gap=tokens.S1)
            for told in found.chips[1:]:
                more.add(Chip(theme, chip_of(told)))
            parts.append(more)
        acts = Wrap(theme)
        if found.step is not None and not found.void_reason:
            acts.add(Button(theme, found.step.words, self.step.emit, kind="primary", key="Enter", row=True))
        acts.add(Button(theme, self._open_words, self.opened.emit, key="" if found.step else "Enter", row=True))
        acts.add(Button(theme, _("打印"), self.printed.emit, row=True))
        parts.append(acts)
        self._block(*parts, pad=10)

    def _title(self, text: str) -> QLabel:
        return label(text, "caption")

    def _pairs(self, block: Block, *, last: bool) -> None:
        grid = self._facts.grid()
        for n, pair in enumerate(block.pairs):
            self._pair(grid, n, pair)
        self._block(self._title(block.title), grid, last=last)

    def _pair(self, grid: QGridLayout, n: int, pair: Pair) -> None:
        if pair.long:
            text = label(f"{pair.label}：{pair.text}" if pair.label else pair.text, "table", wrap=True)
            grid.addWidget(text, n, 0, 1, 2)
            return
        if pair.rec and pair.form:
            link = LinkText(pair.text)
            link.setAccessibleName(f"{pair.label}：{pair.text}")
            link.pressed.connect(lambda: self.linked.emit(pair.form, pair.rec))
            self._facts.add(grid, n, pair.label, link)
            return
        self._facts.add_text(grid, n, pair.key, pair.label, pair.text, masked=pair.masked)

    def _events(self, events: Sequence[Event]) -> None:
        grid = QGridLayout()
        self._theme.pad(grid, spacing=(tokens.S2, 0))
        grid.setColumnStretch(2, 1)
        for n, event in enumerate(events):
            grid.addWidget(Mark(self._theme, event.kind), n, 0, Qt.AlignmentFlag.AlignTop)
            day = label(event.day or "—", "table", tone="grey")
            day.setMinimumWidth(self._theme.px(DAY))
            self._theme.fix(day, height=LINE)
            grid.addWidget(day, n, 1, Qt.AlignmentFlag.AlignTop)
            text = f"{event.words}　{event.detail}" if event.detail else event.words
            if event.rec:
                words: QLabel = LinkText(text)
                words.pressed.connect(lambda e=event: self.linked.emit(e.form, e.rec))  # type: ignore[attr-defined]
            else:
                words = label(text, "table", tone="red" if event.kind == "late" else "", wrap=True)
            grid.addWidget(beside_mark(self._theme, words), n, 2)
        self._block(self._title(_("经过")), grid)

    def _related(self, related: Sequence[Related]) -> None:
        lines: list[QWidget | QLayout] = [self._title(_("可能有关"))]
        for other in related:
            line = QHBoxLayout()
            self._theme.pad(line, spacing=tokens.S2)
            link = LinkText(f"{other.why}　{other.number or other.title}", wrap=False)
            link.say(f"{other.date} {other.title}")
            link.pressed.connect(lambda o=other: self.linked.emit(o.form, o.rec))
            line.addWidget(link, 1)
            line.addWidget(label(other.date, "caption"))
            if other.chip is not None:
                line.addWidget(label(other.chip.word, "caption"))
            lines.append(line)
        self._block(*lines, last=True)

    def sizeHint(self) -> QSize:
        return self._theme.size(tokens.PREVIEW, 300)
