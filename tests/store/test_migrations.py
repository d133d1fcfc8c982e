"""Forms change, files stay: versions kept, columns added and never dropped, types fast, views for any tool."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import making
import pytest

from envdesk.errors import Refused
from envdesk.formdef.live import table
from envdesk.formdef.model import Catalogue, Field, Form
from envdesk.sql import connect, quote
from envdesk.store import file, seals
from envdesk.store.file import changed_forms, open_store
from envdesk.store.migrations import Migrations, migrations
from envdesk.store.query import fetch
from envdesk.store.save import add, edit, void
from envdesk.store.schema import columns, seal_triggers

CAT = making.catalogue()
DAY = "2026-10-12"


def changed(form: str, version: str, how) -> Catalogue:
    """The catalogue with one form's fields changed."""
    old = CAT.forms[form]
    new = replace(old, version=version, source=f"# {version}\n{old.source}", fields=tuple(how(list(old.fields))))
    return replace(CAT, forms={**CAT.forms, form: new})


def without(key: str):
    return lambda fields: [f for f in fields if f.key != key]


def retyped(key: str, kind: str):
    return lambda fields: [replace(f, type=kind) if f.key == key else f for f in fields]


def extra(*more: Field):
    return lambda fields: [*fields, *more]


@contextmanager
def opened(path: Path, cat: Catalogue = CAT) -> Iterator:
    with open_store(path, cat, clock=making.CLOCK, who="测试") as store:
        yield store


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("迁") / "台账.envdesk"
    with making.make(path) as store:
        making.put(store, "subject", making.subject("甲鞋厂", contact="张三"))
        making.put(store, "work_order", making.order("A1", DAY, handler="王强", repeat_no=2, remark="旧"))
        making.put(store, "inspection", making.visit("甲鞋厂", DAY, findings=[making.LIMIT]))
    return path


@pytest.fixture
def path(template, data_dir):
    return making.copy_of(template, data_dir / "台账.envdesk")


def table_columns(store, name: str) -> dict[str, str]:
    return {r[1]: r[2] for r in store.con.query(f"PRAGMA table_info({quote(name)})")}


# -------------------------------------------------------------------------------------------------- the forms change
def test_every_version_of_a_form_keeps_its_text(path):
    two = changed("work_order", "v2", extra(Field("weather", "天气", "text", home="work_order", column="weather")))
    with opened(path) as store:
        first = dict(store.con.query("SELECT version, text FROM form_version WHERE form = 'work_order'"))
        assert first == {CAT.forms["work_order"].version: CAT.forms["work_order"].source}
    with opened(path, two) as store:
        kept = store.con.query(
            "SELECT version, text, active_from FROM form_version WHERE form = 'work_order' ORDER BY rowid"
        )
        assert {v: t for v, t, _a in kept} == first | {"v2": two.forms["work_order"].source}
        assert all(a == making.NOW.isoformat() for _v, _t, a in kept)
        assert changed_forms(store) == []
        made = making.put(store, "work_order", making.order("A2", DAY, weather="雨"))[0]
        of = dict(store.con.query("SELECT order_no, form_version FROM t_work_order"))
        assert of == {"A1": CAT.forms["work_order"].version, "A2": "v2"}
        assert fetch(store, store.catalogue.form("work_order"), made)["weather"] == "雨"
        assert making.faults(store) == []


def test_a_lost_field_keeps_its_column_and_what_is_in_it(path):
    two = changed("work_order", "v2", without("repeat_no"))
    with opened(path, two) as store:
        assert store.con.value("SELECT repeat_no FROM t_work_order") == 2
        rec = store.con.value("SELECT id FROM t_work_order")
        making.ok(edit(store, "work_order", rec, {"content": "改过", "warnings": "accept"}))
        assert store.con.value("SELECT repeat_no FROM t_work_order") == 2
        making.put(store, "work_order", making.order("A2", DAY))
    with opened(path) as store:  # and back again
        assert fetch(store, CAT.forms["work_order"], rec)["repeat_no"] == 2
        assert store.con.value("SELECT repeat_no FROM t_work_order WHERE order_no = 'A2'") is None


def test_no_column_of_any_form_is_ever_dropped(path):
    forms = {
        f.id: replace(f, version="v2", fields=tuple(k for k in f.fields if k.key != "remark" and k.type != "photos"))
        for f in CAT.forms.values()
        if f.id != "sanluanwu"
    }
    with opened(path) as store:
        names = [t for (t,) in store.con.query("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        before = {t: table_columns(store, t) for t in names}
    with opened(path, replace(CAT, forms=forms)) as store:
        assert {t: table_columns(store, t) for t in names} == before


def test_a_new_form_field_and_list_get_their_place(path):
    sub = Field("who", "谁", "text", home="work_order", column="who")
    rows = Field("calls", "来电", "rows", home="work_order", column="calls", fields=(sub,), dated_by="received_at")
    two = changed("work_order", "v2", extra(
        Field("weather", "天气", "text", home="work_order", column="weather", dated_by="received_at"),
        Field("seen_at", "看到", "date", home="work_order", column="seen_at"),
        Field("other_id", "另一家", "ref", home="work_order", column="other_id", ref="subject"), rows))  # fmt: skip
    with opened(path, two) as store:
        seals.seal(store, *JUNE, JUNE[1], "{}", "x")
        late = making.order("J1", "2026-06-10", weather="雨", calls=[{"who": "李"}], warnings="accept")
        assert add(store, "work_order", [late]).problems[-1].code == "sealed"
        rec = making.put(store, "work_order", late, why="漏录")[0]
        assert edit(store, "work_order", rec, {"weather": "晴"}).problems[-1].code == "sealed"
        assert edit(store, "work_order", rec, {"calls": [{"who": "张"}]}).problems[-1].code == "sealed"
        making.ok(edit(store, "work_order", rec, {"seen_at": "2026-06-11", "other_id": "甲鞋厂", "warnings": "accept"}))
        indexes = {n for (n,) in store.con.query("SELECT name FROM sqlite_schema WHERE type = 'index'")}
        assert {"ix_t_work_order_seen_at", "ix_t_work_order_other_id", "ix_t_work_order__calls_rec"} <= indexes
        assert making.faults(store) == []


JUNE = (making.NOW.date().replace(month=6, day=1), making.NOW.date().replace(month=6, day=30))


@pytest.mark.parametrize(("key", "kind"), [("handler", "int"), ("repeat_no", "text"), ("repeat_no", "decimal")])
def test_a_changed_type_is_refused_and_nothing_happens(path, key, kind):
    two = changed("work_order", "v2", lambda fs: extra(Field("new", "新", "text", home="work_order", column="new"))(
        retyped(key, kind)(fs)))  # fmt: skip
    with opened(path) as store:
        before = schema_of(store)
    with pytest.raises(Refused) as caught, opened(path, two):
        pass
    assert caught.value.code == "form_error"
    assert f"t_work_order.{key}" in str(caught.value)
    with opened(path) as store:
        assert schema_of(store) == before
        assert store.con.value("SELECT count(*) FROM form_version WHERE version = 'v2'") == 0
        assert making.faults(store) == []


def schema_of(store) -> list:
    return store.con.query("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2")


def test_a_changed_type_of_a_row_column_is_refused(path):
    def how(fields):
        return [replace(f, fields=tuple(replace(s, type="int") if s.key == "reason" else s for s in f.fields))
                if f.key == "extensions" else f for f in fields]  # fmt: skip

    with pytest.raises(Refused) as caught, opened(path, changed("work_order", "v2", how)):
        pass
    assert caught.value.code == "form_error"
    assert "t_work_order__extensions.reason" in str(caught.value)


def test_a_text_may_become_a_choice_and_a_whole_number_a_sum(path):
    """What is kept alike may be shown otherwise."""
    with opened(path, changed("work_order", "v2", retyped("handler", "long_text"))) as store:
        assert store.con.value("SELECT handler FROM t_work_order") == "王强"
    with opened(path, changed("work_order", "v3", retyped("repeat_no", "money"))) as store:
        assert changed_forms(store) == []


def test_a_form_that_returns_to_an_earlier_version_is_frozen_as_it_says(path):
    """The triggers are those of the present definition, not of the last new one."""
    free = changed("work_order", "v2", lambda fs: [replace(f, dated_by="") if f.key == "content" else f for f in fs])
    with opened(path, free) as store:
        assert triggers(store, "work_order") == dict(seal_triggers(free.forms["work_order"]))
    with opened(path) as store:
        assert triggers(store, "work_order") == dict(seal_triggers(CAT.forms["work_order"]))


def triggers(store, form: str) -> dict[str, str]:
    sql = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND (tbl_name = ? OR tbl_name LIKE ? ESCAPE '!')"
    return dict(store.con.query(sql, (f"t_{form}", f"t!_{form.replace('_', '!_')}!_!_%")))


def test_every_form_has_its_triggers_and_tables(path):
    with opened(path) as store:
        have = dict(store.con.query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
        assert have == {n: s for f in CAT.forms.values() for n, s in seal_triggers(f)}
        for form in CAT.forms.values():
            assert table_columns(store, table(form.id)) == {c: d.split()[0] for c, d in columns(form).items()}
        strict = store.con.query(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name LIKE 't!_%' ESCAPE '!'"
        )
        assert [n for n, s in strict if not s.rstrip().endswith("STRICT")] == []


# -------------------------------------------------------------------------------------------------- the fixed tables
def test_a_file_of_an_earlier_program_is_brought_up(path, monkeypatch):
    later = Migrations("envdesk", dict(migrations.steps))

    @later(name="0002_test")
    def second(db):
        db.conn.execute("ALTER TABLE draft ADD COLUMN note TEXT")

    monkeypatch.setattr(file, "migrations", later)
    with opened(path) as store:
        assert "note" in table_columns(store, "draft")
        assert later.applied(store.con) == set(later.steps)
        assert making.faults(store) == []
    monkeypatch.undo()
    with pytest.raises(Refused) as caught, opened(path):  # and the earlier program does not touch it any more
        pass
    assert caught.value.code == "db_newer"


def test_a_migration_that_fails_leaves_the_file_as_it_was(path, monkeypatch):
    later = Migrations("envdesk", dict(migrations.steps))

    @later(name="0002_test")
    def second(db):
        db.conn.execute("ALTER TABLE draft ADD COLUMN note TEXT")
        raise RuntimeError("half")

    monkeypatch.setattr(file, "migrations", later)
    with pytest.raises(RuntimeError), opened(path):
        pass
    monkeypatch.undo()
    with opened(path) as store:
        assert "note" not in table_columns(store, "draft")


def test_migrations_have_names_that_sort_and_do_not_repeat():
    names = list(migrations.steps)
    assert names == sorted(set(names))
    assert names[0] == "0001_first"


# ------------------------------------------------------------------------------------------------------------- views
@pytest.fixture
def plain(path, data_dir):
    """The file as another tool gets it: one plain copy, made by SQLite itself, opened with Python's own binding."""
    target = data_dir / "副本.db"
    with opened(path) as store:
        store.con.execute("VACUUM INTO ?", (str(target),))
    with closing(import_module("sqlite3").connect(target)) as con:
        yield con


def test_every_form_has_a_view_that_any_tool_reads(plain):
    views = [n for (n,) in plain.execute("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")]
    assert {f.title for f in CAT.forms.values()} <= set(views)
    plain.execute("PRAGMA trusted_schema = OFF")
    for name in views:
        rows = plain.execute(f'SELECT * FROM "{name}"')
        heads = [d[0] for d in rows.description]
        assert len(heads) == len(set(heads)), name
        rows.fetchall()


def test_views_are_in_chinese_and_show_what_was_written(plain):
    rows = plain.execute('SELECT * FROM "12345/信访工单"')
    row = dict(zip([d[0] for d in rows.description], rows.fetchone(), strict=True))
    assert (row["工单编号"], row["来源"], row["承办人"], row["备注"]) == ("A1", "12345", "王强", "旧")
    assert row["编号"] == "GD-2026-0001"
    heads = [d[0] for d in plain.execute('SELECT * FROM "现场检查记录"').description]
    assert {"编号", "监管对象", "检查结果"} <= set(heads)


def test_a_void_record_is_in_no_view(path):
    with opened(path) as store:
        void(store, "work_order", store.con.value("SELECT id FROM t_work_order"), "录错")
        assert store.con.value('SELECT count(*) FROM "12345/信访工单"') == 0


def test_a_view_of_a_lost_form_does_not_stay_in_the_way(path):
    forms: dict[str, Form] = {k: f for k, f in CAT.forms.items() if k != "sanluanwu"}
    forms["work_order"] = replace(forms["work_order"], version="v2")
    with opened(path, replace(CAT, forms=forms)) as store:
        views = {n for (n,) in store.con.query("SELECT name FROM sqlite_schema WHERE type = 'view'")}
        assert CAT.forms["sanluanwu"].title not in views
        assert CAT.forms["work_order"].title in views


def test_a_copy_is_whole(plain):
    assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert plain.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_copy_of_an_encrypted_file_can_be_plain(data_dir):
    source, target = data_dir / "密.envdesk", data_dir / "明.db"
    making.make(source, key=bytes(32)).close()
    with closing(connect(source, key=bytes(32))) as con:
        con.execute(f"ATTACH '{target}' AS out KEY ''")
        con.query("SELECT sqlcipher_export('out')")
    with closing(import_module("sqlite3").connect(target)) as con:
        assert con.execute("SELECT value FROM meta WHERE key = 'application'").fetchone() == ("envdesk",)
