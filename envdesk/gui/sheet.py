"""The style sheet for Qt's own widgets, written from the tokens."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from envdesk.gui import tokens

if TYPE_CHECKING:
    from envdesk.gui.theme import Theme

_TEXT = Template("""
* { outline: 0; }
QWidget { font-family: "$family"; font-size: ${body}px; color: $text; }
QMainWindow, #ground { background: $ground; }
QDialog { background: $paper; }
QAbstractScrollArea { border: 0; }
QToolTip { background: $text; color: $paper; border: 0; padding: ${s1}px ${s2}px; font-size: ${caption}px; }

QLabel { background: transparent; }
QLabel[role="page"] { font-family: "$bold"; font-size: ${page}px; font-weight: 700; }
QLabel[role="section"] { font-family: "$bold"; font-size: ${section}px; font-weight: 700; }
QLabel[role="strong"] { font-family: "$bold"; font-weight: 700; }
QLabel[role="table"] { font-size: ${table}px; }
QLabel[role="strong-table"] { font-family: "$bold"; font-size: ${table}px; font-weight: 700; }
QLabel[role="caption"] { font-size: ${caption}px; color: $soft; }
QLabel[role="soft"] { color: $soft; }
QLabel[tone="grey"] { color: $soft; }
QLabel[tone="green"] { color: $green; }
QLabel[tone="amber"] { color: $amber; }
QLabel[tone="red"] { color: $red; }
QLabel[tone="blue"] { color: $blue; }
QLabel[tone="inverse"] { color: $paper; }

QFrame[kind="panel"] { background: $paper; border: ${hair}px solid $line; border-radius: ${radius}px; }
QFrame[kind="panel"][tone="red"] { border-color: $red; }
QFrame[kind="panel"][tone="above"] { border-color: $edge; }
QFrame[kind="notice"] { background: $amber_tint; border: 0; border-radius: ${radius}px; }
QFrame[kind="notice"][flush="true"] { border-radius: 0; }
QFrame[kind="line"] { background: $line; border: 0; }
QFrame[kind="foot"] { background: $ground; border: 0; border-top: ${hair}px solid $line; }
QFrame[kind="guide"] { background: $green_tint; border: 0; border-bottom: ${hair}px solid $line; }
QFrame[kind="paper"] { background: $paper; border: 0; }
QFrame[kind="ground"] { background: $ground; border: 0; }
QFrame[kind="desk"], QScrollArea[kind="desk"] > QWidget > QWidget { background: $desk; border: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {
    background: $paper; border: ${hair}px solid $edge; border-radius: ${radius}px; padding: 0 ${field}px;
    selection-background-color: $green; selection-color: $on_green; placeholder-text-color: $soft;
}
QLineEdit, QAbstractSpinBox, QComboBox { min-height: ${inner}px; max-height: ${inner}px; }
QPlainTextEdit, QTextEdit { padding: ${s1}px ${s2}px; }
QTextBrowser[kind="help"] { border: 0; border-radius: 0; padding: 0; }
QLineEdit[problem="error"], QPlainTextEdit[problem="error"], QComboBox[problem="error"],
QAbstractSpinBox[problem="error"] { border-color: $red; }
QLineEdit[problem="warning"], QPlainTextEdit[problem="warning"], QComboBox[problem="warning"],
QAbstractSpinBox[problem="warning"] { border-color: $amber; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {
    background: $ground; border-color: $line; color: $soft;
}
QLineEdit[plain="true"] { background: transparent; border-color: transparent; padding-left: 0; }
QLineEdit[bare="true"] { background: transparent; border: 0; padding: 0; }
QComboBox::drop-down { border: 0; width: ${control}px; }
QComboBox::down-arrow, QSpinBox::down-arrow, QSpinBox::up-arrow { image: none; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: 0; width: 0; }
QComboBox QAbstractItemView, QListView[kind="popup"] {
    background: $paper; border: ${hair}px solid $edge; border-radius: ${radius}px; padding: ${s1}px;
    selection-background-color: $green_tint; selection-color: $green;
}
QComboBox QAbstractItemView::item { min-height: ${item}px; padding: 0 ${s2}px; }

QAbstractItemView { background: $paper; border: 0; selection-background-color: $green_tint; selection-color: $text; }
QListWidget[kind="help"] { background: transparent; }
QListWidget[kind="help"]::item { border-radius: ${radius}px; padding: 0 ${s2}px; }
QListWidget[kind="help"]::item:selected { background: $green_tint; color: $green; }
QAbstractItemView[kind="rail"] { background: $ground; }
QTableView { gridline-color: transparent; font-size: ${table}px; }
QHeaderView { background: $ground; border: 0; }
QHeaderView::section { background: $ground; border: 0; }
QTableCornerButton::section { background: $ground; border: 0; }
QTableView[kind="heat"] { selection-background-color: transparent; }
QTableView[kind="heat"] QTableCornerButton::section, QTableView[kind="heat"] QHeaderView { background: $paper; }
QScrollArea, QScrollArea > QWidget > QWidget[kind="clear"] { background: transparent; }

QMenu { background: $paper; border: ${hair}px solid $edge; padding: ${s1}px; }
QMenu::item { padding: ${s1}px ${s6}px ${s1}px ${s3}px; min-height: ${menu}px; border-radius: ${chip}px; }
QMenu::item:selected { background: $green_tint; color: $green; }
QMenu::item:disabled { color: $soft; background: transparent; }
QMenu::separator { height: ${hair}px; background: $line; margin: ${s1}px ${s2}px; }
QMenu::icon { padding-left: ${s2}px; }

QTabWidget::pane { border: 0; border-top: ${hair}px solid $line; top: -${hair}px; background: transparent; }
QTabBar { background: transparent; }
QTabBar::tab {
    background: transparent; color: $soft; border: 0; border-bottom: ${focus}px solid transparent;
    padding: 0; margin-right: ${s4}px; min-height: ${tab}px; margin-left: 0;
}
QTabBar::tab:selected { color: $green; border-bottom-color: $green; font-family: "$bold"; font-weight: 700; }
QTabBar::tab:hover:!selected { color: $text; }

QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: ${hair}px; }
QScrollBar:vertical { background: transparent; width: ${scroll}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${scroll}px; margin: 0; }
QScrollBar::handle { background: $mute; border-radius: ${handle}px; margin: ${bar_gap}px; }
QScrollBar::handle:vertical { min-height: ${control}px; }
QScrollBar::handle:horizontal { min-width: ${control}px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
""")


def style_sheet(theme: Theme) -> str:
    """Return the style sheet for the colours and the scale in use."""
    px = theme.px
    values: dict[str, str | int] = {
        **{name: getattr(theme.colours, name) for name in theme.colours.__slots__},
        **{role: px(size) for role, size in tokens.TEXT.items()},
        "family": theme.families[0], "bold": theme.families[1],
        "hair": px(tokens.HAIR), "radius": px(tokens.RADIUS), "chip": px(tokens.RADIUS_CHIP), "focus": px(tokens.FOCUS),
        "control": px(tokens.CONTROL), "inner": px(tokens.CONTROL) - 2 * px(tokens.HAIR), "item": px(tokens.ROW - 6),
        "s1": px(tokens.S1), "s2": px(tokens.S2), "s3": px(tokens.S3), "s4": px(tokens.S4), "s5": px(tokens.S5), "s6": px(tokens.S6),
        "field": px(10), "menu": px(tokens.CHIP), "tab": px(tokens.PANEL_HEAD - 2), "scroll": px(tokens.S3),
        "handle": px(3), "bar_gap": px(3),
    }  # fmt: skip
    return _TEXT.substitute(values)
