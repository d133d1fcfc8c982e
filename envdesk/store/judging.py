"""What a judged draft means to the person who typed it: problems beside fields, in three severities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from envdesk.errors import Problem, Severity, problem
from envdesk.formdef.model import Field, Form
from envdesk.store.evaluate import Judgement


def problems_of(
    form: Form, values: Mapping[str, Any], found: Judgement, old: Mapping[str, Any] | None = None
) -> list[Problem]:
    """Word required marks, switched-off choices and broken rules; *old* = the stored record that is being edited."""
    out: list[Problem] = []
    for f in form.typed():
        if values.get(f.key) in (None, [], "") and f.key not in found.hidden:
            severity = severity_of_empty(f, found.required.get(f.key), found.stages)
            if severity:
                out.append(problem("required", field=f.key, severity=severity, label=f.label))
        if f.type == "rows":
            out += _empty_cells(f, values.get(f.key) or [], found)
        out += _off_choices(f, values.get(f.key), (old or {}).get(f.key))
    for rule in found.broken:
        out.append(Problem(f"rule:{rule.id}", rule.message, rule.severity, rule.field or None))
    for rule, pos in found.broken_rows:
        column = rule.field.rpartition(".")[2] if rule.field != rule.list else ""
        out.append(
            Problem(f"rule:{rule.id}", rule.message, rule.severity, f"{rule.list}[{pos}]" + (column and f".{column}"))
        )
    return out


def severity_of_empty(f: Field, when: bool | None, stages: Mapping[str, bool]) -> Severity | None:  # noqa: FBT001
    """Severity of an empty field (None = none): conditional marks bind as told, staged ones are hints before."""
    if when or f.required == "always":
        return f.required_severity
    if f.required:
        return f.required_severity if stages.get(f.required) else "hint"
    return None


def _empty_cells(f: Field, rows: list[Mapping[str, Any]], found: Judgement) -> list[Problem]:
    out = []
    for pos, row in enumerate(rows):
        for sub in f.fields:
            if row.get(sub.key) is None and sub.stored:
                severity = severity_of_empty(sub, found.required_rows.get((f.key, pos, sub.key)), found.stages)
                if severity:
                    where = f"{f.key}[{pos}].{sub.key}"
                    out.append(problem("required", field=where, severity=severity, label=sub.label))
    return out


def _off_choices(f: Field, value: Any, old: Any) -> list[Problem]:
    """A switched-off choice may stay but not be newly taken."""
    if f.type not in ("choice", "multichoice") or not value:
        return []
    codes = value if isinstance(value, list) else [value]
    before = old if isinstance(old, list) else [old]
    out = []
    for code in codes:
        c = f.choice(code)
        if c is not None and c.off and code not in before:
            out.append(problem("choice_off", field=f.key, label=f.label, value=code))
    return out
