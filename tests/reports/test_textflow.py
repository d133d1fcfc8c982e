"""The line breaker: nothing lost, nothing too wide, no line with a forbidden beginning or end."""

import itertools
import re

import pytest
from hypothesis import given, settings, strategies as st

from envdesk.reports.document import Blank, Span, Tick, ticks
from envdesk.reports.fonts import FontSet
from envdesk.reports.text import clean
from envdesk.reports.textflow import (
    EPS,
    NO_END,
    NO_START,
    Type,
    atoms,
    break_lines,
    even_lines,
    single_line,
    text_width,
)

SONG9 = Type("song", 9)
HANZI = "检查企业发现问题整改完成率大气污染防治街道综合执法办𬭎堃"
OPEN, CLOSE = "（《“〔", "，。、；：？！）》”〕…"


@pytest.fixture(scope="module")
def fonts():
    return FontSet(system=())


def lines_of(text, fonts, width, style=SONG9):
    return [line.text for line in break_lines(atoms(text, fonts, style), width)]


words = st.text(alphabet="ABCxyz0123456789.%-", min_size=1, max_size=9)
hanzi = st.text(alphabet=HANZI, min_size=1, max_size=12)
bracketed = st.builds(lambda a, inner, b: a + inner + b, st.sampled_from(OPEN), hanzi, st.sampled_from(CLOSE))
marks = st.sampled_from(
    [*CLOSE, "——", "……", "/", " ", "\u3000", "\n", "46家次", "0.3米/秒", "2026年10月9日", "μg/m³", "99.81%"]
)
texts = st.lists(st.one_of(hanzi, words, bracketed, marks), max_size=30).map("".join)


def tidy(text):
    """Collapse runs of marks: a dozen of them in a row can satisfy no rule."""
    return re.sub(r"([，。、；：？！）》”〕…（《“〔—/%.\-]{3})[，。、；：？！）》”〕…（《“〔—/%.\-]+", r"\1", text)


@settings(max_examples=150, deadline=None)
@given(texts.map(tidy), st.floats(90, 400))
def test_no_line_starts_or_ends_with_a_forbidden_mark(fonts, text, width):
    lines = break_lines(atoms(text, fonts, SONG9), width)
    for before, line in itertools.pairwise(lines):
        if before.last or not line.text or not before.text:
            continue
        assert line.text[0] not in NO_START, (before.text, line.text)
        assert before.text[-1] not in NO_END, (before.text, line.text)


@settings(max_examples=150, deadline=None)
@given(st.one_of(texts, st.text(max_size=120)), st.floats(12, 400))
def test_nothing_is_lost_and_nothing_is_too_wide(fonts, text, width):
    lines = break_lines(atoms(text, fonts, SONG9), width)
    drawn = "".join(line.text for line in lines)
    shown = "".join(fonts.place(ch)[1] for ch in clean(text) if ch != "\n")
    assert re.sub(r"[ \u3000]", "", drawn) == re.sub(r"[ \u3000]", "", shown)
    for line in lines:
        assert line.width <= line.room + 2 * EPS or len(line.atoms) == 1
        assert abs(line.width - sum(a.width for a in line.atoms)) < 0.001


@pytest.mark.parametrize(
    "unit", ["46家次", "3.06个百分点", "0.3米/秒", "2026年", "12月", "820mg/g", "26μg/m³", "12345-20261016-0128"]
)
def test_a_number_keeps_its_unit(fonts, unit):
    text = "检查发现问题共计" * 3 + unit + "并已整改"
    for width in range(40, 200, 3):
        if width < text_width(unit, fonts, SONG9) + 1:
            continue
        assert any(unit in line for line in lines_of(text, fonts, width)), width


def test_a_box_and_its_label_are_never_parted(fonts):
    content = ticks(["一次性活性炭吸附", "吸附脱附+催化燃烧", "RTO/RCO", "喷淋"], ["喷淋"])
    for width in range(100, 300, 7):
        text = [line.text for line in break_lines(atoms(content, fonts, SONG9), width)]
        assert all(line.startswith(("☐", "☑")) for line in text)
        assert "".join(text).replace("\u3000", "") == "☐一次性活性炭吸附☐吸附脱附+催化燃烧☐RTO/RCO☑喷淋"


def test_a_label_wider_than_the_column_wraps(fonts):
    lines = break_lines(atoms((Tick("长" * 40),), fonts, SONG9), 100)
    assert len(lines) > 3
    assert all(line.width <= 100 + EPS for line in lines)


def test_a_long_word_is_cut_by_the_letter_and_keeps_the_rules(fonts):
    lines = lines_of("网址" + "a" * 300 + "，完。", fonts, 120)
    assert all(line[0] not in NO_START for line in lines)
    assert "".join(lines) == "网址" + "a" * 300 + "，完。"


def test_line_breaks_and_indent_are_kept(fonts):
    lines = break_lines(atoms("一\n\n二" + "字" * 60, fonts, SONG9), 200, indent=18)
    assert [line.text for line in lines[:2]] == ["一", ""]
    assert [line.indent for line in lines] == [18, 18, 18, 0, 0]


def test_empty_text_is_one_empty_line(fonts):
    assert lines_of("", fonts, 50) == [""]


def test_closing_mark_may_be_half_an_em_at_the_edge(fonts):
    assert lines_of("检查企业，发现", fonts, 4.5 * 9) == ["检查企业，", "发现"]


def test_marks_that_meet_close_up(fonts):
    assert text_width("业（大）。", fonts, SONG9) == pytest.approx(4.5 * 9)


def test_rare_characters_fall_back_and_unknown_ones_are_reported():
    fonts = FontSet(system=())
    line = single_line("林𬭎们們龘😀", fonts, SONG9)
    assert line.text == "林𬭎们們龘〓"
    assert {a.font for a in line.atoms} == {"EnvDesk-song", "EnvDesk-song-rare"}
    assert list(fonts.missing) == ["😀"]
    assert "U+1F600" in fonts.notes()[0]


def test_every_promised_character_has_a_glyph():
    fonts = FontSet(system=())
    for ch in "堃喆䶮𬭎㎡㎥³μ₂₃°‰①〔〕—“”℃㎎㎏±≥≤×½ⅠⅡ→■□△○●◇☐☑·～￥":
        for face in ("song", "hei"):
            fonts.place(ch, face)
    assert not fonts.missing


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("二\u200b用\ufeff人\u202e", "二用人"),
        ("⼆⽤⼈", "二用人"),
        ("a\x00b\x1bc\x07", "abc"),
        ("\ud83d", "\ufffd"),
        ("👍🏽", "👍"),
        ("甲\t乙\u2003丙\u3000丁", "甲 乙 丙\u3000丁"),
    ],
)
def test_data_is_made_fit_for_paper(raw, kept):
    assert clean(raw) == kept


def test_blanks_take_their_width(fonts):
    assert text_width((Span("编号："), Blank(25.4)), fonts, SONG9) == pytest.approx(27 + 72, abs=0.5)


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("网格/社区/联社", ["网格/", "社区/联社"]),
        ("主办/联合单位", ["主办/", "联合单位"]),
        ("处理和整改情况\n（续）", ["处理和整", "改情况", "（续）"]),
    ],
)
def test_a_label_breaks_where_its_words_end(fonts, label, lines):
    assert [line.text for line in even_lines(atoms(label, fonts, Type("hei", 10)), 56)] == lines
