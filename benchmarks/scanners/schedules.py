"""When a machine opens which links. To add one: a function, and a line in SCHEDULES."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.scanners.scene import Person

HOUR, DAY = 3600.0, 86400.0


@dataclass(frozen=True)
class Wave:
    """Links that are opened together, so many seconds after the letter came."""

    after: float
    tokens: tuple[str, ...]
    elsewhere: bool = False
    """From an address that nothing else comes from, such as somebody's home."""


Click = tuple[float, str] | None
"""When the person clicks, in seconds after the letter came, and which link; None where nobody does."""
Schedule = Callable[[random.Random, Person, Click], list[Wave]]


def all_links(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """Every link of the HTML part, as soon as the letter comes."""
    return [Wave(chance.uniform(5, 40), tuple(person.html))]


def both_parts(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """Every link of every part."""
    return [Wave(chance.uniform(5, 40), (*person.text, *person.html))]


def first_link(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """The first link and no more."""
    return [Wave(chance.uniform(5, 40), (person.html[0],))]


def some_link(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """One link, any."""
    return [Wave(chance.uniform(5, 60), (chance.choice(person.html),))]


def twice_at_once(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """Two scanners in a chain, 134 ms apart."""
    return [Wave(23.0, tuple(person.html)), Wave(23.134, tuple(person.html))]


def held_mail(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """The letter is held until both scans are over."""
    return [Wave(4.0, tuple(person.html)), Wave(chance.uniform(300, 800), tuple(person.html))]


def again_after_an_hour(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """All links at once, and one of them again later."""
    return [Wave(20.0, tuple(person.html)), Wave(HOUR, (chance.choice(person.html),))]


def again_after_a_day(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """One link at once, all of them a day later."""
    return [Wave(30.0, (person.html[0],)), Wave(DAY, tuple(person.html))]


def after_the_click(chance: random.Random, person: Person, click: Click) -> list[Wave]:
    """What a person opened is detonated 5 to 60 seconds later; who opens nothing has one link tried after an hour."""
    if click is None:
        return [Wave(HOUR + chance.uniform(0, 600), (chance.choice(person.html),))]
    return [Wave(click[0] + chance.uniform(5, 60), (click[1],))]


def text_part(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """Every link of the text part alone."""
    return [Wave(chance.uniform(5, 40), tuple(person.text))]


def two_apart(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """One link at once, another five minutes later."""
    first, second = chance.sample(person.html, 2)
    return [Wave(chance.uniform(5, 40), (first,)), Wave(330.0, (second,))]


def home_later(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """All links at once, and hours later one of them from somebody's home."""
    return [
        Wave(20.0, tuple(person.html)),
        Wave(chance.uniform(2, 9) * HOUR, (chance.choice(person.html),), elsewhere=True),
    ]


def hours_later(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """One link, any, and only hours later."""
    return [Wave(chance.uniform(1, 9) * HOUR, (chance.choice(person.html),))]


def delivery_and_click(chance: random.Random, person: Person, click: Click) -> list[Wave]:
    """All links at once; what a person opens is looked at again while they do."""
    waves = [Wave(chance.uniform(5, 40), tuple(person.html))]
    return waves if click is None else [*waves, Wave(click[0] + chance.uniform(1, 20), (click[1],))]


def before_the_click(chance: random.Random, person: Person, click: Click) -> list[Wave]:
    """A gateway that rewrites links looks first and sends the person on seconds later."""
    return [] if click is None else [Wave(click[0] - chance.uniform(2, 8), (click[1],))]


def dripping(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """One link after the other, an hour apart."""
    return [Wave(30.0 + HOUR * number, (token,)) for number, token in enumerate(chance.sample(person.html, 5))]


def one_of_each_part(chance: random.Random, person: Person, _click: Click) -> list[Wave]:
    """A link of the text part at once, one of the HTML part a day later."""
    return [Wave(60.0, (chance.choice(person.text),)), Wave(DAY, (chance.choice(person.html),))]


SCHEDULES: dict[str, Schedule] = {
    "all links": all_links,
    "both parts": both_parts,
    "first link": first_link,
    "some link": some_link,
    "two waves": twice_at_once,
    "held mail": held_mail,
    "again after an hour": again_after_an_hour,
    "again after a day": again_after_a_day,
    "after the click": after_the_click,
    "text part": text_part,
    "two links, five minutes apart": two_apart,
    "from a home, hours later": home_later,
    "hours later": hours_later,
    "at delivery and at the click": delivery_and_click,
    "before the click": before_the_click,
    "one link an hour": dripping,
    "one link of each part": one_of_each_part,
}
