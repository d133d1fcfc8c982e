"""Reconciliation rules that look beyond the figures of one period: seals, signed papers, calendar, typed figures, drafts.

R17 compares with what was signed, R25 looks for changes of sealed events that nobody gave a reason for (domain.md §3F).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from envdesk.errors import word
from envdesk.figures.compute import Computer
from envdesk.figures.earlier import counted, differences, earlier, late, listed
from envdesk.figures.finding import Finding
from envdesk.figures.frozen import unpack
from envdesk.formdef.live import table
from envdesk.i18n import _, plural
from envdesk.sql import quote
from envdesk.store import calendar, sealed
from envdesk.store.check import contents
from envdesk.store.drafts import drafts
from envdesk.store.operations import content_hash

Records = tuple[dict[str, Any], ...]


def run(calc: Computer) -> Iterator[Finding]:
    """Judge the standing rules."""
    yield signed(calc)
    yield from months_signed(calc)
    yield _holidays(calc)
    yield _typed(calc)
    yield _drafts(calc)
    yield unreasoned(calc)


# ---- R17 -----------------------------------------------------------------------------------------------------------
def signed(calc: Computer) -> Finding:
    """R17: figures that differ from the seal or the last official paper of the same period."""
    before = earlier(calc.store, calc.period)
    changed = differences(calc, before) if before is not None else []
    if before is None or not changed:
        return Finding("R17", "warn", "pass", _("与已月结、已出具的同期报表一致"))
    records = late(calc.store, calc.period)
    here = [r for r in records if calc.period.contains(date.fromisoformat(r.day))]
    parts = "，".join(p for p in (counted(here), listed(changed)) if p)
    message = _("与 {day} {what}的数不同：{parts}。下次打印注明更正说明，请核对所列记录。")
    found = message.format(day=before.day, what=before.what, parts=parts)
    return Finding("R17", "warn", "fail", found, _named(calc, [(r.form, r.id) for r in here]))


def months_signed(calc: Computer) -> Iterator[Finding]:
    """R17 of a longer period: the sum of the sealed months against the figure now."""
    months = calc.period.months()
    if len(months) < 2:
        return
    seals = [sealed.seals(calc.store, m.start.isoformat(), m.end.isoformat())[:1] for m in months]
    kept = [found[0] for found in seals if found and not found[0].opened_at]
    if len(kept) != len(months):
        return
    wrong: list[str] = []
    for check in (c for c in calc.store.catalogue.checks if c.id == "R16"):
        for name in check.months:
            parts = [s.figures.get(name, {}).get("value") for s in kept]
            if name not in calc.store.catalogue.figures or None in parts:
                continue
            now = calc.result(name)
            total = round(sum(parts), 6)
            if now.current.number is not None and round(float(now.current.number), 6) != total:
                text = _("{title}各月之和{then}，现为{now}")
                wrong.append(text.format(title=now.title, then=f"{total:g}", now=now.text))
    message = _("各月月结数之和与本期数不同（月结后有补录、更正）：{names}。打印时在说明中写明。")
    if wrong:
        yield Finding("R17-各月", "warn", "fail", message.format(names="、".join(wrong[:8])), _late_records(calc))
    else:
        yield Finding("R17-各月", "warn", "pass", _("各月月结数之和与本期数一致"))


def _late_records(calc: Computer) -> Records:
    first, last = calc.period.start.isoformat(), calc.period.end.isoformat()
    return _named(calc, [(r.form, r.id) for r in sealed.late_records(calc.store, first, last, 0)])


def _named(calc: Computer, keys: list[tuple[str, str]]) -> Records:
    out = []
    for form, rec in dict.fromkeys(keys):
        number = calc.store.con.value(f"SELECT record_no FROM {table(form)} WHERE id = ?", (rec,))
        out.append({"form": form, "id": rec, "record_no": number})
    return tuple(out)


# ---- R19, R23, R24 -------------------------------------------------------------------------------------------------
def _holidays(calc: Computer) -> Finding:
    """R23: the holiday table lacks a year of the period, or one into which a deadline of its records falls."""
    start, end = calc.period.start, calc.period.end
    missing = calendar.missing_years(calc.store.con, start, end)
    records: list[tuple[str, str]] = []
    known = set(calendar.years(calc.store.con))
    for form in calc.store.catalogue.forms.values():
        for f in form.own:
            if f.check != "deadline" or f.is_list or not form.date or form.field(form.date).home != form.id:
                continue
            day = quote(form.field(form.date).column)
            sql = (
                f"SELECT id, substr({quote(f.column)}, 1, 4) FROM {table(form.id)} WHERE void = 0"
                f" AND {day} >= ? AND substr({day}, 1, 10) <= ? AND {quote(f.column)} IS NOT NULL"
            )
            for rec, year in calc.store.con.query(sql, (start.isoformat(), end.isoformat())):
                if int(year) not in known:
                    missing.append(int(year))
                    records.append((form.id, rec))
    if not missing:
        return Finding("R23", "warn", "pass", _("节假日表齐全"))
    year = min(missing)
    message = word("calendar_missing", year=year, value=f"{year}-01-01")
    return Finding("R23", "warn", "fail", message, _named(calc, records[:50]))


def _typed(calc: Computer) -> Finding:
    """R24: comparison with typed 往期数."""
    start, end = calc.windows.last_year.start, calc.windows.last_year.end
    records: list[tuple[str, str]] = []
    if calc.baseline is not None and start < calc.baseline and "history_value" in calc.store.catalogue.forms:
        sql = f'SELECT id FROM {table("history_value")} WHERE void = 0 AND start >= ? AND "end" <= ? ORDER BY start'
        params = (start.isoformat(), end.isoformat())
        records = [("history_value", rec) for (rec,) in calc.store.con.query(sql, params)]
    if not records:
        return Finding("R24", "warn", "pass", _("比较数全部来自记录"))
    message = _("上年同期部分取自手工录入的往期数，打印时带“*”，请核对依据。")
    return Finding("R24", "warn", "fail", message, _named(calc, records[:50]))


def _drafts(calc: Computer) -> Finding:
    """R19 (second half): drafts of the period that were not saved."""
    count = 0
    for draft in drafts(calc.store):
        form = calc.store.catalogue.forms.get(draft.form)
        day = str(draft.content.get(form.date) or "")[:10] if form is not None and form.date else ""
        if not day or calc.period.start.isoformat() <= day <= calc.period.end.isoformat():
            count += 1
    message = plural("有 {count} 份草稿没有保存，请在“今日”里接着填或丢弃。", count) if count else _("没有未保存的草稿")
    return Finding("R19-草稿", "warn", "fail" if count else "pass", message)


# ---- R25 -----------------------------------------------------------------------------------------------------------
def unreasoned(calc: Computer) -> Finding:
    """R25: records of a sealed month that were changed, added or removed past the program, without a reason."""
    start, end = calc.period.start.isoformat(), calc.period.end.isoformat()
    seals = [s for s in sealed.seals(calc.store) if not s.opened_at and start <= s.start and s.end <= end]
    records: dict[tuple[str, str], None] = {}
    for seal in seals:
        content = sealed.content(calc.store, seal.no)
        if content is not None:
            records |= dict.fromkeys((form, rec) for form, rec, _number, _hash in unpack(content).records)
        records |= dict.fromkeys(_unlogged(calc, seal.start, seal.end))
    wrong = _tampered(calc, records)
    if not wrong:
        return Finding("R25", "block", "pass", _("已月结的记录没有未说明原因的改动"))
    message = plural(
        "有 {count} 条已月结期间的记录被绕过本程序改动，没有原因。请用备份核对，恢复原值，或写明原因补录、更正。",
        len(wrong),
    )
    return Finding("R25", "block", "fail", message, wrong)


def _unlogged(calc: Computer, start: str, end: str) -> Iterator[tuple[str, str]]:
    """Records dated in a span that no operation made."""
    for form in calc.store.catalogue.forms.values():
        if not form.date or form.field(form.date).home != form.id or form.kind == "list":
            continue
        day = quote(form.field(form.date).column)
        sql = (
            f"SELECT id FROM {table(form.id)} r WHERE {day} >= ? AND substr({day}, 1, 10) <= ? AND NOT EXISTS"
            " (SELECT 1 FROM change c WHERE c.rec = r.id AND c.field IS NULL)"
        )
        yield from ((form.id, rec) for (rec,) in calc.store.con.query(sql, (start, end)))


def _tampered(calc: Computer, records: dict[tuple[str, str], None]) -> Records:
    """Of these records: those whose content is not what the last operation left, or that no operation made or removed."""
    store = calc.store
    by: dict[str, list[str]] = {}
    for name, rec in records:
        if name in store.catalogue.forms:
            by.setdefault(name, []).append(rec)
    out = []
    for form_id, ids in by.items():
        form = store.catalogue.forms[form_id]
        found: dict[str, str | None] = {}
        for rec, number, _version, kept, values in contents(store, form, ids):
            found[rec] = number
            if content_hash(form, values) != kept:
                out.append({"form": form_id, "id": rec, "record_no": number})
        sql = (
            "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.rec = value AND c.field IS"
            " NULL AND (c.old IS NULL) = ?)"
        )
        unlogged = store.con.query(sql, (json.dumps(list(found)), 1))
        gone = store.con.query(sql, (json.dumps([rec for rec in ids if rec not in found]), 0))
        out += [{"form": form_id, "id": r, "record_no": found.get(r)} for (r,) in (*unlogged, *gone)]
    return tuple({record["id"]: record for record in out}.values())
