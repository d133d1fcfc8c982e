"""The catalogue of the last start: quick, never a stale one, and no harm from a broken one."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from envdesk import paths
from envdesk.errors import Refused
from envdesk.formdef import kept, loader

FORM = """id = "probe"
title = "试表"
prefix = "QQ"
help = "一张"
[[section]]
title = "一"
[[section.field]]
key = "name"
label = "名称"
type = "text"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "user_data_dir", lambda: tmp_path / "data")
    made = tmp_path / "forms"
    made.mkdir()
    (made / "probe.toml").write_text(FORM, encoding="utf-8")
    return made


@pytest.fixture
def compiled(monkeypatch):
    """How often the definitions were compiled."""
    calls = []
    monkeypatch.setattr(loader, "load", lambda folders, load=loader.load: calls.append(1) or load(folders))
    return calls


def files():
    return sorted((paths.user_data_dir() / kept.FOLDER).glob("*"))


def test_the_same_files_are_compiled_once(compiled, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "user_data_dir", lambda: tmp_path)
    first, second = kept.load([paths.forms_dir()]), kept.load([paths.forms_dir()])
    assert len(compiled) == 1
    assert first == second == loader.load([paths.forms_dir()])
    assert second.forms["work_order"].field("received_at") == first.forms["work_order"].field("received_at")


def test_one_byte_of_a_form_makes_another_catalogue(folder, compiled):
    assert kept.load([folder]).forms["probe"].title == "试表"
    before = (folder / "probe.toml").stat()
    (folder / "probe.toml").write_text(FORM.replace("试表", "式表"), encoding="utf-8")
    os.utime(folder / "probe.toml", ns=(before.st_atime_ns, before.st_mtime_ns))  # neither time nor size tell
    assert kept.load([folder]).forms["probe"].title == "式表"
    (folder / "more.toml").write_text(FORM.replace("probe", "more").replace("QQ", "QR"), encoding="utf-8")
    assert set(kept.load([folder]).forms) == {"probe", "more"}
    assert len(compiled) == 3


def test_another_program_takes_no_catalogue_of_this_one(folder, compiled, monkeypatch):
    kept.load([folder])
    monkeypatch.setattr(kept, "__version__", "99.0")
    kept.load([folder])
    assert len(compiled) == 2


def test_mistakes_are_told_at_every_start(folder):
    kept.load([folder])
    (folder / "probe.toml").write_text(FORM.replace("label", "lable"), encoding="utf-8")
    for _again in range(2):
        with pytest.raises(Refused) as caught:
            kept.load([folder])
        assert any("lable" in p.message for p in caught.value.all_problems())


@pytest.mark.parametrize("break_it", [
    lambda _b: b"",
    lambda b: b[:-1],
    lambda b: b[:200] + bytes([b[200] ^ 1]) + b[201:],
    lambda b: bytes(len(b)),
], ids=["empty", "short", "one bit", "zeros"])  # fmt: skip
def test_a_broken_one_is_passed_over_and_made_anew(folder, compiled, break_it):
    good = kept.load([folder])
    (file,) = files()
    content = file.read_bytes()
    file.write_bytes(break_it(content))
    assert kept.load([folder]) == good
    assert file.read_bytes() == content
    assert len(compiled) == 2


def test_nothing_but_definitions_is_made_of_it(folder, tmp_path):
    class Harm:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "harm"),)

    good = kept.load([folder])
    (file,) = files()
    for value in (Harm(), {"no": "catalogue"}):
        content = pickle.dumps(value)
        file.write_bytes(hashlib.sha256(content).digest() + content)
        assert kept.load([folder]) == good
    assert not (tmp_path / "harm").exists()


def test_a_folder_that_cannot_be_written_costs_only_time(folder, compiled):
    paths.user_data_dir().write_text("a file in its place")
    for _again in range(2):
        assert set(kept.load([folder]).forms) == {"probe"}
    assert len(compiled) == 2


def test_few_are_kept(folder):
    for n in range(kept.MOST + 3):
        (folder / "probe.toml").write_text(FORM.replace("一张", f"第 {n} 张"), encoding="utf-8")
        kept.load([folder])
    assert len(files()) == kept.MOST


def test_starts_at_once_do_not_disturb_each_other(folder):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _n: kept.load([folder]), range(16)))
    assert all(f == found[0] for f in found)
    assert [f.suffix for f in files()] == [".bin"]
    assert kept.load([folder]) == found[0]


def test_a_start_reads_nothing_it_does_not_use():
    """What once made a start slow."""
    code = (
        "import sys, envdesk.desk.office\n"
        "print(*[m for m in ('sqlite_utils', 'click', 'cryptography', 'sqlglot', 'babel', 'jinja2', 'pypinyin',"
        " 'envdesk.formdef.loader', 'envdesk.formdef.compile') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
