"""A header is understood however a clerk writes it, and never as something else."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from envdesk import paths
from envdesk.errors import Refused
from envdesk.exchange import headers
from envdesk.exchange.headers import Names, header_row, match, plain
from envdesk.exchange.workbook import _column
from envdesk.formdef import loader

CATALOGUE = loader.load([paths.forms_dir()])
FORMS = [f.id for f in CATALOGUE.forms.values() if f.kind != "shared"]
ORDER = Names(CATALOGUE.forms["work_order"])


def found(header, names=ORDER):
    return match(names, [header]).keys.get(0)


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("工单编号", "order_no"), ("*工单编号", "order_no"), ("工单编号＊", "order_no"), (" 工单 编号 ", "order_no"),
        ("工单\n编号", "order_no"), ("工单编号（12345）", "order_no"), ("ORDER_NO", "order_no"), ("order_no", "order_no"),
        ("派单日期", "received_at"), ("诉求人电话", "phone"), ("被诉对象", "respondent_id"),
        ("被诉对象（未建档）", "respondent_text"), ("被诉对象[未建档]", "respondent_text"), ("工单编号：", "order_no"),
        ("延期-延期理由", "extensions.reason"), ("延期.延期理由", "extensions.reason"), ("延期理由", "extensions.reason"),
        ("extensions.new_due", "extensions.new_due"), ("警告处理", "warnings"), ("天气", None), ("", None), ("（）", None),
    ],
)  # fmt: skip
def test_header_is_understood(header, key):
    assert found(header) == key


@pytest.mark.parametrize("form", FORMS)
def test_every_column_of_every_template_is_understood_as_itself(form):
    names = Names(CATALOGUE.forms[form])
    for target in names.targets.values():
        shown = _column(target, CATALOGUE, None).header if target.sub is None else target.label
        for text in (target.key, shown):
            assert found(text, names) == target.key, (form, text)


def disguises(text):
    wide = {ord(c): chr(ord(c) + 0xFEE0) for c in "()*/-0123456789abcdefghijklmnopqrstuvwxyz"}
    return st.tuples(
        st.sampled_from(["", "*", "※", " ", "\n", "“", "　"]),
        st.sampled_from([text, text.translate(wide), text.upper(), " ".join(text), text.replace("(", "（")]),
        st.sampled_from(["", "*", "＊", ":", "：", " ", "\t", "”"]),
    ).map("".join)


@given(st.sampled_from([t for t in ORDER.targets.values() if t.sub is None]).flatmap(
    lambda t: st.tuples(st.just(t.key), disguises(t.field.label))))  # fmt: skip
def test_disguised_labels_are_understood(pair):
    key, header = pair

    assert found(header) == key


@given(st.text(max_size=30))
def test_any_header_gives_one_key_or_none(text):
    got = match(ORDER, [text])

    assert set(got.keys.values()) <= {*ORDER.targets, "warnings"}
    assert plain(plain(text)) == plain(text)


def test_a_mark_left_alone_composes_once():
    assert plain(plain("A´")) == plain("A´")


def test_second_column_of_one_key_is_told():
    got = match(ORDER, ["联系电话", "诉求人电话"])

    assert got.keys == {1: "phone"}  # the label is surer than an alias
    assert got.double == {0: "phone"}


def test_mapping_wins_and_leaves_out():
    got = match(ORDER, ["甲", "工单编号", "内容"], {"甲": "order_no", "内容": None})

    assert got.keys == {0: "order_no"}
    assert got.double == {1: "order_no"}
    with pytest.raises(Refused) as e:
        match(ORDER, ["甲"], {"甲": "order"})
    assert (e.value.code, "order_no" in str(e.value)) == ("unknown_key", True)


def test_header_is_found_below_titles_and_over_two_rows():
    rows = [
        ["均禾街工单台账", "", "", ""],
        ["工单编号", "收件", "", "办结日期"],
        ["", "派单时间", "来源", ""],
        ["X1", "2026-11-02", "12345", ""],
    ]

    at, got = header_row(rows, ORDER)

    assert at == 2
    assert got.keys == {0: "order_no", 1: "received_at", 2: "source", 3: "closed_at"}


def test_no_header_is_no_header():
    assert header_row([["a", "b"], ["1", "2"]], ORDER)[0] == -1
    assert header_row([], ORDER)[0] == -1


def test_unit_of_a_header():
    assert headers.unit("罚款（万元）") == "万元"
    assert headers.unit("罚款") == ""
