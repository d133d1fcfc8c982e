"""Photograph the pages: ``python build_spec/screenshots.py [--db FILE] [--only NAME] [--out DIR] [--all]``.

Opens the window on a sample office with the clock at 2026-10-09 09:41 and writes one PNG per page, size, colours and
scale into ``.screenshots/`` (ignored by git). Every page says in its ``PAGE`` what is photographed. Without a screen Qt
draws offscreen. ``--all`` takes every combination; without it 1366x768 light and dark at 100 %, and light at 150 %.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtWidgets import QApplication  # noqa: E402, TID251 - it photographs the window

from envdesk.clock import Clock  # noqa: E402
from envdesk.desk import books, own_reports  # noqa: E402
from envdesk.desk.office import opened  # noqa: E402
from envdesk.desk.sample import demo  # noqa: E402
from envdesk.gui.app import App, make_qt  # noqa: E402
from envdesk.gui.page import Shot, found  # noqa: E402
from envdesk.gui.window import MainWindow  # noqa: E402

NOW = datetime(2026, 10, 9, 9, 41)
OPERATOR = "李敏"
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
REST = 0.15
"""Seconds without work before a picture is taken."""

Look = tuple[tuple[int, int], str, float]


def looks(*, every: bool) -> Iterator[Look]:
    """Return size, colours and scale of the pictures."""
    if not every:
        yield from FEW
        return
    for size in SIZES:
        for mode in MODES:
            for scale in SCALES:
                yield size, mode, scale


def sample(folder: Path, *, fresh: bool) -> Path:
    """Make a small office to look at, once."""
    path = folder / "sample.envdesk"
    if fresh:
        for old in folder.glob("sample.envdesk*"):
            old.unlink()
    if not path.is_file():
        demo(path, until=NOW.date().isoformat(), records=RECORDS)
    with opened(path, operator=OPERATOR) as desk:
        if not books.books(desk):
            books.bind(desk, *workbook(folder / "区月报.xlsx"), "区月报")
            own_reports.copy(desk, "monthly", "大气专报")
    return path


def workbook(path: Path) -> tuple[Path, dict[str, dict[str, str]]]:
    """Make a form as a superior sends it out, and say which figure stands in which cell."""
    import xlsxwriter

    rows = [("大气", "工地扬尘巡查", "site_visits"), ("大气", "移动源抽测", "mobile_tested"), ("水", "河涌巡查", "river_visits"),
            ("监管", "检查企业", "insp_visits"), ("监管", "工单收到", "wo_received"), ("监管", "工单办结率", "wo_rate")]  # fmt: skip
    columns = ("本期", "本年累计", "上年同期", "同比")
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("月报")
    head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#DCE6F1"})
    rate = book.add_format({"num_format": "0.00%"})
    page.merge_range("A1:G1", "2026年9月生态环境工作情况表", head)
    for n, text in enumerate(("序号", "类别", "指标", *columns)):
        page.write(1, n, text, head)
    cells: dict[str, str] = {}
    for n, (group, title, figure) in enumerate(rows, 3):
        for m, value in enumerate((n - 2, group, title)):
            page.write(n - 1, m, value)
        for letter, column in zip("DEFG", columns, strict=True):
            page.write_blank(f"{letter}{n}", None, rate if figure == "wo_rate" else None)
            cells[f"{letter}{n}"] = f"{figure} {column}"
    page.write("C9", "合计", head)
    page.write_formula("D9", "=SUM(D3:D7)")
    page.set_column("C:C", 24)
    book.close()
    return path, {"cells": cells}


def settle(app: App, seconds: float = 20) -> None:
    """Let the window finish what it reads and draws."""
    end, quiet = time.monotonic() + seconds, time.monotonic()
    while time.monotonic() < end and time.monotonic() - quiet < REST:
        QApplication.processEvents()
        if app.tasks.active:
            quiet = time.monotonic()
        time.sleep(0.005)


def photograph(app: App, window: MainWindow, page: str, shot: Shot, look: Look, out: Path) -> Path:
    """Take one picture."""
    (width, height), mode, scale = look
    app.theme.set_mode("dark" if mode == "dark" else "light")
    app.theme.set_scale(scale)
    window.resize(width, height)
    window.go(page, **shot.params)
    settle(app)
    if shot.prepare is not None:
        shot.prepare(window.page)
        settle(app)
    target = out / f"{shot.name}-{width}x{height}-{mode}-{round(scale * 100)}.png"
    window.grab().save(str(target))
    return target


def main() -> int:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description="Photograph the pages.")
    parser.add_argument("--db", type=Path, help="an office to photograph instead of the sample (it is only read)")
    parser.add_argument("--only", action="append", default=[], help="name of a picture or a page")
    parser.add_argument("--out", type=Path, default=ROOT / ".screenshots")
    parser.add_argument("--fresh", action="store_true", help="make the sample office again")
    parser.add_argument("--all", action="store_true", help="every size, colour and scale")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    app = App(make_qt(), hooks=False)
    window = app.open(args.db or sample(args.out, fresh=args.fresh), operator=OPERATOR, clock=Clock(NOW))
    window.show()
    window.start()
    try:
        for name, spec in found().items():
            for shot in spec.shots:
                if args.only and not {name, shot.name} & set(args.only):
                    continue
                for look in looks(every=args.all):
                    print(photograph(app, window, name, shot, look, args.out))
    finally:
        app.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
