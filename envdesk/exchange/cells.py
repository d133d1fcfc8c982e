"""From a spreadsheet cell to what a form reads: dates as numbers, codes as numbers, money in 元, dashes for nothing."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from envdesk.errors import problem
from envdesk.exchange.headers import Target
from envdesk.formdef.model import Field
from envdesk.formdef.types import BadValue

#: What clerks write into a cell that has nothing to say. In free text it is kept.
NOTHING = frozenset({"/", "\\", "-", "--", "—", "——", "－", "无数据", "n/a", "#n/a"})
EPOCH = datetime(1899, 12, 30)
EXACT = 10**15
"""From here on Excel has replaced the last digits of a number by zeros."""
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d{1,3}")
_SPLIT_PATHS = re.compile(r"[\n;；]")
#: Words in brackets of a money header → 分 per unit.
MONEY_UNITS = {"分": 1, "元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}


def read(target: Target, value: Any, unit: str = "") -> Any:  # noqa: PLR0911 - one branch per type
    """Return what the form's own parser shall read, None for an empty cell.

    Raises:
        BadValue: the cell itself is at fault (a number that lost its digits).
    """
    f = target.cell
    if isinstance(value, str):
        value = value.strip()
        if not value or (value.casefold() in NOTHING and (f.type not in ("text", "long_text") or f.check)):
            return None
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if f.type in ("text", "ref", "texts", "people"):
        return _code(f, value)
    if f.type == "long_text":
        return _words(value)
    if f.type in ("date", "datetime"):
        return _moment(f, value)
    if f.type == "time":
        return _clock(value)
    if f.type == "money":
        return _money(f, value, unit)
    if f.type in ("photos", "files"):
        return [p.strip() for p in _SPLIT_PATHS.split(str(value)) if p.strip()]
    return value


def _code(f: Field, value: Any) -> Any:
    big = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) >= EXACT
    if big or (isinstance(value, str) and _ROUNDED.fullmatch(value)):
        raise BadValue(problem("import_rounded", field=f.key, label=f.label, value=str(value)))
    return _words(value)


def _words(value: Any) -> Any:
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, (date, time)):
        return value.isoformat() if isinstance(value, date) else value.strftime("%H:%M")
    return value if isinstance(value, (str, bool)) else str(value)


def _moment(f: Field, value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if isinstance(value, int) and 19_000_101 <= value <= 21_991_231:
            return str(value)
        if 1 <= value < 110_000:
            value = EPOCH + timedelta(minutes=round(value * 1440))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M") if f.type == "datetime" else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def _clock(value: Any) -> Any:
    if isinstance(value, timedelta) or (isinstance(value, (int, float)) and 0 <= value < 1):
        minutes = round((value / timedelta(minutes=1)) if isinstance(value, timedelta) else value * 1440)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(value, (datetime, time)):
        return value.strftime("%H:%M")
    return str(value)


def _money(f: Field, value: Any, unit: str) -> int:
    """元 (or the unit in the header's brackets) → 分."""
    text = str(value).replace(",", "").replace("，", "").lstrip("¥￥").strip()
    for word in sorted(MONEY_UNITS, key=len, reverse=True):
        if text.endswith(word):
            text, unit = text[: -len(word)].strip(), word
            break
    try:
        fen = Decimal(text) * MONEY_UNITS.get(unit, 100)
    except InvalidOperation:
        raise BadValue(problem("bad_number", field=f.key, label=f.label, value=str(value)[:60])) from None
    if not fen.is_finite() or fen != fen.to_integral_value():
        raise BadValue(problem("too_many_decimals", field=f.key, label=f.label, value=str(value)[:60], decimals=2))
    return int(fen)
