"""One warm press for all PDFs of these tests, and each case drawn once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from pulse.reports.pages import page_of
from pulse.reports.render import Press
from tests.reports.cases import CASES


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    """A press whose child lives as long as the tests."""
    made = Press()
    yield made
    made.close()


@pytest.fixture(scope="session")
def drawn(press: Press) -> Callable[[str, str], bytes]:
    """The PDF of a case in a language."""

    @cache
    def draw(case: str, language: str) -> bytes:
        return press.draw(page_of(CASES[case], language))

    return draw
