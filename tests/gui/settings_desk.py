"""What the tests of 设置 share: an office with two people, the page open in a window, waiting."""

from __future__ import annotations

import pytest

from envdesk.desk import office, records
from envdesk.gui.pages import form, settings


@pytest.fixture
def people(office_file):
    with office.opened(office_file, operator="李敏", as_of="2026-10-09") as desk:
        records.add(desk, "person", [
            {"name": "李敏", "role": "执法人员", "badge_no": "YL01", "badge_until": "2025-12-08", "warnings": "accept"},
            {"name": "陈立", "role": "环保员", "to": "2026-01-31", "warnings": "accept"},
        ])  # fmt: skip


@pytest.fixture
def app(running, people, qtbot):  # noqa: ARG001 - the office has people
    made = running({"settings": settings.PAGE, "form": form.PAGE})
    made.window.go("settings")
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    rest(qtbot, made)
    return made


def rest(qtbot, app):
    qtbot.waitUntil(lambda: not app.tasks.active, timeout=30_000)


def go(qtbot, app, group):
    app.window.go("settings", group=group)
    rest(qtbot, app)
    return app.window.page.parts[group]
