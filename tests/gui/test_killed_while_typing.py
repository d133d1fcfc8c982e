"""The program is killed while somebody types: at the next start the draft is offered and comes back by keyboard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from typist import Key, Typist

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import sys, time
from datetime import datetime
from pathlib import Path
sys.path[:0] = [{root!r}, {here!r}]
from PySide6.QtWidgets import QApplication
from typist import Key, Typist
from envdesk.clock import Clock
from envdesk.gui.app import App, make_qt
from envdesk.gui.prefs import Prefs
app = App(make_qt(), prefs=Prefs(), hooks=False)
window = app.open(Path({db!r}), operator="李敏", clock=Clock(datetime(2026, 10, 9, 9, 41)))
window.show()
window.start()
typist = Typist(app).rest()
window.go("form", form="work_order")
typist.rest(0.2)
typist.say("JH2610-7").enter(2)
start = time.monotonic()
n = 0
while time.monotonic() - start < 60:
    typist.say(f"第{{n}}次闻到胶水味，")
    n += 1
    for _n in range(12):
        QApplication.processEvents()
        time.sleep(0.01)
    if n == 20:
        print("typed", flush=True)
"""


def test_the_draft_comes_back(office_file, running):
    code = CHILD.format(root=str(ROOT), here=str(Path(__file__).parent), db=str(office_file))
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "typed\n"
        child.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    finally:
        child.kill()
        child.wait(20)
        child.stdout.close()

    typist = Typist(running())
    typist.window.start()
    typist.window.activateWindow()
    typist.until(typist.window.isActiveWindow).rest()
    page = typist.page
    assert len(page.drafts.cells) == 1
    while not page.drafts.isAncestorOf(typist._focus()):
        typist.press(Key.Key_F6)
    typist.enter().rest()
    assert typist.page.session.form.id == "work_order"
    assert typist.page.session.raw["order_no"] == "JH2610-7"
    content = typist.page.session.raw["content"]
    assert content.startswith("第0次闻到胶水味，第1次")
    assert content.count("次闻到胶水味") >= 12  # at most what was typed in the last moment is missing
