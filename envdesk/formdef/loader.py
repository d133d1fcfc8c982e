"""Read definition folders strictly: every error at once, with file, line and a guess; then compile them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from envdesk.errors import Problem, Refused, guess
from envdesk.formdef import spec
from envdesk.formdef.model import Catalogue
from envdesk.formdef.toml_lines import line_map, nearest


@dataclass(frozen=True, slots=True)
class Source:
    """One definition file: its table, its text and where each key stands."""

    name: str
    path: Path
    text: str
    data: dict[str, Any]
    lines: dict[tuple[str | int, ...], int]


class Issues:
    """Collects definition errors as ``file:line sentence``."""

    def __init__(self) -> None:
        """Start empty."""
        self.found: list[Problem] = []

    def add(self, source: Source, path: tuple[str | int, ...], message: str, code: str = "form_error") -> None:
        """Record one error at *path* of *source*."""
        line = nearest(source.lines, path)
        self.found.append(Problem(code, f"{source.path.name}:{line} {message}", "error", f"{source.name}:{line}"))

    def stop(self) -> None:
        """Raise all that was found."""
        if self.found:
            raise Refused("form_errors", problems=self.found)


def read_folder(folder: Path, issues: Issues) -> list[Source]:
    """Read all ``*.toml`` of a folder, sorted by name; a file that is no TOML becomes an issue."""
    sources = []
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text(encoding="utf-8-sig")
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as exc:
            issues.found.append(Problem("form_error", f"{path.name}: 不是有效的 TOML：{exc}", "error", path.stem))
            continue
        sources.append(Source(path.stem, path, text, data, line_map(text)))
    return sources


class Checker:
    """Checks raw tables against :mod:`envdesk.formdef.spec`."""

    def __init__(self, source: Source, issues: Issues) -> None:
        """Check tables of one file."""
        self.source = source
        self.issues = issues

    def table(self, data: Mapping[str, Any], allowed: Mapping[str, str], path: tuple[str | int, ...]) -> None:
        """Report unknown keys and wrong value types of one table."""
        for key, value in data.items():
            kind = allowed.get(key)
            if kind is None:
                self.issues.add(
                    self.source, (*path, key), f"没有“{key}”这个键{guess(key, list(allowed))}", "unknown_definition_key"
                )
            elif not isinstance(value, spec.ACCEPTS[kind]) or (
                isinstance(value, bool) and kind in (spec.INT, spec.NUM)
            ):
                self.issues.add(self.source, (*path, key), f"“{key}”应为{kind}", "wrong_definition_type")

    def need(self, data: Mapping[str, Any], keys: Iterable[str], path: tuple[str | int, ...]) -> None:
        """Report missing keys."""
        for key in keys:
            if not data.get(key):
                self.issues.add(self.source, path, f"缺少“{key}”", "missing_definition_key")

    def word(self, data: Mapping[str, Any], key: str, known: Iterable[str], path: tuple[str | int, ...]) -> None:
        """Report a value outside a closed list."""
        value = data.get(key)
        known = list(known)
        if value is not None and value not in known:
            self.issues.add(self.source, (*path, key), f"“{key}”不能是“{value}”{guess(str(value), known)}")

    def sections(self, data: Mapping[str, Any], path: tuple[str | int, ...]) -> None:
        """Check the sections and fields of a form or block."""
        for i, section in enumerate(data.get("section", [])):
            here = (*path, "section", i)
            self.table(section, spec.SECTION, here)
            self.need(section, ("title",), here)
            self.fields(section.get("field", []), (*here, "field"))

    def fields(self, fields: list[dict[str, Any]], path: tuple[str | int, ...]) -> None:
        """Check a list of fields, row columns included."""
        for j, raw in enumerate(fields):
            at = (*path, j)
            self.table(raw, spec.FIELD, at)
            self.need(raw, ("key", "label", "type"), at)
            self.word(raw, "type", spec.FIELD_TYPES, at)
            self.word(raw, "required_severity", spec.SEVERITIES, at)
            self.word(raw, "pii", ("name", "phone", "address", "text"), at)
            key = raw.get("key", "")
            if key in spec.RESERVED:
                self.issues.add(self.source, (*at, "key"), f"“{key}”是系统保留的键", "reserved_key")
            if raw.get("type") in ("choice", "multichoice") and not raw.get("choices"):
                self.issues.add(self.source, at, f"“{key}”缺少 choices", "missing_definition_key")
            if raw.get("type") == "ref" and not raw.get("ref"):
                self.issues.add(self.source, at, f"“{key}”缺少 ref", "missing_definition_key")
            if raw.get("type") == "rows":
                self.need(raw, ("field",), at)
                self.fields(raw.get("field", []), (*at, "field"))

    def parts(self, data: Mapping[str, Any], path: tuple[str | int, ...]) -> None:
        """Check rules, states, dues and figures."""
        for name, allowed, needed in (
            ("rule", spec.RULE, ("id", "expr", "message")),
            ("state", spec.STATE, ("word", "when")),
            ("due", spec.DUE, ("id", "date", "what")),
            ("figure", spec.FIGURE, ("id", "title", "measure")),
            ("check", spec.CHECK, ("id", "level", "title")),
            ("paper", spec.PAPER, ("id", "title")),
            ("spawn", spec.SPAWN, ("list", "when", "form", "link", "values")),
            ("setting", spec.SETTING, ("key", "label", "type", "group", "help")),
        ):
            for i, raw in enumerate(data.get(name, [])):
                at = (*path, name, i)
                self.table(raw, allowed, at)
                self.need(raw, needed, at)
                if name == "rule":
                    self.word(raw, "severity", spec.SEVERITIES, at)
                elif name == "figure":
                    self.word(raw, "kind", spec.FIGURE_KINDS, at)
                elif name == "check":
                    self.word(raw, "level", spec.LEVELS, at)
                    self.word(raw, "role", spec.ROLES, at)
                elif name == "paper":
                    self.paper(raw, at)

    def paper(self, raw: Mapping[str, Any], path: tuple[str | int, ...]) -> None:
        """Check the columns of a printed register; a table of figures has none."""
        self.need(raw, ("figures", "by") if "figures" in raw else ("columns",), path)
        for j, column in enumerate(raw.get("columns", ())):
            at = (*path, "columns", j)
            if isinstance(column, dict):
                self.table(column, spec.PAPER_COLUMN, at)
                self.need(column, ("label", "sql") if "sql" in column else ("key",), at)
                self.word(column, "type", ("text", "date", "int", "decimal", "money"), at)
            elif not isinstance(column, str):
                self.issues.add(self.source, at, "columns 里应是键或表", "wrong_definition_type")


def check_source(source: Source, issues: Issues) -> None:
    """Check one file's keys and types."""
    checker = Checker(source, issues)
    if source.name in spec.FILES:
        checker.table(source.data, spec.FILES[source.name], ())
        for name, block in source.data.get("block", {}).items():
            checker.table(block, spec.BLOCK, ("block", name))
            checker.sections(block, ("block", name))
            checker.parts(block, ("block", name))
            for view, raw in block.get("view", {}).items():
                checker.table(raw, spec.VIEW, ("block", name, "view", view))
        for name, raw in source.data.get("view", {}).items():
            checker.table(raw, spec.VIEW, ("view", name))
            for i, part in enumerate(raw.get("part", [])):
                checker.table(part, spec.PART, ("view", name, "part", i))
                checker.need(part, ("of", "keys"), ("view", name, "part", i))
        for name, raw in source.data.get("dimension", {}).items():
            checker.table(raw, spec.DIMENSION, ("dimension", name))
    else:
        checker.table(source.data, spec.FORM, ())
        checker.need(source.data, ("id", "title"), ())
        if source.data.get("id") != source.name:
            issues.add(source, ("id",), f"id 应与文件名相同：{source.name}")
        checker.word(source.data, "kind", ("record", "list"), ())
        checker.sections(source.data, ())
        checker.table(source.data.get("backlink", {}), spec.BACKLINK, ("backlink",))
        for i, trip in enumerate(source.data.get("trip", [])):
            checker.table(trip, spec.TRIP, ("trip", i))
            checker.need(trip, ("date", "people"), ("trip", i))
    checker.parts(source.data, ())


def load(folders: Iterable[Path]) -> Catalogue:
    """Load and compile definition folders, the program's own first.

    Raises:
        Refused: ``form_errors`` with one problem per mistake (``file:line sentence``).
    """
    from envdesk.formdef.compile import compile_sources
    from envdesk.formdef.dues import prepare

    issues = Issues()
    sources: list[Source] = []
    for folder in folders:
        sources += read_folder(folder, issues)
    for source in sources:
        check_source(source, issues)
    issues.stop()
    catalogue = compile_sources(sources, issues)
    issues.stop()
    return prepare(catalogue)
