"""Check compiled definitions: every expression, every name that points somewhere. All findings at once.

An expression is compiled in its scope, prepared by SQLite over an empty database (reading only, few functions, no
recursion) and searched for the traps of :mod:`envdesk.formdef.lint_sql`. What the loader has already refused (unknown
keys of a definition file, doubled ids) is not repeated here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from string import Formatter
from typing import Any

from envdesk.errors import Problem, Severity, guess, word
from envdesk.formdef import spec, types
from envdesk.formdef.expr import (
    FUNCTIONS,
    KEYWORDS,
    PARAMETERS,
    SELECT_ONLY,
    BadExpression,
    Compiled,
    Scope,
    compile_expr,
    tokens,
    words,
)
from envdesk.formdef.lint_bench import Bench
from envdesk.formdef.lint_sql import Analysis, known
from envdesk.formdef.live import SYSTEM, Live
from envdesk.formdef.model import Catalogue, Check, Field, Figure, Form, Paper, SettingDef
from envdesk.sql import quote

MAX_LABEL = 20
MONTH = " join (select '' as first, '' as last) month"
SETTING_TYPES = frozenset(
    {"text", "long_text", "date", "time", "int", "decimal", "money", "choice", "bool", "texts", "ints"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding stands: the file, the form and the key it is about, and the words before the sentence."""

    file: str
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Item:
    """One expression to check: over the rows of *source* (a form as the draft has it) in *scope*.

    *alias* is the column that gives the value of a term; *month* joins the months of a period.
    """

    place: Place
    text: str
    scope: Scope
    source: str | Form
    alias: str = ""
    month: bool = False


def lint(catalogue: Catalogue) -> list[Problem]:
    """Return everything that is wrong with a catalogue; nothing stops the search.

    ``Problem.field`` is ``form.name`` of the definition; the message begins with file and line.
    """
    return _Lint(catalogue).run()


class _Lint:
    """One run over one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.live = Live(catalogue)
        self.facts = known(self.live)
        self.found: dict[str, Problem] = {}
        self.broken: set[str] = set()
        self.blocks = next((f.source for f in catalogue.forms.values() if f.kind == "shared"), "")

    def run(self) -> list[Problem]:
        bench = Bench(self.catalogue)
        try:
            for form in self.catalogue.forms.values():
                self.form(form)
                self.prepare(bench, list(self.form_items(form)))
            self.prepare(bench, list(self.view_items()))
            for figure in self.catalogue.figures.values():
                self.prepare(bench, list(self.figure(figure)))
            for paper in self.catalogue.papers.values():
                self.prepare(bench, list(self.paper(paper)))
            for check in self.catalogue.checks:
                self.prepare(bench, list(self.check(check, bench)))
        finally:
            bench.close()
        for setting in self.catalogue.settings.values():
            self.setting(setting)
        self.titles()
        return list(self.found.values())

    # ---- reporting ---------------------------------------------------------------------------------------------
    def place(self, form: Form | None, name: str, title: str, *, file: str = "_figures.toml") -> Place:
        """Find the line of a definition by its name."""
        if form is None:
            return Place(file, name, title)
        safe = re.escape(name)
        pattern = re.compile(rf"""^\s*(?:(?:id|key|word|form)\s*=\s*["']{safe}["']|"?{safe}"?\s*=)""", re.MULTILINE)
        own = "_blocks.toml" if form.kind == "shared" else f"{form.id}.toml"
        for there, text in ((own, form.source), ("_blocks.toml", self.blocks)):
            match = pattern.search(text)
            if match:
                return Place(f"{there}:{text.count(chr(10), 0, match.end()) + 1}", f"{form.id}.{name}", title)
        return Place(own, f"{form.id}.{name}", title)

    def report(self, place: Place, code: str, severity: Severity = "error", **context: Any) -> None:
        """Keep a finding; the same one of a block that many forms share is kept once."""
        message = f"{place.file} {place.title}：{word(code, **context)}"
        self.found.setdefault(message, Problem(code, message, severity, place.key))

    # ---- expressions -------------------------------------------------------------------------------------------
    def prepare(self, bench: Bench, items: list[Item]) -> None:
        """Compile, prepare and search expressions; those over the same rows are prepared together."""
        groups: dict[tuple[str, bool], list[tuple[Item, Compiled]]] = {}
        for item in items:
            try:
                compiled = compile_expr(item.text, item.scope)
            except BadExpression as exc:
                if exc.code:
                    self.report(item.place, exc.code, "error", **exc.context)
                else:
                    self.report(item.place, "bad_expression", text=item.text[:60], detail=str(exc))
                self.broken.add(item.alias)
                continue
            source = item.source
            me = self.facts.form(source) if isinstance(source, Form) else self.facts.table(source)
            for finding in Analysis(self.facts, item.scope, me).run(item.text):
                severity: Severity = "warning" if finding.code == "unread_sql" else "error"
                self.report(item.place, finding.code, severity, **finding.context)
            name = source.id if isinstance(source, Form) else f"{source}:"
            groups.setdefault((name, item.month), []).append((item, compiled))
        for group in groups.values():
            if bench.refusal(self.statement(group)) is not None:
                for item, compiled in group:
                    self.prepare_one(bench, item, compiled)

    def prepare_one(self, bench: Bench, item: Item, compiled: Compiled) -> None:
        """Prepare one expression alone, to blame the right one."""
        refusal = bench.refusal(self.statement([(item, compiled)]))
        if refusal is None or self.rests_on_broken(item):
            return
        code, detail = refusal
        self.report(item.place, code, text=item.text[:60], detail=detail)
        self.broken.add(item.alias)

    def rests_on_broken(self, item: Item) -> bool:
        """True when a term that the expression needs has been reported already."""
        self.broken.discard("")
        needed, before = words(item.text), -1
        derived = [
            *(self.live.derived(f) for f in self.catalogue.forms.values()),
            *(v.terms for v in self.catalogue.views.values()),
        ]
        while before != len(needed):
            before = len(needed)
            needed = needed.union(*(words(t) for d in derived for name, t in d.items() if name in needed))
        return bool(needed & self.broken - {item.alias})

    def statement(self, group: Sequence[tuple[Item, Compiled]]) -> str | BadExpression:
        """One SELECT of all expressions of a group, put together as the program does it."""
        first, _ = group[0]
        live, form = self.live, first.source if isinstance(first.source, Form) else None
        tables = {t for _, c in group for t in c.tables}
        texts = [i.alias or i.text for i, _ in group]
        picked = ", ".join(f"me.{quote(i.alias)}" if i.alias else f"({c.sql})" for i, c in group)
        empty = frozenset[str]()
        refs = Compiled("", empty.union(*(c.refs for _, c in group)), empty, empty, empty)
        try:
            if form:
                needed = set(empty.union(*map(words, texts)))
                body, deps = live.layered(form, f"select me.* from ({live.base(form)}) me", needed)
                origin = f"({body})"
                clause = live.with_clause([*texts, *needed], tables | deps)
            else:
                origin = quote(str(first.source))
                clause = live.with_clause(texts, {*tables, str(first.source)})
            joins = live.joins(refs, first.scope)
        except BadExpression as exc:
            return exc
        return f"{clause}select {picked} from {origin} me{joins}{MONTH if first.month else ''}"

    # ---- forms -------------------------------------------------------------------------------------------------
    def form_items(self, form: Form) -> Iterator[Item]:
        """Every expression of a form."""
        live = self.live
        whole = live.form_scope(form)

        def item(name: str, title: str, text: str, scope: Scope = whole, alias: str = "") -> Item:
            return Item(self.place(form, name, f"{title}{name}"), text, scope, form, alias)

        for n, (name, text) in enumerate(live.derived(form).items()):
            scope = live.form_scope(form, terms=n)
            if name == "state" and form.states:
                yield from (item(state.word, "状态", state.when, scope) for state in form.states)
            else:
                yield item(name, "项", text, scope, name)
        texts = [(name, "阶段", text) for name, text in form.stages.items()]
        texts += [(d.id, "待办", text) for d in form.dues for text in (d.date, d.when)]
        texts += [(s.id, "分节", s.visible) for s in form.sections]
        texts += [(f.key, "项", t) for f in form.typed() for t in (f.visible, f.required_when, f.default_sql)]
        texts += [(r.id, "规则", r.expr) for r in form.rules if not r.list]
        yield from (item(name, title, text) for name, title, text in texts if text)
        for f in form.lists:
            if f.type == "rows":
                yield from self.row_items(form, f)

    def row_items(self, form: Form, f: Field) -> Iterator[Item]:
        """Every expression that is judged per row of a list."""
        scope, source = self.live.row_scope(form, f), f"{form.id}.{f.key}*"
        texts = [
            (s.key, f"{f.key}.", t) for s in f.fields for t in (s.visible, s.required_when, s.default_sql, s.computed)
        ]
        texts += [(r.id, "规则", r.expr) for r in form.rules if r.list == f.key]
        for spawn in form.spawns:
            if spawn.list == f.key:
                texts += [(spawn.form, "派生", t) for t in (spawn.when, *spawn.values.values())]
        for name, title, text in texts:
            if text:
                yield Item(self.place(form, name, f"{title}{name}"), text, scope, source)

    def form(self, form: Form) -> None:
        """Names of a form that must exist, defaults and seeds that must be values."""
        known = {f.key for f in form.fields} | {*form.terms, *SYSTEM, "state"}
        for what, names in (
            ("columns", form.columns), ("search", form.search), ("natural", form.natural), ("name", (form.name,)),
            ("unique", [k for u in form.unique for k in u]), ("share_key", form.share_key),
            *((f"label_set.{name}", labels) for name, labels in form.label_sets.items()),
        ):  # fmt: skip
            inner = {f.column for f in form.fields} if form.kind == "shared" else set()
            for name in names:
                if name and name not in known | inner:
                    self.report(self.place(form, what, what), "unknown_key", key=name, guess=guess(name, sorted(known)))
        if form.label_setting and form.label_setting not in self.catalogue.settings:
            near = guess(form.label_setting, list(self.catalogue.settings))
            self.report(self.place(form, "label_setting", ""), "unknown_setting", key=form.label_setting, guess=near)
        for f in (*form.fields, *(s for g in form.fields for s in g.fields)):
            place = self.place(form, f.key, f"项{f.key}")
            if len(f.label) > MAX_LABEL:
                self.report(place, "long_label", "hint", label=f.label, length=len(f.label), limit=MAX_LABEL)
            if f.default is not None and (why := _no_value(f, f.default)):
                self.report(place, "bad_default", value=f.default, detail=why)
        for spawn in form.spawns:
            self.points(form, spawn.form, spawn.values)
        self.seeds(form)

    def paper(self, paper: Paper) -> Iterator[Item]:
        """Every expression of a printed register; its keys exist."""
        home, form = self.catalogue.forms.get(paper.form), self.catalogue.forms[paper.of]
        place, scope = self.place(home, paper.id, f"名册{paper.id}"), self.live.form_scope(form)
        known = {f.key for f in form.fields} | {*form.terms, *SYSTEM, "state", "created_at", "updated_at", ""}
        keys = [k for c in paper.columns for k in c.key.split("|")] + [paper.by] * (not paper.figures)
        for key in keys:
            if key not in known:
                self.report(place, "unknown_key", key=key, guess=guess(key, sorted(known)))
        orders = [o.removeprefix("-") for o in paper.order]
        for text in (paper.where, *(c.sql for c in paper.columns), *orders):
            if text:
                yield Item(place, text, scope, form)

    def points(self, form: Form, target: str, keys: Iterable[str]) -> None:
        """A spawned record: its form and keys exist."""
        place = self.place(form, target, f"派生{target}")
        if target not in self.catalogue.forms:
            self.report(place, "unknown_form", form=target, guess=guess(target, list(self.catalogue.forms)))
            return
        known = [f.key for f in self.catalogue.forms[target].fields]
        for key in keys:
            if key not in known:
                self.report(place, "unknown_key", key=key, guess=guess(key, known))

    def seeds(self, form: Form) -> None:
        """Records a new file begins with."""
        known = {f.key: f for f in form.fields if f.stored}
        for n, seed in enumerate(form.seeds, 1):
            place = self.place(form, "seed", "seed")
            for key, value in seed.items():
                if key not in known:
                    self.report(place, "unknown_key", key=key, guess=guess(key, list(known)))
                elif why := _no_value(known[key], value):
                    self.report(place, "bad_seed", index=n, key=key, detail=why)

    def view_items(self) -> Iterator[Item]:
        """Terms and parts of the block views."""
        for view in self.catalogue.views.values():
            if not view.parts and not self.catalogue.members(view.block):
                continue
            place = self.place(
                None, view.name, f"视图{view.name}", file="_figures.toml" if view.parts else "_blocks.toml"
            )
            try:
                for part in view.parts:
                    source = self.live.source(part.of)
                    for text in (part.where, *part.keys.values()):
                        if text:
                            yield Item(place, text, source.scope, source.name)
                scope = self.live.source(view.name).scope
            except BadExpression as exc:
                self.report(place, "bad_expression", text=view.name, detail=str(exc))
                self.broken.add(view.name)
                continue
            for name, text in view.terms.items():
                yield Item(
                    replace(place, key=f"{view.name}.{name}", title=f"{place.title}.{name}"),
                    text,
                    scope,
                    view.name,
                    name,
                )

    # ---- figures -----------------------------------------------------------------------------------------------
    def figure(self, figure: Figure) -> Iterator[Item]:
        """A figure's own words and, when they are sound, its expressions."""
        place = self.place(self.catalogue.forms.get(figure.form), figure.id, f"指标{figure.id}")
        self.figure_words(figure, place)
        names = [n for n in (figure.share, *figure.ratio) if n]
        for name in names:
            if name not in self.catalogue.figures:
                self.report(place, "unknown_figure", figure=name, guess=guess(name, list(self.catalogue.figures)))
        if sum(map(bool, (figure.of, figure.share, figure.ratio))) != 1:
            self.report(place, "figure_lead")
            return
        if figure.ratio:
            if len(figure.ratio) < 2:
                self.report(place, "figure_ratio")
            for name in figure.ratio:
                for dim in figure.by:
                    yield from self.dimension(self.base(name), dim, place)
            return
        base = self.base(figure.id)
        if base is not None:
            yield from self.figure_items(figure, base, place)
        elif figure.share in self.catalogue.figures:
            self.report(place, "figure_share", name=figure.share)

    def figure_items(self, figure: Figure, base: Figure, place: Place) -> Iterator[Item]:
        """The expressions of a figure over the records of *base*."""
        try:
            source = self.live.source(base.of)
        except BadExpression as exc:
            self.report(place, "bad_expression", text=base.of, detail=str(exc))
            return
        f = figure
        for text in (f.date, f.where, f.unit, f.value, f.value_ly, f.every, f.hit, f.only, f.measure_by):
            if text:
                yield Item(place, text, source.scope, source.name, month=base.each == "month")
        for dim in figure.by:
            yield from self.dimension(base, dim, place)

    def figure_words(self, figure: Figure, place: Place) -> None:
        """Closed words and what belongs together."""
        for key, fitting in (("kind", spec.FIGURE_KINDS), ("each", ("", "month")), ("better", ("", "up", "down"))):
            value = getattr(figure, key)
            if value not in fitting:
                self.report(place, "figure_word", key=key, value=value, guess=guess(value, list(fitting)))
        if figure.decimals_by and figure.decimals_by not in self.catalogue.settings:
            known = list(self.catalogue.settings)
            value = figure.decimals_by
            self.report(place, "figure_word", key="decimals_by", value=value, guess=guess(value, known))
        if bool(figure.share) != bool(figure.hit) or (figure.only and not figure.share):
            self.report(place, "figure_hit")
        if figure.kind == "flow" and figure.of and not figure.date:
            self.report(place, "figure_flow")

    def base(self, name: str) -> Figure | None:
        """The figure whose records are counted: itself, or what it is a share of (at most a share of a share)."""
        figure = self.catalogue.figures.get(name)
        for _ in range(2):
            if figure and figure.share:
                figure = self.catalogue.figures.get(figure.share)
        return figure if figure and figure.of and not figure.share and not figure.ratio else None

    def dimension(self, base: Figure | None, name: str, place: Place) -> Iterator[Item]:
        """The expression of a dimension over a figure's records."""
        dim = self.catalogue.dimensions.get(name)
        if dim is None:
            near = guess(name, list(self.catalogue.dimensions))
            self.report(place, "unknown_dimension", figure=place.title, dimension=name, guess=near)
        if dim is None or base is None:
            return
        text = dim.keys.get(base.of) or dim.keys.get(base.of.partition(".")[0]) or dim.keys.get("", "")
        try:
            source = self.live.source(base.of)
            if text not in source.scope.lists:
                compile_expr(text or "''", source.scope)
        except BadExpression as exc:
            self.report(place, "dimension_missing", dimension=name, source=base.of, detail=str(exc))
            return
        if not text:
            self.report(place, "dimension_missing", dimension=name, source=base.of, detail=dim.title)
        elif text not in source.scope.lists:
            yield Item(replace(place, title=f"{place.title}按{name}"), text, source.scope, source.name)
        if dim.ref and dim.ref not in self.catalogue.forms:
            self.report(place, "unknown_form", form=dim.ref, guess=guess(dim.ref, list(self.catalogue.forms)))

    def check(self, check: Check, bench: Bench) -> Iterator[Item]:
        """A reconciliation rule."""
        place = self.place(None, check.id, f"勾稽{check.id}")
        if sum(map(bool, (check.expr or check.of, check.by, check.months))) != 1:
            self.report(place, "check_lead")
        figures = self.catalogue.figures
        allowed = {*PARAMETERS, *(f"set_{k}" for k in self.catalogue.settings)}
        for name in (*(n for n in check.needs if n not in allowed), *check.months, *check.by[:1]):
            if name not in figures:
                self.report(place, "unknown_figure", figure=name, guess=guess(name, list(figures)))
        if check.by:
            self.check_by(check, place)
        if check.expr:
            self.check_expr(check, place, bench)
        if check.of:
            try:
                source = self.live.source(check.of)
            except BadExpression as exc:
                self.report(place, "bad_expression", text=check.of, detail=str(exc))
                return
            for text in (check.date, check.where):
                if text:
                    yield Item(place, text, source.scope, source.name)

    def check_by(self, check: Check, place: Place) -> None:
        """A sum of parts: the figure may be split so."""
        if len(check.by) != 2:
            self.report(place, "check_by")
            return
        figure = self.catalogue.figures.get(check.by[0])
        shared = self.catalogue.figures.get(figure.share) if figure else None
        known = (figure.by or (shared.by if shared else ())) if figure else ()
        if figure and check.by[1] not in known:
            near = guess(check.by[1], list(known))
            self.report(place, "unknown_dimension", figure=figure.id, dimension=check.by[1], guess=near)

    def check_expr(self, check: Check, place: Place, bench: Bench) -> None:
        """A condition over figure values: only numbers, figures and functions."""
        for name in words(check.expr) - {p for t in tokens(check.expr) if t.startswith(":") for p in words(t[1:])}:
            if name.lower() not in FUNCTIONS | (KEYWORDS - SELECT_ONLY):
                self.report(place, "bad_expression", text=check.expr[:60], detail=word("unknown_key", key=name))
                return
        refusal = bench.refusal(f"select ({check.expr})", dict.fromkeys(check.needs))
        if refusal:
            self.report(place, refusal[0], text=check.expr[:60], detail=refusal[1])
        for _, shown, _, _ in Formatter().parse(check.message):
            if shown is not None and shown not in check.needs:
                self.report(place, "unknown_placeholder", name=shown, guess=guess(shown, list(check.needs)))

    def titles(self) -> None:
        """Two figures of one name cannot be told apart on paper."""
        seen: dict[str, str] = {}
        for figure in self.catalogue.figures.values():
            other = seen.setdefault(figure.title, figure.id)
            if other != figure.id:
                place = self.place(self.catalogue.forms.get(figure.form), figure.id, f"指标{figure.id}")
                self.report(place, "same_title", "warning", title=figure.title, other=other)

    def setting(self, setting: SettingDef) -> None:
        """A setting's default is a value of its type."""
        place = self.place(None, setting.key, f"设置{setting.key}", file="_settings.toml")
        if setting.type not in SETTING_TYPES:
            near = guess(setting.type, sorted(SETTING_TYPES))
            self.report(place, "figure_word", key="type", value=setting.type, guess=near)
        elif setting.default not in ("", None):
            f = Field(setting.key, setting.label, setting.type, min=setting.min, max=setting.max, decimals=6)
            why = _no_value(f, setting.default)
            if setting.choices and setting.default not in setting.choices:
                why = word("bad_choice", label=setting.label, value=setting.default)
            if why:
                self.report(place, "bad_default", value=setting.default, detail=why)


def _no_value(f: Field, value: Any) -> str:
    """Say why *value* is no value of the field; "" when it is, or when only a data file can tell."""
    if f.type in ("ref", "people", "rows", "photos", "files"):
        return ""
    if f.type == "choice" and not f.choices:
        return ""
    try:
        types.parse(f, value, types.Context(date(2026, 1, 1)))
    except types.BadValue as exc:
        return str(exc.problem.message)
    return ""
