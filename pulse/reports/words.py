"""What the report says in words: each sentence by a fixed rule from the story, in Dutch or English. (pure)"""

from __future__ import annotations

from dataclasses import dataclass

from pulse.locale import Translator
from pulse.questions import QUESTIONS
from pulse.reports.sentences import SENTENCES
from pulse.reports.story import Month, Promise, Return, Story, Value
from pulse.results import FIXED_REFERENCE

REST, OTHERS = "rest of ", " and others"
"""How the ledger labels what is left of a node, and a group that others were added to."""
MUCH, BIT = 37.5, 12.5
"""How far from 50 the nearest answer is "much more", and "a bit more"."""


@dataclass(frozen=True)
class Sayings:
    """The rules' sentences for one story in one language."""

    words: Translator
    story: Story

    def say(self, rule: str, **values: object) -> str:
        """The sentence of a rule's outcome, with its values filled in."""
        message = self.words.gettext(SENTENCES[rule])
        return message % values if values else message

    @property
    def headline(self) -> str:
        """The state of the balance in one line; half a year in the minus goes before this month."""
        who = self.say("who.team" if self.story.counted == "own" else "who.group")
        outcome = self._state()
        if outcome in ("none", "about"):
            return self.say(f"headline.{outcome}")
        return self.say(f"headline.{outcome}", who=who)

    def _state(self) -> str:
        if self.story.balance is None:
            return "none"
        if self.story.running is not None and self.story.running.stood_in_the_minus:
            return "recovering" if self.story.quarter == "up" else "half_year"
        return "recovered" if self.story.recovered else self.story.side

    @property
    def certainty(self) -> list[str]:
        """How sure the headline is, and since when."""
        state = self._state()
        if state == "none":
            return []
        said = [self.say(f"surety.{'half_year' if state == 'recovering' else state}")]
        if self.story.participation == "under_half":
            said.append(self.say("read.with_care"))
        if since := self._since():
            said.append(self.say(f"since.{since}"))
        return said

    def _since(self) -> str:
        if self.story.first:
            return "first"
        return f"quarter_{self.story.quarter}" if self.story.quarter in ("up", "down") else self.story.change

    @property
    def call(self) -> str:
        """What to do, and where it stands."""
        return self.say(f"call.{self.story.move if self.story.move in ('keep', 'none') else 'one'}")

    @property
    def participation(self) -> str:
        """A band, never a count: exact counts month by month would let a reader subtract."""
        return self.say(f"answered.{self.story.participation}") if self.story.participation else ""

    @property
    def group(self) -> str:
        """Whom the figures count."""
        return self.named(self.story.group)

    def named(self, label: str) -> str:
        """A published label in this language, without the path above it."""
        rest, others = label.startswith(REST), label.endswith(OTHERS)
        name = label.removeprefix(REST if rest else "").removesuffix(OTHERS if others else "").rsplit(" / ", 1)[-1]
        if rest:
            name = self.say("group.rest", name=name)
        return self.say("group.others", name=name) if others else name

    @property
    def counted(self) -> str:
        """Whom the figures count, where that is not plainly the team."""
        if self.story.counted == "above":
            return self.say("counted.above", k=self.story.minimum_group, group=self.group)
        if self.story.counted == "below" or (self.story.counted == "own" and self.group != self.story.team):
            return self.say(f"counted.{self.story.counted}", group=self.group)
        return ""

    def question(self, question: str) -> str:
        """A question as the team reads it."""
        return QUESTIONS[question].text(self.words.language)

    def meant(self, question: str) -> str:
        """What the question says is meant by it."""
        return QUESTIONS[question].explanation(self.words.language)

    @property
    def balance(self) -> str:
        """The balance in words."""
        return "" if self.story.balance is None else self.state(self.story.side, self.story.balance)

    def state(self, side: str, value: Value) -> str:
        """A balance in words, never against what the test says."""
        if side == "about":
            return self.say("balance.about")
        away = abs(value.value - 50)
        return self.say(f"balance.{side}_{'much' if away > MUCH else 'bit' if away > BIT else 'slightly'}")

    @property
    def recognition(self) -> str:
        """How often effort was seen and named."""
        if self.story.recognition is None:
            return self.say("recognition.none")
        return self.say("recognition.often", often=self.nearest("R", self.story.recognition))

    @property
    def recognition_since(self) -> str:
        """Whether recognition moved since last month."""
        change = self.story.recognition_change
        return self.say(f"recognition.{change}") if change else ""

    def nearest(self, question: str, value: Value) -> str:
        """The answer that lies nearest to a value."""
        return QUESTIONS[question].labels(self.words.language)[int(value.value / 25 + 0.5)]

    def number(self, value: Value) -> str:
        """The value as published: `40`, `20 or less`, `80 or more`."""
        return self.say(f"number.{value.tail}", value=value.value) if value.tail else str(value.value)

    def range(self, value: Value) -> str:
        """Where the value very likely lies."""
        ends = {"low": round(value.low), "high": round(value.high)}
        return self.say(f"range.{value.tail or 'between'}", **ends)

    def source(self, source: str) -> str:
        """The name of a return."""
        return self.say(f"source.{source}")

    @property
    def missing(self) -> str:
        """The return that stands out below the organisation, or that none does."""
        if self.story.missing is not None:
            return self.say("missing.named", what=_inside(self.source(self.story.missing)))
        return self.say("missing.none" if any(found.value for found in self.story.returns) else "missing.not_yet")

    def unshown(self, returned: Return) -> str:
        """Why a return has no figure."""
        if returned.period is None:
            return self.say("return.not_yet" if self.story.first else "return.not_asked")
        return self.say("return.few", k=self.story.minimum_group)

    @property
    def running(self) -> str:
        """The running balance as a sentence."""
        running = self.story.running
        if running is None:
            return self.say("running.too_few")
        if not running.below:
            return self.say("running.never", of=running.of)
        chance = self.say("running.minus" if running.stood_in_the_minus else "running.chance")
        return f"{self.say('running.count', below=running.below, of=running.of)} {chance}"

    @property
    def months(self) -> str:
        """The course of the balance, month by month, for whoever cannot see it."""
        told = [
            f"{self.words.month(month.period)} {self.number(month.value) if month.value else self.gap(month)}"
            + (f" ({self.say('course.told')})" if month.told else "")
            for month in self.story.months
        ]
        return self.say("course", months="; ".join(told))

    def brief(self, value: Value | None) -> str:
        """A month's value in the room of a column."""
        if value is None:
            return "–"
        return {"low": f"≤ {value.value}", "high": f"≥ {value.value}"}.get(value.tail, str(value.value))

    def gap(self, month: Month) -> str:
        """Why a month has no figure."""
        return self.say(f"gap.{month.reason}")

    def noticed(self, promise: Promise) -> str:
        """How much the team noticed of a promise."""
        if promise.noticed is None:
            return self.say("noticed.no_figure" if promise.told else "noticed.not_told")
        much, value = self.nearest("F", promise.noticed), self.number(promise.noticed)
        return self.say("noticed.how_much", much=much, value=value)

    def told(self, promise: Promise) -> str:
        """When the team heard a promise."""
        if promise.told is None:
            return self.say("promise.waiting")
        month = self.words.month(promise.told)
        if promise.by:
            return self.say("promise.told", month=month, name=promise.by)
        return self.say("promise.told_nameless", month=month)

    @property
    def effect(self) -> str:
        """Whether the balance moved since the last promise."""
        effect = self.story.effect
        if effect is None:
            return ""
        if effect.change == "level" and effect.before.value == effect.since.value:
            return self.say("effect.same")
        return self.say(f"effect.{effect.change or 'unsaid'}")

    @property
    def why(self) -> list[str]:
        """Why this advice and no other: the evidence, and how sure it is."""
        move, ground, running = self.story.move, self.story.ground, self.story.running
        if move == "none":
            return [self.say(f"why.{self._thin()}")]
        if move == "repair":
            assert running is not None
            return [self.say("why.repair", below=running.below, of=running.of)]
        if move == "keep":
            return [self.say("why.keep")]
        assert ground is not None
        what = _inside(self.say(f"source.{self.story.source}" if self.story.source else f"ground.{move}"))
        known = self.story.reference
        return [
            self.say(
                "why.fixed" if known is None else "why.beside",
                what=what,
                value=self.number(ground),
                reference=round(FIXED_REFERENCE.value) if known is None else known,
            ),
            self.say("why.sure" if self.story.sure else "why.maybe"),
        ]

    def _thin(self) -> str:
        if self.story.balance is None:
            return "no_figure"
        return "under_half" if self.story.participation == "under_half" else "unasked"

    @property
    def evenly(self) -> str:
        """How evenly giving and getting are spread: an even balance can hide that it is not."""
        if self.story.equality is None:
            return ""
        answer = f"{self.nearest('E', self.story.equality)} ({self.number(self.story.equality)})"
        return self.say("evenly.asked", evenly=answer)


def _inside(name: str) -> str:
    """A name as it stands inside a sentence."""
    return name[:1].lower() + name[1:]
