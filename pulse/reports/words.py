"""What the report says in words: each sentence by a fixed rule from the story, in Dutch or English."""

from __future__ import annotations

from dataclasses import dataclass

from pulse.locale import Translator
from pulse.questions import QUESTIONS
from pulse.reports.names import MINUS_WORDS, MOVE_GROUNDS, PLUS_WORDS, SOURCE_NAMES, group_name
from pulse.reports.story import Month, Promise, Return, Story, Value


@dataclass(frozen=True)
class Sayings:
    """The rules' sentences for one story in one language."""

    words: Translator
    story: Story

    def _(self, message: str, **values: object) -> str:
        """The message in this language, with its values filled in."""
        return self.words.gettext(message) % values if values else self.words.gettext(message)

    @property
    def headline(self) -> str:
        """The state of the balance in one line; half a year in the minus goes before this month."""
        if self.story.balance is None:
            return self._("No figure for this team this month")
        who = self._("The group") if self.story.counted == "above" else self._("The team")
        if self.story.running is not None and self.story.running.stood_in_the_minus:
            return self._("%(who)s has stood in the minus for half a year", who=who)
        if self.story.side == "minus":
            return self._("%(who)s gives more than it gets back", who=who)
        if self.story.side == "plus":
            return self._("%(who)s gets back more than it gives", who=who)
        return self._("Giving and getting are about in balance")

    @property
    def certainty(self) -> list[str]:
        """How sure the headline is, and since when."""
        if self.story.balance is None:
            return []
        said = [self._(self._surety())]
        if self.story.participation == "under_half":
            said.append(self._("Fewer than half answered: read this with care."))
        return said + self._since()

    def _surety(self) -> str:
        if self.story.running is not None and self.story.running.stood_in_the_minus:
            return "Over these months together more was given than came back, by more than chance explains."
        return {
            "minus": "That is very likely real, and not chance.",
            "plus": "That is very likely real. It is no better and no worse than in balance.",
        }.get(self.story.side, "If there is a difference, it is smaller than chance can make.")

    def _since(self) -> list[str]:
        if self.story.first:
            return [self._("This is the first month, so there is nothing to compare it with yet.")]
        if self.story.quarter in ("up", "down"):
            more = "Over three months more comes back than in the three before."
            less = "Over three months less comes back than in the three before."
            return [self._(more if self.story.quarter == "up" else less)]
        month = {
            "up": "More comes back than last month, by more than chance explains.",
            "down": "Less comes back than last month, by more than chance explains.",
            "level": "No real change since last month can be seen.",
        }.get(self.story.change)
        return [self._(month)] if month else []

    @property
    def call(self) -> str:
        """What to do, and where it stands."""
        return self._(
            {
                "keep": "Keep doing what you do, and say so: page 2.",
                "none": "Talk about it with your team: page 2.",
            }.get(self.story.move, "Do one thing this month, and say it: page 2.")
        )

    @property
    def participation(self) -> str:
        """A band, never a count: exact counts month by month would let a reader subtract."""
        band = {
            "under_half": "fewer than half answered",
            "half": "between half and three quarters answered",
            "more": "more than three quarters answered",
        }.get(self.story.participation)
        return self._(band) if band else ""

    @property
    def group(self) -> str:
        """Whom the figures count, in this language."""
        return group_name(self.story.group, self.words)

    @property
    def balance(self) -> str:
        """The balance in words, never against what the test says."""
        if self.story.balance is None:
            return ""
        if self.story.side == "about":
            return self._("About in balance")
        away = abs(self.story.balance.value - 50)
        size = 0 if away > 37.5 else 1 if away > 12.5 else 2
        return self._((MINUS_WORDS if self.story.side == "minus" else PLUS_WORDS)[size])

    @property
    def recognition(self) -> str:
        """How often effort was seen and named."""
        if self.story.recognition is None:
            return ""
        often = self.nearest("R", self.story.recognition)
        return self._("Seen and named: %(often)s", often=often)

    @property
    def recognition_since(self) -> str:
        """Whether recognition moved since last month."""
        said = {
            "up": "More than last month.",
            "down": "Less than last month.",
            "level": "No real change since last month.",
        }.get(self.story.recognition_change)
        return self._(said) if said else ""

    def nearest(self, question: str, value: Value) -> str:
        """The answer that lies nearest to a value."""
        return QUESTIONS[question].labels(self.words.language)[int(value.value / 25 + 0.5)]

    def number(self, value: Value) -> str:
        """The value as published: `40`, `20 or less`, `80 or more`."""
        if value.tail == "low":
            return self._("%(value)d or less", value=value.value)
        if value.tail == "high":
            return self._("%(value)d or more", value=value.value)
        return str(value.value)

    def range(self, value: Value) -> str:
        """Where the value very likely lies."""
        if value.tail == "low":
            return self._("very likely below %(high)d", high=round(value.high))
        if value.tail == "high":
            return self._("very likely above %(low)d", low=round(value.low))
        return self._("very likely between %(low)d and %(high)d", low=round(value.low), high=round(value.high))

    def source(self, returned: Return) -> str:
        """The name of a return."""
        return self._(SOURCE_NAMES[returned.source])

    @property
    def missing(self) -> str:
        """The return that stands out below the organisation, or that none does."""
        if self.story.missing is not None:
            return self._(
                "Missing most, beside the organisation: %(what)s.",
                what=self._(SOURCE_NAMES[self.story.missing]).lower(),
            )
        if not any(returned.value for returned in self.story.returns):
            return self._("The five returns are asked in turn; the first can be shown in a coming month.")
        return self._("No return stands out as missing.")

    @property
    def running(self) -> str:
        """The running balance as a sentence."""
        running = self.story.running
        if running is None:
            return self._("The running balance needs three months with a figure.")
        count = self._(
            "In %(below)d of the last %(of)d months with a figure, more was given than came back.",
            below=running.below,
            of=running.of,
        )
        chance = (
            self._("Taken together that is more than chance: the team stood in the minus.")
            if running.stood_in_the_minus
            else self._("Taken together that can still be chance.")
            if running.below
            else self._("The team did not stand in the minus.")
        )
        return f"{count} {chance}"

    def gap(self, month: Month) -> str:
        """Why a month has no figure."""
        return self._("no round" if month.reason == "no_round" else "not shown")

    def noticed(self, promise: Promise) -> str:
        """How much the team noticed of a promise."""
        if promise.told is None:
            return self._("not told yet")
        if promise.noticed is None:
            return self._("no figure")
        return f"{self.nearest('F', promise.noticed)} ({self.number(promise.noticed)})"

    @property
    def effect(self) -> str:
        """The balance before and since the last promise."""
        if self.story.effect is None:
            return ""
        moved = {
            "up": "more comes back",
            "down": "less comes back",
            "level": "no difference that chance does not explain",
        }.get(self.story.effect.change, "too early or too different to compare")
        return self._(
            "The balance stood at %(before)s before and at %(since)s now: %(moved)s.",
            before=self.number(self.story.effect.before),
            since=self.number(self.story.effect.since),
            moved=self._(moved),
        )

    @property
    def why(self) -> str:
        """Why this advice and no other."""
        move, ground = self.story.move, self.story.ground
        if move == "repair":
            return self._(
                "Why: over the last six months more was given than came back, and nothing was promised since."
            )
        if move == "keep":
            return self._("Why: nothing stands out as lacking. That is a full answer too.")
        if move == "none" or ground is None:
            return self._("Why: too little was answered to advise anything. No advice is better than a guess.")
        what = self._(MOVE_GROUNDS[self.story.source or move])
        if self.story.reference is None:
            return self._(
                "Why: %(what)s stands lowest, at %(value)s.",
                what=what[:1].lower() + what[1:],
                value=self.number(ground),
            )
        return self._(
            "Why: %(what)s stands at %(value)s, beside %(reference)d in the organisation.",
            what=what[:1].lower() + what[1:],
            value=self.number(ground),
            reference=self.story.reference,
        )
