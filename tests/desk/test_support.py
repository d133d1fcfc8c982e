"""What goes to a technician holds nothing of anybody."""

from __future__ import annotations

import json
import zipfile

import pytest

from envdesk.cli import run
from envdesk.desk import office, records, support
from envdesk.errors import Refused

SECRETS = ("均禾街道综合执法办", "王小明", "13800138000", "石马路8号", "刺激性气味", "李敏")


@pytest.fixture
def file(data_dir):
    path = data_dir / "台账.envdesk"
    office.init(path, office=SECRETS[0], district="白云区", operator="李敏")
    with office.opened(path, operator="李敏") as desk:
        order = {
            "order_no": "YL2610090001", "source": "12345", "kind": "投诉", "received_at": "2026-10-09T09:00",
            "content": "王小明 13800138000 石马路8号 反映刺激性气味", "warnings": "accept",
        }  # fmt: skip
        assert not records.add(desk, "work_order", [order]).value.refused
        office.set_setting(desk, "staff_count", "7")
    return path


def everything(path):
    with zipfile.ZipFile(path) as pack:
        return {name: pack.read(name).decode("utf-8") for name in pack.namelist()}


def test_archive_counts_and_names_nobody(file, data_dir):
    logs = data_dir / "logs"
    logs.mkdir()
    (logs / "envdesk.log").write_text("2026-10-09 INFO envdesk opened\n", "utf-8")
    (logs / "envdesk.log.1").write_text("2026-10-08 INFO envdesk opened\n", "utf-8")
    (logs / "faults.log").write_text('File "C:\\Users\\王小明\\AppData\\Local\\x.py", line 3\n', "utf-8")
    with office.opened(file) as desk:
        made = support.collect(data_dir / "支持 信息", desk, logs=logs, error="ValueError: 王小明\n  envdesk/x.py:3 f")

    found = everything(made)

    assert made.name == "支持 信息.zip"
    assert set(found) == {"说明.txt", "facts.json", "error.txt", "envdesk.log", "envdesk.log.1", "faults.log"}
    facts = json.loads(found["facts.json"])
    assert facts["file"]["rows"]["t_work_order"] == 1
    assert facts["file"]["settings"] == {"staff_count": "7"}
    assert facts["file"]["problems"] == []
    assert facts["libraries"]["sqlcipher3"]
    for secret in SECRETS:
        assert secret not in "".join(found.values())
    assert "x.py" in found["faults.log"]


def test_archive_is_made_by_a_verb_and_never_over_the_file(file, data_dir, capsys):
    out = data_dir / "支持.zip"

    assert run(["--db", str(file), "support", "--out", str(out)]) == 0
    assert "facts.json" in everything(out)
    assert str(out) in capsys.readouterr().out
    with office.opened(file) as desk, pytest.raises(Refused) as refused:
        support.collect_for(desk, file)
    assert refused.value.code == "db_exists"


def test_archive_without_a_file_still_tells_versions(data_dir):
    made = support.collect(data_dir / "a.zip", logs=data_dir / "none", more={"qt": "6.11.3"})

    facts = json.loads(everything(made)["facts.json"])
    assert (facts["qt"], "file" in facts) == ("6.11.3", False)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (r'File "C:\Users\Li Min\AppData\x.py"', r'File "C:\Users\□\AppData\x.py"'),
        ("/home/limin/envdesk/x.py", "/home/□/envdesk/x.py"),
        ("open 石马路8号 failed", "open □8□ failed"),
    ],
)
def test_paths_and_words_are_cleaned(said, kept):
    assert support.clean(said) == kept
