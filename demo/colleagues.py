"""The people of De Linde: what each would answer, month by month. Fictional, and the same at every run.

Wijkteam Oost is reorganised eight months ago; its balance sinks, and recovers after its manager,
Mara Verbeek, gives back.
"""

from __future__ import annotations

from random import Random

SINKING_TEAM = "De Linde / Zorg / Wijkteam Oost"
SINKING_MEANS = {8: 1.4, 7: 1.0, 6: 0.7, 5: 0.6, 4: 0.7, 3: 1.0, 2: 1.4, 1: 1.7, 0: 1.9}
"""Mean answer to B, 0 to 4, by months ago; before that the team stands in balance."""

MEANS = {"B": 1.9, "R": 2.3, "LA": 2.1, "LT": 2.4, "LL": 2.1, "CO": 2.7, "OD": 1.9}
MEANS |= {"G": 2.5, "E": 2.2, "P": 1.6, "F": 2.6}

PROMISES = {
    5: ("repair", "Ik zeg hardop dat er bij de reorganisatie te weinig terugkwam, en elk kwartaal bespreken we dat."),
    4: ("return", "Vanaf nu hou ik elke woensdagochtend vrij voor wie even wil praten."),
    3: ("acknowledge", "Elke vrijdag noem ik in de overdracht één ding dat iemand goed deed."),
    1: ("even_out", "Het weekendrooster verdelen we voortaan samen, zodat het eerlijk loopt."),
}
"""What Mara gave back after the round of so many months ago."""


def responds(email: str, period: str) -> bool:
    """Whether this colleague answers at all this month: about four in five."""
    return Random(f"{email} {period} responds").random() < 0.8


def answer(email: str, team: str, question: str, period: str, months_ago: int) -> int | None:
    """What this colleague answers, 0 to 4, or None where they leave the question open."""
    chance = Random(f"{email} {period} {question}")
    if question != "B" and chance.random() < 0.12:
        return None
    mean = MEANS[question] + Random(f"{team} {question}").uniform(-0.35, 0.35)
    if team == SINKING_TEAM and question in {"B", "R", "LA", "LT", "LL"}:
        low = SINKING_MEANS.get(months_ago, 2.0)
        mean = low if question == "B" else mean - (2.0 - low) * 0.7
    leaning = Random(f"{email} leans").gauss(0, 0.6)
    return min(4, max(0, round(mean + leaning + chance.gauss(0, 0.7))))
