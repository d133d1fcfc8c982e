"""Reading a holiday table: a CSV file, or the pasted text of the State Council's notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from envdesk.errors import refuse

REST_WORDS = frozenset(
    {"休", "放假", "假", "假日", "假期", "节日", "节假日", "休息", "休息日", "补休", "holiday", "off", "rest"}
)
WORK_WORDS = frozenset({"班", "上班", "补班", "调班", "调休上班", "工作", "工作日", "workday", "work", "working day"})
#: Header word → column; without a header the columns stand in this order.
COLUMNS = {
    "date": frozenset({"date", "day", "日期", "日子"}),
    "kind": frozenset({"kind", "type", "类型", "类别", "休班", "休/班", "安排", "性质"}),
    "name": frozenset({"name", "名称", "节日", "节假日", "说明", "备注"}),
    "notice": frozenset({"notice", "文号", "依据", "通知"}),
}

_DAY = timedelta(days=1)
_DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:[T ]0?0:00(?::00)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CELLS = re.compile(r"[,，;；\t]")
_NOTICE_YEAR = re.compile(r"(\d{4})年(?:部分节假日|元旦)")
_NOTICE_NO = re.compile(r"国办发明电[〔\[［(（]\d{4}[〕\]］)）]\d+号")
_HEADING = r"[一二三四五六七八九十]+[、.．](?:[^:：。]{2,12})[:：]"
_ITEM = re.compile(rf"(?P<head>{_HEADING})(?P<body>.*?)(?={_HEADING}|$)")
_PARENTHESES = re.compile(r"[(（][^)）]*[)）]")
_NOTICE_DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日")
_VERB = re.compile("放假|补休|上班")
_TOTAL = re.compile(r"共(\d+)天")


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that a notice names: a day off, or a weekend day worked instead."""

    day: date
    workday: bool
    name: str = ""
    notice: str = ""


def read(text: str) -> list[SpecialDay]:
    """Read a CSV text or the text of a notice.

    Raises:
        Refused: ``bad_calendar`` with the line (of a notice: the item) that cannot be read.
    """
    lines = [(n, line.strip()) for n, line in enumerate(text.lstrip("\ufeff").splitlines(), 1)]
    lines = [(n, line) for n, line in lines if line and not line.startswith("#")]
    if not lines:
        raise refuse("bad_calendar", line=1, value="")
    whole = re.sub(r"\s+", "", text)
    is_notice = _NOTICE_YEAR.search(whole) and _ITEM.search(whole)
    found = read_notice(text) if is_notice else _read_table(lines)
    if not found:
        raise refuse("bad_calendar", line=lines[0][0], value=lines[0][1][:60])
    return found


def _cells(line: str) -> list[str]:
    cells = _CELLS.split(line) if _CELLS.search(line) else line.split()
    return [c.strip().strip('"“”').strip() for c in cells]


def _read_day(text: str) -> date | None:
    match = _DATE.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    try:
        found = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2199 else None


def _header(cells: list[str]) -> list[str] | None:
    """Name the columns of a header line; None when the line is none."""
    names = [next((c for c, words in COLUMNS.items() if cell.lower() in words), "") for cell in cells]
    return names if "date" in names else None


def _read_table(lines: list[tuple[int, str]]) -> list[SpecialDay]:
    columns = _header(_cells(lines[0][1]))
    body = lines[1:] if columns else lines
    columns = columns or list(COLUMNS)
    found: dict[date, SpecialDay] = {}
    for number, line in body:
        cells = dict(zip(columns, _cells(line), strict=False))
        day, kind = _read_day(cells.get("date", "")), cells.get("kind", "").lower()
        if day is None or kind not in REST_WORDS | WORK_WORDS:
            raise refuse("bad_calendar", line=number, value=line[:60])
        special = SpecialDay(day, kind in WORK_WORDS, cells.get("name", ""), cells.get("notice", ""))
        if found.setdefault(day, special).workday != special.workday:  # named twice, differently
            raise refuse("bad_calendar", line=number, value=line[:60])
    return list(found.values())


def read_notice(text: str) -> list[SpecialDay]:
    """Read the text of a notice (国务院办公厅关于××年部分节假日安排的通知), as pasted from its page.

    The notice gives each holiday's number of days; what was read must add up to it.

    Raises:
        Refused: ``bad_calendar`` with the item that does not.
    """
    whole = re.sub(r"\s+", "", text)
    year = _NOTICE_YEAR.search(whole)
    if year is None:
        raise refuse("bad_calendar", line=1, value=whole[:60])
    number = _NOTICE_NO.search(whole)
    found: dict[date, SpecialDay] = {}
    for n, item in enumerate(_ITEM.finditer(_PARENTHESES.sub("", whole)), 1):
        name = re.split(r"[、.．]", item["head"], maxsplit=1)[1][:-1]
        for sentence in item["body"].split("。"):
            if not _VERB.search(sentence):  # what offices are encouraged to do is no rule
                continue
            try:
                days = _read_sentence(sentence, int(year[1]))
            except ValueError:
                raise refuse("bad_calendar", line=n, value=sentence[:60]) from None
            for day, workday in days.items():
                found[day] = SpecialDay(day, workday, name, number[0] if number else "")
    return sorted(found.values(), key=lambda s: s.day)


def _read_sentence(sentence: str, year: int) -> dict[date, bool]:
    """Read ``1月28日至2月4日放假调休，共8天``: day → is it worked."""
    out: dict[date, bool] = {}
    for clause in re.split(r"[，,；;]", sentence):
        workday = "上班" in clause
        if _VERB.search(clause):
            out |= dict.fromkeys(_days_of(clause, year), workday)
    total = _TOTAL.search(sentence)
    if total and int(total[1]) != sum(not workday for workday in out.values()):
        raise ValueError(sentence)
    return out


def _days_of(clause: str, year: int) -> Iterator[date]:
    last: date | None = None
    month = 0
    end = 0
    for match in _NOTICE_DAY.finditer(clause):
        month = int(match[2] or month)
        day = date(int(match[1] or year), month, int(match[3]))
        if last is not None and re.search(r"[至到—\-－~～]", clause[end : match.start()]):
            if last > day:  # from December into the notice's own year
                last = last.replace(year=day.year - 1)
            yield from stretch(last, day)
        elif last is not None:
            yield last
            yield day
        last, end = day, match.end()
    if last is not None:
        yield last


def stretch(start: date, end: date) -> Iterator[date]:
    """Every day from one to another."""
    while start <= end:
        yield start
        start += _DAY
