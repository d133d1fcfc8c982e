"""Makes the helpers of the benches importable, and the offices that they share."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

import big_office


@pytest.fixture(scope="session")
def street_file(tmp_path_factory):
    """A street of 20,000 records in 24 months."""
    return big_office.street(tmp_path_factory.mktemp("街道") / "街道.envdesk")


@pytest.fixture(scope="session")
def large_file(street_file, tmp_path_factory):
    """Ten such streets in one file: 200,000 records in the same 24 months."""
    return big_office.grown(street_file, tmp_path_factory.mktemp("十街") / "十街.envdesk", 10)
