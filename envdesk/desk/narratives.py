"""Narrative reports: the letter of a period in every format, its text for a chat group, and the user's own paragraphs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envdesk.desk.office import Desk, Done, setting
from envdesk.errors import guess, refuse
from envdesk.figures.period import Period, parse_period
from envdesk.reports.document import Rendered
from envdesk.reports.narrative import Narrative
from envdesk.store import report_texts
from envdesk.store.attachments import write_durably

if TYPE_CHECKING:
    from envdesk.desk.reports import Computed
    from envdesk.reports.pc_fonts import Faces
    from envdesk.reports.story import Story

FORMATS = (".pdf", ".docx", ".xlsx", ".txt")
PC_FONTS = "电脑"
"""Value of the setting ``official_fonts``: fonts of the PC when it has them."""
MOST = 20_000
"""Characters of one slot: more is no paragraph of a letter."""


def story(desk: Desk, made: Computed, *, draft: bool = False) -> Story:
    """Compose a computed narrative report with the user's own words.

    Raises:
        Refused: ``absolute_word``, ``form_error``.
    """
    from envdesk.reports.story import StoryContext, compose_story

    layout, calc = _layout(made), made.calc
    sealed = made.kept.paper if made.kept is not None else {}
    context = StoryContext(
        office=sealed.get("office") or setting(desk, "office_name"),
        district=sealed.get("district") or setting(desk, "district"), period=calc.period, cut=calc.cut,
        day=desk.clock.today(), draft=draft, own=own_words(desk, layout, calc.period),
    )  # fmt: skip
    return compose_story(layout, made.results, context)


def paper(desk: Desk, made: Computed, *, draft: bool = False, kind: str = ".pdf") -> Rendered:
    """Render a computed narrative report as PDF, DOCX, XLSX (text and figures) or plain text."""
    composed = story(desk, made, draft=draft)
    if kind == ".txt":
        return Rendered(text_of(_layout(made), composed).encode(), 0)
    if kind == ".xlsx":
        from envdesk.reports.letter_book import render_letter_book
        from envdesk.reports.periods import period_words

        period = made.calc.period
        return render_letter_book(composed, made.results, period_words(period.start, period.end).span)
    if kind != ".pdf":
        from envdesk.reports.render import render

        return render(composed.document, kind)
    from envdesk.reports.official import render_official

    return render_official(composed.document, faces=faces(desk))


def report(desk: Desk, made: Computed, out: Path, *, draft: bool = False) -> Done:
    """Print a computed narrative report into a file.

    A letter is an official paper: it gets a 出具编号 (not printed on it, the standard has no place for it) and is kept as
    it was given out. Plain text and short lines for a chat group are not.

    Raises:
        Refused: ``bad_out``, ``report_blocked``.
    """
    from envdesk.desk import issues, reports

    reports.expect(out, *FORMATS)
    kind = out.suffix.lower()
    if draft or kind == ".txt" or _layout(made).kind == "brief":
        reports.allow(made, draft=draft)
        printed = paper(desk, made, draft=draft, kind=kind)
        write_durably(out, printed.data)
        told: dict[str, Any] = {
            "out": str(out), "pages": printed.pages, "notes": printed.notes, "warnings": [], "number": "", "code": "",
        }  # fmt: skip
        return Done(told | said(desk, made))
    done = issues.issue(desk, made, out, parts=parts(desk, made))
    return Done(done.value | said(desk, made), done.changed)


def parts(desk: Desk, made: Computed) -> str:
    """What else makes the paper this one: the user's own words. Others give another paper, also of a sealed period."""
    own = own_words(desk, _layout(made), made.calc.period)
    if not own:
        return ""
    return hashlib.sha256(json.dumps(own, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def text_of(layout: Narrative, composed: Story) -> str:
    """The report as plain text; a brief without indents, to be pasted into a chat."""
    from envdesk.reports.story import story_text

    return story_text(composed.document, indent=layout.kind != "brief")


def text(desk: Desk, made: Computed, *, draft: bool = False) -> str:
    """A computed narrative report as plain text. A failed block rule refuses it unless *draft*."""
    from envdesk.desk import reports

    reports.allow(made, draft=draft)
    return text_of(_layout(made), story(desk, made, draft=draft))


def said(desk: Desk, made: Computed) -> dict[str, Any]:
    """What is told beside the file: sentences left out, remarks on own words, fonts."""
    composed = story(desk, made)
    return {
        "left_out": [{"part": x.part, "what": x.what, "why": x.why} for x in composed.left_out],
        "remarks": list(composed.remarks),
        "fonts": faces(desk).words,
    }


def faces(desk: Desk) -> Faces:
    """The fonts letters are set in: those of the PC, unless the office wants the program's own."""
    from envdesk.reports.pc_fonts import Faces, find_faces

    return find_faces() if setting(desk, "official_fonts") == PC_FONTS else Faces({})


# ---- own words ---------------------------------------------------------------------------------------------------
def own_words(desk: Desk, layout: Narrative, period: Period) -> dict[str, str]:
    """The user's paragraphs of a period by slot."""
    return report_texts.texts(desk.store, layout.id, span(period))


def set_words(desk: Desk, template: str, period: str, words: Mapping[str, object]) -> Done:
    """Keep the user's own paragraphs with a period; "" takes one away. ``value`` = the slots that changed.

    Raises:
        Refused: ``unknown_report``, ``bad_period``, ``unknown_slot``, ``too_long``.
    """
    from envdesk.desk import own_reports

    layout = own_reports.layout(desk, template)
    slots = layout.slots if isinstance(layout, Narrative) else ()
    cleaned: dict[str, str] = {}
    for slot, value in words.items():
        if slot not in slots:
            raise refuse("unknown_slot", template=template, slot=slot, guess=guess(slot, list(slots)))
        lines = str(value or "").replace("\r\n", "\n").split("\n")
        cleaned[slot] = "\n".join(line.rstrip() for line in lines).strip("\n")
        if len(cleaned[slot]) > MOST:
            raise refuse("too_long", label=slot, limit=MOST, length=len(cleaned[slot]))
    changed = report_texts.write(desk.store, template, span(parse_period(period)), cleaned)
    return Done(changed, frozenset({"report_text"}) if changed else frozenset())


def span(period: Period) -> tuple[str, str]:
    """First and last day of a period, as they are stored."""
    return period.start.isoformat(), period.end.isoformat()


def _layout(made: Computed) -> Narrative:
    if not isinstance(made.layout, Narrative):
        raise TypeError(f"{made.layout.id} is no narrative report")
    return made.layout
