"""When people are asked: monthly rules, wall times, zones, working days."""

from pulse.schedule.pulses import advance, due_pulses, pause, resume, schedule_pulse
from pulse.schedule.recurrence import ScheduleRefused, next_dates, working_days_after
from pulse.schedule.tables import Pulse
from pulse.schedule.zones import Decision, catch_up, instant

__all__ = [
    "Decision",
    "Pulse",
    "ScheduleRefused",
    "advance",
    "catch_up",
    "due_pulses",
    "instant",
    "next_dates",
    "pause",
    "resume",
    "schedule_pulse",
    "working_days_after",
]
