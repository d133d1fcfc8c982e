"""What the tests of 报表 share: the small office, the page open in a window with what the module's ``OPENED`` says."""

from __future__ import annotations

import pytest
from small_desk import Hands, beside

from envdesk.gui.pages.reports import PAGE

PAGES = {"today": beside("today")["today"], "reports": PAGE} | beside("form", "register")


@pytest.fixture
def office_file(small_file):
    return small_file


@pytest.fixture
def hands(running, qtbot, request):
    made = Hands(running(PAGES), qtbot)
    made.window.go("reports", **getattr(request.module, "OPENED", {}))
    made.settle()
    return made
