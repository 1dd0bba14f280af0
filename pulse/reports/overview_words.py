"""What an overview says in words: each sentence by a fixed rule, in Dutch or English. Never a rank, never a mark."""

from __future__ import annotations

from dataclasses import dataclass

from pulse.locale import Translator
from pulse.reports.overview import Branch, Group, Overview
from pulse.reports.story import Month, Value
from pulse.reports.words import Sayings


@dataclass(frozen=True)
class OverviewSayings:
    """The rules' sentences for one overview in one language."""

    words: Translator
    overview: Overview

    def _(self, message: str, **values: object) -> str:
        text = self.words.gettext(message)
        return text % values if values else text

    def _some(self, singular: str, plural: str, count: int, **values: object) -> str:
        return self.words.ngettext(singular, plural, count) % {"count": count, **values}

    @property
    def story(self) -> Sayings:
        """The words about the branch as a whole."""
        return Sayings(self.words, self.overview.story)

    @property
    def headline(self) -> str:
        """How many groups surely give more than comes back; else the state of the whole."""
        groups = self.overview.groups
        minus = sum(group.side == "minus" or group.stood_in_the_minus for group in groups)
        if not groups:
            return self._("No group has a figure this month")
        if minus:
            return self._some(
                "In %(count)d of %(all)d groups more is given than comes back",
                "In %(count)d of %(all)d groups more is given than comes back",
                minus,
                all=len(groups),
            )
        if self.overview.story.side == "minus":
            return self._("Taken together more is given than comes back")
        return self._("In no group is more given than comes back, beyond chance")

    @property
    def lede(self) -> list[str]:
        """What to make of it, and who heard something back."""
        groups = self.overview.groups
        if not groups:
            return [self._("Fewer people answered than a figure needs, so nothing is shown and nothing is guessed.")]
        lasting = sum(group.stood_in_the_minus for group in groups)
        said = [
            self._some(
                "%(count)d group has stood in the minus for half a year.",
                "%(count)d groups have stood in the minus for half a year.",
                lasting,
            )
            if lasting
            else self._("No group has stood in the minus for half a year.")
        ]
        if recovered := len(self.overview.recovered):
            said.append(
                self._some(
                    "In %(count)d group more comes back since its manager gave something back.",
                    "In %(count)d groups more comes back since their managers gave something back.",
                    recovered,
                )
            )
        return [*said, self.heard]

    @property
    def heard(self) -> str:
        """How many teams heard something back in this month's letters."""
        heard, led = len(self.overview.heard), self.overview.led
        if not led:
            return self._("No team has a manager in Ruil, so nothing can be given back yet.")
        if not heard:
            return self._("No team heard something back in this month's letters.")
        return self._some(
            "%(count)d of %(all)d teams with a manager heard something back in this month's letters.",
            "%(count)d of %(all)d teams with a manager heard something back in this month's letters.",
            heard,
            all=led,
        )

    def name(self, group: Group) -> str:
        """Whom a group counts."""
        return self.story.named(group.label)

    def group(self, label: str) -> str:
        """A published label in this language."""
        return self.story.named(label)

    def above(self, group: Group) -> str:
        """The branch a group is in, where that is not the whole."""
        branch = next(branch for branch in self.overview.branches if group in branch.groups)
        name = branch.path.rsplit(" / ", 1)[-1]
        return "" if len(self.overview.branches) == 1 or name == self.overview.story.team else name

    def branch(self, branch: Branch) -> str:
        """A node's name and the value of what is below it."""
        return self._("%(name)s: %(value)d together", name=branch.path.rsplit(" / ", 1)[-1], value=branch.value)

    def now(self, group: Group) -> str:
        """A group's balance in words, never against what the test says."""
        return self.story.state(group.side, group.value)

    def since(self, group: Group) -> str:
        """What lasts or moved, by more than chance explains."""
        if group.stood_in_the_minus:
            return self._("half a year in the minus")
        if group.recovered:
            return self._("more comes back since the give-back")
        moved = {"up": "more than before", "down": "less than before"}.get(group.change)
        return self._(moved) if moved else ""

    def told(self, group: Group) -> str:
        """Whether this month's letter opened with a give-back, and what was noticed of it."""
        if not group.heard:
            return ""
        if group.noticed is None:
            return self._("heard something back")
        noticed = self.story.nearest("F", group.noticed)
        return self._("heard something back; noticed: %(much)s", much=noticed)

    def counted(self, group: Group) -> str:
        """Which teams are counted in a group."""
        names = [path.rsplit(" / ", 1)[-1] for path in group.counted]
        if not names:
            return ""
        if len(names) > 4:
            return self._("counts %(names)s and %(count)d more", names=", ".join(names[:3]), count=len(names) - 3)
        return self._("counts %(names)s", names=", ".join(names))

    def number(self, value: Value) -> str:
        """The value as published."""
        return self.story.number(value)

    def course(self, months: tuple[Month, ...]) -> str:
        """The alternative text of a year: only what is published."""
        return "; ".join(
            f"{self.words.short_month(month.period)} {self.number(month.value)}" for month in months if month.value
        )
