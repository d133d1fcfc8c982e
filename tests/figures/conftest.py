"""Makes making, undo_office and clerk_day of the store's tests importable for the tests of this folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
