"""The help window: a search and the list of pages at the left, the page at the right.

It stands beside the main window, so that one can read and fill in. Pages are Markdown of our own and of the forms;
links lead to other pages only, nothing is loaded from anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QVBoxLayout, QWidget

from envdesk.formdef.model import Catalogue
from envdesk.gui import tokens
from envdesk.gui.focus import FocusRing
from envdesk.gui.labels import hairline, label
from envdesk.gui.search_box import LineField
from envdesk.gui.theme import Theme
from envdesk.i18n import _
from envdesk.present import help as pages
from envdesk.present.help import Find, Topic

SIZE, LIST, MARGIN = (920, 640), 248, 32
MOST_LIST = 0.4
"""Share of the window that the list takes at most."""
LINE = 150
"""Line height of running text in per cent."""
ID = Qt.ItemDataRole.UserRole


class _Search(LineField):
    """↓ goes to the list, Esc empties."""

    def __init__(self, theme: Theme, below: QListWidget) -> None:
        super().__init__(theme, _("找：期限、备份、复查…"), icon="search")
        self._below = below

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._below.setFocus(Qt.FocusReason.TabFocusReason)
            return
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)


class HelpWindow(QWidget):
    """Shows the pages.

    Attributes:
        topics: all pages; ``shown`` the one that is open.
    """

    def __init__(self, theme: Theme, catalogue: Catalogue | None, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_("帮助"))
        self._theme = theme
        self.topics = pages.topics(catalogue)
        self.shown: Topic | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(_("帮助的目录"))
        self.list.setWordWrap(True)
        self.list.setProperty("kind", "help")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.search = _Search(theme, self.list)
        self.search.setAccessibleName(_("在帮助里找"))
        self.search.setClearButtonEnabled(True)
        self.nothing = label(_("没有找到，换个说法试试。"), "soft", wrap=True)
        self.nothing.hide()
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setProperty("kind", "help")
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.setAccessibleName(_("帮助的内容"))
        left, whole = QVBoxLayout(), QHBoxLayout(self)
        theme.pad(left, (tokens.S3, tokens.S3, tokens.S3, tokens.S3), tokens.S2)
        theme.pad(whole)
        self.side = QWidget()
        self.side.setLayout(left)
        for part in (self.search, self.nothing, self.list):
            left.addWidget(part, 1 if part is self.list else 0)
        left.addStretch(0)
        whole.addWidget(self.side)
        whole.addWidget(hairline(theme, vertical=True))
        whole.addWidget(self.text, 1)
        self._ring = FocusRing(theme, self)
        self.search.textChanged.connect(self.seek)
        self.list.currentItemChanged.connect(self._chosen)
        theme.changed.connect(self._dress_anew)
        for sequence, act in (("Esc", self.close), ("F1", self.close), ("Ctrl+F", self.search.setFocus)):
            QShortcut(QKeySequence(sequence), self).activated.connect(act)
        self._fill([Find(t, "") for t in self.topics])
        self._sized_at = 0.0
        self._resize()

    def _resize(self) -> None:
        """As large as its words want, as long as the screen has room; no larger than the window it explains.

        Once for a size of the words: what the user made of it stays.
        """
        if self._sized_at == self._theme.scale:
            return
        self._sized_at = self._theme.scale
        room, over = self.screen().availableSize(), self.parentWidget()
        self.resize(self._theme.size(*SIZE).boundedTo(room if over is None else room.boundedTo(over.window().size())))

    def _dress_anew(self) -> None:
        """Other colours or another size."""
        for n in range(self.list.count()):
            self.list.item(n).setSizeHint(self._line(self.list.item(n).text()))
        if self.isVisible():  # a closed one may get its old size back from the system
            self._resize()
        self._draw()

    def _line(self, words: str) -> QSize:
        return self._theme.size(LIST, 2 * tokens.ROW if "\n" in words else tokens.ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: D102 - Qt's
        super().resizeEvent(event)
        self.side.setFixedWidth(min(self._theme.px(LIST + 2 * tokens.S3), round(self.width() * MOST_LIST)))

    # ---- what is shown -------------------------------------------------------------------------------------------
    def open(self, topic: str, field: str = "") -> None:
        """Show a page, from the place where *field* (a label) is explained; an unknown page shows the first."""
        known = next((t for t in self.topics if t.id == topic), self.topics[0])
        if self.search.text():
            self.search.clear()
        self._mark(known)
        self._show(known)
        if field:
            self._go_to(field)
        self._resize()
        self.show()
        self.raise_()
        self.activateWindow()
        self.search.setFocus()

    def seek(self, words: str) -> None:
        """Show the pages that hold the words; all of them without words."""
        found = pages.find(self.topics, words) if words.strip() else [Find(t, "") for t in self.topics]
        self._fill(found)
        self.nothing.setVisible(not found)
        if words.strip() and found:
            self.list.setCurrentRow(0)
        elif self.shown is not None:
            self._mark(self.shown)

    def _fill(self, found: Sequence[Find]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for find in found:
            item = QListWidgetItem(f"{find.topic.title}\n{find.around}" if find.around else find.topic.title)
            item.setData(ID, find.topic.id)
            item.setSizeHint(self._line(item.text()))
            self.list.addItem(item)
        self.list.blockSignals(False)

    def _mark(self, topic: Topic) -> None:
        self.list.blockSignals(True)
        for n in range(self.list.count()):
            if self.list.item(n).data(ID) == topic.id:
                self.list.setCurrentRow(n)
        self.list.blockSignals(False)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        topic = next((t for t in self.topics if item is not None and t.id == item.data(ID)), None)
        if topic is not None:
            self._show(topic)
            words = self.search.text().split()
            if words:
                self.text.find(words[0])

    def _show(self, topic: Topic) -> None:
        self.shown = topic
        self._draw()
        self.text.verticalScrollBar().setValue(0)

    def _draw(self) -> None:
        """Write the page in the colours and the size in use."""
        if self.shown is None:
            return
        theme = self._theme
        document = self.text.document()
        document.setDefaultFont(theme.font("body"))
        document.setDocumentMargin(theme.px(MARGIN))
        self.text.setMarkdown(f"# {pages.escape(self.shown.title)}\n\n{self.shown.text}")
        block = document.begin()
        while block.isValid():
            self._dress(QTextCursor(block), block.blockFormat().headingLevel())
            block = block.next()

    def _dress(self, cursor: QTextCursor, level: int) -> None:
        theme = self._theme
        shape, look = QTextBlockFormat(), QTextCharFormat()
        shape.setLineHeight(LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if level:
            look.setFont(theme.font(("page", "section", "body")[min(level, 3) - 1], bold=True))
            shape.setTopMargin(theme.px((0, tokens.S5, tokens.S3)[min(level, 3) - 1]))
            shape.setBottomMargin(theme.px(tokens.S1))
        else:
            shape.setBottomMargin(theme.px(tokens.S2))
        cursor.mergeBlockFormat(shape)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        if level:  # not merged: Markdown's own enlarging would stay
            cursor.setCharFormat(look)

    def _go_to(self, heading: str) -> None:
        block = self.text.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and block.text() == heading:
                self.text.setTextCursor(QTextCursor(block))
                top = self.text.document().documentLayout().blockBoundingRect(block).top()
                self.text.verticalScrollBar().setValue(round(top) - self._theme.px(tokens.S2))
                return
            block = block.next()
