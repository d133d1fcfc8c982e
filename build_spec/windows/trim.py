"""What of the Windows wheels and of the embeddable Python goes into the program: by rule, not by list of files.

A rule says what is kept (Qt) or dropped (the rest) and why. Rules that match nothing fail the build: a new version of a
library may have moved what they were written for.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Qt modules that the window imports (tests compare), nothing else.
QT_MODULES = frozenset({"QtCore", "QtGui", "QtWidgets", "QtPrintSupport", "QtSvg", "QtNetwork"})
QT_PLUGINS = {
    "platforms": {"qwindows.dll", "qoffscreen.dll"},  # offscreen: for tests of the installed program
    "imageformats": {"qjpeg.dll", "qico.dll", "qgif.dll", "qwebp.dll", "qsvg.dll"},
    "iconengines": {"qsvgicon.dll"},
}
QT_TRANSLATIONS = {"qtbase_zh_CN.qm"}
#: The C++ runtime, as the wheels bring it; without AMP and OpenMP, which nothing uses.
RUNTIME_DLLS = {
    "msvcp140.dll", "msvcp140_1.dll", "msvcp140_2.dll", "msvcp140_codecvt_ids.dll", "vcruntime140.dll",
    "vcruntime140_1.dll", "concrt140.dll",
}  # fmt: skip


@dataclass(frozen=True)
class Drop:
    """Paths (glob, below the folder of libraries) that do not ship, and why."""

    glob: str
    why: str


DROPS = (
    Drop("bin", "commands of libraries"),
    Drop("pypdfium2_cli", "its command line"),
    Drop("pycparser", "only for building"),
    Drop("charset_normalizer", "reportlab asks for it when it loads from the web"),
    Drop("*.dist-info", "licences are collected before"),
    Drop("**/*.pyi", "type stubs"),
    Drop("**/py.typed", "type stubs"),
    Drop("**/*.lib", "only for linking"),
    Drop("**/*.c", "sources of extensions"),
    Drop("**/*.pyx", "sources of extensions"),
    Drop("**/*.pxd", "sources of extensions"),
    Drop("**/*.h", "headers"),
    Drop("shiboken6/include", "headers"),
    Drop("shiboken6/lib", "only for linking"),
    Drop("lxml/includes", "headers"),
    Drop("lxml/isoschematron", "schemas that no Office file needs"),
    Drop("lxml/html", "parser of web pages"),
    Drop("lxml/objectify*", "another interface to lxml"),
    Drop("PIL/_avif*", "AVIF: no camera of an office makes it"),
    Drop("PIL/_imagingtk*", "Tk"),
    Drop("reportlab/fonts/*.pfb", "fonts without Chinese; ours are embedded"),
    Drop("reportlab/graphics/samples", "examples"),
    Drop("babel/locale-data/*", "languages but Chinese and English"),
    Drop("tzdata/zoneinfo/*", "time zones but China's and UTC"),
)
#: Exceptions of the two rules above that go by language and by place.
KEEP_LOCALES = ("root.dat", "en.dat", "zh")
KEEP_ZONES = {"__init__.py", "Asia", "Etc", "PRC", "UTC"}

#: Of the embeddable Python: the launcher takes the place of python.exe, and nothing speaks TLS or plays sounds.
PYTHON_DROPS = ("python.exe", "pythonw.exe", "_ssl.pyd", "libssl-3.dll", "_msi.pyd", "winsound.pyd", "python.cat")


class RuleError(Exception):
    """A rule that no longer fits the libraries."""


def trim_libraries(lib: Path) -> None:
    """Drop what does not ship from a folder of installed wheels.

    Raises:
        RuleError: a rule matches nothing.
    """
    trim_qt(lib / "PySide6")
    for rule in DROPS:
        matched = list(lib.glob(rule.glob))
        if not matched:
            raise RuleError(f"{rule.glob} ({rule.why}) matches nothing")
        for path in matched:
            if not _kept(path.relative_to(lib)):
                _remove(path)
    for folder in (lib / "shiboken6",):
        for path in list(folder.glob("*.dll")):
            if "140" in path.name and path.name not in RUNTIME_DLLS:
                _remove(path)


def _kept(path: Path) -> bool:
    if path.parts[:2] == ("babel", "locale-data"):
        return path.name in KEEP_LOCALES or path.name.startswith(KEEP_LOCALES[-1])
    if path.parts[:2] == ("tzdata", "zoneinfo"):
        return path.name in KEEP_ZONES
    return False


def trim_qt(folder: Path) -> None:
    """Keep the modules, plugins and words of Qt that the window needs.

    Raises:
        RuleError: one of them is not there.
    """
    modules = {f"{m}.pyd" for m in QT_MODULES} | {f"Qt6{m[2:]}.dll" for m in QT_MODULES} | {"pyside6.abi3.dll"}
    wanted = modules | RUNTIME_DLLS
    missing = modules - {p.name for p in folder.iterdir()}
    if missing:
        raise RuleError(f"Qt: not there: {sorted(missing)}")
    for path in list(folder.iterdir()):
        if path.name in {"plugins", "translations", "support"} or path.suffix == ".py" or path.name in wanted:
            continue
        _remove(path)
    _keep_plugins(folder / "plugins")
    words = folder / "translations"
    for path in list(words.iterdir()):
        if path.name not in QT_TRANSLATIONS:
            _remove(path)
    if not any(words.iterdir()):
        raise RuleError("Qt: no Chinese words")


def _keep_plugins(folder: Path) -> None:
    for kind in list(folder.iterdir()):
        wanted = QT_PLUGINS.get(kind.name, set())
        if not wanted:
            _remove(kind)
            continue
        there = {p.name for p in kind.iterdir()}
        if wanted - there:
            raise RuleError(f"Qt: plugins not there: {sorted(wanted - there)}")
        for name in there - wanted:
            _remove(kind / name)


def trim_python(folder: Path) -> None:
    """Drop what does not ship from the embeddable Python.

    Raises:
        RuleError: something to drop is not there.
    """
    for name in PYTHON_DROPS:
        if not (folder / name).exists():
            raise RuleError(f"Python: {name} is not there")
        (folder / name).unlink()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    elif path.exists():
        path.unlink()


def biggest(root: Path, count: int = 12) -> Iterator[tuple[str, int]]:
    """Return the largest parts (two levels deep) with their sizes in bytes."""
    sizes: dict[str, int] = {}
    for path in root.rglob("*"):
        if path.is_file():
            part = "/".join(path.relative_to(root).parts[:2])
            sizes[part] = sizes.get(part, 0) + path.stat().st_size
    yield from sorted(sizes.items(), key=lambda item: -item[1])[:count]
