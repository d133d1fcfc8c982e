"""What the merge desk prints: the board, and the receipt that goes back to a street."""

from __future__ import annotations

import json
from pathlib import Path

from envdesk.desk.office import Desk, setting
from envdesk.errors import refuse
from envdesk.i18n import _
from envdesk.present.merge_desk.details import Details, heads, numbers
from envdesk.present.merge_desk.heat import Heat
from envdesk.present.merge_desk.streets import MergeDesk
from envdesk.store.attachments import write_durably


def board_name(desk: MergeDesk) -> str:
    """Usual name of the file of the board."""
    return _("各街镇上报情况 {period}").format(period=desk.title)


def receipt_name(found: Details, period: str) -> str:
    """Usual name of the file of a receipt."""
    name = _("{street} {period} 回执").format(street=found.street.name, period=period)
    return "".join(c for c in name if c not in '\\/:*?"<>|')


def heat_notes() -> tuple[str, ...]:
    """How the words of the board are meant."""
    return (
        _("偏少：不到前三个月平均的一半。未报：前三个月有，本期一条也没有。"),
        _("无任务：前三个月和本期都没有。待收：本期的上报文件还没有收到。"),
    )


def print_board(desk: Desk, shown: MergeDesk, table: Heat, out: Path) -> int:
    """Write the board as .pdf, .docx or .xlsx; returns how many streets.

    Raises:
        Refused: ``bad_out``, or the place can not be written.
    """
    from envdesk.reports.district import BoardPaper, compose_board
    from envdesk.reports.render import render

    states = {s.id: s.chip.word for s in shown.streets}
    rows = [(r.name, states.get(r.id, ""), [c.text for c in r.cells]) for r in table.rows]
    paper = BoardPaper(
        setting(desk, "office_name"), shown.title, shown.sentence, [title for _form, title in table.forms], rows,
        desk.clock.now(), heat_notes(),
    )  # fmt: skip
    write_durably(out, render(compose_board(paper), out.suffix).data)
    return len(rows)


def write_receipt(desk: Desk, found: Details, period: str, out: Path) -> None:
    """Write the receipt of a street: .pdf, .docx or .xlsx to read, .json as ``receipt --json`` gives it.

    Raises:
        Refused: ``bad_out``, or the place can not be written.
    """
    merged = [f for f in found.files if f.receipt is not None]
    if out.suffix.lower() == ".json":
        held = [dict(f.receipt or {}) for f in merged]
        text = json.dumps(held[0] if len(held) == 1 else held, ensure_ascii=False, indent=1)
        write_durably(out, text.encode())
        return
    from envdesk.reports.district import ReceiptPaper, ReceiptPart, compose_receipt
    from envdesk.reports.render import FORMATS, render

    if out.suffix.lower() not in FORMATS:
        raise refuse("bad_out", path=str(out), expected="pdf、docx、xlsx、json")
    parts = [ReceiptPart(f.facts, [(line.title, numbers(line)) for line in f.forms], f.remarks) for f in merged]
    paper = ReceiptPaper(
        found.street.name, setting(desk, "office_name"), period, heads(), parts, desk.clock.now()
    )  # fmt: skip
    write_durably(out, render(compose_receipt(paper), out.suffix).data)
