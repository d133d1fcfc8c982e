"""Forms and rows in words, for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from envdesk.formdef.model import Catalogue, Field, Form


def field_dict(f: Field) -> dict[str, Any]:
    """One field as the contract shows it; only what is set."""
    out: dict[str, Any] = {"key": f.key, "label": f.label, "type": f.type}
    optional = {
        "required": f.required, "required_when": f.required_when, "visible": f.visible, "default": f.default,
        "default_sql": f.default_sql, "computed": f.computed, "unit": f.unit, "min": f.min, "max": f.max,
        "decimals": f.decimals, "max_len": f.max_len, "ref": f.ref, "pii": f.pii, "secret": f.secret,
        "dated_by": f.dated_by, "help": f.help, "hint": f.hint, "aliases": list(f.aliases),
    }  # fmt: skip
    out |= {k: v for k, v in optional.items() if v not in (None, "", False, 0, [])}
    if f.choices:
        out["choices"] = [{"code": c.code, "label": c.label, "off": c.off} for c in f.choices]
    if f.fields:
        out["fields"] = [field_dict(s) for s in f.fields]
    return out


def form_dict(catalogue: Catalogue, form: Form) -> dict[str, Any]:
    """A form with its fields, rules and figures."""
    return {
        "id": form.id,
        "title": form.title,
        "kind": form.kind,
        "prefix": form.prefix,
        "date": form.date,
        "natural": list(form.natural),
        "blocks": list(form.blocks),
        "sections": [{"id": s.id, "title": s.title, "keys": list(s.keys)} for s in form.sections],
        "fields": [field_dict(f) for f in form.fields],
        "rules": [
            {"id": r.id, "severity": r.severity, "message": r.message, "expr": r.expr, "field": r.field}
            for r in form.rules
        ],
        "states": [s.word for s in form.states],
        "figures": [
            {"id": f.id, "title": f.title, "unit": f.measure} for f in catalogue.figures.values() if f.form == form.id
        ],
        "version": form.version,
    }


def form_text(catalogue: Catalogue, form: Form) -> str:
    """A form as a table of fields, then rules and figures."""
    lines = [f"{form.title}（{form.id}）"]
    for section in form.sections:
        lines.append(f"\n[{section.title}]")
        for key in section.keys:
            f = form.field(key)
            mark = "*" if f.required == "always" else f"*{f.required}" if f.required else ""
            words = "/".join(c.code for c in f.choices)
            lines.append(f"  {key:22}{f.label}{mark}  {f.type}{'→' + f.ref if f.ref else ''}  {words}")
    lines.append("\n[规则]")
    lines += [f"  {r.severity:8}{r.message}" for r in form.rules]
    figures = [f for f in catalogue.figures.values() if f.form == form.id]
    if figures:
        lines.append("\n[指标]")
        lines += [f"  {f.id:24}{f.title}（{f.measure}）" for f in figures]
    return "\n".join(lines)


def rows_text(form: Form, rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows with the register's columns, tab separated."""
    keys = [k for k in form.columns if k != "record_no"] or [f.key for f in form.fields[:6]]
    head = ["编号", *(form.field(k).label if form.has(k) else {"state": "状态"}.get(k, k) for k in keys)]
    lines = ["\t".join(head)]
    for row in rows:
        cells = [str(row.get("record_no") or row["id"])]
        for k in keys:
            value = (row.get("refs") or {}).get(k) or row.get(k)
            cells.append(
                "、".join(str(v) for v in value) if isinstance(value, list) else "" if value is None else str(value)
            )
        lines.append("\t".join(c.replace("\n", " ") for c in cells))
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(str(v) for v in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)
