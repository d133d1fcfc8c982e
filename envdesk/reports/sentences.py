"""The language of a report's sentences: sandboxed Jinja2 over computed figures, and nothing else.

A sentence names figures by id; number and unit come from the figure::

    收到{{ f("wo_received") }}，办结{{ f("wo_rate").numerator|unit("件") }}，办结率{{ f("wo_rate") }}{{ yoy("wo_rate") }}

=====================  ==============================================================================================
``f(id)``              the figure, trailing zeros stripped; ``.numerator`` and ``.denominator`` of a rate are of the same
                       result, so a rate can not stand beside parts of another. Without a value the sentence is left out.
``also(id, a, b)``     a, figure, b: a clause that is there only when the figure is neither 0 nor empty
``listed(items, sep)`` items ``[id, before, after]``, those that are not 0; without any the sentence is left out
``full(id, yes, no)``  *yes* only when the rate is exactly complete: the one place for 均, 全部, 全覆盖, 100%
``nil(id, yes, no)``   *yes* only when the count is exactly 0: the one place for 零, 未发现
``yoy`` ``mom``        ，同比改善4.1% · 下降, 增长, 上升, 持平; "" without a base
``signed(id, …)``      a difference as 增加17天, 减少3天, or the words for none
``n(id)``              the number, for conditions
=====================  ==============================================================================================

Filters: ``unit("件")`` another unit, ``bare`` none, ``about`` 概数 (20余, floor to 10 or 100), ``printed`` with the zeros
of a table (``plain``, without them, is how ``f`` begins). ``roughly(id, flag)``: 约 when *flag* is not 0. Variables:
``office``, ``district``, ``period``, ``span``, ``this`` (本月), ``so_far`` (截至…).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from envdesk.figures.compute import Result
from envdesk.figures.numbers import NONE, SAME, plain
from envdesk.reports.document import Inline, Span
from envdesk.reports.text import clean

#: Words that claim a whole; true only where a figure says so (domain.md R12).
ABSOLUTE = re.compile(
    "(?<![平人年月日户村居])均(?![衡匀值价])|全部|全覆盖|全数|无一|一律|零(?![星售散碎部件])|从未|未发现|没有发现|未发生|(?<![六6]个)百分之百|"
    r"(?<![\d.])100[%％]"
)
#: A figure id, as it stands in a sentence; no Chinese words look like it.
FIGURE_ID = re.compile(r"[a-z][a-z0-9_]+(:.+)?")
_MARK, _TEXT, _END, _COVER, _OPEN = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4"
_MISSING = "\ufdd5"
_INNER = re.compile("[\ufdd0-\ufdd5]")


class Empty(Exception):  # noqa: N818 - no error: the sentence has nothing to say
    """A sentence asks for a figure without a value."""


def data(text: str) -> str:
    """Words that are data (a name): never searched for words that claim a whole."""
    return f"{_COVER}{_INNER.sub('', clean(text))}{_OPEN}"


def _marked(figure: str, text: str) -> str:
    return f"{_MARK}{figure}{_TEXT}{text}{_END}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in a sentence: its words, its unit, what may stand before and after the number.

    ``result`` None = it has no value: a sentence that would print it is left out.
    """

    result: Result | None
    words: str = ""
    measure: str = ""
    before: str = ""
    after: str = ""

    @property
    def numerator(self) -> Shown:
        """The numerator of this very rate, without a unit."""
        return self._part(self.result.current.numerator if self.result else None)

    @property
    def denominator(self) -> Shown:
        """The denominator of this very rate, without a unit."""
        return self._part(self.result.current.denominator if self.result else None)

    def _part(self, value: int | None) -> Shown:
        return Shown(None) if value is None else replace(self, words=str(value), measure="")

    def __str__(self) -> str:
        """The words as the sentence prints them, marked with the figure's id."""
        if self.result is None:
            return _MISSING
        return _marked(self.result.id, f"{_COVER}{self.before}{self.words}{self.after}{self.measure}{_OPEN}")


def number(result: Result | None) -> Decimal | None:
    """The number a figure prints, None without one."""
    return None if result is None or result.text == NONE else result.current.number


def is_full(result: Result | None) -> bool:
    """True when a rate is exactly complete; a typed rate, when it says 100 %."""
    if result is None:
        return False
    top, below = result.current.numerator, result.current.denominator
    if top is None or below is None:
        return result.kind == "rate" and number(result) == 100
    return below > 0 and top == below


def shown(result: Result | None) -> Shown:
    """Word a figure for a sentence."""
    if result is None or number(result) is None:
        return Shown(None)
    return Shown(result, plain(result.text), "" if result.measure == "%" else result.measure)


def about(fig: Shown) -> Shown:
    """概数: below 100 floored to tens, above to hundreds, with 余; a number on the step stays as it is."""
    value = int(number(fig.result) or 0)
    step = 10 if value < 100 else 100
    if value < step or value % step == 0:
        return fig
    return replace(fig, words=str(value // step * step), after="余")


def change_words(result: Result | None, change: str, lead: str) -> str:
    """Word a comparison: 同比改善4.1%; "" without a base."""
    if result is None or change == NONE:
        return ""
    if change == SAME:
        return _marked(result.id, lead + SAME)
    rose = change.startswith("+")
    if result.better in ("up", "down") and rose == (result.better == "up"):
        word = "改善" if result.kind in ("rate", "measured") else "增长" if rose else "下降"
    elif result.kind in ("rate", "measured"):
        word = "上升" if rose else "下降"
    else:
        word = "增长" if rose else "下降"
    return _marked(result.id, f"{lead}{word}{_COVER}{plain(change[1:])}{_OPEN}")


@dataclass
class Language:
    """Renders sentences over one set of results.

    Attributes:
        results: figure id → result. ``values`` are the words for names and periods.
        omitted: figures of clauses that were left out of a sentence because they are 0, in order.
    """

    results: Mapping[str, Result]
    values: Mapping[str, str]
    omitted: list[str] = field(default_factory=list)

    def render(self, source: str) -> Inline:
        """Render a sentence.

        Raises:
            Empty: it asks for a figure that has no value.
        """
        return spans(self.text(source))

    def text(self, source: str) -> str:
        """Render with the marks still in it."""
        values = {key: data(value) for key, value in self.values.items()}
        out = str(_compiled(source).render(values | self._functions()))
        if _MISSING in out:
            raise Empty(source)
        return out

    def holds(self, source: str) -> bool:
        """Judge a condition."""
        return bool(_environment().compile_expression(source)(**self.values, **self._functions()))

    def is_zero(self, ids: Sequence[str]) -> bool:
        """True when every figure named is 0 or has no value."""
        return all(not number(self.results.get(name)) for name in ids)

    def _functions(self) -> dict[str, Any]:
        return {
            "f": self._f, "n": self._n, "also": self._also, "listed": self._listed, "full": self._full, "nil": self._nil,
            "yoy": self._yoy, "mom": self._mom, "signed": self._signed, "roughly": self._roughly,
        }  # fmt: skip

    def _f(self, name: str) -> Shown:
        return shown(self.results.get(name))

    def _n(self, name: str) -> Decimal:
        return number(self.results.get(name)) or Decimal(0)

    def _clause(self, name: str, before: str = "", after: str = "", unit: str | None = None) -> str:
        result = self.results.get(name)
        if not number(result):
            self.omitted.append(name)
            return ""
        fig = shown(result)
        return f"{before}{fig if unit is None else replace(fig, measure=unit)}{after}"

    def _also(self, name: str, before: str = "", after: str = "", unit: str | None = None) -> str:
        return self._clause(name, before, after, unit)

    def _listed(self, items: Sequence[Sequence[str]], separator: str = "、") -> str:
        found = [words for item in items if (words := self._clause(*item))]
        if not found:
            raise Empty(items[0][0] if items else "")
        return separator.join(found)

    def _full(self, name: str, yes: str, no: object = "") -> str:
        return _marked(name, f"{_COVER}{yes}{_OPEN}") if is_full(self.results.get(name)) else str(no)

    def _nil(self, name: str, yes: str, no: object = "") -> str:
        value = number(self.results.get(name))
        return _marked(name, f"{_COVER}{yes}{_OPEN}") if value == 0 else str(no)

    def _yoy(self, name: str, lead: str = "，同比") -> str:
        result = self.results.get(name)
        return change_words(result, result.change_last_year if result else NONE, lead)

    def _mom(self, name: str, lead: str = "，环比") -> str:
        result = self.results.get(name)
        return change_words(result, result.change_previous if result else NONE, lead)

    def _signed(self, name: str, up: str, down: str, same: str = "") -> str:
        result = self.results.get(name)
        value = number(result)
        if result is None or value is None:
            return ""
        if not value:
            return _marked(name, same)
        words = plain(result.text).lstrip("+-")
        return _marked(name, f"{up if value > 0 else down}{_COVER}{words}{result.measure}{_OPEN}")

    def _roughly(self, name: str, flag: str) -> Shown:
        """``roughly(id, flag)``: 约 before the figure when the figure *flag* is not 0."""
        fig = self._f(name)
        return replace(fig, before="约") if number(self.results.get(flag)) else fig


# ---- what came out -----------------------------------------------------------------------------------------------
def spans(text: str) -> Inline:
    """Turn rendered text into inline content; every figure is a span of its own."""
    out: list[Span] = []
    figure = ""
    for piece in re.split(f"({_MARK}[^{_TEXT}]*{_TEXT}|{_END})", re.sub(f"[{_COVER}{_OPEN}]", "", text)):
        if piece.startswith(_MARK):
            figure = piece[1:-1]
        elif piece == _END:
            figure = ""
        elif piece:
            out.append(Span(piece, figure=figure))
    return tuple(out)


def claims(text: str) -> list[str]:
    """Words of a rendered text that claim a whole without a figure that says so."""
    open_, out = 0, list[str]()
    for piece in re.split(f"([{_COVER}{_OPEN}])", re.sub(f"{_MARK}[^{_TEXT}]*{_TEXT}|{_END}", "", text)):
        if piece == _COVER:
            open_ += 1
        elif piece == _OPEN:
            open_ -= 1
        elif not open_:
            out.append(piece)
        else:
            out.append("\ufdd3")
    return ABSOLUTE.findall("".join(out))


# ---- reading a sentence without rendering it ----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Read:
    """What a sentence is made of.

    Attributes:
        figures: ids it names, in order. ``direct`` = those it prints by ``f`` whatever they are.
        words: its own words (literal text and the words given to functions), names taken out.
        fault: what the parser says about it, "" = nothing.
    """

    figures: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    words: str = ""
    fault: str = ""


def read(source: str) -> Read:
    """Read a sentence: which figures, which words."""
    try:
        tree = _environment().parse(source)
    except TemplateError as error:
        return Read(fault=str(error))
    figures, words = list[str](), list[str]()
    for node in tree.find_all((nodes.TemplateData, nodes.Const)):
        if isinstance(node, nodes.TemplateData):
            words.append(node.data)
        elif isinstance(node, nodes.Const) and isinstance(node.value, str):
            (figures if FIGURE_ID.fullmatch(node.value) else words).append(node.value)
    return Read(tuple(dict.fromkeys(figures)), tuple(dict.fromkeys(_direct(tree))), "\n".join(words))


def _direct(node: nodes.Node) -> Iterator[str]:
    """Ids printed by ``f`` in any case; what ``full`` and ``nil`` say otherwise is not."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        if node.node.name in ("f", "roughly"):
            yield from (a.value for a in node.args[:1] if isinstance(a, nodes.Const))
            return
        if node.node.name in ("full", "nil"):
            return
    for child in node.iter_child_nodes():
        yield from _direct(child)


def read_condition(source: str) -> Read:
    """Read a condition."""
    found = read("{{ " + source + " }}")
    return replace(found, direct=(), words="")


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    env = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    env.globals.clear()
    env.filters = {
        "unit": lambda fig, words: replace(fig, measure=words),
        "bare": lambda fig: replace(fig, measure=""),
        "about": about,
        "plain": lambda fig: replace(fig, words=plain(fig.words)),
        "printed": lambda fig: replace(fig, words=fig.result.text) if fig.result else fig,
    }
    env.tests = {}
    return env


@cache
def _compiled(source: str) -> Any:
    return _environment().from_string(source)
