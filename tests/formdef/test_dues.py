"""The queries of due rules: settled with the definitions, and the same as settled anew."""

from dataclasses import replace

from envdesk import paths
from envdesk.formdef import dues, kept
from envdesk.formdef.live import Live
from envdesk.formdef.loader import load

BROKEN = """id = "probe"
title = "试表"
prefix = "QQ"
help = "一张"
[[section]]
title = "一"
[[section.field]]
key = "day"
label = "日期"
type = "date"
[[due]]
id = "probe"
date = "day"
when = "nowhere = 1"
what = "办"
"""


def test_every_due_rule_has_its_query_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "user_data_dir", lambda: tmp_path)
    kept.load([paths.forms_dir()])
    catalogue = kept.load([paths.forms_dir()])  # as a start reads it

    anew = Live(replace(catalogue, due_queries={}))
    rules = [(form, item) for form in catalogue.forms.values() for item in form.dues]
    assert len(rules) > 10
    assert len(catalogue.due_queries) == len(rules)
    for form, item in rules:
        assert dues.query_of(Live(catalogue), form, item) == dues.query_of(anew, form, item)


def test_a_wrong_due_rule_does_not_stop_the_other_definitions(tmp_path):
    (tmp_path / "probe.toml").write_text(BROKEN, encoding="utf-8")
    catalogue = load([paths.forms_dir(), tmp_path])

    assert catalogue.forms["probe"].dues
    assert "probe.probe" not in catalogue.due_queries
    assert "work_order.work_order" in catalogue.due_queries
