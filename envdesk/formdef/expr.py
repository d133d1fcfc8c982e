"""SQL expressions of definitions: quoting keys, finding references, without a parser of our own for SQL itself.

The text stays SQLite's; only names are settled here. At top level an unqualified key becomes ``me."key"``; inside a
sub-select SQL's own scoping holds. ``subject.industry`` asks for a left join on the referenced record, a list or form
name in FROM for a common table expression (see :mod:`envdesk.formdef.live`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from envdesk.errors import guess
from envdesk.sql import quote

MAX_LENGTH = 2000
_TOKEN = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|:[A-Za-z_]\w*|\d+(?:\.\d+)?|[^\W\d]\w*|<=|>=|<>|!=|==|\|\||->>|->|\s+|."""
)
_WORD = re.compile(r"[^\W\d]\w*\Z")
#: Words that are keys at top level although SQL knows them (FROM and the like only occur inside sub-selects).
SELECT_ONLY = frozenset({
    "from", "select", "where", "group", "by", "order", "having", "limit", "offset", "join", "left", "inner", "cross",
    "outer", "on", "using", "union", "all", "except", "intersect", "asc", "desc", "with", "values", "over", "partition",
    "row", "rows", "filter", "indexed", "as",
})  # fmt: skip
KEYWORDS = SELECT_ONLY | {
    "and", "or", "not", "is", "null", "in", "like", "between", "case", "when", "then", "else", "end", "exists", "escape",
    "glob", "cast", "collate", "distinct", "true", "false", "isnull", "notnull",
}  # fmt: skip
PARAMETERS = frozenset(
    {"start", "end", "after", "cut", "cut_after", "today", "now_time", "year_start", "by_campaign", "id"}
)
FUNCTIONS = frozenset(
    [
        "abs",
        "coalesce",
        "count",
        "exists",
        "iif",
        "ifnull",
        "instr",
        "length",
        "like",
        "lower",
        "max",
        "min",
        "nullif",
        "round",
        "substr",
        "sum",
        "total",
        "trim",
        "upper",
        "date",
        "julianday",
        "strftime",
        "json_array_length",
    ]
)


class BadExpression(Exception):  # noqa: N818
    """An expression that cannot be compiled; the text says why, in Chinese.

    ``code`` and ``context`` name the finding in :data:`envdesk.errors.MESSAGES` when it has a sentence of its own.
    """

    def __init__(self, message: str, /, code: str = "", **context: str) -> None:
        """Keep the words and the code."""
        super().__init__(message)
        self.code = code
        self.context = context


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name.

    Attributes:
        keys: columns of ``me``.
        refs: alias → (form id, key of ``me`` that holds its id).
        lists: list name → its name among the tables (``extensions`` → ``work_order.extensions``).
        tables: form ids, block views, ``calendar``, and ``form.list`` names.
        ref_keys: form id → columns that live in that form's own table.
        settings: keys of ``:set_<key>``.
        columns: every column any of the tables has (a quoted name that is none of them would become a text).
    """

    keys: frozenset[str]
    refs: Mapping[str, tuple[str, str]]
    lists: Mapping[str, str]
    tables: frozenset[str]
    ref_keys: Mapping[str, frozenset[str]]
    settings: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression ready to be put into a query."""

    sql: str
    refs: frozenset[str]
    tables: frozenset[str]
    params: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[str, ...]:
    """Split SQL text; joined again it is the same text."""
    return tuple(_TOKEN.findall(text))


@lru_cache(maxsize=8192)
def words(text: str) -> frozenset[str]:
    """All identifiers of an expression, quoted ones included."""
    out = set()
    for t in tokens(text):
        if _WORD.match(t):
            out.add(t)
        elif t.startswith('"'):
            out.add(t.strip('"'))
    return frozenset(out)


class _Walker:
    """One pass over the tokens of an expression."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope
        self.toks = list(tokens(text))
        self.code = [i for i, t in enumerate(self.toks) if not t.isspace()]
        self.out: list[str] = []
        self.refs: set[str] = set()
        self.tables: set[str] = set()
        self.params: set[str] = set()
        self.stack: list[bool] = []
        self.sources: list[bool] = [False]

    def near(self, n: int, step: int) -> str:
        """The meaningful token *step* places from the n-th one."""
        m = n + step
        return self.toks[self.code[m]] if 0 <= m < len(self.code) else ""

    def run(self) -> Compiled:
        if len(self.text) > MAX_LENGTH:
            raise BadExpression(f"表达式超过 {MAX_LENGTH} 个字")
        position = {i: n for n, i in enumerate(self.code)}
        for i, tok in enumerate(self.toks):
            if tok.isspace():
                self.out.append(" ")
                continue
            n = position[i]
            if tok[0] in ";?@$`[" or (tok == "-" and self.near(n, 1) == "-") or (tok == "/" and self.near(n, 1) == "*"):
                raise BadExpression(f"不能用“{tok}”")
            self.nest(tok, n)
            if tok.startswith(":"):
                self.out.append(self.parameter(tok))
            elif tok.startswith('"'):
                self.out.append(self.name(tok.strip('"'), n, quoted=True))
            elif _WORD.match(tok):
                self.out.append(self.name(tok, n, quoted=False))
            else:
                self.out.append(tok)
        if self.stack:
            raise BadExpression("括号不配对")
        return Compiled(
            "".join(self.out).strip(),
            frozenset(self.refs),
            frozenset(self.tables),
            frozenset(self.params),
            words(self.text),
        )

    def nest(self, tok: str, n: int) -> None:
        """Keep count of brackets, and of those that hold a query."""
        if tok == "(":
            self.stack.append(self.near(n, 1).lower() in ("select", "with", "values"))
            self.sources.append(False)
        elif tok == ")":
            if not self.stack:
                raise BadExpression("括号不配对")
            self.stack.pop()
            self.sources.pop()
        elif any(self.stack):
            self.watch(tok.lower())

    def watch(self, low: str) -> None:
        """Know whether the tokens now name tables (between FROM or JOIN and the next clause)."""
        if low in ("from", "join"):
            self.sources[-1] = True
        elif low in (
            "on",
            "using",
            "where",
            "group",
            "order",
            "having",
            "limit",
            "select",
            "union",
            "except",
            "intersect",
        ):
            self.sources[-1] = False

    def parameter(self, tok: str) -> str:
        name = tok[1:]
        if name not in PARAMETERS and not (name.startswith("set_") and name[4:] in self.scope.settings):
            known = [*PARAMETERS, *(f"set_{k}" for k in self.scope.settings)]
            raise BadExpression(f"没有参数“{tok}”{guess(name, known)}")
        self.params.add(name)
        return tok

    def name(self, word: str, n: int, *, quoted: bool) -> str:
        before, after = self.near(n, -1), self.near(n, 1)
        low = word.lower()
        if before == ".":
            self.check_reference(self.near(n, -2), word)
            return quote(word)
        if after == "(" and not quoted:
            if low not in FUNCTIONS and low not in KEYWORDS:
                raise BadExpression(f"不能用函数“{word}”{guess(low, sorted(FUNCTIONS))}")
            return word
        if after == ".":
            return self.alias(word)
        inside = any(self.stack)
        if inside:
            return self.inner(word, low, n, quoted=quoted)
        if word in self.scope.keys and (low not in KEYWORDS or low in SELECT_ONLY):
            return f"me.{quote(word)}"
        if before.lower() == "as" or (low in KEYWORDS and not quoted):
            return word
        raise BadExpression(f"没有“{word}”这一项{guess(word, sorted(self.scope.keys))}")

    def check_reference(self, alias: str, key: str) -> None:
        if alias in self.scope.refs and alias not in self.scope.lists:
            form = self.scope.refs[alias][0]
            known = self.scope.ref_keys[form]
            if key not in known:
                raise BadExpression(f"“{alias}”没有“{key}”这一项{guess(key, sorted(known))}")

    def alias(self, word: str) -> str:
        if word in self.scope.lists:
            self.tables.add(self.scope.lists[word])
            return quote(self.scope.lists[word])
        if word in self.scope.refs:
            self.refs.add(word)
            return quote(word)
        return word if word == "me" else quote(word)

    def inner(self, word: str, low: str, n: int, *, quoted: bool) -> str:
        if word in self.scope.lists:
            self.tables.add(self.scope.lists[word])
            return quote(self.scope.lists[word])
        if word in self.scope.tables:
            self.tables.add(word)
            return quote(word)
        if low in ("with", "recursive"):
            raise BadExpression(f"不能用“{word}”", "forbidden_sql", text=self.text[:60], detail=word)
        if low in KEYWORDS and not quoted:
            return word
        if self.sources[-1] and self.near(n, -1).lower() in ("from", "join", ","):
            near = guess(word, sorted(self.scope.tables))
            raise BadExpression(f"没有“{word}”这个表{near}", "unknown_table", name=word, guess=near)
        if quoted and word not in self.scope.columns | self.scope.keys:
            raise BadExpression(f"没有“{word}”这一项；文字请用单引号", "quoted_text", part=word, name=word)
        return quote(word) if quoted else word


def compile_expr(text: str, scope: Scope) -> Compiled:
    """Settle the names of an expression.

    Raises:
        BadExpression: unknown name, function or parameter; too long; more than one statement.
    """
    return _Walker(text, scope).run()
