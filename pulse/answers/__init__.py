"""What people answer: judged by evidence, sealed at once, opened by the close alone."""

from pulse.answers.browsers import admits_machine
from pulse.answers.counting import KeyMissing, arrived, counted_of, delete_answers, heard, judged_of
from pulse.answers.evidence import DISQUALIFIED, GESTURE, PRESSED, PRESSED_AGAIN, SCRIPT_RAN, SEEN
from pulse.answers.recording import AnswerRefused, Recorded, Said, answered, record, record_all
from pulse.answers.reminding import queue_reminders
from pulse.answers.tables import SealedAnswer
from pulse.answers.together import record_together

__all__ = [
    "DISQUALIFIED",
    "GESTURE",
    "PRESSED",
    "PRESSED_AGAIN",
    "SCRIPT_RAN",
    "SEEN",
    "AnswerRefused",
    "KeyMissing",
    "Recorded",
    "Said",
    "SealedAnswer",
    "admits_machine",
    "answered",
    "arrived",
    "counted_of",
    "delete_answers",
    "heard",
    "judged_of",
    "queue_reminders",
    "record",
    "record_all",
    "record_together",
]
