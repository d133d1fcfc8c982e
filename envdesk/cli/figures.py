"""Verbs on figures and papers."""

from __future__ import annotations

import sys
from argparse import BooleanOptionalAction
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envdesk.cli.call import Call, Parser, Usage, call_out, complain, read_json, reveal_options
from envdesk.errors import refuse
from envdesk.i18n import _

if TYPE_CHECKING:
    from envdesk.figures.finding import Finding


def do_figures(call: Call) -> int:
    """``figures --period P``."""
    from envdesk.desk import figures

    a = call.args
    with call.desk() as desk:
        results = figures.figures(desk, a.period, a.figure or (), a.by or "")
    text = "\n".join(
        f"{r.id:40} {r.title} {r.text}{'' if r.measure == '%' else r.measure}  同比 {r.change_last_year}"
        for r in results
    )
    call.say(text, [r.as_dict() for r in results])
    return 0


def do_evidence(call: Call) -> int:
    """``evidence FIGURE --period P``."""
    from envdesk.desk import figures, sources
    from envdesk.figures.period import parse_period

    with call.desk() as desk:
        rows = figures.evidence(desk, call.args.figure, call.args.period)
        late = sources.late_kinds(desk, parse_period(call.args.period))
    text = "\n".join(
        f"{r.date or '':16} {r.record_no or '':16} {r.unit} {r.value} {'' if r.hit is None else r.hit} {late.get(r.id, '')}"
        for r in rows
    )
    call.say(text, [r.as_dict() | ({"late": late[r.id]} if r.id in late else {}) for r in rows])
    return 0


def do_reconcile(call: Call) -> int:
    """``reconcile --period P``."""
    from envdesk.desk import figures

    with call.desk() as desk:
        findings = figures.reconcile(desk, call.args.period)
    text = "\n".join(f"{f.rule:12} {f.level:6} {f.status:5} {f.message}" for f in findings)
    call.say(text, [f.as_dict() for f in findings])
    return 0


def do_report(call: Call) -> int:
    """``report --period P --out FILE``; ``report --issued``; ``report --reissue NO --out FILE``."""
    from envdesk.desk import books, reports

    a = call.args
    if a.issued:
        return _issued(call)
    if not a.out or bool(a.period) == bool(a.reissue):
        raise Usage("report: 写 --period 和 --out，或者 --reissue 和 --out，或者 --issued")
    if a.reissue:
        return _reissue(call)
    with call.desk() as desk:
        if a.workbook or any(kept.name == a.template for kept in books.books(desk)):
            file = Path(a.workbook) if a.workbook else None
            name = "" if file and a.template == "monthly" else a.template
            done = books.report(desk, a.period, name, Path(a.out), workbook=file, draft=a.draft).value
            said = _("已填 {count} 个单元格，另存为 {out}").format(count=done["cells"], out=done["out"])
            told = {k: done[k] for k in ("out", "cells", "number", "code")}
            call.say(said + _number(done["number"]), told)
            warn(done["warnings"])
            return 0
        if a.text is not None:
            from envdesk.desk import narratives

            narratives.set_words(desk, a.template, a.period, _own_words(a.text))
        if a.out == "-":
            made = reports.compute(desk, a.period, template=a.template, live=a.draft)
            call.say(_as_text(desk, made, draft=a.draft).rstrip("\n"))
            return 0
        done = reports.report(
            desk, a.period, Path(a.out), template=a.template, draft=a.draft, chain=a.previous, evidence=a.evidence
        ).value
    for note in (*done["notes"], *_told(done)):
        print(note, file=sys.stderr)
    warn(done["warnings"])
    number = _number(done["number"])
    shown = ("out", "pages", "number", "code", "left_out", "remarks", "fonts")
    out = {key: done[key] for key in shown if key in done}
    call.say(_written(done) + number, out)
    return 0


def _number(number: str) -> str:
    return _("，出具编号 {number}").format(number=number) if number else ""


def warn(findings: Iterable[Finding]) -> None:
    """What an official paper or a seal acknowledges: one line per rule on stderr."""
    for finding in findings:
        call_out(f"warning {finding.rule} {finding.message}")


def _issued(call: Call) -> int:
    """Papers that were given out."""
    from envdesk.desk import issues

    with call.desk() as desk:
        found = issues.papers(desk, call.args.period or "")
    lines = [
        f"{p.number:12} {p.start}—{p.end} {p.template:10} {p.format:5} {p.code} {p.made_at} {p.made_by}" for p in found
    ]
    rows = [
        {
            "number": p.number, "start": p.start, "end": p.end, "cut": p.cut, "template": p.template, "parts": p.parts,
            "format": p.format, "code": p.code, "sealed": bool(p.seal), "made_at": p.made_at, "made_by": p.made_by,
            "sha256": p.sha256, "size": p.size,
        }
        for p in found
    ]  # fmt: skip
    call.say("\n".join(lines), rows)
    return 0


def _reissue(call: Call) -> int:
    """One of them once more, byte for byte."""
    from envdesk.desk import issues

    with call.desk() as desk:
        done = issues.reissue(desk, call.args.reissue, Path(call.args.out)).value
    call.say(_("已生成 {out}，出具编号 {number}").format(out=done["out"], number=done["number"]), done)
    return 0


def do_check_code(call: Call) -> int:
    """``check-code CODE``."""
    from envdesk.desk import issues

    with call.desk() as desk:
        found = issues.check(desk, call.args.code)
    call.say(found["message"], found)
    return 0


def _written(done: dict[str, Any]) -> str:
    """Say what was made; only a PDF knows its pages."""
    if done["pages"]:
        return _("已生成 {out}，{pages} 页").format(out=done["out"], pages=done["pages"])
    return _("已生成 {out}").format(out=done["out"])


def _own_words(source: str) -> dict[str, Any]:
    """The user's own paragraphs: a JSON object place → text."""
    found, _base = read_json(source)
    if not isinstance(found, dict):
        raise refuse("bad_words", path=source, detail=type(found).__name__)
    return found


def _as_text(desk: Any, made: Any, *, draft: bool) -> str:
    from envdesk.desk import narratives
    from envdesk.reports.narrative import Narrative

    if not isinstance(made.layout, Narrative):
        raise refuse("bad_out", path="-", expected=".pdf", guess="")
    return narratives.text(desk, made, draft=draft)


def _told(done: dict[str, Any]) -> list[str]:
    """What a narrative report says besides itself, a line each."""
    lines = [_("未写：{part}：{what}：{why}").format(**x) if x["part"] else _("未写：{what}：{why}").format(**x)
             for x in done.get("left_out", ())]  # fmt: skip
    return [*lines, *done.get("remarks", ()), *([done["fonts"]] if "fonts" in done else [])]


def do_sheet(call: Call) -> int:
    """``sheet FORM [ID|--blank] --out FILE``."""
    from envdesk.desk import sheets

    a = call.args
    if [bool(a.id), a.blank, a.places].count(True) != 1:
        raise Usage("sheet: 写记录编号，或者 --blank，或者 --places")
    with call.desk() as desk:
        if a.places:
            done = sheets.starting_word(desk, a.form, Path(a.out), paper=a.paper or "").value
        else:
            done = sheets.sheet(
                desk, a.form, a.id or "", Path(a.out), blank=a.blank, reveal=a.reveal, why=a.why or "",
                paper=a.paper or "", template=Path(a.template) if a.template else None,
            ).value  # fmt: skip
    for note in done["notes"]:
        print(note, file=sys.stderr)
    call.say(_written(done), done)
    return 0


def do_seal(call: Call) -> int:
    """``seal --period P``."""
    from envdesk.desk import seals

    with call.desk() as desk:
        done = seals.seal(desk, call.args.period).value
    warn(done.pop("warnings"))
    call.say(_("{period} 已月结").format(period=done["period"]), done)
    return 0


def do_unseal(call: Call) -> int:
    """``unseal --period P --why``."""
    from envdesk.desk import seals

    with call.desk() as desk:
        title = seals.unseal(desk, call.args.period, call.args.why or "").value
    call.say(_("{period} 已解除月结").format(period=title), {"period": title})
    return 0


def do_lint(call: Call) -> int:
    """``lint-forms [DIR]``."""
    from envdesk.desk import sheets
    from envdesk.desk.office import load_forms
    from envdesk.formdef.lint import lint

    folders = [*call.forms, *([Path(call.args.dir)] if call.args.dir else [])]
    catalogue = load_forms(call.db if call.args.db else None, folders)
    problems = [*lint(catalogue), *sheets.faults(catalogue)]
    complain(problems)
    bad = [p for p in problems if p.severity == "error"]
    call.say(_("表定义检查通过") if not bad else "", [p.as_dict() for p in problems])
    return 1 if bad else 0


def register(verb: Callable[..., Parser]) -> None:
    """Declare the verbs and their options."""
    p = verb("figures", do_figures, "计算指标")
    p.add_argument("--period", required=True)
    p.add_argument("--figure", action="append")
    p.add_argument("--by")
    p = verb("evidence", do_evidence, "指标来源")
    p.add_argument("figure")
    p.add_argument("--period", required=True)
    verb("reconcile", do_reconcile, "勾稽检查").add_argument("--period", required=True)
    p = verb("report", do_report, "打印报表")
    p.add_argument("--period")
    p.add_argument("--template", default="monthly")
    p.add_argument("--draft", action="store_true")
    p.add_argument("--previous", action=BooleanOptionalAction, help="加印上期和环比")
    p.add_argument("--text", metavar="FILE.json", help="自己写的段落（位置: 文字），随报告期保存")
    p.add_argument("--out")
    p.add_argument("--workbook", metavar="FILE.xlsx")
    p.add_argument("--evidence", action="store_true", help="表后附各数来源的记录编号")
    p.add_argument("--issued", action="store_true", help="列出已出具的报表")
    p.add_argument("--reissue", metavar="NO", help="把已出具的一份原样再存一次")
    p = verb("sheet", do_sheet, "打印一条记录")
    p.add_argument("form")
    p.add_argument("id", nargs="?")
    p.add_argument("--blank", action="store_true", help="空白表")
    p.add_argument("--places", action="store_true", help="带全部《项目》的 Word 文件，改成本单位的样式")
    p.add_argument("--paper", metavar="ID", help="本表的另一种单据，如整改通知书")
    p.add_argument("--template", metavar="FILE", help="用这个 Word 文件填写")
    p.add_argument("--out", required=True)
    reveal_options(p)
    verb("seal", do_seal, "月结").add_argument("--period", required=True)
    p = verb("unseal", do_unseal, "解除月结")
    p.add_argument("--period", required=True)
    p.add_argument("--why", required=True)
    verb("check-code", do_check_code, "核对校验码").add_argument("code")
    verb("lint-forms", do_lint, "检查表定义").add_argument("dir", nargs="?")
