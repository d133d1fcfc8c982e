"""The shape of the project: what lies where, who imports whom, and that the words about it are true."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {"envdesk", "resources", "forms", "tests", "build_spec", "pyproject.toml", "README.md"}
PASSING = {"build", "dist", "htmlcov", "__pycache__"}  # made by tools, ignored by git
MAX_LINES = 500

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SOURCES = sorted((ROOT / "envdesk").rglob("*.py"))
PACKAGES = sorted(p.parent for p in (ROOT / "envdesk").glob("*/__init__.py"))
SCRIPTS = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "build_spec").rglob("*.py")])


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    """Full names of what a file imports, at any depth of it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: relative import"
            found |= {f"{node.module}.{a.name}" for a in node.names}
    return found


def layers() -> list[list[str]]:
    """The packages from top to bottom, as the import contract has them."""
    contract = next(c for c in PYPROJECT["tool"]["importlinter"]["contracts"] if c["id"] == "layers")
    return [re.findall(r"\w+", layer) for layer in contract["layers"]]


def below(package: str) -> set[str]:
    """What the contract lets *package* import, besides itself."""
    for position, layer in enumerate(layers()):
        if package in layer:
            return {name for lower in layers()[position + 1 :] for name in lower}
    raise AssertionError(f"{package} is in no layer of pyproject.toml")


# ---------------------------------------------------------------------------------------------------- what lies where
def test_top_level_is_fixed():
    there = {p.name for p in ROOT.iterdir() if not p.name.startswith(".")} - PASSING

    assert there == TOP_LEVEL


@pytest.mark.parametrize("path", [*SOURCES, *SCRIPTS], ids=name_of)
def test_file_can_be_read_in_one_sitting(path):
    lines = len(path.read_text("utf-8").splitlines())

    assert lines <= MAX_LINES


def test_wheel_carries_what_the_program_reads():
    carried = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["sources"]

    assert carried == {"forms": "envdesk/_data/forms", "resources": "envdesk/_data/resources"}


def test_every_import_is_a_declared_dependency():
    declared = {re.match(r"[\w.-]+", d)[0].lower() for d in PYPROJECT["project"]["dependencies"]}
    packages = {  # where the name differs
        "PySide6": "pyside6-essentials", "shiboken6": "pyside6-essentials", "PIL": "pillow",
        "sqlite_utils": "sqlite-utils", "python_calamine": "python-calamine", "docx": "python-docx", "uuid_utils": "uuid-utils",
    }  # fmt: skip
    roots = {name.split(".")[0] for path in SOURCES for name in imports(path)}
    foreign = roots - sys.stdlib_module_names - {"envdesk"}

    assert {packages.get(name, name.lower()) for name in foreign} <= declared


# --------------------------------------------------------------------------------------------------- who imports whom
def test_only_the_gui_imports_qt():
    guilty = [
        name_of(path)
        for path in SOURCES
        if not path.is_relative_to(ROOT / "envdesk" / "gui")
        and any(name.split(".")[0] in {"PySide6", "shiboken6"} for name in imports(path))
    ]

    assert guilty == []


def test_only_gui_tests_ask_for_qt():
    guilty = []
    for path in (ROOT / "tests").rglob("*.py"):
        if path.is_relative_to(ROOT / "tests" / "gui"):
            continue
        arguments = {n.arg for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.arg)}
        modules = {name for name in imports(path) if name.startswith(("PySide6", "pytestqt", "envdesk.gui"))}
        if modules or arguments & {"qtbot", "qapp"}:
            guilty.append(name_of(path))

    assert guilty == []


def test_program_without_window_loads_no_qt():
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in SOURCES
        if not path.is_relative_to(ROOT / "envdesk" / "gui") and path.name != "__main__.py"
    ]
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "print(*sorted(m for m in sys.modules if m.split('.')[0] in {'PySide6', 'shiboken6'}))"
    )
    done = subprocess.run([sys.executable, "-c", code, *modules], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout.strip(), done.stderr) == ("", "")


@pytest.mark.parametrize("package", PACKAGES, ids=name_of)
def test_package_says_what_it_may_import_and_keeps_it(package):
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8"))) or ""

    assert "May import:" in docstring, "say what the package holds, then `May import: envdesk.x, envdesk.y.`"
    head, said = docstring.split("May import:", 1)
    assert head.strip(), "say what the package holds"
    said = said.split("\n\n")[0]
    listed = set(re.findall(r"\w+", said)) & {name for layer in layers() for name in layer}
    if "below" in said:  # "envdesk.figures and everything below it"
        listed |= {name for above in listed for name in below(above)}
    used = {
        name.split(".")[1]
        for path in package.rglob("*.py")
        for name in imports(path)
        if name.startswith("envdesk.") and name.split(".")[1] != package.name
    } - {"__version__"}

    assert listed <= below(package.name), "the docstring allows more than the import contract"
    assert used <= listed, "imports more than its docstring says"


# ------------------------------------------------------------------------------------------------ words that are true
def readme_commands() -> list[str]:
    """The first line of the first two shell blocks of the README: run, test."""
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```(?:bash|sh)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [block.strip() for block in blocks[:2]]


def test_readme_gives_one_line_to_run_and_one_to_test():
    run, test = readme_commands()

    assert "\n" not in run
    assert "\n" not in test
    assert "-m envdesk" in run
    assert "-m pytest" in test


def test_ci_runs_the_commands_of_the_readme():
    script = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()

    assert [c for c in readme_commands() if f"    {c}" not in script] == []


def test_readme_pictures_and_links_exist():
    text = (ROOT / "README.md").read_text("utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)

    assert [link for link in links if not (ROOT / link).exists()] == []


def test_version_is_in_step_with_the_changelog():
    version = re.search(r'__version__ = "([^"]+)"', (ROOT / "envdesk" / "__init__.py").read_text("utf-8"))[1]
    headings = re.findall(r"^## \[([^\]]+)\]", (ROOT / "build_spec" / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert headings[0] == "Unreleased"
    assert ".dev" in version or version in headings


@pytest.mark.parametrize("script", [".ci/run", ".ci/setup"])
def test_script_is_executable_and_valid(script):
    if sys.platform == "win32":
        pytest.skip("bash scripts run on Debian")
    path = ROOT / script

    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0


def test_every_verb_is_told():
    from envdesk.cli import build_parser

    verbs = next(a for a in build_parser()._actions if a.dest == "verb").choices
    section = (ROOT / "README.md").read_text("utf-8").partition("## Command line")[2].partition("\n## ")[0]
    told = set(re.findall(r"`([a-z-]+)", section))

    assert set(verbs) - told == set()
