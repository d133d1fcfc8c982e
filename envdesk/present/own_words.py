"""自己的话: the user's own paragraphs of a narrative report, what was left out of it, and its text for a chat group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from envdesk.desk import narratives
from envdesk.desk.office import Desk, Done
from envdesk.i18n import _
from envdesk.present.report_preview import Report
from envdesk.reports.narrative import ATTACHED, TO, Narrative
from envdesk.store import report_texts

if TYPE_CHECKING:
    from envdesk.reports.story import Story


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for own words.

    Attributes:
        title: the heading it stands under; ``level`` of it (2 = indented in lists). ``hint``: what to write there.
        saved: who and when, "" = never. ``before``: what stood there before, None = nothing to go back to.
    """

    id: str
    title: str
    level: int
    hint: str
    text: str
    saved: str
    before: str | None


@dataclass(frozen=True, slots=True)
class Own:
    """The places of a report and what its user should know: sentences left out, remarks, fonts."""

    template: str
    period: str
    slots: tuple[Slot, ...]
    left_out: tuple[str, ...]
    remarks: tuple[str, ...]
    fonts: str


def own(desk: Desk, report: Report) -> Own | None:
    """Return the own words of a report, None when it is a table."""
    layout, story = report.computed.layout, report.story
    if not isinstance(layout, Narrative) or story is None:
        return None
    out = []
    for name, title, level, hint in _places(layout):
        kept = report_texts.versions(desk.store, layout.id, narratives.span(report.period), name)
        now = kept[0] if kept else None
        saved = f"{now.at[:16].replace('T', ' ')} {now.who}".strip() if now is not None else ""
        before = (kept[1].text if len(kept) > 1 else "") if now is not None else None
        out.append(Slot(name, title, level, hint, now.text if now is not None else "", saved, before))
    return Own(
        layout.id, report.period.text, tuple(out), tuple(grouped(story)), story.remarks, narratives.faces(desk).words
    )


def grouped(story: Story) -> Iterator[str]:
    """Sentences left out, those of one part and one reason in one line."""
    lines: dict[tuple[str, str], dict[str, None]] = {}
    for x in story.left_out:
        lines.setdefault((x.part or _("开头"), x.why), {})[x.what] = None
    for (part, why), what in lines.items():
        yield f"【{part}】{'、'.join(what)}：{why}"


def _places(layout: Narrative) -> list[tuple[str, str, int, str]]:
    more = _("补充的话，一行一段，写在这一节后面。")
    out = [(p.id, p.title or _("开头"), p.level, p.hint or more) for p in layout.parts]
    if layout.to:
        out.insert(0, (TO, _("主送"), 1, _("不写时为：{to}").format(to=layout.to)))
        out.append((ATTACHED, _("附件"), 1, _("附件名称，一行一个；没有附件不写。")))
    return out


def save(desk: Desk, template: str, period: str, slot: str, text: str) -> Done:
    """Keep own words with the period."""
    return narratives.set_words(desk, template, period, {slot: text})


def text(desk: Desk, report: Report) -> str:
    """The report as plain text; a blocked one says that it is a draft."""
    layout = report.computed.layout
    if not isinstance(layout, Narrative):
        return ""
    return narratives.text_of(layout, narratives.story(desk, report.computed, draft=report.blocked))
