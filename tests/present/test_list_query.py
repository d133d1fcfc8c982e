"""Register lists: what is asked, which rows come, in which order."""

import pytest
import small_office as o
from hypothesis import given, settings, strategies as st

from envdesk.present.list_query import (
    LEFT,
    NUMBER,
    STATE,
    Listing,
    ListState,
    opening,
    period_chips,
    tabs,
)
from envdesk.store.lists import EMPTY, LACKING, pinyin_key


def cell(listing, row, key):
    return row.cells[[c.key for c in listing.columns()].index(key)]


def numbers(listing):
    return [cell(listing, r, "order_no") for r in listing.rows()]


# ---- state ---------------------------------------------------------------------------------------------------------
def test_a_state_changes_only_by_making_a_new_one():
    state = ListState("work_order", "2026")
    more = state.filtered("source", ["12345"]).toggled("source", "来访").searching("胶水")
    assert state == ListState("work_order", "2026")
    assert more.filters == (("source", ("12345", "来访")),)
    assert more.toggled("source", "12345").toggled("source", "来访").filters == ()
    assert more.without_last().filters == ()
    assert more.cleared() == state


def test_the_same_column_again_turns_the_order():
    state = ListState("work_order").sorted_by("location")
    assert (state.sort, state.descending) == ("location", False)
    assert state.sorted_by("location").descending


def test_tabs_start_with_all_visits_and_end_with_the_outings(desk):
    found = [t.id for t in tabs(desk, "inspections")]
    assert (found[0], found[-1]) == ("visit", "outing")
    assert "vocs_check" in found
    assert [t.id for t in tabs(desk, "complaints")] == ["work_order", "supervision_case"]


def test_every_register_has_exactly_one_place(desk):
    groups = ("inspections", "complaints", "rectify", "ledgers")
    placed = [t.id for g in groups for t in tabs(desk, g) if t.id not in ("visit", "outing")]
    forms = [f.id for f in desk.catalogue.forms.values() if f.kind == "record" and f.group != "基础名单"]
    assert sorted([*placed, "subject"]) == sorted(forms)


def test_periods_offered(desk):
    chips = period_chips(desk, ListState("work_order", "2026"))
    assert [(c.title, c.period) for c in chips] == [
        ("本月", "2026-10"), ("上月", "2026-09"), ("本季", "2026Q4"), ("今年", "2026"), ("自定", ""), ("全部", ""),
    ]  # fmt: skip
    assert [c.id for c in chips if c.chosen] == ["year"]
    own = period_chips(desk, ListState("work_order", "2026-10-01..2026-10-09"))
    assert [(c.title, c.id) for c in own if c.chosen] == [("2026年10月1日—9日", "custom")]
    assert period_chips(desk, ListState("person")) == ()


def test_a_list_opens_on_this_year_and_the_subjects_on_all(desk):
    assert opening(desk, "work_order").period == "2026"
    assert opening(desk, "subject").period == ""
    assert opening(desk, "person").period == ""


# ---- rows ----------------------------------------------------------------------------------------------------------
def test_newest_first_with_state_due_and_masked_words(desk):
    listing = Listing(desk, opening(desk, "work_order"))
    assert numbers(listing)[:3] == ["20261009-0034", "20261008-0021", "20260917-0317"]
    first, today, late = listing.rows()[:3]
    assert (first.chip.word, first.chip.shape) == ("待签收", "dot")
    assert (today.chip.word, today.chip.tone, cell(listing, today, LEFT)) == ("今天到期", "amber", "0")
    assert (late.chip.word, late.chip.tone, late.left) == ("已超期1天", "red", -1)
    assert cell(listing, late, LEFT) == "−1"
    assert cell(listing, late, STATE) == "已超期1天"
    assert cell(listing, late, "received_at") == "09-17 10:12"
    assert cell(listing, late, "pollution") == "大气 · 油烟"
    assert cell(listing, late, NUMBER).startswith("GD-0")
    assert "张小花" not in str(listing.rows())
    assert o.PHONE not in str(listing.rows())


def test_what_is_left_counts_to_the_day_in_the_same_row(desk):
    listing = Listing(desk, opening(desk, "work_order"))
    unsigned = listing.rows()[0]  # has to be signed before, but what is shown is the day it has to be closed
    assert (cell(listing, unsigned, "due"), cell(listing, unsigned, LEFT)) == ("10-22", "10")
    assert unsigned.left == 10


def test_columns_say_how_they_look(desk):
    columns = Listing(desk, opening(desk, "work_order")).columns()
    assert [c.key for c in columns][:2] == [NUMBER, STATE]
    assert [c.frozen for c in columns].count(True) == 1
    assert any(c.width == 0 for c in columns)
    assert {c.key: c.align for c in columns}[LEFT] == "right"
    fine = next(c for c in Listing(desk, ListState("enforcement_case")).columns() if c.key == "fine_fen")
    assert (fine.title, fine.align) == ("罚款（元）", "right")


@pytest.mark.parametrize("form", sorted(set(o.catalogue().forms) - {"visit"}))
def test_every_form_can_be_listed(desk, form):
    listing = Listing(desk, ListState(form))
    heads, rows = listing.export()
    assert len(listing.rows()) == listing.count() == len(list(rows))
    assert len(heads) >= 1
    for row in listing.rows():
        assert len(row.cells) == len(listing.columns())
    for column in listing.columns():
        assert len(Listing(desk, listing.state.sorted_by(column.key)).ids()) == listing.count()
    for chip in listing.filters():
        listing.options(chip.key)
    listing.totals()


def test_all_visits_in_one_list(desk, ids):
    listing = Listing(desk, opening(desk, "visit"))
    assert [r.form for r in listing.rows()] == ["inspection", "hazardous_waste_check", "vocs_check", "vocs_check"]
    assert listing.count() == 4
    assert {t.value: t.count for t in listing.totals()} == {"发现问题": 1, "未发现问题": 3}
    found = Listing(desk, listing.state.filtered("result", ["发现问题"]))
    assert [r.id for r in found.rows()] == [ids["检查1"]]
    assert found.position(ids["检查1"]) == 0
    by_people = Listing(desk, listing.state.filtered("people", [ids["何静"]]))
    assert [r.id for r in by_people.rows()] == [ids["检查4"]]


def test_a_period_bounds_the_main_date_to_the_last_minute(desk):
    listing = Listing(desk, ListState("work_order", "2026-10-08..2026-10-09"))
    assert listing.count() == 2
    assert Listing(desk, ListState("vocs_check", "2025")).count() == 1


def test_search_takes_every_word_and_looks_into_the_subject(desk):
    state = ListState("work_order")
    assert Listing(desk, state.searching("0317")).count() == 1
    assert Listing(desk, state.searching("新石路 胶水")).count() == 1
    assert Listing(desk, state.searching("佳达")).count() == 1
    assert Listing(desk, ListState("vocs_check").searching("jdxy")).count() == 2
    assert Listing(desk, state.searching("张小花")).count() == 0
    assert Listing(desk, state.searching("%")).count() == 0


def test_filters_and_their_counts_agree(desk):
    base = ListState("work_order")
    for chip in Listing(desk, base).filters():
        for option in Listing(desk, base).options(chip.key):
            assert Listing(desk, base.filtered(chip.key, [option.value])).count() == option.count, (chip, option)


def test_a_filter_counts_as_the_other_filters_leave_it(desk):
    listing = Listing(desk, ListState("work_order").filtered("source", ["来访"]))
    assert listing.count() == 1
    assert {x.value: x.count for x in listing.options("source")} == {"12345": 5, "来访": 1}
    assert {x.value: x.count for x in listing.options(STATE) if x.count} == {"已办结": 1}
    assert [x.label for x in listing.options("source") if x.chosen] == ["来访"]


def test_an_upper_word_covers_its_parts(desk):
    listing = Listing(desk, ListState("work_order"))
    assert Listing(desk, listing.state.filtered("pollution", ["大气"])).count() == listing.count()


def test_nothing_entered_is_a_value_to_filter_by(desk):
    listing = Listing(desk, ListState("work_order").filtered("handler", [EMPTY]))
    assert numbers(listing) == ["20261009-0034"]
    assert [c.words for c in listing.filters() if c.key == "handler"] == ["未填"]
    assert Listing(desk, ListState("work_order").filtered("pollution", [EMPTY])).count() == 0


def test_what_lacks_something_can_be_asked_for(desk, ids):
    state = ListState("work_order").filtered(LACKING, ["1"])
    before = [r.id for r in Listing(desk, state).rows()]
    new = o.put(desk, "work_order", {"source": "来访", "received_at": "2026-10-09T09:00", "content": "异味"})
    assert ids["已结"] not in before
    assert {r.id for r in Listing(desk, state).rows()} == {*before, *new}


def test_filters_of_another_tab_are_left_out(desk):
    state = ListState("work_order").filtered("handler", ["陈立"]).filtered("grid_id", ["x"])
    assert Listing(desk, state.on("rectification")).asked().filters == (("grid_id", ("x",)),)


def test_words_are_sorted_by_pinyin_choices_as_declared_empty_last(desk):
    names = [r.cells for r in Listing(desk, ListState("subject").sorted_by("name")).rows()]
    assert [c[2] for c in names] == ["恒兴市政工地", "佳达鞋业", "旧鞋厂", "益美皮具"]
    up = ListState("work_order").sorted_by("handler")
    for state in (up, up.sorted_by("handler")):
        listing = Listing(desk, state)
        assert [cell(listing, r, "handler") for r in listing.rows()].index("") == listing.count() - 1


def test_voided_records_have_a_list_of_their_own(desk, ids):
    from envdesk.store.save import void

    void(desk.store, "work_order", ids["去年"], "重复登记")
    live = Listing(desk, ListState("work_order"))
    assert ids["去年"] not in [r.id for r in live.rows()]
    [row] = Listing(desk, ListState("work_order").voided(True)).rows()
    assert (row.id, row.chip.word, row.chip.struck, row.void) == (ids["去年"], "作废", True, True)


def test_a_listing_knows_when_it_is_old(desk):
    listing = Listing(desk, ListState("work_order"))
    assert not listing.stale()
    o.put(desk, "river", {"name": "石马涌"})
    assert listing.stale()


def test_the_sentence_beside_the_title(desk):
    listing = Listing(desk, opening(desk, "work_order"))
    assert listing.summary() == "2026年 5 条"
    assert Listing(desk, listing.state.searching("0317")).summary() == "2026年 5 条，列出 1 条"


def test_export_holds_what_is_shown_in_full_and_masked(desk, ids):
    listing = Listing(desk, ListState("work_order"))
    heads, rows = listing.export([ids["超期"]])
    [row] = rows
    shown = dict(zip(heads, row, strict=True))
    assert shown["派单时间"] == "2026-09-17 10:12"
    assert shown["编号"] == "GD-2026-0001"
    assert shown["状态"] == "超期"


# ---- windows -------------------------------------------------------------------------------------------------------
@settings(max_examples=40)
@given(
    offset=st.integers(0, 8), limit=st.integers(1, 8), key=st.sampled_from(["", "order_no", "due", "handler", STATE])
)
def test_any_window_is_a_piece_of_the_order(shared, offset, limit, key):
    state = ListState("work_order") if not key else ListState("work_order").sorted_by(key)
    whole = [r for _f, r in Listing(shared, state).ids()]
    assert [r.id for r in Listing(shared, state).rows(offset, limit)] == whole[offset : offset + limit]
    listing = Listing(shared, state)
    assert [listing.position(r) for r in whole] == list(range(len(whole)))
    assert listing.position("nobody") == -1


@pytest.fixture(scope="module")
def shared(made, tmp_path_factory):
    import shutil

    path = tmp_path_factory.mktemp("读") / "台账.envdesk"
    shutil.copyfile(made[0], path)
    opened = o.reopen(path)
    yield opened
    opened.store.close()


# ---- columns of the user's own -------------------------------------------------------------------------------------
def test_columns_are_those_chosen_in_their_order(desk):
    state = ListState("work_order").showing(("handler", "verdict", LEFT, "source"))
    listing = Listing(desk, state)
    assert [c.key for c in listing.columns()] == [NUMBER, STATE, "handler", "verdict", LEFT, "source"]
    assert all(len(row.cells) == 6 for row in listing.rows())
    assert listing.paper_columns() == (NUMBER, "handler", "verdict", "source", STATE)
    assert Listing(desk, state.showing(())).columns() == Listing(desk, ListState("work_order")).columns()


def test_a_column_the_form_does_not_have_is_left_out(desk):
    listing = Listing(desk, ListState("work_order").showing(("gone", "source")))
    assert [c.key for c in listing.columns()] == [NUMBER, STATE, "source"]


def test_what_can_be_chosen(desk):
    form = desk.catalogue.form("work_order")
    choice = Listing(desk, ListState("work_order")).choice()
    assert [key for key, _title in choice.shown] == [k for k in (*form.columns, LEFT) if k not in (NUMBER, STATE)]
    assert (choice.usual, choice.own) == ((), False)
    others = {key for _section, keys in choice.others for key, _title in keys}
    assert "verdict" in others
    assert not others & {key for key, _title in choice.shown}
    assert not others & {f.key for f in form.fields if f.secret or f.type in ("photos", "files")}
    own = Listing(desk, ListState("work_order").showing(("verdict",))).choice()
    assert own.shown == (("verdict", "是否属实"),)
    assert own.own
    assert LEFT in dict(own.usual)


@pytest.mark.parametrize("form", sorted(set(o.catalogue().forms) - {"outing"}))
def test_every_column_that_is_offered_can_be_shown(desk, form):
    choice = Listing(desk, ListState(form)).choice()
    every = [key for _section, keys in choice.others for key, _title in keys]
    listing = Listing(desk, ListState(form).showing(every or [choice.shown[0][0]]))
    shown = [c.key for c in listing.columns()]
    assert [k for k in shown if k in every] == every
    assert all(len(row.cells) == len(shown) for row in listing.rows())


def test_numbered_names_are_in_the_order_of_their_numbers():
    said = ["石陂第二网格", "石陂联社", "石陂第十一网格", "石陂第三网格", "长坜第二网格", "石陂第一网格", "石陂第十网格"]  # fmt: skip
    assert sorted(said, key=pinyin_key) == [
        "长坜第二网格", "石陂第一网格", "石陂第二网格", "石陂第三网格", "石陂第十网格", "石陂第十一网格", "石陂联社",
    ]  # fmt: skip
    assert pinyin_key("第二网格") != pinyin_key("第02网格")
