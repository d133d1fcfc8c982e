"""One printed A4 sheet for one record of any form, filled or blank; what it says comes from the form.

The look follows the reference 检查记录表, 工单办理单 and 整改交办单; what a form may tell about its sheet stands in
:mod:`envdesk.reports.sheet_hints`. Complainant data (fields marked ``secret``) never reach a sheet for third parties;
an ``internal`` sheet masks them until they are revealed and then carries 内部·含个人信息 (domain.md §6, §10.14).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from envdesk.formdef.model import Form
from envdesk.formdef.types import long_date
from envdesk.reports.document import Blank, Block, Document, Furniture, InfoLine, Inline, Span, Title, inline
from envdesk.reports.sheet_auto import auto_blocks
from envdesk.reports.sheet_blocks import SheetBlocks
from envdesk.reports.sheet_hints import SheetHints, read_hints
from envdesk.reports.sheet_values import SheetContext, Values

if TYPE_CHECKING:
    from envdesk.reports.document import Rendered

MARK = "内部·含个人信息"
LEGEND = "○ 未发现问题或已完成\u3000● 发现问题\u3000◇ 工单；不含诉求人信息"
PRIVATE_FOOT = "本单含个人信息，限本办内部办理使用，不得对外提供。"


def compose_copies(form: Form, record: Mapping[str, Any] | None, ctx: SheetContext, paper: str = "") -> list[Document]:
    """Compose a sheet once, or once for each of its copies (存根联, 送达联)."""
    copies = read_hints(form, paper).copies
    return [compose_sheet(form, record, ctx, paper, copy=copy) for copy in copies or ("",)]


def compose_sheet(
    form: Form,
    record: Mapping[str, Any] | None,
    ctx: SheetContext,
    paper: str = "",
    *,
    copy: str = "",
    named: Values | None = None,
) -> Document:
    """Compose the sheet of *record*, or a blank one to fill by hand (``record=None``).

    Args:
        form: the compiled form, in the version of the record.
        record: key → stored value; lists are lists of mappings, references and people are mappings or objects with
            ``name`` (a subject with ``usc_code``, ``address``, ``contact``, ``phone``, ``grid_id``; a person with
            ``badge_no``), photos have ``data`` or are loaded through ``ctx.photo``.
        ctx: office, wording, what may be revealed.
        paper: another paper of the form (``[sheet.more]``).
        copy: word at the right above, which copy it is.
        named: words to print instead of the record's (the places of a Word file).
    """
    hints = read_hints(form, paper)
    barred = bool(record and hints.never_reveal and record.get(hints.never_reveal))
    reveal = ctx.reveal and hints.internal and not barred
    values = named or Values(form, record, ctx, reveal=reveal)
    maker = SheetBlocks(values, hints, secrets=hints.internal)
    blocks: list[Block] = [Title(hints.title, ctx.office, MARK if reveal else copy), _head_line(maker, hints)]
    spelled = () if record is None and hints.blank_auto else hints.blocks
    for block in spelled or auto_blocks(form, hints):
        blocks += maker.make(block)
    number = _number(values, hints)
    told = "story" in {block["kind"] for block in hints.blocks} and record is not None
    foot = PRIVATE_FOOT if reveal else hints.foot or (LEGEND if told else "")
    return Document(
        title=hints.title + ("（空白）" if record is None else f" {number}" if number else ""),
        blocks=tuple(blocks),
        author=ctx.office,
        subject=form.title,
        furniture=Furniture(
            running=f"续表\u3000{hints.title}",
            running_right=f"{hints.number_label}：{number}" if number else "",
            foot_left=foot,
            folio="right" if foot else "centre",
        ),
    )


def render_sheet(
    form: Form,
    record: Mapping[str, Any] | None,
    ctx: SheetContext,
    *,
    blank: bool = False,
    invariant: bool = False,
) -> Rendered:
    """Compose and draw a sheet as PDF. ``blank`` = an empty one whatever the record; ``invariant`` is for tests."""
    from envdesk.reports.pdf import render_pdf

    return render_pdf(compose_sheet(form, None if blank else record, ctx), invariant=invariant)


def _number(values: Values, hints: SheetHints) -> str:
    keys = (*hints.number.split("|"), "record_no")
    return str(next((values.value(key) for key in keys if values.filled(key)), ""))


def _head_line(maker: SheetBlocks, hints: SheetHints) -> InfoLine:
    """Number at the right, as on the reference; at the left when the form puts another entry at the right."""
    label = f"{hints.number_label}："
    number = _number(maker.values, hints)
    words: Inline = inline(label, number) if number else (Span(label), Blank(34))
    if maker.values.ctx.story is not None and maker.values.ctx.generated is not None:
        return InfoLine(
            left=words, right=inline(f"数据截至：{long_date(maker.values.ctx.generated.date().isoformat())}")
        )
    if not hints.right:
        return InfoLine(right=words)
    other = maker.entry(hints.right, {})
    return InfoLine(left=words, right=(Span(maker.label(hints.right, {}) + "："), *other))
