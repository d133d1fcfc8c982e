"""Keys survive editors and clerks; a switch between plain and encrypted loses nothing."""

from __future__ import annotations

import sqlite3  # noqa: TID251 - any other tool
from datetime import datetime

import pytest
from hypothesis import given, settings, strategies as st

from envdesk import paths
from envdesk.clock import Clock
from envdesk.errors import Refused
from envdesk.formdef import loader
from envdesk.sql import connect
from envdesk.store import attachments, crypt, file
from envdesk.store.check import check
from envdesk.store.file import is_encrypted
from envdesk.store.save import add

CLOCK = Clock(datetime(2026, 11, 20, 9, 0))
SECRET = "绝不外传的内容"


@pytest.fixture(scope="module")
def catalogue():
    return loader.load([paths.forms_dir()])


@pytest.fixture
def db(data_dir, catalogue, tmp_path):
    """A closed plain office with one order and one attachment."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 " + SECRET.encode())
    path = data_dir / "台账.envdesk"
    with file.create(path, catalogue, office="均禾街", clock=CLOCK) as store:
        order = {"source": "来信", "received_at": "2026-11-02", "content": SECRET, "files": ["a.pdf"]}
        assert not add(store, "work_order", [order], base_dir=tmp_path).refused
    return path


@pytest.fixture
def key(tmp_path, db):
    (tmp_path / "key.txt").write_text("一句口令 123\n", encoding="utf-8")
    return crypt.load_key(tmp_path / "key.txt", db)


def content(path, catalogue, key=None):
    with file.open_store(path, catalogue, clock=CLOCK, key=key) as store:
        assert check(store) == []
        tables = {t: crypt.table_digest(store.con, t) for t in crypt.table_names(store.con)}
        return tables, [attachments.read(store, u.sha256) for u in attachments.uses(store)]


def traces(folder):
    """Files below a folder in which the secret can be read."""
    return [p.name for p in folder.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]


# ---------------------------------------------------------------------------------------------------------------- keys
@pytest.mark.parametrize(
    "raw",
    [
        "口令é".encode(),
        "口令é\r\n第二行".encode(),
        "\ufeff口令é\n".encode(),
        "  口令e\u0301 ".encode(),
        "口令é".encode("utf-16"),
        "口令é".encode("gb18030"),
    ],
)
def test_passphrase_is_the_same_whatever_editor_wrote_it(tmp_path, raw):
    (tmp_path / "k").write_bytes(raw)

    assert crypt.first_line(tmp_path / "k") == "口令é"


@pytest.mark.parametrize("raw", [b"", b"\n\nabc", b"   ", None])
def test_empty_or_missing_key_file_is_refused(tmp_path, raw):
    if raw is not None:
        (tmp_path / "k").write_bytes(raw)

    with pytest.raises(Refused) as e:
        crypt.load_key(tmp_path / "k")

    assert e.value.code == "key_file"


def test_hexadecimal_key_is_taken_as_it_is(tmp_path, db):
    text = crypt.new_key()
    (tmp_path / "k").write_text(text + "\n")

    assert crypt.load_key(tmp_path / "k", db) == bytes.fromhex(text)


@settings(max_examples=10)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=40))
def test_any_passphrase_gives_key_and_salt(text):
    assert len(crypt.passphrase_key(text, bytes(16))) == 48


def test_passphrase_and_file_are_enough(tmp_path, db, key, catalogue):
    crypt.encrypt(db, key)

    again = crypt.load_key(tmp_path / "key.txt", db)

    assert again == key
    assert content(db, catalogue, again)


def test_other_sqlcipher_tools_open_it_with_the_passphrase(db, key):
    import sqlcipher3  # noqa: TID251 - any other tool

    crypt.encrypt(db, key)
    con = sqlcipher3.connect(str(db))
    con.execute("PRAGMA key = '一句口令 123'")

    assert con.execute("SELECT content FROM t_work_order").fetchone() == (SECRET,)
    con.close()


# ------------------------------------------------------------------------------------------------------------ switching
def test_encrypting_keeps_everything_and_hides_it(db, key, catalogue, data_dir):
    before = content(db, catalogue)
    assert traces(data_dir)

    done = crypt.encrypt(db, key)

    assert done.attachments == 1
    assert (done.lost, done.plain_backups) == ((), ())
    assert traces(data_dir) == []
    assert content(db, catalogue, key) == before
    assert [p for p in data_dir.rglob("*") if ".tmp" in p.name] == []


def test_round_trip_is_identity(db, key, catalogue, data_dir):
    before = content(db, catalogue)
    crypt.encrypt(db, key)

    done = crypt.decrypt_to(db, key, data_dir / "明文" / "b.envdesk")

    assert (done.attachments, done.lost) == (1, ())
    assert content(done.path, catalogue) == before
    assert content(db, catalogue, key) == before
    assert sqlite3.connect(done.path).execute("SELECT content FROM t_work_order").fetchone() == (SECRET,)


@pytest.mark.parametrize("wrong", [None, bytes(32)])
def test_without_the_key_nothing_opens(db, key, catalogue, wrong):
    crypt.encrypt(db, key)

    with pytest.raises(Refused) as e:
        file.open_store(db, catalogue, key=wrong)

    assert e.value.code == "db_key"


def test_interrupted_switch_reads_and_is_finished_by_repeating(db, key, catalogue, monkeypatch):
    before = content(db, catalogue)

    def power_cut(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as m:
        m.setattr(attachments, "transfer", power_cut)
        with pytest.raises(KeyboardInterrupt):
            crypt.encrypt(db, key)
    assert content(db, catalogue, key) == before  # the database is encrypted, its attachment still plain

    assert crypt.encrypt(db, key).attachments == 1
    assert content(db, catalogue, key) == before


@pytest.mark.parametrize("step", ["compare", "table_digest"])
def test_failure_while_copying_leaves_the_original(db, key, catalogue, monkeypatch, step, data_dir):
    before = content(db, catalogue)

    def fail(*_args, **_kwargs):
        raise RuntimeError(step)

    with monkeypatch.context() as m:
        m.setattr(crypt, step, fail)
        with pytest.raises(RuntimeError):
            crypt.encrypt(db, key)

    assert content(db, catalogue) == before
    assert [p for p in data_dir.rglob("*") if ".tmp" in p.name] == []


def test_copy_that_differs_is_thrown_away(db, key, monkeypatch, data_dir):
    monkeypatch.setattr(crypt, "compare", lambda *_: "t_work_order")

    with pytest.raises(Refused) as e:
        crypt.encrypt(db, key)

    assert e.value.code == "backup_broken"
    assert not is_encrypted(db)
    assert [p for p in data_dir.rglob("*") if ".tmp" in p.name] == []


def test_switching_refuses_a_file_in_use_a_foreign_one_and_an_existing_target(db, key, catalogue, tmp_path):
    with file.open_store(db, catalogue), pytest.raises(Refused) as e:
        crypt.encrypt(db, key)
    assert e.value.code == "db_locked"
    foreign = tmp_path / "x.db"
    sqlite3.connect(foreign).execute("CREATE TABLE t(a)").connection.close()
    with pytest.raises(Refused) as e:
        crypt.encrypt(foreign, key)
    assert e.value.code == "db_not_ours"
    with pytest.raises(Refused) as e:
        crypt.decrypt_to(db, key, foreign)
    assert e.value.code == "db_exists"
    with pytest.raises(Refused) as e:
        crypt.encrypt(tmp_path / "没有", key)
    assert e.value.code == "db_missing"


def test_digest_sees_order_types_and_names():
    def digest(sql):
        con = connect(":memory:")
        for part in sql.split(";"):
            con.execute(part)
        return crypt.table_digest(con, "t")[1]

    texts = [
        "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 2)",
        "CREATE TABLE t(a, b); INSERT INTO t VALUES (2, 1)",
        "CREATE TABLE t(a, b); INSERT INTO t VALUES ('1', 2)",
        "CREATE TABLE t(a, c); INSERT INTO t VALUES (1, 2)",
        "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, NULL)",
        "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, x'02')",
    ]

    assert len({digest(t) for t in texts}) == len(texts)
