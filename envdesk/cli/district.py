"""Verbs of the district: merge, receipt, board."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from envdesk.cli.call import Call, Parser, complain
from envdesk.i18n import N_, _

#: State of the receipt → its word.
WORDS = {
    "new": N_("新增"), "updated": N_("更新"), "same": N_("无变化"), "superseded": N_("已有更新的"), "conflict": N_("有冲突"),
    "decided": N_("冲突已定"),
    "gone": N_("街道已撤销"), "rejected": N_("未收"),
}  # fmt: skip

#: What was decided about a conflict, seen from the file of the receipt.
DECIDED = {
    "this": N_("{form} {id} 冲突已定，留下本文件的一份，{who}"), "other": N_("{form} {id} 冲突已定，留下另一份，{who}"),
    "back": N_("{form} {id} 冲突退回街道，{who}"),
}  # fmt: skip


def do_merge(call: Call) -> int:
    """``merge FILE...``: exit code 1 when a file was not taken in."""
    from envdesk.desk import district

    a = call.args
    words = Path(a.passphrase_file) if a.passphrase_file else None
    with call.desk() as desk:
        made = district.merge(
            desk, [Path(f) for f in a.files], passphrase_file=words, why=a.why or "", dry_run=a.dry_run
        ).value
    lines = [line(receipt.as_dict()) for receipt in made.receipts]
    call.say(
        "\n".join(lines),
        {"operation": made.operation, "dry_run": a.dry_run, "files": [r.as_dict() for r in made.receipts]},
    )
    refused = [r.problem for r in made.receipts if r.problem is not None]
    complain(refused)
    return 1 if refused else 0


def line(receipt: dict[str, Any]) -> str:
    """One package in words."""
    if receipt.get("problem"):
        return _("{file}：没有收入").format(file=receipt["file"])
    parts = [f"{_(word)} {receipt[state]}" for state, word in WORDS.items() if receipt.get(state)]
    notes = "".join(f"\n  {note}" for note in receipt["notes"])
    return f"{receipt['file']} {receipt['office_name']}：{'、'.join(parts) or _('没有记录')}{notes}"


def do_receipt(call: Call) -> int:
    """``receipt FILE``."""
    from envdesk.desk import district

    with call.desk() as desk:
        found = district.receipt(desk, Path(call.args.file))
    if found["kind"] == "sent":
        text = _("本单位 {at} 报出，{who}").format(at=found["at"], who=found["who"])
    else:
        text = _("{at} 收到").format(at=found["at"]) + "\n" + line(found)
        for made in found["decisions"]:
            text += "\n  " + _(DECIDED[made["stands"]]).format(form=made["form"], id=made["id"], who=made["who"])
    call.say(text, found)
    return 0


def do_board(call: Call) -> int:
    """``board --period P``."""
    from envdesk.desk import district

    with call.desk() as desk:
        made = district.board(desk, call.args.period)
    titles = dict(made.forms)
    lines = []
    for row in made.rows:
        counted = "  ".join(f"{titles[form]} {n}" for form, n in row.counts.items())
        lines.append(f"{row.name}  {row.status}  {row.received_at[:16].replace('T', ' ')}  {counted}".rstrip())
    call.say(
        "\n".join(lines) or _("还没有收到上报文件"),
        {
            "period": made.period.title,
            "forms": [{"id": form, "title": title} for form, title in made.forms],
            "offices": [row.as_dict() for row in made.rows],
        },
    )
    return 0


def register(verb: Callable[..., Parser]) -> None:
    """Declare the verbs and their options."""
    p = verb("merge", do_merge, "合并各街道的上报文件")
    p.add_argument("files", nargs="+", metavar="FILE")
    p.add_argument("--dry-run", action="store_true")
    p.add_argument("--passphrase-file")
    p.add_argument("--why")
    verb("receipt", do_receipt, "上报文件的回执").add_argument("file")
    verb("board", do_board, "各街道上报进度").add_argument("--period", required=True)
