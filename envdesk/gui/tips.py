"""Words that are cut with … and the tool tips that give them whole.

Qt takes a tool tip that looks like markup for markup and puts plain words on one line however long; :func:`tip` escapes
them and lets them wrap.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPalette
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

MOST = 1000
"""Characters of a tool tip; a longer text is read in its record."""
_LINE_MARGIN = 2
"""Room that Qt leaves beside the words of a line."""


def tip(text: str) -> str:
    """Return a text as a tool tip: as it is, in several lines; "" stays "" (no tool tip)."""
    shown = text.strip()
    if not shown:
        return ""
    cut = shown if len(shown) <= MOST else f"{shown[: MOST - 1]}…"
    return f"<div>{escape(cut).replace(chr(10), '<br/>')}</div>"


def show_tip(event: QHelpEvent, widget: QWidget, text: str, box: QRect) -> bool:
    """Answer a question for the tool tip of what is drawn in *box*; "" takes it away."""
    if text:
        QToolTip.showText(event.globalPos(), tip(text), widget, box)
    else:
        QToolTip.hideText()
    return True


def set_tip(widget: QWidget, text: str) -> None:
    """Give a widget the tool tip of a text, from its ``paintEvent`` too: nothing is done when it has it."""
    wanted = tip(text)
    if widget.toolTip() != wanted:
        widget.setToolTip(wanted)


def paint_cut(line: QLineEdit) -> bool:
    """Draw a line whose words do not fit with … at their end, and give them as tool tip; False when they fit.

    A line with the focus is Qt's to draw: there the words scroll with the cursor.
    """
    words = line.displayText()
    if line.hasFocus() or not words:
        set_tip(line, "")
        return False
    from PySide6.QtWidgets import QStyle, QStyleOptionFrame  # brings 500 names of its own, none of which a start needs

    option = QStyleOptionFrame()
    line.initStyleOption(option)
    room = line.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, line)
    room = room.marginsRemoved(line.textMargins()).adjusted(_LINE_MARGIN, 0, -_LINE_MARGIN, 0)
    metrics = line.fontMetrics()
    if metrics.horizontalAdvance(words) <= room.width():
        set_tip(line, "")
        return False
    set_tip(line, words)
    painter = QPainter(line)
    line.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, line)
    group = QPalette.ColorGroup.Normal if line.isEnabled() else QPalette.ColorGroup.Disabled
    painter.setPen(line.palette().color(group, QPalette.ColorRole.Text))
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    height = metrics.height()
    base = QPoint(room.left(), room.top() + (room.height() - height + 1) // 2 + metrics.ascent())
    painter.drawText(base, shown)
    return True
