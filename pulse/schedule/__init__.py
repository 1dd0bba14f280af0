"""When people are asked: monthly rules, their coming dates, and what to do when one is missed."""

from pulse.calendar import ScheduleRefused, instant, working_days_after
from pulse.schedule.coming import Change, Coming, coming
from pulse.schedule.dates import (
    QUIET,
    coming_dates,
    is_skipped,
    move_date,
    next_coming,
    replan,
    skip_date,
    went_without,
)
from pulse.schedule.lateness import LATE_HOUR, SENT_ANYWAY, SENT_LATE, Decision, catch_up, next_morning
from pulse.schedule.pulses import LONGEST_OPEN, advance, due_pulses, pause, resume, resume_due, schedule_pulse
from pulse.schedule.recurrence import next_dates
from pulse.schedule.tables import Pulse, PulseDate

__all__ = [
    "LATE_HOUR",
    "LONGEST_OPEN",
    "QUIET",
    "SENT_ANYWAY",
    "SENT_LATE",
    "Change",
    "Coming",
    "Decision",
    "Pulse",
    "PulseDate",
    "ScheduleRefused",
    "advance",
    "catch_up",
    "coming",
    "coming_dates",
    "due_pulses",
    "instant",
    "is_skipped",
    "move_date",
    "next_coming",
    "next_dates",
    "next_morning",
    "pause",
    "replan",
    "resume",
    "resume_due",
    "schedule_pulse",
    "skip_date",
    "went_without",
    "working_days_after",
]
