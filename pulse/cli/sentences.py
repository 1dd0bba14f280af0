"""What several commands print: a day, a coming date with its reason, how long mails take."""

from __future__ import annotations

from datetime import date

from pulse import mail
from pulse.calendar import Calendar
from pulse.schedule import Coming

SKIPPED = {
    "late": "Ruil was not running for more than five days",
    "lately": "a round was opened by hand less than ten days before",
    "nobody": "there was nobody to ask",
    "restored": "the database was restored, and this round may have been sent before that",
}


def day_of(day: date) -> str:
    """`Tuesday 01 December 2026`."""
    return f"{day:%A %d %B %Y}"


def coming_line(one: Coming, calendar: Calendar) -> str:
    """A coming date, and why it is not the rule's own day."""
    if one.skipped:
        return f"{day_of(one.planned)}: skipped, {SKIPPED[one.skipped]}"
    if one.day == one.planned:
        return day_of(one.day)
    reasons = {"chosen": "by an administrator", "weekend": "a weekend"}
    reason = reasons.get(one.why) or calendar.name(one.planned, "en") or "a closed date"
    return f"{day_of(one.day)} (moved from {one.planned:%A %d %B}: {reason})"


def how_long(people: int) -> str:
    """How long the mails of a round take where the sender's limits hold them up; empty where they do not."""
    seconds = mail.pace()(people).total_seconds()
    if seconds < 60:
        return ""
    hours, minutes = divmod(round(seconds / 60), 60)
    took = f"{hours} hours and {minutes} minutes" if hours else f"{minutes} minutes"
    return (
        f"{people} mails take about {took} under the sender's limits (MAIL_LIMITS). What does not fit in people's "
        "working hours goes on their next working day; the closing date stays."
    )
