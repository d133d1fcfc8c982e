"""Where things lie: bundled forms and resources (source tree, wheel, frozen program) and the user's data folder."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

APP = "EnvDesk"
PORTABLE, PORTABLE_DATA = "便携版.txt", "数据"
"""A file of the first name beside the program keeps the data in the folder of the second name, there as well."""


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


def program_dir() -> Path | None:
    """Return the folder of ``EnvDesk.exe``; None when run from the source tree or a wheel."""
    package = Path(__file__).resolve().parent
    folder = package.parent.parent
    return folder if (package / "_data").is_dir() and (folder / "runtime").is_dir() else None


def user_data_dir() -> Path:
    """Return the folder of this user's data, or the one beside a portable program (not created)."""
    import platformdirs

    program = program_dir()
    if program is not None and (program / PORTABLE).is_file():
        return program / PORTABLE_DATA
    return Path(platformdirs.user_data_dir(APP, appauthor=False, roaming=False))


def default_db() -> Path:
    """Return the office's data file when ``--db`` is not given."""
    return user_data_dir() / "台账.envdesk"
