"""The names that tasks and queues go by; declared, never derived."""

TICK = "ruil.tick"
DRAIN_MAIL = "ruil.drain_mail"
DRAIN_REPORTS = "ruil.drain_reports"
UPKEEP = "ruil.upkeep"
COLLECT_RETURNS = "ruil.collect_returns"

TICK_QUEUE = "tick"
MAIL_QUEUE = "mail"
REPORT_QUEUE = "report"
UPKEEP_QUEUE = "upkeep"

QUEUE_OF = {
    TICK: TICK_QUEUE,
    DRAIN_MAIL: MAIL_QUEUE,
    DRAIN_REPORTS: REPORT_QUEUE,
    UPKEEP: UPKEEP_QUEUE,
    COLLECT_RETURNS: UPKEEP_QUEUE,
}
