"""上报."""

import shutil
from types import SimpleNamespace

import small_office as o

from envdesk.present import handover as h


def status(state):
    return {x.id: x.status for x in state.steps()}


def test_the_steps_of_last_month(desk):
    state = h.start(desk)
    assert (state.period, state.title) == ("2026-09", "2026年9月")
    found = status(state)
    assert found["check"] in ("done", "warn")
    assert (found["sealed"], found["masked"], found["write"]) == ("warn", "done", "next")
    assert (found["verified"], found["receipt"]) == ("later", "later")
    assert [m.fields for m in state.masked if m.form == "work_order"] == [("诉求人", "诉求人电话")]
    assert h.file_name(desk, state) == "均禾街道综合执法办 2026年9月.envpack"


def test_bare_masks_the_subjects_too(desk):
    bare = h.choose(desk, h.start(desk), bare=True)
    assert "联系电话" in next(m.fields for m in bare.masked if m.form == "subject")


def test_written_and_read_back(desk, tmp_path):
    from envdesk.desk.seals import seal

    seal(desk, "2026-09")
    state = h.start(desk)
    assert state.is_sealed
    state = h.write(desk, state, tmp_path / h.file_name(desk, state))
    assert status(state) | {"check": ""} == {
        "check": "", "sealed": "done", "masked": "done", "write": "done", "verified": "next", "receipt": "later",
    }  # fmt: skip
    state = h.read_back(state)
    found = {x.id: x for x in state.steps()}
    assert (found["verified"].status, found["receipt"].status) == ("done", "next")
    assert found["verified"].words.startswith("读回一致，校验值 ")
    assert "条记录" in found["write"].words


def test_a_file_that_was_changed_on_the_stick_is_noticed(desk, tmp_path):
    state = h.write(desk, h.start(desk), tmp_path / "报.envpack")
    data = bytearray(state.file.read_bytes())
    data[len(data) // 2] ^= 1
    state.file.write_bytes(data)
    again = h.read_back(state)
    assert again.again is None
    assert again.problem is not None


def test_a_passphrase_is_needed_to_read_it(desk, tmp_path):
    state = h.write(desk, h.start(desk), tmp_path / "密.envpack", "均禾2026九月报")
    assert state.encrypted
    assert h.read_back(state, "别的").problem is not None
    assert h.read_back(state, "均禾2026九月报").again is not None


def test_too_little_room_is_said_before_anything_is_written(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _p: SimpleNamespace(total=10, used=0, free=4 * 2**20))
    state = h.write(desk, h.start(desk), tmp_path / "报.envpack")
    assert not (tmp_path / "报.envpack").exists()
    assert state.problem.message.startswith("U盘已满，还差 ")
    assert state.problem.message.endswith(" MB，记录没有丢失。")
    assert status(state)["write"] == "stop"


def test_a_place_that_can_not_be_written_comes_back_as_a_problem(desk, tmp_path):
    (tmp_path / "报.envpack").write_text("别的文件")
    state = h.write(desk, h.start(desk), tmp_path / "报.envpack")
    assert (state.problem.code, state.written) == ("db_exists", None)
    assert (tmp_path / "报.envpack").read_text() == "别的文件"
    assert o.WHO
