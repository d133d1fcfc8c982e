"""Columns of a list: what is left over goes to what was cut, ends of words that begin alike, words beside short numbers."""

from __future__ import annotations

import pytest

from envdesk.gui.register.source import Shape
from envdesk.gui.table_model import Column, Row, RowsModel
from envdesk.gui.tables import LedgerTable
from envdesk.present.list_query import Column as Asked

LONG = "12369-2026-44019900123456789"
STREET = "云溪区清禾街道"
PLACES = (f"{STREET}长坊工业三路104号二楼", f"{STREET}罗塘环村路167号", f"{STREET}石陂新村十巷")


def shape() -> Shape:
    columns = (
        Asked("order_no", "工单编号", width=120, kind="text"), Asked("pollution", "污染类型", width=100, kind="multichoice"),
        Asked("place", "地点", kind="text"), Asked("left", "剩余工作日", "right", 80, "left"),
    )  # fmt: skip
    return Shape(columns, tuple(range(len(columns))))


def rows(places=PLACES) -> list[Row]:
    return [Row(str(n), (LONG, "大气-工业废气、大气-恶臭异味", place, "9")) for n, place in enumerate(places)]


def wide(theme, words: str) -> int:
    return theme.metrics("table").horizontalAdvance(words)


def test_what_is_left_over_goes_to_columns_that_were_kept_narrow(theme):
    tight, _hidden = shape().fitted(theme, rows(), 640)
    roomy, hidden = shape().fitted(theme, rows(), 1400)
    assert tight[1].width < wide(theme, LONG)
    assert roomy[1].width > wide(theme, LONG)
    assert roomy[2].width > wide(theme, "大气-工业废气、大气-恶臭异味")
    assert not hidden
    rest = 1400 - sum(c.width for c in roomy)
    assert rest > max(wide(theme, p) for p in PLACES)


def test_where_two_columns_take_the_rest_short_words_beside_them_stay_whole(theme):
    columns = (
        Asked("number", "编号", width=112, kind="number"), Asked("who", "监管对象"), Asked("problem", "问题"),
        Asked("doc", "文书", width=115, kind="choice"), *(Asked(f"d{n}", "期限", width=92, kind="date") for n in range(4)),
    )  # fmt: skip
    rows = [Row("1", ("ZG-0045", "禾丰花园旧楼加装电梯" * 2, "治污设施运行" * 9, "环境整改告知书", *("09-24",) * 4))]
    made, hidden = Shape(columns, tuple(range(8))).fitted(theme, rows, 720)
    assert not hidden
    assert made[4].width >= theme.metrics("table").horizontalAdvance("环境整改告知书") + 16


def test_titles_stay_whole_and_a_name_gives_way_last(theme):
    columns = (
        Asked("name", "姓名", width=112), Asked("role", "岗位", width=90, kind="choice"),
        Asked("badge", "执法证号"), *(Asked(f"d{n}", "证件有效期至", width=92, kind="date") for n in range(3)),
    )  # fmt: skip
    people = [Row(str(n), ("欧阳上官" * 12, "执法人员", "4401" * 7, "—", "—", "—")) for n in range(3)]
    captions = theme.metrics("caption")
    for room in (1200, 900, 780, 620):
        made, hidden = Shape(columns, tuple(range(6))).fitted(theme, people, room)
        shown = [c for n, c in enumerate(made) if n not in hidden]
        assert all(c.width >= captions.horizontalAdvance(c.title) + 16 for c in shown if c.width and c.title)
        assert sum(c.width or 150 for c in shown) <= room
    assert made[1].width < 220
    assert hidden


def test_words_hardly_wider_than_their_title_are_not_cut(theme):
    columns = (
        Asked("record_no", "编号", width=112, kind="number"), Asked("subject", "监管对象"),
        Asked("people", "人员", width=130, kind="refs"), Asked("source", "检查来源", width=100, kind="choice"),
        Asked("grid", "网格", width=100, kind="ref"),
    )  # fmt: skip
    visits = [Row("1", ("XC-0001", "某某街道某某厂", "黎伟明、何燕玲、梁龚", "日常检查", "石陂第二网格"))]
    made, hidden = Shape(columns, tuple(range(5))).fitted(theme, visits, 500)
    assert not hidden
    assert made[3].width < wide(theme, "黎伟明、何燕玲、梁龚")
    assert made[4].width >= wide(theme, "日常检查") + 18


def test_an_empty_column_goes_first_and_the_sheet_of_a_row_never(theme):
    columns = (
        Asked("record_no", "编号", width=112, kind="number"), Asked("form", "表", width=148),
        Asked("people", "人员", width=130, kind="refs"), Asked("campaign", "专项行动", width=90, kind="ref"),
        Asked("subject", "监管对象"),
    )  # fmt: skip
    visits = [
        Row(str(n), (f"XC-{n:04}", "空气自动监测站巡查", f"李敏、陈立{n}", "—", "某某街道某某厂")) for n in range(9)
    ]
    shape = Shape(columns, tuple(range(5)))
    gone = [shape.fitted(theme, visits, room)[1] for room in range(900, 300, -20)]
    assert next(g for g in gone if g) == {4}
    assert gone[-1] == {3, 4}


def test_what_takes_the_rest_has_what_it_needs_first(theme):
    places = tuple(p * 4 for p in PLACES)
    roomy, _hidden = shape().fitted(theme, rows(places), 1000)
    tight, _hidden = shape().fitted(theme, rows(), 1000)
    assert roomy[1].width < tight[1].width


@pytest.mark.parametrize(
    ("places", "tail"),
    [
        (PLACES, True),
        (("长坊工业三路104号", "罗塘环村路167号", "石陂新村"), False),
        ((PLACES[0],), False),
        ((), False),
    ],
)
def test_of_words_that_begin_alike_the_ends_are_shown(theme, places, tail):
    made, _hidden = shape().fitted(theme, rows(places), 800)
    assert [c.tail for c in made] == [False, False, False, tail, False]


def drawn(theme, qtbot, number: str):
    model = RowsModel((Column("title", "指标", 60), Column("value", "本期", 120, "number")))
    model.fill([Row("1", ("涉VOCs企业检查覆盖率", number)), Row("2", ("", number))])
    table = LedgerTable(theme, model)
    qtbot.addWidget(table)
    table.resize(300, 200)
    table.show()
    table.go_to(1)
    image = table.main.viewport().grab().toImage()
    high, ground = theme.px(34), theme.colour("paper").name()
    inside = range(64, 180 - wide(theme, number) - 16 - 8)  # of the number's cell, left of the number
    return {image.pixelColor(x, y).name() for x in inside for y in range(2, high - 4)} - {ground}


def test_words_reach_into_the_room_a_short_number_leaves(theme, qtbot):
    assert drawn(theme, qtbot, "8")


def test_words_stay_out_of_a_number_that_needs_its_room(theme, qtbot):
    assert not drawn(theme, qtbot, "80.00%→60.00")
