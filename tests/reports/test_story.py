"""Narrative templates as they lie in resources/reports, and what becomes of them with and without figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from envdesk import paths
from envdesk.errors import Refused
from envdesk.figures.compute import Result, Value
from envdesk.figures.numbers import NONE
from envdesk.figures.period import parse_period
from envdesk.formdef.loader import load
from envdesk.reports.document import Heading, Paragraph, plain
from envdesk.reports.narrative import Narrative, parse_narrative
from envdesk.reports.story import StoryContext, compose_story, period_values, story_text
from envdesk.reports.template import load_template

NAMES = ["work-004", "work-000", "work-001", "work-002", "work-003", "brief"]


@pytest.fixture(scope="module")
def catalogue():
    return load([paths.forms_dir()])


def result(figure, fid: str, value: int | None) -> Result:
    """A figure as it is with every record alike: counts *value*, rates complete, or nothing at all (None)."""
    if figure.share or figure.ratio or figure.kind == "rate":
        shown = Value(None, NONE, None, 0, 0) if not value else Value(Decimal(100), "100%", 100, value, value)
        return Result(fid, figure.title, "%", "rate", shown, None, None, shown, NONE, NONE, better=figure.better)
    if value is None and figure.kind == "measured":
        shown = Value(None, NONE, None)
    else:
        shown = Value(Decimal(value or 0), str(value or 0), value or 0, raw=value or 0)
    return Result(fid, figure.title, figure.measure, figure.kind, shown, None, None, shown, NONE, NONE)


def context(period: str = "2026-09", **more) -> StoryContext:
    found = parse_period(period)
    return StoryContext("均禾街道综合执法办", "白云区", found, found.end, date(2026, 10, 9), **more)


def story(name, catalogue, value, **more):
    layout = load_template(name)
    results = {f: result(catalogue.figures[f.partition(":")[0]], f, value) for f in layout.needed}
    return compose_story(layout, results, context(**more))


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_a_template_is_known_and_may_be_split_so(name, catalogue):
    layout = load_template(name)
    assert isinstance(layout, Narrative)
    for fid in layout.needed:
        figure = catalogue.figures[fid.partition(":")[0]]
        allowed = set(figure.by)
        for part in (figure.share, *figure.ratio):
            allowed |= set(catalogue.figures[part].by) if part else set()
        dims = [d.partition("=")[0] for d in fid.partition(":")[2].split(",") if d]
        assert set(dims) <= allowed, fid


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [None, 0, 1, 7, 1234])
def test_a_template_reads_well_with_any_figures(name, value, catalogue):
    """Nothing refused, no empty brackets, no doubled or stray marks, no 0 beside a unit that was not asked for."""
    made = story(name, catalogue, value)
    text = story_text(made.document)
    for wrong in (
        "None",
        "—，",
        "，，",
        "、、",
        "。。",
        "，。",
        "、。",
        "，、",
        "（）",
        "：。",
        "：，",
        "；；",
        "nil",
        "\ufdd5",
    ):
        assert wrong not in text, (wrong, text)
    for block in made.document.blocks:
        if isinstance(block, Paragraph):
            words = plain(block.content)
            assert words.endswith(("。", "：")), words
            assert not words.startswith(("，", "。", "、")), words
    if value is None or value == 0:
        assert made.left_out


@pytest.mark.parametrize("name", NAMES[:5])
def test_without_any_record_no_claim_is_made_of_nothing(name, catalogue):
    """An office that checked nothing has not 未发现 anything, and nothing of it is 全部."""
    text = story_text(story(name, catalogue, None).document)
    for word in ("全部", "均已", "全覆盖", "未发现", "100%"):
        assert word not in text, text


def test_headings_are_numbered_without_gaps_and_empty_ones_left_out(catalogue):
    made = story("work-004", catalogue, 3)
    heads = [b.text for b in made.document.blocks if isinstance(b, Heading)]
    assert [h[:2] for h in heads if not h.startswith("（")] == ["一、", "二、", "三、", "四、"]
    assert [h[:3] for h in heads if h.startswith("（")] == ["（一）", "（二）", "（三）", "（四）"]
    assert any(x.part == "存在问题" for x in made.left_out)


def test_own_words_stand_under_their_heading_and_open_an_empty_one(catalogue):
    own = {
        "problems": "一是人手不足。\n\n二是布局零散。",
        "air": "另开展夜间走航。",
        "to": "区生态环境分局",
        "attachments": "月报表\n清单",
    }
    made = story("work-004", catalogue, 3, own=own)
    lines = story_text(made.document).splitlines()
    at = next(n for n, line in enumerate(lines) if line.endswith("五、存在问题"))
    assert [line.strip() for line in lines[at + 1 : at + 3]] == ["一是人手不足。", "二是布局零散。"]
    assert lines[1] == "区生态环境分局："
    assert "附件：1.月报表" in lines
    assert "\u3000\u3000\u30002.清单" in lines
    air = next(n for n, line in enumerate(lines) if "打好蓝天保卫战" in line)
    assert lines[air + 2].strip() == "另开展夜间走航。"


def test_a_claim_in_own_words_is_remarked_not_refused(catalogue):
    made = story("work-004", catalogue, 3, own={"problems": "问题已全部解决。"})
    assert len(made.remarks) == 1
    assert "存在问题" in made.remarks[0]
    assert "“全部”" in made.remarks[0]


def test_points_are_numbered_by_what_is_said(catalogue):
    text = story_text(story("work-004", catalogue, 5).document)
    soil = next(line for line in text.splitlines() if "固体废物申报" in line)
    assert soil.strip().startswith("一是督促")
    assert "二是推动" in soil
    assert "三是规范" in soil


ONE = 'id = "x"\nkind = "narrative"\nname = "x"\ntitle = "报告"\n[[part]]\nid = "a"\n'


def test_a_template_that_claims_without_a_figure_is_refused():
    layout = parse_narrative(f'{ONE}[[part.say]]\ntext = "问题均已整改。"\n')
    with pytest.raises(Refused) as caught:
        compose_story(layout, {}, context())
    assert caught.value.code == "absolute_word"
    assert "均" in str(caught.value)


def test_a_lone_point_has_no_number():
    layout = parse_narrative(f'{ONE}[[part.say]]\npoint = "抓培训。"\ntext = "已开展。"\n')
    made = compose_story(layout, {}, context())
    assert "抓培训。已开展。" in story_text(made.document)
    assert "一是" not in story_text(made.document)


def test_what_follows_a_point_that_is_not_said_begins_with_it():
    text = f'{ONE}[[part.say]]\npoint = "抓培训。"\ntext = "甲"\nwhen = "false"\n[[part.say]]\ntext = "乙。"\n'
    made = compose_story(parse_narrative(text), {}, context())
    assert "抓培训。乙。" in story_text(made.document)
    assert len(made.left_out) == 1


@pytest.mark.parametrize(("period", "cut", "this", "title"), [
    ("2026-09", "2026-09-30", "本月", "2026年9月"), ("2026Q3", "2026-09-30", "本季度", "2026年第三季度"),
    ("2026H1", "2026-06-30", "上半年", "2026年上半年"), ("2026H2", "2026-12-31", "下半年", "2026年下半年"),
    ("2025", "2025-12-31", "全年", "2025年度"), ("2026", "2026-10-09", "今年以来", "2026年度"),
    ("2026-10-09", "2026-10-09", "当日", "2026年10月9日"), ("2026W40", "2026-10-04", "本周", "2026年第40周"),
    ("2022-04-01..2022-06-30", "2022-06-30", "本季度", "2022年第二季度"),
    ("2023-01-01..2023-06-18", "2023-06-18", "今年以来", "2023年1月1日—6月18日"),
    ("2026-09-03..2026-09-08", "2026-09-08", "期内", "2026年9月3日—8日"),
])  # fmt: skip
def test_words_for_the_period(period, cut, this, title):
    words = period_values(parse_period(period), date.fromisoformat(cut))
    assert (words["this"], words["period"]) == (this, title)


def test_a_brief_is_short_lines_for_a_chat_group(catalogue):
    made = story("brief", catalogue, 4)
    lines = story_text(made.document, indent=False).splitlines()
    assert lines[0] == "均禾街道综合执法办2026年9月工作情况"
    assert lines[1].startswith("1.检查巡查：出动检查组4组次、4人次")
    assert [line[:2] for line in lines[1:]] == ["1.", "2.", "3.", "4.", "5."]
    assert max(len(line) for line in lines) < 80
