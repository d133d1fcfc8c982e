"""Every trap of a definition has its finding; a sound folder has none."""

import tomllib
from pathlib import Path

import pytest

from envdesk.errors import MESSAGES, Refused
from envdesk.formdef.lint import lint
from envdesk.formdef.loader import load

SAMPLE = {p.name: p.read_text("utf-8") for p in (Path(__file__).parent / "sample_forms").glob("*.toml")}


@pytest.fixture
def findings(tmp_path):
    """Lint the sample after replacing ``old`` by ``new`` in one file; returns the problems."""

    def run(file="", old="", new=""):
        for name, text in SAMPLE.items():
            if name == file:
                assert old in text, old
                text = text.replace(old, new, 1)  # noqa: PLW2901
                tomllib.loads(text)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return lint(load([tmp_path]))

    return run


def codes(problems):
    return {(p.code, p.field) for p in problems}


def test_a_sound_folder_has_no_findings(findings):
    assert findings() == []


def order(expr, rule="true"):
    """A rule of the sample's order with this expression."""
    return ("order.toml", "[terms]\n", f'[[rule]]\nid = "{rule}"\nexpr = """{expr}"""\nmessage = "x"\n[terms]\n')


# ------------------------------------------------------------------------------------------------------- three values
@pytest.mark.parametrize(
    "expr",
    [
        "kind <> '咨询'",
        "kind != '咨询'",
        "kind not in ('咨询', '投诉')",
        "not urgent",
        "not (kind = '咨询')",
        "not kind = '咨询'",
        "kind not like '咨%'",
        "closed_at not between :start and :end",
        "not (source = '来信' and kind = '咨询')",
        "kind <> '咨询' and kind <> '投诉'",
        "secret = 1 or kind <> '咨询'",
        "subject.kind <> '工地'",
        "due <> closed_at",
        "exists (select 1 from extensions x where x.rec = me.id and not x.approved)",
        "exists (select 1 from \"order\" o where o.kind <> '咨询')",
        'source not in (select o.kind from "order" o)',
        "exists (select 1 from subject s left join \"order\" o on o.subject_id = s.id where o.source <> '来信')",
        "iif(secret = 1, kind <> '咨询', 1)",
        "case when secret = 1 then not urgent else 1 end",
        "closed_at is not null and not (kind = '咨询' and closed_at < :cut)",
        "(select o.kind from \"order\" o where o.id = me.id) <> '咨询'",
        "max(closed_at, return_at) <> :today",
        "coalesce(kind, nullif(source, '来信')) <> '咨询'",
    ],
)
def test_a_negation_that_loses_empty_values(findings, expr):
    assert codes(findings(*order(expr, "neg"))) == {("nullable_not", "order.neg")}


@pytest.mark.parametrize(
    "expr",
    [
        "kind is not '咨询'",
        "source <> '来信'",
        "not secret",
        "coalesce(kind, '') <> '咨询'",
        "ifnull(kind, '') <> '咨询'",
        "kind is not null and kind <> '咨询'",
        "kind is null or kind <> '咨询'",
        "kind is not null and (secret = 1 or kind not in ('咨询'))",
        "kind >= 'a' and kind <> '咨询'",
        "iif(kind is not null, kind <> '咨询', 0)",
        "case when kind is null then 1 when kind is not null and kind <> '咨询' then 0 else 1 end",
        "not (kind is null)",
        "not (kind is not null and kind = '咨询')",
        "not coalesce(urgent, 0)",
        "not closed",
        "closed <> 1",
        "not exists (select 1 from extensions x where x.rec = me.id and x.approved = 1)",
        "(select count(*) from extensions x where x.rec = me.id) <> 2",
        "exists (select 1 from \"order\" o where o.kind is not null and o.kind <> '咨询')",
        "exists (select 1 from extensions x where x.rec = me.id and x.new_due <> :today)",
        'source not in (select o.source from "order" o)',
        "exists (select 1 from subject s join \"order\" o on o.subject_id = s.id where o.source <> '来信')",
        "exists (select 1 from pollution p where p.rec = me.id and p.value <> '噪声')",
        "exists (select 1 from (select o.source as s from \"order\" o) q where q.s <> '来信')",
        "exists (select 1 from calendar c where c.day = :today and c.is_workday <> 1)",
        "date(received_at) <> :today",
        ":set_count_by <> '检查'",
    ],
)
def test_a_negation_that_does_not(findings, expr):
    assert findings(*order(expr)) == []


# -------------------------------------------------------------------------------------------------- days and moments
@pytest.mark.parametrize(
    "expr",
    [
        "received_at <= :cut",
        "received_at < :cut",
        "received_at = :end",
        ":end >= received_at",
        "received_at between :start and :end",
        "coalesce(received_at, created_at) <= :cut",
        "created_at <= :cut",
        'exists (select 1 from "order" o where o.received_at <= :end)',
        '(select max(o.received_at) from "order" o) <= :end',
        "not coalesce(received_at > :cut, 0)",
    ],
)
def test_a_moment_is_not_compared_with_the_last_day(findings, expr):
    assert codes(findings(*order(expr, "cut"))) == {("moment_cut", "order.cut")}


@pytest.mark.parametrize(
    "expr",
    [
        "closed_at >= received_at",
        "received_at <= closed_at",
        "received_at = closed_at",
        "received_at <= :today",
        "exists (select 1 from extensions x where x.rec = me.id and x.new_due >= me.received_at)",
    ],
)
def test_a_moment_is_not_compared_with_a_day(findings, expr):
    assert codes(findings(*order(expr, "day"))) == {("moment_day", "order.day")}


@pytest.mark.parametrize(
    "expr",
    [
        "received_at < :cut_after",
        "received_at >= :start and received_at < :after",
        "received_at < :today",
        "received_at < closed_at",
        "substr(received_at, 1, 10) <= :cut",
        "date(received_at) <= closed_at",
        "closed_at <= :cut",
        "closed_at between :start and :end",
        "received_at <= updated_at",
    ],
)
def test_days_and_moments_that_fit(findings, expr):
    assert findings(*order(expr)) == []


def test_the_computers_clock_is_not_read(findings):
    assert codes(findings(*order("closed_at <= date('now')", "clock"))) == {("clock_in_sql", "order.clock")}
    assert ("clock_in_sql", "order.clock") in codes(
        findings(*order("exists (select 1 where current_date > me.closed_at)", "clock"))
    )


@pytest.mark.parametrize(
    "expr",
    [
        "source = '12369'",
        "source in ('12345', '来访')",
        "kind is '投拆'",
        "subject.kind = '企 业'",
        "exists (select 1 from pollution p where p.rec = me.id and p.value = '油烟')",
        ":set_count_by = '人'",
        "exists (select 1 from \"order\" o where o.source = '来电')",
    ],
)
def test_a_word_that_is_no_choice(findings, expr):
    assert codes(findings(*order(expr, "word"))) == {("unknown_word", "order.word")}


def test_a_text_in_double_quotes_is_no_text(findings):
    expr = """exists (select 1 from "order" o where o.source = "来信" and "closed_at" = me.closed_at)"""

    (found,) = findings(*order(expr, "quote"))
    assert (found.code, found.field) == ("quoted_text", "order.quote")
    assert "'来信'" in found.message


def test_words_that_are_choices(findings):
    assert (
        findings(*order("exists (select 1 from pollution p where p.rec = me.id and p.value in ('大气', '大气-油烟'))"))
        == []
    )


# ------------------------------------------------------------------------------------------------------------ SQLite
@pytest.mark.parametrize(
    ("expr", "code"),
    [
        ("kindd is null", "bad_expression"),
        ("subject.colour is null", "bad_expression"),
        (":cutt > closed_at", "bad_expression"),
        (":set_nothing = 1", "bad_expression"),
        ("load_extension('x')", "bad_expression"),
        ("randomblob(9) is null", "bad_expression"),
        ("1; drop table t_order", "bad_expression"),
        ("1 -- 2", "bad_expression"),
        ("kind = '" + "长" * 2000 + "'", "bad_expression"),
        ("closed_at >", "bad_sql"),
        ("(select x.nothing from extensions x) = 1", "bad_sql"),
        ("exists (select 1 from extensions x where y.rec = 1)", "bad_sql"),
        ("length(kind, 2) = 1", "bad_sql"),
        ("exists (with recursive r as (select 1 as n union all select n + 1 from r) select n from r)", "forbidden_sql"),
    ],
)
def test_what_sqlite_or_the_compiler_refuses(findings, expr, code):
    assert (code, "order.bad") in codes(findings(*order(expr, "bad")))


@pytest.mark.parametrize(
    "name", ["t_order", "sqlite_schema", "setting", "pragma_function_list", "main.t_order", "subjects"]
)
def test_only_the_live_tables_are_read(findings, name):
    assert ("unknown_table", "order.table") in codes(findings(*order(f"exists (select 1 from {name})", "table")))


def test_a_broken_term_is_blamed_once(findings):
    found = findings("order.toml", 'closed = "coalesce(closed_at', 'closed = "coalesce(closed_on')

    assert {p.field for p in found if p.code == "bad_expression"} >= {"order.closed"}
    assert not [p for p in found if p.code == "bad_sql"]


def test_a_term_is_known_only_after_its_definition(findings):
    found = findings("order.toml", "[terms]\n", '[terms]\nearly = "closed = 1"\n')

    assert codes(found) == {("bad_expression", "order.early")}


def test_terms_carry_what_is_known_of_them(findings):
    assert codes(findings("order.toml", "[terms]\n", '[terms]\nopen = "kind = \'咨询\'"\nshut = "not open"\n')) == {
        ("nullable_not", "order.shut")
    }
    assert codes(findings("order.toml", "[terms]\n", '[terms]\nat = "received_at"\nlate = "at > :cut"\n')) == {
        ("moment_cut", "order.late")
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "field"),
    [
        ("order.toml", '"closed_at is not null"', '"not urgent"', "nullable_not", "order.办结"),
        ("order.toml", "source = '12345'\"", "kind <> '咨询'\"", "nullable_not", "order.order_no"),
        ("order.toml", ":today || 'T' || :now_time", ":todey", "bad_expression", "order.received_at"),
        ("order.toml", '"kind is not null"', '"kind <> \'咨询\'"', "nullable_not", "order.closed_at"),
        ("order.toml", 'when = "closed = 1"', 'when = "not urgent"', "nullable_not", "order.已办结"),
        ("order.toml", 'date = "due"', 'date = "duo"', "bad_expression", "order.order"),
        ("check.toml", '"what is not null"', '"wat is not null"', "bad_expression", "check.fixed_on"),
        ("check.toml", "fixed_on >= visit_date", "fixed_on <> visit_date", "nullable_not", "check.fixed_later"),
        ("_blocks.toml", ">= 1", ">= nobody", "bad_expression", "check.somebody"),
        ("_blocks.toml", "subject.kind is '企业'", "subject.kind <> '企业'", "nullable_not", "visit.busy"),
        ("_blocks.toml", 'apart = "0"', 'apart = "nothing"', "bad_expression", "visit.apart"),
        ("order.toml", 'hit = "closed = 1"', 'hit = "kind <> \'咨询\'"', "nullable_not", "order.rate"),
        ("order.toml", "kind is not '咨询'", "not urgent", "nullable_not", "order.rate"),
        ("order.toml", 'where = "return_at is null"', 'where = "created_at <= :cut"', "moment_cut", "order.received"),
        ("order.toml", "closed_at < month.first", "closed_at < month.second", "bad_sql", "order.months"),
        ("_figures.toml", "fixed_on <= :cut", "fixed_an <= :cut", "bad_expression", "fixed_subjects"),
        ("_figures.toml", 'unit = "subject_id"', 'unit = "subject"', "bad_expression", "fixed_subjects"),
        ("_figures.toml", 'date = "visit_date"', 'date = "date"', "bad_expression", "visits"),
        ("_figures.toml", "closed_at < substr(received_at, 1, 10)", "kind <> '咨询'", "nullable_not", "R15"),
    ],
)  # fmt: skip
def test_every_place_of_an_expression_is_looked_at(findings, file, old, new, code, field):
    assert (code, field) in codes(findings(file, old, new))


def test_a_block_is_blamed_once_with_its_line(findings):
    (found,) = [p for p in findings("_blocks.toml", ">= 1", "<> null") if p.code == "nullable_not"]

    line = SAMPLE["_blocks.toml"].split('id = "somebody"')[0].count("\n") + 1
    assert found.message.startswith(f"_blocks.toml:{line} ")


def test_a_finding_names_file_and_line(findings):
    (found,) = findings("order.toml", "closed_at >= substr(received_at, 1, 10)", "closed_at >= received_at")

    line = SAMPLE["order.toml"].split('id = "closed_later"')[0].count("\n") + 1
    assert found.message.startswith(f"order.toml:{line} 规则closed_later：")
    assert "substr(received_at, 1, 10)" in found.message


# ------------------------------------------------------------------------------------------------------------- names
SPAWN = """
[[spawn]]
list = "findings"
when = "wat = 'x'"
form = "order"
link = "what"
values = { order_no = "what", orderno = "what" }
[[rule]]"""
VIEW = """
[view.closings]
title = "办结"
[[view.closings.part]]
of = "order"
where = "kind <> '咨询'"
keys = { day = "closed_at", at = "received_at" }
[view.closings.terms]
late = "day >= at"
[[figure]]"""


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "field"),
    [
        ("order.toml", 'share = "received"', 'share = "received"\nof = "order"', "figure_lead", "order.rate"),
        ("_figures.toml", 'of = "finding"', "", "figure_lead", "found"),
        ("order.toml", 'hit = "closed = 1"', "", "figure_hit", "order.rate"),
        ("order.toml", 'where = "return_at is null"', 'hit = "closed = 1"', "figure_hit", "order.received"),
        ("order.toml", 'share = "rate"', 'share = "per_visit"', "figure_share", "order.rate_urgent"),
        ("order.toml", '["found", "visits"]', '["found"]', "figure_ratio", "order.per_visit"),
        ("_figures.toml", 'of = "finding"', 'of = "findings"', "bad_expression", "found"),
        ("_figures.toml", 'date = "visit_date"\nwhere', 'kind = "flow"\nwhere', "figure_flow", "visits"),
        ("order.toml", 'each = "month"', 'each = "week"', "figure_word", "order.months"),
        ("order.toml", 'hit = "urgent = 1"', 'hit = "urgent = 1"\nbetter = "upp"', "figure_word", "order.rate_urgent"),
        ("_figures.toml", 'by = ["kind", "person"]', 'by = ["pollution"]', "dimension_missing", "visits"),
        ("_figures.toml", 'key = "source"', 'key = { visit = "source" }', "dimension_missing", "order.received"),
        ("_figures.toml", ":fixed_subjects <= :visits", ":fixed_subject <= :visits", "unknown_figure", "R5"),
        ("_figures.toml", ":fixed_subjects <= :visits", ":fixed_subjects <= visits", "bad_expression", "R5"),
        ("_figures.toml", ":fixed_subjects <= :visits", ":fixed_subjects <= :visits <", "bad_sql", "R5"),
        ("_figures.toml", "{fixed_subjects}家", "{fixed}家", "unknown_placeholder", "R5"),
        ("_figures.toml", '["received", "source"]', '["recieved", "source"]', "unknown_figure", "R8"),
        ("_figures.toml", '["received", "source"]', '["received", "person"]', "unknown_dimension", "R8"),
        ("_figures.toml", '["received", "source"]', '["received"]', "check_by", "R8"),
        ("_figures.toml", 'months = ["visits"]', 'months = ["visit"]', "unknown_figure", "R16"),
        ("_figures.toml", 'months = ["visits"]', "", "check_lead", "R16"),
        ("_figures.toml", 'of = "order"', 'of = "orders"', "bad_expression", "R15"),
        ("_blocks.toml", '"date", "people"', '"date", "peeple"', "unknown_key", "outing.share_key"),
        ("order.toml", "default = false", 'default = "也许"', "bad_default", "order.secret"),
        ("order.toml", '["投诉", "咨询"]', '["投诉", "咨询"]\ndefault = "举报"', "bad_default", "order.kind"),
        ("person.toml", 'name = "值班"', 'nam = "值班"', "unknown_key", "person.seed"),
        ("subject.toml", "[[section]]", '[[seed]]\nkind = "厂"\n[[section]]', "bad_seed", "subject.seed"),
        ("subject.toml", 'label = "关停日期"', f'label = "{"长" * 21}"', "long_label", "subject.closed_on"),
        ("_settings.toml", "default = 2", 'default = "两天"', "bad_default", "warn_days"),
        ("_settings.toml", 'default = "出动"', 'default = "出勤"', "bad_default", "count_by"),
        ("_settings.toml", 'type = "int"', 'type = "integer"', "figure_word", "warn_days"),
        ("order.toml", 'title = "收到"', 'title = "检查"', "same_title", "order.received"),
        ("order.toml", "search = ", 'label_setting = "a"\nsearch = ', "unknown_setting", "order.label_setting"),
        ("order.toml", "[stages]", '[label_set."老"]\nkynd = "种类"\n[stages]', "unknown_key", "order.label_set.老"),
        ("check.toml", "[[rule]]", SPAWN, "bad_expression", "check.order"),
        ("check.toml", "[[rule]]", SPAWN, "unknown_key", "check.order"),
        ("check.toml", "[[rule]]", SPAWN.replace("order", "ordre"), "unknown_form", "check.ordre"),
        ("_figures.toml", "[[figure]]", VIEW, "nullable_not", "closings"),
        ("_figures.toml", "[[figure]]", VIEW.replace('of = "order"', 'of = "ordre"'), "bad_expression", "closings"),
        ("_figures.toml", "[[figure]]", VIEW, "moment_day", "closings.late"),
    ],
)  # fmt: skip
def test_names_and_words(findings, file, old, new, code, field):
    assert (code, field) in codes(findings(file, old, new))


@pytest.mark.parametrize(
    ("edit", "severity"),
    [
        (("order.toml", 'title = "收到"', 'title = "检查"'), "warning"),
        (("subject.toml", 'label = "名称"', f'label = "{"名" * 21}"'), "hint"),
        (("order.toml", "return_at is null", "return_at <> null"), "error"),
    ],
)
def test_severities(findings, edit, severity):
    assert {p.severity for p in findings(*edit)} == {severity}


def test_nothing_stops_the_search(findings):
    found = findings("order.toml", "[terms]\n", '[terms]\na = "nothing"\nb = "not urgent"\nc = "received_at <= :cut"\n')

    assert codes(found) >= {("bad_expression", "order.a"), ("nullable_not", "order.b"), ("moment_cut", "order.c")}


def test_figures_over_a_broken_view_stop_nothing(findings):
    figure = '[[figure]]\nid = "late"\ntitle = "迟"\nmeasure = "件"\nof = "closings"\ndate = "day"\n'
    view = VIEW.replace('of = "order"', 'of = "ordre"').replace("[[figure]]", figure)
    found = findings("_figures.toml", "[[figure]]", f"{view}[[figure]]")

    assert codes(found) >= {("bad_expression", "closings"), ("bad_expression", "late")}


def test_terms_that_need_each_other_are_refused(findings):
    circle = "exists (select 1 from subject s where s.id = me.subject_id and s.visited = 1)"
    found = findings("order.toml", "coalesce(closed_at < :cut_after, 0)", circle)

    assert ("bad_sql", "order.closed") in codes(found)
    assert all("循环引用" in p.message for p in found)


def test_codes_are_in_the_catalogue_of_messages(findings):
    found = findings("order.toml", "[terms]\n", '[terms]\na = "nothing"\nb = "not urgent"\nc = "received_at <= :cut"\n')

    assert {p.code for p in found} <= MESSAGES.keys()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('level = "block"', 'level = "blok"', "“level”不能是“blok”"),
        ('id = "R16"\n', 'id = "R16"\nrole = "districts"\n', "“role”不能是“districts”"),
    ],
)
def test_a_word_outside_its_list_is_refused_with_its_line(findings, old, new, said):
    with pytest.raises(Refused) as caught:
        findings("_figures.toml", old, new)
    (problem,) = caught.value.problems
    assert problem.message.startswith("_figures.toml:")
    assert said in problem.message
