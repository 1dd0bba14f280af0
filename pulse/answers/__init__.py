"""What people answer: judged by evidence, sealed at once, opened by the close alone."""

from pulse.answers.counting import counted_of, delete_answers
from pulse.answers.evidence import GESTURE, PRESSED, Visit, judge
from pulse.answers.recording import AnswerRefused, Recorded, answered, asked_of, record, team_of
from pulse.answers.reminding import queue_reminders
from pulse.answers.tables import SealedAnswer

__all__ = [
    "GESTURE",
    "PRESSED",
    "AnswerRefused",
    "Recorded",
    "SealedAnswer",
    "Visit",
    "answered",
    "asked_of",
    "counted_of",
    "delete_answers",
    "judge",
    "queue_reminders",
    "record",
    "team_of",
]
