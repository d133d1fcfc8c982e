"""The files an upgrade backs up: the usual one and those worked with last."""

from __future__ import annotations

import pytest

from envdesk import paths
from envdesk.store import recent


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    for name in ("XDG_DATA_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "本机 数据"))


def test_usual_file_is_known_without_a_list():
    assert recent.known() == [paths.default_db().absolute()]


def test_last_file_stands_first_and_each_once(data_dir):
    for name in ("甲.envdesk", "乙.envdesk", "甲.envdesk"):
        recent.note(data_dir / name)

    assert recent.known()[1:] == [data_dir / "甲.envdesk", data_dir / "乙.envdesk"]


def test_old_ones_are_forgotten(data_dir):
    for n in range(recent.MOST + 3):
        recent.note(data_dir / f"{n}.envdesk")

    assert [p.stem for p in recent.known()[1:]] == [str(n) for n in range(recent.MOST + 2, 2, -1)]


def test_broken_list_counts_as_empty(data_dir):
    recent.note(data_dir / "甲.envdesk")
    (paths.user_data_dir() / recent.NAME).write_text('{"no": "list"', "utf-8")

    assert len(recent.known()) == 1
    recent.note(data_dir / "乙.envdesk")
    assert recent.known()[1:] == [data_dir / "乙.envdesk"]


def test_list_that_cannot_be_written_stops_nobody(data_dir):
    folder = paths.user_data_dir()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be", "utf-8")
    try:
        recent.note(data_dir / "甲.envdesk")
        assert len(recent.known()) == 1
    finally:
        folder.unlink()
