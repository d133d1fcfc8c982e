"""Opening: what is not ours, not safe or not free is refused with its sentence; what a killed process left is recovered."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import filelock
import making
import pytest

from envdesk import sql
from envdesk.errors import MESSAGES, Refused
from envdesk.store import attachments, backup, file
from envdesk.store.file import check_place, open_store

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("开") / "台账.envdesk"
    with making.make(path) as store:
        making.put(store, "work_order", making.order("A1", "2026-10-12"))
    return path


@pytest.fixture
def path(template, data_dir):
    return making.copy_of(template, data_dir / "台账.envdesk")


def refused(path: Path, *, same: bool = True, **more) -> Refused:
    before = path.read_bytes() if same and path.is_file() else None
    with pytest.raises(Refused) as caught:
        making.reopen(path, **more).close()
    assert before is None or path.read_bytes() == before, "a refused file was changed"
    assert str(caught.value)
    assert "{" not in str(caught.value)
    return caught.value


@contextmanager
def other_program(path: Path) -> Iterator:
    """A database as another program opens it: without our settings."""
    con = sql.connect(path, foreign=True)
    yield con
    con.close()


# ------------------------------------------------------------------------------------------------------------- refused
def test_a_file_that_is_not_there(data_dir):
    found = refused(data_dir / "没有.envdesk")
    assert found.code == "db_missing"
    assert "没有.envdesk" in str(found)
    assert not list(data_dir.iterdir())


def test_a_folder(data_dir):
    (data_dir / "台账.envdesk").mkdir()
    assert refused(data_dir / "台账.envdesk").code == "db_missing"


def test_a_file_of_a_newer_program(path):
    with other_program(path) as con:
        con.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('envdesk', '0999_later', 'x')"
        )
    found = refused(path)
    assert found.code == "db_newer"
    assert "升级" in str(found)
    refused(path)  # and again: the lock of the first try is gone


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"PK\x03\x04" + bytes(508),
        bytes(4096),
        "第一行\n第二行".encode("gbk"),
        b"SQLite format 3\0" + bytes(1008),
    ],
    ids=["empty", "short", "zip", "zeros", "text", "header only"],
)
def test_a_file_of_something_else(data_dir, content):
    target = data_dir / "台账.envdesk"
    target.write_bytes(content)
    assert refused(target).code in {"db_not_ours", "db_key", "db_corrupt"}
    assert {p.name for p in data_dir.iterdir()} <= {"台账.envdesk", "台账.envdesk.lock"}


@pytest.mark.parametrize("tables", [(), ("meta (key, value)",), ("other (a)",)], ids=["none", "meta", "other"])
def test_a_database_of_another_program(data_dir, tables):
    target = data_dir / "别的.db"
    with other_program(target) as con:
        for table in ("x (a)", *tables):
            con.execute(f"CREATE TABLE {table}")
    found = refused(target)
    assert found.code == "db_not_ours"
    assert "别的.db" in str(found)


def test_a_wrong_or_missing_key(data_dir):
    target = data_dir / "密.envdesk"
    making.make(target, key=KEY).close()
    for key in (None, OTHER):
        found = refused(target, key=key)
        assert found.code == "db_key"
        assert str(found) == MESSAGES["db_key"]
    with making.reopen(target, key=KEY) as store:
        assert store.meta("application") == "envdesk"


def test_a_key_for_a_plain_file(path):
    assert refused(path, key=KEY).code == "db_key"


def test_a_file_is_not_made_over_another(path):
    before = path.read_bytes()
    with pytest.raises(Refused) as caught:
        making.make(path)
    assert caught.value.code == "db_exists"
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written(data_dir):
    (data_dir / "卷").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(Refused) as caught:
        making.make(data_dir / "卷" / "台账.envdesk")
    assert caught.value.code == "bad_path"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder this user may not write")
def test_a_folder_that_may_only_be_read(path):
    path.parent.chmod(0o500)
    try:
        assert refused(path).code in {"bad_path", "db_readonly"}
    finally:
        path.parent.chmod(0o700)


def test_a_lock_that_cannot_be_written(path, monkeypatch):
    """As root may write everywhere, the refusal of the system is played."""

    def deny(*_args, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(filelock.FileLock, "acquire", deny)
    found = refused(path)
    assert found.code == "bad_path"
    assert "Permission denied" in str(found)


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        (r"\\server\share\台账.envdesk", "网络位置"),
        ("//server/share/台账.envdesk", "网络位置"),
        ("/home/u/坚果云/台账.envdesk", "同步盘"),
        ("/home/u/我的坚果云/台账.envdesk", "同步盘"),
        ("/home/u/OneDrive/台账.envdesk", "同步盘"),
        ("/home/u/OneDrive - 街道/数据/台账.envdesk", "同步盘"),
        ("/home/u/Nutstore Files/台账.envdesk", "同步盘"),
        ("/home/u/BaiduSyncdisk/台账.envdesk", "同步盘"),
        ("/home/u/Dropbox/台账.envdesk", "同步盘"),
        ("/home/u/WPSDrive/123/台账.envdesk", "同步盘"),
        ("/home/u/iCloudDrive/台账.envdesk", "同步盘"),
    ],
)
def test_network_places_and_folders_of_sync_programs(place, kind):
    with pytest.raises(Refused) as caught:
        check_place(Path(place))
    assert caught.value.code == "db_network"
    assert kind in str(caught.value)


@pytest.mark.parametrize("place", ["/home/u/环保 台账/台账.envdesk", "/home/u/wps/台账.envdesk", "/data/onedoor/x"])
def test_ordinary_folders_pass(place):
    said = ""
    try:
        check_place(Path(place))
    except Refused as exc:
        said = str(exc)
    assert said == ""


def test_longest_path_leaves_room_for_all_that_is_made_beside_it():
    db = Path("台" * (file.LONGEST_PATH - len(".envdesk")) + ".envdesk")
    copy = backup.default_folder(db) / f"{db.stem}-20261129-090000.envdesk"
    kept = backup.default_folder(db) / f"{db.stem}-{backup.ASIDE}-20261129-090000-10.envdesk-wal"
    photo = attachments.temporary(attachments.place(backup.files_of(copy), "a" * 64))

    assert max(len(str(photo)), len(str(attachments.temporary(kept)))) <= 259


@pytest.mark.parametrize("letter", ["深", "𬭎"])
def test_windows_path_that_is_too_deep_for_attachments(monkeypatch, letter):
    monkeypatch.setattr(file.sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=SimpleNamespace(GetDriveTypeW=lambda _d: 3)), False)
    units = len(letter.encode("utf-16-le")) // 2
    room = file.LONGEST_PATH - len(str(Path("/x/.envdesk").absolute()))
    fits = Path(f"/{letter * (room // units)}/.envdesk")

    check_place(fits)
    with pytest.raises(Refused) as caught:
        check_place(fits.parent / f"{letter * 2}.envdesk")
    assert caught.value.code == "db_deep"


@pytest.mark.skipif(sys.platform == "win32", reason="reads /proc/mounts")
@pytest.mark.parametrize(("mount", "passes"), [("/mnt/nas", False), ("/mnt/na", True)])
def test_a_mounted_network_drive(monkeypatch, mount, passes):
    lines = f"/dev/sda1 / ext4 rw 0 0\n//nas/data {mount} cifs rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda *_a, **_k: lines)
    if passes:
        check_place(Path("/mnt/nas/台账.envdesk"))
        return
    with pytest.raises(Refused) as caught:
        check_place(Path("/mnt/nas/台账.envdesk"))
    assert caught.value.code == "db_network"


def test_init_and_open_both_look_at_the_place(template, data_dir):
    synced = data_dir / "坚果云"
    synced.mkdir()
    copy = making.copy_of(template, synced / "台账.envdesk")
    assert refused(copy).code == "db_network"
    with pytest.raises(Refused) as caught:
        making.make(synced / "新.envdesk")
    assert caught.value.code == "db_network"
    assert [p.name for p in synced.iterdir()] == ["台账.envdesk"]


def test_every_refusal_has_its_sentence():
    codes = {"db_missing", "db_exists", "db_newer", "db_not_ours", "db_locked", "db_corrupt", "db_key", "db_network",
             "db_readonly", "disk_full", "bad_path"}  # fmt: skip
    assert codes <= MESSAGES.keys()


# ----------------------------------------------------------------------------------------------------- a second process
HOLD = """
import sys
from pathlib import Path
import filelock
import making
store = making.reopen(Path(sys.argv[1]))
store.con.execute("BEGIN IMMEDIATE")
store.con.execute("UPDATE setting SET value = 'unfinished' WHERE key = 'office_name'")
print("open", flush=True)
sys.stdin.readline()
"""


def child(code: str, *args: object) -> subprocess.Popen[str]:
    """A second process with the helpers of these tests."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, args)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=Path(__file__).parent,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(Path(file.__file__).parents[2])])},
    )  # fmt: skip


def test_a_file_that_another_process_holds_and_then_leaves(path, monkeypatch):
    monkeypatch.setattr(file.take_lock, "__defaults__", (0.2,))
    with child(HOLD, path) as other:
        assert other.stdout.readline().strip() == "open"
        with pytest.raises(Refused) as caught:
            making.reopen(path)
        assert caught.value.code == "db_locked"
        other.kill()
        other.wait()
    with making.reopen(path) as store:  # the lock of a dead process is no lock, and its half transaction is gone
        assert store.con.value("SELECT value FROM setting WHERE key = 'office_name'") == "均禾街"
        assert making.faults(store) == []


WRITE = """
import sys
from pathlib import Path
import filelock
import making
store = making.reopen(Path(sys.argv[1]))
for n in range(5):
    making.put(store, "work_order", making.order(f"W{n}", "2026-10-13"))
    print(n, flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("lose", ["-shm", None], ids=["without its index", "whole"])
def test_what_a_killed_process_left_beside_the_file_is_read(path, lose):
    with child(WRITE, path) as other:
        assert [other.stdout.readline().strip() for _ in range(5)] == list("01234")
        other.kill()
        other.wait()
    wal = path.with_name(path.name + "-wal")
    assert wal.stat().st_size > 0
    if lose:
        path.with_name(path.name + lose).unlink()
    with making.reopen(path) as store:
        assert [n for (n,) in store.con.query("SELECT order_no FROM t_work_order ORDER BY 1")] == [
            "A1", "W0", "W1", "W2", "W3", "W4"]  # fmt: skip
        assert making.faults(store) == []
    assert not wal.exists()


@pytest.mark.parametrize("cut", [1, 24, 4096, 5000], ids=str)
def test_a_torn_tail_of_the_log_loses_only_what_was_not_confirmed(path, cut):
    """The end of a log that was being written when the power went: everything before its last whole transaction stays."""
    with child(WRITE, path) as other:
        for _ in range(5):
            other.stdout.readline()
        other.kill()
        other.wait()
    wal = path.with_name(path.name + "-wal")
    whole = wal.read_bytes()
    wal.write_bytes(whole[:-cut] + bytes(cut))
    path.with_name(path.name + "-shm").unlink()
    with making.reopen(path) as store:
        found = [n for (n,) in store.con.query("SELECT order_no FROM t_work_order ORDER BY 1")]
        assert found in (["A1", "W0", "W1", "W2", "W3"], ["A1", "W0", "W1", "W2", "W3", "W4"])
        assert making.faults(store) == []


# -------------------------------------------------------------------------------------------------------- as designed
@pytest.mark.durable
@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "encrypted"])
def test_settings_of_the_connection(data_dir, key):
    def pragmas(con) -> dict:
        names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "recursive_triggers", "temp_store")
        return {n: con.value(f"PRAGMA {n}") for n in names}

    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "recursive_triggers": 1,
              "temp_store": 2}  # fmt: skip
    target = data_dir / "台账.envdesk"
    with making.make(target, key=key) as store:
        assert pragmas(store.con) == wanted
    with making.reopen(target, key=key) as store:
        assert pragmas(store.con) == wanted
    assert (target.read_bytes()[:16] == b"SQLite format 3\0") == (key is None)


def test_the_binding_is_one_for_all():
    assert sql.binding.sqlite_version_info >= (3, 50)
    store = sql.connect(":memory:")
    assert store.db.conn is store.raw
    store.close()


def test_closing_leaves_one_file(path):
    making.reopen(path).close()
    assert {p.name for p in path.parent.iterdir()} <= {"台账.envdesk", "台账.envdesk.lock"}


def test_an_open_file_is_opened_again_without_a_change(path):
    making.reopen(path).close()
    before = path.read_bytes()
    for _ in range(2):
        making.reopen(path).close()
    assert path.read_bytes() == before


def test_a_file_that_was_refused_can_be_moved_and_deleted(path):
    """Nothing keeps it open (on Windows an open file can not be deleted)."""
    path.write_bytes(b"no database " * 512)
    refused(path)
    for entry in Path("/proc/self/fd").iterdir() if sys.platform == "linux" else ():
        assert not os.path.realpath(entry).startswith(str(path))
    shutil.move(path, path.with_name("别处"))


def test_a_file_opens_with_the_forms_it_was_made_with(path):
    with open_store(path, making.catalogue(), clock=making.CLOCK) as store:
        assert store.con.value("SELECT count(*) FROM t_work_order") == 1
        assert file.changed_forms(store) == []


KEEP = """
import sys
from pathlib import Path
import filelock
import making
store = making.reopen(Path(sys.argv[1]), key=bytes(range(32)))
making.put(store, "work_order", making.order("W", "2026-10-13"))
print("done", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("key", [None, OTHER], ids=["no key", "wrong key"])
def test_a_refused_try_does_not_cost_what_a_killed_process_confirmed(data_dir, key):
    """Closing a file, SQLite brings its log home even when it could not read the file: page by page, as they are."""
    target = data_dir / "密.envdesk"
    making.make(target, key=KEY).close()
    with child(KEEP, target) as other:
        assert other.stdout.readline().strip() == "done"
        other.kill()
        other.wait()
    for _ in range(2):
        assert refused(target, key=key, same=False).code == "db_key"
    with making.reopen(target, key=KEY) as store:
        assert store.con.query("SELECT order_no FROM t_work_order") == [("W",)]
        assert making.faults(store) == []


def test_a_creation_cut_short_leaves_nothing_in_the_way(data_dir, monkeypatch):
    catalogue, path = making.catalogue(), data_dir / "新 台账.envdesk"
    with monkeypatch.context() as patch:
        patch.setattr(file, "sync_forms", lambda _store: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            file.create(path, catalogue, office="均禾")
    assert [p.name for p in data_dir.iterdir() if not p.name.endswith(".lock")] == []
    (path.with_name(path.name + ".new")).write_bytes(b"left by a power cut")
    with file.create(path, catalogue, office="均禾") as made:
        assert made.con.value("PRAGMA journal_mode") == "wal"
    with file.open_store(path, catalogue) as again:
        assert again.meta("role") == "street"
