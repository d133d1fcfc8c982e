"""Start and memory of the built program against a bare PySide6 window, both by the launcher that ships: start.sh.

Both are the delivered folder (launcher, signed Python, trimmed Qt, compiled modules) with another first module, which
runs the code of build_spec/measure_start.py. Seconds count from the making of the process, so loading Python and its
DLLs is in both; memory is the most the process ever held (peak working set). The two take turns, the median counts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import build  # noqa: E402 - beside this file
import measure_start  # noqa: E402 - one folder up

WINE, SERVER = "/usr/lib/wine/wine64", "/usr/lib/wine/wineserver64"
CLOCK = "import time; t0 = time.perf_counter()\n"
#: First module of a measured start. ``perf_counter`` runs from the making of the process; the answer goes to a file.
FIRST = """
import time, ctypes, atexit, json, os, sys
k32, psapi = ctypes.WinDLL("kernel32"), ctypes.WinDLL("psapi")
k32.GetCurrentProcess.restype = ctypes.c_void_p
class Memory(ctypes.Structure):
    _fields_ = [("cb", ctypes.c_uint32), ("faults", ctypes.c_uint32)] + [
        (n, ctypes.c_size_t) for n in ("peak", "now", "a", "b", "c", "d", "pagefile", "peak_pagefile")]
me, now, made, x, y, z = ctypes.c_void_p(k32.GetCurrentProcess()), *(ctypes.c_uint64() for _ in range(5))
k32.GetProcessTimes(me, ctypes.byref(made), ctypes.byref(x), ctypes.byref(y), ctypes.byref(z))
k32.GetSystemTimePreciseAsFileTime(ctypes.byref(now))
t0 = time.perf_counter() - (now.value - made.value) / 1e7
sys.stdout = open(os.environ["ENVDESK_TIMES"], "w", encoding="utf-8")
def memory():
    m = Memory(); m.cb = ctypes.sizeof(m)
    psapi.GetProcessMemoryInfo(me, ctypes.byref(m), m.cb)
    print(json.dumps({"peak": m.peak}), flush=True)
atexit.register(memory)
"""
KINDS = {"empty": measure_start.EMPTY, "ours": measure_start.OURS}


def delivered(tree: Path, out: Path, code: str) -> Path:
    """The delivered folder with another first module; returns its launcher."""
    if not code.lstrip().startswith(CLOCK):
        raise SystemExit("start: measure_start.py begins in another way than this was written for")
    app = build.fresh(out) / "app"
    for name in ("runtime", "lib"):
        (out / name).symlink_to(tree / name)
    app.mkdir()
    (app / "envdesk").symlink_to(tree / "app" / "envdesk")
    (app / "envdesk_boot.py").write_text(FIRST + code.lstrip().removeprefix(CLOCK), "utf-8")
    build.compile_all(app)
    return Path(shutil.copy(tree / "EnvDesk.exe", out))


def once(launcher: Path, answer: Path) -> dict[str, float]:
    """One start; seconds and bytes."""
    answer.unlink(missing_ok=True)
    # a pipe, because a Windows Python under wine wants one; not read to its end, which the services of wine keep open
    process = subprocess.Popen(  # noqa: S603 - our own program
        [WINE, str(launcher)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"ENVDESK_TIMES": f"Z:{answer}"},
    )  # fmt: skip
    try:
        code = process.wait(180)
    finally:
        process.kill()
    said = answer.read_text("utf-8").splitlines() if answer.is_file() else []
    if code or len(said) < 2:
        raise SystemExit(f"start: {launcher.parent.name}: code {code} {said}")
    found: dict[str, float] = {}
    for line in said:
        found |= json.loads(line)
    return found


def server(*words: str) -> None:
    """Say something to the server of wine; it must not inherit a pipe of ours."""
    subprocess.run(  # noqa: S603 - wine's
        [SERVER, *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )


def sample(tree: Path, records: int) -> None:
    """Make the sample office where the program looks for its file."""
    local = Path(os.environ["WINEPREFIX"]) / "drive_c/users" / (os.environ.get("USER") or "root") / "AppData/Local"
    db = local / "EnvDesk" / "台账.envdesk"
    db.parent.mkdir(parents=True, exist_ok=True)
    words = ("demo", "--out", f"Z:{db}", "--records", str(records))
    done = subprocess.run(  # noqa: S603 - our own program
        [WINE, str(tree / "envdesk-cmd.exe"), *words], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"start: {done.stderr.decode('utf-8', 'replace')}")


def main() -> int:
    """Measure and tell; 1 when slower than promised."""
    parser = argparse.ArgumentParser(description="Measure the start of the built program under wine.")
    parser.add_argument("work", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--records", type=int, default=3000)
    args = parser.parse_args()
    tree = args.work / "EnvDesk"
    sample(tree, args.records)
    launchers = {name: delivered(tree, args.work / "start" / name, code) for name, code in KINDS.items()}
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in KINDS}
    server("-k", "-w")
    server("-p")  # wine itself does not start anew each time
    # without one wine waits two seconds for an answer each time a window goes, as no Windows does
    manager = subprocess.Popen(["openbox"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S607 - Debian's
    try:
        with tempfile.TemporaryDirectory() as folder:
            for n in range(args.runs + 1):
                for name, launcher in launchers.items():
                    found = once(launcher, Path(folder) / "times.json")
                    if n:  # the first of each warms the disk and keeps the compiled forms
                        taken[name].append(found)
    finally:
        server("-k")
        manager.kill()
    return tell(taken)


def tell(taken: dict[str, list[dict[str, float]]]) -> int:
    """Print medians and their ratios."""

    def middle(kind: str, what: str) -> float:
        return statistics.median(one[what] for one in taken[kind])

    empty, paint, usable = middle("empty", "paint"), middle("ours", "paint"), middle("ours", "usable")
    first, ready = paint / empty, usable / empty
    most, most_ready = measure_start.MOST_PAINT, measure_start.MOST_USABLE
    print(f"bare window {empty:.2f} s; first paint {paint:.2f} s ({first:.2f} x, at most {most})")
    print(f"usable {usable:.2f} s ({ready:.2f} x, at most {most_ready})")
    print(f"all figures {middle('ours', 'filled'):.2f} s ({middle('ours', 'filled') / empty:.2f} x)")
    bare, full = middle("empty", "peak") / 1e6, middle("ours", "peak") / 1e6
    print(f"peak memory: bare window {bare:.0f} MB, program {full:.0f} MB ({full / bare:.2f} x)")
    return 0 if first <= most and ready <= most_ready else 1


if __name__ == "__main__":
    raise SystemExit(main())
