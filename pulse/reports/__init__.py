"""Two pages on paper for each team's manager: facts, words, charts, pages, render, deliver."""

from pulse.reports.asking import ask_managers
from pulse.reports.deliver import drain_reports, queue_reports
from pulse.reports.gathering import ReportRefused
from pulse.reports.making import build_pdf
from pulse.reports.overview_gathering import overview_for
from pulse.reports.overview_pages import overview_on_screen
from pulse.reports.overview_words import OverviewSayings
from pulse.reports.progress import Progress, ask_again, progress_of, workers_worth_waking
from pulse.reports.render import RenderFailed
from pulse.reports.tables import Report
from pulse.reports.writing import reports_to_write, write_reports

__all__ = [
    "OverviewSayings",
    "Progress",
    "RenderFailed",
    "Report",
    "ReportRefused",
    "ask_again",
    "ask_managers",
    "build_pdf",
    "drain_reports",
    "overview_for",
    "overview_on_screen",
    "progress_of",
    "queue_reports",
    "reports_to_write",
    "workers_worth_waking",
    "write_reports",
]
