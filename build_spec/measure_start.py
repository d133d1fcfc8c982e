"""Compare the start of the window with that of an empty PySide6 window: ``python build_spec/measure_start.py [--runs N]``.

Each run is a process of its own that counts from its first line: Qt loaded, window painted (*first paint*); a line of
the list of 今日 painted in the visible window, which has the focus, so that it takes keys (*usable*); all its figures
there and nothing left to do (*all figures*). The two kinds take turns, so that a busy machine slows both; the median
ratio counts. Processor time, of all threads and from the making of the process, is told beside it: it depends less on
what else the machine does. ``--python`` measures with another Python. Both read compiled modules, as the delivered
program does, in a folder of the measurement that the first run of each fills.
Promised: first paint at most 1.5 times, usable at most 3 times an empty window.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_PAINT, MOST_USABLE = 1.5, 3.0

EMPTY = """
import time; t0 = time.perf_counter()
import json, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        if not times:
            times["paint"], times["cpu"] = time.perf_counter() - t0, time.process_time()
            QTimer.singleShot(0, done)
times = {}
def done():
    times["usable"] = time.perf_counter() - t0
    print(json.dumps(times)); app.exit()
app = QApplication([])
window = Window(); window.setCentralWidget(QTableWidget(20, 6)); window.resize(1366, 768); window.show()
app.exec()
"""

OURS = """
import time; t0 = time.perf_counter()
import json, sys
from envdesk import __main__ as program
from envdesk.gui import display, first
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
times = {}
quiet = [0]
drawn, painted = [], []
display.has_display = lambda: True
shown = first.show
def show(db):
    sight = shown(db)
    times["paint"] = time.perf_counter() - t0
    assert sight.painted
    timer = QTimer(QApplication.instance()); timer.setInterval(2); timer.timeout.connect(lambda: look(timer)); timer.start()
    return sight
def watch():
    due = sys.modules.get("envdesk.gui.today.due")
    if due is None or drawn:
        return False
    drawn.append(due.DueDelegate._line)  # asked by Python: what Qt asks it remembers from the first time
    due.DueDelegate._line = lambda *words: (drawn[0](*words), painted.append(1))[0]
    return True
def look(timer):
    late = watch()
    for window in QApplication.topLevelWidgets():
        if type(window).__name__ == "MainWindow" and window.isVisible() and window.current:
            if late and window.page.list.due.rows:
                window.repaint()
            if painted and "usable" not in times and window.focusWidget() is window.page.list:
                times["usable"], times["cpu"] = time.perf_counter() - t0, time.process_time()
            quiet[0] = 0 if window.ctx.tasks.active else quiet[0] + 1
            if quiet[0] >= 3 and "usable" in times:
                timer.stop(); times["filled"] = time.perf_counter() - t0
                print(json.dumps(times), flush=True); window.close()
first.show = show
sys.argv[1:] = []
sys.exit(program.main())
"""


def once(code: str, python: Path, compiled: Path, *words: str) -> dict[str, float]:
    """One start with its modules in *compiled*; seconds to first paint and to usable."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(compiled)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(  # noqa: S603 - our own code
        [str(python), "-c", code, *words], capture_output=True, text=True, check=False, cwd=ROOT, timeout=120,
        env=env,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def measure(runs: int, db: Path, python: Path) -> dict[str, list[float]]:
    """Seconds of both kinds, taken in turns."""
    taken: dict[str, list[float]] = {"empty": [], "empty_cpu": [], "paint": [], "usable": [], "cpu": [], "filled": []}
    for n in range(runs + 1):
        compiled = db.parent / "compiled"
        empty, ours = once(EMPTY, python, compiled), once(OURS, python, compiled)
        if n:  # the first of each compiles and warms the disk
            taken["empty"].append(empty["paint"])
            taken["empty_cpu"].append(empty["cpu"])
            for name in ("paint", "usable", "cpu", "filled"):
                taken[name].append(ours[name])
    return taken


def main() -> int:
    """Measure and tell; 1 when slower than promised."""
    parser = argparse.ArgumentParser(description="Measure the start of the window.")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--records", type=int, default=3000)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    args = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(ROOT))
    from envdesk.desk.sample import demo

    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = os.environ["WIN_PD_OVERRIDE_LOCAL_APPDATA"] = folder
        db = Path(folder) / "EnvDesk" / "台账.envdesk"
        demo(db, records=args.records)
        taken = measure(args.runs, db, args.python)
    middle = {name: statistics.median(values) for name, values in taken.items()}
    paint, usable = middle["paint"] / middle["empty"], middle["usable"] / middle["empty"]
    print(
        f"empty window {middle['empty']:.3f} s; first paint {middle['paint']:.3f} s ({paint:.2f} x, at most {MOST_PAINT})"
    )
    cpu = middle["cpu"] / middle["empty_cpu"]
    print(
        f"usable {middle['usable']:.3f} s ({usable:.2f} x, at most {MOST_USABLE}); processor {middle['cpu']:.3f} s ({cpu:.2f} x)"
    )
    print(f"all figures {middle['filled']:.3f} s ({middle['filled'] / middle['empty']:.2f} x)")
    return 0 if paint <= MOST_PAINT and usable <= MOST_USABLE else 1


if __name__ == "__main__":
    raise SystemExit(main())
