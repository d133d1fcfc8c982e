"""Before an upgrade: every data file this account works with is backed up, and a note says where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from filelock import FileLock

from envdesk import cli, paths
from envdesk.desk import office
from envdesk.store import account, attachments, backup, recent


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    for name in ("XDG_DATA_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "本机 数据"))


@pytest.fixture
def usual():
    path = paths.default_db()
    office.init(path, office="均禾街道")
    return path


@pytest.fixture
def other(data_dir):
    path = data_dir / "另一本 台账.envdesk"
    office.init(path, office="石门街道")
    recent.note(path)
    return path


@pytest.fixture
def known(capsys, tmp_path):
    """Run the verb as the installer does; returns exit code, JSON, stderr and the note."""

    def run():
        note = tmp_path / "本机 数据" / "备份说明.txt"
        code = cli.run(["backup", "--known", "--note", str(note), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out), err, note.read_text("utf-8-sig") if note.is_file() else None

    return run


def test_nothing_to_back_up_is_no_failure(known):
    assert known() == (0, [], "", None)


def test_all_files_worked_with_are_backed_up_and_proven(known, usual, other, data_dir):
    recent.note(data_dir / "已删除.envdesk")

    code, found, err, note = known()

    assert (code, err) == (0, "")
    assert [(f["path"], f["proven"]) for f in found] == [(str(usual), True), (str(other), True)]
    for db, kept in zip((usual, other), found, strict=True):
        assert backup.backups(db) == [Path(kept["out"])]
        backup.verify_backup(Path(kept["out"]))
        assert f"{db}：已备份并验证，在 {kept['out']}" in note.splitlines()


def test_encrypted_file_without_its_key_is_copied_as_it_lies(known, usual, data_dir):
    key = bytes(range(32))
    locked = data_dir / "加密.envdesk"
    office.init(locked, office="加密街道", key=key)
    with office.opened(locked, key=key) as desk:
        sha = attachments.keep(desk.store, b"%PDF-1.4 signed")
    recent.note(locked)

    code, found, err, note = known()

    assert (code, err) == (0, "")
    assert [f["proven"] for f in found] == [True, False]
    made = Path(found[1]["out"])
    assert backup.backups(locked) == [made]
    assert backup.verify_backup(made, key=key).office_name == "加密街道"
    assert attachments.place(backup.files_of(made), sha).is_file()
    assert f"原样复制到 {made}" in note
    assert account.kept(usual) is None


def test_damaged_file_is_copied_with_its_journal(known, data_dir):
    damaged = data_dir / "坏.envdesk"
    damaged.write_bytes(b"no database at all" * 100)
    damaged.with_name("坏.envdesk-wal").write_bytes(b"journal")
    recent.note(damaged)

    code, found, _err, _note = known()

    made = Path(found[0]["out"])
    assert (code, found[0]["proven"]) == (0, False)
    assert made.read_bytes() == damaged.read_bytes()
    assert made.with_name(made.name + "-wal").read_bytes() == b"journal"


def test_file_somebody_writes_to_is_no_success(known, usual, other):
    with FileLock(f"{other}.lock"):
        code, found, err, note = known()

    assert code == 1
    assert [bool(f["out"]) for f in found] == [True, False]
    assert "db_locked" in err
    assert f"{other}：没有备份成功。" in note
    assert backup.backups(usual)
