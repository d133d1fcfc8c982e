"""A narrative report of one period: template + results + the user's own paragraphs → document, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jinja2.exceptions import TemplateError

from envdesk.errors import refuse
from envdesk.figures.compute import Result
from envdesk.figures.period import Period
from envdesk.i18n import _
from envdesk.reports.document import (
    Addressee,
    Attachments,
    Block,
    Document,
    Furniture,
    Heading,
    Inline,
    Paragraph,
    SignOff,
    Span,
    Title,
    inline,
    plain,
)
from envdesk.reports.monthly import WATERMARK
from envdesk.reports.narrative import ATTACHED, TO, Narrative, Part, Say
from envdesk.reports.periods import day_words, period_words
from envdesk.reports.sentences import ABSOLUTE, Empty, Language, claims, spans
from envdesk.reports.text import clean, one_line

NUMERALS = "一二三四五六七八九十"
#: By the kind that a table of the period has.
THIS = {"日报表": "当日", "周报表": "本周", "月报表": "本月", "季报表": "本季度", "年报表": "全年"}
SINCE_NEW_YEAR = "今年以来"
HALVES = ("上半年", "下半年")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence or clause that was not said, or said in other words; ``what`` names its figures."""

    part: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """A figure in the order of the text, under the heading of its part."""

    figure: str
    part: str


@dataclass(frozen=True, slots=True)
class StoryContext:
    """Whose report it is, of which time.

    Attributes:
        cut: day up to which records were counted. ``day``: 成文日期.
        own: the user's own words by slot.
    """

    office: str
    district: str
    period: Period
    cut: date
    day: date
    draft: bool = False
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """What was composed. ``remarks`` = what the user should look at (a whole claimed in own words)."""

    document: Document
    left_out: tuple[LeftOut, ...]
    said: tuple[Said, ...]
    remarks: tuple[str, ...] = ()


def compose_story(template: Narrative, results: Mapping[str, Result], ctx: StoryContext) -> Story:
    """Compose the report.

    Raises:
        Refused: ``form_error``, a sentence does not work; ``absolute_word``, it claims a whole that no figure states.
    """
    return _Composer(template, results, ctx).compose()


def period_values(period: Period, cut: date) -> dict[str, str]:
    """Words for a period: its title, its days, 本月 …, 截至…. A range that is a whole month, quarter … is called so."""
    words = period_words(period.start, period.end)
    this = THIS.get(words.kind, "期内")
    if words.kind == "半年报表":
        this = HALVES[period.start.month // 7]
    elif (cut < period.end and words.kind == "年报表") or (
        this == "期内" and (period.start.month, period.start.day) == (1, 1)
    ):
        this = SINCE_NEW_YEAR
    so_far = "截至" + day_words(min(cut, period.end)).partition("年")[2]
    return {"period": words.title, "span": words.span, "this": this, "so_far": so_far}


class _Composer:
    """Walks the parts; keeps the numbers of headings."""

    def __init__(self, template: Narrative, results: Mapping[str, Result], ctx: StoryContext) -> None:
        self.template, self.results, self.ctx = template, results, ctx
        values = {"office": ctx.office, "district": ctx.district} | period_values(ctx.period, ctx.cut)
        self.language = Language(results, values)
        self.left_out: list[LeftOut] = []
        self.said: list[Said] = []
        self.remarks: list[str] = []

    def compose(self) -> Story:
        ctx, brief = self.ctx, self.template.kind == "brief"
        title = plain(self._render(self.template.heading, "title") or ())
        body = self._lines() if brief else self._body()
        blocks: list[Block] = [Title(title)]
        if self.template.to:
            to = one_line(ctx.own.get(TO, "")) or self.template.to
            blocks.append(Addressee(to if to.endswith("：") else f"{to}："))
        blocks += body
        attached = tuple(one_line(line) for line in ctx.own.get(ATTACHED, "").splitlines() if line.strip())
        if attached:
            blocks.append(Attachments(attached))
        if not brief:
            blocks.append(SignOff(one_line(ctx.office), day_words(ctx.day)))
        document = Document(
            title=title + (_("（草稿）") if ctx.draft else ""), blocks=tuple(blocks), author=ctx.office,
            subject=self.template.title, official=True, furniture=Furniture(watermark=WATERMARK if ctx.draft else ""),
        )  # fmt: skip
        return Story(document, tuple(self.left_out), tuple(self.said), tuple(self.remarks))

    # ---- parts ---------------------------------------------------------------------------------------------------
    def _body(self) -> list[Block]:
        filled = [(part, self._paragraphs(part)) for part in self.template.parts]
        out: list[Block] = []
        first = second = 0
        for n, (part, paragraphs) in enumerate(filled):
            below = self._below(n, filled)
            if not paragraphs and not below:
                if part.level and (part.says or part.hint):
                    self.left_out.append(LeftOut(part.title, _("整节"), _("没有内容，不写这一节")))
                continue
            if part.level == 1:
                first, second = first + 1, 0
                out.append(Heading(1, f"{_numeral(first)}、{part.title}"))
            elif part.level == 2:
                second += 1
                out.append(Heading(2, f"（{_numeral(second)}）{part.title}"))
            out += [Paragraph(p) for p in paragraphs]
        return out

    @staticmethod
    def _below(at: int, filled: Sequence[tuple[Part, list[Inline]]]) -> bool:
        """True when a part of level 1 has parts below it that say something."""
        if filled[at][0].level != 1:
            return False
        for part, paragraphs in filled[at + 1 :]:
            if part.level == 1:
                return False
            if paragraphs:
                return True
        return False

    def _lines(self) -> list[Block]:
        """A brief: one numbered line for each part."""
        lines = [(part, self._paragraphs(part)) for part in self.template.parts]
        kept = [(part, [s for p in paragraphs for s in p]) for part, paragraphs in lines if paragraphs]
        out: list[Block] = []
        number = 0
        for part, content in kept:
            lead = ""
            if part.title:
                number += 1
                lead = f"{number}.{part.title}："
            out.append(Paragraph(inline(lead, *content)))
        return out

    def _paragraphs(self, part: Part) -> list[Inline]:
        """What stands under a heading: the sentences that are said, then the user's own paragraphs."""
        kept = self._kept(part)
        points = sum(1 for say, _content in kept if say.point)
        out: list[list[Span]] = []
        number = 0
        for say, content in kept:
            if say.para or not out:
                out.append([])
            if say.point:
                number += 1
                lead = f"{_numeral(number)}是" if points > 1 else ""
                out[-1].append(Span(lead + say.point))
            out[-1] += content
        own = self.ctx.own.get(part.id, "")
        self._look_at(own, part)
        mine = [clean(line).strip() for line in own.splitlines() if line.strip()]
        return [*(tuple(p) for p in out), *(inline(line) for line in mine)]

    def _kept(self, part: Part) -> list[tuple[Say, tuple[Span, ...]]]:
        """Sentences that are said. What follows a point goes with it; a point without a sentence is not made."""
        out: list[tuple[Say, tuple[Span, ...]]] = []
        pending: Say | None = None
        para = False
        for say in part.says:
            para = para or say.para
            if say.point:
                pending = say
            content = self._say(say, part)
            if content is None:
                continue
            lead = pending.point if pending is not None else ""
            out.append((Say(say.text, point=lead, para=para), content))
            pending, para = None, False
            self.said += [Said(s.figure, part.title) for s in content if s.figure]
        return out

    # ---- sentences -----------------------------------------------------------------------------------------------
    def _say(self, say: Say, part: Part) -> tuple[Span, ...] | None:
        if say.when and not self._holds(say.when, part):
            self._omit(part, say.key or say.figures, _("不符合写这句话的条件"))
            return None
        zero = bool(say.key) and self.language.is_zero(say.key)
        content = None if zero else self._render(say.text, part.id)
        if content is not None:
            for figure in self._omitted():
                self._omit(part, [figure], _("为 0 或没有数据，未写进句子"))
            return content
        self._omitted()
        if say.zero:
            content = self._render(say.zero, part.id)
            if content is not None:
                self._omit(part, say.key or say.figures, _("为 0，换了说法"))
                return content
        self._omit(part, say.key or say.figures, _("为 0 或没有数据，这句话没有写"))
        return None

    def _render(self, source: str, where: str) -> tuple[Span, ...] | None:
        """Render a sentence; None when a figure of it has no value."""
        try:
            text = self.language.text(source)
        except Empty:
            return None
        except TemplateError as error:
            raise refuse("form_error", detail=f"{self.template.id} {where}: {error}") from None
        claimed = claims(text)
        if claimed:
            said = plain(spans(text))
            raise refuse("absolute_word", word="、".join(dict.fromkeys(claimed)), sentence=said)
        return tuple(s for s in spans(text) if isinstance(s, Span))

    def _holds(self, source: str, part: Part) -> bool:
        try:
            return self.language.holds(source)
        except TemplateError as error:
            raise refuse("form_error", detail=f"{self.template.id} {part.id}: {error}") from None

    def _omitted(self) -> list[str]:
        out = list(dict.fromkeys(self.language.omitted))
        self.language.omitted.clear()
        return out

    def _omit(self, part: Part, figures: Sequence[str], why: str) -> None:
        titles = [self.results[f].title if f in self.results else f for f in figures]
        self.left_out.append(LeftOut(part.title, "、".join(dict.fromkeys(titles)), why))

    def _look_at(self, own: str, part: Part) -> None:
        found = dict.fromkeys(ABSOLUTE.findall(own))
        if found:
            words = "、".join(f"“{w}”" for w in found)
            self.remarks.append(
                _("“{part}”里自己写的话有 {words}，请核对是否确实如此").format(
                    part=part.title or _("开头"), words=words
                )
            )


def _numeral(number: int) -> str:
    """一 … 十, 十一 …."""
    if number <= len(NUMERALS):
        return NUMERALS[number - 1]
    tens, ones = divmod(number, 10)
    return (NUMERALS[tens - 1] if tens > 1 else "") + "十" + (NUMERALS[ones - 1] if ones else "")


# ---- plain text --------------------------------------------------------------------------------------------------
def story_text(document: Document, *, indent: bool = True) -> str:
    """The report as plain text, a line for each paragraph."""
    room = "\u3000\u3000" if indent else ""
    out: list[str] = []
    for block in document.blocks:
        if isinstance(block, Title):
            out.append(block.text + (_("（草稿）") if document.furniture.watermark else ""))
        elif isinstance(block, Addressee):
            out.append(block.text)
        elif isinstance(block, Heading):
            out.append(room + block.text)
        elif isinstance(block, Paragraph):
            out.append(room + plain(block.content))
        elif isinstance(block, Attachments):
            out += ["", *attachment_lines(block)]
        elif isinstance(block, SignOff):
            out += ["", block.office, block.day]
    return "\n".join(out) + "\n"


def attachment_lines(block: Attachments) -> list[str]:
    """附件：1.… with the numbers under each other; one alone has none."""
    if len(block.items) == 1:
        return [f"附件：{block.items[0]}"]
    return [("附件：" if n == 1 else "\u3000\u3000\u3000") + f"{n}.{item}" for n, item in enumerate(block.items, 1)]
