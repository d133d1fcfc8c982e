"""Import a ledger: any sheet whose headers are understood becomes records, all or nothing, one operation, one undo.

Every problem is named with the row the user sees. Nothing is dropped in silence: columns nobody knows, sheets left out
and rows that look like totals are told as hints; a cell whose value can not be trusted is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from envdesk.errors import Problem, Severity, problem, refuse, word
from envdesk.exchange import cells, sheets
from envdesk.exchange.headers import DIRECTIVE, Matched, Names, header_row, is_silent, unit
from envdesk.formdef.model import Form
from envdesk.formdef.types import BadValue
from envdesk.store.file import Store
from envdesk.store.save import Outcome, add

HINT_MARK = "※"
"""Begins every cell of a template's hint row."""
TOTALS = frozenset({"合计", "总计", "小计", "共计", "累计"})
ACCEPT_WORDS = frozenset({"接受", "确认", "是", "accept", "√"})
HEADS_AMONG = 20
"""Rows among which a header is looked for."""
MANY = 5
"""The same hint in more rows than this is told once."""
#: Forms with this key: subjects enter the register on that day (domain.md §10.3).
REGISTER = "register_from"


@dataclass
class Imported(Outcome):
    """Result of an import: that of the batch, and how the sheet was understood.

    Attributes:
        sheet: name of the sheet that was read.
        header: its header row, ``rows`` the row of each object (both from 1).
        columns: key → column position from 0.
        headers: header → key, as understood; ``unknown`` the headers nobody knew, ``idle`` all that fill nothing.
        errors_file: workbook with the problems written back, if one was asked for and needed.
    """

    sheet: str = ""
    header: int = 0
    rows: list[int] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    errors_file: Path | None = None

    def as_dict(self) -> dict[str, Any]:
        """The contract's shape and how the sheet was understood."""
        return super().as_dict() | {
            "sheet": self.sheet,
            "rows": self.rows,
            "columns": self.headers,
            "unknown_columns": self.unknown,
            "errors_file": str(self.errors_file) if self.errors_file else None,
        }


def read_mapping(path: Path) -> dict[str, str | None]:
    """Read a ``--map`` file: a JSON object ``{header: key}``; an empty key leaves the column out.

    Raises:
        Refused: ``bad_json``.
    """
    try:
        found = json.loads(sheets.decode(path.read_bytes()))
    except (OSError, ValueError) as exc:
        raise refuse("bad_json", detail=str(exc)[:200]) from exc
    if not isinstance(found, dict) or not all(v is None or isinstance(v, str) for v in found.values()):
        raise refuse("bad_json", detail='{"表头": "key", …}')
    return found


def likely_heads(path: Path) -> list[str]:
    """Return the fullest of the first rows, of the sheet where it is fullest."""
    rows = [row for sheet in sheets.read(path) for row in sheet.rows[:HEADS_AMONG]]
    words = [[str(cell).strip() for cell in row if isinstance(cell, str) and cell.strip()] for row in rows]
    fullest = max(words, key=len, default=[])
    return list(dict.fromkeys(fullest))


def import_file(  # noqa: PLR0913
    store: Store,
    form_id: str,
    path: Path,
    *,
    mapping: Mapping[str, str | None] | None = None,
    dry_run: bool = False,
    errors_out: Path | None = None,
    accept_warnings: bool = False,
    why: str = "",
    sheet: str = "",
) -> Imported:
    """Import a file into a form.

    Args:
        store: open file.
        form_id: form.
        path: .xlsx, .xls or .csv; photo and file paths in it are relative to its folder.
        mapping: header → key, wins over what the headers say.
        dry_run: judge everything, store nothing.
        errors_out: .xlsx to write the user's workbook back into when something is wrong.
        accept_warnings: acknowledge all warnings (else each row by “接受” in a column 警告处理).
        why: reason, needed when a date lies in a sealed period.
        sheet: name of the sheet; default the one whose headers fit best.

    Raises:
        Refused: unreadable file, no column understood, no rows, 纳入日期 missing.
    """
    form = store.catalogue.form(form_id)
    if form.kind == "shared":
        raise refuse("shared_form", form=form.title)
    work = _Import(store, form, mapping)
    work.open(path, sheet)
    work.read_rows()
    if not work.objects:
        raise refuse("import_empty", path=str(path))
    work.register_dates()
    if accept_warnings:
        for raw in work.objects:
            raw[DIRECTIVE] = "accept"
    work.duplicates()
    done = work.save(path.parent, dry_run=dry_run, why=why)
    if errors_out is not None and done.refused:
        from envdesk.exchange.errors_back import write_back

        done.errors_file = write_back(path, work.sheet, done, errors_out)
    return done


class _Import:
    """One import on its way from cells to objects."""

    def __init__(self, store: Store, form: Form, mapping: Mapping[str, str | None] | None) -> None:
        self.store = store
        self.form = form
        self.mapping = mapping
        self.names = Names(form)
        self.sheet = sheets.Sheet("", [])
        self.matched = Matched()
        self.header = -1
        self.objects: list[dict[str, Any]] = []
        self.rows: list[int] = []
        self.found: list[Problem] = []

    # ---- the sheet -------------------------------------------------------------------------------------------------
    def open(self, path: Path, wanted: str) -> None:
        """Choose the sheet and understand its headers."""
        fits: list[tuple[sheets.Sheet, int, Matched]] = [
            (found, *header_row(found.rows, self.names, self.mapping))
            for found in sheets.read(path)
            if not wanted or found.name == wanted
        ]
        best = max(fits, key=lambda fit: len(fit[2].keys), default=None)
        if best is None:
            raise refuse("import_empty", path=str(path))
        self.sheet, self.header, self.matched = best
        if self.header < 0:
            raise refuse("import_no_columns", path=str(path), form=self.form.title)
        for sheet, _n, matched in fits:
            if sheet is not self.sheet and len(matched.keys) * 2 > len(self.matched.keys):
                self.found.append(problem("import_other_sheet", severity="hint", name=sheet.name))
        self.columns_told()

    def columns_told(self) -> None:
        """Hints about columns that will not be read."""
        matched = self.matched
        for column, keys in matched.unknown.items():
            header = matched.headers[column]
            if keys:
                labels = "、".join(self.names.targets[k].label for k in keys)
                self.found.append(problem("import_ambiguous", severity="hint", header=header, labels=labels))
            else:
                near = self.names.near(header)
                self.found.append(problem("import_unknown", severity="hint", header=header, guess=near))
        for column, key in matched.double.items():
            first = matched.headers.get(matched.column(key) or 0, "")
            self.found.append(
                problem("import_double", field=key, severity="hint", header=matched.headers[column], other=first)
            )
        width = max((len(r) for r in self.sheet.rows), default=0)
        for column in range(width):
            if column not in matched.headers and self._filled(column):
                letters = sheets.column_letters(column)
                self.found.append(problem("import_no_header", severity="hint", column=letters))

    def _filled(self, column: int) -> bool:
        return any(column < len(row) and row[column] not in ("", None) for row in self.sheet.rows[self.header + 1 :])

    # ---- the rows ----------------------------------------------------------------------------------------------------
    def read_rows(self) -> None:
        """Turn rows into objects; empty ones, hints of a template and totals are left out."""
        for n, row in enumerate(self.sheet.rows[self.header + 1 :], self.header + 1):
            texts = [str(cell).strip() for cell in row if str(cell if cell is not None else "").strip()]
            trapped = [c for c in self.matched.keys if (n, c) in self.sheet.traps]
            if (not texts and not trapped) or (texts and all(t.startswith(HINT_MARK) for t in texts)):
                continue
            if texts and "".join(texts[0].split()).rstrip("：:") in TOTALS:
                self.found.append(problem("import_total", severity="hint", row=n + 1))
                continue
            self.objects.append(self.read_row(n, row, len(self.objects)))
            self.rows.append(n + 1)

    def read_row(self, n: int, row: list[Any], index: int) -> dict[str, Any]:
        """Read one row; problems of its cells are noted."""
        out: dict[str, Any] = {}
        for column, key in self.matched.keys.items():
            value = row[column] if column < len(row) else None
            if key == DIRECTIVE:
                if str(value or "").strip().casefold() in ACCEPT_WORDS:
                    out[DIRECTIVE] = "accept"
                continue
            target = self.names.targets[key]
            where = key if target.sub is None else f"{target.field.key}[0].{target.sub.key}"
            try:
                self.check_trap(n, column, target.label)
                read = cells.read(target, value, unit(self.matched.headers[column]))
            except BadValue as bad:
                self.found.append(replace(bad.problem, field=where, index=index))
                continue
            if read is None:
                continue
            if target.sub is None:
                out[key] = read
            else:
                out.setdefault(target.field.key, [{}])[0][target.sub.key] = read
        return out

    def check_trap(self, n: int, column: int, label: str) -> None:
        """Refuse a formula without result or with an error."""
        if (n, column) in self.sheet.traps:
            raise BadValue(problem("import_formula", label=label, value=self.sheet.traps[n, column]))

    def register_dates(self) -> None:
        """纳入日期 is never guessed: the office's 启用日期 stands in for it, else the column is asked for."""
        if not self.form.has(REGISTER):
            return
        lacking = [raw for raw in self.objects if REGISTER not in raw]
        if not lacking:
            return
        stored = self.store.con.value("SELECT value FROM setting WHERE key = 'baseline_date'")
        if stored:
            for raw in lacking:
                raw[REGISTER] = stored
            self.found.append(
                problem("import_baseline", field=REGISTER, severity="hint", value=stored, count=len(lacking))
            )
        elif self.matched.column(REGISTER) is None:
            raise refuse("import_register", label=self.form.field(REGISTER).label)
        else:
            faulty = {(p.index, p.field) for p in self.found}
            label = self.form.field(REGISTER).label
            for index, raw in enumerate(self.objects):
                if REGISTER not in raw and (index, REGISTER) not in faulty:
                    self.found.append(problem("required", field=REGISTER, label=label).at(index))

    def duplicates(self) -> None:
        """The same row twice is a warning; the same natural key twice an error."""
        seen: dict[str, int] = {}
        keyed: dict[tuple[Any, ...], int] = {}
        for index, raw in enumerate(self.objects):
            text = json.dumps({k: v for k, v in raw.items() if k != DIRECTIVE}, sort_keys=True, default=str)
            if text in seen:
                other = self.rows[seen[text]]
                severity: Severity = "hint" if raw.get(DIRECTIVE) == "accept" else "warning"
                self.found.append(problem("import_same_row", severity=severity, other=other).at(index))
            seen.setdefault(text, index)
            for keys in self.form.unique:
                values = tuple(str(raw.get(k) or "").strip() for k in keys)
                if all(values):
                    first = keyed.setdefault((keys, values), index)
                    if first != index:
                        label = "、".join(self.form.field(k).label for k in keys)
                        found = problem("import_same_key", field=keys[-1], label=label, other=self.rows[first])
                        self.found.append(found.at(index))

    # ---- saving ------------------------------------------------------------------------------------------------------
    def save(self, base_dir: Path, *, dry_run: bool, why: str) -> Imported:
        """Give the objects to the store; nothing is stored when anything blocks."""
        blocked = any(p.severity != "hint" for p in self.found)
        dry = dry_run or blocked
        done = add(self.store, self.form.id, self.objects, base_dir=base_dir, why=why, verb="import", dry_run=dry)
        problems = [*self.found, *self._others(done.problems)]
        keys = {key: column for column, key in self.matched.keys.items()}
        return Imported(
            ids=done.ids,
            created=done.created,
            problems=self._worded(problems),
            operation=done.operation,
            refused=done.refused or blocked,
            sheet=self.sheet.name,
            header=self.header + 1,
            rows=self.rows,
            columns=keys,
            headers={self.matched.headers[c]: k for c, k in self.matched.keys.items() if c in self.matched.headers},
            unknown=[self.matched.headers[c] for c in self.matched.unknown],
            idle=[h for c, h in self.matched.headers.items() if c not in self.matched.keys and not is_silent(h)],
        )

    def _others(self, problems: Iterable[Problem]) -> list[Problem]:
        """The store's findings, but not what only follows from a cell that was left out for a reason of its own."""
        faulty = {(p.index, (p.field or "").split("[")[0]) for p in self.found if p.severity == "error"}
        same = {p.index for p in self.found if p.code == "import_same_key"}
        return [
            p
            for p in problems
            if not (p.code == "required" and (p.index, (p.field or "").split("[")[0]) in faulty)
            and not (p.code == "not_unique" and p.index in same)
        ]

    def _worded(self, problems: list[Problem]) -> list[Problem]:
        """In the order of the rows, each with its row; a hint that many rows share is told once."""
        groups: dict[tuple[str, str | None, str], list[Problem]] = {}
        for p in problems:
            if p.severity == "hint" and p.index is not None:
                groups.setdefault((p.code, p.field, p.message), []).append(p)
        many = {k: ps for k, ps in groups.items() if len(ps) > MANY}
        told: set[tuple[str, str | None, str]] = set()
        out: list[Problem] = []
        for p in sorted(problems, key=lambda p: (p.index is not None, p.index or 0)):
            key = (p.code, p.field, p.message)
            if p.index is None:
                out.append(p)
            elif p.severity == "hint" and key in many:
                if key not in told:
                    told.add(key)
                    row = self.rows[p.index]
                    text = word("import_many", message=p.message, row=row, count=len(many[key]))
                    out.append(replace(p, message=text, index=None))
            else:
                out.append(replace(p, message=word("import_row", row=self.rows[p.index], message=p.message)))
        return out
