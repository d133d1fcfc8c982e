"""What is photographed at a district: its offices, and what a user does at the merge desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import district_sample
from PySide6.QtCore import Qt  # noqa: TID251 - it photographs the window
from PySide6.QtTest import QTest  # noqa: TID251

from envdesk.clock import Clock
from envdesk.desk import office
from envdesk.gui.window import MainWindow


def on_street(street: str, *, enter: bool = False) -> Callable[[MainWindow], None]:
    """Go to a street of the merge desk; *enter* presses its button."""

    def act(window: MainWindow) -> None:
        page: Any = window.page
        page.table.go_to([s.name for s in page.desk.streets].index(street))
        page.table.setFocus()
        if enter:
            QTest.keyClick(page.table.main, Qt.Key.Key_Return)

    return act


def tried(window: MainWindow) -> None:
    """Files of three streets looked at, one of them damaged, one with a passphrase."""
    page: Any = window.page
    folder = Path(window.ctx.held.desk.path).parent  # type: ignore[union-attr]
    page.taking.look_at(sorted(folder.glob("石桥*.envpack")) + sorted(folder.glob("江湾*.envpack")))


def unlocked(window: MainWindow) -> None:
    """The file with a passphrase is open."""
    page: Any = window.page
    folder = Path(window.ctx.held.desk.path).parent  # type: ignore[union-attr]
    locked = next(folder.glob("石桥*.envpack"))
    page.taking.look_at([locked], {locked: district_sample.PHRASE})


def district_office(path: Path, _now: datetime) -> None:
    """A district whose streets have reported; its files lie beside it."""
    made = district_sample.sample(path.parent / "streets")
    path.write_bytes(made.db.read_bytes())
    for file in made.files.values():
        (path.parent / file.name).write_bytes(file.read_bytes())


def empty_district(path: Path, now: datetime) -> None:
    """A district of this morning."""
    office.init(path, office=district_sample.NAME, role="district", operator="何静", clock=Clock(now))


def long_district(path: Path, now: datetime) -> None:
    """Streets with names as long as they may be."""
    empty_district(path, now)
    long = ("超长名称的街道办事处综合行政执法办公室" * 3)[:48]
    with office.opened(path, operator="何静") as desk:
        office.set_setting(desk, "streets", "、".join(f"{long}{n}" for n in range(30)))
