"""Every rule of every form says no to what it is there for, and to nothing else."""

import pytest
from samples import BROKEN, SOUND

from envdesk.store.save import add

#: Rules that can not be broken by a record that is added: it can not point to itself.
ITSELF = {("grid", "successor"), ("work_order", "dup_self"), ("supervision_case", "dup_self")}


def rules(problems):
    return {p.code.removeprefix("rule:") for p in problems if p.code.startswith("rule:")}


@pytest.mark.parametrize("form", SOUND)
def test_a_sound_record_has_no_more_than_hints(saved, form):
    _store, problems = saved

    assert [p.message for p in problems[form] if p.severity != "hint"] == []


@pytest.mark.parametrize("form", SOUND)
def test_a_sound_record_breaks_no_rule(saved, form):
    _store, problems = saved

    assert rules(problems[form]) == set()


@pytest.mark.parametrize(("form", "rule"), [(f, r) for f, cases in BROKEN.items() for r in cases], ids=".".join)
def test_rule(saved, form, rule):
    store, _problems = saved
    values = {k: v for k, v in (SOUND[form] | BROKEN[form][rule]).items() if v is not None}

    outcome = add(store, form, [values], dry_run=True)

    assert rule in rules(outcome.problems), [p.code for p in outcome.problems]


def test_every_form_has_a_sample(catalogue):
    assert set(SOUND) == {f.id for f in catalogue.forms.values() if f.kind != "shared"}


def test_every_rule_is_tried(catalogue):
    tried = {(form, rule) for form, cases in BROKEN.items() for rule in cases} | ITSELF
    of_blocks = {rule for _form, rule in tried if _form == "inspection"}
    there = {(form.id, rule.id) for form in catalogue.forms.values() for rule in form.rules}

    assert {(f, r) for f, r in there if (f, r) not in tried and r not in of_blocks} == set()
