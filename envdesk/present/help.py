"""Offline help: pages written by hand in ``resources/help`` and one page for each form, made from its definition.

The text is a small Markdown: headings, paragraphs, lists, one table, ``**bold**`` and `` `words` ``. The window shows
it as it is; the manual on paper is made of the same pages (:func:`parts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from envdesk import paths
from envdesk.formdef.model import Catalogue, Field, Form
from envdesk.i18n import N_, _

WORDS = "搜索："
"""Begins the second line of a page: words by which it is found besides its text."""
TOPICS = {
    "today": "today", "form": "record", "register": "register", "subjects": "subjects", "reports": "reports",
    "send": "send", "settings": "settings", "start": "first-day", "workbook": "workbook",
    "template": "own-report", "issued": "reports", "merge": "merge", "board": "merge",
}  # fmt: skip
"""Page of the window -> page of the help. ``tests/gui`` holds that every page has one."""
FIRST = "first-day"
TYPE_WORDS = {
    "text": N_("文字"), "long_text": N_("多行文字"), "date": N_("日期"), "time": N_("时间"), "datetime": N_("日期和时间"),
    "int": N_("整数"), "decimal": N_("数"), "money": N_("金额，元"), "choice": N_("选一个"), "multichoice": N_("可选几个"),
    "bool": N_("是或否"), "ref": N_("从名单里选"), "people": N_("人员"), "rows": N_("一行一条"), "photos": N_("照片"),
    "files": N_("文件"), "texts": N_("几段文字"), "ints": N_("几个数"),
}  # fmt: skip
MOST_CHOICES = 30
AROUND = 24
"""Characters before and after what a search found."""
_MARK = re.compile(r"([\\`*_\[\]<>#|~])")
_BOLD = re.compile(r"\*\*(.+?)\*\*|`(.+?)`")


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of the help.

    Attributes:
        id: ``today`` or, of a form, ``form:vocs_check``.
        text: Markdown, without the title. ``words``: more words to find it by.
    """

    id: str
    title: str
    text: str
    words: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Find:
    """A page that a search found, and the place in it."""

    topic: Topic
    around: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a page: a heading, a paragraph, an item of a list (``mark`` 1. or ·), a row of a table."""

    kind: Literal["heading", "paragraph", "item", "row"]
    text: str
    mark: str = ""
    cells: tuple[str, ...] = ()


# ---- pages -------------------------------------------------------------------------------------------------------
def topics(catalogue: Catalogue | None = None, folder: Path | None = None) -> tuple[Topic, ...]:
    """All pages in reading order: the written ones, then one for each form."""
    written = [_written(p) for p in sorted((folder or paths.resource("help")).glob("*.md"))]
    forms = [] if catalogue is None else [f for f in catalogue.forms.values() if f.kind != "shared"]
    return (*written, *(form_topic(f) for f in forms))


def _written(path: Path) -> Topic:
    head, _sep, rest = path.read_text("utf-8").partition("\n")
    line, _sep, text = rest.partition("\n")
    words = line.removeprefix(WORDS) if line.startswith(WORDS) else ""
    name = path.stem.partition("-")[2]
    return Topic(name, head.removeprefix("# ").strip(), (text if words else rest).strip(), words)


def form_id(form: str) -> str:
    """Id of the page of a form."""
    return f"form:{form}"


def form_topic(form: Form) -> Topic:
    """Make the page of a form: what it is for, its fields by section, what is checked."""
    lines = [escape(form.help), ""] if form.help else []
    for section in form.sections:
        lines += [f"## {escape(section.title)}", ""]
        for key in section.keys:
            lines += _field_lines(form.field(key))
    rules = [r for r in form.rules if r.message]
    if rules:
        lines += ["## " + _("保存时检查"), ""]
        tone = {"error": _("必须改"), "warning": _("请再看一眼"), "hint": _("提示")}
        lines += [f"- {tone[r.severity]}：{escape(r.message)}" for r in rules]
    words = " ".join([form.id, form.prefix, form.group, *form.natural, *(a for f in form.fields for a in f.aliases)])
    return Topic(form_id(form.id), form.title, "\n".join(lines).strip(), words, form.id)


def _field_lines(field: Field) -> Iterator[str]:
    yield f"### {escape(field.label)}"
    yield ""
    facts = [_(TYPE_WORDS.get(field.type, "文字"))]
    if field.unit:
        facts.append(_("单位 {unit}").format(unit=escape(field.unit)))
    if field.required == "always":
        facts.append(_("必填"))
    elif field.required or field.required_when:
        facts.append(_("有时必填"))
    if field.computed:
        facts.append(_("自动算出，不用填"))
    if field.pii:
        facts.append(_("个人信息，平时遮着"))
    yield "，".join(facts) + "。"
    yield ""
    for text in dict.fromkeys(t for t in (field.help, field.hint) if t):
        yield escape(text) if text.endswith("。") else escape(text) + "。"
        yield ""
    offered = [c for c in field.choices if not c.off]
    if offered:
        said = [escape(c.label) + (f"（{escape(c.hint)}）" if c.hint else "") for c in offered[:MOST_CHOICES]]
        rest = _("等 {count} 项").format(count=len(offered)) if len(offered) > MOST_CHOICES else ""
        yield _("可选：{choices}").format(choices="、".join(said) + rest) + "。"
        yield ""
    if field.fields:
        yield _("每行填：{fields}").format(fields="、".join(escape(f.label) for f in field.fields)) + "。"
        yield ""


def escape(text: str) -> str:
    """Words of a definition as Markdown that shows exactly them."""
    return _MARK.sub(r"\\\1", " ".join(text.split()))


# ---- finding -----------------------------------------------------------------------------------------------------
def topic_for(page: str, form: str = "") -> str:
    """Id of the page that explains what is on the screen."""
    return form_id(form) if form else TOPICS.get(page, FIRST)


def plain(text: str) -> str:
    """Markdown as the words a reader sees."""
    return "\n".join("　".join(part.cells) if part.cells else part.text for part in parts(text))


def find(pages: Iterable[Topic], asked: str) -> list[Find]:
    """Pages that hold every word asked for; those with it in their title first, in reading order."""
    wanted = [w.casefold() for w in asked.split()]
    if not wanted:
        return []
    ranked = []
    for place, topic in enumerate(pages):
        body = plain(topic.text)
        where = f"{topic.title}\n{topic.words}\n{body}".casefold()
        if all(w in where for w in wanted):
            rank = 0 if all(w in topic.title.casefold() for w in wanted) else 1 if wanted[0] in topic.words else 2
            ranked.append((rank, place, Find(topic, _around(body, wanted[0]))))
    return [found for _rank, _place, found in sorted(ranked, key=lambda r: r[:2])]


def _around(body: str, word: str) -> str:
    flat = " ".join(body.split())
    at = flat.casefold().find(word)
    if at < 0:
        return flat[: 2 * AROUND]
    start, end = max(at - AROUND, 0), at + len(word) + AROUND
    return ("…" if start else "") + flat[start:end] + ("…" if end < len(flat) else "")


# ---- the pieces of a page ----------------------------------------------------------------------------------------
def parts(text: str) -> Iterator[Part]:
    """Cut a page into its pieces, marks taken away."""
    for line in text.splitlines():
        words = line.strip()
        if not words or re.fullmatch(r"\|[\s|:-]+\|", words):
            continue
        numbered = re.match(r"(\d+\.) (.+)", words)
        if words.startswith("#"):
            yield Part("heading", _shown(words.lstrip("#").strip()), mark=words.partition(" ")[0])
        elif words.startswith("- "):
            yield Part("item", _shown(words[2:]), mark="·")
        elif numbered:
            yield Part("item", _shown(numbered[2]), mark=numbered[1])
        elif words.startswith("|"):
            yield Part("row", "", cells=tuple(_shown(c.strip()) for c in words.strip("|").split("|")))
        else:
            yield Part("paragraph", _shown(words))


def _shown(text: str) -> str:
    """Take marks and escapes away."""
    kept = re.sub(r"\\([\\`*_\[\]<>#|~])", lambda m: chr(0xE000 + ord(m[1])), text)
    kept = _BOLD.sub(lambda m: m[1] or m[2], kept)
    return re.sub("[\ue000-\ue07f]", lambda m: chr(ord(m[0]) - 0xE000), kept)
