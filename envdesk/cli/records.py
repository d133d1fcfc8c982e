"""Verbs on records: init, forms, add, edit, get, list, void, history, undo, set, due."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from envdesk.cli.call import Call, Parser, Usage, call_out, file_key, read_json, reveal_options, show_outcome
from envdesk.i18n import _


def do_init(call: Call) -> int:
    """``init``."""
    from envdesk.desk.office import clock_at, init

    a = call.args
    done = init(
        call.db, office=a.office, code=a.code or "", district=a.district or "", role=a.role, desk=a.desk or "",
        operator=call.operator, forms=call.forms, clock=clock_at(a.as_of or ""),
        key=file_key(call) if a.key_file else None,
    )  # fmt: skip
    call.say(_("已建立 {path}").format(path=done.value), {"path": str(done.value)})
    return 0


def do_forms(call: Call) -> int:
    """``forms [FORM]``."""
    from envdesk.desk.office import load_forms
    from envdesk.desk.show import form_dict, form_text

    catalogue = load_forms(call.db, call.forms)
    if call.args.form:
        form = catalogue.form(call.args.form)
        call.say(form_text(catalogue, form), form_dict(catalogue, form))
        return 0
    rows = [{"id": f.id, "title": f.title, "kind": f.kind, "group": f.group} for f in catalogue.forms.values()]
    call.say("\n".join(f"{r['id']:26}{r['title']}" for r in rows), rows)
    return 0


def do_add(call: Call) -> int:
    """``add FORM [FILE|-]``."""
    from envdesk.desk import records

    raw, base = read_json(call.args.file)
    objects = raw if isinstance(raw, list) else [raw]
    with call.desk() as desk:
        outcome = records.add(desk, call.args.form, objects, base_dir=base, why=call.args.why or "").value
    return show_outcome(call, outcome, _("已保存 {count} 条").format(count=len(outcome.ids)))


def do_edit(call: Call) -> int:
    """``edit FORM ID [FILE|-]``."""
    from envdesk.desk import records

    raw, base = read_json(call.args.file)
    with call.desk() as desk:
        done = records.edit(desk, call.args.form, call.args.id, raw, base_dir=base, why=call.args.why or "")
    return show_outcome(call, done.value, _("已修改"))


def do_get(call: Call) -> int:
    """``get FORM ID``."""
    from envdesk.desk import records

    with call.desk() as desk:
        row = records.get(desk, call.args.form, call.args.id, reveal=call.args.reveal, why=call.args.why or "")
    call.say(json.dumps(row, ensure_ascii=False, indent=1), row)
    return 0


def do_list(call: Call) -> int:
    """``list FORM``."""
    from envdesk.desk import records
    from envdesk.desk.show import rows_text

    a = call.args
    if a.out:
        return _list_out(call)
    if a.paper or a.by or a.columns:
        raise Usage(_("list：--paper、--by、--columns 与 --out 一起用"))
    with call.desk() as desk:
        rows = records.listing(
            desk, a.form, period=a.period or "", search=a.search or "", where=a.where or "", limit=a.limit or 0,
            reveal=a.reveal, why=a.why or "",
        )  # fmt: skip
        text = "" if a.json else rows_text(desk.catalogue.form(a.form), rows)
    call.say(text, rows)
    return 0


def _list_out(call: Call) -> int:
    """``list FORM --out FILE``: the register as a paper or a table, always masked."""
    from envdesk.desk import papers

    a = call.args
    if a.reveal:
        raise Usage(_("list：名册不显示个人信息，--reveal 不能与 --out 一起用"))
    with call.desk() as desk:
        columns = [c.strip() for c in a.columns.split(",") if c.strip()] if a.columns else ()
        paper = papers.paper_of(desk, a.form, a.paper or "", columns)
        if a.by is not None:
            paper = papers.handed_out(desk, paper, a.by)
        found = papers.listed(
            desk, paper, period=a.period or "", search=a.search or "", where=a.where or "", limit=a.limit or 0
        )
        done = papers.write(desk, found, Path(a.out)).value
    for note in done["notes"]:
        call_out(note)
    text = _("已生成 {out}，{count} 条").format(out=done["out"], count=done["count"])
    call.say(text + (_("，{pages} 页").format(pages=done["pages"]) if done["pages"] else ""), done)
    return 0


def do_void(call: Call) -> int:
    """``void FORM ID --why``."""
    from envdesk.desk import records

    with call.desk() as desk:
        outcome = records.void(desk, call.args.form, call.args.id, call.args.why or "").value
    return show_outcome(call, outcome, _("已作废"))


def do_history(call: Call) -> int:
    """``history FORM ID``."""
    from envdesk.desk import records

    with call.desk() as desk:
        rows = records.history(desk, call.args.form, call.args.id)
    lines = [
        f"{r['operation']:>5} {r['at']} {r['who']} {r['verb']} {r['label'] or r['field'] or ''}"
        f" {r['old'] or ''} → {r['new'] or ''}"
        for r in rows
    ]
    call.say("\n".join(lines), rows)
    return 0


def do_undo(call: Call) -> int:
    """``undo [OPERATION]``."""
    from envdesk.desk import records

    with call.desk() as desk:
        no = records.undo(desk, call.args.operation, keep_touched=call.args.keep_touched, why=call.args.why or "").value
    call.say(_("已撤销，撤销操作号 {no}").format(no=no), {"operation": no})
    return 0


def do_set(call: Call) -> int:
    """``set [KEY [VALUE]]``."""
    from envdesk.desk import office

    with call.desk() as desk:
        if call.args.key is None:
            values = office.settings(desk)
            call.say("\n".join(f"{k} = {v}" for k, v in values.items()), values)
        elif call.args.value is None:
            value = office.setting(desk, call.args.key)
            call.say(value, {call.args.key: value})
        else:
            value = office.set_setting(desk, call.args.key, call.args.value).value
            call.say(f"{call.args.key} = {value}", {call.args.key: value})
    return 0


def do_due(call: Call) -> int:
    """``due [--on DATE]``."""
    from envdesk.desk import todo

    with call.desk() as desk:
        items = todo.due(desk, call.args.on or "")
    text = "\n".join(f"{d.due} {d.workdays_left:>4} {d.record_no:16} {d.what}" for d in items)
    call.say(text, [d.as_dict() for d in items])
    return 0


def register(verb: Callable[..., Parser]) -> None:
    """Declare the verbs and their options."""
    p = verb("init", do_init, "建立数据文件")
    p.add_argument("--office", required=True)
    p.add_argument("--code")
    p.add_argument("--district")
    p.add_argument("--role", choices=("street", "district"), default="street")
    p.add_argument("--desk")
    verb("forms", do_forms, "列出或显示表").add_argument("form", nargs="?")
    p = verb("add", do_add, "新增记录")
    p.add_argument("form")
    p.add_argument("file", nargs="?")
    p.add_argument("--why")
    p = verb("edit", do_edit, "修改记录")
    p.add_argument("form")
    p.add_argument("id")
    p.add_argument("file", nargs="?")
    p.add_argument("--why")
    p = verb("get", do_get, "显示一条记录")
    p.add_argument("form")
    p.add_argument("id")
    reveal_options(p)
    p = verb("list", do_list, "列出记录")
    p.add_argument("form")
    p.add_argument("--period")
    p.add_argument("--search")
    p.add_argument("--where")
    p.add_argument("--limit", type=int)
    p.add_argument("--out", metavar="FILE", help="写成名册：.pdf、.docx、.xlsx、.csv")
    p.add_argument("--paper", metavar="ID", help="哪份名册，默认为本表的台账")
    p.add_argument("--by", metavar="KEY", help="按此项分发，每人（社区）一份")
    p.add_argument("--columns", metavar="KEYS", help="列，以逗号分开；all 为全部")
    reveal_options(p)
    p = verb("void", do_void, "作废记录")
    p.add_argument("form")
    p.add_argument("id")
    p.add_argument("--why", required=True)
    p = verb("history", do_history, "修改历史")
    p.add_argument("form")
    p.add_argument("id")
    p = verb("undo", do_undo, "撤销")
    p.add_argument("operation", nargs="?", type=int)
    p.add_argument("--keep-touched", action="store_true")
    p.add_argument("--why")
    p = verb("set", do_set, "查看或修改设置")
    p.add_argument("key", nargs="?")
    p.add_argument("value", nargs="?")
    p = verb("due", do_due, "到期清单")
    p.add_argument("--on")
