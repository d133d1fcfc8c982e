"""Records: add, edit, get, list, void, history, undo, due list, drafts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from envdesk.desk.office import Desk, Done
from envdesk.errors import refuse
from envdesk.figures.period import parse_period
from envdesk.formdef.expr import compile_expr, words
from envdesk.formdef.model import Field, Form
from envdesk.formdef.types import mask
from envdesk.i18n import N_, _
from envdesk.store import query, save, undo as undoing
from envdesk.store.operations import DECISION, operation
from envdesk.store.query import Filter
from envdesk.store.reader import resolve


def add(desk: Desk, form: str, objects: Sequence[Any], *, base_dir: Path | None = None, why: str = "") -> Done:
    """Add objects, all or nothing."""
    outcome = save.add(desk.store, form, objects, base_dir=base_dir, why=why)
    return Done(outcome, frozenset() if outcome.refused else frozenset({form}))


def edit(desk: Desk, form: str, rec: str, change: Any, *, base_dir: Path | None = None, why: str = "") -> Done:
    """Change some fields of a record."""
    if not isinstance(change, Mapping):
        raise refuse("not_object", index=1)
    found = resolve(desk.store, form, rec)
    outcome = save.edit(desk.store, form, found, change, why=why, base_dir=base_dir)
    return Done(outcome, frozenset() if outcome.refused else frozenset({form}))


def void(desk: Desk, form: str, rec: str, why: str) -> Done:
    """Void a record with a reason."""
    return Done(save.void(desk.store, form, resolve(desk.store, form, rec), why), frozenset({form}))


def undo(desk: Desk, no: int | None = None, *, keep_touched: bool = False, why: str = "") -> Done:
    """Take an operation back."""
    return Done(undoing.undo(desk.store, no, keep_touched=keep_touched, why=why), frozenset({"*"}))


# ---- reading -----------------------------------------------------------------------------------------------------
def get(desk: Desk, form_id: str, rec: str, *, reveal: bool = False, why: str = "") -> dict[str, Any]:
    """Read one record; personal data masked unless revealed with a reason (which is logged)."""
    form = desk.catalogue.form(form_id)
    row = query.fetch(desk.store, form, resolve(desk.store, form_id, rec))
    if reveal:
        reveal_log(desk, form, [row["id"]], why)
    return outward(desk, form, [row], reveal=reveal)[0]


def listing(
    desk: Desk,
    form_id: str,
    *,
    period: str = "",
    search: str = "",
    where: str = "",
    limit: int = 0,
    reveal: bool = False,
    why: str = "",
) -> list[dict[str, Any]]:
    """List live records."""
    form = desk.catalogue.form(form_id)
    span = parse_period(period) if period else None
    flt = Filter(
        start=span.start.isoformat() if span else "", end=span.end.isoformat() if span else "", search=search, where=where,
        limit=limit,
    )  # fmt: skip
    if where and not reveal:
        no_secrets(desk, form, where)
    with desk.store.con.limited(30, f"list {form_id}"):
        rows = query.listing(desk.store, form, flt)
    if reveal:
        reveal_log(desk, form, [r["id"] for r in rows], why)
    return outward(desk, form, rows, reveal=reveal)


def no_secrets(desk: Desk, form: Form, where: str) -> None:
    """A condition must not find out what a list masks: secret keys of the forms it can reach only together with reveal."""
    scope = desk.store.live.form_scope(form)
    named = words(where)
    reached = {form.id, *(w.partition(".")[0] for w in named), *(scope.refs[w][0] for w in named & set(scope.refs))}
    forms = [desk.catalogue.forms[f] for f in reached if f in desk.catalogue.forms]
    if named & {f.key for other in forms for f in other.fields if f.secret}:
        raise refuse("bad_expression", text=where, detail="诉求人信息不能作条件（--reveal --why）")


def reveal_log(desk: Desk, form: Form, ids: list[str], why: str) -> None:
    """Revealing personal data leaves a line: who, when, why, which records (domain.md §6)."""
    if not why.strip():
        raise refuse("why_needed")
    with operation(desk.store, "reveal", form=form.id, why=why) as op:
        for rec in ids:
            op.log(form.id, rec, "@reveal", None, None)


def outward(desk: Desk, form: Form, rows: Sequence[Mapping[str, Any]], *, reveal: bool = False) -> list[dict[str, Any]]:
    """Stored rows as the contract shows them: bools, people by name, names beside references, personal data masked."""
    names = query.ref_names(desk.store, form, rows)
    return [_outward(form, row, names, reveal=reveal) for row in rows]


def _outward(form: Form, row: Mapping[str, Any], names: Mapping[str, str], *, reveal: bool) -> dict[str, Any]:
    out: dict[str, Any] = {"id": row["id"], "record_no": row.get("record_no")}
    for p in form.parents:
        out[f"{p}_id"] = row.get(f"{p}_id")
    refs: dict[str, str] = {}
    for f in form.fields:
        out[f.key] = _shown(f, row.get(f.key), names, reveal=reveal)
        if f.type == "ref" and row.get(f.key):
            refs[f.key] = names.get(row[f.key], "")
    if refs:
        out["refs"] = refs
    for key in ("state", "void", "void_reason", "rev", "created_by", "created_at", "updated_by", "updated_at"):
        if key in row:
            out[key] = bool(row[key]) if key == "void" else row[key]
    if row.get("hints"):
        out["hints"] = json.loads(row["hints"])
    return out


def _shown(f: Field, value: Any, names: Mapping[str, str], *, reveal: bool) -> Any:
    if value is None:
        return [] if f.is_list else None
    if f.type == "bool":
        return bool(value)
    if f.type == "people":
        return [names.get(v, v) for v in value]
    if f.type == "rows":
        return [
            {"id": row.get("id")} | {s.key: _shown(s, row.get(s.key), names, reveal=reveal) for s in f.fields}
            for row in value
        ]
    if f.pii and not reveal:
        return mask(f.pii, str(value))
    return value


#: What the district decided about a conflict, in words.
_DECIDED = {"keep": N_("留下先到的一份"), "take": N_("改用另一份"), "back": N_("退回街道")}


def _decided(value: Any) -> str | None:
    return _(_DECIDED[value["way"]]) if isinstance(value, dict) and value.get("way") in _DECIDED else None


def history(desk: Desk, form_id: str, rec: str) -> list[dict[str, Any]]:
    """Every change of a record and of its shared records, oldest first; personal data masked."""
    form = desk.catalogue.form(form_id)
    found = resolve(desk.store, form_id, rec)
    row = query.fetch(desk.store, form, found)
    keys = {(f.home, f.column): f for f in form.typed()}
    wanted = {form_id: found} | {p: row[f"{p}_id"] for p in form.parents}
    out: list[dict[str, Any]] = []
    for home, ident in wanted.items():
        for line in query.history(desk.store, home, ident):
            f = keys.get((home, line["field"]))
            for side in ("old", "new"):
                if f is not None and f.pii and line[side] is not None:
                    line[side] = mask(f.pii, str(line[side]))
                elif line["field"] is None:
                    line[side] = None
            line["label"] = f.label if f is not None else None
            if line["field"] == DECISION:
                line["label"] = _("冲突")
                line |= {side: _decided(line[side]) for side in ("old", "new")}
            line["field"] = f.key if f is not None else line["field"]
            out.append(line)
    return sorted(out, key=lambda line: (line["operation"], line["seq"]))


def check_expression(desk: Desk, form_id: str, text: str) -> None:
    """Compile a filter expression, refusing a wrong one with words."""
    from envdesk.formdef.expr import BadExpression

    try:
        compile_expr(text, desk.store.live.form_scope(desk.catalogue.form(form_id)))
    except BadExpression as exc:
        raise refuse("bad_expression", text=text, detail=str(exc)) from exc
