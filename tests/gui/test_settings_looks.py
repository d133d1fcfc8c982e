"""设置: what is seen of it: whole rows, columns, little and much room, a check that is still running."""

# ruff: noqa: F811 - fixtures are taken over by name

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from settings_desk import app, go, people, rest  # noqa: F401 - fixtures

from envdesk.gui.section import scrolled
from envdesk.gui.table_model import Row


def test_a_list_that_stands_alone_takes_the_height_there_is(app, qtbot):
    page = app.window.page
    app.window.resize(1366, 768)
    part = go(qtbot, app, "forms")[0]
    low = part.table.height()
    app.window.resize(1920, 1080)
    qtbot.waitUntil(lambda: part.table.height() > low + 6 * 34)
    assert page.area.verticalScrollBar().maximum() == 0, "and no more than that"
    high = part.table.height()
    page.area.resize(page.area.width(), page.area.height() - 5 * 34)
    assert part.table.height() == high - 5 * 34, "at once: the area is given its height after the page"


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("group", ["people", "grids", "forms"])
def test_a_list_is_no_higher_than_what_is_shown_of_the_page(app, qtbot, group, scale):
    """Its current row would go out of sight under the edge: the list scrolls for it, the page does not."""
    app.window.resize(1366, 768)
    app.theme.set_scale(scale)
    part = go(qtbot, app, group)[0]
    part.table.show()
    part.model.fill([Row(str(n), ("—",) * part.model.columnCount()) for n in range(40)])
    qtbot.wait(20)
    area = app.window.page.area
    assert part.table.mapTo(area, QPoint(0, part.table.height())).y() <= area.height()


def test_rows_of_a_list_reach_across(app, qtbot):
    part = go(qtbot, app, "people")[0]
    widths = [part.table.main.columnWidth(n) for n in range(part.model.columnCount())]
    shown = [w for n, w in enumerate(widths) if not part.table.main.isColumnHidden(n)]
    assert sum(shown) >= part.table.main.viewport().width() - len(shown)
    campaigns = next(p for p in go(qtbot, app, "checks") if p.name == "list:campaign")
    columns = campaigns._filled(tuple(replace(c, width=60) for c in campaigns.model.columns), set())
    assert [c.key for c in columns if not c.width] == ["name"], "none took what is left: the name does"


def test_a_bar_over_the_margin_is_not_asked_again_while_it_moves(qtbot):
    """The margin moves the bar, the bar asks for the margin: a window went down by it."""
    area = scrolled(QWidget(), over=True)
    qtbot.addWidget(area)
    told = []

    def moved(*margins):
        told.append(margins)
        if len(told) < 5:
            area.verticalScrollBar().rangeChanged.emit(0, 9)

    area.setViewportMargins = moved
    area.verticalScrollBar().rangeChanged.emit(0, 9)
    assert len(told) == 1
