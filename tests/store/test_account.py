"""An encrypted file opens for the account that encrypted it, and for nobody else."""

from __future__ import annotations

import sys

import pytest

from envdesk.desk import keeping, office
from envdesk.errors import Refused
from envdesk.store import account
from envdesk.store.file import is_encrypted

PHRASE = "清远 河涌 九月 二十一"


@pytest.fixture
def windows(monkeypatch):
    """An account that can wrap; another one cannot unwrap what it wrapped."""
    who = {"name": b"limin"}

    def wrap(key):
        return who["name"] + b":" + key[::-1]

    def unwrap(wrapped):
        name, _colon, key = wrapped.partition(b":")
        return key[::-1] if name == who["name"] else None

    monkeypatch.setattr(account, "wrap", wrap)
    monkeypatch.setattr(account, "unwrap", unwrap)
    return who


@pytest.fixture
def encrypted(data_dir, windows):  # noqa: ARG001 - encrypted by that account
    db, phrase = data_dir / "台账.envdesk", data_dir / "口令.txt"
    phrase.write_text(PHRASE, "utf-8")
    office.init(db, office="均禾街道")
    keeping.encrypt(db, phrase)
    return db


def test_the_same_account_needs_no_passphrase(encrypted):
    assert is_encrypted(encrypted)
    with office.opened(encrypted) as desk:
        assert desk.store.key is not None
        assert office.setting(desk, "office_name") == "均禾街道"
    assert PHRASE not in account.place(encrypted).read_text("utf-8")


def test_another_account_needs_it(encrypted, windows, data_dir):
    windows["name"] = b"other"

    with pytest.raises(Refused) as refused, office.opened(encrypted):
        pass
    assert refused.value.code == "db_key"
    with office.opened(encrypted, key_file=data_dir / "口令.txt") as desk:
        assert office.setting(desk, "office_name") == "均禾街道"


@pytest.mark.parametrize("text", ["", "破损", account.HEAD + "no base64!", account.HEAD])
def test_a_broken_key_is_no_key(encrypted, text):
    account.place(encrypted).write_text(text, "utf-8")

    with pytest.raises(Refused) as refused, office.opened(encrypted):
        pass
    assert refused.value.code == "db_key"


def test_forgotten_is_forgotten(encrypted):
    account.forget(encrypted)
    account.forget(encrypted)

    assert account.kept(encrypted) is None


def test_windows_itself_wraps_and_unwraps(data_dir):
    key = bytes(range(48))
    if sys.platform != "win32":
        assert not account.keep(data_dir / "a.envdesk", key)
        return

    assert account.keep(data_dir / "a.envdesk", key)
    assert account.kept(data_dir / "a.envdesk") == key
    assert key not in account.place(data_dir / "a.envdesk").read_bytes()
    assert account.unwrap(b"not wrapped by anybody") is None
