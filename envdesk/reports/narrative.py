"""A narrative report as data: ``resources/reports/*.toml`` with ``kind``, read strictly (all errors at once).

::

    id = "work-004"
    kind = "narrative"                  # or "brief": short lines for a chat group
    name = "街道工作情况报告"             # in lists
    rank = 1                            # place in lists, after the tables
    title = "{{ office }}{{ period }}生态环境治理工作情况报告"
    to = "街道党工委、办事处："
    names = ["PM2.5", "12345"]          # the only digits that sentences may hold themselves

    [[part]]
    id = "air"                          # the user's own paragraphs of a period are kept under it
    level = 1                           # 一、, 2 = （一）; 0 = no heading
    title = "打好蓝天保卫战"

    [[part.say]]
    point = "加强加油站监管。"            # begins 一是, 二是 …; what follows belongs to it
    text = '检查加油站{{ f("gas_visits") }}{{ full("gas_cov", "，实现全覆盖") }}。'
    zero = ''                           # instead, when the figures it prints (or ``key``) are 0; left out without it
    when = 'n("gas_visits") > 0'        # said only then
    para = true                         # begins a paragraph

A part without sentences (存在问题) holds only what the user writes; ``hint`` says what to write there. Words that claim
a whole (均, 全部, 零, 全覆盖, 100%) are refused outside ``full`` and ``nil`` (:mod:`envdesk.reports.sentences`), and so
are digits: a number in a report is a figure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from envdesk.errors import guess, refuse

if TYPE_CHECKING:
    from envdesk.reports.sentences import Read

KINDS = ("narrative", "brief")
KEYS = ("id", "kind", "name", "rank", "title", "to", "names", "part")
PART_KEYS = ("id", "level", "title", "hint", "say")
SAY_KEYS = ("point", "text", "zero", "when", "key", "para")
TO, ATTACHED = "to", "attachments"
"""Slots of the user's own words outside the parts: 主送 and 附件 (a line each)."""
_DIGIT = re.compile("[0-9０-９%％]")


@dataclass(frozen=True, slots=True)
class Say:
    """One sentence (or a few that stand and fall together).

    Attributes:
        text: the sentence. ``zero``: what is said instead when its figures are 0, "" = it is left out.
        key: ids whose being 0 counts; default all figures the sentence prints by ``f``.
        point: begins 一是, 二是 … with these words. ``para``: begins a paragraph.
        figures: every figure it needs.
    """

    text: str
    zero: str = ""
    when: str = ""
    key: tuple[str, ...] = ()
    point: str = ""
    para: bool = False
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A heading (level 0 = none) and what stands under it."""

    id: str
    level: int
    title: str
    hint: str
    says: tuple[Say, ...]


@dataclass(frozen=True)
class Narrative:
    """A compiled template; ``title`` is its name in lists, ``heading`` the sentence over the paper."""

    id: str
    kind: str
    title: str
    heading: str
    to: str
    parts: tuple[Part, ...]
    rank: int = 0

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Ids of all figures it needs, dimension ids included, in order."""
        return tuple(dict.fromkeys(f for part in self.parts for say in part.says for f in say.figures))

    @property
    def needed(self) -> tuple[str, ...]:
        """Ids of all figures to compute."""
        return self.figures

    @property
    def slots(self) -> tuple[str, ...]:
        """Names under which the user's own words are kept."""
        return (*([TO] if self.to else []), *(part.id for part in self.parts), *([ATTACHED] if self.to else []))


def is_narrative(text: str) -> bool:
    """True when the TOML *text* is a narrative template, not a table."""
    return re.search(r"(?m)^kind\s*=", text.partition("[[")[0]) is not None


def parse_narrative(text: str, source: str = "template") -> Narrative:
    """Compile the TOML *text* of a narrative template.

    Raises:
        Refused: ``form_error`` with every fault.
    """
    from envdesk.reports.sentences import read

    faults: list[str] = []
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refuse("form_error", detail=f"{source}: {error}") from None
    _known(raw, KEYS, source, faults)
    faults += [f"{source}: {key}" for key in ("id", "name", "title") if not isinstance(raw.get(key), str)]
    if raw.get("kind") not in KINDS:
        faults.append(f"{source}: kind")
    names = tuple(sorted((str(n) for n in raw.get("names", [])), key=len, reverse=True))
    parts = tuple(
        _part(p, names, f"{source} [[part]] {p.get('id') or i}", faults) for i, p in enumerate(raw.get("part", []), 1)
    )
    ids = [p.id for p in parts]
    faults += [f"{source}: part {i}" for i in sorted({i for i in ids if ids.count(i) > 1 or i in (TO, ATTACHED)})]
    _words(read(str(raw.get("title", ""))), names, source, faults)
    if faults:
        raise refuse("form_error", detail="；".join(faults))
    return Narrative(
        raw["id"], raw["kind"], raw["name"], raw["title"], str(raw.get("to", "")), parts, int(raw.get("rank", 0))
    )


def _part(raw: Mapping[str, Any], names: tuple[str, ...], where: str, faults: list[str]) -> Part:
    from envdesk.reports.sentences import Read

    _known(raw, PART_KEYS, where, faults)
    level = raw.get("level", 0)
    if not isinstance(raw.get("id"), str) or level not in (0, 1, 2):
        faults.append(where)
    _words(Read(words=str(raw.get("title", ""))), names, where, faults)
    says = tuple(_say(s, names, f"{where} say {i}", faults) for i, s in enumerate(raw.get("say", []), 1))
    return Part(str(raw.get("id", "")), level, str(raw.get("title", "")), str(raw.get("hint", "")), says)


def _say(raw: Mapping[str, Any], names: tuple[str, ...], where: str, faults: list[str]) -> Say:
    from envdesk.reports.sentences import Read, read, read_condition  # loads Jinja2: only when a report is made

    _known(raw, SAY_KEYS, where, faults)
    text, zero = str(raw.get("text", "")), str(raw.get("zero", ""))
    if not text:
        faults.append(f"{where}: text")
    main, other = read(text), read(zero)
    for found in (main, other, Read(words=str(raw.get("point", "")))):
        _words(found, names, where, faults)
    condition = read_condition(raw["when"]) if raw.get("when") else Read()
    if condition.fault:
        faults.append(f"{where}: when: {condition.fault}")
    key = raw.get("key", list(main.direct))
    keys = (key,) if isinstance(key, str) else tuple(key)
    figures = tuple(dict.fromkeys((*keys, *main.figures, *other.figures, *condition.figures)))
    return Say(
        text, zero, str(raw.get("when", "")), keys, str(raw.get("point", "")), bool(raw.get("para", False)), figures
    )


def _words(found: Read, names: tuple[str, ...], where: str, faults: list[str]) -> None:
    """A sentence's own words hold no number; 100% inside full() is judged when it is said."""
    if found.fault:
        faults.append(f"{where}: {found.fault}")
    words = found.words
    for name in names:
        words = words.replace(name, "")
    digit = _DIGIT.search(words)
    if digit is not None:
        around = words[max(0, digit.start() - 6) : digit.end() + 6]
        faults.append(f"{where}: “{around}”里的数字应由指标给出，不能写在句子里")


def _known(raw: Mapping[str, Any], known: tuple[str, ...], where: str, faults: list[str]) -> None:
    faults += [f"{where}: {key}{guess(key, list(known))}" for key in raw if key not in known]
