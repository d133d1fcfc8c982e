"""Try the built installer as a clerk would: called by smoke.sh, with wine, a screen and a fresh prefix at hand.

Every step says what it saw; anything on stderr, in the program's log or in its list of faults fails the run.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

from hands import (
    PATIENCE,
    SERVER,
    Bench,
    Failed,
    activate,
    close,
    go,
    keys,
    launch,
    quiet,
    save_as,
    shot,
    start,
    tool,
    wait_for,
    wait_window,
    write,
)  # fmt: skip

ORDER = {
    "order_no": "YL2610080007", "source": "12345", "kind": "投诉", "received_at": "2026-10-08T10:00",
    "content": "市民反映鞋厂夜间有刺激性气味，要求处理。",
}  # fmt: skip
#: A PC in another country: clock six hours behind Greenwich, dates as 31.12.2026, code page 1252.
ELSEWHERE = {"TZ": "CST6", "LC_ALL": "de_DE.UTF-8"}


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
    time.sleep(5)  # what is typed before the page has the keys is nobody's
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
    if "Junhe Street Office" not in (named := bench.verb("set", "office_name")):
        raise Failed(f"the office is called {named!r}")
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
    save_as(bench, "Return", out)  # an order has two papers; the first is its sheet
    shot(bench, "6-printed")
    if not out.read_bytes().startswith(b"%PDF"):
        raise Failed("no PDF of the record")
    bench.say(f"printed a record: {out.stat().st_size // 1024} KB")


def verbs(bench: Bench) -> None:
    """Use the program without a window."""
    out = bench.user / "Documents" / "输出 文件"
    out.mkdir(parents=True)
    at = bench.at(out) + "\\"
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
        draw(bench, out / name)


def draw(bench: Bench, pdf: Path) -> None:
    """Draw the first page of a PDF among the pictures."""
    picture = bench.work / "shots" / f"7-{pdf.stem}"
    tool("pdftoppm", "-r", "60", "-png", "-singlefile", str(pdf), str(picture))
    if not picture.with_suffix(".png").is_file():
        raise Failed(f"{pdf.name} cannot be drawn")


def month_by_keys(bench: Bench) -> None:
    """In the window, by keys: last month's report as PDF, the package for the district, a backup, and back to it."""
    documents = bench.user / "Documents"
    window = start(bench)
    wait_window("今日")
    time.sleep(2)
    go("报表")
    shot(bench, "8-reports")
    save_as(bench, "ctrl+s", documents / "month.pdf")
    draw(bench, documents / "month.pdf")
    go("上报")
    save_as(bench, "ctrl+s", documents / "month.envpack", "U盘")
    shot(bench, "8-send")
    go("设置")
    keys(*["Down"] * 9, "Return", pause=0.4)  # 备份
    kept = bench.data / "备份"
    before = backups(bench)
    keys("space")
    wait_for("no backup was made", lambda: backups(bench) - before)
    time.sleep(3)
    shot(bench, "8-backup")
    keys("Tab", "Up", "Up", "Tab", "Tab", "space", pause=1)  # the newest of the list, past 核对这份 to 恢复到这份
    write("smoke run")
    shot(bench, "8-restore")
    aside = set(kept.glob("*恢复前*.envdesk"))
    keys("Tab", "Tab", "Return")
    wait_for("nothing was restored", lambda: set(kept.glob("*恢复前*.envdesk")) - aside)
    time.sleep(6)
    shot(bench, "8-restored")
    close(bench, window)
    bench.verb("verify", bench.at(documents / "month.envpack"))
    bench.verb("check")
    if len(json.loads(bench.verb("list", "work_order", "--json"))) != 2:
        raise Failed("another backup was restored than the one just made")
    bench.say("report, package, backup and restore by keyboard")


def backups(bench: Bench, folder: Path | None = None) -> set[Path]:
    """The dated backups of a folder."""
    kept = (folder or bench.data) / "备份"
    return {p for p in kept.glob("*.envdesk") if "恢复前" not in p.name} if kept.is_dir() else set()


def elsewhere(bench: Bench) -> None:
    """The same file on a PC with another clock, code page and way to write dates: every value is the same."""
    documents = bench.user / "Documents" / "输出 文件"

    def answers() -> list[object]:
        said: list[object] = [
            json.loads(bench.verb(*words, "--as-of", "2026-11-29", "--json"))
            for words in (("list", "work_order"), ("figures", "--period", "2026-10"), ("due",))
        ]
        out = documents / "对照.pdf"
        out.unlink(missing_ok=True)
        bench.verb("report", "--period", "2026-10", "--draft", "--as-of", "2026-11-29", "--out", bench.at(out))
        lines = tool("pdftotext", "-layout", str(out), "-").splitlines()
        return [*said, [line for line in lines if "打印时间" not in line]]

    here = answers()
    bench.env = ELSEWHERE
    try:
        there = answers()
        draft = {**ORDER, "order_no": "YL2611280001", "received_at": "2026-11-28T23:30"}
        (documents / "工单二.json").write_text(json.dumps([draft], ensure_ascii=False), "utf-8")
        bench.verb("add", "work_order", bench.at(documents / "工单二.json"), "--json", stderr="hint required")
        window = start(bench)
        wait_window("今日")
        time.sleep(3)
        shot(bench, "9-elsewhere")
        close(bench, window)
    finally:
        bench.env = {}
    if here != there:
        raise Failed("another country, other answers")
    if draft["received_at"] not in [r["received_at"] for r in json.loads(bench.verb("list", "work_order", "--json"))]:
        raise Failed("a moment typed elsewhere is another one here")
    bench.say("another time zone, code page and way to write dates: the same answers")


def deep(bench: Bench) -> None:
    """A data file as deep as Windows lets attachments be; one deeper is refused."""
    limit, folder = 169, bench.user / "Documents"
    while len(bench.at(folder / "层 文件夹" / "台账.envdesk")) < limit:
        folder /= "层 文件夹"
    folder = folder.with_name("深" * (limit - len(bench.at(folder.parent)) - len("//台账.envdesk")))
    folder.mkdir(parents=True)
    (folder / "签字.pdf").write_bytes(b"%PDF-1.4 signed")
    (folder / "工单.json").write_text(json.dumps([ORDER | {"files": ["签字.pdf"]}], ensure_ascii=False), "utf-8")
    db = bench.at(folder / "台账.envdesk")
    bench.verb("init", "--office", "很深的街道", "--db", db)
    bench.verb("add", "work_order", bench.at(folder / "工单.json"), "--db", db, "--json", stderr="hint required")
    bench.verb("backup", "--db", db)
    bench.verb("restore", bench.at(backups(bench, folder).pop()), "--db", db)
    bench.verb("check", "--db", db)
    bench.verb(
        "init", "--office", "再深一点", "--db", db.replace("台账.envdesk", "一二台账.envdesk"), code=1, stderr="db_deep"
    )
    bench.say(f"a path of {len(db)} characters; a longer one is refused")


def double_click(bench: Bench, path: Path) -> subprocess.Popen[str]:
    """Do what the registry says of this kind of file, as Windows does; wine itself does not look at the user's own kinds."""
    classes = "HKCU\\Software\\Classes\\"
    kind = bench.wine("reg", "query", classes + path.suffix, "/ve").stdout.split()[-1]
    said = bench.wine("reg", "query", f"{classes}{kind}\\shell\\open\\command", "/ve").stdout
    found = re.search(r'REG_SZ\s+"(.+?)" "%1"', said)
    if found is None:
        raise Failed(f"nothing opens {path.suffix}\n{said}")
    return launch(bench, found[1], bench.at(path))


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
    second = double_click(bench, bench.user / "Documents" / "输出 文件" / "上报.envpack")
    out, _nothing = second.communicate(timeout=PATIENCE)
    if second.returncode or out.strip():
        raise Failed(f"second start: code {second.returncode}\n{out}")
    wait_window("上报")
    time.sleep(3)
    shot(bench, "9-package")
    close(bench, window)
    other = bench.user / "Documents" / "输出 文件" / "新 台账.envdesk"
    window = double_click(bench, other)
    wait_window("今日")
    time.sleep(3)
    shot(bench, "9-other-file")
    close(bench, window)
    bench.say("files opened by their kind: a package by the window that is there, a data file by one of its own")


def upgrade(bench: Bench, setup: Path) -> None:
    """Install over it: refused while it is open, then done, with a backup and the records as they were."""
    window = start(bench)
    wait_window("今日")
    time.sleep(2)
    code = bench.wine(setup, "/S").returncode
    if code != 2:
        raise Failed(f"an upgrade of the open program ended with {code}")
    close(bench, window)
    folders = (bench.data, bench.user / "Documents" / "输出 文件")
    before = [backups(bench, folder) for folder in folders]
    install(bench, setup)
    made = [backups(bench, folder) - had for folder, had in zip(folders, before, strict=True)]
    note = (bench.data / "升级前的备份.txt").read_text("utf-8-sig")
    if [len(m) for m in made] != [1, 1] or any(bench.at(m) not in note for m in set.union(*made)):
        raise Failed(f"upgrade: backups made: {made}, said: {note}")
    bench.verb("check")
    bench.say(f"upgraded, backups {sorted(p.name for p in set.union(*made))}")


def gone(bench: Bench) -> None:
    """Wait until the program is away (the uninstaller goes on in a copy of itself); the records must be there."""
    wait_for("the program is still there", lambda: not bench.program.exists())
    if not (bench.data / "台账.envdesk").is_file():
        raise Failed("uninstall took the records")
    if (bench.user / "Desktop/环保台账.lnk").exists():
        raise Failed("the desktop icon is left")
    key = bench.wine("reg", "query", r"HKCU\Software\Classes\.envpack")
    if key.returncode == 0:
        raise Failed(f"the kind of file is left\n{key.stdout}")


def remove(bench: Bench) -> None:
    """Remove the program in silence; the records stay."""
    done = bench.wine(bench.program / "uninstall.exe", "/S")
    if done.returncode:
        raise Failed(f"uninstall: code {done.returncode}")
    gone(bench)
    bench.say("removed, records left")


def by_pages(bench: Bench, setup: Path) -> None:
    """Install into a folder with a space and Chinese letters, page by page; the last page opens the program; remove it so."""
    bench.place = place = bench.disk / "程序 文件" / "环保 台账"
    setting_up = launch(bench, setup, *f"/D={bench.at(place)}".split(" "))  # a quoted one it would not take
    for page in ("1-welcome", "2-folder"):
        wait_window("环保台账")
        time.sleep(2)
        activate()
        shot(bench, f"setup-{page}")
        keys("Return")
    wait_for("nothing was installed", (place / "uninstall.exe").is_file, 180)
    time.sleep(4)
    activate()
    shot(bench, "setup-3-finish")
    keys("Return")
    wait_window("今日")
    time.sleep(3)
    shot(bench, "setup-4-opened")
    activate()
    keys("alt+F4")
    wait_window("今日", gone=True)
    setting_up.wait(PATIENCE)
    quiet(bench)
    bench.verb("check")
    removing = launch(bench, place / "uninstall.exe")
    wait_window("环保台账")
    time.sleep(2)
    activate()
    shot(bench, "uninstall-1-confirm")
    keys("Return")
    wait_for("nothing was removed", lambda: not (place / "EnvDesk.exe").exists())
    time.sleep(3)
    shot(bench, "uninstall-2-records")
    keys("Return", "Return", pause=2)
    gone(bench)
    removing.wait(PATIENCE)
    bench.place = None
    bench.say("installed and removed page by page, in a folder with a space")


def portable(bench: Bench, pack: Path) -> None:
    """Unpack the portable form into a folder with a Chinese name; its records lie beside it."""
    place = bench.disk / "便携 程序"
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
        month_by_keys(bench)
        again(bench)
        elsewhere(bench)
        deep(bench)
        upgrade(bench, setup)
        portable(bench, pack)
        remove(bench)
        by_pages(bench, setup)
        quiet(bench)
    except (Failed, subprocess.TimeoutExpired) as exc:
        shot(bench, "failed")
        print(f"smoke: FAILED: {exc}")
        return 1
    finally:
        manager.kill()
        subprocess.run([SERVER, "-k"], check=False)  # noqa: S603 - wine's
    bench.say("smoke: all as it should be")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
