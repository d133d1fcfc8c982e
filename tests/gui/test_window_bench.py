"""What the window costs, as a ratio to what Qt itself costs in the same run (``-m bench``); nothing is asserted about time.

A list of 100,000 rows until it is painted, against a bare QTableView over a model of the same size; a key in every kind
of field, against a plain QLineEdit or QPlainTextEdit. Reading 100,000 stored records is measured in tests/present.
"""

from __future__ import annotations

import statistics
import time

import pytest
from form_keys import Hands, Key, pages
from PySide6.QtCore import QAbstractTableModel, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTableView

from envdesk.gui.chips import ChipState
from envdesk.gui.table_model import Column, Row
from envdesk.gui.tables import LedgerTable
from envdesk.gui.virtual_model import VirtualModel

pytestmark = pytest.mark.bench
ROWS, ROUNDS, KEYS = 100_000, 7, 200
COLUMNS = [
    Column("check", "", 44, "check"), Column("no", "编号", 112), Column("state", "状态", 104, "chip"),
    Column("place", "地点"), Column("who", "承办", 60), Column("days", "剩余", 86, "number"),
]  # fmt: skip
CELLS = ("", "GD-2026-0001", ChipState("办理中", "blue", "half"), "石马桃红西街1号", "陈立", "8")
FIELDS = {
    "order_no": "text",
    "received_at": "date",
    "kind": "choice",
    "pollution": "multichoice",
    "respondent_id": "ref",
}


class Bare(QAbstractTableModel):
    """As many rows and columns, nothing else."""

    def rowCount(self, _parent=None):
        return ROWS

    def columnCount(self, _parent=None):
        return len(COLUMNS)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        return str(CELLS[index.column()]) if role == Qt.ItemDataRole.DisplayRole else None


class Rows:
    """A source that has its rows at once."""

    on = "pool"

    def count(self, _work):
        return ROWS

    def rows(self, _work, offset, limit, _sort, *, descending):
        return [Row(str(n), CELLS) for n in range(offset, min(offset + limit, ROWS))]

    def ids(self, _work):
        return [str(n) for n in range(ROWS)]


def until_painted(make, ready):
    """Milliseconds from nothing to a painted widget."""
    start = time.perf_counter()
    widget = make()
    widget.resize(1100, 600)
    widget.show()
    while not ready(widget):
        QApplication.processEvents()
    widget.grab()
    spent = (time.perf_counter() - start) * 1000
    widget.hide()
    widget.deleteLater()
    return spent


def test_first_paint_of_a_long_list(theme, tasks, capsys):
    def bare():
        view = QTableView()
        view.setModel(Bare(view))
        return view

    def ours():
        model = VirtualModel(tasks, COLUMNS)
        table = LedgerTable(theme, model, frozen=2)
        model.setParent(table)
        model.set_source(Rows())
        return table

    times = {"bare": [], "ours": []}
    for _n in range(ROUNDS):
        times["bare"].append(until_painted(bare, lambda _w: True))
        times["ours"].append(
            until_painted(ours, lambda w: w.model.rowCount() == ROWS and w.model.row_at(0) is not None)
        )
    plain, own = (statistics.median(times[k]) for k in ("bare", "ours"))
    with capsys.disabled():
        print(f"\n  {ROWS} rows painted: {own:.1f} ms, bare table {plain:.1f} ms, ratio {own / plain:.1f}")
    assert own > 0


def cost(widget):
    """Median microseconds of a key."""
    spent = []
    for n in range(KEYS):
        if n % 40 == 0:
            widget.clear()
        event = QKeyEvent(QEvent.Type.KeyPress, Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
        start = time.perf_counter()
        QApplication.sendEvent(widget, event)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent) * 1e6


def test_a_key_in_every_kind_of_field(running, capsys):
    hands = Hands(running(pages())).open("work_order")
    line, area = QLineEdit(hands.window), QPlainTextEdit(hands.window)
    for plain in (line, area):
        plain.show()
    bare, bare_area = cost(line), cost(area)
    told = [f"plain line {bare:.0f} µs, plain area {bare_area:.0f} µs"]
    for key, kind in FIELDS.items():
        hands.to(key)
        own = cost(hands.editor(key).line)
        told.append(f"{kind} {own:.0f} µs = {own / bare:.1f}")
    hands.to("content")
    own = cost(hands.editor("content").area)
    told.append(f"long_text {own:.0f} µs = {own / bare_area:.1f}")
    hands.settle()
    with capsys.disabled():
        print("\n  a key: " + "; ".join(told))
    assert len(told) == len(FIELDS) + 2
