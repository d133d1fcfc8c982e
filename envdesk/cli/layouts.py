"""Verbs on what reports are printed into: the office's own report tables, workbooks of a superior."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from envdesk.cli.call import Call, Parser, Usage
from envdesk.errors import refuse
from envdesk.i18n import _


def do_template(call: Call) -> int:
    """``report-template list | show NAME | copy NAME NEW | add FILE.toml | remove NAME``."""
    from envdesk.desk import own_reports
    from envdesk.reports.template import parse_template

    a = call.args
    wants = {"list": 0, "show": 1, "add": 1, "remove": 1, "copy": 2}[a.what]
    if len(a.words) != wants:
        raise Usage(f"report-template {a.what}: {_('要写 {count} 个名称').format(count=wants)}")
    with call.desk() as desk:
        if a.what == "list":
            found = own_reports.texts(desk)
            titles = {name: own_reports.layout(desk, name).title for name in found}
            call.say("\n".join(f"{name}  {title}" for name, title in titles.items()), titles)
        elif a.what == "show":
            own_reports.layout(desk, a.words[0])
            text = own_reports.texts(desk)[a.words[0]]
            call.say(text.rstrip(), text)
        elif a.what == "add":
            path = Path(a.words[0])
            if not path.is_file():
                raise refuse("file_missing", value=str(path))
            made = parse_template(path.read_text(encoding="utf-8-sig"), path.name)
            mine = {t.id for t in own_reports.own(desk)}
            name = own_reports.save(desk, made, old=made.id if made.id in mine else "").value
            call.say(_("已存为“{name}”").format(name=name), {"name": name})
        elif a.what == "copy":
            name = own_reports.copy(desk, *a.words).value
            call.say(_("已存为“{name}”").format(name=name), {"name": name})
        else:
            own_reports.delete(desk, a.words[0])
            call.say(_("已删除“{name}”").format(name=a.words[0]), {"name": a.words[0]})
    return 0


def do_bind(call: Call) -> int:
    """``bind FILE.xlsx MAP.json --name NAME``."""
    from envdesk.desk import books

    a = call.args
    with call.desk() as desk:
        done = books.bind(desk, Path(a.file), books.load_map(Path(a.map)), a.name).value
    call.say(
        _("已记住“{name}”：{cells} 个单元格，{lists} 个清单").format(
            name=done["name"], cells=done["cells"], lists=done["lists"]
        ),
        done,
    )
    return 0


def register(verb: Callable[..., Parser]) -> None:
    """Declare the verbs and their options."""
    p = verb("report-template", do_template, "本单位自己的报表模板")
    p.add_argument("what", choices=("list", "show", "add", "copy", "remove"))
    p.add_argument("words", nargs="*")
    p = verb("bind", do_bind, "指定上级表格里要填的单元格")
    p.add_argument("file")
    p.add_argument("map")
    p.add_argument("--name", required=True)
