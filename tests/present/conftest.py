"""A small office of 2026-10-09: made once, copied for each test."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import small_office


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The closed file, and the ids in it by nickname."""
    path = tmp_path_factory.mktemp("小办") / "台账.envdesk"
    return path, small_office.build(path)


@pytest.fixture
def ids(made):
    """Ids of the records by nickname."""
    return made[1]


@pytest.fixture
def desk(made, data_dir):
    """A desk on a fresh copy."""
    path = data_dir / "台账.envdesk"
    shutil.copyfile(made[0], path)
    opened = small_office.reopen(path)
    yield opened
    opened.store.close()


@pytest.fixture
def empty(data_dir):
    """A desk on a file as ``init`` leaves it."""
    opened = small_office.init(data_dir / "空.envdesk")
    yield opened
    opened.store.close()
