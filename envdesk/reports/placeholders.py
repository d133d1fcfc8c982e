"""《…》 in a text of an office's own: which places there are for a form, and what stands in them.

A place is named by the label of a field (《监管对象》), for a field of a referred record 《监管对象.地址》, for a row of a list
《问题.问题描述》. Keys of the definition do as well. 《单位》, 《打印日期》, 《照片》 belong to every form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from envdesk.errors import Problem, Refused, guess, word
from envdesk.formdef.model import Field, Form
from envdesk.formdef.types import long_date
from envdesk.reports.document import Blank, Span
from envdesk.reports.sheet_hints import OPEN_FORMS
from envdesk.reports.sheet_values import BLANK_DATE, Values, name_of, read

PLACE = re.compile(r"《([^《》]{1,60})》")
#: Titles that stand in 《》 by themselves.
LAW = re.compile(
    r"(法|条例|办法|标准|规定|规范|通知|意见|方案|细则|导则|指南|公告|计划|决定|制度|名录)([（(].*[)）])?$"
)
#: Places of every form: the name shown and the entry.
OFFICE, PRINTED, PHOTOS = "单位", "打印日期", "照片"
NUMBER, STATE = "编号", "状态"
#: In a table row that is repeated: which row it is.
ROW_NUMBER = "序号"


@dataclass(frozen=True, slots=True)
class Place:
    """What a name stands for: a path of keys, and for a row of a list its column."""

    path: str
    column: Field | None = None


class Places:
    """The places of one form and the words of one record for them."""

    def __init__(self, values: Values, forms: Mapping[str, Form]) -> None:
        self.values, self.form = values, values.form
        self.names: dict[str, Place] = {}
        #: One name for each place, in the order of the form: what a starting document shows.
        self.shown: list[str] = []
        self._collect(forms)

    def _collect(self, forms: Mapping[str, Form]) -> None:
        for name in (OFFICE, PRINTED, PHOTOS):
            self._add(Place(f"@{name}"), name)
        self._add(Place("record_no"), NUMBER, "record_no")
        if self.form.states:
            self._add(Place("state"), STATE, "state")
        for f in self.form.fields:
            label = self.values.label(f)
            if f.type in ("photos", "files"):
                continue
            if f.type == "rows":
                for sub in f.fields:
                    if sub.type not in ("photos", "files"):
                        names = (f"{label}.{self.values.label(sub)}", f"{label}.{sub.label}", f"{f.key}.{sub.key}")
                        self._add(Place(f.key, sub), *names)
                continue
            self._add(Place(f.key), label, f.label, f.key, *f.aliases)
            target = forms.get(f.ref) if f.type == "ref" and f.ref in OPEN_FORMS else None
            for inner in target.fields if target is not None else ():
                if not inner.is_list and inner.key != target.name and not inner.secret:  # type: ignore[union-attr]
                    self._add(
                        Place(f"{f.key}.{inner.key}"), f"{label}.{inner.label}", f"{f.key}.{inner.key}", quiet=True
                    )

    def _add(self, place: Place, *names: str, quiet: bool = False) -> None:
        fresh = [n for n in dict.fromkeys(names) if n and n not in self.names]
        self.names |= dict.fromkeys(fresh, place)
        if fresh and not quiet:
            self.shown.append(fresh[0])

    def place(self, name: str) -> Place | None:
        """Return what a name stands for; 《照片.整改前》 are the photos of one kind."""
        clean = name.strip()
        if clean.startswith(f"{PHOTOS}."):
            return Place(f"@{PHOTOS}")
        return self.names.get(clean)

    def check(self, found: list[str], file: str) -> None:
        """Refuse names that stand for nothing, each with a guess; the title of a law in 《》 stays as it is.

        Raises:
            Refused: ``unknown_place``, one problem for each.
        """
        wrong = [
            n for n in dict.fromkeys(found)
            if self.place(n) is None and n.strip() != ROW_NUMBER and not LAW.search(n.strip())
        ]  # fmt: skip
        if wrong:
            known = list(self.names)
            raise Refused(
                "unknown_places",
                problems=[
                    Problem(
                        "unknown_place",
                        word("unknown_place", file=file, name=n, guess=guess(n.strip(), known)),
                        "error",
                    )
                    for n in wrong
                ],
            )

    # ---- words
    def text(self, name: str) -> str:
        """Return the words of a place outside a list; all rows of one that is in a list."""
        place = self.place(name)
        if place is None:
            return ""
        if place.column is not None:
            return "；".join(t for row in self.rows(place.path) if (t := self.cell(place.column, row)))
        if place.path == f"@{OFFICE}":
            return self.values.ctx.office
        if place.path == f"@{PRINTED}":
            at = self.values.ctx.generated
            return long_date(at.date().isoformat()) if at is not None else ""
        value = self.values.value(place.path)
        if self.form.has(place.path):
            return self.words(self.form.field(place.path), value)
        key, _dot, inner = place.path.partition(".")
        f = self._inner(key, inner)
        return self.values.text(f, value) if f is not None else str(value or "")

    def _inner(self, key: str, inner: str) -> Field | None:
        forms = self.values.ctx.forms
        target = forms.get(self.form.field(key).ref) if self.form.has(key) else None
        return target.field(inner) if target is not None and target.has(inner) else None

    def blank(self, name: str) -> Span | Blank:
        """Return room to write what a place holds by hand; the office's own name is printed."""
        place = self.place(name)
        if place is not None and place.path == f"@{OFFICE}":
            return Span(self.values.ctx.office)
        if place is not None and place.path == f"@{PRINTED}":
            return Span(BLANK_DATE)
        f = self.form.field(place.path) if place is not None and self.form.has(place.path) else None
        if f is not None and f.type in ("date", "datetime"):
            return Span(BLANK_DATE)
        return Blank(150 if f is not None and f.type == "long_text" else 36)

    def words(self, f: Field, value: Any) -> str:
        """Return one value in words; a bool as 是 or 否."""
        if f.secret and not self.values.ctx.reveal and not f.pii:
            return ""
        if f.type == "bool":
            return "" if value is None else "是" if value else "否"
        return name_of(value) if f.type == "ref" else self.values.text(f, value)

    def rows(self, key: str) -> list[Any]:
        """Return the rows of a list."""
        return list(self.values.value(key) or [])

    def cell(self, column: Field, row: Any) -> str:
        """Return the words of one column of a row."""
        return self.words(column, read(row, column.key))

    def filled(self, text: str) -> str:
        """Return running text with its places filled; unknown ones stay as they are written."""
        return PLACE.sub(lambda m: self.text(m[1]) if self.place(m[1]) is not None else m[0], text)
