"""The check finds what was changed behind the program's back, and nothing else."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import pytest

from envdesk import paths
from envdesk.clock import Clock
from envdesk.formdef import loader
from envdesk.sql import connect
from envdesk.store import attachments, check as checks, file
from envdesk.store.check import check
from envdesk.store.save import add, edit, void
from envdesk.store.undo import undo


@pytest.fixture(scope="module")
def catalogue():
    return loader.load([paths.forms_dir()])


@pytest.fixture
def store(data_dir, catalogue, tmp_path):
    clock = Clock(datetime(2026, 11, 20, 9, 0))
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    with file.create(data_dir / "a.envdesk", catalogue, office="均禾街", clock=clock, who="李敏") as opened:
        subject = {"types": ["工业企业"], "name": "均禾鞋厂", "address": "均禾路1号", "industry": "制鞋",
                   "register_from": "2026-01-01"}  # fmt: skip
        order = {"source": "来信", "received_at": "2026-11-02", "content": "异味", "pollution": ["大气-油烟"],
                 "files": ["a.pdf"]}  # fmt: skip
        visit = {"visit_date": "2026-11-03", "people": ["李敏", "王五"], "subject_id": "均禾鞋厂", "warnings": "accept",
                 "findings": [{"desc": "台账不全", "action": "限期整改"}]}  # fmt: skip
        for form, raw in (("subject", subject), ("work_order", order), ("inspection", visit)):
            done = add(opened, form, [raw], base_dir=tmp_path)
            assert not done.refused, done.problems
        yield opened


def codes(store, **options):
    return sorted({p.code for p in check(store, **options)})


def test_a_working_office_holds(store):
    rec = store.con.value("SELECT id FROM t_work_order")
    edit(store, "work_order", rec, {"kind": "投诉", "files": None})
    undo(store)
    void(store, "work_order", rec, "误录")

    assert check(store) == []


def test_changed_value_is_found(store):
    store.con.execute("UPDATE t_work_order SET content = '改过'")

    found = check(store)

    assert [p.code for p in found] == ["check_record"]
    assert "GD-2026-0001" in found[0].message


def test_changed_row_of_a_list_is_found(store):
    store.con.execute("UPDATE t_inspection__findings SET \"desc\" = '改过'")

    assert codes(store) == ["check_record"]


def test_removed_row_of_a_shared_record_is_found(store):
    store.con.execute("DELETE FROM t_outing__people WHERE pos = 1")

    assert codes(store) == ["check_record"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE operation SET who = '别人' WHERE no = 2",
        "UPDATE operation SET at = '2020-01-01' WHERE no = 1",
        "UPDATE change SET new = '\"x\"' WHERE op = 2 AND seq = 1",
        "DELETE FROM change WHERE op = 1 AND seq = 1",
    ],
)
def test_changed_history_is_found(store, sql):
    store.con.execute("PRAGMA foreign_keys = OFF")
    store.con.execute(sql)

    assert codes(store) == ["check_chain"]


def test_removed_operation_is_found(store):
    store.con.execute("PRAGMA foreign_keys = OFF")
    store.con.execute("DELETE FROM operation WHERE no = 2")

    assert codes(store) == ["check_chain", "check_reference"]


def test_dangling_reference_is_found(store):
    store.con.execute("PRAGMA foreign_keys = OFF")
    store.con.execute("DELETE FROM t_subject")

    assert codes(store) == ["check_reference"]


def test_unknown_form_version_is_found(store):
    store.con.execute("DELETE FROM form_version WHERE form = 'subject'")

    assert codes(store) == ["check_version"]


def test_lost_and_damaged_attachments_are_found(store):
    path = next(attachments.stored(store.files_dir))
    path.write_bytes(b"%PDF-1.5")
    assert codes(store) == ["attachment_broken"]
    assert codes(store, deep=False) == []
    path.unlink()
    assert codes(store, deep=False) == ["attachment_missing"]


def test_damaged_page_is_found(store, tmp_path, catalogue):
    copy = tmp_path / "b.envdesk"
    store.con.execute("VACUUM INTO ?", (str(copy),))
    con = connect(copy)
    root = con.value("SELECT rootpage FROM sqlite_schema WHERE name = 'ix_change_rec'")
    con.close()
    with copy.open("rb+") as f:
        f.seek((root - 1) * 4096 + 8)
        f.write(bytes(60))

    with file.open_store(copy, catalogue) as damaged:
        assert "db_corrupt" in codes(damaged, deep=False)


def test_many_findings_are_counted(store, monkeypatch):
    monkeypatch.setattr(checks, "MOST", 1)
    store.con.execute("UPDATE t_work_order SET content = '改过'")
    store.con.execute("UPDATE t_subject SET name = '改过'")

    assert [p.code for p in check(store)] == ["check_record", "check_more"]


def test_chain_of_rare_hanzi_is_the_same_under_every_python(store):
    """How ``repr`` writes 𮯰 depends on the Unicode tables of the Python that runs; the chain must not."""
    add(store, "subject", [{"types": ["其他"], "name": "\U0002ebf0厂", "address": "x", "register_from": "2026-01-01"}])
    rec = store.con.value("SELECT id FROM t_subject ORDER BY record_no DESC")
    edit(store, "subject", rec, {"name": "\U0002ebf0\U00031350厂"})
    no = store.con.value("SELECT max(no) FROM operation")
    head = store.con.one(
        "SELECT no, verb, form, who, at, utc, why, program, undoes, previous FROM operation WHERE no = ?", (no,)
    )
    changes = store.con.query("SELECT seq, form, rec, field, old, new FROM change WHERE op = ? ORDER BY seq", (no,))
    text = "".join(json.dumps(part) for part in (head, *changes))

    assert text.isascii()
    assert (
        store.con.value("SELECT hash FROM operation WHERE no = ?", (no,)) == hashlib.sha256(text.encode()).hexdigest()
    )
