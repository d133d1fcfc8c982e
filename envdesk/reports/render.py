"""One document, three kinds of file: the suffix of the file chooses the renderer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from envdesk.errors import guess, refuse
from envdesk.reports.document import (
    Band,
    Block,
    Caption,
    Document,
    InfoLine,
    MonthBars,
    Paragraph,
    Rendered,
    Span,
    Timeline,
    Title,
)

#: What a paper can be written as: .pdf to print and sign, .docx to go on writing in, .xlsx to add up.
FORMATS = (".pdf", ".docx", ".xlsx")


def render(document: Document, suffix: str = ".pdf") -> Rendered:
    """Make the file of a document.

    Args:
        document: what to write.
        suffix: one of :data:`FORMATS`, in any case.

    Returns:
        The file. ``pages`` is 0 for .docx and .xlsx: the program that opens them breaks the pages.

    Raises:
        Refused: ``bad_out`` for another suffix.
    """
    kind = suffix.lower()
    if kind == ".pdf":
        from envdesk.reports.pdf import render_pdf

        return render_pdf(document)
    if kind == ".docx" and document.official:
        from envdesk.reports.official_docx import render_official_docx

        return render_official_docx(document)
    if kind == ".docx":
        from envdesk.reports.word import render_docx

        return render_docx(flat(document))
    if kind == ".xlsx":
        from envdesk.reports.excel import render_xlsx

        return render_xlsx(flat(document))
    raise refuse("bad_out", path=suffix, expected="、".join(FORMATS), guess=guess(suffix, list(FORMATS)))


def joined(documents: Sequence[Document]) -> Document:
    """Return the copies of a paper (存根联, 送达联) as one document: each begins a page, in Excel a sheet."""
    blocks: list[Block] = list(documents[0].blocks)
    for document in documents[1:]:
        first, *others = document.blocks
        blocks += [replace(first, apart=True) if isinstance(first, Title) else first, *others]
    return replace(documents[0], blocks=tuple(blocks))


def flat(document: Document) -> Document:
    """Return the document with what a PDF draws as tables (figures, months, timeline), for Word and Excel."""
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Caption):
            blocks.append(InfoLine((Span(block.text, bold=True),)))
        elif isinstance(block, Paragraph) and not document.official:
            blocks.append(InfoLine(block.content if block.flush else (Span("\u3000\u3000"), *block.content)))
        else:
            blocks.append(block.table() if isinstance(block, (Band, MonthBars, Timeline)) else block)
    return replace(document, blocks=tuple(blocks))
