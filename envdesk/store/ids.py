"""Ids of records and rows."""

from __future__ import annotations


def new_id() -> str:
    """A time-ordered unique id (UUIDv7)."""
    from uuid_utils import uuid7  # only what writes needs one

    return str(uuid7())
