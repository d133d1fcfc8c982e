"""What is known about the columns that an expression of a definition may read: can they be empty, day or moment, words.

Terms are known by following their expressions (:mod:`envdesk.formdef.lint_sql`), which needs the columns again; so the
reader of expressions is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from envdesk.formdef.expr import BadExpression, Scope
from envdesk.formdef.live import Live, list_columns
from envdesk.formdef.model import VALUE_LISTS, BlockView, Choice, Field, Form


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known about a value: may it be empty; "day", "moment" or ""; the words it can hold (None = any)."""

    nullable: bool = False
    kind: str = ""
    words: frozenset[str] | None = None


Columns = Mapping[str, Fact]
Read = Callable[[Scope, Columns, str], Fact]
UNKNOWN = Fact()
TEXT = Fact(nullable=True)
MOMENT = Fact(kind="moment")


def words_of(choices: Iterable[Choice]) -> frozenset[str] | None:
    """The words a choice can hold; None for a field without a list."""
    return frozenset(c.code for c in choices) or None


class Facts:
    """What is known about the columns of every table an expression may read."""

    def __init__(self, live: Live, read: Read) -> None:
        """Know the tables of one catalogue; *read* follows an expression."""
        self.live = live
        self._read = read
        self.catalogue = live.catalogue
        self._forms: dict[str, dict[str, Fact]] = {}
        self._tables: dict[str, dict[str, Fact]] = {
            "calendar": dict.fromkeys(("day", "is_workday", "n", "name"), UNKNOWN)
        }

    def table(self, name: str) -> dict[str, Fact]:
        """Columns of a form, a view, a ``form.list`` or (``form.list*``) its rows with the record's keys."""
        catalogue = self.catalogue
        if name in self._tables:
            return self._tables[name]
        if name in catalogue.views:
            out = self._tables[name] = {}
            self._view(catalogue.views[name], out)
            return out
        if name in catalogue.forms:
            return self.form(catalogue.forms[name])
        if name.endswith("*"):
            owner, _, key = name[:-1].partition(".")
            form = catalogue.forms[owner]
            return {**self.form(form), **self._list(form.field(key)), "id": UNKNOWN}
        return self._list(self.live.list_names[name][1]) if name in self.live.list_names else {}

    def form(self, form: Form) -> dict[str, Fact]:
        """Columns of a form's records, also of a shared one whose name is taken by a view."""
        if form.id in self._forms:
            return self._forms[form.id]
        out = self._forms[form.id] = {}
        out |= dict.fromkeys(("id", "office", "created_by", *(f"{p}_id" for p in form.parents)), UNKNOWN)
        out |= {"created_at": MOMENT, "updated_at": MOMENT, "record_no": TEXT, "reviewed_by": TEXT}
        out["reviewed_at"] = replace(MOMENT, nullable=True)
        hidden = {k for s in form.sections if s.visible for k in s.keys}
        out |= {f.key: self.field(f, hidden=f.key in hidden) for f in form.fields if f.stored and not f.is_list}
        for n, (name, text) in enumerate(self.live.derived(form).items()):
            out[name] = self._read(self.live.form_scope(form, terms=n), out, text)
        return out

    def _view(self, view: BlockView, out: dict[str, Fact]) -> None:
        out |= {**dict.fromkeys(("form", "rec", "id"), UNKNOWN), "record_no": TEXT}
        try:
            scope = self.live.source(view.name).scope
            sources = [(part, self.live.source(part.of)) for part in view.parts]
        except BadExpression:  # reported where the view is checked
            return
        if view.parts:
            for key in view.parts[0].keys:
                out[key] = either(
                    self._read(source.scope, self.table(source.name), part.keys.get(key, "null"))
                    for part, source in sources
                )
        else:
            members = self.catalogue.members(view.block)
            keys = {*self.live.view_fields(view), "grid_id", *(f"{p}_id" for m in members[:1] for p in m.parents)}
            tables = [{**self.table(m.id), **(self._list(m.field(view.list)) if view.list else {})} for m in members]
            out |= {key: either(t.get(key, TEXT) for t in tables) for key in keys}
        for name, text in view.terms.items():
            out[name] = self._read(scope, out, text)

    def _list(self, f: Field) -> dict[str, Fact]:
        keys = dict.fromkeys(("rec", "pos") if f.type in VALUE_LISTS else ("id", "rec", "pos"), UNKNOWN)
        if f.type == "rows":
            return keys | {s.key: self.field(s) for s in f.fields if s.stored}
        if f.type in VALUE_LISTS:
            return keys | {"value": Fact(words=words_of(f.choices))}
        needed = ("sha256", "name", "size")
        return keys | {c: UNKNOWN if c in needed else TEXT for c in list_columns(f)}

    @staticmethod
    def field(f: Field, *, hidden: bool = False) -> Fact:
        """A field may be empty unless it is always required (as an error, and shown) or has a default."""
        filled = f.required == "always" and f.required_severity == "error" and not f.visible and not hidden
        kind = {"date": "day", "datetime": "moment"}.get(f.type, "")
        return Fact(not filled and f.default is None, kind, words_of(f.choices))

    def setting(self, name: str) -> Fact:
        """What a parameter ``:set_<key>`` can hold."""
        setting = self.catalogue.settings.get(name.removeprefix("set_"))
        return Fact(words=frozenset(setting.choices) or None) if setting else UNKNOWN


def either(facts: Iterable[Fact]) -> Fact:
    """One value that comes from several places."""
    all_facts = list(facts)
    if not all_facts:
        return TEXT
    kinds = {f.kind for f in all_facts if f.kind}
    words: frozenset[str] | None = frozenset()
    for f in all_facts:
        words = None if words is None or f.words is None else words | f.words
    return Fact(any(f.nullable for f in all_facts), kinds.pop() if len(kinds) == 1 else "", words)
