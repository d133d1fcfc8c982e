"""The Windows program: its rules fit the sources, and installer and program mean the same files."""

from __future__ import annotations

import ast
import importlib
import re
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from envdesk import paths
from envdesk.cli import build_parser
from envdesk.store import backup

ROOT = Path(__file__).resolve().parent.parent
WINDOWS = ROOT / "build_spec" / "windows"


@pytest.fixture(scope="module")
def build():
    sys.path.insert(0, str(WINDOWS))
    try:
        yield importlib.import_module("build")
    finally:
        sys.path.remove(str(WINDOWS))
        for name in ("build", "trim", "licences"):
            sys.modules.pop(name, None)


def locked() -> dict[str, str]:
    lines = (WINDOWS / "lock.txt").read_text("utf-8").splitlines()
    return dict(re.match(r"([\w-]+)==(\S+) --hash=sha256:[0-9a-f]{64}$", line).groups() for line in lines[1:])


# ------------------------------------------------------------------------------------------------------ what it holds
def test_every_library_of_the_project_ships_in_a_version_the_project_allows(build):
    pins = locked()

    for line in build.requirements():
        wanted = Requirement(line)
        assert wanted.specifier.contains(pins[build.plain(wanted.name)]), line


def test_qt_modules_that_ship_are_those_the_window_imports(build):
    used = set()
    for path in (ROOT / "envdesk" / "gui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6."):
                used.add(node.module.split(".")[1])

    assert used == build.trim.QT_MODULES


def test_development_version_becomes_four_numbers(build):
    assert build.numbers("1.2.3") == (1, 2, 3, 0)
    assert build.numbers("0.1.0.dev0") == (0, 1, 0, 0)


def test_rule_that_matches_nothing_stops_the_build(build, tmp_path):
    with pytest.raises(build.trim.RuleError, match=r"python\.exe"):
        build.trim.trim_python(tmp_path)


# --------------------------------------------------------------------------------------------- where the data lies
def test_installer_backs_up_the_file_the_program_opens():
    script = (WINDOWS / "installer.nsi").read_text("utf-8")

    assert f'!define OFFICE "{paths.default_db().name}"' in script
    assert f'!define DATA "$LOCALAPPDATA\\{paths.APP}"' in script
    # and the copy it makes when the program that is there cannot run is found among the backups
    made = re.search(r"\$\{DATA\}\\(\S+?)\\(\S+?)\$3\$2\$1-\$5\$6\$7(\.\w+)", script)
    assert made is not None
    assert made[1] == backup.FOLDER
    assert backup.backups(paths.default_db()) == []
    assert backup._NAME.fullmatch(f"{made[2]}20261129-014500{made[3]}")["name"] == paths.default_db().stem


def test_installer_says_words_the_program_knows():
    script = (WINDOWS / "installer.nsi").read_text("utf-8")
    said = re.search(r"envdesk-cmd\.exe\" (.+?) \"\$\{NOTE\}", script)
    assert said is not None

    args = build_parser().parse_args([*said[1].split(), "note.txt"])

    assert (args.verb, args.known, args.note) == ("backup", True, "note.txt")


def installed(tmp_path: Path) -> Path:
    """A folder laid out as the installed program."""
    program = tmp_path / "程序 文件"
    (program / "runtime").mkdir(parents=True)
    (program / "app" / "envdesk" / "_data").mkdir(parents=True)
    return program


def test_installed_program_keeps_data_with_the_user(tmp_path, monkeypatch):
    program = installed(tmp_path)
    monkeypatch.setattr(paths, "__file__", str(program / "app" / "envdesk" / "paths.py"))

    assert paths.program_dir() == program
    assert program not in paths.user_data_dir().parents


def test_portable_program_keeps_data_beside_itself(build, tmp_path, monkeypatch):
    program = installed(tmp_path)
    monkeypatch.setattr(paths, "__file__", str(program / "app" / "envdesk" / "paths.py"))
    (program / build.PORTABLE).write_text("", "utf-8")

    assert paths.user_data_dir() == program / paths.PORTABLE_DATA
    assert paths.PORTABLE_DATA in build.PORTABLE_WORDS


def test_source_tree_is_no_program():
    assert paths.program_dir() is None
