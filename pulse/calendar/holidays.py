"""Public holidays as the `holidays` library knows them: a suggestion, never the last word. (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Final

from dateutil.easter import easter

LANGUAGES: Final = {"nl": ("nl", "nl_NL", "en_US"), "en": ("en_GB", "en_US")}


@lru_cache(maxsize=512)
def suggested(country: str, region: str, year: int, language: str = "en") -> Mapping[date, str]:
    """The public holidays of a year with their names, in the reader's language where the library has it.

    Good Friday is a public holiday in the library's Dutch list, but most Dutch staff work: it is left
    out there, and whoever is closed adds it (reliability.md 1.3).
    """
    if not country:
        return {}
    import holidays

    known = holidays.country_holidays(country, subdiv=region or None, years=year)
    spoken = next((one for one in LANGUAGES[language] if one in known.supported_languages), None)
    if spoken is not None:
        known = holidays.country_holidays(country, subdiv=region or None, years=year, language=spoken)
    worked = {easter(year) - timedelta(days=2)} if country == "NL" else set()
    return {day: name for day, name in sorted(known.items()) if day not in worked}


@lru_cache(maxsize=1)
def regions() -> Mapping[str, tuple[str, ...]]:
    """The countries whose holidays are known (ISO 3166-1), each with its regions."""
    import holidays

    listed = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(listed[code]) for code in sorted(listed)}


def is_known(country: str, region: str) -> bool:
    """Whether there is such a country and region; no country is known, too."""
    known = regions()
    return (country == "" and region == "") or (country in known and region in ("", *known[country]))


@lru_cache(maxsize=1)
def _countries_of_zones() -> Mapping[str, str]:
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {zone: country for country, _, zone, *_ in cells}


def country_of(zone: str) -> str:
    """The country that a time zone lies in, or none.

    >>> country_of("Europe/Amsterdam"), country_of("UTC")
    ('NL', '')
    """
    return _countries_of_zones().get(zone, "")
