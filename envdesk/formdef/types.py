"""Field types: how a value is read from what people type, checked, and shown. Masking belongs to the type.

``parse`` takes anything JSON or a spreadsheet can hold and returns the stored value or raises :class:`BadValue`;
``show`` gives the text a person reads. For every type ``parse(show(v)) == v`` (tested as a property) unless masked.
Stored values: text str; date ``YYYY-MM-DD``; datetime ``YYYY-MM-DDTHH:MM``; time ``HH:MM``; int, bool, money (分) int;
decimal float holding at most ``decimals`` places (exact again through ``Decimal(repr(v))``); ref and people ids.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from envdesk.errors import Problem, guess, problem, word
from envdesk.formdef.model import Field

TRUE_WORDS = frozenset({"true", "是", "有", "1", "√", "y", "yes"})
FALSE_WORDS = frozenset({"false", "否", "无", "0", "×", "n", "no"})
USC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SPACES = re.compile(r"[ \t\u3000]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u2028\u2029\ufeff\ud800-\udfff]")
_PHONE = re.compile(r"^(1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|\d{7,8}|[48]00-?\d{3}-?\d{4}|000-\d{8})$")
_DATE = re.compile(r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$")
_DAY_WORDS = {"今天": 0, "昨天": -1, "前天": -2, "明天": 1}
_SHORT = re.compile(r"^(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$")
_TIME = re.compile(r"^(\d{1,2})\s*[:：时点]\s*(\d{1,2})\s*分?(?::\d{2}(?:\.\d+)?)?$")
_HOUR = re.compile(r"^(\d{1,2})\s*[时点]\s*(整|半|)$")


class BadValue(Exception):  # noqa: N818
    """The text cannot be this type; carries the worded problem."""

    def __init__(self, found: Problem) -> None:
        """Keep the problem."""
        super().__init__(found.message)
        self.problem = found


@dataclass(frozen=True, slots=True)
class Context:
    """What parsing may need to know: today's date (for “今天”, “6-5”)."""

    today: date = field(default_factory=date.today)


def _bad(f: Field, code: str, value: Any, **more: Any) -> BadValue:
    shown = str(value)
    return BadValue(problem(code, field=f.key, label=f.label, value=shown[:60], **more))


def clean_text(value: str, *, lines: bool) -> str:
    """Normalise typed text: NFC, compatibility radicals to plain hanzi, no control characters, trimmed.

    A single-line text turns line breaks into spaces; nothing visible is dropped.
    """
    text = "".join(unicodedata.normalize("NFKC", c) if _compat(c) else c for c in value)
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text)
    if not lines:
        text = _SPACES.sub(" ", text.replace("\n", " "))
    return text.strip()


def _compat(c: str) -> bool:
    point = ord(c)
    return 0x2E80 <= point <= 0x2FDF or 0xF900 <= point <= 0xFAFF or 0x2F800 <= point <= 0x2FA1F


def parse_text(f: Field, value: Any, ctx: Context) -> str | None:  # noqa: ARG001
    """Text: any scalar; spreadsheets give numbers for codes, so ``4.0`` reads ``4``."""
    if isinstance(value, (dict, list)):
        raise _bad(f, "bad_type", value, expected="应为文字")
    if isinstance(value, bool):
        value = "是" if value else "否"
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    text = clean_text(str(value), lines=f.type == "long_text")
    if f.max_len and len(text) > f.max_len:
        raise BadValue(problem("too_long", field=f.key, label=f.label, limit=f.max_len, length=len(text)))
    if text and f.check == "usc":
        text = text.upper().replace(" ", "")
        if not valid_usc(text):
            raise _bad(f, "bad_usc", text)
    if text and f.check == "phone":
        text = text.replace(" ", "").replace("－", "-").replace("—", "-")
        if not _PHONE.match(text):
            raise _bad(f, "bad_phone", text)
    return text or None


def valid_usc(code: str) -> bool:
    """True for an 18-character 统一社会信用代码 with a right check character (GB 32100-2015)."""
    if len(code) != 18 or any(c not in USC_ALPHABET for c in code):
        return False
    total = sum(USC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return USC_ALPHABET[(31 - total % 31) % 31] == code[17]


def read_date(value: Any, today: date) -> date | None:
    """Read a date as people type it: 2026-10-09, 2026.10.9, 20261009, 10-9, 今天, 昨天; None if it is none."""
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    text = str(value).strip()
    if text in _DAY_WORDS:
        return today + timedelta(days=_DAY_WORDS[text])
    try:
        return _written_date(text, today)
    except ValueError:
        return None


def _written_date(text: str, today: date) -> date | None:
    if match := _DATE.match(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if re.fullmatch(r"\d{8}", text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if match := _SHORT.match(text):
        return date(today.year, int(match[1]), int(match[2]))
    return datetime.fromisoformat(text).date() if re.match(r"^\d{4}-\d{2}-\d{2}[T ]", text) else None


def _too_late(f: Field, day: date) -> BadValue:
    return BadValue(Problem("too_large", word("too_late", label=f.label, value=day.isoformat()), field=f.key))


def parse_date(f: Field, value: Any, ctx: Context) -> str:
    """Date → ``YYYY-MM-DD``. A date in the future refused by ``max = "today"``."""
    found = read_date(value, ctx.today)
    if found is None or not 1900 <= found.year <= 2199:
        raise _bad(f, "bad_date", value)
    if f.max == "today" and found > ctx.today:
        raise _too_late(f, found)
    return found.isoformat()


def parse_time(f: Field, value: Any, ctx: Context) -> str:  # noqa: ARG001
    """Time → ``HH:MM``."""
    text = str(value.strftime("%H:%M") if hasattr(value, "strftime") else value).strip()
    if whole := _HOUR.match(text):  # 8点, 8点半
        text = f"{whole[1]}:{30 if whole[2] == '半' else 0}"
    match = _TIME.match(text) or re.match(r"^(\d{2})(\d{2})$", text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise _bad(f, "bad_time", value)
    return f"{int(match[1]):02}:{int(match[2]):02}"


def parse_datetime(f: Field, value: Any, ctx: Context) -> str:
    """Moment → ``YYYY-MM-DDTHH:MM`` local wall time; a date alone is the start of that day."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    text = str(value).strip()
    day, _sep, clock = text.partition("T") if "T" in text else text.partition(" ")
    if "日" in text and not clock:
        day, _sep, clock = text.partition("日")
    found = read_date(day, ctx.today)
    if found is None:
        raise _bad(f, "bad_date", value)
    if f.max == "today" and found > ctx.today:
        raise _too_late(f, found)
    return f"{found.isoformat()}T{parse_time(f, clock, ctx) if clock.strip() else '00:00'}"


def _number(f: Field, value: Any) -> Decimal:
    if isinstance(value, (bool, dict, list)):
        raise _bad(f, "bad_number", value)
    text = unicodedata.normalize("NFKC", repr(value) if isinstance(value, float) else str(value)).strip()
    if f.unit and text.endswith(f.unit):
        text = text[: -len(f.unit)].strip()
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise _bad(f, "bad_number", value) from None
    if not number.is_finite() or abs(number) > Decimal(10) ** 15:
        raise _bad(f, "bad_number", value)
    return number


def _limits(f: Field, number: Decimal, shown: Any) -> None:
    if f.min is not None and number < Decimal(str(f.min)):
        raise BadValue(problem("too_small", field=f.key, label=f.label, limit=f.min, value=shown))
    if f.max is not None and number > Decimal(str(f.max)):
        raise BadValue(problem("too_large", field=f.key, label=f.label, limit=f.max, value=shown))


def parse_int(f: Field, value: Any, ctx: Context) -> int:  # noqa: ARG001
    """Whole number (also money in 分)."""
    number = _number(f, value)
    if number != number.to_integral_value():
        raise _bad(f, "bad_number", value)
    _limits(f, number, value)
    return int(number)


def parse_decimal(f: Field, value: Any, ctx: Context) -> float:  # noqa: ARG001
    """Decimal with at most ``decimals`` places."""
    number = _number(f, value)
    if number != round(number, f.decimals):
        raise _bad(f, "too_many_decimals", value, decimals=f.decimals)
    _limits(f, number, value)
    return float(number)


def parse_bool(f: Field, value: Any, ctx: Context) -> int:  # noqa: ARG001
    """true/false/是/否 → 1/0."""
    if isinstance(value, bool):
        return int(value)
    text = str(value).strip().lower()
    if text in TRUE_WORDS:
        return 1
    if text in FALSE_WORDS:
        return 0
    raise _bad(f, "bad_type", value, expected="应为 是 或 否")


def find_choice(f: Field, value: Any) -> str:
    """Return the stored code of a word: code, label, or label with its hint in brackets; ``大气-油烟`` for two levels.

    Of two levels the beginning of the lower word is enough when only one fits (大气-恶臭 → 大气-恶臭异味).
    """
    text = str(value).strip()
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    for c in f.choices:
        full = f"{c.parent}-{c.label}" if c.parent else c.label
        names = {c.code, full, f"{full}({c.hint})"}
        if plain in {re.sub(r"\s+", "", unicodedata.normalize("NFKC", n)) for n in names}:
            return c.code
    for c in f.choices:
        if c.parent and c.label == text and sum(1 for o in f.choices if o.label == text) == 1:
            return c.code
    started = [c for c in f.choices if c.parent and plain.startswith(f"{c.parent}-") and c.code.startswith(plain)]
    if len(started) == 1 and len(plain) > len(started[0].parent) + 2:
        return started[0].code
    raise _bad(f, "bad_choice", value, guess=guess(text, [c.code for c in f.choices if not c.off]))


def parse_choice(f: Field, value: Any, ctx: Context) -> str:  # noqa: ARG001
    """One word of the list."""
    if isinstance(value, (dict, list)):
        raise _bad(f, "bad_type", value, expected="应为一个选项")
    return find_choice(f, value)


def split_words(value: Any) -> list[Any]:
    """A list as people type it in one cell: separated by 、，,；; or line breaks."""
    if isinstance(value, list):
        return value
    return [w for w in (p.strip() for p in re.split(r"[、，,；;\n]", str(value))) if w]


def parse_multichoice(f: Field, value: Any, ctx: Context) -> list[str]:  # noqa: ARG001
    """Several words, without repetition, in the order of the list."""
    if isinstance(value, dict):
        raise _bad(f, "bad_type", value, expected="应为选项列表")
    codes = {find_choice(f, v) for v in split_words(value)}
    return [c.code for c in f.choices if c.code in codes]


def parse_texts(f: Field, value: Any, ctx: Context) -> list[str]:  # noqa: ARG001
    """A list of single-line texts."""
    if isinstance(value, dict):
        raise _bad(f, "bad_type", value, expected="应为文字列表")
    return [t for t in (clean_text(str(v), lines=False) for v in split_words(value)) if t]


def parse_ints(f: Field, value: Any, ctx: Context) -> list[int]:
    """A list of whole numbers (years)."""
    if isinstance(value, dict):
        raise _bad(f, "bad_type", value, expected="应为数字列表")
    return sorted({parse_int(f, v, ctx) for v in split_words(value if isinstance(value, (str, list)) else [value])})


#: Types whose value needs nothing but itself. Others (ref, people, rows, photos, files) are read by the store.
PARSERS: dict[str, Callable[[Field, Any, Context], Any]] = {
    "text": parse_text, "long_text": parse_text, "date": parse_date, "time": parse_time, "datetime": parse_datetime,
    "int": parse_int, "money": parse_int, "decimal": parse_decimal, "choice": parse_choice, "bool": parse_bool,
    "multichoice": parse_multichoice, "texts": parse_texts, "ints": parse_ints,
}  # fmt: skip


def parse(f: Field, value: Any, ctx: Context) -> Any:
    """Read one value of a self-contained type; None and "" are absent.

    Raises:
        BadValue: with the worded problem.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return [] if f.is_list else None
    return PARSERS[f.type](f, value, ctx)


# ---- showing ---------------------------------------------------------------------------------------------------
def mask(kind: str, text: str) -> str:
    """Hide personal data (domain.md §6): 张** · 138****5678 · address kept to the community, text hidden."""
    if not text:
        return text
    if kind == "name":
        return text[0] + "**"
    if kind == "phone":
        return f"{text[:3]}****{text[-4:]}" if len(text) >= 11 else text[:1] + "****"
    if kind == "address":
        match = re.match(r"^.*?(?:社区|联社|村|街道|镇|路|街|大道)", text)
        return (match[0] if match else text[:4]) + "****"
    return "****"


def number_text(value: float, decimals: int) -> str:
    """Exact decimal text without trailing zeros beyond the value."""
    text = format(round(Decimal(repr(value)), decimals), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(f: Field, value: Any, *, reveal: bool = False, long: bool = False) -> str:
    """Return the text a person reads for a stored value of a self-contained type ("" for none).

    Args:
        f: the field.
        value: stored value.
        reveal: show personal data in full.
        long: dates in words (2026年10月9日) as on paper instead of 2026-10-09 as in tables.
    """
    if value is None or value == []:
        return ""
    if isinstance(value, list):
        return "、".join(show_one(f, v, long=long) for v in value)
    text = show_one(f, value, long=long)
    return text if reveal or not f.pii else mask(f.pii, text)


def show_one(f: Field, value: Any, *, long: bool = False) -> str:
    """Text of one scalar."""
    if f.type in ("choice", "multichoice"):
        c = f.choice(value)
        return str(value) if c is None else f"{c.parent}-{c.label}" if c.parent else c.label
    if f.type == "bool":
        return "是" if value else "否"
    if f.type == "decimal":
        return number_text(value, f.decimals)
    if f.type in ("date", "datetime") and value:
        return long_date(str(value)) if long else str(value).replace("T", " ")
    return str(value)


def long_date(value: str) -> str:
    """``2026-10-09[T09:30]`` → 2026年10月9日[9时30分] (GB/T 9704: no leading zeros in month and day)."""
    day, _, clock = value.partition("T")
    y, m, d = day.split("-")
    text = f"{y}年{int(m)}月{int(d)}日"
    if clock and clock != "00:00":
        text += f"{int(clock[:2])}时{clock[3:5]}分"
    return text


def money_text(fen: int) -> str:
    """分 → 元 with two decimals."""
    return format(Decimal(fen) / 100, ".2f")
