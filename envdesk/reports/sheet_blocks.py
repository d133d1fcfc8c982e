"""From the blocks of a sheet (spelled out by the form or made by rule) to blocks of the neutral document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from envdesk.figures.numbers import change_text
from envdesk.formdef.model import Field, Section
from envdesk.formdef.types import long_date, show
from envdesk.reports.document import (
    GAP,
    Blank,
    Block,
    Caption,
    CheckItem,
    Checklist,
    Column,
    Group,
    InfoLine,
    Inline,
    KeyValues,
    LongText,
    Notes,
    Pair,
    Paragraph,
    Photo,
    PhotoGrid,
    Row,
    Signatures,
    Span,
    Table,
    Tick,
    inline,
)
from envdesk.reports.placeholders import PLACE, Places
from envdesk.reports.sheet_auto import HEAD_LABELS, arrange, section_fields
from envdesk.reports.sheet_hints import SheetHints
from envdesk.reports.sheet_values import BLANK_TIME, Values, is_empty, name_of, read, time_words

SIGN_WORDS = "签名：\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000年\u3000\u3000月\u3000\u3000日"
SHORT_DATE = "\u3000\u3000年\u3000月\u3000日"
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$")
#: A blank longer than this, in mm, is for a long text; it is given so many lines.
LONG_BLANK, BLANK_LINES = 100, 3


class SheetBlocks:
    """Makes the document blocks of one sheet."""

    def __init__(self, values: Values, hints: SheetHints, *, secrets: bool) -> None:
        self.values, self.hints = values, hints
        self.form = values.form
        self._secrets = secrets
        self._as_words = False

    def make(self, block: Mapping[str, Any]) -> list[Block]:
        """Return the document blocks of one sheet block."""
        makers: dict[str, Callable[[Mapping[str, Any]], list[Block]]] = {
            "fields": self._fields,
            "section": self._section,
            "checklist": self._checklist,
            "rows": self._rows,
            "text": self._text,
            "ticks": self._ticks,
            "opinions": self._opinions,
            "photos": self._photos,
            "signatures": self._signatures,
            "notes": self._notes,
            "story": self._story,
            "paragraph": self._paragraph,
            "compare": self._compare,
            "lines": _lines,
        }
        return makers[block["kind"]](block)

    # ---- cells
    def _fields(self, block: Mapping[str, Any]) -> list[Block]:
        labels = {**HEAD_LABELS, **block.get("labels", {})}
        tall, sign = block.get("tall", {}), block.get("sign", {})
        rows: list[tuple[Pair, ...]] = []
        self._as_words = bool(block.get("words"))
        for entries in block.get("rows", ()):
            pairs = [
                self._pair(str(e), labels, float(tall.get(e, 0)), str(sign.get(e, "")))
                for e in entries
                if self.allowed(str(e))
            ]
            dropped = block.get("drop_empty") and all(is_empty(p.value) for p in pairs)
            if pairs and not dropped:
                rows.append(tuple(pairs))
        self._as_words = False
        if not rows:
            return []
        return [KeyValues(tuple(rows), str(block.get("title", "")), joined=bool(block.get("joined")))]

    def allowed(self, entry: str) -> bool:
        """False for complainant data on a sheet for third parties."""
        f = self._first(entry)
        return f is None or not f.secret or self._secrets

    def _pair(self, entry: str, labels: Mapping[str, str], tall: float, sign: str) -> Pair:
        f = self._first(entry)
        long = f is not None and f.type == "long_text"
        foot = f"{sign}：{SIGN_WORDS.partition('：')[2]}" if sign else ""
        return Pair(self.label(entry, labels), self.entry(entry, labels), long, foot, tall)

    def _first(self, entry: str) -> Field | None:
        key = re.split(r"[+|~]", entry)[0]
        return self.form.field(key) if self.form.has(key) else None

    def label(self, entry: str, labels: Mapping[str, str]) -> str:
        """Label of a cell: the hint's, the field's, or the usual one of a referred record's field."""
        if entry.startswith("words:"):
            return entry.removeprefix("words:").partition("=")[0]
        first = re.split(r"[+|~]", entry)[0]
        for key in (entry, first, first.rpartition(".")[2]):
            if key in labels:
                return labels[key]
        return self.values.label(self.form.field(first)) if self.form.has(first) else first

    def entry(self, entry: str, labels: Mapping[str, str]) -> Inline:
        """Content of a cell."""
        if entry.startswith("words:"):
            return inline(entry.partition("=")[2])
        first, *more = entry.split("+")
        out = list(self._one(first)) if self.allowed(first) else []
        if more and self.values.blank and not out:
            out = [Blank(16)]
        for part in more:
            if not self.allowed(part):
                continue
            content = self._one(part)
            if part.startswith("ticks:"):
                out += [*([GAP] if out else []), *content]
                continue
            if is_empty(content) and not self.values.blank:
                continue
            words = content if content or not self.values.blank else (Blank(30),)
            label = self.label(part, labels) + "："
            if len(words) == 1 and isinstance(words[0], Span) and words[0].keep:  # 办结日期 never without its 年 月 日
                label, words = label + words[0].text, ()
            out += [*([GAP] if out else []), Span(label, keep=True), *words]
        return tuple(out)

    def _tick_words(self, words: str) -> Inline:
        out: list[Span | Tick | Blank] = []
        for word in words.split(","):
            key, _, label = word.partition("=")
            known = self.form.has(key)
            if known and isinstance(self.values.value(key), Field):  # a place of a Word file
                out += [
                    *([GAP] if out else []),
                    Span(f"{label or self.values.label(self.form.field(key))}："),
                    *self._one(key),
                ]
                continue
            on = known and bool(self.values.value(key))
            text = label or (self.values.label(self.form.field(key)) if known else key)
            out += [GAP] if out else []
            out.append(Tick(text, on))
        return tuple(out)

    def _one(self, part: str) -> Inline:
        """Content of ``a``, ``a|b``, ``a~b`` or ``ticks:…``."""
        if part.startswith("ticks:"):
            return self._tick_words(part.removeprefix("ticks:"))
        if "~" in part:
            return self._span(*part.split("~", 1))
        keys = part.split("|")
        key = next((k for k in keys if self.values.filled(k)), keys[0])
        value = self.values.value(key)
        if self.form.has(key):
            f = self.form.field(key)
            return inline(self.values.text(f, value)) if self._as_words else self.values.content(f, value)
        return inline(worded(value))

    def _span(self, start: str, end: str) -> Inline:
        first, last = (self.values.value(k) for k in (start, end))
        if isinstance(first, Field):
            return (*self._one(start), Span("至"), *self._one(end))
        if first in (None, "") and last in (None, ""):
            return inline(f"{BLANK_TIME}至{BLANK_TIME}")
        return inline("至".join(worded(v) for v in (first, last) if v))

    # ---- sections
    def _section(self, block: Mapping[str, Any]) -> list[Block]:
        section = next((s for s in self.form.sections if s.id == block.get("id")), None)
        if section is None:
            return []
        fields = [f for f in section_fields(self.form, section, self.hints) if self._shown(f, section)]
        rows = [tuple(self._field_pair(f, len(group)) for f in group) for group in arrange(fields)]
        out: list[Block] = []
        if rows:
            title = str(block.get("title", ""))
            out.append(KeyValues(tuple(rows), title, joined=bool(block.get("joined")), size=9.5, label_mm=23))
        lists = [self.form.field(k) for k in section.keys if self.form.has(k) and self.form.field(k).type == "rows"]
        for f in lists:
            if self._shown(f, section):
                out += self._rows(
                    {"key": f.key, "side": self.values.label(f), "side_mm": 23, "joined": bool(out), "blank": 3}
                )
        return out

    def _shown(self, f: Field, section: Section) -> bool:
        """Leave out what does not apply: hidden, computed or secret fields without a value."""
        if f.secret and not self._secrets:
            return False
        if self.values.blank:
            return not f.computed and not self._twin(f)
        conditional = bool(f.visible or section.visible or f.computed or f.type == "rows")
        return self.values.filled(f.key) or not conditional

    def _twin(self, f: Field) -> bool:
        """True when an earlier field has the same label on paper: by hand one line serves both (当事人)."""
        earlier = self.form.fields[: [g.key for g in self.form.fields].index(f.key)]
        return any(self.values.label(g) == self.values.label(f) and g.section == f.section for g in earlier)

    def _field_pair(self, f: Field, shared: int) -> Pair:
        content = self.values.content(f, self.values.value(f.key))
        if self.values.blank and f.type == "date" and shared == 3:
            content = inline(SHORT_DATE)
        note = next((n for n in self.form.fields if n.note_of == f.key), None)
        if note is not None and self.values.filled(note.key):
            content = (*content, GAP, Span(self.values.text(note, self.values.value(note.key))))
        long = f.type == "long_text"
        return Pair(self.values.label(f), content, long, min_mm=16.0 if long and self.values.blank else 0.0)

    def _checklist(self, block: Mapping[str, Any]) -> list[Block]:
        keys = block.get("keys") or [
            f.key for f in self.form.fields if f.checklist and block.get("section", f.section) == f.section
        ]
        words = block.get("words", {})
        items = tuple(self._check_item(self.form.field(k), words) for k in keys)
        if not items:
            return []
        out: list[Block] = [Checklist(items, joined=bool(block.get("joined")))]
        note = self.hints.blank_note if self.values.blank else self.hints.note
        return [*out, Notes((note,))] if note else out

    def _check_item(self, f: Field, words: Mapping[str, str]) -> CheckItem:
        value = self.values.value(f.key)
        note = next((n for n in self.form.fields if n.note_of == f.key), None)
        if isinstance(value, Field):
            said = self.values.text(note, note) if note is not None else ""
            return CheckItem(f.label, f.points, (Span(self.values.text(f, f)),), said)
        choices = tuple(Tick(words.get(c.label, c.label), c.code == value) for c in f.choices if not c.off)
        if f.type == "bool":
            choices = (Tick("是", value is not None and bool(value)), Tick("否", value is not None and not value))
        said = self.values.text(note, self.values.value(note.key)) if note else ""
        return CheckItem(self.values.label(f), f.points, choices, said)

    # ---- lists
    def _rows(self, block: Mapping[str, Any]) -> list[Block]:
        key = str(block.get("key", ""))
        home = self.form.field(key) if self.form.has(key) else None
        if home is not None and home.secret and not self._secrets:
            return []
        columns = self._columns(home, block.get("columns"))
        rows = [] if self.values.blank else list(self.values.value(key) or [])
        blank = int(block.get("blank", 3)) if self.values.blank else 0
        if not columns or not (rows or blank):
            return []
        lines = tuple(Row((inline(str(i)), *(self._cell(c, r) for c in columns))) for i, r in enumerate(rows, 1))
        if blank:
            empty = tuple(inline("") for _ in columns)
            lines = tuple(Row((inline(str(i)), *empty)) for i in range(1, blank + 1))
        side = str(block.get("side", ""))
        table = Table(
            (Column("序号", 10, "centre"), *(c[0] for c in columns)),
            (Group(lines),),
            side=side,
            side_mm=float(block.get("side_mm", 26)) if side else 0,
            joined=bool(block.get("joined")),
            row_mm=9.0,
        )
        return [table]

    def _columns(self, home: Field | None, wanted: Sequence[Any] | None) -> list[tuple[Column, str, Field | None]]:
        specs = [{"key": w} if isinstance(w, str) else dict(w) for w in wanted or ()]
        if wanted is None and home is not None:
            specs = [{"key": f.key} for f in home.fields if f.type not in ("photos", "files") and not f.computed]
        out = []
        for spec in specs:
            f = home.sub(str(spec["key"])) if home is not None else None
            unit = f"({f.unit})" if f is not None and f.unit and f.unit not in self.values.label(f) else ""
            label = str(spec.get("label") or (self.values.label(f) + unit if f else spec["key"]))
            wide = f is not None and (f.type == "long_text" or (f.type == "text" and f.max_len > 50))
            day = f is not None and f.type in ("date", "datetime")
            mm = float(spec.get("mm", 60 if wide else 32 if day else 26))
            out.append((Column(label, mm, "left" if wide or mm > 40 else "centre"), str(spec["key"]), f))
        return out

    def _cell(self, column: tuple[Column, str, Field | None], row: Any) -> Inline:
        _, key, f = column
        value = read(row, key)
        words = self.values.text(f, value) if f is not None else worded(value)
        if f is not None and f.unit and column[0].title.endswith(f"({f.unit})"):  # the head says it
            words = words.removesuffix(f.unit).rstrip()
        if f is not None and f.type in ("people", "datetime"):  # a line never breaks within a name, a date or a time
            parts = re.findall(r"[^、]+、?|、", words) if f.type == "people" else re.split(r"(?<=日)", words)
            return tuple(Span(part, keep=True) for part in parts if part)
        return inline(words)

    # ---- boxes across the page
    def _text(self, block: Mapping[str, Any]) -> list[Block]:
        key = str(block.get("key", ""))
        if not self.allowed(key) or (key == "remark" and not self.values.filled(key)):
            return []
        label = str(block.get("label") or self.label(key, {}))
        f = self.form.field(key) if self.form.has(key) else None
        value = self.values.value(key)
        words = self.values.text(f, value) if f is not None else worded(value)
        mm = float(block.get("mm", 10))
        least = mm if not words else min(mm, 14)
        return [LongText(label, inline(words), joined=bool(block.get("joined")), min_mm=least)]

    def _ticks(self, block: Mapping[str, Any]) -> list[Block]:
        key = str(block.get("key", ""))
        content = self._one(key)
        return [LongText(str(block.get("label") or self.label(key, {})), content, joined=bool(block.get("joined")))]

    def _opinions(self, block: Mapping[str, Any]) -> list[Block]:
        mm = float(block.get("mm", 16))
        rows = tuple(
            (Pair(str(label), (), long=True, foot=SIGN_WORDS, min_mm=mm),) for label in block.get("labels", ())
        )
        return [KeyValues(rows, joined=bool(block.get("joined")))] if rows else []

    # ---- end of the sheet
    def _photos(self, block: Mapping[str, Any]) -> list[Block]:
        tags = [str(t) for t in block.get("tags", ())]
        if self.values.blank:
            count = int(block.get("blank", 0))
            captions = tags or [
                f"照片{i}\u3000拍摄时间：\u3000\u3000\u3000\u3000\u3000\u3000" for i in range(1, count + 1)
            ]
            photos = tuple(Photo(None, caption) for caption in captions[:count])
        else:
            photos = tuple(self._photo(i, row, tags) for i, row in enumerate(self._pictures(tags), 1))
        return [PhotoGrid(photos)] if photos else []

    def _pictures(self, tags: list[str]) -> list[Any]:
        """Photos to print: none marked internal, in the order of the tags."""
        rows = [row for row in self.values.value("photos") or [] if not read(row, "internal")]
        if not tags:
            return rows
        by_tag = [[row for row in rows if read(row, "tag") == tag] for tag in tags]
        if len(tags) > 1 and all(by_tag):  # before and after side by side, one pair below the other
            pairs = zip_longest(*by_tag)
            return [
                row if row is not None else {"tag": tags[n], "missing": True} for p in pairs for n, row in enumerate(p)
            ]
        return [row for found in by_tag for row in found]

    def _photo(self, number: int, row: Any, tags: list[str]) -> Photo:
        if read(row, "missing"):
            return Photo(None, str(read(row, "tag")))
        load = self.values.ctx.photo
        data = read(row, "data")
        if data is None and load is not None:
            data = load(row)
        words = str(read(row, "caption") or "")
        taken = str(read(row, "taken_at") or "")
        when = worded(taken) if tags else self._moment(taken)
        head = str(read(row, "tag")) if tags else f"照片{number}"
        parts = [head, words + (f"（{when}）" if when and words else when)]
        return Photo(data if data is not None else b"", "\u3000".join(p for p in parts if p))

    def _moment(self, taken: str) -> str:
        """When a photo was taken: the time alone on the day of the record."""
        day, _, clock = taken.partition("T")
        if clock and day == str(self.values.value(self.form.date) or "")[:10]:
            return time_words(clock)
        return worded(taken)

    def _signatures(self, block: Mapping[str, Any]) -> list[Block]:
        rows = tuple(tuple(str(label) for label in row) for row in block.get("rows", ()))
        return [Signatures(rows)] if rows else []

    def _story(self, block: Mapping[str, Any]) -> list[Block]:
        story = self.values.ctx.story
        if self.values.blank or story is None:
            return []
        out: list[Block] = [Caption(story.span), story.band, story.months]
        return [*out, Caption(str(block.get("title", "经过"))), story.timeline] if story.timeline.steps else out

    def _paragraph(self, block: Mapping[str, Any]) -> list[Block]:
        places = Places(self.values, self.values.ctx.forms)
        text = str(block.get("text", ""))
        if not self.values.blank:
            content = inline(places.filled(text))
        else:
            parts = enumerate(PLACE.split(text))
            content = tuple(
                piece
                for n, part in parts
                if part
                for piece in _to_fill(places, part, place=n % 2 == 1, led=n > 1 or not text.startswith("《"))
            )
        if block.get("right"):
            return [InfoLine(right=content)]
        return [Paragraph(content, flush=bool(block.get("flush")))]

    def _compare(self, block: Mapping[str, Any]) -> list[Block]:
        labels = [*block.get("labels", ("本期", "上年同期")), "变化"]
        rows = []
        for key in block.get("keys", ()):
            f = self.form.field(str(key))
            twin = f"{key}_ly"
            now, before = self.values.value(f.key), self.values.value(twin)
            named = isinstance(now, Field)  # the places of a Word file
            change = "" if self.values.blank or named else changed(f, now, before)
            both = (
                (now, before)
                if not named
                else (self.values.text(f, f), self.values.text(self.form.field(twin), before))
            )
            cells = (self.values.label(f), f.unit or "—", *(v if named else plain_number(f, v) for v in both), change)
            rows.append(Row(tuple(inline(c) for c in cells)))
        columns = (Column("指标", 45), Column("单位", 24, "centre"), *(Column(t, 32, "right") for t in labels))
        return [Table(columns, (Group(tuple(rows)),), joined=bool(block.get("joined")), row_mm=8.5)]

    def _notes(self, block: Mapping[str, Any]) -> list[Block]:
        items = tuple(str(item) for item in block.get("items", ()))
        return [Notes(items)] if items else []


def _to_fill(places: Places, part: str, *, place: bool, led: bool) -> Inline:
    """One part of running text on a blank sheet: words, or room to write; for a long text lines of their own."""
    if not place:
        return (Span(part),)
    room = places.blank(part)
    if isinstance(room, Blank) and room.mm > LONG_BLANK:
        start = (Span("\n"),) if led else ()
        return (*start, *((room, Span("\n")) * BLANK_LINES)[:-1])
    return (room,)


def _lines(block: Mapping[str, Any]) -> list[Block]:
    """Empty lines to write on."""
    columns = [Column(str(title), 30) for title in block.get("columns", ())]
    empty = tuple(inline("") for _ in columns)
    rows = tuple(Row((inline(str(n)), *empty)) for n in range(1, int(block.get("count", 20)) + 1))
    return [Table((Column("序号", 10, "centre"), *columns), (Group(rows),), row_mm=8.5)]


def plain_number(f: Field, value: Any) -> str:
    """A number without its unit, for a table that says the unit beside it."""
    return "" if value is None else show(f, value)


def changed(f: Field, now: Any, before: Any) -> str:
    """Change against last year: days by their number, ranks by places, measured values in percent."""
    if now is None or before is None:
        return "—"
    if f.unit == "天" or f.key == "rank":
        difference = int(now) - int(before)
        if not difference:
            return "持平"
        return f"{difference:+d}" if f.unit == "天" else f"{'上升' if difference < 0 else '下降'}{abs(difference)}位"
    return change_text("measured", Decimal(show(f, now)), Decimal(show(f, before)))


def worded(value: Any) -> str:
    """Words of a value without a field: a date as on paper, a record by its name, a list joined."""
    if value is None:
        return ""
    if isinstance(value, str):
        if _ISO.match(value):
            return long_date(value[:16])
        return time_words(value) if re.fullmatch(r"\d{2}:\d{2}", value) else value
    if isinstance(value, (list, tuple)):
        return "、".join(worded(v) for v in value)
    if isinstance(value, (int, float)):
        return str(value)
    return name_of(value)
