"""Ids of records and rows."""

from __future__ import annotations

import uuid_utils


def new_id() -> str:
    """A time-ordered unique id (UUIDv7)."""
    return str(uuid_utils.uuid7())
