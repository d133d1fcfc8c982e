"""Hands and eyes of the smoke run: the wine prefix with the program in it, real keys, photographs, what was unexpected."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

WINE, SERVER = "/usr/lib/wine/wine64", "/usr/lib/wine/wineserver64"
#: Places of the rail, counted from its top.
RAIL = {"报表": 6, "上报": 7, "设置": 8}
PATIENCE = 120
"""Seconds for something to come, on a machine that does other things as well."""


class Failed(Exception):  # noqa: N818 - it says what happened
    """Something was not as it should be."""


@dataclass
class Bench:
    """The prefix, the program in it and where pictures go."""

    work: Path
    started: float = field(default_factory=time.monotonic)
    env: dict[str, str] = field(default_factory=dict)
    place: Path | None = None

    @property
    def disk(self) -> Path:
        """Drive C."""
        return Path(os.environ["WINEPREFIX"]) / "drive_c"

    @property
    def user(self) -> Path:
        """Folder of the user."""
        return self.disk / "users" / (os.environ.get("USER") or "root")

    @property
    def program(self) -> Path:
        """Folder of the installed program: *place*, or the usual one."""
        return self.place or self.user / "AppData/Local/Programs/EnvDesk"

    @property
    def data(self) -> Path:
        """Folder of the records."""
        return self.user / "AppData/Local/EnvDesk"

    def at(self, path: Path) -> str:
        """A path as Windows says it."""
        return "C:\\" + str(path.relative_to(self.disk)).replace("/", "\\")

    def say(self, text: str) -> None:
        """Print a line with the seconds since the start."""
        print(f"{time.monotonic() - self.started:6.1f} s  {text}", flush=True)

    def wine(self, *words: str | Path, seconds: float = 5 * PATIENCE) -> subprocess.CompletedProcess[str]:
        """Run a Windows program; pipes, because a Windows Python under wine dies on anything else."""
        command = [WINE, *(str(w) for w in words)]
        return subprocess.run(  # noqa: S603 - our own program
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False,
            encoding="utf-8", errors="replace", cwd=self.work, env=os.environ | self.env,
        )  # fmt: skip

    def verb(self, *words: str | Path, code: int = 0, stderr: str = "") -> str:
        """Run a verb of the installed program; its stderr must be *stderr*."""
        done = self.wine(self.program / "envdesk-cmd.exe", *words)
        if done.returncode != code or (done.stderr.strip() if not stderr else stderr not in done.stderr):
            raise Failed(f"{words}: code {done.returncode}\n{done.stdout[-1500:]}\n{done.stderr[-3000:]}")
        self.say(f"{words[0]}: {done.stdout.strip()[:100]}")
        return done.stdout


# ---- hands and eyes ----------------------------------------------------------------------------------------------
def tool(*words: str) -> str:
    """Run a tool of X; "" when it finds nothing."""
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - fixed tools


def wait_for(what: str, seen: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not seen():
        if time.monotonic() > end:
            raise Failed(what)
        time.sleep(0.5)


def shot(bench: Bench, name: str) -> None:
    """Photograph the screen."""
    folder = bench.work / "shots"
    folder.mkdir(exist_ok=True)
    tool("import", "-window", "root", str(folder / f"{name}.png"))


def wait_window(title: str, seconds: float = PATIENCE, *, gone: bool = False) -> None:
    """Wait until a window with *title* is there, or is there no more."""
    wait_for(
        f"window {title!r} {'still' if gone else 'not'} there",
        lambda: bool(tool("xdotool", "search", "--onlyvisible", "--name", title)) != gone, seconds,
    )  # fmt: skip


def keys(*names: str, pause: float = 0.6) -> None:
    """Press keys."""
    for name in names:
        tool("xdotool", "key", name)
        time.sleep(pause)


def activate() -> None:
    """Give our window the focus again, which wine loses after a dialog of its own."""
    tool("xdotool", "search", "--onlyvisible", "--name", "环保台账", "windowactivate", "--sync")
    time.sleep(0.5)


def write(text: str) -> None:
    """Type ASCII text."""
    tool("xdotool", "type", "--delay", "50", text)
    time.sleep(0.4)


def save_as(bench: Bench, key: str, path: Path, title: str = "PDF") -> None:
    """Press a key that brings the system's dialog (again while the page is not ready), answer it, wait for the file."""
    for _n in range(6):
        keys(key)
        try:
            wait_window(title, 20)
            break
        except Failed:
            continue
    time.sleep(2)
    shot(bench, f"dialog-{path.stem}")
    keys("Home", "shift+End", pause=0.3)
    write(bench.at(path))
    keys("Return")
    wait_for(f"{path.name} was not written", path.is_file)
    time.sleep(3)
    activate()


def go(name: str) -> None:
    """Go to a place of the rail by keys: the search, the part before it, down."""
    keys("ctrl+k", "shift+F6", "Home", *["Down"] * RAIL[name], pause=0.4)
    keys("Return")
    wait_window(f"{name} - ")
    time.sleep(4)


def launch(bench: Bench, *words: str | Path) -> subprocess.Popen[str]:
    """Start something that has a window."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [WINE, *(str(w) for w in words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", cwd=bench.work, env=os.environ | bench.env,
    )  # fmt: skip


def start(bench: Bench, *words: str | Path) -> subprocess.Popen[str]:
    """Start the window."""
    return launch(bench, bench.program / "EnvDesk.exe", *words)


def close(bench: Bench, window: subprocess.Popen[str]) -> None:
    """Close the window by its key; it must end by itself, in silence."""
    activate()
    keys("alt+F4")
    try:
        out, _nothing = window.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        shot(bench, "still-open")
        window.kill()
        raise Failed("the window did not close") from None
    if window.returncode or out.strip():
        raise Failed(f"window: code {window.returncode}\n{out}")
    quiet(bench)


def quiet(bench: Bench) -> None:
    """Fail when the program's own log holds anything but information, or a fault was written."""
    logs = bench.data / "logs"
    for path in logs.glob("*.log*") if logs.is_dir() else ():
        text = path.read_text("utf-8", "replace")
        if path.name == "faults.log" and text.strip():
            raise Failed(f"{path.name}:\n{text[:2000]}")
        if " ERROR " in text or " WARNING " in text or " CRITICAL " in text:
            raise Failed(f"{path.name}:\n{text[-2000:]}")
