"""Help without a window: every form has its page, whatever it says is shown as it is, and pages are found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from envdesk import paths
from envdesk.desk.office import load_forms
from envdesk.present import help as pages


@pytest.fixture(scope="module")
def catalogue():
    return load_forms()


@pytest.fixture(scope="module")
def topics(catalogue):
    return pages.topics(catalogue)


def test_every_form_has_a_page_with_each_of_its_fields(catalogue, topics):
    by = {t.id: t for t in topics}

    for form in catalogue.forms.values():
        if form.kind == "shared":
            continue
        shown = pages.plain(by[pages.form_id(form.id)].text).splitlines()
        for section in form.sections:
            for key in section.keys:
                assert form.field(key).label in shown


def test_written_pages_have_a_title_and_words_to_find_them(topics):
    files = sorted(paths.resource("help").glob("*.md"))
    written = topics[: len(files)]

    assert {t.id for t in written} >= {*pages.TOPICS.values(), "backup", "trouble", "keys"}
    for topic in written:
        assert topic.title
        assert topic.words
        assert not topic.text.startswith("#")
        assert pages.WORDS not in topic.text


def test_a_field_says_what_it_takes(catalogue):
    text = pages.plain(pages.form_topic(catalogue.forms["open_burning"]).text)

    assert "可选：秸秆、垃圾、落叶、露天烧烤、烟花爆竹。" in text
    assert "单位 公里" in text


def test_words_of_an_own_form_are_no_markup(catalogue):
    form = catalogue.forms["open_burning"]
    nasty = replace(form, help="**粗** <img src=x> [点](http://x) # 一 | 二 `代码` 1_2_3")

    text = pages.form_topic(nasty).text

    assert pages.plain(text).splitlines()[0] == nasty.help
    assert "<img" not in text.replace("\\<", "")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("月结", "reports"),
        ("换电脑", "backup"),
        ("快捷键", "keys"),
        ("杀毒软件", "trouble"),
        ("VOCs", "form:vocs_check"),
    ],
)
def test_pages_are_found(topics, asked, first):
    found = pages.find(topics, asked)

    assert first in [f.topic.id for f in found[:3]]


def test_every_word_asked_for_is_in_the_page(topics):
    assert pages.find(topics, "备份 火星") == []
    assert pages.find(topics, "  ") == []
    assert [f.topic.id for f in pages.find(topics, "备份 换电脑")] == ["backup"]


def test_parts_of_a_page():
    text = "## 怎么做\n\n1. 先**看**\n- 再\\*写\n\n| 键 | 做什么 |\n| --- | --- |\n| F1 | 帮助 |\n"

    found = [(p.kind, p.mark, p.text or p.cells) for p in pages.parts(text)]

    assert found == [
        ("heading", "##", "怎么做"), ("item", "1.", "先看"), ("item", "·", "再*写"),
        ("row", "", ("键", "做什么")), ("row", "", ("F1", "帮助")),
    ]  # fmt: skip


def test_no_page_addresses_or_shouts():
    for path in Path(paths.resource("help")).glob("*.md"):
        text = path.read_text("utf-8")
        assert "您" not in text, path.name
        assert "！" not in text, path.name
