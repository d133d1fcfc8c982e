"""The language of sentences: figures with their units, words for changes, and no claim without a figure."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from envdesk.errors import Refused
from envdesk.figures.compute import Result, Value
from envdesk.figures.numbers import NONE, count_text, percent, plain, rate_value
from envdesk.reports.document import plain as words_of
from envdesk.reports.narrative import parse_narrative
from envdesk.reports.sentences import ABSOLUTE, Empty, Language, claims, read


def count(name: str, value: int, unit: str = "家", **more: str) -> Result:
    shown = Value(rate_value(value, 100) if value < 0 else None, count_text(value), value, raw=value)
    return _result(name, Value(_decimal(value), shown.text, value, raw=value), unit, "flow", **more)


def rate(name: str, top: int, below: int, **more: str) -> Result:
    number = rate_value(top, below)
    return _result(name, Value(number, percent(number), number, top, below, units=below), "%", "rate", **more)


def _decimal(value: int):
    from decimal import Decimal

    return Decimal(value)


def _result(name, value, unit, kind, change=NONE, better="", previous=NONE):
    return Result(name, f"名称{name}", unit, kind, value, None, None, value, previous, change, better=better)


def language(*results: Result) -> Language:
    values = {"office": "均禾街道综合执法办", "this": "本月"}
    return Language({r.id: r for r in results}, values)


def said(source: str, *results: Result) -> str:
    return words_of(language(*results).render(source))


# ------------------------------------------------------------------------------------------------- figures and units
def test_number_and_unit_come_from_the_figure_and_can_be_traced():
    spans = language(count("wo_received", 84, "件")).render('收到{{ f("wo_received") }}，')
    assert [(s.text, s.figure) for s in spans] == [("收到", ""), ("84件", "wo_received"), ("，", "")]


def test_another_unit_none_and_parts_of_one_rate():
    done = rate("wo_rate", 83, 84)
    text = '{{ f("wo_rate").numerator|unit("件") }}、{{ f("wo_rate").denominator|bare }}，{{ f("wo_rate") }}'
    assert said(text, done) == "83件、84，98.81%"


def test_trailing_zeros_go():
    done = rate("a_rate", 63, 70)
    assert (
        said('{{ f("a_rate") }}、{{ f("a_rate")|printed }}、{{ f("a_rate")|printed|plain }}', done)
        == "90%、90.00%、90%"
    )


@pytest.mark.parametrize(("value", "words"), [
    (7, "7个"), (20, "20个"), (23, "20余个"), (100, "100个"), (142, "100余个"), (1287, "1200余个"),
])  # fmt: skip
def test_about(value, words):
    assert said('{{ f("prob_found")|about }}', count("prob_found", value, "个")) == words


def test_roughly_only_when_the_figure_says_so():
    people = count("event_people", 30, "人")
    text = '{{ roughly("event_people", "event_approx") }}'
    assert said(text, people, count("event_approx", 1)) == "约30人"
    assert said(text, people, count("event_approx", 0)) == "30人"


def test_a_figure_without_a_value_leaves_the_sentence_out():
    with pytest.raises(Empty):
        said('占{{ f("slw_rate") }}', rate("slw_rate", 0, 0))
    with pytest.raises(Empty):
        said('{{ f("unknown_figure") }}')


def test_clauses_that_are_zero_go_and_are_named():
    lang = language(count("filed", 5, "宗"), count("penal", 0, "宗"))
    text = '{{ listed([["filed", "立案"], ["penal", "处罚决定"]]) }}{{ also("penal", "，作出", "。") }}'
    assert words_of(lang.render(text)) == "立案5宗"
    assert lang.omitted == ["penal", "penal"]


def test_a_list_of_nothing_leaves_the_sentence_out():
    with pytest.raises(Empty):
        said('{{ listed([["filed", "立案"]]) }}', count("filed", 0))


# ------------------------------------------------------------------------------------------------------------ changes
@pytest.mark.parametrize(("result", "words"), [
    (rate("a1", 1, 2, change="+10.50个百分点", better="up"), "，同比改善10.5个百分点"),
    (rate("a1", 1, 2, change="-3.00个百分点", better="up"), "，同比下降3个百分点"),
    (count("a1", 3, change="+17.95%"), "，同比增长17.95%"),
    (count("a1", 3, change="-100%", better="down"), "，同比下降100%"),
    (count("a1", 3, change="持平"), "，同比持平"),
    (count("a1", 3, change=NONE), ""),
])  # fmt: skip
def test_words_for_a_change(result, words):
    assert said('{{ yoy("a1") }}', result) == words


def test_a_measured_value_that_fell_is_better():
    pm = _result("air_pm25", Value(_decimal(47), "47", 47), "μg/m³", "measured", change="-4.1%", better="down")
    assert said('{{ f("air_pm25")|unit("微克/立方米") }}{{ yoy("air_pm25") }}', pm) == "47微克/立方米，同比改善4.1%"


@pytest.mark.parametrize(("value", "words"), [(17, "，同比增加17天"), (-3, "，同比减少3天"), (0, "，同比持平")])
def test_a_difference(value, words):
    made = count("good_days_more", value, "天")
    assert said('{{ signed("good_days_more", "，同比增加", "，同比减少", "，同比持平") }}', made) == words


# ------------------------------------------------------------------------------------------- words that claim a whole
FULL = '{{ full("a_rate", "已全部办结", "办结率" ~ f("a_rate")) }}'


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_all_is_said_only_when_all_are(top, below):
    top = min(top, below)
    lang = language(rate("a_rate", top, below))
    if not below:
        with pytest.raises(Empty):
            lang.render(FULL)
        return
    words = words_of(lang.render(FULL))
    assert ("全部" in words) == (top == below)
    assert ("100%" in words) is False
    if top != below:  # the printed rate is that of these very two numbers
        shown = Fraction(words.removeprefix("办结率").removesuffix("%"))
        assert abs(shown - Fraction(top * 100, below)) <= Fraction(1, 100)
        assert plain(words) == words


@given(st.integers(0, 50))
def test_none_is_said_only_when_there_is_none(value):
    words = said('{{ nil("div_mixed", "未发现混投", "发现混投" ~ f("div_mixed")) }}', count("div_mixed", value, "宗"))
    assert words == ("未发现混投" if not value else f"发现混投{value}宗")


@pytest.mark.parametrize("text", ["均已整改", "全部完成", "实现全覆盖", "零火点", "未发现问题", "办结率100%"])
def test_a_claim_in_plain_words_is_found(text):
    assert claims(language().text(text))


@pytest.mark.parametrize("text", ["{{ office }}平均每人", "“六个百分之百”达标率", "零星分散", "均衡推进", "户均"])
def test_names_and_other_words_are_no_claims(text):
    assert claims(language().text(text)) == []


def test_figures_that_print_100_percent_are_no_claim_of_their_own():
    assert claims(language(rate("a_rate", 3, 3)).text('办结率{{ f("a_rate") }}')) == []
    assert ABSOLUTE.search("办结率100%")


def test_a_name_can_not_smuggle_marks_or_markup():
    lang = Language({}, {"office": "甲\ufdd0x\ufdd1<b>{{ 7 }}\u202e"})
    assert words_of(lang.render("{{ office }}办")) == "甲x<b>{{ 7 }}办"


@pytest.mark.parametrize("text", ["{{ ''.__class__ }}", "{{ f.__globals__ }}", "{% include 'x' %}", "{{ open('x') }}"])
def test_the_sandbox_holds(text):
    with pytest.raises(Exception, match=r"unsafe|undefined|loader"):
        language().render(text)


# ------------------------------------------------------------------------------------------------------ reading them
def test_what_a_sentence_needs_is_read_from_it():
    found = read(
        '收到{{ f("wo_received") }}{{ also("wo_dup", "（含", "）") }}{{ full("wo_rate", "全部", f("wo_open")) }}'
    )
    assert found.figures == ("wo_received", "wo_dup", "wo_rate", "wo_open")
    assert found.direct == ("wo_received",)


HEAD = 'id = "x"\nkind = "narrative"\nname = "x"\ntitle = "x"\nnames = ["PM2.5"]\n[[part]]\nid = "a"\n'


@pytest.mark.parametrize(("say", "fault"), [
    ('text = "收到84件"', "84"), ('text = "PM2.5达标9成"', "9"), ("text = '{{ f(\"a1\") '", "unexpected|expected"),
    ('text = "好"\nzreo = "无"', "zreo.*zero"), ('text = "好"\nwhen = "(("', "when"),
])  # fmt: skip
def test_a_template_with_faults_is_refused(say, fault):
    with pytest.raises(Refused, match=fault) as caught:
        parse_narrative(f"{HEAD}[[part.say]]\n{say}\n")
    assert caught.value.code == "form_error"


def test_a_name_with_digits_is_allowed():
    say = """text = 'PM2.5平均浓度{{ f("air_pm25") }}'"""
    made = parse_narrative(f"{HEAD}[[part.say]]\n{say}\n")
    assert made.needed == ("air_pm25",)
