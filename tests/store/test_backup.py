"""A backup is proven when made, survives a year of thinning, and gives everything back."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from envdesk import paths
from envdesk.clock import Clock
from envdesk.errors import Refused
from envdesk.formdef import loader
from envdesk.store import attachments, backup as backups, crypt, file
from envdesk.store.backup import backup, restore, verify_backup
from envdesk.store.check import check
from envdesk.store.file import is_encrypted
from envdesk.store.save import add

NOW = datetime(2026, 11, 20, 9, 0)
KEY = bytes(range(32))


@pytest.fixture(scope="module")
def catalogue():
    return loader.load([paths.forms_dir()])


@pytest.fixture(params=[None, KEY], ids=["plain", "encrypted"])
def key(request):
    return request.param


@pytest.fixture
def db(data_dir, catalogue, tmp_path, key):
    path = data_dir / "台账.envdesk"
    with file.create(path, catalogue, office="均禾街", clock=Clock(NOW), key=key) as store:
        order(store, tmp_path, "第一件")
    return path


def order(store, folder, text):
    (folder / "a.pdf").write_bytes(b"%PDF-1.4 " + text.encode())
    raw = {"source": "来信", "received_at": "2026-11-02", "content": text, "files": ["a.pdf"]}
    done = add(store, "work_order", [raw], base_dir=folder)
    assert not done.refused


def opened(path, catalogue, key=None, at=NOW):
    return file.open_store(path, catalogue, clock=Clock(at), key=key)


def content(path, catalogue, key=None):
    """Hashes of all records, and all attachments."""
    with opened(path, catalogue, key) as store:
        assert check(store) == []
        hashes = store.con.query("SELECT id, hash FROM t_work_order ORDER BY id")
        return hashes, sorted(attachments.read(store, u.sha256) for u in attachments.uses(store))


# -------------------------------------------------------------------------------------------------------------- making
def test_backup_lies_in_the_default_place_and_is_whole(db, catalogue, key):
    with opened(db, catalogue, key) as store:
        made = backup(store)

    assert made.path == db.parent / "备份" / "台账-20261120-090000.envdesk"
    assert (made.copied, made.missing, made.records > 0) == (1, (), True)
    held = verify_backup(made.path, key=key)
    assert (held.office_name, held.counts["work_order"], held.attachments, held.missing) == ("均禾街", 1, 1, ())
    assert is_encrypted(made.path) is (key is not None)


def test_second_backup_copies_new_attachments_only(db, catalogue, key, tmp_path):
    with opened(db, catalogue, key) as store:
        assert backup(store).copied == 1
        assert backup(store).copied == 0
        order(store, tmp_path, "第二件")
        third = backup(store)

    assert third.copied == 1
    assert third.path.name == "台账-20261120-090000-3.envdesk"
    assert len(backups.backups(db)) == 3
    assert [verify_backup(p, key=key).counts["work_order"] for p in backups.backups(db)] == [1, 1, 2]


def test_backup_to_a_place_of_choice_carries_its_own_folder_and_is_noted(db, catalogue, key, tmp_path):
    out = tmp_path / "U盘" / "带走.envdesk"
    with opened(db, catalogue, key) as store:
        backup(store, out)
        assert store.con.value("SELECT what FROM outgoing WHERE kind = 'backup'") == str(out)
        with pytest.raises(Refused) as e:
            backup(store, out)

    assert e.value.code == "db_exists"
    assert verify_backup(out, key=key).missing == ()
    assert len(list(attachments.stored(out.with_name(out.name + ".files")))) == 1


def test_backup_that_lacks_rows_does_not_count(db, catalogue, key, monkeypatch):
    with opened(db, catalogue, key) as store:
        real = store.con.execute

        def thief(sql, params=()):
            done = real(sql, params)
            if sql.startswith("VACUUM INTO"):
                from envdesk.sql import connect

                con = connect(params[0], key=key)
                con.execute("DELETE FROM change")
                con.execute("PRAGMA journal_mode = DELETE")
                con.close()
            return done

        monkeypatch.setattr(store.con, "execute", thief)
        with pytest.raises(Refused) as e:
            backup(store)

    assert e.value.code == "backup_broken"
    assert list((db.parent / "备份").iterdir()) == []


def test_missing_attachment_does_not_stop_a_backup(db, catalogue, key):
    with opened(db, catalogue, key) as store:
        next(attachments.stored(store.files_dir)).unlink()
        made = backup(store)

    assert len(made.missing) == 1
    assert verify_backup(made.path, key=key).missing == made.missing


def test_unwritable_place_is_refused(db, catalogue, key, tmp_path):
    (tmp_path / "x").write_text("")
    with opened(db, catalogue, key) as store, pytest.raises(Refused) as e:
        backup(store, tmp_path / "x" / "b.envdesk")

    assert e.value.code == "bad_path"


# -------------------------------------------------------------------------------------------------------------- ladder
def test_ladder_over_a_year_of_daily_work():
    times = [NOW - timedelta(days=d, hours=h) for d in range(500) for h in (0, 3)]

    kept = sorted(backups.ladder(times, NOW), reverse=True)

    ages = [(NOW - t).days for t in kept]
    assert [a for a in ages if a < 2] == [0, 0, 1, 1]
    assert sorted(set(ages[2:]))[:13] == list(range(1, 14))
    assert [a for a in ages if 14 <= a < 56] == [19, 20, 26, 33, 40, 47, 51, 54]  # Sundays and ends of month
    assert 9 <= len([a for a in ages if 56 <= a < 366]) <= 11
    assert max(ages) < 366


@given(st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)), min_size=1, max_size=60))
def test_newest_always_stays_and_thinning_twice_is_thinning_once(times):
    kept = backups.ladder(times, NOW)

    assert max(times) in kept
    assert backups.ladder(kept, NOW) == kept


def test_thinning_touches_dated_backups_of_this_file_only(data_dir):
    folder = data_dir / "备份"
    folder.mkdir()
    old = NOW - timedelta(days=600)
    dated = f"{old:%Y%m%d-%H%M%S}.envdesk"
    names = [
        f"台账-{dated}",
        f"台账-恢复前-{dated}",
        "台账-20261120-080000.envdesk",
        f"其他-{dated}",
        "台账-年底.envdesk",
    ]
    for name in names:
        (folder / name).write_text("")

    gone = backups.thin(data_dir / "台账.envdesk", NOW)

    assert [p.name for p in gone] == names[:1]
    assert sorted(p.name for p in folder.iterdir()) == sorted(names[1:])


# ------------------------------------------------------------------------------------------------------------- restore
def test_restore_gives_back_equal_content_and_keeps_what_was(db, catalogue, key, tmp_path):
    first = content(db, catalogue, key)
    with opened(db, catalogue, key) as store:
        made = backup(store)
        order(store, tmp_path, "后来的一件")
    later = content(db, catalogue, key)

    done = restore(made.path, db, key=key, clock=Clock(NOW))

    assert content(db, catalogue, key) == first
    assert done.kept.name == "台账-恢复前-20261120-090000.envdesk"
    assert verify_backup(done.kept, key=key).missing == ()
    restore(done.kept, db, key=key, clock=Clock(NOW))
    assert content(db, catalogue, key) == later


def test_restore_on_a_new_pc_brings_the_attachments(db, catalogue, key, tmp_path):
    before = content(db, catalogue, key)
    out = tmp_path / "b.envdesk"
    with opened(db, catalogue, key) as store:
        backup(store, out)

    done = restore(out, tmp_path / "新电脑" / "新.envdesk", key=key)

    assert (done.kept, done.attachments, done.missing) == (None, 1, ())
    assert content(done.path, catalogue, key) == before


def test_restore_over_a_damaged_file_and_its_journal(db, catalogue, key):
    before = content(db, catalogue, key)
    with opened(db, catalogue, key) as store:
        made = backup(store)
    damaged = bytes(random.Random(1).randbytes(5000))
    db.write_bytes(damaged)
    db.with_name(db.name + "-wal").write_bytes(b"remains")

    done = restore(made.path, db, key=key, clock=Clock(NOW))

    assert content(db, catalogue, key) == before
    assert done.kept.read_bytes() == damaged
    assert done.kept.with_name(done.kept.name + "-wal").read_bytes() == b"remains"
    assert len(list(attachments.stored(done.kept.with_name(done.kept.name + ".files")))) == 1


def test_restore_refuses_a_file_in_use(db, catalogue, key):
    with opened(db, catalogue, key) as store:
        made = backup(store)
        with pytest.raises(Refused) as e:
            restore(made.path, db, key=key)

    assert e.value.code == "db_locked"


def test_broken_backup_changes_nothing(db, catalogue, key):
    with opened(db, catalogue, key) as store:
        made = backup(store)
    good, before = made.path.read_bytes(), content(db, catalogue, key)
    for broken in (good[: len(good) // 2], good[:-4096] + bytes(4096), b"", b"text" * 100):
        made.path.write_bytes(broken)
        try:
            restore(made.path, db, key=key)
        except Refused as exc:
            assert exc.code in ("backup_broken", "db_key", "db_not_ours", "db_corrupt")  # noqa: PT017
        else:
            pytest.fail("restored a broken backup")
    assert content(db, catalogue, key) == before
    assert [p for p in db.parent.rglob("*") if ".tmp" in p.name] == []


@pytest.mark.parametrize("key", [KEY], indirect=True)
def test_wrong_key_is_said(db, catalogue, key):
    with opened(db, catalogue, key) as store:
        made = backup(store)
    for wrong in (None, bytes(32)):
        with pytest.raises(Refused) as e:
            verify_backup(made.path, key=wrong)
        assert e.value.code == "db_key"


@pytest.mark.parametrize("key", [None], indirect=True)
def test_plain_backup_from_before_encryption_restores_encrypted(db, catalogue, key):
    before = content(db, catalogue)
    with opened(db, catalogue, key) as store:
        made = backup(store)
    done = crypt.encrypt(db, KEY)
    assert done.plain_backups == (made.path,)
    with opened(db, catalogue, KEY) as store:
        backup(store)  # rewrites the shared copies encrypted

    assert verify_backup(made.path, key=KEY).missing == ()
    restore(made.path, db, key=KEY)

    assert is_encrypted(db)
    assert content(db, catalogue, KEY) == before


def test_crash_between_the_steps_leaves_a_whole_file(db, catalogue, key, monkeypatch, tmp_path):
    before = content(db, catalogue, key)
    with opened(db, catalogue, key) as store:
        made = backup(store)
        order(store, tmp_path, "后来的一件")
    later = content(db, catalogue, key)
    for step in ("export_copy", "_copy", "_drop_journal", "_play_journal"):

        def cut(*_args, **_kwargs):
            raise KeyboardInterrupt

        with monkeypatch.context() as m:
            m.setattr(backups, step, cut)
            with pytest.raises(KeyboardInterrupt):
                restore(made.path, db, key=key)
        assert content(db, catalogue, key) == later
    restore(made.path, db, key=key)
    assert content(db, catalogue, key) == before
