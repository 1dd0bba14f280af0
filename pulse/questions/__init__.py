"""What is asked: a fixed bank of questions and a wheel of four months."""

from pulse.questions.items import NOT_MY_CASE, QUESTIONS, WORDING_VERSION, Question
from pulse.questions.rotation import SOURCES, questions_for

__all__ = ["NOT_MY_CASE", "QUESTIONS", "SOURCES", "WORDING_VERSION", "Question", "questions_for"]
