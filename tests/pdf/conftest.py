"""One warm press for all PDFs of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pulse.reports.render import Press


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    """A press whose child lives as long as the tests."""
    made = Press()
    yield made
    made.close()
