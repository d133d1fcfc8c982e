"""From checked tables to compiled forms: blocks woven in, choices expanded, every field given its home and its date."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from envdesk.formdef.loader import Issues, Source
from envdesk.formdef.model import (
    Backlink,
    BlockView,
    Catalogue,
    Check,
    Choice,
    Dimension,
    Due,
    Field,
    Figure,
    Form,
    Paper,
    PaperColumn,
    Part,
    Rule,
    Section,
    SettingDef,
    Spawn,
    State,
    Trip,
)

ROW = "*row*"
"""Stands for "dated by the row" while the columns of a list are compiled."""
_HINT = re.compile(r"^(?P<word>.+?)\s*[（(](?P<hint>[^（）()]*)[)）]$")
_FIGURE_NAME = re.compile(r":([a-z][a-z0-9_]*)")


class Compiler:
    """Holds what all forms share while one catalogue is compiled."""

    def __init__(self, sources: list[Source], issues: Issues) -> None:
        """Index blocks and choice lists of all files."""
        self.sources = sources
        self.issues = issues
        self.choices: dict[str, Any] = {}
        self.blocks: dict[str, dict[str, Any]] = {}
        self.block_source: dict[str, Source] = {}
        for source in sources:
            if source.name == "_choices":
                self.choices.update(source.data.get("choices", {}))
            if source.name == "_blocks":
                self.blocks.update(source.data.get("block", {}))
                self.block_source.update(dict.fromkeys(source.data.get("block", {}), source))
        self.shared_text = json.dumps(
            [[s.name, s.text] for s in sources if s.name in ("_blocks", "_choices")], ensure_ascii=False
        )
        self.shared_version = hashlib.sha256(self.shared_text.encode()).hexdigest()[:8]
        self.shared = {b for b, raw in self.blocks.items() if raw.get("kind") == "shared"}

    # ---- fields ----------------------------------------------------------------------------------------------
    def choice_list(self, raw: Any, source: Source, path: tuple[str | int, ...]) -> tuple[Choice, ...]:
        """Expand a choice list or the name of one."""
        if isinstance(raw, str):
            if raw not in self.choices:
                self.issues.add(source, path, f"没有名为“{raw}”的选项表（_choices.toml）")
                return ()
            raw = self.choices[raw]
        out: list[Choice] = []
        for item in raw or []:
            out += self._choice(item)
        codes = [c.code for c in out]
        for code in {c for c in codes if codes.count(c) > 1}:
            self.issues.add(source, path, f"选项“{code}”重复")
        return tuple(out)

    @staticmethod
    def _choice(item: Any) -> list[Choice]:
        if isinstance(item, str):
            match = _HINT.match(item)
            word, hint = (match["word"], match["hint"]) if match else (item, "")
            return [Choice(word, word, hint)]
        if "code" in item:
            return [
                Choice(
                    item["code"], item.get("label", item["code"]), item.get("hint", ""), bool(item.get("off", False))
                )
            ]
        out: list[Choice] = []
        for parent, children in item.items():
            out.append(Choice(parent, parent))
            out += [Choice(f"{parent}-{child}", child, parent=parent) for child in children]
        return out

    def field(
        self,
        raw: Mapping[str, Any],
        *,
        home: str,
        block: str,
        section: str,
        dated: str,
        source: Source,
        path: tuple[str | int, ...],
    ) -> list[Field]:
        """Compile one raw field; a ``note`` field follows its checklist item."""
        required = raw.get("required", False)
        choices = self.choice_list(raw.get("choices"), source, (*path, "choices"))
        own_date = raw.get("dated_by", "" if dated == ROW else dated)
        simple = {k: raw[k] for k in (
            "key", "label", "type", "hint", "help", "unit", "required_when", "required_severity", "visible", "default",
            "default_sql", "computed", "copy", "min", "max", "decimals", "max_len", "check", "ref", "pii", "secret",
            "checklist", "points", "width", "log",
        ) if k in raw}  # fmt: skip
        rows = tuple(
            f
            for j, sub in enumerate(raw.get("field", []))
            for f in self.field(
                sub, home=home, block=block, section=section, dated=ROW, source=source, path=(*path, "field", j)
            )
        )
        made = Field(
            **simple,
            home=home,
            column=raw["key"],
            block=block,
            section=section,
            required="always" if required is True else (required or ""),
            choices=choices,
            dated_by=own_date if own_date != "none" else "-" if dated == ROW else "",
            aliases=tuple(raw.get("aliases", ())),
            fields=rows,
            date_key=raw.get("date", ""),
        )
        out = [made]
        if raw.get("note"):
            out.append(
                replace(
                    made,
                    key=f"{made.key}_note",
                    column=f"{made.key}_note",
                    label=f"{made.label}说明",
                    type="text",
                    choices=(),
                    required="",
                    required_when="",
                    default=None,
                    default_sql="",
                    note_of=made.key,
                    checklist=False,
                    points="",
                    log="",
                    help="",
                    hint="",
                    copy=False,
                    visible=made.visible,
                )
            )
        return out

    def sections(
        self, data: Mapping[str, Any], *, home: str, block: str, date: str, source: Source, path: tuple[str | int, ...]
    ) -> tuple[list[Section], list[Field]]:
        """Compile the sections of a form or block."""
        sections: list[Section] = []
        fields: list[Field] = []
        for i, raw in enumerate(data.get("section", [])):
            sid = raw.get("id") or f"{block or home}_{i + 1}"
            dated = raw.get("dated_by", date)
            here: list[Field] = []
            for j, item in enumerate(raw.get("field", [])):
                here += self.field(
                    item, home=home, block=block, section=sid, dated=dated, source=source,
                    path=(*path, "section", i, "field", j),
                )  # fmt: skip
            sections.append(Section(sid, raw["title"], tuple(f.key for f in here), raw.get("visible", "")))
            fields += here
        return sections, fields

    # ---- shared records and blocks ----------------------------------------------------------------------------
    def chain(self, block: str) -> list[str]:
        """Return a shared block and the ones above it, nearest first."""
        out = [block]
        while parent := self.blocks[out[-1]].get("parent"):
            out.append(parent)
        return out

    def shared_parts(self, block: str) -> tuple[list[Section], list[Field]]:
        """Return sections and fields that a form gains from a shared block, those of its parents first."""
        sections: list[Section] = []
        fields: list[Field] = []
        for name in reversed(self.chain(block)):
            raw = self.blocks[name]
            sec, fld = self.sections(
                raw, home=name, block=name, date=self.block_date(name), source=self.block_source[name],
                path=("block", name),
            )  # fmt: skip
            sections += sec
            fields += fld
        rename = self.blocks[block].get("rename", {})
        fields = [
            replace(f, key=rename.get(f.column, f.key), dated_by=rename.get(f.dated_by, f.dated_by)) for f in fields
        ]
        sections = [replace(s, keys=tuple(rename.get(k, k) for k in s.keys)) for s in sections]
        return sections, fields

    def block_date(self, block: str) -> str:
        """Return the main date of a block, found up its chain."""
        return next((self.blocks[b]["date"] for b in self.chain(block) if self.blocks[b].get("date")), "")

    def main_date(self, data: Mapping[str, Any], blocks: list[str]) -> str:
        """Return a form's main date: its own, else that of its shared block (as renamed)."""
        if data.get("date"):
            return str(data["date"])
        for block in blocks:
            if block in self.shared:
                date = self.block_date(block)
                return str(self.blocks[block].get("rename", {}).get(date, date))
        return ""

    # ---- forms ------------------------------------------------------------------------------------------------
    def form(self, source: Source) -> Form:
        """Compile one form file."""
        data = source.data
        blocks = list(data.get("blocks", []))
        for name in blocks:
            if name not in self.blocks:
                self.issues.add(source, ("blocks",), f"没有“{name}”这个公共块")
        blocks = [b for b in blocks if b in self.blocks]
        shared = next((b for b in blocks if b in self.shared), "")
        parents = self.chain(shared) if shared else []
        date = self.main_date(data, blocks)
        sections, fields = self.shared_parts(shared) if shared else ([], [])
        own_sections, own_fields = self.sections(data, home=data["id"], block="", date=date, source=source, path=())
        sections += own_sections
        fields += own_fields
        parts: list[tuple[Source, Mapping[str, Any], tuple[str | int, ...]]] = [(source, data, ())]
        for name in blocks:
            parts.append((self.block_source[name], self.blocks[name], ("block", name)))
            if name not in self.shared:
                sec, fld = self.sections(
                    self.blocks[name], home=data["id"], block=name, date=date, source=self.block_source[name],
                    path=("block", name),
                )  # fmt: skip
                sections += sec
                fields += fld
        parts += [(self.block_source[name], self.blocks[name], ("block", name)) for name in parents[1:]]
        form = Form(
            id=data["id"],
            title=data["title"],
            kind=data.get("kind", "record"),
            prefix=data.get("prefix", ""),
            group=data.get("group", ""),
            blocks=tuple(dict.fromkeys([*blocks, *parents])),
            parents=tuple(parents),
            date=date,
            name=data.get("name", ""),
            natural=tuple(data.get("natural", ())),
            fields=tuple(fields),
            sections=tuple(sections),
            columns=tuple(data.get("columns", ())),
            search=tuple(data.get("search", ())),
            sheet={**{k: v for _, raw, _ in reversed(parts) for k, v in raw.get("sheet", {}).items()}},
            label_sets=data.get("label_set", {}),
            label_setting=data.get("label_setting", ""),
            unique=tuple(tuple(u) for u in data.get("unique", ())),
            merge=bool(data.get("merge", False)),
            often=bool(data.get("often", False)),
            order=int(data.get("order", 100)),
            stages=data.get("stages", {}),
            seeds=tuple(data.get("seed", ())),
            help=data.get("help", ""),
            backlink=Backlink(**data["backlink"]) if data.get("backlink") else None,
            trips=tuple(Trip(t.get("date", ""), t.get("people", ""), t.get("list", "")) for t in data.get("trip", ())),
            source=source.text,
            **self.parts(parts),
        )
        self.check_form(form, source)
        return replace(form, version=self.version_of(source, form))

    def parts(self, parts: list[tuple[Source, Mapping[str, Any], tuple[str | int, ...]]]) -> dict[str, Any]:
        """Gather rules, terms, states and dues of a form and its blocks (the form's own first)."""
        rules: list[Rule] = []
        terms: dict[str, str] = {}
        states: list[State] = []
        dues: list[Due] = []
        spawns: dict[tuple[str, str], Spawn] = {}
        for _source, raw, _path in parts:
            rules += [Rule(**r) for r in raw.get("rule", [])]
            terms = {**raw.get("terms", {}), **terms}
            if not states:
                states = [State(**s) for s in raw.get("state", [])]
            for item in raw.get("spawn", []):
                spawns.setdefault((item["list"], item["form"]), Spawn(**item))
            dues += [Due(d["id"], d["date"], d.get("when", "1"), d["what"]) for d in raw.get("due", [])]
        return {
            "rules": tuple(rules), "terms": terms, "states": tuple(states), "dues": tuple(dues),
            "spawns": tuple(spawns.values()),
        }  # fmt: skip

    def shared_form(self, block: str) -> Form:
        """Compile the form of a shared record (outing, visit): numbered or not, never added by hand."""
        raw = self.blocks[block]
        source = self.block_source[block]
        sections, fields = self.shared_parts(block)
        chain = self.chain(block)
        form = Form(
            id=block, title=raw.get("title", block), kind="shared", prefix=raw.get("prefix", ""), group="",
            blocks=tuple(chain), parents=tuple(chain[1:]), date=self.main_date({}, [block]), name="", natural=(),
            fields=tuple(fields), sections=tuple(sections), columns=tuple(raw.get("columns", ())),
            share_key=tuple(raw.get("share_key", ())), source=source.text,
            terms={k: v for b in reversed(chain) for k, v in self.blocks[b].get("terms", {}).items()},
        )  # fmt: skip
        return replace(form, version=self.version_of(source, form))

    def version_of(self, source: Source, form: Form) -> str:
        """Hash of the form's own text, and of the blocks and choice lists woven into it."""
        own = hashlib.sha256(f"{form.id}\n{source.text}".encode()).hexdigest()[:12]
        return f"{own}-{self.shared_version}"

    def check_form(self, form: Form, source: Source) -> None:
        """Cross-checks inside one form: duplicate keys, unknown names."""
        keys = [f.key for f in form.fields]
        for key in {k for k in keys if keys.count(k) > 1}:
            self.issues.add(source, (), f"“{key}”定义了两次", "duplicate_key")
        known = set(keys) | {"record_no", "state", "id"} | set(form.terms)
        for what, names in (
            ("date", [form.date]), ("name", [form.name]), ("columns", form.columns), ("search", form.search),
            ("natural", form.natural), ("unique", [k for u in form.unique for k in u]),
        ):  # fmt: skip
            for name in names:
                if name and name not in known:
                    self.issues.add(source, (what,), f"{what} 里的“{name}”不是本表的项", "unknown_key")
        for trip in form.trips:
            rows = form.field(trip.list) if form.has(trip.list) else None
            inner = {s.key for s in rows.fields} if rows is not None else set(keys)
            for name in {trip.date, trip.people} - inner | ({trip.list} - set(keys) if trip.list else set()):
                self.issues.add(source, ("trip",), f"trip 里的“{name}”不是本表的项", "unknown_key")
        self._check_fields(form, source, known)
        if form.kind == "record" and not re.fullmatch(r"[A-Z]{2}", form.prefix):
            self.issues.add(source, ("prefix",), "prefix 应为两个大写字母")

    def _check_fields(self, form: Form, source: Source, known: set[str]) -> None:
        for f in form.fields:
            if f.dated_by and f.dated_by not in known:
                self.issues.add(source, (), f"“{f.key}”的 dated_by“{f.dated_by}”不是本表的项", "unknown_key")
            if f.date_key and not f.sub(f.date_key):
                self.issues.add(source, (), f"“{f.key}”的 date“{f.date_key}”不是它的列", "unknown_key")
            if f.required and f.required != "always" and f.required not in form.stages:
                self.issues.add(source, (), f"“{f.key}”的 required“{f.required}”不是本表的阶段", "unknown_stage")
        for rule in form.rules:
            if rule.field and rule.field.split(".")[0] not in known:
                self.issues.add(source, (), f"规则“{rule.id}”的 field“{rule.field}”不是本表的项", "unknown_key")
            if rule.list and rule.list not in known:
                self.issues.add(source, (), f"规则“{rule.id}”的 list“{rule.list}”不是本表的项", "unknown_key")


def _figure(raw: Mapping[str, Any], form: str) -> Figure:
    plain = {k: v for k, v in raw.items() if k not in ("by", "ratio")}
    plain.setdefault("kind", "rate" if raw.get("share") or raw.get("ratio") else "flow" if raw.get("date") else "stock")
    plain.setdefault("of", "" if raw.get("share") or raw.get("ratio") else form)
    return Figure(**plain, form=form, by=tuple(raw.get("by", ())), ratio=tuple(raw.get("ratio", ())))


def _check(raw: Mapping[str, Any]) -> Check:
    needs = tuple(dict.fromkeys(_FIGURE_NAME.findall(raw.get("expr", ""))))
    plain = {k: v for k, v in raw.items() if k not in ("by", "months")}
    plain.setdefault("message", raw["title"])
    return Check(**plain, needs=needs, by=tuple(raw.get("by", ())), months=tuple(raw.get("months", ())))


def _paper(raw: Mapping[str, Any], form: str) -> Paper:
    columns = tuple(PaperColumn(c) if isinstance(c, str) else PaperColumn(**c) for c in raw.get("columns", ()))
    plain = {k: v for k, v in raw.items() if k not in ("columns", "order", "sign", "figures")}
    plain.setdefault("of", form)
    order, sign, figures = (tuple(str(v) for v in raw.get(k, ())) for k in ("order", "sign", "figures"))
    return Paper(**plain, order=order, sign=sign, figures=figures, columns=columns, form=form)


def _once(
    found: dict[str, Any], key: str, value: Any, source: Source, issues: Issues, path: tuple[str | int, ...]
) -> None:
    if key in found:
        issues.add(source, path, f"“{key}”定义了两次", "duplicate_id")
    found[key] = value


def compile_sources(sources: list[Source], issues: Issues) -> Catalogue:
    """Compile all files of the folders into one catalogue; errors go to *issues*."""
    compiler = Compiler(sources, issues)
    forms: dict[str, Form] = {}
    figures: dict[str, Figure] = {}
    views: dict[str, BlockView] = {}
    checks: list[Check] = []
    dimensions: dict[str, Dimension] = {}
    settings: dict[str, SettingDef] = {}
    papers: dict[str, Paper] = {}
    for name, raw in compiler.blocks.items():
        if raw.get("kind") == "shared":
            forms[name] = compiler.shared_form(name)
        for view, v in raw.get("view", {}).items():
            views[view] = BlockView(view, name, v.get("title", view), v.get("list", ""), v.get("terms", {}))
    for source in sources:
        for name, raw in source.data.get("view", {}).items() if source.name == "_figures" else ():
            parts = tuple(Part(p["of"], p.get("where", ""), p["keys"]) for p in raw.get("part", []))
            views[name] = BlockView(name, "", raw.get("title", name), "", raw.get("terms", {}), parts)
        form_id = ""
        if not source.name.startswith("_"):
            form_id = source.name
            _once(forms, form_id, compiler.form(source), source, issues, ("id",))
        for i, raw in enumerate(source.data.get("figure", [])):
            _once(figures, raw["id"], _figure(raw, form_id), source, issues, ("figure", i))
        for i, raw in enumerate(source.data.get("paper", [])):
            _once(papers, raw["id"], _paper(raw, form_id), source, issues, ("paper", i))
        checks += [_check(raw) for raw in source.data.get("check", [])]
        for name, raw in source.data.get("dimension", {}).items():
            keys = raw["key"] if isinstance(raw["key"], dict) else {"": raw["key"]}
            dimensions[name] = Dimension(name, raw["title"], keys, raw.get("ref", ""), raw.get("empty", "未划分"))
        for raw in source.data.get("setting", []):
            settings[raw["key"]] = SettingDef(**{**raw, "choices": tuple(raw.get("choices", ()))})
    in_order = dict(sorted(forms.items(), key=lambda item: (item[1].kind != "shared", item[1].order)))
    catalogue = Catalogue(
        in_order, figures, dimensions, views, tuple(checks), settings, compiler.shared_text, compiler.shared_version,
        papers,
    )  # fmt: skip
    _cross_check(catalogue, sources, issues)
    return catalogue


def _cross_papers(catalogue: Catalogue, by_name: Mapping[str, Source], blocks: Source | None, issues: Issues) -> None:
    for paper in catalogue.papers.values():
        source = by_name.get(paper.form, blocks)
        if source is not None and paper.of not in catalogue.forms:
            issues.add(source, (), f"名册“{paper.id}”的 of“{paper.of}”不存在", "unknown_form")
        for name in paper.figures if source is not None else ():
            figure = catalogue.figures.get(name)
            if source is not None and figure is None:
                issues.add(source, (), f"名册“{paper.id}”的指标“{name}”不存在", "unknown_figure")
            elif source is not None and paper.by not in catalogue.dimensions:
                issues.add(source, (), f"名册“{paper.id}”的分列“{paper.by}”不存在", "unknown_dimension")


def _cross_check(catalogue: Catalogue, sources: list[Source], issues: Issues) -> None:
    """Names that point from one file to another."""
    by_name = {s.name: s for s in sources}
    blocks = by_name.get("_blocks") or (sources[0] if sources else None)
    prefixes: dict[str, str] = {}
    for form in catalogue.forms.values():
        source = by_name.get(form.id, blocks)
        if source is None:
            continue
        if form.prefix and prefixes.setdefault(form.prefix, form.id) != form.id:
            issues.add(source, ("prefix",), f"编号前缀 {form.prefix} 已被“{prefixes[form.prefix]}”使用")
        for f in (*form.fields, *(s for g in form.fields for s in g.fields)):
            if f.ref and f.ref not in catalogue.forms:
                issues.add(source, (), f"“{f.key}”引用的表“{f.ref}”不存在", "unknown_form")
    _cross_papers(catalogue, by_name, blocks, issues)
    for figure in catalogue.figures.values():
        source = by_name.get(figure.form or "_figures", blocks)
        if source is None:
            continue
        for other in (figure.share, *figure.ratio):
            if other and other not in catalogue.figures:
                issues.add(source, (), f"指标“{figure.id}”用到的“{other}”不存在", "unknown_figure")
        for dim in figure.by:
            if dim not in catalogue.dimensions:
                issues.add(source, (), f"指标“{figure.id}”的分列“{dim}”不存在", "unknown_dimension")
