"""Try the built installer as a clerk would: called by smoke.sh, with wine, a screen and a fresh prefix at hand.

Every step says what it saw; anything on stderr, in the program's log or in its list of faults fails the run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
WINE = "/usr/lib/wine/wine64"
ORDER = {
    "order_no": "YL2610080007", "source": "12345", "kind": "投诉", "received_at": "2026-10-08T10:00",
    "content": "市民反映鞋厂夜间有刺激性气味，要求处理。",
}  # fmt: skip


class Failed(Exception):  # noqa: N818 - it says what happened
    """Something was not as it should be."""


@dataclass
class Bench:
    """The prefix, the program in it and where pictures go."""

    work: Path
    started: float = field(default_factory=time.monotonic)

    @property
    def user(self) -> Path:
        """Folder of the user."""
        return Path(os.environ["WINEPREFIX"]) / "drive_c" / "users" / (os.environ.get("USER") or "root")

    @property
    def program(self) -> Path:
        """Folder of the installed program."""
        return self.user / "AppData/Local/Programs/EnvDesk"

    @property
    def data(self) -> Path:
        """Folder of the records."""
        return self.user / "AppData/Local/EnvDesk"

    def say(self, text: str) -> None:
        """Print a line with the seconds since the start."""
        print(f"{time.monotonic() - self.started:6.1f} s  {text}", flush=True)

    def wine(self, *words: str | Path, seconds: float = 180) -> subprocess.CompletedProcess[str]:
        """Run a Windows program; pipes, because a Windows Python under wine dies on anything else."""
        command = [WINE, *(str(w) for w in words)]
        return subprocess.run(  # noqa: S603 - our own program
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False,
            encoding="utf-8", cwd=self.work,
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


def shot(bench: Bench, name: str) -> None:
    """Photograph the screen."""
    folder = bench.work / "shots"
    folder.mkdir(exist_ok=True)
    tool("import", "-window", "root", str(folder / f"{name}.png"))


def wait_window(title: str, seconds: float = 60, *, gone: bool = False) -> None:
    """Wait until a window with *title* is there, or is there no more."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if bool(tool("xdotool", "search", "--onlyvisible", "--name", title)) != gone:
            return
        time.sleep(0.25)
    raise Failed(f"window {title!r} {'still' if gone else 'not'} there")


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


def start(bench: Bench, *words: str) -> subprocess.Popen[str]:
    """Start the window."""
    command = [WINE, str(bench.program / "EnvDesk.exe"), *words]
    return subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=bench.work,
    )  # fmt: skip


def close(bench: Bench, window: subprocess.Popen[str]) -> None:
    """Close the window by its key; it must end by itself, in silence."""
    activate()
    keys("alt+F4")
    try:
        out, _nothing = window.communicate(timeout=40)
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


# ---- the steps ---------------------------------------------------------------------------------------------------
def install(bench: Bench, setup: Path) -> None:
    """Install in silence."""
    done = bench.wine(setup, "/S")
    there = [bench.program / n for n in ("EnvDesk.exe", "envdesk-cmd.exe", "uninstall.exe", "runtime/python311.dll")]
    there.append(bench.user / "Desktop/环保台账.lnk")
    missing = [str(p) for p in there if not p.exists()]
    if done.returncode or missing:
        raise Failed(f"setup: code {done.returncode}, missing {missing}\n{done.stderr[-800:]}")
    key = bench.wine("reg", "query", r"HKCU\Software\Classes\EnvDesk.Package\shell\open\command").stdout
    if "EnvDesk.exe" not in key or "%1" not in key:
        raise Failed(f"the package's kind of file is not known\n{key}")
    strange = [
        p.name for p in bench.program.rglob("*.dll") if p.name in {"icuuc.dll", "mscms.dll", "bcryptprimitives.dll"}
    ]
    if strange:
        raise Failed(f"stand-ins of the test ship: {strange}")
    bench.say(f"installed: {sum(1 for _ in bench.program.rglob('*'))} files")


def first_start(bench: Bench) -> None:
    """Answer the three questions by keyboard."""
    window = start(bench)
    wait_window("环保台账")
    time.sleep(1.5)
    write("Junhe Street Office")
    keys("Return", "Return")
    write("LiMin")
    shot(bench, "1-first-start")
    keys("ctrl+s")
    wait_window("今日")
    time.sleep(3)
    shot(bench, "2-today")
    enter_order(bench)
    print_order(bench)
    close(bench, window)
    rows = json.loads(bench.verb("list", "work_order", "--json"))
    if [r["order_no"] for r in rows] != ["YL2610090001"]:
        raise Failed(f"the record is not there: {rows}")
    bench.say("a record by keyboard, saved and read back")


def enter_order(bench: Bench) -> None:
    """Enter a work order by keyboard."""
    keys("ctrl+g")
    wait_window("工单")
    time.sleep(2)
    write("YL2610090001")
    keys("Return", "Return")
    write("smell at night from a shoe factory")
    keys("Tab")
    write("ts")
    keys("Return", pause=1.5)
    shot(bench, "3-order")
    keys("ctrl+s", pause=3)
    shot(bench, "4-saved")


def print_order(bench: Bench) -> None:
    """Print the record into a PDF, through Windows' own dialog."""
    out = bench.user / "Documents" / "order.pdf"
    keys("ctrl+p", pause=2)
    shot(bench, "5-papers")
    keys("Return", pause=4)  # an order has two papers; the first is its sheet
    shot(bench, "5-print")
    keys("Home", "shift+End", pause=0.3)
    write(f"C:\\users\\{bench.user.name}\\Documents\\order.pdf")
    keys("Return")
    end = time.monotonic() + 60
    while not out.is_file() and time.monotonic() < end:
        time.sleep(0.5)
    time.sleep(2)
    shot(bench, "6-printed")
    if not out.is_file() or not out.read_bytes().startswith(b"%PDF"):
        raise Failed("no PDF of the record")
    bench.say(f"printed a record: {out.stat().st_size // 1024} KB")


def verbs(bench: Bench) -> None:
    """Use the program without a window."""
    out = bench.user / "Documents" / "输出 文件"
    out.mkdir(parents=True)
    at = f"C:\\users\\{bench.user.name}\\Documents\\输出 文件\\"
    (out / "工单.json").write_text(json.dumps([ORDER], ensure_ascii=False), "utf-8")
    bench.verb("add", "work_order", at + "工单.json", "--json", stderr="hint required")
    bench.verb("init", "--office", "另一个街道", "--db", at + "新 台账.envdesk")
    bench.verb("init", "--office", "重复", code=1, stderr="db_exists")
    figures = json.loads(bench.verb("figures", "--period", "2026-10", "--json"))
    if not any(f["value"] for f in figures):
        raise Failed("every figure is empty")
    bench.verb("report", "--period", "2026-10", "--draft", "--out", at + "十月.pdf")
    bench.verb("sheet", "work_order", "--blank", "--out", at + "空表.pdf")
    bench.verb("template", "vocs_check", at + "模板.xlsx")
    bench.verb("export", "--out", at + "上报.envpack")
    bench.verb("verify", at + "上报.envpack")
    bench.verb("backup", "--out", at + "备份.envdesk")
    bench.verb("void", "work_order", json.loads(bench.verb("list", "work_order", "--json"))[0]["id"], "--why", "试用")
    bench.verb("restore", at + "备份.envdesk")
    if len(json.loads(bench.verb("list", "work_order", "--json"))) != 2:
        raise Failed("the backup did not bring the record back")
    bench.verb("check")
    bench.verb("support", "--out", at + "支持.zip")
    bench.verb("demo", "--out", at + "样例.envdesk", "--records", "300")
    for name in ("十月.pdf", "空表.pdf"):
        picture = bench.work / "shots" / f"7-{name.partition('.')[0]}"
        tool("pdftoppm", "-r", "60", "-png", "-singlefile", str(out / name), str(picture))
        if not picture.with_suffix(".png").is_file():
            raise Failed(f"{name} cannot be drawn")


def again(bench: Bench) -> None:
    """Start twice: the second start hands its package to the first window. F1 opens the help, quietly closed again."""
    window = start(bench)
    wait_window("今日")
    time.sleep(2)
    keys("F1")
    wait_window("帮助")
    time.sleep(1)
    shot(bench, "8-help")
    keys("Escape")
    wait_window("帮助", gone=True)
    second = start(bench, f"C:\\users\\{bench.user.name}\\Documents\\输出 文件\\上报.envpack")
    out, _nothing = second.communicate(timeout=60)
    if second.returncode or out.strip():
        raise Failed(f"second start: code {second.returncode}\n{out}")
    wait_window("上报")
    time.sleep(3)
    shot(bench, "9-package")
    close(bench, window)
    bench.say("a second start brought its package to the first window")


def upgrade(bench: Bench, setup: Path) -> None:
    """Install over it: refused while it is open, then done, with a backup and the records as they were."""
    window = start(bench)
    wait_window("今日")
    time.sleep(2)
    code = bench.wine(setup, "/S").returncode
    if code != 2:
        raise Failed(f"an upgrade of the open program ended with {code}")
    close(bench, window)
    before = set((bench.data / "备份").glob("*.envdesk")) if (bench.data / "备份").is_dir() else set()
    install(bench, setup)
    made = set((bench.data / "备份").glob("*.envdesk")) - before
    if len(made) != 1:
        raise Failed(f"upgrade: backups made: {made}")
    bench.verb("check")
    bench.say(f"upgraded, backup {made.pop().name}")


def remove(bench: Bench) -> None:
    """Remove the program; the records stay."""
    done = bench.wine(bench.program / "uninstall.exe", "/S")
    end = time.monotonic() + 60  # the uninstaller goes on in a copy of itself
    while bench.program.exists() and time.monotonic() < end:
        time.sleep(0.5)
    if done.returncode or bench.program.exists() or not (bench.data / "台账.envdesk").is_file():
        left = [str(p) for p in bench.program.rglob("*")][:9] if bench.program.exists() else []
        raise Failed(f"uninstall: code {done.returncode}, left {left}")
    if (bench.user / "Desktop/环保台账.lnk").exists():
        raise Failed("the desktop icon is left")
    bench.say("removed, records left")


def portable(bench: Bench, pack: Path) -> None:
    """Unpack the portable form into a folder with a Chinese name; its records lie beside it."""
    place = Path(os.environ["WINEPREFIX"]) / "drive_c" / "便携 程序"
    with zipfile.ZipFile(pack) as z:
        z.extractall(place)
    done = bench.wine(place / "EnvDesk" / "envdesk-cmd.exe", "init", "--office", "均禾街道")
    if done.returncode or done.stderr.strip() or not (place / "EnvDesk" / "数据" / "台账.envdesk").is_file():
        raise Failed(f"portable: {done.returncode} {done.stderr}")
    bench.say("portable: records beside the program")
    shutil.rmtree(place)


def main(argv: Sequence[str]) -> int:
    """Run all steps on the newest installer of a folder."""
    bench = Bench(Path(argv[0]))
    shutil.rmtree(bench.work / "shots", ignore_errors=True)
    setup = max(bench.work.glob("EnvDesk-*-setup.exe"), key=lambda p: p.stat().st_mtime)
    pack = max(bench.work.glob("EnvDesk-*-portable.zip"), key=lambda p: p.stat().st_mtime)
    manager = subprocess.Popen(["openbox"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S607 - Debian's
    try:
        install(bench, setup)
        first_start(bench)
        verbs(bench)
        again(bench)
        upgrade(bench, setup)
        portable(bench, pack)
        remove(bench)
        quiet(bench)
    except Failed as exc:
        shot(bench, "failed")
        print(f"smoke: FAILED: {exc}")
        return 1
    finally:
        manager.kill()
        subprocess.run(["/usr/lib/wine/wineserver64", "-k"], check=False)
    bench.say("smoke: all as it should be")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
