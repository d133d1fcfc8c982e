"""Makes the helpers importable, and gives every test a fresh office file (copied: making one takes half a second)."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from office import Office


@pytest.fixture(scope="session")
def new_file(tmp_path_factory):
    """A file as ``init`` leaves it."""
    path = tmp_path_factory.mktemp("模板") / "空.envdesk"
    Office(path).run("init", "--office", "均禾街道综合执法办", "--code", "JH", "--district", "白云区")
    return path


@pytest.fixture
def office(new_file, data_dir):
    """A new office of today = 2024-12-31 with one grid."""
    made = Office(data_dir / "台账.envdesk")
    shutil.copy(new_file, made.db)
    made.add("grid", {"code": "G1", "name": "石马", "kind": "联社"})
    return made
