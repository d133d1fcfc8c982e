"""Records that follow from others in the same operation: a finding 限期整改 makes its rectification; links both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from envdesk.errors import Problem, Refused, problem
from envdesk.formdef.model import Form
from envdesk.store.file import Store
from envdesk.store.operations import Values, load, update

if TYPE_CHECKING:
    from envdesk.store.save import Saver


def spawn(saver: Saver, form: Form, rec: str, values: dict[str, Any]) -> None:
    """Make the records that rows of this one ask for and put their ids into the rows."""
    store = saver.store
    for item in form.spawns:
        if item.form not in store.catalogue.forms or not values.get(item.list):
            continue
        f = form.field(item.list)
        stored = load(store, form, rec) if f.home == form.id else None
        rows = (stored or {}).get(f.column) or []
        if not rows:
            continue
        draft = {**values, "id": rec, item.list: rows}
        target = store.catalogue.forms[item.form]
        texts = {"__when": f"coalesce(({item.when}), 0)", **item.values}
        asked = saver.evaluator(form).compute_rows(store.con, draft, saver.params, item.list, texts)
        changed = [dict(row) for row in rows]
        for row, more in zip(changed, asked, strict=True):
            if not more.pop("__when"):
                continue
            raw = {k: v for k, v in more.items() if v is not None} | {"warnings": "accept"}
            new = store.new_id()
            made, problems = saver.add(target, raw, rec=new)
            if made is None:
                raise Refused("spawn", problems=[p for p in problems if p.severity == "error"])
            row[item.link] = made
        if changed != rows:
            update(saver.op, form, rec, {f.column: changed})


def orphans(store: Store, form: Form, current: Values, merged: Values) -> list[Problem]:
    """Warnings for rows that an edit takes away although the record they made is alive (a finding and its rectification)."""
    out: list[Problem] = []
    for item in form.spawns:
        if item.form not in store.catalogue.forms or merged.get(item.list) is None:
            continue
        kept = {row.get(item.link) for row in merged[item.list]}
        for pos, row in enumerate(current.get(item.list) or []):
            made = row.get(item.link)
            there = load(store, store.catalogue.forms[item.form], made) if made and made not in kept else None
            if there is not None and not there["void"]:
                title, number = store.catalogue.forms[item.form].title, there["record_no"]
                where = f"{item.list}[{pos}]"
                out.append(problem("made_row_gone", field=where, severity="warning", form=title, record_no=number))
    return out


def follow(saver: Saver, form: Form, current: Values, merged: Values) -> None:
    """What rows have made goes along when a reference of this record is corrected, if it still names the old one."""
    store = saver.store
    for item in form.spawns:
        target = store.catalogue.forms.get(item.form)
        links = [row.get(item.link) for row in merged.get(item.list) or []]
        for key, text in item.values.items() if target is not None and any(links) else ():
            if target is None or not form.has(text) or target.field(key).type != "ref":
                continue
            old, new, column = current.get(text), merged.get(text), target.field(key).column
            for made in links if old != new and new is not None else ():
                there = load(store, target, made) if made else None
                if there is not None and not there["void"] and there.get(column) == old:
                    if saver.op.why:
                        saver.op.allow(str(made))
                    update(saver.op, target, str(made), {column: new})


def backlinks(saver: Saver, form: Form, rec: str, values: dict[str, Any]) -> None:
    """Link a record and the row it answers, whichever side was told."""
    store = saver.store
    link = form.backlink
    if link and values.get(link.record):
        origin = str(values[link.record])
        for other in store.catalogue.forms.values():
            if not other.has(link.list) or other.field(link.list).home != other.id:
                continue
            stored = load(store, other, origin)
            if stored is None:
                continue
            rows = [dict(r) for r in stored[link.list]]
            number = values.get(link.position) or (1 if len(rows) == 1 else None)
            if number and 0 < int(number) <= len(rows) and rows[int(number) - 1].get(link.link) != rec:
                rows[int(number) - 1][link.link] = rec
                update(saver.op, other, origin, {link.list: rows})
    for target in store.catalogue.forms.values():
        answer = target.backlink
        if not answer or not form.has(answer.list) or not values.get(answer.list):
            continue
        for pos, row in enumerate((load(store, form, rec) or {}).get(answer.list) or []):
            linked = row.get(answer.link)
            if linked:
                there = load(store, target, linked) or {}
                if not there.get(answer.record):
                    update(saver.op, target, linked, {answer.record: rec, answer.position: pos + 1})
