"""What a cell of a record sheet prints: values worded as on paper, boxes for choices, room to write on a blank one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from envdesk.formdef.model import Choice, Field, Form
from envdesk.formdef.types import mask, money_text, show
from envdesk.reports.document import GAP, Blank, Inline, Span, Tick, inline, plain, ticks

BLANK_DATE = "\u3000\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日"
BLANK_MOMENT = "\u3000\u3000\u3000年\u3000月\u3000日\u3000时\u3000分"
BLANK_TIME = "\u3000\u3000时\u3000\u3000分"
#: Telephone and identity numbers inside running text.
_NUMBERS = re.compile(r"(?<!\d)(?:1\d{10}|0\d{2,3}-?\d{7,8}|\d{17}[\dXx])(?!\d)")
HIDDEN = "****"


@dataclass(frozen=True, slots=True)
class SheetContext:
    """Whose sheet it is and what may be shown.

    Attributes:
        office: printed above the title.
        reveal: complainant data in full (only on an ``internal`` sheet, and never against ``never_reveal``).
        labels: wording of fields that replaces the form's (an active label set).
        photo: returns the bytes of an attachment row, None when the file is gone.
        generated: moment of printing, None = not printed on the sheet.
        forms: all forms, to know the labels of a referred record's fields.
        figures: titles of figures by id, for a record that names one (任务数, 往期数).
        story: what happened, for a sheet that tells it (span, band, months, timeline).
    """

    office: str
    reveal: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    photo: Callable[[Any], bytes | None] | None = None
    generated: datetime | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)
    figures: Mapping[str, str] = field(default_factory=dict)
    story: Any = None


def read(source: Any, key: str) -> Any:
    """Return ``source[key]`` or ``source.key``, None when there is neither."""
    if source is None:
        return None
    if isinstance(source, Mapping):
        return source.get(key)
    return getattr(source, key, None)


def follow(record: Any, path: str) -> Any:
    """Return the value at ``ref.key``."""
    value = record
    for key in path.split("."):
        value = read(value, key)
    return value


def name_of(value: Any) -> str:
    """Return the name of a referenced record: its ``name``, else its number, else the text itself."""
    if value is None or isinstance(value, str):
        return value or ""
    return str(read(value, "name") or read(value, "record_no") or read(value, "order_no") or "")


class Values:
    """Words of one record (or of a blank sheet) in the terms of its form."""

    def __init__(self, form: Form, record: Mapping[str, Any] | None, ctx: SheetContext, *, reveal: bool) -> None:
        self.form, self.record, self.ctx = form, record or {}, ctx
        self.blank = record is None
        self._reveal = reveal
        self._hides = not reveal and any(f.secret for f in form.fields)
        self._secrets = self._own_secrets() if self._hides else ()
        self._labels = [f.label for f in form.fields]

    def _own_secrets(self) -> tuple[str, ...]:
        """The complainant's name, number and address: no running text may repeat them."""
        found = (self.record.get(f.key) for f in self.form.fields if f.secret and f.pii)
        return tuple(sorted((v for v in found if isinstance(v, str) and len(v) > 1), key=len, reverse=True))

    def label(self, f: Field) -> str:
        """Printed label of a field, without a bracketed remark for the screen."""
        words = self.ctx.labels.get(f.key, f.label)
        short = re.sub(r"[(（][^()（）]*[)）]$", "", words)
        return words if not short or (short != words and short in self._labels) else short

    def value(self, key: str) -> Any:
        """Raw value at an entry's path."""
        return follow(self.record, key)

    def filled(self, key: str) -> bool:
        """True when there is something to print."""
        value = self.value(key)
        return value not in (None, "", [], ())

    def text(self, f: Field, value: Any) -> str:
        """Words of one value of a self-contained type, masked when it is secret and not revealed."""
        if value is None or value in ("", []):
            return ""
        if f.type == "ref":
            name = name_of(value)
            return self.ctx.figures.get(name, name)
        if f.check == "figure":
            return self.ctx.figures.get(str(value), str(value))
        if f.type == "people":
            return "、".join(name_of(p) for p in value)
        if f.type in ("choice", "multichoice") and any(c.parent for c in f.choices):  # 大气（恶臭异味）
            return "、".join(t.label for t in choice_ticks(f.choices, value) if isinstance(t, Tick) and t.on)
        if f.type == "money":
            return money_text(value) + "元"
        if f.type == "time":
            return time_words(str(value))
        words = show(f, value, reveal=self._reveal or not f.secret, long=True)
        if self._hides and f.type in ("text", "long_text", "texts"):
            words = self.hide(words)
        return with_unit(words, f.unit) if f.type in ("int", "decimal") else words

    def hide(self, text: str) -> str:
        """Take the complainant's own words and every telephone or identity number out of a running text."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _NUMBERS.sub(lambda m: mask("phone", m[0]), text)

    # ---- content of cells
    def content(self, f: Field, value: Any) -> Inline:
        """Boxes for choices, words for the rest; on a blank sheet room to write."""
        if f.type in ("choice", "multichoice") and f.choices:
            return choice_ticks(f.choices, value)
        if f.type == "bool":
            chosen = [] if value is None else ["是" if value else "否"]
            return ticks(["是", "否"], chosen)
        if f.type == "people":
            return self.people(value)
        if self.blank:
            return blank_content(f)
        words = self.text(f, value)
        return (Span(words, keep=f.type in ("date", "datetime")),) if words else ()

    def people(self, value: Any) -> Inline:
        """陈示明（执法证号44000000001）, one after the other; on a blank sheet two lines to write on."""
        if self.blank:
            one: tuple[Span | Blank, ...] = (Blank(22), Span(" 执法证号 "), Blank(27))
            return (*one, GAP, *one)
        words: list[str] = []
        for person in value or []:
            badge = read(person, "badge_no")
            words.append(name_of(person) + (f"（执法证号{badge}）" if badge else ""))
        extra = self.record.get("extra_people")
        if extra:
            words.append(f"其他人员{extra}人")
        gaps = [GAP] * len(words)
        return tuple(part for gap, one in zip(gaps, words, strict=True) for part in (gap, Span(one, keep=True)))[1:]


def choice_ticks(choices: Iterable[Choice], value: Any) -> Inline:
    """Boxes of all words still offered and of the chosen ones; second-level words stand in brackets after the first."""
    chosen = [value] if isinstance(value, str) else list(value or [])
    shown: list[Tick] = []
    every = tuple(choices)
    for choice in every:
        if choice.parent or (choice.off and choice.code not in chosen):
            continue
        children = [c.label for c in every if c.parent == choice.code and c.code in chosen]
        more = f"（{'、'.join(children)}）" if children else ""
        shown.append(Tick(choice.label + more, choice.code in chosen or bool(children)))
    unknown = [c for c in chosen if all(c != known.code for known in every)]
    shown += [Tick(str(code), on=True) for code in unknown]
    out: list[Span | Tick | Blank] = []
    for tick in shown:
        out += [GAP] if out else []
        out.append(tick)
    return tuple(out)


def blank_content(f: Field) -> Inline:
    """Room to write a value by hand."""
    if f.type == "date":
        return (Span(BLANK_DATE, keep=True),)
    if f.type == "datetime":
        return (Span(BLANK_MOMENT, keep=True),)
    if f.type == "time":
        return inline(BLANK_TIME)
    unit = "元" if f.type == "money" else f.unit
    if unit:
        return inline(Blank(14), f" {unit}")
    return ()


def with_unit(words: str, unit: str) -> str:
    """820 mg/g, but 90日 and 92%."""
    if not words or not unit:
        return words
    latin = unit[0] == "μ" or (unit[0].isascii() and unit[0].isalpha())
    return f"{words} {unit}" if latin else words + unit


def time_words(value: str) -> str:
    """09:30 → 9时30分."""
    hour, _, minute = value.partition(":")
    return f"{int(hour)}时{minute[:2]}分" if hour.isdigit() and minute else value


def is_empty(content: Inline) -> bool:
    """True when the content prints no words and no ticked box."""
    return not any(part.on if isinstance(part, Tick) else plain((part,)).strip("\u3000 ") for part in content)
