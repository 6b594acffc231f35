"""What the tests of this folder share."""

from functools import cache

import pytest

from course_utils import data

read_once = cache(data.task)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch):
    """Read every drawn task once, and not once a test."""
    monkeypatch.setattr(data, "task", read_once)
