"""Verbs on files: Excel in, package out, backup, encryption, samples."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from envdesk import paths
from envdesk.cli.call import Call, Parser, Usage, call_out, complain, show_outcome
from envdesk.i18n import _


def do_template(call: Call) -> int:
    """``template FORM OUT.xlsx``."""
    from envdesk.desk import exchange
    from envdesk.desk.office import load_forms

    out = exchange.template(load_forms(call.db, call.forms), call.args.form, Path(call.args.out))
    call.say(str(out), {"out": str(out)})
    return 0


def do_import(call: Call) -> int:
    """``import FORM FILE``."""
    from envdesk.desk import exchange

    a = call.args
    with call.desk() as desk:
        outcome = exchange.import_file(
            desk, a.form, Path(a.file), mapping=Path(a.map) if a.map else None, dry_run=a.dry_run,
            errors_out=Path(a.errors) if a.errors else None, accept_warnings=a.accept_warnings, why=a.why or "",
        )  # fmt: skip
    if a.dry_run:
        if a.json:
            print(json.dumps(outcome.as_dict(), ensure_ascii=False))
        complain(outcome.problems)
        return 1 if any(p.severity == "error" for p in outcome.problems) else 0
    return show_outcome(call, outcome, _("已导入 {count} 条").format(count=len(outcome.ids)))


def do_calendar(call: Call) -> int:
    """``calendar import FILE``."""
    from envdesk.desk import office

    with call.desk() as desk:
        done = office.import_calendar(desk, Path(call.args.file)).value
    complain(done["doubts"])
    years = "、".join(str(y) for y in done["years"])
    call.say(
        _("已导入 {years} 年节假日表，重算期限 {count} 条").format(years=years, count=len(done["changed"])),
        {"years": done["years"], "changed": done["changed"]},
    )
    return 0


def do_export(call: Call) -> int:
    """``export --out FILE``."""
    from envdesk.desk import exchange

    a = call.args
    with call.desk() as desk:
        made = exchange.export(
            desk, Path(a.out), period=a.period or "", bare=a.bare,
            passphrase_file=Path(a.passphrase_file) if a.passphrase_file else None,
        )  # fmt: skip
    call.say(_("已导出 {out}，校验值 {hash}").format(out=a.out, hash=made.sha256), made.as_dict())
    return 0


def do_verify(call: Call) -> int:
    """``verify FILE``."""
    from envdesk.desk import exchange

    a = call.args
    found = exchange.verify(Path(a.file), passphrase_file=Path(a.passphrase_file) if a.passphrase_file else None)
    call.say(_("校验通过：{file}").format(file=a.file), found.as_dict())
    return 0


def do_backup(call: Call) -> int:
    """``backup [--out FILE | --known [--note FILE]]``."""
    from envdesk.desk import keeping

    if call.args.known:
        return _backup_known(call)
    with call.desk() as desk:
        made = keeping.backup(desk, Path(call.args.out) if call.args.out else None)
    warn_missing(made.missing)
    call.say(
        _("已备份并验证 {out}，{count} 条记录").format(out=made.path, count=made.records),
        {"out": str(made.path), "records": made.records, "missing": list(made.missing)},
    )
    return 0


def _backup_known(call: Call) -> int:
    """Back up all data files of this account (the installer does before it replaces the program) and note where."""
    from envdesk.desk import keeping

    found = [k for k in keeping.backup_known(operator=call.operator) if k.made or k.problem]
    lines = []
    for k in found:
        if k.problem is not None:
            complain([k.problem])
            lines.append(_("{file}：没有备份成功。{why}").format(file=k.path, why=k.problem.message))
        elif k.proven:
            lines.append(_("{file}：已备份并验证，在 {out}").format(file=k.path, out=k.made))
        else:
            lines.append(_("{file}：打不开（要口令，或已损坏），原样复制到 {out}").format(file=k.path, out=k.made))
    if call.args.note and lines:
        note = Path(call.args.note)
        note.parent.mkdir(parents=True, exist_ok=True)
        text = "\r\n".join([_("换程序之前的备份"), "", *lines, ""])
        note.write_bytes(text.encode("utf-8-sig"))  # as Notepad of any Windows reads it
    call.say(
        "\n".join(lines),
        [{"path": str(k.path), "out": str(k.made) if k.made else None, "proven": k.proven} for k in found],
    )
    return 1 if any(k.problem for k in found) else 0


def warn_missing(names: tuple[str, ...]) -> None:
    """Name attachments that are gone on stderr."""
    if names:
        call_out(_("缺 {count} 个附件：{names}").format(count=len(names), names="、".join(names)))


def do_restore(call: Call) -> int:
    """``restore FILE``."""
    from envdesk.desk import keeping

    key_file = Path(call.args.key_file) if call.args.key_file else None
    done = keeping.restore(Path(call.args.file), call.db, key_file=key_file)
    warn_missing(done.missing)
    kept = str(done.kept) if done.kept else None
    call.say(
        _("已恢复，原文件留在 {kept}").format(kept=kept) if kept else _("已恢复"),
        {"kept": kept, "missing": list(done.missing)},
    )
    return 0


def do_check(call: Call) -> int:
    """``check``."""
    from envdesk.desk import keeping

    with call.desk() as desk:
        problems = keeping.check(desk)
    complain(problems)
    call.say("" if problems else _("检查通过"), [p.as_dict() for p in problems])
    return 1 if problems else 0


def do_encrypt(call: Call) -> int:
    """``encrypt``."""
    from envdesk.desk import keeping

    if not call.args.key_file:
        raise Usage("encrypt: 需要 --key-file")
    done = keeping.encrypt(call.db, Path(call.args.key_file))
    warn_missing(done.lost)
    for old in done.plain_backups:
        call_out(_("这个备份没有加密，请另行保管或删除：{path}").format(path=old))
    call.say(
        _("已加密 {path}").format(path=call.db),
        {"path": str(call.db), "plain_backups": [str(p) for p in done.plain_backups]},
    )
    return 0


def do_decrypt(call: Call) -> int:
    """``decrypt --out FILE``."""
    from envdesk.desk import keeping

    if not call.args.key_file:
        raise Usage("decrypt: 需要 --key-file")
    done = keeping.decrypt(call.db, Path(call.args.key_file), Path(call.args.out))
    warn_missing(done.lost)
    call.say(_("已解密到 {path}").format(path=call.args.out), {"path": call.args.out})
    return 0


def do_support(call: Call) -> int:
    """``support --out FILE.zip``."""
    from envdesk.desk import support

    with call.desk() as desk:
        made = support.collect_for(desk, Path(call.args.out))
    call.say(_("已收集支持信息 {out}，里面没有登记内容").format(out=made), {"out": str(made)})
    return 0


def do_demo(call: Call) -> int:
    """``demo --out FILE``."""
    from envdesk.desk import sample

    a = call.args
    done = sample.demo(Path(a.out), call.forms, seed=a.seed, until=a.until or "", records=a.records)
    call.say(_("已生成 {out}，{count} 条记录").format(out=a.out, count=done["records"]), done)
    return 0


def do_sample(call: Call) -> int:
    """``sample``: the window on a sample office; without a display the office and its month on paper."""
    if call.window is not None:
        return call.window(call, sample=True)
    from envdesk.desk import sample

    done = sample.sample_office(paths.user_data_dir() / "sample", call.forms)
    call.say(_("没有图形界面可用，已生成样例台账和月报表：\n{db}\n{pdf}").format(db=done["db"], pdf=done["pdf"]), done)
    return 0


def register(verb: Callable[..., Parser]) -> None:
    """Declare the verbs and their options."""
    p = verb("template", do_template, "导出 Excel 模板")
    p.add_argument("form")
    p.add_argument("out")
    p = verb("import", do_import, "导入 Excel/CSV")
    p.add_argument("form")
    p.add_argument("file")
    p.add_argument("--map")
    p.add_argument("--dry-run", action="store_true")
    p.add_argument("--errors")
    p.add_argument("--accept-warnings", action="store_true")
    p.add_argument("--why")
    p = verb("calendar", do_calendar, "导入节假日表")
    p.add_argument("what", choices=("import",))
    p.add_argument("file")
    p = verb("export", do_export, "导出上报文件")
    p.add_argument("--out", required=True)
    p.add_argument("--period")
    p.add_argument("--bare", action="store_true")
    p.add_argument("--passphrase-file")
    p = verb("verify", do_verify, "校验上报文件")
    p.add_argument("file")
    p.add_argument("--passphrase-file")
    p = verb("backup", do_backup, "备份")
    p.add_argument("--out")
    p.add_argument("--known", action="store_true")
    p.add_argument("--note")
    verb("restore", do_restore, "恢复备份").add_argument("file")
    verb("check", do_check, "检查数据文件")
    verb("encrypt", do_encrypt, "加密数据文件")
    verb("decrypt", do_decrypt, "解密到另一文件").add_argument("--out", required=True)
    verb("support", do_support, "收集支持信息，不含登记内容").add_argument("--out", required=True)
    p = verb("demo", do_demo, "生成样例办公室")
    p.add_argument("--out", required=True)
    p.add_argument("--records", type=int)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--until")
    verb("sample", do_sample, "样例台账和月报表")
