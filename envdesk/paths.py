"""Where things lie: bundled forms and resources (source tree, wheel, frozen program) and the user's data folder."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

APP = "EnvDesk"


@cache
def data_root() -> Path:
    """Return the folder that holds ``forms/`` and ``resources/`` in this installation."""
    frozen = getattr(sys, "_MEIPASS", None)
    here = Path(__file__).resolve().parent
    for root in (Path(frozen) if frozen else None, here / "_data", here.parent):
        if root is not None and (root / "forms").is_dir():
            return root
    raise FileNotFoundError("forms/ not found beside the program")


def forms_dir() -> Path:
    """Return the folder of the bundled form definitions."""
    return data_root() / "forms"


def resource(*parts: str) -> Path:
    """Return a file below ``resources/``."""
    return data_root().joinpath("resources", *parts)


def user_data_dir() -> Path:
    """Return the per-user data folder (not created)."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APP, appauthor=False, roaming=False))


def default_db() -> Path:
    """Return the office's data file when ``--db`` is not given."""
    return user_data_dir() / "台账.envdesk"
