"""The manual on paper has everything the help has."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parent.parent.parent / "build_spec"


@pytest.fixture
def manual(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield importlib.import_module("manual")
    for name in ("manual", "screenshots"):
        sys.modules.pop(name, None)


def test_manual_holds_every_page_of_the_help_and_every_form(manual):
    titles = [d.title for d in manual.compose({})]

    assert len(titles) == len(set(titles))
    for wanted in ("登记一条记录", "涉VOCs企业检查", "备份和恢复"):
        assert any(wanted in t for t in titles)


def test_manual_draws_a_chapter_with_its_picture(manual, tmp_path):
    from PIL import Image

    path = tmp_path / "图.png"
    Image.new("RGB", manual.SIZE, "white").save(path)
    made = manual.compose({"today": manual.jpeg(path)})

    drawn = manual.render_many([made[0], next(d for d in made if d.title.endswith("今日"))])

    assert drawn.pages >= 2
    assert b"/Subtype /Image" in drawn.data


@pytest.mark.parametrize(("n", "words"), [(1, "一"), (10, "十"), (14, "十四"), (20, "二十"), (53, "五十三")])
def test_numbers_of_chapters(manual, n, words):
    assert manual.number(n) == words
