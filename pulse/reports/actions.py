"""What a manager can do this week, for each move: a title, three concrete things, and one question for the team."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """English source words; the report translates them."""

    title: str
    steps: tuple[str, str, str]
    question: str
    """To put to the team in the quarter of an hour; nobody has to tell what they answered."""


ACTIONS = {
    "acknowledge": Action(
        "Name what the team has given",
        (
            "Start the next meeting with one thing that someone did for others, and what it brought.",
            "Thank one person a day in so many words: what you saw, and why it mattered.",
            "Tell your own manager what the team has done, and tell the team that you did.",
        ),
        "What did you do lately that nobody saw?",
    ),
    "LA": Action(
        "Show your appreciation",
        (
            "Say to each person this week one thing that you value in their work.",
            "Do it soon after it happened, and in your own words.",
            "Ask what kind of appreciation suits each one: aloud, in writing, or in private.",
        ),
        "When did appreciation last do you good, and what made it so?",
    ),
    "LT": Action(
        "Give time",
        (
            "Keep two fixed half hours a week free in which anyone can walk in, and say when they are.",
            "Cancel one meeting that helps nobody, and give that hour back to the team.",
            "If you have no time when asked, name at once the moment when you do.",
        ),
        "When did you need me, and was I not there?",
    ),
    "LL": Action(
        "Give attention",
        (
            "Ask each person this week how work is going, and listen for five minutes.",
            "Come back to what someone told you last time.",
            "Put your phone and screen away while you talk.",
        ),
        "What do I ask about too seldom?",
    ),
    "CO": Action(
        "Let colleagues give to each other",
        (
            "Ask in the team meeting: who helped you this week, and with what?",
            "Let two colleagues who hardly meet do one task together.",
            "Agree how anyone can ask for help without having to explain why.",
        ),
        "What would you like to be able to ask each other?",
    ),
    "OD": Action(
        "Make room to learn",
        (
            "Ask each person what they want to learn in the next three months.",
            "Free two hours this month for it, and put them in the roster.",
            "Let someone show the team what they have learned, in ten minutes.",
        ),
        "What would you like to learn, and what stands in the way?",
    ),
    "repair": Action(
        "Say that too little came back, and make it good",
        (
            "Say it first, without an excuse: in the past months you gave more than you got back.",
            "Ask what would make up for it, and choose one thing that you can decide yourself.",
            "Say when it will be done, and come back to it on that day.",
        ),
        "What did you give in the past months that nothing came back for?",
    ),
    "even_out": Action(
        "Spread giving and getting more evenly",
        (
            "Put the extra chores on one list, and let the team divide them anew.",
            "Give the task that brings the most thanks to someone else this time.",
            "Ask the quiet ones what they need before you ask who can do more.",
        ),
        "Which chores always end up with the same people?",
    ),
    "keep": Action(
        "Keep doing what you do",
        (
            "Tell the team what goes well, and what you think it comes from.",
            "Ask which one thing must certainly stay as it is.",
            "Promise nothing new unless the team asks for it; what is there may stay.",
        ),
        "What must certainly stay as it is?",
    ),
    "none": Action(
        "First talk, then choose",
        (
            "Thank the team for what was answered, and say why there is no advice this month.",
            "Ask in the team: what makes it worthwhile to answer, and what holds you back?",
            "Promise one small thing that you are sure to keep.",
        ),
        "Where do you give more than you get back, and where is it the other way round?",
    ),
}


def action_of(move: str, source: str | None) -> Action:
    """The action of a move; a return has one for each source."""
    return ACTIONS[source] if move == "return" and source is not None else ACTIONS[move]
