"""Words that several pages share: state chips, remaining time, cells of a table, short numbers.

Texts are made from stored values; personal data is masked unless asked for in full. Nothing here reads the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from envdesk.formdef.model import Field, Form
from envdesk.formdef.types import mask, money_text, show, show_one
from envdesk.i18n import N_, _, plural

NONE = "—"
#: Types whose typed form is text and that need nothing but themselves to be read.
TEXTUAL = frozenset({"text", "long_text", "date", "time", "datetime", "int", "decimal", "money", "texts", "ints"})
#: Shape of a chip by its word; other words take the shape of their tone.
SHAPES: Mapping[str, str] = {
    "草稿": "pencil", "待签收": "dot", "已签收": "half", "办理中": "half", "延期中": "pause", "阶段性办结": "half",
    "待审核": "square", "已提交": "square", "已合并": "fork", "已退回": "back", "退回": "back", "退回中": "back",
    "重办": "redo", "反弹": "redo", "已月结": "lock", "作废": "dash", "已关停取缔": "dash", "已搬迁": "dash",
    "完工/注销": "dash", "已移出": "dash", "停用": "dash", "离岗": "dash", "已移交": "fork", "停业/无法进入": "dash",
    "在用/在产": "dot", "在岗": "dot", "在用": "dot", "进行中": "dot", "有效": "dot", "停产/停工": "pause",
}  # fmt: skip
_TONE_SHAPES = {"green": "check", "red": "cross", "amber": "triangle", "blue": "half", "grey": "ring"}
#: Chip of a sheet of a visit: its result.
RESULT_TONES = {"未发现问题": "green", "发现问题": "amber", "停业/无法进入": "grey"}
#: Days before the due day (working days) from which a due date is shown as a chip.
NEAR = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """A state: word, colour and shape together.

    Attributes:
        tone: grey, green, amber, red or blue.
        shape: dot, half, triangle, cross, check, pause, redo, square, fork, back, lock, dash, ring or pencil.
        struck: the word is struck through (a voided record).
    """

    word: str
    tone: str = "grey"
    shape: str = "ring"
    struck: bool = False


def chip(word: str, tone: str = "grey") -> Chip:
    """Return the chip of a state word of a form."""
    return Chip(word, tone, SHAPES.get(word, _TONE_SHAPES.get(tone, "ring")), struck=word == "作废")


def state_chip(form: Form, row: Mapping[str, Any]) -> Chip | None:
    """Return the chip of a record: void, its state, its result, else whether it was reviewed."""
    if row.get("void"):
        return chip("作废")
    word = row.get("state")
    if word:
        return chip(str(word), next((s.tone for s in form.states if s.word == word), "grey"))
    if row.get("result") in RESULT_TONES:
        return chip(str(row["result"]), RESULT_TONES[str(row["result"])])
    if form.kind == "record":
        return chip("已审核", "green") if row.get("reviewed_at") else chip("已提交", "grey")
    return None


# ---- time ----------------------------------------------------------------------------------------------------------
def counts_workdays(form: Form) -> bool:
    """True when days over are counted in working days (a form with a legal deadline), else calendar days."""
    return any(f.check == "deadline" for f in form.fields)


def days_over(form: Form, due: str, today: date, left: int) -> int:
    """Return how many days a due day is past, in the days that its form counts."""
    return -left if counts_workdays(form) else (today - date.fromisoformat(due[:10])).days


def remaining(left: int, over: int = 0) -> str:
    """Return the words for a due day: 还有3个工作日, 今天到期, 已超期2天."""
    if left < 0:
        return _("已超期{days}天").format(days=over or -left)
    return _("今天到期") if left == 0 else plural("还有{count}个工作日", left)


def due_chip(left: int, over: int = 0) -> Chip:
    """Return the chip of a due day."""
    if left < 0:
        return Chip(remaining(left, over), "red", "cross")
    if left <= NEAR:
        return Chip(remaining(left), "amber", "triangle")
    return Chip(remaining(left), "grey", "ring")


def day_words(value: str | None, today: date | None = None) -> str:
    """Return a stored day or moment for a table; the year is left out when it is *today*'s."""
    if not value:
        return ""
    text = str(value).replace("T", " ")
    return text[5:] if today is not None and text[:5] == f"{today.year}-" else text


def moment_words(value: str, now: datetime) -> str:
    """Return when something was done, as short as it is clear: 09:36, 昨天, 10-07, 2025-10-07."""
    when = datetime.fromisoformat(value)
    days = (now.date() - when.date()).days
    if days == 0:
        return when.strftime("%H:%M")
    if days == 1:
        return _("昨天")
    return when.strftime("%m-%d") if when.year == now.year else when.strftime("%Y-%m-%d")


# ---- records -------------------------------------------------------------------------------------------------------
def short_number(number: str | None, today: date) -> str:
    """Return a record number without the year when it is this year's: ZG-2026-0118 → ZG-0118."""
    return re.sub(rf"^([A-Z]+)-{today.year}-", r"\1-", number or "")


def clip(text: str, most: int = 40) -> str:
    """Return *text* on one line, cut after *most* characters."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


#: Fields that say where, for records without a subject.
_PLACES = ("respondent_text", "location", "place", "party")


def headline(form: Form, row: Mapping[str, Any], names: Mapping[str, str], most: int = 40) -> str:
    """Return what a record is about: subject or place, then its matter."""
    first = ""
    for f in form.fields:
        if f.type == "ref" and f.ref == "subject" and row.get(f.key):
            first = names.get(str(row[f.key]), "")
            break
    first = first or next((shown(f, row[f.key]) for k in _PLACES for f in _having(form, k) if row.get(k)), "")
    matter = clip(_matter(form, row, names), most)
    if first and matter and first not in matter:
        return f"{first}：{matter}"
    return matter or first or str(row.get("record_no") or "")


def _having(form: Form, key: str) -> list[Field]:
    return [form.field(key)] if form.has(key) else []


def _matter(form: Form, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if form.name and form.name not in (*form.natural, "subject_name") and form.has(form.name):
        f = form.field(form.name)
        if f.type in ("text", "long_text", "choice") and row.get(form.name):
            return shown(f, row[form.name])
        if f.type == "ref":
            return names.get(str(row.get(form.name)), "")
    for f in form.fields:
        if f.type == "long_text" and f.required == "always" and row.get(f.key):
            return shown(f, row[f.key])
    name = row.get(form.name) if form.name and form.name != "subject_name" else None
    return str(name or "")


def shown(f: Field, value: Any, *, reveal: bool = False) -> str:
    """Return one scalar as a person reads it, masked unless *reveal*."""
    if value in (None, ""):
        return ""
    if f.type == "money":
        return money_text(int(value))
    text = show_one(f, value)
    if f.type in ("choice", "multichoice") and "-" in text and (c := f.choice(value)) is not None and c.parent:
        text = f"{c.parent} · {c.label}"
    return mask(f.pii, text) if f.pii and not reveal else text


def cell(
    f: Field,
    value: Any,
    names: Mapping[str, str],
    *,
    today: date | None = None,
    most: int = 0,
    reveal: bool = False,
) -> str:
    """Return a stored value of any type as the text of a table cell.

    Args:
        f: the field.
        value: stored value.
        names: id → name of everything referred to (``store.query.ref_names``).
        today: leave out its year in dates.
        most: at most so many items of a list, then 等n项; 0 = all.
        reveal: personal data in full.
    """
    if value in (None, "", []):
        return ""
    if f.type == "ref":
        return names.get(str(value), str(value))
    if f.type in ("rows", "photos", "files"):
        return _counted(f, value)
    if isinstance(value, list):
        texts = [names.get(str(v), str(v)) if f.type == "people" else shown(f, v, reveal=reveal) for v in value]
        return _joined(texts, most, people=f.type == "people")
    if f.type in ("date", "datetime"):
        return day_words(value, today)
    return shown(f, value, reveal=reveal)


def _counted(f: Field, value: Sequence[Any]) -> str:
    pattern = {"photos": N_("{count} 张"), "files": N_("{count} 份")}.get(f.type, N_("{count} 条"))
    return plural(pattern, len(value))


def _joined(texts: Sequence[str], most: int, *, people: bool) -> str:
    if most and len(texts) > most:
        tail = plural("等{count}人", len(texts)) if people else plural("等{count}项", len(texts))
        return "、".join(texts[:most]) + tail
    return "、".join(texts)


# ---- editors ---------------------------------------------------------------------------------------------------------
def text_of(f: Field, value: Any) -> str:
    """Text of a stored value as an editor shows it (personal data in full: the clerk is typing it)."""
    if f.type in ("texts", "ints"):
        return "、".join(str(v) for v in value or [])
    return show(f, value, reveal=True)


def row_texts(f: Field, rows: Any) -> list[dict[str, Any]]:
    """Rows of stored values as their cells' editors show them; ids stay."""
    subs = {s.key: s for s in f.fields}
    return [
        {k: text_of(subs[k], v) if k in subs and subs[k].type in TEXTUAL else v for k, v in row.items()}
        for row in rows or []
    ]


def unbound(f: Field, value: Any) -> Any:
    """A stored value for another record: rows lose their ids."""
    if f.type in ("rows", "photos", "files"):
        return [{k: v for k, v in row.items() if k != "id"} for row in value]
    return value
