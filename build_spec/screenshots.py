"""Photograph the window: ``python build_spec/screenshots.py [--db FILE] [--only NAME] [--out DIR] [--all]``.

Opens the window on a sample office with the clock at 2026-10-09 09:41 and writes one PNG per page, size, colours and
scale into ``.screenshots/`` (ignored by git). Every page says in its ``PAGE`` what is photographed; dialogs, menus,
lists under fields, empty and overflowing offices are in ``scenes.py``. Without a screen Qt draws offscreen. ``--all``
takes every combination, ``--look 1366x768-light-200`` only that one (may be repeated), without either: 1366x768 light
and dark at 100 %, light at 150 %, 1920x1080 light.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ((1366, 768), (1920, 1080), (2560, 1600))
SCREEN = {
    "screens": [
        {"name": f"{wide}x{high}", "x": 3_000 * n, "y": 0, "width": wide, "height": high, "dpr": 1}
        for n, (wide, high) in enumerate(SCREENS)
    ]
}
_screen = Path(tempfile.mkdtemp(prefix="envdesk-")) / "screen.json"
_screen.write_text(json.dumps(SCREEN), encoding="utf-8")
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={_screen}")
sys.path[:0] = [str(ROOT), str(ROOT / "build_spec")]

import act_scenes  # noqa: E402
from PySide6.QtGui import QPainter  # noqa: E402, TID251 - it photographs the window
from PySide6.QtTest import QTest  # noqa: E402, TID251
from PySide6.QtWidgets import QApplication, QDialog, QWidget  # noqa: E402, TID251
from scenes import LONG_OPERATOR, MAKERS, SCENES, Scene, begun, workbook  # noqa: E402

from envdesk import i18n, paths  # noqa: E402
from envdesk.clock import Clock  # noqa: E402
from envdesk.desk import books, office, own_reports, records, seals  # noqa: E402
from envdesk.desk.office import Desk  # noqa: E402
from envdesk.desk.sample import demo  # noqa: E402
from envdesk.gui.app import App, make_qt  # noqa: E402
from envdesk.gui.page import Shot, found  # noqa: E402
from envdesk.gui.prefs import Prefs  # noqa: E402
from envdesk.gui.start_window import StartWindow  # noqa: E402
from envdesk.gui.window import MainWindow  # noqa: E402

NOW = datetime(2026, 10, 9, 9, 41)
OPERATOR = "李敏"
OPERATORS = {"long": LONG_OPERATOR}
SIZES = ((1366, 768), (1920, 1080))
MODES = ("light", "dark")
SCALES = (1.0, 1.5)
FEW = (
    ((1366, 768), "light", 1.0),
    ((1366, 768), "dark", 1.0),
    ((1366, 768), "light", 1.5),
    ((1920, 1080), "light", 1.0),
)
RECORDS = 3_000
SEALED = tuple(f"2026-{month:02}" for month in range(3, 9))
REST = 0.3
"""Seconds without work before a picture is taken."""

TURNS = 20
"""Turns of the event loop in that time, at least."""

Look = tuple[tuple[int, int], str, float]


def look_of(text: str) -> Look:
    """Read ``1366x768-light-150``."""
    size, mode, percent = text.split("-")
    wide, high = size.split("x")
    return (int(wide), int(high)), mode, int(percent) / 100


def looks(*, every: bool, asked: Sequence[str] = ()) -> Iterator[Look]:
    """Return size, colours and scale of the pictures."""
    if asked:
        yield from map(look_of, asked)
        return
    if not every:
        yield from FEW
        return
    for size in SIZES:
        for mode in MODES:
            for scale in SCALES:
                yield size, mode, scale


def made(folder: Path, kind: str, *, fresh: bool) -> Path:
    """Make an office to look at, once."""
    path = folder / f"{kind}.envdesk"
    if fresh:
        for old in folder.glob(f"{kind}.envdesk*"):
            old.unlink()
    if not path.is_file():
        if kind == "sample":
            demo(path, until=NOW.date().isoformat(), records=RECORDS)
        else:
            {**MAKERS, **act_scenes.WRITTEN}[kind](path, NOW)
    if kind == "sample":
        with office.opened(path, operator=OPERATOR, as_of=NOW.date().isoformat()) as desk:
            desk.store.clock = Clock(NOW)
            if not books.books(desk):
                in_the_morning(desk)
                for month in SEALED:
                    seals.seal(desk, month)
                books.bind(desk, *workbook(folder / "区月报.xlsx"), "区月报")
                own_reports.copy(desk, "monthly", "大气专报")
            begun(desk)
    return path


def in_the_morning(desk: Desk) -> None:
    """The sample's last day is over; in the pictures it has just begun: nothing happened later than now."""
    for form, key in (("work_order", "received_at"), ("site_dust_patrol", "time_to")):
        for record in records.listing(desk, form):
            day, _t, time_ = str(record.get(key) or "").rpartition("T")
            today = (day or str(record.get("visit_date"))) == NOW.date().isoformat()
            if today and time_ > f"{NOW:%H:%M}":
                records.edit(
                    desk, form, str(record["id"]), {key: f"{day}T08:52" if day else "09:35", "warnings": "accept"}
                )


def settle(app: App, seconds: float = 20) -> None:
    """Let the window finish what it reads and draws."""
    end, quiet, turns = time.monotonic() + seconds, time.monotonic(), 0
    # turns: on a busy machine one turn may take longer than the rest, and what it posted is still to be drawn
    while time.monotonic() < end and (time.monotonic() - quiet < REST or turns < TURNS):
        QApplication.processEvents()
        turns += 1
        if app.tasks.active:
            quiet, turns = time.monotonic(), 0
        time.sleep(0.005)


def dress(app: App, window: QWidget, look: Look) -> str:
    """Give the window a size, colours and a scale; returns the end of the file's name."""
    (width, height), mode, scale = look
    app.theme.set_mode("dark" if mode == "dark" else "light")
    app.theme.set_scale(scale)
    window.resize(width, height)
    rooms = [s.geometry() for s in QApplication.screens()]  # menus find the end of the screen where a clerk's is
    window.move(next((r.topLeft() for r in rooms if r.size() == window.size()), rooms[-1].topLeft()))
    return f"{width}x{height}-{mode}-{round(scale * 100)}.png"


def take(window: MainWindow | StartWindow, target: Path) -> Path:
    """Take a picture of the window and of everything that is open over it, and close that."""
    picture = window.grab()
    painter = QPainter(picture)
    over = [w for w in QApplication.topLevelWidgets() if w is not window and w.isVisible()]
    over.sort(key=lambda w: w is QApplication.activePopupWidget())  # the innermost menu lies above the one it is of
    for widget in over:
        corner = window.mapFromGlobal(widget.mapToGlobal(widget.rect().topLeft()))
        painter.drawPixmap(corner, widget.grab())
        if isinstance(widget, QDialog):  # the system draws a frame
            painter.setPen(window.ctx.theme.colour("edge"))
            painter.drawRect(widget.rect().translated(corner))
    painter.end()
    picture.save(str(target))
    for widget in over:
        widget.close()
    return target


def rested(window: MainWindow) -> None:
    """Take away what an earlier picture left: what was said, what was looked for, facts that were made up."""
    window.toast.hide()
    window.status.say("")
    window.top.search.clear()
    window.facts.read()


def first_start(app: App, window: MainWindow, what: Shot | Scene, look: Look, out: Path) -> Path:
    """Take one picture of the first start, which has a window of its own."""
    window.hide()
    alone = StartWindow(window.ctx, Path("C:/Users/李敏/Documents/环保台账/台账.envdesk"))
    end = dress(app, alone, look)
    alone.show()
    alone.activateWindow()
    alone.page.office.setFocus()
    act: Callable[[Any], object] | None = what.prepare
    if act is not None:
        act(alone if isinstance(what, Scene) else alone.page)
    settle(app)
    target = take(alone, out / f"{what.name}-{end}")
    alone.close()
    window.show()
    return target


def photograph(app: App, window: MainWindow, page: str, shot: Shot, look: Look, out: Path) -> Path:
    """Take one picture of a page."""
    if page == "start":
        return first_start(app, window, shot, look, out)
    end = dress(app, window, look)
    rested(window)
    window.go(page, **shot.params)
    settle(app)
    if shot.prepare is not None:
        shot.prepare(window.page)
        settle(app)
    return take(window, out / f"{shot.name}-{end}")


def play(app: App, window: MainWindow, scene: Scene, look: Look, out: Path) -> Path:
    """Take one picture of a scene."""
    if scene.page == "start":
        return first_start(app, window, scene, look, out)
    end = dress(app, window, look)
    rested(window)
    window.go(scene.page, **{k: _found(app, v) for k, v in scene.params.items()})
    settle(app)
    window.activateWindow()
    QTest.qWaitForWindowActive(window)  # keys go to the active window
    if scene.prepare is not None:
        scene.prepare(window)
        settle(app)
    target = take(window, out / f"{scene.name}-{end}")
    panel: QWidget = window.progress
    panel.hide()
    if scene.page == "form":  # what was typed is not wanted again
        window.pages.pop("form").deleteLater()
        window.current = ""
    return target


def _found(app: App, value: object) -> object:
    """``@work_order`` is the newest record of that form."""
    if isinstance(value, dict):
        return {k: _found(app, v) for k, v in value.items()}
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    return app.wait(lambda w: records.listing(w.desk, value[1:]))[-1]["id"]


def opened(db: Path, operator: str = OPERATOR) -> tuple[App, MainWindow]:
    """Open the window on an office."""
    app = App(make_qt(), prefs=Prefs(), hooks=False)
    window = app.open(db, operator=operator, clock=Clock(NOW))
    window.show()
    window.start()
    return app, window


def rounds(some: tuple[Look, ...]) -> Iterator[tuple[str, tuple[Look, ...]]]:
    """Return the offices with the looks each is photographed at while it is open."""
    yield from ((kind, some) for kind in ("sample", *MAKERS))
    yield from ((kind, (look,)) for kind in act_scenes.WRITTEN for look in some)


def main() -> int:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description="Photograph the window.")
    parser.add_argument("--db", type=Path, help="an office to photograph instead of the sample (it is only read)")
    parser.add_argument("--only", action="append", default=[], help="name of a picture or a page")
    parser.add_argument("--look", action="append", default=[], help="size-colours-percent")
    parser.add_argument("--out", type=Path, default=ROOT / ".screenshots")
    parser.add_argument("--fresh", action="store_true", help="make the offices again")
    parser.add_argument("--all", action="store_true", help="every size, colour and scale")
    parser.add_argument("--language", default=i18n.SOURCE, help="language of the program's words")
    args = parser.parse_args()
    i18n.use(args.language, paths.resource("locale"))
    args.out.mkdir(parents=True, exist_ok=True)
    wanted = set(args.only)
    for kind, some in rounds(tuple(looks(every=args.all, asked=args.look))):
        scenes = [s for s in (*SCENES, *act_scenes.SCENES) if s.office == kind and (not wanted or s.name in wanted)]
        if not scenes and kind != "sample":
            continue
        fresh = args.fresh or kind in act_scenes.WRITTEN
        db = args.db if args.db and kind == "sample" else made(args.out, kind, fresh=fresh)
        app, window = opened(db, OPERATORS.get(kind, OPERATOR))
        try:
            for name, spec in found().items() if kind == "sample" else ():
                for shot in spec.shots:
                    for look in some if not wanted or wanted & {name, shot.name} else ():
                        print(photograph(app, window, name, shot, look, args.out))
            for scene in scenes:
                for look in some:
                    print(play(app, window, scene, look, args.out))
        finally:
            app.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
