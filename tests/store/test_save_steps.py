"""Defaults that are asked together give what they give one after the other."""

from __future__ import annotations

import making
import pytest

from envdesk.store.evaluate import Evaluator
from envdesk.store.operations import operation
from envdesk.store.params import clock_params
from envdesk.store.save import Saver


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with making.make(tmp_path_factory.mktemp("默") / "台账.envdesk") as opened:
        making.put(opened, "subject", making.subject("甲鞋厂"))
        yield opened


def one_by_one(saver: Saver, form, values) -> dict:
    """Each default for itself, in the order of the fields."""
    out = dict(values)
    for f in form.typed():
        if f.default_sql and f.key not in out and not f.is_list:
            value = saver.evaluator(form).compute(saver.store.con, out, saver.params, {f.key: f.default_sql})[f.key]
            if value is not None:
                out[f.key] = value
    return out


def test_every_form_has_the_same_defaults_in_steps(store):
    subject = store.con.value("SELECT id FROM t_subject")
    together = 0
    for form in store.catalogue.forms.values():
        if form.kind != "record":
            continue
        given = {"id": "x"} | {f.key: "2026-10-12" for f in form.typed() if f.key == form.date and not f.is_list}
        given |= {f.key: subject for f in form.typed() if f.ref == "subject" and not f.is_list}
        with operation(store, "probe") as op:
            saver = Saver(op)
            values = dict(given)
            literals = {f.key for f in form.typed() if f.default is not None}
            saver.defaults(form, values)
            start = given | {k: v for k, v in values.items() if k in literals}
            expected = one_by_one(saver, form, start)
        assert {k: v for k, v in values.items() if k in expected} == expected, form.id
        asked = [f for f in form.typed() if f.default_sql and not f.is_list]
        steps = saver.evaluator(form).in_steps(asked)
        assert [f.key for run in steps for f in run] == [f.key for f in asked]
        together += len(asked) - len(steps)
    assert together > 10


def test_a_default_that_reads_another_waits_for_it(store):
    form = store.catalogue.forms["work_order"]
    evaluator = Evaluator(store.live, form)
    received, due = form.field("received_at"), form.field("due_date")
    assert due.default_sql
    assert "received_at" in evaluator._reads(due.default_sql)
    first = type(due)(**{**{s: getattr(received, s) for s in received.__slots__}, "default_sql": "'2026-10-12T10:00'"})
    assert evaluator.in_steps([first, due]) == [[first], [due]]
    assert clock_params(store)["today"] == "2026-11-20"
